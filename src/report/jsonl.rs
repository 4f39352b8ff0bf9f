//! JSON lines, for logs and stream tools: a line for each finding, and a last one that says what they rest on.

use serde_json::{Map, Value, json};

use super::json::{object, schema as json_schema, whole};
use super::{Format, Frame, Report};

/// The format.
pub static FORMAT: Format = Format { name: "jsonl", about: "A line of JSON for each finding, and a last one.", render };

fn render(report: &Report<'_>, _frame: &Frame<'_>) -> String {
    let findings = report.findings.iter().map(|finding| line("finding", object(finding, report.sources)));
    findings.chain([line("summary", whole(report))]).collect()
}

fn line(kind: &str, value: Value) -> String {
    let mut members = Map::from_iter([("kind".to_owned(), json!(kind))]);
    if let Value::Object(others) = value {
        members.extend(others);
    }
    format!("{}\n", Value::Object(members))
}

/// The JSON Schema of one line. Findings and the rest have the fields that they have in the JSON report.
#[must_use]
pub fn schema() -> Value {
    let mut summary = json_schema();
    let mut finding = summary["properties"]["findings"]["items"].take();
    if let Some(properties) = summary["properties"].as_object_mut() {
        properties.remove("findings");
    }
    if let Some(required) = summary["required"].as_array_mut() {
        required.retain(|name| name != "findings");
    }
    for (kind, schema) in [("finding", &mut finding), ("summary", &mut summary)] {
        schema["properties"]["kind"] = json!({ "const": kind });
        if let Some(required) = schema["required"].as_array_mut() {
            required.insert(0, json!("kind"));
        }
    }
    let own = ["type", "required", "properties"];
    let summary: Map<String, Value> = own.iter().map(|name| ((*name).to_owned(), summary[*name].take())).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:keywire:report-line:1",
        "title": "a line of a keywire report",
        "oneOf": [finding, summary],
    })
}
