//! Pages of the docs with real output: what is varying in it, and how a page is renewed.

use std::path::PathBuf;

use keywire::server::embedded::EmbeddedServer;

/// The folder of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A text without what differs from run to run: numbers, the server's flavour, and gaps, which depend on numbers.
pub fn canonical(text: &str) -> String {
    let text = text.replace("Redis ", "Valkey ");
    let mut canonical = String::new();
    for line in text.lines() {
        let words: Vec<String> = line.split_whitespace().map(numbers).collect();
        canonical.push_str(&words.join(" "));
        canonical.push('\n');
    }
    canonical.trim().to_owned()
}

fn numbers(word: &str) -> String {
    let mut text = String::new();
    for c in word.chars() {
        match c {
            '0'..='9' if text.ends_with('N') => {}
            '0'..='9' => text.push('N'),
            c => text.push(c),
        }
    }
    text
}

/// Output as a page shows it: the embedded server stands for the one at the usual address.
pub fn as_shown(output: &str, server: &EmbeddedServer) -> String {
    output.replace(&server.url(), "redis://127.0.0.1:6379/0")
}

/// Writes a page with KEYWIRE_UPDATE=1; else says how, and what differs.
pub fn renew(page: &str, text: &str, shown: &str, real: &str) {
    assert!(
        std::env::var_os("KEYWIRE_UPDATE").is_some(),
        "{page} shows what keywire no longer says; to renew it: KEYWIRE_UPDATE=1 cargo test --workspace --all-features \
         --test redis\nshown:\n{shown}\nreal:\n{real}"
    );
    std::fs::write(root().join(page), text).unwrap();
}
