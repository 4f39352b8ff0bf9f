//! Patterns outside the names that their bus owns.

use crate::finding::{Finding, Level, printable};
use crate::lint::LintRule;
use crate::lint::entries::{Entry, entries};
use crate::registry::automaton::{Answer, Language, beyond};
use crate::registry::{Claim, Registry, glob_matches};
use crate::rule::Rule;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "unowned-name",
        level: Level::Warning,
        summary: "a pattern claims names outside those that its bus owns",
        docs: "\
A bus says with `owns` which names are the registry's business; scans look at those only. A pattern that can claim
other names is declared but never fully checked, and tools that grant access by the same globs would not let its
writer in.

Widen `owns`, or put the name under the prefix of the system. A bus without `owns` is not judged.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  state:
    key: state
    purpose: State of the app.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
",
        good: "\
module: app
role: Serves requests.
bus: main
keys:
  state:
    key: app:state
    purpose: State of the app.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
",
    },
    blocking: false,
    check,
};

fn check(registry: &Registry, findings: &mut Vec<Finding>) {
    for entry in entries(registry) {
        let Some(bus) = entry.bus().map(|bus| registry.bus(bus)).filter(|bus| !bus.owns.is_empty()) else { continue };
        let Some(name) = outside(registry, entry, &bus.owns) else { continue };
        let owns = bus.owns.iter().map(|glob| format!("`{glob}`")).collect::<Vec<_>>().join(", ");
        let message = format!("`{}` can be `{name}`, but the bus `{}` owns {owns} only", entry.pattern(), bus.name);
        findings.push(
            entry
                .finding(registry, &RULE.rule, message)
                .at(entry.pattern_span(registry))
                .label(registry.span(&bus.address, &["owns"]), "the names that the bus owns")
                .hint("widen `owns`, or rename the entry"),
        );
    }
}

/// A name of the pattern that no glob covers.
fn outside(registry: &Registry, entry: Entry<'_>, owns: &[String]) -> Option<String> {
    let pattern = entry.pattern();
    if pattern.is_static() {
        let name = pattern.format(|_| None)?;
        let owned = owns.iter().any(|glob| glob_matches(glob.as_bytes(), name.as_bytes()));
        return (!owned).then_some(name);
    }
    let claim = Claim::new((), pattern, registry, entry.module()).ok()?;
    let globs = owns.iter().map(|glob| format!("(?:{})", expression(glob))).collect::<Vec<_>>().join("|");
    let (names, owned) = (Language::new(claim.expression()).ok()?, Language::new(&globs).ok()?);
    match beyond(&names, &[&owned]) {
        Answer::Witness(name) => Some(printable(&name)),
        Answer::Empty | Answer::Undecided => None,
    }
}

/// A glob of Redis as a regular expression.
fn expression(glob: &str) -> String {
    let mut expression = String::new();
    let mut rest = glob.chars();
    while let Some(c) = rest.next() {
        match c {
            '*' => expression.push_str("(?s-u:.*)"),
            '?' => expression.push_str("(?s-u:.)"),
            '[' => match rest.as_str().split_once(']') {
                Some((class, after)) => {
                    let (negated, class) = class.strip_prefix('^').map_or(("", class), |class| ("^", class));
                    // A hyphen stays as it is: it means a range in both.
                    let class = regex::escape(class).replace("\\-", "-");
                    expression.push_str(&format!("(?-u:[{negated}{class}])"));
                    rest = after.chars();
                }
                None => expression.push_str("\\["),
            },
            '\\' => expression.push_str(&regex::escape(&rest.next().unwrap_or('\\').to_string())),
            literal => expression.push_str(&regex::escape(&literal.to_string())),
        }
    }
    expression
}
