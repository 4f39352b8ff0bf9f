//! Rules about changes: the examples of every rule, and the laws of comparing.

use std::path::Path;

use keywire::diff::breaking::rules::RULES;
use keywire::diff::breaking::{Mode, breaking};
use keywire::diff::changes;
use keywire::finding::Finding;
use keywire::lint::{blocking, example_registry};
use keywire::registry::{self, Registry};

fn both(example: &str) -> (Registry, Registry) {
    let (before, after) = example.split_once("# after\n").unwrap_or_else(|| panic!("no line `# after` in {example}"));
    let read = |text: &str| example_registry(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    (read(before), read(after))
}

fn findings(example: &str) -> Vec<Finding> {
    let (old, new) = both(example);
    let unsound: Vec<String> =
        blocking(&old).into_iter().chain(blocking(&new)).map(|finding| finding.message).collect();
    assert!(unsound.is_empty(), "{unsound:?}\n{example}");
    breaking(&old, &new, Mode::Full)
}

#[test]
fn the_bad_example_of_a_rule_fires_it_only_and_the_good_one_nothing() {
    let mut faults = Vec::new();
    for rule in RULES {
        let name = rule.rule.name;
        let mut fired: Vec<&str> = findings(rule.rule.bad).iter().map(|finding| finding.rule).collect();
        fired.dedup();
        if fired != [name] {
            faults.push(format!("the bad example of {name} fires {fired:?}"));
        }
        let good: Vec<String> = findings(rule.rule.good).into_iter().map(|finding| finding.message).collect();
        if !good.is_empty() {
            faults.push(format!("the good example of {name}: {good:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_finding_says_who_breaks_and_what_to_do() {
    for rule in RULES {
        for finding in findings(rule.rule.bad) {
            assert!(
                finding.message.contains("breaks ") || finding.message.contains("concerns "),
                "{}: {}",
                finding.rule,
                finding.message
            );
            assert!(
                finding.hint.as_ref().is_some_and(|hint| hint.contains("deploy")),
                "{}: {:?}",
                finding.rule,
                finding.hint
            );
        }
    }
}

#[test]
fn nothing_changes_between_a_registry_and_itself() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("schema")];
    folders.extend(std::fs::read_dir(root.join("tests/fixtures/registries")).unwrap().map(|item| item.unwrap().path()));
    for folder in folders {
        let registry = registry::load(&folder).unwrap();
        assert_eq!(changes(&registry, &registry), []);
        assert_eq!(breaking(&registry, &registry, Mode::Full), []);
    }
}
