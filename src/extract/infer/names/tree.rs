//! Names as they come in.

use std::collections::BTreeMap;

use super::super::super::draft::Node;
use super::{Found, Merge};

/// How much a tree may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Different words at one place, before they count as one variable.
    pub children: usize,
    /// Nodes in all.
    pub nodes: usize,
    /// Bytes of a name that are looked at; what comes after is `rest`.
    pub name: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { children: 1024, nodes: 200_000, name: 1024 }
    }
}

/// Names with their facts.
#[derive(Debug, Clone)]
pub struct Tree<F> {
    found: BTreeMap<String, (F, u64)>,
}

impl<F: Merge> Tree<F> {
    /// An empty tree.
    #[must_use]
    pub fn new(_limits: Limits) -> Self {
        Self { found: BTreeMap::new() }
    }

    /// Adds a name; adding one again only merges its facts.
    pub fn add(&mut self, name: &[u8], facts: F) {
        let text = String::from_utf8_lossy(name).replace('{', "{{").replace('}', "}}");
        let mut ids = 0;
        let segments: Vec<String> = text
            .split(':')
            .map(|segment| {
                if segment.is_empty() || !segment.bytes().all(|byte| byte.is_ascii_digit()) {
                    return segment.to_owned();
                }
                ids += 1;
                if ids == 1 { "{id}".to_owned() } else { format!("{{id_{ids}}}") }
            })
            .collect();
        self.put(segments.join(":"), facts, 1);
    }

    /// Puts another tree into this one.
    pub fn merge(&mut self, other: Self) {
        for (pattern, (facts, names)) in other.found {
            self.put(pattern, facts, names);
        }
    }

    fn put(&mut self, pattern: String, facts: F, names: u64) {
        match self.found.entry(pattern) {
            std::collections::btree_map::Entry::Occupied(mut known) => {
                known.get_mut().0.merge(facts);
                known.get_mut().1 += names;
            }
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert((facts, names));
            }
        }
    }

    /// Distinct names.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.found.values().map(|(_, names)| names).sum()
    }

    /// Is nothing in it?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The patterns that explain the names.
    #[must_use]
    pub fn patterns(self) -> Vec<Found<F>> {
        let params = |pattern: &str| {
            (1..=pattern.matches("{id").count())
                .map(|at| {
                    (
                        if at == 1 { "id".to_owned() } else { format!("id_{at}") },
                        Node::map([("type", Node::text("integer"))]),
                    )
                })
                .collect()
        };
        self.found
            .into_iter()
            .map(|(pattern, (facts, names))| Found { params: params(&pattern), pattern, facts, names, exact: false })
            .collect()
    }
}
