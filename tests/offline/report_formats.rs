//! Reports for CI systems: SARIF, JUnit and Markdown of one lint and one verify report, with names nobody would choose.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use keywire::catalogue;
use keywire::finding::{Finding, Level, printable};
use keywire::lint::{example_registry, lint};
use keywire::registry::Registry;
use keywire::report::{FORMATS, Frame, Report};
use serde_json::{Value, json};

const REGISTRY: &str = r#"module: app
role: Serves requests.
bus: main
keys:
  hostile:
    key: "app:<b>&\"'|`]]>"
    purpose: A name that is markup almost everywhere.
    type: string
    value: text
    operations: [SET, STE]
    retention: { ttl: none, lifecycle: overwritten }
  clean:
    key: app:clean
    purpose: Nothing is wrong with it.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
"#;

fn registry() -> Registry {
    example_registry(REGISTRY).unwrap_or_else(|error| panic!("{error}"))
}

fn lint_report(registry: &Registry) -> Report<'_> {
    Report {
        command: "lint",
        known: 0,
        findings: lint(registry),
        evidence: json!({ "modules": 1, "keys": 2, "channels": 0, "rules": 52 }),
        coverage: json!({}),
        sources: &registry.sources,
        closing: "schema: not clean (1 module, 2 keys, 0 channels)".to_owned(),
    }
}

/// Two findings on one entry, a note, a name that nobody declared, an entry that is clean and one that nobody saw.
fn verify_report(registry: &Registry) -> Report<'_> {
    let key = &registry.keys[0];
    let seen = [&b"app:\x00\x1b[31m\xff\xfe"[..], "app:</failure>|`\n| a | b |\u{202e}".as_bytes()].map(printable);
    let about = |rule, level, message: &str| {
        let finding = Finding::new(rule, level, message).of_key(registry, key).at(registry.name_span(&key.address));
        Finding { key: Some(seen[0].clone()), count: 12, examples: seen.to_vec(), ..finding }
    };
    let mut undeclared = Finding::new("undeclared-key", Level::Error, "nobody declares this name");
    undeclared.bus = Some("main".to_owned());
    undeclared.key = Some(seen[1].clone());
    undeclared.examples = vec![seen[1].clone()];
    let findings = vec![
        about("stale-key", Level::Warning, "the value is \0 older\x1b[0m than <5 s> & [a link](x)"),
        about("wrong-type", Level::Error, "is a hash, not a `string`").hint("delete it,\nor `RENAME` it"),
        about("ttl-unexpected", Level::Info, "has a TTL"),
        undeclared,
    ];
    let entry =
        |name: &str, keys: u64| json!({ "bus": "main", "module": "app", "entry": name, "pattern": name, "keys": keys });
    Report {
        command: "verify",
        known: 0,
        findings,
        evidence: json!({ "keys_scanned": 20, "keys_judged": 14, "complete": false }),
        coverage: json!({ "entries": [entry("hostile", 12), entry("clean", 2), entry("unseen", 0)] }),
        sources: &registry.sources,
        closing: "main: incomplete (20 keys scanned)".to_owned(),
    }
}

fn render(report: &Report<'_>, format: &str) -> String {
    let format = FORMATS.iter().find(|known| known.name == format).unwrap();
    let rule = |name: &str| catalogue::find(name, catalogue::Group::Check);
    (format.render)(report, &Frame { rule, ..Frame::plain() })
}

fn both(format: &str) -> [String; 2] {
    let registry = registry();
    [render(&lint_report(&registry), format), render(&verify_report(&registry), format)]
}

/// No reader gets a character that it may not see or that could work on a terminal.
fn assert_harmless(text: &str) {
    let bad = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!text.contains(bad), "{text:?}");
}

#[test]
fn sarif() {
    let [lint, verify] = both("sarif");
    for text in [&lint, &verify] {
        assert_harmless(text);
        let log: Value = serde_json::from_str(text).unwrap();
        assert_eq!(log["version"], "2.1.0");
        assert!(log["$schema"].as_str().unwrap().ends_with("/sarif-schema-2.1.0.json"));
        assert_eq!(log["runs"].as_array().unwrap().len(), 1);
        let run = &log["runs"][0];
        let driver = &run["tool"]["driver"];
        assert_eq!(
            (driver["name"].as_str(), driver["version"].as_str()),
            (Some("keywire"), Some(env!("CARGO_PKG_VERSION")))
        );
        assert!(!run["results"].as_array().unwrap().is_empty());
        for result in run["results"].as_array().unwrap() {
            assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()), "{result}");
            assert!(!result["message"]["text"].as_str().unwrap().is_empty(), "{result}");
            assert_eq!(result["partialFingerprints"]["keywire/v1"].as_str().unwrap().len(), 16);
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(driver["rules"][index]["id"], result["ruleId"]);
            assert!(driver["rules"][index]["help"]["markdown"].is_string(), "{result}");
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            assert!(!uri.starts_with('/') && !uri.contains('\\') && !uri.contains("://"), "{uri}");
            if let Some(region) = place.get("region") {
                for number in ["startLine", "startColumn", "endLine", "endColumn"] {
                    assert!(region[number].as_u64().unwrap() >= 1, "{result}");
                }
            }
        }
    }
    // The docs of rules and the version of keywire change with their own tests.
    let pruned = |text: &str| {
        let mut log: Value = serde_json::from_str(text).unwrap();
        let driver = &mut log["runs"][0]["tool"]["driver"];
        for rule in driver["rules"].as_array_mut().unwrap() {
            *rule = rule["id"].take();
        }
        (driver["version"], driver["semanticVersion"]) = (json!("x"), json!("x"));
        format!("{log:#}")
    };
    insta::assert_snapshot!("sarif_lint", pruned(&lint));
    insta::assert_snapshot!("sarif_verify", pruned(&verify));
}

#[test]
fn junit() {
    let [lint, verify] = both("junit");
    for text in [&lint, &verify] {
        assert_harmless(text);
        is_xml(text);
    }
    insta::assert_snapshot!("junit_lint", lint);
    insta::assert_snapshot!("junit_verify", verify);
}

#[test]
fn a_clean_report_is_a_test_that_passed() {
    let registry = registry();
    let clean = |report: Report<'_>| render(&Report { findings: Vec::new(), ..report }, "junit");
    let lint = clean(lint_report(&registry));
    assert!(lint.contains("tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\""), "{lint}");
    let verify = clean(Report { evidence: json!({ "complete": true, "keys_judged": 14 }), ..verify_report(&registry) });
    assert!(verify.contains("tests=\"3\" failures=\"0\" errors=\"0\" skipped=\"1\""), "{verify}");
    let blind = clean(Report { evidence: json!({ "complete": true, "keys_judged": 0 }), ..verify_report(&registry) });
    assert!(blind.contains("errors=\"1\""), "{blind}");
    [lint, verify, blind].iter().for_each(|text| is_xml(text));
}

#[test]
fn markdown() {
    let [lint, verify] = both("markdown");
    for text in [&lint, &verify] {
        assert_harmless(text);
        let rows: Vec<&str> = text.lines().filter(|line| line.starts_with('|')).collect();
        assert!(rows.len() > 2, "{text}");
        for row in rows {
            assert_eq!(row.matches('|').count(), 6, "five cells: {row}");
        }
        assert!(!text.contains("</failure>") && !text.contains("<b>") && !text.contains("](x)"), "{text}");
    }
    insta::assert_snapshot!("markdown_lint", lint);
    insta::assert_snapshot!("markdown_verify", verify);
}

#[test]
fn places_below_the_folder_are_relative() {
    let registry = keywire::registry::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("schema")).unwrap();
    let key = &registry.keys[0];
    let finding =
        Finding::new("wrong-type", Level::Error, "x").of_key(&registry, key).at(registry.name_span(&key.address));
    let report = Report { findings: vec![finding], ..lint_report(&registry) };
    let frame = Frame { folder: Path::new(env!("CARGO_MANIFEST_DIR")), ..Frame::plain() };
    for (name, expected) in
        [("sarif", "\"uri\": \"schema/modules/"), ("junit", "file=\"schema/modules/"), ("markdown", "`schema/modules/")]
    {
        let format = FORMATS.iter().find(|known| known.name == name).unwrap();
        let text = (format.render)(&report, &frame);
        assert!(text.contains(expected), "{name}: {text}");
    }
}

/// Asks a parser of its own, where there is one.
#[allow(clippy::print_stdout, reason = "who runs the tests should know what they did not do")]
fn is_xml(text: &str) {
    let script = "import sys, xml.etree.ElementTree as tree; tree.fromstring(sys.stdin.buffer.read())";
    let python = Command::new("python3").args(["-c", script]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut python) = python else {
        println!("skipped: there is no python3 to parse the XML");
        return;
    };
    python.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success(), "{}\n{text}", String::from_utf8_lossy(&output.stderr));
}
