//! Sorted sets: unique members with a score.

use super::RedisType;

/// `zset`.
pub static TYPE: RedisType = RedisType {
    name: "zset",
    reply: "zset",
    about: "Unique members ordered by score.",
    parts: &["member", "score"],
    groups: &["sorted-set"],
    size: ("ZCARD", "members"),
    grows: true,
};
