//! The checked-in output is what is generated. `KEYWIRE_UPDATE=1` writes it anew.

use std::path::Path;

use keywire::generate::rust;
use keywire::registry;

/// Layout by prettyplease alone: rustfmt is not on every machine.
fn layout(text: &str) -> String {
    prettyplease::unparse(&syn::parse_file(text).unwrap_or_else(|error| panic!("{error}\n{text}")))
}

fn outputs(folder: &str, module: &str) -> Vec<(&'static str, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let registry = registry::load(&root.join(folder)).unwrap_or_else(|error| panic!("{error}"));
    let id = registry.module_named(module).unwrap();
    let head = "//! Generated types, compiled and run by tests.\n\
                pub mod config;\npub mod params;\npub mod payloads;\n#[allow(dead_code)]\npub mod support;\n";
    vec![
        ("mod.rs", layout(head)),
        ("config.rs", layout(&rust::config(&registry, id).unwrap())),
        ("params.rs", layout(&rust::params(&registry, id).unwrap())),
        ("payloads.rs", layout(&rust::payloads(&registry, id).unwrap())),
        ("support.rs", layout(&rust::support::values_text())),
    ]
}

#[test]
fn output_is_fresh() {
    let update = std::env::var_os("KEYWIRE_UPDATE").is_some();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/offline/generated");
    let mut stale = Vec::new();
    for (folder, module) in [("tests/fixtures/rust_types", "rich")] {
        for (name, text) in outputs(folder, module) {
            let path = root.join(module).join(name);
            let found = std::fs::read_to_string(&path).unwrap_or_default();
            // cargo fmt lays the files out its own way.
            let same = !found.is_empty() && layout(&found) == text;
            if !same && update {
                std::fs::create_dir_all(root.join(module)).unwrap();
                std::fs::write(&path, text).unwrap();
            } else if !same {
                stale.push(path);
            }
        }
    }
    assert!(stale.is_empty(), "run with KEYWIRE_UPDATE=1: {stale:?}");
}
