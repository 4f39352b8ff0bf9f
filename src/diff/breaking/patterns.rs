//! Patterns and params: how a name became another one, and which values came or went.

use std::collections::BTreeSet;

use super::{Break, Comparison, First};
use crate::registry::{ParamKind, Pattern, Token};

/// How a pattern differs from what it was. The first that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatternChange {
    /// In signs that separate its parts alone.
    Separator,
    /// In the order of its params alone.
    ParamOrder,
    /// In braces alone, so that it goes to another slot of a cluster.
    HashTag,
    /// Otherwise.
    Renamed,
}

/// How a pattern differs from what it was; names of params do not count.
#[must_use]
pub fn pattern_change(old: &Pattern, new: &Pattern) -> Option<PatternChange> {
    let shape = |pattern: &Pattern, literal: &dyn Fn(&str) -> String| -> Vec<Option<String>> {
        let token = |token: &Token| match token {
            Token::Literal(text) => Some(literal(text)),
            Token::Param(_) => None,
        };
        pattern.tokens().iter().map(token).filter(|token| token.as_deref() != Some("")).collect()
    };
    let same = |literal: &dyn Fn(&str) -> String| shape(old, literal) == shape(new, literal);
    let params: [Vec<&str>; 2] = [old.params().collect(), new.params().collect()];
    let moved =
        params[0] != params[1] && params.clone().map(BTreeSet::from_iter)[0] == BTreeSet::from_iter(params[1].clone());
    if same(&str::to_owned) {
        return moved.then_some(PatternChange::ParamOrder);
    }
    if same(&|text| text.replace(|c: char| !c.is_alphanumeric() && !"{}".contains(c), ":")) {
        return Some(PatternChange::Separator);
    }
    if same(&|text| text.replace(['{', '}'], "")) {
        return Some(PatternChange::HashTag);
    }
    let literals = |pattern: &Pattern| -> BTreeSet<String> {
        let words = pattern.tokens().iter().filter_map(|token| match token {
            Token::Literal(text) => {
                Some(text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>())
            }
            Token::Param(_) => None,
        });
        words.flatten().collect()
    };
    Some(if moved && literals(old) == literals(new) { PatternChange::ParamOrder } else { PatternChange::Renamed })
}

/// How the values of a param differ from what they were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParamChange {
    /// Are there values that were none?
    pub wider: bool,
    /// Were there values that are none?
    pub narrower: bool,
}

fn param_change(old: &ParamKind, new: &ParamKind) -> ParamChange {
    let open = |kind: &ParamKind| matches!(kind, ParamKind::Rest | ParamKind::String { pattern: None });
    let (wider, narrower) = match (old, new) {
        _ if old == new => (false, false),
        (ParamKind::Enum(was), ParamKind::Enum(is)) => {
            (is.iter().any(|word| !was.contains(word)), was.iter().any(|word| !is.contains(word)))
        }
        (ParamKind::Integer { min: low, max: high }, ParamKind::Integer { min, max }) => {
            (min < low || max > high, min > low || max < high)
        }
        (_, ParamKind::Rest) | (_, ParamKind::String { pattern: None }) if !open(old) || *new == ParamKind::Rest => {
            (true, false)
        }
        _ if open(old) => (false, true),
        _ => (true, true),
    };
    ParamChange { wider, narrower }
}

impl Comparison<'_> {
    /// Keys whose pattern changed in one way.
    pub(super) fn moved_keys(&self, how: PatternChange, says: &str, hint: &str) -> Vec<Break> {
        let moved = self.keys.iter().filter(|(old, new)| pattern_change(&old.pattern, &new.pattern) == Some(how));
        moved
            .map(|(old, new)| {
                let message = format!("`{}` {says} `{}`", new.pattern, old.pattern);
                self.of_key((old, new), &["key"], message, (First::Neither, hint))
            })
            .collect()
    }

    /// Params of keys and channels of the same pattern whose values changed.
    pub(super) fn changed_params(
        &self,
        concerns: impl Fn(ParamChange) -> bool,
        says: &str,
        first: First,
    ) -> Vec<Break> {
        let mut breaks = Vec::new();
        for (old, new) in self.keys.iter().filter(|(old, new)| pattern_change(&old.pattern, &new.pattern).is_none()) {
            for (was, is) in old.pattern.params().zip(new.pattern.params()) {
                let before = self.old.param(old.module, was);
                let after = self.new.param(new.module, is);
                if concerns(param_change(&before.kind, &after.kind)) {
                    let message = format!("the param `{is}` of `{}` {says}", new.pattern);
                    let mut found = self.of_key((old, new), &["key"], message, (first, ""));
                    is.clone_into(&mut found.subject);
                    breaks.push(found);
                }
            }
        }
        breaks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_a_pattern_changed_is_told() {
        let change =
            |old: &str, new: &str| pattern_change(&Pattern::parse(old).unwrap(), &Pattern::parse(new).unwrap());
        assert_eq!(change("a:{x}", "a:{y}"), None);
        assert_eq!(change("a:{x}:{y}", "a:{y}:{x}"), Some(PatternChange::ParamOrder));
        assert_eq!(change("a:{x}:b:{y}", "a:{y}:b:{x}"), Some(PatternChange::ParamOrder));
        assert_eq!(change("a:{x}", "a.{x}"), Some(PatternChange::Separator));
        assert_eq!(change("a:{x}", "a:{{{x}}}"), Some(PatternChange::HashTag));
        assert_eq!(change("a:{x}", "b:{x}"), Some(PatternChange::Renamed));
        assert_eq!(change("a:{x}", "a:b:{x}"), Some(PatternChange::Renamed));
    }

    #[test]
    fn values_of_params_come_and_go() {
        let change = |old: &ParamKind, new: &ParamKind| {
            let change = param_change(old, new);
            (change.wider, change.narrower)
        };
        let any = ParamKind::String { pattern: None };
        let range = |min, max| ParamKind::Integer { min, max };
        assert_eq!(change(&any, &ParamKind::Rest), (true, false));
        assert_eq!(change(&ParamKind::Rest, &any), (false, true));
        assert_eq!(change(&range(0, 9), &range(0, 5)), (false, true));
        assert_eq!(change(&range(0, 9), &any), (true, false));
        assert_eq!(change(&ParamKind::Uuid, &ParamKind::Date), (true, true));
        assert_eq!(change(&any, &any), (false, false));
    }
}
