//! Names that do not look like the others.

use crate::finding::{Finding, Level};
use crate::lint::LintRule;
use crate::lint::entries::{Entry, entries};
use crate::registry::{Pattern, Registry, Token};
use crate::rule::Rule;
use crate::source::Span;

/// The rule.
pub static RULE: LintRule = LintRule {
    rule: Rule {
        name: "naming",
        level: Level::Info,
        summary: "a name does not follow the conventions",
        docs: "\
Names become code, anchors of docs and lines in logs. Entries, modules and params are `snake_case`, a module's file is
called like it, payloads are `PascalCase`. Key names have no spaces or control characters, no empty segment (`a::b`)
and no colon at either end: these are typing errors as a rule, and hard to see in a log; they weigh as warnings.

Rename it. The name of an entry is free to change; that of a key is a migration.",
        bad: "\
module: app
role: Serves requests.
bus: main
keys:
  appState:
    key: app:state
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
  app_state:
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
    for module in &registry.modules {
        let span = registry.name_span(&module.address);
        findings.extend(cased(&module.name, "module", span));
        let file = &registry.sources.file(span.file).path;
        let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        if stem != module.name {
            let message = format!("the module `{}` stands in a file called `{stem}`", module.name);
            let finding = RULE.rule.finding(message).subject(format!("file {}", module.name)).at(span);
            findings.push(finding.hint(format!("call the file `{}.yaml`", module.name)));
        }
        let own = module.params.values().filter_map(|param| Some((param, param.span?)));
        for (param, span) in own.filter(|(_, own)| own.file == span.file) {
            findings.extend(cased(&param.name, "param", span));
        }
    }
    for entry in entries(registry) {
        let found = cased(entry.name(), "entry", entry.name_span(registry));
        findings.extend(found.map(|finding| placed(registry, entry, finding)));
        if let Some(fault) = fault(entry.pattern()) {
            let finding = RULE.rule.finding(format!("`{}` {fault}", entry.pattern())).subject("pattern");
            let mut finding = placed(registry, entry, finding.at(entry.pattern_span(registry)));
            finding.level = Level::Warning;
            findings.push(finding);
        }
    }
    for payload in &registry.payloads {
        let first = payload.name.chars().next().is_some_and(|c| c.is_ascii_uppercase());
        if !first || payload.name.contains(['_', '-']) {
            let message = format!("the payload `{}` is not written in PascalCase", payload.name);
            let finding = RULE.rule.finding(message).subject(&payload.name);
            findings.push(finding.at(registry.name_span(&payload.address)).hint("as in `SpotPrice`"));
        }
    }
}

fn placed(registry: &Registry, entry: Entry<'_>, finding: Finding) -> Finding {
    match entry {
        Entry::Key(key) => finding.of_key(registry, key),
        Entry::Channel(channel) => finding.of_channel(registry, channel),
    }
}

fn cased(name: &str, what: &str, span: Span) -> Option<Finding> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.chars().all(plain) && name.starts_with(|c: char| c.is_ascii_lowercase()) {
        return None;
    }
    let message = format!("the {what} `{name}` is not written in snake_case");
    Some(RULE.rule.finding(message).subject(format!("{what} {name}")).at(span).hint("as in `spot_latest`"))
}

/// What is wrong with the literal parts of a key's or channel's name.
fn fault(pattern: &Pattern) -> Option<&'static str> {
    let tokens = pattern.tokens();
    let literals = || {
        tokens.iter().filter_map(|token| match token {
            Token::Literal(text) => Some(text.as_str()),
            Token::Param(_) => None,
        })
    };
    let starts = matches!(tokens.first(), Some(Token::Literal(text)) if text.starts_with(':'));
    let ends = matches!(tokens.last(), Some(Token::Literal(text)) if text.ends_with(':'));
    if literals().any(|text| text.contains(|c: char| c.is_whitespace() || c.is_control())) {
        Some("has a space or control character in it")
    } else if literals().any(|text| text.contains("::")) {
        Some("has an empty segment")
    } else if starts || ends {
        Some("starts or ends with a colon")
    } else {
        None
    }
}
