//! Which table says what, by the heads of its columns.

use super::columns;
use super::walk::Walk;
use super::{contents, entry, needs, payloads, pipeline, reference};
use crate::extract::import::page::{Row, Table};

/// A table that is no table of keys: the heads by which it is known, and who reads it.
struct Known {
    heads: &'static [&'static str],
    /// Only generated docs have it.
    own: bool,
    read: fn(&mut Walk<'_>, &Sheet<'_>),
}

/// To read another table, add its line here.
static KNOWN: &[Known] = &[
    Known { heads: &["variable"], own: false, read: reference::config },
    Known { heads: &["env var"], own: false, read: reference::config },
    Known { heads: &["environment variable"], own: false, read: reference::config },
    Known { heads: &["setting", "default"], own: false, read: reference::config },
    Known { heads: &["param"], own: false, read: reference::params },
    Known { heads: &["parameter"], own: false, read: reference::params },
    Known { heads: &["placeholder"], own: false, read: reference::params },
    Known { heads: &["condition", "impact on keys"], own: false, read: reference::scenarios },
    Known { heads: &["key", "holds"], own: true, read: contents::holdings },
    Known { heads: &["field", "holds"], own: true, read: contents::fields },
    Known { heads: &["field", "type", "required"], own: true, read: payloads::rows },
    Known { heads: &["where", "keyword", "value"], own: true, read: payloads::beyond },
    Known { heads: &["channel", "connections"], own: true, read: contents::channels },
    Known { heads: &["consumer", "reads"], own: false, read: needs::read },
    Known { heads: &["key", "stale after"], own: false, read: contents::freshness },
    Known { heads: &["key", "keys at most"], own: false, read: contents::cardinality },
    Known { heads: &["service", "belongs to"], own: true, read: pipeline::services },
    Known { heads: &["bus", "names it answers for"], own: true, read: pipeline::buses },
    Known { heads: &["bus", "built as"], own: true, read: pipeline::buses },
    // What follows from the other tables.
    Known { heads: &["what goes"], own: true, read: derived },
    Known { heads: &["why it stays"], own: true, read: derived },
    Known { heads: &["module", "role"], own: true, read: derived },
    Known { heads: &["module", "bus"], own: true, read: derived },
    Known { heads: &["from", "to"], own: true, read: derived },
    Known { heads: &["pattern", "owner"], own: true, read: derived },
    Known { heads: &["reader"], own: true, read: derived },
];

fn derived(_: &mut Walk<'_>, _: &Sheet<'_>) {}

/// A table with its heads in lower case.
pub(super) struct Sheet<'a> {
    heads: Vec<String>,
    pub(super) table: &'a Table,
}

impl<'a> Sheet<'a> {
    /// The cell of a row under a head, as plain words; empty where there is no such column.
    pub(super) fn text(&self, row: &Row, head: &str) -> String {
        self.cell(row, head).map(crate::extract::import::page::Inline::plain).unwrap_or_default()
    }

    /// The cell of a row under a head.
    pub(super) fn cell<'r>(&self, row: &'r Row, head: &str) -> Option<&'r crate::extract::import::page::Inline> {
        let at = self.heads.iter().position(|known| known == head)?;
        row.cells.get(at)
    }

    /// The first cell that one of the heads has.
    pub(super) fn one_of(&self, row: &Row, heads: &[&str]) -> String {
        heads.iter().map(|head| self.text(row, head)).find(|text| !text.is_empty()).unwrap_or_default()
    }

    /// The code spans of a cell.
    pub(super) fn codes(&self, row: &Row, head: &str) -> Vec<String> {
        self.cell(row, head).map(|cell| cell.codes().map(str::to_owned).collect()).unwrap_or_default()
    }
}

/// Reads a table.
pub(super) fn read(walk: &mut Walk<'_>, table: &Table) {
    let heads: Vec<String> = table.header.iter().map(|head| head.plain().to_lowercase()).collect();
    let sheet = Sheet { heads, table };
    for row in &table.rows {
        for cell in &row.beyond {
            walk.unresolved(
                row.line,
                cell,
                "the head of the table has no column for this; write `\\|` for a bar in a cell",
            );
        }
    }
    let fits = |known: &&Known| {
        (walk.own || !known.own) && known.heads.iter().all(|head| sheet.heads.iter().any(|own| own == head))
    };
    if let Some(known) = KNOWN.iter().find(fits) {
        (known.read)(walk, &sheet);
        return;
    }
    match columns::of_table(&sheet.heads) {
        Some(columns) => keys(walk, &sheet, &columns),
        None => other(walk, &sheet),
    }
}

fn keys(walk: &mut Walk<'_>, sheet: &Sheet<'_>, columns: &[Option<columns::Column>]) {
    for row in &sheet.table.rows {
        let mut cells = Vec::new();
        for ((column, cell), head) in columns.iter().zip(&row.cells).zip(&sheet.heads) {
            let cell = cell.clone().trimmed();
            match column {
                Some(column) => cells.push((*column, cell)),
                None if cell.is_empty() => {}
                None => walk.unresolved(row.line, &cell.plain(), &format!("the column `{head}` is not known")),
            }
        }
        if !cells.iter().all(|(_, cell)| cell.is_empty()) {
            entry::add(walk, row.line, &cells);
        }
    }
}

/// A table that is of no known kind: where keys are spoken of, its rows are listed.
fn other(walk: &mut Walk<'_>, sheet: &Sheet<'_>) {
    let among_keys = !walk.own && walk.under(&["key", "pattern", "channel"]);
    for row in &sheet.table.rows {
        let words = row.cells.iter().map(crate::extract::import::page::Inline::plain).collect::<Vec<_>>().join(" | ");
        if among_keys || walk.own {
            walk.unresolved(row.line, &words, "the heads of this table are not known; name its columns Key, Purpose, Type, Operations, Lifecycle, Connections");
        } else {
            for cell in &row.cells {
                walk.prose(row.line, cell);
            }
        }
    }
}
