//! Writes of named fields: a method per field of a hash, one with all fields for a whole hash and for a stream's entry.

use super::bounds::literal;
use super::writes::{Draft, argument};
use super::{ArgumentKind, Word, known};
use crate::generate::rust::names;
use crate::registry::{FieldShape, Key, Pattern, Scalar, Shape, Value};

/// The drafts of a command on a key of named fields; `None` when it is not such a command, or nothing is declared of
/// the fields.
pub(super) fn writes(key: &Key, command: &str) -> Option<Vec<Draft>> {
    match (&key.shape, command) {
        (Shape::Fields(fields), "HSET" | "HMSET" | "HSETNX" | "HINCRBY" | "HINCRBYFLOAT" | "HDEL") => {
            let writable: Vec<&FieldShape> = fields.iter().filter(|field| is_written_by(field, command)).collect();
            let whole = (command == "HSET").then(|| whole_hash(&writable)).flatten();
            Some(whole.into_iter().chain(writable.iter().map(|field| hash_field(command, field))).collect())
        }
        (Shape::Entries(fields), "XADD") => Some(vec![stream_entry(&fields.iter().collect::<Vec<_>>())]),
        _ => None,
    }
}

fn is_written_by(field: &FieldShape, command: &str) -> bool {
    let declared = field.operations.is_empty() || field.operations.iter().any(|operation| operation == command);
    declared
        && match command {
            "HINCRBY" => field.value == Value::Scalar(Scalar::Integer),
            "HINCRBYFLOAT" => field.value == Value::Scalar(Scalar::Number),
            _ => true,
        }
}

fn hash_field(command: &str, field: &FieldShape) -> Draft {
    let mut draft = Draft::new(command);
    draft.suffix = format!("{}_{}", draft.suffix, names::snake(field.name.as_str()));
    name_params(&field.name, &mut draft);
    draft.words.push(Word::Field(field.name.clone()));
    match command {
        "HINCRBY" => draft.take("delta", ArgumentKind::Integer),
        "HINCRBYFLOAT" => draft.take("delta", ArgumentKind::Number),
        "HDEL" => {}
        _ => draft.take("value", ArgumentKind::Value(known(&field.value))),
    }
    draft
}

/// All fields at once, so that a hash never stands without those that are required. `None` when a method of one field
/// does that, or when nothing is required: an HSET needs a field.
fn whole_hash(fields: &[&FieldShape]) -> Option<Draft> {
    let fixed: Vec<&FieldShape> = fields.iter().copied().filter(|field| field.name.is_static()).collect();
    if fixed.len() < 2 || !fixed.iter().any(|field| field.required) {
        return None;
    }
    let mut draft = Draft::new("HSET");
    take_fields(&fixed, &mut draft);
    Some(draft)
}

fn stream_entry(fields: &[&FieldShape]) -> Draft {
    let mut draft = Draft::new("XADD");
    draft.words.push(literal("*"));
    take_fields(fields, &mut draft);
    draft
}

fn take_fields(fields: &[&FieldShape], draft: &mut Draft) {
    for field in fields {
        name_params(&field.name, draft);
        let name = names::snake(field.name.as_str());
        if field.required {
            draft.words.push(Word::Field(field.name.clone()));
            draft.take(&name, ArgumentKind::Value(known(&field.value)));
        } else {
            let at = argument(&mut draft.arguments, &name, ArgumentKind::OptionalValue(known(&field.value)));
            draft.words.push(Word::OptionalField(field.name.clone(), at));
        }
    }
}

/// The params of a field's name as arguments; two fields with one param share it.
fn name_params(name: &Pattern, draft: &mut Draft) {
    for param in name.params() {
        let kind = ArgumentKind::Param(param.to_owned());
        if !draft.arguments.iter().any(|argument| argument.kind == kind) {
            argument(&mut draft.arguments, &names::snake(param), kind);
        }
    }
}
