//! Does the data keep the contract? Observations in, findings out. Synchronous and pure: it does not know where the
//! observations come from, nor lint, generators or reports.
//!
//! A rule is one file in `rules/`. The [`Checker`] prepares a registry for one bus; a [`Judge`] takes its observations.

mod census;
mod judge;
mod newest;
mod plan;
pub mod rules;
mod scalar;
mod tally;
mod value;

pub use census::Census;
pub use judge::{Judge, Suspect, Verdict};
pub use plan::{Checker, KeyPlan, MaxEntriesPlan, Options, TtlPlan};
pub use scalar::fault as scalar_fault;
pub use value::Fault;

use crate::finding::{Finding, Level};
use crate::observe::Header;
use crate::rule::Rule;

/// A rule about data.
#[derive(Debug)]
pub struct CheckRule {
    /// Identity and docs. An example is a registry as in lint examples, then a line `# data`, then Redis commands.
    pub rule: Rule,
    /// What it judges.
    pub judge: Judges,
}

/// What a rule judges, and how.
#[derive(Debug)]
pub enum Judges {
    /// A key as a whole: type, TTL, size, ends. Such a finding may be a moment's, and is looked at twice.
    Key(fn(&Subject<'_>) -> Option<Problem>),
    /// One fault of the contents.
    Contents(fn(&Fault) -> Option<Problem>),
    /// A name that no pattern of its bus claims.
    Unclaimed(fn(&Unclaimed<'_>) -> Option<Problem>),
    /// All that was seen, at the end.
    Census(fn(&Census<'_>, &mut Vec<Finding>)),
}

/// A key under judgement.
pub struct Subject<'a> {
    /// What is declared of it.
    pub plan: &'a KeyPlan<'a>,
    /// What is seen of it.
    pub seen: &'a Header,
    /// The newest time in its contents, in milliseconds since 1970, where the contents tell.
    pub newest_ms: Option<f64>,
    /// When it was seen, in milliseconds since 1970.
    pub now_ms: f64,
}

/// A name that no pattern of its bus claims.
pub struct Unclaimed<'a> {
    /// The bus on which a pattern claims it, if any does.
    pub elsewhere: Option<&'a str>,
    /// The pattern of its bus that begins most like it.
    pub nearest: Option<&'a str>,
}

/// What a rule has against a key, without the key: problems of many keys of one pattern become one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What tells it apart from other problems of the same rule and pattern: a field, a pointer and keyword.
    pub subject: String,
    /// One sentence in lower case, without the key's name.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The field of the entry's declaration that it breaks, such as `retention`, `ttl`.
    pub declared: &'static [&'static str],
    /// Another level than the rule's.
    pub level: Option<Level>,
}

impl Problem {
    /// A problem that needs no subject: the rule says it all.
    #[must_use]
    pub fn new(message: impl Into<String>, declared: &'static [&'static str]) -> Self {
        Self { subject: String::new(), message: message.into(), hint: None, declared, level: None }
    }

    /// Sets what tells it apart.
    #[must_use]
    pub fn subject(mut self, text: impl Into<String>) -> Self {
        self.subject = text.into();
        self
    }

    /// Sets what to do about it.
    #[must_use]
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.hint = Some(text.into());
        self
    }
}
