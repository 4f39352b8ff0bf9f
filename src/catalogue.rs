//! All rules of all groups, in one place to look them up: for `explain`, settings, reports and docs.

use crate::access::rules::RULES as ACCESS_RULES;
use crate::check::rules::RULES as CHECK_RULES;
use crate::diff::breaking::rules::RULES as BREAKING_RULES;
use crate::extract::draft::into::RULES as DRAFT_RULES;
use crate::finding::{Finding, Level};
use crate::lint::rules::RULES as LINT_RULES;
use crate::reconcile::rules::RULES as RECONCILE_RULES;
use crate::rule::Rule;
use crate::settings::Settings;
use crate::source::closest;

/// Who runs a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// `lint`: is the registry sound?
    Lint,
    /// `verify`, `watch`, `proxy` and `run`: do data and traffic keep the contract?
    Check,
    /// `acl --check`: do the users of a server have the rights that they need, and no others?
    Access,
    /// `reconcile`, and drafts that are put into a registry: do declaration and witnesses agree?
    Reconcile,
    /// `breaking`: who breaks by a change of the registry?
    Breaking,
}

impl Group {
    /// Name for people.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lint => "lint",
            Self::Check => "verify, watch, run",
            Self::Access => "acl",
            Self::Reconcile => "reconcile",
            Self::Breaking => "breaking",
        }
    }
}

/// All rules with their groups.
pub fn rules() -> impl Iterator<Item = (Group, &'static Rule)> {
    let lint = LINT_RULES.iter().map(|rule| (Group::Lint, &rule.rule));
    let check = CHECK_RULES.iter().map(|rule| (Group::Check, &rule.rule));
    let access = ACCESS_RULES.iter().map(|rule| (Group::Access, &rule.rule));
    let reconcile = RECONCILE_RULES.iter().map(|rule| &rule.rule).chain(DRAFT_RULES);
    let reconcile = reconcile.map(|rule| (Group::Reconcile, rule));
    let breaking = BREAKING_RULES.iter().map(|rule| (Group::Breaking, &rule.rule));
    lint.chain(check).chain(access).chain(reconcile).chain(breaking)
}

/// The rules of a name: what is wrong in a registry may be wrong in the data as well, and then has the same name.
pub fn named(name: &str) -> impl Iterator<Item = (Group, &'static Rule)> {
    rules().filter(move |(_, rule)| rule.name == name)
}

/// The rule of a name, in the group of the command that speaks of it.
#[must_use]
pub fn find(name: &str, group: Group) -> Option<&'static Rule> {
    let own = named(name).find(|(of, _)| *of == group).or_else(|| named(name).next());
    own.map(|(_, rule)| rule)
}

/// Gives findings the levels that the settings say, and drops those of rules that are off.
#[must_use]
pub fn with_levels(findings: Vec<Finding>, settings: &Settings) -> Vec<Finding> {
    let set = |finding: Finding| Some(Finding { level: with_level(finding.rule, finding.level, settings)?, ..finding });
    findings.into_iter().filter_map(set).collect()
}

/// How much a rule weighs by the settings; `None` if it is off.
#[must_use]
pub fn with_level(rule: &str, level: Level, settings: &Settings) -> Option<Level> {
    settings.rules.get(rule).map_or(Some(level), |set| set.level())
}

/// Are the names of the rules in the settings those of rules?
///
/// # Errors
/// Names what is unknown, and what was probably meant.
pub fn check_settings(settings: &Settings) -> anyhow::Result<()> {
    for name in settings.rules.keys() {
        if named(name).next().is_none() {
            let hint = match closest(name, rules().map(|(_, rule)| rule.name)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`keywire explain` lists them".to_owned(),
            };
            anyhow::bail!("keywire.toml sets the level of `{name}`, which is no rule; {hint}");
        }
    }
    Ok(())
}
