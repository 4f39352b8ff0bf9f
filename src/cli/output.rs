//! What the commands print: reports on standard output, errors and progress on standard error, colours only on a terminal.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the one place that prints")]

use std::io::{IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use anyhow::Result;
use clap::builder::PossibleValuesParser;
use indicatif::{ProgressBar, ProgressStyle};

use crate::catalogue;
use crate::finding::Level;
use crate::report::{FORMATS, Frame, Report};

pub(super) fn format_names() -> PossibleValuesParser {
    PossibleValuesParser::new(
        FORMATS.iter().map(|format| clap::builder::PossibleValue::new(format.name).help(format.about)),
    )
}

pub(super) fn level_names() -> PossibleValuesParser {
    PossibleValuesParser::new(Level::ALL.iter().map(|level| level.as_str()))
}

/// The level of a word that [`level_names`] let through.
pub(super) fn level(word: &str) -> Level {
    Level::ALL.into_iter().find(|level| level.as_str() == word).unwrap_or(Level::Warning)
}

/// Writes a report in a format that [`format_names`] let through.
pub(super) fn report(report: &Report<'_>, format: &str) -> Result<()> {
    let format = FORMATS.iter().find(|known| known.name == format).unwrap_or(&FORMATS[0]);
    // The stream drops the styles again when it is no terminal, or NO_COLOR is set.
    let here = std::env::current_dir().unwrap_or_default();
    let rule = |name: &str| catalogue::find(name).map(|(_, rule)| rule);
    write(&(format.render)(report, &Frame { styled: true, folder: &here, rule }))
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

/// `1 key`, `2 keys`.
pub(super) fn counted(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

/// A bar for long work, on a terminal only.
pub(super) fn progress(what: &str) -> ProgressBar {
    bar(what, "{msg} {wide_bar} {human_pos} of {human_len} keys, {eta} left")
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
