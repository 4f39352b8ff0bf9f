//! The table of rules about changes, sorted by name. To add one: a file, its `mod` line, its line in the table.

use super::BreakingRule;

mod key_removed;
mod payload_property_removed;
mod ttl_shortened;

/// All rules about changes.
pub static RULES: &[&BreakingRule] = &[&key_removed::RULE, &payload_property_removed::RULE, &ttl_shortened::RULE];
