//! What a key holds, from remarks, purposes and the parentheses of its operations.

use serde_json::{Value as Json, json};

use super::kinds::What;
use super::operations::{self, Op};
use super::walk::Walk;
use super::words::{parenthesis, split, without_eg};
use crate::extract::Kind;
use crate::extract::draft::Node;
use crate::extract::import::record::{Entry, named};
use crate::types::{self, RedisType};

/// Fills in type and contents.
#[expect(clippy::too_many_arguments, reason = "each is another cell of the row")]
pub(super) fn fill(
    entry: &mut Entry,
    what: Option<What>,
    remarks: &[String],
    all: &[Op],
    parts: &[String],
    walk: &mut Walk<'_>,
) {
    let purpose = entry.fields.word("purpose").unwrap_or_default().to_owned();
    let words: Vec<&str> =
        remarks.iter().map(String::as_str).chain([purpose.as_str()]).filter(|words| !words.is_empty()).collect();
    let details: Vec<&str> = all
        .iter()
        .filter(|op| op.command.is_write() || op.command.publishes())
        .map(|op| op.details.as_str())
        .filter(|details| !details.is_empty())
        .collect();
    let params = walk_params(walk);
    let payload = || payload(&words).map(|fields| schema(fields, &purpose, &params));
    if entry.kind == Kind::Channel {
        if let Some(schema) = payload() {
            walk.declare_payload(entry, "message", schema);
        } else if let Some(value) = first_value(&words, &details) {
            entry.fields.fill("message", Node::text(value));
        }
        return;
    }
    let Some(redis_type) = (match what {
        Some(What::Type(redis_type)) => Some(redis_type),
        _ => inferred(all),
    }) else {
        return;
    };
    entry.fields.text("type", redis_type.name);
    match redis_type.name {
        "string" | "json" => {
            if let Some(schema) = payload() {
                walk.declare_payload(entry, "value", schema);
            } else if let Some(value) =
                counter(all).or_else(|| first_value(&words[..remarks.len().min(words.len())], &details))
            {
                entry.fields.fill("value", Node::text(value));
            } else if redis_type.name == "json" {
                entry.fields.fill("value", Node::text("json"));
            }
        }
        "hash" => hash(entry, remarks, &purpose, all, parts),
        "list" | "hyperloglog" => element(entry, "element", remarks, &details),
        "set" | "geo" => element(entry, "member", remarks, &details),
        "zset" => scored(entry, remarks, &purpose, all),
        "stream" => stream(entry, remarks, &details, parts),
        _ => {}
    }
}

fn walk_params(walk: &mut Walk<'_>) -> Vec<String> {
    walk.module().params.iter().map(|(name, _)| name.clone()).collect()
}

/// The type that all commands have in common.
fn inferred(all: &[Op]) -> Option<&'static RedisType> {
    let fits = |redis_type: &&&'static RedisType| {
        let special = matches!(redis_type.name, "json" | "geo" | "hyperloglog" | "bitmap");
        let data: Vec<&Op> = all.iter().filter(|op| !op.command.works_on().is_empty()).collect();
        !data.is_empty()
            && data.iter().all(|op| op.command.applies_to(redis_type.name))
            && (!special || data.iter().any(|op| !op.command.applies_to("string") && !op.command.applies_to("zset")))
    };
    let mut found = types::TYPES.iter().filter(fits);
    let first = found.next()?;
    found.next().is_none().then_some(*first)
}

fn counter(all: &[Op]) -> Option<&'static str> {
    let has = |name: &str| all.iter().any(|op| op.command.name == name);
    if has("INCRBYFLOAT") {
        return Some("number");
    }
    (has("INCR") || has("INCRBY") || has("DECR") || has("DECRBY")).then_some("integer")
}

fn first_value(words: &[&str], details: &[&str]) -> Option<&'static str> {
    let sure = |value: &&'static str| matches!(*value, "json" | "bytes" | "integer" | "boolean");
    details.iter().chain(words).find_map(|words| operations::value(words).filter(sure))
}

/// The fields of a payload that words list: `JSON payload with value, ts, etc.`.
fn payload(words: &[&str]) -> Option<Vec<String>> {
    words.iter().find_map(|words| {
        let lower = words.to_lowercase();
        let at = lower.find("json")?;
        let after = words.get(at + 4..)?;
        let start =
            [" with ", "{", ": ", " of "].iter().filter_map(|word| after.find(word).map(|at| at + word.len())).min()?;
        let list = after.get(start..)?;
        let list = list.split([')', '}', ';']).next()?;
        let list = list.trim_end_matches('.').trim_end_matches("etc").trim_end_matches([',', ' ', '.']);
        let names: Vec<&str> =
            super::words::items(list).into_iter().map(|name| name.trim_matches(['`', '"', '\''])).collect();
        let is_name = |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let names: Vec<String> = names.into_iter().filter(|name| *name != "etc").map(str::to_owned).collect();
        (!names.is_empty() && names.iter().all(|name| is_name(&name.as_str()))).then_some(names)
    })
}

/// A schema that asks for nothing but an object, because that is all that the words are sure of.
fn schema(mut fields: Vec<String>, purpose: &str, params: &[String]) -> Json {
    // One value for each of them: it says of which it is.
    let lower = purpose.to_lowercase();
    let per =
        lower.split_once(" per ").and_then(|(_, rest)| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next());
    if let Some(subject) = per.filter(|subject| {
        params.iter().any(|param| param == subject) || matches!(*subject, "symbol" | "ticker" | "user" | "instrument")
    }) && !fields.iter().any(|field| field == subject)
    {
        fields.insert(0, subject.to_owned());
    }
    let properties: serde_json::Map<String, Json> = fields.into_iter().map(|name| (name, json!({}))).collect();
    json!({ "type": "object", "properties": properties })
}

fn hash(entry: &mut Entry, remarks: &[String], purpose: &str, all: &[Op], parts: &[String]) {
    for op in all.iter().filter(|op| op.command.is_write()) {
        let kind = match op.command.name.as_str() {
            "HINCRBY" => "integer",
            "HINCRBYFLOAT" => "number",
            "HSET" | "HMSET" | "HSETNX" => "text",
            _ => continue,
        };
        for name in operations::names(&op.details) {
            let fields = named(&mut entry.parts, &name);
            fields.fill("type", Node::text(kind));
            fields.fill("operations", Node::texts([op.command.name.as_str()]));
        }
    }
    let listed: Vec<String> =
        remarks.iter().flat_map(|remark| in_brackets(remark)).chain(parts.iter().cloned()).collect();
    let from_purpose = || {
        parenthesis(purpose)
            .map(|(_, inside, _)| operations::names(inside))
            .filter(|names| names.len() > 1)
            .unwrap_or_default()
    };
    let listed = if listed.is_empty() && entry.parts.is_empty() { from_purpose() } else { listed };
    for name in listed {
        named(&mut entry.parts, &name).fill("type", Node::text("text"));
    }
}

/// `{a, b}`, `(a, b)`, `fields: a, b`.
fn in_brackets(remark: &str) -> Vec<String> {
    let inside = remark.trim().trim_start_matches("fields:").trim();
    let inside = inside
        .trim_matches(['{', '}', '(', ')', '[', ']'])
        .trim_end_matches("etc.")
        .trim_end_matches([',', ' ', '…', '.']);
    let inside = without_eg(inside).unwrap_or(inside);
    // `a: integer, b: text` and `field → value` name the field first.
    let heads: Vec<&str> = split(inside, |rest| rest.starts_with(',').then_some(1))
        .into_iter()
        .map(|part| part.split([':', '→', '=']).next().unwrap_or(part).trim())
        .collect();
    operations::names(&heads.join(", "))
}

fn element(entry: &mut Entry, field: &str, remarks: &[String], details: &[&str]) {
    let words: Vec<&str> = remarks.iter().map(String::as_str).collect();
    let value = details.iter().copied().chain(words).find_map(operations::value);
    if let Some(value) = value {
        entry.fields.fill(field, Node::text(if value == "number" { "text" } else { value }));
    } else {
        entry.fields.fill(field, Node::text("text"));
    }
}

/// `ts → value`, `ZADD (ts: value)`: the score, then the member.
fn scored(entry: &mut Entry, remarks: &[String], purpose: &str, all: &[Op]) {
    let zadd = all.iter().find(|op| op.command.name == "ZADD").map(|op| op.details.as_str());
    let in_purpose = parenthesis(purpose)
        .map(|(_, inside, _)| inside)
        .filter(|inside| inside.contains('→') || inside.contains("->"));
    let words = remarks.iter().map(String::as_str).chain(zadd).chain(in_purpose);
    let pair = words.into_iter().find_map(|words| {
        let words = words.trim_matches(['(', ')', '{', '}']);
        let words =
            words.get(..5).filter(|head| head.eq_ignore_ascii_case("zset:")).map_or(words, |_| words[5..].trim());
        let (score, member) = words
            .split_once('→')
            .or_else(|| words.split_once("->"))
            .or_else(|| words.split_once(':'))
            .or_else(|| words.split_once(','))?;
        Some((score.trim().to_owned(), member.trim().to_owned()))
    });
    let Some((score, member)) = pair else {
        entry.fields.fill("member", Node::text("text"));
        return;
    };
    let (score, member) = match member.to_lowercase() {
        // `member → score` and `id: timestamp` are the other way round.
        lower if is_time(&lower) || lower == "score" => (member, score),
        _ => (score, member),
    };
    entry.fields.fill("member", Node::text(operations::value(&member).unwrap_or("text")));
    let is_sure = |kind: &&str| matches!(*kind, "epoch_ms" | "epoch_s" | "integer");
    let score = operations::value(&score).filter(is_sure).unwrap_or("number");
    entry.fields.fill("score", Node::text(score));
}

fn is_time(word: &str) -> bool {
    matches!(word, "ts" | "time" | "timestamp" | "epoch" | "epoch_ms" | "ts_ms")
}

fn stream(entry: &mut Entry, remarks: &[String], details: &[&str], parts: &[String]) {
    let listed: Vec<String> =
        remarks.iter().flat_map(|remark| in_brackets(remark)).chain(parts.iter().cloned()).collect();
    let named_fields: Vec<String> = details.iter().flat_map(|details| operations::names(details)).collect();
    let names = if listed.is_empty() { named_fields } else { listed };
    for name in names {
        let fields = named(&mut entry.parts, &name);
        fields.fill("type", Node::text("text"));
        fields.fill("required", Node::new(crate::extract::draft::Value::Flag(false)));
    }
    if entry.parts.is_empty() && details.iter().any(|details| details.eq_ignore_ascii_case("payload")) {
        named(&mut entry.parts, "payload").fill("type", Node::text("json"));
    }
}
