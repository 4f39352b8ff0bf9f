//! `## Keys Used` and `## Channels`: the tables that people look things up in.

use super::figures;
use super::lifecycle;
use super::operations;
use super::readings::{Entry, Reading};
use super::text::{Table, blocks, bullets, clause, code, codes, enumerate, section, sentence, text};
use crate::registry::{Channel, Group, Key, ModuleId, ParamKind, Registry, Scope};

/// `## Keys Used`, static keys apart from dynamic ones.
pub(super) fn render(registry: &Registry, id: ModuleId) -> String {
    let (fixed, dynamic): (Vec<&Key>, Vec<&Key>) = registry.keys_of(id).partition(|key| key.pattern.is_static());
    let patterns =
        registry.keys_of(id).map(|key| &key.pattern).chain(registry.channels_of(id).map(|channel| &channel.pattern));
    let mut params: Vec<&str> = patterns.flat_map(crate::registry::Pattern::params).collect();
    params.extend(declared(registry, id));
    params.sort_unstable();
    params.dedup();
    blocks([
        section(
            2,
            "Keys Used",
            &blocks([
                section(3, "Static keys", &table(registry, &fixed)),
                section(3, "Dynamic keys", &blocks([table(registry, &dynamic), params_table(registry, id, &params)])),
                section(3, "Notes on keys", &bullets(registry.keys_of(id).map(|key| notes(registry, Entry::Key(key))))),
            ]),
        ),
        section(2, "Channels", &channels(registry, id)),
    ])
}

fn table(registry: &Registry, keys: &[&Key]) -> String {
    let mut table = Table::new(&["Key", "Purpose", "Type", "Operations", "Lifecycle", "Connections"]);
    for key in keys {
        let name =
            code(key.pattern.as_str()) + &examples(registry, Entry::Key(key)) + &elsewhere(registry, Entry::Key(key));
        let purpose = key.docs.purpose.as_deref().map(sentence).unwrap_or_default();
        let kind = key.redis_type.map_or_else(|| "any".to_owned(), |redis_type| redis_type.name.to_uppercase());
        let life = lifecycle::words(registry, key) + ".";
        table.row([
            name,
            purpose,
            kind,
            operations::short(registry, key),
            life,
            connections(registry, Entry::Key(key)),
        ]);
    }
    table.render()
}

fn channels(registry: &Registry, id: ModuleId) -> String {
    let mut table = Table::new(&["Channel", "Name in code", "Purpose", "Message", "Operations", "Connections"]);
    for channel in registry.channels_of(id) {
        let entry = Entry::Channel(channel);
        let name = code(channel.pattern.as_str()) + &examples(registry, entry) + &elsewhere(registry, entry);
        let message =
            channel.message.as_ref().map(|value| operations::value_words(registry, value)).unwrap_or_default();
        let publishes = codes(channel.operations.iter().map(|operation| operation.name.as_str()));
        let in_code = if channel.from_key.is_none() { code(&channel.name) } else { String::new() };
        let purpose = channel_purpose(registry, channel);
        table.row([name, in_code, purpose, message, publishes, connections(registry, entry)]);
    }
    let declared = registry.channels_of(id).filter(|channel| channel.from_key.is_none());
    blocks([table.render(), bullets(declared.map(|channel| notes(registry, Entry::Channel(channel))))])
}

fn channel_purpose(registry: &Registry, channel: &Channel) -> String {
    match channel.from_key {
        Some(key) => format!(
            "Each write of the key {} is published under the same name.",
            code(registry.key(key).pattern.as_str())
        ),
        None => channel.docs.purpose.as_deref().map(sentence).unwrap_or_default(),
    }
}

/// A few names of a pattern, under it in the same cell.
fn examples(registry: &Registry, entry: Entry<'_>) -> String {
    if entry.pattern().is_static() {
        return String::new();
    }
    let names = registry.example_names(entry.module(), entry.pattern(), 3);
    if names.is_empty() { String::new() } else { format!("<br>e.g. {}", codes(names.iter().map(String::as_str))) }
}

/// The bus, where it is not the module's.
fn elsewhere(registry: &Registry, entry: Entry<'_>) -> String {
    let own = &registry.module(entry.module()).bus;
    match entry.bus().map(|bus| &registry.bus(bus).name) {
        Some(bus) if bus != own => format!("<br>on {}", code(bus)),
        _ => String::new(),
    }
}

/// The same beside a name: two keys of one name are told apart by it.
pub(super) fn other_bus(registry: &Registry, entry: Entry<'_>) -> String {
    elsewhere(registry, entry).replace("<br>", " ")
}

/// Who reads it and what for, in one cell, by how near they are.
fn connections(registry: &Registry, entry: Entry<'_>) -> String {
    let readings = entry.readings(registry);
    let verb = if entry.is_channel() { "subscribed by" } else { "consumed by" };
    let group = |scope: Scope, potential: bool| -> Vec<String> {
        let fits = |reading: &&Reading<'_>| {
            !reading.is_own() && reading.scope(registry) == scope && reading.consumer.potential == potential
        };
        readings.iter().filter(fits).map(reader).collect()
    };
    let mut parts = Vec::new();
    let own = readings.iter().filter(|reading| reading.is_own());
    let purposes: Vec<String> =
        own.clone().filter_map(|reading| reading.consumer.purpose.as_deref()).map(clause).collect();
    if own.count() > 0 {
        let purposes = if purposes.is_empty() { String::new() } else { format!(" for {}", enumerate(&purposes)) };
        parts.push(format!("read back by {} itself{purposes}", text(&registry.module(entry.module()).name)));
    }
    let labels =
        [(Scope::Internal, verb), (Scope::External, "external services:"), (Scope::Admin, "admins and developers:")];
    for (scope, label) in labels {
        let readers = group(scope, false);
        if !readers.is_empty() {
            parts.push(format!("{label} {}", readers.join(", ")));
        }
    }
    let potential: Vec<String> =
        [Scope::Internal, Scope::External, Scope::Admin].into_iter().flat_map(|scope| group(scope, true)).collect();
    if !potential.is_empty() {
        parts.push(format!("potentially: {}", potential.join(", ")));
    }
    if parts.is_empty() { "No known consumer.".to_owned() } else { lifecycle::capital(&parts.join("; ")) + "." }
}

/// `model_builders (underlying prices; e.g. HeatmapModelBuilder)`.
fn reader(reading: &Reading<'_>) -> String {
    let consumer = reading.consumer;
    let examples = consumer.examples.iter().map(|example| text(example)).collect::<Vec<_>>().join(", ");
    let example = (!examples.is_empty()).then(|| format!("e.g. {examples}"));
    let inside: Vec<String> = consumer.purpose.as_deref().map(clause).into_iter().chain(example).collect();
    let name = text(&consumer.name);
    if inside.is_empty() { name } else { format!("{name} ({})", inside.join("; ")) }
}

/// Params that the module's own file declares, used or not.
fn declared(registry: &Registry, id: ModuleId) -> impl Iterator<Item = &str> {
    let module = registry.module(id);
    let file = registry.name_span(&module.address).file;
    let own = module.params.values().filter(move |param| param.span.is_some_and(|span| span.file == file));
    own.map(|param| param.name.as_str())
}

fn params_table(registry: &Registry, id: ModuleId, names: &[&str]) -> String {
    let mut table =
        Table::new(&["Param", "What it stands for", "Allowed values", "Values come from", "By default", "Examples"]);
    for name in names {
        let param = registry.param(id, name);
        let about = param.about.as_deref().map(sentence).unwrap_or_default();
        let from = codes(param.from.iter().map(String::as_str));
        let domain = registry.param_domain(id, &param);
        let domain = codes(domain.iter().map(String::as_str).take(12)) + if domain.len() > 12 { ", …" } else { "" };
        let examples = codes(param.examples.iter().map(String::as_str));
        table.row([code(&format!("{{{name}}}")), about, allowed(&param.kind), from, domain, examples]);
    }
    table.render()
}

fn allowed(kind: &ParamKind) -> String {
    match kind {
        ParamKind::String { pattern: None } => "text without `:`".to_owned(),
        ParamKind::String { pattern: Some(pattern) } => format!("text like {}", code(pattern)),
        ParamKind::Integer { min, max } => match (*min, *max) {
            (i64::MIN, i64::MAX) => "a whole number".to_owned(),
            (min, i64::MAX) => format!("a whole number from {min}"),
            (i64::MIN, max) => format!("a whole number up to {max}"),
            (min, max) => format!("a whole number from {min} to {max}"),
        },
        ParamKind::Uuid => "a UUID with hyphens".to_owned(),
        ParamKind::Hex { length: Some(length) } => format!("{length} hexadecimal digits"),
        ParamKind::Hex { length: None } => "hexadecimal digits".to_owned(),
        ParamKind::Date => "a date, YYYY-MM-DD".to_owned(),
        ParamKind::EpochMs => "milliseconds since 1970".to_owned(),
        ParamKind::Enum(words) => codes(words.iter().map(String::as_str)),
        ParamKind::Rest => "any text, `:` too".to_owned(),
    }
}

/// What else is said of an entry: deprecation, presence, owner, notes, consumer groups.
fn notes(registry: &Registry, entry: Entry<'_>) -> String {
    let docs = entry.docs();
    let mut parts = Vec::new();
    if let Some(deprecated) = &docs.deprecated {
        let instead =
            deprecated.replacement.as_deref().map(|name| format!("; use {} instead", code(name))).unwrap_or_default();
        let gone = deprecated
            .remove_after
            .as_deref()
            .map(|date| format!("; it may be removed after {}", text(date)))
            .unwrap_or_default();
        parts.push(format!("**Deprecated** since {}{instead}{gone}.", text(&deprecated.since)));
    }
    if let Entry::Key(key) = entry {
        if key.pattern.is_static() && !key.required {
            parts.push("**May be absent** while the module runs.".to_owned());
        }
        if !key.pattern.is_static() && key.required {
            parts.push("**Always there:** at least one key of this pattern, while the module runs.".to_owned());
        }
        if let Some(finder) = &key.found_by {
            parts.push(format!("**Found by** {}: readers never search for it.", code(finder)));
        }
        if !key.groups.is_empty() {
            let groups: Vec<String> = key.groups.iter().map(|of| group(registry, key, of)).collect();
            parts.push(format!("**Consumer groups:** {}.", groups.join("; ")));
        }
    }
    let label = if parts.is_empty() { "" } else { "**Notes:** " };
    parts.extend(
        docs.notes.as_deref().map(sentence).filter(|notes| !notes.is_empty()).map(|notes| format!("{label}{notes}")),
    );
    if !docs.examples.is_empty() {
        parts.push(format!("**Of interest:** {}.", codes(docs.examples.iter().map(String::as_str))));
    }
    parts.extend(
        docs.owner
            .as_deref()
            .filter(|owner| registry.module(entry.module()).owner.as_deref() != Some(owner))
            .map(|owner| format!("**Owner:** {}.", text(owner))),
    );
    parts.extend(docs.since.as_deref().map(|since| format!("**Since:** {}.", text(since))));
    if parts.is_empty() {
        return String::new();
    }
    format!("{}{}: {}", code(entry.pattern().as_str()), other_bus(registry, entry), parts.join(" "))
}

/// A consumer group with its limits.
fn group(registry: &Registry, key: &Key, group: &Group) -> String {
    let words = ["entries behind", "unacknowledged", "consumers"];
    let mut limits: Vec<String> = group
        .limits
        .iter()
        .zip(words)
        .filter_map(|(limit, word)| {
            Some(format!("at most {} {word}", figures::count(registry, key.module, limit.as_ref()?)))
        })
        .collect();
    if group.required {
        limits.push("always there".to_owned());
    }
    let about = group.about.as_deref().map(|about| format!(": {}", clause(about))).unwrap_or_default();
    let limits = if limits.is_empty() { String::new() } else { format!(" ({})", limits.join(", ")) };
    format!("{}{limits}{about}", code(&group.name))
}
