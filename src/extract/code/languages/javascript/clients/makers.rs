//! What makes clients, by library.

use super::super::super::{At, Maker, Role};

const OPTIONS: &[At] = &[
    At::Prefix("keyPrefix"),
    At::Name("url"),
    At::Name("path"),
    At::Name("host"),
    At::Name("hostname"),
    At::Name("sentinels"),
    At::Place(0),
];

/// What makes clients.
pub(super) const MAKERS: &[Maker] = &[
    Maker {
        names: &[
            "ioredis",
            "ioredis.default",
            "ioredis.Redis",
            "ioredis.default.default",
            "ioredis.Valkey",
            "iovalkey",
            "iovalkey.default",
            "iovalkey.Redis",
            "iovalkey.Valkey",
            "ioredis-mock",
            "ioredis-mock.default",
            "redis-mock.createClient",
            "redis-clustr",
            "redis-clustr.default",
        ],
        gives: Role::Client,
        bus: OPTIONS,
    },
    Maker {
        names: &[
            "ioredis.Cluster",
            "ioredis.default.Cluster",
            "ioredis.Redis.Cluster",
            "iovalkey.Cluster",
            "iovalkey.default.Cluster",
            "ioredis-mock.Cluster",
        ],
        gives: Role::Client,
        bus: &[At::Prefix("keyPrefix"), At::Place(0), At::Name("rootNodes")],
    },
    Maker {
        names: &[
            "redis.createClient",
            "redis.default.createClient",
            "redis.RedisClient",
            "redis.default.RedisClient",
            "@redis/client.createClient",
            "redis.createClientPool",
            "@redis/client.createClientPool",
            "async-redis.createClient",
            "async-redis.default.createClient",
            "redis-mock.default.createClient",
            "fakeredis.createClient",
            "fakeredis.default.createClient",
            "handy-redis.createHandyClient",
            "handy-redis.createNodeRedisClient",
            "redis.createSentinel",
            "redis.default.createSentinel",
            "@vercel/kv.createClient",
            "@db/redis.connect",
            "bun.RedisClient",
        ],
        gives: Role::Client,
        bus: OPTIONS,
    },
    Maker {
        names: &["redis.createCluster", "redis.default.createCluster", "@redis/client.createCluster"],
        gives: Role::Client,
        bus: &[At::Name("rootNodes"), At::Place(0)],
    },
    Maker {
        names: &[
            "@upstash/redis.Redis",
            "@upstash/redis.default.Redis",
            "@upstash/redis.Redis.fromEnv",
            "@upstash/redis/cloudflare.Redis",
            "@upstash/redis/cloudflare.Redis.fromEnv",
            "@upstash/redis/nodejs.Redis",
            "@upstash/redis/nodejs.Redis.fromEnv",
            "@upstash/redis/fastly.Redis",
        ],
        gives: Role::Client,
        bus: OPTIONS,
    },
    Maker {
        names: &[
            "@valkey/valkey-glide.GlideClient.createClient",
            "@valkey/valkey-glide.GlideClusterClient.createClient",
        ],
        gives: Role::Client,
        bus: &[At::Name("addresses"), At::Place(0)],
    },
    Maker {
        names: &["@valkey/valkey-glide.Batch", "@valkey/valkey-glide.ClusterBatch", "@valkey/valkey-glide.Transaction"],
        gives: Role::Pipeline,
        bus: &[],
    },
];
