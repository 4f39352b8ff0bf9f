//! The commands that take one key and a few arguments, as tables: what stands behind the key. Plain data, no registry.

/// One argument, or fixed word, behind the key.
#[derive(Debug, Clone, Copy)]
pub(super) enum Slot {
    /// The entry's value, element or member.
    Value,
    /// The member's score.
    Score,
    /// A whole number with sign.
    Integer(&'static str),
    /// A whole number from 0.
    Count(&'static str),
    /// What is added to the member's score.
    Delta,
    /// A decimal number.
    Number(&'static str),
    /// 1 or 0.
    Flag(&'static str),
    /// A word.
    Text(&'static str),
    /// One or more words.
    Texts(&'static str),
    /// A bound of scores.
    Bound(&'static str),
    /// A time to live in whole seconds.
    Seconds,
    /// A time to live in milliseconds.
    Milliseconds,
    /// This word.
    Literal(&'static str),
    /// `COUNT n`, if wanted (reads).
    Limit,
    /// A time to wait in seconds (reads).
    Wait,
}

/// What a reader makes of the answer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Answer {
    Optional,
    Many,
    Popped,
    Scored,
    OptionalScore,
    Entries,
    Count,
    OptionalCount,
    Integer,
    Flag,
    Texts,
}

use Slot::{
    Bound, Count, Delta, Flag, Integer, Limit, Literal, Milliseconds, Number, Score, Seconds, Text, Texts, Value, Wait,
};

/// The writes behind the key, by command.
pub(super) fn write(command: &str) -> Option<&'static [Slot]> {
    WRITES.iter().find(|(name, _)| *name == command).map(|(_, slots)| *slots)
}

/// The reads behind the key, by command.
pub(super) fn read(command: &str) -> Option<(&'static [Slot], Answer)> {
    READS.iter().find(|(name, ..)| *name == command).map(|(_, slots, answer)| (*slots, *answer))
}

const WRITES: &[(&str, &[Slot])] = &[
    ("APPEND", &[Value]),
    ("DECR", &[]),
    ("DECRBY", &[Integer("delta")]),
    ("DEL", &[]),
    ("EXPIRE", &[Seconds]),
    ("EXPIREAT", &[Count("at")]),
    ("GEOADD", &[Number("longitude"), Number("latitude"), Value]),
    ("GETDEL", &[]),
    ("GETSET", &[Value]),
    ("INCR", &[]),
    ("INCRBY", &[Integer("delta")]),
    ("INCRBYFLOAT", &[Number("delta")]),
    ("JSON.DEL", &[]),
    ("JSON.MERGE", &[Literal("$"), Value]),
    ("JSON.SET", &[Literal("$"), Value]),
    ("LPOP", &[]),
    ("LPUSH", &[Value]),
    ("LPUSHX", &[Value]),
    ("LREM", &[Integer("count"), Value]),
    ("LSET", &[Integer("index"), Value]),
    ("LTRIM", &[Integer("start"), Integer("stop")]),
    ("MSET", &[Value]),
    ("MSETNX", &[Value]),
    ("PERSIST", &[]),
    ("PEXPIRE", &[Milliseconds]),
    ("PEXPIREAT", &[Count("at_ms")]),
    ("PFADD", &[Value]),
    ("PSETEX", &[Milliseconds, Value]),
    ("PUBLISH", &[Value]),
    ("RPOP", &[]),
    ("RPUSH", &[Value]),
    ("RPUSHX", &[Value]),
    ("SADD", &[Value]),
    ("SET", &[Value]),
    ("SETBIT", &[Count("offset"), Flag("bit")]),
    ("SETEX", &[Seconds, Value]),
    ("SETNX", &[Value]),
    ("SETRANGE", &[Count("offset"), Value]),
    ("SPOP", &[]),
    ("SPUBLISH", &[Value]),
    ("SREM", &[Value]),
    ("UNLINK", &[]),
    ("XACK", &[Text("group"), Texts("ids")]),
    ("XDEL", &[Texts("ids")]),
    ("XGROUP CREATE", &[Text("group"), Text("id"), Literal("MKSTREAM")]),
    ("XGROUP CREATECONSUMER", &[Text("group"), Text("consumer")]),
    ("XGROUP DELCONSUMER", &[Text("group"), Text("consumer")]),
    ("XGROUP DESTROY", &[Text("group")]),
    ("XTRIM", &[Literal("MAXLEN"), Count("entries")]),
    ("ZADD", &[Score, Value]),
    ("ZINCRBY", &[Delta, Value]),
    ("ZPOPMAX", &[]),
    ("ZPOPMIN", &[]),
    ("ZREM", &[Value]),
    ("ZREMRANGEBYRANK", &[Integer("start"), Integer("stop")]),
    ("ZREMRANGEBYSCORE", &[Bound("min"), Bound("max")]),
];

const WITH_SCORES: Slot = Literal("WITHSCORES");

const READS: &[(&str, &[Slot], Answer)] = &[
    ("BITCOUNT", &[], Answer::Count),
    ("BLPOP", &[Wait], Answer::Popped),
    ("BRPOP", &[Wait], Answer::Popped),
    ("EXISTS", &[], Answer::Flag),
    ("GET", &[], Answer::Optional),
    ("GETBIT", &[Count("offset")], Answer::Flag),
    ("GETDEL", &[], Answer::Optional),
    ("HKEYS", &[], Answer::Texts),
    ("HLEN", &[], Answer::Count),
    ("JSON.GET", &[], Answer::Optional),
    ("LINDEX", &[Integer("index")], Answer::Optional),
    ("LLEN", &[], Answer::Count),
    ("LPOP", &[], Answer::Optional),
    ("LRANGE", &[Integer("start"), Integer("stop")], Answer::Many),
    ("PFCOUNT", &[], Answer::Count),
    ("PTTL", &[], Answer::Integer),
    ("RPOP", &[], Answer::Optional),
    ("SCARD", &[], Answer::Count),
    ("SISMEMBER", &[Value], Answer::Flag),
    ("SMEMBERS", &[], Answer::Many),
    ("SPOP", &[], Answer::Optional),
    ("SRANDMEMBER", &[], Answer::Optional),
    ("STRLEN", &[], Answer::Count),
    ("TTL", &[], Answer::Integer),
    ("XACK", &[Text("group"), Texts("ids")], Answer::Count),
    ("XLEN", &[], Answer::Count),
    ("XRANGE", &[Text("start"), Text("end"), Limit], Answer::Entries),
    ("XREVRANGE", &[Text("end"), Text("start"), Limit], Answer::Entries),
    ("ZCARD", &[], Answer::Count),
    ("ZCOUNT", &[Bound("min"), Bound("max")], Answer::Count),
    ("ZPOPMAX", &[], Answer::Scored),
    ("ZPOPMIN", &[], Answer::Scored),
    ("ZRANGE", &[Integer("start"), Integer("stop"), WITH_SCORES], Answer::Scored),
    ("ZRANGEBYSCORE", &[Bound("min"), Bound("max"), WITH_SCORES], Answer::Scored),
    ("ZRANK", &[Value], Answer::OptionalCount),
    ("ZREVRANGE", &[Integer("start"), Integer("stop"), WITH_SCORES], Answer::Scored),
    ("ZREVRANGEBYSCORE", &[Bound("max"), Bound("min"), WITH_SCORES], Answer::Scored),
    ("ZREVRANK", &[Value], Answer::OptionalCount),
    ("ZSCORE", &[Value], Answer::OptionalScore),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::commands;

    #[test]
    fn every_row_is_a_command_with_its_key_in_front() {
        for name in WRITES.iter().map(|(name, _)| name).chain(READS.iter().map(|(name, ..)| name)) {
            let command = commands::get(name).unwrap_or_else(|| panic!("{name}"));
            let words = name.split(' ').count();
            let first = command.key_specs.first().map(|spec| spec.begin.clone());
            if !command.publishes() || first.is_some() {
                let expected = commands::Begin::Index(i32::try_from(words).unwrap());
                assert!(first.is_none_or(|begin| begin == expected), "{name}");
            }
        }
        assert!(WRITES.is_sorted_by_key(|(name, _)| *name) && READS.is_sorted_by_key(|(name, ..)| *name));
    }
}
