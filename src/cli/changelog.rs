//! `keywire changelog`.

use anyhow::{Context, Result};
use clap::Args;

use super::formats::Formats;
use super::{Exit, RegistryArgs, diff, load, output, revision};
use crate::diff::breaking::{Mode, breaking};
use crate::diff::changes;
use crate::finding::{Finding, Level};

/// Arguments of `changelog`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  keywire changelog --against v1.4                what changed since a release, as markdown
  keywire changelog --against v1.4 --until v1.5   between two releases
  keywire changelog --against HEAD~20 >> CHANGES.md")]
pub(super) struct ChangelogArgs {
    #[command(flatten)]
    registry: RegistryArgs,
    /// The registry as it was: a git revision, or a folder
    #[arg(long, value_name = "REF")]
    against: String,
    /// The registry as it is: a git revision, or a folder [default: the one of the working tree]
    #[arg(long, value_name = "REF")]
    until: Option<String>,
}

pub(super) fn run(args: &ChangelogArgs) -> Result<Exit> {
    let loaded = match load::load(&args.registry, "changelog", &Formats::default())? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let folder = loaded.folder.canonicalize().context("the folder of the registry is gone")?;
    let old = revision::named(&args.against, &folder)?;
    let new = match &args.until {
        Some(until) => revision::named(until, &folder)?,
        None => loaded.registry,
    };
    let mut page = String::new();
    let found = breaking(&old, &new, Mode::Full);
    let serious: Vec<&Finding> = found.iter().filter(|finding| finding.level >= Level::Warning).collect();
    if !serious.is_empty() {
        page.push_str("## Breaking\n\n");
        for finding in serious {
            let hint = finding.hint.as_deref().unwrap_or_default();
            page.push_str(&format!("- {}: {}. {}.\n", finding.rule, finding.message, capital(hint)));
        }
        page.push('\n');
    }
    page.push_str(&diff::changelog(&changes(&old, &new)));
    output::write(&page)?;
    Ok(Exit::Clean)
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
