//! Valid data for every key of a registry, written straight with commands: neither generated writers nor the checks have
//! a part in it.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use keywire::registry::{FieldShape, Key, Pattern, Registry, Scalar, Shape, Ttl, Value};
use keywire::testing::strategies;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use redis::Cmd;

/// Keys of a dynamic pattern, and elements of a container: few, so that every declared bound has room for more.
const MOST: usize = 3;

pub type Bytes = Vec<u8>;
pub type Fields = Vec<(String, Bytes)>;

/// What a key holds.
#[derive(Debug, Clone)]
pub enum Contents {
    Text(Bytes),
    Fields(Fields),
    List(Vec<Bytes>),
    Set(Vec<Bytes>),
    Scored(Vec<(Bytes, f64)>),
    Entries(Vec<Fields>),
    Distinct(Vec<Bytes>),
}

/// A key with what it holds.
#[derive(Debug, Clone)]
pub struct Filled {
    /// Index in [`Registry::keys`].
    pub key: usize,
    pub name: String,
    pub contents: Contents,
    /// Seconds.
    pub ttl: Option<u64>,
}

impl Filled {
    /// The commands that write it, under this or another name.
    pub fn commands(&self, name: &str) -> Vec<Cmd> {
        let mut commands = self.contents.commands(name);
        commands.extend(self.ttl.map(|ttl| redis::cmd("EXPIRE").arg(name).arg(ttl).clone()));
        commands
    }
}

impl Contents {
    /// The commands that write it, or add it to what is there.
    pub fn commands(&self, name: &str) -> Vec<Cmd> {
        let of = |word: &str| redis::cmd(word).arg(name).clone();
        let fields = |command: &mut Cmd, fields: &Fields| {
            fields.iter().for_each(|(name, value)| {
                command.arg(name).arg(value);
            });
        };
        match self {
            Self::Text(value) => vec![of("SET").arg(value).arg("KEEPTTL").clone()],
            Self::Fields(all) if all.is_empty() => Vec::new(),
            Self::Fields(all) => {
                let mut command = of("HSET");
                fields(&mut command, all);
                vec![command]
            }
            Self::List(values) => vec![of("RPUSH").arg(values).clone()],
            Self::Set(values) => vec![of("SADD").arg(values).clone()],
            Self::Distinct(values) => vec![of("PFADD").arg(values).clone()],
            Self::Scored(values) => {
                let mut command = of("ZADD");
                values.iter().for_each(|(member, score)| {
                    command.arg(*score).arg(member);
                });
                vec![command]
            }
            Self::Entries(entries) => {
                let entry = |all: &Fields| {
                    let mut command = of("XADD").arg("*").clone();
                    fields(&mut command, all);
                    command
                };
                entries.iter().map(entry).collect()
            }
        }
    }
}

/// Some data for every key of the registry.
pub fn everything(registry: &Registry) -> BoxedStrategy<Vec<Filled>> {
    let keys: Vec<BoxedStrategy<Vec<Filled>>> = (0..registry.keys.len()).map(|at| keys(registry, at, MOST)).collect();
    keys.prop_map(|keys| keys.into_iter().flatten().collect()).boxed()
}

/// At least one key of this entry, at most so many.
pub fn keys(registry: &Registry, at: usize, most: usize) -> BoxedStrategy<Vec<Filled>> {
    let key = &registry.keys[at];
    let most = if key.pattern.is_static() { 1 } else { most };
    let one = (contents(registry, key, 1..=MOST), ttl(registry, key));
    let filled = move |names: BTreeMap<String, (Contents, Option<u64>)>| {
        let filled = |(name, (contents, ttl))| Filled { key: at, name, contents, ttl };
        names.into_iter().map(filled).collect()
    };
    btree_map(name(registry, key, &key.pattern), one, 1..=most).prop_map(filled).boxed()
}

/// Names of a pattern.
pub fn name(registry: &Registry, key: &Key, pattern: &Pattern) -> BoxedStrategy<String> {
    let params: Vec<BoxedStrategy<(String, String)>> = pattern
        .params()
        .map(|param| {
            let name = param.to_owned();
            let values = strategies::param(&registry.param(key.module, param).kind);
            values.prop_map(move |value| (name.clone(), value)).boxed()
        })
        .collect();
    let pattern = pattern.clone();
    params
        .prop_map(move |values| {
            let value = |name: &str| values.iter().find(|(param, _)| param == name).map(|(_, value)| value.clone());
            pattern.format(value).unwrap()
        })
        .boxed()
}

/// Contents of so many elements.
pub fn contents(registry: &Registry, key: &Key, size: std::ops::RangeInclusive<usize>) -> BoxedStrategy<Contents> {
    let of = |value: &Value| value_of(registry, value);
    let type_name = key.redis_type.map(|redis_type| redis_type.name);
    match &key.shape {
        Shape::Single(value) => of(value).prop_map(Contents::Text).boxed(),
        Shape::Elements(value) if type_name == Some("hyperloglog") => {
            vec(of(value), size).prop_map(Contents::Distinct).boxed()
        }
        Shape::Elements(value) => vec(of(value), size).prop_map(Contents::List).boxed(),
        Shape::Members(value) => vec(of(value), size).prop_map(Contents::Set).boxed(),
        Shape::Scored { member, score } => {
            let members = btree_map(of(member), score_of(score), size);
            members.prop_map(|members| Contents::Scored(members.into_iter().collect())).boxed()
        }
        Shape::Fields(fields) => fields_of(registry, key, fields, size).prop_map(Contents::Fields).boxed(),
        Shape::Entries(fields) => {
            vec(fields_of(registry, key, fields, 1..=1), size).prop_map(Contents::Entries).boxed()
        }
        Shape::Opaque => Just(Contents::Text(b"anything".to_vec())).boxed(),
    }
}

fn fields_of(
    registry: &Registry,
    key: &Key,
    fields: &[FieldShape],
    size: std::ops::RangeInclusive<usize>,
) -> BoxedStrategy<Fields> {
    let one = |field: &FieldShape| {
        let named = (name(registry, key, &field.name), value_of(registry, &field.value));
        if field.name.is_static() {
            let some = proptest::option::of(named.clone()).prop_map(|field| field.into_iter().collect());
            if field.required { vec(named, 1).boxed() } else { some.boxed() }
        } else {
            btree_map(named.0, named.1, size.clone()).prop_map(|fields| fields.into_iter().collect()).boxed()
        }
    };
    let fields: Vec<BoxedStrategy<Fields>> = fields.iter().map(one).collect();
    fields.prop_map(|fields| fields.concat()).boxed()
}

/// Values as they stand on the server.
pub fn value_of(registry: &Registry, value: &Value) -> BoxedStrategy<Bytes> {
    match value {
        Value::Payload(id) => {
            strategies::payload(&registry.bundled_schema(*id)).prop_map(|value| value.to_string().into_bytes()).boxed()
        }
        Value::Scalar(scalar) => strategies::scalar(*scalar),
        Value::Unknown(name) => panic!("the value `{name}` is unknown"),
    }
}

/// Scores; points in time are of the last minute, so that none is older than the newest by more than is declared.
pub fn score_of(score: &Value) -> BoxedStrategy<f64> {
    match score {
        Value::Scalar(scalar) => match scalar.unit_ms() {
            Some(unit) => (0..60_000_u32).prop_map(move |ago| ((now_ms() - f64::from(ago)) / unit).round()).boxed(),
            None if *scalar == Scalar::Integer => (-1_000_000..1_000_000_i32).prop_map(f64::from).boxed(),
            None => (-1e6..1e6).boxed(),
        },
        other => panic!("a score of {other:?}"),
    }
}

fn now_ms() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64() * 1000.0
}

/// The longest time to live that is declared; `None` when none is.
pub fn longest_ttl(registry: &Registry, key: &Key) -> Option<Duration> {
    match key.retention.ttl.as_ref()? {
        Ttl::None => None,
        Ttl::Fixed(amount) | Ttl::Sliding(amount) | Ttl::Range { max: amount, .. } => {
            registry.duration(key.module, amount)
        }
    }
}

fn ttl(registry: &Registry, key: &Key) -> BoxedStrategy<Option<u64>> {
    match longest_ttl(registry, key).map(|ttl| ttl.as_secs()) {
        None => Just(None).boxed(),
        Some(seconds) => (seconds.min(seconds / 2 + 20)..=seconds).prop_map(Some).boxed(),
    }
}
