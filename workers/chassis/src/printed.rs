//! Commands as lines for people: what a worker would send.

use std::io::Write as _;

/// Prints commands to the standard output, a line each, with quotes where a word needs them.
pub fn print<'a>(commands: impl Iterator<Item = Vec<&'a [u8]>>) {
    let mut out = std::io::stdout().lock();
    for words in commands {
        let words: Vec<String> = words.iter().map(|word| shown(&String::from_utf8_lossy(word))).collect();
        // Nobody reads what is printed: then there is nothing to do about it.
        let _ = writeln!(out, "{}", words.join(" "));
    }
}

fn shown(word: &str) -> String {
    let plain = !word.is_empty() && !word.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\'));
    if plain { word.to_owned() } else { format!("'{}'", word.replace('\\', "\\\\").replace('\'', "\\'")) }
}
