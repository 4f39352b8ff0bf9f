//! Config variables that are used but not declared, or do not fit.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::{did_you_mean, param_address};
use crate::registry::{Amount, ConfigKind, Group, Key, ModuleId, Registry, Ttl};
use crate::rule::Rule;
use crate::source::Span;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "unknown-config",
        level: Level::Error,
        summary: "a config variable is used that is not declared or does not fit",
        docs: "\
Bounds and domains may come from config variables, so that registry and program cannot differ. The variable must be
declared, of a type that fits (`seconds` or `milliseconds` for durations, `integer` for counts, `list` for the values
of a param), and have a default, because checks without the program's environment need a value.

Declare it under `config`, of the module or of registry.yaml.",
        bad: "\
module: app
role: Serves requests.
bus: main
config:
  APP_TTL_SEC: { type: seconds, default: 60 }
keys:
  state:
    key: app:state
    purpose: State of the app.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: \"{APP_TLT_SEC}\" }
    consumers: [{ name: reader, reads: [GET] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
config:
  APP_TTL_SEC: { type: seconds, default: 60 }
keys:
  state:
    key: app:state
    purpose: State of the app.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: \"{APP_TTL_SEC}\" }
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    blocking: false,
    check,
};

/// Where a variable is used, and what for.
struct Use<'a> {
    variable: &'a str,
    kind: Kind,
    span: Span,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Duration,
    Count,
    Values,
}

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for key in &registry.keys {
        for used in uses(registry, key) {
            let found = fault(registry, key.module, &used);
            findings.extend(found.map(|finding| finding.of_key(registry, key)));
        }
    }
    for (at, module) in registry.modules.iter().enumerate() {
        for param in module.params.values() {
            let Some(address) = param_address(param) else { continue };
            let is_shared = address.tree != module.address.tree;
            for (index, variable) in param.from.iter().enumerate() {
                let span = registry.span(&address, &["from", &index.to_string()]);
                let used = Use { variable, kind: Kind::Values, span };
                // Of a shared param, the variable may be that of any module that has one.
                let fits = |other: usize| fault(registry, ModuleId(other), &used).is_none();
                if is_shared && (at > 0 || (0..registry.modules.len()).any(fits)) {
                    continue;
                }
                findings.extend(fault(registry, ModuleId(at), &used));
            }
        }
    }
}

fn uses<'a>(registry: &Registry, key: &'a Key) -> Vec<Use<'a>> {
    let retention = &key.retention;
    let ttl: Vec<_> = match &retention.ttl {
        Some(Ttl::Fixed(ttl) | Ttl::Sliding(ttl)) => vec![(ttl, ["retention", "ttl", ""])],
        Some(Ttl::Range { min, max }) => vec![(min, ["retention", "ttl", "min"]), (max, ["retention", "ttl", "max"])],
        Some(Ttl::None) | None => Vec::new(),
    };
    let ages = retention.max_age.iter().map(|age| (age, ["retention", "max_age", ""]));
    let freshness = key.freshness.iter().map(|freshness| (freshness, ["freshness", "", ""]));
    let durations = ttl.into_iter().chain(ages).chain(freshness);
    let entries = retention.max_entries.iter().map(|bound| (&bound.count, ["retention", "max_entries", ""]));
    let length = retention.max_length.iter().map(|length| (length, ["retention", "max_length", ""]));
    let cardinality = key.cardinality.iter().map(|cardinality| (cardinality, ["cardinality", "", ""]));
    let groups = key.groups.iter().flat_map(|group| {
        let limits = group.limits.iter().zip(Group::LIMITS);
        limits.filter_map(|(limit, field)| Some((limit.as_ref()?, ["groups", group.name.as_str(), field])))
    });
    let counts = entries.chain(length).chain(cardinality).chain(groups);
    let at = |path: [&str; 3]| registry.span(&key.address, &path);
    let durations = durations
        .filter_map(|(amount, path)| Some(Use { variable: config(amount)?, kind: Kind::Duration, span: at(path) }));
    let counts =
        counts.filter_map(|(amount, path)| Some(Use { variable: config(amount)?, kind: Kind::Count, span: at(path) }));
    durations.chain(counts).collect()
}

fn config<T: Copy>(amount: &Amount<T>) -> Option<&str> {
    amount.config()
}

fn fault(registry: &Registry, module: ModuleId, used: &Use<'_>) -> Option<Finding> {
    let name = used.variable;
    let Some(variable) = registry.config(module, name) else {
        let known = registry.module(module).config.iter().map(|variable| variable.name.as_str());
        let hint = did_you_mean(name, known, "declare it under `config`");
        let message = format!("there is no config variable `{name}`");
        return Some(RULE.rule.finding(message).subject(name).at(used.span).hint(hint));
    };
    let (fits, wanted) = match used.kind {
        Kind::Duration => {
            (matches!(variable.kind, ConfigKind::Seconds | ConfigKind::Milliseconds), "`seconds` or `milliseconds`")
        }
        Kind::Count => (variable.kind == ConfigKind::Integer, "`integer`"),
        Kind::Values => (
            matches!(variable.kind, ConfigKind::List | ConfigKind::String | ConfigKind::Enum(_) | ConfigKind::Integer),
            "`list`",
        ),
    };
    let declared = registry.name_span(&variable.address);
    if !fits {
        let message = format!("`{name}` is not {wanted}, which is needed here");
        let finding = RULE.rule.finding(message).subject(name).at(used.span).label(declared, "declared here");
        return Some(finding.hint("correct the type of the variable, or use another"));
    }
    if variable.default.is_none() && used.kind != Kind::Values {
        let message = format!("`{name}` has no default, so that the bound is known to the running program only");
        let mut finding = RULE.rule.finding(message).subject(name).at(used.span).label(declared, "declared here");
        finding.level = Level::Warning;
        return Some(finding.hint("give the variable a default"));
    }
    None
}
