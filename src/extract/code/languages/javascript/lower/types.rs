//! Types, as far as they show clients.

use tree_sitter::Node;

use super::{Lowering, children};
use crate::extract::code::languages::javascript::clients;

impl<'t> Lowering<'t> {
    /// The text of a type, without the colon.
    pub(super) fn type_text(&self, node: Node<'_>) -> String {
        self.text_of(node).trim_start_matches(':').trim().to_owned()
    }

    /// The type of a field of an inline type: `{ redis: Redis }`.
    pub(super) fn type_of_field(&self, written: Option<Node<'t>>, name: &str) -> Option<Node<'t>> {
        let mut node = written?;
        if node.kind() == "type_annotation" {
            node = children(node).into_iter().next()?;
        }
        let property = children(node).into_iter().find(|property| {
            property.kind() == "property_signature"
                && property.child_by_field_name("name").is_some_and(|found| self.text_of(found) == name)
        })?;
        property.child_by_field_name("type")
    }

    /// The type that a value is said to have: `x as Redis`, `container.get<Redis>(...)`; only a client's type matters.
    pub(super) fn implied_type(&self, value: Node<'t>) -> Option<String> {
        let mut node = value;
        while matches!(node.kind(), "await_expression" | "parenthesized_expression" | "non_null_expression") {
            node = children(node).into_iter().next()?;
        }
        let written = match node.kind() {
            "as_expression" | "satisfies_expression" => children(node).into_iter().last(),
            "type_assertion" => children(node).into_iter().next(),
            "call_expression" => node.child_by_field_name("type_arguments"),
            _ => None,
        }?;
        let text = self.type_text(written);
        let name = text.trim_matches(['<', '>']).split('<').next().unwrap_or_default();
        let name = name.rsplit('.').next().unwrap_or_default().trim();
        clients::is_type(name).then(|| name.to_owned())
    }

    /// The type that a decorator of a parameter or field shows: `@InjectRedis()`.
    pub(super) fn injected_type(&self, decorated: Node<'t>) -> Option<String> {
        let decorators = children(decorated).into_iter().filter(|child| child.kind() == "decorator");
        decorators.map(|decorator| self.text_of(decorator)).find_map(injected)
    }
}

/// The type of what a decorator injects.
pub(super) fn injected(decorator: &str) -> Option<String> {
    let name = decorator.trim_start_matches('@').split('(').next().unwrap_or_default();
    matches!(name, "InjectRedis" | "InjectRedisClient" | "InjectCluster" | "InjectValkey").then(|| "Redis".to_owned())
}
