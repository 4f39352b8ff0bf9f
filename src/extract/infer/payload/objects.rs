//! Objects: which names they have together, while there are few such sets; then by name; then as a map.
//!
//! Each step forgets something for good, at a number that depends on all objects together: so merging stays commutative
//! and associative.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::Summary;
use super::texts::is_word;

/// Sets of names that are kept apart.
const SHAPES: usize = 24;
/// Names that are kept apart; with more, they are data.
const NAMES: usize = 256;
/// Bytes of a name; longer ones are data.
const NAME: usize = 128;
/// Objects deeper than this have no variants.
const SHAPES_DEPTH: usize = 3;

/// Members that commonly say which variant an object is.
const TAGS: [&str; 13] =
    ["type", "kind", "event", "event_type", "eventType", "op", "action", "cmd", "command", "@type", "_type", "ev", "e"];

/// What is known of objects at one place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Objects {
    pub count: u64,
    pub layout: Layout,
}

/// How much is kept of their names.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Layout {
    /// Which names go together.
    Shapes(BTreeMap<Shape, Fields>),
    /// The names.
    Fields(Fields),
    /// Too many names: what the members hold.
    Map(Box<Summary>),
}

/// The names of an object, and what says which variant it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Shape {
    pub tag: Option<(String, String)>,
    pub names: BTreeSet<String>,
}

/// Members by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Fields {
    pub count: u64,
    pub by_name: BTreeMap<String, Summary>,
}

impl Fields {
    pub(super) fn merge(&mut self, other: Self) {
        self.count += other.count;
        for (name, summary) in other.by_name {
            self.by_name.entry(name).or_default().merge(summary);
        }
    }

    /// All members as one.
    pub(super) fn values(self) -> Summary {
        let mut all = Summary::default();
        self.by_name.into_values().for_each(|summary| all.merge(summary));
        all
    }
}

impl Objects {
    /// What is known of one, whose members are known.
    pub(super) fn of(fields: &Map<String, Json>, by_name: BTreeMap<String, Summary>, depth: usize) -> Self {
        let fields_of = |by_name| Fields { count: 1, by_name };
        let layout = if depth >= SHAPES_DEPTH {
            Layout::Fields(fields_of(by_name))
        } else {
            let tag = TAGS.iter().find_map(|name| {
                let word = fields.get(*name)?.as_str().filter(|word| is_word(word))?;
                Some(((*name).to_owned(), word.to_owned()))
            });
            let shape = Shape { tag, names: by_name.keys().cloned().collect() };
            Layout::Shapes(BTreeMap::from([(shape, fields_of(by_name))]))
        };
        let mut objects = Self { count: 1, layout };
        objects.bound();
        objects
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.count += other.count;
        let mine = std::mem::replace(&mut self.layout, Layout::Fields(Fields::default()));
        self.layout = match (mine, other.layout) {
            (Layout::Shapes(mut shapes), Layout::Shapes(more)) => {
                for (shape, fields) in more {
                    shapes.entry(shape).or_default().merge(fields);
                }
                Layout::Shapes(shapes)
            }
            (mine @ Layout::Map(_), other) | (mine, other @ Layout::Map(_)) => {
                let mut all = values(mine);
                all.merge(values(other));
                Layout::Map(Box::new(all))
            }
            (mine, other) => {
                let mut fields = together(mine);
                fields.merge(together(other));
                Layout::Fields(fields)
            }
        };
        self.bound();
    }

    /// Forgets what is too much to keep.
    fn bound(&mut self) {
        let (names, shapes) = match &self.layout {
            Layout::Shapes(shapes) => {
                let names: BTreeSet<&String> = shapes.keys().flat_map(|shape| &shape.names).collect();
                (names, shapes.len())
            }
            Layout::Fields(fields) => (fields.by_name.keys().collect(), 0),
            Layout::Map(_) => return,
        };
        let is_map = names.len() > NAMES || names.iter().any(|name| name.len() > NAME);
        if is_map || shapes > SHAPES {
            let layout = std::mem::replace(&mut self.layout, Layout::Fields(Fields::default()));
            self.layout = if is_map { Layout::Map(Box::new(values(layout))) } else { Layout::Fields(together(layout)) };
        }
    }

    /// The names of members; none of a map.
    pub(super) fn names(&self) -> BTreeSet<&str> {
        match &self.layout {
            Layout::Shapes(shapes) => shapes.keys().flat_map(|shape| &shape.names).map(String::as_str).collect(),
            Layout::Fields(fields) => fields.by_name.keys().map(String::as_str).collect(),
            Layout::Map(_) => BTreeSet::new(),
        }
    }

    /// All members by name; `None` of a map.
    pub(super) fn fields(&self) -> Option<Fields> {
        match &self.layout {
            Layout::Map(_) => None,
            known => Some(together(known.clone())),
        }
    }

    /// What is known of the members, wherever.
    pub(super) fn summaries(&self) -> Box<dyn Iterator<Item = &Summary> + '_> {
        match &self.layout {
            Layout::Shapes(shapes) => Box::new(shapes.values().flat_map(|fields| fields.by_name.values())),
            Layout::Fields(fields) => Box::new(fields.by_name.values()),
            Layout::Map(values) => Box::new(std::iter::once(&**values)),
        }
    }

    /// The same, to be changed.
    pub(super) fn summaries_mut(&mut self) -> Box<dyn Iterator<Item = &mut Summary> + '_> {
        match &mut self.layout {
            Layout::Shapes(shapes) => Box::new(shapes.values_mut().flat_map(|fields| fields.by_name.values_mut())),
            Layout::Fields(fields) => Box::new(fields.by_name.values_mut()),
            Layout::Map(values) => Box::new(std::iter::once(&mut **values)),
        }
    }
}

/// By name, whatever goes together. Not to be asked of a map, which has no names.
fn together(layout: Layout) -> Fields {
    match layout {
        Layout::Shapes(shapes) => {
            let mut all = Fields::default();
            shapes.into_values().for_each(|fields| all.merge(fields));
            all
        }
        Layout::Fields(fields) => fields,
        Layout::Map(_) => Fields::default(),
    }
}

fn values(layout: Layout) -> Summary {
    match layout {
        Layout::Map(values) => *values,
        other => together(other).values(),
    }
}
