//! A compiled JSON Schema and its verdict on bytes.
//! Takes a schema as a value and documents as bytes; says valid, not JSON, or what is wrong with them.

use anyhow::{Result, bail};
use jsonschema::{Draft, PatternOptions, Validator};
use serde_json::Value;

use super::declared::Declared;
use super::node::Flat;
use super::scan::NotJson;
use super::tree::{Document, Scratch};
use super::violation::{Violation, clip};

/// Nested containers a schema may have: compiling one takes stack for each.
const MAX_SCHEMA_NESTING: usize = 96;

/// Bytes that one compiled pattern, and the states it caches while matching, may take.
const PATTERN_SIZE: usize = 1 << 20;

/// Violations reported of one document.
const MAX_VIOLATIONS: usize = 8;

/// In documents of more bytes than this only the first violation is looked for: the validator
/// collects all at once, which a hostile document could turn into gigabytes.
const MAX_BYTES_FOR_ALL: usize = 1 << 20;

/// A JSON Schema (2020-12, formats asserted) ready to check documents. Shared between threads freely.
#[derive(Debug)]
pub struct Schema {
    validator: Validator<Flat>,
    declared: Option<Declared>,
}

/// What a schema says of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It keeps the schema.
    Valid,
    /// It is not JSON.
    NotJson(NotJson),
    /// It breaks the schema: at least one violation, at most eight.
    Invalid(Vec<Violation>),
}

/// A verdict with what else there is to say of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examination {
    /// Whether the document keeps the schema.
    pub verdict: Verdict,
    /// Top-level member names that the schema, silent on additional properties, does not name.
    /// Distinct, in document order, at most eight; none unless the document is an object.
    pub undeclared: Vec<String>,
    /// A member name that one object holds more than once. The last one counted.
    pub duplicate_name: Option<String>,
}

impl Schema {
    /// Compiles `schema`. References must lead to the schema itself: nothing is fetched.
    ///
    /// # Errors
    ///
    /// When `schema` is not a sound JSON Schema; the text names the place as a JSON pointer. Patterns
    /// with look-around or back-references, or too large once compiled, are refused: they could stall a check.
    pub fn compile(schema: &Value) -> Result<Self> {
        refuse_deep(schema)?;
        let validator = match compile_with(schema) {
            Ok(validator) => validator,
            Err(error) => bail!(refusal(&error)),
        };
        Ok(Self { validator, declared: Declared::of(schema) })
    }

    /// The verdict on `bytes`. A valid document allocates nothing once `scratch` has grown.
    pub fn check(&self, scratch: &mut Scratch, bytes: &[u8]) -> Verdict {
        match Document::parse(bytes, scratch) {
            Ok(document) => self.judge(&document, bytes.len()),
            Err(error) => Verdict::NotJson(error),
        }
    }

    /// The verdict on `bytes`, with undeclared and repeated names: all from one parse.
    pub fn examine(&self, scratch: &mut Scratch, bytes: &[u8]) -> Examination {
        let document = match Document::parse(bytes, scratch) {
            Ok(document) => document,
            Err(error) => {
                let verdict = Verdict::NotJson(error);
                return Examination { verdict, undeclared: Vec::new(), duplicate_name: None };
            }
        };
        Examination {
            verdict: self.judge(&document, bytes.len()),
            undeclared: self.declared.as_ref().map(|declared| declared.missing(document.root())).unwrap_or_default(),
            duplicate_name: document.duplicate_name().map(clip),
        }
    }

    fn judge(&self, document: &Document<'_>, size: usize) -> Verdict {
        let root = document.root();
        if self.validator.is_valid(root) {
            return Verdict::Valid;
        }
        let violation = |error| Violation::of(&error, Some(root));
        if size > MAX_BYTES_FOR_ALL {
            return Verdict::Invalid(self.validator.validate(root).err().into_iter().map(violation).collect());
        }
        Verdict::Invalid(self.validator.iter_errors(root).take(MAX_VIOLATIONS).map(violation).collect())
    }
}

/// Compiles `schema` with the options that all our schemas share.
pub(super) fn compile_with(schema: &Value) -> Result<Validator<Flat>, jsonschema::ValidationError<'static>> {
    jsonschema::options_for::<Flat>()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .offline()
        .with_pattern_options(PatternOptions::regex().size_limit(PATTERN_SIZE).dfa_size_limit(PATTERN_SIZE))
        .build(schema)
}

fn refuse_deep(schema: &Value) -> Result<()> {
    let mut pending = vec![(schema, 0)];
    while let Some((value, depth)) = pending.pop() {
        if depth > MAX_SCHEMA_NESTING {
            bail!("the schema nests deeper than {MAX_SCHEMA_NESTING} levels: move parts of it to `$defs`");
        }
        match value {
            Value::Array(items) => pending.extend(items.iter().map(|item| (item, depth + 1))),
            Value::Object(members) => pending.extend(members.values().map(|member| (member, depth + 1))),
            _ => {}
        }
    }
    Ok(())
}

fn refusal(error: &jsonschema::ValidationError<'_>) -> String {
    use jsonschema::error::ValidationErrorKind as Kind;
    // Errors against the meta-schema say where in the schema; those of compiling, at which keyword.
    let (instance, schema) = (error.instance_path().as_str(), error.schema_path().as_str());
    let place = if instance.is_empty() && !matches!(error.kind(), Kind::Type { .. }) { schema } else { instance };
    let place = if place.is_empty() { "the top" } else { place };
    let text = clip(&error.to_string());
    let hint = match error.kind() {
        Kind::Format { format } if format == "regex" => {
            " (patterns may not use look-around or back-references, nor take over 1 MiB compiled)"
        }
        Kind::Referencing(_) => " (references must lead to a place in the same schema: nothing is fetched)",
        _ => "",
    };
    format!("not a sound JSON Schema at {place}: {text}{hint}")
}
