//! Findings for people and machines: one file a format. A [`Report`] in, text out; nothing here judges.

mod covered;
mod github;
mod json;
mod junit;
mod markdown;
mod sarif;
mod text;

use std::path::Path;

use serde::Serialize;
use serde_json::Value;

use crate::finding::{Finding, Level};
use crate::rule::Rule;
use crate::source::Sources;

pub use json::schema as json_schema;
pub use markdown::code;

/// What a command found, and what its verdict rests on.
pub struct Report<'a> {
    /// The command.
    pub command: &'static str,
    /// What is wrong, levels settled.
    pub findings: Vec<Finding>,
    /// How many more the baseline knows.
    pub known: usize,
    /// What the verdict rests on, in the command's own terms.
    pub evidence: Value,
    /// What was covered, in the command's own terms.
    pub coverage: Value,
    /// The registry's files, for places.
    pub sources: &'a Sources,
    /// The closing words of the text format.
    pub closing: String,
}

/// How many findings of each level.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Broken contracts.
    pub error: usize,
    /// Probable faults.
    pub warning: usize,
    /// Worth knowing.
    pub info: usize,
}

impl Summary {
    /// Counts findings.
    #[must_use]
    pub fn of(findings: &[Finding]) -> Self {
        let count = |level| findings.iter().filter(|finding| finding.level == level).count();
        Self { error: count(Level::Error), warning: count(Level::Warning), info: count(Level::Info) }
    }
}

/// What a format may want to know besides the report.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// Are colours welcome?
    pub styled: bool,
    /// Places below this folder are told relative to it; empty to leave them as they are.
    pub folder: &'a Path,
    /// Looks a rule up by name.
    pub rule: fn(&str) -> Option<&'static Rule>,
}

impl Frame<'_> {
    /// No colours, places as they are, no docs of rules.
    #[must_use]
    pub fn plain() -> Self {
        Self { styled: false, folder: Path::new(""), rule: |_| None }
    }

    /// A path as reports tell it: relative where it can be, with forward slashes.
    fn path(&self, path: &Path) -> String {
        let inside = path.strip_prefix(self.folder).unwrap_or(path);
        let parts = inside.components().filter(|part| *part != std::path::Component::CurDir);
        parts.collect::<std::path::PathBuf>().to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
    }
}

/// A report format.
#[derive(Debug)]
pub struct Format {
    /// Its name in `--format`.
    pub name: &'static str,
    /// One sentence.
    pub about: &'static str,
    /// Writes a report.
    pub render: fn(&Report<'_>, &Frame<'_>) -> String,
}

/// All formats. To add one: a file, its `mod` line, its line here.
pub static FORMATS: &[&Format] =
    &[&text::FORMAT, &json::FORMAT, &github::FORMAT, &sarif::FORMAT, &junit::FORMAT, &markdown::FORMAT];

/// What an entry of the registry is called in a message: its pattern, or the name seen.
fn title(finding: &Finding) -> String {
    match (&finding.pattern, &finding.key) {
        (Some(pattern), _) if finding.rule_is_about_data() => format!("`{pattern}`: {}", finding.message),
        (None, Some(key)) => format!("`{key}`: {}", finding.message),
        _ => finding.message.clone(),
    }
}

/// That there are findings which the baseline knows.
fn known(report: &Report<'_>) -> Option<String> {
    match report.known {
        0 => None,
        1 => Some("1 known finding is not shown: it is in the baseline".to_owned()),
        many => Some(format!("{many} known findings are not shown: they are in the baseline")),
    }
}

/// A text without characters that no reader sees or that reorder what is read: they are told as `\u{1b}`. Line ends stay.
fn visible(text: &str) -> String {
    let hidden = |c: char| {
        let reorders = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        (c.is_control() && c != '\n') || reorders || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if hidden(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

impl Finding {
    /// Is it about data seen, and not about the registry's own text?
    #[must_use]
    pub fn rule_is_about_data(&self) -> bool {
        !self.examples.is_empty()
    }
}
