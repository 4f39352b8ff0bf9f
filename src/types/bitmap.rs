//! Bitmaps: strings whose bits are set and counted one by one. The server calls them strings.

use super::RedisType;

/// `bitmap`.
pub static TYPE: RedisType = RedisType {
    name: "bitmap",
    reply: "string",
    about: "Bits by offset, kept in a string.",
    parts: &[],
    groups: &["bitmap", "string"],
    size: ("STRLEN", "bytes"),
    grows: true,
};
