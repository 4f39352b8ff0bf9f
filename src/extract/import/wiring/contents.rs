//! Tables of what keys hold, how many there may be, and when they are stale.

use super::amounts::{self, Figure};
use super::tables::Sheet;
use super::walk::{Walk, kind_of};
use super::{columns::Column, entry};
use crate::extract::Kind;
use crate::extract::draft::{Node, Value};
use crate::extract::import::page::{Inline, PieceKind, Row};
use crate::extract::import::record::{Entry, Fields, named};

/// The entry of a row whose first cell names it.
fn of_row<'w>(walk: &'w mut Walk<'_>, sheet: &Sheet<'_>, row: &Row, head: &str) -> Option<&'w mut Entry> {
    let cell = sheet.cell(row, head)?;
    let name = cell.codes().next().map_or_else(|| cell.plain(), str::to_owned);
    let kind = kind_of(&cell.plain().replace(&name, ""));
    let bus = bus_of(cell);
    if walk.module().find(kind, &name, bus.as_deref()).is_none() {
        walk.unresolved(row.line, &name, "no table of keys declares it");
    }
    walk.module().find(kind, &name, bus.as_deref())
}

/// The bus that is named after `on`.
pub(super) fn bus_of(cell: &Inline) -> Option<String> {
    let mut on = false;
    for piece in &cell.pieces {
        if piece.kind == PieceKind::Code && on {
            return Some(piece.text.clone());
        }
        on = piece.kind != PieceKind::Code && (piece.text.trim_end() == "on" || piece.text.trim_end().ends_with(" on"));
    }
    None
}

/// `Key | Name in code | Holds`.
pub(super) fn holdings(walk: &mut Walk<'_>, sheet: &Sheet<'_>) {
    for row in &sheet.table.rows {
        let holds = sheet.cell(row, "holds").cloned().unwrap_or_default();
        let name = sheet.text(row, "name in code");
        let Some(entry) = of_row(walk, sheet, row, "key") else { continue };
        if !name.is_empty() {
            entry.name = Some(name);
        }
        let kind = entry.fields.word("type").unwrap_or_default().to_owned();
        let text = holds.plain();
        match kind.as_str() {
            "hash" => {
                for field in holds.codes() {
                    named(&mut entry.parts, field);
                }
            }
            "stream" => stream(entry, &holds),
            _ => single(entry, &kind, &text),
        }
    }
}

fn single(entry: &mut Entry, kind: &str, text: &str) {
    if text == "not described" {
        return;
    }
    let (field, rest) = match kind {
        "list" | "hyperloglog" => ("element", text.trim_start_matches("elements: ")),
        "set" | "zset" | "geo" => ("member", text.trim_start_matches("members: ")),
        _ => ("value", text),
    };
    let (value, score) = rest.split_once("; score: ").map_or((rest, None), |(value, score)| (value, Some(score)));
    entry.fields.text(field, value_name(value.trim_end_matches(", each with its position")));
    if let Some(score) = score {
        entry.fields.text("score", value_name(score.split(',').next().unwrap_or(score)));
    }
}

/// `SpotPrice as JSON` is the payload SpotPrice.
fn value_name(words: &str) -> &str {
    words.trim().trim_end_matches(" as JSON").trim_end_matches(" JSON")
}

/// `entries with `payload`: SpotPrice as JSON and `at`: integer`.
fn stream(entry: &mut Entry, holds: &Inline) {
    let mut field: Option<String> = None;
    for piece in &holds.pieces {
        match piece.kind {
            PieceKind::Code => field = Some(piece.text.clone()),
            _ => {
                let words = piece.text.trim_start_matches([':', ' ']);
                let words = words.trim_end().trim_end_matches(" and").trim_end_matches(',');
                if let Some(name) = field.take() {
                    named(&mut entry.parts, &name).text("type", value_name(words));
                }
            }
        }
    }
}

/// `Field | Holds | Always there | Written by | Meaning`, under `Fields of `key``.
pub(super) fn fields(walk: &mut Walk<'_>, sheet: &Sheet<'_>) {
    let heading = walk.heading().cloned().unwrap_or_default();
    let Some(pattern) = heading.codes().next().map(str::to_owned) else { return };
    let is_stream = heading.plain().starts_with("Entry");
    let bus = bus_of(&heading);
    let first = sheet.table.rows.first().map_or(1, |row| row.line);
    if walk.module().find(Kind::Key, &pattern, bus.as_deref()).is_none() {
        walk.unresolved(first, &pattern, "no table of keys declares it");
        return;
    }
    let rows: Vec<(String, Fields)> =
        sheet.table.rows.iter().map(|row| field(walk, sheet, row, &pattern, bus.as_deref(), is_stream)).collect();
    if let Some(entry) = walk.module().find(Kind::Key, &pattern, bus.as_deref()) {
        entry.parts = rows;
    }
}

#[expect(clippy::too_many_arguments, reason = "the row, and where its key is")]
fn field(
    walk: &mut Walk<'_>,
    sheet: &Sheet<'_>,
    row: &Row,
    pattern: &str,
    bus: Option<&str>,
    is_stream: bool,
) -> (String, Fields) {
    let name = sheet.codes(row, "field").into_iter().next().unwrap_or_else(|| sheet.text(row, "field"));
    let mut fields = Fields::default();
    fields.text("type", value_name(&sheet.text(row, "holds")));
    fields.text("purpose", sheet.text(row, "meaning"));
    let required = sheet.text(row, "always there") == "yes";
    let usual = is_stream && !name.contains('{');
    if required != usual {
        fields.set("required", Node::new(Value::Flag(required)));
    }
    let written = sheet.codes(row, "written by");
    let all = walk.module().find(Kind::Key, pattern, bus).map(|entry| adding(&entry.operations)).unwrap_or_default();
    if !written.is_empty() && written != all {
        fields.set("operations", Node::texts(written));
    }
    (name, fields)
}

/// The operations that carry data: those that write a field of which nothing else is said.
fn adding(operations: &[String]) -> Vec<String> {
    use crate::server::commands::{self, Expiry, Size};
    let adds = |name: &&String| {
        let Some(command) = commands::get(name) else { return true };
        !command.publishes()
            && command.effects().next().is_none_or(|effect| {
                let only_expiry = effect.expiry == Expiry::Sets && effect.size == Size::Neutral;
                !matches!(effect.size, Size::Shrinks | Size::Removes | Size::Trims(_)) && !only_expiry
            })
    };
    operations.iter().filter(adds).cloned().collect()
}

/// `Channel | Name in code | Purpose | Message | Operations | Connections`. A row without a name is a key's own channel.
pub(super) fn channels(walk: &mut Walk<'_>, sheet: &Sheet<'_>) {
    for row in &sheet.table.rows {
        if sheet.text(row, "name in code").is_empty() {
            continue;
        }
        let cells = [
            (Column::Channel, "channel"),
            (Column::Name, "name in code"),
            (Column::Purpose, "purpose"),
            (Column::Value, "message"),
            (Column::Operations, "operations"),
            (Column::Consumers, "connections"),
        ];
        let cells: Vec<(Column, Inline)> =
            cells.into_iter().filter_map(|(column, head)| Some((column, sheet.cell(row, head)?.clone()))).collect();
        entry::add(walk, row.line, &cells);
    }
}

/// `Key | Stale after`.
pub(super) fn freshness(walk: &mut Walk<'_>, sheet: &Sheet<'_>) {
    for row in &sheet.table.rows {
        let text = sheet.text(row, "stale after");
        let figure = Figure {
            value: amounts::duration(&text).map(|(time, ..)| time),
            variable: variable(sheet.cell(row, "stale after")),
        };
        let Some(entry) = of_row(walk, sheet, row, "key") else { continue };
        if let Some(written) = figure.written() {
            entry.fields.text("freshness", written);
        }
    }
}

fn variable(cell: Option<&Inline>) -> Option<String> {
    cell?.codes().next().map(str::to_owned)
}

/// `Key | Keys at most`: a number before `by default` follows from config, and is not declared.
pub(super) fn cardinality(walk: &mut Walk<'_>, sheet: &Sheet<'_>) {
    for row in &sheet.table.rows {
        let text = sheet.text(row, "keys at most");
        if text == "1" || text == "not bounded" || (text.ends_with(" by default") && !text.contains('(')) {
            of_row(walk, sheet, row, "key");
            continue;
        }
        let declared = text.split(" (").next().unwrap_or(&text).to_owned();
        let figure = Figure {
            value: amounts::number(&declared).map(|count| count.to_string()),
            variable: variable(sheet.cell(row, "keys at most")),
        };
        let Some(entry) = of_row(walk, sheet, row, "key") else { continue };
        match figure.written() {
            Some(written) => entry.fields.text("cardinality", written),
            None => walk.unresolved(row.line, &text, "no number of keys was found in it"),
        }
    }
}
