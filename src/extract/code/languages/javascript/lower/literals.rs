//! Texts, templates and numbers.

use tree_sitter::Node;

use super::{Lowering, children};
use crate::extract::code::program::{Form, Piece};

impl<'t> Lowering<'t> {
    /// The text of a string literal.
    pub(super) fn string(&self, node: Node<'_>) -> String {
        let mut text = String::new();
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            match child.kind() {
                "escape_sequence" => escape(self.text_of(child), &mut text),
                _ => text.push_str(self.text_of(child)),
            }
        }
        text
    }

    /// A template literal: a text, if it has no values.
    pub(super) fn template(&mut self, node: Node<'t>) -> Form {
        let mut pieces: Vec<Piece> = vec![];
        let mut text = String::new();
        for child in children(node) {
            match child.kind() {
                "template_substitution" => {
                    if !text.is_empty() {
                        pieces.push(Piece::Text(std::mem::take(&mut text)));
                    }
                    for value in children(child) {
                        pieces.push(Piece::Value(self.expression(value)));
                    }
                }
                "escape_sequence" => escape(self.text_of(child), &mut text),
                _ => text.push_str(self.text_of(child)),
            }
        }
        if pieces.is_empty() {
            return Form::Text(text);
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        Form::Template(pieces)
    }

    /// A regular expression: the text, if it matches one text alone (`/\{id\}/g`).
    pub(super) fn regex(&self, node: Node<'t>) -> Form {
        let pattern = node.child_by_field_name("pattern").map_or("", |pattern| self.text_of(pattern));
        let mut text = String::new();
        let mut letters = pattern.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '\\' => match letters.next() {
                    Some(escaped) if !escaped.is_alphanumeric() => text.push(escaped),
                    _ => return Form::Opaque(vec![]),
                },
                '.' | '*' | '+' | '?' | '^' | '$' | '(' | ')' | '[' | ']' | '|' => return Form::Opaque(vec![]),
                // `{id}` is no repetition.
                '{' | '}' if pattern.bytes().any(|byte| byte.is_ascii_digit()) => return Form::Opaque(vec![]),
                _ => text.push(letter),
            }
        }
        Form::Text(text)
    }
}

/// A number without separators and suffix, in tens.
pub fn number(text: &str) -> String {
    let plain: String = text.chars().filter(|letter| *letter != '_').collect();
    let plain = plain.strip_suffix('n').unwrap_or(&plain);
    for (prefix, radix) in [("0x", 16), ("0X", 16), ("0o", 8), ("0O", 8), ("0b", 2), ("0B", 2)] {
        if let Some(digits) = plain.strip_prefix(prefix)
            && let Ok(number) = u64::from_str_radix(digits, radix)
        {
            return number.to_string();
        }
    }
    plain.to_owned()
}

/// What an escape means.
fn escape(escape: &str, text: &mut String) {
    let mut letters = escape.strip_prefix('\\').unwrap_or(escape).chars();
    let Some(kind) = letters.next() else { return };
    let rest = letters.as_str();
    match kind {
        'n' => text.push('\n'),
        't' => text.push('\t'),
        'r' => text.push('\r'),
        'b' => text.push('\u{8}'),
        'f' => text.push('\u{c}'),
        'v' => text.push('\u{b}'),
        '0' if rest.is_empty() => text.push('\0'),
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => {}
        'x' | 'u' => {
            let digits = rest.trim_start_matches('{').trim_end_matches('}');
            text.push(u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).unwrap_or('\u{fffd}'));
        }
        other => text.push(other),
    }
}
