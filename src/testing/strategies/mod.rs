//! Strategies: arbitrary valid values of what a registry declares, and values with one fault.
//!
//! Schemas, scalars and params in, proptest strategies out. Whatever is made of a schema the validator of `verify` has
//! judged, so that "valid" and "broken" mean here what they mean there.

mod broken;
mod document;
mod flatten;
mod numbers;
mod scalars;
mod sites;
mod text;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

pub use broken::Broken;
pub use scalars::{param, scalar, scalar_json};

use crate::document::{Schema, Scratch, Verdict};

/// Documents that are made before a schema is given up.
const ATTEMPTS: usize = 300;

/// Arbitrary valid documents of a JSON Schema (2020-12). Members that it does not name are made only where it says
/// something of them.
///
/// # Panics
/// When nothing can be made; the message says why. [`try_payload`] gives it as an error.
pub fn payload(schema: &Value) -> BoxedStrategy<Value> {
    try_payload(schema).unwrap_or_else(|error| panic!("{error:#}"))
}

/// As [`payload`].
///
/// # Errors
/// When the schema is none, leads to no document, or its documents cannot be guessed.
pub fn try_payload(schema: &Value) -> Result<BoxedStrategy<Value>> {
    let validator = Arc::new(Schema::compile(schema).context("no documents can be made")?);
    let schemas = flatten::Schemas { root: schema.clone() };
    let Some(documents) = document::documents(&schemas)? else {
        bail!("no documents can be made: the schema allows nothing, or only what has no end");
    };
    if !yields(&documents, |document| is_valid(&validator, document)) {
        bail!(
            "no documents can be made: {ATTEMPTS} guesses break the schema; a `pattern`, `not` or `if` may allow too little to be guessed"
        );
    }
    Ok(documents.prop_filter("the schema", move |document| is_valid(&validator, document)).boxed())
}

/// Documents that break exactly one constraint of the schema.
///
/// # Panics
/// When nothing can be made; the message says why. [`try_broken`] gives it as an error.
pub fn broken(schema: &Value) -> BoxedStrategy<Broken> {
    try_broken(schema).unwrap_or_else(|error| panic!("{error:#}"))
}

/// As [`broken`].
///
/// # Errors
/// As [`try_payload`], and when the schema allows everything.
pub fn try_broken(schema: &Value) -> Result<BoxedStrategy<Broken>> {
    let broken = broken::documents(schema, try_payload(schema)?)?;
    if broken.new_tree(&mut trial()).is_err() {
        bail!("no broken documents can be made: the schema allows everything, or what it forbids cannot be guessed");
    }
    Ok(broken)
}

fn is_valid(schema: &Schema, document: &Value) -> bool {
    schema.check(&mut Scratch::default(), document.to_string().as_bytes()) == Verdict::Valid
}

/// Does the strategy give anything that is accepted?
fn yields<T: std::fmt::Debug>(strategy: &BoxedStrategy<T>, accepts: impl Fn(&T) -> bool) -> bool {
    let mut runner = trial();
    (0..ATTEMPTS).any(|_| strategy.new_tree(&mut runner).is_ok_and(|tree| accepts(&tree.current())))
}

/// A runner for trials: always the same, and soon at its wits' end.
fn trial() -> TestRunner {
    let config = Config { max_local_rejects: 2000, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}
