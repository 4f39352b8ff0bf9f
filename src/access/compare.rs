//! The users of a server held against those that the registry asks for.

use super::account::{Account, Allowed};
use super::{Rights, User};
use crate::finding::Finding;
use crate::registry::automaton::{Answer, Language, beyond};
use crate::registry::glob_expression;
use crate::rule::Rule;

/// A rule about the users of a server, with the function that judges.
#[derive(Debug)]
pub struct AccessRule {
    /// Identity and docs.
    pub rule: Rule,
    /// What is wrong with the users of one bus.
    pub judge: fn(&Subject<'_>) -> Vec<Finding>,
}

/// What is judged: the users of one bus.
#[derive(Debug)]
pub struct Subject<'a> {
    /// What the registry asks for.
    pub users: &'a [User],
    /// What the server has.
    pub accounts: &'a [Account],
}

impl Subject<'_> {
    /// Users with their accounts, where they have one.
    pub fn pairs(&self) -> impl Iterator<Item = (&User, &Account)> {
        self.users.iter().filter_map(|user| Some((user, self.account(&user.name)?)))
    }

    /// The account of that name.
    #[must_use]
    pub fn account(&self, name: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.name == name)
    }
}

/// All findings about the users of one bus.
#[must_use]
pub fn compare(subject: &Subject<'_>) -> Vec<Finding> {
    super::rules::RULES.iter().flat_map(|rule| (rule.judge)(subject)).collect()
}

/// Does one glob take in all names of another? What is too large to say is no.
#[must_use]
pub fn covers(wide: &str, narrow: &str) -> bool {
    let names = |glob: &str| Language::new(&glob_expression(glob.as_bytes())).ok();
    wide == narrow
        || wide == "*"
        || names(narrow).zip(names(wide)).is_some_and(|(narrow, wide)| beyond(&narrow, &[&wide]) == Answer::Empty)
}

impl Allowed {
    /// May a command touch these keys and channels?
    #[must_use]
    pub fn allows(&self, command: &str, key: Option<(&str, Rights)>, channel: Option<&str>) -> bool {
        let key_allowed = |(glob, needed): (&str, Rights)| {
            self.keys.iter().any(|(known, rights)| {
                covers(known, glob) && (rights.read || !needed.read) && (rights.write || !needed.write)
            })
        };
        self.commands.contains(command)
            && key.is_none_or(key_allowed)
            && channel.is_none_or(|glob| self.channels.iter().any(|known| covers(known, glob)))
    }
}
