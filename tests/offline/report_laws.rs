//! Laws of all formats: whatever names, messages and hints hold, what is written can be read again, and no finding is lost.

use keywire::finding::{Finding, Level, printable};
use keywire::report::{FORMATS, Frame, Report, json_schema, jsonl_schema};
use keywire::source::{SourceFile, Sources, Span};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Pieces of markup, control and text that reorders.
const PIECES: &[&str] = &[
    "<",
    ">",
    "&",
    "\"",
    "'",
    "`",
    "|",
    "\\",
    "]]>",
    "<!--",
    "-->",
    "<script>",
    "</code>",
    "\n",
    "\r\n",
    "\0",
    "\u{1b}[31m",
    "::error::",
    "##[add-path]",
    "%0A",
    ",",
    ":",
    "\u{202e}",
    "\u{200f}",
    "\u{feff}",
    "\u{fffe}",
    "\u{85}",
    "\u{2028}",
    "ключ",
    "a",
    " ",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![3 => prop::sample::select(PIECES).prop_map(str::to_owned), 1 => "\\PC{0,3}"];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

prop_compose! {
    fn finding()(
        rule in prop::sample::select(&["wrong-type", "undeclared-key", "invalid-registry"][..]),
        level in prop::sample::select(&Level::ALL[..]),
        message in text(),
        hint in prop::option::of(text()),
        names in prop::option::of((text(), text(), text())),
        key in prop::option::of(prop::collection::vec(any::<u8>(), 0..8)),
        place in prop::option::of(0u32..40),
        count in 0u64..3,
    ) -> Finding {
        let key = key.map(|key| printable(&key));
        let mut finding = Finding::new(rule, level, message);
        if let Some((module, entry, pattern)) = names {
            (finding.module, finding.entry, finding.pattern) = (Some(module), Some(entry), Some(pattern));
        }
        finding.place = place.map(|start| Span { file: keywire::source::FileId(0), start, end: start + 3 });
        finding.examples = key.iter().cloned().collect();
        Finding { hint, key, count, ..finding }
    }
}

/// No character that a reader does not see, or that works on a terminal.
fn is_harmless(text: &str) -> bool {
    !text.contains(|c: char| {
        (c.is_control() && c != '\n') || matches!(c, '\u{202e}' | '\u{200f}' | '\u{feff}' | '\u{fffe}')
    })
}

/// Lines as the runner of GitHub reads them.
fn is_command(line: &str) -> bool {
    line.trim_start().starts_with("::") || line.contains("##[")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_can_be_read(findings in prop::collection::vec(finding(), 0..30), closing in text()) {
        let mut sources = Sources::default();
        sources.add(SourceFile::new("schema/a,b:c <d>.yaml", "module: app\nrole: \"é\"\nkeys: {}\n".to_owned()));
        let count = findings.len();
        let report = Report { command: "verify", findings, known: 0, evidence: json!({}), coverage: json!({}), sources: &sources, closing };
        for format in FORMATS {
            let written = (format.render)(&report, &Frame::plain());
            match format.name {
                "json" => {
                    let value: Value = serde_json::from_str(&written).unwrap();
                    prop_assert!(jsonschema::is_valid(&json_schema(), &value));
                    prop_assert_eq!(value["findings"].as_array().unwrap().len(), count);
                }
                "jsonl" => {
                    let validator = jsonschema::validator_for(&jsonl_schema()).unwrap();
                    prop_assert!(written.lines().all(|line| validator.is_valid(&serde_json::from_str(line).unwrap())));
                    prop_assert_eq!(written.lines().count(), count + 1);
                }
                "gitlab" => {
                    let issues: Vec<Value> = serde_json::from_str(&written).unwrap();
                    let mut known: Vec<&str> = issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
                    known.sort_unstable();
                    known.dedup();
                    prop_assert_eq!(known.len(), count);
                }
                "sarif" => {
                    let log: Value = serde_json::from_str(&written).unwrap();
                    prop_assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), count);
                }
                "github" => {
                    prop_assert!(is_harmless(&written), "{:?}", written);
                    let ours = ["::error ", "::warning ", "::notice ", "::group::", "::endgroup::"];
                    for line in written.lines().filter(|line| is_command(line)) {
                        prop_assert!(ours.iter().any(|command| line.starts_with(command)), "{}", line);
                    }
                    let told = |line: &&str| line.contains("wrong-type") || line.contains("undeclared-key") || line.contains("invalid-registry");
                    prop_assert_eq!(written.lines().filter(told).count(), count);
                }
                "junit" | "html" => {
                    prop_assert!(is_harmless(&written), "{:?}", written);
                    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
                    let page = roxmltree::Document::parse_with_options(&written, options);
                    prop_assert!(page.is_ok(), "{}: {:?}\n{}", format.name, page.err(), written);
                    let page = page.unwrap();
                    prop_assert!(!page.descendants().any(|node| node.has_tag_name("script")));
                    let rows = page.descendants().filter(|node| node.has_tag_name("tr") && node.has_attribute("class"));
                    prop_assert!(format.name != "html" || rows.count() == count);
                }
                "markdown" => {
                    prop_assert!(is_harmless(&written), "{:?}", written);
                    prop_assert!(!written.contains("<script>"));
                    let rows = written.lines().filter(|line| line.starts_with("| ") && line.ends_with(" |"));
                    prop_assert_eq!(rows.filter(|row| row.matches('|').count() == 6).count(), if count == 0 { 0 } else { count + 2 });
                }
                _ => {}
            }
        }
    }
}
