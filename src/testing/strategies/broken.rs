//! Documents with one fault: a valid one, and a change that breaks a single constraint, as the validator itself counts.

use std::sync::Arc;

use anyhow::Result;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;

use super::flatten::Schemas;
use super::sites::{self, Change};
use crate::document::{Schema, Scratch, Verdict};

/// A document with one fault.
#[derive(Debug, Clone, PartialEq)]
pub struct Broken {
    /// What is broken and where, such as `minimum at /price`.
    pub label: String,
    /// The keyword that it breaks.
    pub keyword: String,
    /// Where, as a JSON pointer.
    pub pointer: String,
    /// The document.
    pub value: Value,
}

/// Changes valid documents; none comes out for a schema that allows all of them.
pub(super) fn documents(schema: &Value, valid: BoxedStrategy<Value>) -> Result<BoxedStrategy<Broken>> {
    let validator = Arc::new(Schema::compile(schema)?);
    let root = schema.clone();
    let break_one = move |(document, which): (Value, Index)| {
        let schemas = Schemas { root: root.clone() };
        let broken: Vec<Broken> = sites::changes(&schemas, &document)
            .into_iter()
            .filter_map(|change| broken(&validator, &document, change))
            .collect();
        // First the keyword, then one of its changes: types alone would outnumber all others.
        let mut keywords: Vec<&str> = broken.iter().map(|broken| broken.keyword.as_str()).collect();
        keywords.sort_unstable();
        keywords.dedup();
        let keyword = (*keywords.get(which.index(keywords.len().max(1)))?).to_owned();
        let of_keyword: Vec<&Broken> = broken.iter().filter(|broken| broken.keyword == keyword).collect();
        Some((*which.get(&of_keyword)).clone())
    };
    Ok((valid, any::<Index>()).prop_filter_map("a constraint that can be broken", break_one).boxed())
}

/// The document with the change made, when that breaks one constraint and no other.
fn broken(schema: &Schema, document: &Value, change: Change) -> Option<Broken> {
    let mut value = document.clone();
    *value.pointer_mut(&change.pointer)? = change.value;
    let Verdict::Invalid(violations) = schema.check(&mut Scratch::default(), value.to_string().as_bytes()) else {
        return None;
    };
    let [only] = violations.as_slice() else { return None };
    let Change { keyword, pointer, .. } = change;
    let place = if only.instance_pointer.is_empty() { "the top" } else { &only.instance_pointer };
    Some(Broken { label: format!("{} at {place}", only.keyword), keyword: only.keyword.clone(), pointer, value })
        .filter(|_| only.keyword == keyword || matches!(only.keyword.as_str(), "anyOf" | "oneOf" | "false"))
}
