//! Geospatial indexes: zsets whose scores are geohashes. The server calls them zsets.

use super::RedisType;

/// `geo`.
pub static TYPE: RedisType = RedisType {
    name: "geo",
    reply: "zset",
    about: "Members with a position, kept in a zset.",
    parts: &["member"],
    groups: &["geo", "sorted-set"],
    size: ("ZCARD", "members"),
    grows: true,
};
