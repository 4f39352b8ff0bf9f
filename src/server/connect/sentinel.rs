//! Primaries behind Sentinels: the URL form that names them, and the question which server is the primary now.
//!
//! In: `redis+sentinel://...`, or a connection that turned out to be a Sentinel's. Out: the [`Endpoint`] of the primary.

use std::collections::HashMap;

use anyhow::{Result, anyhow, bail};
use redis::aio::ConnectionLike;
use redis::{Cmd, Value, from_redis_value_ref};

use super::address::{Endpoint, parse_url};
use super::redact::redact;

/// The URL form, for messages.
const FORM: &str = "redis+sentinel://user:password@host:26379,host2:26379/NAME/0";

/// The port of Sentinels.
const PORT: u16 = 26_379;

/// Sentinels and what they are to be asked, read and found well-formed.
#[derive(Clone, Debug)]
pub struct Sentinels {
    /// Where they are; one that answers is enough.
    pub endpoints: Vec<Endpoint>,
    /// What the primary is called; `None` if it is the only one.
    pub master: Option<String>,
    /// The primary as far as the URL says: everything but host and port.
    primary: Endpoint,
}

impl Sentinels {
    /// Reads `redis+sentinel://user:password@host:26379,host2/NAME/0`; with TLS `rediss+sentinel://`. `None` if the
    /// address is of another form, which [`parse_url`] may know.
    ///
    /// User, password and database are the primary's. Those of the Sentinels themselves, which have none by default, are
    /// `?sentinel_user=` and `?sentinel_password=`. Port 26379 unless given. NAME may be left out if the Sentinels watch
    /// a single primary.
    ///
    /// # Errors
    /// When it is not well-formed; the message holds no password.
    pub fn parse(text: &str) -> Result<Option<Self>> {
        let text = text.trim();
        let Some((scheme, rest)) = text.split_once("://") else { return Ok(None) };
        let scheme = scheme.to_ascii_lowercase();
        let base = match scheme.strip_suffix("+sentinel") {
            Some(base @ ("redis" | "rediss" | "valkey" | "valkeys")) => base,
            _ => return Ok(None),
        };
        let parsed = read(base, rest);
        parsed
            .map(Some)
            .map_err(|error| error.context(format!("`{}` does not name Sentinels; write {FORM}", redact(text))))
    }

    /// The number of the database that is meant on the primary.
    #[must_use]
    pub fn database(&self) -> u32 {
        self.primary.database()
    }

    /// What an address without a name of a primary stands for, when a Sentinel is found there.
    #[must_use]
    pub fn at(endpoint: &Endpoint) -> Self {
        Self { endpoints: vec![endpoint.clone()], master: None, primary: endpoint.clone() }
    }

    /// Asks a Sentinel for the primary: its name, and where it is now.
    ///
    /// # Errors
    /// When the Sentinel does not know the name, or no name was given and it does not watch exactly one primary: the
    /// message lists those it watches. Also when it refuses, or the connection fails.
    pub async fn primary<C: ConnectionLike>(&self, connection: &mut C, asked: &Endpoint) -> Result<(String, Endpoint)> {
        let master = match &self.master {
            Some(master) => master.clone(),
            None => only(masters(connection, asked).await?, asked)?,
        };
        let mut command = Cmd::new();
        command.arg("SENTINEL").arg("GET-MASTER-ADDR-BY-NAME").arg(&master);
        let reply: Option<(String, u16)> =
            command.query_async(connection).await.map_err(|error| asked.explain(&error))?;
        let Some((host, port)) = reply else {
            let known = masters(connection, asked).await?;
            bail!("the Sentinel at {asked} watches no `{master}`, but {}", list(&known));
        };
        Ok((master, self.primary.sibling(&host, port)))
    }
}

fn read(base: &str, rest: &str) -> Result<Sentinels> {
    let tail_at = rest.find(['?', '#']).unwrap_or(rest.len());
    let (head, tail) = rest.split_at(tail_at);
    let (query, fragment) = match tail.split_once('#') {
        Some((query, fragment)) => (query, format!("#{fragment}")),
        None => (tail, String::new()),
    };
    let (credentials, place) = match head.rsplit_once('@') {
        Some((credentials, place)) => (format!("{credentials}@"), place),
        None => (String::new(), head),
    };
    let mut path = place.split('/');
    let hosts: Vec<String> = path.next().unwrap_or_default().split(',').map(with_port).collect();
    let master = path.next().filter(|name| !name.is_empty()).map(str::to_owned);
    let db = path.next().unwrap_or_default();
    if path.next().is_some() {
        bail!("its path has more than a name and the number of a database");
    }
    let options = || query.strip_prefix('?').unwrap_or_default().split('&').filter(|option| !option.is_empty());
    // The options go on as they were written, so that nothing is decoded twice.
    let theirs: Vec<String> = options()
        .filter_map(|option| match option.split_once('=') {
            Some(("sentinel_user" | "sentinel_username", user)) => Some(format!("user={user}")),
            Some(("sentinel_password" | "sentinel_pass", password)) => Some(format!("pass={password}")),
            Some(("user" | "username" | "pass" | "password" | "db", _)) => None,
            _ => Some(option.to_owned()),
        })
        .collect();
    let first = hosts.first().ok_or_else(|| anyhow!("it has no host"))?;
    let primary = parse_url(&format!("{base}://{credentials}{first}/{db}{query}{fragment}"))?;
    let endpoint = |host: &String| parse_url(&format!("{base}://{host}/?{}{fragment}", theirs.join("&")));
    Ok(Sentinels { endpoints: hosts.iter().map(endpoint).collect::<Result<_>>()?, master, primary })
}

/// The port of Sentinels is not that of servers.
fn with_port(host: &str) -> String {
    let after_v6 = host.rsplit_once(']').map_or(host, |(_, after)| after);
    if after_v6.contains(':') || host.is_empty() { host.to_owned() } else { format!("{host}:{PORT}") }
}

/// The names of the primaries that a Sentinel watches, sorted.
async fn masters<C: ConnectionLike>(connection: &mut C, asked: &Endpoint) -> Result<Vec<String>> {
    let mut command = Cmd::new();
    command.arg("SENTINEL").arg("MASTERS");
    let rows: Vec<Value> = command.query_async(connection).await.map_err(|error| asked.explain(&error))?;
    let name = |row: &Value| from_redis_value_ref::<HashMap<String, String>>(row).ok()?.remove("name");
    let mut names: Vec<String> = rows.iter().filter_map(name).collect();
    names.sort_unstable();
    Ok(names)
}

fn only(mut known: Vec<String>, asked: &Endpoint) -> Result<String> {
    match known.pop() {
        Some(name) if known.is_empty() => Ok(name),
        Some(name) => {
            known.push(name);
            bail!("{asked} is a Sentinel, and watches {}; name one: {FORM}", list(&known))
        }
        None => bail!("{asked} is a Sentinel that watches no server; give the URL of the primary itself"),
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_say_who_is_asked_and_what_is_used() {
        let text = "redis+sentinel://app:pw@a:1,b,[::1]/main/2?sentinel_password=sp&protocol=resp3";
        let sentinels = Sentinels::parse(text).unwrap().unwrap();
        let addresses: Vec<String> = sentinels.endpoints.iter().map(|it| it.info().addr().to_string()).collect();
        assert_eq!(addresses, ["a:1", "b:26379", "::1:26379"]);
        assert_eq!(sentinels.master.as_deref(), Some("main"));
        let theirs = sentinels.endpoints[0].info().redis_settings();
        assert_eq!((theirs.username(), theirs.password(), theirs.db()), (None, Some("sp"), 0));
        let primary = sentinels.primary.info().redis_settings();
        assert_eq!((primary.username(), primary.password(), primary.db()), (Some("app"), Some("pw"), 2));
        assert!(Sentinels::parse("rediss+sentinel://a").unwrap().unwrap().endpoints[0].is_tls());
        assert!(Sentinels::parse("redis://a").unwrap().is_none() && Sentinels::parse("a:1").unwrap().is_none());
    }

    #[test]
    fn what_is_no_url_of_sentinels_is_explained_without_the_password() {
        for text in [
            "redis+sentinel://",
            "redis+sentinel://app:S3CR3T@a/m/0/1",
            "valkey+sentinel://app:S3CR3T@a:b/m",
            "redis+sentinel://a/m?pass=S3CR3T&db=S3CR3T",
            "redis+sentinel://a,app:S3CR3T@/m",
        ] {
            let message = format!("{:#}", Sentinels::parse(text).unwrap_err());
            assert!(message.contains("write redis+sentinel://") && !message.contains("S3CR3T"), "{text}: {message}");
        }
    }
}
