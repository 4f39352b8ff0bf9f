//! Where a bus is: its URL, read. Nothing here connects, and no message holds the URL, which may hold a password.

use anyhow::{Context as _, bail};
use redis::sentinel::{SentinelClient, SentinelClientBuilder, SentinelServerType};
use redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo as _, TlsMode};

/// The forms of URLs, for messages.
pub(super) const FORMS: &str = "the URL of the bus is none of redis://user:password@host:6379/0, rediss:// (TLS), \
     redis+unix:///path, redis+sentinel://user:password@host:26379,host2/NAME/0, redis+cluster://host:6379,host2";

/// A deployment.
pub(super) enum Place {
    /// One server, by its URL.
    One(String),
    /// The primary that Sentinels know.
    Sentinel(Box<SentinelClient>),
    /// Some nodes of a cluster.
    Cluster(Vec<ConnectionInfo>),
}

impl Place {
    /// Reads a URL.
    ///
    /// # Errors
    /// When it has none of the forms.
    pub(super) fn parse(url: &str) -> anyhow::Result<Self> {
        let url = url.trim();
        let (scheme, rest) = url.split_once("://").context(FORMS)?;
        match scheme.split_once('+') {
            Some((base @ ("redis" | "rediss"), "sentinel")) => sentinel(base, rest).map(Self::Sentinel),
            Some((base @ ("redis" | "rediss"), "cluster")) => {
                let (credentials, hosts, tail) = parts(rest);
                let node = |host: &str| info(&format!("{base}://{credentials}{host}{tail}"));
                Ok(Self::Cluster(hosts.split(',').map(node).collect::<anyhow::Result<_>>()?))
            }
            _ => info(url).map(|_| Self::One(url.to_owned())),
        }
    }
}

fn info(url: &str) -> anyhow::Result<ConnectionInfo> {
    url.into_connection_info().map_err(|_| anyhow::anyhow!(FORMS))
}

/// `user:password@`, the hosts, and what follows them.
fn parts(rest: &str) -> (&str, &str, &str) {
    let (credentials, rest) = rest.split_at(rest.rfind('@').map_or(0, |at| at + 1));
    let (hosts, tail) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    (credentials, hosts, tail)
}

fn sentinel(base: &str, rest: &str) -> anyhow::Result<Box<SentinelClient>> {
    let (credentials, hosts, tail) = parts(rest);
    let (name, tail) = tail.strip_prefix('/').map_or(("", tail), |tail| {
        let end = tail.find(['/', '?']).unwrap_or(tail.len());
        tail.split_at(end)
    });
    if name.is_empty() {
        bail!("the URL of the bus names Sentinels, but no primary: write redis+sentinel://host:26379,host2/NAME/0");
    }
    let with_port = |host: &str| if host.contains(':') { host.to_owned() } else { format!("{host}:26379") };
    let sentinels: Vec<ConnectionAddr> = hosts
        .split(',')
        .map(|host| Ok(info(&format!("{base}://{}", with_port(host)))?.addr().clone()))
        .collect::<anyhow::Result<_>>()?;
    let primary = info(&format!("{base}://{credentials}placeholder{tail}"))?;
    let settings = primary.redis_settings();
    let mut builder = SentinelClientBuilder::new(sentinels, name, SentinelServerType::Master)
        .context(FORMS)?
        .set_client_to_redis_db(settings.db());
    if let Some(user) = settings.username() {
        builder = builder.set_client_to_redis_username(user);
    }
    if let Some(password) = settings.password() {
        builder = builder.set_client_to_redis_password(password);
    }
    if base == "rediss" {
        builder =
            builder.set_client_to_redis_tls_mode(TlsMode::Secure).set_client_to_sentinel_tls_mode(TlsMode::Secure);
    }
    Ok(Box::new(builder.build().map_err(|_| anyhow::anyhow!(FORMS))?))
}
