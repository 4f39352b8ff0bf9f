//! What a server says of itself: flavour, version, mode, and the sizes of the nodes it keeps collections in.
//!
//! In: a connection. Out: [`ServerInfo`], complete or not as far as the user's ACL goes: INFO, then HELLO, then nothing.

use std::collections::HashMap;
use std::fmt;

use redis::aio::ConnectionLike;
use redis::{Cmd, RedisResult, Value, from_redis_value_ref};

use super::setup::answer;
use crate::server::{Flavour, Version};

/// How a server is deployed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// One server, with or without replicas.
    Standalone,
    /// A node of a cluster.
    Cluster,
    /// A Sentinel, which holds no keys.
    Sentinel,
}

impl Mode {
    fn of(name: &str) -> Self {
        match name {
            "cluster" => Self::Cluster,
            "sentinel" => Self::Sentinel,
            _ => Self::Standalone,
        }
    }
}

/// What keywire needs to know of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerInfo {
    /// Whose server it is; [`Flavour::Other`] also if it would not say.
    pub flavour: Flavour,
    /// The version in the flavour's own count; `None` if the user may run neither INFO nor HELLO.
    pub version: Option<Version>,
    /// How it is deployed; standalone if it would not say.
    pub mode: Mode,
    /// How it packs collections.
    pub nodes: NodeSizes,
}

/// The sizes of the nodes a server keeps collections in. Approximate trimming (`MAXLEN ~`) drops whole nodes, so a stream
/// may hold up to a node's entries more than its bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeSizes {
    /// `stream-node-max-entries`; 0 is no limit.
    pub stream_entries: u64,
    /// `stream-node-max-bytes`; 0 is no limit.
    pub stream_bytes: u64,
    /// `list-max-listpack-size`: entries, or if negative a class of bytes (-2 is 8 kB).
    pub list: i64,
    /// `zset-max-listpack-entries`.
    pub zset_entries: u64,
    /// Whether all of these are the server's word, and not in part the defaults of Redis.
    pub from_server: bool,
}

impl Default for NodeSizes {
    fn default() -> Self {
        Self { stream_entries: 100, stream_bytes: 4096, list: -2, zset_entries: 128, from_server: false }
    }
}

impl ServerInfo {
    /// Asks a server.
    ///
    /// # Errors
    /// Only when the connection fails; what the user may not ask is left at its default.
    pub async fn read<C: ConnectionLike>(connection: &mut C) -> RedisResult<Self> {
        let mut info = Cmd::new();
        info.arg("INFO").arg("server");
        let mut identity = answer(connection, &info).await?.and_then(|text| of_info(&text));
        if identity.is_none() {
            identity = answer(connection, &redis::cmd("HELLO")).await?.and_then(|map| of_hello(&map));
        }
        let (flavour, version, mode) = identity.unwrap_or((Flavour::Other, None, Mode::Standalone));
        Ok(Self { flavour, version, mode, nodes: NodeSizes::read(connection).await? })
    }
}

impl fmt::Display for ServerInfo {
    /// Flavour and version, as far as the server says.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.flavour {
            Flavour::Redis => "Redis",
            Flavour::Valkey => "Valkey",
            Flavour::Other => "server",
        })?;
        self.version.map_or(Ok(()), |version| write!(f, " {version}"))
    }
}

impl NodeSizes {
    async fn read<C: ConnectionLike>(connection: &mut C) -> RedisResult<Self> {
        let default = Self::default();
        let stream_entries = config(connection, "stream-node-max-entries").await?;
        let stream_bytes = config(connection, "stream-node-max-bytes").await?;
        let list = config(connection, "list-max-listpack-size").await?;
        let zset_entries = config(connection, "zset-max-listpack-entries").await?;
        let positive = |value: Option<i64>, default: u64| value.and_then(|it| it.try_into().ok()).unwrap_or(default);
        Ok(Self {
            from_server: [stream_entries, stream_bytes, list, zset_entries].iter().all(Option::is_some),
            stream_entries: positive(stream_entries, default.stream_entries),
            stream_bytes: positive(stream_bytes, default.stream_bytes),
            list: list.unwrap_or(default.list),
            zset_entries: positive(zset_entries, default.zset_entries),
        })
    }
}

/// One setting. Asked for singly, because servers before 7.0 take one name, and an unknown name gives an empty answer.
async fn config<C: ConnectionLike>(connection: &mut C, name: &str) -> RedisResult<Option<i64>> {
    let mut command = Cmd::new();
    command.arg("CONFIG").arg("GET").arg(name);
    let pairs = answer(connection, &command).await?;
    let pairs: Option<HashMap<String, String>> = pairs.and_then(|pairs| from_redis_value_ref(&pairs).ok());
    Ok(pairs.and_then(|pairs| pairs.get(name)?.parse().ok()))
}

type Identity = (Flavour, Option<Version>, Mode);

/// `INFO server`: Valkey keeps `redis_version` at the Redis it was forked from, and gives its own beside it.
fn of_info(value: &Value) -> Option<Identity> {
    let text: String = from_redis_value_ref(value).ok()?;
    let fields: HashMap<&str, &str> = text.lines().filter_map(|line| line.trim_end().split_once(':')).collect();
    let mode = Mode::of(fields.get("redis_mode").or_else(|| fields.get("server_mode")).copied().unwrap_or_default());
    let identity = |flavour, version: &str| Some((flavour, version.parse().ok(), mode));
    if let Some(version) = fields.get("valkey_version") {
        return identity(Flavour::Valkey, version);
    }
    let version = fields.get("redis_version")?;
    // Compatible servers say who they are by a version of their own: dragonfly_version, kvrocks_version, ...
    let is_other = fields.keys().any(|name| name.ends_with("_version") && !KNOWN_VERSIONS.contains(name));
    identity(if is_other { Flavour::Other } else { Flavour::Redis }, version)
}

/// The versions in the INFO of Redis that are no other server's.
const KNOWN_VERSIONS: [&str; 3] = ["redis_version", "gcc_version", "lua_version"];

/// HELLO without arguments: a map (RESP3) or its pairs in a row (RESP2).
fn of_hello(value: &Value) -> Option<Identity> {
    let fields: HashMap<String, Value> = from_redis_value_ref(value).ok()?;
    let text = |name: &str| fields.get(name).and_then(|value| from_redis_value_ref::<String>(value).ok());
    let version = text("version").and_then(|version| version.parse().ok());
    Some((Flavour::of(&text("server")?), version, Mode::of(&text("mode").unwrap_or_default())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(text: &str) -> Option<Identity> {
        of_info(&Value::BulkString(text.replace('\n', "\r\n").into_bytes()))
    }

    #[test]
    fn info_tells_flavours_apart() {
        let redis = "# Server\nredis_version:7.0.15\nredis_mode:standalone\ngcc_version:12.2.0\n";
        assert_eq!(info(redis), Some((Flavour::Redis, Some(Version::new(7, 0, 15)), Mode::Standalone)));
        let valkey = "redis_version:7.2.4\nserver_name:valkey\nvalkey_version:9.1.2\nserver_mode:cluster\n";
        assert_eq!(info(valkey), Some((Flavour::Valkey, Some(Version::new(9, 1, 2)), Mode::Cluster)));
        let other = "redis_version:7.4.0\ndragonfly_version:df-v1.30.0\n";
        assert_eq!(info(other), Some((Flavour::Other, Some(Version::new(7, 4, 0)), Mode::Standalone)));
        assert_eq!(info("nothing of use"), None);
    }

    #[test]
    fn hello_is_read_in_both_protocols() {
        let text = |text: &str| Value::BulkString(text.as_bytes().to_vec());
        let pairs = [("server", "valkey"), ("version", "9.1.2"), ("mode", "sentinel")];
        let resp2 = Value::Array(pairs.iter().flat_map(|(name, value)| [text(name), text(value)]).collect());
        let resp3 = Value::Map(pairs.iter().map(|(name, value)| (text(name), text(value))).collect());
        let expected = Some((Flavour::Valkey, Some(Version::new(9, 1, 2)), Mode::Sentinel));
        assert_eq!(of_hello(&resp2), expected);
        assert_eq!(of_hello(&resp3), expected);
        assert_eq!(of_hello(&Value::Nil), None);
    }
}
