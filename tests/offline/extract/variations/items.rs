//! The items of a file: imports, functions, types, values, and steps that are run.

use std::collections::BTreeSet;
use std::ops::Range;

use tree_sitter::Node;

use super::syntax::Syntax;
use super::{Lines, all, given, leaves, parse, text};

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Import,
    Function,
    Type,
    Value,
    /// A step: what is run in its place.
    Step,
}

/// Whole lines of a file that belong together.
pub(super) struct Item {
    pub(super) kind: Kind,
    /// From 0. What stands before an item belongs to it: comments, attributes, blank lines.
    pub(super) rows: Range<usize>,
    /// The first row of the item itself, and the column.
    pub(super) start: (usize, usize),
    /// Names it gives to the file.
    pub(super) names: BTreeSet<String>,
    /// All names in it.
    pub(super) uses: BTreeSet<String>,
    /// Names that it changes.
    pub(super) changes: BTreeSet<String>,
    pub(super) exported: bool,
    /// The name that it starts with, where it does something to it: `names.push("a")`.
    pub(super) first: Option<String>,
}

/// The items of a file, which are all of its lines, where each has lines of its own.
pub(super) fn items(syntax: &Syntax, file: &str, lines: &Lines) -> Option<Vec<Item>> {
    let text = text(lines);
    let tree = parse(file, &text);
    let root = tree.root_node();
    let mut found: Vec<Item> = Vec::new();
    let mut end = 0;
    let mut cursor = root.walk();
    for node in root.named_children(&mut cursor) {
        let leads =
            node.kind().contains("comment") || node.kind() == "attribute_item" || node.kind().starts_with("hash_bang");
        if leads && node.start_position().row >= end {
            continue;
        }
        if leads {
            // A comment at the end of a line.
            continue;
        }
        let start = node.start_position();
        // Some nodes end with the line break.
        let last = node.end_position();
        let after = if last.column == 0 { last.row } else { last.row + 1 };
        if start.row < end {
            return None;
        }
        let inner = unwrapped(syntax, node);
        let kind = kind(syntax, inner, &text);
        let in_it = all(inner);
        let names = if kind == Kind::Step { BTreeSet::new() } else { declared(syntax, (inner, kind), &text) };
        let changes = in_it.iter().filter(|node| syntax.changes.contains(&node.kind()));
        let changes = changes.flat_map(|node| {
            let target = node.child_by_field_name("left").or_else(|| node.child_by_field_name("argument"));
            let target = target.unwrap_or(*node);
            let plain = syntax.leaves.contains(&target.kind()) || target == *node;
            if plain { leaves(syntax, target, &text) } else { BTreeSet::new() }
        });
        found.push(Item {
            kind,
            rows: end..after,
            start: (start.row, start.column),
            names,
            changes: changes.map(str::to_owned).collect(),
            uses: leaves(syntax, node, &text).into_iter().map(str::to_owned).collect(),
            exported: node.kind() == "export_statement",
            first: first(&text[node.byte_range()]),
        });
        end = after;
    }
    if let Some(last) = found.last_mut() {
        last.rows.end = lines.len();
    }
    Some(found)
}

/// The names that an item declares.
fn declared(syntax: &Syntax, (inner, kind): (tree_sitter::Node<'_>, Kind), text: &str) -> BTreeSet<String> {
    let in_it = all(inner);
    let mut names: BTreeSet<String> = given(syntax, inner, text).into_iter().map(str::to_owned).collect();
    // `const A, B`, `const ( .. )`, `import ..`
    if kind != Kind::Function && kind != Kind::Type || inner.kind() == "type_declaration" {
        let declared = in_it.iter().filter(|node| {
            ["variable_declarator", "const_spec", "var_spec", "type_spec"].contains(&node.kind())
                && depth_under(**node, inner) <= 2
        });
        names.extend(declared.flat_map(|node| given(syntax, *node, text)).map(str::to_owned));
    }
    // A method of Go belongs to its type.
    if let Some(receiver) = inner.child_by_field_name("receiver") {
        let of = all(receiver).into_iter().find(|node| node.kind() == "type_identifier");
        names = of.map(|node| text[node.byte_range()].to_owned()).into_iter().collect();
    }
    names
}

fn first(item: &str) -> Option<String> {
    let end = item.find(|letter: char| !(letter.is_alphanumeric() || letter == '_'))?;
    let prototype = item[end..].starts_with(".prototype");
    (item[end..].starts_with(['.', '[']) && !prototype).then(|| item[..end].to_owned())
}

fn depth_under(mut node: Node<'_>, top: Node<'_>) -> usize {
    let mut depth = 0;
    while node != top {
        let Some(parent) = node.parent() else { break };
        node = parent;
        depth += 1;
    }
    depth
}

/// The item inside `export` and decorators.
pub(super) fn unwrapped<'t>(syntax: &Syntax, node: Node<'t>) -> Node<'t> {
    if !syntax.around.contains(&node.kind()) {
        return node;
    }
    let inner = node.child_by_field_name("declaration").or_else(|| node.child_by_field_name("definition"));
    let inner = inner.or_else(|| (node.kind() == "expression_statement").then(|| node.named_child(0)).flatten());
    inner.unwrap_or(node)
}

fn kind(syntax: &Syntax, node: Node<'_>, text: &str) -> Kind {
    let kind = node.kind();
    let is_default = node.parent().is_some_and(|parent| {
        parent.kind() == "export_statement" && text[parent.byte_range()].starts_with("export default")
    });
    if syntax.imports.contains(&kind) {
        Kind::Import
    } else if is_default {
        Kind::Step
    } else if syntax.functions.contains(&kind) {
        Kind::Function
    } else if syntax.types.contains(&kind) {
        Kind::Type
    } else if syntax.values.contains(&kind) {
        let required = kind != "assignment"
            && all(node).iter().any(|node| {
                node.kind() == "call_expression"
                    && node.child_by_field_name("function").is_some_and(|of| &text[of.byte_range()] == "require")
                    && depth_under(*node, node.parent().unwrap_or(*node)) < 3
            });
        let line = &text[node.byte_range()];
        if required && !line.contains("=>") && !line.contains("new ") { Kind::Import } else { Kind::Value }
    } else {
        Kind::Step
    }
}
