//! `keywire baseline`: the findings that are known.

use std::process::Command;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::ci::{LookArgs, Outcome, Step, look};
use super::formats::Formats;
use super::load::Loaded;
use super::{Exit, RegistryArgs, file, interrupt, load, output};
use crate::baseline::{Terms, Updated, update};
use crate::finding::{Finding, Level, printable};
use crate::registry::today;

/// Days that findings may stay, unless said otherwise.
const DAYS: i64 = 180;

/// Arguments of `baseline`.
#[derive(Debug, Args)]
pub(super) struct BaselineArgs {
    #[command(subcommand)]
    command: BaselineCommand,
}

#[derive(Debug, Subcommand)]
enum BaselineCommand {
    /// Look as `ci` does, and write down what is found: it is known then, until it expires
    Update(UpdateArgs),
    /// The findings that are known, those that expire first before the others
    List(ListArgs),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  keywire baseline update --only lint                        what lint says today
  keywire baseline update --owner platform --reason \"before keywire\" --expires 90d
  keywire baseline update --expires 2027-01-31 --dry-run     what would be written

The file is keywire-baseline.toml beside keywire.toml (or `baseline` in it). What is no longer found is removed, what is new
is added; owner, reason and expires of each finding are for people to change. When its day is over, a finding counts again.")]
struct UpdateArgs {
    #[command(flatten)]
    look: LookArgs,
    /// Who answers for what is new [default: the user's name in git]
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,
    /// Why what is new may stay
    #[arg(long, value_name = "TEXT", default_value = "found when the baseline was written")]
    reason: String,
    /// The last day on which what is new may stay, or for how long [default: 180d]
    #[arg(long, value_name = "DATE", value_parser = date)]
    expires: Option<Date>,
    /// Do not remove what is no longer found
    #[arg(long)]
    keep: bool,
    /// Write nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  keywire baseline list
  keywire baseline list --expired    exit 1 if there are any")]
struct ListArgs {
    #[command(flatten)]
    registry: RegistryArgs,
    /// Only those whose day is over
    #[arg(long)]
    expired: bool,
}

fn date(text: &str) -> Result<Date, String> {
    if let Ok(date) = text.parse::<Date>() {
        return Ok(date);
    }
    let wrong = || format!("`{text}` is neither a date such as 2027-01-31 nor a time such as 90d");
    let duration = crate::registry::duration(text).map_err(|_| wrong())?;
    let days = i64::try_from(duration.as_secs() / 86_400).map_err(|_| wrong())?;
    in_days(days).ok_or_else(wrong)
}

fn in_days(days: i64) -> Option<Date> {
    let span = jiff::Span::new().try_days(days).ok()?;
    today().checked_add(span).ok()
}

pub(super) fn run(args: &BaselineArgs) -> Result<Exit> {
    match &args.command {
        BaselineCommand::Update(args) => renew(args),
        BaselineCommand::List(args) => list(args),
    }
}

fn renew(args: &UpdateArgs) -> Result<Exit> {
    let loaded = match load::load(&args.look.registry, "baseline", &Formats::default())? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let relay = interrupt::relay()?;
    let looked = look(&args.look, &loaded, Level::Warning, &relay)?;
    if *relay.any.borrow() {
        return Ok(Exit::Interrupted);
    }
    let mut found: Vec<(&'static str, Finding)> = Vec::new();
    // What a command no longer finds is gone only if it looked at all.
    let (mut whole, mut partly): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut exit = Exit::Clean;
    for looked in looked {
        let (name, step) = (looked.name(), looked.step);
        match looked.outcome {
            // What is stale is renewed by a command: it need not be known.
            Outcome::Judged(_) if step == Step::Generate => {}
            Outcome::Judged(verdict) => {
                let (command, complete) = (verdict.command, verdict.exit != Exit::NoEvidence);
                found.extend(
                    verdict.settled.findings.into_iter().chain(verdict.settled.known).map(|one| (command, one)),
                );
                if complete { whole.push(command) } else { partly.push(command) }
            }
            Outcome::NotLooked(why) => output::say(&format!("{name}: not looked at: {why}")),
            Outcome::Failed { why, exit: failed } => {
                output::error(&format!("{name}: {why}"));
                partly.push(step.as_str());
                exit = failed;
            }
        }
    }
    let is_part = |command: &&str| partly.contains(command) || args.keep || args.look.module.is_some();
    whole.retain(|command| !is_part(command));
    let owner = args.owner.clone().or_else(git_user).unwrap_or_else(|| "nobody yet".to_owned());
    let expires = args.expires.or_else(|| in_days(DAYS)).context("no date so far ahead")?;
    let terms = Terms { owner, reason: args.reason.clone(), expires };
    let path = loaded.settings.baseline_path();
    let cannot = || format!("cannot read {}", path.display());
    let text = if path.is_file() { std::fs::read_to_string(&path).with_context(cannot)? } else { String::new() };
    let updated = update(&text, &found, &whole, &terms)?;
    tell(&updated, &terms, &loaded, args.dry_run)?;
    let is_new = !updated.added.is_empty() || !updated.removed.is_empty();
    if is_new && !args.dry_run {
        file::put(&path, &updated.text)?;
    }
    Ok(exit)
}

/// What was added and removed, for people.
fn tell(updated: &Updated, terms: &Terms, loaded: &Loaded, dry: bool) -> Result<()> {
    let mut text = String::new();
    for (sign, entries) in [('-', &updated.removed), ('+', &updated.added)] {
        for entry in entries {
            text.push_str(&format!(
                "{sign} {:8}  {}  {}\n",
                entry.command,
                entry.rule,
                printable(entry.about.as_bytes())
            ));
        }
    }
    let would = if dry { "would be " } else { "" };
    let path = loaded.settings.baseline_path();
    let path = path.strip_prefix(&loaded.settings.root).unwrap_or(&path);
    let (added, removed) = (updated.added.len(), updated.removed.len());
    text.push_str(&format!("{}: {would}{added} added, {would}{removed} removed", path.display()));
    if added > 0 {
        text.push_str(&format!("; the new ones are {}'s, until {}", terms.owner, terms.expires));
    }
    output::write(&format!("{text}\n"))
}

fn git_user() -> Option<String> {
    let output =
        Command::new("git").args(["config", "user.name"]).output().ok().filter(|output| output.status.success())?;
    let name = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (!name.is_empty()).then_some(name)
}

fn list(args: &ListArgs) -> Result<Exit> {
    let loaded = match load::load(&args.registry, "baseline", &Formats::default())? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let today = today();
    let entries = loaded.settings.known.entries();
    let shown: Vec<_> = entries.iter().filter(|entry| !args.expired || entry.is_expired(today)).collect();
    let mut text = String::new();
    for entry in &shown {
        let word = if entry.is_expired(today) { "expired" } else { "until  " };
        let about = printable(entry.about.as_bytes());
        text.push_str(&format!("{word} {}  {:8}  {}  {about}\n", entry.expires, entry.command, entry.rule));
        text.push_str(&format!("                    {}: {}\n", entry.owner, entry.reason));
    }
    let expired = entries.iter().filter(|entry| entry.is_expired(today)).count();
    text.push_str(&format!("{}, {expired} of them expired\n", output::counted(entries.len(), "known finding")));
    output::write(&text)?;
    Ok(if args.expired && expired > 0 { Exit::Findings } else { Exit::Clean })
}
