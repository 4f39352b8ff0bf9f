//! The JSON Schema of a summary: it accepts each value that the summary is of, and no value stands in it but the words of
//! closed enums, where they are wanted.

use super::super::shape;
use super::Summary;
use super::numbers::Numbers;
use super::objects::{Fields, Layout, Objects};
use super::texts::Texts;
use super::variants::{Variant, variants};
use crate::extract::draft::{Node, Value};

/// From so many names on, seldom together, names are data.
const SPARSE: usize = 20;

/// How a schema is written.
#[derive(Clone, Copy)]
pub struct Rendering<'a> {
    /// May words of closed enums stand in it?
    pub enums: bool,
    /// May words that never vary stand in comments?
    pub show: bool,
    /// Is a word an id, such as one that varies in the names of keys?
    pub is_id: &'a dyn Fn(&str) -> bool,
}

/// The schema of a summary.
#[must_use]
pub fn schema(summary: &Summary, rendering: &Rendering<'_>) -> Node {
    if summary.count() == 0 {
        return Node::new(Value::Map(Vec::new())).because("nothing was seen here");
    }
    if summary.opaque > 0 {
        return Node::new(Value::Map(Vec::new())).because("nested deeper, or larger, than infer looks");
    }
    if let Some(objects) = &summary.objects
        && objects.count == summary.count()
        && let Layout::Shapes(shapes) = &objects.layout
        && !objects.fields().is_some_and(|fields| is_map(&fields))
        && let Some(variants) = variants(shapes, rendering)
    {
        return one_of(&variants, rendering);
    }
    let mut members = vec![("type", types(summary))];
    let mut evidence = Vec::new();
    let only_texts = summary.texts.as_ref().is_some_and(|texts| texts.count + summary.nulls == summary.count());
    if let Some(texts) = &summary.texts {
        text(texts, (only_texts, summary.nulls > 0), rendering, &mut members, &mut evidence);
    }
    if let Some(numbers) = &summary.numbers {
        number(numbers, &mut evidence);
    }
    if let Some(arrays) = &summary.arrays
        && arrays.items.count() > 0
    {
        members.push(("items", schema(&arrays.items, rendering)));
    }
    if let Some(objects) = &summary.objects {
        object(objects, rendering, &mut members);
    }
    let mut node = Node::map(members);
    node.evidence = evidence;
    node
}

fn one_of(variants: &[Variant], rendering: &Rendering<'_>) -> Node {
    let one = |variant: &Variant| {
        let mut members = vec![("type", Node::text("object"))];
        named(&variant.fields, variant.tag.as_ref(), rendering, &mut members);
        Node::map(members).because(counted(variant.fields.count, "object"))
    };
    Node::map([("oneOf", Node::new(Value::List(variants.iter().map(one).collect())))])
}

fn types(summary: &Summary) -> Node {
    let number = |numbers: &Numbers| if numbers.is_integer() { "integer" } else { "number" };
    let types = [
        summary.objects.as_ref().map(|_| "object"),
        summary.arrays.as_ref().map(|_| "array"),
        summary.texts.as_ref().map(|_| "string"),
        summary.numbers.as_ref().map(number),
        (summary.flags > 0).then_some("boolean"),
        (summary.nulls > 0).then_some("null"),
    ];
    let types: Vec<&str> = types.into_iter().flatten().collect();
    match types[..] {
        [only] => Node::text(only),
        _ => Node::texts(types),
    }
}

fn text(
    texts: &Texts,
    (alone, nullable): (bool, bool),
    rendering: &Rendering<'_>,
    members: &mut Vec<(&'static str, Node)>,
    evidence: &mut Vec<String>,
) {
    if let Some(format) = texts.format() {
        members.push(("format", Node::text(format.name())));
    } else if let Some(words) = texts.closed(rendering.is_id).filter(|_| alone) {
        if rendering.enums {
            let null = nullable.then(|| Node::new(Value::Null));
            let words = words.iter().map(|word| Node::text(*word)).chain(null);
            let seen = format!("all that {} held", counted(texts.count, "string"));
            members.push(("enum", Node::new(Value::List(words.collect())).because(seen)));
        } else {
            evidence.push(format!("one of {} words", words.len()));
        }
    } else if let Some(word) = texts.constant() {
        let seen = counted(texts.count, "string");
        evidence.push(if rendering.show {
            format!("{word:?} in all {seen}")
        } else {
            format!("the same in all {seen}")
        });
    }
}

fn number(numbers: &Numbers, evidence: &mut Vec<String>) {
    if let Some(unit) = numbers.unit() {
        evidence.push(format!("looks like {} since 1970", unit.name()));
    } else if numbers.negative == 0 && numbers.count > 1 {
        evidence.push("never below zero".to_owned());
    }
}

fn object(objects: &Objects, rendering: &Rendering<'_>, members: &mut Vec<(&'static str, Node)>) {
    match objects.fields() {
        Some(fields) if is_map(&fields) => {
            let names = format!("{} distinct names", fields.by_name.len());
            members.push(("additionalProperties", schema(&fields.values(), rendering).because(names)));
        }
        Some(fields) => named(&fields, None, rendering, members),
        None => {
            if let Layout::Map(values) = &objects.layout {
                let values = schema(values, rendering).because("more names than a structure has");
                members.push(("additionalProperties", values));
            }
        }
    }
}

/// Are the names data: all of them ids, or many that are seldom together and hold alike?
fn is_map(fields: &Fields) -> bool {
    let names = fields.by_name.len();
    if names == 0 {
        return false;
    }
    if fields.by_name.keys().all(|name| shape::is_id(name.as_bytes())) {
        return true;
    }
    let together: u64 = fields.by_name.values().map(Summary::count).sum();
    // On average an object has less than a third of them.
    let sparse = names >= SPARSE && together.saturating_mul(3) < fields.count.saturating_mul(names as u64);
    sparse && is_of_one_kind(&fields.clone().values())
}

fn is_of_one_kind(summary: &Summary) -> bool {
    let kinds = [
        summary.flags > 0,
        summary.numbers.is_some(),
        summary.texts.is_some(),
        summary.arrays.is_some(),
        summary.objects.is_some(),
    ];
    kinds.into_iter().filter(|is| *is).count() <= 1
}

/// Members by name.
fn named(
    fields: &Fields,
    tag: Option<&(String, String)>,
    rendering: &Rendering<'_>,
    members: &mut Vec<(&'static str, Node)>,
) {
    let required: Vec<&str> = fields
        .by_name
        .iter()
        .filter(|(_, summary)| summary.count() == fields.count)
        .map(|(name, _)| name.as_str())
        .collect();
    if !required.is_empty() {
        members.push(("required", Node::texts(required)));
    }
    let property = |(name, summary): (&String, &Summary)| {
        let node = match tag {
            Some((tag, word)) if tag == name => Node::map([("const", Node::text(word.clone()))]),
            _ => schema(summary, rendering),
        };
        let node = match summary.count() {
            count if count == fields.count => node,
            count => node.because(format!("in {count} of {}", counted(fields.count, "object"))),
        };
        (name.clone(), node)
    };
    if !fields.by_name.is_empty() {
        members.push(("properties", Node::map(fields.by_name.iter().map(property))));
    }
}

/// `1 object`, `1,204 objects`.
pub(super) fn counted(count: u64, one: &str) -> String {
    super::super::shape::counted(count, one)
}
