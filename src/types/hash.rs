//! Hashes: fixed fields, or fields that are themselves named by a pattern.

use super::RedisType;

/// `hash`.
pub static TYPE: RedisType = RedisType {
    name: "hash",
    reply: "hash",
    about: "Named fields with values.",
    parts: &["fields"],
    groups: &["hash"],
    size: ("HLEN", "fields"),
    grows: true,
};
