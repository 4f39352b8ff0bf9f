//! Literals of Rust, and format strings.

use super::super::super::program::{Expression, Piece};

/// The text of a string, byte string or character literal, raw or not.
pub(super) fn literal(written: &str) -> String {
    let body = written.trim_start_matches(['b', 'c']);
    if let Some(raw) = body.strip_prefix('r') {
        let raw = raw.trim_matches('#');
        return raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(raw).to_owned();
    }
    let quote = if body.starts_with('\'') { '\'' } else { '"' };
    let inner = body.strip_prefix(quote).unwrap_or(body);
    unescape(inner.strip_suffix(quote).unwrap_or(inner))
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        if char != '\\' {
            out.push(char);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('0') => out.push('\0'),
            Some('x') => {
                let digits: String = chars.by_ref().take(2).collect();
                out.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
            }
            Some('u') => {
                let digits: String =
                    chars.by_ref().take_while(|char| *char != '}').filter(char::is_ascii_hexdigit).collect();
                out.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
            }
            Some('\n') => while chars.next_if(|char| char.is_whitespace()).is_some() {},
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

/// A number without its suffix and separators.
pub(super) fn number(written: &str) -> String {
    let plain: String = written.chars().filter(|char| *char != '_').collect();
    if plain.starts_with("0x") {
        return plain;
    }
    let end = plain.find(['u', 'i', 'f']).unwrap_or(plain.len());
    plain.get(..end).unwrap_or(&plain).to_owned()
}

/// What stands in braces in a format string.
enum Hole {
    Next,
    Place(usize),
    Named(String),
}

/// The pieces of a format string. `named` tells the value of a name: an argument, or a variable in scope.
pub(super) fn template(format: &str, places: &[Expression], named: &dyn Fn(&str) -> Expression) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut next = 0;
    let mut chars = format.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '{' if chars.next_if_eq(&'{').is_some() => text.push('{'),
            '}' => {
                chars.next_if_eq(&'}');
                text.push('}');
            }
            '{' => {
                let inside: String = chars.by_ref().take_while(|char| *char != '}').collect();
                let value = match hole(&inside) {
                    Hole::Next => {
                        next += 1;
                        places.get(next - 1).cloned()
                    }
                    Hole::Place(place) => places.get(place).cloned(),
                    Hole::Named(name) => Some(named(&name)),
                };
                if !text.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                }
                pieces.push(Piece::Value(value.unwrap_or_else(|| named(&inside))));
            }
            other => text.push(other),
        }
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    pieces
}

fn hole(inside: &str) -> Hole {
    let name = inside.split(':').next().unwrap_or("").trim();
    if name.is_empty() {
        return Hole::Next;
    }
    name.parse().map_or_else(|_| Hole::Named(name.to_owned()), Hole::Place)
}
