//! The rows of the overlay, by type of key. Write commands that name no key (FLUSHALL, FUNCTION LOAD, ...) have none:
//! they act on a whole database or on the server.

use super::Bound::{Age, Count, Rank, Score};
use super::Expiry::{Carries, Drops, Keeps, Sets};
use super::Size::{Grows, GrowsToLimit, GrowsTrimmed, Neutral, Removes, Replaces, Shrinks, Trims};
use super::{Effect, Expiry, Options, Row, Size};

const fn row(command: &'static str, expiry: Expiry, size: Size) -> Row {
    Row { command, target: Effect { expiry, size }, source: None, reads: false }
}

impl Row {
    /// The reply hands out what the key held.
    const fn reads(self) -> Self {
        Self { reads: true, ..self }
    }

    /// Takes from another key, the first one written.
    const fn from(self, size: Size) -> Self {
        Self { source: Some(Effect { expiry: Keeps, size }), ..self }
    }
}

// SET ... NX only ever creates, so that there is nothing to drop.
const SET: Expiry = Expiry::Optional(&Options {
    tokens: &[("EX", Sets), ("PX", Sets), ("EXAT", Sets), ("PXAT", Sets), ("KEEPTTL", Keeps), ("NX", Keeps)],
    otherwise: Drops,
});
const GETEX: Expiry = Expiry::Optional(&Options {
    tokens: &[("EX", Sets), ("PX", Sets), ("EXAT", Sets), ("PXAT", Sets), ("PERSIST", Drops)],
    otherwise: Keeps,
});
const ON_STORE_EXPIRY: Expiry =
    Expiry::Optional(&Options { tokens: &[("STORE", Drops), ("STOREDIST", Drops)], otherwise: Keeps });
const ON_STORE_SIZE: Size =
    Size::Optional(&Options { tokens: &[("STORE", Replaces), ("STOREDIST", Replaces)], otherwise: Neutral });
const XADD: Size = Size::Optional(&Options {
    tokens: &[("MAXLEN", GrowsTrimmed(Count)), ("MINID", GrowsTrimmed(Age))],
    otherwise: Grows,
});
const XTRIM: Size = Size::Optional(&Options { tokens: &[("MINID", Trims(Age))], otherwise: Trims(Count) });
// Of the fields: a field that expires leaves the hash, the key's own expiry is another matter.
const HSETEX: Size = Size::Optional(&Options {
    tokens: &[
        ("EX", GrowsTrimmed(Age)),
        ("PX", GrowsTrimmed(Age)),
        ("EXAT", GrowsTrimmed(Age)),
        ("PXAT", GrowsTrimmed(Age)),
    ],
    otherwise: Grows,
});
const HGETEX: Size = Size::Optional(&Options {
    tokens: &[("EX", Trims(Age)), ("PX", Trims(Age)), ("EXAT", Trims(Age)), ("PXAT", Trims(Age))],
    otherwise: Neutral,
});
const MIGRATE: Size = Size::Optional(&Options { tokens: &[("COPY", Neutral)], otherwise: Removes });
// RETENTION is the series' own; a TS.ADD only gives it to a series that it creates.
const TS_ADD: Size = Size::Optional(&Options { tokens: &[("RETENTION", GrowsTrimmed(Age))], otherwise: Grows });
const TS_CREATE: Size = Size::Optional(&Options { tokens: &[("RETENTION", Trims(Age))], otherwise: Neutral });

pub(super) const ROWS: &[Row] = &[
    // Any type.
    row("COPY", Carries, Replaces),
    row("DEL", Keeps, Removes),
    row("EXPIRE", Sets, Neutral),
    row("EXPIREAT", Sets, Neutral),
    row("MIGRATE", Keeps, MIGRATE),
    row("MOVE", Keeps, Removes),
    row("PERSIST", Drops, Neutral),
    row("PEXPIRE", Sets, Neutral),
    row("PEXPIREAT", Sets, Neutral),
    row("RENAME", Carries, Replaces).from(Removes),
    row("RENAMENX", Carries, Replaces).from(Removes),
    row("RESTORE", Carries, Replaces),
    row("RESTORE-ASKING", Carries, Replaces),
    row("SORT", ON_STORE_EXPIRY, ON_STORE_SIZE).reads(),
    row("UNLINK", Keeps, Removes),
    // Strings.
    row("APPEND", Keeps, Grows),
    row("DECR", Keeps, Neutral),
    row("DECRBY", Keeps, Neutral),
    row("DELEX", Keeps, Removes),
    row("DELIFEQ", Keeps, Removes),
    row("GETDEL", Keeps, Removes).reads(),
    row("GETEX", GETEX, Neutral).reads(),
    row("GETSET", Drops, Replaces).reads(),
    row("INCR", Keeps, Neutral),
    row("INCRBY", Keeps, Neutral),
    row("INCRBYFLOAT", Keeps, Neutral),
    row("MSET", Drops, Replaces),
    row("MSETEX", SET, Replaces),
    row("MSETNX", Keeps, Replaces),
    row("PSETEX", Sets, Replaces),
    row("SET", SET, Replaces),
    row("SETEX", Sets, Replaces),
    row("SETNX", Keeps, Replaces),
    row("SETRANGE", Keeps, Grows),
    // Bitmaps, HyperLogLogs.
    row("BITFIELD", Keeps, Grows).reads(),
    row("BITOP", Drops, Replaces),
    row("SETBIT", Keeps, Grows),
    row("PFADD", Keeps, GrowsToLimit),
    row("PFDEBUG", Keeps, Neutral),
    row("PFMERGE", Keeps, GrowsToLimit),
    // Hashes.
    row("HDEL", Keeps, Shrinks),
    row("HEXPIRE", Keeps, Trims(Age)),
    row("HEXPIREAT", Keeps, Trims(Age)),
    row("HGETDEL", Keeps, Shrinks).reads(),
    row("HGETEX", Keeps, HGETEX).reads(),
    row("HINCRBY", Keeps, Grows),
    row("HINCRBYFLOAT", Keeps, Grows),
    row("HMSET", Keeps, Grows),
    row("HPERSIST", Keeps, Neutral),
    row("HPEXPIRE", Keeps, Trims(Age)),
    row("HPEXPIREAT", Keeps, Trims(Age)),
    row("HSET", Keeps, Grows),
    row("HSETEX", Keeps, HSETEX),
    row("HSETNX", Keeps, Grows),
    // Lists.
    row("BLMOVE", Keeps, Grows).from(Shrinks).reads(),
    row("BLMPOP", Keeps, Shrinks).reads(),
    row("BLPOP", Keeps, Shrinks).reads(),
    row("BRPOP", Keeps, Shrinks).reads(),
    row("BRPOPLPUSH", Keeps, Grows).from(Shrinks).reads(),
    row("LINSERT", Keeps, Grows),
    row("LMOVE", Keeps, Grows).from(Shrinks).reads(),
    row("LMPOP", Keeps, Shrinks).reads(),
    row("LPOP", Keeps, Shrinks).reads(),
    row("LPUSH", Keeps, Grows),
    row("LPUSHX", Keeps, Grows),
    row("LREM", Keeps, Shrinks),
    row("LSET", Keeps, Neutral),
    row("LTRIM", Keeps, Trims(Count)),
    row("RPOP", Keeps, Shrinks).reads(),
    row("RPOPLPUSH", Keeps, Grows).from(Shrinks).reads(),
    row("RPUSH", Keeps, Grows),
    row("RPUSHX", Keeps, Grows),
    // Sets.
    row("SADD", Keeps, Grows),
    row("SDIFFSTORE", Drops, Replaces),
    row("SINTERSTORE", Drops, Replaces),
    row("SMOVE", Keeps, Grows).from(Shrinks),
    row("SPOP", Keeps, Shrinks).reads(),
    row("SREM", Keeps, Shrinks),
    row("SUNIONSTORE", Drops, Replaces),
    // Sorted sets, geo.
    row("BZMPOP", Keeps, Shrinks).reads(),
    row("BZPOPMAX", Keeps, Shrinks).reads(),
    row("BZPOPMIN", Keeps, Shrinks).reads(),
    row("GEOADD", Keeps, Grows),
    row("GEORADIUS", ON_STORE_EXPIRY, ON_STORE_SIZE).reads(),
    row("GEORADIUSBYMEMBER", ON_STORE_EXPIRY, ON_STORE_SIZE).reads(),
    row("GEOSEARCHSTORE", Drops, Replaces),
    row("ZADD", Keeps, Grows),
    row("ZDIFFSTORE", Drops, Replaces),
    row("ZINCRBY", Keeps, Grows),
    row("ZINTERSTORE", Drops, Replaces),
    row("ZMPOP", Keeps, Shrinks).reads(),
    row("ZPOPMAX", Keeps, Shrinks).reads(),
    row("ZPOPMIN", Keeps, Shrinks).reads(),
    row("ZRANGESTORE", Drops, Replaces),
    row("ZREM", Keeps, Shrinks),
    row("ZREMRANGEBYLEX", Keeps, Shrinks),
    row("ZREMRANGEBYRANK", Keeps, Trims(Rank)),
    row("ZREMRANGEBYSCORE", Keeps, Trims(Score)),
    row("ZUNIONSTORE", Drops, Replaces),
    // Streams. What changes only a group's state leaves the stream as it is.
    row("XACK", Keeps, Neutral),
    row("XACKDEL", Keeps, Shrinks),
    row("XADD", Keeps, XADD),
    row("XAUTOCLAIM", Keeps, Neutral).reads(),
    row("XCLAIM", Keeps, Neutral).reads(),
    row("XDEL", Keeps, Shrinks),
    row("XDELEX", Keeps, Shrinks),
    row("XGROUP CREATE", Keeps, Neutral),
    row("XGROUP CREATECONSUMER", Keeps, Neutral),
    row("XGROUP DELCONSUMER", Keeps, Neutral),
    row("XGROUP DESTROY", Keeps, Neutral),
    row("XGROUP SETID", Keeps, Neutral),
    row("XREADGROUP", Keeps, Neutral).reads(),
    row("XSETID", Keeps, Neutral),
    row("XTRIM", Keeps, XTRIM),
    // JSON documents. All keep the expiry, even a SET of the root, which alone replaces the whole.
    row("JSON.ARRAPPEND", Keeps, Grows),
    row("JSON.ARRINSERT", Keeps, Grows),
    row("JSON.ARRPOP", Keeps, Shrinks).reads(),
    row("JSON.ARRTRIM", Keeps, Trims(Count)),
    row("JSON.CLEAR", Keeps, Shrinks),
    row("JSON.DEL", Keeps, Shrinks),
    row("JSON.FORGET", Keeps, Shrinks),
    row("JSON.MERGE", Keeps, Grows),
    row("JSON.MSET", Keeps, Grows),
    row("JSON.NUMINCRBY", Keeps, Neutral),
    row("JSON.NUMMULTBY", Keeps, Neutral),
    row("JSON.SET", Keeps, Grows),
    row("JSON.STRAPPEND", Keeps, Grows),
    row("JSON.TOGGLE", Keeps, Neutral),
    // Vector sets, Bloom filters, time series.
    row("VADD", Keeps, Grows),
    row("VREM", Keeps, Shrinks),
    row("VSETATTR", Keeps, Neutral),
    row("BF.ADD", Keeps, Grows),
    row("BF.INSERT", Keeps, Grows),
    row("BF.MADD", Keeps, Grows),
    row("BF.RESERVE", Keeps, Neutral),
    row("TS.ADD", Keeps, TS_ADD),
    row("TS.ALTER", Keeps, TS_CREATE),
    row("TS.CREATE", Keeps, TS_CREATE),
    row("TS.DECRBY", Keeps, TS_ADD),
    row("TS.DEL", Keeps, Shrinks),
    row("TS.INCRBY", Keeps, TS_ADD),
    row("TS.MADD", Keeps, Grows),
];
