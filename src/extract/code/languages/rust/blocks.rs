//! Statements of Rust: blocks, `let`, loops, ways that exclude each other.

use tree_sitter::Node;

use super::super::super::program::{Expression, Form, Statement};
use super::expressions::{Before, expression, part};
use super::select::{self, Arm};
use super::source::{Source, children, choice, field};
use super::{calls, items, macros, patterns, types};

/// The body of a function or closure: its value is returned.
pub(super) fn body(source: &Source<'_>, node: Node<'_>) -> Vec<Statement> {
    let mut out = Vec::new();
    let value =
        if node.kind() == "block" { inside(source, node, &mut out) } else { Some(expression(source, node, &mut out)) };
    if let Some(value) = value {
        out.push(Statement::Return(Some(value)));
    }
    out
}

/// A block that stands in an expression: its statements come before, its value is given.
pub(super) fn inline(source: &Source<'_>, node: Node<'_>, before: &mut Before) -> Expression {
    let block = if node.kind() == "block" {
        Some(node)
    } else {
        children(node).into_iter().find(|child| child.kind() == "block")
    };
    let value = block.and_then(|block| inside(source, block, before));
    value.unwrap_or_else(|| source.at(node, Form::Null))
}

/// The statements of a block into `out`, and its value if it has one.
fn inside(source: &Source<'_>, block: Node<'_>, out: &mut Before) -> Option<Expression> {
    if !source.enter(block) {
        return None;
    }
    let nodes = children(block);
    let value = statements(source, &nodes, out);
    source.leave();
    value
}

/// Statements in a row; the value of the last one, if that is an expression without `;`.
pub(super) fn statements(source: &Source<'_>, nodes: &[Node<'_>], out: &mut Before) -> Option<Expression> {
    let mut own = Vec::new();
    for (place, node) in nodes.iter().enumerate() {
        let last = place + 1 == nodes.len();
        if items::is_item(node.kind()) {
            own.push(*node);
        } else if last && is_value(source, *node) {
            out.extend(items::items(source, &own));
            let node = if node.kind() == "expression_statement" { children(*node).first().copied()? } else { *node };
            return match calls::effect(expression(source, node, out)) {
                Statement::Evaluate(value) => Some(value),
                grown => {
                    out.push(grown);
                    None
                }
            };
        } else {
            step(source, *node, out);
        }
    }
    // Items of a block are known in all of it.
    let position = 0;
    out.splice(position..position, items::items(source, &own));
    None
}

fn is_value(source: &Source<'_>, node: Node<'_>) -> bool {
    match node.kind() {
        "macro_invocation" => !macros::grows(source, node),
        "let_declaration" | "empty_statement" => false,
        "expression_statement" => {
            !source.of(node).ends_with(';') && children(node).first().is_some_and(|inner| is_value(source, *inner))
        }
        "for_expression"
        | "while_expression"
        | "assignment_expression"
        | "compound_assignment_expr"
        | "return_expression"
        | "break_expression"
        | "continue_expression" => false,
        _ => true,
    }
}

/// One statement.
pub(super) fn step(source: &Source<'_>, node: Node<'_>, out: &mut Before) {
    if !source.enter(node) {
        return;
    }
    match node.kind() {
        "expression_statement" => {
            if let Some(inner) = children(node).first() {
                step(source, *inner, out);
            }
        }
        "let_declaration" => binding(source, node, out),
        "assignment_expression" => {
            let value = part(source, node, "right", out);
            let target = part(source, node, "left", out);
            out.push(Statement::Assign { target, annotation: None, value: Some(value) });
        }
        "compound_assignment_expr" => {
            let value = part(source, node, "right", out);
            let target = part(source, node, "left", out);
            let operator =
                field(node, "operator").map_or("", |operator| source.of(operator)).trim_end_matches('=').to_owned();
            out.push(Statement::Augment { target, operator, value });
        }
        "return_expression" => {
            let value = children(node).first().map(|value| expression(source, *value, out));
            out.push(Statement::Return(value));
        }
        "break_expression" | "continue_expression" => {
            let value = children(node)
                .into_iter()
                .find(|child| child.kind() != "label")
                .map(|value| expression(source, value, out));
            out.extend(value.map(Statement::Evaluate));
        }
        "macro_invocation" if macros::grows(source, node) => out.extend(macros::growth(source, node)),
        "empty_statement" | "attribute_item" | "line_comment" | "block_comment" | "label" => {}
        _ => match written(source, node) {
            Some(inner) => out.extend(macros::growth(source, inner)),
            None => {
                let value = expression(source, node, out);
                if !matches!(value.form, Form::Null) {
                    out.push(calls::effect(value));
                }
            }
        },
    }
    source.leave();
}

/// The `write!` inside `write!(..)?` and `write!(..).unwrap()`.
fn written<'n>(source: &Source<'_>, node: Node<'n>) -> Option<Node<'n>> {
    let mut node = node;
    for _ in 0..4 {
        node = match node.kind() {
            "macro_invocation" => return macros::grows(source, node).then_some(node),
            "try_expression" | "await_expression" | "parenthesized_expression" => *children(node).first()?,
            "call_expression" => field(node, "function").and_then(|function| field(function, "value"))?,
            _ => return None,
        };
    }
    None
}

fn binding(source: &Source<'_>, node: Node<'_>, out: &mut Before) {
    let Some(pattern) = field(node, "pattern") else { return };
    let annotation = field(node, "type").map(|kind| types::annotation(source, kind));
    match field(node, "value") {
        Some(value) => {
            let value = expression(source, value, out);
            let value = if pattern.kind() == "struct_pattern" { kept(source, node, value, out) } else { value };
            if matches!(pattern.kind(), "_" | "wildcard_pattern") || source.of(pattern) == "_" {
                out.push(calls::effect(value));
            } else {
                patterns::bind(source, pattern, annotation, &value, out);
            }
        }
        None => out.push(Statement::Assign { target: patterns::target(source, pattern), annotation, value: None }),
    }
    if let Some(other) = field(node, "alternative") {
        let mut way = Vec::new();
        let _ = inside(source, other, &mut way);
        out.push(Statement::Branches(vec![way, Vec::new()]));
    }
}

/// A value that is looked at more than once gets a name of its own, so that what is called in it counts once.
fn kept(source: &Source<'_>, node: Node<'_>, value: Expression, out: &mut Before) -> Expression {
    let mut inner = &value;
    while let Form::Attribute(of, _) = &inner.form {
        inner = of;
    }
    if matches!(inner.form, Form::Name(_)) {
        return value;
    }
    let (target, name) = given_name(source, node, "value", value.span.end);
    out.push(Statement::Assign { target, annotation: None, value: Some(value) });
    name
}

/// A name that is not in the program, as what is set and as what is used. It stands where what sets it ends: what is asked for
/// at that place has been set.
fn given_name(source: &Source<'_>, node: Node<'_>, word: &str, end: u32) -> (Expression, Expression) {
    let place = source.at(node, Form::Null);
    let form = Form::Name(format!("{word} at {}", place.span.start));
    let set = Expression { span: end..end, form, ..place };
    let used = Expression { span: end..end + 1, ..set.clone() };
    (set, used)
}

/// A way among several: its statements, and its value.
type Way = (Before, Option<Expression>);

fn way(source: &Source<'_>, node: Node<'_>, mut first: Before) -> Way {
    let value = match node.kind() {
        "block" => inside(source, node, &mut first),
        _ if is_value(source, node) => Some(expression(source, node, &mut first)),
        _ => {
            step(source, node, &mut first);
            None
        }
    };
    match value.map(calls::effect) {
        Some(Statement::Evaluate(value)) => (first, Some(value)),
        grown => {
            first.extend(grown);
            (first, None)
        }
    }
}

/// What several ways give: a choice where they are values alone; else each way sets a name, for it may use names of its own.
fn join(source: &Source<'_>, node: Node<'_>, ways: Vec<Way>, before: &mut Before) -> Expression {
    if ways.iter().all(|(steps, _)| steps.is_empty()) {
        return source.at(node, choice(ways.into_iter().filter_map(|(_, value)| value).collect()));
    }
    let given = ways.iter().any(|(_, value)| value.is_some());
    let (target, name) = given_name(source, node, "result", source.at(node, Form::Null).span.end);
    let ways = ways.into_iter().map(|(mut steps, value)| {
        steps.extend(value.map(|value| Statement::Assign {
            target: target.clone(),
            annotation: None,
            value: Some(value),
        }));
        steps
    });
    before.push(Statement::Branches(ways.collect()));
    if given { name } else { source.at(node, Form::Null) }
}

/// `if`, `match` and loops: they go before the statement, and what they give is a choice.
pub(super) fn hoist(source: &Source<'_>, node: Node<'_>, before: &mut Before) -> Expression {
    match node.kind() {
        "if_expression" => {
            let mut ways = Vec::new();
            branches(source, node, before, &mut ways);
            return join(source, node, ways, before);
        }
        "match_expression" => {
            let (on, arms) = arms(source, node, before);
            if let Some((first, chosen)) = select::select(source, node, &on, &arms) {
                before.extend(first);
                return chosen;
            }
            let ways = arms.into_iter().map(|arm| (arm.steps, arm.value)).collect();
            return join(source, node, ways, before);
        }
        "for_expression" => {
            let over = part(source, node, "value", before);
            let target = field(node, "pattern")
                .map_or_else(|| source.at(node, Form::Null), |pattern| patterns::target(source, pattern));
            let body = looped(source, node);
            before.push(Statement::Each { target, over, body });
        }
        "while_expression" => repeated(source, node, before),
        _ => {
            let body = looped(source, node);
            before.push(Statement::Block(body));
        }
    }
    source.at(node, Form::Null)
}

fn looped(source: &Source<'_>, node: Node<'_>) -> Vec<Statement> {
    let Some(body) = field(node, "body") else { return Vec::new() };
    let (mut steps, value) = way(source, body, Vec::new());
    steps.extend(value.map(Statement::Evaluate));
    steps
}

fn branches(source: &Source<'_>, node: Node<'_>, before: &mut Before, ways: &mut Vec<Way>) {
    let mut first = Vec::new();
    if let Some(test) = field(node, "condition") {
        condition(source, test, before, &mut first);
    }
    if let Some(then) = field(node, "consequence") {
        ways.push(way(source, then, first));
    }
    match field(node, "alternative").and_then(|other| children(other).first().copied()) {
        Some(other) if other.kind() == "if_expression" && source.enter(other) => {
            branches(source, other, before, ways);
            source.leave();
        }
        Some(other) => ways.push(way(source, other, Vec::new())),
        None => ways.push((Vec::new(), None)),
    }
}

/// A condition: what is called in it comes before, what `let` binds holds in the way it opens.
fn condition(source: &Source<'_>, node: Node<'_>, before: &mut Before, bound: &mut Before) {
    match node.kind() {
        "let_condition" => {
            let value = part(source, node, "value", before);
            let value = kept(source, node, value, before);
            if let Some(pattern) = field(node, "pattern") {
                patterns::bind(source, pattern, None, &value, bound);
            }
        }
        "let_chain" => {
            for child in children(node) {
                condition(source, child, before, bound);
            }
        }
        _ => {
            let value = expression(source, node, before);
            before.push(Statement::Evaluate(value));
        }
    }
}

/// What is matched on, and the ways.
fn arms(source: &Source<'_>, node: Node<'_>, before: &mut Before) -> (Expression, Vec<Arm>) {
    let value = part(source, node, "value", before);
    let value = kept(source, node, value, before);
    let mut ways = Vec::new();
    for arm in field(node, "body").map(children).unwrap_or_default() {
        let mut first = Vec::new();
        let Some(pattern) = field(arm, "pattern") else { continue };
        patterns::bind(source, pattern, None, &value, &mut first);
        let bound = first.len();
        if let Some(guard) = field(pattern, "condition") {
            let mut bound = Vec::new();
            condition(source, guard, &mut first, &mut bound);
            first.extend(bound);
        }
        if let Some(result) = field(arm, "value") {
            let (steps, value) = way(source, result, first);
            ways.push(Arm { words: select::words(source, pattern), bound, steps, value });
        }
    }
    (value, ways)
}

/// `while let Some(x) = source.next()` is a loop over the source.
fn repeated(source: &Source<'_>, node: Node<'_>, before: &mut Before) {
    let Some(test) = field(node, "condition") else { return };
    if test.kind() == "let_condition" && source.of(test).contains("Some") {
        let mut over = part(source, test, "value", before);
        if let Form::Call(callee, arguments) = &over.form
            && let Form::Attribute(of, method) = &callee.form
            && arguments.is_empty()
            && matches!(method.as_str(), "next" | "next_item" | "try_next" | "pop" | "pop_front")
        {
            over = (**of).clone();
        }
        let target = field(test, "pattern")
            .map_or_else(|| source.at(test, Form::Null), |pattern| patterns::target(source, pattern));
        before.push(Statement::Each { target, over, body: looped(source, node) });
        return;
    }
    let mut body = Vec::new();
    let mut bound = Vec::new();
    condition(source, test, &mut body, &mut bound);
    body.extend(bound);
    body.extend(looped(source, node));
    before.push(Statement::Block(body));
}
