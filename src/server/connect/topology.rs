//! Who holds what in a Redis Cluster: the primaries, where each is reached, and its slots.
//!
//! In: a connection to any node. Out: a [`Topology`], by CLUSTER SLOTS: all versions know it, it names exactly one owner
//! of each slot, and it gives the addresses that the cluster wants clients to use (announced names and ports, and the TLS
//! port to whoever asks over TLS). It opens no connections.

use anyhow::{Result, bail};
use redis::aio::ConnectionLike;
use redis::{Cmd, ConnectionAddr, Value, from_redis_value_ref};

use super::address::Endpoint;
use super::setup::answer;

/// The number of slots of a cluster.
pub const SLOTS: u32 = 16_384;

/// A node that owns slots.
#[derive(Clone, Debug)]
pub struct Primary {
    /// What the cluster calls it, whatever its address.
    pub id: String,
    /// Where it is, with the credentials and options of the address it was learned by.
    pub endpoint: Endpoint,
    /// Its slots: first and last of each range, sorted.
    pub slots: Vec<(u16, u16)>,
}

/// The primaries of a cluster, in the order of their first slots.
#[derive(Clone, Debug)]
pub struct Topology {
    /// All nodes that own slots.
    pub primaries: Vec<Primary>,
}

impl Topology {
    /// Asks a node; `None` if it refuses: it is none of a cluster, or the user may not ask.
    ///
    /// # Errors
    /// When the connection fails, or a primary has no address that could be used.
    pub async fn read<C: ConnectionLike>(connection: &mut C, asked: &Endpoint) -> Result<Option<Self>> {
        let mut command = Cmd::new();
        command.arg("CLUSTER").arg("SLOTS");
        let reply = answer(connection, &command).await.map_err(|error| asked.explain(&error))?;
        reply.map(|reply| Self::of(&reply, asked)).transpose()
    }

    /// How many slots have an owner; a whole cluster has [`SLOTS`].
    #[must_use]
    pub fn slots(&self) -> u32 {
        let ranges = self.primaries.iter().flat_map(|primary| &primary.slots);
        ranges.map(|(first, last)| u32::from(last.saturating_sub(*first)) + 1).sum()
    }

    /// Whether the same nodes own the same slots, though their addresses may be announced differently.
    #[must_use]
    pub fn is_same_as(&self, other: &Self) -> bool {
        let owners = |topology: &Self| -> Vec<_> {
            topology.primaries.iter().map(|it| (it.id.clone(), it.slots.clone())).collect()
        };
        owners(self) == owners(other)
    }

    fn of(reply: &Value, asked: &Endpoint) -> Result<Self> {
        let Value::Array(rows) = reply else { bail!("the answer of {asked} to CLUSTER SLOTS is not one") };
        let mut ranges = Vec::with_capacity(rows.len());
        for row in rows {
            let Some((first, last, node)) = range(row) else {
                bail!("the answer of {asked} to CLUSTER SLOTS is not one");
            };
            let endpoint = place(node, asked)?;
            let id = node.get(2).and_then(|id| from_redis_value_ref(id).ok()).unwrap_or_else(|| endpoint.to_string());
            ranges.push((first, last, id, endpoint));
        }
        ranges.sort_by_key(|(first, ..)| *first);
        let mut primaries: Vec<Primary> = Vec::new();
        for (first, last, id, endpoint) in ranges {
            match primaries.iter_mut().find(|primary| primary.id == id) {
                Some(primary) => primary.slots.push((first, last)),
                None => primaries.push(Primary { id, endpoint, slots: vec![(first, last)] }),
            }
        }
        Ok(Self { primaries })
    }
}

/// A range and its owner, which is the first node of its row.
fn range(row: &Value) -> Option<(u16, u16, &[Value])> {
    let Value::Array(row) = row else { return None };
    let [first, last, Value::Array(node), ..] = row.as_slice() else { return None };
    let first: u16 = from_redis_value_ref(first).ok()?;
    let last: u16 = from_redis_value_ref(last).ok()?;
    (first <= last && u32::from(last) < SLOTS).then_some((first, last, node.as_slice()))
}

/// Where a node is. Without a name it is at the host that was asked (the cluster does not know its own address, or wants
/// clients to keep to the one they have).
fn place(node: &[Value], asked: &Endpoint) -> Result<Endpoint> {
    let host: Option<String> = node.first().and_then(|host| from_redis_value_ref(host).ok());
    let port: u16 = node.get(1).and_then(|port| from_redis_value_ref(port).ok()).unwrap_or(0);
    let named = host.filter(|host| !host.is_empty() && host != "?");
    let host = match (named, asked.info().addr()) {
        (Some(host), _) => host,
        (None, ConnectionAddr::Tcp(host, _) | ConnectionAddr::TcpTls { host, .. }) => host.clone(),
        (None, _) => return Ok(asked.clone()),
    };
    if port == 0 {
        let hint = if asked.is_tls() { "redis:// instead of rediss://" } else { "rediss:// instead of redis://" };
        bail!("{asked} says that the cluster's node {host} has no port for connections like this one; try {hint}");
    }
    Ok(asked.sibling(&host, port))
}

#[cfg(test)]
mod tests {
    use super::super::parse_url;
    use super::*;

    fn text(text: &str) -> Value {
        Value::BulkString(text.as_bytes().to_vec())
    }

    fn row(first: i64, last: i64, host: Value, port: i64) -> Value {
        let id = |port| text(&format!("id of {port}"));
        let node = |host, port| Value::Array(vec![host, Value::Int(port), id(port), Value::Array(Vec::new())]);
        Value::Array(vec![Value::Int(first), Value::Int(last), node(host, port), node(text("replica"), 9)])
    }

    fn shown(url: &str, rows: Vec<Value>) -> Result<Vec<String>> {
        let topology = Topology::of(&Value::Array(rows), &parse_url(url).unwrap())?;
        Ok(topology.primaries.iter().map(|it| format!("{} {:?}", it.endpoint, it.slots)).collect())
    }

    #[test]
    fn owners_are_reached_as_the_node_that_was_asked() {
        let rows = vec![
            row(100, 200, text("b.example"), 7001),
            row(0, 99, text("10.0.0.1"), 7000),
            row(201, 16_383, text("10.0.0.1"), 7000),
        ];
        let owners = shown("rediss://app:s3cret@seed:6379/3?cacert=/ca.pem", rows.clone()).unwrap();
        assert_eq!(
            owners,
            ["rediss://10.0.0.1:7000/3 [(0, 99), (201, 16383)]", "rediss://b.example:7001/3 [(100, 200)]"]
        );
        let topology = Topology::of(&Value::Array(rows), &parse_url("rediss://app:s3cret@seed").unwrap()).unwrap();
        assert_eq!(topology.slots(), SLOTS);
        let info = topology.primaries[0].endpoint.info();
        assert_eq!(info.redis_settings().password(), Some("s3cret"));
        assert!(matches!(info.addr(), ConnectionAddr::TcpTls { .. }));
    }

    #[test]
    fn a_node_without_a_name_is_at_the_host_that_was_asked() {
        for host in [Value::Nil, text(""), text("?")] {
            let rows = vec![row(0, 16_383, host, 7000)];
            assert_eq!(shown("redis://seed:6379", rows.clone()).unwrap(), ["redis://seed:7000 [(0, 16383)]"]);
            assert_eq!(shown("unix:///run/s", rows).unwrap(), ["unix:///run/s [(0, 16383)]"]);
        }
        assert_eq!(shown("redis://seed", vec![row(0, 1, text("::1"), 7000)]).unwrap(), ["redis://[::1]:7000 [(0, 1)]"]);
    }

    #[test]
    fn what_cannot_be_used_is_an_error() {
        let message = |rows| format!("{:#}", shown("redis://seed", rows).unwrap_err());
        assert!(message(vec![row(0, 1, text("host"), 0)]).contains("try rediss://"));
        assert!(message(vec![row(5, 1, text("host"), 1)]).contains("CLUSTER SLOTS"));
        assert!(message(vec![row(0, 16_384, text("host"), 1)]).contains("CLUSTER SLOTS"));
        assert!(message(vec![Value::Nil]).contains("CLUSTER SLOTS"));
    }
}
