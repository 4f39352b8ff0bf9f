//! What is wrong with a document, told without its values: they are private.
//! Takes the validator's errors, gives pointers, keywords and messages made of the schema's side and of names.

use std::fmt::Write as _;

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::paths::Location;
use serde_json::Value;

use super::node::Node;

/// Names shown of one violation.
const MAX_NAMES: usize = 8;

/// Characters shown of a name, a pointer or a part of the schema.
const MAX_SHOWN: usize = 160;

/// One thing wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// Where in the document, such as `/legs/0/price`; empty for the whole. Long ones are cut.
    pub instance_pointer: String,
    /// The broken keyword, such as `type` or `additionalProperties`; `false` for the schema `false`.
    pub keyword: String,
    /// What the schema wants, such as `value must be a number`. Holds no value of the document.
    pub message: String,
    /// For `additionalProperties` and `unevaluatedProperties`, and for alternatives that fail for
    /// nothing else: the names that are not declared, at most eight. Otherwise empty.
    pub unexpected: Vec<String>,
}

impl Violation {
    /// Of the document under `root`, or of one that cannot be asked for names.
    pub(super) fn of(error: &ValidationError<'_>, root: Option<Node<'_>>) -> Self {
        let mut message = message(error);
        let mut unexpected = unexpected(error);
        if closed_by(error).is_some() {
            let object = root.and_then(|root| root.descend(error.instance_path().as_str()));
            let names: Vec<String> = object.iter().flat_map(Node::names).map(str::to_owned).collect();
            if !names.is_empty() {
                message = undeclared(&names);
                unexpected = names.iter().take(MAX_NAMES).map(|name| clip(name)).collect();
            }
        }
        Self {
            instance_pointer: pointer(error.instance_path()),
            keyword: keyword(error).to_owned(),
            message,
            unexpected,
        }
    }
}

fn keyword<'a>(error: &'a ValidationError<'_>) -> &'a str {
    match error.kind() {
        Kind::FalseSchema => closed_by(error).unwrap_or("false"),
        other => other.keyword(),
    }
}

/// The keyword by which an object takes no members at all: `additionalProperties: false` without
/// `properties` beside it, say. The validator reports it as the schema `false`, without names.
fn closed_by<'a>(error: &'a ValidationError<'_>) -> Option<&'a str> {
    if !matches!(error.kind(), Kind::FalseSchema) {
        return None;
    }
    let (_, keyword) = error.schema_path().as_str().rsplit_once('/')?;
    matches!(keyword, "additionalProperties" | "unevaluatedProperties").then_some(keyword)
}

/// `text` without control characters and of bounded length, so that a hostile name cannot garble a report.
pub(super) fn clip(text: &str) -> String {
    let mut shown = String::new();
    for (index, character) in text.chars().enumerate() {
        if index == MAX_SHOWN {
            shown.push('…');
            break;
        }
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

fn pointer(location: &Location) -> String {
    clip(location.as_str())
}

fn message(error: &ValidationError<'_>) -> String {
    match error.kind() {
        Kind::Type { kind } => format!("value must be {}", types(kind)),
        Kind::Required { property } => format!("missing required property {}", shown(property)),
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            undeclared(unexpected)
        }
        Kind::Constant { expected_value } => format!("value must be {}", shown(expected_value)),
        Kind::Enum { options } => format!("value must be one of {}", shown(options)),
        Kind::Format { format } => format!("value must be in format {format}"),
        Kind::Pattern { pattern } => format!("value must match the pattern {}", clip(pattern)),
        Kind::Not { .. } => "value must not match the schema under `not`".to_owned(),
        Kind::FalseSchema if closed_by(error).is_some() => "no property is declared here".to_owned(),
        Kind::FalseSchema => "no value is allowed here".to_owned(),
        Kind::AnyOf { context } => alternatives("none", context),
        Kind::OneOfNotValid { context } => alternatives("none", context),
        Kind::OneOfMultipleValid { context } => alternatives("more than one", context),
        Kind::PropertyNames { error } => format!("a property name is not allowed: {}", message(error)),
        Kind::Referencing(_) => "a reference of the schema leads nowhere".to_owned(),
        Kind::Custom { keyword, .. } => format!("value does not keep {keyword}"),
        Kind::BacktrackLimitExceeded { .. } | Kind::RegexEngineFailure { .. } => {
            "the pattern could not be matched against the value".to_owned()
        }
        other => bound(other).unwrap_or_else(|| format!("value does not keep {}", other.keyword())),
    }
}

/// Messages of keywords that bound numbers, strings, arrays and objects.
fn bound(kind: &Kind) -> Option<String> {
    Some(match kind {
        Kind::Minimum { limit } => format!("value must be at least {}", shown(limit)),
        Kind::Maximum { limit } => format!("value must be at most {}", shown(limit)),
        Kind::ExclusiveMinimum { limit } => format!("value must be greater than {}", shown(limit)),
        Kind::ExclusiveMaximum { limit } => format!("value must be less than {}", shown(limit)),
        Kind::MultipleOf { multiple_of } => format!("value must be a multiple of {multiple_of}"),
        Kind::MinLength { limit } => format!("value must have at least {}", count(*limit, "character", "characters")),
        Kind::MaxLength { limit } => format!("value must have at most {}", count(*limit, "character", "characters")),
        Kind::MinItems { limit } => format!("array must have at least {}", count(*limit, "item", "items")),
        Kind::MaxItems { limit } => format!("array must have at most {}", count(*limit, "item", "items")),
        Kind::MinProperties { limit } => {
            format!("object must have at least {}", count(*limit, "property", "properties"))
        }
        Kind::MaxProperties { limit } => {
            format!("object must have at most {}", count(*limit, "property", "properties"))
        }
        Kind::UniqueItems => "array must not hold equal items".to_owned(),
        Kind::Contains => "array does not hold the items that `contains` asks for".to_owned(),
        Kind::AdditionalItems { limit } => format!("array must have at most {}", count(*limit as u64, "item", "items")),
        Kind::UnevaluatedItems { .. } => "array holds items that are not declared".to_owned(),
        Kind::ContentEncoding { content_encoding } => format!("value must be in encoding {}", clip(content_encoding)),
        Kind::FromUtf8 { .. } => "the decoded value must be UTF-8".to_owned(),
        Kind::ContentMediaType { content_media_type } => format!("value must be {}", clip(content_media_type)),
        _ => return None,
    })
}

fn count(limit: u64, one: &str, many: &str) -> String {
    format!("{limit} {}", if limit == 1 { one } else { many })
}

/// A value of the schema.
fn shown(value: &Value) -> String {
    clip(&value.to_string())
}

fn types(kind: &TypeKind) -> String {
    let name = |name: &str| match name {
        "null" => "null".to_owned(),
        "integer" | "array" | "object" => format!("an {name}"),
        _ => format!("a {name}"),
    };
    match kind {
        TypeKind::Single(single) => name(single.as_str()),
        TypeKind::Multiple(set) => set.iter().map(|each| name(each.as_str())).collect::<Vec<_>>().join(" or "),
    }
}

fn undeclared(names: &[String]) -> String {
    let mut text = String::from(if names.len() == 1 { "property " } else { "properties " });
    for (index, name) in names.iter().take(MAX_NAMES).enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(text, "{}\"{}\"", if index == 0 { "" } else { ", " }, clip(name));
    }
    if names.len() > MAX_NAMES {
        let _ = write!(text, " and {} more", names.len() - MAX_NAMES);
    }
    text.push_str(if names.len() == 1 { " is not declared" } else { " are not declared" });
    text
}

type Branches = [Vec<ValidationError<'static>>];

fn alternatives(how_many: &str, context: &Branches) -> String {
    let mut text = format!("value matches {how_many} of the {} alternatives", context.len());
    if let Some((index, errors)) = nearest(context) {
        let _ = write!(text, "; the nearest is number {}", index + 1);
        if let Some(first) = errors.first() {
            let place = pointer(first.instance_path());
            let _ = write!(text, ": {}{}{}", place, if place.is_empty() { "" } else { " " }, message(first));
        }
    }
    text
}

/// The branch with least wrong. One that fails on a constant is likely meant for another kind of value.
fn nearest(context: &Branches) -> Option<(usize, &[ValidationError<'static>])> {
    let cost = |errors: &[ValidationError<'static>]| {
        let other_kind = errors.iter().any(|error| matches!(error.kind(), Kind::Constant { .. } | Kind::Enum { .. }));
        (other_kind, errors.len())
    };
    let failed = context.iter().enumerate().filter(|(_, errors)| !errors.is_empty());
    failed.min_by_key(|(_, errors)| cost(errors)).map(|(index, errors)| (index, errors.as_slice()))
}

/// The undeclared names, where they are all that is wrong.
fn unexpected(error: &ValidationError<'_>) -> Vec<String> {
    match error.kind() {
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            unexpected.iter().take(MAX_NAMES).map(|name| clip(name)).collect()
        }
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => match nearest(context) {
            Some((_, [only])) => self::unexpected(only),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
