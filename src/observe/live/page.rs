//! One page of names: a single round trip that says of each key what it is, and reads strings up to a limit.

use std::borrow::Cow;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{RedisResult, Value};

use super::super::look::{ANY_TYPE, Look, Sampled};
use super::super::{Depth, Header, TtlSeen, Want};
use super::replies::{bytes, whole};
use super::send;

/// Bytes of a string that are read with its page. Longer ones are read by themselves, so that a page stays small.
pub(super) const INLINE: usize = 16 << 10;

/// A name of the page, and what is asked of it.
pub(super) struct Asked {
    pub name: Vec<u8>,
    /// The caller's index and what it wants; `None` for a name that no pattern claims.
    pub claim: Option<(usize, Want)>,
    pub contents: bool,
}

/// The names of one page that are of interest.
pub(super) struct Page {
    pub asked: Vec<Asked>,
    pub depth: Depth,
}

impl Page {
    pub(super) fn new(names: Vec<Vec<u8>>, look: &Look<'_>, sampled: &mut Sampled) -> Self {
        let mut asked = Vec::with_capacity(names.len());
        for name in names {
            match (look.claim)(&name) {
                Some(at) => {
                    let want = look.wants[at].clone();
                    let contents = sampled.wants_contents(at, look);
                    asked.push(Asked { name, claim: Some((at, want)), contents });
                }
                None if (look.unclaimed)(&name) => asked.push(Asked { name, claim: None, contents: false }),
                None => {}
            }
        }
        Self { asked, depth: look.depth }
    }
}

/// What a page's round trip said of a key.
pub(super) enum Found {
    /// No pattern claims it.
    Unclaimed(Vec<u8>),
    /// It was gone.
    Gone,
    /// A string of the declared type, with all of its value when that is no longer than [`INLINE`].
    Text { at: usize, header: Header, value: Option<Vec<u8>> },
    /// Any other key. `memory` is its size in bytes, where the server would say.
    Other { at: usize, header: Header, want: Want, contents: bool, memory: Option<u64> },
}

pub(super) struct Fetched {
    pub found: Vec<Found>,
    pub depth: Depth,
}

/// Asks what the keys of a page are.
pub(super) async fn fetch(mut connection: MultiplexedConnection, page: Page) -> RedisResult<Fetched> {
    let mut pipeline = redis::pipe();
    for asked in page.asked.iter().filter(|asked| asked.claim.is_some()) {
        let want = asked.claim.as_ref().and_then(|(_, want)| want.redis_type);
        ask(&mut pipeline, &asked.name, want, asked.contents);
    }
    let mut replies = send(&mut connection, &pipeline).await?.into_iter();
    let mut found = Vec::with_capacity(page.asked.len());
    let mut unsure = Vec::new();
    for asked in page.asked {
        let Some((at, want)) = asked.claim else {
            found.push(Found::Unclaimed(asked.name));
            continue;
        };
        let key = answer(&mut replies, asked.name, at, want, asked.contents)?;
        if matches!(&key, Found::Other { header, .. } if header.redis_type.is_empty()) {
            unsure.push(found.len());
        }
        found.push(key);
    }
    name_types(&mut connection, &mut found, &unsure).await?;
    measure(&mut connection, &mut found).await?;
    Ok(Fetched { found, depth: page.depth })
}

/// The commands that ask after one key. What a type's size command answers tells whether the key is of that type, so
/// that TYPE is asked only where it is not.
fn ask(pipeline: &mut redis::Pipeline, name: &[u8], redis_type: Option<&str>, contents: bool) {
    let redis_type = redis_type.filter(|name| *name != ANY_TYPE);
    match redis_type {
        Some("string") if contents => pipeline.cmd("GETRANGE").arg(name).arg(0).arg(INLINE - 1),
        Some(redis_type) => pipeline.cmd(size_command(redis_type)).arg(name),
        None => pipeline.cmd("TYPE").arg(name),
    };
    pipeline.cmd("PTTL").arg(name);
    if contents && !matches!(redis_type, Some("string") | None) {
        pipeline.cmd("MEMORY").arg("USAGE").arg(name);
    }
}

fn size_command(redis_type: &str) -> &'static str {
    match redis_type {
        "string" => "STRLEN",
        "hash" => "HLEN",
        "list" => "LLEN",
        "set" => "SCARD",
        "zset" => "ZCARD",
        "stream" => "XLEN",
        _ => "TYPE",
    }
}

/// Reads the replies to [`ask`].
fn answer(
    replies: &mut impl Iterator<Item = Value>,
    name: Vec<u8>,
    at: usize,
    want: Want,
    contents: bool,
) -> RedisResult<Found> {
    let mut next = || replies.next().unwrap_or(Value::Nil);
    let asked = want.redis_type.filter(|_| !want.is_any());
    let (first, ttl) = (next(), next());
    let is_text = asked == Some("string");
    let memory = if contents && asked.is_some() && !is_text { whole(&next()) } else { None };
    let Some(ttl) = ttl_of(&ttl) else {
        return match ttl {
            Value::ServerError(error) => Err(error.into()),
            _ => Ok(Found::Gone),
        };
    };
    let mut header = Header { name, redis_type: "".into(), ttl, size: None, ends: None, groups: None };
    match (first, asked) {
        (Value::ServerError(error), _) if error.code() != "WRONGTYPE" => return Err(error.into()),
        (Value::ServerError(_), _) => {}
        (first, Some("string")) if contents => {
            let value = bytes(first).unwrap_or_default();
            header.redis_type = "string".into();
            header.size = (value.len() < INLINE).then_some(value.len() as u64);
            let value = header.size.is_some().then_some(value);
            return Ok(Found::Text { at, header, value });
        }
        (Value::Int(size), Some(redis_type)) => {
            header.redis_type = redis_type.into();
            header.size = u64::try_from(size).ok();
        }
        (other, _) => header.redis_type = type_name(other),
    }
    if header.redis_type == "none" {
        return Ok(Found::Gone);
    }
    Ok(Found::Other { at, header, want, contents, memory: memory.and_then(|size| u64::try_from(size).ok()) })
}

/// What TYPE answered.
fn type_name(reply: Value) -> Cow<'static, str> {
    bytes(reply).map(|name| String::from_utf8_lossy(&name).into_owned()).unwrap_or_default().into()
}

/// `None` when the key is gone.
fn ttl_of(reply: &Value) -> Option<TtlSeen> {
    match whole(reply)? {
        -1 => Some(TtlSeen::None),
        left => u64::try_from(left).ok().map(|left| TtlSeen::Left(Duration::from_millis(left))),
    }
}

/// Asks TYPE for the keys that turned out not to be of the declared type.
async fn name_types(connection: &mut MultiplexedConnection, found: &mut [Found], unsure: &[usize]) -> RedisResult<()> {
    let mut pipeline = redis::pipe();
    for at in unsure {
        if let Found::Other { header, .. } = &found[*at] {
            pipeline.cmd("TYPE").arg(&header.name);
        }
    }
    let replies = send(connection, &pipeline).await?;
    for (at, reply) in unsure.iter().zip(replies) {
        if let Found::Other { header, .. } = &mut found[*at] {
            header.redis_type = type_name(reply);
            if header.redis_type == "none" {
                found[*at] = Found::Gone;
            }
        }
    }
    Ok(())
}

/// Sizes, and the values of strings, of the keys that are wanted whatever their type: it had to be known before.
async fn measure(connection: &mut MultiplexedConnection, found: &mut [Found]) -> RedisResult<()> {
    let mut pipeline = redis::pipe();
    let mut asked = Vec::new();
    for (at, found) in found.iter().enumerate() {
        if let Found::Other { header, want, contents, .. } = found
            && want.is_any()
            && want.reads(&header.redis_type)
        {
            match &*header.redis_type {
                "string" if *contents => pipeline.cmd("GETRANGE").arg(&header.name).arg(0).arg(INLINE - 1),
                redis_type => pipeline.cmd(size_command(redis_type)).arg(&header.name),
            };
            if *contents && header.redis_type != "string" {
                pipeline.cmd("MEMORY").arg("USAGE").arg(&header.name);
            }
            asked.push(at);
        }
    }
    let mut replies = send(connection, &pipeline).await?.into_iter();
    let mut next = || replies.next().unwrap_or(Value::Nil);
    for at in asked {
        let Found::Other { at: claim, header, contents, memory, .. } = &mut found[at] else { continue };
        let first = next();
        if *contents && header.redis_type != "string" {
            *memory = whole(&next()).and_then(|size| u64::try_from(size).ok());
        }
        match first {
            Value::ServerError(error) if error.code() != "WRONGTYPE" => return Err(error.into()),
            // Someone has replaced it since: what it is now nobody has asked.
            Value::ServerError(_) => found[at] = Found::Gone,
            Value::Int(size) => header.size = u64::try_from(size).ok(),
            value => {
                let value = bytes(value).unwrap_or_default();
                header.size = (value.len() < INLINE).then_some(value.len() as u64);
                let value = header.size.is_some().then_some(value);
                found[at] = Found::Text { at: *claim, header: header.clone(), value };
            }
        }
    }
    Ok(())
}

/// A second look at some keys: their headers as they are now, `None` for those that are gone. Ends are not asked.
///
/// # Errors
/// When the connection fails.
pub async fn headers(
    connection: &mut MultiplexedConnection,
    keys: &[(Vec<u8>, Want)],
) -> RedisResult<Vec<Option<Header>>> {
    let asked = keys.iter().map(|(name, want)| {
        let claim = Some((0, Want { contents: false, ..want.clone() }));
        Asked { name: name.clone(), claim, contents: false }
    });
    let page = Page { asked: asked.collect(), depth: Depth::Keys };
    let fetched = fetch(connection.clone(), page).await?;
    let header = |found| match found {
        Found::Other { header, .. } | Found::Text { header, .. } => Some(header),
        Found::Gone | Found::Unclaimed(_) => None,
    };
    Ok(fetched.found.into_iter().map(header).collect())
}
