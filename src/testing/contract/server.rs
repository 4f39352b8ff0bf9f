//! Databases for contract tests: servers of our own, or one that the environment names. Ours to empty, or refused.

use std::cell::RefCell;
use std::fmt;

use anyhow::{Context, Result, bail};
use redis::Connection;

use crate::server::connect::{parse_url, redact};
use crate::server::embedded::{EmbeddedServer, ServerBinary, find_all};

/// Environment variable with the URL of a server to test on, in place of those that are started.
pub const SERVER_ENV: &str = "KEYWIRE_TEST_REDIS_URL";

/// A database that is emptied before each sequence.
pub(super) struct Database {
    url: String,
    name: String,
    connection: RefCell<Connection>,
    _server: Option<EmbeddedServer>,
}

/// Runs a test on every database there is.
pub(super) fn each(test: impl Fn(&Database) -> Result<()>) -> Result<()> {
    match std::env::var(SERVER_ENV) {
        Ok(url) if !url.is_empty() => test(&Database::foreign(url)?),
        _ => {
            let found = find_all()?;
            if found.is_empty() {
                bail!("no Redis or Valkey server to test on; install one, or set KEYWIRE_SERVER or {SERVER_ENV}");
            }
            found.iter().try_for_each(|binary| test(&Database::embedded(binary)?))
        }
    }
}

impl Database {
    fn embedded(binary: &ServerBinary) -> Result<Self> {
        let server = EmbeddedServer::start::<&str>(binary, &[])?;
        let url = server.url();
        let connection = RefCell::new(open(&url)?);
        Ok(Self { url, name: binary.to_string(), connection, _server: Some(server) })
    }

    /// Whatever is in it was not made by us, and is not ours to remove.
    fn foreign(url: String) -> Result<Self> {
        let mut connection = open(&url)?;
        let keys: u64 = redis::cmd("DBSIZE").query(&mut connection).context("the keys cannot be counted")?;
        let name = redact(&url);
        if keys > 0 {
            bail!(
                "{SERVER_ENV} is {name}, and that database holds {keys} keys; the test empties it after every sequence, \
                 so it takes only an empty one: give another database number, or another server"
            );
        }
        Ok(Self { url, name, connection: RefCell::new(connection), _server: None })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Removes everything.
    pub(super) fn flush(&self) -> Result<()> {
        redis::cmd("FLUSHDB").query(&mut *self.connection.borrow_mut()).context("the database cannot be emptied")
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

fn open(url: &str) -> Result<Connection> {
    let endpoint = parse_url(url)?;
    let client = endpoint.client()?;
    client.get_connection().map_err(|error| endpoint.explain(&error))
}
