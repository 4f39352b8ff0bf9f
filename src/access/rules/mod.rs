//! The table of rules about the users of a server, sorted by name. To add one: a file, its `mod` line, its line in the table.

use super::compare::{AccessRule, Subject};

mod acl_right_missing;
mod acl_right_undeclared;
mod acl_user_missing;
mod acl_user_open;

/// All rules about users of a server.
pub static RULES: &[&AccessRule] =
    &[&acl_right_missing::RULE, &acl_right_undeclared::RULE, &acl_user_missing::RULE, &acl_user_open::RULE];

/// A few of many, for a message.
fn some(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown = names[..names.len().min(SHOWN)].join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
