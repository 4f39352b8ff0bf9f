//! The Redis libraries of JavaScript: ioredis, node-redis (callbacks, v4, v5), @upstash/redis, and those that look like them.

mod arguments;
mod commands;
mod functions;
mod makers;
mod names;
mod options;
mod special;

use super::super::{Clients, Gives, Role};

/// Packages that speak Redis.
const MODULES: &[&str] = &[
    "ioredis",
    "iovalkey",
    "redis",
    "@redis/client",
    "@upstash/redis",
    "@upstash/redis/cloudflare",
    "@upstash/redis/nodejs",
    "@upstash/redis/fastly",
    "@vercel/kv",
    "@valkey/valkey-glide",
    "@db/redis",
    "async-redis",
    "ioredis-mock",
    "redis-mock",
    "fakeredis",
    "handy-redis",
    "@fastify/redis",
    "fastify-redis",
    "@nestjs-modules/ioredis",
    "@liaoliaots/nestjs-redis",
    "nestjs-redis",
    "redis-clustr",
    "bun",
];

/// Types of clients.
const TYPES: &[(&str, Role)] = &[
    ("Redis", Role::Client),
    ("IORedis", Role::Client),
    ("Valkey", Role::Client),
    ("Cluster", Role::Client),
    ("RedisClient", Role::Client),
    ("RedisClientType", Role::Client),
    ("RedisClusterType", Role::Client),
    ("RedisSentinelType", Role::Client),
    ("RedisClientPoolType", Role::Client),
    ("RedisClientPool", Role::Client),
    ("IHandyRedis", Role::Client),
    ("WrappedNodeRedisClient", Role::Client),
    ("VercelKV", Role::Client),
    ("GlideClient", Role::Client),
    ("GlideClusterClient", Role::Client),
    ("FastifyRedis", Role::Client),
    ("default", Role::Client),
    ("createClient", Role::Client),
    ("createCluster", Role::Client),
    ("Pipeline", Role::Pipeline),
    ("ChainableCommander", Role::Pipeline),
    ("Multi", Role::Pipeline),
    ("RedisClientMultiCommandType", Role::Pipeline),
];

/// Methods that give objects.
const GIVES: &[(&str, Gives)] = &[
    ("duplicate", Gives::Itself),
    ("connect", Gives::Itself),
    ("on", Gives::Itself),
    ("once", Gives::Itself),
    ("unref", Gives::Itself),
    ("legacy", Gives::Itself),
    ("withTypeMapping", Gives::Itself),
    ("withCommandOptions", Gives::Itself),
    ("withAbortSignal", Gives::Itself),
    ("asap", Gives::Itself),
    ("withDecoder", Gives::Itself),
    ("pipeline", Gives::Object(Role::Pipeline)),
    ("multi", Gives::Object(Role::Pipeline)),
    ("batch", Gives::Object(Role::Pipeline)),
    ("executeIsolated", Gives::Callback(0, Role::Client)),
    ("use", Gives::Callback(0, Role::Client)),
    ("execute", Gives::Callback(0, Role::Client)),
];

/// All of it.
pub static CLIENTS: Clients = Clients {
    modules: MODULES,
    makers: makers::MAKERS,
    types: TYPES,
    gives: GIVES,
    command: commands::command,
    whole: None,
    lists: &["pipeline", "multi", "batch"],
    telling: names::TELLING,
    names: names::NAMES,
    methods: functions::METHODS,
    functions: functions::FUNCTIONS,
};

/// Is it a package that speaks Redis?
pub fn is_package(name: &str) -> bool {
    MODULES.contains(&name)
}

/// Is it the type of a client or pipeline?
pub fn is_type(name: &str) -> bool {
    !matches!(name, "default" | "createClient" | "createCluster") && TYPES.iter().any(|(known, _)| *known == name)
}
