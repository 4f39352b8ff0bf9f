//! Who breaks by a change: two registries in, findings out, each with the consumers concerned and who must deploy first.

mod comparison;
mod parts;
mod patterns;
mod payloads;
pub mod rules;

pub use comparison::{Comparison, Use};
pub use patterns::{ParamChange, PatternChange, pattern_change};

use comparison::readers;
use parts::is_encoding_changed;
use payloads::{loosened, schema_breaks, tightened};

use crate::finding::{Finding, Level};
use crate::registry::{Address, Registry};
use crate::rule::Rule;

/// A rule about a change of the registry.
#[derive(Debug)]
pub struct BreakingRule {
    /// Identity and docs. The examples are two registries, the later one after a line `# after`.
    pub rule: Rule,
    /// Who breaks.
    pub breaks: Breaks,
    /// What it finds.
    pub judge: fn(&Comparison<'_>) -> Vec<Break>,
}

/// Who breaks by a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Breaks {
    /// Consumers that are deployed as they were.
    Reader,
    /// Modules that are deployed as they were.
    Writer,
    /// Data that is stored as it was.
    StoredData,
    /// Those who run it: memory, configuration, access.
    Operator,
}

impl Breaks {
    /// All, in the order of reports.
    pub const ALL: [Self; 4] = [Self::Reader, Self::Writer, Self::StoredData, Self::Operator];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Writer => "writer",
            Self::StoredData => "stored data",
            Self::Operator => "operator",
        }
    }
}

/// Who must deploy first, so that nobody breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First {
    /// Consumers, then the module.
    Readers,
    /// The module, then its consumers.
    Writer,
    /// No order helps: both forms must live side by side for a while.
    Neither,
    /// Those who run it.
    Operator,
}

/// What breaks by one change.
#[derive(Debug, Clone)]
pub struct Break {
    /// One sentence in lower case.
    pub message: String,
    /// What tells it from others of the rule on the same entry.
    pub subject: String,
    /// Where: an entry of the new registry, else of the old one, and the fields that lead there.
    pub at: Place,
    /// Who breaks, by name.
    pub affected: Vec<String>,
    /// Who must deploy first.
    pub first: First,
    /// Lighter than the rule is.
    pub level: Option<Level>,
    /// What to do about it, besides the order of deployment.
    pub hint: String,
}

/// Where a break is told of.
#[derive(Debug, Clone)]
pub struct Place {
    /// Bus, by name.
    pub bus: Option<String>,
    /// Module, by name.
    pub module: Option<String>,
    /// Entry, by name.
    pub entry: Option<String>,
    /// Its pattern.
    pub pattern: Option<String>,
    /// Where it is declared, and in which of the two.
    pub address: (Side, Address),
    /// The fields that lead there.
    pub path: Vec<String>,
}

/// One of the two registries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// As it was.
    Old,
    /// As it is.
    New,
}

/// Which changes are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// None: nothing is looked at.
    None,
    /// Readers of today, and what is stored, keep working with the writers of tomorrow.
    Backward,
    /// Writers of today keep working with the readers of tomorrow.
    Forward,
    /// Both, and operators.
    #[default]
    Full,
}

impl Mode {
    /// Does it ask for rules about who breaks so?
    #[must_use]
    pub fn asks(self, breaks: Breaks) -> bool {
        match self {
            Self::None => false,
            Self::Backward => matches!(breaks, Breaks::Reader | Breaks::StoredData),
            Self::Forward => breaks == Breaks::Writer,
            Self::Full => true,
        }
    }
}

/// All that breaks, in the order of places; a place of something that is gone has no span.
#[must_use]
pub fn breaking(old: &Registry, new: &Registry, mode: Mode) -> Vec<Finding> {
    let comparison = Comparison::new(old, new);
    let mut findings = Vec::new();
    for rule in rules::RULES.iter().filter(|rule| mode.asks(rule.breaks)) {
        findings.extend((rule.judge)(&comparison).into_iter().map(|found| finding(new, rule, found)));
    }
    findings.sort_by(|a: &Finding, b| {
        (a.place, a.rule, &a.entry, &a.subject).cmp(&(b.place, b.rule, &b.entry, &b.subject))
    });
    findings
}

fn finding(new: &Registry, rule: &BreakingRule, found: Break) -> Finding {
    let mut finding = rule.rule.finding(message(rule, &found));
    finding.level = found.level.map_or(rule.rule.level, |level| level.min(rule.rule.level));
    finding.hint = Some(hint(&found));
    finding.subject = found.subject;
    let place = found.at;
    if place.address.0 == Side::New {
        let path: Vec<&str> = place.path.iter().map(String::as_str).collect();
        finding.place = Some(new.span(&place.address.1, &path));
    }
    (finding.bus, finding.module, finding.entry, finding.pattern) =
        (place.bus, place.module, place.entry, place.pattern);
    finding
}

fn message(rule: &BreakingRule, found: &Break) -> String {
    let who = found.affected.join(", ");
    let whom = match rule.breaks {
        Breaks::Reader if who.is_empty() => "breaks its readers".to_owned(),
        Breaks::Reader => format!("breaks {who}"),
        Breaks::Writer => "breaks writers that are deployed as they were".to_owned(),
        Breaks::StoredData if who.is_empty() => "breaks what is stored".to_owned(),
        Breaks::StoredData => format!("what is stored breaks {who}"),
        Breaks::Operator => "concerns those who run it".to_owned(),
    };
    format!("{} ({whom})", found.message)
}

fn hint(found: &Break) -> String {
    let readers = if found.affected.is_empty() { "its readers".to_owned() } else { found.affected.join(", ") };
    let order = match found.first {
        First::Readers => format!("deploy {readers} first"),
        First::Writer => "deploy the writer first".to_owned(),
        First::Neither => {
            "no order of deployment helps: let both forms live side by side until all have moved".to_owned()
        }
        First::Operator => "settle it before the deployment".to_owned(),
    };
    if found.hint.is_empty() { order } else { format!("{order}; {}", found.hint) }
}
