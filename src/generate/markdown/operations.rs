//! Operations of a key in short: what goes over the wire, and what for.

use super::figures;
use super::text::{code, codes, text};
use crate::registry::{Amount, FieldShape, Key, Operation, Registry, Shape, Ttl, Value};
use crate::server::commands::{Bound, Command, Effect, Expiry, Size};

/// What a command is for among a key's operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// Writes data.
    Write,
    /// Removes what is beyond a bound.
    Prune,
    /// Sets the time to live, and nothing else.
    Expire,
    /// Sends the data to a channel.
    Publish,
}

/// What an operation is for.
pub(super) fn role(operation: &Operation) -> Role {
    operation.command.map_or(Role::Write, role_of)
}

/// What a command is for.
pub(super) fn role_of(command: &Command) -> Role {
    if command.publishes() {
        return Role::Publish;
    }
    match command.effects().next() {
        Some(effect) if only_prunes(effect) => Role::Prune,
        Some(Effect { expiry: Expiry::Sets, size: Size::Neutral }) => Role::Expire,
        _ => Role::Write,
    }
}

fn only_prunes(effect: Effect) -> bool {
    match effect.size {
        Size::Trims(_) => true,
        Size::Optional(options) => {
            options.tokens.iter().all(|(_, size)| matches!(size, Size::Trims(_)))
                && matches!(options.otherwise, Size::Trims(_))
        }
        Size::Replaces
        | Size::Grows
        | Size::GrowsToLimit
        | Size::GrowsTrimmed(_)
        | Size::Shrinks
        | Size::Removes
        | Size::Neutral => false,
    }
}

/// What an operation can bound its key by.
pub(super) fn bounds(operation: &Operation) -> Vec<Bound> {
    operation.command.and_then(|command| command.effects().next()).map(Effect::bounds).unwrap_or_default()
}

/// All operations of a key: `SET` (SpotPrice JSON), `PUBLISH`.
pub(super) fn short(registry: &Registry, key: &Key) -> String {
    key.operations.iter().map(|operation| one(registry, key, operation)).collect::<Vec<_>>().join(", ")
}

fn one(registry: &Registry, key: &Key, operation: &Operation) -> String {
    let details = match role(operation) {
        Role::Write => write(registry, key, operation),
        Role::Prune => prune(registry, key, operation),
        Role::Expire => match &key.retention.ttl {
            Some(Ttl::Sliding(ttl)) => format!("renew {}", ttl_text(registry, key, ttl)),
            Some(Ttl::Fixed(ttl)) => ttl_text(registry, key, ttl),
            Some(Ttl::Range { min, max }) => {
                format!("{} to {}", ttl_text(registry, key, min), ttl_text(registry, key, max))
            }
            Some(Ttl::None) | None => String::new(),
        },
        Role::Publish => String::new(),
    };
    if details.is_empty() { code(&operation.name) } else { format!("{} ({details})", code(&operation.name)) }
}

/// The time alone; where it comes from is told under Lifecycle.
fn ttl_text(registry: &Registry, key: &Key, amount: &Amount<std::time::Duration>) -> String {
    registry
        .duration(key.module, amount)
        .map_or_else(|| figures::duration(registry, key.module, amount), crate::registry::format_duration)
}

fn write(registry: &Registry, key: &Key, operation: &Operation) -> String {
    if !adds(operation) {
        return String::new();
    }
    match &key.shape {
        Shape::Opaque => String::new(),
        Shape::Single(value) | Shape::Elements(value) | Shape::Members(value) => value_words(registry, value),
        Shape::Scored { member, .. } if key.redis_type.is_some_and(|redis_type| redis_type.name == "geo") => {
            format!("position: {}", value_words(registry, member))
        }
        Shape::Scored { member, score } => {
            format!("{}: {}", value_words(registry, score), value_words(registry, member))
        }
        Shape::Fields(fields) => {
            let fields: Vec<&FieldShape> = fields.iter().filter(|field| writes_field(operation, field)).collect();
            let shown = codes(fields.iter().take(6).map(|field| field.name.as_str()));
            if fields.len() > 6 { format!("{shown} and {} more", fields.len() - 6) } else { shown }
        }
        Shape::Entries(fields) => {
            let fields = fields
                .iter()
                .map(|field| format!("{}: {}", text(field.name.as_str()), value_words(registry, &field.value)));
            let mut words = fields.collect::<Vec<_>>().join(", ");
            // A command of its own trims then.
            let trims = bounds(operation).contains(&Bound::Count) && !key.has_operation("XTRIM");
            if let Some(bound) = key.retention.max_entries.as_ref().filter(|_| trims) {
                let about = if bound.approximate { "~ " } else { "" };
                words.push_str(&format!("; MAXLEN {about}{}", bare_count(registry, key, &bound.count)));
            }
            words
        }
    }
}

/// Does it carry data, rather than take it out?
fn adds(operation: &Operation) -> bool {
    operation.command.is_none_or(|command| !takes_out(command))
}

/// Does a command take data out, and nothing else?
pub(super) fn takes_out(command: &Command) -> bool {
    command.effects().next().is_some_and(|effect| matches!(effect.size, Size::Shrinks | Size::Removes))
}

fn prune(registry: &Registry, key: &Key, operation: &Operation) -> String {
    let bounds = bounds(operation);
    let retention = &key.retention;
    if bounds.iter().any(|bound| matches!(bound, Bound::Score | Bound::Age))
        && let Some(age) = &retention.max_age
    {
        return format!("prune older than {}", ttl_text(registry, key, age));
    }
    if bounds.iter().any(|bound| matches!(bound, Bound::Rank | Bound::Count))
        && let Some(bound) = &retention.max_entries
    {
        let count = bare_count(registry, key, &bound.count);
        return format!("keep {}the last {count}", if bound.approximate { "about " } else { "" });
    }
    "prune old".to_owned()
}

/// The number alone; where it comes from is told under Lifecycle.
fn bare_count(registry: &Registry, key: &Key, amount: &Amount<u64>) -> String {
    registry
        .count(key.module, amount)
        .map_or_else(|| figures::count(registry, key.module, amount), |count| count.to_string())
}

/// Does this operation write this field? Without a word on it, all that fit do.
pub(super) fn writes_field(operation: &Operation, field: &FieldShape) -> bool {
    field.operations.contains(&operation.name) || field.operations.is_empty() && adds(operation)
}

/// What a value is, in short: `SpotPrice JSON`, `integer`.
pub(super) fn value_words(registry: &Registry, value: &Value) -> String {
    let name = text(registry.value_name(value));
    if matches!(value, Value::Payload(_)) { format!("{name} JSON") } else { name }
}
