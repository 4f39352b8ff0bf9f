//! One update of a module as the commands that go over the wire, in order, with example values.
//!
//! The plan of the generated writers in, words of commands out: which commands are sent is decided there alone, and what
//! a trace looks like on a page is not known here.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value as Json;

use super::example::{self, MOMENT, MOMENT_S};
use super::operations::{Role, role_of, takes_out};
use super::payloads::given;
use crate::generate::rust::plan::{self, Argument, ArgumentKind, EntryId, Time, WireCommand, Word, WriteMethod};
use crate::registry::{Amount, KeyId, ModuleId, Pattern, Registry, Scalar, Shape, Value};
use crate::server::commands;

/// The words of one command.
pub(super) type Call = Vec<String>;

/// What goes over the wire for one update of all that a module writes, entry by entry.
pub(super) fn writes(registry: &Registry, module: ModuleId) -> Vec<Call> {
    let values = given(registry, module);
    let methods = plan::writes(registry, module);
    let of_one = |one: &WriteMethod, other: &WriteMethod| owner(registry, one.entry) == owner(registry, other.entry);
    methods.chunk_by(of_one).flat_map(|methods| update(registry, &values, methods)).collect()
}

/// An entry, or the key whose data a channel carries.
fn owner(registry: &Registry, entry: EntryId) -> Result<KeyId, EntryId> {
    match entry {
        EntryId::Key(key) => Ok(key),
        EntryId::Channel(channel) => registry.channels[channel.0].from_key.ok_or(entry),
    }
}

/// Data first, then what bounds it, then its time to live, then its publication.
fn update(registry: &Registry, values: &BTreeMap<String, String>, methods: &[WriteMethod]) -> Vec<Call> {
    // What takes data out is no update, unless nothing else is done to the entry.
    let removes = |method: &WriteMethod| commands::get(&method.command).is_some_and(takes_out);
    let only_removes = methods.iter().all(removes);
    let shown = methods.iter().filter(|method| (only_removes || !removes(method)) && in_good_order(registry, method));
    let mut calls: Vec<(Role, Call)> = Vec::new();
    for method in shown {
        let scene = Scene { registry, values, method };
        for (at, command) in method.commands.iter().enumerate() {
            let name = if at == 0 { method.command.as_str() } else { first_word(command) };
            let call = (commands::get(name).map_or(Role::Write, role_of), scene.call(command));
            // Methods of one key bound it alike; once will do.
            if !calls.contains(&call) {
                calls.push(call);
            }
        }
    }
    calls.sort_by_key(|(role, _)| *role);
    calls.into_iter().map(|(_, call)| call).collect()
}

fn first_word(command: &WireCommand) -> &str {
    match command.words.first() {
        Some(Word::Literal(name)) => name,
        _ => "",
    }
}

/// Fields of a hash that need not be there, where others must be, are for what goes wrong.
fn in_good_order(registry: &Registry, method: &WriteMethod) -> bool {
    let EntryId::Key(key) = method.entry else { return true };
    let Shape::Fields(fields) = &registry.key(key).shape else { return true };
    let mut words = method.commands.iter().flat_map(|command| &command.words);
    let optional = |name: &Pattern| fields.iter().any(|field| field.name == *name && !field.required);
    let is_optional = words.any(|word| matches!(word, Word::Field(name) if optional(name)));
    !is_optional || !fields.iter().any(|field| field.required)
}

/// What the words of a method refer to.
struct Scene<'a> {
    registry: &'a Registry,
    /// Values by the names of params.
    values: &'a BTreeMap<String, String>,
    method: &'a WriteMethod,
}

impl Scene<'_> {
    fn call(&self, command: &WireCommand) -> Call {
        command.words.iter().flat_map(|word| self.words(word)).collect()
    }

    fn words(&self, word: &Word) -> Vec<String> {
        let one = match word {
            Word::Literal(text) => text.clone(),
            Word::Key => self.key(),
            Word::Argument(at) | Word::Rest(at) => self.argument(*at),
            Word::Field(name) => self.field(name),
            Word::OptionalField(name, at) => return vec![self.field(name), self.argument(*at)],
            Word::Expiry(time) => return self.expiry(time),
            Word::Seconds(time) => self.time(time, |time| time.as_millis().div_ceil(1_000).max(1).to_string()),
            Word::Milliseconds(time) => self.time(time, |time| time.as_millis().max(1).to_string()),
            Word::Count(most) => self.count(most, |most| most, |name| name.to_owned()),
            Word::Rank(most) => self.count(most, |most| -most - 1, |name| format!("-({name}+1)")),
            Word::LastIndex(most) => self.count(most, |most| most - 1, |name| format!("({name}-1)")),
            Word::FirstIndex(most) => self.count(most, |most| -most, |name| format!("-{name}")),
            Word::Before { age, unit, .. } => format!("({}", self.past(age, *unit)),
            Word::Since(age) => self.past(age, Scalar::EpochMs),
        };
        vec![one]
    }

    fn key(&self) -> String {
        let pattern = self.method.entry.pattern(self.registry);
        let names = self.registry.example_names(self.module(), pattern, 1);
        names.into_iter().next().unwrap_or_else(|| pattern.as_str().to_owned())
    }

    fn module(&self) -> ModuleId {
        self.method.entry.module(self.registry)
    }

    fn field(&self, name: &Pattern) -> String {
        name.format(|param| self.registry.param_examples(self.module(), param).into_iter().next())
            .unwrap_or_else(|| name.as_str().to_owned())
    }

    fn argument(&self, at: usize) -> String {
        let Some(argument) = self.method.arguments.get(at) else { return String::new() };
        match &argument.kind {
            ArgumentKind::Value(value) | ArgumentKind::OptionalValue(value) | ArgumentKind::Score(value) => {
                self.value(value)
            }
            ArgumentKind::Integer | ArgumentKind::Count | ArgumentKind::Number => number(argument).to_owned(),
            ArgumentKind::Flag => "1".to_owned(),
            ArgumentKind::Text => argument.name.clone(),
            // Words are the identifiers of entries.
            ArgumentKind::Texts => format!("{}-0", moment(Scalar::EpochMs, Duration::ZERO).unwrap_or_default()),
            ArgumentKind::Ttl(_) => self.time(&Time::Argument(at), |time| time.as_secs().to_string()),
            ArgumentKind::Param(_)
            | ArgumentKind::Bound
            | ArgumentKind::Limit
            | ArgumentKind::Wait
            | ArgumentKind::OptionalWait
            | ArgumentKind::Names
            | ArgumentKind::Raw => "…".to_owned(),
        }
    }

    /// The time to live; where there is a choice, the longest.
    fn amount<'a>(&'a self, time: &'a Time) -> Option<&'a Amount<Duration>> {
        match time {
            Time::Retention(amount) => Some(amount),
            Time::Argument(at) => match &self.method.arguments.get(*at)?.kind {
                ArgumentKind::Ttl(Some((_, max))) => Some(max),
                _ => None,
            },
        }
    }

    fn time(&self, time: &Time, written: impl Fn(Duration) -> String) -> String {
        let Some(amount) = self.amount(time) else { return "…".to_owned() };
        self.registry.duration(self.module(), amount).map_or_else(|| amount.to_string(), written)
    }

    fn expiry(&self, time: &Time) -> Vec<String> {
        let known = self.amount(time).and_then(|amount| self.registry.duration(self.module(), amount));
        let (option, amount) = match known {
            Some(time) if time.subsec_millis() != 0 => ("PX", time.as_millis().to_string()),
            _ => ("EX", self.time(time, |time| time.as_secs().max(1).to_string())),
        };
        vec![option.to_owned(), amount]
    }

    fn count(&self, most: &Amount<u64>, known: fn(i128) -> i128, unknown: fn(&str) -> String) -> String {
        let count = self.registry.count(self.module(), most);
        count.map_or_else(|| unknown(&most.to_string()), |count| known(i128::from(count)).to_string())
    }

    /// So long before the moment of the examples.
    fn past(&self, age: &Amount<Duration>, unit: Scalar) -> String {
        let now = || moment(unit, Duration::ZERO).map(|now| format!("{now}-{age}"));
        let then = |age| moment(unit, age);
        self.registry.duration(self.module(), age).map_or_else(now, then).unwrap_or_else(|| "…".to_owned())
    }

    fn value(&self, value: &Value) -> String {
        match value {
            Value::Payload(id) => example::example(self.registry, *id, self.values)
                .map_or_else(|| "{…}".to_owned(), |json| abridged(&json)),
            Value::Unknown(_) => "…".to_owned(),
            Value::Scalar(scalar) => match scalar {
                Scalar::Integer => "42".to_owned(),
                Scalar::Number => "101.25".to_owned(),
                Scalar::Boolean => "true".to_owned(),
                Scalar::Text | Scalar::Bytes => "…".to_owned(),
                Scalar::Json => "{…}".to_owned(),
                Scalar::DateTime => MOMENT.to_owned(),
                Scalar::EpochS | Scalar::EpochMs | Scalar::EpochUs | Scalar::EpochNs => {
                    moment(*scalar, Duration::ZERO).unwrap_or_default()
                }
            },
        }
    }
}

/// A number that the writer chooses; none where any would say what the registry does not.
fn number(argument: &Argument) -> &'static str {
    match argument.name.as_str() {
        "longitude" => "13.361",
        "latitude" => "38.115",
        "offset" => "7",
        "index" => "0",
        "start" | "stop" | "entries" => "…",
        _ => "1",
    }
}

/// The moment of the examples, or so long before, in the unit of a scalar that is a number of time.
fn moment(unit: Scalar, before: Duration) -> Option<String> {
    let whole = |per_second: i128, before: u128| {
        i128::try_from(before).ok().map(|before| (i128::from(MOMENT_S) * per_second - before).to_string())
    };
    match unit {
        Scalar::EpochS => Some((MOMENT_S as f64 - before.as_secs_f64()).to_string()),
        Scalar::EpochMs => whole(1_000, before.as_millis()),
        Scalar::EpochUs => whole(1_000_000, before.as_micros()),
        Scalar::EpochNs => whole(1_000_000_000, before.as_nanos()),
        Scalar::Integer
        | Scalar::Number
        | Scalar::Boolean
        | Scalar::Text
        | Scalar::Bytes
        | Scalar::Json
        | Scalar::DateTime => None,
    }
}

/// JSON on one line, with the first few members of an object only, and nothing of what is inside these.
fn abridged(json: &Json) -> String {
    const SHOWN: usize = 3;
    let member = |value: &Json| match value {
        Json::Object(map) if !map.is_empty() => "{…}".to_owned(),
        Json::Array(items) if !items.is_empty() => "[…]".to_owned(),
        other => other.to_string(),
    };
    match json {
        Json::Object(map) => {
            let members = map.iter().take(SHOWN);
            let members = members.map(|(name, value)| format!("{}:{}", Json::from(name.as_str()), member(value)));
            let rest = if map.len() > SHOWN { ",…" } else { "" };
            format!("{{{}{rest}}}", members.collect::<Vec<_>>().join(","))
        }
        Json::Array(items) => format!("[{}]", items.iter().take(SHOWN).map(member).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::example_registry;

    fn trace(rest: &str) -> Vec<String> {
        let registry = example_registry(&format!("module: app\nbus: main\n{rest}\n")).unwrap();
        writes(&registry, ModuleId(0)).into_iter().map(|call| call.join(" ")).collect()
    }

    #[test]
    fn what_follows_several_writes_of_a_key_stands_once_behind_them() {
        let fields = "fields: { a: integer, b: text }";
        let key = format!(
            "key: \"k:{{n}}\", type: hash, {fields}, operations: [EXPIRE, HSET, HDEL], retention: {{ ttl: 1m }}"
        );
        assert_eq!(
            trace(&format!("keys: {{ k: {{ {key} }} }}")),
            ["HSET k:x a 42", "HSET k:x b …", "EXPIRE k:x 60 NX"]
        );
    }

    #[test]
    fn what_only_removes_is_shown_where_there_is_nothing_else() {
        assert_eq!(trace("keys: { k: { key: k, type: set, member: integer, operations: [SREM] } }"), ["SREM k 42"]);
        let both = "keys: { k: { key: k, type: set, member: integer, operations: [SREM, SADD] } }";
        assert_eq!(trace(both), ["SADD k 42"]);
    }

    #[test]
    fn bounds_without_a_value_keep_the_name_of_their_variable() {
        let key = "key: k, type: zset, member: integer, score: epoch_s, operations: [ZADD]";
        let retention = "retention: { max_entries: \"{MOST}\", max_age: \"{AGE}\", ttl: \"{TTL}\" }";
        let config =
            "config: { MOST: { type: integer }, AGE: { type: seconds }, TTL: { type: seconds, default: 1.5 } }";
        let expected = [
            "ZADD k 1769783400 42",
            "ZREMRANGEBYSCORE k -inf (1769783400-{AGE}",
            "ZREMRANGEBYRANK k 0 -({MOST}+1)",
            "EXPIRE k 2 NX",
        ];
        assert_eq!(trace(&format!("{config}\nkeys: {{ k: {{ {key}, {retention} }} }}")), expected);
    }
}
