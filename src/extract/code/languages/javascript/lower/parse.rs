//! The syntax tree of a file, and what is not worth one.

use std::path::Path;

use tree_sitter::{Node, Parser, Tree};

/// Files longer than this are not written by people.
const MAX_BYTES: usize = 4 << 20;

/// A line longer than this, in a file whose lines are long on average, shows a bundle.
const MAX_LINE: usize = 5_000;

/// The average length of a line of a bundle.
const MAX_AVERAGE: usize = 250;

/// So many lines are taken out of a file at most, for the sake of those after them.
const MAX_MENDED: usize = 8;

/// The most lines that are reported of one file.
const MAX_FAULTS: usize = 100;

/// The tree of a file, and the lines that could not be read; none of a bundle.
pub fn parse(path: &Path, text: &str) -> Option<(Tree, Vec<u32>)> {
    if is_bundle(text) {
        return None;
    }
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let typescript = tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into();
    let tsx = tree_sitter_typescript::LANGUAGE_TSX.into();
    let javascript = tree_sitter_javascript::LANGUAGE.into();
    // Types of Flow, and decorators before their time, are near enough to TypeScript.
    let languages = match extension {
        "ts" | "mts" | "cts" => vec![&typescript],
        "tsx" => vec![&tsx],
        _ => vec![&javascript, &tsx],
    };
    let mut best: Option<(Tree, &tree_sitter::Language)> = None;
    for language in languages {
        let tree = tree(language, text)?;
        if !tree.root_node().has_error() {
            return Some((tree, vec![]));
        }
        best.get_or_insert((tree, language));
    }
    let (tree, language) = best?;
    let (lines, _) = faults(tree.root_node());
    Some((mended(tree, language, text), lines))
}

/// The tree without the lines that spoil what comes after them.
fn mended(mut tree: Tree, language: &tree_sitter::Language, text: &str) -> Tree {
    let mut text = text.to_owned();
    for _ in 0..MAX_MENDED {
        let (lines, lost) = faults(tree.root_node());
        let Some(line) = lines.first() else { break };
        text = without_line(&text, *line);
        let Some(next) = self::tree(language, &text) else { break };
        let (_, still_lost) = faults(next.root_node());
        if still_lost >= lost {
            break;
        }
        tree = next;
    }
    tree
}

/// A line becomes blanks, so that nothing moves.
fn without_line(text: &str, line: u32) -> String {
    let mut blanked = String::with_capacity(text.len());
    for (number, content) in (1_u32..).zip(text.split_inclusive('\n')) {
        if number == line {
            let end = content.len() - content.trim_end_matches(['\r', '\n']).len();
            blanked.extend(std::iter::repeat_n(' ', content.len() - end));
            blanked.push_str(&content[content.len() - end..]);
        } else {
            blanked.push_str(content);
        }
    }
    blanked
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

/// The lines that could not be read, and how many bytes are lost with them.
fn faults(root: Node<'_>) -> (Vec<u32>, usize) {
    let mut found = vec![];
    let mut lost = 0;
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.is_error() || node.is_missing() {
            found.push(super::line(node));
            lost += node.byte_range().len().max(1);
        }
        if found.len() >= MAX_FAULTS {
            break;
        }
        if node.has_error() && !node.is_error() && cursor.goto_first_child() {
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
    (found, lost)
}
