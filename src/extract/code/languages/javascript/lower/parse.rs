//! The syntax tree of a file, and what is not worth one.

use std::path::Path;

use tree_sitter::{Node, Parser, Tree};

/// Files longer than this are not written by people.
const MAX_BYTES: usize = 4 << 20;

/// A line longer than this, in a file whose lines are long on average, shows a bundle.
const MAX_LINE: usize = 5_000;

/// The average length of a line of a bundle.
const MAX_AVERAGE: usize = 250;

/// The most lines that are reported of one file.
const MAX_FAULTS: usize = 100;

/// The tree of a file; none of a bundle.
pub fn parse(path: &Path, text: &str) -> Option<Tree> {
    if is_bundle(text) {
        return None;
    }
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension {
        "ts" | "mts" | "cts" => tree(&tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(), text),
        "tsx" => tree(&tree_sitter_typescript::LANGUAGE_TSX.into(), text),
        _ => {
            let plain = tree(&tree_sitter_javascript::LANGUAGE.into(), text)?;
            if !plain.root_node().has_error() {
                return Some(plain);
            }
            // Types of Flow, and decorators before their time, are near enough to TypeScript.
            let typed = tree(&tree_sitter_typescript::LANGUAGE_TSX.into(), text)?;
            Some(if typed.root_node().has_error() { plain } else { typed })
        }
    }
}

/// Is it what a bundler or minifier made?
pub fn is_bundle(text: &str) -> bool {
    let lines = text.lines().count().max(1);
    let average = text.len() / lines;
    text.len() > MAX_BYTES || (average > MAX_AVERAGE && text.lines().any(|line| line.len() > MAX_LINE))
}

fn tree(language: &tree_sitter::Language, text: &str) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(language).ok()?;
    parser.parse(text, None)
}

/// The lines that could not be read.
pub fn faults(root: Node<'_>) -> Vec<u32> {
    let mut found = vec![];
    if !root.has_error() {
        return found;
    }
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.is_error() || node.is_missing() {
            found.push(super::line(node));
        }
        if found.len() >= MAX_FAULTS {
            break;
        }
        let inside = node.has_error() && !node.is_error() && cursor.goto_first_child();
        if inside {
            continue;
        }
        let mut more = cursor.goto_next_sibling();
        while !more && cursor.goto_parent() {
            more = cursor.goto_next_sibling();
        }
        if !more {
            break;
        }
    }
    found.dedup();
    found
}
