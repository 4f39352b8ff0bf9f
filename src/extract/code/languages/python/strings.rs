//! String literals of Python: prefixes, quotes and escapes.

/// The text of a literal without an f-string's values, after its escapes.
pub(super) fn unescaped(text: &str, raw: bool) -> String {
    if raw || !text.contains('\\') {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => plain.push('\n'),
            Some('r') => plain.push('\r'),
            Some('t') => plain.push('\t'),
            Some('0') => plain.push('\0'),
            Some('\n') | None => {}
            Some(kind @ ('x' | 'u' | 'U')) => {
                let digits = match kind {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let mut code = 0_u32;
                for _ in 0..digits {
                    let Some(digit) = chars.peek().and_then(|c| c.to_digit(16)) else { break };
                    code = code.wrapping_mul(16).wrapping_add(digit);
                    chars.next();
                }
                plain.extend(char::from_u32(code));
            }
            Some(quote @ ('\\' | '\'' | '"')) => plain.push(quote),
            Some(other) => {
                plain.push('\\');
                plain.push(other);
            }
        }
    }
    plain
}

/// Is it raw (`r"..."`), and is it an f-string, by what stands before its quotes?
pub(super) fn prefix(start: &str) -> (bool, bool) {
    let letters = start.trim_end_matches(['"', '\'']);
    (letters.contains(['r', 'R']), letters.contains(['f', 'F']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read() {
        assert_eq!(unescaped(r"a\x3ab\n\u00e9\q", false), "a:b\né\\q");
        assert_eq!(unescaped(r"a\n", true), r"a\n");
        assert_eq!(prefix("rb'''"), (true, false));
        assert_eq!(prefix("Rf\""), (true, true));
    }
}
