//! What names mean: what is bound in the scopes around, parameters, imports across files.

use std::rc::Rc;

use super::frame::Frame;
use super::reaching::{Reach, reaching};
use super::value::{Item, Part, Text, Value, Values, at_most, hole, none, only, tidy, union};
use super::{Evaluator, inside};
use crate::extract::Certainty;
use crate::extract::code::index::{Binding, Bound, Kind};
use crate::extract::code::languages::{Operation, Role};
use crate::extract::code::maps::HashMap;

/// Names of clients that tell nothing of their bus.
const GENERIC: &[&str] = &[
    "r",
    "rd",
    "rc",
    "rdb",
    "db",
    "redis",
    "redis_client",
    "client",
    "conn",
    "connection",
    "cache",
    "pool",
    "redis_conn",
    "redis_pool",
    "redis_connection",
    "pub",
    "sub",
    "publisher",
    "subscriber",
    "pubsub",
    "pipe",
    "pipeline",
    "p",
    "self",
    "store",
    "c",
    "get_redis",
    "redis_url",
    "url",
    "kv",
    "backend",
    "con",
    "valkey",
    "client_redis",
    "app",
    "async_redis",
    "script",
    "lock",
    "aredis",
    "tx",
    "multi",
    "instance",
    "value",
    "item",
    "result",
    "redis_pub",
    "redis_sub",
    "tr",
    "rds",
    "ps",
    "out",
    "ret",
    "new_client",
    "get_client",
    "get_connection",
    "get_redis_client",
    "get_conn",
    "redis_service",
    "create_client",
    "connect",
];

/// What changes of a name make of it, by what it was before, the change, and how many come after: ways through branches meet
/// again, and each change would be followed as often as there are ways to it.
type Changed = HashMap<(usize, usize, u32), Values>;

/// A name that is asked for.
#[derive(Clone, Copy)]
pub(super) struct Asked<'n> {
    pub(super) name: &'n str,
    /// Where, if that is in this frame.
    pub(super) at: Option<u32>,
    /// Is it asked for in the scope itself?
    pub(super) inner: bool,
}

impl<'p> Evaluator<'p> {
    pub(super) fn name(&mut self, name: &'p str, at: u32, frame: usize) -> Values {
        self.find_name(name, Some(at), frame, 0)
            .map_or_else(|| self.unbound(name, frame), |values| named(&values, name))
    }

    /// What is bound to a name in a frame or around it; `at` is where it is asked for, if that is in this frame.
    pub(super) fn find_name(&mut self, name: &str, at: Option<u32>, frame: usize, depth: u32) -> Option<Values> {
        let program = self.program;
        let mut frame = frame;
        let mut inner = true;
        let mut found: Vec<Values> = Vec::new();
        loop {
            let scope_id = self.frames.get(frame).scope;
            let scope = &program.scopes[scope_id];
            if scope.function.is_some_and(|function| function.receiver.as_deref() == Some(name)) {
                let this = self.frames.get(frame).this;
                self.touched.this |= this.is_some_and(|(_, place)| place.is_none());
                let of_class = self.is_class_method(scope_id);
                return this.map(|(class, place)| {
                    only(if of_class { Value::Class(class) } else { Value::Instance(class, place) })
                });
            }
            let skip =
                scope.kind == Kind::Class && !inner && found.is_empty() && self.frames.get(frame).scope != scope_id;
            let (values, complete) =
                if skip { (None, false) } else { self.bound(Asked { name, at, inner }, frame, scope_id, depth) };
            found.extend(values);
            if complete {
                break;
            }
            if scope.kind == Kind::Module {
                if let Some(values) = self.imported(name, scope_id, depth) {
                    found.push(values);
                }
                break;
            }
            frame = match (self.frames.get(frame).parent, scope.parent) {
                (Some(parent), _) => parent,
                (None, Some(parent)) => self.open(parent),
                (None, None) => break,
            };
            inner = false;
        }
        if found.is_empty() { None } else { Some(settled(&union(found))) }
    }

    /// What a scope itself binds to a name, and whether that is all.
    pub(super) fn bound(
        &mut self,
        Asked { name, at, inner }: Asked<'_>,
        frame: usize,
        scope_id: usize,
        depth: u32,
    ) -> (Option<Values>, bool) {
        let program = self.program;
        let scope = &program.scopes[scope_id];
        let parameter = scope.parameters().iter().position(|parameter| parameter.name == name);
        let Some(bindings) = scope.bindings.get(name) else {
            return match parameter {
                Some(index) => (Some(self.parameter(frame, index)), true),
                None => (None, false),
            };
        };
        let region = at.and_then(|at| {
            let holds = |binding: &&Binding<'p>| binding.within.as_ref().is_some_and(|within| within.contains(&at));
            bindings
                .iter()
                .filter(holds)
                .min_by_key(|binding| binding.within.as_ref().map_or(0, ExactSizeIterator::len))
        });
        if let Some(Binding { bound: Bound::Element(over), path, .. }) = region {
            let elements = self.value(over, frame);
            let elements = self.elements(&elements);
            return (Some(self.select(&elements, path)), true);
        }
        let flows: Vec<&Binding<'p>> = bindings
            .iter()
            .filter(|binding| {
                binding.within.is_none() && !matches!(binding.bound, Bound::Stored(..) | Bound::Appended(..))
            })
            .collect();
        if flows.is_empty() {
            return match parameter {
                Some(index) => {
                    let values = self.parameter(frame, index);
                    (Some(self.grown(values, bindings, frame)), true)
                }
                None => (None, false),
            };
        }
        let reaches = self.reaches(Asked { name, at, inner }, scope_id, &flows);
        let outer = reaches.iter().any(|reach| matches!(reach, Reach::Outer));
        let mut values = Vec::new();
        let mut changed = Changed::default();
        for reach in &reaches {
            match (reach, parameter) {
                (Reach::Outer, Some(index)) => values.push(self.parameter(frame, index)),
                (Reach::Outer, None) => {}
                _ => values.push(self.reached(reach, frame, depth, &mut changed)),
            }
        }
        let several = values.len() > 1;
        let mut all = union(values);
        if scope.kind != Kind::Class && all.iter().all(|item| item.value == Value::Null || item.value.is_hole()) {
            // `client = None` at the top, and set by a function inside later.
            let later = self.set_inside(name, scope_id);
            all = union([all, later]);
        }
        if several {
            all = at_most(&all, Certainty::Likely);
        }
        let all = self.grown(all, bindings, frame);
        ((!all.is_empty()).then_some(all), !(outer && parameter.is_none()))
    }

    /// What reaches a name where it is asked for.
    fn reaches(&self, Asked { name, at, inner }: Asked<'_>, scope_id: usize, flows: &[&Binding<'p>]) -> Vec<Reach<'p>> {
        let program = self.program;
        let scope = &program.scopes[scope_id];
        let reaches: Vec<Reach<'p>> = if inner || scope.kind != Kind::Function {
            let at = at.filter(|_| inner);
            scope.bodies.iter().flat_map(|body| reaching(body, name, at)).collect()
        } else {
            Vec::new()
        };
        let several = scope.bodies.len() > 1;
        if reaches.is_empty() || (several && reaches.iter().any(|reach| !matches!(reach, Reach::Outer))) {
            if reaches.is_empty() {
                flows.iter().filter_map(|binding| reach_of(binding, program)).collect()
            } else {
                reaches.into_iter().filter(|reach| !matches!(reach, Reach::Outer)).collect()
            }
        } else {
            reaches
        }
    }

    /// What functions of a module set a name of the module to.
    fn set_inside(&mut self, name: &str, module: usize) -> Values {
        let program = self.program;
        let mut found = Vec::new();
        for &id in program.inner.get(program.module(module)).into_iter().flatten() {
            let scope = &program.scopes[id];
            if scope.kind != Kind::Function || found.len() > 8 || !scope.bindings.contains_key(name) {
                continue;
            }
            if !program.is_inside(id, module) || scope.parameters().iter().any(|parameter| parameter.name == name) {
                continue;
            }
            let frame = self.open(id);
            for binding in scope.bindings.get(name).into_iter().flatten() {
                if let Bound::Value(value) = binding.bound {
                    let values = self.value(value, frame);
                    found.push(self.select(&values, &binding.path));
                }
            }
        }
        union(found)
    }

    fn reached(&mut self, reach: &Reach<'p>, frame: usize, depth: u32, changed: &mut Changed) -> Values {
        match reach {
            Reach::Outer => none(),
            Reach::Value(value, path, annotation) => {
                let values = self.value(value, frame);
                let values = self.select(&values, path);
                self.or_annotated(values, *annotation, frame)
            }
            Reach::Element(over, path) => {
                let mut values = self.value(over, frame);
                if !path.is_empty() {
                    values = super::growing::paired(&values);
                }
                let elements = self.elements(&values);
                self.select(&elements, path)
            }
            Reach::Declared(annotation) => self.or_annotated(none(), *annotation, frame),
            Reach::Scope(address) => {
                let Some(&scope) = self.program.by_address.get(address) else { return none() };
                self.of_scope(scope, frame)
            }
            Reach::Augmented(before, operator, value) => {
                if depth > 6 {
                    return none();
                }
                let key = (Rc::as_ptr(before) as usize, std::ptr::from_ref(*value) as usize, depth);
                if let Some(known) = changed.get(&key) {
                    return known.clone();
                }
                let before: Vec<Values> =
                    before.iter().map(|reach| self.reached(reach, frame, depth + 1, changed)).collect();
                let before = union(before);
                let value = self.value(value, frame);
                let values = self.operate(operator.trim_end_matches('='), &before, &value, ("value", "value"));
                changed.insert(key, values.clone());
                values
            }
        }
    }

    /// A function or class as a value.
    pub(super) fn of_scope(&mut self, scope: usize, frame: usize) -> Values {
        if self.program.scopes[scope].kind == Kind::Class {
            return only(Value::Class(scope));
        }
        let nested = self.program.scopes[self.frames.get(frame).scope].kind == Kind::Function;
        only(Value::Function(scope, None, nested.then_some(frame)))
    }

    /// A name that nothing binds: built in, or of a library that needs no import.
    pub(super) fn unbound(&mut self, name: &str, frame: usize) -> Values {
        let language = self.program.language(self.frames.get(frame).scope);
        // `Object` of `Object.values` too.
        let built_in = |(known, _): &(&str, Operation)| *known == name || inside(known, name);
        if language.clients.functions.iter().any(built_in) || language.clients.modules.contains(&name) {
            return only(Value::External(name.into()));
        }
        hole(name)
    }

    /// A frame like this one, of another scope around the same object.
    pub(super) fn sibling(&mut self, scope: usize, this: Option<super::frame::This>) -> usize {
        self.frames.intern(Frame { scope, given: None, this, parent: None })
    }
}

fn reach_of<'p>(binding: &Binding<'p>, program: &crate::extract::code::index::Program<'p>) -> Option<Reach<'p>> {
    Some(match binding.bound {
        Bound::Value(value) => Reach::Value(value, binding.path.clone(), binding.annotation),
        Bound::Element(over) => Reach::Element(over, binding.path.clone()),
        Bound::Declared => Reach::Declared(binding.annotation),
        Bound::Scope(scope) => {
            let scope = &program.scopes[scope];
            Reach::Scope(match (scope.function, scope.class) {
                (Some(function), _) => std::ptr::from_ref(function) as usize,
                (None, Some(class)) => std::ptr::from_ref(class) as usize,
                (None, None) => return None,
            })
        }
        Bound::Augmented(..) | Bound::Stored(..) | Bound::Appended(..) => return None,
    })
}

/// Without null, where there is anything else.
pub(super) fn settled(values: &Values) -> Values {
    if values.len() > 1 && values.iter().any(|item| item.value == Value::Null) {
        let kept: Vec<Item> = values.iter().filter(|item| item.value != Value::Null).cloned().collect();
        return Rc::new(kept);
    }
    values.clone()
}

/// What is unknown, and clients that have no telling name, are called by this name.
pub(super) fn named(values: &Values, name: &str) -> Values {
    let needs = |item: &Item| match &item.value {
        Value::Text(text) => text.is_hole(),
        Value::Object(role, bus, _) => tells_bus(*role) && bus.name.is_none(),
        _ => false,
    };
    if !values.iter().any(needs) {
        return values.clone();
    }
    let tidied = tidy(name);
    let telling = !GENERIC.contains(&tidied.as_str());
    let mut items: Vec<Item> = Vec::with_capacity(values.len());
    for item in values.iter() {
        let mut item = item.clone();
        match &mut item.value {
            Value::Text(Text { parts, .. }) => {
                if let [part @ Part::Hole(_)] = parts.as_mut_slice() {
                    *part = Part::Hole(tidied.as_str().into());
                }
            }
            Value::Object(role, bus, _) if telling && tells_bus(*role) && bus.name.is_none() => {
                bus.name = Some(tidied.as_str().into());
            }
            _ => {}
        }
        super::value::add(&mut items, item);
    }
    Rc::new(items)
}

/// Does the name of such an object tell of its bus? Scripts and locks are called by what they do.
fn tells_bus(role: Role) -> bool {
    !matches!(role, Role::Script | Role::Lock)
}

/// What is unknown is called by this name, and nothing else changes.
pub(super) fn renamed(values: &Values, name: &str) -> Values {
    if !values.iter().any(|item| item.value.is_hole()) {
        return values.clone();
    }
    let name: Rc<str> = tidy(name).into();
    let mut items = Vec::with_capacity(values.len());
    for item in values.iter() {
        let mut item = item.clone();
        if let Value::Text(Text { parts, .. }) = &mut item.value
            && let [part @ Part::Hole(_)] = parts.as_mut_slice()
        {
            *part = Part::Hole(name.clone());
        }
        super::value::add(&mut items, item);
    }
    Rc::new(items)
}
