//! Types as far as they tell what a value is: wrappers are taken off, bounds stand for type params.

use tree_sitter::Node;

use super::source::{Source, children, field};

/// Types that hold one other and behave like it as far as keys are concerned.
const WRAPPERS: &[&str] = &[
    "Arc",
    "Box",
    "Cow",
    "Data",
    "Extension",
    "LazyCell",
    "LazyLock",
    "Mutex",
    "MutexGuard",
    "OnceCell",
    "OnceLock",
    "Option",
    "Pin",
    "Rc",
    "Ref",
    "RefCell",
    "RedisResult",
    "Result",
    "RwLock",
    "State",
    "Weak",
    "ArcSwap",
    "Lazy",
];

/// A type as text.
pub(super) fn annotation(source: &Source<'_>, node: Node<'_>) -> String {
    let mut node = node;
    for _ in 0..16 {
        let inner = match node.kind() {
            "reference_type" | "pointer_type" => field(node, "type"),
            "generic_type" => wrapped(source, node),
            "dynamic_type" | "abstract_type" => field(node, "trait"),
            "bounded_type" => children(node).into_iter().find(|child| child.kind() != "lifetime"),
            _ => None,
        };
        let Some(inner) = inner else { break };
        node = inner;
    }
    let text = source.of(node);
    if text == "Self" {
        return source.owner.clone().unwrap_or_else(|| text.to_owned());
    }
    let bound = source.bounds.iter().rev().find(|(name, _)| name == text);
    bound.map_or_else(|| text.to_owned(), |(_, bound)| bound.clone())
}

fn wrapped<'n>(source: &Source<'_>, node: Node<'n>) -> Option<Node<'n>> {
    let name = field(node, "type")?;
    let last = source.of(name).rsplit("::").next()?.trim();
    if !WRAPPERS.contains(&last) {
        return None;
    }
    let arguments = field(node, "type_arguments")?;
    children(arguments).into_iter().find(|child| child.kind() != "lifetime")
}

/// The name of the type that an `impl` is for, without path and params.
pub(super) fn name(source: &Source<'_>, node: Node<'_>) -> String {
    let base = match node.kind() {
        "generic_type" | "reference_type" => field(node, "type").unwrap_or(node),
        _ => node,
    };
    let text = source.of(base);
    text.rsplit("::").next().unwrap_or(text).trim_start_matches("dyn ").trim().to_owned()
}

/// The bounds of type params: of `<C: AsyncCommands>` and of `where`.
pub(super) fn bounds(source: &Source<'_>, node: Node<'_>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let where_clause = children(node).into_iter().find(|child| child.kind() == "where_clause");
    for list in [field(node, "type_parameters"), where_clause].into_iter().flatten() {
        for param in children(list) {
            let name = field(param, "name").or_else(|| field(param, "left"));
            let Some((name, bounds)) = name.zip(field(param, "bounds")) else { continue };
            let text = source.of(bounds).trim_start_matches(':').trim();
            found.push((source.of(name).to_owned(), text.to_owned()));
        }
    }
    found
}
