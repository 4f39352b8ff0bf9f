//! A cell of a lifecycle, TTL or retention column -> the fields of a retention.

use super::amounts::{Figure, duration, number, variable};
use super::words::{clauses, is_nothing};
use crate::extract::draft::Node;
use crate::extract::import::record::Fields;

/// What a cell says of retention.
#[derive(Debug, Default)]
pub(super) struct Retention {
    pub(super) fields: Fields,
    /// Config variables that it names, with type and default.
    pub(super) variables: Vec<(String, &'static str, Option<String>)>,
    /// Clauses that say nothing that a retention can hold.
    pub(super) unknown: Vec<String>,
    /// Each use renews the TTL.
    sliding: bool,
}

/// Words that say so.
const SLIDING: &[&str] =
    &["sliding", "rolling", "renew", "refresh", "extended", "touched", "reset on", "idle", "inactiv"];

/// Reads a cell. `ttl_column`: a bare number is a TTL in seconds.
pub(super) fn read(text: &str, ttl_column: bool) -> Retention {
    let lower = text.to_lowercase();
    let mut found = Retention { sliding: SLIDING.iter().any(|word| lower.contains(word)), ..Retention::default() };
    if ttl_column && is_nothing(text) {
        found.fields.text("ttl", "none");
        return found;
    }
    let approximate = ["approx", "about", "roughly", "~"].iter().any(|word| text.to_lowercase().contains(word));
    for clause in clauses(text) {
        let parts: Vec<&str> = if has_both(clause) { super::words::by_commas(clause) } else { vec![clause] };
        for part in parts {
            if !clause_of(part, ttl_column, approximate, &mut found) && !is_filler(part) {
                found.unknown.push(part.to_owned());
            }
        }
    }
    found
}

/// Does a clause speak of two things with a comma between them: `pruned to 300, expires after 1d`?
fn has_both(clause: &str) -> bool {
    clause.contains(", ") && !clause.contains("set by the write")
}

fn is_filler(part: &str) -> bool {
    let lower = part.to_lowercase();
    matches!(
        lower.trim(),
        "set by the write"
            | "not declared"
            | "approximate pruning"
            | "approximate trimming"
            | "approximate"
            | "volatile"
            | "renewed by each write"
    )
}

fn clause_of(clause: &str, ttl_column: bool, approximate: bool, found: &mut Retention) -> bool {
    let lower = clause.to_lowercase();
    let lower = lower.trim();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let mut understood = false;
    if has(&[
        "no ttl",
        "no global ttl",
        "no expir",
        "never expire",
        "not expire",
        "without ttl",
        "without expir",
        "ttl: none",
        "ttl none",
        "permanent",
        "persistent",
        "forever",
        "n/a",
        "infinite",
        "no retention",
        "no own ttl",
        "no eviction",
        "durable",
    ]) || matches!(lower, "none" | "-" | "–" | "—" | "-1" | "∞")
    {
        found.fields.fill("ttl", Node::text("none"));
        understood = true;
    } else if has(&["older than", "last", "kept to", "pruned to", "window", "trimmed to", "age"]) && is_age(lower) {
        if let Some(figure) = time(clause, found) {
            found.fields.fill("max_age", Node::text(figure));
            understood = true;
        }
        understood |= entries(clause, lower, approximate, found);
    } else if has(&["bytes", "max length", "kb "]) && number(lower).is_some() {
        bytes(clause, found);
        understood = true;
    } else if is_count(lower) {
        understood |= entries(clause, lower, approximate, found);
    } else if is_ttl(lower, ttl_column) {
        understood |= ttl(clause, lower, ttl_column, found);
    }
    for (words, lifecycle) in LIFECYCLES {
        let first = found.fields.get("lifecycle").is_none();
        if first && has(words) {
            let node = Node::text(*lifecycle);
            found.fields.fill("lifecycle", node);
            understood = true;
        }
    }
    understood
}

const LIFECYCLES: &[(&[&str], &str)] = &[
    (&["overwrit", "replaced", "last write wins", "latest value", "updated in place", "last value"], "overwritten"),
    (&["cumulative", "append-only", "append only", "accumulat", "monoton", "grows"], "cumulative"),
    (&["pruned", "pruning", "trimmed", "trimming", "capped"], "pruned"),
    (&["expires by itself"], "expiring"),
];

const COUNTED: &[&str] = &[
    "entries", "entry", "items", "elements", "records", "points", "messages", "members", "rows", "events", "samples",
    "values",
];

fn is_count(lower: &str) -> bool {
    let bounded = [
        "max", "last", "latest", "keep", "kept", "prune", "trim", "cap", "limit", "at most", "up to", "bounded",
        "newest", "~",
    ];
    let counted = COUNTED.iter().any(|word| lower.contains(word));
    let says = bounded.iter().any(|word| lower.contains(word));
    says && (number(lower).is_some() || variable(&lower.to_uppercase()).is_some())
        && (counted || duration(lower).is_none())
}

/// Is the bound a time: `last 7d`?
fn is_age(lower: &str) -> bool {
    duration(lower).is_some() && !lower.contains("ttl") && !lower.contains("expire") && !lower.starts_with("after")
        || (lower.contains("older than") && variable(&lower.to_uppercase()).is_some())
}

fn is_ttl(lower: &str, ttl_column: bool) -> bool {
    let says = [
        "ttl",
        "expir",
        "retention",
        "retained",
        "kept",
        "lives",
        "valid",
        "after",
        "sliding",
        "rolling",
        "ex ",
        "px ",
        "evict",
        "deleted",
        "renew",
        "lifetime",
        "for ",
    ];
    says.iter().any(|word| lower.contains(word))
        || ttl_column
        || duration(lower).is_some_and(|(_, start, end)| start == 0 && end == lower.len())
}

fn ttl(clause: &str, lower: &str, ttl_column: bool, found: &mut Retention) -> bool {
    let sliding = found.sliding;
    if let Some((low, high)) = range(clause) {
        let (Some(min), Some(max)) = (time(low, found), time(high, found)) else { return false };
        found.fields.fill("ttl", Node::map([("min", Node::text(min)), ("max", Node::text(max))]));
        return true;
    }
    let figure = time(clause, found).or_else(|| {
        let seconds = number(lower).filter(|_| ttl_column || lower.starts_with("ttl") || lower.starts_with("ex "))?;
        Some(format!("{seconds}s"))
    });
    match figure {
        Some(figure) => {
            found.fields.fill("ttl", Node::text(if sliding { format!("sliding {figure}") } else { figure }));
            true
        }
        None => false,
    }
}

/// `from 1h to 2h`, `1h to 2h`, `1h–2h`.
fn range(clause: &str) -> Option<(&str, &str)> {
    for word in [" to ", "–", " - ", ".."] {
        if let Some((low, high)) = clause.split_once(word)
            && (duration(low).is_some() || variable(low).is_some())
            && (duration(high).is_some() || variable(high).is_some())
        {
            return Some((low, high));
        }
    }
    None
}

/// A time with its variable, as the registry writes it.
fn time(text: &str, found: &mut Retention) -> Option<String> {
    let value = duration(&text.to_lowercase()).map(|(value, ..)| value);
    let figure = Figure { value: value.clone(), variable: variable(text) };
    if let Some(name) = &figure.variable {
        found.variables.push((name.clone(), "seconds", value));
    }
    figure.written()
}

fn entries(clause: &str, lower: &str, approximate: bool, found: &mut Retention) -> bool {
    let count = count_of(lower);
    let figure = Figure { value: count.map(|count| count.to_string()), variable: variable(clause) };
    // Of two bounds in a clause, the variable in parentheses belongs to the one before it; see `by_commas`.
    if is_age(lower) && !COUNTED.iter().any(|word| lower.contains(word)) {
        return false;
    }
    let Some(written) = figure.written() else { return false };
    if let Some(name) = &figure.variable {
        found.variables.push((name.clone(), "integer", count.map(|count| count.to_string())));
    }
    let near = if approximate { "~" } else { "" };
    found.fields.fill("max_entries", Node::text(format!("{near}{written}")));
    true
}

/// The number that counts entries; a time beside it is none.
fn count_of(lower: &str) -> Option<u64> {
    match duration(lower) {
        Some((_, start, end)) => {
            let without = format!("{} {}", &lower[..start], &lower[end..]);
            number(&without)
        }
        None => number(lower),
    }
}

fn bytes(clause: &str, found: &mut Retention) {
    let count = number(clause);
    let figure = Figure { value: count.map(|count| count.to_string()), variable: variable(clause) };
    if let Some(name) = &figure.variable {
        found.variables.push((name.clone(), "integer", count.map(|count| count.to_string())));
    }
    if let Some(written) = figure.written() {
        found.fields.fill("max_length", Node::text(written));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        let found = read(text, false);
        let show = |node: &Node| match &node.value {
            crate::extract::draft::Value::Text(text) | crate::extract::draft::Value::Number(text) => text.clone(),
            other => format!("{:?}", matches!(other, crate::extract::draft::Value::Map(_))),
        };
        let fields: Vec<String> = found.fields.0.iter().map(|(name, node)| format!("{name}={}", show(node))).collect();
        let unknown =
            if found.unknown.is_empty() { String::new() } else { format!(" ? {}", found.unknown.join(" | ")) };
        fields.join(" ") + &unknown
    }

    #[test]
    fn lifecycles_as_people_write_them() {
        let cases = [
            ("No TTL; overwritten on updates", "ttl=none lifecycle=overwritten"),
            ("Pruned to last 300 entries; no global TTL", "max_entries=300 lifecycle=pruned ttl=none"),
            ("No TTL; cumulative", "ttl=none lifecycle=cumulative"),
            ("Maxlen from config (default 100000); approximate pruning", "max_entries=~100000 lifecycle=pruned"),
            ("TTL 5m", "ttl=5m"),
            ("expires after 24 hours", "ttl=1d"),
            ("1d", "ttl=1d"),
            ("24h sliding", "ttl=sliding 1d"),
            (
                "Sliding TTL 8d (`TRAIL_TTL_SEC`): renewed by each write; pruned to the last 7d (`TRAIL_AGE`)",
                "ttl=sliding {TRAIL_TTL_SEC} max_age={TRAIL_AGE} lifecycle=pruned",
            ),
            ("TTL 1m (`SNAP_TTL_SEC`), set by the write", "ttl={SNAP_TTL_SEC}"),
            ("TTL from 1h to 2h, set by the write", "ttl=true"),
            (
                "No TTL; pruned to the last 300 entries (`N_ENTRIES`), and to the last 7d (`N_AGE`)",
                "ttl=none max_entries={N_ENTRIES} lifecycle=pruned max_age={N_AGE}",
            ),
            ("Kept to about the last 50000 entries", "max_entries=~50000"),
            ("No TTL; at most 1000 bytes; overwritten on updates", "ttl=none max_length=1000 lifecycle=overwritten"),
            ("Deleted by hand", " ? Deleted by hand"),
        ];
        for (text, wanted) in cases {
            assert_eq!(of(text), wanted, "{text}");
        }
        assert_eq!(read("300", true).fields.word("ttl"), Some("300s"));
        assert_eq!(read("-", true).fields.word("ttl"), Some("none"));
    }
}
