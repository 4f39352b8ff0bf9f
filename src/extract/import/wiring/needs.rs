//! The table of what each consumer needs: `Consumer | Reads | Commands | Fields it needs | What for | Examples | Certainty`.

use super::contents::bus_of;
use super::tables::Sheet;
use super::walk::{Walk, kind_of};
use crate::extract::Kind;
use crate::extract::import::record::{Consumer, Entry};

/// Reads the table. It says all of a consumer; a cell of connections only names it.
pub(super) fn read(walk: &mut Walk<'_>, sheet: &Sheet<'_>) {
    for row in &sheet.table.rows {
        let Some(cell) = sheet.cell(row, "reads") else { continue };
        let Some(pattern) = cell.codes().next().map(str::to_owned) else {
            walk.unresolved(row.line, &cell.plain(), "no key was found in it; write its name as `code`");
            continue;
        };
        let text = |head: &str| Some(sheet.text(row, head)).filter(|text| !text.is_empty());
        let examples = sheet.text(row, "examples");
        let consumer = Consumer {
            name: sheet.text(row, "consumer"),
            reads: sheet.codes(row, "commands"),
            purpose: text("what for"),
            needs: sheet.codes(row, "fields it needs"),
            examples: examples.split(", ").filter(|example| !example.is_empty()).map(str::to_owned).collect(),
            via: text("how it gets there"),
            bus: text("reading on"),
            potential: sheet.text(row, "certainty") == "potential",
            scope: None,
        };
        let wanted = kind_of(&cell.plain().replace(&pattern, ""));
        let bus = bus_of(cell);
        let module = walk.module();
        // The channel that a key's PUBLISH declares is the key's.
        let is_twin = wanted == Kind::Channel && module.find(Kind::Channel, &pattern, bus.as_deref()).is_none();
        let found = module.find(if is_twin { Kind::Key } else { wanted }, &pattern, bus.as_deref());
        match found {
            Some(entry) => {
                if let Some(differs) = put(entry, consumer) {
                    walk.unresolved(
                        row.line,
                        &differs,
                        "the connections of the table of keys say something else; this row stands",
                    );
                }
            }
            None => walk.unresolved(row.line, &pattern, "no table of keys declares it"),
        }
    }
}

/// Gives what the cell of connections said otherwise.
fn put(entry: &mut Entry, consumer: Consumer) -> Option<String> {
    // A row that says more than its name replaces what a cell of connections said.
    let same = |known: &&mut Consumer| known.name == consumer.name && known.reads.is_empty() && known.needs.is_empty();
    if let Some(known) = entry.consumers.iter_mut().find(same) {
        let scope = known.scope;
        let differs = known.purpose.is_some() && known.purpose != consumer.purpose;
        let differs = differs.then(|| format!("{}: {}", known.name, known.purpose.as_deref().unwrap_or_default()));
        *known = Consumer { scope, ..consumer };
        return differs;
    }
    let twin = |known: &&mut Consumer| {
        known.name == consumer.name
            && known.purpose == consumer.purpose
            && known.needs == consumer.needs
            && known.via == consumer.via
    };
    match entry.consumers.iter_mut().find(twin) {
        Some(known) => {
            let more: Vec<String> = consumer.reads.into_iter().filter(|read| !known.reads.contains(read)).collect();
            known.reads.extend(more);
        }
        None => entry.consumers.push(consumer),
    }
    None
}
