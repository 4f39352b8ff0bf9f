//! A `switch` that gives a word for each case, as a table that is looked up by what is switched on.

use tree_sitter::Node;

use super::super::super::program::{Expression, Form, Statement};
use super::super::syntax::{is_rest, is_word, rest};
use super::expressions::expression;
use super::source::{Source, children, field};
use super::statements::{list, step};

/// What each case does.
enum Does {
    /// Gives the word back.
    Returns,
    /// Sets a name to it.
    Sets(Expression),
}

/// The statement that a switch is, if each of its cases gives a word back, or sets the same name to one.
pub(super) fn select(source: &Source<'_>, node: Node<'_>) -> Option<Statement> {
    if node.kind() != "expression_switch_statement" || field(node, "initializer").is_some() {
        return None;
    }
    let on = field(node, "value")?;
    let mut entries: Vec<(Option<Expression>, Expression)> = Vec::new();
    let other = rest(&source.at(node, Form::Null));
    let mut does: Option<Does> = None;
    for case in children(node) {
        if !matches!(case.kind(), "expression_case" | "default_case") {
            continue;
        }
        let labels = list(source, case, "value");
        let given = field(case, "value").map(|value| value.id());
        let mut body = Vec::new();
        for child in children(case).into_iter().filter(|child| Some(child.id()) != given) {
            step(source, child, &mut body);
        }
        let mut body = body.into_iter();
        let word = match (body.next()?, body.next(), &does) {
            (Statement::Return(Some(word)), None, None | Some(Does::Returns)) => {
                does = Some(Does::Returns);
                word
            }
            (Statement::Assign { target, value: Some(word), .. }, None, known) => {
                match known {
                    None => does = Some(Does::Sets(target)),
                    Some(Does::Sets(known)) if known.form == target.form => {}
                    Some(_) => return None,
                }
                word
            }
            _ => return None,
        };
        if !is_word(&word, 0) {
            return None;
        }
        if case.kind() == "default_case" {
            entries.push((Some(other.clone()), word));
        } else {
            entries.extend(labels.into_iter().map(|label| (Some(label), word.clone())));
        }
    }
    let whole = entries.iter().any(|(label, _)| label.as_ref().is_some_and(is_rest));
    let does = does?;
    match &does {
        // What comes after it stands for the rest.
        Does::Returns if !whole && node.next_named_sibling().is_none_or(|next| next.kind() != "return_statement") => {
            return None;
        }
        Does::Sets(Expression { form: Form::Name(name), .. }) if !whole => {
            entries.push((Some(other), source.at(node, Form::Name(name.clone()))));
        }
        Does::Sets(_) if !whole => return None,
        _ => {}
    }
    let table = source.at(node, Form::Map(entries));
    let chosen = source.at(node, Form::Index(Box::new(table), Box::new(expression(source, on))));
    Some(match does {
        Does::Returns => Statement::Return(Some(chosen)),
        Does::Sets(target) => Statement::Assign { target, annotation: None, value: Some(chosen) },
    })
}

/// A table without a word for the rest, and what is given back after it, are one table.
pub(super) fn with_rest(out: &mut Vec<Statement>) {
    let [.., Statement::Return(Some(table)), Statement::Return(Some(after))] = out.as_mut_slice() else { return };
    let Form::Index(map, _) = &mut table.form else { return };
    let Form::Map(entries) = &mut map.form else { return };
    if entries.iter().any(|(label, _)| label.as_ref().is_some_and(is_rest)) {
        return;
    }
    entries.push((Some(rest(after)), after.clone()));
    out.pop();
}
