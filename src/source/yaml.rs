//! YAML text -> a tree of nodes with byte spans. The only file that knows the YAML crate.
//!
//! Scalars stay text (`no` is not `false`); what a scalar means is decided by who reads it. Aliases are resolved by copy,
//! within a budget; merge keys are refused, because their values have no place of their own.

use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle};

use super::file::{FileId, Span};

/// Deeper nesting than any registry needs; bounds the recursion over a tree.
const MAX_DEPTH: usize = 64;
/// Bound on nodes, so that nested aliases cannot blow up memory.
const MAX_NODES: usize = 1_000_000;

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: NodeKind,
}

/// The three shapes of a YAML value.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// A single value as written, without quotes. `plain` is false when it was quoted or a block.
    Scalar {
        /// Text after YAML's own escapes.
        text: String,
        /// Written without quotes, so that `null`, `true` and numbers mean what they say.
        plain: bool,
    },
    /// A list.
    Sequence(Vec<Node>),
    /// Names with values, in the order written; names are unique.
    Mapping(Vec<Entry>),
}

/// A name with its value in a mapping.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The name.
    pub name: String,
    /// Where the name stands.
    pub name_span: Span,
    /// The value.
    pub value: Node,
}

/// What is wrong with a text as YAML.
#[derive(Debug, Clone, PartialEq)]
pub struct SyntaxError {
    /// Where.
    pub span: Span,
    /// What, in lower case, without the place.
    pub message: String,
}

impl Node {
    /// The entries of a mapping; none for other shapes.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            NodeKind::Mapping(entries) => entries,
            NodeKind::Scalar { .. } | NodeKind::Sequence(_) => &[],
        }
    }

    /// The value under a name of a mapping.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.entries().iter().find(|entry| entry.name == name).map(|entry| &entry.value)
    }

    /// The items of a list; none for other shapes.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.kind {
            NodeKind::Sequence(items) => items,
            NodeKind::Scalar { .. } | NodeKind::Mapping(_) => &[],
        }
    }

    /// The text of a scalar that is not null.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar { text, .. } if !self.is_null() => Some(text),
            NodeKind::Scalar { .. } | NodeKind::Sequence(_) | NodeKind::Mapping(_) => None,
        }
    }

    /// Nothing written, `null` or `~`.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(&self.kind, NodeKind::Scalar { text, plain: true } if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// What this is, for messages: "a list", "a mapping", "nothing", "text".
    #[must_use]
    pub fn describe(&self) -> &'static str {
        match &self.kind {
            NodeKind::Scalar { .. } if self.is_null() => "nothing",
            NodeKind::Scalar { .. } => "a single value",
            NodeKind::Sequence(_) => "a list",
            NodeKind::Mapping(_) => "a mapping",
        }
    }

    /// The node as JSON by YAML 1.2's core rules: plain `true`, `null`, numbers; all else text.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value;
        match &self.kind {
            NodeKind::Scalar { .. } if self.is_null() => Value::Null,
            NodeKind::Scalar { text, plain } => {
                if !plain {
                    return Value::String(text.clone());
                }
                match text.as_str() {
                    "true" | "True" | "TRUE" => Value::Bool(true),
                    "false" | "False" | "FALSE" => Value::Bool(false),
                    _ => number(text).map_or_else(|| Value::String(text.clone()), Value::Number),
                }
            }
            NodeKind::Sequence(items) => Value::Array(items.iter().map(Self::to_json).collect()),
            NodeKind::Mapping(entries) => {
                Value::Object(entries.iter().map(|entry| (entry.name.clone(), entry.value.to_json())).collect())
            }
        }
    }
}

fn number(text: &str) -> Option<serde_json::Number> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    if let Ok(whole) = unsigned.parse::<i64>() {
        return Some(whole.into());
    }
    if let Ok(whole) = unsigned.parse::<u64>() {
        return Some(whole.into());
    }
    serde_json::Number::from_f64(unsigned.parse::<f64>().ok()?)
}

/// Parses one document. An empty text gives an empty mapping.
///
/// # Errors
/// All faults found: the first syntax error ends the parse, duplicate names and merge keys do not.
pub fn parse(file: FileId, text: &str) -> Result<Node, Vec<SyntaxError>> {
    let text_without_mark = text.strip_prefix('\u{feff}').unwrap_or(text);
    let offset = text.len() - text_without_mark.len();
    let mut builder = Builder {
        events: Parser::new_from_str(text_without_mark),
        file,
        offset,
        len: text.len(),
        anchors: HashMap::new(),
        nodes: 0,
        errors: Vec::new(),
    };
    match builder.document() {
        Ok(node) if builder.errors.is_empty() => Ok(node),
        Ok(_) => Err(builder.errors),
        Err(fatal) => {
            builder.errors.push(fatal);
            Err(builder.errors)
        }
    }
}

type Step<'a> = Option<Result<(Event<'a>, granit_parser::Span), granit_parser::ScanError>>;

struct Builder<P> {
    events: P,
    file: FileId,
    /// Bytes of a byte order mark that the parser did not see.
    offset: usize,
    len: usize,
    anchors: HashMap<usize, Node>,
    nodes: usize,
    errors: Vec<SyntaxError>,
}

impl<'a, P: Iterator<Item = Result<(Event<'a>, granit_parser::Span), granit_parser::ScanError>>> Builder<P> {
    fn document(&mut self) -> Result<Node, SyntaxError> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::DocumentStart(..) if root.is_some() => {
                    return Err(self.error(span, "a second document in one file; split it into two files"));
                }
                Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd => {}
                other => root = Some(self.node(other, span, 0)?),
            }
        }
        let start = Span { file: self.file, start: 0, end: 0 };
        Ok(root.unwrap_or(Node { span: start, kind: NodeKind::Mapping(Vec::new()) }))
    }

    fn next(&mut self) -> Result<(Event<'a>, Span), SyntaxError> {
        loop {
            let step: Step<'a> = self.events.next();
            match step {
                Some(Ok((Event::Comment(..), _))) => {}
                Some(Ok((event, span))) => return Ok((event, self.span(span))),
                Some(Err(error)) => {
                    let at = error.marker().byte_offset().unwrap_or(0);
                    let span = self.range(at, at + 1);
                    return Err(SyntaxError { span, message: error.info().to_owned() });
                }
                None => return Ok((Event::StreamEnd, self.range(self.len, self.len))),
            }
        }
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, SyntaxError> {
        self.nodes += 1;
        if depth > MAX_DEPTH || self.nodes > MAX_NODES {
            return Err(self.error(span, "nested too deeply, or too many values"));
        }
        let (kind, anchor, span) = match event {
            Event::Scalar(text, style, anchor, _) => {
                let plain = style == ScalarStyle::Plain;
                (NodeKind::Scalar { text: text.into_owned(), plain }, anchor, span)
            }
            Event::SequenceStart(_, anchor, _) => {
                let (items, end) = self.sequence(depth)?;
                (NodeKind::Sequence(items), anchor, Span { end: end.max(span.end), ..span })
            }
            Event::MappingStart(_, anchor, _) => {
                let (entries, end) = self.mapping(depth)?;
                let start = entries.first().map_or(span.start, |entry| span.start.min(entry.name_span.start));
                (NodeKind::Mapping(entries), anchor, Span { start, end: end.max(span.end), ..span })
            }
            Event::Alias(id) => {
                let Some(target) = self.anchors.get(&id).cloned() else {
                    return Err(self.error(span, "an alias inside its own anchor"));
                };
                self.nodes += count(&target);
                return Ok(Node { span, kind: target.kind });
            }
            _ => return Err(self.error(span, "unexpected YAML construct")),
        };
        let node = Node { span, kind };
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn sequence(&mut self, depth: usize) -> Result<(Vec<Node>, u32), SyntaxError> {
        let mut items: Vec<Node> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                let end = if span.end > span.start { span.end } else { items.last().map_or(span.end, |n| n.span.end) };
                return Ok((items, end));
            }
            items.push(self.node(event, span, depth + 1)?);
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<(Vec<Entry>, u32), SyntaxError> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                let last = entries.last().map_or(span.end, |entry| entry.value.span.end);
                return Ok((entries, if span.end > span.start { span.end } else { last }));
            }
            let key = self.node(event, span, depth + 1)?;
            let (event, span) = self.next()?;
            let mut value = self.node(event, span, depth + 1)?;
            let NodeKind::Scalar { text: name, .. } = key.kind else {
                let error = self.error(key.span, "a name must be a single value");
                self.errors.push(error);
                continue;
            };
            if value.is_null() && value.span.start == value.span.end {
                // Nothing was written: point at the name, not at the empty space behind it.
                value.span = key.span;
            }
            if name == "<<" {
                let error = self.error(key.span, "merge keys (`<<`) are not supported; repeat the entries instead");
                self.errors.push(error);
            } else if entries.iter().any(|entry| entry.name == name) {
                let error = self.error(key.span, &format!("`{name}` is written twice in this mapping"));
                self.errors.push(error);
            } else {
                entries.push(Entry { name, name_span: key.span, value });
            }
        }
    }

    fn span(&self, span: granit_parser::Span) -> Span {
        let start = span.start.byte_offset().unwrap_or(0);
        self.range(start, span.end.byte_offset().unwrap_or(start))
    }

    fn range(&self, start: usize, end: usize) -> Span {
        let limit = |at: usize| u32::try_from((at + self.offset).min(self.len)).unwrap_or(u32::MAX);
        Span { file: self.file, start: limit(start), end: limit(end) }
    }

    #[allow(clippy::unused_self, reason = "reads as part of the builder at every call")]
    fn error(&self, span: Span, message: &str) -> SyntaxError {
        SyntaxError { span, message: message.to_owned() }
    }
}

fn count(node: &Node) -> usize {
    match &node.kind {
        NodeKind::Scalar { .. } => 1,
        NodeKind::Sequence(items) => 1 + items.iter().map(count).sum::<usize>(),
        NodeKind::Mapping(entries) => 1 + entries.iter().map(|entry| count(&entry.value)).sum::<usize>(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> Node {
        parse(FileId(0), text).unwrap()
    }

    #[test]
    fn spans_are_bytes_of_the_text() {
        let text = "é: [a, {b: 'c d'}]\nnext:\n  deep: 300s\n";
        let node = tree(text);
        let deep = node.get("next").unwrap().get("deep").unwrap();
        assert_eq!(&text[deep.span.range()], "300s");
        let list = node.get("é").unwrap();
        assert_eq!(&text[list.span.range()], "[a, {b: 'c d'}]");
        assert_eq!(&text[list.items()[1].get("b").unwrap().span.range()], "'c d'");
    }

    #[test]
    fn scalars_follow_yaml_1_2() {
        let node = tree("a: no\nb: '5'\nc: 5\nd: 1.5\ne: ~\nf: true\ng: 08:30\nh: .inf\ni: 1e3");
        let json = node.to_json();
        assert_eq!(
            json.to_string(),
            r#"{"a":"no","b":"5","c":5,"d":1.5,"e":null,"f":true,"g":"08:30","h":".inf","i":1000.0}"#
        );
    }

    #[test]
    fn faults_have_places() {
        let twice = parse(FileId(0), "a: 1\nb: 2\na: 3\n").unwrap_err();
        assert_eq!((twice[0].span.start, twice[0].message.as_str()), (10, "`a` is written twice in this mapping"));
        assert!(parse(FileId(0), "a: [1, 2").is_err());
        assert!(parse(FileId(0), "<<: {a: 1}").is_err());
        assert!(parse(FileId(0), "a: 1\n---\nb: 2").is_err());
        assert!(parse(FileId(0), &"[".repeat(5000)).is_err());
        assert_eq!(tree("").entries().len(), 0);
    }

    #[test]
    fn aliases_are_copies_within_a_budget() {
        assert_eq!(tree("a: &x [1, 2]\nb: *x\n").get("b").unwrap().items().len(), 2);
        let bomb: String = (0..30).map(|i| format!("a{}: &a{} [*a{}, *a{}]\n", i + 1, i + 1, i, i)).collect();
        assert!(parse(FileId(0), &format!("a0: &a0 [1]\n{bomb}")).is_err());
    }
}
