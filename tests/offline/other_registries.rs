//! Generators on registries that have nothing to do with the pipeline. The Rust of some is checked in, and compiled and
//! driven by the tests with servers; `KEYWIRE_UPDATE=1` writes it anew. It is not compiled here, so that output that does
//! not compile can be made anew, too.

use std::path::Path;

use keywire::generate::rust::RUST;
use keywire::generate::{State, compare, write};
use keywire::registry::{ModuleId, load};
use keywire::settings::GenerateSettings;

/// The registries under tests/fixtures/registries whose Rust lies under tests/redis, in a folder of the same name.
const REGISTRIES: [&str; 2] = ["torture", "web_shop"];

#[test]
fn generated_rust_of_other_registries_is_fresh() {
    let update = std::env::var_os("KEYWIRE_UPDATE").is_some();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut stale = Vec::new();
    for name in REGISTRIES {
        let folder = root.join("tests/fixtures/registries").join(name);
        let registry = load(&folder).unwrap_or_else(|error| panic!("{error}"));
        let modules: Vec<ModuleId> = (0..registry.modules.len()).map(ModuleId).collect();
        let settings = GenerateSettings { rust: format!("tests/redis/{name}/{{module}}"), ..Default::default() };
        for artefact in (RUST.generate)(&registry, &modules, &settings).unwrap_or_else(|error| panic!("{error:#}")) {
            if update {
                write(root, &artefact).unwrap();
            } else if compare(root, &artefact).unwrap() != State::Fresh {
                stale.push(artefact.path);
            }
        }
    }
    assert!(stale.is_empty(), "run with KEYWIRE_UPDATE=1: {stale:?}");
}
