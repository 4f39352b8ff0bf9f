//! Names of keys as people write them in documents -> patterns of the registry.
//!
//! `{x}`, `<x>`, `[x]`, `${x}`, `:x`, `%s`, `*`, a prefix that ends in its separator, and words in capitals that a legend
//! explains are all variable parts.

use crate::extract::draft::Node;
use crate::extract::import::page::{Inline, PieceKind};
use crate::extract::import::record::Fields;
use crate::registry::Pattern;

/// What a document says of its placeholders.
#[derive(Debug, Default)]
pub(in crate::extract::import) struct Legend {
    /// Words in capitals that stand for something.
    pub(in crate::extract::import) words: Vec<String>,
    /// `::id` and `:id:` are placeholders here.
    pub(in crate::extract::import) colons: bool,
    /// The names are in the registry's own notation: `{{` is a literal brace.
    pub(in crate::extract::import) own: bool,
}

/// The names in a cell, and what else stands there.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) patterns: Vec<Named>,
    pub(super) examples: Vec<String>,
    pub(super) bus: Option<String>,
    /// Words that are no name: `deprecated`.
    pub(super) remarks: Vec<String>,
}

/// A name as a pattern, with what its notation says of its params.
#[derive(Debug, Default, PartialEq)]
pub(in crate::extract::import) struct Named {
    pub(in crate::extract::import) pattern: String,
    pub(in crate::extract::import) params: Vec<(String, Fields)>,
    pub(in crate::extract::import) is_channel: bool,
}

/// Reads a cell that holds names.
pub(super) fn cell(cell: &Inline, legend: &Legend) -> Names {
    let mut names = Names::default();
    let has_code = cell.codes().next().is_some();
    let (mut examples, mut on) = (false, false);
    for piece in &cell.pieces {
        match piece.kind {
            PieceKind::Code => {
                if on {
                    names.bus = Some(piece.text.trim().to_owned());
                } else if examples {
                    names.examples.push(piece.text.trim().to_owned());
                } else {
                    add(&mut names, &piece.text, legend);
                }
            }
            PieceKind::Break => (examples, on) = (false, false),
            PieceKind::Text | PieceKind::Strong if has_code => {
                let words = piece.text.trim().trim_matches([',', ';']).trim();
                let lower = words.to_lowercase();
                if super::words::without_eg(&lower).is_some() || lower.ends_with("e.g.") {
                    examples = true;
                } else if lower == "on" {
                    on = true;
                } else if lower.contains("channel") || lower.contains("pub/sub") {
                    if let Some(last) = names.patterns.last_mut() {
                        last.is_channel = true;
                    }
                } else if !matches!(lower.as_str(), "" | "and" | "or" | "/" | "|" | "+" | "&") {
                    names.remarks.push(words.to_owned());
                }
            }
            PieceKind::Text | PieceKind::Strong => bare(&mut names, &piece.text, legend),
        }
    }
    names
}

/// Names without code spans: `a:b, c:d (old)`.
fn bare(names: &mut Names, text: &str, legend: &Legend) {
    for part in super::words::items(text) {
        let (name, remark) = match part.find(" (") {
            Some(at) => (part[..at].trim(), part[at..].trim().trim_matches(['(', ')'])),
            None => (part, ""),
        };
        if name.split_whitespace().count() == 1 {
            add(names, name, legend);
        } else {
            names.remarks.push(name.to_owned());
        }
        let lower = remark.to_lowercase();
        if lower.contains("channel") || lower.contains("pub/sub") {
            if let Some(last) = names.patterns.last_mut() {
                last.is_channel = true;
            }
        } else if !remark.is_empty() {
            names.remarks.push(remark.to_owned());
        }
    }
}

fn add(names: &mut Names, text: &str, legend: &Legend) {
    match pattern(text, legend) {
        Some(named) => names.patterns.push(named),
        None => names.remarks.push(text.trim().to_owned()),
    }
}

/// A name as a pattern; `None` when there is none in it.
pub(in crate::extract::import) fn pattern(text: &str, legend: &Legend) -> Option<Named> {
    let text = text.trim().trim_matches(['"', '\'']);
    if legend.own {
        Pattern::parse(text).ok()?;
        return Some(Named { pattern: text.to_owned(), ..Named::default() });
    }
    if text.is_empty() || text.len() > 1024 {
        return None;
    }
    let mut writer =
        Writer { legend, pattern: String::new(), segment: String::new(), last: String::new(), params: Vec::new() };
    writer.name(text);
    let Writer { pattern, params, .. } = writer;
    Pattern::parse(&pattern).ok()?;
    Some(Named { pattern, params, is_channel: false })
}

struct Writer<'a> {
    legend: &'a Legend,
    pattern: String,
    /// The literal text since the last separator.
    segment: String,
    /// The last whole literal segment, after which a nameless param is named.
    last: String,
    params: Vec<(String, Fields)>,
}

const SEPARATORS: [char; 6] = [':', '/', '.', '|', '#', '-'];

impl Writer<'_> {
    fn name(&mut self, text: &str) {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let taken = self.placeholder(rest).unwrap_or_else(|| {
                self.literal(c);
                c.len_utf8()
            });
            rest = rest.get(taken..).unwrap_or_default();
        }
        // `massive:spot:` stands for all names under it.
        if text.ends_with(':') && text.len() > 1 {
            self.nameless(true);
        }
    }

    fn literal(&mut self, c: char) {
        match c {
            '{' => self.pattern.push_str("{{"),
            '}' => self.pattern.push_str("}}"),
            _ => self.pattern.push(c),
        }
        if SEPARATORS.contains(&c) {
            if !self.segment.is_empty() {
                self.last = std::mem::take(&mut self.segment);
            }
        } else if c.is_alphanumeric() || c == '_' {
            self.segment.push(c);
        }
    }

    /// The placeholder at the start of `rest`, by how many bytes it takes.
    fn placeholder(&mut self, rest: &str) -> Option<usize> {
        let fenced = |open: &str, close: &str| -> Option<(String, usize)> {
            let inside = rest.strip_prefix(open)?;
            let end = inside.find(close)?;
            let name = &inside[..end];
            (!name.is_empty() && !name.contains(['{', '<', '[']))
                .then(|| (name.to_owned(), open.len() + end + close.len()))
        };
        for (open, close) in [
            ("{{", "}}"),
            ("${", "}"),
            ("#{", "}"),
            ("%{", "}"),
            ("%(", ")s"),
            ("%(", ")d"),
            ("<", ">"),
            ("[", "]"),
            ("{", "}"),
        ] {
            if let Some((name, taken)) = fenced(open, close) {
                if open == "{{" && name.contains(':') {
                    continue;
                }
                self.param(&name);
                return Some(taken);
            }
        }
        if let Some(directive) = rest.strip_prefix('%') {
            let width = directive.chars().take_while(|c| c.is_ascii_digit()).count();
            if directive[width..].starts_with(['s', 'd', 'i', 'u', 'x', 'v', 'f']) {
                self.nameless(false);
                return Some(width + 2);
            }
        }
        if rest.starts_with("...") || rest.starts_with('…') {
            self.nameless(true);
            return Some(3);
        }
        if rest.starts_with('*') {
            let stars = rest.len() - rest.trim_start_matches('*').len();
            self.nameless(stars == rest.len());
            return Some(stars);
        }
        let starts_segment = self.segment.is_empty() && !self.pattern.ends_with('}');
        let starts_segment = starts_segment || self.pattern.ends_with(SEPARATORS);
        if !starts_segment {
            return None;
        }
        if rest.starts_with(':') && (self.pattern.ends_with('/') || (self.legend.colons && self.pattern.ends_with(':')))
        {
            let name: String = rest[1..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if name.starts_with(char::is_alphabetic) {
                self.param(&name);
                return Some(1 + name.len());
            }
        }
        self.word(rest)
    }

    /// A whole segment that is a placeholder by what it is: a date's picture, or a word of the legend.
    fn word(&mut self, rest: &str) -> Option<usize> {
        let pictures = [("YYYY-MM-DD", "date"), ("yyyy-mm-dd", "date"), ("YYYYMMDD", "day"), ("yyyymmdd", "day")];
        for (picture, name) in pictures {
            if rest.starts_with(picture) {
                let mut fields = Fields::default();
                if name == "date" {
                    fields.text("type", "date");
                } else {
                    fields.text("pattern", "[0-9]{8}");
                }
                let name = self.unique(name);
                self.put(name, fields);
                return Some(picture.len());
            }
        }
        let word: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        if !word.is_empty() && self.legend.words.contains(&word) {
            self.param(&word.to_lowercase());
            return Some(word.len());
        }
        None
    }

    /// A placeholder with a name, or with its values: `{a|b}`.
    fn param(&mut self, written: &str) {
        let choices: Vec<&str> = written.split(['|', ',']).map(str::trim).filter(|word| !word.is_empty()).collect();
        let mut fields = Fields::default();
        let name = if choices.len() > 1 {
            fields.text("type", "enum");
            fields.set("values", Node::texts(choices));
            self.context()
        } else {
            let name = written.split(':').next().unwrap_or_default();
            identifier(name).unwrap_or_else(|| self.context())
        };
        let name = self.unique(&name);
        self.put(name, fields);
    }

    /// A placeholder without a name is called after what stands before it; the last may hold the separator.
    fn nameless(&mut self, rest: bool) {
        let mut fields = Fields::default();
        if rest {
            fields.text("type", "rest");
        }
        let name = self.context();
        let name = self.unique(&name);
        self.put(name, fields);
    }

    fn context(&self) -> String {
        let before = if self.segment.is_empty() { &self.last } else { &self.segment };
        identifier(before).unwrap_or_else(|| "name".to_owned())
    }

    fn unique(&self, name: &str) -> String {
        let taken = |name: &String| self.params.iter().any(|(known, _)| known == name);
        (1_u32..)
            .map(|number| if number == 1 { name.to_owned() } else { format!("{name}_{number}") })
            .find(|name| !taken(name))
            .unwrap_or_default()
    }

    fn put(&mut self, name: String, fields: Fields) {
        self.pattern.push('{');
        self.pattern.push_str(&name);
        self.pattern.push('}');
        self.segment.clear();
        self.params.push((name, fields));
    }
}

/// A word as the name of a param.
fn identifier(word: &str) -> Option<String> {
    let name: String = word.trim().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let name = name.trim_matches('_').to_owned();
    let name = if name.starts_with(|c: char| c.is_ascii_digit()) { format!("n{name}") } else { name };
    (!name.is_empty()).then_some(name)
}

/// Does a code span in prose look like the name of a key?
pub(super) fn looks_like_key(code: &str) -> bool {
    let code = code.trim();
    let Some((head, tail)) = code.split_once(':') else { return false };
    let wordy = |text: &str| {
        text.chars().all(|c| {
            !c.is_whitespace() && !matches!(c, '(' | ')' | '=' | '"' | '\'' | '\\' | '@' | ',' | ';' | '`' | '!' | '^')
        })
    };
    let first_tail = tail.split(':').next().unwrap_or_default();
    head.len() > 1
        && wordy(code)
        && head.starts_with(|c: char| c.is_ascii_alphabetic() || c == '{' || c == '_')
        && !tail.starts_with(['/', ':'])
        && !(!first_tail.is_empty() && first_tail.chars().all(|c| c.is_ascii_digit()) && !tail.contains(':'))
        && !code.contains("::")
        && !code.contains("//")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        let legend = Legend { words: vec!["SYMBOL".to_owned()], ..Legend::default() };
        pattern(text, &legend).map(|named| named.pattern).unwrap_or_default()
    }

    #[test]
    fn placeholders_of_all_notations() {
        let cases = [
            ("user:{id}:cart", "user:{id}:cart"),
            ("user:<user-id>:cart", "user:{user_id}:cart"),
            ("spot:[symbol]", "spot:{symbol}"),
            ("user:${userId}", "user:{userId}"),
            ("user:%s:item:%d", "user:{user}:item:{item}"),
            ("user:{{id}}", "user:{id}"),
            ("spot:SYMBOL:trail", "spot:{SYMBOL}:trail"),
            ("massive:chain:*", "massive:chain:{chain}"),
            ("massive:spot:", "massive:spot:{spot}"),
            ("a:*:b:*", "a:{a}:b:{b}"),
            ("job:{a|b}:state", "job:{job}:state"),
            ("day:YYYY-MM-DD", "day:{date}"),
            ("/users/:id/cart", "/users/{id}/cart"),
            ("{user:{id}}:cart", "{{user:{id}}}:cart"),
        ];
        for (written, wanted) in cases {
            assert_eq!(of(written), wanted.replace("{SYMBOL}", "{symbol}"), "{written}");
        }
        assert_eq!(of(""), "");
    }

    #[test]
    fn code_spans_that_are_names_of_keys() {
        for yes in ["massive:spot", "user:{id}", "a1:b:2", "massive:chain:*", "massive:spot:"] {
            assert!(looks_like_key(yes), "{yes}");
        }
        for no in ["http://x", "localhost:6379", "std::fmt", "a: b", "12:30", "f(x:y)", "x", "redis://h"] {
            assert!(!looks_like_key(no), "{no}");
        }
    }
}
