//! `## For Developers`: one update as it goes over the wire, how to read each key, and what counts as fresh.

use serde_json::Value as Json;

use super::figures;
use super::readings::{Entry, entries};
use super::text::{Table, blocks, code, fence, one_line, section};
use super::trace;
use crate::registry::{Bus, Key, ModuleId, Pattern, Registry, Scalar, Shape, Token, Value};

/// `## For Developers`.
pub(super) fn render(registry: &Registry, id: ModuleId) -> String {
    section(
        2,
        "For Developers",
        &blocks([
            section(3, "Trace of one update", &update(registry, id)),
            section(3, "How to read each key", &reading(registry, id)),
            section(3, "Freshness", &freshness(registry, id)),
        ]),
    )
}

fn update(registry: &Registry, id: ModuleId) -> String {
    let calls = trace::writes(registry, id);
    if calls.is_empty() {
        return String::new();
    }
    let lines: Vec<String> =
        calls.iter().map(|call| call.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")).collect();
    let atomic = if registry.module(id).atomic { ", between `MULTI` and `EXEC`" } else { "" };
    blocks([
        format!(
            "What one update sends, entry by entry{atomic}; values are examples, and long payloads are cut short (`…`)."
        ),
        fence("text", &lines.join("\n")),
    ])
}

/// A word for a shell: quoted when it holds anything special.
fn quoted(word: &str) -> String {
    let line = one_line(word);
    let plain = |c: char| {
        c.is_alphanumeric()
            || matches!(
                c,
                '_' | '-' | '.' | ':' | '/' | '+' | ',' | '=' | '@' | '…' | '$' | '{' | '}' | '(' | '~' | '*'
            )
    };
    if !line.is_empty() && line.chars().all(plain) { line } else { format!("'{}'", line.replace('\'', r"'\''")) }
}

/// The same for a real shell, where braces and stars mean something.
fn shell_word(word: &str) -> String {
    let line = one_line(word);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/' | '+' | ',' | '=' | '@');
    if !line.is_empty() && line.chars().all(plain) { line } else { format!("'{}'", line.replace('\'', r"'\''")) }
}

fn reading(registry: &Registry, id: ModuleId) -> String {
    let mut lines = Vec::new();
    for entry in entries(registry, id) {
        let url = entry.bus().map(|bus| url(registry.bus(bus))).unwrap_or_default();
        if !entry.pattern().is_static() && !entry.is_channel() {
            lines.push(format!("redis-cli{url} --scan --pattern {}", shell_word(&glob(entry.pattern()))));
        }
        let name = registry.example_names(id, entry.pattern(), 1).into_iter().next().unwrap_or_default();
        let words: Vec<String> = command(entry)
            .into_iter()
            .map(|word| if word == "KEY" { shell_word(&name) } else { word.to_owned() })
            .collect();
        lines.push(format!("redis-cli{url} {}", words.join(" ")));
    }
    if lines.is_empty() { String::new() } else { fence("sh", &lines.join("\n")) }
}

/// The option that leads a client to a bus; passwords are the reader's business.
fn url(bus: &Bus) -> String {
    let is_name = |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    match (bus.env.as_deref().filter(is_name), &bus.default) {
        (Some(env), _) => format!(" -u \"${env}\""),
        (None, Some(url)) if figures::without_password(url) == *url => format!(" -u {}", shell_word(url)),
        (None, _) => String::new(),
    }
}

/// How a person reads an entry; `KEY` stands for its name.
fn command(entry: Entry<'_>) -> Vec<&'static str> {
    let words = match entry {
        Entry::Channel(channel) if channel.operations.iter().any(|operation| operation.name == "SPUBLISH") => {
            "SSUBSCRIBE KEY"
        }
        Entry::Channel(_) => "SUBSCRIBE KEY",
        Entry::Key(key) => match key.redis_type.map(|redis_type| redis_type.name) {
            Some("string") => "GET KEY",
            Some("hash") => "HGETALL KEY",
            Some("list") => "LRANGE KEY 0 9",
            Some("set") => "SSCAN KEY 0 COUNT 10",
            Some("zset") => "ZRANGE KEY 0 9 REV WITHSCORES",
            Some("geo") => "ZRANGE KEY 0 9",
            Some("stream") => "XREVRANGE KEY + - COUNT 1",
            Some("json") => "JSON.GET KEY",
            Some("hyperloglog") => "PFCOUNT KEY",
            Some("bitmap") => "BITCOUNT KEY",
            _ => "TYPE KEY",
        },
    };
    words.split(' ').collect()
}

/// A glob for SCAN that finds all names of a pattern, and perhaps more.
fn glob(pattern: &Pattern) -> String {
    let mut glob = String::new();
    for token in pattern.tokens() {
        match token {
            Token::Param(_) => glob.push('*'),
            Token::Literal(literal) => {
                for c in literal.chars() {
                    if matches!(c, '*' | '?' | '[' | ']' | '\\') {
                        glob.push('\\');
                    }
                    glob.push(c);
                }
            }
        }
    }
    glob
}

fn freshness(registry: &Registry, id: ModuleId) -> String {
    let mut table = Table::new(&["Key", "Stale after", "Its time is"]);
    for key in registry.keys_of(id) {
        if let Some(freshness) = &key.freshness {
            table.row([
                super::payloads::name_of(registry, key),
                figures::duration(registry, id, freshness),
                time_of(registry, key),
            ]);
        }
    }
    table.render()
}

/// Where the time of a key's data stands.
fn time_of(registry: &Registry, key: &Key) -> String {
    let is_time = |value: &Value| {
        matches!(
            value,
            Value::Scalar(Scalar::DateTime | Scalar::EpochS | Scalar::EpochMs | Scalar::EpochUs | Scalar::EpochNs)
        )
    };
    match &key.shape {
        Shape::Scored { score, .. } if is_time(score) => "the highest score".to_owned(),
        Shape::Entries(_) => "the ID of the last entry".to_owned(),
        Shape::Fields(fields) => fields
            .iter()
            .find(|field| is_time(&field.value))
            .map(|field| format!("the field {}", code(field.name.as_str())))
            .unwrap_or_default(),
        Shape::Single(Value::Payload(id)) => time_property(&registry.payload(*id).schema)
            .map(|name| format!("{} in the payload", code(&name)))
            .unwrap_or_default(),
        Shape::Single(value) if is_time(value) => "the value".to_owned(),
        Shape::Opaque | Shape::Single(_) | Shape::Elements(_) | Shape::Members(_) | Shape::Scored { .. } => {
            String::new()
        }
    }
}

fn time_property(schema: &Json) -> Option<String> {
    let properties = schema.get("properties")?.as_object()?;
    properties
        .iter()
        .find(|(_, property)| property.get("format").and_then(Json::as_str) == Some("date-time"))
        .map(|(name, _)| name.clone())
}
