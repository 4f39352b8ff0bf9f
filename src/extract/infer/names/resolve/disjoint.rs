//! Patterns that claim a name in common, neither more specific: a param is narrowed to what its values are, or else both
//! become one.

use std::collections::BTreeMap;

use super::{Part, Sketch, Variable, kind, write};
use crate::extract::infer::names::Merge;
use crate::extract::infer::names::look::Class;
use crate::extract::infer::names::slot::Slot;
use crate::registry::automaton::{Answer, Language, overlap};
use crate::registry::{ParamKind, Pattern, more_specific};

/// A sketch with what is needed to hold it against others.
struct Judged<F> {
    sketch: Sketch<F>,
    pattern: Option<Pattern>,
    language: Option<Language>,
    prefix: String,
    suffix: String,
}

/// Settles all, in an order that depends on the patterns alone.
pub fn settle<F: Merge>(sketches: Vec<Sketch<F>>) -> Vec<Sketch<F>> {
    let mut waiting: BTreeMap<String, Sketch<F>> = BTreeMap::new();
    for sketch in sketches {
        put(&mut waiting, sketch);
    }
    let mut done: Vec<Judged<F>> = Vec::new();
    'next: while let Some((_, sketch)) = waiting.pop_first() {
        let mut new = judge(sketch);
        let mut at = 0;
        while at < done.len() {
            if !ambiguous(&mut done[at], &mut new) {
                at += 1;
                continue;
            }
            if let Some(narrowed) = narrow(&mut done[at], &mut new) {
                // What became narrower meets nothing that it did not meet before, here and where it stands too.
                for sketch in waiting.values_mut() {
                    follow(&mut sketch.parts, &narrowed);
                }
                for judged in done.iter_mut().chain([&mut new]) {
                    if follow(&mut judged.sketch.parts, &narrowed) {
                        judged.language = None;
                    }
                }
                at += 1;
                continue;
            }
            let other = done.remove(at);
            put(&mut waiting, one(other.sketch, new.sketch));
            continue 'next;
        }
        done.push(new);
    }
    done.into_iter().map(|judged| judged.sketch).collect()
}

/// Adds a sketch; one that is the same pattern is the same sketch.
fn put<F: Merge>(sketches: &mut BTreeMap<String, Sketch<F>>, sketch: Sketch<F>) {
    let key = identity(&sketch.parts);
    match sketches.get_mut(&key) {
        None => {
            sketches.insert(key, sketch);
        }
        Some(known) => {
            known.leaf.facts.merge(sketch.leaf.facts);
            known.leaf.names.merge(&sketch.leaf.names);
            for (part, other) in known.parts.iter_mut().zip(sketch.parts) {
                if let (Part::Variable(variable), Part::Variable(other)) = (part, other) {
                    variable.slot.merge(other.slot);
                }
            }
        }
    }
}

fn identity(parts: &[Part]) -> String {
    let mut identity = String::new();
    for part in parts {
        match part {
            Part::Text(text) => identity.push_str(text),
            Part::Variable(variable) => identity.push_str(&format!("\u{0}{:?}\u{0}", variable.kind)),
        }
    }
    identity
}

fn judge<F>(sketch: Sketch<F>) -> Judged<F> {
    let names: Vec<String> = (0..sketch.parts.len()).map(|at| format!("p{at}")).collect();
    let pattern = Pattern::parse(&write::text(&sketch.parts, &names)).ok();
    let end = |part: Option<&Part>| match part {
        Some(Part::Text(text)) => text.clone(),
        Some(Part::Variable(_)) | None => String::new(),
    };
    let texts = |parts: &mut dyn Iterator<Item = &Part>| -> Vec<String> {
        parts.take_while(|part| matches!(part, Part::Text(_))).map(|part| end(Some(part))).collect()
    };
    let prefix = texts(&mut sketch.parts.iter()).concat();
    let mut suffix = texts(&mut sketch.parts.iter().rev());
    suffix.reverse();
    Judged { pattern, language: None, prefix, suffix: suffix.concat(), sketch }
}

fn expression(parts: &[Part]) -> String {
    parts
        .iter()
        .map(|part| match part {
            Part::Text(text) => regex::escape(text),
            Part::Variable(variable) => format!("(?:{})", variable.kind.regex()),
        })
        .collect()
}

fn is_static(parts: &[Part]) -> bool {
    parts.iter().all(|part| matches!(part, Part::Text(_)))
}

fn ambiguous<F>(a: &mut Judged<F>, b: &mut Judged<F>) -> bool {
    if is_static(&a.sketch.parts) || is_static(&b.sketch.parts) {
        return false;
    }
    let meet = |a: &str, b: &str| a.starts_with(b) || b.starts_with(a);
    let meet_back = |a: &str, b: &str| a.ends_with(b) || b.ends_with(a);
    if !meet(&a.prefix, &b.prefix) || !meet_back(&a.suffix, &b.suffix) {
        return false;
    }
    let (Some(first), Some(second)) = (&a.pattern, &b.pattern) else { return false };
    if more_specific(first, second) || more_specific(second, first) {
        return false;
    }
    for judged in [&mut *a, &mut *b] {
        if judged.language.is_none() {
            judged.language = Language::new(&expression(&judged.sketch.parts)).ok();
        }
    }
    match (&a.language, &b.language) {
        (Some(a), Some(b)) => overlap(a, b) != Answer::Empty,
        _ => true,
    }
}

/// The same variable in other patterns, with the same before it, is narrowed as well.
fn follow(parts: &mut [Part], narrowed: &[Part]) -> bool {
    let (Some(Part::Variable(new)), Some(at)) = (narrowed.last(), narrowed.len().checked_sub(1)) else { return false };
    let Some(Part::Variable(old)) = parts.get(at) else { return false };
    if old.slot != new.slot || old.kind == new.kind || identity(&parts[..at]) != identity(&narrowed[..at]) {
        return false;
    }
    set(&mut parts[at], new.kind.clone());
    true
}

/// Narrows one param so that the two meet no more. Returns the pattern up to it.
fn narrow<F>(a: &mut Judged<F>, b: &mut Judged<F>) -> Option<Vec<Part>> {
    for turn in 0..2 {
        let (this, other) = if turn == 0 { (&mut *a, &*b) } else { (&mut *b, &*a) };
        let Some(language) = &other.language else { continue };
        for at in 0..this.sketch.parts.len() {
            let Part::Variable(variable) = &this.sketch.parts[at] else { continue };
            for kind in kind::narrower(&variable.kind, &variable.slot) {
                let mut parts = this.sketch.parts.clone();
                set(&mut parts[at], kind);
                let Ok(narrowed) = Language::new(&expression(&parts)) else { continue };
                if overlap(&narrowed, language) == Answer::Empty {
                    this.language = Some(narrowed);
                    let narrowed = parts[..=at].to_vec();
                    this.sketch.parts = parts;
                    return Some(narrowed);
                }
            }
        }
    }
    None
}

fn set(part: &mut Part, kind: ParamKind) {
    if let Part::Variable(variable) = part {
        variable.kind = kind;
    }
}

/// One pattern for both: what they begin with, and `rest`.
fn one<F: Merge>(a: Sketch<F>, b: Sketch<F>) -> Sketch<F> {
    let mut parts = common(&a.parts, &b.parts);
    parts.push(Part::Variable(Variable::new(Class::Rest, Slot::default())));
    let mut leaf = a.leaf;
    leaf.facts.merge(b.leaf.facts);
    leaf.names.merge(&b.leaf.names);
    Sketch { parts, leaf }
}

fn common(a: &[Part], b: &[Part]) -> Vec<Part> {
    let (a, b) = (joined(a), joined(b));
    let mut parts = Vec::new();
    for (first, second) in a.iter().zip(&b) {
        match (first, second) {
            (Part::Text(first), Part::Text(second)) if first == second => parts.push(Part::Text(first.clone())),
            (Part::Variable(first), Part::Variable(second))
                if first.kind == second.kind && first.kind != ParamKind::Rest =>
            {
                let mut both = first.clone();
                both.slot.merge(second.slot.clone());
                parts.push(Part::Variable(both));
            }
            (Part::Text(first), Part::Text(second)) => {
                let same: usize =
                    first.chars().zip(second.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
                let kept = first[..same].rfind([':', '/', '|']).map_or(0, |at| at + 1);
                if kept > 0 {
                    parts.push(Part::Text(first[..kept].to_owned()));
                }
                break;
            }
            (Part::Text(_) | Part::Variable(_), _) => break,
        }
    }
    // `rest` needs a name that goes on after what is common, and stands next to no other variable.
    while matches!(parts.last(), Some(Part::Variable(_))) {
        parts.pop();
    }
    parts
}

/// Neighbouring texts as one.
fn joined(parts: &[Part]) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::new();
    for part in parts {
        match (out.last_mut(), part) {
            (Some(Part::Text(known)), Part::Text(text)) => known.push_str(text),
            _ => out.push(part.clone()),
        }
    }
    out
}
