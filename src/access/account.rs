//! The users of a server, from the lines of ACL LIST: what each may do, category by category worked out.

use std::collections::BTreeSet;

use super::Rights;
use crate::server::commands;

/// A user of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// May it log in?
    pub on: bool,
    /// Without a password?
    pub nopass: bool,
    /// What it may do: by its own rules first, then by each selector.
    pub allowed: Vec<Allowed>,
}

/// What one set of rules allows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed {
    /// Names of commands in lower case, subcommands as `xgroup|create`.
    pub commands: BTreeSet<String>,
    /// Globs of keys.
    pub keys: Vec<(String, Rights)>,
    /// Globs of channels.
    pub channels: Vec<String>,
}

/// Reads a line of ACL LIST. Hashes of passwords are passed over.
///
/// # Errors
/// When it is none, without what stands in it.
pub fn account(line: &str) -> Result<Account, String> {
    let rest = line.strip_prefix("user ").ok_or("a line of ACL LIST does not begin with `user`")?;
    let (name, rest) = rest.split_once(' ').ok_or("a line of ACL LIST has a user without rules")?;
    let mut account = Account { name: name.to_owned(), on: false, nopass: false, allowed: vec![Allowed::default()] };
    let mut selectors = rest.split(" (");
    for rule in selectors.next().unwrap_or_default().split(' ') {
        match rule {
            "on" => account.on = true,
            "nopass" => account.nopass = true,
            _ => account.allowed[0].apply(rule),
        }
    }
    for selector in selectors {
        let mut allowed = Allowed::default();
        selector.trim_end().trim_end_matches(')').split(' ').for_each(|rule| allowed.apply(rule));
        account.allowed.push(allowed);
    }
    Ok(account)
}

impl Allowed {
    fn apply(&mut self, rule: &str) {
        let both = Rights { read: true, write: true };
        if let Some(name) = rule.strip_prefix('+') {
            for name in named(name) {
                self.commands.insert(name);
            }
        } else if let Some(name) = rule.strip_prefix('-') {
            for name in named(name) {
                self.commands.remove(&name);
            }
        } else if let Some(glob) = rule.strip_prefix('&') {
            self.channels.push(glob.to_owned());
        } else if let Some(glob) = rule.strip_prefix('~') {
            self.keys.push((glob.to_owned(), both));
        } else if let Some((rights, glob)) = rule.strip_prefix('%').and_then(|rule| rule.split_once('~')) {
            let has = |letter: char| rights.contains([letter, letter.to_ascii_lowercase()]);
            self.keys.push((glob.to_owned(), Rights { read: has('R'), write: has('W') }));
        } else {
            match rule {
                "allcommands" => self.apply("+@all"),
                "nocommands" => self.commands.clear(),
                "allkeys" => self.apply("~*"),
                "allchannels" => self.apply("&*"),
                "resetkeys" => self.keys.clear(),
                "resetchannels" => self.channels.clear(),
                _ => {}
            }
        }
    }
}

/// The commands of a rule: those of a category, a command with its subcommands, or a subcommand.
fn named(name: &str) -> Vec<String> {
    let acl_name = |command: &commands::Command| command.name.to_lowercase().replace(' ', "|");
    let name = name.to_lowercase();
    if let Some(category) = name.strip_prefix('@') {
        let is_in =
            |command: &&commands::Command| category == "all" || command.categories.iter().any(|of| of == category);
        return commands::all().iter().filter(is_in).map(acl_name).collect();
    }
    let subcommands = commands::all().iter().map(acl_name).filter(|known| known.starts_with(&format!("{name}|")));
    subcommands.chain([name.clone()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_and_exceptions_are_worked_out_in_order() {
        let account = account("user bob on #abc sanitize-payload ~a:* resetchannels &c -@all +@read -get +xgroup|create (%W~b:* -@all +set) (%R~* +get)").unwrap();
        assert!(account.on && !account.nopass);
        let own = &account.allowed[0];
        assert!(own.commands.contains("mget") && !own.commands.contains("get") && !own.commands.contains("set"));
        assert!(own.commands.contains("xgroup|create") && !own.commands.contains("xgroup|destroy"));
        assert_eq!(own.channels, ["c"]);
        assert_eq!(account.allowed[1].keys, [("b:*".to_owned(), Rights { read: false, write: true })]);
        assert_eq!(account.allowed[2].commands, ["get".to_owned()].into());
        assert!(super::account("user default on nopass ~* &* +@all").unwrap().allowed[0].commands.contains("flushall"));
        assert!(super::account("bob on").is_err());
    }
}
