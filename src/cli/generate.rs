//! `keywire generate`.

use std::path::Path;

use anyhow::Result;
use clap::Args;
use clap::builder::PossibleValuesParser;
use serde_json::json;

use super::formats::Formats;
use super::load::Loaded;
use super::verdict::Verdict;
use super::{Exit, RegistryArgs, load, output, usage};
use crate::catalogue;
use crate::finding::Level;
use crate::generate::drift::drift;
use crate::generate::{self, Artefact, State, TARGETS};
use crate::registry::ModuleId;
use crate::settings::GenerateSettings;

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

impl GenerateArgs {
    /// Everything that is missing or stale.
    pub(super) fn all(registry: RegistryArgs) -> Self {
        Self { registry, module: None, check: false, only: Vec::new() }
    }
}

fn target_names() -> PossibleValuesParser {
    PossibleValuesParser::new(
        TARGETS.iter().map(|target| clap::builder::PossibleValue::new(target.name).help(target.about)),
    )
}

pub(super) fn run(args: &GenerateArgs) -> Result<Exit> {
    let loaded = match load::load_sound(&args.registry, "generate", &Formats::default())? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let artefacts = artefacts(&loaded, args.module.as_deref(), &args.only, args.check)?;
    let root = &loaded.settings.root;
    let (mut fresh, mut stale, mut text) = (0, 0, String::new());
    for artefact in &artefacts {
        let state = if args.check { generate::compare(root, artefact)? } else { write(root, artefact)? };
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
    let files = artefacts.len();
    text.push_str(&match (stale, args.check) {
        (0, _) => format!("{files} files, all up to date\n"),
        (stale, true) => format!("{stale} of {files} files not up to date; run `keywire generate`\n"),
        (stale, false) => format!("{files} files: {stale} written, {fresh} up to date already\n"),
    });
    output::write(&text)?;
    Ok(if args.check && stale > 0 { Exit::Findings } else { Exit::Clean })
}

/// What follows from a registry, or from one module of it: of all targets, or of those that are named.
pub(super) fn artefacts(
    loaded: &Loaded,
    module: Option<&str>,
    only: &[String],
    compare_only: bool,
) -> Result<Vec<Artefact>> {
    let settings = GenerateSettings { compare_only, ..loaded.settings.generate.clone() };
    let registry = &loaded.registry;
    let modules: Vec<ModuleId> = match load::module(registry, module)? {
        Some(module) => vec![module],
        None => (0..registry.modules.len()).map(ModuleId).collect(),
    };
    let mut artefacts: Vec<Artefact> = Vec::new();
    for target in TARGETS.iter().filter(|target| only.is_empty() || only.iter().any(|name| name == target.name)) {
        let made = (target.generate)(registry, &modules, &settings);
        // What keeps a text from being made is in the registry or the settings: the user's to mend.
        artefacts.extend(made.map_err(|error| usage(format!("{error:#}")))?);
    }
    Ok(artefacts)
}

/// Is what follows from a registry what is there?
pub(super) fn judge(loaded: &Loaded, module: Option<&str>, fail_on: Level) -> Result<Verdict> {
    let artefacts = artefacts(loaded, module, &[], true)?;
    let findings = drift(&loaded.settings.root, &artefacts)?;
    let (files, stale) = (artefacts.len(), findings.len());
    let settled = catalogue::settle(findings, &loaded.settings, "generate");
    Ok(Verdict {
        command: "generate",
        exit: Exit::of(&settled.findings, fail_on),
        settled,
        evidence: json!({ "files": files, "stale": stale }),
        coverage: json!({}),
        closing: match stale {
            0 => format!("{}, all up to date", output::counted(files, "file")),
            stale => format!("{stale} of {} not up to date", output::counted(files, "file")),
        },
    })
}

/// Writes an artefact; a file that is not ours is the user's to move.
fn write(root: &Path, artefact: &Artefact) -> Result<State> {
    match generate::compare(root, artefact)? {
        State::Foreign => Err(usage(format!(
            "{} was not generated by keywire and is left alone; move it away, or change its path in keywire.toml",
            artefact.path.display()
        ))),
        _ => generate::write(root, artefact),
    }
}
