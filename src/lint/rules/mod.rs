//! The table of lint rules, sorted by name. To add one: a file, its `mod` line, its line in the table.

use super::LintRule;

mod ambiguous_pattern;
mod bus_mismatch;
mod cross_slot;
mod deprecated_in_use;
mod deprecated_overdue;
mod deprecated_without_replacement;
mod duplicate_entry;
mod duplicate_writer;
mod dynamic_without_domain;
mod empty_keyword;
mod example_mismatch;
mod expiry_dropped;
mod expiry_never_set;
mod expiry_unexpected;
mod glob_in_pattern;
mod impossible_bound;
mod invalid_schema;
mod key_channel_clash;
mod last_writer_wins;
mod missing_cardinality;
mod missing_purpose;
mod missing_retention;
mod missing_type;
mod missing_value;
mod naming;
mod needs_optional_field;
mod needs_unknown_field;
mod no_consumer;
mod no_producer;
mod operation_not_writing;
mod operation_type_mismatch;
mod read_not_reading;
mod retention_operation_mismatch;
mod secret_in_registry;
mod shadowed_pattern;
mod sliding_expiry_unbounded;
mod timestamp_without_unit;
mod type_conflict;
mod unbounded_growth;
mod undeclared_group;
mod unknown_bus;
mod unknown_config;
mod unknown_field_operation;
mod unknown_finder;
mod unknown_operation;
mod unknown_payload;
mod unknown_service;
mod unknown_type;
mod unowned_name;
mod unsubscribed_channel;
mod unused_param;
mod unused_payload;
mod unused_service;
mod zset_member_collision;

/// All lint rules.
pub static RULES: &[&LintRule] = &[
    &ambiguous_pattern::RULE,
    &bus_mismatch::RULE,
    &cross_slot::RULE,
    &deprecated_in_use::RULE,
    &deprecated_overdue::RULE,
    &deprecated_without_replacement::RULE,
    &duplicate_entry::RULE,
    &duplicate_writer::RULE,
    &dynamic_without_domain::RULE,
    &empty_keyword::RULE,
    &example_mismatch::RULE,
    &expiry_dropped::RULE,
    &expiry_never_set::RULE,
    &expiry_unexpected::RULE,
    &glob_in_pattern::RULE,
    &impossible_bound::RULE,
    &invalid_schema::RULE,
    &key_channel_clash::RULE,
    &last_writer_wins::RULE,
    &missing_cardinality::RULE,
    &missing_purpose::RULE,
    &missing_retention::RULE,
    &missing_type::RULE,
    &missing_value::RULE,
    &naming::RULE,
    &needs_optional_field::RULE,
    &needs_unknown_field::RULE,
    &no_consumer::RULE,
    &no_producer::RULE,
    &operation_not_writing::RULE,
    &operation_type_mismatch::RULE,
    &read_not_reading::RULE,
    &retention_operation_mismatch::RULE,
    &secret_in_registry::RULE,
    &shadowed_pattern::RULE,
    &sliding_expiry_unbounded::RULE,
    &timestamp_without_unit::RULE,
    &type_conflict::RULE,
    &unbounded_growth::RULE,
    &undeclared_group::RULE,
    &unknown_bus::RULE,
    &unknown_config::RULE,
    &unknown_field_operation::RULE,
    &unknown_finder::RULE,
    &unknown_operation::RULE,
    &unknown_payload::RULE,
    &unknown_service::RULE,
    &unknown_type::RULE,
    &unowned_name::RULE,
    &unsubscribed_channel::RULE,
    &unused_param::RULE,
    &unused_payload::RULE,
    &unused_service::RULE,
    &zset_member_collision::RULE,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{example_registry, lint};

    #[test]
    fn the_table_is_sorted_and_complete() {
        let names: Vec<&str> = RULES.iter().map(|rule| rule.rule.name).collect();
        assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "sort the table by name: {names:?}");
        let mut files: Vec<String> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/lint/rules"))
            .unwrap()
            .map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().replace('_', "-"))
            .filter(|name| name != "mod")
            .collect();
        files.sort();
        assert_eq!(files, names, "each rule is one file of its name");
    }

    #[test]
    fn the_bad_example_fires_its_rule_only_and_the_good_one_nothing() {
        for rule in RULES {
            let fired = |text: &str| -> Vec<String> {
                let registry = example_registry(text).unwrap_or_else(|error| panic!("{}: {error}", rule.rule.name));
                let findings = lint(&registry);
                assert!(findings.iter().all(|finding| finding.place.is_some()), "{}: no place", rule.rule.name);
                findings.iter().map(|finding| format!("{}: {}", finding.rule, finding.message)).collect()
            };
            let bad = fired(rule.rule.bad);
            let own = format!("{}: ", rule.rule.name);
            assert!(!bad.is_empty() && bad.iter().all(|text| text.starts_with(&own)), "{}: {bad:?}", rule.rule.name);
            assert_eq!(fired(rule.rule.good), Vec::<String>::new(), "{}", rule.rule.name);
        }
    }
}
