//! The generated wiring docs of the pipeline's registry.

use std::path::Path;

use keywire::generate::Artefact;
use keywire::generate::markdown::TARGET;
use keywire::registry::{ModuleId, Registry};
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
