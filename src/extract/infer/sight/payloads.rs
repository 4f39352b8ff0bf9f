//! Payloads and their names: what holds alike is one payload.

use super::super::facts::{Holds, Values};
use super::super::payload::{Rendering, Summary, schema};
use crate::extract::draft::{Node, Value};
use crate::registry::{Pattern, Token};

/// The payloads of all sightings.
pub(super) struct Payloads<'a> {
    rendering: Rendering<'a>,
    known: Vec<(String, Node)>,
}

impl<'a> Payloads<'a> {
    pub(super) fn new(rendering: Rendering<'a>) -> Self {
        Self { rendering, known: Vec::new() }
    }

    /// What values are, in the registry's words; a payload is put to those of the sighting. Nothing if none were seen.
    pub(super) fn value(
        &mut self,
        values: &Values,
        pattern: &str,
        part: &str,
        payloads: &mut Vec<(String, Node)>,
    ) -> Option<Node> {
        match values.holds() {
            Holds::Nothing => None,
            Holds::Scalar(word) => Some(Node::text(word)),
            Holds::Payload(summary) => {
                let (name, node) = self.payload(summary, pattern, part);
                if payloads.iter().all(|(known, _)| *known != name) {
                    payloads.push((name.clone(), node));
                }
                Some(Node::text(name))
            }
        }
    }

    fn payload(&mut self, summary: &Summary, pattern: &str, part: &str) -> (String, Node) {
        let node = schema(summary, &self.rendering).because(super::counted(summary.count(), "value"));
        if let Some((name, known)) = self.known.iter().find(|(_, known)| is_same(known, &node)) {
            return (name.clone(), known.clone());
        }
        let wanted = name_of(pattern, part);
        let is_free = |name: &String| self.known.iter().all(|(known, _)| known != name);
        let name = std::iter::once(wanted.clone())
            .chain((2_u32..).map(|number| format!("{wanted}{number}")))
            .find(is_free)
            .unwrap_or(wanted);
        self.known.push((name.clone(), node.clone()));
        (name, node)
    }
}

/// Are they the same but for what they rest on?
fn is_same(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Map(one), Value::Map(other)) => {
            let same = |((name, one), (known, other)): (&(String, Node), &(String, Node))| {
                name == known && is_same(one, other)
            };
            one.len() == other.len() && one.iter().zip(other).all(same)
        }
        (one, other) => one == other,
    }
}

/// A name for the payload of keys: `user:{id}:cart` holds a UserCart.
fn name_of(pattern: &str, part: &str) -> String {
    let literal = |token: &Token| if let Token::Literal(text) = token { Some(text.clone()) } else { None };
    let texts: Vec<String> = Pattern::parse(pattern)
        .map(|pattern| pattern.tokens().iter().filter_map(literal).collect())
        .unwrap_or_default();
    let words = texts.iter().map(String::as_str).chain([part]);
    let words = words.flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric()));
    let mut name = String::new();
    for word in words {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name } else { format!("Payload{name}") }
}
