//! Methods of redis-rs and fred as words.

use super::super::super::program::{Argument, Expression, Form};
use super::super::worded::{self, called, receiver, words};
use super::super::{Role, Word, Words};

/// Methods of redis-rs (and deadpool, bb8, the cluster) that are not the command in small letters with its arguments in order.
const METHODS: &[(&str, &str)] = &[
    ("append", "APPEND $0 $1"),
    ("bit_and", "BITOP AND $0 $1"),
    ("bit_not", "BITOP NOT $0 $1"),
    ("bit_or", "BITOP OR $0 $1"),
    ("bit_xor", "BITOP XOR $0 $1"),
    ("bitcount_range", "BITCOUNT $0 $1 $2"),
    ("decr", "DECRBY $0 $1"),
    ("expire_at", "EXPIREAT $0 $1"),
    ("geo_add", "GEOADD $0 $1"),
    ("geo_dist", "GEODIST $0 $1 $2 $3"),
    ("geo_hash", "GEOHASH $0 $1"),
    ("geo_pos", "GEOPOS $0 $1"),
    ("geo_radius", "GEORADIUS $0 $1 $2 $3 $4"),
    ("geo_radius_by_member", "GEORADIUSBYMEMBER $0 $1 $2 $3"),
    ("get_del", "GETDEL $0"),
    ("get_ex", "GETEX $0 $1"),
    ("hincr", "HINCRBY $0 $1 $2"),
    ("hget_multiple", "HMGET $0 $1"),
    ("hget_ex", "HGETEX $0 $1 $2"),
    ("hset_ex", "HSETEX $0 $1 $2"),
    ("hset_multiple", "HSET $0 $1"),
    ("hset_nx", "HSETNX $0 $1 $2"),
    ("hscan_match", "HSCAN $0 0 MATCH:1"),
    ("hscan", "HSCAN $0 0"),
    ("incr", "INCRBY $0 $1"),
    ("linsert_after", "LINSERT $0 AFTER $1 $2"),
    ("linsert_before", "LINSERT $0 BEFORE $1 $2"),
    ("lpush_exists", "LPUSHX $0 $1"),
    ("mget", "MGET $0"),
    ("mset", "MSET $0"),
    ("mset_nx", "MSETNX $0"),
    ("set_multiple", "MSET $0"),
    ("object_encoding", "OBJECT ENCODING $0"),
    ("object_freq", "OBJECT FREQ $0"),
    ("object_idletime", "OBJECT IDLETIME $0"),
    ("object_refcount", "OBJECT REFCOUNT $0"),
    ("pexpire_at", "PEXPIREAT $0 $1"),
    ("pset_ex", "PSETEX $0 $2 $1"),
    ("rename_nx", "RENAMENX $0 $1"),
    ("rpush_exists", "RPUSHX $0 $1"),
    ("scan", "SCAN 0"),
    ("scan_match", "SCAN 0 MATCH:0"),
    ("set_ex", "SETEX $0 $2 $1"),
    ("set_nx", "SETNX $0 $1"),
    ("sscan", "SSCAN $0 0"),
    ("sscan_match", "SSCAN $0 0 MATCH:1"),
    ("xadd", "XADD $0 $1 $2"),
    ("xadd_map", "XADD $0 $1 $2"),
    ("xautoclaim_options", "XAUTOCLAIM $0 $1 $2 $3 $4"),
    ("xclaim_options", "XCLAIM $0 $1 $2 $3 $4"),
    ("xgroup_create", "XGROUP CREATE $0 $1 $2"),
    ("xgroup_create_mkstream", "XGROUP CREATE $0 $1 $2 MKSTREAM"),
    ("xgroup_createconsumer", "XGROUP CREATECONSUMER $0 $1 $2"),
    ("xgroup_delconsumer", "XGROUP DELCONSUMER $0 $1 $2"),
    ("xgroup_destroy", "XGROUP DESTROY $0 $1"),
    ("xgroup_setid", "XGROUP SETID $0 $1 $2"),
    ("xinfo_consumers", "XINFO CONSUMERS $0 $1"),
    ("xinfo_groups", "XINFO GROUPS $0"),
    ("xinfo_stream", "XINFO STREAM $0"),
    ("xpending_count", "XPENDING $0 $1 $2 $3 $4"),
    ("xpending_consumer_count", "XPENDING $0 $1 $2 $3 $4 $5"),
    ("xrange_all", "XRANGE $0 - +"),
    ("xrange_count", "XRANGE $0 $1 $2 COUNT:3"),
    ("xrevrange_all", "XREVRANGE $0 + -"),
    ("xrevrange_count", "XREVRANGE $0 $1 $2 COUNT:3"),
    ("xread", "XREAD STREAMS $0 $1"),
    ("xtrim_options", "XTRIM $0"),
    ("zadd", "ZADD $0 $2 $1"),
    ("zadd_multiple", "ZADD $0 $1"),
    ("zadd_options", "ZADD $0 $2 $1"),
    ("zincr", "ZINCRBY $0 $2 $1"),
    ("zinterstore", "ZINTERSTORE $0 # $1"),
    ("zinterstore_max", "ZINTERSTORE $0 # $1"),
    ("zinterstore_min", "ZINTERSTORE $0 # $1"),
    ("zrange_withscores", "ZRANGE $0 $1 $2 WITHSCORES"),
    ("zrangebylex_limit", "ZRANGEBYLEX $0 $1 $2 LIMIT $3 $4"),
    ("zrangebyscore_limit", "ZRANGEBYSCORE $0 $1 $2 LIMIT $3 $4"),
    ("zrangebyscore_limit_withscores", "ZRANGEBYSCORE $0 $1 $2 WITHSCORES LIMIT $3 $4"),
    ("zrangebyscore_withscores", "ZRANGEBYSCORE $0 $1 $2 WITHSCORES"),
    ("zrembylex", "ZREMRANGEBYLEX $0 $1 $2"),
    ("zrembyscore", "ZREMRANGEBYSCORE $0 $1 $2"),
    ("zrevrange_withscores", "ZREVRANGE $0 $1 $2 WITHSCORES"),
    ("zrevrangebyscore_limit", "ZREVRANGEBYSCORE $0 $1 $2 LIMIT $3 $4"),
    ("zrevrangebyscore_withscores", "ZREVRANGEBYSCORE $0 $1 $2 WITHSCORES"),
    ("zscan", "ZSCAN $0 0"),
    ("zscan_match", "ZSCAN $0 0 MATCH:1"),
    ("zscore_multiple", "ZMSCORE $0 $1"),
    ("zunionstore", "ZUNIONSTORE $0 # $1"),
    ("zunionstore_max", "ZUNIONSTORE $0 # $1"),
    ("zunionstore_min", "ZUNIONSTORE $0 # $1"),
];

/// Methods of fred that differ, by their number of arguments.
const FRED: &[(&str, usize, &str)] = &[
    ("blpop", 2, "BLPOP $0 $1"),
    ("expire", 3, "EXPIRE $0 $1"),
    ("expire_at", 3, "EXPIREAT $0 $1"),
    ("hincrby", 3, "HINCRBY $0 $1 $2"),
    ("hset", 2, "HSET $0 %1"),
    ("hmset", 2, "HMSET $0 %1"),
    ("lrange", 3, "LRANGE $0 $1 $2"),
    ("pexpire", 3, "PEXPIRE $0 $1"),
    ("scan", 3, "SCAN 0 MATCH:0 COUNT:1"),
    ("scan_page", 4, "SCAN $0 MATCH:1 COUNT:2"),
    ("zadd", 6, "ZADD $0 $5"),
    ("zrange", 6, "ZRANGE $0 $1 $2"),
    ("zrangebyscore", 5, "ZRANGEBYSCORE $0 $1 $2"),
    ("zrevrangebyscore", 5, "ZREVRANGEBYSCORE $0 $1 $2"),
    ("eval", 3, "EVAL $0 # $1"),
    ("evalsha", 3, "EVALSHA $0 # $1"),
];

/// Methods whose name is a command that they are not, as they ask for themselves.
const OTHER: &[&str] = &[
    "command", "config", "client", "cluster", "module", "script", "function", "object", "memory", "debug", "wait",
    "select", "quit", "monitor", "sync", "watch", "exec", "multi", "discard", "auth", "acl", "info", "time", "save",
    "role", "shutdown", "latency", "move", "reset", "hello", "echo", "ping", "sort_by", "type",
];

/// The words of a method.
pub(super) fn command(role: Role, method: &str, arguments: &[Argument]) -> Option<Words> {
    if role == Role::Pool || role == Role::Lock || role == Role::Script {
        return None;
    }
    match method {
        "set" if arguments.len() == 5 => return Some(fred_set(arguments)),
        "set_options" => {
            let mut all = words("SET $0 $1", arguments);
            all.extend(arguments.get(2).map(|options| set_options(&options.value)).unwrap_or_default());
            return Some(all);
        }
        "get_ex" => {
            let mut all = words("GETEX $0", arguments);
            all.extend(arguments.get(1).and_then(|expiry| expiry_of(&expiry.value)));
            return Some(all);
        }
        "key_type" => return Some(words("TYPE $0", arguments)),
        "xadd_maxlen" | "xadd_maxlen_map" => return Some(trimmed("XADD $0", "$2 $3", arguments)),
        "xtrim" if arguments.len() == 2 => return Some(trimmed("XTRIM $0", "", arguments)),
        "xadd_options" | "xtrim_options" => return Some(with_options(method, arguments)),
        "xadd" if arguments.len() == 5 => return Some(fred_xadd(arguments)),
        "xread_options" | "xread" | "xread_map" if arguments.len() == 4 => {
            return Some(words("XREAD COUNT:0 BLOCK:1 STREAMS $2 $3", arguments));
        }
        "xread_options" => return Some(read_with_options(arguments)),
        "xreadgroup" | "xreadgroup_map" => {
            return Some(words("XREADGROUP GROUP $0 $1 COUNT:2 BLOCK:3 STREAMS $5 $6", arguments));
        }
        "del" | "exists" | "unlink" if arguments.len() == 1 => {
            return Some(words(&format!("{} $0", method.to_ascii_uppercase()), arguments));
        }
        "incr" | "decr" if arguments.len() == 1 => {
            return Some(words(&format!("{} $0", method.to_ascii_uppercase()), arguments));
        }
        "req_packed_command" | "req_packed_commands" | "send_packed_command" | "custom" => return None,
        _ => {}
    }
    let fred = FRED.iter().find(|(name, count, _)| *name == method && *count == arguments.len());
    if let Some((_, _, pattern)) = fred {
        return Some(words(pattern, arguments));
    }
    if let Some((_, pattern)) = METHODS.iter().find(|(name, _)| *name == method) {
        return Some(words(pattern, arguments));
    }
    if OTHER.contains(&method) || arguments.is_empty() {
        return None;
    }
    let name = method.replace('_', "");
    if method.chars().any(|char| char.is_ascii_uppercase()) {
        return None;
    }
    let mut all = worded::named(&worded::command(&name)?);
    all.extend(arguments.iter().map(worded::value));
    Some(all)
}

/// `SetExpiry::EX(60)`, `Expiration::PX(1)`: the option with its amount.
fn expiry_of(value: &Expression) -> Option<Word> {
    if let Some((name, arguments)) = called(value)
        && matches!(name, "EX" | "PX" | "EXAT" | "PXAT")
        && let [amount] = arguments
    {
        return Some(Word::Option(worded::token_of(name), amount.value.clone()));
    }
    match &value.form {
        Form::Attribute(_, name) if matches!(name.as_str(), "KEEPTTL" | "PERSIST") => Some(Word::Literal(name.clone())),
        _ => None,
    }
}

/// `SetOptions::default().conditional_set(ExistenceCheck::NX).with_expiration(SetExpiry::EX(60))`.
fn set_options(options: &Expression) -> Words {
    let mut found = Vec::new();
    let mut value = options;
    while let Some((method, arguments)) = called(value) {
        match (method, arguments) {
            ("with_expiration", [expiry]) => found.extend(expiry_of(&expiry.value)),
            ("conditional_set", [check]) => {
                if let Form::Attribute(_, name) = &check.value.form {
                    found.push(Word::Literal(name.clone()));
                }
            }
            ("get", _) => found.push(Word::Literal("GET".to_owned())),
            _ => {}
        }
        let Some(next) = receiver(value) else { break };
        value = next;
    }
    found.reverse();
    found
}

fn fred_set(arguments: &[Argument]) -> Words {
    let mut all = words("SET $0 $1", arguments);
    for option in arguments.iter().skip(2).take(2) {
        match &option.value.form {
            Form::Attribute(_, name) if matches!(name.as_str(), "NX" | "XX") => all.push(Word::Literal(name.clone())),
            _ => all.extend(expiry_of(&option.value)),
        }
    }
    if arguments.get(4).is_some_and(|get| get.value.form == Form::Flag(true)) {
        all.push(Word::Literal("GET".to_owned()));
    }
    all
}

/// `StreamMaxlen::Approx(1000)` as words.
fn maxlen(value: &Expression) -> Words {
    match called(value) {
        Some((kind @ ("Approx" | "Equals" | "MaxLen" | "Maxlen" | "maxlen"), [first, rest @ ..])) => {
            let mut all = vec![Word::Literal("MAXLEN".to_owned())];
            let strategy = rest.is_empty().then_some(kind);
            match (strategy, rest.first()) {
                (Some("Approx"), _) => all.push(Word::Literal("~".to_owned())),
                (Some("Equals"), _) => all.push(Word::Literal("=".to_owned())),
                (Some(_), _) => return maxlen(&first.value),
                (None, Some(amount)) => {
                    let exact =
                        matches!(&first.value.form, Form::Attribute(_, name) if name == "Exactly" || name == "Exact");
                    all.push(Word::Literal(if exact { "=" } else { "~" }.to_owned()));
                    all.push(Word::Value(amount.value.clone()));
                    return all;
                }
                (None, None) => {}
            }
            all.push(Word::Value(first.value.clone()));
            all
        }
        Some(("trim_strategy", [only])) => maxlen(&only.value),
        _ => match &value.form {
            // fred: `(XCapKind::MaxLen, XCapTrim::AlmostExact, 1000)`.
            Form::List(parts) => match parts.as_slice() {
                [_, trim, amount] => {
                    let exact = matches!(&trim.form, Form::Attribute(_, name) if name == "Exact")
                        || matches!(&trim.form, Form::Text(text) if text == "=");
                    let mark = Word::Literal(if exact { "=" } else { "~" }.to_owned());
                    vec![Word::Literal("MAXLEN".to_owned()), mark, Word::Value(amount.clone())]
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        },
    }
}

fn trimmed(before: &str, after: &str, arguments: &[Argument]) -> Words {
    let mut all = words(before, arguments);
    all.extend(arguments.get(1).map(|bound| maxlen(&bound.value)).unwrap_or_default());
    all.extend(words(after, arguments));
    all
}

/// `StreamAddOptions::default().trim(StreamTrimStrategy::maxlen(StreamTrimmingMode::Approx, 1000))`.
fn with_options(method: &str, arguments: &[Argument]) -> Words {
    let (name, after, at) = if method == "xadd_options" { ("XADD $0", "$1 $2", 3) } else { ("XTRIM $0", "", 1) };
    let mut all = words(name, arguments);
    let mut value = arguments.get(at).map(|options| &options.value);
    while let Some(options) = value {
        match called(options) {
            Some(("trim", [strategy])) => all.extend(maxlen(&strategy.value)),
            Some((_, [_, _])) => {
                all.extend(maxlen(options));
                break;
            }
            _ => {}
        }
        value = receiver(options);
    }
    all.extend(words(after, arguments));
    all
}

fn fred_xadd(arguments: &[Argument]) -> Words {
    let mut all = words("XADD $0", arguments);
    all.extend(arguments.get(2).map(|cap| maxlen(&cap.value)).unwrap_or_default());
    all.extend(words("$3 $4", arguments));
    all
}

/// With `.group(g, c)` among the options it is XREADGROUP.
fn read_with_options(arguments: &[Argument]) -> Words {
    let (mut group, mut rest) = (None, Vec::new());
    let mut value = arguments.get(2).map(|options| &options.value);
    while let Some(options) = value {
        match called(options) {
            Some(("group", [name, consumer])) => group = Some((name.value.clone(), consumer.value.clone())),
            Some(("count", [count])) => rest.push(Word::Option("COUNT", count.value.clone())),
            Some(("block", [block])) => rest.push(Word::Option("BLOCK", block.value.clone())),
            _ => {}
        }
        value = receiver(options);
    }
    let mut all = match group {
        Some((name, consumer)) => {
            vec![
                Word::Literal("XREADGROUP".to_owned()),
                Word::Literal("GROUP".to_owned()),
                Word::Value(name),
                Word::Value(consumer),
            ]
        }
        None => vec![Word::Literal("XREAD".to_owned())],
    };
    all.extend(rest);
    all.extend(words("STREAMS $0 $1", arguments));
    all
}
