//! Rust: its syntax as a neutral program, and the libraries redis-rs, fred and their pools.

mod blocks;
mod calls;
mod chains;
mod clients;
mod expressions;
mod items;
mod macros;
mod paths;
mod patterns;
mod pipes;
mod redis_rs;
mod select;
mod source;
mod standard;
#[cfg(test)]
mod tests;

mod text;
mod types;
mod written;

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

use tree_sitter::Node;

use super::super::program::{Statement, Unit};
use super::{Language, parsed};
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
    fixtures: None,
    tests: &["tests", "benches", "test_*.rs", "*_test.rs", "*_tests.rs", "tests.rs"],
    entries: &["main.rs", "lib.rs", "build.rs"],
};

/// The neutral program of a Rust file.
fn lower(path: &Path, text: Arc<str>) -> Unit {
    let mut unit =
        Unit { path: path.to_owned(), text, imports: Vec::new(), body: Vec::new(), entry: false, faults: Vec::new() };
    let trees = parsed::trees(&unit.text, &tree_sitter_rust::LANGUAGE.into(), begins, leads);
    let text = Arc::clone(&unit.text);
    let nodes: Vec<Node<'_>> = trees.iter().flat_map(|tree| children(tree.root_node())).collect();
    let mut all = Gathered::default();
    for node in nodes.iter().filter(|node| node.kind() == "mod_item" && field(**node, "body").is_some()) {
        all.inline.extend(field(*node, "name").and_then(|name| text.get(name.byte_range())).map(str::to_owned));
    }
    all.faults.borrow_mut().extend(trees.iter().flat_map(|tree| parsed::faults(tree.root_node())));
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

/// Does a line open an item?
fn begins(line: &str) -> bool {
    const WORDS: &[&str] = &[
        "fn", "pub", "impl", "struct", "enum", "trait", "mod", "const", "static", "use", "async", "type", "unsafe",
        "extern",
    ];
    let word = line.split(|char: char| !char.is_alphanumeric()).next().unwrap_or_default();
    WORDS.contains(&word) || line.starts_with("macro_rules!") || line.starts_with("lazy_static!")
}

/// Does a line belong to the item that follows?
fn leads(line: &str) -> bool {
    line.starts_with("#[") || line.starts_with("///")
}
