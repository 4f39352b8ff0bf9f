//! In which frames a function is run: for each caller, and for each object that is made anywhere.

use std::rc::Rc;

use super::frame::{Frame, Given, Place, This};
use super::makers::is_super;
use super::value::Value;
use super::{Evaluator, Touched};
use crate::extract::code::index::{Bound, Kind};
use crate::extract::code::program::Form;

/// So many ways to come to one function are told apart.
const CONTEXTS: usize = 2_000;
/// And so many of a function that is a caller itself.
const OUTER_CONTEXTS: usize = 48;
/// Callers of callers of callers.
const LEVELS: u32 = 4;

impl<'p> Evaluator<'p> {
    /// The name of a class, and those of its heirs, whose construction runs its constructor too.
    pub(super) fn class_names(&self, class: usize) -> Vec<&'p str> {
        let mut names = vec![self.program.scopes[class].name, "super"];
        let mut next = 0;
        while let Some(name) = names.get(next).copied()
            && names.len() < 64
        {
            next += 1;
            for heir in self.program.heirs.get(name).into_iter().flatten() {
                let name = self.program.scopes[*heir].name;
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
    }

    /// A class and what it extends, nearest first.
    pub(super) fn lineage(&mut self, class: usize) -> Vec<usize> {
        let mut all = vec![class];
        let mut next = 0;
        while let Some(&class) = all.get(next)
            && all.len() < 16
        {
            next += 1;
            let scope = &self.program.scopes[class];
            let (Some(declared), Some(parent)) = (scope.class, scope.parent) else { continue };
            let frame = self.open(parent);
            for base in &declared.bases {
                for item in self.value(base, frame).iter() {
                    if let Value::Class(base) = item.value
                        && !all.contains(&base)
                    {
                        all.push(base);
                    }
                }
            }
        }
        all
    }

    /// The constructor of a class, its own or inherited.
    pub(super) fn constructor(&mut self, class: usize) -> Option<usize> {
        let names = self.program.language(class).constructors;
        for class in self.lineage(class) {
            for name in names {
                for binding in self.program.scopes[class].bindings.get(name).into_iter().flatten() {
                    if let Bound::Scope(scope) = binding.bound {
                        return Some(scope);
                    }
                }
            }
        }
        None
    }

    /// The frame of a method of `class` on an object: of constructors with what the object was made with.
    pub(super) fn frame_of_method(&mut self, method: usize, class: usize, this: This) -> usize {
        let names = self.program.language(method).constructors;
        if this.1.is_none() || !names.contains(&self.program.scopes[method].name) {
            return self.sibling(method, Some(this));
        }
        let mut outer: Option<usize> = None;
        for heir in self.lineage(this.0) {
            let own = names.iter().find_map(|name| {
                let bindings = self.program.scopes[heir].bindings.get(name)?;
                bindings
                    .iter()
                    .find_map(|binding| if let Bound::Scope(scope) = binding.bound { Some(scope) } else { None })
            });
            let Some(own) = own else { continue };
            let frame = match outer {
                None => self.frames.intern(Frame { scope: own, given: this.1, this: Some(this), parent: None }),
                Some(outer) => self.super_call(own, outer, this).unwrap_or_else(|| self.sibling(own, Some(this))),
            };
            if heir == class || own == method {
                return frame;
            }
            outer = Some(frame);
        }
        self.sibling(method, Some(this))
    }

    /// The frame of a constructor as the constructor of an heir calls it.
    fn super_call(&mut self, constructor: usize, outer: usize, this: This) -> Option<usize> {
        let scope = self.frames.get(outer).scope;
        let name = self.program.scopes[constructor].name;
        for call in &self.program.scopes[scope].calls {
            let Form::Call(callee, arguments) = &call.form else { continue };
            let (calls, skip) = match &callee.form {
                Form::Attribute(base, method) => (method == name, usize::from(!is_super(base))),
                Form::Name(known) => (known == "super", 0),
                _ => (false, 0),
            };
            if calls {
                let given = Given::Arguments(arguments.get(skip..).unwrap_or_default());
                let place = self.frames.intern_place(Place { given, before: Vec::new(), frame: outer })?;
                return Some(self.frames.intern(Frame {
                    scope: constructor,
                    given: Some(place),
                    this: Some(this),
                    parent: None,
                }));
            }
        }
        None
    }

    /// The objects of a class and its heirs that are made anywhere.
    pub(super) fn instances(&mut self, class: usize) -> Rc<Vec<This>> {
        if let Some(known) = self.made.get(&class) {
            return known.clone();
        }
        self.made.insert(class, Rc::default());
        let before = self.touched;
        let program = self.program;
        let mut found: Vec<This> = Vec::new();
        let mut names = self.class_names(class);
        names.retain(|name| *name != "super");
        let aliases: Vec<&str> =
            names.iter().flat_map(|name| program.aliases.get(name).into_iter().flatten().copied()).collect();
        names.extend(aliases);
        for name in names {
            let calls = program.calls.get(name).into_iter().flatten();
            let constructs = program.constructs.get(name).into_iter().flatten();
            for site in calls.chain(constructs).take(256) {
                for outer in self.contexts_at(site.scope, 2) {
                    for item in self.value(site.expression, outer).iter() {
                        if let Value::Instance(made, place) = item.value
                            && !found.contains(&(made, place))
                            && self.lineage(made).contains(&class)
                        {
                            found.push((made, place));
                        }
                    }
                }
            }
        }
        if found.is_empty() {
            found.extend(self.heirs(class).into_iter().map(|heir| (heir, None)));
        }
        self.touched = before;
        let found = Rc::new(found);
        self.made.insert(class, found.clone());
        found
    }

    /// Classes that extend a class.
    fn heirs(&mut self, class: usize) -> Vec<usize> {
        let names = self.class_names(class);
        let mut all: Vec<usize> =
            names.iter().flat_map(|name| self.program.heirs.get(name).into_iter().flatten().copied()).collect();
        all.sort_unstable();
        all.dedup();
        all.retain(|heir| self.lineage(*heir).contains(&class));
        all
    }

    /// The frames in which a function is run: by its callers if its arguments matter, else by the objects that it is run on.
    pub fn contexts(&mut self, scope: usize, touched: Touched) -> Vec<usize> {
        self.contexts_for(scope, touched.arguments, LEVELS)
    }

    fn contexts_at(&mut self, scope: usize, levels: u32) -> Vec<usize> {
        if self.program.scopes[scope].kind != Kind::Function || levels == 0 {
            return vec![self.open(scope)];
        }
        let mut found = self.contexts_for(scope, true, levels);
        if found.is_empty() {
            found = self.contexts_for(scope, false, levels);
        }
        if found.is_empty() || found.len() > OUTER_CONTEXTS {
            return vec![self.open(scope)];
        }
        found
    }

    fn contexts_for(&mut self, scope: usize, arguments: bool, levels: u32) -> Vec<usize> {
        let key = (scope, arguments);
        if let Some(known) = self.contexts.get(&key) {
            return known.to_vec();
        }
        self.contexts.insert(key, Rc::default());
        let before = self.touched;
        let steps = std::mem::take(&mut self.steps);
        let mut found = Vec::new();
        if arguments {
            self.by_callers(scope, levels, &mut found);
        }
        if found.is_empty() {
            self.by_objects(scope, levels, &mut found);
        }
        self.touched = before;
        self.steps = steps;
        if found.len() > CONTEXTS {
            found.clear();
        }
        if levels == LEVELS {
            self.contexts.insert(key, Rc::new(found.clone()));
        } else {
            self.contexts.remove(&key);
        }
        found
    }

    fn by_callers(&mut self, scope: usize, levels: u32, found: &mut Vec<usize>) {
        for site in self.candidates(scope) {
            // Only a caller at all is worth to be asked for its own callers.
            let mut plain = Vec::new();
            let outer = self.open(site.0.scope);
            self.calls_from(scope, site, outer, &mut plain);
            let unknown =
                matches!(&site.0.expression.form, Form::Call(callee, _) if matches!(callee.form, Form::Attribute(..)));
            if plain.is_empty() && !unknown {
                continue;
            }
            if plain.is_empty() {
                continue;
            }
            for outer in self.contexts_at(site.0.scope, levels - 1) {
                self.calls_from(scope, site, outer, found);
            }
            if found.len() > CONTEXTS {
                return;
            }
        }
        let parent = self.program.scopes[scope].parent;
        if let Some((call, at)) = self.program.scopes[scope].passed
            && let Some(parent) = parent
        {
            for outer in self.contexts_at(parent, levels - 1) {
                found.extend(self.passed(scope, call, at, outer));
            }
        }
        if found.is_empty()
            && let Some(parent) = parent
            && self.program.scopes[parent].kind == Kind::Function
        {
            // A closure: its own arguments are unknown, but those of the function around may be known.
            for outer in self.contexts_at(parent, levels - 1) {
                found.push(self.frames.intern(Frame { scope, given: None, this: None, parent: Some(outer) }));
            }
        }
        // Which object it is may still be unknown, where the call says `self.method()`.
        let open: Vec<usize> = found
            .iter()
            .copied()
            .filter(|frame| self.frames.get(*frame).this.is_some_and(|(_, place)| place.is_none()))
            .collect();
        for frame in open {
            let known = self.frames.get(frame).clone();
            let Some((class, _)) = known.this else { continue };
            let made = self.instances(class);
            if made.is_empty() || made.len() > OUTER_CONTEXTS {
                continue;
            }
            found.retain(|other| *other != frame);
            for this in made.iter() {
                let frame = self.frames.intern(Frame { this: Some(*this), ..known.clone() });
                if !found.contains(&frame) {
                    found.push(frame);
                }
            }
        }
    }

    fn by_objects(&mut self, scope: usize, levels: u32, found: &mut Vec<usize>) {
        let here = &self.program.scopes[scope];
        let receiver = here.function.is_some_and(|function| function.receiver.is_some());
        if let Some(class) = self.program.class_of(scope)
            && receiver
        {
            for this in self.instances(class).iter() {
                found.push(self.frames.intern(Frame { scope, given: None, this: Some(*this), parent: None }));
            }
            return;
        }
        if let Some(parent) = here.parent
            && self.program.scopes[parent].kind == Kind::Function
        {
            for outer in self.contexts_at(parent, levels - 1) {
                found.push(self.frames.intern(Frame { scope, given: None, this: None, parent: Some(outer) }));
            }
        }
    }
}
