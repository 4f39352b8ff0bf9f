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
/// So many places that make an object of a class are looked at.
const OBJECTS: usize = 256;
/// Callers of callers of callers.
const LEVELS: u32 = 4;

impl<'p> Evaluator<'p> {
    /// The constructor of a class, its own or inherited.
    pub(super) fn constructor(&mut self, class: usize) -> Option<usize> {
        let names = self.program.language(class).constructors;
        for &class in self.lineage(class).iter() {
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
        for &heir in self.lineage(this.0).iter() {
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

    /// The frame of a function of which neither callers nor objects tell anything: what it knows by itself.
    pub fn blind(&mut self, scope: usize) -> usize {
        let module = self.open(self.program.module(scope));
        let place = Place { given: Given::Arguments(&[]), before: Vec::new(), frame: module };
        let given = self.frames.intern_place(place);
        let this = self.own_this(scope).map(|(class, _)| (class, given));
        let parent = self.program.scopes[scope].parent;
        let parent = parent.filter(|parent| self.program.scopes[*parent].kind == Kind::Function);
        let parent = parent.map(|parent| self.blind(parent));
        self.frames.intern(Frame { scope, given, this, parent })
    }

    /// Is a method run on an object at all? The constructor of a class is not, where that of an heir does not call it.
    pub(super) fn is_run(&self, method: usize, class: usize, lineage: &[usize]) -> bool {
        let names = self.program.language(method).constructors;
        if !names.contains(&self.program.scopes[method].name) || lineage.first() == Some(&class) {
            return true;
        }
        let heirs = lineage.iter().take_while(|heir| **heir != class);
        let own = heirs.filter_map(|heir| {
            names
                .iter()
                .flat_map(|name| self.program.scopes[*heir].bindings.get(name).into_iter().flatten())
                .find_map(|binding| if let Bound::Scope(scope) = binding.bound { Some(scope) } else { None })
        });
        let mut own = own;
        own.all(|constructor| {
            self.program.scopes[constructor].calls.iter().any(|call| {
                let Form::Call(callee, _) = &call.form else { return false };
                match &callee.form {
                    Form::Attribute(_, called) => names.contains(&called.as_str()),
                    Form::Name(called) => called == "super",
                    _ => false,
                }
            })
        })
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
        let mut found: Vec<This> = Vec::new();
        let mut classes = self.heirs(class);
        let heirs = classes.clone();
        classes.insert(0, class);
        for class in classes {
            let makings = self.makings(class);
            self.touched.cut |= makings.len() > OBJECTS;
            let apart = self.apart.contains(&class);
            let mut sites = makings;
            sites.retain(|site| apart || !self.apart.contains(&site.scope));
            for site in sites.into_iter().take(OBJECTS) {
                for outer in self.contexts_at(site.scope, 2) {
                    for item in self.value(site.expression, outer).iter() {
                        if let Value::Instance(made, place) = item.value
                            && made == class
                            && !found.contains(&(made, place))
                        {
                            found.push((made, place));
                        }
                    }
                }
            }
        }
        if found.is_empty() {
            found.extend(heirs.into_iter().map(|heir| (heir, None)));
        }
        self.answered(before);
        let found = Rc::new(found);
        self.made.insert(class, found.clone());
        found
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
        let key = (scope, arguments, levels);
        if let Some(known) = self.contexts.get(&key) {
            return known.to_vec();
        }
        let asked = (scope, arguments);
        if self.asked.contains(&asked) {
            // Functions that call each other: not around again.
            self.turned += 1;
            return Vec::new();
        }
        self.asked.insert(asked);
        let turned = self.turned;
        let before = self.touched;
        let steps = std::mem::take(&mut self.steps);
        let mut found = Vec::new();
        if arguments {
            self.by_callers(scope, levels, &mut found);
        }
        if found.is_empty() {
            self.by_objects(scope, levels, &mut found);
        }
        self.answered(before);
        self.steps = steps;
        if found.len() > CONTEXTS {
            found.clear();
        }
        self.asked.remove(&asked);
        // What was left out for the sake of the question around is only left out there.
        if levels == LEVELS || turned == self.turned {
            self.contexts.insert(key, Rc::new(found.clone()));
        }
        found
    }

    fn by_callers(&mut self, scope: usize, levels: u32, found: &mut Vec<usize>) {
        for site in self.candidates(scope) {
            // Only a caller at all is worth to be asked for its own callers.
            let mut plain = Vec::new();
            let outer = self.open(site.0.scope);
            self.calls_from(scope, site, outer, &mut plain);
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
