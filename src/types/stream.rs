//! Streams: append-only entries of named fields, read by range or by consumer groups.

use super::RedisType;

/// `stream`.
pub static TYPE: RedisType = RedisType {
    name: "stream",
    reply: "stream",
    about: "An append-only log of entries with fields.",
    parts: &["entry", "groups"],
    groups: &["stream"],
    size: ("XLEN", "entries"),
    grows: true,
};
