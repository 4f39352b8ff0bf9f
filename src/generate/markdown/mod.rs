//! The wiring docs: a page a module in the form that the team wrote by hand, and one page for the whole pipeline.
//!
//! Registry in, Markdown out. Each part of a page is a file here; a heading with nothing under it is left out. Knows
//! nothing of rules, data or servers.

mod admins;
mod beyond;
mod connectivity;
mod developers;
mod example;
mod figures;
mod growth;
mod keys;
mod layout;
mod lifecycle;
mod mermaid;
mod operations;
mod overview;
mod payloads;
mod pipeline;
mod readings;
mod schema_words;
mod text;
mod trace;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::{Artefact, BANNER, Language, Target, file_name};
use crate::registry::{ModuleId, Registry};
use crate::settings::GenerateSettings;

/// `markdown`.
pub static TARGET: Target =
    Target { name: "markdown", about: "The wiring docs: a page a module, and one for the whole pipeline.", generate };

/// The page of all modules.
const PIPELINE: &str = "pipeline.md";

fn generate(registry: &Registry, modules: &[ModuleId], settings: &GenerateSettings) -> Result<Vec<Artefact>> {
    let folder = PathBuf::from(&settings.markdown);
    let mut artefacts = vec![artefact(folder.join(PIPELINE), "the whole registry", &pipeline::render(registry))];
    for id in modules {
        let module = registry.module(*id);
        let path = folder.join(page_name(&module.name));
        if artefacts.iter().any(|artefact| artefact.path == path) {
            bail!("two modules would be written to {}; rename one of them", path.display());
        }
        artefacts.push(artefact(path, &source(registry, *id), &module_page(registry, *id)));
    }
    Ok(artefacts)
}

/// The file of a module's page.
fn page_name(module: &str) -> String {
    let name = format!("{}.md", file_name(module));
    if name == PIPELINE { format!("module-{name}") } else { name }
}

/// The module's file, from the folder of the registry: where that folder is, is the reader's business.
fn source(registry: &Registry, id: ModuleId) -> String {
    let span = registry.name_span(&registry.module(id).address);
    let name = registry.sources.file(span.file).path.file_name().map(|name| name.to_string_lossy().into_owned());
    Path::new("modules").join(name.unwrap_or_default()).display().to_string()
}

fn artefact(path: PathBuf, source: &str, page: &str) -> Artefact {
    // Two hyphens could end the comment.
    let source = text::one_line(source).replace("--", "- -");
    let how = "To change it, change the registry and run `keywire generate`.";
    let text = format!("<!-- {BANNER} Source: {source}. {how} -->\n\n{page}\n");
    Artefact { path, text, language: Language::Markdown }
}

fn module_page(registry: &Registry, id: ModuleId) -> String {
    let title = format!("# {} Redis Wiring", text::title(&registry.module(id).name));
    let pipeline = format!("Part of {}: see [the whole pipeline]({PIPELINE}).", text::text(&registry.name));
    text::blocks([
        title,
        pipeline,
        overview::render(registry, id),
        keys::render(registry, id),
        payloads::render(registry, id),
        connectivity::render(registry, id),
        admins::render(registry, id),
        developers::render(registry, id),
    ])
}
