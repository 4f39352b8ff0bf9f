//! How many keys, entries and bytes there may be, as far as the registry's bounds and defaults tell.

use super::example;
use super::figures;
use super::payloads::{given, name_of};
use super::text::{Table, blocks, code};
use crate::registry::{ConfigKind, ConfigVariable, Key, ModuleId, Registry, Scalar, Shape, Value};
use crate::server::commands::Size;

/// The table of all keys of a module, with what it rests on.
pub(super) fn table(registry: &Registry, id: ModuleId) -> String {
    let interval = interval(registry, id);
    let mut table = Table::new(&["Key", "Keys at most", "Entries a key at most", "Values at most"]);
    let mut estimated = false;
    for key in registry.keys_of(id) {
        let count = Count::of(registry, key);
        let (entries, entries_words) = entries(registry, key, interval);
        let each = entries.zip(value_size(registry, key)).map(|(entries, size)| entries.saturating_mul(size));
        let total = |keys: Option<u64>| keys.zip(each).map(|(keys, each)| figures::bytes(keys.saturating_mul(each)));
        let sizes = match (total(count.most), total(count.by_default)) {
            (Some(most), Some(usual)) if most != usual => format!("about {most} ({usual} by default)"),
            (Some(size), _) => format!("about {size}"),
            (None, Some(usual)) => format!("about {usual} by default"),
            (None, None) => String::new(),
        };
        estimated |= !sizes.is_empty();
        table.row([name_of(registry, key), count.words(registry, key), entries_words, sizes]);
    }
    let note = "Sizes are those of example values alone: names, indexes and the server's own bookkeeping come on top.";
    blocks([table.render(), if estimated { note.to_owned() } else { String::new() }])
}

/// How many keys a pattern may have.
struct Count {
    /// At most so many.
    most: Option<u64>,
    /// With the config variables' defaults.
    by_default: Option<u64>,
}

impl Count {
    fn of(registry: &Registry, key: &Key) -> Self {
        if key.pattern.is_static() {
            return Self { most: Some(1), by_default: None };
        }
        let domain = |param: &str| {
            let values = registry.param_domain(key.module, &registry.param(key.module, param)).len();
            u64::try_from(values).ok().filter(|values| *values > 0)
        };
        let by_default =
            key.pattern.params().try_fold(1_u64, |product, param| Some(product.saturating_mul(domain(param)?)));
        Self { most: key.cardinality.as_ref().and_then(|most| registry.count(key.module, most)), by_default }
    }

    fn words(&self, registry: &Registry, key: &Key) -> String {
        let most = key.cardinality.as_ref().map(|most| figures::count(registry, key.module, most));
        match (most, self.by_default) {
            (None, _) if key.pattern.is_static() => "1".to_owned(),
            (Some(most), Some(usual)) => format!("{most} ({usual} by default)"),
            (Some(most), None) => most,
            (None, Some(usual)) => format!("{usual} by default"),
            (None, None) => "not bounded".to_owned(),
        }
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
