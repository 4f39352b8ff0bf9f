//! The ways of breaking a contract: for each, the entries where it is possible, what it does to one of their keys, and
//! the rules that must speak of it.

use std::collections::BTreeSet;

use keywire::registry::{FieldShape, Key, ParamKind, Registry, Scalar, Shape, Value};
use keywire::testing::strategies;
use proptest::prelude::*;
use proptest::strategy::Union;
use redis::Cmd;

use crate::fill::{Bytes, Contents, Filled, contents, keys, longest_ttl, name, score_of, value_of};

/// What is done to a database that keeps the contract, and what is to be found then.
#[derive(Debug, Clone)]
pub struct Mutation {
    /// Index in [`Registry::keys`]; `None` for a name that no pattern claims.
    pub key: Option<usize>,
    /// What is done, with the name of one of the entry's keys in place of `KEY`.
    pub commands: Vec<Cmd>,
    /// The rules that must fire, sorted.
    pub rules: Vec<&'static str>,
}

/// What stands in a command for the name of the key.
pub const KEY: &str = "\u{0}the key\u{0}";

/// Breaks one entry; `None` where that cannot be.
type Breaks = fn(&Registry, usize) -> Option<BoxedStrategy<Mutation>>;

/// All kinds that concern an entry.
pub const KINDS: [(&str, Breaks); 13] = [
    ("wrong type", wrong_type),
    ("TTL removed", ttl_removed),
    ("TTL added", ttl_added),
    ("TTL too long", ttl_too_long),
    ("bound exceeded", bound_exceeded),
    ("field missing", field_missing),
    ("field unknown", field_unknown),
    ("field renamed", field_renamed),
    ("value broken", value_broken),
    ("value no JSON", value_no_json),
    ("score in a wrong unit", score_in_wrong_unit),
    ("cardinality exceeded", cardinality_exceeded),
    ("required key deleted", required_deleted),
];

/// Mutations of one kind, of any entry where it is possible.
pub fn mutations(registry: &Registry, breaks: Breaks) -> BoxedStrategy<Mutation> {
    let options: Vec<BoxedStrategy<Mutation>> =
        (0..registry.keys.len()).filter_map(|at| breaks(registry, at)).collect();
    assert!(!options.is_empty(), "no entry of this registry can be broken so");
    Union::new(options).boxed()
}

/// Names that no pattern claims, where the bus owns them, and names of another bus.
pub fn strangers(owned: &str) -> [Mutation; 2] {
    let set = |name: &str| vec![redis::cmd("SET").arg(name).arg("1").clone()];
    let undeclared = owned.replace('*', "no_such_entry:of:any:module:");
    let of = |name: &str, rule| Mutation { key: None, commands: set(name), rules: vec![rule] };
    [of(&undeclared, "undeclared-key"), of("elsewhere:count", "key-wrong-bus")]
}

fn on(word: &str) -> Cmd {
    redis::cmd(word).arg(KEY).clone()
}

fn always(key: usize, commands: Vec<Cmd>, rules: &[&'static str]) -> Option<BoxedStrategy<Mutation>> {
    Some(Just(Mutation { key: Some(key), commands, rules: rules.to_vec() }).boxed())
}

fn wrong_type(registry: &Registry, at: usize) -> Option<BoxedStrategy<Mutation>> {
    let others: [(&str, Cmd); 5] = [
        ("string", on("SET").arg("text").clone()),
        ("hash", on("HSET").arg("field").arg("1").clone()),
        ("list", on("RPUSH").arg("element").clone()),
        ("zset", on("ZADD").arg(1).arg("member").clone()),
        ("stream", on("XADD").arg("*").arg("field").arg("1").clone()),
    ];
    let declared = registry.keys[at].redis_type?.reply;
    let others: Vec<Cmd> = others.into_iter().filter(|(name, _)| *name != declared).map(|(_, write)| write).collect();
    let mutation = move |write| Mutation { key: Some(at), commands: vec![on("DEL"), write], rules: vec!["wrong-type"] };
    Some((0..others.len()).prop_map(move |which| mutation(others[which].clone())).boxed())
}

fn ttl_removed(registry: &Registry, at: usize) -> Option<BoxedStrategy<Mutation>> {
    longest_ttl(registry, &registry.keys[at])?;
    always(at, vec![on("PERSIST")], &["ttl-missing"])
}

fn ttl_added(registry: &Registry, at: usize) -> Option<BoxedStrategy<Mutation>> {
    let none = longest_ttl(registry, &registry.keys[at]).is_none();
    none.then(|| always(at, vec![on("EXPIRE").arg(100).clone()], &["ttl-unexpected"])).flatten()
}

fn ttl_too_long(registry: &Registry, at: usize) -> Option<BoxedStrategy<Mutation>> {
    let longest = longest_ttl(registry, &registry.keys[at])?.as_secs();
    let mutation = move |more: u64| Mutation {
        key: Some(at),
        commands: vec![on("EXPIRE").arg(longest + more).clone()],
        rules: vec!["ttl-out-of-range"],
    };
    Some((10..1_000_000_u64).prop_map(mutation).boxed())
}

/// The bound that is declared with a number that a test can reach.
fn bound_exceeded(registry: &Registry, at: usize) -> Option<BoxedStrategy<Mutation>> {
    let key = &registry.keys[at];
    let bound = key.retention.max_entries.as_ref()?;
    let count = registry.count(key.module, &bound.count).filter(|count| *count <= 200)?;
    // A stream's own node may stay beyond an approximate bound.
    let more = usize::try_from(count).unwrap() + if bound.approximate { 101 } else { 1 };
    let mutation = move |contents: Contents| Mutation {
        key: Some(at),
        commands: [vec![on("DEL")], contents.commands(KEY), vec![on("EXPIRE").arg(20).clone()]].concat(),
        rules: vec!["bound-exceeded"],
    };
    let lasting = longest_ttl(registry, key).is_none();
    let mutation = move |contents| {
        let mut mutation = mutation(contents);
        if lasting {
            mutation.commands.pop();
        }
        mutation
    };
    Some(contents(registry, key, more..=more).prop_map(mutation).boxed())
}

fn fields(key: &Key) -> Option<(&[FieldShape], bool)> {
    match &key.shape {
        Shape::Fields(fields) => Some((fields, false)),
        Shape::Entries(fields) => Some((fields, true)),
        _ => None,
    }
}

/// An entry of a stream, or more fields of a hash.
fn add(is_stream: bool, fields: Vec<(String, Bytes)>) -> Cmd {
    let mut command = if is_stream { on("XADD").arg("*").clone() } else { on("HSET") };
    fields.iter().for_each(|(name, value)| {
        command.arg(name).arg(value);
    });
    command
}

fn field_missing(registry: &Registry, at: usize) -> Option<BoxedStrategy<Mutation>> {
    let (fields, is_stream) = fields(&registry.keys[at])?;
    let required = fields.iter().find(|field| field.required)?.name.as_str().to_owned();
    let optional = fields.iter().find(|field| !field.required && field.name.is_static());
    let rules = vec!["missing-field"];
    let Some(optional) = optional else {
        // What is left must not be an empty hash, which is no key.
        let several = !is_stream && fields.iter().filter(|field| field.required).count() > 1;
        return several.then(|| always(at, vec![on("HDEL").arg(required).clone()], &["missing-field"])).flatten();
    };
    let name = optional.name.as_str().to_owned();
    let mutation = move |value: Bytes| {
        let add = add(is_stream, vec![(name.clone(), value)]);
        let remove = if is_stream { Vec::new() } else { vec![on("HDEL").arg(&required).clone()] };
        Mutation { key: Some(at), commands: [vec![add], remove].concat(), rules: rules.clone() }
    };
    Some(value_of(registry, &optional.value).prop_map(mutation).boxed())
}

fn valid_fields(registry: &Registry, at: usize) -> BoxedStrategy<Vec<(String, Bytes)>> {
    let one = contents(registry, &registry.keys[at], 1..=1);
    one.prop_map(|contents| match contents {
        Contents::Fields(fields) => fields,
        Contents::Entries(mut entries) => entries.pop().unwrap(),
        other => panic!("{other:?}"),
    })
    .boxed()
}

fn field_unknown(registry: &Registry, at: usize) -> Option<BoxedStrategy<Mutation>> {
    let (_, is_stream) = fields(&registry.keys[at])?;
    let mutation = move |mut fields: Vec<(String, Bytes)>| {
        fields.push(("no such field".to_owned(), b"1".to_vec()));
        Mutation { key: Some(at), commands: vec![add(is_stream, fields)], rules: vec!["unknown-field"] }
    };
    Some(valid_fields(registry, at).prop_map(mutation).boxed())
}

fn field_renamed(registry: &Registry, at: usize) -> Option<BoxedStrategy<Mutation>> {
    let (fields, is_stream) = fields(&registry.keys[at])?;
    let required = fields.iter().find(|field| field.required)?.name.as_str().to_owned();
    let mutation = move |fields: Vec<(String, Bytes)>| {
        let renamed = fields
            .into_iter()
            .map(|(name, value)| if name == required { (format!("{name}_2"), value) } else { (name, value) });
        let remove = if is_stream { Vec::new() } else { vec![on("HDEL").arg(&required).clone()] };
        Mutation {
            key: Some(at),
            commands: [vec![add(is_stream, renamed.collect())], remove].concat(),
            rules: vec!["missing-field", "unknown-field"],
        }
    };
    Some(valid_fields(registry, at).prop_map(mutation).boxed())
}

/// Writes a value where the entry has one: by itself, in a field, as an element.
fn write(
    registry: &Registry,
    at: usize,
    of: impl Fn(&Value) -> Option<BoxedStrategy<(Bytes, &'static str)>>,
) -> Option<BoxedStrategy<Mutation>> {
    let key = &registry.keys[at];
    let mutation = move |(contents, rule): (Contents, &'static str)| Mutation {
        key: Some(at),
        commands: contents.commands(KEY),
        rules: vec![rule],
    };
    let broken: BoxedStrategy<(Contents, &'static str)> = match &key.shape {
        Shape::Single(value) => of(value)?.prop_map(|(value, rule)| (Contents::Text(value), rule)).boxed(),
        Shape::Elements(_) if key.redis_type?.name == "hyperloglog" => return None,
        Shape::Elements(value) => of(value)?.prop_map(|(value, rule)| (Contents::List(vec![value]), rule)).boxed(),
        Shape::Members(value) => of(value)?.prop_map(|(value, rule)| (Contents::Set(vec![value]), rule)).boxed(),
        Shape::Scored { member, score } => (of(member)?, score_of(score))
            .prop_map(|((value, rule), score)| (Contents::Scored(vec![(value, score)]), rule))
            .boxed(),
        Shape::Fields(fields) | Shape::Entries(fields) => {
            let is_stream = matches!(key.shape, Shape::Entries(_));
            let field = fields.iter().find(|field| of(&field.value).is_some())?;
            (valid_fields(registry, at), name(registry, key, &field.name), of(&field.value)?)
                .prop_map(move |(mut fields, name, (value, rule))| {
                    fields.retain(|(other, _)| *other != name);
                    fields.push((name, value));
                    (if is_stream { Contents::Entries(vec![fields]) } else { Contents::Fields(fields) }, rule)
                })
                .boxed()
        }
        Shape::Opaque => return None,
    };
    Some(broken.prop_map(mutation).boxed())
}

fn value_broken(registry: &Registry, at: usize) -> Option<BoxedStrategy<Mutation>> {
    write(registry, at, |value| match value {
        Value::Payload(id) => {
            let broken = strategies::broken(&registry.bundled_schema(*id)).prop_map(|broken| {
                let closed = matches!(broken.keyword.as_str(), "additionalProperties" | "unevaluatedProperties");
                (broken.value.to_string().into_bytes(), if closed { "unknown-field" } else { "invalid-payload" })
            });
            Some(broken.boxed())
        }
        Value::Scalar(Scalar::Bytes) | Value::Unknown(_) => None,
        Value::Scalar(scalar) => {
            let wrong: &[&[u8]] = match scalar {
                Scalar::Text => &[b"\xff"],
                Scalar::Json => &[b"{", b""],
                _ => &[b"", b"abc", b"\xff\x00", b"1 2"],
            };
            Some(proptest::sample::select(wrong).prop_map(|value| (value.to_vec(), "invalid-payload")).boxed())
        }
    })
}

fn value_no_json(registry: &Registry, at: usize) -> Option<BoxedStrategy<Mutation>> {
    write(registry, at, |value| {
        let Value::Payload(_) = value else { return None };
        let cut = value_of(registry, value).prop_map(|mut json| {
            json.pop();
            (json, "invalid-payload")
        });
        Some(cut.boxed())
    })
}

fn score_in_wrong_unit(registry: &Registry, at: usize) -> Option<BoxedStrategy<Mutation>> {
    let key = &registry.keys[at];
    let Shape::Scored { member, score: Value::Scalar(scalar) } = &key.shape else { return None };
    let factor = if *scalar == Scalar::EpochS { 1000.0 } else { 0.001 };
    scalar.unit_ms()?;
    // By itself, since beside others it would be too old or too new for them as well.
    let members = (value_of(registry, member), score_of(&Value::Scalar(*scalar)));
    let ttl = longest_ttl(registry, key).map(|_| on("EXPIRE").arg(20).clone());
    let mutation = move |(member, score): (Bytes, f64)| Mutation {
        key: Some(at),
        commands: [on("DEL"), on("ZADD").arg((score * factor).round()).arg(member).clone()]
            .into_iter()
            .chain(ttl.clone())
            .collect(),
        rules: vec!["invalid-payload"],
    };
    Some(members.prop_map(mutation).boxed())
}

fn cardinality_exceeded(registry: &Registry, at: usize) -> Option<BoxedStrategy<Mutation>> {
    let key = &registry.keys[at];
    let limit = registry.count(key.module, key.cardinality.as_ref()?).filter(|limit| *limit <= 300)?;
    let more = usize::try_from(limit).unwrap() + 1;
    // Of few words there may be no more names than are allowed.
    let words = key.pattern.params().map(|param| match &registry.param(key.module, param).kind {
        ParamKind::Enum(words) => words.len(),
        _ => usize::MAX,
    });
    if words.fold(1, usize::saturating_mul) < more {
        return None;
    }
    let one = keys(registry, at, 1);
    // Twice as many as are wanted: some come twice.
    let names = proptest::collection::vec(name(registry, key, &key.pattern), 2 * more)
        .prop_map(|names| names.into_iter().collect::<BTreeSet<String>>())
        .prop_filter("enough names", move |names| names.len() >= more);
    let mutation = move |(one, names): (Vec<Filled>, BTreeSet<String>)| Mutation {
        key: Some(at),
        commands: names.iter().take(more).flat_map(|name| one[0].commands(name)).collect(),
        rules: vec!["cardinality-exceeded"],
    };
    Some((one, names).prop_map(mutation).boxed())
}

fn required_deleted(registry: &Registry, at: usize) -> Option<BoxedStrategy<Mutation>> {
    let key = &registry.keys[at];
    (key.required && key.pattern.is_static()).then(|| always(at, vec![on("DEL")], &["missing-key"])).flatten()
}
