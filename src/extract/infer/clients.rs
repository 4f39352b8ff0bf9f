//! What a client is to be called as a module: its name without what differs from process to process.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::super::draft::{Draft, Node, glob_escaped};
use crate::observe::traffic::Client;

/// The name for the party at the other end of a connection; empty where nobody can tell.
#[must_use]
pub(super) fn party(client: &Client) -> String {
    if let Some(module) = &client.module {
        return module.clone();
    }
    let user = client.user.as_deref().filter(|user| *user != "default").map(module_name);
    let name = || client.name.as_deref().map(module_name).filter(|name| !name.is_empty());
    user.filter(|user| !user.is_empty()).or_else(name).unwrap_or_default()
}

/// How a later watch tells that the connection is the party's, where that is not by its own name.
#[must_use]
pub(super) fn known_by(client: &Client, party: &str) -> Option<KnownBy> {
    let user = client.user.as_deref().filter(|user| *user != "default" && module_name(user) == party);
    if client.module.is_some() || party.is_empty() {
        return None;
    }
    if let Some(user) = user {
        return (user != party).then(|| KnownBy::User(user.to_owned()));
    }
    let name = client.name.as_deref().filter(|name| *name != party)?;
    // The shortest beginning that gives the same name, with what parts it from the number of the process.
    let fits = |end: &usize| module_name(&name[..*end]) == party;
    let end = name.char_indices().map(|(at, c)| at + c.len_utf8()).find(fits)?;
    let digits = name[end..].len() - name[end..].trim_start_matches(|c: char| c.is_alphanumeric()).len();
    if end == name.len() {
        return Some(KnownBy::Name(glob_escaped(name)));
    }
    let apart = name[end..].chars().next().filter(|_| digits == 0).map_or(end, |c| end + c.len_utf8());
    Some(KnownBy::Name(format!("{}*", glob_escaped(&name[..apart]))))
}

/// What tells whose a connection is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum KnownBy {
    /// A glob that fits its name.
    Name(String),
    /// Its ACL user.
    User(String),
}

/// Ways to tell one module's connections that are kept.
const WAYS: usize = 8;
/// Names of clients that are remembered; of later ones nothing is learnt.
const NAMES: usize = 10_000;

/// Who the parties are, by their connections.
#[derive(Debug, Clone, Default)]
pub struct Known {
    by: BTreeMap<String, BTreeSet<KnownBy>>,
    seen: HashSet<(Option<String>, Option<String>)>,
}

impl Known {
    /// Takes in a connection of a party.
    pub(super) fn see(&mut self, client: &Client, party: &str) {
        let who = (client.name.clone(), client.user.clone());
        if self.seen.len() >= NAMES || !self.seen.insert(who) {
            return;
        }
        if party.is_empty() || client.module.is_some() {
            return;
        }
        let own = || match client.user.as_deref() {
            Some(user) if user == party => KnownBy::User(party.to_owned()),
            _ => KnownBy::Name(glob_escaped(party)),
        };
        let way = known_by(client, party).unwrap_or_else(own);
        let ways = self.by.entry(party.to_owned()).or_default();
        if ways.len() < WAYS {
            ways.insert(way);
        }
    }

    /// Writes into a draft how the connections of its modules are told.
    pub fn write(&self, draft: &mut Draft) {
        for (module, fields) in &mut draft.modules {
            let own = |way: &KnownBy| match way {
                KnownBy::Name(name) | KnownBy::User(name) => name == module,
            };
            // By its own name a module is known anyway.
            let ways = self.by.get(module).filter(|ways| !ways.iter().all(own));
            let Some(ways) = ways.filter(|_| !fields.iter().any(|(name, _)| name == "clients")) else {
                continue;
            };
            let of = |user: bool| {
                let texts = ways.iter().filter_map(move |way| match way {
                    KnownBy::Name(name) => (!user).then_some(name.as_str()),
                    KnownBy::User(name) => user.then_some(name.as_str()),
                });
                texts.collect::<Vec<_>>()
            };
            let lists = [("names", of(false)), ("users", of(true))];
            let lists = lists.into_iter().filter(|(_, texts)| !texts.is_empty());
            let node = Node::map(lists.map(|(name, texts)| (name, Node::texts(texts))));
            let at = fields.iter().position(|(name, _)| name == "bus").map_or(0, |at| at + 1);
            fields.insert(at, ("clients".to_owned(), node));
        }
    }
}

/// A name as a module may have it: `spot-worker:4711` is spot_worker.
fn module_name(name: &str) -> String {
    let is_apart = |c: char| !c.is_alphanumeric();
    let mut words: Vec<&str> = name.split(is_apart).filter(|word| !word.is_empty()).collect();
    while words.len() > 1 && words.last().is_some_and(|word| is_instance(word)) {
        words.pop();
    }
    let mut text = words.join("_").to_lowercase();
    if words.len() == 1 {
        let kept = text.trim_end_matches(|c: char| c.is_ascii_digit());
        text.truncate(kept.len());
    }
    if text.is_ascii() && text.chars().next().is_some_and(char::is_alphabetic) { text } else { String::new() }
}

/// A number, or something long with digits in it: of a process, a host or a start.
fn is_instance(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    digits == word.len() || (digits > 0 && word.len() >= 6 && word.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_watch_knows_them_again() {
        for (name, glob) in [
            ("shop-api:17", Some("shop-api:*")),
            ("worker17", Some("worker*")),
            ("spot-worker", Some("spot-worker")),
            ("spot_worker", None),
            ("Billing Service 3", Some("Billing Service *")),
            ("api.7f3a9c2e", Some("api.*")),
            ("[x]-1", Some("\\[x\\]*")),
            ("4711", None),
        ] {
            let client = Client { name: Some(name.into()), ..Client::default() };
            let expected = glob.map(|glob| KnownBy::Name(glob.into()));
            assert_eq!(known_by(&client, &party(&client)), expected, "{name}");
        }
        let client = Client { name: Some("x".into()), user: Some("spot-user".into()), ..Client::default() };
        assert_eq!(known_by(&client, &party(&client)), Some(KnownBy::User("spot-user".into())));
    }

    #[test]
    fn clients_are_called_like_modules() {
        for (name, expected) in [
            ("spot_worker", "spot_worker"),
            ("spot-worker:4711", "spot_worker"),
            ("api.7f3a9c2e", "api"),
            ("worker17", "worker"),
            ("Billing Service 3", "billing_service"),
            ("web1-eu", "web1_eu"),
            ("4711", ""),
            ("", ""),
            ("münchen", ""),
        ] {
            assert_eq!(module_name(name), expected, "{name}");
        }
        let client = Client { name: Some("x".into()), user: Some("default".into()), ..Client::default() };
        assert_eq!(party(&client), "x");
        let client = Client { name: Some("x".into()), user: Some("spot".into()), ..Client::default() };
        assert_eq!(party(&client), "spot");
    }
}
