//! Names for params: from the word before, and from what the values look like.

use super::{Part, Variable};
use crate::extract::infer::names::look::Class;
use crate::extract::infer::names::slot::{HEX_LOWER, HEX_UPPER, LOWER, OTHER, UPPER};
use crate::registry::ParamKind;

/// Short forms that programs use for the kind of thing whose name follows.
const SHORT: &[(&str, &str)] = &[
    ("conv", "conversation"),
    ("dev", "device"),
    ("msg", "message"),
    ("prod", "product"),
    ("q", "queue"),
    ("s", "session"),
    ("sess", "session"),
    ("sym", "symbol"),
    ("u", "user"),
    ("usr", "user"),
];

/// Words before values that are digests rather than ids.
const DIGESTS: &[&str] = &["cache", "checksum", "digest", "etag", "hash", "md5", "sha", "sha1", "sha256"];

/// A name, and a longer one for where it is taken by something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub short: String,
    /// The name with the word before it.
    pub long: String,
}

/// Names for the variables of one pattern, in order, each once.
pub fn names(parts: &[Part]) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    let mut before = String::new();
    for part in parts {
        match part {
            Part::Text(text) => before.push_str(text),
            Part::Variable(variable) => {
                let word = word_before(&before);
                let base = name(variable, &word);
                let long = if word.is_empty() || base.contains(&word) {
                    format!("{base}_{}", variable.kind.as_str())
                } else {
                    format!("{word}_{base}")
                };
                let mut short = base.clone();
                let mut number = 2;
                while names.iter().any(|name| name.short == short) {
                    short = format!("{base}_{number}");
                    number += 1;
                }
                names.push(Name { short, long });
                before.clear();
            }
        }
    }
    names
}

fn name(variable: &Variable, word: &str) -> String {
    let id = || match word {
        "" => "id".to_owned(),
        word if word == "id" || word.ends_with("_id") => word.to_owned(),
        word => format!("{word}_id"),
    };
    let slot = &variable.slot;
    match variable.class {
        Class::Integer => match (slot.range, slot.lengths) {
            _ if variable.kind == ParamKind::EpochMs => "epoch_ms".to_owned(),
            (Some((1_000_000_000, ..) | (1_000_000_001.., ..)), Some((10, 10))) => "epoch".to_owned(),
            (Some((19_000_101.., ..=21_001_231)), Some((8, 8))) => "day".to_owned(),
            (Some((19_000_101_000_000.., ..=21_001_231_235_959)), Some((14, 14))) => "time".to_owned(),
            _ => id(),
        },
        Class::Digits if slot.chars != super::super::slot::DIGIT => "number".to_owned(),
        Class::Hex if DIGESTS.contains(&word) => "hash".to_owned(),
        Class::Digits | Class::Uuid | Class::Hex | Class::Ulid | Class::Opaque => id(),
        Class::Date => "date".to_owned(),
        Class::Time => "time".to_owned(),
        Class::Period if slot.values.values().all(|value| value.contains('Q')) => "quarter".to_owned(),
        Class::Period if slot.values.values().all(|value| value.contains('W')) => "week".to_owned(),
        Class::Period => "period".to_owned(),
        Class::Ip => "ip".to_owned(),
        Class::Email => "email".to_owned(),
        Class::Rest => "rest".to_owned(),
        Class::Word => {
            let capitals = slot.chars & (UPPER | HEX_UPPER) != 0 && slot.chars & (LOWER | HEX_LOWER | OTHER) == 0;
            match word {
                _ if capitals => "symbol".to_owned(),
                "" => "name".to_owned(),
                word => word.to_owned(),
            }
        }
    }
}

/// The last word of a text, for one of its things, fit for a name.
fn word_before(text: &str) -> String {
    let words = text.rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-'));
    let Some(word) = words.into_iter().find(|word| word.bytes().any(|byte| byte.is_ascii_alphabetic())) else {
        return String::new();
    };
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let word = word.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches(['_', '-']);
    let mut name = String::new();
    let mut small = false;
    for c in word.chars() {
        if c.is_ascii_uppercase() && small {
            name.push('_');
        }
        small = c.is_ascii_lowercase();
        name.push(if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' });
    }
    let parts: Vec<&str> = name.split('_').filter(|part| !part.is_empty()).collect();
    let kept = if parts.len() > 3 { &parts[parts.len() - 2..] } else { &parts[..] };
    let name = singular(&kept.join("_"));
    SHORT.iter().find(|(short, _)| *short == name).map_or(name, |(_, long)| (*long).to_owned())
}

fn singular(word: &str) -> String {
    for (many, one) in [("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("ies", "y")] {
        if let Some(stem) = word.strip_suffix(many)
            && stem.len() > 1
        {
            return format!("{stem}{one}");
        }
    }
    let kept = ["ss", "us", "is", "as", "os"].iter().any(|end| word.ends_with(end));
    match word.strip_suffix('s') {
        Some(stem) if !kept && stem.len() > 1 => stem.to_owned(),
        _ => word.to_owned(),
    }
}
