//! Exceptions: what rules weigh in a part of the registry.

use serde::Deserialize;

use super::RuleLevel;
use crate::finding::Finding;
use crate::registry::glob_matches;

/// How much rules weigh for some modules, entries or names. What is left out is all; lists are globs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// Names of rules.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Names of modules.
    #[serde(default)]
    pub modules: Vec<String>,
    /// Patterns of entries as they are written in the registry, or the entries' names.
    #[serde(default)]
    pub patterns: Vec<String>,
    /// Names of keys and channels as they are seen, of entries or of none.
    #[serde(default)]
    pub keys: Vec<String>,
    /// The weight.
    pub level: RuleLevel,
    /// Why, for people.
    pub reason: Option<String>,
}

impl Exception {
    /// Is a finding of this part?
    #[must_use]
    pub fn fits(&self, finding: &Finding) -> bool {
        let names = |globs: &[String], names: &[Option<&String>]| {
            let known = || names.iter().flatten();
            globs.is_empty()
                || globs.iter().any(|glob| known().any(|name| glob_matches(glob.as_bytes(), name.as_bytes())))
        };
        (self.rules.is_empty() || self.rules.iter().any(|rule| rule == finding.rule))
            && names(&self.modules, &[finding.module.as_ref()])
            && names(&self.patterns, &[finding.pattern.as_ref(), finding.entry.as_ref()])
            && names(&self.keys, &[finding.key.as_ref()])
    }

    /// Does it say what it is about?
    #[must_use]
    pub fn is_of_all(&self) -> bool {
        [&self.rules, &self.modules, &self.patterns, &self.keys].iter().all(|list| list.is_empty())
    }
}
