//! What all lint rules owe their readers: docs, words of one style, names that are never used twice.

use std::collections::BTreeSet;

use keywire::lint::rules::RULES;

fn sentences(docs: &str) -> usize {
    docs.split(['.', '!', '?', ':']).filter(|sentence| sentence.split_whitespace().count() > 2).count()
}

#[test]
fn every_rule_explains_itself() {
    for rule in RULES.iter().map(|rule| &rule.rule) {
        assert!(sentences(rule.docs) >= 2, "{}: docs of two sentences at least", rule.name);
        assert!(rule.docs.ends_with('.'), "{}: docs end with a full stop", rule.name);
        assert!(rule.docs.contains("\n\n"), "{}: docs say why, and what to do, in two paragraphs", rule.name);
        assert!(rule.docs.lines().all(|line| line.chars().count() <= 120), "{}: docs are wrapped", rule.name);
        let summary = rule.summary;
        assert!(!summary.ends_with('.') && summary.len() > 15, "{}: one sentence without a full stop", rule.name);
        assert!(summary.starts_with(|c: char| c.is_lowercase()), "{}: summaries are in lower case", rule.name);
        assert_ne!(rule.bad, rule.good, "{}", rule.name);
    }
}

#[test]
fn names_and_summaries_are_unique() {
    let names: BTreeSet<&str> = RULES.iter().map(|rule| rule.rule.name).collect();
    let summaries: BTreeSet<&str> = RULES.iter().map(|rule| rule.rule.summary).collect();
    assert_eq!((names.len(), summaries.len()), (RULES.len(), RULES.len()));
    let kebab = |name: &&str| name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    assert!(names.iter().all(kebab), "{names:?}");
}

#[test]
fn nothing_is_generated_from_references_that_lead_nowhere() {
    let blocking: BTreeSet<&str> = RULES.iter().filter(|rule| rule.blocking).map(|rule| rule.rule.name).collect();
    for name in
        ["unknown-payload", "unknown-type", "unknown-bus", "invalid-schema", "duplicate-entry", "ambiguous-pattern"]
    {
        assert!(blocking.contains(name), "{name}");
    }
}
