//! The target `contract-test`: a test of a few lines for a worker's crate, which drives the generated writers against a
//! real server.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{format, source_of};
use crate::generate::{Artefact, Language, Target, module_path};
use crate::registry::{ConfigVariable, ModuleId, Registry};
use crate::settings::{FILE_NAME, GenerateSettings};

/// The target.
pub static CONTRACT_TEST: Target = Target {
    name: "contract_test",
    about: "A test for the crate of each module that drives its generated writers against a real server.",
    generate,
};

fn generate(registry: &Registry, modules: &[ModuleId], settings: &GenerateSettings) -> Result<Vec<Artefact>> {
    if settings.contract_test.is_empty() {
        return Ok(Vec::new());
    }
    let of_module = |module: &ModuleId| {
        let name = &registry.module(*module).name;
        let path = module_path(&settings.contract_test, name);
        let up = crate_folder(&path).components().count();
        let (folder, source) = source_of(registry, *module);
        let folder = from_root(&folder);
        let text = TEMPLATE
            .replace("MODULE", name)
            .replace("CONFIG", config(registry, *module))
            .replace("REGISTRY", &format!("{}{}", "../".repeat(up), folder.display()).replace('\\', "/"));
        let text = format::file(&text, &path.display().to_string(), &source, settings.compare_only)
            .with_context(|| format!("cannot make the contract test of {name}"))?;
        Ok(Artefact { path, text, language: Language::Rust })
    };
    modules.iter().map(of_module).collect()
}

/// The folder of the crate: the one that holds `tests`.
fn crate_folder(path: &Path) -> &Path {
    let of_tests = path.ancestors().find(|folder| folder.ends_with("tests"));
    of_tests.or(path.parent()).and_then(Path::parent).unwrap_or(Path::new(""))
}

/// The defaults, whatever the tester's environment says: they are what the registry is verified with. Variables without
/// one must come from somewhere.
fn config(registry: &Registry, module: ModuleId) -> &'static str {
    let given = |variable: &ConfigVariable| variable.default.is_some() || variable.optional;
    let complete = registry.module(module).config.iter().all(given);
    if complete { "Config::from_lookup(|_| None)" } else { "Config::from_env()" }
}

/// The registry's folder as seen from keywire.toml, from which the paths of artefacts start.
fn from_root(folder: &Path) -> PathBuf {
    let inside = || {
        let whole = std::path::absolute(folder).ok()?;
        let root = whole.ancestors().find(|root| root.join(FILE_NAME).is_file()).map(Path::to_owned);
        let root = root.or_else(|| std::env::current_dir().ok())?;
        whole.strip_prefix(root).ok().map(Path::to_owned)
    };
    inside().unwrap_or_else(|| folder.to_owned())
}

const TEMPLATE: &str = r#"//! Drives every generated writer with values made from the registry, and reads back what was written.

use std::error::Error;

use keywire::testing::Contract;
use MODULE::wiring::contract::{Write, read_back};
use MODULE::wiring::{Batch, Config};

#[test]
fn the_generated_writers_keep_the_contract() -> Result<(), Box<dyn Error>> {
    let contract = Contract::load(concat!(env!("CARGO_MANIFEST_DIR"), "/REGISTRY"), "MODULE");
    contract.run(async |url: String, writes: Vec<serde_json::Value>| -> Result<(), Box<dyn Error>> {
        let mut conn = redis::Client::open(url)?.get_multiplexed_async_connection().await?;
        let mut batch = Batch::new(&CONFIG?);
        let writes: Vec<Write> = writes.into_iter().map(serde_json::from_value).collect::<Result<_, _>>()?;
        for write in &writes {
            write.add_to(&mut batch)?;
        }
        batch.execute(&mut conn).await?;
        for write in &writes {
            read_back(&mut conn, write).await?;
        }
        Ok(())
    })?;
    Ok(())
}
"#;
