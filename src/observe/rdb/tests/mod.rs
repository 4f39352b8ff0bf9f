//! RDB files without a server: forms that few servers write, damage of every kind, and sizes beyond memory.

mod damage;
mod files;
mod forms;
mod packings;
mod sizes;
mod writer;

use super::super::{Depth, Look, Part, Seen, Want};
use super::{Coverage, Dump};

/// What is declared of names by their first letter.
const DECLARED: [(u8, &str); 6] =
    [(b't', "string"), (b'h', "hash"), (b'l', "list"), (b's', "set"), (b'z', "zset"), (b'x', "stream")];

/// Reads a file into all that was seen, whether or not it can be read to its end.
fn read(bytes: &[u8]) -> (Vec<Seen>, anyhow::Result<Coverage>) {
    let mut all = Vec::new();
    let read = read_at(bytes, Depth::Full, &mut |portion| {
        all.extend(portion);
        true
    });
    (all, read)
}

fn read_at(
    bytes: impl std::io::Read,
    depth: Depth,
    send: &mut dyn FnMut(Vec<Seen>) -> bool,
) -> anyhow::Result<Coverage> {
    let want = |(_, redis_type)| Want { redis_type: Some(redis_type), contents: true, ends: true, groups: true };
    let wants = DECLARED.map(want);
    let claim = |name: &[u8]| DECLARED.iter().position(|(letter, _)| name.first() == Some(letter));
    let look = Look { depth, claim: &claim, unclaimed: &|_| true, wants: &wants };
    let mut coverage = Coverage::default();
    Dump::open(bytes)?.look(&look, 0, send, &mut coverage)?;
    Ok(coverage)
}

/// Reads a sound file.
fn sound(bytes: &[u8]) -> Vec<Seen> {
    let (all, read) = read(bytes);
    assert!(read.unwrap_or_else(|error| panic!("{error:#}")).complete);
    all
}

/// What was seen as text, a line each.
fn listing(seen: &[Seen]) -> String {
    let word = |bytes: &[u8]| bytes.escape_ascii().to_string();
    let part = |part: &Part| match part {
        Part::Value(bytes) | Part::Element(bytes) | Part::Member(bytes) => word(bytes),
        Part::Field(name, value) => format!("{}={}", word(name), word(value)),
        Part::Scored(member, score) => format!("{}@{score}", word(member)),
        Part::Entry(id, fields) => {
            let fields: Vec<_> = fields.iter().map(|(name, value)| format!("{}={}", word(name), word(value))).collect();
            format!("{}({})", word(id), fields.join(" "))
        }
    };
    let line = |seen: &Seen| match seen {
        Seen::Key(_, header) => format!(
            "{}: {} of {:?}, ends {:?}, ttl {:?}",
            word(&header.name),
            header.redis_type,
            header.size,
            header.ends,
            header.ttl
        ),
        Seen::Text(_, header, value) => format!("{} = {}, ttl {:?}", word(&header.name), word(value), header.ttl),
        Seen::Parts(parts) => format!("  {}", parts.iter().map(part).collect::<Vec<_>>().join(", ")),
        Seen::Unclaimed(name) => format!("{}: unclaimed", word(name)),
        other => format!("  {other:?}"),
    };
    seen.iter().map(line).collect::<Vec<_>>().join("\n")
}
