//! What a client is to be called as a module: its name without what differs from process to process.

use crate::observe::traffic::Client;

/// The name for the party at the other end of a connection; empty where nobody can tell.
#[must_use]
pub(super) fn party(client: &Client) -> String {
    if let Some(module) = &client.module {
        return module.clone();
    }
    let user = client.user.as_deref().filter(|user| *user != "default").map(module_name);
    let name = || client.name.as_deref().map(module_name).filter(|name| !name.is_empty());
    user.filter(|user| !user.is_empty()).or_else(name).unwrap_or_default()
}

/// A name as a module may have it: `spot-worker:4711` is spot_worker.
fn module_name(name: &str) -> String {
    let is_apart = |c: char| !c.is_alphanumeric();
    let mut words: Vec<&str> = name.split(is_apart).filter(|word| !word.is_empty()).collect();
    while words.len() > 1 && words.last().is_some_and(|word| is_instance(word)) {
        words.pop();
    }
    let mut text = words.join("_").to_lowercase();
    if words.len() == 1 {
        let kept = text.trim_end_matches(|c: char| c.is_ascii_digit());
        text.truncate(kept.len());
    }
    if text.is_ascii() && text.chars().next().is_some_and(char::is_alphabetic) { text } else { String::new() }
}

/// A number, or something long with digits in it: of a process, a host or a start.
fn is_instance(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    digits == word.len() || (digits > 0 && word.len() >= 6 && word.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_are_called_like_modules() {
        for (name, expected) in [
            ("spot_worker", "spot_worker"),
            ("spot-worker:4711", "spot_worker"),
            ("api.7f3a9c2e", "api"),
            ("worker17", "worker"),
            ("Billing Service 3", "billing_service"),
            ("web1-eu", "web1_eu"),
            ("4711", ""),
            ("", ""),
            ("münchen", ""),
        ] {
            assert_eq!(module_name(name), expected, "{name}");
        }
        let client = Client { name: Some("x".into()), user: Some("default".into()), ..Client::default() };
        assert_eq!(party(&client), "x");
        let client = Client { name: Some("x".into()), user: Some("spot".into()), ..Client::default() };
        assert_eq!(party(&client), "spot");
    }
}
