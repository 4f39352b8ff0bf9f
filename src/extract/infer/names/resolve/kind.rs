//! What a param may hold, from what its values look like. Wide on purpose: what comes next is not refused because it is new.

use crate::extract::draft::{Node, Value};
use crate::extract::infer::names::look::Class;
use crate::extract::infer::names::slot::{
    COLON, DIGIT, DOT, HEX_LOWER, HEX_UPPER, HYPHEN, LOW_LINE, LOWER, OTHER, Slot, UPPER,
};
use crate::registry::ParamKind;

/// Milliseconds of the years 2001 to 2065.
const MILLISECONDS: std::ops::RangeInclusive<i64> = 1_000_000_000_000..=2_999_999_999_999;

/// The kind of a param with these values.
pub fn of(class: Class, slot: &Slot) -> ParamKind {
    let text = |pattern: &str| ParamKind::String { pattern: Some(pattern.to_owned()) };
    match class {
        Class::Integer => match slot.range {
            Some((low, high)) if MILLISECONDS.contains(&low) && MILLISECONDS.contains(&high) => ParamKind::EpochMs,
            _ => ParamKind::Integer { min: i64::MIN, max: i64::MAX },
        },
        Class::Digits if slot.chars == DIGIT => text("[0-9]+"),
        Class::Digits => text("[0-9._-]+"),
        Class::Uuid => ParamKind::Uuid,
        Class::Date => ParamKind::Date,
        Class::Hex => {
            let fixed = slot.lengths.filter(|(low, high)| low == high).and_then(|(low, _)| u32::try_from(low).ok());
            ParamKind::Hex { length: fixed.filter(|_| slot.more_than_one()) }
        }
        Class::Ulid => text("[0-7][0-9A-HJKMNP-TV-Z]{25}"),
        Class::Ip if slot.chars & COLON != 0 => text("[0-9A-Fa-f:.]*[:.][0-9A-Fa-f:.]*"),
        Class::Ip => text(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}"),
        Class::Email => text("[^:]+@[^:]+"),
        Class::Time => text("[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.Z+]+"),
        Class::Period => text("[0-9]{4}-?[WQ][0-9]{1,2}"),
        Class::Opaque if slot.chars & DOT != 0 => text("[A-Za-z0-9_.+/=-]{7,}"),
        Class::Opaque if slot.chars & OTHER != 0 => text("[A-Za-z0-9_+/=-]{7,}"),
        Class::Opaque => text("[A-Za-z0-9_+=-]{7,}"),
        Class::Word if slot.chars & COLON != 0 => ParamKind::Rest,
        Class::Word => ParamKind::String { pattern: None },
        Class::Rest => ParamKind::Rest,
    }
}

/// Narrower kinds for the same values, the widest first; none for values that are not words.
pub fn narrower(kind: &ParamKind, slot: &Slot) -> Vec<ParamKind> {
    let ParamKind::String { pattern: None } = kind else { return Vec::new() };
    let text = |pattern: String| ParamKind::String { pattern: Some(pattern) };
    let mut kinds = Vec::new();
    if slot.chars & DOT == 0 {
        kinds.push(text("[^:.]+".to_owned()));
    }
    if !slot.numeric {
        kinds.push(text("[^:]*[^:0-9][^:]*".to_owned()));
    }
    let set = set(slot.chars);
    if let Some(set) = &set {
        kinds.push(text(format!("{set}+")));
        if !slot.numeric {
            kinds.push(text(format!("{set}*{}{set}*", self::set(slot.chars & !DIGIT).unwrap_or_default())));
        }
    }
    // Lengths last: they say least of what comes next.
    if let Some((low, high)) = slot.lengths.filter(|(low, high)| *low > 0 && *high <= 256) {
        kinds.push(text(format!("[^:]{{{low},{high}}}")));
        kinds.extend(set.map(|set| text(format!("{set}{{{low},{high}}}"))));
    }
    kinds
}

/// A set of characters, where they are of kinds that can be named.
fn set(chars: u16) -> Option<String> {
    if chars & (OTHER | COLON) != 0 || chars == 0 {
        return None;
    }
    let mut set = String::from("[");
    let parts = [
        (UPPER | HEX_UPPER, if chars & UPPER == 0 { "A-F" } else { "A-Z" }),
        (LOWER | HEX_LOWER, if chars & LOWER == 0 { "a-f" } else { "a-z" }),
        (DIGIT, "0-9"),
        (LOW_LINE, "_"),
        (DOT, "."),
        (HYPHEN, "-"),
    ];
    for (kind, text) in parts {
        if chars & kind != 0 {
            set.push_str(text);
        }
    }
    set.push(']');
    Some(set)
}

/// The fields of the param in a registry.
pub fn node(kind: &ParamKind) -> Node {
    let mut fields = vec![("type", Node::text(kind.as_str()))];
    match kind {
        ParamKind::String { pattern: Some(pattern) } => fields.push(("pattern", Node::text(pattern.as_str()))),
        ParamKind::Hex { length: Some(length) } => {
            fields.push(("length", Node::new(Value::Number(length.to_string()))));
        }
        ParamKind::String { pattern: None }
        | ParamKind::Integer { .. }
        | ParamKind::Uuid
        | ParamKind::Hex { length: None }
        | ParamKind::Date
        | ParamKind::EpochMs
        | ParamKind::Enum(_)
        | ParamKind::Rest => {}
    }
    Node::map(fields)
}
