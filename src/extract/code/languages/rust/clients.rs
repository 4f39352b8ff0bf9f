//! The Redis libraries of Rust, and what its standard library does to texts.

use super::super::super::program::{Expression, Form};
use super::super::worded::{self, called, receiver};
use super::super::{At, Clients, Gives, Maker, Operation, Role, Whole, Word};
use super::redis_rs;

/// What they look like.
pub(super) static CLIENTS: Clients = Clients {
    modules: &[
        "redis",
        "fred",
        "bb8_redis",
        "deadpool_redis",
        "r2d2_redis",
        "mobc_redis",
        "bb8",
        "deadpool",
        "redis_cluster_async",
    ],
    makers: MAKERS,
    types: TYPES,
    gives: GIVES,
    command: redis_rs::command,
    whole: Some(whole),
    telling: &[
        "hset",
        "hget",
        "hgetall",
        "hset_multiple",
        "hincr",
        "hdel",
        "hmget",
        "hexists",
        "zadd",
        "zrem",
        "zrange",
        "zrevrange",
        "zscore",
        "zincr",
        "zrangebyscore",
        "zadd_multiple",
        "zremrangebyrank",
        "zrembyscore",
        "zcard",
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
        "set_ex",
        "pset_ex",
        "set_nx",
        "set_options",
        "get_del",
        "get_ex",
        "expire",
        "pexpire",
        "expire_at",
        "pttl",
        "xadd",
        "xadd_maxlen",
        "xadd_map",
        "xread",
        "xread_options",
        "xreadgroup",
        "xrange",
        "xrevrange",
        "xack",
        "xlen",
        "xtrim",
        "xdel",
        "xgroup_create",
        "xgroup_create_mkstream",
        "mget",
        "setex",
        "scan_match",
        "pfadd",
        "pfcount",
        "incrby",
        "decrby",
        "publish",
        "psubscribe",
        "geo_add",
    ],
    names: &[
        "con",
        "conn",
        "connection",
        "redis",
        "redis_conn",
        "redis_con",
        "redis_client",
        "pipe",
        "pipeline",
        "pubsub",
        "pub_sub",
        "connection_manager",
        "valkey",
    ],
    methods: METHODS,
    functions: FUNCTIONS,
};

const MAKERS: &[Maker] = &[
    Maker { names: &["redis.Client.open", "redis.Client.build_with_tls"], gives: Role::Client, bus: &[At::Place(0)] },
    Maker {
        names: &[
            "redis.ConnectionManager.new",
            "redis.ConnectionManager.new_with_config",
            "redis.ClusterClient.new",
            "redis.ClusterClientBuilder.new",
            "redis.SentinelClient.build",
            "redis.Builder.from_config",
            "fred.RedisClient.new",
            "fred.Client.new",
            "fred.RedisClient.default",
            "fred.Builder.from_config",
        ],
        gives: Role::Client,
        bus: &[At::Place(0)],
    },
    Maker {
        names: &[
            "redis.pipe",
            "redis.Pipeline.new",
            "redis.Pipeline.with_capacity",
            "redis.Pipeline.default",
            "redis.ClusterPipeline.new",
        ],
        gives: Role::Pipeline,
        bus: &[At::Place(0)],
    },
    Maker {
        names: &[
            "redis.Config.from_url",
            "fred.RedisConfig.from_url",
            "fred.Config.from_url",
            "deadpool_redis.Config.from_url",
            "deadpool_redis.Manager.new",
            "bb8_redis.RedisConnectionManager.new",
            "bb8_redis.RedisMultiplexedConnectionManager.new",
            "r2d2_redis.RedisConnectionManager.new",
            "mobc_redis.RedisConnectionManager.new",
            "redis.RedisConnectionManager.new",
            "bb8.Pool.builder",
            "bb8.Builder.new",
            "r2d2.Pool.builder",
            "r2d2.Pool.new",
            "mobc.Pool.builder",
            "mobc.Pool.new",
            "deadpool_redis.Pool.builder",
        ],
        gives: Role::Pool,
        bus: &[At::Place(0)],
    },
    Maker { names: &["redis.Script.new"], gives: Role::Script, bus: &[] },
];

const TYPES: &[(&str, Role)] = &[
    ("AsyncCommands", Role::Client),
    ("AsyncTypedCommands", Role::Client),
    ("Client", Role::Client),
    ("ClientLike", Role::Client),
    ("ClusterClient", Role::Client),
    ("ClusterConnection", Role::Client),
    ("Commands", Role::Client),
    ("Connection", Role::Client),
    ("ConnectionLike", Role::Client),
    ("ConnectionManager", Role::Client),
    ("FunctionInterface", Role::Client),
    ("HashesInterface", Role::Client),
    ("KeysInterface", Role::Client),
    ("ListInterface", Role::Client),
    ("MultiplexedConnection", Role::Client),
    ("PooledConnection", Role::Client),
    ("PubsubInterface", Role::Client),
    ("RedisClient", Role::Client),
    ("RedisPool", Role::Client),
    ("SetsInterface", Role::Client),
    ("SortedSetsInterface", Role::Client),
    ("StreamsInterface", Role::Client),
    ("TypedCommands", Role::Client),
    ("SubscriberClient", Role::Client),
    ("SentinelClient", Role::Client),
    ("Pipeline", Role::Pipeline),
    ("ClusterPipeline", Role::Pipeline),
    ("PubSub", Role::PubSub),
    ("PubSubSink", Role::PubSub),
    ("Script", Role::Script),
    ("Pool", Role::Pool),
    ("RedisConnectionManager", Role::Pool),
    ("RedisMultiplexedConnectionManager", Role::Pool),
];

const GIVES: &[(&str, Gives)] = &[
    ("get_connection", Gives::Object(Role::Client)),
    ("get_connection_with_timeout", Gives::Object(Role::Client)),
    ("get_async_connection", Gives::Object(Role::Client)),
    ("get_tokio_connection", Gives::Object(Role::Client)),
    ("get_tokio_connection_manager", Gives::Object(Role::Client)),
    ("get_multiplexed_async_connection", Gives::Object(Role::Client)),
    ("get_multiplexed_async_connection_with_config", Gives::Object(Role::Client)),
    ("get_multiplexed_tokio_connection", Gives::Object(Role::Client)),
    ("get_multiplexed_async_std_connection", Gives::Object(Role::Client)),
    ("get_multiplexed_connection", Gives::Object(Role::Client)),
    ("get_connection_manager", Gives::Object(Role::Client)),
    ("get_connection_manager_with_config", Gives::Object(Role::Client)),
    ("get_async_pubsub", Gives::Object(Role::PubSub)),
    ("get_async_monitor", Gives::Object(Role::PubSub)),
    ("as_pubsub", Gives::Object(Role::PubSub)),
    ("into_pubsub", Gives::Object(Role::PubSub)),
    ("into_on_message", Gives::Object(Role::PubSub)),
    ("on_message", Gives::Object(Role::PubSub)),
    ("pipeline", Gives::Object(Role::Pipeline)),
    ("multi", Gives::Object(Role::Pipeline)),
    ("atomic", Gives::Itself),
    ("ignore", Gives::Itself),
    ("clone", Gives::Itself),
    ("clone_new", Gives::Itself),
    ("next", Gives::Itself),
    ("next_connected", Gives::Itself),
    ("by_ref", Gives::Itself),
    ("build", Gives::Itself),
    ("to_owned", Gives::Itself),
    ("deref", Gives::Itself),
    ("deref_mut", Gives::Itself),
    ("lock", Gives::Itself),
    ("read", Gives::Itself),
    ("write", Gives::Itself),
    ("borrow", Gives::Itself),
    ("borrow_mut", Gives::Itself),
    ("map_err", Gives::Itself),
    ("context", Gives::Itself),
    ("with_context", Gives::Itself),
    ("create_pool", Gives::Object(Role::Pool)),
    ("builder", Gives::Itself),
];

const METHODS: &[(&str, Operation)] = &[
    ("as_bytes", Operation::Same(0)),
    ("as_str", Operation::Same(0)),
    ("as_slice", Operation::Same(0)),
    ("as_secs", Operation::Same(0)),
    ("as_secs_f64", Operation::Same(0)),
    ("await", Operation::Same(0)),
    ("borrow", Operation::Same(0)),
    ("by_ref", Operation::Same(0)),
    ("clone", Operation::Same(0)),
    ("cloned", Operation::Same(0)),
    ("collect", Operation::Same(0)),
    ("concat", Operation::Concat),
    ("context", Operation::Same(0)),
    ("copied", Operation::Same(0)),
    ("deref", Operation::Same(0)),
    ("enumerate", Operation::Enumerate),
    ("extend", Operation::Extend),
    ("extend_from_slice", Operation::Extend),
    ("filter", Operation::Same(0)),
    ("flat_map", Operation::MapWith),
    ("filter_map", Operation::MapWith),
    ("get", Operation::Get),
    ("into", Operation::Same(0)),
    ("into_boxed_str", Operation::Same(0)),
    ("into_bytes", Operation::Same(0)),
    ("into_iter", Operation::Elements),
    ("into_owned", Operation::Same(0)),
    ("into_string", Operation::Same(0)),
    ("iter", Operation::Elements),
    ("iter_mut", Operation::Elements),
    ("join", Operation::JoinWith),
    ("keys", Operation::Names),
    ("lock", Operation::Same(0)),
    ("map", Operation::MapWith),
    ("map_err", Operation::Same(0)),
    ("push", Operation::Append),
    ("read", Operation::Same(0)),
    ("replace", Operation::Replace),
    ("replacen", Operation::Replace),
    ("rev", Operation::Same(0)),
    ("skip", Operation::Same(0)),
    ("take", Operation::Same(0)),
    ("to_ascii_lowercase", Operation::Lower),
    ("to_ascii_uppercase", Operation::Upper),
    ("to_lowercase", Operation::Lower),
    ("to_owned", Operation::Same(0)),
    ("to_string", Operation::Same(0)),
    ("to_uppercase", Operation::Upper),
    ("to_vec", Operation::Same(0)),
    ("trim", Operation::Same(0)),
    ("trim_end", Operation::Same(0)),
    ("trim_end_matches", Operation::Strip(1)),
    ("trim_matches", Operation::Strip(1)),
    ("trim_start", Operation::Same(0)),
    ("trim_start_matches", Operation::Strip(1)),
    ("try_into", Operation::Same(0)),
    ("values", Operation::Values),
    ("with_context", Operation::Same(0)),
    ("zip", Operation::Zip),
];

const FUNCTIONS: &[(&str, Operation)] = &[
    ("Arc", Operation::Same(0)),
    ("Box", Operation::Same(0)),
    ("Cow", Operation::Same(0)),
    ("Duration", Operation::Same(0)),
    ("Mutex", Operation::Same(0)),
    ("Rc", Operation::Same(0)),
    ("RefCell", Operation::Same(0)),
    ("RwLock", Operation::Same(0)),
    ("String", Operation::Same(0)),
    ("ToString", Operation::Same(0)),
    ("env", Operation::Same(0)),
    ("std.string.String.from", Operation::Same(0)),
    ("std.sync.Arc.new", Operation::Same(0)),
    ("std.time.Duration.from_millis", Operation::Duration(1)),
    ("std.time.Duration.from_secs", Operation::Duration(1000)),
    ("Arc.clone", Operation::Same(0)),
    ("Arc.from", Operation::Same(0)),
    ("Arc.new", Operation::Same(0)),
    ("Box.from", Operation::Same(0)),
    ("Box.new", Operation::Same(0)),
    ("Cow.Borrowed", Operation::Same(0)),
    ("Cow.Owned", Operation::Same(0)),
    ("Cow.from", Operation::Same(0)),
    ("Data.new", Operation::Same(0)),
    ("Duration.from_hours", Operation::Duration(3_600_000)),
    ("Duration.from_millis", Operation::Duration(1)),
    ("Duration.from_mins", Operation::Duration(60_000)),
    ("Duration.from_secs", Operation::Duration(1000)),
    ("Duration.from_secs_f64", Operation::Duration(1000)),
    ("Extension", Operation::Same(0)),
    ("Mutex.new", Operation::Same(0)),
    ("Rc.new", Operation::Same(0)),
    ("RefCell.new", Operation::Same(0)),
    ("RwLock.new", Operation::Same(0)),
    ("String.from", Operation::Same(0)),
    ("ToString.to_string", Operation::Same(0)),
    ("dotenvy.var", Operation::Environment),
    ("env!", Operation::Environment),
    ("env.var", Operation::Environment),
    ("env.var_os", Operation::Environment),
    ("option_env!", Operation::Environment),
    ("std.env.var", Operation::Environment),
    ("std.env.var_os", Operation::Environment),
    ("str.from_utf8", Operation::Same(0)),
];

/// Objects whose `arg` is not that of a command of Redis.
const OTHER: &[&str] = &["Command", "Arg", "App", "ArgMatches", "ArgGroup", "process", "clap"];

/// `redis::cmd("SET").arg(key).arg(value).query(&mut con)`; and any chain of `arg` whose first word is a command of Redis in
/// capitals, for builders of commands that people write themselves.
fn whole(call: &Expression) -> Option<Whole> {
    let mut client = None;
    let mut value = call;
    let mut given = Vec::new();
    loop {
        let (name, arguments) = called(value)?;
        match (name, arguments) {
            ("arg" | "key", [argument]) => given.push(worded::value(argument)),
            ("cmd", [argument]) => {
                given.push(worded::value(argument));
                client = client.or_else(|| receiver(value).filter(|of| !is_package(of)).cloned());
                break;
            }
            ("new", []) if receiver(value).is_some_and(|of| last(of) == Some("Cmd")) => break,
            (
                "query" | "query_async" | "exec" | "exec_async" | "execute" | "execute_async" | "iter" | "iter_async",
                _,
            ) if given.is_empty() => {
                client = arguments.first().map(|argument| argument.value.clone());
            }
            ("invoke" | "invoke_async" | "prepare_invoke" | "load" | "load_async", _) if given.is_empty() => {
                return script(value, arguments.first().map(|argument| &argument.value));
            }
            // Further steps on what came back.
            _ if given.is_empty() && receiver(value).is_some() => {}
            _ => break,
        }
        match receiver(value) {
            Some(of) if matches!(of.form, Form::Call(..)) => value = of,
            Some(of) => {
                if given.is_empty() || last(of).is_some_and(|name| OTHER.contains(&name)) {
                    return None;
                }
                break;
            }
            None => break,
        }
    }
    given.reverse();
    let is_own = matches!(called(value), Some(("cmd", [_])) | Some(("new", [])));
    if !is_own && receiver(value).and_then(last).is_some_and(|name| OTHER.contains(&name)) {
        return None;
    }
    let Word::Value(Expression { form: Form::Text(first), .. }) = given.first()? else { return None };
    if !(is_own && worded::command(first).is_some() || worded::is_written_command(first) && given.len() > 1) {
        return None;
    }
    let mut words = worded::named(&worded::command(first)?);
    words.extend(given.drain(1..));
    Some(Whole { words, client })
}

/// `script.key(key).arg(value).invoke(&mut con)`.
fn script(invoked: &Expression, client: Option<&Expression>) -> Option<Whole> {
    let mut keys = Vec::new();
    let mut value = receiver(invoked)?;
    while let Some((name @ ("key" | "arg" | "prepare_invoke"), arguments)) = called(value) {
        if name == "key" {
            keys.extend(arguments.iter().map(worded::value));
        }
        value = receiver(value)?;
    }
    if keys.is_empty() {
        return None;
    }
    keys.reverse();
    let mut words = vec![Word::Literal("EVALSHA".to_owned()), Word::Value(value.clone()), Word::Count];
    words.extend(keys);
    Some(Whole { words, client: client.cloned() })
}

fn last(of: &Expression) -> Option<&str> {
    match &of.form {
        Form::Name(name) | Form::Attribute(_, name) => Some(name),
        _ => None,
    }
}

fn is_package(of: &Expression) -> bool {
    last(of).is_some_and(|name| matches!(name.trim_end_matches("::"), "redis" | "deadpool_redis" | "bb8_redis"))
}

/// What is brought in by `use fred::prelude::*` and its like.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let made = MAKERS.iter().flat_map(|maker| maker.names).filter_map(|name| name.split('.').nth(1));
    let types = TYPES.iter().map(|(name, _)| *name);
    let all: std::collections::BTreeSet<&str> = made.chain(types).collect();
    all.into_iter()
}
