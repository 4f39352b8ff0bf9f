//! A planned command as Rust: statements that prepare its words, the `.arg(..)` calls, and how much room they need.
//! Shared by writers and readers.

use std::time::Duration;

use super::plan::{Argument, ArgumentKind, EntryId, Time, Word};
use super::room::Room;
use super::{keys, names, types};
use crate::registry::{Amount, ModuleId, Pattern, Registry, Scalar, Token, Value};

/// What the words of a method refer to.
pub(super) struct Scene<'a> {
    pub registry: &'a Registry,
    /// The module for which code is made.
    pub module: ModuleId,
    pub entry: EntryId,
    pub params: &'a [String],
    pub arguments: &'a [Argument],
}

/// One command as Rust.
#[derive(Debug, Default)]
pub(super) struct Sentence {
    /// `.arg(..)` calls, one text.
    pub args: String,
    /// Expression: how many words.
    pub words: String,
    /// Expression: how many bytes.
    pub bytes: String,
    /// Index of the word that is the key.
    pub key_word: usize,
}

impl Scene<'_> {
    /// Statements in front of all commands: the key, and arguments that need a check.
    pub(super) fn prelude(&self) -> String {
        let mut text = String::new();
        let pattern = self.entry.pattern(self.registry);
        let needs_key = !self.arguments.iter().any(|argument| argument.kind == ArgumentKind::Names);
        if !pattern.is_static() && needs_key {
            text.push_str(&format!("let key = {};\n", self.key_call(self.params)));
        }
        for argument in self.arguments {
            if let Some(statement) = self.check(argument) {
                text.push_str(&statement);
            }
        }
        text
    }

    /// Can the prelude fail?
    pub(super) fn can_fail(&self) -> bool {
        self.arguments.iter().filter_map(|argument| self.check(argument)).any(|statement| statement.contains('?'))
    }

    /// The call of the key builder.
    pub(super) fn key_call(&self, params: &[String]) -> String {
        let name = reads_name(self);
        let arguments: Vec<String> = params.iter().map(|param| types::variable(param)).collect();
        format!("keys::{}({})", names::ident(&name), arguments.join(", "))
    }

    fn check(&self, argument: &Argument) -> Option<String> {
        let name = names::ident(&argument.name);
        let at = &argument.name;
        Some(match &argument.kind {
            ArgumentKind::Number => format!("let {name} = support::finite({at:?}, {name})?;\n"),
            ArgumentKind::Score(score) if !types::is_whole_score(score) => {
                format!("let {name} = support::finite({at:?}, {name})?;\n")
            }
            ArgumentKind::Value(Value::Scalar(Scalar::Number | Scalar::EpochS)) => {
                format!("let {name} = support::finite({at:?}, {name})?;\n")
            }
            ArgumentKind::Value(Value::Scalar(Scalar::DateTime)) => {
                format!("let {name} = support::date_time({at:?}, {name})?;\n")
            }
            ArgumentKind::OptionalValue(Value::Scalar(Scalar::Number | Scalar::EpochS)) => {
                format!("let {name} = {name}.map(|value| support::finite({at:?}, value)).transpose()?;\n")
            }
            ArgumentKind::OptionalValue(Value::Scalar(Scalar::DateTime)) => {
                format!("let {name} = {name}.map(|value| support::date_time({at:?}, value)).transpose()?;\n")
            }
            ArgumentKind::Bound => format!("let {name}: ScoreBound = {name}.into();\n"),
            ArgumentKind::Ttl(None) => format!("let {name} = Expiry::checked({at:?}, {name})?;\n"),
            ArgumentKind::Ttl(Some((min, max))) => {
                let (min, max) = (duration(min), duration(max));
                format!("let {name} = Expiry::within({at:?}, {name}, {min}, {max})?;\n")
            }
            ArgumentKind::Value(_)
            | ArgumentKind::OptionalValue(_)
            | ArgumentKind::Score(_)
            | ArgumentKind::Param(_)
            | ArgumentKind::Integer
            | ArgumentKind::Count
            | ArgumentKind::Flag
            | ArgumentKind::Text
            | ArgumentKind::Texts
            | ArgumentKind::Limit
            | ArgumentKind::Wait
            | ArgumentKind::OptionalWait
            | ArgumentKind::Names
            | ArgumentKind::Raw => return None,
        })
    }

    /// The words of one command.
    pub(super) fn sentence(&self, words: &[Word]) -> Sentence {
        let mut room = Room::default();
        let mut sentence = Sentence::default();
        for word in words {
            if *word == Word::Key {
                sentence.key_word = room.words;
            }
            sentence.args.push_str(&self.word(word, &mut room));
        }
        (sentence.words, sentence.bytes) = room.sums();
        sentence
    }

    fn word(&self, word: &Word, room: &mut Room) -> String {
        match word {
            Word::Literal(text) => room.literal(text),
            Word::Key => self.key(room),
            Word::Argument(at) => self.arguments.get(*at).map_or_else(String::new, |it| self.argument(it, room)),
            Word::Rest(at) => self.rest(*at, room),
            Word::Field(name) => self.field(name, room),
            Word::OptionalField(name, at) => self.optional_field(name, *at, room),
            Word::Expiry(Time::Retention(Amount::Fixed(time))) => {
                let (option, amount) = fixed_expiry(*time);
                room.literal(option) + &room.literal(&amount.to_string())
            }
            Word::Expiry(time) => {
                let expiry = self.expiry(time);
                room.number(&format!("{expiry}.option()")) + &room.number(&format!("{expiry}.amount()"))
            }
            Word::Seconds(Time::Retention(Amount::Fixed(time))) => {
                room.literal(&time.as_millis().div_ceil(1000).max(1).to_string())
            }
            Word::Milliseconds(Time::Retention(Amount::Fixed(time))) => {
                room.literal(&time.as_millis().max(1).to_string())
            }
            Word::Seconds(time) => room.number(&format!("{}.seconds()", self.expiry(time))),
            Word::Milliseconds(time) => room.number(&format!("{}.millis()", self.expiry(time))),
            Word::Count(amount) => room.amount(amount, i128::from, "{}"),
            Word::Rank(amount) => room.amount(amount, |count| -i128::from(count) - 1, "support::rank_above({})"),
            Word::LastIndex(amount) => room.amount(amount, |count| i128::from(count) - 1, "support::last_index({})"),
            Word::FirstIndex(amount) => room.amount(amount, |count| -i128::from(count), "support::first_index({})"),
            Word::Before { score, age, unit } => self.before(*score, age, *unit, room),
            Word::Since(age) => room.number(&format!("support::millis_ago({})", duration(age))),
        }
    }

    fn key(&self, room: &mut Room) -> String {
        let pattern = self.entry.pattern(self.registry);
        if pattern.is_static() {
            room.words += 1;
            let name = format!("keys::{}", reads_name(self).to_uppercase());
            room.more_bytes.push(format!("{name}.len()"));
            return format!(".arg({name})");
        }
        room.words += 1;
        room.more_bytes.push("key.len()".to_owned());
        ".arg(&key)".to_owned()
    }

    fn argument(&self, argument: &Argument, room: &mut Room) -> String {
        let name = names::ident(&argument.name);
        match &argument.kind {
            ArgumentKind::Value(value) => room.value(value, &name),
            ArgumentKind::OptionalValue(_) | ArgumentKind::Names | ArgumentKind::Raw => String::new(),
            ArgumentKind::Score(_)
            | ArgumentKind::Integer
            | ArgumentKind::Count
            | ArgumentKind::Number
            | ArgumentKind::Bound => room.number(&name),
            ArgumentKind::Flag => room.number(&format!("u8::from({name})")),
            ArgumentKind::Param(_) => room.number(&format!("{name}.to_string()")),
            ArgumentKind::Text => {
                room.words += 1;
                room.more_bytes.push(format!("{name}.len()"));
                format!(".arg({name})")
            }
            ArgumentKind::Texts => {
                room.more_words.push(format!("{name}.len()"));
                format!(".arg({name})")
            }
            ArgumentKind::Ttl(_) => room.number(&format!("{name}.seconds()")),
            ArgumentKind::Limit => format!(".arg({name}.map(|limit| (\"COUNT\", limit)))"),
            ArgumentKind::Wait => room.number(&format!("{name}.as_secs_f64()")),
            ArgumentKind::OptionalWait => format!(".arg({name}.map(|wait| (\"BLOCK\", support::millis(wait))))"),
        }
    }

    fn rest(&self, at: usize, room: &mut Room) -> String {
        let Some(argument) = self.arguments.get(at) else { return String::new() };
        let name = names::ident(&argument.name);
        room.more_words.push(format!("{name}.len()"));
        if argument.kind == ArgumentKind::Names { ".arg(&all_keys)".to_owned() } else { format!(".arg({name})") }
    }

    fn field(&self, name: &Pattern, room: &mut Room) -> String {
        if let [Token::Literal(text)] = name.tokens() {
            return room.literal(text);
        }
        let named = |param: &str| {
            let of = |argument: &&Argument| argument.kind == ArgumentKind::Param(param.to_owned());
            self.arguments.iter().find(of).map_or_else(String::new, |argument| names::ident(&argument.name))
        };
        room.number(&keys::format_call(name, named))
    }

    fn optional_field(&self, name: &Pattern, at: usize, room: &mut Room) -> String {
        let Some(argument) = self.arguments.get(at) else { return String::new() };
        let ArgumentKind::OptionalValue(value) = &argument.kind else { return String::new() };
        let variable = names::ident(&argument.name);
        let mut inner = Room::default();
        let field = only_argument(&self.field(name, &mut inner));
        let word = only_argument(&inner.value(value, "value"));
        room.more_words.push("2".to_owned());
        format!(".arg({variable}.map(|value| ({field}, {word})))")
    }

    fn expiry(&self, time: &Time) -> String {
        match time {
            Time::Retention(amount) => format!("Expiry::of({})", duration(amount)),
            Time::Argument(at) => {
                self.arguments.get(*at).map_or_else(String::new, |argument| names::ident(&argument.name))
            }
        }
    }

    fn before(&self, score: usize, age: &Amount<Duration>, unit: Scalar, room: &mut Room) -> String {
        let score = self.arguments.get(score).map_or_else(String::new, |argument| names::ident(&argument.name));
        let age = duration(age);
        let cutoff = match unit {
            Scalar::EpochMs => format!("{score}.saturating_sub(support::millis({age}))"),
            Scalar::EpochUs => format!("{score}.saturating_sub(support::micros({age}))"),
            Scalar::EpochNs => format!("{score}.saturating_sub(support::nanos({age}))"),
            _ => format!("{score}.get() - {age}.as_secs_f64()"),
        };
        room.number(&format!("ScoreBound::excluding({cutoff})"))
    }
}

fn reads_name(scene: &Scene<'_>) -> String {
    keys::name(scene.registry, scene.entry, scene.module)
}

fn fixed_expiry(time: Duration) -> (&'static str, u128) {
    if time.subsec_millis() == 0 { ("EX", time.as_millis() / 1000) } else { ("PX", time.as_millis()) }
}

/// A duration as an expression; config variables are fields of the batch.
pub(super) fn duration(amount: &Amount<Duration>) -> String {
    match amount {
        Amount::Fixed(time) if time.subsec_millis() == 0 => format!("Duration::from_secs({})", time.as_secs()),
        Amount::Fixed(time) => format!("Duration::from_millis({})", time.as_millis()),
        Amount::Config(name) => format!("self.{}", names::ident(&names::snake(name))),
    }
}

fn only_argument(call: &str) -> String {
    call.strip_prefix(".arg(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(call).to_owned()
}
