//! HyperLogLogs: bounded estimates. The server calls them strings.

use super::RedisType;

/// `hyperloglog`.
pub static TYPE: RedisType = RedisType {
    name: "hyperloglog",
    reply: "string",
    about: "An estimate of how many different elements were seen, kept in a string.",
    parts: &["element"],
    groups: &["hyperloglog"],
    size: ("STRLEN", "bytes"),
    grows: false,
};
