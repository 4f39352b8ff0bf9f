//! All but the imports in a function, and Python without `async`.

use regex::Regex;

use super::items::{Kind, items};
use super::syntax::Syntax;
use super::{Files, Lines, all, parse, text};

/// The one file of a case inside a function.
pub(super) fn wrapped(syntax: &Syntax, files: &Files, wrap: &(&str, &str, &str, &str)) -> Option<Files> {
    let (_, opening, closing, indent) = wrap;
    let (file, lines) = files.iter().next().filter(|_| files.len() == 1)?;
    let code = text(lines);
    let tree = parse(file, &code);
    let nodes = all(tree.root_node());
    // Names of the top level that a function changes, and what can only stand there.
    if nodes.iter().any(|node| {
        ["global_statement", "ambient_declaration", "internal_module", "module"].contains(&node.kind())
            && node.parent().is_some()
    }) {
        return None;
    }
    let texts = nodes.iter().filter(|node| node.kind() == "string" || node.kind() == "string_content");
    let in_text: Vec<usize> = texts.flat_map(|node| node.start_position().row + 1..=node.end_position().row).collect();
    let (mut outer, mut inner) = (Lines::new(), vec![(None, (*opening).to_owned())]);
    let exported = Regex::new(r"^export (default )?").unwrap();
    let listed = Regex::new(r"^export (type )?(\{|\*)").unwrap();
    for item in items(syntax, file, lines)? {
        for at in item.rows.clone() {
            let (place, mut line) = lines[at].clone();
            if item.exported && at == item.start.0 {
                line = if listed.is_match(&line) { String::new() } else { exported.replace(&line, "").into_owned() };
            }
            if item.kind == Kind::Import && syntax.imports.contains(&"import_statement") && !line.contains("require(") {
                outer.push((place, line));
            } else {
                let bare = line.is_empty() || in_text.contains(&at);
                inner.push((place, if bare { line } else { format!("{indent}{line}") }));
            }
        }
    }
    outer.extend(inner);
    outer.extend(closing.split('\n').map(|line| (None, line.to_owned())));
    Some([(file.clone(), outer)].into())
}

/// `async` and `await` left out.
pub(super) fn without_async(files: &Files) -> Files {
    let change = |line: &str| {
        line.replace("async def", "def").replace("async for", "for").replace("async with", "with").replace("await ", "")
    };
    let of = |lines: &Lines| lines.iter().map(|(place, line)| (place.clone(), change(line))).collect();
    files.iter().map(|(file, lines)| (file.clone(), of(lines))).collect()
}
