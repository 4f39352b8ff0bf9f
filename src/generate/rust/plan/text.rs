//! Commands as people read them: params and config variables in braces, arguments in angle brackets.

use std::time::Duration;

use super::{Argument, ArgumentKind, Time, Word};
use crate::registry::{Amount, Pattern, Registry, format_duration};

/// What the words of a command refer to.
pub(super) struct Scene<'a> {
    pub registry: &'a Registry,
    pub key: &'a Pattern,
    pub arguments: &'a [Argument],
}

impl Scene<'_> {
    pub(super) fn command(&self, words: &[Word]) -> String {
        words.iter().map(|word| self.word(word)).collect::<Vec<_>>().join(" ")
    }

    fn word(&self, word: &Word) -> String {
        match word {
            Word::Literal(text) => text.clone(),
            Word::Key => self.key.as_str().to_owned(),
            Word::Argument(at) | Word::Rest(at) => self.argument(*at),
            Word::Field(name) => name.as_str().to_owned(),
            Word::OptionalField(name, at) => format!("[{} {}]", name.as_str(), self.argument(*at)),
            Word::Expiry(time) => match time {
                Time::Retention(Amount::Fixed(time)) if time.subsec_millis() == 0 => format!("EX {}", time.as_secs()),
                Time::Retention(Amount::Fixed(time)) => format!("PX {}", time.as_millis()),
                Time::Retention(Amount::Config(name)) => format!("EX {{{name}}}"),
                Time::Argument(at) => format!("EX {}", self.argument(*at)),
            },
            Word::Seconds(time) => self.time(time, |time| time.as_millis().div_ceil(1000).to_string()),
            Word::Milliseconds(time) => self.time(time, |time| time.as_millis().to_string()),
            Word::Count(amount) => amount.to_string(),
            Word::Rank(Amount::Fixed(count)) => format!("-{}", count.saturating_add(1)),
            Word::Rank(amount) => format!("-({amount}+1)"),
            Word::LastIndex(Amount::Fixed(count)) => (i128::from(*count) - 1).to_string(),
            Word::LastIndex(amount) => format!("({amount}-1)"),
            Word::FirstIndex(amount) => format!("-{amount}"),
            Word::Before { score, age, .. } => format!("({}-{}", self.argument(*score), age_text(age)),
            Word::Since(age) => format!("<now>-{}", age_text(age)),
        }
    }

    fn time(&self, time: &Time, fixed: impl Fn(Duration) -> String) -> String {
        match time {
            Time::Retention(Amount::Fixed(time)) => fixed(*time),
            Time::Retention(amount) => amount.to_string(),
            Time::Argument(at) => self.argument(*at),
        }
    }

    fn argument(&self, at: usize) -> String {
        let Some(argument) = self.arguments.get(at) else { return String::new() };
        match &argument.kind {
            ArgumentKind::Value(value) | ArgumentKind::OptionalValue(value) => {
                format!("<{}>", self.registry.value_name(value))
            }
            ArgumentKind::Names => format!("{} ...", self.key.as_str()),
            ArgumentKind::Texts => format!("<{}> ...", argument.name),
            ArgumentKind::Limit => format!("[COUNT <{}>]", argument.name),
            ArgumentKind::OptionalWait => format!("[BLOCK <{}>]", argument.name),
            ArgumentKind::Raw => format!("<{}...>", argument.name),
            ArgumentKind::Score(_)
            | ArgumentKind::Param(_)
            | ArgumentKind::Integer
            | ArgumentKind::Count
            | ArgumentKind::Number
            | ArgumentKind::Flag
            | ArgumentKind::Text
            | ArgumentKind::Bound
            | ArgumentKind::Ttl(_)
            | ArgumentKind::Wait => format!("<{}>", argument.name),
        }
    }
}

fn age_text(age: &Amount<Duration>) -> String {
    match age {
        Amount::Fixed(age) => format_duration(*age),
        Amount::Config(name) => format!("{{{name}}}"),
    }
}
