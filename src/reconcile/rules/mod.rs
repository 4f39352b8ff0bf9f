//! The table of rules of `keywire reconcile`, sorted by name. To add one: a file, its `mod` line, its line in the table.

use super::ReconcileRule;

mod bound_differs;
mod bus_differs;
mod declared_never_used;
mod pattern_differs;
mod payload_differs;
mod read_by_nobody;
mod ttl_differs;
mod type_differs;
mod used_never_declared;
mod written_by_nobody;
mod written_by_two;

/// All rules.
pub static RULES: [&ReconcileRule; 11] = [
    &bound_differs::RULE,
    &bus_differs::RULE,
    &declared_never_used::RULE,
    &pattern_differs::RULE,
    &payload_differs::RULE,
    &read_by_nobody::RULE,
    &ttl_differs::RULE,
    &type_differs::RULE,
    &used_never_declared::RULE,
    &written_by_nobody::RULE,
    &written_by_two::RULE,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reconcile::{Case, example};

    #[test]
    fn the_table_is_sorted() {
        assert!(RULES.windows(2).all(|pair| pair[0].rule.name < pair[1].rule.name));
    }

    #[test]
    fn bad_examples_fire_their_rule_alone_and_good_ones_none() {
        let fired = |text: &str| {
            let (registry, witnesses) = example(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
            let findings = Case::new(&registry, &witnesses).findings();
            findings.into_iter().map(|finding| finding.rule).collect::<Vec<_>>()
        };
        for rule in RULES.iter().map(|rule| &rule.rule) {
            assert_eq!(fired(rule.bad), [rule.name], "{}", rule.bad);
            assert_eq!(fired(rule.good), [""; 0], "{}", rule.good);
        }
    }
}
