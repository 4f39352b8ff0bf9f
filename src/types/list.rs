//! Lists: ordered elements, pushed and popped at the ends.

use super::RedisType;

/// `list`.
pub static TYPE: RedisType = RedisType {
    name: "list",
    reply: "list",
    about: "Ordered elements.",
    parts: &["element"],
    groups: &["list"],
    size: ("LLEN", "elements"),
    grows: true,
};
