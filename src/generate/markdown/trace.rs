//! One update of a module as the commands that go over the wire, in order, with example values.
//!
//! Registry in, words of commands out: what a trace looks like on a page is not known here.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value as Json;

use super::example::{self, MOMENT, MOMENT_S};
use super::operations::{Role, adds, bounds, role, writes_field};
use super::payloads::given;
use crate::registry::{Amount, Channel, FieldShape, Key, ModuleId, Operation, Registry, Scalar, Shape, Ttl, Value};
use crate::server::commands::Bound;

/// The words of one command.
pub(super) type Call = Vec<String>;

/// What goes over the wire for one update of all that a module writes, entry by entry.
pub(super) fn writes(registry: &Registry, module: ModuleId) -> Vec<Call> {
    let tracer = Tracer { registry, module, given: given(registry, module) };
    let keys = registry.keys_of(module).flat_map(|key| tracer.key(key));
    let channels = registry.channels_of(module).filter(|channel| channel.from_key.is_none());
    keys.chain(channels.flat_map(|channel| tracer.channel(channel))).collect()
}

struct Tracer<'a> {
    registry: &'a Registry,
    module: ModuleId,
    given: BTreeMap<String, String>,
}

impl Tracer<'_> {
    /// Data first, then what bounds it, then its time to live, then its publication.
    fn key(&self, key: &Key) -> Vec<Call> {
        let name = self.name(&key.pattern);
        // What takes data out is no update, unless nothing else is done to the key.
        let removes = |operation: &Operation| role(operation) == Role::Write && !adds(operation);
        let only_removes = key.operations.iter().all(removes);
        let mut operations: Vec<&Operation> =
            key.operations.iter().filter(|operation| only_removes || !removes(operation)).collect();
        operations.sort_by_key(|operation| role(operation));
        operations.into_iter().flat_map(|operation| self.operation(key, &name, operation)).collect()
    }

    fn channel(&self, channel: &Channel) -> Vec<Call> {
        let message = channel.message.as_ref().map_or_else(|| "…".to_owned(), |value| self.value(value));
        let call = |operation: &Operation| call(&operation.name, [self.name(&channel.pattern), message.clone()]);
        channel.operations.iter().map(call).collect()
    }

    fn name(&self, pattern: &crate::registry::Pattern) -> String {
        let names = self.registry.example_names(self.module, pattern, 1);
        names.into_iter().next().unwrap_or_else(|| pattern.as_str().to_owned())
    }

    fn operation(&self, key: &Key, name: &str, operation: &Operation) -> Vec<Call> {
        let words = |rest: Vec<String>| vec![call(&operation.name, std::iter::once(name.to_owned()).chain(rest))];
        match role(operation) {
            Role::Write => self.write(key, name, operation),
            Role::Publish => match &key.shape {
                Shape::Single(value) => words(vec![self.value(value)]),
                _ => words(vec!["…".to_owned()]),
            },
            Role::Prune => words(self.prune(key, operation)),
            Role::Expire => words(self.expiry(key, operation)),
        }
    }

    fn write(&self, key: &Key, name: &str, operation: &Operation) -> Vec<Call> {
        let words = |rest: Vec<String>| call(&operation.name, std::iter::once(name.to_owned()).chain(rest));
        match (&key.shape, operation.name.as_str()) {
            (_, "DEL" | "UNLINK" | "PERSIST" | "INCR" | "DECR") => vec![words(Vec::new())],
            (Shape::Fields(fields), _) if !fields.is_empty() => {
                self.fields(fields, operation).into_iter().map(words).collect()
            }
            (Shape::Entries(fields), "XADD") => vec![words(self.entry(key, fields))],
            (Shape::Scored { member, .. }, "GEOADD") => {
                vec![words(vec!["13.361".to_owned(), "38.115".to_owned(), self.value(member)])]
            }
            (Shape::Scored { member, .. }, "ZREM") => vec![words(vec![self.value(member)])],
            (Shape::Scored { member, score }, _) => vec![words(vec![self.value(score), self.value(member)])],
            (Shape::Single(_), "INCRBY" | "DECRBY") => vec![words(vec!["1".to_owned()])],
            (Shape::Single(_), "SETBIT") => vec![words(vec!["7".to_owned(), "1".to_owned()])],
            (Shape::Single(value), "SETEX") => {
                vec![words(vec![self.ttl(key, 1).unwrap_or_else(|| "…".to_owned()), self.value(value)])]
            }
            (Shape::Single(value), "PSETEX") => {
                vec![words(vec![self.ttl(key, 1_000).unwrap_or_else(|| "…".to_owned()), self.value(value)])]
            }
            (Shape::Single(value), "JSON.SET") => vec![words(vec!["$".to_owned(), self.value(value)])],
            (Shape::Single(value), "SET") => {
                let expiring = !key.operations.iter().any(|other| role(other) == Role::Expire);
                let ttl = self.ttl(key, 1).filter(|_| expiring).map(|ttl| vec!["EX".to_owned(), ttl]);
                vec![words(std::iter::once(self.value(value)).chain(ttl.into_iter().flatten()).collect())]
            }
            (Shape::Single(value) | Shape::Elements(value) | Shape::Members(value), _) => {
                vec![words(vec![self.value(value)])]
            }
            (Shape::Opaque | Shape::Entries(_) | Shape::Fields(_), _) => vec![words(vec!["…".to_owned()])],
        }
    }

    /// One call for all fields where a command takes several, else one a field.
    fn fields(&self, fields: &[FieldShape], operation: &Operation) -> Vec<Vec<String>> {
        // An update in good order: fields that need not be there are for what goes wrong.
        let some_required = fields.iter().any(|field| field.required);
        let shown = |field: &&FieldShape| writes_field(operation, field) && (field.required || !some_required);
        let fields = fields.iter().filter(shown);
        let name = |field: &FieldShape| {
            field
                .name
                .format(|param| self.registry.param_examples(self.module, param).into_iter().next())
                .unwrap_or_default()
        };
        match operation.name.as_str() {
            "HINCRBY" | "HINCRBYFLOAT" => fields.map(|field| vec![name(field), "1".to_owned()]).collect(),
            "HDEL" => vec![fields.map(name).collect()],
            _ => vec![fields.flat_map(|field| [name(field), self.value(&field.value)]).collect()],
        }
    }

    fn entry(&self, key: &Key, fields: &[FieldShape]) -> Vec<String> {
        let mut words = Vec::new();
        if let Some(bound) = key.retention.max_entries.as_ref().filter(|_| !key.has_operation("XTRIM")) {
            words.push("MAXLEN".to_owned());
            words.extend(bound.approximate.then(|| "~".to_owned()));
            words.push(self.count(&bound.count));
        }
        words.push("*".to_owned());
        for field in fields.iter().filter(|field| field.name.is_static()) {
            words.push(field.name.as_str().to_owned());
            words.push(self.value(&field.value));
        }
        words
    }

    fn prune(&self, key: &Key, operation: &Operation) -> Vec<String> {
        let bounds = bounds(operation);
        let age = key.retention.max_age.as_ref().and_then(|age| self.registry.duration(self.module, age));
        let most = key.retention.max_entries.as_ref().map(|bound| self.count(&bound.count));
        let number = |most: &str, less: i64| {
            most.parse::<i64>().map_or_else(|_| format!("-{most}"), |most| (-most - less).to_string())
        };
        match (operation.name.as_str(), age, most) {
            ("ZREMRANGEBYSCORE", Some(age), _) => vec!["-inf".to_owned(), self.oldest(key, age)],
            ("ZREMRANGEBYRANK", _, Some(most)) => vec!["0".to_owned(), number(&most, 1)],
            ("LTRIM", _, Some(most)) => {
                let newest_last = key.has_operation("RPUSH");
                if newest_last {
                    vec![number(&most, 0), "-1".to_owned()]
                } else {
                    vec!["0".to_owned(), most.parse::<i64>().map_or(most, |most| (most - 1).to_string())]
                }
            }
            ("XTRIM", _, Some(most)) if bounds.contains(&Bound::Count) => vec!["MAXLEN".to_owned(), most],
            ("XTRIM", Some(age), None) => vec!["MINID".to_owned(), (MOMENT_S * 1_000 - millis(age)).to_string()],
            _ => vec!["…".to_owned()],
        }
    }

    /// The score before which members are too old, in the score's own unit; up to it, but not with it.
    fn oldest(&self, key: &Key, age: Duration) -> String {
        let scale = match &key.shape {
            Shape::Scored { score: Value::Scalar(scalar), .. } => per_second(*scalar),
            _ => None,
        };
        match scale {
            Some(scale) => {
                format!("({}", (i128::from(MOMENT_S) * 1_000 - i128::from(millis(age))) * i128::from(scale) / 1_000)
            }
            None => "…".to_owned(),
        }
    }

    fn expiry(&self, key: &Key, operation: &Operation) -> Vec<String> {
        let scale = if operation.name.starts_with('P') { 1_000 } else { 1 };
        let ttl = self.ttl(key, scale);
        if operation.name.ends_with("AT") {
            let at = ttl.and_then(|ttl| ttl.parse::<i64>().ok()).map(|ttl| (MOMENT_S * scale + ttl).to_string());
            return vec![at.unwrap_or_else(|| "…".to_owned())];
        }
        vec![ttl.unwrap_or_else(|| "…".to_owned())]
    }

    /// The time to live that a write sets, in units of which `scale` are a second.
    fn ttl(&self, key: &Key, scale: i64) -> Option<String> {
        let amount = match key.retention.ttl.as_ref()? {
            Ttl::None => return None,
            Ttl::Fixed(ttl) | Ttl::Sliding(ttl) | Ttl::Range { max: ttl, .. } => ttl,
        };
        Some(match self.registry.duration(self.module, amount) {
            Some(ttl) => (millis(ttl) * scale / 1_000).to_string(),
            None => format!("{{{}}}", amount.config().unwrap_or("…")),
        })
    }

    fn count(&self, amount: &Amount<u64>) -> String {
        self.registry.count(self.module, amount).map_or_else(|| amount.to_string(), |count| count.to_string())
    }

    fn value(&self, value: &Value) -> String {
        match value {
            Value::Payload(id) => example::example(self.registry, *id, &self.given)
                .map_or_else(|| "{…}".to_owned(), |json| abridged(&json)),
            Value::Unknown(_) => "…".to_owned(),
            Value::Scalar(scalar) => match scalar {
                Scalar::Integer => "42".to_owned(),
                Scalar::Number => "101.25".to_owned(),
                Scalar::Boolean => "true".to_owned(),
                Scalar::Text | Scalar::Bytes => "…".to_owned(),
                Scalar::Json => "{…}".to_owned(),
                Scalar::DateTime => MOMENT.to_owned(),
                Scalar::EpochS | Scalar::EpochMs | Scalar::EpochUs | Scalar::EpochNs => per_second(*scalar)
                    .map_or_else(String::new, |scale| (i128::from(MOMENT_S) * i128::from(scale)).to_string()),
            },
        }
    }
}

fn call(name: &str, rest: impl IntoIterator<Item = String>) -> Call {
    name.split(' ').map(str::to_owned).chain(rest).collect()
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX / 1_000_000)
}

/// Units of a scalar in a second, for times.
fn per_second(scalar: Scalar) -> Option<i64> {
    match scalar {
        Scalar::EpochS => Some(1),
        Scalar::EpochMs => Some(1_000),
        Scalar::EpochUs => Some(1_000_000),
        Scalar::EpochNs => Some(1_000_000_000),
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
