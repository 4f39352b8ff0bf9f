//! What keys hold, as the fields of the registry that their type has.

use super::super::facts::{Contents, Facts, Field, Fields};
use super::super::names::{Limits, Merge, Signature, Tree};
use super::super::payload::Numbers;
use super::super::shape;
use super::payloads::Payloads;
use crate::extract::Sighting;
use crate::extract::draft::{Node, Value};
use crate::registry::{Pattern, Token};

/// So many names of fields are a structure, if none of them has digits, as ids have.
const STRUCTURE: usize = 48;

/// Puts what keys of this type hold into a sighting.
pub(super) fn of(
    facts: &Facts,
    redis_type: Option<&str>,
    pattern: &str,
    payloads: &mut Payloads<'_>,
    sighting: &mut Sighting,
) {
    let (Some(contents), Some(redis_type)) = (facts.contents.as_deref(), redis_type) else { return };
    let mut field = |name: &'static str, node: Option<Node>| sighting.fields.extend(node.map(|node| (name, node)));
    let known = &mut sighting.payloads;
    match redis_type {
        "string" | "json" => field("value", payloads.value(&contents.value, pattern, "", known)),
        "hyperloglog" | "list" => field("element", payloads.value(&contents.element, pattern, "", known)),
        "set" | "geo" => field("member", payloads.value(&contents.member, pattern, "", known)),
        "zset" => {
            field("member", payloads.value(&contents.member, pattern, "", known));
            field("score", contents.score.as_ref().map(score));
        }
        "hash" => {
            if let Some(node) = fields(&contents.fields, false, pattern, payloads, sighting) {
                sighting.fields.push(("fields", node));
            }
        }
        "stream" => stream(contents, pattern, payloads, sighting),
        _ => {}
    }
}

fn score(numbers: &Numbers) -> Node {
    match numbers.unit() {
        Some(unit) => {
            Node::text(unit.word()).because(format!("all of {} look so", shape::counted(numbers.count, "score")))
        }
        None if numbers.is_integer() => Node::text("integer"),
        None => Node::text("number"),
    }
}

fn stream(contents: &Contents, pattern: &str, payloads: &mut Payloads<'_>, sighting: &mut Sighting) {
    if let Some(node) = fields(&contents.entry, true, pattern, payloads, sighting) {
        sighting.fields.push(("entry", node));
    }
    if !contents.groups.is_empty() {
        sighting.fields.push(("groups", Node::texts(contents.groups.keys().cloned())));
    }
}

impl Merge for Field {
    fn merge(&mut self, other: Self) {
        Self::merge(self, other);
    }

    fn signature(&self) -> Signature {
        if self.values.is_structured() { Signature::from(["json".to_owned()]) } else { Signature::new() }
    }
}

/// The fields of hashes, or of entries, in which a field is expected unless it is said that it need not be there.
fn fields(
    fields: &Fields,
    expected: bool,
    pattern: &str,
    payloads: &mut Payloads<'_>,
    sighting: &mut Sighting,
) -> Option<Node> {
    if fields.is_empty() {
        return None;
    }
    let by_name = fields.by_name();
    let is_structure =
        fields.rest.is_none() && by_name.len() <= STRUCTURE && !by_name.keys().any(|name| shape::has_digits(name));
    let found: Vec<(String, Field)> = if is_structure {
        by_name.iter().map(|(name, field)| (escaped(name), (*field).clone())).collect()
    } else {
        patterns(fields, sighting)
    };
    let several = found.len() > 1;
    let mut nodes = Vec::new();
    for (name, field) in found {
        let part = if several { name.as_str() } else { "" };
        let holds = payloads.value(&field.values, pattern, part, &mut sighting.payloads);
        // A field that was only read, or whose values were cut off.
        let holds = holds.unwrap_or_else(|| Node::text("bytes"));
        let is_fixed = Pattern::parse(&name).is_ok_and(|pattern| pattern.is_static());
        let always = is_fixed && fields.whole > 0 && field.among >= fields.whole;
        let node = match (always, expected) {
            (true, true) | (false, false) => holds,
            (true, false) => long(holds, true).because(in_all(field.among, fields.whole)),
            (false, true) => long(holds, false).because(in_all(field.among, fields.whole)),
        };
        nodes.push((name, node));
    }
    Some(Node::map(nodes))
}

fn in_all(among: u64, whole: u64) -> String {
    let whole_text = shape::grouped(whole);
    if among >= whole {
        format!("in all {whole_text}")
    } else {
        format!("in {} of {whole_text}", shape::grouped(among))
    }
}

fn long(holds: Node, required: bool) -> Node {
    Node::map([("type", holds), ("required", Node::new(Value::Flag(required)))])
}

fn escaped(name: &[u8]) -> String {
    String::from_utf8_lossy(name).replace('{', "{{").replace('}', "}}")
}

/// Names of fields that are data, as patterns; their params go to those of the key.
fn patterns(fields: &Fields, sighting: &mut Sighting) -> Vec<(String, Field)> {
    let mut tree = Tree::new(Limits::default());
    for (name, field) in fields.by_name() {
        tree.add(name, field.clone());
    }
    let mut all = Vec::new();
    let mut rest = fields.rest.clone();
    for found in tree.patterns() {
        let mut pattern = found.pattern;
        for (name, node) in found.params {
            let renamed = if name.starts_with("field") { name.clone() } else { format!("field_{name}") };
            pattern = rename(&pattern, &name, &renamed);
            if sighting.params.iter().all(|(known, _)| *known != renamed) {
                sighting.params.push((renamed, node));
            }
        }
        all.push((pattern, found.facts));
    }
    // Fields whose names were too many to keep may be called anything.
    if let Some(field) = rest.take() {
        let open = all.iter_mut().find(|(pattern, _)| matches!(tokens(pattern)[..], [Token::Param(_)]));
        match open {
            Some((_, known)) => known.merge(field),
            None => {
                sighting.params.push(("field".to_owned(), Node::map([("type", Node::text("rest"))])));
                all.push(("{field}".to_owned(), field));
            }
        }
    }
    all
}

fn tokens(pattern: &str) -> Vec<Token> {
    Pattern::parse(pattern).map(|pattern| pattern.tokens().to_vec()).unwrap_or_default()
}

fn rename(pattern: &str, from: &str, to: &str) -> String {
    let text = |token: &Token| match token {
        Token::Literal(text) => text.replace('{', "{{").replace('}', "}}"),
        Token::Param(name) if name == from => format!("{{{to}}}"),
        Token::Param(name) => format!("{{{name}}}"),
    };
    tokens(pattern).iter().map(text).collect()
}
