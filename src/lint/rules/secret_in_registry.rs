//! Passwords, tokens and keys in the registry.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::registry::{ConfigKind, ConfigVariable, Registry};
use crate::rule::Rule;
use crate::source::{Node, NodeKind, Span};

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "secret-in-registry",
        level: Level::Error,
        summary: "the registry holds something that looks like a secret",
        docs: "\
A registry is read by everybody, printed into docs and kept in version control for ever. It has no place for secrets:
a password in a URL, a token as a default, a private key in an example. A variable marked `secret: true` has no
default.

Remove it, and change it where it is in use, because it has been seen. Give the URL without user and password;
programs get them from their environment. The message never shows the value.",
        bad: "\
module: app
role: Serves requests.
bus: main
config:
  APP_API_TOKEN: { type: string, default: 7Hq2mZx9Kd0Lw4Vb, about: Access to the provider. }
keys:
  state:
    key: app:state
    purpose: State of the app.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
config:
  APP_API_TOKEN: { type: string, secret: true, about: Access to the provider. }
keys:
  state:
    key: app:state
    purpose: State of the app.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for tree in &registry.trees {
        let mut path = Vec::new();
        scan(tree, &mut path, findings);
    }
    let own = findings.iter().filter(|finding| finding.rule == RULE.rule.name);
    // Shared variables come once per module.
    let mut known: Vec<Span> = own.filter_map(|finding| finding.place).collect();
    for variable in registry.modules.iter().flat_map(|module| &module.config) {
        let Some(default) = variable.default.as_ref() else { continue };
        let span = registry.span(&variable.address, &["default"]);
        let texts = default.as_array().map_or_else(|| vec![default], |items| items.iter().collect());
        let suspicious = texts.into_iter().filter_map(|text| text.as_str()).any(|text| is_suspicious(variable, text));
        if (variable.secret || suspicious) && !known.contains(&span) {
            known.push(span);
            let name = &variable.name;
            let message = if variable.secret {
                format!("the secret `{name}` has a default")
            } else {
                format!("the default of `{name}` looks like a secret")
            };
            findings.push(found(message, name, span));
        }
    }
}

fn found(message: String, subject: &str, span: Span) -> Finding {
    let hint = "remove it, and change it where it is in use; programs get it from their environment";
    RULE.rule.finding(message).subject(subject).at(span).hint(hint)
}

/// Whatever looks like a secret wherever it stands.
fn scan(node: &Node, path: &mut Vec<String>, findings: &mut Vec<Finding>) {
    match &node.kind {
        NodeKind::Scalar { text, .. } => {
            if let Some(what) = recognised(text) {
                findings.push(found(format!("this looks like {what}"), &path.join("."), node.span));
            }
        }
        NodeKind::Sequence(items) => {
            for (at, item) in items.iter().enumerate() {
                path.push(at.to_string());
                scan(item, path, findings);
                path.pop();
            }
        }
        NodeKind::Mapping(entries) => {
            for entry in entries {
                path.push(entry.name.clone());
                scan(&entry.value, path, findings);
                path.pop();
            }
        }
    }
}

/// Beginnings of well-known kinds of credentials, and how many letters and digits follow at least.
const PREFIXES: &[(&str, usize, &str)] = &[
    ("AKIA", 16, "an access key of AWS"),
    ("ASIA", 16, "an access key of AWS"),
    ("sk_live_", 16, "a live key of a payment provider"),
    ("rk_live_", 16, "a live key of a payment provider"),
    ("ghp_", 30, "a token of GitHub"),
    ("gho_", 30, "a token of GitHub"),
    ("github_pat_", 30, "a token of GitHub"),
    ("glpat-", 16, "a token of GitLab"),
    ("xoxb-", 20, "a token of Slack"),
    ("xoxp-", 20, "a token of Slack"),
    ("AIza", 30, "an API key of Google"),
    ("eyJhbGciOi", 20, "a JSON web token"),
];

fn recognised(text: &str) -> Option<&'static str> {
    if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") {
        return Some("a private key");
    }
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '=' | ',' | ':'));
    for word in words {
        let known = |(prefix, least, _): &&(&str, usize, &str)| {
            let rest = word.strip_prefix(prefix).unwrap_or_default();
            rest.len() >= *least && rest.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
        };
        if let Some((_, _, what)) = PREFIXES.iter().find(known) {
            return Some(what);
        }
    }
    text.split_whitespace().any(has_password).then_some("a URL with a password")
}

/// `scheme://user:password@host`, where the password is not a placeholder.
fn has_password(word: &str) -> bool {
    let Some((_, rest)) = word.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((user, _)) = authority.rsplit_once('@') else { return false };
    let password = user.split_once(':').map_or("", |(_, password)| password);
    !password.is_empty() && !password.starts_with(['$', '{', '<', '*']) && !password.contains("...")
}

/// A text as default of a variable whose name speaks of secrets, or a text that looks random.
fn is_suspicious(variable: &ConfigVariable, text: &str) -> bool {
    let is_text = matches!(variable.kind, ConfigKind::String | ConfigKind::List | ConfigKind::Url);
    is_text && !text.is_empty() && (smells(&variable.name) && variable.kind == ConfigKind::String || is_random(text))
}

fn smells(name: &str) -> bool {
    let name = name.to_lowercase();
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).collect();
    let secret = ["secret", "token", "password", "passwd", "passphrase", "pwd", "apikey", "credential", "credentials"];
    // A cache key or key prefix is a name, an API key is not.
    let key = words.last() == Some(&"key")
        && words.iter().any(|word| matches!(*word, "api" | "access" | "private" | "signing" | "encryption" | "master"));
    key || words.last().is_some_and(|last| secret.contains(last)) || words.contains(&"secret")
}

/// Long, of letters and digits mixed, and without the repetitions of words.
fn is_random(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '_' | '-');
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let upper = text.chars().any(|c| c.is_ascii_uppercase());
    let lower = text.chars().any(|c| c.is_ascii_lowercase());
    let is_hex = text.len() >= 32 && text.chars().all(|c| c.is_ascii_hexdigit()) && digits > 4 && (upper || lower);
    let is_mixed = text.len() >= 24 && text.chars().all(allowed) && digits > 2 && upper && lower && entropy(text) > 4.0;
    is_hex || is_mixed
}

/// Bits per character, by how often each one stands in the text.
fn entropy(text: &str) -> f64 {
    let mut counts = [0u32; 256];
    text.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    let length = f64::from(u32::try_from(text.len()).unwrap_or(u32::MAX));
    let shares = counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / length);
    -shares.map(|share| share * share.log2()).sum::<f64>()
}
