//! What becomes of a draft: printed, written as a registry of its own, or put into one that is written by hand.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;
use serde_json::json;
use similar::TextDiff;

use super::file::put;
use super::verdict::Verdict;
use super::{Exit, ReportArgs, output, usage};
use crate::catalogue;
use crate::extract::draft::into::{Merged, merge};
use crate::extract::draft::write;
use crate::extract::{Draft, Unresolved};
use crate::finding::printable;
use crate::registry::LoadError;
use crate::settings::Settings;

/// Where a draft goes. The same for all commands that make one.
#[derive(Debug, Args)]
pub(super) struct DraftArgs {
    /// Write the draft as a registry into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "into")]
    pub out: Option<PathBuf>,
    /// Put what is new into this registry, in place; what is written there stays as it is
    #[arg(long, value_name = "DIR")]
    pub into: Option<PathBuf>,
    /// Show what would be written, as a diff, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// With --out: overwrite files that are there
    #[arg(long, requires = "out")]
    pub force: bool,
    /// Name of the system in the draft
    #[arg(long, value_name = "NAME", default_value = "draft")]
    pub name: String,
}

/// Prints a draft, or writes it where it is to go. What the origin did not understand is told at the end, on standard error.
pub(super) fn finish(draft: &Draft, args: &DraftArgs, command: &'static str, report: &ReportArgs) -> Result<Exit> {
    let exit = match (&args.out, &args.into) {
        (Some(folder), _) => out(draft, folder, args)?,
        (None, Some(folder)) => into(draft, folder, args, command, report)?,
        (None, None) => {
            let texts = write(draft);
            if args.dry_run {
                let none = |(path, text): &(PathBuf, String)| (path.clone(), String::new(), text.clone());
                output::write(&diffs(&texts.iter().map(none).collect::<Vec<_>>()))?;
            } else {
                output::write(&shown(&texts))?;
            }
            Exit::Clean
        }
    };
    unresolved(&draft.unresolved);
    Ok(exit)
}

/// All files of a draft as one text, each under its path; comments are dimmed at a terminal.
fn shown(texts: &[(PathBuf, String)]) -> String {
    let dim = anstyle::Style::new().dimmed();
    let mut shown = String::new();
    for (at, (path, text)) in texts.iter().enumerate() {
        let gap = if at == 0 { "" } else { "\n" };
        shown.push_str(&format!("{gap}{dim}# file: {}{dim:#}\n", path.display()));
        for line in text.lines() {
            if line.trim_start().starts_with('#') {
                shown.push_str(&format!("{dim}{line}{dim:#}\n"));
            } else {
                shown.push_str(line);
                shown.push('\n');
            }
        }
    }
    shown
}

fn out(draft: &Draft, folder: &Path, args: &DraftArgs) -> Result<Exit> {
    let texts = write(draft);
    let whole: Vec<(PathBuf, String)> = texts.into_iter().map(|(path, text)| (folder.join(path), text)).collect();
    if args.dry_run {
        let before = |(path, text): &(PathBuf, String)| {
            (path.clone(), fs::read_to_string(path).unwrap_or_default(), text.clone())
        };
        output::write(&diffs(&whole.iter().map(before).collect::<Vec<_>>()))?;
        return Ok(Exit::Clean);
    }
    let known: Vec<String> =
        whole.iter().filter(|(path, _)| path.exists()).map(|(path, _)| path.display().to_string()).collect();
    if !known.is_empty() && !args.force {
        let hint = "give --force to overwrite, or --into to keep what is there and add what is new";
        return Err(usage(format!("nothing was written, for these are there: {}; {hint}", known.join(", "))));
    }
    for (path, text) in &whole {
        put(path, text)?;
        output::say(&format!("wrote {}", path.display()));
    }
    Ok(Exit::Clean)
}

fn into(draft: &Draft, folder: &Path, args: &DraftArgs, command: &'static str, report: &ReportArgs) -> Result<Exit> {
    let texts = crate::registry::read_folder(folder).map_err(|error| usage(format!("{error:#}")))?;
    let merged = merge(&texts, draft).map_err(|error| match error {
        LoadError::Unreadable(error) => error,
        invalid @ LoadError::Invalid(..) => usage(format!(
            "{} is no valid registry, or the draft fits into none; nothing was written\n{invalid}",
            folder.display()
        )),
    })?;
    if args.dry_run {
        let before = |(path, text): &(PathBuf, String)| {
            let known = texts.iter().find(|(known, _)| known == path).map(|(_, text)| text.clone());
            (path.clone(), known.unwrap_or_default(), text.clone())
        };
        output::write(&diffs(&merged.texts.iter().map(before).collect::<Vec<_>>()))?;
    } else {
        for (path, text) in &merged.texts {
            put(path, text)?;
        }
    }
    summary(&merged, args.dry_run);
    conflicts(merged, folder, command, report, args.dry_run)
}

/// What was added where, for people.
fn summary(merged: &Merged, dry: bool) {
    let verb = if dry { "would add" } else { "added" };
    for (path, what) in &merged.added {
        let what: Vec<String> = what.iter().map(|what| printable(what.as_bytes())).collect();
        output::say(&format!("{}: {verb} {}", path.display(), what.join(", ")));
    }
    if merged.added.is_empty() {
        output::say("nothing to add: the registry says it all");
    }
}

/// What contradicts what is written, as findings.
fn conflicts(merged: Merged, folder: &Path, command: &'static str, args: &ReportArgs, dry: bool) -> Result<Exit> {
    let here = std::env::current_dir().context("the working folder is gone")?;
    let settings = Settings::find(&here).map_err(|error| usage(format!("{error:#}")))?;
    let settled = catalogue::settle(merged.findings, &settings, command);
    let exit = Exit::of(&settled.findings, output::level(&args.fail_on));
    let files = merged.added.len();
    if settled.findings.is_empty() && (dry || args.format.is_only_text()) {
        return Ok(exit);
    }
    let closing = format!("{}: what is written by hand was left as it is", folder.display());
    let verdict = Verdict {
        command,
        settled,
        evidence: json!({ "files": files, "added": merged.added.iter().map(|(_, what)| what.len()).sum::<usize>() }),
        coverage: json!({}),
        closing,
        exit,
    };
    verdict.write(&merged.registry.sources, args)
}

/// Lists what an origin could not understand.
fn unresolved(items: &[Unresolved]) {
    for item in items {
        let text = printable(item.text.as_bytes());
        output::say(&format!("{}:{}: {text} - {}", item.place.file.display(), item.place.line, item.why));
    }
    if !items.is_empty() {
        output::say(&format!("{} not resolved", output::counted(items.len(), "place")));
    }
}

/// Unified diffs of files: path, before, after.
fn diffs(files: &[(PathBuf, String, String)]) -> String {
    let mut out = String::new();
    for (path, before, after) in files.iter().filter(|(_, before, after)| before != after) {
        let path = path.display().to_string();
        let old = if before.is_empty() { "/dev/null".to_owned() } else { format!("a/{path}") };
        let diff = TextDiff::from_lines(before.as_str(), after.as_str());
        out.push_str(&diff.unified_diff().context_radius(3).header(&old, &format!("b/{path}")).to_string());
    }
    out
}
#[cfg(test)]
#[path = "draft_tests.rs"]
mod tests;
