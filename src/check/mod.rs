//! Does the data keep the contract? Observations in, findings out. Synchronous and pure: it does not know where the
//! observations come from, nor lint, generators or reports.
//!
//! A rule is one file in `rules/`. The [`Checker`] prepares a registry for one bus; a [`Judge`] takes what is seen of its
//! keys, a [`traffic::Judge`] what clients ask of it. Both go by the same rules.

mod census;
mod contents;
mod judge;
mod newest;
mod plan;
pub mod rules;
mod searches;
mod subjects;
mod tally;
pub mod traffic;
mod value;

pub use crate::registry::scalar_fault;
pub use census::Census;
pub use judge::{Judge, Suspect, Verdict};
pub use plan::{Checker, GroupPlan, KeyPlan, MaxEntriesPlan, Options, TtlPlan};
pub use subjects::{ChannelUse, Demand, Failure, History, Judges, KeyUse, Repetition, Subject, Unclaimed};
pub use value::Fault;

use crate::finding::{Finding, Level};
use crate::rule::Rule;

/// A rule about data.
#[derive(Debug)]
pub struct CheckRule {
    /// Identity and docs. An example is a registry as in lint examples, then either a line `# data` and Redis commands,
    /// or a line `# traffic` and commands behind the name of the client that sends them: `app> SET app:mode fast`.
    pub rule: Rule,
    /// What it judges: one or more things, under one name.
    pub judges: &'static [Judges],
}

/// What is not there of what was demanded.
#[must_use]
pub fn unmet(demand: &Demand<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for judges in rules::RULES.iter().flat_map(|rule| rule.judges) {
        if let Judges::Demand(judge) = judges {
            judge(demand, &mut findings);
        }
    }
    findings
}

/// What is to be said of a program that failed; `how` completes "the program".
#[must_use]
pub fn failed_program(how: &str) -> Vec<Finding> {
    let charges = rules::problems(|of| if let Judges::Program(judge) = of { judge(how) } else { None });
    charges.map(|(rule, problem)| Finding { hint: problem.hint, ..rule.rule.finding(problem.message) }).collect()
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
