//! Scripts in Lua: the keys that they are given, and those that they name themselves.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use super::reading::mode;
use super::words::Expanded;
use super::{Found, Frame, Through};
use crate::extract::code::evaluate::value::{Part, Text, tidy};
use crate::extract::redis_type;
use crate::extract::{Certainty, Kind, Mode};
use crate::server::commands::invocation;

#[expect(clippy::expect_used, reason = "the expression is part of the program, and the tests use it")]
static CALL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r#"redis\.p?call\s*\(\s*['"]([A-Za-z.]+)['"]\s*,"#).expect("it parses"));

#[expect(clippy::expect_used, reason = "the expression is part of the program, and the tests use it")]
static LOCAL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?m)\blocal\s+([A-Za-z_]\w*)\s*=\s*("[^"\n]*"|'[^'\n]*'|KEYS\[\s*\d+\s*\])\s*;?\s*(?:--.*)?$"#)
        .expect("it parses")
});

impl<'p> Frame<'_, 'p> {
    /// EVAL and its kin with their words.
    pub(super) fn script_command(&mut self, name: &str, words: &[Expanded], through: &Through) {
        let script = words.get(1).and_then(|word| word.texts.first()).map(|(text, _)| text.clone());
        let count =
            words.get(2).and_then(|word| word.texts.first()).and_then(|(text, _)| text.plain()?.parse::<usize>().ok());
        let keys: Vec<Expanded> = words.iter().skip(3).take(count.unwrap_or(1)).cloned().collect();
        // EVALSHA names a script by its hash; where the text is known, that is what stands here.
        let is_text = |script: &Text| {
            script.parts.iter().any(|part| matches!(part, Part::Literal(literal) if literal.contains("call")))
        };
        let script = script.filter(|text| !name.contains("FCALL") && (!name.contains("SHA") || is_text(text)));
        self.scripted(name, script.as_ref(), &keys, through);
    }

    /// A script with its keys.
    pub(super) fn scripted(&mut self, command: &str, script: Option<&Text>, keys: &[Expanded], through: &Through) {
        for key in keys {
            self.names(Kind::Key, key, through, |found| Found {
                mode: Mode::Write,
                command: command.to_owned(),
                ..found
            });
        }
        let Some(script) = script else { return };
        let mut text = String::new();
        let mut holes = Vec::new();
        for part in &script.parts {
            match part {
                Part::Literal(literal) => text.extend(literal.chars().filter(|char| *char != HOLE)),
                part => {
                    holes.push(part.clone());
                    text.push(HOLE);
                }
            }
        }
        let locals: HashMap<&str, &str> = LOCAL
            .captures_iter(&text)
            .filter_map(|found| Some((found.get(1)?.as_str(), found.get(2)?.as_str())))
            .collect();
        let script = Lua { keys, locals, text: &text, holes };
        for found in CALL.captures_iter(&text) {
            let (Some(whole), Some(name)) = (found.get(0), found.get(1)) else { continue };
            let written = arguments(&text, whole.end());
            let mut samples: Vec<Vec<u8>> = vec![name.as_str().to_uppercase().into_bytes()];
            samples.extend(written.iter().enumerate().map(|(at, (_, written))| sample(at, written)));
            // What a script leaves to a table that it unpacks does not matter to what happens to the first key.
            samples.resize(samples.len().max(SHORTEST), b"1".to_vec());
            let Some(call) = invocation(&samples) else { continue };
            let command = call.command.name.clone();
            let named = |position: usize| {
                let (place, written) = written.get(position.checked_sub(1)?)?;
                Some(script.name_of(*place, written)).filter(|name| !name.texts.is_empty())
            };
            for key in &call.keys {
                let Some(name) = named(key.position) else { continue };
                self.names(Kind::Key, &name, through, |found| Found {
                    mode: mode(&call, key),
                    redis_type: redis_type(call.command),
                    command: command.clone(),
                    certainty: found.certainty.max(Certainty::Likely),
                    ..found
                });
            }
            for channel in call.channels.iter().filter(|_| call.command.publishes()) {
                let Some(name) = named(channel.position) else { continue };
                self.names(Kind::Channel, &name, through, |found| Found {
                    mode: Mode::Publish,
                    command: command.clone(),
                    ..found
                });
            }
        }
    }
}

/// So many words at least are looked up in the table of commands.
const SHORTEST: usize = 4;

/// The arguments of a call up to its end, each with its place.
fn arguments(text: &str, start: usize) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let (mut from, mut depth, mut quote) = (start, 0_u32, None);
    for (at, char) in text[start..].char_indices().map(|(at, char)| (start + at, char)) {
        match (quote, char) {
            (Some(open), _) if char == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(char),
            (None, '(' | '{' | '[') => depth += 1,
            (None, ')' | ',') if depth == 0 => {
                found.push((from, &text[from..at]));
                from = at + 1;
                if char == ')' {
                    break;
                }
            }
            (None, ')' | '}' | ']') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    found.into_iter().map(|(at, written)| (at + written.len() - written.trim_start().len(), written.trim())).collect()
}

/// An argument as the table of commands may read it; what is not known is a number of its own.
fn sample(at: usize, written: &str) -> Vec<u8> {
    let quoted = ['"', '\''].iter().find_map(|quote| written.strip_prefix(*quote)?.strip_suffix(*quote));
    match quoted.or_else(|| written.parse::<f64>().is_ok().then_some(written)) {
        Some(known) => known.as_bytes().to_vec(),
        None => Expanded::stand_in(at).to_string().into_bytes(),
    }
}

/// What stands for a part of a script that is known only when the program runs.
const HOLE: char = '\0';

/// A script, and what its names stand for.
struct Lua<'a> {
    keys: &'a [Expanded],
    /// Names that are set to a text once: `local prefix = "a:"`.
    locals: HashMap<&'a str, &'a str>,
    text: &'a str,
    holes: Vec<Part>,
}

impl Lua<'_> {
    /// What an expression in Lua names: literals, keys and names for these, joined by `..`.
    fn name_of(&self, place: usize, written: &str) -> Expanded {
        let mut texts = vec![(Text::default(), Certainty::Certain)];
        let mut at = place;
        for part in written.split("..") {
            let place = at;
            at += part.len() + "..".len();
            let options = self.part(part.trim(), place);
            let mut grown = Vec::new();
            for (text, certainty) in &texts {
                for (more, other) in options.iter().take(16) {
                    let mut text = text.clone();
                    text.append(more);
                    grown.push((text, *certainty.max(other)));
                }
            }
            texts = grown;
            texts.truncate(64);
        }
        texts.retain(|(text, _)| text.parts.iter().any(|part| matches!(part, Part::Literal(_))));
        Expanded { texts, written: Some(written.replace(HOLE, "")) }
    }

    fn part(&self, part: &str, place: usize) -> Vec<(Text, Certainty)> {
        if let Some(text) = self.quoted(part, place) {
            return vec![(text, Certainty::Certain)];
        }
        let key = |written: &str| {
            let at = written.strip_prefix("KEYS[")?.strip_suffix(']')?.trim().parse::<usize>().ok()?;
            Some(self.keys.get(at.checked_sub(1)?)?.texts.clone())
        };
        let named = self.locals.get(part).copied();
        if let Some(texts) = key(part).or_else(|| named.and_then(key)) {
            return texts;
        }
        if matches!(part, "unpack(KEYS)" | "table.unpack(KEYS)") {
            return self.keys.iter().flat_map(|key| key.texts.clone()).collect();
        }
        // A slice of the script tells its own place.
        let of_local =
            named.and_then(|value| self.quoted(value, value.as_ptr() as usize - self.text.as_ptr() as usize));
        if let Some(text) = of_local {
            return vec![(text, Certainty::Likely)];
        }
        let name = if part.starts_with("ARGV") { "argument" } else { part };
        vec![(Text { parts: vec![Part::Hole(tidy(name).into())], config: None }, Certainty::Certain)]
    }

    /// A text in quotes; `place` is where it stands in the script.
    fn quoted(&self, written: &str, place: usize) -> Option<Text> {
        let inner = ['"', '\''].iter().find_map(|quote| written.strip_prefix(*quote)?.strip_suffix(*quote))?;
        let before = self.text.get(..place)?.chars().filter(|char| *char == HOLE).count();
        let mut text = Text::default();
        for (number, literal) in inner.split(HOLE).enumerate() {
            if let Some(hole) = number.checked_sub(1).and_then(|number| self.holes.get(before + number)) {
                text.push(hole.clone());
            }
            text.push(Part::Literal(literal.to_owned()));
        }
        Some(text)
    }
}
