//! JSON documents: values of the JSON module, not JSON text in a string.

use super::RedisType;

/// `json`.
pub static TYPE: RedisType = RedisType {
    name: "json",
    reply: "ReJSON-RL",
    about: "A JSON document of the JSON module.",
    parts: &["value"],
    groups: &["json", "module"],
    size: ("JSON.OBJLEN", "members"),
    grows: false,
};
