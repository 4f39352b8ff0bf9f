//! keywire's own users: what `verify` and `watch` need of a bus, and nothing that changes data.

use std::collections::BTreeSet;

use super::grants::glob;
use super::{Rights, Selector, User};
use crate::registry::{BusId, Registry, Topology};

/// What `verify` asks of a server as a whole. Without `config|get` it takes the default node sizes.
const SERVER: [&str; 7] = ["client|no-evict", "client|setname", "config|get", "dbsize", "info", "ping", "scan"];
/// What `verify` asks of keys.
const KEYS: [&str; 20] = [
    "getrange",
    "hlen",
    "hscan",
    "llen",
    "lrange",
    "memory|usage",
    "pttl",
    "scard",
    "sscan",
    "strlen",
    "type",
    "xinfo|groups",
    "xlen",
    "xrange",
    "xrevrange",
    "zcard",
    "zrange",
    "zscan",
    "json.get",
    "json.objlen",
];
/// What `watch` asks of a server.
const TRAFFIC: [&str; 7] = ["client|list", "client|no-evict", "client|setname", "dbsize", "info", "monitor", "ping"];

/// The users `keywire_verify`, which reads the keys that the registry declares, and `keywire_watch`, which reads no key but
/// overhears all traffic.
#[must_use]
pub fn observers(registry: &Registry, bus: BusId) -> [User; 2] {
    let globs: BTreeSet<String> =
        registry.keys.iter().filter(|key| key.bus == Some(bus)).map(|key| glob(&key.pattern)).collect();
    let json = registry.keys.iter().any(|key| key.redis_type.is_some_and(|kind| kind.name == "json"));
    // Servers refuse a rule with a command that they do not know.
    let keys = KEYS.into_iter().filter(|name| json || !name.starts_with("json."));
    let read = Rights { read: true, write: false };
    let selector = Selector {
        commands: keys.map(str::to_owned).collect(),
        keys: globs.into_iter().map(|glob| (glob, read)).collect(),
        channels: BTreeSet::new(),
    };
    let mut commands: BTreeSet<String> = SERVER.map(str::to_owned).into();
    if registry.bus(bus).topology == Topology::Cluster {
        commands.insert("cluster|slots".to_owned());
    }
    let selectors = if selector.keys.is_empty() { Vec::new() } else { vec![selector] };
    let verify = User { name: "keywire_verify".to_owned(), party: "keywire verify".to_owned(), commands, selectors };
    let commands = TRAFFIC.map(str::to_owned).into();
    let watch =
        User { name: "keywire_watch".to_owned(), party: "keywire watch".to_owned(), commands, selectors: Vec::new() };
    [verify, watch]
}
