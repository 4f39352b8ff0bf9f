//! Keys that hold more than declared: elements, bytes or time.

use std::time::Duration;

use super::{in_words, is_declared_type};
use crate::check::{CheckRule, Judges, Problem, Subject};
use crate::finding::Level;
use crate::registry::format_duration;
use crate::rule::Rule;

/// The rule.
pub static RULE: CheckRule = CheckRule {
    rule: Rule {
        name: "bound-exceeded",
        level: Level::Error,
        summary: "a key holds more than declared",
        docs: "\
What should be trimmed is not: a writer adds without trimming, trims by another measure, or trims another key. Memory grows, and readers get more than they are built for.

Trim with each write, as the generated writers do. Approximate bounds (`~`) have room for what the server leaves when it trims whole nodes.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  trail:
    key: app:trail
    purpose: The last three events.
    type: list
    element: text
    operations: [LPUSH, LTRIM]
    retention: { ttl: none, max_entries: 3, lifecycle: pruned }
    consumers: [{ name: reader, reads: [LRANGE] }]
# data
LPUSH app:trail a b c d
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  trail:
    key: app:trail
    purpose: The last three events.
    type: list
    element: text
    operations: [LPUSH, LTRIM]
    retention: { ttl: none, max_entries: 3, lifecycle: pruned }
    consumers: [{ name: reader, reads: [LRANGE] }]
# data
LPUSH app:trail a b c
",
    },
    judges: &[Judges::Key(judge)],
};

fn judge(subject: &Subject<'_>) -> Option<Problem> {
    if !is_declared_type(subject) {
        return None;
    }
    entries(subject).or_else(|| length(subject)).or_else(|| age(subject))
}

fn entries(subject: &Subject<'_>) -> Option<Problem> {
    let bound = subject.plan.max_entries?;
    let size = subject.seen.size.filter(|size| *size > bound.allowed)?;
    let (_, what) = subject.plan.key.redis_type?.size;
    let message = format!("holds more than the declared {} {what}", bound.declared);
    let hint = format!("one holds {size}; trim with each write");
    Some(Problem::new(message, &["retention", "max_entries"]).subject("entries").hint(hint))
}

fn length(subject: &Subject<'_>) -> Option<Problem> {
    let bound = subject.plan.max_length?;
    let size = subject.seen.size.filter(|size| *size > bound)?;
    let message = format!("is longer than the declared {bound} bytes");
    let hint = format!("one has {size} bytes");
    Some(Problem::new(message, &["retention", "max_length"]).subject("length").hint(hint))
}

/// Old elements are removed by the next write, so that what counts is how far the ends lie apart, not how old they are.
fn age(subject: &Subject<'_>) -> Option<Problem> {
    let (bound, unit, (first, last)) = (subject.plan.max_age?, subject.plan.position_ms?, subject.seen.ends?);
    let span = Duration::try_from_secs_f64((last - first) * unit / 1000.0).ok()?;
    if span <= bound.saturating_add(Duration::from_secs(1)) {
        return None;
    }
    let message = format!("holds elements older than the declared {}", format_duration(bound));
    let hint = format!("in one the oldest is {} older than the newest; trim with each write", in_words(span));
    Some(Problem::new(message, &["retention", "max_age"]).subject("age").hint(hint))
}
