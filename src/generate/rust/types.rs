//! Arguments and values as Rust types: what callers of generated code pass and get.

use super::plan::{Argument, ArgumentKind};
use super::{names, parts};
use crate::registry::{ModuleId, Registry, Scalar, Value};

/// The module for which code is made.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub registry: &'a Registry,
    pub module: ModuleId,
}

/// How a value is passed to a writer.
pub(super) fn passed(place: Place<'_>, value: &Value) -> String {
    match value {
        Value::Payload(id) => format!("&Encoded<payloads::{}>", parts::payload(place, *id)),
        Value::Scalar(Scalar::Text | Scalar::DateTime) => "&str".to_owned(),
        Value::Scalar(Scalar::Json) => "&serde_json::Value".to_owned(),
        Value::Scalar(Scalar::Bytes) | Value::Unknown(_) => "&[u8]".to_owned(),
        Value::Scalar(
            scalar @ (Scalar::Integer
            | Scalar::Number
            | Scalar::Boolean
            | Scalar::EpochS
            | Scalar::EpochMs
            | Scalar::EpochUs
            | Scalar::EpochNs),
        ) => plain(*scalar).to_owned(),
    }
}

/// What a reader gives of a value, or a contract holds.
pub(super) fn owned(place: Place<'_>, value: &Value) -> String {
    match value {
        Value::Payload(id) => format!("payloads::{}", parts::payload(place, *id)),
        Value::Scalar(scalar) => plain(*scalar).to_owned(),
        Value::Unknown(_) => plain(Scalar::Bytes).to_owned(),
    }
}

/// The function that reads a value from bytes.
pub(super) fn decoder(place: Place<'_>, value: &Value) -> String {
    match value {
        Value::Payload(id) => format!("payloads::{}::decode", parts::payload(place, *id)),
        Value::Scalar(scalar) => {
            let kind = match scalar {
                Scalar::Integer => "integer",
                Scalar::Number | Scalar::EpochS => "number",
                Scalar::Boolean => "boolean",
                Scalar::Text => "text",
                Scalar::Bytes => "bytes",
                Scalar::Json => "json",
                Scalar::DateTime => "date_time",
                Scalar::EpochMs | Scalar::EpochUs | Scalar::EpochNs => "epoch",
            };
            format!("support::read_{kind}")
        }
        Value::Unknown(_) => "support::read_bytes".to_owned(),
    }
}

fn plain(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Integer | Scalar::EpochMs | Scalar::EpochUs | Scalar::EpochNs => "i64",
        Scalar::Number | Scalar::EpochS => "f64",
        Scalar::Boolean => "bool",
        Scalar::Text | Scalar::DateTime => "String",
        Scalar::Bytes => "Vec<u8>",
        Scalar::Json => "serde_json::Value",
    }
}

/// Is a score of this kind a whole number in Rust?
pub(super) fn is_whole_score(score: &Value) -> bool {
    matches!(score, Value::Scalar(Scalar::Integer | Scalar::EpochMs | Scalar::EpochUs | Scalar::EpochNs))
}

/// The type of a score.
pub(super) fn score(score: &Value) -> &'static str {
    if is_whole_score(score) { "i64" } else { "f64" }
}

/// The type of a param's values.
pub(super) fn param(place: Place<'_>, name: &str) -> String {
    format!("params::{}", parts::param(place, name))
}

/// The variable for a param: its name, unless generated code has a variable of that name.
pub(super) fn variable(param: &str) -> String {
    let name = names::snake(param);
    if matches!(name.as_str(), "conn" | "pubsub" | "batch" | "key" | "all_keys" | "reply") {
        return format!("{name}_param");
    }
    names::ident(&name)
}

/// The type of an argument of a writer or reader; `params` are those of the entry's pattern.
pub(super) fn argument(place: Place<'_>, argument: &Argument, params: &[String]) -> String {
    match &argument.kind {
        ArgumentKind::Value(value) => passed(place, value),
        ArgumentKind::OptionalValue(value) => format!("Option<{}>", passed(place, value)),
        ArgumentKind::Score(value) => score(value).to_owned(),
        ArgumentKind::Param(name) => format!("&{}", param(place, name)),
        ArgumentKind::Integer => "i64".to_owned(),
        ArgumentKind::Count => "u64".to_owned(),
        ArgumentKind::Number => "f64".to_owned(),
        ArgumentKind::Flag => "bool".to_owned(),
        ArgumentKind::Text => "&str".to_owned(),
        ArgumentKind::Texts => "&[&str]".to_owned(),
        ArgumentKind::Bound => "impl Into<ScoreBound>".to_owned(),
        ArgumentKind::Ttl(_) | ArgumentKind::Wait => "Duration".to_owned(),
        ArgumentKind::Limit => "Option<usize>".to_owned(),
        ArgumentKind::OptionalWait => "Option<Duration>".to_owned(),
        ArgumentKind::Names => match params {
            [only] => format!("&[{}]", param(place, only)),
            _ => format!("&[({})]", params.iter().map(|name| param(place, name)).collect::<Vec<_>>().join(", ")),
        },
        ArgumentKind::Raw => "&[&[u8]]".to_owned(),
    }
}

/// The type of an argument in a contract, read from JSON.
pub(super) fn in_contract(place: Place<'_>, argument: &Argument) -> String {
    let from_json = |value: &Value| match value {
        Value::Scalar(Scalar::Bytes) | Value::Unknown(_) => "String".to_owned(),
        Value::Scalar(_) | Value::Payload(_) => owned(place, value),
    };
    match &argument.kind {
        ArgumentKind::Value(value) => from_json(value),
        ArgumentKind::OptionalValue(value) => format!("Option<{}>", from_json(value)),
        ArgumentKind::Score(value) => score(value).to_owned(),
        ArgumentKind::Param(name) => param(place, name),
        ArgumentKind::Integer => "i64".to_owned(),
        ArgumentKind::Count => "u64".to_owned(),
        ArgumentKind::Number | ArgumentKind::Bound | ArgumentKind::Ttl(_) | ArgumentKind::Wait => "f64".to_owned(),
        ArgumentKind::Flag => "bool".to_owned(),
        ArgumentKind::Text => "String".to_owned(),
        ArgumentKind::Limit => "Option<usize>".to_owned(),
        ArgumentKind::OptionalWait => "Option<f64>".to_owned(),
        ArgumentKind::Texts | ArgumentKind::Raw | ArgumentKind::Names => "Vec<String>".to_owned(),
    }
}

/// How an argument of a contract (a reference to it, named `name`) is passed to a writer.
pub(super) fn from_contract(argument: &Argument, name: &str) -> String {
    let value = |value: &Value, name: &str| match value {
        Value::Payload(_) => format!("&{name}.encode()?"),
        Value::Scalar(Scalar::Text | Scalar::DateTime | Scalar::Json) => name.to_owned(),
        Value::Scalar(Scalar::Bytes) | Value::Unknown(_) => format!("{name}.as_bytes()"),
        Value::Scalar(_) => format!("*{name}"),
    };
    match &argument.kind {
        ArgumentKind::Value(kind) => value(kind, name),
        ArgumentKind::OptionalValue(kind) => match kind {
            Value::Payload(_) => format!("{name}.as_ref().map(Payload::encode).transpose()?.as_ref()"),
            Value::Scalar(Scalar::Text | Scalar::DateTime) => format!("{name}.as_deref()"),
            Value::Scalar(Scalar::Json) => format!("{name}.as_ref()"),
            Value::Scalar(Scalar::Bytes) | Value::Unknown(_) => format!("{name}.as_deref().map(str::as_bytes)"),
            Value::Scalar(_) => format!("*{name}"),
        },
        ArgumentKind::Param(_) | ArgumentKind::Text | ArgumentKind::Names => name.to_owned(),
        ArgumentKind::Score(_)
        | ArgumentKind::Integer
        | ArgumentKind::Count
        | ArgumentKind::Number
        | ArgumentKind::Flag
        | ArgumentKind::Limit
        | ArgumentKind::Bound => format!("*{name}"),
        ArgumentKind::Ttl(_) | ArgumentKind::Wait => format!("support::seconds({:?}, *{name})?", argument.name),
        ArgumentKind::OptionalWait => {
            format!("{name}.map(|number| support::seconds({:?}, number)).transpose()?", argument.name)
        }
        ArgumentKind::Texts => format!("&{name}.iter().map(String::as_str).collect::<Vec<_>>()"),
        ArgumentKind::Raw => format!("&{name}.iter().map(String::as_bytes).collect::<Vec<_>>()"),
    }
}
