//! A cell of a type column -> a Redis type or a channel, and the remark beside it.

use crate::types::{self, RedisType};

/// What a cell says an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Type(&'static RedisType),
    Channel,
    /// It says that it may be anything.
    Any,
}

const SPELLINGS: &[(&str, &str)] = &[
    ("strings", "string"),
    ("str", "string"),
    ("kv", "string"),
    ("counter", "string"),
    ("integer", "string"),
    ("int", "string"),
    ("lock", "string"),
    ("flag", "string"),
    ("hashes", "hash"),
    ("hashmap", "hash"),
    ("map", "hash"),
    ("dict", "hash"),
    ("lists", "list"),
    ("queue", "list"),
    ("sets", "set"),
    ("sorted set", "zset"),
    ("sorted-set", "zset"),
    ("sortedset", "zset"),
    ("sorted sets", "zset"),
    ("ordered set", "zset"),
    ("zsets", "zset"),
    ("streams", "stream"),
    ("hll", "hyperloglog"),
    ("bitfield", "bitmap"),
    ("geospatial", "geo"),
    ("rejson", "json"),
    ("redisjson", "json"),
];

/// The type that words begin with, and the remark: `ZSET: ts → value`, `HASH {a, b}`, `String (JSON)`.
pub(super) fn read(text: &str) -> Option<(What, String)> {
    let end = text
        .find(['(', '{', ':', '[', '→', ',', ';', '<', '/', '-', '–', '—', '=', '.'])
        .filter(|at| !text[..*at].eq_ignore_ascii_case("pub") && !text[..*at].eq_ignore_ascii_case("sorted"))
        .unwrap_or(text.len());
    let head = text[..end].trim().to_lowercase();
    let remark = text[end..].trim().trim_start_matches([':', '→', ',', ';', '-', '–', '—', '=']).trim().to_owned();
    // `string/hash`: two types are none.
    if let Some(other) = text[end..].strip_prefix('/')
        && named(&other.trim().to_lowercase()).is_some()
    {
        return None;
    }
    if let Some(what) = named(&head) {
        return Some((what, remark));
    }
    // `Redis hash`, `LIST of JSON`, `sorted set by time`.
    let words: Vec<&str> =
        head.split_whitespace().filter(|word| !matches!(*word, "redis" | "a" | "an" | "type")).collect();
    for (start, width) in [(0, 2), (0, 1), (1, 1)] {
        if let Some(some) = words.get(start..start + width)
            && let Some(what) = named(&some.join(" "))
        {
            let rest = words.get(start + width..).unwrap_or_default().join(" ");
            return Some((what, format!("{rest} {remark}").trim().to_owned()));
        }
    }
    None
}

fn named(word: &str) -> Option<What> {
    let word = word.trim_matches(['`', '*', ' ', '.']);
    if matches!(word, "channel" | "pubsub" | "pub/sub" | "pub-sub" | "pub/sub channel" | "pubsub channel" | "topic") {
        return Some(What::Channel);
    }
    if matches!(word, "any" | "various" | "mixed") {
        return Some(What::Any);
    }
    let name = SPELLINGS.iter().find(|(spelling, _)| *spelling == word).map_or(word, |(_, name)| name);
    types::by_name(name).map(What::Type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_with_and_without_remarks() {
        let of = |text| match read(text) {
            Some((What::Type(redis_type), remark)) => format!("{} | {remark}", redis_type.name),
            Some((other, _)) => format!("{other:?}"),
            None => String::new(),
        };
        let cases = [
            ("STRING", "string | "),
            ("ZSET: ts → value", "zset | ts → value"),
            ("HASH {a,b}", "hash | {a,b}"),
            ("String (JSON)", "string | (JSON)"),
            ("Sorted Set", "zset | "),
            ("LIST of JSON", "list | of json"),
            ("Redis Stream", "stream | "),
            ("Pub/Sub channel", "Channel"),
            ("string/hash", ""),
            ("whatever", ""),
        ];
        for (text, wanted) in cases {
            assert_eq!(of(text), wanted, "{text}");
        }
    }
}
