//! `keywire generate`.

use anyhow::Result;
use clap::Args;
use clap::builder::PossibleValuesParser;

use super::{Exit, RegistryArgs, load, output};
use crate::generate::{self, Artefact, State, TARGETS};
use crate::registry::ModuleId;

/// Arguments of `generate`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  keywire generate                       write what is missing or stale
  keywire generate --check               exit 1 and name what is stale; write nothing
  keywire generate --only markdown       one target
  keywire generate --module spot_worker  one module

Where targets write is set in keywire.toml:  [generate]  rust = \"workers/{module}/src/wiring\"
A file without keywire's banner is never overwritten.")]
pub(super) struct GenerateArgs {
    #[command(flatten)]
    registry: RegistryArgs,
    /// Only this module's files
    #[arg(long, value_name = "MODULE")]
    module: Option<String>,
    /// Write nothing; exit 1 if any file is missing or stale
    #[arg(long)]
    check: bool,
    /// Only these targets
    #[arg(long, value_name = "TARGET", value_delimiter = ',', value_parser = target_names())]
    only: Vec<String>,
}

fn target_names() -> PossibleValuesParser {
    PossibleValuesParser::new(
        TARGETS.iter().map(|target| clap::builder::PossibleValue::new(target.name).help(target.about)),
    )
}

pub(super) fn run(args: &GenerateArgs) -> Result<Exit> {
    let loaded = match load::load_sound(&args.registry, "generate", "text")? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let registry = &loaded.registry;
    let modules: Vec<ModuleId> = match load::module(registry, args.module.as_deref())? {
        Some(module) => vec![module],
        None => (0..registry.modules.len()).map(ModuleId).collect(),
    };
    let mut artefacts: Vec<Artefact> = Vec::new();
    for target in
        TARGETS.iter().filter(|target| args.only.is_empty() || args.only.iter().any(|name| name == target.name))
    {
        artefacts.extend((target.generate)(registry, &modules, &loaded.settings.generate)?);
    }
    let root = &loaded.settings.root;
    let (mut fresh, mut stale, mut text) = (0, 0, String::new());
    for artefact in &artefacts {
        let state = if args.check { generate::compare(root, artefact)? } else { generate::write(root, artefact)? };
        let path = artefact.path.display();
        match (state, args.check) {
            (State::Fresh, _) => fresh += 1,
            (State::Missing, true) => text.push_str(&format!("missing  {path}\n")),
            (State::Stale, true) => text.push_str(&format!("stale    {path}\n")),
            (State::Foreign, _) => text.push_str(&format!("foreign  {path} (no banner of keywire's: not ours)\n")),
            (State::Missing | State::Stale, false) => text.push_str(&format!("wrote    {path}\n")),
        }
        stale += usize::from(state != State::Fresh);
    }
    if args.check && stale > 0 {
        text.push_str(&format!("{stale} of {} files are not up to date; run `keywire generate`\n", artefacts.len()));
    } else {
        text.push_str(&format!("{} files, {fresh} already up to date\n", artefacts.len()));
    }
    output::write(&text)?;
    Ok(if args.check && stale > 0 { Exit::Findings } else { Exit::Clean })
}
