//! Statements of Go.

use tree_sitter::Node;

use super::super::super::program::{Expression, Form, Statement};
use super::expressions::{expression, is_scan, part};
use super::items;
use super::select;
use super::source::{Source, children, field};

/// The statements of a block.
pub(super) fn block(source: &Source<'_>, node: Node<'_>) -> Vec<Statement> {
    let mut out = Vec::new();
    step(source, node, &mut out);
    out
}

/// One statement, or all of a list.
pub(super) fn step(source: &Source<'_>, node: Node<'_>, out: &mut Vec<Statement>) {
    if !source.enter(node) {
        return;
    }
    match node.kind() {
        "block" | "statement_list" | "var_spec_list" | "ERROR" => steps(source, node, out),
        "expression_statement" | "go_statement" | "defer_statement" => {
            if let Some(value) = children(node).first() {
                out.push(Statement::Evaluate(expression(source, *value)));
            }
        }
        "short_var_declaration" => assign(source, node, "left", "right", out),
        "assignment_statement" => {
            let operator = field(node, "operator").map_or("=", |operator| source.of(operator));
            match operator.strip_suffix('=') {
                Some("") | None => assign(source, node, "left", "right", out),
                Some(operator) => {
                    let (left, right) = (list(source, node, "left"), list(source, node, "right"));
                    if let (Some(target), Some(value)) = (left.into_iter().next(), right.into_iter().next()) {
                        out.push(Statement::Augment { target, operator: operator.to_owned(), value });
                    }
                }
            }
        }
        "receive_statement" => assign(source, node, "left", "right", out),
        "send_statement" => {
            out.push(Statement::Evaluate(part(source, node, "channel")));
            out.push(Statement::Evaluate(part(source, node, "value")));
        }
        "return_statement" => returned(source, node, out),
        "if_statement" => conditional(source, node, out),
        "for_statement" => repeated(source, node, out),
        "expression_switch_statement" | "type_switch_statement" | "select_statement" => switch(source, node, out),
        "labeled_statement" => {
            if let Some(inner) = children(node).into_iter().find(|child| child.kind() != "label_name") {
                step(source, inner, out);
            }
        }
        "const_declaration"
        | "var_declaration"
        | "type_declaration"
        | "function_declaration"
        | "method_declaration" => {
            items::item(source, node, out);
        }
        "comment"
        | "empty_statement"
        | "break_statement"
        | "continue_statement"
        | "goto_statement"
        | "fallthrough_statement"
        | "inc_statement"
        | "dec_statement"
        | "label_name" => {}
        _ => out.push(Statement::Evaluate(expression(source, node))),
    }
    source.leave();
}

fn steps(source: &Source<'_>, node: Node<'_>, out: &mut Vec<Statement>) {
    for child in children(node) {
        step(source, child, out);
        select::with_rest(out);
    }
}

/// A list of expressions under a field.
pub(super) fn list(source: &Source<'_>, node: Node<'_>, name: &str) -> Vec<Expression> {
    match field(node, name) {
        Some(list) if list.kind() == "expression_list" => {
            children(list).into_iter().map(|child| expression(source, child)).collect()
        }
        Some(only) => vec![expression(source, only)],
        None => Vec::new(),
    }
}

fn assign(source: &Source<'_>, node: Node<'_>, left: &str, right: &str, out: &mut Vec<Statement>) {
    bind(source, node, (list(source, node, left), list(source, node, right)), None, out);
}

/// Names become values, one by one; of a call that gives several, an error or flag at the end is left out.
pub(super) fn bind(
    source: &Source<'_>,
    node: Node<'_>,
    (mut targets, mut values): (Vec<Expression>, Vec<Expression>),
    annotation: Option<&str>,
    out: &mut Vec<Statement>,
) {
    let annotation = annotation.map(str::to_owned);
    if values.len() == 1 && targets.len() > 1 && targets.last().is_some_and(is_extra) {
        targets.pop();
    }
    if values.is_empty() {
        out.extend(targets.into_iter().map(|target| Statement::Assign {
            target,
            annotation: annotation.clone(),
            value: None,
        }));
    } else if targets.len() == values.len() {
        for (target, value) in targets.into_iter().zip(values) {
            out.push(set(target, annotation.clone(), value));
        }
    } else if let Some(value) = values.pop() {
        // go-redis gives names, then the cursor; the wire has them the other way.
        if targets.len() == 2 && is_scan(&value) {
            targets.reverse();
        }
        out.push(match targets.len() {
            0 => Statement::Evaluate(value),
            _ => Statement::Assign { target: source.at(node, Form::List(targets)), annotation, value: Some(value) },
        });
    }
}

fn set(target: Expression, annotation: Option<String>, value: Expression) -> Statement {
    if matches!(&target.form, Form::Name(name) if name == "_" || name == "err") {
        return Statement::Evaluate(value);
    }
    // `xs = append(xs, a, b)`: a list that grows.
    if let (Form::Name(name), Form::Call(callee, arguments)) = (&target.form, &value.form)
        && matches!(&callee.form, Form::Name(function) if function == "append")
        && let Some((list, more)) = arguments.split_first()
        && matches!(&list.value.form, Form::Name(list) if list == name)
    {
        let added = more.iter().map(|argument| match argument.spread {
            true => Expression { form: Form::Opaque(vec![argument.value.clone()]), ..argument.value.clone() },
            false => argument.value.clone(),
        });
        let added = Expression { form: Form::List(added.collect()), ..value.clone() };
        return Statement::Augment { target, operator: "+".to_owned(), value: added };
    }
    Statement::Assign { target, annotation, value: Some(value) }
}

/// By their habitual names, what a call tells beside its result.
fn is_extra(target: &Expression) -> bool {
    matches!(&target.form, Form::Name(name) if matches!(name.as_str(), "_" | "ok" | "found" | "exists" | "loaded") || name.to_lowercase().ends_with("err"))
}

/// Is it the value of its type that stands for nothing?
fn is_zero(value: &Expression) -> bool {
    match &value.form {
        Form::Null => true,
        Form::Text(text) => text.is_empty(),
        Form::Number(number) => number == "0",
        Form::Construct(_, fields) => fields.is_empty(),
        _ => false,
    }
}

fn returned(source: &Source<'_>, node: Node<'_>, out: &mut Vec<Statement>) {
    let Some(list) = children(node).first().copied() else { return out.push(Statement::Return(None)) };
    let mut values: Vec<Expression> = match list.kind() {
        "expression_list" => children(list).into_iter().map(|child| expression(source, child)).collect(),
        _ => vec![expression(source, list)],
    };
    let extra = items::returns_extra(source, node);
    if values.len() > 1 && extra {
        let last = values.pop();
        // With an error, or `false`, the result means nothing.
        if last.as_ref().is_some_and(|last| !matches!(last.form, Form::Null | Form::Flag(true)))
            && values.iter().all(is_zero)
        {
            out.extend(last.map(Statement::Evaluate));
            out.push(Statement::Return(None));
            return;
        }
        if let Some(last) = last.filter(|last| !matches!(last.form, Form::Name(_) | Form::Null | Form::Flag(_))) {
            out.push(Statement::Evaluate(last));
        }
    }
    let value = if values.len() == 1 { values.pop() } else { Some(source.at(list, Form::List(values))) };
    out.push(Statement::Return(value));
}

fn conditional(source: &Source<'_>, node: Node<'_>, out: &mut Vec<Statement>) {
    if let Some(first) = field(node, "initializer") {
        step(source, first, out);
    }
    if let Some(condition) = field(node, "condition") {
        out.push(Statement::Evaluate(expression(source, condition)));
    }
    let ways =
        ["consequence", "alternative"].map(|name| field(node, name).map_or_else(Vec::new, |way| block(source, way)));
    out.push(Statement::Branches(ways.into()));
}

fn repeated(source: &Source<'_>, node: Node<'_>, out: &mut Vec<Statement>) {
    let body = field(node, "body");
    let head = children(node).into_iter().find(|child| Some(child.id()) != body.map(|body| body.id()));
    let inside = |first: Vec<Statement>| {
        let mut all = first;
        if let Some(body) = body {
            step(source, body, &mut all);
        }
        all
    };
    match head {
        Some(head) if head.kind() == "range_clause" => {
            let (target, over) = ranged(source, head);
            out.push(Statement::Each { target, over, body: inside(Vec::new()) });
        }
        Some(head) if head.kind() == "for_clause" => {
            let condition = field(head, "condition").map(|condition| expression(source, condition));
            if let Some(first) = field(head, "initializer") {
                step(source, first, out);
            }
            if let Some(condition) = condition {
                repeat(source, condition, &inside, out);
            } else {
                out.push(Statement::Block(inside(Vec::new())));
            }
        }
        Some(condition) => {
            let condition = expression(source, condition);
            repeat(source, condition, &inside, out);
        }
        None => out.push(Statement::Block(inside(Vec::new()))),
    }
}

/// `for iter.Next(ctx)` is a loop over what the iterator gives.
fn repeat(
    source: &Source<'_>,
    condition: Expression,
    inside: &dyn Fn(Vec<Statement>) -> Vec<Statement>,
    out: &mut Vec<Statement>,
) {
    if let Form::Call(callee, _) = &condition.form
        && let Form::Attribute(of, method) = &callee.form
        && method == "Next"
        && let Form::Name(name) = &of.form
    {
        source.iterators.borrow_mut().insert(name.clone());
        let target = Expression { form: Form::Name(format!("{name}.Val")), ..(**of).clone() };
        out.push(Statement::Each { target, over: (**of).clone(), body: inside(Vec::new()) });
        return;
    }
    out.push(Statement::Block(inside(vec![Statement::Evaluate(condition)])));
}

/// `for i, x := range xs`: what each turn sets, and what is looped over.
fn ranged(source: &Source<'_>, head: Node<'_>) -> (Expression, Expression) {
    let over = part(source, head, "right");
    let mut targets = list(source, head, "left");
    let named = |value: &Expression| !matches!(&value.form, Form::Name(name) if name == "_");
    let of = |method: &str, over: Expression| {
        let callee = source.at(head, Form::Attribute(Box::new(over), method.to_owned()));
        source.at(head, Form::Call(Box::new(callee), Vec::new()))
    };
    match (targets.pop(), targets.pop()) {
        (Some(second), Some(first)) if !named(&first) => (second, of("range values", over)),
        (Some(second), Some(first)) if named(&second) => {
            (source.at(head, Form::List(vec![first, second])), of("range pairs", over))
        }
        (Some(_), Some(first)) | (Some(first), None) => (first, of("range names", over)),
        (None, _) => (source.at(head, Form::Name("_".to_owned())), over),
    }
}

fn switch(source: &Source<'_>, node: Node<'_>, out: &mut Vec<Statement>) {
    if let Some(chosen) = select::select(source, node) {
        return out.push(chosen);
    }
    if let Some(first) = field(node, "initializer") {
        step(source, first, out);
    }
    let value = field(node, "value").map(|value| expression(source, value));
    match (field(node, "alias"), value) {
        (Some(_), Some(value)) => {
            for target in list(source, node, "alias") {
                out.push(Statement::Assign { target, annotation: None, value: Some(value.clone()) });
            }
        }
        (_, Some(value)) => out.push(Statement::Evaluate(value)),
        _ => {}
    }
    let mut ways = Vec::new();
    for case in children(node) {
        if !matches!(case.kind(), "expression_case" | "default_case" | "type_case" | "communication_case") {
            continue;
        }
        let mut way = Vec::new();
        for child in children(case) {
            let is_value = field(case, "value").is_some_and(|value| value.id() == child.id());
            let is_type =
                case.kind() == "type_case" && child.kind().ends_with("type") || child.kind() == "type_identifier";
            if !is_value && !is_type {
                step(source, child, &mut way);
            }
        }
        ways.push(way);
    }
    out.push(Statement::Branches(ways));
}
