//! SARIF 2.1.0, for code scanning and editors: findings as results at their places, with the docs of the rules that fired.
//!
//! What has no place in the registry, such as an undeclared key, points at the registry's first file: code scanning drops
//! results without a place.

use serde_json::{Map, Value, json};

use super::{Format, Frame, Report, ordinals, title, visible};
use crate::finding::{Finding, Level};
use crate::source::{Sources, Span};

/// The format.
pub static FORMAT: Format =
    Format { name: "sarif", about: "SARIF 2.1.0, for code scanning services and editors.", render };

fn render(report: &Report<'_>, frame: &Frame<'_>) -> String {
    let mut names: Vec<&str> = report.findings.iter().map(|finding| finding.rule).collect();
    names.sort_unstable();
    names.dedup();
    let result = |(finding, ordinal): (&Finding, usize)| {
        let mut result = result(finding, report.sources, frame);
        result["ruleIndex"] = json!(names.binary_search(&finding.rule).unwrap_or_default());
        // The name that code scanning goes by. It would else take the line, which all findings without a place share.
        result["partialFingerprints"]["primaryLocationLineHash"] =
            json!(format!("{}:{ordinal}", finding.fingerprint()));
        result
    };
    let driver = json!({
        "name": "keywire",
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": names.iter().map(|name| rule(name, frame)).collect::<Vec<Value>>(),
    });
    let run = json!({
        "tool": { "driver": driver },
        // Keeps the runs of several commands on one commit apart.
        "automationDetails": { "id": format!("keywire/{}/", report.command) },
        "invocations": [invocation(report, frame)],
        "originalUriBaseIds": { ROOT: { "description": { "text": "The top folder of the repository." } } },
        "columnKind": "unicodeCodePoints",
        "results": report.findings.iter().zip(ordinals(&report.findings)).map(result).collect::<Vec<Value>>(),
        "properties": { "evidence": report.evidence, "coverage": report.coverage },
    });
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    });
    format!("{log:#}\n")
}

/// What relative paths are relative to.
const ROOT: &str = "%SRCROOT%";

/// Did it look, and how did it end?
fn invocation(report: &Report<'_>, frame: &Frame<'_>) -> Value {
    let complete = report.evidence["complete"] != json!(false);
    match frame.ending {
        Some(ending) => json!({
            "executionSuccessful": complete && ending.code <= 1,
            "exitCode": ending.code,
            "exitCodeDescription": ending.words,
        }),
        None => json!({ "executionSuccessful": complete }),
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    }
}

fn rule(name: &str, frame: &Frame<'_>) -> Value {
    let Some(rule) = (frame.rule)(name) else {
        // The only one that is no rule: what keeps a registry from being read at all.
        let text = "the registry cannot be read; nothing else was looked at";
        return json!({
            "id": name,
            "shortDescription": { "text": name.replace('-', " ") },
            "fullDescription": { "text": text },
            "help": { "text": text, "markdown": text },
            "defaultConfiguration": { "level": "error" },
        });
    };
    let help = format!("{}\n\nBad:\n\n```text\n{}```\n\nGood:\n\n```text\n{}```\n", rule.docs, rule.bad, rule.good);
    json!({
        "id": name,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.docs },
        "help": { "text": rule.docs, "markdown": help },
        "defaultConfiguration": { "level": level(rule.level) },
    })
}

/// Braces in the message stay single, against the letter of the standard: readers expand placeholders only where there are
/// arguments, and doubled braces mean something else in a pattern.
fn result(finding: &Finding, sources: &Sources, frame: &Frame<'_>) -> Value {
    let mut message = title(finding);
    if let Some(hint) = &finding.hint {
        message = format!("{message}\n{hint}");
    }
    let mut location = Map::new();
    if let Some(physical) = physical(finding.place, sources, frame) {
        location.insert("physicalLocation".to_owned(), physical);
    }
    if let Some(logical) = logical(finding) {
        location.insert("logicalLocations".to_owned(), json!([logical]));
    }
    let related = finding.labels.iter().enumerate().filter_map(|(id, label)| {
        let place = physical(Some(label.span), sources, frame)?;
        Some(json!({ "id": id, "physicalLocation": place, "message": { "text": label.text } }))
    });
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.level),
        "message": { "text": visible(&message) },
        "occurrenceCount": finding.count.max(1),
        "partialFingerprints": { "keywire/v1": finding.fingerprint() },
        "properties": properties(finding),
    });
    if !location.is_empty() {
        result["locations"] = json!([location]);
    }
    let related: Vec<Value> = related.collect();
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    result
}

fn properties(finding: &Finding) -> Value {
    let all = json!({
        "bus": finding.bus,
        "module": finding.module,
        "entry": finding.entry,
        "pattern": finding.pattern,
        "key": finding.key,
        "count": finding.count,
        "examples": finding.examples,
        "hint": finding.hint,
    });
    let Value::Object(all) = all else { return all };
    all.into_iter().filter(|(_, value)| !value.is_null()).collect()
}

fn physical(span: Option<Span>, sources: &Sources, frame: &Frame<'_>) -> Option<Value> {
    let Some(span) = span else {
        let path = frame.path(&sources.files().first()?.path);
        return Some(json!({ "artifactLocation": artifact(&path) }));
    };
    let file = sources.file(span.file);
    let (start_line, start_column) = file.line_column(span.start);
    let (end_line, end_column) = file.line_column(span.end.max(span.start));
    Some(json!({
        "artifactLocation": artifact(&frame.path(&file.path)),
        "region": {
            "startLine": start_line, "startColumn": start_column, "endLine": end_line, "endColumn": end_column,
        },
    }))
}

fn logical(finding: &Finding) -> Option<Value> {
    let name = finding.entry.as_ref().or(finding.key.as_ref()).or(finding.module.as_ref())?;
    let parts = [&finding.bus, &finding.module, &finding.entry].into_iter().flatten();
    let mut parts: Vec<&str> = parts.map(String::as_str).collect();
    if parts.last() != Some(&name.as_str()) {
        parts.push(name);
    }
    Some(json!({ "name": name, "fullyQualifiedName": parts.join("/") }))
}

fn artifact(path: &str) -> Value {
    match path.starts_with('/') {
        true => json!({ "uri": uri(path) }),
        false => json!({ "uri": uri(path), "uriBaseId": ROOT }),
    }
}

/// A path as a URI reference: relative as it is, absolute as `file:`.
fn uri(path: &str) -> String {
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_are_uris() {
        assert_eq!(uri("schema/modules/a.yaml"), "schema/modules/a.yaml");
        assert_eq!(uri("a b/ü:1.yaml"), "a%20b/%C3%BC%3A1.yaml");
        assert_eq!(uri("/srv/a.yaml"), "file:///srv/a.yaml");
    }
}
