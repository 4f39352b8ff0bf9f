//! Checks a tree against the format: all faults at once, each with its place and what to write instead.

use super::{Kind, Object};
use crate::source::{Node, NodeKind, Span, closest};

/// Something written that the format does not allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub span: Span,
    /// What, in lower case.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
}

/// All faults of a tree against an object of the format.
#[must_use]
pub fn conform(node: &Node, object: &'static Object) -> Vec<Fault> {
    let mut faults = Vec::new();
    check_object(node, object, &mut faults);
    faults
}

fn fault(faults: &mut Vec<Fault>, span: Span, message: String, hint: Option<String>) {
    faults.push(Fault { span, message, hint });
}

fn check_object(node: &Node, object: &'static Object, faults: &mut Vec<Fault>) {
    if !matches!(node.kind, NodeKind::Mapping(_)) {
        let names: Vec<&str> = object.fields.iter().map(|field| field.name).take(6).collect();
        let message = format!("{} is a mapping, here is {}", object.name, node.describe());
        return fault(faults, node.span, message, Some(format!("its fields are {}, ...", names.join(", "))));
    }
    for entry in node.entries() {
        let Some(field) = object.fields.iter().find(|field| field.name == entry.name) else {
            let names = object.fields.iter().map(|field| field.name);
            let hint = match closest(&entry.name, names.clone()) {
                // `{ about: one, two }` and `ttl: {VAR}` read so; people mean text.
                _ if entry.value.is_null() => {
                    "text that holds a comma or braces needs quotes, as in \"one, two\" or \"{VAR}\"".to_owned()
                }
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its fields are {}", names.collect::<Vec<_>>().join(", ")),
            };
            let message = format!("{} has no field `{}`", object.name, entry.name);
            fault(faults, entry.name_span, message, Some(hint));
            continue;
        };
        if entry.value.is_null() {
            if !matches!(field.kind, Kind::Any) {
                let message = format!("`{}` is empty", field.name);
                fault(faults, entry.name_span, message, Some(format!("fill it in or remove it: {}", field.about)));
            }
            continue;
        }
        check(&entry.value, &field.kind, field.name, faults);
    }
    for field in object.fields.iter().filter(|field| field.required && node.get(field.name).is_none()) {
        let span = head(node);
        let message = format!("{} needs the field `{}`", object.name, field.name);
        fault(faults, span, message, Some(field.about.to_owned()));
    }
}

/// A mapping may be long: point at its first name only.
fn head(node: &Node) -> Span {
    node.entries().first().map_or(node.span, |entry| entry.name_span)
}

fn check(node: &Node, kind: &'static Kind, name: &str, faults: &mut Vec<Fault>) {
    match kind {
        Kind::Any => {}
        Kind::Text => {
            if node.text().is_none() {
                expected(node, name, "text", faults);
            }
        }
        Kind::Flag => {
            if !matches!(node.text(), Some("true" | "false")) {
                let message = format!("`{name}` is `true` or `false`");
                fault(faults, node.span, message, None);
            }
        }
        Kind::Word(words) => check_word(node, words, name, faults),
        Kind::Leaf(leaf) => match node.text() {
            Some(text) => {
                if let Err(message) = (leaf.check)(text) {
                    let hint = format!("`{name}` is {}, for example {}", leaf.about, leaf.examples.join(", "));
                    fault(faults, node.span, message, Some(hint));
                }
            }
            None => expected(node, name, leaf.about, faults),
        },
        Kind::List(item) => match &node.kind {
            NodeKind::Sequence(items) => items.iter().for_each(|node| check(node, item, name, faults)),
            NodeKind::Scalar { .. } | NodeKind::Mapping(_) => check(node, item, name, faults),
        },
        Kind::Map(value) => {
            if matches!(node.kind, NodeKind::Mapping(_)) {
                for entry in node.entries() {
                    check(&entry.value, value, &entry.name, faults);
                }
            } else {
                expected(node, name, "a mapping from names", faults);
            }
        }
        Kind::Object(object) => check_object(node, object, faults),
        Kind::Short(single, long) => {
            if matches!(node.kind, NodeKind::Mapping(_)) {
                check(node, long, name, faults);
            } else {
                check(node, single, name, faults);
            }
        }
        Kind::Schema => {
            let is_flag = matches!(node.text(), Some("true" | "false"));
            if !is_flag && !matches!(node.kind, NodeKind::Mapping(_)) {
                expected(node, name, "a JSON Schema: a mapping such as `{ type: object, ... }`", faults);
            }
        }
    }
}

fn check_word(node: &Node, words: &'static [(&str, &str)], name: &str, faults: &mut Vec<Fault>) {
    let names = words.iter().map(|(word, _)| *word);
    let Some(text) = node.text() else {
        return expected(node, name, &format!("one of {}", names.collect::<Vec<_>>().join(", ")), faults);
    };
    if names.clone().any(|word| word == text) {
        return;
    }
    let hint = match closest(text, names.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("one of {}", names.collect::<Vec<_>>().join(", ")),
    };
    fault(faults, node.span, format!("`{text}` is not a value of `{name}`"), Some(hint));
}

fn expected(node: &Node, name: &str, what: &str, faults: &mut Vec<Fault>) {
    fault(faults, node.span, format!("`{name}` is {what}, here is {}", node.describe()), None);
}
