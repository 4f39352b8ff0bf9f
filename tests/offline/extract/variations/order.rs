//! The same items and methods in another order.

use super::items::{self as program, Kind};
use super::syntax::Syntax;
use super::{Files, Lines, all, given, parse, text};

/// Functions stand in the opposite order, and types where that matters to nobody; all else stays where it is.
pub(super) fn items_of(syntax: &Syntax, file: &str, lines: &Lines) -> Lines {
    let Some(found) = program::items(syntax, file, lines) else { return lines.clone() };
    let moves = |kind: Kind| kind == Kind::Function || (syntax.types_move && matches!(kind, Kind::Type | Kind::Value));
    // In Python, what is run needs the functions before it.
    if syntax.name == "python" {
        let first = found.iter().position(|item| moves(item.kind)).unwrap_or(0);
        let guard = |at: usize| lines[found[at].start.0].1.starts_with("if __name__");
        let is_run = |at: usize| {
            let decorated = lines[found[at].start.0].1.starts_with('@');
            decorated || (matches!(found[at].kind, Kind::Step | Kind::Value | Kind::Type) && !guard(at))
        };
        if (first..found.len()).any(is_run) {
            return lines.clone();
        }
    }
    let mut from_behind = found.iter().rev().filter(|item| moves(item.kind));
    let order = found.iter().map(|item| if moves(item.kind) { from_behind.next().unwrap() } else { item });
    order.flat_map(|item| lines[item.rows.clone()].to_vec()).collect()
}

/// All files so.
pub(super) fn items(syntax: &Syntax, files: &Files) -> Files {
    files.iter().map(|(file, lines)| (file.clone(), items_of(syntax, file, lines))).collect()
}

/// The methods of each class stand in the opposite order.
pub(super) fn methods(syntax: &Syntax, files: &Files) -> Files {
    files.iter().map(|(file, lines)| (file.clone(), methods_of(syntax, file, lines))).collect()
}

fn methods_of(syntax: &Syntax, file: &str, lines: &Lines) -> Lines {
    let text = text(lines);
    let tree = parse(file, &text);
    let mut changed = lines.clone();
    let bodies = all(tree.root_node()).into_iter().filter(|node| syntax.bodies.contains(&node.kind()));
    for body in bodies.filter(|node| node.parent().is_some_and(|parent| parent.kind() != "function_definition")) {
        let (mut slots, mut names, mut last) = (Vec::new(), Vec::new(), body.start_position().row);
        let mut cursor = body.walk();
        for node in body.named_children(&mut cursor) {
            let (start, end) = (node.start_position().row, node.end_position().row);
            let own_lines = start > last || (slots.is_empty() && start >= last && syntax.name == "python");
            let leads = ["decorator", "attribute_item"].contains(&node.kind()) || node.kind().contains("comment");
            if leads {
                names.extend(["", ""]);
                continue;
            }
            last = end;
            let inner = super::items::unwrapped(syntax, node);
            if syntax.methods.contains(&inner.kind()) {
                names.extend(given(syntax, inner, &text));
                slots.push(start..end + 1);
                if !own_lines {
                    names.extend(["", ""]);
                }
            }
        }
        let nested = slots.iter().any(|rows| rows.end > body.end_position().row + 1);
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        // Two of a name, or what belongs to a method stands before it.
        if names.len() < count || slots.len() < 2 || nested {
            continue;
        }
        let first = slots[0].start;
        let end = slots[slots.len() - 1].end;
        let mut order = Vec::new();
        let mut at = first;
        for (slot, from) in slots.iter().zip(slots.iter().rev()) {
            order.extend(lines[at..slot.start].to_vec());
            order.extend(lines[from.clone()].to_vec());
            at = slot.end;
        }
        // A class in a class was changed already.
        if changed[first..end] == lines[first..end] {
            changed.splice(first..end, order);
        }
    }
    changed
}
