//! Variants of objects: told apart by a member that says which one it is, or by having next to no members in common.
//!
//! In: which names were seen together. Out: variants of which each object seen is exactly one.

use std::collections::{BTreeMap, BTreeSet};

use super::objects::{Fields, Shape};
use super::schema::Rendering;

/// Variants that a schema lists at most.
const VARIANTS: usize = 12;
/// The same where only their members tell them apart.
const CLUSTERS: usize = 6;

/// One variant.
pub(super) struct Variant {
    /// The member that says so, and its word.
    pub tag: Option<(String, String)>,
    pub fields: Fields,
}

/// The variants, if objects are of several kinds.
pub(super) fn variants(shapes: &BTreeMap<Shape, Fields>, rendering: &Rendering<'_>) -> Option<Vec<Variant>> {
    if rendering.enums
        && let Some(variants) = tagged(shapes, rendering)
    {
        return Some(variants);
    }
    disjoint(shapes)
}

/// By the word of a member that all of them have.
fn tagged(shapes: &BTreeMap<Shape, Fields>, rendering: &Rendering<'_>) -> Option<Vec<Variant>> {
    let (name, _) = shapes.keys().next()?.tag.as_ref()?;
    let mut by_word: BTreeMap<&str, Fields> = BTreeMap::new();
    for (shape, fields) in shapes {
        let (tag, word) = shape.tag.as_ref()?;
        if tag != name || (rendering.is_id)(word) {
            return None;
        }
        by_word.entry(word).or_default().merge(fields.clone());
    }
    // Variants of the same members are one kind of object with an enum in it.
    let required: Vec<BTreeSet<&String>> = by_word.values().map(always).collect();
    let differ = required.iter().enumerate().any(|(at, names)| {
        by_word
            .values()
            .enumerate()
            .any(|(other, fields)| other != at && names.iter().any(|name| !fields.by_name.contains_key(name.as_str())))
    });
    let few = (2..=VARIANTS).contains(&by_word.len());
    let tag = |word: &str| Some((name.clone(), word.to_owned()));
    (few && differ)
        .then(|| by_word.iter().map(|(word, fields)| Variant { tag: tag(word), fields: fields.clone() }).collect())
}

/// The names that all objects have.
fn always(fields: &Fields) -> BTreeSet<&String> {
    fields.by_name.iter().filter(|(_, summary)| summary.count() == fields.count).map(|(name, _)| name).collect()
}

/// By having few names in common.
fn disjoint(shapes: &BTreeMap<Shape, Fields>) -> Option<Vec<Variant>> {
    let mut clusters: Vec<Vec<(&Shape, &Fields)>> = Vec::new();
    for (shape, fields) in shapes {
        let (near, mut far): (Vec<_>, Vec<_>) =
            clusters.into_iter().partition(|cluster| cluster.iter().any(|(known, _)| are_near(known, shape)));
        let mut joined: Vec<_> = near.into_iter().flatten().collect();
        joined.push((shape, fields));
        far.push(joined);
        clusters = far;
    }
    if !(2..=CLUSTERS).contains(&clusters.len()) {
        return None;
    }
    let merged: Vec<Fields> = clusters
        .iter()
        .map(|cluster| {
            let mut all = Fields::default();
            cluster.iter().for_each(|(_, fields)| all.merge((*fields).clone()));
            all
        })
        .collect();
    // None may pass for another: each has members without which no object is one of it, and no other object has all of them.
    let apart = merged.iter().enumerate().all(|(at, fields)| {
        let required = always(fields);
        let others = clusters.iter().enumerate().filter(|(other, _)| *other != at);
        others
            .flat_map(|(_, cluster)| cluster)
            .all(|(shape, _)| required.iter().any(|name| !shape.names.contains(*name)))
    });
    apart.then(|| merged.into_iter().map(|fields| Variant { tag: None, fields }).collect())
}

/// Do two sets of names have half of the smaller in common?
fn are_near(one: &Shape, other: &Shape) -> bool {
    let common = one.names.intersection(&other.names).count();
    2 * common >= one.names.len().min(other.names.len())
}
