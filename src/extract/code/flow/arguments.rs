//! Arguments of calls, and the parameters that they are given to.

use super::graph::typed;
use super::leads::Exports;
use super::{Flow, Mask, Node, Way};
use crate::extract::code::evaluate::is_super;
use crate::extract::code::index::{Kind, last_name};
use crate::extract::code::maps::{HashMap, HashSet};
use crate::extract::code::program::{Argument, Expression, Form, Parameter};

/// Arguments by place that are told apart.
const PLACES: usize = 8;

/// What may be an object of more families than this is taken for one of any.
const FEW: u32 = 8;

/// Which argument of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Slot<'p> {
    At(usize),
    Named(&'p str),
    /// Any, or one too far behind.
    Any,
}

/// Whose argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Of<'p> {
    /// A function that the call names.
    Scope(usize),
    /// What makes objects of a family of classes.
    Family(usize),
    /// What makes objects of any family of a bit.
    Bit(Mask),
    /// Methods of a family, called on its own objects.
    Method(usize, &'p str),
    /// Whatever has this name.
    Name(&'p str),
}

/// What calls are given.
#[derive(Debug, Default)]
pub(super) struct Arguments<'p> {
    slots: HashMap<(Of<'p>, Slot<'p>), Node>,
    /// All slots of each.
    all: HashMap<Of<'p>, Vec<Node>>,
    /// Calls of what only its value tells: `cls(client)`, `self.kind(client)`, `classes[name](client)`.
    unsure: Vec<(usize, &'p Expression)>,
    /// Own names by other names.
    pub(super) own: HashMap<&'p str, Vec<&'p str>>,
    /// Functions and classes by name.
    pub(super) scopes: HashMap<&'p str, Vec<usize>>,
    /// Modules of which any function may be called.
    loose_modules: HashSet<usize>,
}

impl<'p> Arguments<'p> {
    /// The parameters that a closure, an argument of a call, may be given to: it is called by their names.
    pub(super) fn called_as(&self, flow: &Flow<'p>, passed: Option<(&'p Expression, usize)>) -> Vec<&'p str> {
        let Some((Expression { form: Form::Call(callee, _), .. }, at)) = passed else { return Vec::new() };
        let Some(name) = last_name(callee) else { return Vec::new() };
        let mut names: Vec<&str> = Vec::new();
        let others = self.own.get(name).into_iter().flatten();
        for id in others.chain([&name]).flat_map(|name| self.scopes.get(name).into_iter().flatten()) {
            if let Some(parameter) = flow.program.scopes[*id].parameters().get(at)
                && !names.contains(&parameter.name.as_str())
            {
                names.push(&parameter.name);
            }
        }
        names
    }

    fn slot(&mut self, flow: &mut Flow<'p>, of: Of<'p>, slot: Slot<'p>) -> Node {
        let slot = if matches!(slot, Slot::At(at) if at >= PLACES) { Slot::Any } else { slot };
        *self.slots.entry((of, slot)).or_insert_with(|| {
            let node = flow.node();
            self.all.entry(of).or_default().push(node);
            node
        })
    }

    /// The arguments of a call go to what it runs, and those behind a function that is given to it to that one.
    pub(super) fn call(&mut self, flow: &mut Flow<'p>, scope: usize, call: &'p Expression) {
        let Form::Call(callee, arguments) = &call.form else { return };
        if arguments.is_empty() {
            return;
        }
        let program = flow.program;
        let constructors = program.language(scope).constructors;
        let is_super_call = match &callee.form {
            Form::Attribute(base, method) => is_super(base) && constructors.contains(&method.as_str()),
            Form::Name(name) => name == "super",
            _ => false,
        };
        if is_super_call {
            // All classes of a family are made alike.
            let of: Vec<Of<'p>> = program.class_of(scope).map(|class| of_scope(flow, class)).into_iter().collect();
            self.arguments(flow, scope, &of, arguments);
        } else {
            if let Form::Attribute(base, method) = &callee.form
                && constructors.contains(&method.as_str())
            {
                let of = whose(flow, scope, base);
                self.arguments(flow, scope, &of, arguments.get(1..).unwrap_or_default());
            }
            let of = whose(flow, scope, callee);
            self.arguments(flow, scope, &of, arguments);
        }
        if flow.is_kept(scope, callee) {
            self.unsure.push((scope, call));
        }
        for (at, argument) in arguments.iter().enumerate() {
            let of = whose(flow, scope, &argument.value);
            if of.is_empty() {
                continue;
            }
            let rest = arguments.get(at + 1..).unwrap_or_default();
            self.arguments(flow, scope, &of, rest);
            // It may be put on each element of what follows, or be given what the call is on.
            for of in of {
                let slot = self.slot(flow, of, Slot::At(0));
                if let Some(over) = rest.first() {
                    let over = flow.node_of(scope, &over.value);
                    flow.take(over, slot.to());
                }
                if let Form::Attribute(base, _) = &callee.form {
                    let base = flow.node_of(scope, base);
                    flow.pour(base, slot.to());
                    flow.edge(base.content(), slot.value(), Way::Same);
                }
            }
        }
    }

    fn arguments(&mut self, flow: &mut Flow<'p>, scope: usize, of: &[Of<'p>], arguments: &'p [Argument]) {
        for of in of.iter().copied() {
            for (at, argument) in arguments.iter().enumerate() {
                let spread = is_spread(argument);
                let slot = match &argument.name {
                    _ if spread => Slot::Any,
                    Some(name) => Slot::Named(name),
                    None => Slot::At(at),
                };
                let slot = self.slot(flow, of, slot);
                flow.send(scope, &argument.value, slot.to());
                if spread {
                    flow.edge(slot.content(), slot.value(), Way::Same);
                }
            }
        }
    }

    /// Slots of arguments lead to parameters and fields.
    pub(super) fn parameters(&mut self, flow: &mut Flow<'p>) {
        let program = flow.program;
        // Any function of a module that is given away may be called on it.
        self.loose_modules = std::mem::take(&mut flow.loose_modules);
        for module in &self.loose_modules {
            for name in program.scopes[*module].bindings.keys() {
                let (Some(node), Some(any)) = (flow.local(*module, name), flow.name(name)) else { continue };
                flow.pour(node, any.to());
            }
        }
        let known: Vec<((Of<'p>, Slot<'p>), Node)> = self.slots.iter().map(|(key, node)| (*key, *node)).collect();
        for ((of, slot), node) in known {
            let Of::Name(name) = of else { continue };
            for id in self.scopes.get(name).cloned().unwrap_or_default() {
                if let of @ Of::Family(_) = of_scope(flow, id) {
                    let made = self.slot(flow, of, slot);
                    flow.pour(node, made.to());
                }
            }
        }
        for (id, scope) in program.scopes.iter().enumerate() {
            if let (Some(class), of @ Of::Family(_)) = (scope.class, of_scope(flow, id)) {
                for (at, field) in class.fields.iter().enumerate() {
                    let Some(node) = flow.member(id, &field.name) else { continue };
                    self.parameter(flow, (of, at), field, node);
                    default(flow, id, id, field, node);
                }
            }
            let Some(function) = scope.function else { continue };
            let all = self.functions_slots(flow, id);
            for (at, parameter) in function.parameters.iter().enumerate() {
                let Some(node) = flow.local(id, &parameter.name) else { continue };
                for of in &all {
                    self.parameter(flow, (*of, at), parameter, node);
                }
                default(flow, id, scope.parent.unwrap_or(id), parameter, node);
                self.fixture(flow, id, parameter, node);
            }
            if let Some((call, at)) = scope.passed {
                passed(flow, id, call, at);
            }
        }
    }

    /// By what a function is called.
    fn functions_slots(&self, flow: &Flow<'p>, id: usize) -> Vec<Of<'p>> {
        let program = flow.program;
        let scope = &program.scopes[id];
        let mut all: Vec<Of<'p>> = vec![Of::Scope(id)];
        let parent = scope.parent.unwrap_or(id);
        let is_free = program.scopes[parent].kind != Kind::Module || self.loose_modules.contains(&parent);
        if !scope.name.is_empty() && (is_free || flow.kept.contains(scope.name)) {
            all.push(Of::Name(scope.name));
        }
        if program.scopes[parent].kind == Kind::Class
            && let Some((family, _)) = flow.families.get(&parent)
        {
            all.push(Of::Method(*family, scope.name));
            if program.language(id).constructors.contains(&scope.name) {
                all.push(Of::Family(*family));
            }
        }
        all.extend(self.called_as(flow, scope.passed).into_iter().map(Of::Name));
        all
    }

    fn parameter(&mut self, flow: &mut Flow<'p>, (of, at): (Of<'p>, usize), parameter: &'p Parameter, node: Node) {
        if matches!(of, Of::Family(_)) {
            // It may be made where only a value tells what is made; then no call that is known has left a slot.
            self.made(flow, (of, at), parameter);
        }
        if parameter.rest {
            for slot in self.all.get(&of).into_iter().flatten() {
                flow.edge(slot.value(), node.content(), Way::Same);
                flow.edge(slot.content(), node.content(), Way::Same);
            }
            return;
        }
        let at = if at < PLACES { Slot::At(at) } else { Slot::Any };
        for slot in [at, Slot::Named(&parameter.name), Slot::Any] {
            if let Some(slot) = self.slots.get(&(of, slot)).copied() {
                flow.pour(slot, node.to());
            }
        }
        if parameter.by_name {
            // A field of an object that is taken apart, whichever argument that is.
            for slot in self.all.get(&of).into_iter().flatten() {
                flow.take(*slot, node.to());
            }
            flow.pour_name(&parameter.name, node.to());
        }
    }

    /// The slots that a parameter of what makes objects may be given by.
    fn made(&mut self, flow: &mut Flow<'p>, (of, at): (Of<'p>, usize), parameter: &'p Parameter) {
        if parameter.rest {
            (at..PLACES).for_each(|at| _ = self.slot(flow, of, Slot::At(at)));
            self.slot(flow, of, Slot::Any);
        } else {
            self.slot(flow, of, Slot::At(at));
            self.slot(flow, of, Slot::Named(&parameter.name));
        }
    }

    /// Tests are given what functions of the name of a parameter give.
    fn fixture(&self, flow: &mut Flow<'p>, scope: usize, parameter: &'p Parameter, node: Node) {
        if flow.program.language(scope).fixtures.is_none() {
            return;
        }
        for id in self.scopes.get(parameter.name.as_str()).into_iter().flatten() {
            let function = flow.program.scopes[*id].function;
            if function.is_some_and(|function| !function.decorators.is_empty())
                && let Some(gives) = flow.local(*id, "")
            {
                flow.edge(gives.value(), node.value(), Way::Called);
                flow.edge(gives.content(), node.content(), Way::Same);
            }
        }
    }

    /// Arguments of calls of which only now it is known that they make objects of the program.
    pub(super) fn indirect(&mut self, flow: &mut Flow<'p>) -> bool {
        let bits: HashMap<usize, Mask> = flow.families.values().copied().collect();
        let known: Vec<((Of<'p>, Slot<'p>), Node)> = self.slots.iter().map(|(key, node)| (*key, *node)).collect();
        let mut used: Mask = 0;
        for ((of, slot), node) in known {
            let Of::Family(family) = of else { continue };
            let bit = bits.get(&family).copied().unwrap_or(0);
            used |= bit;
            for of in [Of::Bit(bit), Of::Bit(Mask::MAX)] {
                let any = self.slot(flow, of, slot);
                flow.pour(any, node.to());
            }
        }
        let mut found = false;
        for (scope, call) in std::mem::take(&mut self.unsure) {
            let Form::Call(callee, arguments) = &call.form else { continue };
            let mut mask = flow.mask_now(scope, callee) & used;
            if mask.count_ones() > FEW {
                mask = Mask::MAX;
            }
            while mask != 0 {
                let bit = if mask == Mask::MAX { mask } else { mask & mask.wrapping_neg() };
                let of = Of::Bit(bit);
                mask &= !bit;
                for (at, argument) in arguments.iter().enumerate() {
                    let slot = argument.name.as_deref().map_or(Slot::At(at), Slot::Named);
                    let spread = is_spread(argument);
                    let nodes: Vec<Node> = if spread {
                        self.all.get(&of).cloned().unwrap_or_default()
                    } else {
                        [slot, Slot::Any].iter().filter_map(|slot| self.slots.get(&(of, *slot)).copied()).collect()
                    };
                    for node in nodes {
                        found = true;
                        flow.send(scope, &argument.value, node.to());
                        if spread {
                            flow.edge(node.content(), node.value(), Way::Same);
                        }
                    }
                }
            }
        }
        found
    }
}

/// Are its elements or fields the arguments?
fn is_spread(argument: &Argument) -> bool {
    argument.spread || argument.name.as_deref() == Some("**")
}

/// What arguments are given to if this is called.
fn whose<'p>(flow: &Flow<'p>, scope: usize, callee: &'p Expression) -> Vec<Of<'p>> {
    let Some(name) = last_name(callee) else { return Vec::new() };
    if !flow.called.contains(name) || flow.is_outside(scope, callee) {
        return Vec::new();
    }
    if let Form::Attribute(base, _) = &callee.form
        && (is_super(base) || flow.is_receiver(scope, base))
        && let Some((family, _)) = flow.program.class_of(scope).and_then(|class| flow.families.get(&class))
    {
        let kept = flow.kept.contains(name).then_some(Of::Name(name));
        return [Of::Method(*family, name)].into_iter().chain(kept).collect();
    }
    let Exports { scopes, other } = flow.scopes_of(scope, callee);
    let mut of: Vec<Of<'p>> = scopes.into_iter().map(|id| of_scope(flow, id)).collect();
    if other {
        of.push(Of::Name(name));
    }
    of
}

fn of_scope<'p>(flow: &Flow<'p>, id: usize) -> Of<'p> {
    flow.families.get(&id).map_or(Of::Scope(id), |(family, _)| Of::Family(*family))
}

fn default<'p>(flow: &mut Flow<'p>, inner: usize, outer: usize, parameter: &'p Parameter, node: Node) {
    if let Some(default) = &parameter.default {
        flow.send(outer, default, node.to());
    }
    typed(flow, inner, parameter.annotation.as_deref(), node);
}

/// A closure that is an argument is given elements of what the call is on, or of the other arguments, or these themselves.
fn passed<'p>(flow: &mut Flow<'p>, id: usize, call: &'p Expression, at: usize) {
    let program = flow.program;
    let scope = &program.scopes[id];
    let (Form::Call(callee, arguments), Some(outer)) = (&call.form, scope.parent) else { return };
    let mut given: Vec<Node> = Vec::new();
    if let Form::Attribute(base, _) = &callee.form {
        given.push(flow.node_of(outer, base));
    }
    let others = arguments.iter().enumerate().filter(|(other, _)| *other != at);
    given.extend(others.map(|(_, argument)| flow.node_of(outer, &argument.value)));
    for parameter in scope.parameters() {
        let Some(node) = flow.local(id, &parameter.name) else { continue };
        for given in &given {
            flow.pour(*given, node.to());
            flow.edge(given.content(), node.value(), Way::Same);
        }
    }
}
