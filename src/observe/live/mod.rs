//! The keyspace of a live server: SCAN, then what each key needs, in pipelined pages. Read-only, bounded in memory.
//!
//! While one page is judged the next is on its way, and the names of the one after it. Containers are read in steps that
//! fit a budget of bytes, values beyond a limit are not read at all.

mod containers;
mod page;
mod portions;
mod replies;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use redis::aio::{ConnectionLike, MultiplexedConnection};
use redis::{Pipeline, Value};
use tokio::sync::mpsc;

use super::look::Sampled;
use super::{Look, Seen};
use crate::server::connect::Endpoint;
pub use page::headers;
use replies::{bytes, list};

/// How hard the server is worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Small pages, and rests as long as a page took when the server is slow: other clients hardly notice.
    Polite,
    /// Large pages, one after the other: for servers that are ours alone.
    Fast,
}

impl Pace {
    fn page(self) -> usize {
        match self {
            Self::Polite => 50,
            Self::Fast => 400,
        }
    }
}

/// A page that took longer than this makes the polite pace rest.
const SLOW_PAGE: Duration = Duration::from_millis(5);

/// How a server is looked at.
pub struct Scan<'a> {
    /// What is looked at.
    pub look: Look<'a>,
    /// How hard the server is worked.
    pub pace: Pace,
    /// A glob for the server to filter names by, when all names of interest fit one.
    pub glob: Option<String>,
}

/// What a look has covered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Keys that the database held at the start, as DBSIZE says; `None` when the user may not ask.
    pub in_database: Option<u64>,
    /// Names that SCAN returned.
    pub scanned: u64,
    /// Did the scan come to its end?
    pub complete: bool,
}

/// Looks at all keys of one database; observations go out in portions, in order.
///
/// # Errors
/// When the connection or a command that cannot be done without fails. What was sent until then stands.
pub async fn look(
    connection: MultiplexedConnection,
    endpoint: &Endpoint,
    scan: &Scan<'_>,
    out: mpsc::Sender<Vec<Seen>>,
    progress: impl Fn(u64, Option<u64>),
) -> Result<Coverage> {
    let mut coverage = Coverage { in_database: database_size(connection.clone()).await, ..Coverage::default() };
    let mut out = portions::Portions::new(out);
    let mut sampled = Sampled::new(&scan.look);
    let mut pages = Pages { connection, endpoint, scan, cursor: Some(b"0".to_vec()) };
    let mut names = pages.next().await?;
    let mut pending: VecDeque<_> = VecDeque::new();
    loop {
        let started = Instant::now();
        if let Some(page) = names.take() {
            coverage.scanned += page.len() as u64;
            let claimed = page::Page::new(page, &scan.look, &mut sampled);
            // Sent now, awaited later: the server works on it while the names of the next page are fetched.
            pending.push_back(tokio::spawn(page::fetch(pages.connection.clone(), claimed)));
            names = pages.next().await?;
        }
        if pending.len() > 1 || names.is_none() {
            let Some(fetched) = pending.pop_front() else { break };
            let page = fetched.await.context("the reader of a page ended early")?.map_err(|e| endpoint.explain(&e))?;
            containers::complete(&mut pages.connection, page, &mut out).await.map_err(|e| endpoint.explain(&e))?;
            if out.is_closed() {
                return Ok(coverage);
            }
            progress(coverage.scanned, coverage.in_database);
        }
        let took = started.elapsed();
        if scan.pace == Pace::Polite && took > SLOW_PAGE {
            tokio::time::sleep(took.min(Duration::from_millis(250))).await;
        }
    }
    out.flush().await;
    coverage.complete = true;
    Ok(coverage)
}

async fn database_size(mut connection: MultiplexedConnection) -> Option<u64> {
    redis::cmd("DBSIZE").query_async(&mut connection).await.ok()
}

struct Pages<'a> {
    connection: MultiplexedConnection,
    endpoint: &'a Endpoint,
    scan: &'a Scan<'a>,
    cursor: Option<Vec<u8>>,
}

impl Pages<'_> {
    /// The names of the next page; `None` after the last one.
    async fn next(&mut self) -> Result<Option<Vec<Vec<u8>>>> {
        let Some(cursor) = self.cursor.take() else { return Ok(None) };
        let mut command = redis::cmd("SCAN");
        command.arg(cursor);
        if let Some(glob) = &self.scan.glob {
            command.arg("MATCH").arg(glob);
        }
        command.arg("COUNT").arg(self.scan.pace.page());
        let reply = self.connection.req_packed_command(&command).await.map_err(|e| self.endpoint.explain(&e))?;
        let mut parts = list(reply).into_iter();
        let (Some(next), Some(names)) = (parts.next().and_then(bytes), parts.next()) else {
            bail!("the server's answer to SCAN is not one");
        };
        self.cursor = (next != b"0").then_some(next);
        Ok(Some(list(names).into_iter().filter_map(bytes).collect()))
    }
}

/// Sends a pipeline and gives the replies one by one, errors among them.
async fn send(connection: &mut MultiplexedConnection, pipeline: &Pipeline) -> redis::RedisResult<Vec<Value>> {
    if pipeline.is_empty() {
        return Ok(Vec::new());
    }
    connection.req_packed_commands(pipeline, 0, pipeline.len()).await
}
