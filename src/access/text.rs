//! Users as ACL rules: a line for ACL SETUSER, or a line of an ACL file.

use super::{Rights, Selector, User};

/// `ACL SETUSER` with all rules; passwords of a user that is there stay as they are.
#[must_use]
pub fn setuser_line(user: &User) -> String {
    format!("ACL SETUSER {} on resetkeys resetchannels clearselectors -@all {}", user.name, rules(user).join(" "))
}

/// The users as an ACL file. It has no passwords, so nobody can log in before each line has `>PASSWORD` or `#SHA256`.
#[must_use]
pub fn acl_file(users: &[User]) -> String {
    let line = |user: &User| format!("user {} on resetchannels -@all {}\n", user.name, rules(user).join(" "));
    users.iter().map(line).collect()
}

fn rules(user: &User) -> Vec<String> {
    let root = user.commands.iter().map(|command| format!("+{command}"));
    root.chain(user.selectors.iter().map(selector)).collect()
}

fn selector(selector: &Selector) -> String {
    let commands = selector.commands.iter().map(|command| format!("+{command}"));
    let keys = selector.keys.iter().map(|(glob, rights)| key_rule(glob, *rights));
    let channels = selector.channels.iter().map(|glob| format!("&{glob}"));
    let rules: Vec<String> = commands.chain(keys).chain(channels).collect();
    format!("({})", rules.join(" "))
}

fn key_rule(glob: &str, rights: Rights) -> String {
    let word = match rights {
        Rights { read: true, write: true } => "",
        Rights { write: true, .. } => "%W",
        Rights { .. } => "%R",
    };
    format!("{word}~{glob}")
}
