//! All rules of all groups, in one place to look them up: for `explain`, settings, reports and docs.

use crate::access::rules::RULES as ACCESS_RULES;
use crate::check::rules::RULES as CHECK_RULES;
use crate::diff::breaking::rules::RULES as BREAKING_RULES;
use crate::extract::draft::into::RULES as DRAFT_RULES;
use crate::finding::Finding;
use crate::generate::drift::RULES as GENERATE_RULES;
use crate::lint::rules::RULES as LINT_RULES;
use crate::reconcile::rules::RULES as RECONCILE_RULES;
use crate::registry::{Registry, glob_matches, today};
use crate::rule::Rule;
use crate::settings::{Settings, Verify};
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
    /// `generate --check`: is what follows from the registry what is there?
    Generate,
}

impl Group {
    /// The group of a command, by its name.
    #[must_use]
    pub fn of(command: &str) -> Self {
        match command {
            "lint" => Self::Lint,
            "generate" => Self::Generate,
            "breaking" => Self::Breaking,
            "acl" => Self::Access,
            "reconcile" | "extract" | "infer" | "import" => Self::Reconcile,
            _ => Self::Check,
        }
    }

    /// Name for people.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lint => "lint",
            Self::Check => "verify, watch, run",
            Self::Access => "acl",
            Self::Reconcile => "reconcile",
            Self::Breaking => "breaking",
            Self::Generate => "generate",
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
    let generate = GENERATE_RULES.iter().map(|rule| (Group::Generate, *rule));
    lint.chain(check).chain(access).chain(reconcile).chain(breaking).chain(generate)
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

/// Findings by the user's settings.
#[derive(Debug, Default)]
pub struct Settled {
    /// Those that count, at the levels that the settings say.
    pub findings: Vec<Finding>,
    /// Those that the baseline knows.
    pub known: Vec<Finding>,
}

/// Gives the findings of a command the levels that the settings say, and drops those of rules that are off and those that
/// the baseline knows. Of one whose time is over the hint tells what the baseline said.
#[must_use]
pub fn settle(findings: Vec<Finding>, settings: &Settings, command: &str) -> Settled {
    let (group, today) = (Group::of(command), today());
    let mut settled = Settled::default();
    for mut finding in findings {
        let Some(level) = settings.level(&finding) else { continue };
        finding.level = level;
        let fingerprint = finding.fingerprint();
        let known: Vec<_> =
            settings.known.of(&fingerprint).filter(|entry| Group::of(&entry.command) == group).collect();
        if known.iter().any(|entry| !entry.is_expired(today)) {
            settled.known.push(finding);
            continue;
        }
        if let Some(entry) = known.first() {
            let past = format!("the baseline let it pass until {} ({}: {})", entry.expires, entry.owner, entry.reason);
            finding.hint = Some(finding.hint.map_or_else(|| past.clone(), |hint| format!("{hint}; {past}")));
        }
        settled.findings.push(finding);
    }
    settled
}

/// Are the names of the rules in the settings and in the baseline those of rules?
///
/// # Errors
/// Names what is unknown, and what was probably meant.
pub fn check_settings(settings: &Settings) -> anyhow::Result<()> {
    let set = settings.rules.keys().chain(settings.exceptions.iter().flat_map(|exception| &exception.rules));
    let set = set.map(|name| ("keywire.toml sets the level of", name.as_str()));
    let known =
        settings.known.entries().into_iter().map(|entry| ("the baseline knows a finding of", entry.rule.as_str()));
    for (what, name) in set.chain(known) {
        if named(name).next().is_none() {
            let hint = match closest(name, rules().map(|(_, rule)| rule.name)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`keywire explain` lists them".to_owned(),
            };
            anyhow::bail!("{what} `{name}`, which is no rule; {hint}");
        }
    }
    Ok(())
}

/// Are the modules, patterns and buses in the settings those of the registry?
///
/// # Errors
/// Names what is unknown, and what was probably meant.
pub fn check_names(settings: &Settings, registry: &Registry) -> anyhow::Result<()> {
    let modules: Vec<&str> = registry.modules.iter().map(|module| module.name.as_str()).collect();
    let keys = registry.keys.iter().flat_map(|key| [key.pattern.as_str(), key.name.as_str()]);
    let channels = registry.channels.iter().flat_map(|channel| [channel.pattern.as_str(), channel.name.as_str()]);
    let patterns: Vec<&str> = keys.chain(channels).collect();
    let buses: Vec<&str> = registry.buses.iter().map(|bus| bus.name.as_str()).collect();
    let known = |what: &str, name: &str, names: &[&str]| {
        if names.iter().any(|known| glob_matches(name.as_bytes(), known.as_bytes())) {
            return Ok(());
        }
        let hint = match closest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are: {}", names[..names.len().min(SHOWN)].join(", ")),
        };
        anyhow::bail!("keywire.toml names the {what} `{name}`, which is not in the registry; {hint}")
    };
    for exception in &settings.exceptions {
        exception.modules.iter().try_for_each(|name| known("module", name, &modules))?;
        exception.patterns.iter().try_for_each(|name| known("pattern", name, &patterns))?;
        if exception.is_of_all() {
            anyhow::bail!("an exception of keywire.toml is about everything; name rules, modules, patterns or keys");
        }
    }
    settings.modules.keys().try_for_each(|name| known("module", name, &modules))?;
    if let Verify::Buses(names) = &settings.ci.verify {
        names.iter().try_for_each(|name| known("bus", name, &buses))?;
    }
    Ok(())
}

/// At most so many names in a message.
const SHOWN: usize = 12;
