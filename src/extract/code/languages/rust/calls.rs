//! Calls of Rust: constructors that change nothing, values to fall back on, maps, texts that grow.

use tree_sitter::Node;

use super::super::super::program::{Argument, Expression, Form, Statement, VARIANT};
use super::expressions::{self, Before, either, expression, run};
use super::source::{Source, children, field, plain};

/// A call.
pub(super) fn call(source: &Source<'_>, node: Node<'_>, before: &mut Before) -> Expression {
    let function = expressions::part(source, node, "function", before);
    let arguments: Vec<Expression> = field(node, "arguments")
        .map(children)
        .unwrap_or_default()
        .into_iter()
        .filter(|child| child.kind() != "attribute_item")
        .map(|child| expression(source, child, before))
        .collect();
    let function = one_command(function, before);
    let made = simplify(source, node, function, arguments, before);
    match made {
        Ok(value) => value,
        Err((function, arguments)) => {
            let arguments: Vec<Argument> = arguments.into_iter().map(plain).collect();
            source.at(node, Form::Call(Box::new(function), arguments))
        }
    }
}

/// The call in simpler words, or its parts as they were.
fn simplify(
    source: &Source<'_>,
    node: Node<'_>,
    function: Expression,
    mut arguments: Vec<Expression>,
    before: &mut Before,
) -> Result<Expression, (Expression, Vec<Expression>)> {
    match (&function.form, arguments.len()) {
        (Form::Name(name), 1) if matches!(name.as_str(), "Some" | "Ok") => Ok(arguments.remove(0)),
        (Form::Name(name), 1) if name == "Err" => Ok(source.at(node, Form::Opaque(arguments))),
        (Form::Attribute(map, method), 1) if matches!(method.as_str(), "from" | "from_iter") && is_map(map) => {
            pairs(source, node, &arguments[0]).ok_or((function, arguments))
        }
        // `Self::Bus(bus)` is its enum, which holds the bus.
        (Form::Attribute(owner, variant), 1..)
            if variant.starts_with(|c: char| c.is_ascii_uppercase())
                && matches!(&owner.form, Form::Name(name) if Some(name) == source.owner.as_ref()) =>
        {
            let word = source.at(node, Form::Text(variant.clone()));
            let fields = arguments.into_iter().enumerate().map(|(at, value)| (format!("{variant}.{at}"), value));
            let fields = fields.chain([(VARIANT.to_owned(), word)]);
            Ok(source.at(node, Form::Construct(owner.clone(), fields.collect())))
        }
        (Form::Attribute(..), _) => fallback(source, node, function, arguments, before),
        _ => Err((function, arguments)),
    }
}

/// `x.unwrap_or(y)` and its like: one of both; of an environment variable, its default.
fn fallback(
    source: &Source<'_>,
    node: Node<'_>,
    function: Expression,
    mut arguments: Vec<Expression>,
    before: &mut Before,
) -> Result<Expression, (Expression, Vec<Expression>)> {
    let Form::Attribute(receiver, method) = function.form else { return Err((function, arguments)) };
    let place = source.at(node, Form::Null);
    let other = match (method.as_str(), arguments.len()) {
        ("unwrap_or" | "or" | "map_or", 1 | 2) => arguments.remove(0),
        ("unwrap_or_else" | "or_else", 1) => {
            let mut other = arguments.remove(0);
            if let Form::Closure(closure) = &mut other.form {
                // What the closure is given is the error, which makes no key.
                std::sync::Arc::make_mut(closure).parameters.clear();
            }
            run(&other, Vec::new(), before)
        }
        ("map_or_else", 2) => run(&arguments.remove(0), Vec::new(), before),
        (
            "unwrap" | "expect" | "unwrap_or_default" | "ok" | "as_deref" | "as_ref" | "as_mut" | "as_deref_mut",
            0 | 1,
        ) => {
            return Ok(*receiver);
        }
        _ => {
            let function = Expression { form: Form::Attribute(receiver, method), ..function };
            return Err((function, arguments));
        }
    };
    if let Some(mapped) = arguments.pop() {
        let mapped = run(&mapped, vec![*receiver], before);
        return Ok(either(&place, mapped, other));
    }
    let mut receiver = *receiver;
    if let Form::Call(callee, given) = &mut receiver.form
        && given.len() == 1
        && is_environment(callee)
    {
        given.push(plain(other));
        return Ok(receiver);
    }
    Ok(either(&place, receiver, other))
}

/// `pipe.cmd("SET").arg(a).cmd("GET")` is two commands: the first one stands before, and the chain goes on from the pipeline.
fn one_command(function: Expression, before: &mut Before) -> Expression {
    let Form::Attribute(of, method) = &function.form else { return function };
    if method != "cmd" {
        return function;
    }
    let mut value = &**of;
    while let Form::Call(callee, _) = &value.form {
        let Form::Attribute(inner, step) = &callee.form else { break };
        if step == "cmd" && !matches!(inner.form, Form::Name(ref name) if name.ends_with("::")) {
            let pipe = inner.clone();
            before.push(Statement::Evaluate((**of).clone()));
            return Expression { form: Form::Attribute(pipe, method.clone()), ..function };
        }
        value = inner;
    }
    function
}

/// Steps of a chain that belong to what stands before them.
const STEPS: &[&str] = &[
    "arg",
    "cmd",
    "key",
    "query",
    "query_async",
    "exec",
    "exec_async",
    "execute",
    "execute_async",
    "ignore",
    "iter",
    "iter_async",
    "unwrap",
    "expect",
    "invoke",
    "invoke_async",
];

/// The line of a call: that of the method, where a chain goes over several lines.
pub(super) fn line(source: &Source<'_>, node: Node<'_>) -> u32 {
    let method = field(node, "function").map(|function| match function.kind() {
        "generic_function" => field(function, "function").unwrap_or(function),
        _ => function,
    });
    let method = method.filter(|method| method.kind() == "field_expression").and_then(|method| field(method, "field"));
    match method {
        Some(method) if !STEPS.contains(&source.of(method)) => source.line(method),
        _ => source.line(node),
    }
}

fn is_environment(callee: &Expression) -> bool {
    match &callee.form {
        Form::Attribute(of, name) => {
            matches!(name.as_str(), "var" | "var_os")
                && matches!(&of.form, Form::Name(name) | Form::Attribute(_, name) if matches!(name.as_str(), "env" | "env::" | "dotenvy" | "dotenvy::"))
        }
        _ => false,
    }
}

fn is_map(of: &Expression) -> bool {
    matches!(&of.form, Form::Name(name) | Form::Attribute(_, name)
        if matches!(name.as_str(), "HashMap" | "BTreeMap" | "IndexMap" | "FxHashMap" | "AHashMap"))
}

/// A map from a list of pairs that is written out.
fn pairs(source: &Source<'_>, node: Node<'_>, list: &Expression) -> Option<Expression> {
    let Form::List(elements) = &list.form else { return None };
    let pairs = elements.iter().map(|element| match &element.form {
        Form::List(pair) => match pair.as_slice() {
            [name, value] => Some((Some(name.clone()), value.clone())),
            _ => None,
        },
        _ => None,
    });
    let pairs: Option<Vec<_>> = pairs.collect();
    Some(source.at(node, Form::Map(pairs?)))
}

/// A call for its effect: a text that grows is an `Augment`.
pub(super) fn effect(value: Expression) -> Statement {
    match value.form {
        Form::Call(callee, mut arguments) if arguments.len() == 1 => match callee.form {
            Form::Attribute(target, method) if matches!(method.as_str(), "push_str" | "write_str") => {
                let added = arguments.remove(0).value;
                Statement::Augment { target: *target, operator: "+".to_owned(), value: added }
            }
            // One character of a text; of a list, one element.
            Form::Attribute(target, method)
                if matches!(method.as_str(), "push" | "write_char") && is_character(&arguments[0].value) =>
            {
                let added = arguments.remove(0).value;
                Statement::Augment { target: *target, operator: "+".to_owned(), value: added }
            }
            form => {
                let callee = Expression { form, ..*callee };
                Statement::Evaluate(Expression { form: Form::Call(Box::new(callee), arguments), ..value })
            }
        },
        form => Statement::Evaluate(Expression { form, ..value }),
    }
}

fn is_character(value: &Expression) -> bool {
    matches!(&value.form, Form::Text(text) if text.chars().count() == 1)
        && value.span.end.saturating_sub(value.span.start) > 2
}
