//! Sets: unique members without order.

use super::RedisType;

/// `set`.
pub static TYPE: RedisType = RedisType {
    name: "set",
    reply: "set",
    about: "Unique members.",
    parts: &["member"],
    groups: &["set"],
    size: ("SCARD", "members"),
    grows: true,
};
