//! Tables and lists in pages written by hand that state what the program states too: both must say the same.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use keywire::check::traffic::Counts;
use keywire::coverage::{CommandCoverage, EntryCoverage};
use keywire::watch::Evidence;
use serde_json::Value;

fn page(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn help(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_keywire")).args(arguments).arg("--help").output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// A text on one line: help is wrapped, pages are not.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of a page below a heading, up to the next one.
fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let from = page.find(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no section {heading}"));
    let rest = &page[from + 1..];
    &rest[..rest.find("\n## ").unwrap_or(rest.len())]
}

/// The rows of the tables in a text, without their heads.
fn rows(text: &str) -> Vec<Vec<String>> {
    let lines: Vec<&str> = text.lines().collect();
    let is_head = |at: usize| lines.get(at + 1).is_some_and(|next| next.starts_with("| ---"));
    let row = |line: &str| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
    (0..lines.len())
        .filter(|at| lines[*at].starts_with("| ") && !lines[*at].starts_with("| ---") && !is_head(*at))
        .map(|at| row(lines[at]))
        .collect()
}

fn names(text: &str) -> BTreeSet<String> {
    rows(text).into_iter().map(|row| row[0].trim_matches('`').to_owned()).collect()
}

fn keys(object: &Value) -> BTreeSet<String> {
    object.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn the_page_of_the_report_names_what_its_schema_has() {
    let page = page("docs/reference/report.md");
    let schema = keywire::report::json_schema();
    let places = [
        ("Report", ""),
        ("Summary", "/properties/summary"),
        ("Finding", "/properties/findings/items"),
        ("Place", "/properties/findings/items/properties/place"),
    ];
    for (heading, pointer) in places {
        let object = schema.pointer(pointer).unwrap();
        let text = section(&page, heading);
        assert_eq!(names(text), keys(&object["properties"]), "{heading}");
        let required: BTreeSet<&str> =
            object["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        for row in rows(text) {
            let name = row[0].trim_matches('`');
            assert_eq!(row[1], if required.contains(name) { "yes" } else { "no" }, "{heading}: {name}");
        }
    }
    let example = page.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let errors = jsonschema::validator_for(&schema).unwrap();
    let example: Value = serde_json::from_str(example).unwrap();
    assert_eq!(errors.iter_errors(&example).map(|error| error.to_string()).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn the_page_of_the_report_names_the_evidence_of_verify() {
    let page = page("docs/reference/report.md");
    let evidence = keywire::verify::Evidence {
        bus: String::new(),
        url: String::new(),
        server: String::new(),
        keys_in_database: None,
        keys_elsewhere: None,
        keys_scanned: 0,
        keys_judged: 0,
        keys_undeclared: 0,
        values_judged: 0,
        values_unread: 0,
        depth: "full",
        complete: true,
        seconds: 0.0,
    };
    assert_eq!(names(section(&page, "Evidence of verify")), keys(&serde_json::to_value(evidence).unwrap()));
    let row = CommandCoverage { party: None, command: String::new(), declared: true, seen: 0 };
    let coverage = EntryCoverage {
        bus: String::new(),
        module: String::new(),
        entry: String::new(),
        pattern: String::new(),
        keys: Some(0),
        operations: vec![row.clone()],
        reads: vec![row.clone()],
    };
    // Two tables stand there: of an entry, and of a command in it.
    let both = &keys(&serde_json::to_value(coverage).unwrap()) | &keys(&serde_json::to_value(row).unwrap());
    assert_eq!(names(section(&page, "Coverage")), both);
    let evidence = Evidence::new(String::new(), String::new(), Counts::default());
    let evidence = Evidence { server: Some(String::new()), ..evidence };
    let shown = names(section(&page, "Evidence of watch, proxy and run"));
    assert_eq!(shown, keys(&serde_json::to_value(evidence).unwrap()));
}

/// What a settings table may hold, as its own refusal of anything else says.
fn options(text: &str) -> BTreeSet<String> {
    let error = toml::from_str::<keywire::settings::Settings>(text).unwrap_err().to_string();
    let expected = error.split("expected ").nth(1).unwrap_or_default();
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_page_of_keywire_toml_names_all_options_and_their_defaults() {
    let page = page("docs/reference/keywire-toml.md");
    let block = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let shown: toml::Table = toml::from_str(block).unwrap();
    assert_eq!(shown.keys().cloned().collect::<BTreeSet<_>>(), options("nothing = 1"));
    let generate = shown["generate"].as_table().unwrap();
    assert_eq!(generate.keys().cloned().collect::<BTreeSet<_>>(), options("[generate]\nnothing = 1"));
    let shown_in = |table: &toml::Value| table.as_table().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(shown_in(&shown["ci"]), options("[ci]\nnothing = 1"));
    assert_eq!(shown_in(&shown["modules"]["spot_worker"]), options("[modules.x]\nnothing = 1"));
    assert_eq!(shown_in(&shown["exceptions"][0]), options("[[exceptions]]\nnothing = 1"));
    let settings: keywire::settings::Settings = toml::from_str(block).unwrap();
    assert_eq!(format!("{:?}", settings.generate), format!("{:?}", keywire::settings::GenerateSettings::default()));
    keywire::catalogue::check_settings(&settings).unwrap();
}

#[test]
fn the_readme_lists_all_commands() {
    let help = help(&[]);
    let list = help.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap();
    let commands = list.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let commands: BTreeSet<String> = commands
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(|name| format!("keywire {name}"))
        .collect();
    assert_eq!(names(section(&page("README.md"), "What is in the box")), commands);
    assert!(page("README.md").lines().count() < 165, "the README is to be read in a few minutes");
}

#[test]
fn the_guide_to_verify_says_what_its_help_says() {
    let page = page("docs/guide/verify.md");
    let help = words(&help(&["verify"]));
    let rights = help.split("ACL SETUSER").nth(1).and_then(|rest| rest.split(" (").next()).unwrap();
    assert!(page.contains(&format!("ACL SETUSER{rights}\n")), "the rights are ACL SETUSER{rights}");
    for row in rows(section(&page, "Depth")) {
        assert!(help.contains(&format!("- {}:", row[0].trim_matches('`'))), "{row:?}");
    }
}

#[test]
fn the_guides_name_all_check_rules_and_exit_codes() {
    let traffic = page("docs/guide/traffic.md") + &page("docs/guide/run.md");
    let page = page("docs/guide/verify.md");
    for (group, rule) in keywire::catalogue::rules() {
        if group == keywire::catalogue::Group::Check {
            let twin = keywire::catalogue::named(rule.name).count() > 1;
            let anchor = format!("rules.md#{}{})", rule.name, if twin { "-1" } else { "" });
            assert!(page.contains(&anchor) || traffic.contains(&anchor), "{} is not named", rule.name);
        }
    }
    let help = help(&[]);
    let codes = help.split("Exit codes:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).unwrap();
    let codes: Vec<String> = codes.lines().map(words).collect();
    let shown: Vec<String> = rows(section(&page, "Exit codes")).iter().map(|row| row.join(" ")).collect();
    assert_eq!(shown, codes);
}

#[test]
fn the_guide_to_generate_names_all_targets() {
    let targets: BTreeSet<String> = keywire::generate::TARGETS.iter().map(|target| target.name.to_owned()).collect();
    assert_eq!(names(section(&page("docs/guide/generate.md"), "Targets")), targets);
}
