//! `keywire breaking`.

use std::path::Path;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use serde_json::json;

use super::load::Loaded;
use super::verdict::Verdict;
use super::{Exit, RegistryArgs, ReportArgs, load, output, revision};
use crate::catalogue;
use crate::diff::breaking::{Mode, breaking};
use crate::diff::changes;
use crate::finding::{Finding, Level};

/// Arguments of `breaking`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  keywire breaking --against main                   who breaks by what this working tree changes?
  keywire breaking --against v1.4 --mode backward   only readers and stored data
  keywire breaking --against ../old/schema          against a folder
  keywire breaking --tags 'v*'                      against each release

A finding names who breaks and who must deploy first. What a consumer `needs` decides how much a change of
a payload weighs. Levels of rules are set in keywire.toml; `keywire explain RULE` shows before and after.")]
pub(super) struct BreakingArgs {
    #[command(flatten)]
    registry: RegistryArgs,
    /// The registry as it was: a git revision, or a folder
    #[arg(long, value_name = "REF", required_unless_present = "tags")]
    against: Option<String>,
    /// Each tag like this that is merged into the commit at hand, as well
    #[arg(long, value_name = "GLOB")]
    tags: Option<String>,
    /// Who must keep working
    #[arg(long, value_enum, default_value_t = ModeArg::Full)]
    mode: ModeArg,
    /// Only findings about this module
    #[arg(long, value_name = "MODULE")]
    module: Option<String>,
    #[command(flatten)]
    report: ReportArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum ModeArg {
    /// Nobody: nothing is looked at
    None,
    /// Readers of today, and what is stored, with the writers of tomorrow
    Backward,
    /// Writers of today with the readers of tomorrow
    Forward,
    /// All, and those who run it
    Full,
}

impl From<ModeArg> for Mode {
    fn from(mode: ModeArg) -> Self {
        match mode {
            ModeArg::None => Self::None,
            ModeArg::Backward => Self::Backward,
            ModeArg::Forward => Self::Forward,
            ModeArg::Full => Self::Full,
        }
    }
}

pub(super) fn run(args: &BreakingArgs) -> Result<Exit> {
    let loaded = match load::load_sound(&args.registry, "breaking", &args.report.format)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let folder = loaded.folder.canonicalize().context("the folder of the registry is gone")?;
    let mut words: Vec<String> = args.against.iter().cloned().collect();
    if let Some(glob) = &args.tags {
        words.extend(revision::tags(glob, &folder)?);
    }
    let compared = Compared { against: &words, mode: args.mode.into(), module: args.module.as_deref() };
    let verdict = judge(&loaded, &folder, &compared, output::level(&args.report.fail_on))?;
    verdict.write(&loaded.registry.sources, &args.report)
}

/// What a registry is compared with, and how.
pub(super) struct Compared<'a> {
    /// Git revisions or folders.
    pub against: &'a [String],
    /// Who must keep working.
    pub mode: Mode,
    /// Only findings about this module.
    pub module: Option<&'a str>,
}

/// Who breaks by what changed since then?
pub(super) fn judge(loaded: &Loaded, folder: &Path, compared: &Compared<'_>, fail_on: Level) -> Result<Verdict> {
    let Compared { against: words, mode, module } = *compared;
    let (mut findings, mut changed): (Vec<Finding>, usize) = (Vec::new(), 0);
    for word in words {
        let old = revision::named(word, folder)?;
        changed = changed.max(changes(&old, &loaded.registry).len());
        for finding in breaking(&old, &loaded.registry, mode) {
            // What broke already against a nearer one is told once.
            if !findings.iter().any(|known| known.fingerprint() == finding.fingerprint()) {
                findings.push(finding);
            }
        }
    }
    findings.retain(|finding| module.is_none() || finding.module.as_deref() == module);
    let settled = catalogue::settle(findings, &loaded.settings, "breaking");
    let exit = Exit::of(&settled.findings, fail_on);
    let word = if exit == Exit::Clean { "breaks nobody" } else { "breaks somebody" };
    Ok(Verdict {
        command: "breaking",
        settled,
        evidence: json!({ "against": words, "changes": changed }),
        coverage: json!({}),
        closing: format!("against {}: {word} ({})", words.join(", "), output::counted(changed, "change")),
        exit,
    })
}
