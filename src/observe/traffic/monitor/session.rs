//! Two connections to one server: one that runs MONITOR, and one that asks who the clients are and what has failed.
//!
//! In: an address. Out: a [`Session`], running. What MONITOR shows of keywire itself is one question, which is known
//! ([`OWN_CALL`]); all others come before it, or are such that MONITOR does not show them.

use anyhow::{Result, bail};
use redis::aio::MultiplexedConnection;
use redis::{RedisResult, Value};

use super::clients::{ClientTable, OWN_NAME};
use super::counters::Counters;
use crate::server::connect::{self, Endpoint, RawConnection, ServerInfo, Timeouts, answer};

/// What keywire asks while MONITOR runs.
pub(super) const OWN_CALL: [&str; 2] = ["INFO", "keyspace"];

/// What is known when MONITOR has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// No database of the server held a key when MONITOR ran already: all keys that come are seen to come. `false` also
    /// if the server would not say.
    pub from_empty: bool,
    /// Which server it is.
    pub server: ServerInfo,
}

/// A server that is overheard.
pub(super) struct Session {
    pub monitor: RawConnection,
    pub control: MultiplexedConnection,
    pub server: ServerInfo,
    /// Who was there at the start.
    pub clients: ClientTable,
    /// The user may ask who is there.
    pub may_list: bool,
    /// What had failed before; `None` if the user may not ask.
    pub before: Option<Counters>,
    /// The same before keywire had asked anything that could fail.
    pub on_arrival: Option<Counters>,
}

impl Session {
    /// Connects twice, and starts MONITOR.
    ///
    /// # Errors
    /// When the server cannot be reached, or does not let this user run MONITOR.
    pub async fn open(endpoint: &Endpoint) -> Result<Self> {
        let endpoint = &endpoint.without_library_name();
        let explain = |error| endpoint.explain(&error);
        let mut control = connect::connect_with(endpoint, Timeouts::default()).await?;
        let on_arrival = counters(&mut control).await.map_err(explain)?;
        let mut setname = redis::cmd("CLIENT");
        setname.arg("SETNAME").arg(OWN_NAME);
        answer(&mut control, &setname).await.map_err(explain)?;
        let server = ServerInfo::read(&mut control).await.map_err(explain)?;
        let mut monitor = RawConnection::open(endpoint, Timeouts::default()).await?;
        let failed = |error: std::io::Error| endpoint.explain(&error.into());
        // A refusal is an answer: then the connection has no name.
        let _ = monitor.ask(&["CLIENT", "SETNAME", OWN_NAME]).await.map_err(failed)?;
        let clients = client_list(&mut control).await.map_err(explain)?;
        let before = counters(&mut control).await.map_err(explain)?;
        match monitor.ask(&["MONITOR"]).await.map_err(failed)? {
            Ok(_) => {
                let may_list = clients != Listing::Denied;
                let clients = if let Listing::Clients(table) = clients { table } else { ClientTable::default() };
                Ok(Self { monitor, control, server, clients, may_list, before, on_arrival })
            }
            Err(refusal) if refusal.starts_with("NOPERM") => bail!(
                "{endpoint} does not let this user watch its traffic ({refusal}); allow it with ACL SETUSER NAME \
                 +monitor +client|list +info"
            ),
            Err(refusal) => bail!(
                "{endpoint} has no MONITOR for its clients ({refusal}); managed services and proxies often switch it \
                 off. Watch a server of your own under the same program, or give a recorded log"
            ),
        }
    }

    /// Whether all databases are empty; `None` if the user may not ask. It is asked while MONITOR runs, which shows it.
    pub async fn is_empty(&mut self) -> RedisResult<Option<bool>> {
        let mut command = redis::cmd(OWN_CALL[0]);
        command.arg(OWN_CALL[1]);
        let text = answer(&mut self.control, &command).await?.map(text);
        Ok(text.map(|text| !text.lines().any(|line| line.starts_with("db"))))
    }
}

/// The answer to the question who is connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Listing {
    Clients(ClientTable),
    /// The server cannot say, while it runs a long script or loads its data.
    NotNow,
    /// The user may not ask, or the server does not know the question.
    Denied,
}

/// Asks who is connected.
pub(super) async fn client_list(control: &mut MultiplexedConnection) -> RedisResult<Listing> {
    match redis::cmd("CLIENT").arg("LIST").query_async::<Value>(control).await {
        Ok(list) => Ok(ClientTable::parse(text(list).as_bytes()).map_or(Listing::Denied, Listing::Clients)),
        Err(error) => match error.code() {
            Some("NOPERM" | "ERR") => Ok(Listing::Denied),
            Some(_) => Ok(Listing::NotNow),
            None => Err(error),
        },
    }
}

/// What has been called and has failed; `None` if the user may not ask.
pub(super) async fn counters(control: &mut MultiplexedConnection) -> RedisResult<Option<Counters>> {
    let mut all = String::new();
    // One by one: servers before 7.0 take one section.
    for section in ["server", "commandstats", "errorstats"] {
        let mut command = redis::cmd("INFO");
        command.arg(section);
        match answer(control, &command).await? {
            Some(value) => all.push_str(&text(value)),
            None => return Ok(None),
        }
    }
    Ok(Some(Counters::parse(&all)))
}

fn text(value: Value) -> String {
    match value {
        Value::BulkString(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Value::VerbatimString { text, .. } | Value::SimpleString(text) => text,
        _ => String::new(),
    }
}
