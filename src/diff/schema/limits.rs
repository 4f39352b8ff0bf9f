//! Numbers that bound: ranges, lengths, counts.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::Comparison;

/// What a keyword bounds from below, and from above.
const LOWER: [&str; 6] = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains"];
const UPPER: [&str; 6] = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains"];

/// Is it a keyword of this file?
pub(super) fn is_limit(name: &str) -> bool {
    LOWER.contains(&name) || UPPER.contains(&name) || name == "multipleOf" || name == "uniqueItems"
}

impl Comparison<'_> {
    pub(super) fn limits(&mut self, old: &Map<String, Value>, new: &Map<String, Value>) {
        for (keywords, is_lower) in [(LOWER, true), (UPPER, false)] {
            for keyword in keywords {
                let (before, after) = (old.get(keyword), new.get(keyword));
                let (wider, narrower) = match (before, after) {
                    _ if before == after => continue,
                    (None, _) => (false, true),
                    (_, None) => (true, false),
                    (Some(a), Some(b)) => match order(a, b) {
                        Some(Ordering::Equal) => continue,
                        Some(order) => {
                            ((order == Ordering::Greater) == is_lower, (order == Ordering::Less) == is_lower)
                        }
                        None => (true, true),
                    },
                };
                self.differ(keyword, (before, after), (wider, narrower));
            }
        }
        let (before, after) = (old.get("multipleOf"), new.get("multipleOf"));
        if before != after {
            self.differ("multipleOf", (before, after), (before.is_some(), after.is_some()));
        }
        let unique =
            |keywords: &Map<String, Value>| keywords.get("uniqueItems").and_then(Value::as_bool).unwrap_or(false);
        let (before, after) = (unique(old), unique(new));
        self.differ(
            "uniqueItems",
            (old.get("uniqueItems"), new.get("uniqueItems")),
            (before && !after, after && !before),
        );
    }
}

/// Of two numbers; whole ones exactly.
fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}
