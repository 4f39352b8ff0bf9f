//! The names by which functions and classes are called, and the families of classes.

use super::arguments::Arguments;
use super::leads::Exports;
use super::{CLASSES, Flow};
use crate::extract::code::index::{Binding, Bound, Kind, last_name};
use crate::extract::code::maps::HashMap;

impl<'p> Arguments<'p> {
    /// The names by which functions and classes are called.
    pub(super) fn names(&mut self, flow: &mut Flow<'p>) {
        let program = flow.program;
        for (id, scope) in program.scopes.iter().enumerate() {
            if scope.kind != Kind::Module && !scope.name.is_empty() {
                flow.called.insert(scope.name);
                self.scopes.entry(scope.name).or_default().push(id);
            }
            if scope.kind == Kind::Class {
                flow.kept.extend(scope.attributes.keys());
                let values = |(name, bindings): (&&'p str, &Vec<Binding<'p>>)| {
                    bindings.iter().any(|binding| !matches!(binding.bound, Bound::Scope(_))).then_some(*name)
                };
                flow.kept.extend(scope.bindings.iter().filter_map(values));
                let fields = scope.class.map_or(&[][..], |class| &class.fields);
                flow.kept.extend(fields.iter().map(|field| field.name.as_str()));
            }
        }
        flow.kept.extend(program.loose.keys());
        for (own, others) in &program.aliases {
            if flow.called.contains(own) {
                for other in others {
                    flow.called.insert(other);
                    let known = self.own.entry(other).or_default();
                    if !known.contains(own) {
                        known.push(own);
                    }
                }
            }
        }
        for scope in &program.scopes {
            flow.called.extend(self.called_as(flow, scope.passed));
        }
    }

    /// Classes with those that they extend.
    pub(super) fn families(&mut self, flow: &mut Flow<'p>) {
        let program = flow.program;
        let is_class = |id: &usize| program.scopes[*id].kind == Kind::Class;
        let mut up: HashMap<usize, usize> = HashMap::default();
        let join = |up: &mut HashMap<usize, usize>, a: usize, b: usize| {
            let (a, b) = (root(up, a), root(up, b));
            if a != b {
                up.insert(a.max(b), a.min(b));
            }
        };
        let named = |name: &str| self.scopes.get(name).into_iter().flatten().copied().filter(is_class);
        let classes: Vec<usize> = (0..program.scopes.len()).filter(is_class).collect();
        for &id in &classes {
            let scope = &program.scopes[id];
            let (Some(class), Some(outer)) = (scope.class, scope.parent) else { continue };
            for base in &class.bases {
                let Exports { scopes: bases, other } = flow.scopes_of(outer, base);
                bases.into_iter().filter(is_class).for_each(|base| join(&mut up, id, base));
                if other && let Some(name) = last_name(base) {
                    named(name).for_each(|base| join(&mut up, id, base));
                }
            }
            if program.language(id).constructors.is_empty() {
                // Methods may stand in another file than their type.
                named(scope.name).for_each(|other| join(&mut up, id, other));
            }
        }
        let mut bits: HashMap<&str, usize> = HashMap::default();
        for &id in &classes {
            let family = root(&up, id);
            let next = bits.len();
            let number = *bits.entry(program.scopes[family].name).or_insert(next);
            let bit = 1 << (CLASSES + number % (64 - CLASSES));
            flow.families.insert(id, (family, bit));
            if let Some(node) = flow.local(id, "") {
                flow.is(node.value(), bit);
            }
        }
    }
}

/// The class that stands for all that one is together with.
fn root(up: &HashMap<usize, usize>, mut class: usize) -> usize {
    while let Some(next) = up.get(&class) {
        class = *next;
    }
    class
}
