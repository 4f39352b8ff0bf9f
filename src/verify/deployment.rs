//! The servers that hold a bus: one, the primary that a Sentinel names, or all primaries of a cluster.
//!
//! In: a URL. Out: a [`Deployment`] whose nodes all answered, or the error that names the one which did not. It reads no
//! keys.

use anyhow::{Context, Result, anyhow, bail};
use redis::Value;
use redis::aio::MultiplexedConnection;

use crate::server::connect::{self, Endpoint, Mode, SLOTS, Sentinels, ServerInfo, Timeouts, Topology};

/// Where the keys are.
pub(super) struct Deployment {
    /// The servers, each with a part of the keys.
    pub nodes: Vec<Node>,
    /// Who they are, for the evidence.
    pub server: String,
    /// Keys in all of them, if all say.
    pub keys: Option<u64>,
    /// Entries by which approximate trimming may overshoot: the largest of all.
    pub slack: u64,
    cluster: Option<Topology>,
}

/// One server.
pub(super) struct Node {
    pub endpoint: Endpoint,
    connection: MultiplexedConnection,
    info: ServerInfo,
}

impl Deployment {
    /// Finds the servers behind a URL and connects to each.
    pub(super) async fn open(url: &str) -> Result<Self> {
        if let Some(sentinels) = Sentinels::parse(url)? {
            return Self::behind(&sentinels).await;
        }
        let endpoint = connect::parse_url(url)?;
        let mut node = Node::open(endpoint.clone()).await?;
        match node.info.mode {
            Mode::Sentinel => {
                let (name, primary) = Sentinels::at(&endpoint).primary(&mut node.connection, &endpoint).await?;
                Self::primary(&name, primary).await
            }
            Mode::Cluster => match Topology::read(&mut node.connection, &endpoint).await? {
                Some(topology) => Self::cluster(topology, &endpoint).await,
                None => bail!(
                    "{endpoint} is a node of a cluster, and does not let this user ask for the others; allow it \
                     +cluster|slots"
                ),
            },
            // Who does not say what it is may be a node of a cluster, with a part of the keys.
            Mode::Standalone if node.info.version.is_none() => {
                match Topology::read(&mut node.connection, &endpoint).await? {
                    Some(topology) => Self::cluster(topology, &endpoint).await,
                    None => Ok(Self::of(vec![node], String::new(), None).await),
                }
            }
            Mode::Standalone => Ok(Self::of(vec![node], String::new(), None).await),
        }
    }

    /// Asks the Sentinels, one after the other until one answers.
    async fn behind(sentinels: &Sentinels) -> Result<Self> {
        let mut failures = Vec::new();
        for endpoint in &sentinels.endpoints {
            let asked = async {
                let mut connection = connect::connect_with(endpoint, Timeouts::default()).await?;
                sentinels.primary(&mut connection, endpoint).await
            };
            match asked.await {
                Ok((name, primary)) => return Self::primary(&name, primary).await,
                Err(error) => failures.push(format!("{error:#}")),
            }
        }
        Err(anyhow!(failures.join("\n")).context("no Sentinel named the primary"))
    }

    async fn primary(name: &str, endpoint: Endpoint) -> Result<Self> {
        let node = Node::open(endpoint).await.with_context(|| format!("the primary of `{name}` is not usable"))?;
        if node.info.mode != Mode::Standalone {
            bail!("{}, which a Sentinel calls the primary of `{name}`, is no server of its own", node.endpoint);
        }
        Ok(Self::of(vec![node], format!(", primary of {name}"), None).await)
    }

    async fn cluster(topology: Topology, asked: &Endpoint) -> Result<Self> {
        if topology.primaries.is_empty() {
            bail!("{asked} is a node of a cluster in which nobody owns a slot; see CLUSTER NODES");
        }
        let count = topology.primaries.len();
        let mut nodes = Vec::with_capacity(count);
        for primary in &topology.primaries {
            let node = Node::open(primary.endpoint.clone()).await;
            nodes.push(node.context("a primary of the cluster cannot be looked at, and holds a part of the keys")?);
        }
        let primaries = if count == 1 { "primary" } else { "primaries" };
        let part = match topology.slots() {
            SLOTS => String::new(),
            slots => format!(" with {slots} of {SLOTS} slots"),
        };
        Ok(Self::of(nodes, format!(" cluster of {count} {primaries}{part}"), Some(topology)).await)
    }

    async fn of(nodes: Vec<Node>, kind: String, cluster: Option<Topology>) -> Self {
        let mut keys = Some(0);
        for node in &nodes {
            keys = keys.zip(node.size().await).map(|(all, here): (u64, u64)| all + here);
        }
        let slack = nodes.iter().map(|node| node.info.nodes.stream_entries).max().unwrap_or(0);
        let server = nodes.first().map(|node| node.info.to_string()).unwrap_or_default();
        Self { nodes, server: server + &kind, keys, slack, cluster }
    }

    /// Whether the nodes hold all keys: always, unless they are of a cluster that has slots without an owner, or whose
    /// slots went to other owners since it was opened.
    pub(super) async fn is_whole(&self) -> Result<bool> {
        let (Some(before), Some(node)) = (&self.cluster, self.nodes.first()) else { return Ok(true) };
        let mut connection = node.ready().await?;
        let now = Topology::read(&mut connection, &node.endpoint).await?;
        Ok(before.slots() == SLOTS && now.is_some_and(|now| now.is_same_as(before)))
    }
}

impl Node {
    async fn open(endpoint: Endpoint) -> Result<Self> {
        let mut connection = connect::connect_with(&endpoint, Timeouts::default()).await?;
        connect::client_setup(&mut connection).await.map_err(|error| endpoint.explain(&error))?;
        let info = ServerInfo::read(&mut connection).await.map_err(|error| endpoint.explain(&error))?;
        Ok(Self { endpoint, connection, info })
    }

    /// A connection that answers: the first one may have been closed for idling while other nodes had their turn.
    pub(super) async fn ready(&self) -> Result<MultiplexedConnection> {
        let mut connection = self.connection.clone();
        match redis::cmd("PING").query_async::<Value>(&mut connection).await {
            Err(error) if error.code().is_none() => Ok(Self::open(self.endpoint.clone()).await?.connection),
            _ => Ok(connection),
        }
    }

    async fn size(&self) -> Option<u64> {
        redis::cmd("DBSIZE").query_async(&mut self.connection.clone()).await.ok()
    }
}
