//! What the words of a command do, by the one table of commands: keys, channels and modes.

use super::bounds::{age, bound, ttls};
use super::words::Expanded;
use super::{Found, Frame, Through};
use crate::extract::code::evaluate::of_glob;
use crate::extract::code::evaluate::value::{Part, Text};
use crate::extract::code::languages::Words;
use crate::extract::{Certainty, Kind, Mode, redis_type};
use crate::server::commands::{self, Access, ChannelKind, Expiry, Invocation, KeyUse, Size, invocation};

impl<'p> Frame<'_, 'p> {
    /// A command through a client.
    pub(super) fn command(&mut self, words: &'p Words, through: &Through, frame: usize) {
        let expanded = self.expand(words, frame);
        self.sent(&expanded, through);
    }

    /// The command that some words are.
    pub(super) fn sent(&mut self, expanded: &[Expanded], through: &Through) {
        let samples: Vec<Vec<u8>> = expanded.iter().enumerate().map(|(at, word)| word.sample(at)).collect();
        let Some(call) = invocation(&samples) else {
            let told = expanded.first().is_none_or(|word| word.texts.iter().any(|(text, _)| text.plain().is_some()));
            if !told && !through.weak {
                self.unresolved("the command is known only when the program runs; declare its keys by hand");
            }
            return;
        };
        let name = call.command.name.clone();
        if call.command.runs_code() {
            self.script_command(&name, expanded, through);
            return;
        }
        for key in &call.keys {
            let Some(word) = expanded.get(key.position) else { continue };
            let word = &prefixed(word, through);
            let bound = bound(&call, key, expanded);
            let max_age = age(&call, key, expanded);
            for ttl in ttls(&call, key, expanded) {
                let config = [ttl.variable, bound.variable.clone()];
                self.names(Kind::Key, word, through, |found| Found {
                    mode: mode(&call, key),
                    redis_type: redis_type(call.command),
                    ttl: ttl.written.clone(),
                    bound: bound.written.clone(),
                    max_age: max_age.clone(),
                    config: config.iter().flatten().cloned().collect(),
                    command: name.clone(),
                    ..found
                });
            }
        }
        for channel in &call.channels {
            let mode = match channel.kind {
                ChannelKind::Publish => Mode::Publish,
                ChannelKind::Subscribe => Mode::Subscribe,
                ChannelKind::Unsubscribe => continue,
            };
            let Some(word) = expanded.get(channel.position) else { continue };
            let word = if channel.pattern { globbed(word) } else { word.clone() };
            self.names(Kind::Channel, &word, through, |found| Found { mode, command: name.clone(), ..found });
        }
        if matches!(name.as_str(), "SCAN" | "KEYS") {
            let at = if name == "KEYS" {
                Some(1)
            } else {
                samples.iter().position(|word| word.eq_ignore_ascii_case(b"MATCH")).map(|at| at + 1)
            };
            // A scan of all keys says nothing of any.
            if let Some(word) = at.and_then(|at| expanded.get(at)) {
                let mut word = globbed(word);
                word.texts.retain(|(text, _)| text.parts != [Part::Glob]);
                if !word.texts.is_empty() {
                    self.names(Kind::Key, &word, through, |found| Found {
                        mode: Mode::Read,
                        command: name.clone(),
                        ..found
                    });
                }
            }
        }
    }

    /// A find for each text that a word may be.
    pub(super) fn names(&mut self, kind: Kind, word: &Expanded, through: &Through, complete: impl Fn(Found) -> Found) {
        let known = word.texts.iter().filter(|(text, _)| telling(text)).count();
        let certainty = if known > 1 { Certainty::Likely } else { Certainty::Certain };
        for (text, sure) in &word.texts {
            if !telling(text) || is_address(text) {
                let seen = text.parts.iter().any(|part| matches!(part, Part::Hole(_)));
                if seen && !through.weak && !is_address(text) {
                    self.unresolved(match kind {
                        Kind::Key => {
                            "the key is known only when the program runs; find what calls this, or declare it by hand"
                        }
                        Kind::Channel => "the channel is known only when the program runs; declare it by hand",
                    });
                }
                continue;
            }
            let found = Found {
                scope: self.site.scope,
                line: self.site.expression.line,
                kind,
                name: Text { parts: text.parts.clone(), config: None },
                general: None,
                bus: through.bus.clone(),
                command: String::new(),
                mode: Mode::Read,
                redis_type: None,
                ttl: None,
                bound: None,
                max_age: None,
                config: Vec::new(),
                written: word.written.clone(),
                certainty: through.certainty.max(*sure).max(if *sure == Certainty::Certain {
                    Certainty::Certain
                } else {
                    certainty
                }),
            };
            self.calls.found.push(complete(found));
        }
    }
}

/// Does a name say anything by itself?
fn telling(text: &Text) -> bool {
    text.parts.iter().any(|part| matches!(part, Part::Literal(literal) if literal.chars().any(char::is_alphanumeric)))
}

/// URLs and paths are no keys: the client is another's.
fn is_address(text: &Text) -> bool {
    match text.parts.first() {
        Some(Part::Literal(first)) => {
            ["http://", "https://", "/", "ws://", "wss://"].iter().any(|start| first.starts_with(start))
        }
        _ => false,
    }
}

/// A key as the client sends it.
pub(super) fn prefixed(word: &Expanded, through: &Through) -> Expanded {
    let Some(prefix) = &through.bus.prefix else { return word.clone() };
    let texts = word.texts.iter().map(|(text, certainty)| {
        let mut whole = Text::clone(prefix);
        whole.config = None;
        if telling(text) {
            whole.append(text);
            (whole, *certainty)
        } else {
            (text.clone(), *certainty)
        }
    });
    Expanded { texts: texts.collect(), written: word.written.clone() }
}

fn globbed(word: &Expanded) -> Expanded {
    let texts = word.texts.iter().map(|(text, certainty)| (of_glob(text), *certainty));
    Expanded { texts: texts.collect(), written: word.written.clone() }
}

/// What a command does to a key, in one word. Traffic has a word of its own (`infer/traffic`), which says why.
pub(super) fn mode(call: &Invocation<'_>, key: &KeyUse) -> Mode {
    let Some(effect) = key.effect else {
        return if key.access == Access::Read { Mode::Read } else { Mode::Write };
    };
    match (effect.size, effect.expiry) {
        (Size::Removes, _) => Mode::Delete,
        (Size::Neutral, Expiry::Sets | Expiry::Drops) if call.command.group == commands::Group::Generic => Mode::Expire,
        _ if key.access == Access::Read => Mode::Read,
        _ => Mode::Write,
    }
}
