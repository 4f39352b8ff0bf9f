//! Insertions into YAML texts by the places of their trees: nothing that is written is moved, changed or laid out anew.

use super::super::scalar::{self, Context};
use super::super::write::{self, Layout};
use super::super::{Node, Value};
use crate::source::{self, NodeKind};

/// A text to be put at a place of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Insert {
    pub at: usize,
    /// Of insertions at one place, whole lines come before comments on the line that follows, and inner ones before outer.
    order: (u8, usize),
    pub text: String,
    /// Only evidence: it may be left out where it cannot stand.
    pub is_comment: bool,
}

/// A file as it was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page<'a> {
    text: &'a str,
    newline: &'static str,
    /// Columns of one level.
    step: usize,
}

impl<'a> Page<'a> {
    pub fn new(text: &'a str, root: &source::Node) -> Self {
        let newline = if text.find('\n').is_some_and(|at| text[..at].ends_with('\r')) { "\r\n" } else { "\n" };
        let mut page = Self { text, newline, step: 2 };
        let nested =
            root.entries().iter().filter(|entry| page.is_block(&entry.value) && !entry.value.entries().is_empty());
        if let Some(step) = nested.filter_map(|entry| page.column(&entry.value)).find(|column| (1..=8).contains(column))
        {
            page.step = step;
        }
        page
    }

    /// Puts entries behind the last one of a mapping. `None` where the mapping is not written out here.
    pub fn entries(
        &self,
        map: &source::Node,
        entries: &[(String, Node)],
        depth: usize,
        spread: usize,
        apart: bool,
    ) -> Option<Vec<Insert>> {
        if entries.is_empty() {
            return Some(Vec::new());
        }
        match self.byte(map)? {
            b'{' => {
                let one = |(name, node): &(String, Node)| {
                    format!("{}: {}", scalar::name(name, Context::Flow), write::one_line(node, Context::Flow, 0))
                };
                let evidence = entries.iter().flat_map(|(_, node)| write::all_evidence(node)).collect();
                let last = map.entries().last().map(|entry| self.end(&entry.value).max(entry.name_span.end as usize));
                self.flow(map, last, &entries.iter().map(one).collect::<Vec<_>>(), evidence, depth)
            }
            b'*' | b'[' => None,
            _ => {
                let column = self.column(map)?;
                let layout = Layout { column, step: self.step, spread, ..Layout::default() };
                let mut lines = Vec::new();
                for (name, node) in entries {
                    if apart {
                        lines.push(String::new());
                    }
                    write::entry(name, node, layout, &mut lines);
                }
                Some(vec![self.lines(self.end(map), &lines, depth)])
            }
        }
    }

    /// Puts items behind the last one of a list; a single value becomes the first of a list.
    pub fn items(&self, list: &source::Node, items: &[Node], depth: usize) -> Option<Vec<Insert>> {
        if items.is_empty() {
            return Some(Vec::new());
        }
        let one = |node: &Node| write::one_line(node, Context::Flow, 0);
        let evidence = || items.iter().flat_map(write::all_evidence).collect();
        match (&list.kind, self.byte(list)?) {
            (_, b'*') => None,
            (NodeKind::Sequence(known), b'[') => {
                let last = known.last().map(|item| self.end(item));
                self.flow(list, last, &items.iter().map(one).collect::<Vec<_>>(), evidence(), depth)
            }
            (NodeKind::Sequence(known), _) => {
                let column = self.dash(known.first()?)?;
                let layout = Layout { column, step: self.step, ..Layout::default() };
                let mut lines = Vec::new();
                items.iter().for_each(|node| write::item(node, layout, &mut lines));
                Some(vec![self.lines(self.end(list), &lines, depth)])
            }
            (NodeKind::Scalar { .. }, first) => {
                let written = self.text.get(list.span.range())?;
                let is_short =
                    !written.contains(['\n', ',', '[', ']', '{', '}', ':', '#']) && !matches!(first, b'|' | b'>');
                let items: Vec<String> = items.iter().map(one).collect();
                let mut inserts = self.comments(list, evidence(), depth);
                inserts.push(Insert {
                    at: list.span.start as usize,
                    order: (2, 0),
                    text: "[".into(),
                    is_comment: false,
                });
                let text = format!(", {}]", items.join(", "));
                inserts.push(Insert {
                    at: list.span.end as usize,
                    order: (2, usize::MAX - depth),
                    text,
                    is_comment: false,
                });
                is_short.then_some(inserts)
            }
            (NodeKind::Mapping(_), _) => None,
        }
    }

    /// Are the last two entries of a mapping set apart by an empty line? One alone says nothing.
    pub fn is_airy(&self, map: &source::Node) -> Option<bool> {
        let [.., one, other] = map.entries() else { return None };
        let between = self.text.get(self.end(&one.value)..other.name_span.start as usize)?;
        let mut lines = between.lines().skip(1).peekable();
        Some(lines.any(|line| line.trim().is_empty()) && between.lines().count() > 2)
    }

    fn is_block(&self, node: &source::Node) -> bool {
        !matches!(self.byte(node), Some(b'{' | b'[' | b'*') | None)
    }

    fn byte(&self, node: &source::Node) -> Option<u8> {
        self.text.as_bytes().get(node.span.start as usize).copied()
    }

    /// The column of a block mapping's names.
    fn column(&self, map: &source::Node) -> Option<usize> {
        // The first name may stand behind a dash; the next one tells the column as well.
        let start = map.entries().first()?.name_span.start as usize;
        let before = self.text.get(..start)?;
        let line = before.rsplit('\n').next().unwrap_or(before).trim_start_matches('\u{feff}');
        line.bytes().all(|byte| matches!(byte, b' ' | b'-')).then_some(line.len())
    }

    /// The column of the dash before an item of a block list.
    fn dash(&self, item: &source::Node) -> Option<usize> {
        let before = self.text.get(..item.span.start as usize)?.trim_end();
        let dash = before.strip_suffix('-')?;
        let line = dash.rsplit('\n').next().unwrap_or(dash);
        line.bytes().all(|byte| matches!(byte, b' ' | b'-')).then_some(line.len())
    }

    /// One past the last byte that a node's text takes.
    fn end(&self, node: &source::Node) -> usize {
        let own = node.span.end as usize;
        if !self.is_block(node) {
            return own;
        }
        match &node.kind {
            NodeKind::Mapping(entries) => {
                entries.last().map_or(own, |entry| self.end(&entry.value).max(entry.name_span.end as usize))
            }
            NodeKind::Sequence(items) => items.last().map_or(own, |item| self.end(item)),
            // The place of a block scalar may reach to what follows it.
            NodeKind::Scalar { .. } => {
                let start = node.span.start as usize;
                self.text.get(start..own).map_or(own, |text| start + text.trim_end().len())
            }
        }
    }

    /// Whole lines after the line that holds this place.
    fn lines(&self, end: usize, lines: &[String], depth: usize) -> Insert {
        let order = (0, usize::MAX - depth);
        let rest = self.text.get(end..).unwrap_or_default();
        match rest.find('\n') {
            Some(at) => {
                let text = lines.iter().map(|line| format!("{line}{}", self.newline)).collect();
                Insert { at: end + at + 1, order, text, is_comment: false }
            }
            // The last line has no end, and the last of the new ones gets none.
            None => {
                let text = lines.iter().map(|line| format!("{}{line}", self.newline)).collect();
                Insert { at: self.text.len(), order, text, is_comment: false }
            }
        }
    }

    /// Parts of a flow collection behind its last one.
    fn flow(
        &self,
        of: &source::Node,
        last: Option<usize>,
        parts: &[String],
        evidence: Vec<String>,
        depth: usize,
    ) -> Option<Vec<Insert>> {
        let end = (of.span.end as usize).checked_sub(1)?;
        let joined = parts.join(", ");
        let order = (2, usize::MAX - depth);
        let insert = |at: usize, text: String| Insert { at, order, text, is_comment: false };
        let mut inserts = self.comments(of, evidence, depth);
        inserts.push(match last {
            None => {
                let is_map = matches!(of.kind, NodeKind::Mapping(_));
                let text = if is_map { format!(" {joined} ") } else { joined };
                insert(of.span.start as usize + 1, text)
            }
            Some(last) => match self.trailing_comma(last, end) {
                Some(comma) => insert(comma + 1, format!(" {joined},")),
                None => insert(last, format!(", {joined}")),
            },
        });
        Some(inserts)
    }

    /// A comma between the last part of a flow collection and its end; one in a comment is none.
    fn trailing_comma(&self, from: usize, to: usize) -> Option<usize> {
        let mut at = from;
        for line in self.text.get(from..to)?.split_inclusive('\n') {
            let code = line.split('#').next().unwrap_or_default();
            if let Some(comma) = code.find(',') {
                return Some(at + comma);
            }
            at += line.len();
        }
        None
    }

    /// Evidence above the line on which a flow collection begins.
    fn comments(&self, of: &source::Node, evidence: Vec<String>, depth: usize) -> Vec<Insert> {
        if evidence.is_empty() {
            return Vec::new();
        }
        let before = self.text.get(..of.span.start as usize).unwrap_or_default();
        let at = before.rfind('\n').map_or(0, |at| at + 1);
        let line = self.text.get(at..).unwrap_or_default();
        let column = line.len() - line.trim_start_matches(' ').len();
        let mut lines = Vec::new();
        write::comments(&evidence, column, &mut lines);
        let text = lines.iter().map(|line| format!("{line}{}", self.newline)).collect();
        vec![Insert { at, order: (1, depth), text, is_comment: true }]
    }
}

/// The text with all insertions.
pub(super) fn apply(text: &str, inserts: &[Insert], with_comments: bool) -> String {
    let mut sorted: Vec<&Insert> = inserts.iter().filter(|insert| with_comments || !insert.is_comment).collect();
    sorted.sort_by_key(|insert| (insert.at, insert.order));
    let mut out = String::with_capacity(text.len() + 256);
    let mut from = 0;
    for insert in sorted {
        out.push_str(text.get(from..insert.at).unwrap_or_default());
        out.push_str(&insert.text);
        from = insert.at;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// Does a tree say all that another one says, and perhaps more?
pub(super) fn contains(new: &source::Node, old: &source::Node) -> bool {
    match (&old.kind, &new.kind) {
        (NodeKind::Mapping(old), NodeKind::Mapping(_)) => {
            old.iter().all(|entry| new.get(&entry.name).is_some_and(|value| contains(value, &entry.value)))
        }
        (NodeKind::Sequence(old), NodeKind::Sequence(new)) => {
            old.len() <= new.len() && old.iter().zip(new).all(|(old, new)| contains(new, old))
        }
        (NodeKind::Scalar { .. }, NodeKind::Sequence(items)) => {
            items.first().is_some_and(|item| item.to_json() == old.to_json())
        }
        (NodeKind::Scalar { .. }, NodeKind::Scalar { .. }) => old.to_json() == new.to_json(),
        _ => false,
    }
}

/// Is there nothing in it?
pub(super) fn is_empty(node: &Node) -> bool {
    match &node.value {
        Value::Map(entries) => entries.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Null => true,
        Value::Flag(_) | Value::Number(_) | Value::Text(_) => false,
    }
}
