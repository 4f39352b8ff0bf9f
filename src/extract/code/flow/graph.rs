//! The graph of a program: all its bindings, attributes, arguments and results as edges.

use super::arguments::Arguments;
use super::{FUNCTION, Flow, Node, Way};
use crate::extract::code::index::{Attribute, Binding, Bound, Kind, last_name};
use crate::extract::code::program::Form;

pub(super) fn build(flow: &mut Flow<'_>) {
    let mut arguments = Arguments::default();
    arguments.names(flow);
    arguments.families(flow);
    loose(flow);
    for id in 0..flow.program.scopes.len() {
        scope(flow, id);
        let program = flow.program;
        for call in &program.scopes[id].calls {
            arguments.call(flow, id, call);
        }
    }
    arguments.parameters(flow);
    flow.solve();
    if arguments.indirect(flow) {
        flow.solve();
    }
}

fn scope<'p>(flow: &mut Flow<'p>, id: usize) {
    let program = flow.program;
    let scope = &program.scopes[id];
    for (name, bindings) in &scope.bindings {
        let Some(node) = bound_node(flow, id, name) else { continue };
        for binding in bindings {
            bind(flow, id, binding, node);
        }
        if scope.kind == Kind::Function {
            outer(flow, id, name, node);
        }
    }
    for (alias, imports) in scope.imports.iter().filter(|(alias, _)| **alias != "*") {
        let Some(node) = flow.local(id, alias) else { continue };
        for (_, import) in imports {
            flow.import(id, import, node.to());
        }
    }
    for (name, attributes) in &scope.attributes {
        let Some(node) = flow.member(id, name) else { continue };
        attributes.iter().for_each(|attribute| keep(flow, attribute, node));
    }
    let Some(node) = (if scope.kind == Kind::Module { None } else { flow.local(id, "") }) else { return };
    if let Some(function) = scope.function {
        scope.returns.iter().for_each(|value| flow.send(id, value, node.to()));
        typed(flow, id, function.returns.as_deref(), node);
    }
    if let Some(class) = scope.class {
        let around = scope.parent.unwrap_or(id);
        class.bases.iter().for_each(|base| flow.send(around, base, node.to()));
    }
}

/// Where a name of a scope is kept.
fn bound_node<'p>(flow: &mut Flow<'p>, scope: usize, name: &'p str) -> Option<Node> {
    match flow.program.scopes[scope].kind {
        Kind::Function | Kind::Module => flow.local(scope, name),
        Kind::Class => flow.member(scope, name),
    }
}

/// A function may set a name of what is around it.
fn outer<'p>(flow: &mut Flow<'p>, scope: usize, name: &'p str, node: Node) {
    let program = flow.program;
    let mut at = program.scopes[scope].parent;
    while let Some(outer) = at {
        let here = &program.scopes[outer];
        if here.kind != Kind::Class
            && here.bindings.contains_key(name)
            && let Some(outer) = bound_node(flow, outer, name)
        {
            flow.pour(node, outer.to());
        }
        at = here.parent;
    }
}

fn bind<'p>(flow: &mut Flow<'p>, scope: usize, binding: &Binding<'p>, node: Node) {
    let program = flow.program;
    match binding.bound {
        Bound::Value(value) if binding.path.is_empty() => flow.send(scope, value, node.to()),
        Bound::Value(value) => {
            let whole = flow.node_of(scope, value);
            flow.pour(whole, node.to());
            flow.edge(whole.content(), node.value(), Way::Same);
        }
        Bound::Element(over) => {
            let whole = flow.node_of(scope, over);
            flow.take(whole, node.to());
        }
        Bound::Augmented(_, value) => flow.send(scope, value, node.to()),
        Bound::Declared => {}
        Bound::Scope(inner) => {
            if let Some(gives) = flow.local(inner, "") {
                flow.pour(gives, node.to());
            }
            if program.scopes[inner].kind == Kind::Function {
                flow.is(node.value(), FUNCTION);
            }
            if program.scopes[scope].kind == Kind::Function {
                // As with closures: it may be given back.
                flow.is(node.content(), FUNCTION);
            }
        }
        Bound::Stored(key, value) => {
            flow.send(scope, value, node.inside());
            flow.send(scope, key, node.inside());
        }
        Bound::Appended(value, _) => flow.send(scope, value, node.inside()),
    }
    typed(flow, scope, binding.annotation, node);
}

/// What a method sets on its object.
fn keep<'p>(flow: &mut Flow<'p>, attribute: &Attribute<'p>, node: Node) {
    let scope = attribute.scope;
    if let Some(value) = attribute.value {
        match attribute.appended {
            Some(_) => flow.send(scope, value, node.inside()),
            None if attribute.path.is_empty() => flow.send(scope, value, node.to()),
            None => {
                let whole = flow.node_of(scope, value);
                flow.pour(whole, node.to());
                flow.edge(whole.content(), node.value(), Way::Same);
            }
        }
    }
    typed(flow, scope, attribute.annotation, node);
}

/// What is set from outside: of an object by its last name, or of a struct that is written with its fields.
fn loose(flow: &mut Flow<'_>) {
    let program = flow.program;
    for (name, all) in &program.loose {
        for one in all {
            let Some(of) = last_name(one.base) else { continue };
            let Some(node) = flow.set_outside(of, name) else { continue };
            flow.send(one.scope, one.value, node.to());
        }
    }
    for site in program.constructs.values().flatten() {
        let Form::Construct(kind, fields) = &site.expression.form else { continue };
        let classes = flow.scopes_of(site.scope, kind).scopes;
        for (name, value) in fields {
            let mut nodes: Vec<Node> = classes.iter().filter_map(|class| flow.member(*class, name)).collect();
            if nodes.is_empty() {
                nodes.extend(flow.name(name));
            }
            for node in nodes {
                flow.send(site.scope, value, node.to());
            }
        }
    }
}

/// What a type that is written tells: each name in it.
pub(super) fn typed<'p>(flow: &mut Flow<'p>, scope: usize, annotation: Option<&'p str>, node: Node) {
    let Some(annotation) = annotation else { return };
    let words = annotation.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
    let module = &flow.program.scopes[flow.program.module(scope)];
    for word in words {
        let known = flow.called.contains(word)
            || module.imports.contains_key(word)
            || module.bindings.contains_key(word)
            || flow.tables(scope).modules.contains(&word);
        if !known {
            continue;
        }
        let mut kind = flow.node();
        flow.send_name(scope, word, kind.to());
        // `models.Order`, where the module is known by the first word alone.
        flow.pour_name(word, kind.to());
        if flow.tables(scope).pools.contains(word) {
            let pools = flow.node();
            flow.edge(kind.value(), pools.value(), Way::Pools);
            kind = pools;
        }
        flow.edge(kind.value(), node.value(), Way::Called);
    }
}
