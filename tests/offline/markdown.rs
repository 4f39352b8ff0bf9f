//! The generated wiring docs of the pipeline's registry.

use std::path::Path;

use keywire::generate::Artefact;
use keywire::generate::markdown::TARGET;
use keywire::registry::{ModuleId, PayloadId, Registry};
use keywire::settings::GenerateSettings;

use crate::pipeline;

fn pages(registry: &Registry) -> Vec<Artefact> {
    let modules: Vec<ModuleId> = (0..registry.modules.len()).map(ModuleId).collect();
    (TARGET.generate)(registry, &modules, &GenerateSettings::default()).unwrap()
}

fn page(name: &str) -> String {
    let pages = pages(&pipeline());
    pages.into_iter().find(|page| page.path == Path::new("docs/wiring").join(name)).unwrap().text
}

#[test]
fn the_page_of_the_spot_worker() {
    insta::assert_snapshot!(page("spot_worker.md"));
}

#[test]
fn the_page_of_the_pipeline() {
    insta::assert_snapshot!(page("pipeline.md"));
}

#[test]
fn the_example_of_a_payload_is_valid() {
    let registry = pipeline();
    let number = registry.payloads.iter().position(|payload| payload.name == "SpotPrice").unwrap();
    let schema = registry.bundled_schema(PayloadId(number));
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let page = page("spot_worker.md");
    let (_, rest) = page.split_once("```json\n").unwrap();
    let example: serde_json::Value = serde_json::from_str(rest.split_once("\n```").unwrap().0).unwrap();
    assert!(validator.is_valid(&example), "{example}");
    assert_eq!(example["symbol"], "SPX", "as in the names of the keys");
}

#[test]
fn pages_of_one_module_do_not_depend_on_the_others_asked_for() {
    let registry = pipeline();
    let only = (TARGET.generate)(&registry, &[ModuleId(0)], &GenerateSettings::default()).unwrap();
    assert!(only.iter().all(|page| pages(&registry).contains(page)));
    assert!((TARGET.generate)(&registry, &[], &GenerateSettings::default()).unwrap().len() == 1);
}
