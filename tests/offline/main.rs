//! Offline tests: no server, no network, nothing but the repository.

#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod hostile_markdown;
mod json_schemas;
mod markdown;
mod markdown_shapes;

use std::path::Path;

use keywire::registry::{Registry, load};

/// The registry of the pipeline in `schema/`.
fn pipeline() -> Registry {
    load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("schema")).unwrap_or_else(|error| panic!("{error}"))
}
