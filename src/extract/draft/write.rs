//! Drafts as the YAML that people write: small mappings on one line, the rest indented, evidence in comments.

use std::path::PathBuf;

use super::scalar::{self, Context};
use super::{Draft, Node, Value};

/// Columns that a line may take before a mapping is spread over several.
const WIDTH: usize = 120;
/// Columns that a comment behind a value may reach.
const COMMENT_WIDTH: usize = 120;
/// Deeper levels are not written: our own reader refuses them, and a schema that deep says nothing to people.
const MAX_DEPTH: usize = 48;
/// Names beyond this need the long form `? name`, for YAML looks no further for the colon.
const LONG_NAME: usize = 900;

/// The texts of a draft with their paths: registry.yaml, if it says anything of it, and a file for each module.
#[must_use]
pub fn write(draft: &Draft) -> Vec<(PathBuf, String)> {
    let mut texts = Vec::new();
    if !draft.registry.is_empty() {
        texts.push((PathBuf::from("registry.yaml"), document(&draft.registry)));
    }
    for (name, fields) in &draft.modules {
        texts.push((PathBuf::from("modules").join(format!("{name}.yaml")), document(fields)));
    }
    texts
}

/// A whole file. Sections are set apart by empty lines, and so are the entries of keys and channels.
pub(super) fn document(fields: &[(String, Node)]) -> String {
    let mut lines = Vec::new();
    for (at, (name, node)) in fields.iter().enumerate() {
        let is_section = matches!(node.value, Value::Map(_) | Value::List(_));
        if at > 0 && is_section {
            lines.push(String::new());
        }
        match &node.value {
            Value::Map(entries) if is_spread(name) && !entries.is_empty() => {
                comments(&node.evidence, 0, &mut lines);
                lines.push(format!("{}:", scalar::name(name, Context::Block)));
                for (at, (name, node)) in entries.iter().enumerate() {
                    if at > 0 && matches!(node.value, Value::Map(_)) {
                        lines.push(String::new());
                    }
                    entry(name, node, Layout { spread: 1, ..Layout::default() }.deeper(), &mut lines);
                }
            }
            Value::Map(_) => entry(name, node, Layout { spread: 1, ..Layout::default() }, &mut lines),
            _ => entry(name, node, Layout::default(), &mut lines),
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

/// Sections whose entries are always spread over lines.
pub(super) fn is_spread(section: &str) -> bool {
    matches!(section, "keys" | "channels")
}

/// How a node is laid out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    /// Column at which it starts.
    pub column: usize,
    /// Columns of one level.
    pub step: usize,
    /// So many levels are spread over lines even when they would fit on one.
    pub spread: usize,
    /// Levels that it is below where it began.
    pub depth: usize,
}

impl Default for Layout {
    fn default() -> Self {
        Self { column: 0, step: 2, spread: 0, depth: 0 }
    }
}

impl Layout {
    fn deeper(self) -> Self {
        Self { column: self.column + self.step, depth: self.depth + 1, ..self }
    }

    fn inner(self) -> Self {
        Self { spread: self.spread.saturating_sub(1), ..self.deeper() }
    }
}

/// An entry of a block mapping, as lines.
pub(super) fn entry(name: &str, node: &Node, layout: Layout, lines: &mut Vec<String>) {
    let pad = " ".repeat(layout.column);
    let name = scalar::name(name, Context::Block);
    let (head, room) = if name.len() > LONG_NAME {
        lines.push(format!("{pad}? {name}"));
        (format!("{pad}:"), WIDTH.saturating_sub(layout.column + 2))
    } else {
        (format!("{pad}{name}:"), WIDTH.saturating_sub(layout.column + name.chars().count() + 2))
    };
    value(&head, node, layout, room, lines);
}

/// An item of a block list, as lines.
pub(super) fn item(node: &Node, layout: Layout, lines: &mut Vec<String>) {
    let pad = " ".repeat(layout.column);
    // What is spread begins on a line of its own; a nested block mapping stands behind the dash.
    let room = WIDTH.saturating_sub(layout.column + 2);
    match &node.value {
        Value::Map(entries) if !entries.is_empty() && !fits(node, layout, room) => {
            comments(&node.evidence, layout.column, lines);
            let from = lines.len();
            let inner = Layout { column: layout.column + 2, depth: layout.depth + 1, ..layout };
            for (name, node) in entries {
                entry(name, node, inner, lines);
            }
            // The dash belongs before the first name; comments above it stay above the dash.
            let start = " ".repeat(layout.column + 2);
            let is_name = |line: &&mut String| line.starts_with(&start) && !line.trim_start().starts_with("# ");
            if let Some(line) = lines.iter_mut().skip(from).find(is_name) {
                line.replace_range(..layout.column + 2, &format!("{pad}- "));
            }
        }
        _ => value(&format!("{pad}-"), node, layout, room, lines),
    }
}

/// A value behind its head (`name:` or `-`): on the same line where it fits, else below.
fn value(head: &str, node: &Node, layout: Layout, room: usize, lines: &mut Vec<String>) {
    if is_scalar(node) || fits(node, layout, room) {
        let mut line = format!("{head} {}", one_line(node, Context::Block, layout.depth));
        if let [evidence] = node.evidence.as_slice() {
            let comment = scalar::comment(evidence);
            if is_scalar(node) && line.chars().count() + 2 + comment.chars().count() <= COMMENT_WIDTH {
                line.push_str(&format!("  {comment}"));
                lines.push(line);
                return;
            }
        }
        comments(&node.evidence, layout.column, lines);
        lines.push(line);
        return;
    }
    comments(&node.evidence, layout.column, lines);
    lines.push(head.to_owned());
    let inner = layout.inner();
    match &node.value {
        Value::Map(entries) => entries.iter().for_each(|(name, node)| entry(name, node, inner, lines)),
        Value::List(items) => items.iter().for_each(|node| item(node, inner, lines)),
        Value::Null | Value::Flag(_) | Value::Number(_) | Value::Text(_) => {}
    }
}

/// Evidence on lines of its own.
pub(super) fn comments(evidence: &[String], column: usize, lines: &mut Vec<String>) {
    let pad = " ".repeat(column);
    lines.extend(evidence.iter().map(|line| format!("{pad}{}", scalar::comment(line))));
}

fn is_scalar(node: &Node) -> bool {
    !matches!(node.value, Value::Map(_) | Value::List(_))
}

/// May it stand on one line: nothing inside has evidence, it is not nested beyond reading, and there is room?
fn fits(node: &Node, layout: Layout, room: usize) -> bool {
    let empty = match &node.value {
        Value::Map(entries) => entries.is_empty(),
        Value::List(items) => items.is_empty(),
        _ => true,
    };
    if empty || layout.depth >= MAX_DEPTH {
        return true;
    }
    if layout.spread > 0 && matches!(node.value, Value::Map(_)) {
        return false;
    }
    is_simple(node) && one_line(node, Context::Block, layout.depth).chars().count() <= room
}

/// A mapping of scalars and lists of scalars, or a list of scalars, without evidence inside.
fn is_simple(node: &Node) -> bool {
    let bare = |node: &Node| is_scalar(node) && node.evidence.is_empty();
    let flat = |node: &Node| match &node.value {
        Value::List(items) => items.iter().all(bare),
        Value::Map(entries) => {
            entries.iter().all(|(name, node)| name.len() <= LONG_NAME && bare(node)) && entries.len() <= 2
        }
        _ => true,
    };
    match &node.value {
        Value::List(items) => items.iter().all(bare),
        Value::Map(entries) => {
            let short =
                |(name, node): &(String, Node)| name.len() <= LONG_NAME && node.evidence.is_empty() && flat(node);
            entries.iter().all(short)
        }
        _ => true,
    }
}

/// A value on one line, without its evidence.
pub(super) fn one_line(node: &Node, context: Context, depth: usize) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Flag(flag) => flag.to_string(),
        Value::Number(number) => number.clone(),
        Value::Text(text) => scalar::text(text, context),
        // In a schema, where alone such depths occur, `true` allows anything.
        Value::List(_) | Value::Map(_) if depth >= MAX_DEPTH => "true".to_owned(),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| one_line(item, Context::Flow, depth + 1)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) if entries.is_empty() => "{}".to_owned(),
        Value::Map(entries) => {
            let entry = |(name, node): &(String, Node)| {
                format!("{}: {}", scalar::name(name, Context::Flow), one_line(node, Context::Flow, depth + 1))
            };
            format!("{{ {} }}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

/// All evidence of a node and what is in it, for where a comment can only stand outside.
pub(super) fn all_evidence(node: &Node) -> Vec<String> {
    fn collect(node: &Node, depth: usize, evidence: &mut Vec<String>) {
        evidence.extend(node.evidence.iter().cloned());
        match &node.value {
            _ if depth >= MAX_DEPTH => {}
            Value::Map(entries) => entries.iter().for_each(|(_, node)| collect(node, depth + 1, evidence)),
            Value::List(items) => items.iter().for_each(|node| collect(node, depth + 1, evidence)),
            _ => {}
        }
    }
    let mut evidence = Vec::new();
    collect(node, 0, &mut evidence);
    evidence
}
