//! The table of rules about data, sorted by name. To add one: a file, its `mod` line, its line in the table.

use std::time::Duration;

use super::{CheckRule, Subject};
use crate::registry::format_duration;

mod bound_exceeded;
mod cardinality_exceeded;
mod invalid_payload;
mod key_wrong_bus;
mod missing_field;
mod missing_key;
mod stale_key;
mod ttl_missing;
mod ttl_out_of_range;
mod ttl_unexpected;
mod undeclared_key;
mod unknown_field;
mod wrong_type;

/// All rules about data.
pub static RULES: &[&CheckRule] = &[
    &bound_exceeded::RULE,
    &cardinality_exceeded::RULE,
    &invalid_payload::RULE,
    &key_wrong_bus::RULE,
    &missing_field::RULE,
    &missing_key::RULE,
    &stale_key::RULE,
    &ttl_missing::RULE,
    &ttl_out_of_range::RULE,
    &ttl_unexpected::RULE,
    &undeclared_key::RULE,
    &unknown_field::RULE,
    &wrong_type::RULE,
];

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
