//! The words of a command with their values: lists and maps spread out, options left out where they are null.

use super::{Frame, Through};
use crate::extract::Certainty;
use crate::extract::code::evaluate::amounts::{ONE, Quantity};
use crate::extract::code::evaluate::value::{Item, Part, Text, Value, Values, hole, literal, only};
use crate::extract::code::languages::{Role, Word, Words};
use crate::extract::code::program::{Expression, Form};

/// Options that are a word alone.
const FLAGS: &[&str] = &[
    "NX",
    "XX",
    "GT",
    "LT",
    "CH",
    "INCR",
    "KEEPTTL",
    "GET",
    "PERSIST",
    "NOMKSTREAM",
    "NOACK",
    "WITHSCORES",
    "MKSTREAM",
    "REPLACE",
    "ABSTTL",
    "JUSTID",
    "REV",
    "BYSCORE",
    "BYLEX",
];

/// One word: the texts that it may be.
#[derive(Debug, Clone)]
pub(super) struct Expanded {
    pub(super) texts: Vec<(Text, Certainty)>,
    pub(super) written: Option<String>,
}

impl Expanded {
    fn literal(word: &str) -> Self {
        Self { texts: vec![(literal(word), Certainty::Certain)], written: None }
    }

    /// The word as the table of commands may read it; what is not known is a number of its own.
    pub(super) fn sample(&self, at: usize) -> Vec<u8> {
        let stand_in = Self::stand_in(at);
        let Some((text, _)) = self.texts.first() else { return stand_in.to_string().into_bytes() };
        match (text.plain(), Quantity::of(text)) {
            (Some(_), Some(Quantity { nano: Some(nano), time: true, .. })) => (nano / ONE).max(1).to_string(),
            (Some(plain), _) => plain.to_owned(),
            (None, Some(quantity)) => {
                let number = quantity.where_it_is(i128::from(stand_in));
                number.map_or(stand_in.to_string(), |number| (number / ONE).to_string())
            }
            (None, None) => stand_in.to_string(),
        }
        .into_bytes()
    }

    /// The number that stands for what is not known.
    pub(super) fn stand_in(at: usize) -> u32 {
        900_000_000 + u32::try_from(at).unwrap_or(0)
    }
}

impl<'p> Frame<'_, 'p> {
    pub(super) fn expand(&mut self, words: &'p Words, frame: usize) -> Vec<Expanded> {
        let mut all: Vec<Expanded> = Vec::new();
        let mut count: Option<usize> = None;
        for word in words {
            match word {
                Word::Literal(text) => all.push(Expanded::literal(text)),
                Word::Value(value) => {
                    let expanded = self.list(value, frame);
                    all.extend(expanded);
                }
                Word::Spread(value) => {
                    let values = self.evaluator.value(value, frame);
                    let is_list = values.iter().any(|item| matches!(item.value, Value::List(..)));
                    if is_list {
                        let expanded = self.list(value, frame);
                        all.extend(expanded);
                    } else {
                        let values = self.evaluator.elements(&values);
                        all.push(self.word(&values, value));
                    }
                }
                Word::Names(value) => self.of_map(value, frame, &mut all, |name, _| vec![name]),
                Word::Values(value) => self.of_map(value, frame, &mut all, |_, value| vec![value]),
                Word::Pairs(value) => self.of_map(value, frame, &mut all, |name, value| vec![name, value]),
                Word::Reversed(value) => self.of_map(value, frame, &mut all, |name, value| vec![value, name]),
                Word::Count => {
                    count = Some(all.len());
                    all.push(Expanded::literal("1"));
                }
                Word::Option(token, value) | Word::Duration(token, value) => self.option(token, value, frame, &mut all),
            }
        }
        if let Some(at) = count {
            let number = all.len() - at - 1;
            all[at] = Expanded::literal(&number.to_string());
        }
        all
    }

    fn option(&mut self, token: &str, value: &'p Expression, frame: usize, all: &mut Vec<Expanded>) {
        let values = self.evaluator.value(value, frame);
        let set: Vec<&Item> =
            values.iter().filter(|item| !matches!(item.value, Value::Null | Value::Flag(false))).collect();
        let Some(first) = set.first() else { return };
        let is_flag = FLAGS.contains(&token);
        if is_flag && !matches!(first.value, Value::Flag(true)) && set.len() == values.len() && first.value.is_hole() {
            return;
        }
        let words = token.split(' ');
        all.extend(words.map(Expanded::literal));
        if !is_flag {
            let kept: Values = set.into_iter().cloned().collect::<Vec<_>>().into();
            all.push(self.word(&kept, value));
        }
    }

    /// A word for a value, or one for each element of a list.
    pub(super) fn list(&mut self, value: &'p Expression, frame: usize) -> Vec<Expanded> {
        let values = self.evaluator.value(value, frame);
        // What is called with the reply, or with each message, is no word.
        if self.is_function(value) {
            return Vec::new();
        }
        if !values.is_empty() && values.iter().all(|item| matches!(item.value, Value::Function(..))) {
            return Vec::new();
        }
        let mut all = Vec::new();
        let mut plain: Vec<Item> = Vec::new();
        for item in values.iter() {
            match &item.value {
                Value::List(elements, _) => {
                    for element in elements.iter().take(256) {
                        // A list of lists is flat to Redis' clients.
                        let inner = element.iter().find_map(|item| {
                            if let Value::List(inner, _) = &item.value { Some(inner.clone()) } else { None }
                        });
                        match inner {
                            Some(inner) => all.extend(inner.iter().map(|element| self.word(element, value))),
                            None => all.push(self.word(element, value)),
                        }
                    }
                }
                Value::Map(entries) => {
                    all.extend(entries.iter().filter_map(|(name, _)| name.as_ref()).map(|name| self.word(name, value)));
                }
                _ => plain.push(item.clone()),
            }
        }
        if !plain.is_empty() && (all.is_empty() || plain.iter().any(|item| !item.value.is_hole())) {
            all.push(self.word(&plain.into(), value));
        }
        if all.is_empty() {
            all.push(self.word(&hole("value"), value));
        }
        all
    }

    /// Is it a parameter that is written to be a function: `(id: string) => void`?
    fn is_function(&self, value: &Expression) -> bool {
        let Form::Name(name) = &value.form else { return false };
        let program = self.evaluator.program;
        let mut at = Some(self.site.scope);
        while let Some(scope) = at {
            let scope = &program.scopes[scope];
            if let Some(parameter) = scope.parameters().iter().find(|parameter| parameter.name == *name) {
                return parameter.annotation.as_deref().is_some_and(|kind| kind.contains("=>") || kind == "Function");
            }
            at = scope.parent;
        }
        false
    }

    /// The commands of a list, each of which is a list of words.
    pub(super) fn commands(&mut self, list: &'p Expression, through: &Through, frame: usize) {
        for item in self.evaluator.value(list, frame).iter() {
            let Value::List(commands, _) = &item.value else { continue };
            for command in commands.iter().take(256).flat_map(|command| command.iter()) {
                let Value::List(words, _) = &command.value else { continue };
                let words: Vec<Expanded> = words.iter().map(|word| self.word(word, list)).collect();
                self.sent(&words, through);
            }
        }
    }

    fn of_map(
        &mut self,
        value: &'p Expression,
        frame: usize,
        all: &mut Vec<Expanded>,
        choose: fn(Values, Values) -> Vec<Values>,
    ) {
        let values = self.evaluator.value(value, frame);
        let mut found = false;
        for item in values.iter() {
            if let Value::Map(entries) = &item.value {
                for (name, value_of) in entries.iter().take(256) {
                    found = true;
                    let name = name.clone().unwrap_or_else(|| hole("name"));
                    let chosen = choose(name, value_of.clone());
                    all.extend(chosen.iter().map(|values| self.word(values, value)));
                }
            }
        }
        if !found && !values.iter().any(|item| matches!(item.value, Value::Null)) {
            // Unknown: one entry stands for all.
            let chosen = choose(hole("name"), hole("value"));
            all.extend(chosen.iter().map(|values| self.word(values, value)));
        }
    }

    pub(super) fn word(&mut self, values: &Values, written: &Expression) -> Expanded {
        let mut texts: Vec<(Text, Certainty)> = Vec::new();
        for item in values.iter() {
            let text = match &item.value {
                Value::Text(text) => text.clone(),
                Value::Object(Role::Script, _, Some(text)) => text.clone(),
                Value::Null => continue,
                Value::Flag(flag) => literal(if *flag { "True" } else { "False" }),
                Value::Instance(class, place) => {
                    let mut words = self.evaluator.texts_of_instance((*class, *place));
                    let rest = if words.len() > 1 { words.split_off(1) } else { Vec::new() };
                    texts.extend(rest.into_iter().filter(|(text, _)| !text.is_hole()));
                    words.pop().map_or_else(unknown, |(text, _)| text)
                }
                _ => unknown(),
            };
            if !texts.iter().any(|(known, _)| *known == text) {
                texts.push((text, item.certainty));
            }
        }
        if texts.is_empty() {
            let values = only(Value::Text(unknown()));
            texts.extend(values.iter().filter_map(|item| Some((item.value.text()?.clone(), item.certainty))));
        }
        Expanded { texts, written: Some(self.text_of(written)) }
    }
}

fn unknown() -> Text {
    Text { parts: vec![Part::Hole("value".into())], config: None }
}
