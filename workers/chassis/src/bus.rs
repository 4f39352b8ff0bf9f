//! The connection of a worker to its bus: one server, the primary behind Sentinels, or a cluster, with or without TLS. It
//! comes back by itself after a failure, and carries the worker's name, by which the traffic is told apart.
//!
//! In: a URL and a name. Out: a [`Bus`], which the generated batches and readers take as their connection. It never repeats a
//! command: whether that does harm is known to who wrote it.

mod failure;
mod place;

use std::fmt;
use std::time::Duration;

use anyhow::Context as _;
use redis::aio::{ConnectionLike, ConnectionManager, ConnectionManagerConfig, MultiplexedConnection};
use redis::cluster::ClusterClientBuilder;
use redis::cluster_async::ClusterConnection;
use redis::sentinel::SentinelClient;
use redis::{AsyncConnectionConfig, Client, Cmd, Pipeline, RedisError, RedisFuture, Value};

pub use failure::{Failure, failure, said};
use place::Place;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(5);

/// The waits between two attempts to come back: from the first to the longest.
const WAITS: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));

/// A connection to a bus.
pub struct Bus {
    link: Link,
    /// What the connection is called on the server.
    name: String,
    /// Has the connection that is now in use its name?
    named: bool,
    /// How many connections were lost so far.
    lost: u64,
}

enum Link {
    One(ConnectionManager),
    Sentinel(Box<Behind>),
    Cluster(ClusterConnection),
}

/// A primary behind Sentinels.
struct Behind {
    client: SentinelClient,
    config: AsyncConnectionConfig,
    primary: Option<MultiplexedConnection>,
}

impl Bus {
    /// Connects, under a name that the server shows in CLIENT LIST. Each answer may take as long as `patience`.
    ///
    /// URLs are those of redis-rs (`redis://`, `rediss://` with TLS, `redis+unix://`), and
    /// `redis+sentinel://user:password@host:26379,host2/NAME/0` and `redis+cluster://host:6379,host2:6379`, with TLS as
    /// `rediss+sentinel://` and `rediss+cluster://`.
    ///
    /// # Errors
    /// When the URL is not one of these, or nothing can be reached there. Messages hold no password.
    pub async fn connect(url: &str, name: &str, patience: Duration) -> anyhow::Result<Self> {
        // An error only says that another part of the process installed a provider first, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let link = match Place::parse(url)? {
            Place::One(url) => {
                let client = Client::open(url).map_err(|_| anyhow::anyhow!(place::FORMS))?;
                let config = ConnectionManagerConfig::new()
                    .set_connection_timeout(Some(CONNECT))
                    .set_response_timeout(Some(patience))
                    .set_min_delay(WAITS.0)
                    .set_max_delay(WAITS.1);
                Link::One(
                    ConnectionManager::new_with_config(client, config).await.context("the bus cannot be reached")?,
                )
            }
            Place::Sentinel(client) => {
                let config = AsyncConnectionConfig::new()
                    .set_connection_timeout(Some(CONNECT))
                    .set_response_timeout(Some(patience));
                Link::Sentinel(Box::new(Behind { client: *client, config, primary: None }))
            }
            Place::Cluster(nodes) => {
                let client = ClusterClientBuilder::new(nodes)
                    .connection_timeout(CONNECT)
                    .response_timeout(patience)
                    .build()
                    .map_err(|_| anyhow::anyhow!(place::FORMS))?;
                Link::Cluster(client.get_async_connection().await.context("no node of the cluster can be reached")?)
            }
        };
        let mut bus = Self { link, name: name.to_owned(), named: false, lost: 0 };
        bus.req_packed_command(&redis::cmd("PING")).await.context("the bus does not answer")?;
        Ok(bus)
    }

    /// Is it a cluster, to which batches go slot by slot (`execute_by_slot`)?
    #[must_use]
    pub fn is_cluster(&self) -> bool {
        matches!(self.link, Link::Cluster(_))
    }

    /// How many connections were lost so far. What a server knew of them, and perhaps all that it held, is gone.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.lost
    }

    /// Makes sure that there is a connection, and that it has its name. The name is asked for once after each loss; a
    /// server that refuses it does not keep the worker from working.
    async fn ready(&mut self) -> Result<(), RedisError> {
        if let Link::Sentinel(behind) = &mut self.link
            && behind.primary.is_none()
        {
            // Sentinels are asked anew each time: after a failover another server is the primary.
            behind.primary = Some(behind.client.get_async_connection_with_config(&behind.config).await?);
        }
        if self.named || self.is_cluster() {
            return Ok(());
        }
        let mut naming = redis::cmd("CLIENT");
        naming.arg("SETNAME").arg(&self.name);
        if let Err(error) = self.link.connection()?.req_packed_command(&naming).await {
            if failure(&error).is_loss() {
                self.look_at(Some(&error));
                return Err(error);
            }
            tracing::debug!(%error, "the connection has no name");
        }
        self.named = true;
        Ok(())
    }

    /// Takes note of what an answer says about the connection.
    fn look_at(&mut self, error: Option<&RedisError>) {
        let Some(failure) = error.map(failure) else { return };
        match &mut self.link {
            // A primary that became a replica is one to leave, not one to wait for.
            Link::Sentinel(behind) if failure.is_loss() || failure == Failure::ReadOnly => behind.primary = None,
            Link::One(_) | Link::Cluster(_) if failure.is_loss() => {}
            _ => return,
        }
        self.named = false;
        self.lost += 1;
    }
}

/// The refusal that an answer is: redis-rs makes it an error only further out.
fn refusal(answer: &Value) -> Option<RedisError> {
    match answer {
        Value::ServerError(error) => Some(error.clone().into()),
        Value::Array(values) => values.iter().find_map(refusal),
        _ => None,
    }
}

impl Link {
    /// Between the loss of a primary and the next question to the Sentinels there is none.
    fn connection(&mut self) -> Result<&mut (dyn ConnectionLike + Send), RedisError> {
        match self {
            Self::One(manager) => Ok(manager),
            Self::Sentinel(behind) => match &mut behind.primary {
                Some(primary) => Ok(primary),
                None => Err((redis::ErrorKind::Io, "no primary is known").into()),
            },
            Self::Cluster(cluster) => Ok(cluster),
        }
    }
}

impl ConnectionLike for Bus {
    fn req_packed_command<'a>(&'a mut self, command: &'a Cmd) -> RedisFuture<'a, Value> {
        Box::pin(async move {
            self.ready().await?;
            let answer = self.link.connection()?.req_packed_command(command).await;
            match &answer {
                Ok(value) => self.look_at(refusal(value).as_ref()),
                Err(error) => self.look_at(Some(error)),
            }
            answer
        })
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        Box::pin(async move {
            self.ready().await?;
            let answers = self.link.connection()?.req_packed_commands(pipeline, offset, count).await;
            match &answers {
                Ok(values) => self.look_at(values.iter().find_map(refusal).as_ref()),
                Err(error) => self.look_at(Some(error)),
            }
            answers
        })
    }

    fn get_db(&self) -> i64 {
        match &self.link {
            Link::One(manager) => manager.get_db(),
            Link::Sentinel(behind) => behind.primary.as_ref().map_or(0, ConnectionLike::get_db),
            Link::Cluster(_) => 0,
        }
    }
}

impl fmt::Debug for Bus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bus").field("name", &self.name).field("lost", &self.lost).finish_non_exhaustive()
    }
}
