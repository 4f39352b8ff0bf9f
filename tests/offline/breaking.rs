//! Rules about changes: the examples of every rule, and the laws of comparing.

use std::path::Path;

use keywire::diff::breaking::rules::RULES;
use keywire::diff::breaking::{Mode, breaking};
use keywire::diff::changes;
use keywire::finding::{Finding, Level};
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

/// A key and a channel, each with a deprecation of that date, and one without them.
fn removal(remove_after: &str) -> (String, String) {
    let deprecated = format!(
        "consumers: [{{ name: reader, reads: [READ] }}], deprecated: {{ since: '1', remove_after: '{remove_after}' }}"
    );
    let of = |read: &str| deprecated.replace("READ", read);
    let head = "module: app\nrole: Serves requests.\nbus: main\nkeys:\n  left: { key: 'app:left', purpose: Stays., type: string, value: text, operations: [SET], retention: { ttl: none } }\n";
    let cart = format!(
        "  cart: {{ key: 'app:cart', purpose: A cart., type: string, value: text, operations: [SET], retention: {{ ttl: none }}, {} }}\n",
        of("GET")
    );
    let news =
        format!("channels:\n  news: {{ channel: 'app:news', purpose: News., message: text, {} }}\n", of("SUBSCRIBE"));
    (format!("{head}{cart}{news}"), head.to_owned())
}

#[test]
fn what_goes_after_its_day_is_noted_and_what_goes_before_it_breaks_a_promise() {
    let of = |date| {
        let (before, after) = removal(date);
        told(&before, &after).into_iter().map(|(rule, level, _)| (rule, level)).collect::<Vec<_>>()
    };
    let (noted, broken) = (Level::Info, Level::Error);
    assert_eq!(of("2020-01-31"), [("channel-removed", noted), ("key-removed", noted)]);
    assert_eq!(of("2999-12-31"), [("removed-before-date", broken), ("removed-before-date", broken)]);
    assert_eq!(of("soon"), [("channel-removed", broken), ("key-removed", broken)], "what is no date promises nothing");
}

const MODULE: &str = "module: app
role: Serves requests.
bus: main
payloads:
  Price: { type: object, REQUIRED, properties: { symbol: { type: string }, value: { type: number } } }
keys:
  price: { key: 'app:price', purpose: Last price., type: string, value: Price, operations: [SET], retention: { ttl: none }, consumers: [{ name: reader, reads: [GET], needs: [NEEDS] }] }
  cart: { key: 'app:cart', purpose: A cart., type: hash, fields: { FIELDS }, operations: [HSET], retention: { ttl: none }, consumers: [{ name: reader, reads: [HGET], needs: [items] }] }
";

fn module(required: &str, needs: &str, fields: &str) -> String {
    MODULE.replace("REQUIRED", required).replace("NEEDS", needs).replace("FIELDS", fields)
}

/// Rule, level and message of each finding between two forms of the module.
fn told(before: &str, after: &str) -> Vec<(&'static str, Level, String)> {
    let found = findings(&format!("{before}# after\n{after}"));
    found.into_iter().map(|finding| (finding.rule, finding.level, finding.message)).collect()
}

#[test]
fn what_a_consumer_needed_or_needs_decides_whom_a_payload_breaks_and_how_much() {
    let fields = "items: text";
    // It may be missing: whoever needed it before.
    let both = module("required: [symbol, value]", "symbol, value", fields);
    let fewer = module("required: [symbol]", "symbol", fields);
    let found = told(&both, &fewer);
    assert_eq!((found.len(), found[0].0, found[0].1), (1, "payload-property-removed", Level::Error), "{found:?}");
    assert!(found[0].2.ends_with("(breaks reader)"), "{found:?}");
    // Nobody needed it.
    let found = told(&module("required: [symbol, value]", "symbol", fields), &fewer);
    assert_eq!((found.len(), found[0].1), (1, Level::Warning), "{found:?}");
    // It must be there: whoever needs it from now on, not whoever did.
    let found = told(&fewer, &both);
    assert_eq!((found.len(), found[0].0, found[0].1), (1, "payload-property-required", Level::Error), "{found:?}");
    let found = told(
        &module("required: [symbol]", "symbol, value", fields),
        &module("required: [symbol, value]", "symbol", fields),
    );
    assert_eq!((found.len(), found[0].1), (1, Level::Warning), "{found:?}");
}

#[test]
fn a_field_that_no_consumer_needs_may_go() {
    let of = |fields| module("required: [symbol]", "symbol", fields);
    assert_eq!(told(&of("items: text, sum: number"), &of("items: text")), []);
    let found = told(&of("items: text, sum: number"), &of("sum: number"));
    assert_eq!((found.len(), found[0].0), (1, "field-removed"), "{found:?}");
    assert_eq!(found[0].2, "the field `items` is removed from `app:cart` (breaks reader)");
}
