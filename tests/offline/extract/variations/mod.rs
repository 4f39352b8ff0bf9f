//! Variations of a case that say the same: other names, another order, other files, inside a function, without `async`.
//!
//! They are made of the syntax trees of its files, a line at a time, so that each line knows where it stood.

mod items;
mod moved;
mod order;
mod renamed;
mod syntax;
mod wrapped;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use syntax::{SYNTAXES, Syntax};

/// Where each line stood in the case, and what it is now.
type Lines = Vec<(Option<String>, String)>;
/// The lines of each file.
type Files = BTreeMap<String, Lines>;
/// New names by old ones.
type Names = BTreeMap<String, String>;

/// A case that was changed.
pub(super) struct Variation {
    pub(super) kind: String,
    pub(super) files: BTreeMap<String, String>,
    places: BTreeMap<String, String>,
    /// New names of params.
    pub(super) params: Names,
}

impl Variation {
    /// Where something is now: `file:line`.
    pub(super) fn place(&self, before: &str) -> String {
        self.places.get(before).unwrap_or_else(|| panic!("{}: {before} was lost", self.kind)).clone()
    }
}

/// All variations of a case that can be made of it. `expected` is its text.
pub(super) fn of(language: &str, case: &Path, expected: &str) -> Vec<Variation> {
    let syntax = SYNTAXES.iter().find(|syntax| syntax.name == language).unwrap();
    let (mut files, mut others) = (BTreeMap::new(), BTreeMap::new());
    read(syntax, case, case, &mut files, &mut others);
    let mut made = Vec::new();
    let mut add = |kind: &str, changed: Option<Files>, params: &Names| {
        if let Some(changed) = changed.filter(|changed| *changed != files) {
            made.push(finish(kind, changed, &others, params));
        }
    };
    let none = Names::new();
    let (renamed, names) = renamed::renamed(syntax, &files, expected);
    add("renamed", Some(renamed.clone()), &names);
    // What cannot be read as a whole cannot be taken apart.
    if files.iter().any(|(file, lines)| parse(file, &text(lines)).root_node().has_error()) {
        return made;
    }
    let reordered = |files: &Files| order::methods(syntax, &order::items(syntax, files));
    add("reordered", Some(order::items(syntax, &files)), &none);
    add("methods reordered", Some(order::methods(syntax, &files)), &none);
    add("constants elsewhere", moved::moved(syntax, &files, moved::What::Constants), &none);
    add("split", moved::moved(syntax, &files, moved::What::All), &none);
    for wrap in syntax.wraps {
        add(wrap.0, wrapped::wrapped(syntax, &files, wrap), &none);
    }
    if language == "python" {
        add("without async", Some(wrapped::without_async(&files)), &none);
    }
    let split = moved::moved(syntax, &renamed, moved::What::All).unwrap_or(renamed);
    add("renamed, split and reordered", Some(reordered(&split)), &names);
    made
}

fn read(syntax: &Syntax, folder: &Path, root: &Path, files: &mut Files, others: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(syntax, &path, root, files, others);
            continue;
        }
        let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&path).unwrap();
        if path.extension().is_some_and(|extension| syntax.extensions.iter().any(|known| extension == *known)) {
            let lines = text.lines().enumerate();
            let lines = lines.map(|(at, line)| (Some(format!("{name}:{}", at + 1)), line.to_owned()));
            files.insert(name.clone(), lines.collect());
        } else if name != "expected.json" {
            others.insert(name, text);
        }
    }
}

fn finish(kind: &str, files: Files, others: &BTreeMap<String, String>, params: &Names) -> Variation {
    let mut variation =
        Variation { kind: kind.to_owned(), files: others.clone(), places: BTreeMap::new(), params: params.clone() };
    for (name, lines) in files {
        variation.files.insert(name.clone(), text(&lines));
        for (at, (before, _)) in lines.into_iter().enumerate() {
            if let Some(before) = before {
                variation.places.insert(before, format!("{name}:{}", at + 1));
            }
        }
    }
    variation
}

fn text(lines: &Lines) -> String {
    lines.iter().map(|(_, line)| format!("{line}\n")).collect()
}

fn parse(file: &str, text: &str) -> tree_sitter::Tree {
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&syntax::grammar(file)).unwrap();
    parser.parse(text, None).unwrap()
}

/// All nodes at and under one, in order.
fn all(node: tree_sitter::Node<'_>) -> Vec<tree_sitter::Node<'_>> {
    let mut found = Vec::new();
    let mut next = vec![node];
    while let Some(node) = next.pop() {
        found.push(node);
        next.extend((0..node.child_count()).rev().filter_map(|at| node.child(at)));
    }
    found
}

/// The names under a node.
fn leaves<'t>(syntax: &Syntax, node: tree_sitter::Node<'_>, text: &'t str) -> BTreeSet<&'t str> {
    let names = all(node).into_iter().filter(|node| syntax.leaves.contains(&node.kind()));
    names.map(|node| &text[node.byte_range()]).collect()
}

/// The names that a node gives, where it gives any: those of its field, without defaults and types.
fn given<'t>(syntax: &Syntax, node: tree_sitter::Node<'_>, text: &'t str) -> Vec<&'t str> {
    let mut names = Vec::new();
    for (_, field) in syntax.givers.iter().filter(|(kind, _)| *kind == node.kind()) {
        let mut cursor = node.walk();
        let from: Vec<_> = match *field {
            "" => node.named_children(&mut cursor).collect(),
            "*" => node.named_child(0).into_iter().collect(),
            field => node.children_by_field_name(field, &mut cursor).collect(),
        };
        for part in from {
            bound(syntax, part, text, &mut names);
        }
    }
    names
}

/// The names that a pattern binds; of an attribute, its last.
fn bound<'t>(syntax: &Syntax, node: tree_sitter::Node<'_>, text: &'t str, names: &mut Vec<&'t str>) {
    if syntax.leaves.contains(&node.kind()) {
        return names.push(&text[node.byte_range()]);
    }
    let last =
        |node: tree_sitter::Node<'_>| node.named_child_count().checked_sub(1).map(|at| u32::try_from(at).unwrap());
    let child = match node.kind() {
        "attribute" | "member_expression" | "selector_expression" | "pair_pattern" => {
            last(node).and_then(|at| node.named_child(at))
        }
        "object_assignment_pattern" | "assignment_pattern" | "generic_type" => node.named_child(0),
        "object_pattern"
        | "array_pattern"
        | "rest_pattern"
        | "pattern_list"
        | "tuple_pattern"
        | "expression_list"
        | "list_splat_pattern"
        | "dictionary_splat_pattern"
        | "mut_pattern"
        | "reference_pattern" => {
            for at in 0..node.named_child_count() {
                bound(syntax, node.named_child(u32::try_from(at).unwrap()).unwrap(), text, names);
            }
            None
        }
        _ => None,
    };
    if let Some(child) = child {
        bound(syntax, child, text, names);
    }
}
