//! The rows for people and for programs.

use serde_json::{Value, json};

use super::Case;
use super::rows::{Row, Side};
use super::witness::{UNNAMED, Witness};
use crate::extract::Kind;
use crate::finding::printable;
use crate::registry::{Amount, MaxEntries, Ttl, format_duration};

/// The rows as a table of text columns, or of Markdown.
#[must_use]
pub fn table(case: &Case<'_>, markdown: bool) -> String {
    let mut lines: Vec<Vec<String>> = Vec::new();
    let names = case.witnesses.iter().map(|witness| witness.name.clone());
    lines.push(["pattern".to_owned(), "declared".to_owned()].into_iter().chain(names).collect());
    let mut rows: Vec<&Row> = case.rows.iter().collect();
    rows.sort_by_key(|row| (&row.bus, &row.pattern, row.kind));
    let several = rows.iter().any(|row| row.bus != rows[0].bus);
    for row in rows {
        let kind = if row.kind == Kind::Channel { " (channel)" } else { "" };
        let bus = if several { format!("{}: ", row.bus) } else { String::new() };
        let mut line = vec![format!("{bus}{}{kind}", printable(row.pattern.as_bytes()))];
        line.push(row.declared.as_ref().map_or_else(|| "-".to_owned(), told));
        line.extend((0..case.witnesses.len()).map(|at| cell(case, row, at)));
        lines.push(line);
    }
    if markdown { as_markdown(&lines) } else { as_text(&lines) }
}

fn as_markdown(lines: &[Vec<String>]) -> String {
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        let cells: Vec<String> = line.iter().map(|cell| cell.replace('|', "\\|").replace('<', "&lt;")).collect();
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
        if at == 0 {
            out.push_str(&format!("|{}\n", " --- |".repeat(line.len())));
        }
    }
    out
}

fn as_text(lines: &[Vec<String>]) -> String {
    let columns = lines.first().map_or(0, Vec::len);
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for line in lines {
        let cells = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        out.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        out.push('\n');
    }
    out
}

fn cell(case: &Case<'_>, row: &Row, at: usize) -> String {
    let mut own: Vec<String> = Vec::new();
    for side in row.seen.iter().filter(|(by, _)| *by == at).map(|(_, side)| told(side)) {
        if !own.contains(&side) {
            own.push(side);
        }
    }
    if !own.is_empty() {
        return own.join("; ");
    }
    if let Some((_, bus)) = row.elsewhere.iter().find(|(by, _)| *by == at) {
        return format!("on {bus}");
    }
    let twin = |other: &&Row| {
        other.kind == row.kind && other.pattern == row.pattern && other.seen.iter().any(|(by, _)| *by == at)
    };
    if let (true, Some(other)) = (row.declared.is_some(), case.rows.iter().find(twin)) {
        return format!("on {}", other.bus);
    }
    if row.touched.contains(&at) { "known by a wider pattern".to_owned() } else { "-".to_owned() }
}

/// What one side says, in a few words.
fn told(side: &Side) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(side.redis_type.map(|of| of.name.to_owned()));
    parts.extend(side.ttl.as_ref().map(|known| format!("ttl {}", ttl(known))));
    parts.extend(side.bound.as_ref().map(|known| format!("max {}", bound(known))));
    let list = |names: &std::collections::BTreeSet<String>| {
        names.iter().map(|name| named(name)).collect::<Vec<_>>().join(" and ")
    };
    if !side.writers.is_empty() {
        parts.push(format!("by {}", list(&side.writers)));
    }
    if !side.readers.is_empty() {
        parts.push(format!("for {}", list(&side.readers)));
    }
    if parts.is_empty() { "yes".to_owned() } else { parts.join(", ") }
}

/// A party for people.
pub(super) fn named(name: &str) -> &str {
    if name == UNNAMED { "somebody" } else { name }
}

/// A time to live in the words of the format.
pub(super) fn ttl(ttl: &Ttl) -> String {
    let of = |amount: &Amount<std::time::Duration>| match amount {
        Amount::Fixed(duration) => format_duration(*duration),
        Amount::Config(name) => format!("{{{name}}}"),
    };
    match ttl {
        Ttl::None => "none".to_owned(),
        Ttl::Fixed(amount) => of(amount),
        Ttl::Sliding(amount) => format!("sliding {}", of(amount)),
        Ttl::Range { min, max } => format!("{} to {}", of(min), of(max)),
    }
}

/// A bound in the words of the format.
pub(super) fn bound(bound: &MaxEntries) -> String {
    let count = match &bound.count {
        Amount::Fixed(count) => count.to_string(),
        Amount::Config(name) => format!("{{{name}}}"),
    };
    format!("{}{count}", if bound.approximate { "~" } else { "" })
}

/// The rows for programs: `witnesses`, and `rows` of `pattern`, `bus`, `kind`, `declared` and `seen` by name of the witness.
#[must_use]
pub fn json(case: &Case<'_>) -> Value {
    let witness = |witness: &Witness| json!({ "name": witness.name, "kind": witness.kind.as_str() });
    let row = |row: &Row| {
        let mut seen = serde_json::Map::new();
        for (at, side) in &row.seen {
            let name = case.witnesses[*at].name.clone();
            let known = seen.entry(name).or_insert_with(|| json!([]));
            if let Value::Array(sides) = known {
                sides.push(object(side));
            }
        }
        let elsewhere: Vec<Value> =
            row.elsewhere.iter().map(|(at, bus)| json!({ "witness": case.witnesses[*at].name, "bus": bus })).collect();
        json!({
            "pattern": printable(row.pattern.as_bytes()),
            "bus": row.bus,
            "kind": row.kind,
            "declared": row.declared.as_ref().map(object),
            "seen": seen,
            "elsewhere": elsewhere,
        })
    };
    json!({
        "witnesses": case.witnesses.iter().map(witness).collect::<Vec<_>>(),
        "rows": case.rows.iter().map(row).collect::<Vec<_>>(),
    })
}

fn object(side: &Side) -> Value {
    json!({
        "pattern": printable(side.pattern.as_str().as_bytes()),
        "entry": side.name,
        "module": side.owner,
        "type": side.redis_type.map(|of| of.name),
        "ttl": side.ttl.as_ref().map(ttl),
        "max_entries": side.bound.as_ref().map(bound),
        "writers": side.writers,
        "readers": side.readers,
    })
}
