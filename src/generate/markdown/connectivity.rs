//! `## Connectivity Graph`: a module, its keys and channels, and who reads them, as a chart and in words.

use std::collections::BTreeMap;

use super::keys::other_bus;
use super::layout;
use super::mermaid::{Chart, Kind, Node};
use super::operations::{self, Role};
use super::overview;
use super::readings::{Entry, Reading, all_readings, entries, names, readings};
use super::text::{Table, blocks, bullets, clause, code, codes, section, text};
use crate::registry::{ModuleId, Party, Registry, Scope};

/// What dashed arrows mean.
pub(super) const LEGEND: &str = "Dashed arrows are potential: not known to be read yet.";

/// `## Connectivity Graph` and `## What Each Consumer Needs`.
pub(super) fn render(registry: &Registry, id: ModuleId) -> String {
    let chart = chart(registry, &[id]);
    let has_potential = readings(registry, id).iter().any(|reading| !reading.is_own() && reading.consumer.potential);
    let legend = if has_potential && !chart.is_empty() { LEGEND } else { "" };
    blocks([
        section(2, "Connectivity Graph", &blocks([chart, legend.to_owned(), groups(registry, id)])),
        section(2, "What Each Consumer Needs", &needs(registry, id)),
    ])
}

/// Modules, what they write and who reads it.
pub(super) fn chart(registry: &Registry, modules: &[ModuleId]) -> String {
    let all: Vec<(usize, Entry<'_>)> = modules
        .iter()
        .enumerate()
        .flat_map(|(at, id)| entries(registry, *id).into_iter().map(move |entry| (at, entry)))
        .collect();
    let read: Vec<(usize, Reading<'_>)> = all
        .iter()
        .enumerate()
        .flat_map(|(at, (_, entry))| entry.readings(registry).into_iter().map(move |reading| (at, reading)))
        .filter(|(_, reading)| !reading.is_own())
        .collect();
    let readers = names(&read.iter().map(|(_, reading)| reading.clone()).collect::<Vec<_>>());
    let reader = |reading: &Reading<'_>| readers.iter().position(|name| *name == reading.consumer.name).unwrap_or(0);
    let arrows: Vec<(usize, usize)> = read.iter().map(|(at, reading)| (*at, reader(reading))).collect();
    let groups: Vec<usize> = all.iter().map(|(module, _)| *module).collect();
    let (order, reader_order) = layout::arrange(&groups, readers.len(), &arrows);

    let mut chart = Chart::default();
    let mut parties: BTreeMap<&str, Node> = BTreeMap::new();
    for id in modules {
        let name = registry.module(*id).name.as_str();
        parties.insert(name, chart.node(Kind::Module, &[name]));
    }
    let mut nodes: BTreeMap<usize, Node> = BTreeMap::new();
    for at in order {
        let (_, entry) = all[at];
        let kind = if entry.is_channel() { Kind::Channel } else { Kind::Key };
        let node = chart.node(kind, &[entry.pattern().as_str(), entry.kind()]);
        if let Some(writer) = parties.get(registry.module(entry.module()).name.as_str()) {
            chart.edge(*writer, node, "", false);
        }
        nodes.insert(at, node);
    }
    for at in reader_order {
        let name = readers[at];
        let scope =
            read.iter().find(|(_, reading)| reading.consumer.name == name).map(|(_, reading)| reading.scope(registry));
        let party = *parties
            .entry(name)
            .or_insert_with(|| chart.node(Kind::of_scope(scope.unwrap_or(Scope::External)), &[name]));
        for (at, reading) in read.iter().filter(|(_, reading)| reading.consumer.name == name) {
            if let Some(node) = nodes.get(at) {
                chart.edge(*node, party, "", reading.consumer.potential);
            }
        }
    }
    chart.render()
}

/// The groups of the document in words, from how near each consumer is.
fn groups(registry: &Registry, id: ModuleId) -> String {
    let module = registry.module(id);
    let all = readings(registry, id);
    let of = |scope: Scope| all.iter().filter(|reading| reading.scope(registry) == scope).cloned().collect::<Vec<_>>();
    let upstream: Vec<Reading<'_>> = all_readings(registry)
        .into_iter()
        .filter(|reading| reading.consumer.party == Party::Module(id) && !reading.is_own())
        .collect();
    let flow = overview::flow(module);
    bullets([
        labelled(
            "Upstream",
            &format!("{} reads from other modules.", text(&module.name)),
            &from_others(registry, &upstream),
        ),
        labelled(&format!("Intra-{}", text(&registry.name)), "", &by_consumer(&of(Scope::Internal), &module.name)),
        labelled("Inter-Service", &published(registry, id), &by_consumer(&of(Scope::External), &module.name)),
        labelled("Admin/Dev Utility", "", &by_consumer(&of(Scope::Admin), &module.name)),
        if flow.is_empty() { String::new() } else { format!("**Pipeline Flow:** {flow}.") },
    ])
}

/// A label, a sentence, and items under it; nothing without items.
fn labelled(label: &str, intro: &str, items: &[String]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let items: String = items.iter().map(|item| format!("\n  - {item}")).collect();
    format!("**{label}:**{}{intro}{items}", if intro.is_empty() { "" } else { " " })
}

fn published(registry: &Registry, id: ModuleId) -> String {
    let channels: Vec<&str> = registry.channels_of(id).map(|channel| channel.pattern.as_str()).collect();
    if channels.is_empty() {
        String::new()
    } else {
        format!(
            "Publishes to the channel{} {} on {}.",
            if channels.len() == 1 { "" } else { "s" },
            codes(channels),
            code(&registry.module(id).bus)
        )
    }
}

fn by_consumer(readings: &[Reading<'_>], module: &str) -> Vec<String> {
    let line = |name: &str| {
        let own: Vec<&Reading<'_>> = readings.iter().filter(|reading| reading.consumer.name == name).collect();
        let (potential, known): (Vec<&Reading<'_>>, Vec<&Reading<'_>>) =
            own.into_iter().partition(|reading| reading.consumer.potential);
        let potential = reads_words(&potential);
        let potential = (!potential.is_empty()).then(|| format!("potentially {potential}"));
        let reads: Vec<String> =
            Some(reads_words(&known)).filter(|known| !known.is_empty()).into_iter().chain(potential).collect();
        let itself = if name == module { " itself" } else { "" };
        format!("{}{itself}: {}.", text(name), reads.join("; "))
    };
    names(readings).into_iter().map(line).collect()
}

/// What is read and what for; entries read for one purpose stand together.
fn reads_words(readings: &[&Reading<'_>]) -> String {
    let mut purposes: Vec<(String, Vec<String>)> = Vec::new();
    for reading in readings {
        let via = reading.consumer.via.as_deref().map(|via| format!(" (via {})", clause(via))).unwrap_or_default();
        let purpose =
            reading.consumer.purpose.as_deref().map(|purpose| format!(" for {}", clause(purpose))).unwrap_or_default();
        let channel = if reading.entry.is_channel() { "the channel " } else { "" };
        let entry = format!("{channel}{}{via}", code(reading.entry.pattern().as_str()));
        match purposes.iter_mut().find(|(known, _)| *known == purpose) {
            Some((_, entries)) => entries.push(entry),
            None => purposes.push((purpose, vec![entry])),
        }
    }
    let words = |(purpose, entries): (String, Vec<String>)| format!("{}{purpose}", super::text::enumerate(&entries));
    purposes.into_iter().map(words).collect::<Vec<_>>().join("; ")
}

fn from_others(registry: &Registry, upstream: &[Reading<'_>]) -> Vec<String> {
    let line = |reading: &Reading<'_>| {
        let purpose =
            reading.consumer.purpose.as_deref().map(|purpose| format!(" for {}", clause(purpose))).unwrap_or_default();
        let owner = &registry.module(reading.entry.module()).name;
        let commands = if reading.commands.is_empty() {
            String::new()
        } else {
            format!(" with {}", codes(reading.commands.iter().copied()))
        };
        let potential = if reading.consumer.potential { " (potentially)" } else { "" };
        format!("{} of {}{commands}{purpose}{potential}.", code(reading.entry.pattern().as_str()), text(owner))
    };
    upstream.iter().map(line).collect()
}

fn needs(registry: &Registry, id: ModuleId) -> String {
    let mut table = Table::new(&[
        "Consumer",
        "Reads",
        "Commands",
        "Fields it needs",
        "What for",
        "How it gets there",
        "Reading on",
        "Examples",
        "Certainty",
    ]);
    let mut all = readings(registry, id);
    let order = names(&all);
    all.sort_by_key(|reading| order.iter().position(|name| *name == reading.consumer.name));
    for reading in &all {
        let consumer = reading.consumer;
        let channel = if reading.entry.is_channel() { " (channel)" } else { "" };
        table.row([
            text(&consumer.name),
            format!("{}{channel}{}", code(reading.entry.pattern().as_str()), other_bus(registry, reading.entry)),
            codes(reading.commands.iter().copied()),
            codes(consumer.needs.iter().map(String::as_str)),
            consumer.purpose.as_deref().map(clause).unwrap_or_default(),
            consumer.via.as_deref().map(clause).unwrap_or_default(),
            consumer.bus.as_deref().map(code).unwrap_or_default(),
            consumer.examples.iter().map(|example| text(example)).collect::<Vec<_>>().join(", "),
            if consumer.potential { "potential".to_owned() } else { "known".to_owned() },
        ]);
    }
    table.render()
}

/// The commands with which a key is written, for a list: without pruning and expiry.
pub(super) fn write_commands(entry: Entry<'_>) -> String {
    let operations = match entry {
        Entry::Key(key) => &key.operations,
        Entry::Channel(channel) => &channel.operations,
    };
    let shown = operations.iter().filter(|operation| entry.is_channel() || operations::role(operation) == Role::Write);
    codes(shown.map(|operation| operation.name.as_str()))
}
