//! Texts as YAML scalars and evidence as YAML comments: quoted where YAML 1.2 and our own reader need it, and only there.

use std::fmt::Write as _;

use crate::finding::printable;
use crate::source::{FileId, Node, NodeKind, Span};

/// Where a scalar is to stand: brackets, braces and commas have a meaning inside a flow collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    Block,
    Flow,
}

/// A text as a scalar on one line that is read back as the same text.
pub(super) fn text(text: &str, context: Context) -> String {
    if is_plain(text, context) && reads_as_text(text) {
        return text.to_owned();
    }
    quoted(text)
}

/// A text as the name of an entry: there `true` and `5` are text as well.
pub(super) fn name(text: &str, context: Context) -> String {
    if is_plain(text, context) { text.to_owned() } else { quoted(text) }
}

/// Without quotes, is it text to our reader, and not null, a flag or a number?
fn reads_as_text(text: &str) -> bool {
    let span = Span { file: FileId(0), start: 0, end: 0 };
    Node { span, kind: NodeKind::Scalar { text: text.to_owned(), plain: true } }.to_json().is_string()
}

/// Evidence as a comment of one line: nothing in it ends the line, or shows other than it is.
pub(super) fn comment(evidence: &str) -> String {
    let mut line = String::from("#");
    // Backslashes mean nothing in a comment: people see paths and expressions as they wrote them.
    for (at, part) in evidence.trim().split('\\').enumerate() {
        line.push_str(if at == 0 { " " } else { "\\" });
        for c in printable(part.as_bytes()).chars() {
            if is_line_break(c) { line.extend(c.escape_unicode()) } else { line.push(c) }
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// Breaks that are no control characters, but that some readers take for the end of a line.
fn is_line_break(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

fn is_plain(text: &str, context: Context) -> bool {
    let Some(first) = text.chars().next() else { return false };
    if text.trim() != text || first == '\u{feff}' || "-?:,[]{}#&*!|>'\"%@`".contains(first) {
        // `-5` is a number, and `-x` may be plain, but few people know that.
        return false;
    }
    if text == "---" || text == "..." || text == "<<" || text == "~" || text == "=" {
        return false;
    }
    if text.contains(": ") || text.contains(" #") || text.ends_with(':') {
        return false;
    }
    let harmless = |c: char| match c {
        ' ' => true,
        ',' | '[' | ']' | '{' | '}' | ':' => context == Context::Block,
        c => c.is_ascii_graphic() || c.is_alphanumeric(),
    };
    text.chars().all(harmless)
}

fn quoted(text: &str) -> String {
    let visible = |c: char| c == ' ' || c.is_ascii_graphic() || c.is_alphanumeric() || is_picture(c);
    if text.contains(['"', '\\']) && text.chars().all(visible) {
        return format!("'{}'", text.replace('\'', "''"));
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if visible(c) => out.push(c),
            c => {
                let code = u32::from(c);
                // Writing to a string cannot fail.
                let _ = match code {
                    0..=0xff => write!(out, "\\x{code:02X}"),
                    0x100..=0xffff => write!(out, "\\u{code:04X}"),
                    _ => write!(out, "\\U{code:08X}"),
                };
            }
        }
    }
    out.push('"');
    out
}

/// Symbols, punctuation and emoji beyond ASCII that YAML allows and that neither hide nor reorder text.
fn is_picture(c: char) -> bool {
    matches!(c, '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{bf}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}'
        | '\u{20a0}'..='\u{20bf}' | '\u{2190}'..='\u{2bff}' | '\u{3001}'..='\u{303f}' | '\u{1f300}'..='\u{1faff}')
}
