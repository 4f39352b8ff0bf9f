//! `keywire diff`.

use std::path::Path;

use anstyle::{AnsiColor, Style};
use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::formats::Formats;
use super::{Exit, RegistryArgs, load, output, revision, usage};
use crate::diff::{Change, Happened, Section, changes};
use crate::report::code;

/// Arguments of `diff`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  keywire diff --against main          what this working tree changes
  keywire diff v1.4 v1.5               between two git revisions
  keywire diff old/schema new/schema   between two folders
  keywire diff HEAD~1 --format json    for tools

Revisions are read through git, without a checkout. A difference is no fault: the exit code is 0.
The order of entries, and of words whose order says nothing, is no change.")]
pub(super) struct DiffArgs {
    /// The registry as it was: a folder, or a git revision
    #[arg(value_name = "OLD", required_unless_present = "against")]
    old: Option<String>,
    /// The registry as it is: a folder, or a git revision [default: the one of the working tree]
    #[arg(value_name = "NEW")]
    new: Option<String>,
    /// The registry as it was at a git revision
    #[arg(long, value_name = "REF", conflicts_with = "old")]
    against: Option<String>,
    #[command(flatten)]
    registry: RegistryArgs,
    /// Only changes of this module
    #[arg(long, value_name = "MODULE")]
    module: Option<String>,
    /// How to write them
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    /// For people
    Text,
    /// For tools
    Json,
    /// For change logs and comments
    Markdown,
}

pub(super) fn run(args: &DiffArgs) -> Result<Exit> {
    let here = || -> Result<Result<load::Loaded, Exit>> { load::load(&args.registry, "diff", &Formats::default()) };
    let (old, new) = match (args.against.as_ref().or(args.old.as_ref()), &args.new) {
        (Some(old), Some(new)) if Path::new(old).is_dir() && Path::new(new).is_dir() => {
            (revision::named(old, Path::new("."))?, revision::named(new, Path::new("."))?)
        }
        (Some(old), new) => {
            let loaded = match here()? {
                Ok(loaded) => loaded,
                Err(exit) => return Ok(exit),
            };
            let folder = loaded.folder.canonicalize().context("the folder of the registry is gone")?;
            let was = revision::named(old, &folder)?;
            let is = match new {
                Some(new) => revision::named(new, &folder)?,
                None => loaded.registry,
            };
            (was, is)
        }
        (None, _) => return Err(usage("name what to compare with: OLD, or --against REF")),
    };
    let mut found = changes(&old, &new);
    found.retain(|change| args.module.is_none() || change.module == args.module);
    let text = match args.format {
        Form::Text => text(&found),
        Form::Json => json_text(&found)?,
        Form::Markdown => markdown(&found),
    };
    output::write(&text)?;
    Ok(Exit::Clean)
}

fn json_text(changes: &[Change]) -> Result<String> {
    let report = json!({ "keywire": env!("CARGO_PKG_VERSION"), "command": "diff", "changes": changes });
    Ok(serde_json::to_string_pretty(&report).context("cannot write JSON")? + "\n")
}

/// How many of each kind, for the last line.
fn summary(changes: &[Change]) -> String {
    if changes.is_empty() {
        return "no changes".to_owned();
    }
    let kinds = [
        (Happened::Added, "added"),
        (Happened::Removed, "removed"),
        (Happened::Changed, "changed"),
        (Happened::Renamed, "renamed"),
    ];
    let counts = kinds.iter().filter_map(|(kind, word)| {
        let count = changes.iter().filter(|change| change.happened == *kind).count();
        (count > 0).then(|| format!("{count} {word}"))
    });
    format!("{}: {}", output::counted(changes.len(), "change"), counts.collect::<Vec<_>>().join(", "))
}

fn text(changes: &[Change]) -> String {
    let mut text = String::new();
    let mut module = None;
    for change in changes {
        if module != Some(&change.module) {
            module = Some(&change.module);
            text.push_str(&format!("{}\n", change.module.as_deref().unwrap_or("registry.yaml")));
        }
        let (sign, colour) = match change.happened {
            Happened::Added => ('+', AnsiColor::Green),
            Happened::Removed => ('-', AnsiColor::Red),
            Happened::Changed | Happened::Renamed => ('~', AnsiColor::Yellow),
        };
        let style = Style::new().fg_color(Some(colour.into()));
        text.push_str(&format!(
            "  {style}{sign}{style:#} {}{}\n",
            name(change),
            values(change, |word| word.to_owned())
        ));
    }
    text + &summary(changes) + "\n"
}

/// The changes as sections of a change log: what came, what changed, what went.
pub(super) fn changelog(changes: &[Change]) -> String {
    if changes.is_empty() {
        return "No changes.\n".to_owned();
    }
    let mut page = String::new();
    let sections = [
        ("Added", &[Happened::Added][..]),
        ("Changed", &[Happened::Changed, Happened::Renamed]),
        ("Removed", &[Happened::Removed]),
    ];
    for (title, kinds) in sections {
        let mut lines = changes.iter().filter(|change| kinds.contains(&change.happened)).peekable();
        if lines.peek().is_some() {
            page.push_str(&format!("## {title}\n\n"));
        }
        for change in lines {
            let module = change.module.as_deref().unwrap_or("registry");
            page.push_str(&format!("- {module}: {}{}\n", code(&name(change)), values(change, code)));
        }
        if page.ends_with('\n') && !page.ends_with("\n\n") {
            page.push('\n');
        }
    }
    page.truncate(page.trim_end().len());
    page + "\n"
}

fn markdown(changes: &[Change]) -> String {
    let mut page = format!("**keywire diff: {}**\n", summary(changes));
    let mut module = None;
    for change in changes {
        if module != Some(&change.module) {
            module = Some(&change.module);
            page.push_str(&format!("\n## {}\n\n", change.module.as_deref().unwrap_or("registry.yaml")));
        }
        let what = match change.happened {
            Happened::Added => "added",
            Happened::Removed => "removed",
            Happened::Changed => "changed",
            Happened::Renamed => "renamed",
        };
        page.push_str(&format!("- {what}: {}{}\n", code(&name(change)), values(change, code)));
    }
    page
}

/// `keys.spot_latest.retention.ttl`.
fn name(change: &Change) -> String {
    let section = (change.section != Section::About).then(|| change.section.as_str().to_owned());
    let path: Vec<String> =
        section.into_iter().chain(change.entry.clone()).chain(change.path.iter().cloned()).collect();
    if path.is_empty() { "the whole module".to_owned() } else { path.join(".") }
}

fn values(change: &Change, word: impl Fn(&str) -> String) -> String {
    let shown = |value: &Option<Value>| value.as_ref().map(|value| word(&short(value)));
    match (change.happened, shown(&change.old), shown(&change.new)) {
        (Happened::Changed | Happened::Renamed, Some(old), Some(new)) => format!(": {old} -> {new}"),
        // Of a whole entry its pattern says more than its fields.
        (Happened::Added | Happened::Removed, ..) if change.path.is_empty() => {
            change.pattern.as_ref().map_or_else(String::new, |pattern| format!(": {}", word(pattern)))
        }
        (Happened::Added | Happened::Removed, old, new) => {
            let value = new.or(old).unwrap_or_default();
            // The word of a set stands in the path already.
            let known = change.path.last().is_some_and(|last| word(last) == value);
            if known { String::new() } else { format!(": {value}") }
        }
        _ => String::new(),
    }
}

/// A value on one line, not too long.
fn short(value: &Value) -> String {
    const LONGEST: usize = 100;
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}...", &text[..at]),
        None => text,
    }
}
