//! Findings for people and machines: one file a format. A [`Report`] in, text out; nothing here judges.

mod covered;
mod github;
mod gitlab;
mod html;
mod json;
mod jsonl;
mod junit;
mod markdown;
mod sarif;
mod text;

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use crate::finding::{Finding, Level};
use crate::rule::Rule;
use crate::source::Sources;

pub use json::schema as json_schema;
pub use jsonl::schema as jsonl_schema;
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
    /// Relative places are relative to this folder; empty to leave them as they are.
    pub folder: &'a Path,
    /// Places below this folder are told relative to it: the top of the repository, which services count from.
    pub root: &'a Path,
    /// Looks a rule up by name.
    pub rule: fn(&str) -> Option<&'static Rule>,
    /// How the command ends, where that is known.
    pub ending: Option<Ending>,
}

/// How a command ends.
#[derive(Debug, Clone, Copy)]
pub struct Ending {
    /// Its exit code.
    pub code: u8,
    /// What that means.
    pub words: &'static str,
}

impl Frame<'_> {
    /// No colours, places as they are, no docs of rules.
    #[must_use]
    pub fn plain() -> Self {
        Self { styled: false, folder: Path::new(""), root: Path::new(""), rule: |_| None, ending: None }
    }

    /// A path as reports tell it: relative where it can be, with forward slashes.
    fn path(&self, path: &Path) -> String {
        let whole = plain(&self.folder.join(path));
        let inside = whole.strip_prefix(self.root).unwrap_or(&whole);
        inside.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
    }

    /// Where services that drop findings without a place are told that it is: at its place, else in the registry's first
    /// file.
    fn some_path(&self, finding: &Finding, sources: &Sources) -> String {
        let file = finding.place.map(|span| sources.file(span.file)).or_else(|| sources.files().first());
        file.map_or_else(|| "registry.yaml".to_owned(), |file| self.path(&file.path))
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
pub static FORMATS: &[&Format] = &[
    &text::FORMAT,
    &json::FORMAT,
    &jsonl::FORMAT,
    &github::FORMAT,
    &gitlab::FORMAT,
    &sarif::FORMAT,
    &junit::FORMAT,
    &markdown::FORMAT,
    &html::FORMAT,
];

/// A path without `.`, and without `..` where there is a folder to leave, or none above.
pub(crate) fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(plain.components().next_back(), Some(Component::Normal(_) | Component::RootDir)) =>
            {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

/// What tells a finding from all others of the report: which of those with one fingerprint it is, from 1. It does not
/// depend on the order of the report.
fn ordinals(findings: &[Finding]) -> Vec<usize> {
    let mut alike: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, finding) in findings.iter().enumerate() {
        alike.entry(finding.fingerprint()).or_default().push(at);
    }
    let mut ordinals = vec![1; findings.len()];
    for mut places in alike.into_values() {
        places.sort_by_key(|at| (findings[*at].place, &findings[*at].message, &findings[*at].key));
        for (ordinal, at) in places.into_iter().enumerate() {
            ordinals[at] = ordinal + 1;
        }
    }
    ordinals
}

/// The parts of a sentence: what it quotes in backticks (true), and what stands between.
fn quoted(text: &str) -> impl Iterator<Item = (bool, String)> {
    let parts: Vec<&str> = text.split('`').collect();
    let last = parts.len() - 1;
    let part = |(at, part): (usize, &str)| match at % 2 {
        1 if at == last => (false, format!("`{part}")),
        1 if part.is_empty() => (false, "``".to_owned()),
        odd => (odd == 1, part.to_owned()),
    };
    parts.into_iter().enumerate().map(part).collect::<Vec<_>>().into_iter()
}

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
        // Joiners (U+200C, U+200D) are part of ordinary words and stay.
        let reorders =
            matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let unseen = matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
        (c.is_control() && c != '\n') || reorders || unseen
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

/// A text that is no markup between tags, in HTML as in XML, without what no reader sees. `]]>` does not stand in it either.
fn markup(text: &str) -> String {
    visible(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

impl Finding {
    /// Is it about data seen, and not about the registry's own text?
    #[must_use]
    pub fn rule_is_about_data(&self) -> bool {
        !self.examples.is_empty()
    }
}
