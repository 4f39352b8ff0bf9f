//! Scripts in Lua: the keys that they are given, and those that they name themselves.

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
    LazyLock::new(|| Regex::new(r#"redis\.p?call\s*\(\s*['"]([A-Za-z.]+)['"]\s*,\s*([^,)\n]+)"#).expect("it parses"));

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
        let text: String =
            script.parts.iter().map(|part| if let Part::Literal(text) = part { text.as_str() } else { "" }).collect();
        for found in CALL.captures_iter(&text) {
            let (Some(name), Some(written)) = (found.get(1), found.get(2)) else { continue };
            let key = name_of(written.as_str(), keys);
            if key.texts.is_empty() {
                continue;
            }
            let mut samples: Vec<Vec<u8>> = vec![name.as_str().to_uppercase().into_bytes(), b"key".to_vec()];
            // The rest does not matter to what happens to the first key.
            samples.extend(["1", "1"].map(|word| word.as_bytes().to_vec()));
            let Some(call) = invocation(&samples) else { continue };
            let publishes = call.command.publishes();
            let name = call.command.name.clone();
            if publishes {
                self.names(Kind::Channel, &key, through, |found| Found {
                    mode: Mode::Publish,
                    command: name.clone(),
                    ..found
                });
            } else if let Some(first) = call.keys.first() {
                self.names(Kind::Key, &key, through, |found| Found {
                    mode: mode(&call, first),
                    redis_type: redis_type(call.command),
                    command: name.clone(),
                    certainty: found.certainty.max(Certainty::Likely),
                    ..found
                });
            }
        }
    }
}

/// What an expression in Lua names: literals and keys, joined by `..`.
fn name_of(written: &str, keys: &[Expanded]) -> Expanded {
    let mut texts = vec![(Text::default(), Certainty::Certain)];
    for part in written.split("..").map(str::trim) {
        let quoted = part.len() >= 2
            && (part.starts_with('"') && part.ends_with('"') || part.starts_with('\'') && part.ends_with('\''));
        let number = part
            .strip_prefix("KEYS[")
            .and_then(|rest| rest.strip_suffix(']'))
            .and_then(|at| at.trim().parse::<usize>().ok());
        let options: Vec<(Text, Certainty)> = if quoted {
            vec![(crate::extract::code::evaluate::value::literal(&part[1..part.len() - 1]), Certainty::Certain)]
        } else if let Some(key) = number.and_then(|at| keys.get(at.checked_sub(1)?)) {
            key.texts.clone()
        } else {
            let name = if part.starts_with("ARGV") { "argument" } else { part };
            vec![(Text { parts: vec![Part::Hole(tidy(name).into())], config: None }, Certainty::Certain)]
        };
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
    Expanded { texts, written: Some(written.to_owned()) }
}
