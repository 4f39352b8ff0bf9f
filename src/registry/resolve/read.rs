//! Short forms for reading fields of a checked tree.

use crate::source::{Node, NodeKind};

/// The text of a field.
pub(super) fn text(node: &Node, name: &str) -> Option<String> {
    word(node, name).map(str::to_owned)
}

/// The text of a field, borrowed.
pub(super) fn word<'a>(node: &'a Node, name: &str) -> Option<&'a str> {
    node.get(name)?.text().map(str::trim)
}

/// `true` in a field.
pub(super) fn flag(node: &Node, name: &str) -> Option<bool> {
    word(node, name).map(|word| word == "true")
}

/// The nodes of a list; a single value is a list of one.
pub(super) fn items<'a>(node: &'a Node, name: &str) -> Vec<&'a Node> {
    match node.get(name) {
        None => Vec::new(),
        Some(list) if matches!(list.kind, NodeKind::Sequence(_)) => list.items().iter().collect(),
        Some(single) if single.is_null() => Vec::new(),
        Some(single) => vec![single],
    }
}

/// The texts of a list; a single value is a list of one.
pub(super) fn list(node: &Node, name: &str) -> Vec<String> {
    items(node, name).into_iter().filter_map(Node::text).map(str::to_owned).collect()
}
