//! JSON values as a summary that merges, and the JSON Schema that follows from it.
//!
//! In: values one by one. Out: a [`Summary`] whose merge is commutative and associative, so that neither order nor
//! portions matter, and whose size is bounded; from it a schema that accepts each of the values. It keeps no value but
//! short words of small sets (see `texts`), which may turn out to be an enum.

mod numbers;
mod objects;
mod schema;
mod texts;
mod variants;

use std::collections::BTreeSet;

use serde_json::Value as Json;

pub use numbers::{Numbers, Unit};
pub use schema::{Rendering, schema};
pub use texts::{Format, Texts};

use objects::Objects;

/// Nested containers that are looked into; what is deeper may be anything.
const DEPTH: usize = 12;
/// Names of members that tell what a record is, at most.
const RECORD: usize = 40;
/// Parts of a summary before what is deep in it is given up.
const PARTS: usize = 20_000;

/// What is known of JSON values at one place of a document.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// How many were `null`.
    nulls: u64,
    /// How many were `true` or `false`.
    flags: u64,
    numbers: Option<Numbers>,
    texts: Option<Box<Texts>>,
    arrays: Option<Box<Arrays>>,
    objects: Option<Box<Objects>>,
    /// How many were not looked into.
    opaque: u64,
}

/// What is known of arrays at one place.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Arrays {
    pub count: u64,
    pub items: Summary,
}

impl Summary {
    /// The summary of one value.
    #[must_use]
    pub fn of(value: &Json) -> Self {
        Self::at(value, 0)
    }

    fn at(value: &Json, depth: usize) -> Self {
        let mut summary = Self::default();
        match value {
            Json::Null => summary.nulls = 1,
            Json::Bool(_) => summary.flags = 1,
            Json::Number(number) => summary.numbers = Some(Numbers::of(number)),
            Json::String(text) => summary.texts = Some(Box::new(Texts::of(text))),
            Json::Array(_) | Json::Object(_) if depth >= DEPTH => summary.opaque = 1,
            Json::Array(items) => {
                let mut all = Self::default();
                for item in items {
                    all.merge(Self::at(item, depth + 1));
                }
                summary.arrays = Some(Box::new(Arrays { count: 1, items: all }));
            }
            Json::Object(fields) => {
                let each = fields.iter().map(|(name, value)| (name.clone(), Self::at(value, depth + 1))).collect();
                summary.objects = Some(Box::new(Objects::of(fields, each, depth)));
            }
        }
        summary
    }

    /// Takes in what another knows of the same place.
    pub fn merge(&mut self, other: Self) {
        self.nulls += other.nulls;
        self.flags += other.flags;
        self.opaque += other.opaque;
        both(&mut self.numbers, other.numbers, Numbers::merge);
        both(&mut self.texts, other.texts, |texts, more| texts.merge(*more));
        both(&mut self.arrays, other.arrays, |arrays, more| {
            arrays.count += more.count;
            arrays.items.merge(more.items);
        });
        both(&mut self.objects, other.objects, |objects, more| objects.merge(*more));
    }

    /// How many values it knows.
    #[must_use]
    pub fn count(&self) -> u64 {
        let numbers = self.numbers.as_ref().map_or(0, |numbers| numbers.count);
        let texts = self.texts.as_ref().map_or(0, |texts| texts.count);
        let arrays = self.arrays.as_ref().map_or(0, |arrays| arrays.count);
        let objects = self.objects.as_ref().map_or(0, |objects| objects.count);
        self.nulls + self.flags + self.opaque + numbers + texts + arrays + objects
    }

    /// How many of them are arrays or objects.
    #[must_use]
    pub fn containers(&self) -> u64 {
        let arrays = self.arrays.as_ref().map_or(0, |arrays| arrays.count);
        arrays + self.objects.as_ref().map_or(0, |objects| objects.count) + self.opaque
    }

    /// The names of members, where all values are objects of few names that programmers choose.
    #[must_use]
    pub fn member_names(&self) -> BTreeSet<&str> {
        let all = self.objects.as_ref().filter(|objects| objects.count == self.count());
        all.map(|objects| objects.names()).filter(|names| names.len() <= RECORD).unwrap_or_default()
    }

    /// Gives up what is deepest until the rest is of bounded size.
    pub fn bound(&mut self) {
        let mut depth = DEPTH;
        while depth > 1 && self.parts() > PARTS {
            depth -= 1;
            self.cut(depth);
        }
    }

    /// How many parts it has.
    fn parts(&self) -> usize {
        let arrays = self.arrays.as_ref().map_or(0, |arrays| arrays.items.parts());
        let objects = self.objects.as_ref().map_or(0, |objects| objects.summaries().map(Self::parts).sum());
        1 + arrays + objects
    }

    /// Takes away the containers that are deeper.
    fn cut(&mut self, depth: usize) {
        if depth == 0 {
            self.opaque += self.arrays.take().map_or(0, |arrays| arrays.count);
            self.opaque += self.objects.take().map_or(0, |objects| objects.count);
            return;
        }
        if let Some(arrays) = &mut self.arrays {
            arrays.items.cut(depth - 1);
        }
        if let Some(objects) = &mut self.objects {
            objects.summaries_mut().for_each(|summary| summary.cut(depth - 1));
        }
    }
}

/// Merges what one of two may lack.
pub(in crate::extract::infer) fn both<T>(one: &mut Option<T>, other: Option<T>, merge: impl FnOnce(&mut T, T)) {
    match (one.as_mut(), other) {
        (Some(one), Some(other)) => merge(one, other),
        (None, other) => *one = other,
        (Some(_), None) => {}
    }
}

#[cfg(test)]
mod tests;
