//! Every format of one lint and one verify report, with names nobody would choose; each is read by a parser of its own.

use std::collections::BTreeSet;
use std::path::Path;

use keywire::catalogue;
use keywire::finding::{Finding, Level, printable};
use keywire::lint::{example_registry, lint};
use keywire::registry::Registry;
use keywire::report::{Ending, FORMATS, Frame, Report, json_schema, jsonl_schema};
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
        findings: lint(registry),
        known: 0,
        evidence: json!({ "modules": 1, "keys": 2, "channels": 0, "rules": 52 }),
        coverage: json!({}),
        sources: &registry.sources,
        closing: "schema: not clean (1 module, 2 keys, 0 channels)".to_owned(),
    }
}

/// Findings on one entry, of which two are told apart by nothing but their words; a note, a name that nobody declared, an entry
/// that is clean and one that nobody saw.
fn verify_report(registry: &Registry) -> Report<'_> {
    let key = &registry.keys[0];
    let seen = [
        &b"app:\x00\x1b[31m\xff\xfe"[..],
        "app:</failure>|`\n| a | b |\u{202e}\u{200f}<script>alert(1)</script>".as_bytes(),
    ]
    .map(printable);
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
        about("wrong-type", Level::Error, "is a hash: of `x`, y%0A"),
        about("ttl-unexpected", Level::Info, "has a TTL"),
        undeclared,
    ];
    let entry =
        |name: &str, keys: u64| json!({ "bus": "main", "module": "app", "entry": name, "pattern": name, "keys": keys });
    Report {
        command: "verify",
        findings,
        known: 1,
        evidence: json!({ "keys_scanned": 20, "keys_judged": 14, "complete": false }),
        coverage: json!({ "entries": [entry("hostile", 12), entry("clean", 2), entry("unseen", 0)] }),
        sources: &registry.sources,
        closing: "main: incomplete (20 keys scanned)".to_owned(),
    }
}

fn render(report: &Report<'_>, format: &str) -> String {
    let format = FORMATS.iter().find(|known| known.name == format).unwrap();
    let rule = |name: &str| catalogue::find(name, catalogue::Group::Check);
    let ending = Some(Ending { code: 1, words: "findings" });
    (format.render)(report, &Frame { rule, ending, ..Frame::plain() })
}

fn both(format: &str) -> [String; 2] {
    let registry = registry();
    [render(&lint_report(&registry), format), render(&verify_report(&registry), format)]
}

/// No reader gets a character that it may not see or that could work on a terminal.
fn assert_harmless(text: &str) {
    let bad = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202e}' | '\u{200f}');
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
        assert_eq!((&run["columnKind"], &run["invocations"][0]["exitCode"]), (&json!("unicodeCodePoints"), &json!(1)));
        for rule in driver["rules"].as_array().unwrap() {
            for text in ["/id", "/shortDescription/text", "/fullDescription/text", "/help/text", "/help/markdown"] {
                assert!(
                    rule.pointer(text).and_then(Value::as_str).is_some_and(|text| !text.is_empty()),
                    "{text}: {rule}"
                );
            }
            assert!(rule["defaultConfiguration"]["level"].is_string(), "{rule}");
        }
        assert_valid(&sarif_schema(), &log);
        let identities = run["results"].as_array().unwrap().iter().map(|result| &result["partialFingerprints"]);
        let identities: BTreeSet<_> =
            identities.map(|known| known["primaryLocationLineHash"].as_str().unwrap()).collect();
        assert_eq!(identities.len(), run["results"].as_array().unwrap().len(), "none hides another");
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
            assert_eq!(place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
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
fn steps_are_cases_with_what_became_of_them() {
    let registry = registry();
    let step = |step: &str, outcome: &str, more: Value| {
        let mut value = json!({ "step": step, "of": null, "outcome": outcome, "seconds": 0.25 });
        value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        value
    };
    let mut run = step(
        "run",
        "too little evidence",
        json!({ "evidence": { "calls": 0, "buses": [{ "bus": "main", "calls": 0 }] } }),
    );
    run["of"] = json!("app <&>");
    let steps = [
        step("lint", "clean", json!({ "findings": 0 })),
        step("generate", "findings", json!({ "findings": 2 })),
        step("breaking", "not looked at", json!({ "why": "there is no base" })),
        run,
        step("verify", "failed", json!({ "why": "nobody answers at \"x\"" })),
    ];
    let evidence = json!({ "steps": steps });
    let ci = || Report {
        command: "ci",
        findings: Vec::new(),
        evidence: evidence.clone(),
        coverage: json!({}),
        ..lint_report(&registry)
    };
    let junit = render(&ci(), "junit");
    is_xml(&junit);
    insta::assert_snapshot!("junit_ci", junit);
    let html = render(&ci(), "html");
    is_xml(&html);
    assert!(
        html.contains("<th>step</th><th>of</th><th>outcome</th><th>seconds</th><th>findings</th><th>why</th>"),
        "{html}"
    );
}

#[test]
fn what_could_not_look_is_not_green() {
    let registry = registry();
    let report = Report {
        command: "coverage",
        findings: Vec::new(),
        evidence: json!({ "reports": 2 }),
        ..lint_report(&registry)
    };
    let ending = Some(Ending { code: 3, words: "too little evidence" });
    let junit = FORMATS.iter().find(|format| format.name == "junit").unwrap();
    let text = (junit.render)(&report, &Frame { ending, ..Frame::plain() });
    assert!(text.contains("errors=\"1\"") && text.contains("message=\"too little evidence\""), "{text}");
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

/// The schema of the standard, whose one pattern with a bracket too many is no regular expression.
fn sarif_schema() -> Value {
    let mut schema: Value = serde_json::from_str(include_str!("../fixtures/report/sarif-schema-2.1.0.json")).unwrap();
    for place in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{place}/properties/language")).unwrap();
        assert!(language.as_object_mut().unwrap().remove("pattern").unwrap().as_str().unwrap().ends_with("{2}]?$"));
    }
    schema
}

fn assert_valid(schema: &Value, value: &Value) {
    let validator = jsonschema::options().should_validate_formats(true).build(schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

/// The version of keywire changes with its own tests.
fn without_version(text: &str) -> String {
    text.replace(&format!("\"{}\"", env!("CARGO_PKG_VERSION")), "\"x\"")
        .replace(&format!("keywire {}<", env!("CARGO_PKG_VERSION")), "keywire x<")
}

#[test]
fn text() {
    let [lint, verify] = both("text");
    [&lint, &verify].iter().for_each(|text| assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}"));
    insta::assert_snapshot!("text_lint", lint);
    insta::assert_snapshot!("text_verify", verify);
}

#[test]
fn json_and_its_lines_say_the_same() {
    for (name, json, lines) in
        [("lint", &both("json")[0], &both("jsonl")[0]), ("verify", &both("json")[1], &both("jsonl")[1])]
    {
        let report: Value = serde_json::from_str(json).unwrap();
        assert_valid(&json_schema(), &report);
        let lines_of: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        lines_of.iter().for_each(|line| assert_valid(&jsonl_schema(), line));
        let (last, findings) = lines_of.split_last().unwrap();
        let without_kind = |line: &Value| {
            let mut line = line.clone();
            let kind = line.as_object_mut().unwrap().shift_remove("kind").unwrap();
            (kind.as_str().unwrap().to_owned(), line)
        };
        assert!(findings.iter().all(|line| without_kind(line).0 == "finding"), "{lines}");
        let (kind, mut whole) = without_kind(last);
        assert_eq!(kind, "summary");
        whole["findings"] = findings.iter().map(|line| without_kind(line).1).collect();
        assert_eq!(whole, report);
        insta::assert_snapshot!(format!("json_{name}"), without_version(json));
        insta::assert_snapshot!(format!("jsonl_{name}"), without_version(lines));
    }
    let strange = json!({ "kind": "other", "keywire": "1" });
    assert!(!jsonschema::validator_for(&jsonl_schema()).unwrap().is_valid(&strange));
}

#[test]
fn published_schemas_are_those_of_the_library() {
    for (name, schema) in [("report", json_schema()), ("report-line", jsonl_schema())] {
        jsonschema::meta::validate(&schema).unwrap();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/reference/{name}.schema.json"));
        let text = format!("{schema:#}\n");
        if std::env::var_os("KEYWIRE_UPDATE").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "{}: KEYWIRE_UPDATE=1 writes it", path.display());
    }
}

#[test]
fn github() {
    let [lint, verify] = both("github");
    for text in [&lint, &verify] {
        assert_harmless(text);
        for line in text.lines().filter(|line| line.starts_with("::")) {
            let (properties, _) = line[2..].split_once("::").unwrap();
            let (command, properties) = properties.split_once(' ').unwrap();
            assert!(["error", "warning", "notice"].contains(&command), "{line}");
            for property in properties.split(',') {
                let (name, value) = property.split_once('=').unwrap();
                assert!(["file", "line", "col", "title"].contains(&name) && !value.contains(':'), "{line}");
            }
        }
    }
    insta::assert_snapshot!("github_lint", lint);
    insta::assert_snapshot!("github_verify", verify);
}

#[test]
fn gitlab() {
    let [lint, verify] = both("gitlab");
    for text in [&lint, &verify] {
        assert_harmless(text);
        let issues: Vec<Value> = serde_json::from_str(text).unwrap();
        let mut fingerprints = BTreeSet::new();
        for issue in &issues {
            for field in ["description", "check_name", "fingerprint"] {
                assert!(issue[field].as_str().is_some_and(|text| !text.is_empty()), "{issue}");
            }
            assert!(["info", "minor", "major"].contains(&issue["severity"].as_str().unwrap()), "{issue}");
            let path = issue["location"]["path"].as_str().unwrap();
            assert!(!path.is_empty() && !path.starts_with(['/', '.']), "{issue}");
            assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() >= 1, "{issue}");
            fingerprints.insert(issue["fingerprint"].as_str().unwrap());
        }
        assert_eq!(fingerprints.len(), issues.len(), "GitLab keeps one of each fingerprint");
    }
    insta::assert_snapshot!("gitlab_lint", lint);
    insta::assert_snapshot!("gitlab_verify", verify);
}

#[test]
fn fingerprints_do_not_depend_on_the_order_of_the_report() {
    let registry = registry();
    let identities = |report: &Report<'_>| -> BTreeSet<(String, String)> {
        let issues: Vec<Value> = serde_json::from_str(&render(report, "gitlab")).unwrap();
        let text = |issue: &Value, field: &str| issue[field].as_str().unwrap().to_owned();
        issues.iter().map(|issue| (text(issue, "description"), text(issue, "fingerprint"))).collect()
    };
    let mut report = verify_report(&registry);
    let there = identities(&report);
    report.findings.reverse();
    assert_eq!(identities(&report), there);
}

#[test]
fn html() {
    let [lint, verify] = both("html");
    for text in [&lint, &verify] {
        assert_harmless(text);
        is_xml(text);
        assert!(!text.contains("<script") && !text.contains("<b>"), "{text}");
        assert!(!text.contains("http") && !text.contains("url("), "it loads nothing: {text}");
    }
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let page = roxmltree::Document::parse_with_options(&verify, options).unwrap();
    let rows = |class: &str| {
        page.descendants().filter(|node| node.has_tag_name("tr") && node.attribute("class") == Some(class)).count()
    };
    assert_eq!((rows("level-error"), rows("level-warning"), rows("level-info")), (3, 1, 1));
    for label in page.descendants().filter_map(|node| node.attribute("for")) {
        assert!(page.descendants().any(|node| node.attribute("id") == Some(label)), "{label}");
    }
    let said: String = page.descendants().filter(roxmltree::Node::is_text).filter_map(|node| node.text()).collect();
    for text in
        ["<script>alert(1)</script>", "`]]>".trim_start_matches('`'), "keys judged", "unseen", "help: delete it"]
    {
        assert!(said.contains(text), "{text}: {said}");
    }
    let page = |text: &str| {
        let (before, rest) = text.split_once("<style>").unwrap();
        let (_, after) = rest.split_once("</style>").unwrap();
        // The docs of rules change with their own tests.
        let mut page = without_version(&format!("{before}{after}"));
        while let Some((before, rest)) = page.split_once("<details>") {
            page = format!("{before}<!-- docs -->{}", rest.split_once("</details>").unwrap().1);
        }
        page
    };
    insta::assert_snapshot!("html_lint", page(&lint));
    insta::assert_snapshot!("html_verify", page(&verify));
}

#[test]
fn reports_of_nothing_are_reports() {
    let registry = registry();
    for format in FORMATS {
        let clean =
            Report { findings: Vec::new(), coverage: json!({}), closing: String::new(), ..lint_report(&registry) };
        let text = render(&clean, format.name);
        match format.name {
            "json" | "gitlab" | "sarif" => drop(serde_json::from_str::<Value>(&text).unwrap()),
            "jsonl" => assert_eq!(text.lines().count(), 1),
            "junit" | "html" => is_xml(&text),
            _ => {}
        }
    }
}

#[test]
fn places_below_the_folder_are_relative() {
    let registry = keywire::registry::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("schema")).unwrap();
    let key = &registry.keys[0];
    let finding =
        Finding::new("wrong-type", Level::Error, "x").of_key(&registry, key).at(registry.name_span(&key.address));
    let report = Report { findings: vec![finding], ..lint_report(&registry) };
    let frame = Frame { root: Path::new(env!("CARGO_MANIFEST_DIR")), ..Frame::plain() };
    for (name, expected) in [
        ("sarif", "\"uri\": \"schema/modules/"),
        ("junit", "file=\"schema/modules/"),
        ("markdown", "`schema/modules/"),
        ("github", "file=schema/modules/"),
        ("gitlab", "\"path\": \"schema/modules/"),
        ("html", ">schema/modules/"),
    ] {
        let format = FORMATS.iter().find(|known| known.name == name).unwrap();
        let text = (format.render)(&report, &frame);
        assert!(text.contains(expected), "{name}: {text}");
    }
}

/// What an XML parser reads.
fn is_xml(text: &str) {
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    roxmltree::Document::parse_with_options(text, options).unwrap_or_else(|error| panic!("{error}\n{text}"));
}
