//! Strings: one value, text, number, bytes or JSON.

use super::RedisType;

/// `string`.
pub static TYPE: RedisType = RedisType {
    name: "string",
    reply: "string",
    about: "One value, up to 512 MB.",
    parts: &["value"],
    groups: &["string"],
    size: ("STRLEN", "bytes"),
    grows: false,
};
