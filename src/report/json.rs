//! JSON for other tools: one object, described by a published JSON Schema.

use serde_json::{Value, json};

use super::{Format, Frame, Report, Summary};
use crate::finding::{Finding, Level, format_moment};
use crate::source::Sources;

/// The format.
pub static FORMAT: Format = Format { name: "json", about: "For tools; described by a JSON Schema.", render };

fn render(report: &Report<'_>, _frame: &Frame<'_>) -> String {
    let findings: Value = report.findings.iter().map(|finding| object(finding, report.sources)).collect();
    let mut object = whole(report);
    object["findings"] = findings;
    format!("{object:#}\n")
}

/// All but the findings.
pub(super) fn whole(report: &Report<'_>) -> Value {
    let mut summary = serde_json::to_value(Summary::of(&report.findings)).unwrap_or_default();
    summary["known"] = json!(report.known);
    json!({
        "keywire": env!("CARGO_PKG_VERSION"),
        "command": report.command,
        "evidence": report.evidence,
        "coverage": report.coverage,
        "summary": summary,
    })
}

pub(super) fn object(finding: &Finding, sources: &Sources) -> Value {
    let place = finding.place.map(|span| {
        let place = sources.place(span);
        json!({ "file": place.path.to_string_lossy(), "line": place.line, "column": place.column })
    });
    json!({
        "rule": finding.rule,
        "level": finding.level,
        "message": finding.message,
        "bus": finding.bus,
        "module": finding.module,
        "entry": finding.entry,
        "pattern": finding.pattern,
        "key": finding.key,
        "count": finding.count,
        "first_seen": finding.moments.map(|moments| format_moment(moments.first_us)),
        "last_seen": finding.moments.map(|moments| format_moment(moments.last_us)),
        "examples": finding.examples,
        "hint": finding.hint,
        "place": place,
        "fingerprint": finding.fingerprint(),
    })
}

/// The JSON Schema of this format.
#[must_use]
pub fn schema() -> Value {
    let text = json!({ "type": ["string", "null"] });
    let count = json!({ "type": "integer", "minimum": 0 });
    let moment = json!({ "type": ["string", "null"], "format": "date-time" });
    let levels: Vec<&str> = Level::ALL.iter().map(|level| level.as_str()).collect();
    let place = json!({
        "type": ["object", "null"],
        "required": ["file", "line", "column"],
        "properties": {
            "file": { "type": "string" },
            "line": { "type": "integer", "minimum": 1 },
            "column": { "type": "integer", "minimum": 1 },
        },
    });
    let finding = json!({
        "type": "object",
        "required": ["rule", "level", "message", "count", "examples", "fingerprint"],
        "properties": {
            "rule": { "type": "string", "pattern": "^[a-z]+(-[a-z]+)*$" },
            "level": { "enum": levels },
            "message": { "type": "string" },
            "bus": text, "module": text, "entry": text, "pattern": text, "key": text, "hint": text,
            "first_seen": moment, "last_seen": moment,
            "count": count,
            "examples": { "type": "array", "items": { "type": "string" } },
            "place": place,
            "fingerprint": { "type": "string", "pattern": "^[0-9a-f]{16}$" },
        },
    });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:keywire:report:1",
        "title": "keywire report",
        "type": "object",
        "required": ["keywire", "command", "evidence", "coverage", "summary", "findings"],
        "properties": {
            "keywire": { "type": "string" },
            "command": { "type": "string" },
            "evidence": { "type": "object" },
            "coverage": { "type": "object" },
            "summary": {
                "type": "object",
                "required": levels,
                "properties": { "error": count, "warning": count, "info": count, "known": count },
            },
            "findings": { "type": "array", "items": finding },
        },
    })
}
