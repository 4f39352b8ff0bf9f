//! Generators on registries that have nothing to do with the pipeline. The Rust of some is checked in, and compiled and
//! driven by the tests with servers; `KEYWIRE_UPDATE=1` writes it anew. It is not compiled here, so that output that does
//! not compile can be made anew, too.

use std::path::Path;

use keywire::generate::rust::RUST;
use keywire::generate::{Artefact, Language, State, Target, compare, json_schema, markdown, write};
use keywire::registry::{ModuleId, Registry, load};
use keywire::settings::GenerateSettings;

use crate::rust_generator::rustfmt;

/// The registries under tests/fixtures/registries whose Rust lies under tests/redis, in a folder of the same name.
const REGISTRIES: [&str; 4] = ["cluster", "multi_bus", "torture", "web_shop"];

#[test]
fn generated_rust_of_other_registries_is_fresh() {
    let update = std::env::var_os("KEYWIRE_UPDATE").is_some();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut stale = Vec::new();
    for name in REGISTRIES {
        let settings = GenerateSettings { rust: format!("tests/redis/{name}/{{module}}"), ..Default::default() };
        for artefact in generated(&RUST, &fixture(name), &settings) {
            if update {
                write(root, &artefact).unwrap();
            } else if compare(root, &artefact).unwrap() != State::Fresh {
                stale.push(artefact.path);
            }
        }
    }
    assert!(stale.is_empty(), "run with KEYWIRE_UPDATE=1: {stale:?}");
}

fn fixture(name: &str) -> Registry {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/registries").join(name);
    load(&folder).unwrap_or_else(|error| panic!("{error}"))
}

fn generated(target: &Target, registry: &Registry, settings: &GenerateSettings) -> Vec<Artefact> {
    let modules: Vec<ModuleId> = (0..registry.modules.len()).map(ModuleId).collect();
    (target.generate)(registry, &modules, settings).unwrap_or_else(|error| panic!("{error:#}"))
}

/// All registries of other domains, by name.
fn all() -> Vec<(String, Registry)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/registries");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut all: Vec<_> = names.map(|name| (name.clone(), fixture(&name))).collect();
    all.sort_by(|(a, _), (b, _)| a.cmp(b));
    assert!(all.len() >= 7);
    all
}

#[test]
fn rust_of_all_registries_parses_and_has_its_final_layout() {
    let settings = GenerateSettings { rust: "out/{module}".to_owned(), ..Default::default() };
    for (name, registry) in all() {
        for artefact in generated(&RUST, &registry, &settings) {
            let place = format!("{name}: {}", artefact.path.display());
            // One text for all, and the longest; the generator's own tests look at it.
            if artefact.path.ends_with("support.rs") {
                continue;
            }
            syn::parse_file(&artefact.text).unwrap_or_else(|error| panic!("{place}: {error}"));
            if let Some(again) = rustfmt(&artefact.text) {
                assert_eq!(again, artefact.text, "{place}");
            }
        }
    }
}

#[test]
fn pages_and_schemas_of_all_registries_are_made() {
    let settings = GenerateSettings::default();
    for (name, registry) in all() {
        let pages = generated(&markdown::TARGET, &registry, &settings);
        assert!(pages.len() > registry.modules.len(), "{name}: a page a module, and one for all");
        for module in &registry.modules {
            let page = pages.iter().find(|page| page.path.ends_with(format!("{}.md", module.name)));
            let page = page.unwrap_or_else(|| panic!("{name}: no page of {}", module.name));
            assert!(page.text.lines().count() > 10, "{name}: {}", page.text);
        }
        let schemas = generated(&json_schema::TARGET, &registry, &settings);
        assert_eq!(schemas.len(), registry.payloads.len() + 1, "{name}: one a payload, and that of the format");
        for schema in schemas {
            assert_eq!(schema.language, Language::Json);
            let value: serde_json::Value = serde_json::from_str(&schema.text).unwrap();
            assert!(jsonschema::meta::is_valid(&value), "{name}: {}", schema.path.display());
            jsonschema::validator_for(&value).unwrap_or_else(|error| panic!("{}: {error}", schema.path.display()));
        }
    }
}
