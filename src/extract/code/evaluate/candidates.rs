//! Which calls run a function, and which make an object of a class.
//!
//! Names repeat in large trees, so that asking each call of a name for each function of that name would take the square of their
//! number. So the calls of a name are put in order by what they may be on, and only those that may run the function that is asked for
//! are evaluated, each in the frame of which nothing is known.

use std::rc::Rc;

use super::makers::is_super;
use super::value::{Value, Values, none, only};
use super::{ALL_STEPS, Evaluator};
use crate::extract::code::flow::{Exports, Mask};
use crate::extract::code::index::{Bound, Kind, Site};
use crate::extract::code::maps::HashMap;
use crate::extract::code::program::{Expression, Form};

/// A call, with the place of an argument where that is what is run.
pub(super) type Call<'p> = (Site<'p>, Option<usize>);

/// So many calls of one function are looked at; of more, the first ones, and what rests on them is likely at most.
const CALLS: usize = 4_000;
/// Expressions that are looked at to tell what one call runs.
const TARGET_STEPS: u32 = 1_000;
/// So many names are looked at from the inside of each other with the whole depth of a question each.
const NESTED: u32 = 4;

/// Calls of one name.
#[derive(Debug)]
struct Named<'p> {
    calls: Vec<Call<'p>>,
    /// Their numbers, in order, by what they may be on.
    on: HashMap<On, Vec<usize>>,
}

/// What a call may be on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum On {
    /// An object with this bit of a [`Mask`].
    Bit(u32),
    /// Nothing: it names this function or class.
    Scope(usize),
    /// Anything.
    Any,
}

/// What is known of calls.
#[derive(Debug, Default)]
pub(super) struct Calls<'p> {
    /// Calls by name.
    named: HashMap<&'p str, Rc<Named<'p>>>,
    /// Calls of a name that run one function, or make objects of one class; `None` while they are being found.
    known: HashMap<(&'p str, usize), Option<Rc<[Call<'p>]>>>,
    /// What each call runs or makes.
    targets: HashMap<(usize, usize), Rc<Vec<usize>>>,
    /// Classes by what they extend, for each name.
    heirs: HashMap<&'p str, Rc<HashMap<usize, Vec<usize>>>>,
    nested: u32,
}

impl<'p> Evaluator<'p> {
    /// Calls of a function: by its name, its class's name, other names of these, or as an argument.
    pub(super) fn candidates(&mut self, scope: usize) -> Vec<Call<'p>> {
        let program = self.program;
        let here = &program.scopes[scope];
        let mut names = vec![here.name];
        let mut by_class = Vec::new();
        if program.language(scope).constructors.contains(&here.name)
            && let Some(class) = program.class_of(scope)
        {
            names.push("super");
            names.extend(self.heirs(class).into_iter().map(|heir| program.scopes[heir].name));
            names.push(program.scopes[class].name);
            self.made_by_class_methods(class, &mut by_class);
        }
        names.extend(self.called_as(scope));
        let mut found = Vec::new();
        for name in self.with_aliases(names) {
            found.extend(self.calls_of(name, scope));
        }
        found.extend(by_class.into_iter().map(|site| (site, None)));
        // What tests call a program with says nothing of what it is called with otherwise.
        if !self.apart.contains(&scope) {
            found.retain(|(site, _)| !self.apart.contains(&site.scope));
        }
        if found.len() > CALLS {
            self.touched.cut = true;
            found.truncate(CALLS);
        }
        found
    }

    /// The parameter by whose name a function of the program calls a closure that it is given.
    fn called_as(&mut self, scope: usize) -> Option<&'p str> {
        let (call, at) = self.program.scopes[scope].passed?;
        let Form::Call(callee, _) = &call.form else { return None };
        let outer = self.open(self.program.scopes[scope].parent?);
        let before = self.touched;
        let values = match &callee.form {
            Form::Attribute(base, method) => {
                let bases = self.value(base, outer);
                self.member_of_all(&bases, method)
            }
            _ => self.value(callee, outer),
        };
        self.touched = before;
        let program = self.program;
        values.iter().find_map(|item| match item.value {
            Value::Function(function, ..) => {
                program.scopes[function].parameters().get(at).map(|parameter| parameter.name.as_str())
            }
            _ => None,
        })
    }

    /// Calls and struct literals that make an object of this very class.
    pub(super) fn makings(&mut self, class: usize) -> Vec<Site<'p>> {
        let mut found = Vec::new();
        for name in self.with_aliases(vec![self.program.scopes[class].name]) {
            let calls = self.calls_of(name, class);
            found.extend(calls.into_iter().filter(|(_, mentioned)| mentioned.is_none()).map(|(site, _)| site));
        }
        self.made_by_class_methods(class, &mut found);
        found
    }

    /// `cls(client)`: a class method, own or inherited, makes objects of the class that it is called on.
    fn made_by_class_methods(&mut self, class: usize, found: &mut Vec<Site<'p>>) {
        let program = self.program;
        let lineage = self.lineage(class);
        for binding in lineage.iter().flat_map(|class| program.scopes[*class].bindings.values()).flatten() {
            let Bound::Scope(scope) = binding.bound else { continue };
            let receiver = program.scopes[scope].function.and_then(|function| function.receiver.as_deref());
            let Some(receiver) = receiver.filter(|_| self.is_class_method(scope)) else { continue };
            let makes = |call: &&&Expression| {
                let Form::Call(callee, _) = &call.form else { return false };
                matches!(&callee.form, Form::Name(name) if name == receiver)
            };
            let calls = program.scopes[scope].calls.iter().filter(makes);
            found.extend(calls.map(|expression| Site { scope, expression }));
        }
    }

    fn with_aliases(&self, names: Vec<&'p str>) -> Vec<&'p str> {
        let mut all = names;
        let aliases: Vec<&str> =
            all.iter().flat_map(|name| self.program.aliases.get(name).into_iter().flatten().copied()).collect();
        all.extend(aliases);
        all.retain(|name| !name.is_empty());
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Calls by one name that run or make this.
    fn calls_of(&mut self, name: &'p str, target: usize) -> Vec<Call<'p>> {
        let key = (name, target);
        let known = self.calls.known.get(&key);
        if let Some(Some(known)) = known {
            return known.to_vec();
        }
        // Asked for from the inside: as far as it can be told now.
        let inside = known.is_some();
        let named = self.named(name);
        let wanted = self.flow.runs(target);
        let bits = (0..Mask::BITS).filter(|bit| wanted & (1 << bit) != 0).map(On::Bit);
        let lists = bits.chain([On::Any]).filter_map(|on| named.on.get(&on));
        let mut perhaps: Vec<usize> = lists.flatten().copied().collect();
        let mut found: Vec<usize> = named.on.get(&On::Scope(target)).cloned().unwrap_or_default();
        perhaps.sort_unstable();
        perhaps.dedup();
        if !inside {
            self.calls.known.insert(key, None);
        }
        let depth = self.depth;
        if !inside && self.calls.nested < NESTED {
            self.depth = 0;
        }
        self.calls.nested += 1;
        perhaps.retain(|at| self.targets(named.calls[*at]).contains(&target));
        self.calls.nested -= 1;
        self.depth = depth;
        found.extend(perhaps);
        found.sort_unstable();
        let found: Vec<Call<'p>> = found.into_iter().map(|at| named.calls[at]).collect();
        if !inside {
            self.calls.known.insert(key, Some(found.clone().into()));
        }
        found
    }

    /// All calls of a name, by what they may be on.
    fn named(&mut self, name: &'p str) -> Rc<Named<'p>> {
        if let Some(known) = self.calls.named.get(name) {
            return known.clone();
        }
        let mut named = Named { calls: self.calls_by_name(name), on: HashMap::default() };
        for at in 0..named.calls.len() {
            for on in self.on(named.calls[at]) {
                named.on.entry(on).or_default().push(at);
            }
        }
        let named = Rc::new(named);
        self.calls.named.insert(name, named.clone());
        named
    }

    /// What a call may be on.
    fn on(&mut self, (site, mentioned): Call<'p>) -> Vec<On> {
        let called = match (&site.expression.form, mentioned) {
            (Form::Call(_, arguments), Some(at)) => arguments.get(at).map(|argument| &argument.value),
            (Form::Call(callee, _), None) => Some(&**callee),
            _ => None,
        };
        let Some(called) = called else { return vec![On::Any] };
        if is_super(called) || matches!(&called.form, Form::Attribute(base, _) if is_super(base)) {
            return vec![On::Any];
        }
        if matches!(called.form, Form::Name(_)) {
            let Exports { mut scopes, other } = self.flow.scopes_of(site.scope, called);
            if other {
                return vec![On::Any];
            }
            let classes: Vec<usize> =
                scopes.iter().copied().filter(|scope| self.program.scopes[*scope].kind == Kind::Class).collect();
            scopes.extend(classes.into_iter().filter_map(|class| self.constructor(class)));
            return scopes.into_iter().map(On::Scope).collect();
        }
        let mask = self.flow.on(site.scope, called);
        if mask == Mask::MAX {
            return vec![On::Any];
        }
        (0..Mask::BITS).filter(|bit| mask & (1 << bit) != 0).map(On::Bit).collect()
    }

    fn calls_by_name(&self, name: &str) -> Vec<Call<'p>> {
        let program = self.program;
        let calls = program.calls.get(name).into_iter().flatten().map(|site| (*site, None));
        let mentions = program.mentions.get(name).into_iter().flatten().map(|(site, at)| (*site, Some(*at)));
        let constructs = program.constructs.get(name).into_iter().flatten().map(|site| (*site, None));
        calls.chain(mentions).chain(constructs).collect()
    }

    /// What a call runs or makes, as far as that can be told without its callers.
    fn targets(&mut self, call: Call<'p>) -> Rc<Vec<usize>> {
        let (site, mentioned) = call;
        let key = (std::ptr::from_ref(site.expression) as usize, mentioned.map_or(0, |at| at + 1));
        if let Some(known) = self.calls.targets.get(&key) {
            return known.clone();
        }
        // Being asked for itself, it is none.
        self.calls.targets.insert(key, Rc::default());
        // Each call is looked at once for all, so that the question around does not pay for it.
        let (before, steps) = (self.touched, (std::mem::take(&mut self.steps), self.all_steps));
        self.all_steps = ALL_STEPS - TARGET_STEPS;
        let outer = self.open(site.scope);
        let values = self.called(call, outer);
        let mut targets = Vec::new();
        for item in values.iter() {
            match &item.value {
                Value::Function(function, ..) => targets.push(*function),
                Value::Partial(function, _) => {
                    if let Value::Function(function, ..) = **function {
                        targets.push(function);
                    }
                }
                Value::Class(class) if mentioned.is_none() => {
                    targets.push(*class);
                    targets.extend(self.constructor(*class));
                }
                _ => {}
            }
        }
        targets.sort_unstable();
        targets.dedup();
        self.touched = before;
        (self.steps, self.all_steps) = steps;
        let targets = Rc::new(targets);
        self.calls.targets.insert(key, targets.clone());
        targets
    }

    /// What is called in a frame.
    pub(super) fn called(&mut self, (site, mentioned): Call<'p>, outer: usize) -> Values {
        let (callee, arguments) = match &site.expression.form {
            Form::Call(callee, arguments) => (callee, arguments),
            Form::Construct(name, _) => return self.value(name, outer),
            _ => return none(),
        };
        if let Some(at) = mentioned {
            return arguments.get(at).map_or_else(none, |argument| self.value(&argument.value, outer));
        }
        match &callee.form {
            Form::Attribute(base, method) if is_super(base) => self.of_super(method, outer),
            Form::Name(name) if name == "super" => self.of_super("constructor", outer),
            Form::Attribute(base, method) => {
                let bases = self.value(base, outer);
                let unknown = bases.iter().all(|item| item.value.is_hole() || item.value == Value::Null);
                let members = self.member_of_all(&bases, method);
                match self.only_method(method, outer) {
                    Some(function) if unknown => only(function),
                    _ => members,
                }
            }
            _ => self.value(callee, outer),
        }
    }

    /// A class and what it extends, nearest first.
    pub(super) fn lineage(&mut self, class: usize) -> Rc<Vec<usize>> {
        if let Some(known) = self.lineages.get(&class) {
            return known.clone();
        }
        let mut all = vec![class];
        let mut next = 0;
        let mut whole = true;
        while let Some(&class) = all.get(next)
            && all.len() < 16
        {
            next += 1;
            let scope = &self.program.scopes[class];
            let (Some(declared), Some(parent)) = (scope.class, scope.parent) else { continue };
            let frame = self.open(parent);
            for base in &declared.bases {
                let values = self.value(base, frame);
                // What is being asked for is none now, and something later.
                whole &= !values.is_empty();
                for item in values.iter() {
                    if let Value::Class(base) = item.value
                        && !all.contains(&base)
                    {
                        all.push(base);
                    }
                }
            }
        }
        let all = Rc::new(all);
        if whole {
            self.lineages.insert(class, all.clone());
        }
        all
    }

    /// Classes that extend a class, and those that extend them.
    pub(super) fn heirs(&mut self, class: usize) -> Vec<usize> {
        let mut all = vec![class];
        let mut next = 0;
        while let Some(&at) = all.get(next) {
            next += 1;
            for name in self.with_aliases(vec![self.program.scopes[at].name]) {
                for heir in self.extending(name).get(&at).into_iter().flatten() {
                    if !all.contains(heir) && all.len() < 256 {
                        all.push(*heir);
                    }
                }
            }
        }
        all.remove(0);
        all.sort_unstable();
        all
    }

    /// Classes that extend something of this name, by what that is.
    fn extending(&mut self, name: &'p str) -> Rc<HashMap<usize, Vec<usize>>> {
        if let Some(known) = self.calls.heirs.get(name) {
            return known.clone();
        }
        self.calls.heirs.insert(name, Rc::default());
        let mut known: HashMap<usize, Vec<usize>> = HashMap::default();
        for heir in self.program.heirs.get(name).into_iter().flatten() {
            for base in self.lineage(*heir).iter().skip(1) {
                known.entry(*base).or_default().push(*heir);
            }
        }
        let known = Rc::new(known);
        self.calls.heirs.insert(name, known.clone());
        known
    }
}
