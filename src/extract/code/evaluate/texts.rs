//! Texts put together: templates, operators, and formats.

use std::rc::Rc;

use super::value::{Item, Part, Text, Value, Values, at_most, hole, literal, only, union};
use super::{Evaluator, hint};
use crate::extract::Certainty;
use crate::extract::code::index::{Binding, Bound};
use crate::extract::code::program::{Expression, Form, Piece};

/// So many combinations of values in one text.
const COMBINATIONS: usize = 64;

/// A text of more parts is no name, and is not told.
const PARTS: usize = 48;

/// Texts that are growing by parts, each of which may be one of several.
pub(super) struct Texts(Vec<Growing>);

/// One of them.
#[derive(Clone)]
struct Growing {
    text: Text,
    certainty: Certainty,
    /// The name of an empty value after a sign that separates. Where the next sign or the end follows, nobody means it to be empty.
    gap: Option<Rc<str>>,
}

/// Signs between the parts of names.
const SIGNS: &[char] = &[':', '/', '.', '|'];

impl Growing {
    /// Closes a gap before what follows.
    fn close(&mut self, next: &Part) {
        let Some(name) = self.gap.take() else { return };
        if matches!(next, Part::Literal(text) if text.starts_with(SIGNS)) {
            self.text.push(Part::Hole(name));
        }
    }

    fn append(&mut self, more: &Text, name: &str) {
        if let Some(first) = more.parts.first() {
            self.close(first);
            self.text.append(more);
        } else if matches!(self.text.parts.last(), Some(Part::Literal(last)) if last.ends_with(SIGNS)) {
            self.gap = Some(super::value::tidy(name).into());
        }
        if more.is_of_now() {
            self.text.config.clone_from(&more.config);
        }
    }

    fn finish(mut self) -> Item {
        if let Some(name) = self.gap.take() {
            self.text.push(Part::Hole(name));
        }
        self.text.config = super::now::of_parts(&self.text.parts, self.text.config.as_deref());
        Item { value: Value::Text(self.text), certainty: self.certainty }
    }
}

impl Texts {
    pub(super) fn new() -> Self {
        Self(vec![Growing { text: Text::default(), certainty: Certainty::Certain, gap: None }])
    }

    pub(super) fn literal(&mut self, more: &str) {
        if more.is_empty() {
            return;
        }
        for growing in &mut self.0 {
            let part = Part::Literal(more.to_owned());
            growing.close(&part);
            growing.text.push(part);
        }
    }

    /// Adds one of these values; `name` stands for what is no text.
    pub(super) fn values(&mut self, values: &Values, name: &str) {
        let mut options: Vec<(Text, Certainty)> = Vec::new();
        for item in values.iter() {
            let text = match &item.value {
                Value::Text(text) => text.clone(),
                Value::Flag(_) | Value::Null if values.len() > 1 => continue,
                Value::Flag(flag) => literal(if *flag { "True" } else { "False" }),
                _ => Text { parts: vec![Part::Hole(super::value::tidy(name).into())], config: None },
            };
            if !options.iter().any(|(known, _)| *known == text) {
                options.push((text, item.certainty));
            }
        }
        if options.is_empty() || options.len() * self.0.len() > COMBINATIONS {
            options = vec![(
                Text { parts: vec![Part::Hole(super::value::tidy(name).into())], config: None },
                Certainty::Certain,
            )];
        }
        let mut grown = Vec::with_capacity(options.len() * self.0.len());
        for known in &self.0 {
            for (more, other) in &options {
                let mut growing = known.clone();
                growing.append(more, name);
                if growing.text.parts.len() > PARTS {
                    growing.text = Text { parts: vec![Part::Hole(super::value::tidy(name).into())], config: None };
                }
                growing.certainty = growing.certainty.max(*other);
                grown.push(growing);
            }
        }
        self.0 = grown;
    }

    pub(super) fn finish(self) -> Values {
        Rc::new(self.0.into_iter().map(Growing::finish).collect())
    }
}

/// What `%` is given, and how much of it is used up.
struct Conversions<'v> {
    values: &'v Values,
    next: usize,
}

impl<'p> Evaluator<'p> {
    pub(super) fn template(&mut self, pieces: &'p [Piece], frame: usize) -> Values {
        let mut texts = Texts::new();
        for (at, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Text(text) => texts.literal(text),
                Piece::Value(value) => {
                    let values = if at == 0 { self.value(value, frame) } else { self.piece(value, frame) };
                    let values = self.in_text(values);
                    texts.values(&values, &hint(value));
                }
            }
        }
        texts.finish()
    }

    pub(super) fn binary(&mut self, operator: &str, a: &'p Expression, b: &'p Expression, frame: usize) -> Values {
        let left = self.value(a, frame);
        if operator == "%" && left.iter().any(|item| item.value.text().is_some_and(|text| !text.is_hole())) {
            let right = self.value(b, frame);
            if number(&left).is_none() {
                return self.percent(&left, &right, &hint(b));
            }
        }
        let right = if operator == "+" { self.piece(b, frame) } else { self.value(b, frame) };
        self.operate(operator, &left, &right, (&hint(a), &hint(b)))
    }

    /// A later piece of a text. A default there is one value of many: `"user:" + (name or "anon")`.
    fn piece(&mut self, expression: &'p Expression, frame: usize) -> Values {
        let values = self.value(expression, frame);
        let program = self.program;
        let scope = &program.scopes[self.frames.get(frame).scope];
        let parts = match &expression.form {
            Form::Choice(parts) => parts,
            Form::Name(name) => match scope.bindings.get(name.as_str()).map(Vec::as_slice) {
                Some([Binding { bound: Bound::Value(Expression { form: Form::Choice(parts), .. }), path, .. }])
                    if path.is_empty() =>
                {
                    parts
                }
                _ => return values,
            },
            _ => return values,
        };
        let text = |item: &Item| item.value.text().is_some_and(|text| !text.is_hole() && text.config.is_none());
        if values.is_empty() || !values.iter().all(text) {
            return values;
        }
        let open = |item: &Item| item.value.text().is_some_and(|text| text.is_hole() && text.config.is_none());
        let mut all = vec![values.clone()];
        for part in parts {
            let named = matches!(part.form, Form::Name(_) | Form::Attribute(..));
            let part_values = self.value(part, frame);
            if part_values.is_empty()
                || !part_values
                    .iter()
                    .all(|item| open(item) || (named && matches!(item.value, Value::Null | Value::Method(..))))
            {
                continue;
            }
            // A parameter that is null where nobody gives it.
            let is_open = part_values.iter().all(open);
            all.push(at_most(&if is_open { part_values } else { hole(&hint(part)) }, Certainty::Likely));
        }
        union(all)
    }

    /// Two values by an operator.
    pub(super) fn operate(&mut self, operator: &str, a: &Values, b: &Values, names: (&str, &str)) -> Values {
        if let Some(result) = super::amounts::calculate(operator, a, b, names.0) {
            return result;
        }
        match operator {
            "+" => {
                let lists: Vec<&Value> = a
                    .iter()
                    .chain(b.iter())
                    .map(|item| &item.value)
                    .filter(|value| matches!(value, Value::List(..)))
                    .collect();
                if !lists.is_empty() {
                    let elements = lists.iter().flat_map(|list| match list {
                        Value::List(elements, _) => elements.clone(),
                        _ => Vec::new(),
                    });
                    let open = lists.iter().any(|list| matches!(list, Value::List(_, true)));
                    return only(Value::List(elements.collect(), open));
                }
                let mut texts = Texts::new();
                let (a, b) = (self.in_text(a.clone()), self.in_text(b.clone()));
                texts.values(&a, names.0);
                texts.values(&b, names.1);
                texts.finish()
            }
            "|" | "..." => {
                let mut entries = Vec::new();
                for item in a.iter().chain(b.iter()) {
                    if let Value::Map(more) = &item.value {
                        entries.extend(more.iter().cloned());
                    }
                }
                if entries.is_empty() { hole(names.0) } else { only(Value::Map(entries)) }
            }
            _ => hole(if names.0 == "value" { names.1 } else { names.0 }),
        }
    }

    /// `%s` and its like.
    pub(super) fn percent(&mut self, formats: &Values, given: &Values, name: &str) -> Values {
        let mut results = Vec::new();
        for format in formats.iter() {
            let Some(text) = format.value.text() else { continue };
            let mut texts = Texts::new();
            let mut given = Conversions { values: given, next: 0 };
            for part in &text.parts {
                match part {
                    Part::Literal(text) => self.percent_literal(&mut texts, text, &mut given, name),
                    other => texts.values(&only(Value::Text(Text { parts: vec![other.clone()], config: None })), name),
                }
            }
            results.push(super::value::at_most(&texts.finish(), format.certainty));
        }
        super::value::union(results)
    }

    fn percent_literal(&mut self, texts: &mut Texts, text: &str, given: &mut Conversions<'_>, name: &str) {
        let mut rest = text;
        while let Some(at) = rest.find('%') {
            texts.literal(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('%') {
                texts.literal("%");
                rest = after;
                continue;
            }
            let named = rest.strip_prefix('(').and_then(|inner| inner.split_once(')'));
            let key = named.map(|(key, _)| key);
            if let Some((_, after)) = named {
                rest = after;
            }
            // Flags, width and precision, up to the letter of the conversion.
            let end = rest.find(|c: char| c.is_ascii_alphabetic()).map_or(rest.len(), |end| end + 1);
            rest = &rest[end..];
            let values = match key {
                Some(key) => self.lookup(given.values, &only(Value::Text(literal(key))), key),
                None => positional(given.values, given.next),
            };
            given.next += 1;
            match key {
                Some(key) => texts.values(&super::names::renamed(&values, key), key),
                None => texts.values(&values, name),
            }
        }
        texts.literal(rest);
    }

    /// `{}`, `{0}` and `{name}`.
    pub(super) fn format(
        &mut self,
        formats: &Values,
        places: &[(Values, String)],
        names: &[(String, Values)],
    ) -> Values {
        let mut results = Vec::new();
        for format in formats.iter() {
            let Some(text) = format.value.text() else { continue };
            let mut texts = Texts::new();
            let mut next = 0;
            for part in &text.parts {
                match part {
                    Part::Literal(text) => format_literal(&mut texts, text, places, names, &mut next),
                    other => {
                        texts.values(&only(Value::Text(Text { parts: vec![other.clone()], config: None })), "value")
                    }
                }
            }
            results.push(super::value::at_most(&texts.finish(), format.certainty));
        }
        super::value::union(results)
    }
}

fn format_literal(
    texts: &mut Texts,
    text: &str,
    places: &[(Values, String)],
    names: &[(String, Values)],
    next: &mut usize,
) {
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        texts.literal(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            texts.literal(brace);
            rest = after;
            continue;
        }
        let Some((field, after)) = rest.split_once('}').filter(|_| brace == "{") else { continue };
        rest = after;
        let field = field.split([':', '!']).next().unwrap_or_default();
        let (root, last) = (
            field.split(['.', '[']).next().unwrap_or_default(),
            field.rsplit(['.', '[']).next().unwrap_or_default().trim_end_matches(']'),
        );
        let found = if root.is_empty() || root.bytes().all(|byte| byte.is_ascii_digit()) {
            let place = root.parse().unwrap_or(*next);
            *next += usize::from(root.is_empty());
            places.get(place).cloned()
        } else {
            names.iter().find(|(name, _)| name == root).map(|(name, values)| (values.clone(), name.clone()))
        };
        match found {
            Some((values, name))
                if root == field && !root.is_empty() && !root.starts_with(|c: char| c.is_ascii_digit()) =>
            {
                texts.values(&super::names::renamed(&values, root), &name);
            }
            Some((values, name)) if root == field => texts.values(&values, if name == "value" { last } else { &name }),
            Some((_, name)) => texts.values(&hole(last), if last.is_empty() { &name } else { last }),
            None => texts.values(&hole(if last.is_empty() { "value" } else { last }), last),
        }
    }
    texts.literal(rest);
}

fn positional(given: &Values, at: usize) -> Values {
    let list =
        given.iter().find_map(|item| if let Value::List(elements, _) = &item.value { Some(elements) } else { None });
    match list {
        Some(elements) => elements.get(at).cloned().unwrap_or_else(|| hole("value")),
        None => given.clone(),
    }
}

/// The one number that the values are.
pub(super) fn number(values: &Values) -> Option<i64> {
    match values.as_slice() {
        [Item { value: Value::Text(text), .. }] => text.plain()?.parse().ok(),
        _ => None,
    }
}
