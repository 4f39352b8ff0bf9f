//! Sketches to answers: the registry's notation, params with names that mean the same in all patterns.

use std::collections::BTreeMap;

use super::naming::{self, Name};
use super::{Part, Sketch, kind};
use crate::extract::infer::names::Found;
use crate::registry::ParamKind;

/// The text of a pattern whose variables have these names.
pub fn text(parts: &[Part], names: &[String]) -> String {
    let mut names = names.iter();
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Text(literal) => text.push_str(&literal.replace('{', "{{").replace('}', "}}")),
            Part::Variable(_) => {
                let name = names.next().map_or("id", String::as_str);
                text.push('{');
                text.push_str(name);
                text.push('}');
            }
        }
    }
    text
}

/// All patterns, in the order of their texts.
pub fn found<F>(sketches: Vec<Sketch<F>>) -> Vec<Found<F>> {
    let short = |names: &[Name]| -> Vec<String> { names.iter().map(|name| name.short.clone()).collect() };
    let mut named: Vec<(Vec<Name>, Sketch<F>)> =
        sketches.into_iter().map(|sketch| (naming::names(&sketch.parts), sketch)).collect();
    named.sort_by_key(|(names, sketch)| (text(&sketch.parts, &short(names)), format!("{:?}", kinds(&sketch.parts))));
    let mut declared: BTreeMap<String, ParamKind> = BTreeMap::new();
    let mut found: Vec<Found<F>> = named
        .into_iter()
        .map(|(given, sketch)| {
            let mut names = short(&given);
            let kinds = kinds(&sketch.parts);
            for (at, kind) in kinds.iter().enumerate() {
                let name = agreed(&names, at, &given[at].long, kind, &declared);
                declared.insert(name.clone(), (*kind).clone());
                names[at] = name;
            }
            let pattern = text(&sketch.parts, &names);
            let params = names.into_iter().zip(kinds.into_iter().map(kind::node)).collect();
            let (names, exact) = sketch.leaf.names.count();
            Found { pattern, params, facts: sketch.leaf.facts, names, exact }
        })
        .collect();
    found.sort_by(|a, b| a.pattern.cmp(&b.pattern));
    found
}

fn kinds(parts: &[Part]) -> Vec<&ParamKind> {
    parts
        .iter()
        .filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Variable(variable) => Some(&variable.kind),
        })
        .collect()
}

/// A name that stands for the same in all patterns and once in this one: the short one, the long one, or one with a number.
fn agreed(names: &[String], at: usize, long: &str, kind: &ParamKind, declared: &BTreeMap<String, ParamKind>) -> String {
    let base = &names[at];
    let free = |name: &String| {
        declared.get(name).is_none_or(|known| known == kind)
            && names.iter().enumerate().all(|(other, taken)| other == at || taken != name)
    };
    let numbered = (2u32..).map(|number| format!("{long}_{number}"));
    [base.clone(), long.to_owned()].into_iter().chain(numbered).find(free).unwrap_or_else(|| base.clone())
}
