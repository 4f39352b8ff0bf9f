//! `use` lines of generated files: those that the text needs, in rustfmt's order.

/// Puts the `use` lines behind the file's docs; `siblings` are neighbouring modules that it may use.
pub(super) fn with_imports(text: &str, siblings: &[&str]) -> String {
    let split = text.lines().take_while(|line| line.starts_with("//!")).map(|line| line.len() + 1).sum();
    let (docs, code) = text.split_at(split);
    let has = |word: &str| is_used(code, word);
    let mut uses = String::new();
    let mut group = |lines: &[(&str, &str)]| {
        let used: Vec<String> =
            lines.iter().filter(|(word, _)| has(word)).map(|(_, path)| format!("use {path};\n")).collect();
        if !used.is_empty() {
            uses.push_str(&used.concat());
            uses.push('\n');
        }
    };
    group(&[("BTreeMap", "std::collections::BTreeMap"), ("Duration", "std::time::Duration")]);
    group(&[("RedisError", "redis::RedisError"), ("ConnectionLike", "redis::aio::ConnectionLike")]);
    let defined =
        |word: &str| code.contains(&format!("pub struct {word} ")) || code.contains(&format!("pub enum {word} "));
    if has("Batch") && !defined("Batch") {
        uses.push_str("use super::batch::Batch;\n");
    }
    if has("Config") {
        uses.push_str("use super::config::Config;\n");
    }
    let mut support: Vec<&str> = if has("support") { vec!["self"] } else { Vec::new() };
    let names =
        ["Commands", "Encoded", "Expiry", "Invalid", "Pairs", "Payload", "RawEntries", "ReadError", "ScoreBound"];
    support.extend(names.into_iter().filter(|name| has(name)));
    if !support.contains(&"Payload") && (code.contains("::decode") || code.contains(".encode()")) {
        let at = support.iter().position(|name| *name != "self" && *name > "Payload").unwrap_or(support.len());
        support.insert(at, "Payload");
    }
    match support.as_slice() {
        [] => {}
        ["self"] => uses.push_str("use super::support;\n"),
        [only] => uses.push_str(&format!("use super::support::{only};\n")),
        several => uses.push_str(&format!("use super::support::{{{}}};\n", several.join(", "))),
    }
    let modules: Vec<&str> = siblings.iter().copied().filter(|module| code.contains(&format!("{module}::"))).collect();
    match modules.as_slice() {
        [] => {}
        [only] => uses.push_str(&format!("use super::{only};\n")),
        several => uses.push_str(&format!("use super::{{{}}};\n", several.join(", "))),
    }
    format!("{docs}\n{uses}\n{code}")
}

/// Does the word stand in the code, by itself?
fn is_used(code: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let code = code.lines().filter(|line| !line.trim_start().starts_with("///"));
    code.flat_map(|line| line.match_indices(word).map(move |(at, _)| (line, at)))
        .any(|(line, at)| !line[..at].ends_with(part) && !line[at + word.len()..].starts_with(part))
}

/// A text as a doc comment, a full stop at its end.
pub(super) fn doc(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.replace('[', "\\[").replace('<', "\\<");
    let stop = if text.ends_with(['.', '!', '?', ':']) { "" } else { "." };
    let mut lines = String::new();
    let mut line = String::from("///");
    for word in text.split(' ') {
        if line.len() + word.len() > 100 {
            lines.push_str(&line);
            lines.push('\n');
            line = String::from("///");
        }
        line.push(' ');
        line.push_str(word);
    }
    format!("{lines}{line}{stop}\n")
}
