//! What the commands print: reports on standard output, errors and progress on standard error, colours only on a terminal.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the one place that prints")]

use std::io::{IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use anyhow::Result;
use clap::builder::PossibleValuesParser;
use indicatif::{ProgressBar, ProgressStyle};

use super::Exit;
use super::formats::Formats;
use crate::catalogue::{self, Group};
use crate::finding::Level;
use crate::report::{Ending, Frame, Report};

pub(super) fn level_names() -> PossibleValuesParser {
    PossibleValuesParser::new(Level::ALL.iter().map(|level| level.as_str()))
}

/// The level of a word that [`level_names`] let through.
pub(super) fn level(word: &str) -> Level {
    Level::ALL.into_iter().find(|level| level.as_str() == word).unwrap_or(Level::Warning)
}

/// Writes a report in the formats that are asked for. What `preface` says of a format by name comes before the report in it.
pub(super) fn report(
    report: &Report<'_>,
    formats: &Formats,
    exit: Exit,
    preface: impl Fn(&str) -> String,
) -> Result<()> {
    let here = std::env::current_dir().unwrap_or_default();
    let root = Formats::root(&here);
    let rule = match Group::of(report.command) {
        Group::Lint => |name: &str| catalogue::find(name, Group::Lint),
        Group::Breaking => |name: &str| catalogue::find(name, Group::Breaking),
        Group::Access => |name: &str| catalogue::find(name, Group::Access),
        Group::Reconcile => |name: &str| catalogue::find(name, Group::Reconcile),
        Group::Generate | Group::Check => |name: &str| catalogue::find(name, Group::Check),
    };
    let ending = Some(Ending { code: exit.code(), words: exit.as_str() });
    formats.write(report, &Frame { folder: &here, root: &root, rule, ending, ..Frame::plain() }, preface)
}

/// Writes text to standard output. A reader that has gone away (`| head`) is no error.
pub(super) fn write(text: &str) -> Result<()> {
    match anstream::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Says why a command could not do its work.
pub(super) fn error(message: &str) {
    let style = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
    anstream::eprintln!("{style}error{style:#}: {message}");
}

/// Says what is going on, to people; reports go elsewhere.
pub(super) fn say(message: &str) {
    anstream::eprintln!("{message}");
}

/// `1 key`, `2 keys`.
pub(super) fn counted(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

/// A bar for long work, on a terminal only.
pub(super) fn progress(what: &str) -> ProgressBar {
    bar(what, "{msg} {wide_bar} {human_pos} of {human_len} keys, {eta} left")
}

/// The same for other things than keys.
pub(super) fn progress_of(what: &str, of: &str) -> ProgressBar {
    bar(what, &format!("{{msg}} {{wide_bar}} {{human_pos}} of {{human_len}} {of}, {{eta}} left"))
}

/// The same for the bytes of a file.
pub(super) fn progress_bytes(what: &str) -> ProgressBar {
    bar(what, "{msg} {wide_bar} {bytes} of {total_bytes}, {eta} left")
}

fn bar(what: &str, template: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style).with_message(what.to_owned())
}

/// A bar for reading a file, on a terminal only. A pipe has no size: what was read of it is told without an end.
pub(super) fn bytes_bar(what: &str, size: Option<u64>) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let template = match size {
        Some(_) => "{msg} {wide_bar} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left",
        None => "{msg} {spinner} {bytes}, {bytes_per_sec}",
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(size.unwrap_or(0)).with_style(style).with_message(what.to_owned())
}

/// A count of what has no end that is known, on a terminal only.
pub(super) fn counter(what: &str, of: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let template = format!("{{msg}} {{spinner}} {{human_pos}} {of}, {{elapsed}}");
    let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::no_length().with_style(style).with_message(what.to_owned())
}
