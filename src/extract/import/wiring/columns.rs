//! What the heads of columns and the labels of bullets mean, in the words that people use.

/// What a column, or a labelled bullet, says of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Key,
    Channel,
    Purpose,
    Type,
    Operations,
    /// Retention in words.
    Lifecycle,
    /// A TTL: a bare number is one, too.
    Ttl,
    /// The number of entries that are kept.
    Entries,
    Consumers,
    Producer,
    Bus,
    /// What a value, an element or a message is.
    Value,
    /// The fields of a hash.
    Fields,
    Examples,
    Notes,
    /// The name of the entry in the registry.
    Name,
    Owner,
    Cardinality,
    Freshness,
    Since,
}

const WORDS: &[(Column, &[&str])] = &[
    (
        Column::Key,
        &[
            "key",
            "keys",
            "pattern",
            "key pattern",
            "patterns",
            "redis key",
            "redis keys",
            "key name",
            "name",
            "key template",
            "template",
            "prefix",
            "key prefix",
            "redis key pattern",
            "keyspace",
            "key format",
            "format",
            "key/pattern",
            "key / pattern",
            "key or channel",
            "key/channel",
        ],
    ),
    (
        Column::Channel,
        &[
            "channel",
            "channels",
            "topic",
            "topics",
            "pub/sub channel",
            "pubsub channel",
            "channel name",
            "channel pattern",
        ],
    ),
    (
        Column::Purpose,
        &[
            "purpose",
            "description",
            "desc",
            "meaning",
            "what",
            "what it is",
            "what for",
            "use",
            "usage",
            "summary",
            "about",
            "used for",
            "role",
            "content",
            "contents",
            "comment",
        ],
    ),
    (
        Column::Type,
        &["type", "data type", "datatype", "structure", "redis type", "data structure", "kind", "key type", "ds"],
    ),
    (
        Column::Operations,
        &[
            "operations",
            "operation",
            "ops",
            "commands",
            "command",
            "redis commands",
            "redis ops",
            "written with",
            "write ops",
            "write operations",
            "access",
        ],
    ),
    (
        Column::Lifecycle,
        &[
            "lifecycle",
            "life cycle",
            "retention",
            "lifetime",
            "eviction",
            "cleanup",
            "pruning",
            "persistence",
            "retention policy",
            "ttl / lifecycle",
            "ttl/lifecycle",
            "lifecycle / ttl",
            "ttl & pruning",
            "ttl and pruning",
        ],
    ),
    (
        Column::Ttl,
        &[
            "ttl",
            "expiry",
            "expiration",
            "expires",
            "expire",
            "ttl (s)",
            "ttl (sec)",
            "ttl (seconds)",
            "ttl (secs)",
            "ttl sec",
            "time to live",
        ],
    ),
    (Column::Entries, &["maxlen", "max length", "max entries", "max size", "limit", "bound", "cap"]),
    (
        Column::Consumers,
        &[
            "connections",
            "connection",
            "consumers",
            "consumer",
            "consumed by",
            "used by",
            "readers",
            "reader",
            "read by",
            "subscribers",
            "subscriber",
            "subscribed by",
            "who reads",
            "clients",
            "dependents",
            "downstream",
        ],
    ),
    (
        Column::Producer,
        &[
            "producer",
            "producers",
            "produced by",
            "writer",
            "writers",
            "written by",
            "publisher",
            "publishers",
            "published by",
            "module",
            "service",
            "source",
            "set by",
            "who writes",
            "upstream",
            "owner module",
        ],
    ),
    (Column::Owner, &["owner", "team", "owned by", "responsible"]),
    (Column::Bus, &["bus", "instance", "db", "database", "redis", "redis instance", "server", "cluster", "redis db"]),
    (
        Column::Value,
        &[
            "value",
            "payload",
            "message",
            "value type",
            "value format",
            "message type",
            "schema",
            "body",
            "element",
            "data",
        ],
    ),
    (Column::Fields, &["fields", "hash fields", "field"]),
    (Column::Examples, &["example", "examples", "e.g.", "sample", "example key", "example keys"]),
    (Column::Notes, &["notes", "note", "remarks", "remark", "comments", "details"]),
    (Column::Name, &["name in code", "entry", "entry name"]),
    (Column::Cardinality, &["cardinality", "keys at most", "count", "number of keys", "max keys"]),
    (Column::Freshness, &["freshness", "stale after", "staleness"]),
    (Column::Since, &["since", "added", "introduced"]),
];

/// The meaning of a head or label.
pub(super) fn of(label: &str) -> Option<Column> {
    let lower = label.trim().trim_matches(['*', '`', ':', '_', '.']).trim().to_lowercase();
    let find = |words: &str| WORDS.iter().find(|(_, known)| known.contains(&words)).map(|(column, _)| *column);
    find(&lower).or_else(|| {
        let (before, inside, _) = super::words::parenthesis(&lower)?;
        find(before).or_else(|| find(inside))
    })
}

/// The columns of a table of keys; `None` when it is none: it needs names, and something that is said of them.
pub(super) fn of_table(heads: &[String]) -> Option<Vec<Option<Column>>> {
    let mut columns: Vec<Option<Column>> = heads.iter().map(|head| of(head)).collect();
    let first = |columns: &[Option<Column>], wanted: Column| columns.iter().position(|column| *column == Some(wanted));
    // `Name` beside `Key`, or a second `Pattern`, is the entry's own name.
    let names: Vec<usize> = (0..columns.len()).filter(|at| columns[*at] == Some(Column::Key)).collect();
    if names.len() > 1 {
        for at in names {
            if heads[at].trim().eq_ignore_ascii_case("name") {
                columns[at] = Some(Column::Name);
            } else if heads[at].trim().eq_ignore_ascii_case("format") {
                columns[at] = Some(Column::Value);
            }
        }
    }
    first(&columns, Column::Key).or_else(|| first(&columns, Column::Channel))?;
    let known = columns.iter().flatten().filter(|column| !matches!(column, Column::Key | Column::Name)).count();
    (known > 0).then_some(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_mean_one_thing_each() {
        let mut all: Vec<&str> = WORDS.iter().flat_map(|(_, words)| words.iter().copied()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert_eq!(of("**Data Type**"), Some(Column::Type));
        assert_eq!(of("TTL (seconds)"), Some(Column::Ttl));
        assert_eq!(of("Key (pattern)"), Some(Column::Key));
    }
}
