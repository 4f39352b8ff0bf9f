//! Rust: its syntax as a neutral program, and the libraries redis-rs, fred and their pools.

mod blocks;
mod calls;
mod clients;
mod expressions;
mod items;
mod macros;
mod paths;
mod patterns;
mod source;
#[cfg(test)]
mod tests;

mod text;
mod types;
mod written;

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

use tree_sitter::{Node, Parser};

use super::super::program::{Statement, Unit};
use super::Language;
use source::{Gathered, Source, children, field};

/// Rust.
pub static RUST: Language = Language {
    name: "rust",
    extensions: &["rs"],
    lower,
    clients: &clients::CLIENTS,
    resolve: paths::resolve,
    joint: "::",
    folder_is_module: false,
    constructors: &[],
    tests: &["tests", "benches", "test_*.rs", "*_test.rs", "*_tests.rs", "tests.rs"],
    entries: &["main.rs", "bin", "examples", "build.rs"],
};

/// The neutral program of a Rust file.
fn lower(path: &Path, text: Arc<str>) -> Unit {
    let mut unit =
        Unit { path: path.to_owned(), text, imports: Vec::new(), body: Vec::new(), entry: false, faults: Vec::new() };
    let mut parser = Parser::new();
    let tree = match parser.set_language(&tree_sitter_rust::LANGUAGE.into()) {
        Ok(()) => parser.parse(unit.text.as_bytes(), None),
        Err(_) => None,
    };
    let Some(tree) = tree else { return unit };
    let text = Arc::clone(&unit.text);
    let root = tree.root_node();
    let nodes = children(root);
    let mut all = Gathered::default();
    for node in nodes.iter().filter(|node| node.kind() == "mod_item" && field(**node, "body").is_some()) {
        all.inline.extend(field(*node, "name").and_then(|name| text.get(name.byte_range())).map(str::to_owned));
    }
    all.faults.borrow_mut().extend(faults(root));
    let source = Source {
        text: &text,
        shift: 0,
        rows: 0,
        depth: Cell::new(0),
        all: &all,
        modules: 0,
        owner: None,
        bounds: Vec::new(),
    };
    unit.body = items::items(&source, &nodes);
    paths::packages(&source);
    unit.entry =
        unit.body.iter().any(|statement| matches!(statement, Statement::Function(function) if function.name == "main"));
    unit.imports = all.imports.into_inner();
    unit.faults = all.faults.into_inner();
    unit.faults.sort_unstable();
    unit.faults.dedup();
    unit
}

/// Lines that the parser could not read.
fn faults(root: Node<'_>) -> Vec<u32> {
    let mut found = Vec::new();
    if !root.has_error() {
        return found;
    }
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.is_error() || node.is_missing() {
            found.push(u32::try_from(node.start_position().row).unwrap_or(u32::MAX).saturating_add(1));
        }
        if node.has_error() && !node.is_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return found;
            }
        }
    }
}
