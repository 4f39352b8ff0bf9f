//! Methods of go-redis as words.

use super::super::super::program::{Argument, Expression, Form};
use super::super::worded::{self, words};
use super::super::{Whole, Word, Words};

/// Methods that are not the command with its arguments in order; the context is left out.
const METHODS: &[(&str, &str)] = &[
    ("BLMove", "BLMOVE $0 $1 $2 $3 $4"),
    ("BLMPop", "BLMPOP $0 # $3.. $1"),
    ("BLPop", "BLPOP $1.. $0"),
    ("BRPop", "BRPOP $1.. $0"),
    ("BZPopMax", "BZPOPMAX $1.. $0"),
    ("BZPopMin", "BZPOPMIN $1.. $0"),
    ("BitOpAnd", "BITOP AND $0 $1.."),
    ("BitOpNot", "BITOP NOT $0 $1"),
    ("BitOpOr", "BITOP OR $0 $1.."),
    ("BitOpXor", "BITOP XOR $0 $1.."),
    ("Eval", "EVAL $0 # $1"),
    ("EvalRO", "EVAL_RO $0 # $1"),
    ("EvalSha", "EVALSHA $0 # $1"),
    ("Expire", "EXPIRE $0 $1"),
    ("ExpireAt", "EXPIREAT $0 $1"),
    ("GetEx", "GETEX $0 EX~1"),
    ("HScan", "HSCAN $0 $1 MATCH:2 COUNT:3"),
    ("HSet", "HSET $0 $1.."),
    ("HMSet", "HMSET $0 $1.."),
    ("LInsertAfter", "LINSERT $0 AFTER $1 $2"),
    ("LInsertBefore", "LINSERT $0 BEFORE $1 $2"),
    ("LPopCount", "LPOP $0 $1"),
    ("MSet", "MSET $0.."),
    ("ObjectEncoding", "OBJECT ENCODING $0"),
    ("ObjectFreq", "OBJECT FREQ $0"),
    ("ObjectIdleTime", "OBJECT IDLETIME $0"),
    ("PubSubNumSub", "PUBSUB NUMSUB $0.."),
    ("RPopCount", "RPOP $0 $1"),
    ("SPopN", "SPOP $0 $1"),
    ("SRandMemberN", "SRANDMEMBER $0 $1"),
    ("SScan", "SSCAN $0 $1 MATCH:2 COUNT:3"),
    ("Scan", "SCAN $0 MATCH:1 COUNT:2"),
    ("ScanType", "SCAN $0 MATCH:1 COUNT:2 TYPE:3"),
    ("SetEX", "SETEX $0 $2 $1"),
    ("SetEx", "SETEX $0 $2 $1"),
    ("Set", "SET $0 $1 EX~2"),
    ("SetNX", "SET $0 $1 EX~2 NX"),
    ("SetXX", "SET $0 $1 EX~2 XX"),
    ("XAckDel", "XACKDEL $0 $1 $2.."),
    ("XGroupCreate", "XGROUP CREATE $0 $1 $2"),
    ("XGroupCreateConsumer", "XGROUP CREATECONSUMER $0 $1 $2"),
    ("XGroupCreateMkStream", "XGROUP CREATE $0 $1 $2 MKSTREAM"),
    ("XGroupDelConsumer", "XGROUP DELCONSUMER $0 $1 $2"),
    ("XGroupDestroy", "XGROUP DESTROY $0 $1"),
    ("XGroupSetID", "XGROUP SETID $0 $1 $2"),
    ("XInfoConsumers", "XINFO CONSUMERS $0 $1"),
    ("XInfoGroups", "XINFO GROUPS $0"),
    ("XInfoStream", "XINFO STREAM $0"),
    ("XInfoStreamFull", "XINFO STREAM $0 FULL"),
    ("XRangeN", "XRANGE $0 $1 $2 COUNT:3"),
    ("XReadStreams", "XREAD STREAMS $0.."),
    ("XRevRangeN", "XREVRANGE $0 $1 $2 COUNT:3"),
    ("XTrim", "XTRIM $0 MAXLEN $1"),
    ("XTrimApprox", "XTRIM $0 MAXLEN ~ $1"),
    ("XTrimMaxLen", "XTRIM $0 MAXLEN $1"),
    ("XTrimMaxLenApprox", "XTRIM $0 MAXLEN ~ $1"),
    ("XTrimMinID", "XTRIM $0 MINID $1"),
    ("XTrimMinIDApprox", "XTRIM $0 MINID ~ $1"),
    ("ZIncr", "ZADD $0 INCR $1"),
    ("ZPopMax", "ZPOPMAX $0 $1"),
    ("ZPopMin", "ZPOPMIN $0 $1"),
    ("ZRangeByLex", "ZRANGEBYLEX $0"),
    ("ZRangeByScore", "ZRANGEBYSCORE $0"),
    ("ZRangeByScoreWithScores", "ZRANGEBYSCORE $0"),
    ("ZRangeWithScores", "ZRANGE $0 $1 $2 WITHSCORES"),
    ("ZRevRangeByLex", "ZREVRANGEBYLEX $0"),
    ("ZRevRangeByScore", "ZREVRANGEBYSCORE $0"),
    ("ZRevRangeByScoreWithScores", "ZREVRANGEBYSCORE $0"),
    ("ZRevRangeWithScores", "ZREVRANGE $0 $1 $2 WITHSCORES"),
    ("ZScan", "ZSCAN $0 $1 MATCH:2 COUNT:3"),
    ("ZRankWithScore", "ZRANK $0 $1 WITHSCORE"),
    ("GeoRadius", "GEORADIUS $0 $1 $2"),
    ("GeoRadiusByMember", "GEORADIUSBYMEMBER $0 $1"),
    ("GeoSearch", "GEOSEARCH $0"),
    ("JSONSet", "JSON.SET $0 $1 $2"),
    ("JSONGet", "JSON.GET $0 $1.."),
    ("JSONDel", "JSON.DEL $0 $1"),
];

/// Methods of other objects, or for the connection itself.
const OTHER: &[&str] = &[
    "Append2",
    "Auth",
    "ClientGetName",
    "Close",
    "Command",
    "Config",
    "ConfigGet",
    "ConfigSet",
    "Conn",
    "Context",
    "DBSize",
    "Echo",
    "Exec",
    "Info",
    "Ping",
    "Pipeline",
    "Quit",
    "Save",
    "Select",
    "Sync",
    "Time",
    "Type2",
    "Wait",
    "Watch",
    "Discard",
    "Multi",
    "Unwatch",
];

/// Is it a context: `ctx`, `r.Context()`, `context.Background()`?
fn is_context(value: &Expression) -> bool {
    match &value.form {
        Form::Name(name) | Form::Attribute(_, name) => {
            let name = name.to_ascii_lowercase();
            name.contains("ctx") || name.ends_with("context")
        }
        Form::Call(callee, _) => match &callee.form {
            Form::Name(name) | Form::Attribute(_, name) => {
                let name = name.to_ascii_lowercase();
                name.contains("ctx") || name.contains("context") || matches!(name.as_str(), "background" | "todo")
            }
            _ => false,
        },
        _ => false,
    }
}

/// Commands that take as many arguments as this and no other number: one more is a context.
fn exact(command: &str) -> Option<usize> {
    let arity = crate::server::commands::get(command)?.arity;
    usize::try_from(arity).ok().map(|arity| arity.saturating_sub(command.split(' ').count()))
}

/// The arguments without the context.
pub(super) fn without_context(arguments: &[Argument]) -> &[Argument] {
    match arguments.split_first() {
        Some((first, rest)) if is_context(&first.value) => rest,
        _ => arguments,
    }
}

/// `script.Run(ctx, rdb, []string{key}, ...)`.
pub(super) fn script(call: &Expression) -> Option<Whole> {
    let (name, arguments) = worded::called(call)?;
    if !matches!(name, "Run" | "RunRO" | "Eval" | "EvalSha" | "EvalRO" | "EvalShaRO") {
        return None;
    }
    let script = worded::receiver(call)?;
    let [client, keys, ..] = without_context(arguments) else { return None };
    let lists = match &keys.value.form {
        Form::List(_) => true,
        Form::Name(name) => name.to_ascii_lowercase().ends_with("keys"),
        _ => false,
    };
    if !lists || !matches!(client.value.form, Form::Name(_) | Form::Attribute(..)) {
        return None;
    }
    let words = vec![
        Word::Literal("EVALSHA".to_owned()),
        Word::Value(script.clone()),
        Word::Count,
        Word::Value(keys.value.clone()),
    ];
    Some(Whole { words, client: Some(client.value.clone()) })
}

/// The words of a method.
pub(super) fn command(method: &str, arguments: &[Argument]) -> Option<Words> {
    let given = without_context(arguments);
    match method {
        "Do" | "Process" => return worded::spelled(given),
        "Watch" if given.len() > 1 => return Some(words("WATCH $1..", given)),
        "XAdd" => return Some(add(given.last()?)),
        "XRead" | "XReadGroup" => return read(&method.to_ascii_uppercase(), given.last()?),
        "XClaim" | "XClaimJustID" => {
            return Some(by_fields("XCLAIM", given.last()?, &["Stream", "Group", "Consumer", "MinIdle", "Messages"]));
        }
        "XAutoClaim" | "XAutoClaimJustID" => {
            return Some(by_fields("XAUTOCLAIM", given.last()?, &["Stream", "Group", "Consumer", "MinIdle", "Start"]));
        }
        "XPendingExt" => {
            return Some(by_fields(
                "XPENDING",
                given.last()?,
                &["Stream", "Group", "Start", "End", "Count", "Consumer"],
            ));
        }
        "ZRangeArgs" | "ZRangeArgsWithScores" => {
            return Some(by_fields("ZRANGE", given.last()?, &["Key", "Start", "Stop"]));
        }
        "SetArgs" => return Some(set_args(given)),
        "ZAdd" | "ZAddNX" | "ZAddXX" | "ZAddCh" | "ZAddGT" | "ZAddLT" => return Some(scored(method, given)),
        "ZAddArgs" | "ZAddArgsIncr" => return Some(words("ZADD $0", given)),
        "HExpire" | "HPExpire" => {
            return Some(words(&format!("{} $0 $1 FIELDS # $2..", method.to_ascii_uppercase()), given));
        }
        _ => {}
    }
    if method == "PExpire" {
        let mut all = words("PEXPIRE $0", given);
        all.extend(given.get(1).map(|ttl| Word::Value(ttl.value.clone())));
        return Some(all);
    }
    if let Some((_, pattern)) = METHODS.iter().find(|(name, _)| *name == method) {
        let command = pattern.split(' ').next().unwrap_or_default();
        let highest = pattern.bytes().filter(u8::is_ascii_digit).max().map_or(0, |digit| usize::from(digit - b'0') + 1);
        // With a context of another name there is one argument more than the pattern has.
        let given = if !pattern.contains("..") && given.len() > highest && given.len() == arguments.len() {
            given.get(1..)?
        } else {
            given
        };
        let mut all = words(pattern, given);
        if command == "SET" {
            expiry(&mut all);
        }
        return Some(all);
    }
    if OTHER.contains(&method) || arguments.is_empty() || !method.starts_with(|char: char| char.is_ascii_uppercase()) {
        return None;
    }
    let name = worded::command(method)?;
    let given = match exact(&name) {
        Some(count) if given.len() == arguments.len() && given.len() == count + 1 => given.get(1..)?,
        _ => given,
    };
    let mut all = worded::named(&name);
    all.extend(given.iter().map(worded::value));
    Some(all)
}

/// An expiration of `0` is none; `redis.KeepTTL` keeps what is there.
fn expiry(all: &mut Words) {
    for word in all.iter_mut() {
        let Word::Duration(_, value) = word else { continue };
        let keeps = match &value.form {
            Form::Attribute(_, name) => name == "KeepTTL",
            Form::Number(number) => number == "-1",
            _ => false,
        };
        if keeps {
            *word = Word::Literal("KEEPTTL".to_owned());
        }
    }
    all.retain(
        |word| !matches!(word, Word::Duration(_, Expression { form: Form::Number(number), .. }) if number == "0"),
    );
}

/// The fields of a struct that is given.
fn fields(argument: &Argument) -> &[(String, Expression)] {
    match &argument.value.form {
        Form::Construct(_, fields) => fields,
        _ => &[],
    }
}

fn field<'a>(argument: &'a Argument, name: &str) -> Option<&'a Expression> {
    fields(argument).iter().find(|(label, _)| label == name).map(|(_, value)| value)
}

fn literal(word: &str) -> Word {
    Word::Literal(word.to_owned())
}

fn by_fields(command: &str, argument: &Argument, names: &[&str]) -> Words {
    let mut all = worded::named(command);
    if fields(argument).is_empty() {
        all.push(worded::value(argument));
    }
    all.extend(names.iter().filter_map(|name| field(argument, name)).cloned().map(Word::Value));
    all
}

fn is_true(value: Option<&Expression>) -> bool {
    value.is_some_and(|value| value.form == Form::Flag(true))
}

fn add(argument: &Argument) -> Words {
    let mut all = by_fields("XADD", argument, &["Stream"]);
    if is_true(field(argument, "NoMkStream")) {
        all.push(literal("NOMKSTREAM"));
    }
    let bounds = [("MaxLen", "MAXLEN", false), ("MaxLenApprox", "MAXLEN", true), ("MinID", "MINID", false)];
    if let Some((value, token, approximate)) =
        bounds.iter().find_map(|(name, token, approximate)| Some((field(argument, name)?, token, approximate)))
    {
        all.push(literal(token));
        if *approximate || is_true(field(argument, "Approx")) {
            all.push(literal("~"));
        }
        all.push(Word::Value(value.clone()));
    }
    all.push(field(argument, "ID").cloned().map_or_else(|| literal("*"), Word::Value));
    all.extend(field(argument, "Values").map(values));
    all
}

fn values(value: &Expression) -> Word {
    if matches!(value.form, Form::Map(_)) { Word::Pairs(value.clone()) } else { Word::Value(value.clone()) }
}

fn read(command: &str, argument: &Argument) -> Option<Words> {
    let streams = field(argument, "Streams")?;
    let mut all = vec![literal(command)];
    if let Some((group, consumer)) = field(argument, "Group").zip(field(argument, "Consumer")) {
        all.extend([literal("GROUP"), Word::Value(group.clone()), Word::Value(consumer.clone())]);
    }
    all.extend(field(argument, "Count").cloned().map(|count| Word::Option("COUNT", count)));
    all.push(literal("STREAMS"));
    all.push(Word::Value(streams.clone()));
    Some(all)
}

fn set_args(given: &[Argument]) -> Words {
    let mut all = words("SET $0 $1", given);
    let Some(options) = given.get(2) else { return all };
    all.extend(field(options, "Mode").cloned().map(Word::Value));
    all.extend(field(options, "TTL").cloned().map(|ttl| Word::Duration("EX", ttl)));
    if is_true(field(options, "KeepTTL")) {
        all.push(literal("KEEPTTL"));
    }
    if is_true(field(options, "Get")) {
        all.push(literal("GET"));
    }
    expiry(&mut all);
    all
}

/// `ZAdd(ctx, key, redis.Z{Score: s, Member: m})`.
fn scored(method: &str, given: &[Argument]) -> Words {
    let mut all = words("ZADD $0", given);
    if let Some(flag) = method.strip_prefix("ZAdd").filter(|flag| !flag.is_empty()) {
        all.push(literal(&flag.to_ascii_uppercase()));
    }
    for argument in given.iter().skip(1) {
        match field(argument, "Score").zip(field(argument, "Member")) {
            Some((score, member)) => all.extend([Word::Value(score.clone()), Word::Value(member.clone())]),
            None if fields(argument).len() == 2 => {
                all.extend(fields(argument).iter().map(|(_, value)| Word::Value(value.clone())))
            }
            None => all.push(worded::value(argument)),
        }
    }
    all
}
