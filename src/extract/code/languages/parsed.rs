//! Texts parsed so that an error costs as little as can be: where there is one, each item is parsed by itself.

use tree_sitter::{Language, Node, Parser, Point, Range, Tree};

/// A file of more items than this is not taken apart.
const ITEMS: usize = 5_000;

/// The trees of a text: one, or one for each item. `begins` tells whether a line opens an item, `leads` whether it belongs to
/// the item that follows.
pub(super) fn trees(text: &str, language: &Language, begins: fn(&str) -> bool, leads: fn(&str) -> bool) -> Vec<Tree> {
    let mut parser = Parser::new();
    if parser.set_language(language).is_err() {
        return Vec::new();
    }
    let Some(whole) = parser.parse(text, None) else { return Vec::new() };
    let ranges = if whole.root_node().has_error() { items(text, begins, leads) } else { Vec::new() };
    if ranges.len() < 2 || ranges.len() > ITEMS {
        return vec![whole];
    }
    let parse = |range: Range| {
        parser.set_included_ranges(&[range]).ok()?;
        parser.parse(text, None)
    };
    ranges.into_iter().filter_map(parse).collect()
}

fn items(text: &str, begins: fn(&str) -> bool, leads: fn(&str) -> bool) -> Vec<Range> {
    let mut starts = vec![(0, 0)];
    let (mut offset, mut led) = (0, false);
    for (row, line) in text.split_inclusive('\n').enumerate() {
        if !led && offset > 0 && (begins(line) || leads(line)) {
            starts.push((offset, row));
        }
        led = leads(line);
        offset += line.len();
    }
    starts.push((text.len(), text.matches('\n').count() + 1));
    let pairs = starts.iter().zip(starts.iter().skip(1));
    let point = |row| Point { row, column: 0 };
    let range = |(from, to): (&(usize, usize), &(usize, usize))| Range {
        start_byte: from.0,
        end_byte: to.0,
        start_point: point(from.1),
        end_point: point(to.1),
    };
    pairs.map(range).collect()
}

/// Lines that the parser could not read.
pub(super) fn faults(root: Node<'_>) -> Vec<u32> {
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
