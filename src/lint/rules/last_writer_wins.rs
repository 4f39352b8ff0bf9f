//! One static key that carries the data of many subjects.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::fields::{self, Property};
use crate::registry::{ConfigKind, Key, ModuleId, PayloadId, Registry, Shape, Value};
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "last-writer-wins",
        level: Level::Warning,
        summary: "one static key carries the data of many subjects, so that the last write hides the others",
        docs: "\
A payload that names its subject (a symbol, a user, an order) in a static key holds the data of whichever subject was
written last. A reader that wants one subject gets it by luck, and sees no error otherwise.

Write one key per subject, with the subject as a param of the pattern, or one hash with a field per subject. A static
key beside such keys is a feed of whatever came last, and is not reported.",
        bad: "\
module: app
role: Serves requests.
bus: main
config:
  APP_SYMBOLS: { type: list, default: [SPX, NDX], about: Symbols to publish. }
payloads:
  Price:
    type: object
    required: [symbol, value]
    properties: { symbol: { type: string }, value: { type: number } }
keys:
  price:
    key: app:price
    purpose: Price of a symbol.
    type: string
    value: Price
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
config:
  APP_SYMBOLS: { type: list, default: [SPX, NDX], about: Symbols to publish. }
params:
  symbol: { type: string, from: [APP_SYMBOLS], about: Symbol of an index. }
payloads:
  Price:
    type: object
    required: [symbol, value]
    properties: { symbol: { type: string }, value: { type: number } }
keys:
  price:
    key: app:price:{symbol}
    purpose: Price of a symbol.
    type: string
    value: Price
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    cardinality: 10
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    blocking: false,
    check,
};

/// Fields that name a subject in any registry.
const SUBJECTS: &[&str] = &["symbol", "ticker", "isin", "instrument"];

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for key in registry.keys.iter().filter(|key| key.pattern.is_static()) {
        let Shape::Single(Value::Payload(payload)) = key.shape else { continue };
        let Some(operation) = key
            .operations
            .iter()
            .find(|operation| matches!(operation.name.as_str(), "SET" | "SETEX" | "PSETEX" | "JSON.SET"))
        else {
            continue;
        };
        let fields = fields::properties(registry, payload);
        let mut subjects = fields.iter().filter(|field| names_subject(registry, key.module, field));
        let Some(subject) = subjects.find(|field| !is_carried(registry, key, payload, &field.name)) else { continue };
        let name = &subject.name;
        let message =
            format!("each `{}` of `{}` replaces the value of any other `{name}`", operation.name, key.pattern);
        findings.push(
            RULE.rule
                .finding(message)
                .of_key(registry, key)
                .subject(name)
                .at(registry.span(&key.address, &["key"]))
                .label(registry.span(&registry.payload(payload).address, &["properties", name]), "names the subject")
                .hint(format!("put it into the pattern, as in `{}:{{{name}}}`", key.pattern)),
        );
    }
}

/// Is it what a param stands for, or what a config variable lists?
fn names_subject(registry: &Registry, module: ModuleId, field: &Property) -> bool {
    let name = field.name.as_str();
    if field.schema.get("const").is_some() {
        return false;
    }
    let own = registry.module(module);
    let elsewhere = || registry.modules.iter().any(|module| module.params.contains_key(name));
    let plural = format!("{}S", name.to_uppercase());
    let listed = || {
        let lists = own.config.iter().filter(|variable| variable.kind == ConfigKind::List);
        lists.into_iter().any(|variable| variable.name.split('_').any(|word| word == plural))
    };
    own.params.contains_key(name) || (field.required && (elsewhere() || listed() || SUBJECTS.contains(&name)))
}

/// Is there a dynamic key, or a hash with a field per subject, that holds the same and tells the subjects apart?
fn is_carried(registry: &Registry, key: &Key, payload: PayloadId, subject: &str) -> bool {
    let same = |value: &Value| *value == Value::Payload(payload);
    registry.keys.iter().filter(|other| other.bus == key.bus).any(|other| {
        let by_key = other.pattern.params().any(|param| param == subject) && other.values().any(same);
        let by_field = match &other.shape {
            Shape::Fields(fields) => {
                fields.iter().any(|field| same(&field.value) && field.name.params().any(|param| param == subject))
            }
            _ => false,
        };
        by_key || by_field
    })
}
