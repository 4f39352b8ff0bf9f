//! Which files may speak Redis by themselves, told by their text before anything in them is looked at.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::languages::LANGUAGES;

/// Names of Redis, whatever their case and whatever they are a part of.
const NAMES: &[&str] = &["redis", "valkey"];
/// A short name for it, which must stand alone: `rds`, `user_rds`, `userRds`.
const SHORT: &str = "rds";
/// Its protocol written by hand, after a count and before a length.
const PROTOCOL: &[&str] = &["\\r\\n$", "\\r\\n"];

/// All of these with the packages of its libraries, and the methods that only it has. `None` where they cannot be searched for.
static WORDS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let clients = || LANGUAGES.iter().map(|language| language.clients);
    let methods = clients().flat_map(|clients| clients.telling).map(|name| format!(".{name}"));
    let modules = clients().flat_map(|clients| clients.modules).map(|name| (*name).to_owned());
    let others = NAMES.iter().chain([&SHORT]).chain(PROTOCOL).map(|word| (*word).to_owned());
    let mut words: Vec<String> = others.chain(modules).chain(methods).collect();
    words.sort();
    words.dedup();
    AhoCorasick::builder().ascii_case_insensitive(true).build(words).ok()
});

/// May a file speak Redis, by its text? It says yes too often rather than no.
#[must_use]
pub fn mentions(text: &str) -> bool {
    let Some(words) = WORDS.as_ref() else { return true };
    words.find_overlapping_iter(text).any(|found| {
        let (word, before, after) = (&text[found.range()], &text[..found.start()], &text[found.end()..]);
        let starts = !before.ends_with(|c: char| c.is_ascii_alphabetic());
        let ends = !after.starts_with(|c: char| c.is_ascii_lowercase());
        if word.eq_ignore_ascii_case(SHORT) {
            return ends && (starts || word.starts_with('R'));
        }
        if PROTOCOL.contains(&word) {
            let count = before.trim_end_matches(|c: char| c.is_ascii_digit());
            return word.len() > 4 || (count.len() < before.len() && count.ends_with('*'));
        }
        let is_part = NAMES.iter().any(|name| word.eq_ignore_ascii_case(name)) || word.starts_with('.');
        // Modules with short names must stand alone.
        is_part || (starts && !after.starts_with(|c: char| c.is_ascii_alphanumeric()))
    })
}

#[cfg(test)]
mod tests {
    use super::mentions;

    #[test]
    fn what_may_speak_redis_is_told_by_words() {
        for text in [
            "import redis",
            "const REDIS_URL = 1",
            "from valkey import Valkey",
            "self.rds.get(key)",
            "userRds.get(key)",
            "db.hset(key, 1)",
            "conn.ZAdd(ctx)",
            r#"s.send(b"*1\r\n$4\r\nPING\r\n")"#,
            "import coredis",
        ] {
            assert!(mentions(text), "{text}");
        }
        for text in ["", "words and cards", "import json\nx = data.get(1)", r#"s.send("GET / HTTP/1.1\r\n\r\n")"#] {
            assert!(!mentions(text), "{text}");
        }
    }
}
