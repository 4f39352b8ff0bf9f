//! What becomes of a key's data, in words with the defaults filled in.

use super::figures;
use crate::registry::{Key, Lifecycle, Registry, Ttl};

/// `No TTL; overwritten on updates`.
pub(super) fn words(registry: &Registry, key: &Key) -> String {
    let mut parts = Vec::new();
    parts.extend(ttl(registry, key));
    parts.extend(pruning(registry, key));
    if let Some(length) = &key.retention.max_length {
        parts.push(format!("at most {} bytes", figures::count(registry, key.module, length)));
    }
    match key.retention.lifecycle {
        Some(Lifecycle::Overwritten) => parts.push("overwritten on updates".to_owned()),
        Some(Lifecycle::Cumulative) => parts.push("cumulative".to_owned()),
        Some(Lifecycle::Pruned) if pruning(registry, key).is_none() => parts.push("pruned by its writers".to_owned()),
        Some(Lifecycle::Expiring) => parts.push("expires by itself".to_owned()),
        Some(Lifecycle::Pruned) | None => {}
    }
    if parts.is_empty() { "Not declared".to_owned() } else { capital(&parts.join("; ")) }
}

fn ttl(registry: &Registry, key: &Key) -> Option<String> {
    let words = |amount| figures::duration(registry, key.module, amount);
    Some(match key.retention.ttl.as_ref()? {
        Ttl::None => "no TTL".to_owned(),
        Ttl::Fixed(ttl) => format!("TTL {}, set by the write", words(ttl)),
        Ttl::Range { min, max } => format!("TTL from {} to {}, set by the write", words(min), words(max)),
        Ttl::Sliding(ttl) => format!("sliding TTL {}: renewed by each write", words(ttl)),
    })
}

fn pruning(registry: &Registry, key: &Key) -> Option<String> {
    let age = key.retention.max_age.as_ref().map(|age| figures::duration(registry, key.module, age));
    let entries = key.retention.max_entries.as_ref().map(|bound| figures::last_entries(registry, key.module, bound));
    let kept = if key.retention.lifecycle == Some(Lifecycle::Pruned) { "pruned" } else { "kept" };
    match (entries, age) {
        (None, None) => None,
        (Some(entries), None) => Some(format!("{kept} to {entries}")),
        (None, Some(age)) => Some(format!("{kept} to the last {age}")),
        (Some(entries), Some(age)) => Some(format!("{kept} to {entries}, and to the last {age}")),
    }
}

/// The first letter in upper case.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
