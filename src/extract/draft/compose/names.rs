//! What entries are called: made of their patterns, unique in a module in any style of code.

use std::collections::BTreeSet;

use super::group::Group;
use crate::registry::{Pattern, Token};

/// Names of the entries of one module, in the order of the groups.
pub(super) fn names(groups: &[Group]) -> Vec<String> {
    let mut order: Vec<usize> = (0..groups.len()).collect();
    // The plainest pattern has the first choice.
    order.sort_by_key(|at| {
        let group = &groups[*at];
        (group.pattern.params().count(), group.pattern.as_str().len(), group.pattern.as_str(), group.kind, &group.bus)
    });
    let mut taken = BTreeSet::new();
    let mut names = vec![String::new(); groups.len()];
    for at in order {
        let group = &groups[at];
        names[at] = free(&group.pattern, &group.bus, &mut taken);
    }
    names
}

/// A name for a pattern that is not taken, which is taken then.
pub(in super::super) fn free(pattern: &Pattern, bus: &str, taken: &mut BTreeSet<String>) -> String {
    let base = base(pattern);
    let params: Vec<&str> = pattern.params().collect();
    let by = if params.is_empty() { base.clone() } else { format!("{base}_by_{}", snake(&params.join("_"))) };
    let on = format!("{by}_on_{}", snake(bus));
    let numbered = (2..).map(|number| format!("{base}_{number}"));
    let name = [base.clone(), by, on].into_iter().chain(numbered).find(|name| taken.insert(plain(name)));
    // The numbers do not end.
    name.unwrap_or(base)
}

/// What is left of a name in any style of code: names that differ in less would clash there.
pub(in super::super) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The literal parts of a pattern; of one without, its params.
fn base(pattern: &Pattern) -> String {
    let literals = pattern.tokens().iter().map(|token| match token {
        Token::Literal(text) => text.as_str(),
        Token::Param(_) => ":",
    });
    let name = snake(&literals.collect::<String>());
    if name.is_empty() || !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        let rest = if name.is_empty() { snake(&pattern.params().collect::<Vec<_>>().join("_")) } else { name };
        return if rest.is_empty() { "key".to_owned() } else { format!("key_{rest}") };
    }
    // Names that are long are cut at a word.
    if name.len() > 60 {
        let cut = name.get(..60).unwrap_or(&name);
        return cut.rsplit_once('_').map_or(cut, |(head, _)| head).to_owned();
    }
    name
}

/// Words of ASCII letters and digits in lower case with `_` between them.
pub(in super::super) fn snake(text: &str) -> String {
    let mut name = String::new();
    let mut before: Option<char> = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c.is_ascii_alphanumeric() {
            let after_lower = before.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
            let ends_capitals =
                before.is_some_and(|b| b.is_ascii_uppercase()) && rest.peek().is_some_and(char::is_ascii_lowercase);
            if c.is_ascii_uppercase() && (after_lower || ends_capitals) {
                name.push('_');
            }
            name.push(c.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
        before = Some(c);
    }
    name.trim_end_matches('_').to_owned()
}
