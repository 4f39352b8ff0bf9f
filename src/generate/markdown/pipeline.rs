//! `pipeline.md`: all modules together. Registry in, one page out.

use super::connectivity::{self, write_commands};
use super::mermaid::{Chart, Kind};
use super::overview;
use super::page_name;
use super::readings::{Entry, Reading, all_readings, entries, names};
use super::text::{Table, blocks, bullets, clause, code, codes, enumerate, one_line, section, sentence, text};
use crate::registry::{BusId, ModuleId, Party, Registry, Scope};

/// Beyond so many keys and channels a chart of them all cannot be read.
const CHART_LIMIT: usize = 60;

/// The whole page without its banner.
pub(super) fn render(registry: &Registry) -> String {
    let about = registry.about.as_deref().map(sentence).unwrap_or_default();
    blocks([
        format!("# {} Pipeline", super::text::title(&registry.name)),
        about,
        section(2, "Modules", &modules(registry)),
        section(2, "Connectivity Graph", &graph(registry)),
        section(
            2,
            "Cross-Module Flow",
            &blocks([flows(registry), section(3, "From module to module", &between_modules(registry))]),
        ),
        section(2, "Key Index", &index(registry)),
        section(2, "Who Reads from Whom", &matrix(registry)),
        section(2, "Services", &services(registry)),
        section(2, "Buses", &buses(registry)),
        section(2, "Entries Nobody Is Known to Read", &unread(registry)),
    ])
}

fn ids(registry: &Registry) -> impl Iterator<Item = ModuleId> {
    (0..registry.modules.len()).map(ModuleId)
}

fn link(registry: &Registry, id: ModuleId) -> String {
    let name = &registry.module(id).name;
    format!("[{}]({})", text(name), page_name(name))
}

fn modules(registry: &Registry) -> String {
    let mut table = Table::new(&["Module", "Role", "Bus", "Keys", "Channels", "Read by"]);
    for id in ids(registry) {
        let module = registry.module(id);
        let all = entries(registry, id);
        let keys = all.iter().filter(|entry| !entry.is_channel());
        let (fixed, dynamic): (Vec<&Entry<'_>>, Vec<&Entry<'_>>) = keys.partition(|entry| entry.pattern().is_static());
        let counts = [(fixed.len(), "static"), (dynamic.len(), "dynamic")];
        let counts = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, kind)| format!("{count} {kind}"))
            .collect::<Vec<_>>();
        let channels = all.iter().filter(|entry| entry.is_channel()).count();
        let readers: Vec<Reading<'_>> =
            all.iter().flat_map(|entry| entry.readings(registry)).filter(|reading| !reading.is_own()).collect();
        table.row([
            link(registry, id),
            module.role.as_deref().map(sentence).unwrap_or_default(),
            code(&module.bus),
            counts.join(", "),
            if channels > 0 { channels.to_string() } else { String::new() },
            known_and_potential(readers),
        ]);
    }
    table.render()
}

/// Who feeds whom; and with all keys, while that can be read.
fn graph(registry: &Registry) -> String {
    let all: Vec<ModuleId> = ids(registry).collect();
    let count: usize = all.iter().map(|id| entries(registry, *id).len()).sum();
    let whole = if count <= CHART_LIMIT {
        connectivity::chart(registry, &all)
    } else {
        format!("With {count} keys and channels a chart of all of them cannot be read: each module's page has its own.")
    };
    let body = blocks([section(3, "Who feeds whom", &parties(registry)), section(3, "Keys and channels", &whole)]);
    let potential = all_readings(registry).iter().any(|reading| !reading.is_own() && reading.consumer.potential);
    let legend = if potential { connectivity::LEGEND } else { "" };
    blocks([legend.to_owned(), body])
}

/// Modules and consumers only; an arrow says how much is read.
fn parties(registry: &Registry) -> String {
    let mut chart = Chart::default();
    let modules: Vec<_> =
        ids(registry).map(|id| chart.node(Kind::Module, &[registry.module(id).name.as_str()])).collect();
    let readings: Vec<Reading<'_>> = all_readings(registry).into_iter().filter(|reading| !reading.is_own()).collect();
    let mut readers: Vec<(Scope, &str, Option<ModuleId>)> = Vec::new();
    for reading in &readings {
        let module = if let Party::Module(id) = reading.consumer.party { Some(id) } else { None };
        let reader = (reading.scope(registry), reading.consumer.name.as_str(), module);
        if !readers.contains(&reader) {
            readers.push(reader);
        }
    }
    readers.sort_by_key(|(scope, ..)| *scope);
    for (scope, name, module) in readers {
        let node = module.map_or_else(|| chart.node(Kind::of_scope(scope), &[name]), |id| modules[id.0]);
        for id in ids(registry) {
            let own: Vec<&Reading<'_>> = readings
                .iter()
                .filter(|reading| reading.consumer.name == name && reading.entry.module() == id)
                .collect();
            if !own.is_empty() {
                let dashed = own.iter().all(|reading| reading.consumer.potential);
                chart.edge(modules[id.0], node, &amounts(&own), dashed);
            }
        }
    }
    chart.render()
}

/// `2 keys, 1 channel`.
fn amounts(readings: &[&Reading<'_>]) -> String {
    let channels = readings.iter().filter(|reading| reading.entry.is_channel()).count();
    let words = |count: usize, word: &str| match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        _ => Some(format!("{count} {word}s")),
    };
    let parts = [words(readings.len() - channels, "key"), words(channels, "channel")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn flows(registry: &Registry) -> String {
    bullets(ids(registry).map(|id| {
        let flow = overview::flow(registry.module(id));
        if flow.is_empty() { flow } else { format!("{}: {flow}.", link(registry, id)) }
    }))
}

fn between_modules(registry: &Registry) -> String {
    let mut table = Table::new(&["From", "Key or channel", "To", "Commands", "What for"]);
    for reading in all_readings(registry).iter().filter(|reading| !reading.is_own()) {
        if let Party::Module(to) = reading.consumer.party {
            let purpose = reading.consumer.purpose.as_deref().map(clause).unwrap_or_default();
            let potential = if reading.consumer.potential { " (potential)" } else { "" };
            table.row([
                link(registry, reading.entry.module()),
                code(reading.entry.pattern().as_str()),
                link(registry, to) + potential,
                codes(reading.commands.iter().copied()),
                purpose,
            ]);
        }
    }
    table.render()
}

fn index(registry: &Registry) -> String {
    let mut all: Vec<Entry<'_>> = ids(registry).flat_map(|id| entries(registry, id)).collect();
    all.sort_by_key(|entry| (entry.pattern().as_str(), entry.is_channel(), entry.module()));
    let several = registry.buses.len() > 1;
    let mut table = Table::new(&["Pattern", "Type", "Bus", "Owner", "Written with", "Consumers"]);
    for entry in all {
        let bus = entry.bus().filter(|_| several).map(|bus| code(&registry.bus(bus).name)).unwrap_or_default();
        let consumers = known_and_potential(entry.readings(registry));
        table.row([
            code(entry.pattern().as_str()),
            entry.kind().to_owned(),
            bus,
            link(registry, entry.module()),
            write_commands(entry),
            consumers,
        ]);
    }
    table.render()
}

/// `a, b; potentially c`: the names of readers.
fn known_and_potential(readings: Vec<Reading<'_>>) -> String {
    let (potential, known): (Vec<Reading<'_>>, Vec<Reading<'_>>) =
        readings.into_iter().partition(|reading| reading.consumer.potential);
    let sure = names(&known);
    let words = |names: Vec<&str>| names.into_iter().map(text).collect::<Vec<_>>().join(", ");
    let potential = words(names(&potential).into_iter().filter(|name| !sure.contains(name)).collect());
    match (words(sure), potential) {
        (known, potential) if potential.is_empty() => known,
        (known, potential) if known.is_empty() => format!("potentially {potential}"),
        (known, potential) => format!("{known}; potentially {potential}"),
    }
}

/// Readers down, modules across.
fn matrix(registry: &Registry) -> String {
    let readings = all_readings(registry);
    if readings.is_empty() {
        return String::new();
    }
    let writers: Vec<ModuleId> =
        ids(registry).filter(|id| readings.iter().any(|reading| reading.entry.module() == *id)).collect();
    let mut lines =
        vec![format!("| Reader | {} |", writers.iter().map(|id| link(registry, *id)).collect::<Vec<_>>().join(" | "))];
    lines.push(format!("| --- |{}", " --- |".repeat(writers.len())));
    for name in names(&readings) {
        let cell = |id: &ModuleId| {
            let own: Vec<&Reading<'_>> = readings
                .iter()
                .filter(|reading| reading.consumer.name == name && reading.entry.module() == *id)
                .collect();
            let entry = |reading: &&Reading<'_>| {
                format!("{}{}", text(reading.entry.name()), if reading.consumer.potential { "?" } else { "" })
            };
            let mut entries: Vec<String> = own.iter().map(entry).collect();
            entries.dedup();
            if entries.is_empty() { "–".to_owned() } else { entries.join(", ") }
        };
        lines.push(format!("| {} | {} |", text(name), writers.iter().map(cell).collect::<Vec<_>>().join(" | ")));
    }
    let note = if readings.iter().any(|reading| reading.consumer.potential) {
        "Entries by name; `?` marks a potential reading.".to_owned()
    } else {
        "Entries by name.".to_owned()
    };
    blocks([lines.join("\n"), note])
}

fn services(registry: &Registry) -> String {
    let mut table = Table::new(&["Service", "Role", "Belongs to", "Bus", "Owner", "Notes"]);
    for service in &registry.services {
        let scope = match service.scope {
            Scope::Internal => "the system",
            Scope::External => "another system",
            Scope::Admin => "admins and developers",
        };
        let words = |prose: &Option<String>| prose.as_deref().map(sentence).unwrap_or_default();
        let bus = service.bus.as_deref().map(code).unwrap_or_default();
        table.row([
            text(&service.name),
            words(&service.role),
            scope.to_owned(),
            bus,
            service.owner.as_deref().map(text).unwrap_or_default(),
            words(&service.notes),
        ]);
    }
    table.render()
}

fn buses(registry: &Registry) -> String {
    let mut table = Table::new(&[
        "Bus",
        "What it is for",
        "URL from",
        "Built as",
        "Names it answers for",
        "Modules",
        "Keys",
        "Channels",
    ]);
    for (at, bus) in registry.buses.iter().enumerate() {
        let topology = match bus.topology {
            crate::registry::Topology::Standalone => "one server",
            crate::registry::Topology::Sentinel => "servers watched by Sentinel",
            crate::registry::Topology::Cluster => "a cluster",
        };
        let here = |entry: &Entry<'_>| entry.bus() == Some(BusId(at));
        let all: Vec<Entry<'_>> = ids(registry).flat_map(|id| entries(registry, id)).filter(here).collect();
        let modules: Vec<String> = ids(registry)
            .filter(|id| all.iter().any(|entry| entry.module() == *id) || registry.module(*id).bus == bus.name)
            .map(|id| link(registry, id))
            .collect();
        let channels = all.iter().filter(|entry| entry.is_channel()).count();
        table.row([
            code(&bus.name),
            bus.about.as_deref().map(sentence).unwrap_or_default(),
            overview::url_words(bus),
            topology.to_owned(),
            overview::owned_names(bus),
            enumerate(&modules),
            (all.len() - channels).to_string(),
            channels.to_string(),
        ]);
    }
    table.render()
}

fn unread(registry: &Registry) -> String {
    let line = |entry: Entry<'_>| {
        let readings: Vec<Reading<'_>> =
            entry.readings(registry).into_iter().filter(|reading| !reading.is_own()).collect();
        if readings.iter().any(|reading| !reading.consumer.potential) {
            return String::new();
        }
        let who = names(&readings).into_iter().map(|name| text(&one_line(name))).collect::<Vec<_>>().join(", ");
        let own = entry.readings(registry).iter().any(|reading| reading.is_own());
        let so_far = if own { "read back by its own module only" } else { "no known consumer" };
        let potential = if who.is_empty() { String::new() } else { format!("; potentially {who}") };
        let kind = if entry.is_channel() { "The channel " } else { "" };
        format!("{kind}{} of {}: {so_far}{potential}.", code(entry.pattern().as_str()), link(registry, entry.module()))
    };
    bullets(ids(registry).flat_map(|id| entries(registry, id)).map(line))
}
