//! Tests that need no server: one binary, so that the library is linked once.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test may panic, in its helpers too")]

mod access;
mod architecture;
mod breaking;
mod ci_cli;
mod ci_templates;
mod cli;
mod diff_cli;
mod docs;
mod docs_agree;
mod extract;
mod generated_files;
mod hostile_markdown;
mod import;
mod infer_cli;
mod infer_laws;
mod infer_names;
mod json_schemas;
mod lint_cases;
mod lint_scale;
mod markdown;
mod markdown_shapes;
mod other_registries;
#[cfg(feature = "testing")]
mod patterns;
mod reconcile;
mod registries;
mod report_files;
mod report_formats;
mod report_laws;
mod repository;
mod rules;
mod rust_generator;
mod rust_types;
mod schema_changes;

use std::path::Path;

use keywire::registry::{Registry, load};

/// The registry of the pipeline in `schema/`.
fn pipeline() -> Registry {
    load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("schema")).unwrap_or_else(|error| panic!("{error}"))
}
