//! Contents of a page's keys: strings that were read already, and containers in steps that fit a budget of bytes.

use redis::aio::MultiplexedConnection;
use redis::{Cmd, RedisResult, Value};

use super::super::look::{LARGEST, SAMPLE_ELEMENTS};
use super::super::{Depth, Extent, Group, Header, Part, Seen};
use super::page::{Fetched, Found, INLINE};
use super::portions::Portions;
use super::replies::{bytes, decimal, list, pairs, whole};
use super::send;

/// Bytes that one step of reading a container may bring.
const STEP_BYTES: u64 = 4 << 20;
/// Elements that one step may bring: more would hold up other clients.
const STEP_ELEMENTS: u64 = 500;

/// Turns what is known of a page into observations, and reads what is not yet read.
pub(super) async fn complete(
    connection: &mut MultiplexedConnection,
    page: Fetched,
    out: &mut Portions,
) -> RedisResult<()> {
    for found in page.found {
        match found {
            Found::Unclaimed(name) => out.push(Seen::Unclaimed(name)).await,
            Found::Gone => out.push(Seen::Gone).await,
            Found::Text { at, header, value: Some(value) } => {
                out.push(Seen::Text(at, header, value)).await;
            }
            Found::Text { at, header, value: None } => long_text(connection, at, header, out).await?,
            Found::Other { at, mut header, want, contents, memory } => {
                let as_declared = want.reads(&header.redis_type);
                if want.groups && as_declared && header.redis_type == "stream" {
                    header.groups = groups(connection, &header.name).await?;
                }
                if want.ends && as_declared {
                    header.ends = ends(connection, &header).await?;
                }
                let (size, name, redis_type) =
                    (header.size.unwrap_or(0), header.name.clone(), header.redis_type.clone());
                out.push(Seen::Key(at, header)).await;
                let extent = if contents && as_declared && size > 0 {
                    let mut reader = Reader { connection, name: &name, redis_type: &redis_type, depth: page.depth };
                    reader.read(size, memory, out).await?
                } else {
                    if contents && as_declared { Extent::Whole } else { Extent::Unread }
                };
                out.push(Seen::End(extent)).await;
            }
        }
    }
    Ok(())
}

/// A string longer than what a page brings: its length, then its value if that can be held.
async fn long_text(
    connection: &mut MultiplexedConnection,
    at: usize,
    mut header: Header,
    out: &mut Portions,
) -> RedisResult<()> {
    let length: u64 = redis::cmd("STRLEN").arg(&header.name).query_async(connection).await?;
    if length == 0 {
        out.push(Seen::Gone).await; // An empty string would have come with its page.
        return Ok(());
    }
    header.size = Some(length);
    let name = header.name.clone();
    if length > LARGEST {
        out.push(Seen::Key(at, header)).await;
        out.push(Seen::TooLarge(length)).await;
        out.push(Seen::End(Extent::Cut)).await;
        return Ok(());
    }
    let mut value = Vec::new();
    while (value.len() as u64) < length {
        let from = value.len();
        let chunk: Vec<u8> =
            redis::cmd("GETRANGE").arg(&name).arg(from).arg(from + 64 * INLINE - 1).query_async(connection).await?;
        if chunk.is_empty() {
            break; // It shrank or went while it was read.
        }
        value.extend(chunk);
    }
    if value.len() as u64 == length {
        out.push(Seen::Text(at, header, value)).await;
    } else {
        out.push(Seen::Key(at, header)).await;
        out.push(Seen::End(Extent::Cut)).await;
    }
    Ok(())
}

/// The lowest and highest position of an ordered container.
async fn ends(connection: &mut MultiplexedConnection, header: &Header) -> RedisResult<Option<(f64, f64)>> {
    let mut pipeline = redis::pipe();
    match &*header.redis_type {
        "zset" => {
            for at in [0, -1] {
                pipeline.cmd("ZRANGE").arg(&header.name).arg(at).arg(at).arg("WITHSCORES");
            }
        }
        "stream" => {
            pipeline.cmd("XRANGE").arg(&header.name).arg("-").arg("+").arg("COUNT").arg(1);
            pipeline.cmd("XREVRANGE").arg(&header.name).arg("+").arg("-").arg("COUNT").arg(1);
        }
        _ => return Ok(None),
    }
    let mut positions = send(connection, &pipeline).await?.into_iter().map(|reply| position(reply, &header.redis_type));
    Ok(positions.next().flatten().zip(positions.next().flatten()))
}

/// The consumer groups of a stream; `None` when the server does not say: the stream is gone, or the user may not ask.
async fn groups(connection: &mut MultiplexedConnection, name: &[u8]) -> RedisResult<Option<Vec<Group>>> {
    match redis::cmd("XINFO").arg("GROUPS").arg(name).query_async::<Value>(connection).await {
        Ok(reply) => Ok(Some(list(reply).into_iter().filter_map(group).collect())),
        Err(error) if matches!(error.kind(), redis::ErrorKind::Server(_)) || error.code().is_some() => Ok(None),
        Err(error) => Err(error),
    }
}

fn group(reply: Value) -> Option<Group> {
    let mut group = Group { name: Vec::new(), consumers: 0, pending: 0, lag: None };
    for (name, value) in pairs(list(reply)) {
        let count = || whole(&value).and_then(|count| u64::try_from(count).ok());
        match bytes(name)?.as_slice() {
            b"name" => group.name = bytes(value)?,
            b"consumers" => group.consumers = count()?,
            b"pending" => group.pending = count()?,
            b"lag" => group.lag = count(),
            _ => {}
        }
    }
    Some(group)
}

fn position(reply: Value, redis_type: &str) -> Option<f64> {
    let mut items = list(reply);
    if redis_type == "zset" {
        return match items.pop()? {
            Value::Array(mut pair) => decimal(&pair.pop()?),
            score => decimal(&score),
        };
    }
    let id = bytes(list(items.pop()?).into_iter().next()?)?;
    let millis = id.split(|byte| *byte == b'-').next()?;
    std::str::from_utf8(millis).ok()?.parse().ok()
}

struct Reader<'a> {
    connection: &'a mut MultiplexedConnection,
    name: &'a [u8],
    redis_type: &'a str,
    depth: Depth,
}

impl Reader<'_> {
    /// Reads a container step by step.
    async fn read(&mut self, size: u64, memory: Option<u64>, out: &mut Portions) -> RedisResult<Extent> {
        // Where the server does not say how large it is, elements are taken to be of ordinary size.
        let average = memory.map_or(1024, |memory| (memory / size.max(1)).max(1));
        if average > LARGEST {
            out.push(Seen::TooLarge(average)).await;
            return Ok(Extent::Cut);
        }
        let limit = if self.depth == Depth::Sample { SAMPLE_ELEMENTS } else { u64::MAX };
        let step = (STEP_BYTES / average).clamp(1, STEP_ELEMENTS).min(limit);
        let mut cursor = Some(self.first());
        let mut read = 0;
        while let Some(from) = cursor.take() {
            if read >= limit {
                return Ok(Extent::Cut);
            }
            let reply = self.command(&from, step).query_async::<Value>(self.connection).await;
            let reply = match reply {
                Ok(reply) => reply,
                // Someone replaced it by another type while it was read.
                Err(error) if error.code() == Some("WRONGTYPE") => return Ok(Extent::Cut),
                Err(error) => return Err(error),
            };
            let (parts, next) = self.parts(&from, reply, step);
            read += parts.len() as u64;
            cursor = next;
            if !parts.is_empty() {
                out.push(Seen::Parts(parts)).await;
            }
        }
        Ok(Extent::Whole)
    }

    fn first(&self) -> Vec<u8> {
        if self.redis_type == "stream" { b"-".to_vec() } else { b"0".to_vec() }
    }

    fn command(&self, from: &[u8], step: u64) -> Cmd {
        let mut command = match self.redis_type {
            "hash" => redis::cmd("HSCAN"),
            "set" => redis::cmd("SSCAN"),
            "zset" => redis::cmd("ZSCAN"),
            "list" => redis::cmd("LRANGE"),
            _ => redis::cmd("XRANGE"),
        };
        command.arg(self.name).arg(from);
        match self.redis_type {
            "list" => command.arg(number(from) + step - 1),
            "stream" => command.arg("+").arg("COUNT").arg(step),
            _ => command.arg("COUNT").arg(step),
        };
        command
    }

    /// The parts of a reply, and where to go on.
    fn parts(&self, from: &[u8], reply: Value, step: u64) -> (Vec<Part>, Option<Vec<u8>>) {
        let mut items = list(reply);
        match self.redis_type {
            "list" => {
                let more = items.len() as u64 >= step;
                let next = more.then(|| (number(from) + step).to_string().into_bytes());
                (items.into_iter().filter_map(bytes).map(Part::Element).collect(), next)
            }
            "stream" => {
                let more = items.len() as u64 >= step;
                let entries: Vec<Part> = items.into_iter().filter_map(entry).collect();
                let last =
                    entries.last().and_then(|entry| if let Part::Entry(id, _) = entry { Some(id) } else { None });
                // `(` excludes the id itself from the next step.
                let next = last.filter(|_| more).map(|id| [b"(", id.as_slice()].concat());
                (entries, next)
            }
            _ => {
                let elements = items.pop().map(list).unwrap_or_default();
                let next = items.pop().and_then(bytes).filter(|cursor| cursor != b"0");
                (self.scanned(elements), next)
            }
        }
    }

    fn scanned(&self, elements: Vec<Value>) -> Vec<Part> {
        let both = |(name, value)| bytes(name).zip(bytes(value)).map(|(name, value)| Part::Field(name, value));
        let scored =
            |(member, score)| bytes(member).zip(decimal(&score)).map(|(member, score)| Part::Scored(member, score));
        match self.redis_type {
            "hash" => pairs(elements).into_iter().filter_map(both).collect(),
            "zset" => pairs(elements).into_iter().filter_map(scored).collect(),
            _ => elements.into_iter().filter_map(bytes).map(Part::Member).collect(),
        }
    }
}

fn number(text: &[u8]) -> u64 {
    std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn entry(reply: Value) -> Option<Part> {
    let mut parts = list(reply).into_iter();
    let id = bytes(parts.next()?)?;
    // A deleted entry in a consumer group's list has nil for fields; XRANGE never gives one.
    let fields = pairs(parts.next().map(list).unwrap_or_default());
    let both = |(name, value)| bytes(name).zip(bytes(value));
    Some(Part::Entry(id, fields.into_iter().filter_map(both).collect()))
}
