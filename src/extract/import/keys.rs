//! Lists of keys: names one a line, JSON lists of names or of objects, JSON lines. Concrete names are put into patterns.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use serde_json::Value as Json;

use super::Plan;
use super::record::{Collected, Entry, Fields, Module, Origin, named};
use super::wiring::{Legend, kind_word, name_pattern};
use crate::extract::Kind;
use crate::extract::draft::{Node, Value};
use crate::extract::infer::names::{Limits, Merge, Signature, Tree};
use crate::registry::format_duration;

/// What a list says of a key besides its name.
#[derive(Debug, Clone, Default)]
struct Facts {
    types: BTreeSet<String>,
    /// Seconds; -1 is none.
    ttls: BTreeSet<i64>,
    line: u32,
}

impl Merge for Facts {
    fn merge(&mut self, other: Self) {
        self.types.extend(other.types);
        self.ttls.extend(other.ttls);
        // A few are enough to tell that they differ.
        while self.ttls.len() > 16 {
            self.ttls.pop_last();
        }
        self.line = self.line.min(other.line);
    }

    fn signature(&self) -> Signature {
        self.types.clone()
    }
}

/// Is the text such a list, in JSON?
pub(super) fn fits(text: &str) -> bool {
    let start = text.trim_start();
    start.starts_with('[') || (start.starts_with('{') && !start.contains("\"asyncapi\"") && first_line_is_object(start))
}

/// Does every line that has something hold one name and nothing else?
pub(super) fn is_plain_list(text: &str) -> bool {
    let mut lines =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).take(50).peekable();
    lines.peek().is_some()
        && lines.all(|line| !line.contains(char::is_whitespace) && !line.starts_with(['|', '-', '<', '*']))
}

fn first_line_is_object(text: &str) -> bool {
    text.lines().next().is_some_and(|line| serde_json::from_str::<Json>(line).is_ok_and(|json| json.is_object()))
}

/// Reads a list.
pub(super) fn read(origin: &Origin, text: &str, plan: &Plan, collected: &mut Collected) -> Result<()> {
    let name = plan.module.clone();
    let at = collected.modules.iter().position(|module| module.name == name).unwrap_or_else(|| {
        collected.modules.push(Module { name, ..Module::default() });
        collected.modules.len() - 1
    });
    let mut list = List {
        origin,
        module: &mut collected.modules[at],
        unresolved: &mut collected.unresolved,
        tree: Tree::new(Limits::default()),
        any: false,
    };
    let start = text.trim_start();
    if start.starts_with('[') {
        let items: Vec<Json> =
            serde_json::from_str(text).with_context(|| format!("{} is no JSON list of keys", origin.path.display()))?;
        for item in items {
            list.item(1, item);
        }
    } else if start.starts_with('{') {
        for (line, words) in numbered(text) {
            match serde_json::from_str::<Json>(words) {
                Ok(item) => list.item(line, item),
                Err(error) => {
                    bail!("{}: this is no JSON: {error}; write one object a line, or one list of all", origin.at(line))
                }
            }
        }
    } else {
        for (line, words) in numbered(text).filter(|(_, words)| !words.starts_with('#')) {
            list.item(line, Json::String(words.to_owned()));
        }
    }
    list.finish();
    Ok(())
}

fn numbered(text: &str) -> impl Iterator<Item = (u32, &str)> {
    (1_u32..)
        .zip(text.lines())
        .map(|(line, words)| (line, words.trim_end_matches('\r').trim()))
        .filter(|(_, words)| !words.is_empty())
}

struct List<'a> {
    origin: &'a Origin,
    module: &'a mut Module,
    unresolved: &'a mut Vec<crate::extract::Unresolved>,
    tree: Tree<Facts>,
    any: bool,
}

impl List<'_> {
    fn item(&mut self, line: u32, item: Json) {
        let (name, facts, fields) = match &item {
            Json::String(name) => (Some(name.clone()), Facts { line, ..Facts::default() }, Fields::default()),
            Json::Object(map) => {
                let get = |names: &[&str]| names.iter().find_map(|name| map.get(*name));
                let name = get(&["key", "pattern", "name"]).and_then(Json::as_str).map(str::to_owned);
                let mut facts = Facts { line, ..Facts::default() };
                if let Some(kind) = get(&["type", "redis_type"]).and_then(Json::as_str) {
                    match kind_word(kind) {
                        Some(kind) => facts.types.extend([kind.to_owned()]),
                        None => self.list(line, kind, "this is no Redis type"),
                    }
                }
                facts.ttls.extend(get(&["ttl", "expiry", "expires"]).and_then(seconds));
                let mut fields = Fields::default();
                fields.text(
                    "purpose",
                    get(&["purpose", "description", "about"]).and_then(Json::as_str).unwrap_or_default(),
                );
                (name, facts, fields)
            }
            _ => (None, Facts::default(), Fields::default()),
        };
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            self.list(
                line,
                &item.to_string(),
                "this names no key; write a name, or an object with `key`, `pattern` or `name`",
            );
            return;
        };
        let is_pattern = fields.get("purpose").is_some() || (name.contains(['{', '<', '*']) && !name.contains('"'));
        match name_pattern(&name, &Legend::default()).filter(|_| is_pattern) {
            Some(named_pattern) => {
                for (param, more) in named_pattern.params {
                    let own = named(&mut self.module.params, &param);
                    more.0.into_iter().for_each(|(name, node)| own.fill(&name, node));
                }
                self.entry(named_pattern.pattern, fields, &facts, None);
            }
            None => {
                self.any = true;
                self.tree.add(name.as_bytes(), facts);
            }
        }
    }

    fn list(&mut self, line: u32, text: &str, why: &str) {
        self.unresolved.push(self.origin.unresolved(line, text, why));
    }

    fn entry(&mut self, pattern: String, mut fields: Fields, facts: &Facts, names: Option<u64>) {
        let mut types = facts.types.iter();
        if let (Some(only), None) = (types.next(), types.next()) {
            fields.text("type", only.as_str());
        }
        if let Some(ttl) = ttl(&facts.ttls) {
            fields.set("retention", Node::map([("ttl", ttl)]));
        }
        let place = self.origin.at(facts.line);
        let place = names.map_or_else(|| place.clone(), |names| format!("{place}: {names} names"));
        let known = self.module.entries.iter().any(|entry| entry.kind == Kind::Key && entry.pattern == pattern);
        if !known {
            self.module.entries.push(Entry { pattern, fields, place, ..Entry::default() });
        }
    }

    fn finish(mut self) {
        if !self.any {
            return;
        }
        let tree = std::mem::replace(&mut self.tree, Tree::new(Limits::default()));
        for found in tree.patterns() {
            for (param, node) in &found.params {
                if let Value::Map(all) = &node.value {
                    let own = named(&mut self.module.params, param);
                    all.iter().for_each(|(name, node)| own.fill(name, node.clone()));
                }
            }
            self.entry(found.pattern, Fields::default(), &found.facts, Some(found.names));
        }
    }
}

/// A TTL in seconds: a number, or words such as `5m`; -1 for none.
fn seconds(json: &Json) -> Option<i64> {
    if let Some(number) = json.as_i64() {
        return Some(number.max(-1));
    }
    let text = json.as_str()?.trim();
    if matches!(text, "none" | "-1" | "never" | "") {
        return Some(-1);
    }
    let time = crate::registry::duration(text).ok()?;
    i64::try_from(time.as_secs()).ok()
}

/// One TTL is a TTL; several are what is left of one, so that only the longest is known to be too short.
fn ttl(all: &BTreeSet<i64>) -> Option<Node> {
    let written = |seconds: i64| format_duration(std::time::Duration::from_secs(seconds.unsigned_abs()));
    match (all.first()?, all.last()?) {
        (-1, -1) => Some(Node::text("none")),
        (first, last) if first == last => Some(Node::text(written(*last))),
        (-1, _) => None,
        (first, last) => {
            Some(Node::map([("min", Node::text(written((*first).max(1)))), ("max", Node::text(written(*last)))]))
        }
    }
}
