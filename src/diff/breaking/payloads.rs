//! Changes of payloads, told to those who read them: who needs what decides how much a change weighs.

use std::collections::BTreeSet;

use super::{Break, Comparison, First};
use crate::diff::schema::SchemaChange;
use crate::finding::Level;
use crate::registry::Consumer;

/// What readers may meet by these keywords that they did not; in `says`, `{}` is the property.
pub(super) fn loosened(comparison: &Comparison<'_>, keywords: &[&str], says: &str) -> Vec<Break> {
    let concerns = |change: &SchemaChange| change.wider && keywords.contains(&change.keyword);
    schema_breaks(comparison, First::Readers, concerns, says)
}

/// What is stored, and older writers go on writing, that these keywords refuse.
pub(super) fn tightened(comparison: &Comparison<'_>, keywords: &[&str], says: &str) -> Vec<Break> {
    let concerns = |change: &SchemaChange| change.narrower && keywords.contains(&change.keyword);
    schema_breaks(comparison, First::Writer, concerns, says)
}

/// Changes of one kind: one break for each property of each place where the payload is used.
pub(super) fn schema_breaks(
    comparison: &Comparison<'_>,
    first: First,
    concerns: impl Fn(&SchemaChange) -> bool,
    says: &str,
) -> Vec<Break> {
    let mut breaks = Vec::new();
    for used in &comparison.uses {
        let paths: BTreeSet<String> =
            used.changes.iter().filter(|change| concerns(change)).map(|change| change.path.join(".")).collect();
        for path in paths {
            // What readers of today lose, and what those of tomorrow ask of what is stored.
            let consumers = if first == First::Writer { used.new_consumers } else { used.consumers };
            let (affected, level) = affected(consumers, &path);
            let whole = if path.is_empty() { "the value".to_owned() } else { format!("`{path}`") };
            breaks.push(Break {
                message: format!("{}: {}", used.payload, says.replace("{}", &whole)),
                subject: format!("{} {path}", used.at.path.join(".")),
                at: used.at.clone(),
                affected,
                first,
                level,
                hint: String::new(),
            });
        }
    }
    breaks
}

/// The consumers that rely on a property, or that do not say on which; if none does, all, and the level is lighter.
fn affected(consumers: &[Consumer], path: &str) -> (Vec<String>, Option<Level>) {
    let path = path.replace(".[]", "").replace("[].", "");
    let relies = |consumer: &&Consumer| {
        let touches = |need: &String| {
            need == &path
                || path.is_empty()
                || need.starts_with(&format!("{path}."))
                || path.starts_with(&format!("{need}."))
        };
        !consumer.potential && (consumer.needs.is_empty() || consumer.needs.iter().any(touches))
    };
    let relying: BTreeSet<String> = consumers.iter().filter(relies).map(super::comparison::label).collect();
    if relying.is_empty() {
        return (super::comparison::readers(consumers), Some(Level::Warning));
    }
    (relying.into_iter().collect(), None)
}
