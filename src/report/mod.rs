//! Findings for people and machines: one file a format. A [`Report`] in, text out; nothing here judges.

mod github;
mod json;
mod text;

use serde::Serialize;
use serde_json::Value;

use crate::finding::{Finding, Level};
use crate::source::Sources;

pub use json::schema as json_schema;

/// What a command found, and what its verdict rests on.
pub struct Report<'a> {
    /// The command.
    pub command: &'static str,
    /// What is wrong, levels settled.
    pub findings: Vec<Finding>,
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

/// A report format.
#[derive(Debug)]
pub struct Format {
    /// Its name in `--format`.
    pub name: &'static str,
    /// One sentence.
    pub about: &'static str,
    /// Writes a report; `styled` when colours are welcome.
    pub render: fn(&Report<'_>, bool) -> String,
}

/// All formats. To add one: a file, its `mod` line, its line here.
pub static FORMATS: &[&Format] = &[&text::FORMAT, &json::FORMAT, &github::FORMAT];

/// What an entry of the registry is called in a message: its pattern, or the name seen.
fn title(finding: &Finding) -> String {
    match (&finding.pattern, &finding.key) {
        (Some(pattern), _) if finding.rule_is_about_data() => format!("`{pattern}`: {}", finding.message),
        (None, Some(key)) => format!("`{key}`: {}", finding.message),
        _ => finding.message.clone(),
    }
}

impl Finding {
    /// Is it about data seen, and not about the registry's own text?
    #[must_use]
    pub fn rule_is_about_data(&self) -> bool {
        !self.examples.is_empty()
    }
}
