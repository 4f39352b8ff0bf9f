//! Time series in a zset whose members are bare values.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::{Entry, words};
use crate::lint::{fields, moments};
use crate::registry::{Key, Registry, Scalar, Shape, Value};
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "zset-member-collision",
        level: Level::Warning,
        summary: "equal values of a time series are one member of the zset",
        docs: "\
A member of a zset is there once. When the score is a time and the member only the value, a value that comes again
does not add a point: it moves the old one, and the history loses it without a trace.

Make the member carry the time or an id: a payload with both, or `TIME:VALUE` as text. Members that are ids are meant
to be unique; an integer counts as one when purpose or notes say so.",
        bad: "\
module: app
role: Serves requests.
bus: main
payloads:
  Point:
    type: object
    required: [value, at_ms]
    properties: { value: { type: number }, at_ms: { type: integer } }
keys:
  trail:
    key: app:trail
    purpose: Prices of the last hour.
    type: zset
    member: number
    score: epoch_ms
    operations: [ZADD, ZREMRANGEBYSCORE]
    retention: { ttl: none, max_age: 1h }
    consumers: [{ name: reader, reads: [ZRANGE] }]
  last:
    key: app:last
    purpose: Last price.
    type: string
    value: Point
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
payloads:
  Point:
    type: object
    required: [value, at_ms]
    properties: { value: { type: number }, at_ms: { type: integer } }
keys:
  trail:
    key: app:trail
    purpose: Prices of the last hour.
    type: zset
    member: Point
    score: epoch_ms
    operations: [ZADD, ZREMRANGEBYSCORE]
    retention: { ttl: none, max_age: 1h }
    consumers: [{ name: reader, reads: [ZRANGE] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for key in &registry.keys {
        let Shape::Scored { member, score } = &key.shape else { continue };
        let is_zset = key.redis_type.is_some_and(|redis_type| redis_type.name == "zset");
        if !is_zset || !is_time(key, score) || !collides(registry, key, member) {
            continue;
        }
        let message =
            format!("equal members of `{}` are one: a value that comes again moves the old point", key.pattern);
        findings.push(
            RULE.rule
                .finding(message)
                .of_key(registry, key)
                .at(registry.span(&key.address, &["member"]))
                .label(registry.span(&key.address, &["score"]), "the score is the time")
                .hint("make the member carry the time or an id"),
        );
    }
}

fn is_time(key: &Key, score: &Value) -> bool {
    match score {
        Value::Scalar(Scalar::EpochS | Scalar::EpochMs | Scalar::EpochUs | Scalar::EpochNs) => true,
        Value::Scalar(Scalar::Number | Scalar::Integer) => moments::speaks_of_time(&Entry::Key(key).prose()),
        _ => false,
    }
}

/// Can two points of a series have equal members?
fn collides(registry: &Registry, key: &Key, member: &Value) -> bool {
    match member {
        Value::Scalar(Scalar::Number | Scalar::Boolean) => true,
        Value::Scalar(Scalar::Integer) => {
            let prose = Entry::Key(key).prose();
            !words(&prose).any(|word| moments::is_identity(word) || matches!(word, "ids" | "numbers"))
        }
        Value::Payload(id) => {
            let kind = registry.payload(*id).schema.get("type").and_then(|kind| kind.as_str());
            let fields = fields::properties(registry, *id);
            let told_apart =
                fields.iter().any(|field| moments::is_moment(&field.name) || moments::is_identity(&field.name));
            matches!(kind, Some("number" | "integer" | "boolean")) || (!fields.is_empty() && !told_apart)
        }
        Value::Scalar(_) | Value::Unknown(_) => false,
    }
}
