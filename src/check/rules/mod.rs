//! The table of rules about data, sorted by name. To add one: a file, its `mod` line, its line in the table.

use std::time::Duration;

use super::{CheckRule, Judges, Problem, Subject};
use crate::registry::format_duration;

mod batch_not_atomic;
mod bound_exceeded;
mod cardinality_exceeded;
mod coverage_below;
mod dangling_read;
mod expected_unseen;
mod expiry_dropped;
mod expiry_mismatch;
mod failed_command;
mod foreign_writer;
mod group_limit_exceeded;
mod group_missing;
mod group_undeclared;
mod hot_loop;
mod invalid_payload;
mod key_wrong_bus;
mod missing_field;
mod missing_key;
mod name_searched;
mod needs_unknown_field;
mod program_failed;
mod stale_key;
mod ttl_missing;
mod ttl_out_of_range;
mod ttl_unexpected;
mod undeclared_channel;
mod undeclared_key;
mod undeclared_operation;
mod undeclared_reader;
mod unknown_field;
mod untrimmed_write;
mod wrong_type;

/// All rules about data.
pub static RULES: &[&CheckRule] = &[
    &batch_not_atomic::RULE,
    &bound_exceeded::RULE,
    &cardinality_exceeded::RULE,
    &coverage_below::RULE,
    &dangling_read::RULE,
    &expected_unseen::RULE,
    &expiry_dropped::RULE,
    &expiry_mismatch::RULE,
    &failed_command::RULE,
    &foreign_writer::RULE,
    &group_limit_exceeded::RULE,
    &group_missing::RULE,
    &group_undeclared::RULE,
    &hot_loop::RULE,
    &invalid_payload::RULE,
    &key_wrong_bus::RULE,
    &missing_field::RULE,
    &missing_key::RULE,
    &name_searched::RULE,
    &needs_unknown_field::RULE,
    &program_failed::RULE,
    &stale_key::RULE,
    &ttl_missing::RULE,
    &ttl_out_of_range::RULE,
    &ttl_unexpected::RULE,
    &undeclared_channel::RULE,
    &undeclared_key::RULE,
    &undeclared_operation::RULE,
    &undeclared_reader::RULE,
    &unknown_field::RULE,
    &untrimmed_write::RULE,
    &wrong_type::RULE,
];

/// What all rules answer to one question, which only some of them understand.
pub(super) fn problems(
    ask: impl Fn(&Judges) -> Option<Problem>,
) -> impl Iterator<Item = (&'static CheckRule, Problem)> {
    let all = RULES.iter().flat_map(|rule| rule.judges.iter().map(move |judges| (*rule, judges)));
    all.filter_map(move |(rule, judges)| ask(judges).map(|problem| (rule, problem)))
}

/// Is the key of the declared type? If not, wrong-type speaks of it and nothing else is worth saying.
fn is_declared_type(subject: &Subject<'_>) -> bool {
    subject.plan.key.redis_type.is_none_or(|redis_type| redis_type.reply == subject.seen.redis_type)
}

/// A duration as people say it: no more digits than matter.
fn in_words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format_duration(Duration::from_secs(seconds / 86_400 * 86_400)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_complete() {
        let names: Vec<&str> = RULES.iter().map(|rule| rule.rule.name).collect();
        assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "sort the table by name: {names:?}");
        let mut files: Vec<String> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/check/rules"))
            .unwrap()
            .map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().replace('_', "-"))
            .filter(|name| name != "mod")
            .collect();
        files.sort();
        assert_eq!(files, names, "each rule is one file of its name");
    }
}
