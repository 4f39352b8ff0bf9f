//! What every rule is, whatever it judges: a name, a weight, docs with examples that are tests.

use crate::finding::{Finding, Level};

/// Identity and docs of a rule. The function that judges stands beside it in the rule's own file.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case, names the bad pattern, reads as "allow NAME". Never reused.
    pub name: &'static str,
    /// Weight unless the user says otherwise.
    pub level: Level,
    /// One sentence without a full stop: what is wrong.
    pub summary: &'static str,
    /// Markdown: why it matters, and what to do about it.
    pub docs: &'static str,
    /// An example that fires exactly this rule, in the syntax of the rule's group.
    pub bad: &'static str,
    /// The same mended: fires nothing.
    pub good: &'static str,
}

impl Rule {
    /// A finding of this rule at its default level.
    #[must_use]
    pub fn finding(&self, message: impl Into<String>) -> Finding {
        Finding::new(self.name, self.level, message)
    }
}
