//! The Rust target: from one module of the registry one Rust module, with keys, writers, readers, payloads, params and
//! config. Emitters turn `plan` into text; `format` lays it out; run-time support is hand-written and embedded as text.

mod amounts;
mod batch;
mod config;
mod contract;
mod contract_test;
mod dfa;
mod fingerprint;
mod format;
mod imports;
mod keys;
pub mod names;
mod params;
mod parts;
mod payloads;
pub mod plan;
mod readers;
mod records;
mod room;
mod sentence;
pub mod support;
mod text;
mod types;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{Artefact, Language, Target, module_path};
use crate::registry::{ModuleId, Registry};
use crate::settings::GenerateSettings;
pub use config::{ConfigField, config, config_fields};
pub use format::lay_out;
use imports::{doc, with_imports};
pub use params::{ParamType, param_types, params};
pub use payloads::{PayloadType, payload_types, payloads};
use plan::WriteMethod;

pub use contract_test::CONTRACT_TEST;

/// The target.
pub static RUST: Target = Target {
    name: "rust",
    about: "Typed writers, readers, payloads, params and config of each module, as a Rust module.",
    generate,
};

/// The hand-written files of the run-time support, as modules of support.rs.
const SUPPORT: &[(&str, &str)] = &[
    ("replies", include_str!("support/replies.rs")),
    ("slots", include_str!("support/slots.rs")),
    ("values", include_str!("support/values.rs")),
    ("environment", include_str!("support/environment.rs")),
    ("formats", include_str!("support/formats.rs")),
    ("wire", include_str!("support/wire.rs")),
    ("words", include_str!("support/words.rs")),
];

fn generate(registry: &Registry, modules: &[ModuleId], settings: &GenerateSettings) -> Result<Vec<Artefact>> {
    if settings.rust.is_empty() {
        return Ok(Vec::new());
    }
    let mut artefacts = Vec::new();
    for module in modules {
        let name = &registry.module(*module).name;
        let folder = module_path(&settings.rust, name);
        let (_, source) = source_of(registry, *module);
        for (file, text) in files(registry, *module).with_context(|| format!("cannot generate Rust for {name}"))? {
            let text = format::file(&text, &format!("{name}/{file}"), &source, settings.compare_only)?;
            artefacts.push(Artefact { path: folder.join(file), text, language: Language::Rust });
        }
    }
    Ok(artefacts)
}

/// The files of a module, unformatted.
fn files(registry: &Registry, module: ModuleId) -> Result<Vec<(&'static str, String)>> {
    let writes = plan::writes(registry, module);
    let reads = plan::reads(registry, module);
    Ok(vec![
        ("mod.rs", module_file(registry, module, &writes)),
        ("batch.rs", batch::text(registry, module, &writes)?),
        ("config.rs", parts::config(registry, module)?),
        ("contract.rs", contract::text(registry, module, &on_main_bus(registry, module, &writes), &reads)),
        ("keys.rs", keys::text(registry, module)),
        ("params.rs", parts::params(registry, module)?),
        ("payloads.rs", parts::payloads(registry, module)?),
        ("readers.rs", readers::text(registry, module, &reads)),
        ("support.rs", support_file()),
    ])
}

/// The writes that a contract drives: a contract has one server, which stands for the module's own bus.
fn on_main_bus(registry: &Registry, module: ModuleId, writes: &[WriteMethod]) -> Vec<WriteMethod> {
    let main = batch::main_bus(registry, module);
    writes.iter().filter(|method| method.entry.bus(registry) == main).cloned().collect()
}

/// The registry's folder as it was given, and the module's file from that folder's name on.
fn source_of(registry: &Registry, module: ModuleId) -> (PathBuf, PathBuf) {
    let file = registry.name_span(&registry.module(module).address).file;
    let path = &registry.sources.file(file).path;
    let folder = path.parent().and_then(Path::parent).unwrap_or(Path::new("")).to_owned();
    let inside = path.strip_prefix(&folder).unwrap_or(path);
    let named = folder.file_name().map_or_else(|| inside.to_owned(), |name| Path::new(name).join(inside));
    (folder, named)
}

fn support_file() -> String {
    let mut text = String::from(
        "//! Run-time support: the same for every module.\n\n\
         // Which parts are used depends on the module.\n#![allow(dead_code, unused_imports)]\n\n",
    );
    // In rustfmt's order, so that what is not laid out is the same code.
    let mut names: Vec<&str> = SUPPORT.iter().map(|(name, _)| *name).collect();
    names.sort_unstable();
    for name in names {
        text.push_str(&format!("pub use {name}::*;\n"));
    }
    for (name, file) in SUPPORT {
        // Tests stay where the file is maintained.
        let code = file.split("#[cfg(test)]").next().unwrap_or(file);
        text.push_str(&format!("\nmod {name} {{\n{code}}}\n"));
    }
    text
}

fn module_file(registry: &Registry, module: ModuleId, writes: &[WriteMethod]) -> String {
    let about = registry.module(module);
    let role = about.role.as_deref().unwrap_or("A module of the registry.");
    let (_, source) = source_of(registry, module);
    let source = source.display().to_string().replace('\\', "/");
    let inner = |text: String| text.replace("///", "//!");
    let fingerprint = fingerprint::of(registry, module);
    format!(
        "//! The wiring of {}, from `{source}`.\n//!\n{}//!\n{}\n\
         // A program rarely sends and reads all that its registry declares.\n\
         #![allow(dead_code, unused_imports, reason = \"the registry decides what is generated\")]\n\
         #![allow(clippy::enum_variant_names, clippy::large_enum_variant, reason = \"entries decide names and sizes\")]\n\
         #![allow(clippy::too_many_arguments, clippy::type_complexity, reason = \"as many as the entry has parts\")]\n\n\
         pub mod batch;\npub mod config;\npub mod contract;\npub mod keys;\npub mod params;\npub mod payloads;\n\
         pub mod readers;\npub mod support;\n\npub use batch::Batch;\npub use config::Config;\n\n\
         /// Stands for what this part of the registry means. It changes when names, types, operations, retention or\n\
         /// values do, and not when only words for people do.\n\
         pub const CONTRACT_FINGERPRINT: &str = {fingerprint:?};\n",
        about.name,
        inner(doc(role)),
        inner(example(&on_main_bus(registry, module, writes))),
    )
}

/// One tick as an example, from the first few methods.
fn example(writes: &[WriteMethod]) -> String {
    let mut text = String::from(
        "/// One tick:\n///\n/// ```text\n/// let config = Config::from_env()?;\n/// let mut batch = Batch::new(&config);\n",
    );
    for method in writes.iter().take(3) {
        let names: Vec<&str> = method
            .params
            .iter()
            .map(String::as_str)
            .chain(method.arguments.iter().map(|argument| argument.name.as_str()))
            .collect();
        text.push_str(&format!("/// batch.{}({});\n", method.name, names.join(", ")));
    }
    text.push_str("/// batch.execute(&mut conn).await?;\n/// ```\n");
    text
}
