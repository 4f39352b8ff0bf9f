//! `## For Admins`: what is removed, by whom and when; what never is; how large it may get; what to do when.

use super::example;
use super::figures;
use super::operations::{self, Role};
use super::payloads::given;
use super::text::{Table, blocks, code, codes, section, sentence};
use crate::registry::{ConfigKind, ConfigVariable, Key, Lifecycle, ModuleId, Registry, Scalar, Shape, Ttl, Value};
use crate::server::commands::{Bound, Size};

/// `## For Admins`.
pub(super) fn render(registry: &Registry, id: ModuleId) -> String {
    section(
        2,
        "For Admins",
        &blocks([
            section(3, "What is removed, by whom and when", &removed(registry, id)),
            section(3, "What never expires", &lasting(registry, id)),
            section(3, "Cardinality and growth", &growth(registry, id)),
            section(3, "Operational scenarios", &scenarios(registry, id)),
        ]),
    )
}

fn removed(registry: &Registry, id: ModuleId) -> String {
    let mut table = Table::new(&["Key", "What goes", "Removed by", "When"]);
    let module = code(&registry.module(id).name);
    for key in registry.keys_of(id) {
        let name = code(key.pattern.as_str());
        let retention = &key.retention;
        if let Some(bound) = &retention.max_entries {
            let (by, when) = pruner(key, &[Bound::Rank, Bound::Count], &module);
            table.row([name.clone(), format!("all but the last {}", figures::entries(registry, id, bound)), by, when]);
        }
        if let Some(age) = &retention.max_age {
            let (by, when) = pruner(key, &[Bound::Score, Bound::Age], &module);
            table.row([name.clone(), format!("entries older than {}", figures::duration(registry, id, age)), by, when]);
        }
        let server = "the server".to_owned();
        match &retention.ttl {
            Some(Ttl::Fixed(ttl)) => table.row([
                name,
                "the whole key".to_owned(),
                server,
                format!("{} after it was written", figures::duration(registry, id, ttl)),
            ]),
            Some(Ttl::Range { min, max }) => {
                let when = format!(
                    "{} to {} after it was written",
                    figures::duration(registry, id, min),
                    figures::duration(registry, id, max)
                );
                table.row([name, "the whole key".to_owned(), server, when]);
            }
            Some(Ttl::Sliding(ttl)) => table.row([
                name,
                "the whole key".to_owned(),
                server,
                format!("{} after its last write", figures::duration(registry, id, ttl)),
            ]),
            Some(Ttl::None) | None => {}
        }
    }
    table.render()
}

/// Who keeps a bound, and when.
fn pruner(key: &Key, by: &[Bound], module: &str) -> (String, String) {
    let keeps =
        |operation: &&crate::registry::Operation| operations::bounds(operation).iter().any(|bound| by.contains(bound));
    let pruners: Vec<&crate::registry::Operation> = key.operations.iter().filter(keeps).collect();
    let names = codes(pruners.iter().map(|operation| operation.name.as_str()));
    match pruners.first() {
        None => ("no declared operation".to_owned(), "never, as far as declared".to_owned()),
        Some(operation) if operations::role(operation) == Role::Prune => {
            (format!("{module} with {names}"), "after each write".to_owned())
        }
        Some(_) => (format!("{module} with {names}"), "as part of each write".to_owned()),
    }
}

fn lasting(registry: &Registry, id: ModuleId) -> String {
    let mut table = Table::new(&["Key", "Why it stays", "What that means"]);
    for key in registry.keys_of(id).filter(|key| matches!(key.retention.ttl, Some(Ttl::None) | None)) {
        let declared = key.retention.ttl.is_some() || key.retention.lifecycle.is_some();
        let why = match key.retention.lifecycle {
            Some(Lifecycle::Overwritten) => "each write replaces the last",
            Some(Lifecycle::Cumulative) => "it counts or grows on purpose",
            Some(Lifecycle::Pruned) => "its entries go, the key stays",
            Some(Lifecycle::Expiring) => continue,
            None if declared => "it has no TTL",
            None => "nothing is declared of its retention",
        };
        table.row([code(key.pattern.as_str()), why.to_owned(), consequence(key)]);
    }
    table.render()
}

fn consequence(key: &Key) -> String {
    if !key.pattern.is_static() {
        let params = codes(key.pattern.params());
        return format!("The key of a {params} that is no longer written stays until it is deleted by hand.");
    }
    match key.retention.lifecycle {
        Some(Lifecycle::Overwritten) => {
            "When its writer stops, the last value stays and looks current: go by its time.".to_owned()
        }
        Some(Lifecycle::Cumulative) => "Only `DEL` resets it.".to_owned(),
        Some(Lifecycle::Pruned) => "When its writer stops, nothing is pruned any more.".to_owned(),
        Some(Lifecycle::Expiring) | None => String::new(),
    }
}

fn growth(registry: &Registry, id: ModuleId) -> String {
    let interval = interval(registry, id);
    let mut table = Table::new(&["Key", "Keys at most", "Entries a key at most", "Values at most"]);
    let mut estimated = false;
    for key in registry.keys_of(id) {
        let (keys, keys_words) = cardinality(registry, key);
        let (entries, entries_words) = entries(registry, key, interval);
        let size = entries
            .zip(keys)
            .zip(value_size(registry, key))
            .map(|((entries, keys), size)| figures::bytes(entries.saturating_mul(keys).saturating_mul(size)));
        estimated |= size.is_some();
        table.row([
            code(key.pattern.as_str()),
            keys_words,
            entries_words,
            size.map(|size| format!("about {size}")).unwrap_or_default(),
        ]);
    }
    let note = "Sizes are those of example values alone: names, indexes and the server's own bookkeeping come on top.";
    blocks([table.render(), if estimated { note.to_owned() } else { String::new() }])
}

/// How many keys a pattern may have.
fn cardinality(registry: &Registry, key: &Key) -> (Option<u64>, String) {
    if key.pattern.is_static() {
        return (Some(1), "1".to_owned());
    }
    let by_default: Option<u64> = key
        .pattern
        .params()
        .map(|param| {
            let domain = registry.param_domain(key.module, &registry.param(key.module, param)).len() as u64;
            (domain > 0).then_some(domain)
        })
        .try_fold(1_u64, |product, domain| Some(product.saturating_mul(domain?)));
    let note = by_default.map(|count| format!("{count} by default")).unwrap_or_default();
    match &key.cardinality {
        Some(most) => {
            let words = figures::count(registry, key.module, most);
            let words = if note.is_empty() { words } else { format!("{words}; {note}") };
            (registry.count(key.module, most), words)
        }
        None if note.is_empty() => (None, "not bounded".to_owned()),
        None => (by_default, note),
    }
}

/// How many entries a key may have.
fn entries(registry: &Registry, key: &Key, interval: Option<&ConfigVariable>) -> (Option<u64>, String) {
    let grows = key.operations.iter().filter_map(|operation| operation.command).flat_map(|command| command.effects());
    let grows = grows
        .into_iter()
        .any(|effect| effect.can_grow() || matches!(effect.size, Size::GrowsTrimmed(_) | Size::Optional(_)));
    if let Some(bound) = &key.retention.max_entries {
        return (registry.count(key.module, &bound.count), figures::entries(registry, key.module, bound));
    }
    if let Some(age) = &key.retention.max_age {
        let rate = interval
            .and_then(|variable| Some((variable, variable.default_duration()?)))
            .filter(|(_, each)| !each.is_zero());
        return match (registry.duration(key.module, age), rate) {
            (Some(age), Some((variable, each))) => {
                let count = (age.as_secs_f64() / each.as_secs_f64()).ceil() as u64;
                (
                    Some(count),
                    format!(
                        "about {count}, at one write every {} ({})",
                        crate::registry::format_duration(each),
                        code(&variable.name)
                    ),
                )
            }
            _ => (None, format!("all of the last {}", figures::duration(registry, key.module, age))),
        };
    }
    match &key.shape {
        Shape::Fields(fields) if fields.iter().all(|field| field.name.is_static()) => {
            (Some(1), format!("{} fields", fields.len()))
        }
        Shape::Single(_) => (Some(1), "1 value".to_owned()),
        _ if key.redis_type.is_some_and(|redis_type| !redis_type.grows) => (Some(1), "1 value".to_owned()),
        _ if grows => (None, "not bounded".to_owned()),
        _ => (None, String::new()),
    }
}

/// The one variable that says how often the module writes.
fn interval(registry: &Registry, id: ModuleId) -> Option<&ConfigVariable> {
    let times = |variable: &&ConfigVariable| {
        matches!(variable.kind, ConfigKind::Seconds | ConfigKind::Milliseconds)
            && variable.name.to_uppercase().contains("INTERVAL")
    };
    let mut variables = registry.module(id).config.iter().filter(times);
    variables.next().filter(|_| variables.next().is_none())
}

/// Bytes of one example entry.
fn value_size(registry: &Registry, key: &Key) -> Option<u64> {
    let given = given(registry, key.module);
    let size = |value: &Value| -> Option<u64> {
        match value {
            Value::Payload(id) => example::example(registry, *id, &given).map(|json| json.to_string().len() as u64),
            Value::Scalar(
                Scalar::Integer | Scalar::Number | Scalar::EpochS | Scalar::EpochMs | Scalar::EpochUs | Scalar::EpochNs,
            ) => Some(8),
            Value::Scalar(Scalar::DateTime) => Some(24),
            Value::Scalar(Scalar::Boolean) => Some(5),
            Value::Scalar(Scalar::Text | Scalar::Bytes | Scalar::Json) | Value::Unknown(_) => None,
        }
    };
    let fields = matches!(key.shape, Shape::Fields(_) | Shape::Entries(_));
    let names = if let Shape::Fields(fields) | Shape::Entries(fields) = &key.shape {
        fields.iter().map(|field| field.name.as_str().len() as u64).sum()
    } else {
        0
    };
    let mut total = if fields { names } else { 0 };
    let mut any = false;
    for value in key.values() {
        total += size(value)?;
        any = true;
    }
    any.then_some(total)
}

fn scenarios(registry: &Registry, id: ModuleId) -> String {
    let mut table = Table::new(&["Condition", "Impact on keys", "Handling", "Action"]);
    for scenario in &registry.module(id).scenarios {
        table.row(
            [&scenario.condition, &scenario.impact, &scenario.handling, &scenario.action].map(|words| sentence(words)),
        );
    }
    table.render()
}
