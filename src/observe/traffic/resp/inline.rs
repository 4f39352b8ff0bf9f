//! Inline commands: a line of words as people type it, quoted as servers let them.
//!
//! In: a line without its end. Out: its words, or that its quotes do not balance.

use super::Broken;

const UNBALANCED: Broken = Broken("unbalanced quotes in an inline command");

/// Splits a line into words: `"..."` with escapes `\n \r \t \b \a \xHH`, and `'...'` with `\'`.
pub(super) fn split(line: &[u8]) -> Result<Vec<Vec<u8>>, Broken> {
    // Servers read the line as a C string, which a zero byte ends.
    let line = line.split(|&byte| byte == 0).next().unwrap_or_default();
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(&byte) = line.get(at) {
        if is_space(byte) {
            at += 1;
        } else {
            words.push(word(line, &mut at)?);
        }
    }
    Ok(words)
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

fn word(line: &[u8], at: &mut usize) -> Result<Vec<u8>, Broken> {
    let mut word = Vec::new();
    while let Some(&byte) = line.get(*at).filter(|&&byte| !is_space(byte)) {
        *at += 1;
        if let b'"' | b'\'' = byte {
            quoted(line, at, byte, &mut word)?;
            // The closing quote ends the word, and a space or nothing must follow.
            return if line.get(*at).is_none_or(|&next| is_space(next)) { Ok(word) } else { Err(UNBALANCED) };
        }
        word.push(byte);
    }
    Ok(word)
}

fn quoted(line: &[u8], at: &mut usize, quote: u8, word: &mut Vec<u8>) -> Result<(), Broken> {
    loop {
        let rest = line.get(*at..).unwrap_or_default();
        let (byte, used) = match *rest {
            [] => return Err(UNBALANCED),
            [byte, ..] if byte == quote => {
                *at += 1;
                return Ok(());
            }
            [b'\\', b'\'', ..] if quote == b'\'' => (b'\'', 2),
            [b'\\', b'x', high, low, ..] if quote == b'"' && high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                (digit(high) << 4 | digit(low), 4)
            }
            [b'\\', escaped, ..] if quote == b'"' => (unescaped(escaped), 2),
            [byte, ..] => (byte, 1),
        };
        word.push(byte);
        *at += used;
    }
}

fn digit(byte: u8) -> u8 {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()).unwrap_or_default()
}

fn unescaped(byte: u8) -> u8 {
    match byte {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 0x08,
        b'a' => 0x07,
        other => other,
    }
}
