//! A `match` that gives a word for each variant, as a table that is looked up by the variant: what is matched on tells the word.

use tree_sitter::Node;

use super::super::super::program::{Expression, Form, Statement, VARIANT};
use super::super::syntax::{is_rest, is_word, rest};
use super::expressions::Before;
use super::source::{Source, children, field, like};

/// One way of a `match`.
pub(super) struct Arm {
    /// What it is taken for; none of them: for all the rest. `None`: that cannot be told by a word.
    pub(super) words: Option<Vec<Expression>>,
    /// How many of its steps take the pattern apart.
    pub(super) bound: usize,
    /// Its steps.
    pub(super) steps: Before,
    /// Its value.
    pub(super) value: Option<Expression>,
}

/// The words that a pattern stands for; none for whatever it is.
pub(super) fn words(source: &Source<'_>, pattern: Node<'_>) -> Option<Vec<Expression>> {
    let mut all = Vec::new();
    gather(source, pattern, &mut all, 0).then_some(all)
}

/// The word of a variant, by the last name of its path.
fn variant(source: &Source<'_>, node: Node<'_>) -> Option<Expression> {
    let name = source.of(node).rsplit("::").next().unwrap_or_default().to_owned();
    let is = name.starts_with(|char: char| char.is_ascii_uppercase());
    is.then(|| source.at(node, Form::Text(name)))
}

fn gather(source: &Source<'_>, node: Node<'_>, all: &mut Vec<Expression>, depth: u32) -> bool {
    if depth > 8 {
        return false;
    }
    match node.kind() {
        "match_pattern" => {
            let inside = children(node);
            field(node, "condition").is_none()
                && match inside.as_slice() {
                    [only] => gather(source, *only, all, depth + 1),
                    // `_` is no node of its own.
                    [] => source.of(node).trim() == "_",
                    _ => false,
                }
        }
        "or_pattern" => {
            let before = all.len();
            let known = children(node).into_iter().all(|child| gather(source, child, all, depth + 1));
            known && all.len() > before
        }
        "string_literal" | "raw_string_literal" | "integer_literal" | "char_literal" => {
            let mut ahead = Vec::new();
            all.push(super::expressions::expression(source, node, &mut ahead));
            ahead.is_empty()
        }
        "_" | "wildcard_pattern" => true,
        "identifier" => match variant(source, node) {
            Some(word) if source.of(node).chars().any(|char| char.is_ascii_lowercase()) => {
                all.push(word);
                true
            }
            Some(_) => false,
            None => true,
        },
        "scoped_identifier" => {
            let owner = field(node, "path").map_or("", |path| source.of(path));
            let owner = owner.rsplit("::").next().unwrap_or_default();
            let of_enum = owner.starts_with(|char: char| char.is_ascii_uppercase());
            match variant(source, node).filter(|_| of_enum) {
                Some(word) => {
                    all.push(word);
                    true
                }
                None => false,
            }
        }
        "tuple_struct_pattern" | "struct_pattern" => match field(node, "type").filter(|of| of.kind() != "identifier") {
            Some(of) => gather(source, of, all, depth + 1),
            None => false,
        },
        "scoped_type_identifier" => {
            all.extend(variant(source, node));
            source.of(node).contains("::")
        }
        "reference_pattern" | "ref_pattern" => match children(node).as_slice() {
            [only] => gather(source, *only, all, depth + 1),
            _ => false,
        },
        _ => source.of(node) == "_",
    }
}

/// The table of a `match`, if each of its ways gives a word: the word of the value, or what is added to a text.
pub(super) fn select(
    source: &Source<'_>,
    node: Node<'_>,
    on: &Expression,
    arms: &[Arm],
) -> Option<(Before, Expression)> {
    let mut first: Before = Vec::new();
    let mut entries = Vec::new();
    let mut grown: Option<&Expression> = None;
    for arm in arms {
        let words = arm.words.as_ref()?;
        let (bound, steps) = arm.steps.split_at_checked(arm.bound)?;
        for step in bound {
            let Statement::Assign { target, .. } = step else { return None };
            let same = |known: &&Statement| matches!(known, Statement::Assign { target: known, .. } if known.form == target.form);
            match first.iter().find(same) {
                Some(known) if !alike(known, step) => return None,
                Some(_) => {}
                None => first.push(step.clone()),
            }
        }
        let value = match (steps, &arm.value) {
            ([], Some(value)) if grown.is_none() => value,
            ([Statement::Augment { target, operator, value }], None)
                if operator == "+" && grown.map_or(entries.is_empty(), |known| known.form == target.form) =>
            {
                grown = Some(target);
                value
            }
            _ => return None,
        };
        if !is_word(value, 0) {
            return None;
        }
        if words.is_empty() {
            entries.push((Some(rest(value)), value.clone()));
        }
        entries.extend(words.iter().map(|word| (Some(word.clone()), value.clone())));
    }
    if entries.iter().all(|(word, _)| word.as_ref().is_none_or(is_rest)) {
        return None;
    }
    let by = like(on, Form::Attribute(Box::new(on.clone()), VARIANT.to_owned()));
    let table = source.at(node, Form::Map(entries));
    let chosen = source.at(node, Form::Index(Box::new(table), Box::new(by)));
    let Some(target) = grown else { return Some((first, chosen)) };
    first.push(Statement::Augment { target: target.clone(), operator: "+".to_owned(), value: chosen });
    Some((first, source.at(node, Form::Null)))
}

fn alike(a: &Statement, b: &Statement) -> bool {
    match (a, b) {
        (Statement::Assign { value: Some(a), .. }, Statement::Assign { value: Some(b), .. }) => a.form == b.form,
        _ => false,
    }
}
