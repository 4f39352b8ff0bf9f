//! The builders of rueidis and valkey-go: `client.B().Set().Key(k).Value(v).ExSeconds(60).Build()` is a command as a whole.

use super::super::super::program::Expression;
use super::super::worded::{self, called, receiver};
use super::super::{Whole, Word, Words};

/// Steps that name what they hold and add no word of their own.
const VALUES: &[&str] = &[
    "Arg",
    "Args",
    "Channel",
    "Consumer",
    "Cursor",
    "Decrement",
    "Delta",
    "Destination",
    "Element",
    "End",
    "Field",
    "FieldValue",
    "Id",
    "Increment",
    "Index",
    "Key",
    "Keys",
    "Latitude",
    "Longitude",
    "Max",
    "Member",
    "Message",
    "Milliseconds",
    "MillisecondsTimestamp",
    "Min",
    "MinIdleTime",
    "Newkey",
    "Numkeys",
    "Offset",
    "Path",
    "Pattern",
    "Pivot",
    "Score",
    "ScoreMember",
    "Script",
    "Seconds",
    "Sha1",
    "Source",
    "Start",
    "Stop",
    "Threshold",
    "Timeout",
    "Timestamp",
    "Value",
    "Groupname",
    "Consumername",
    "Group",
    "Bit",
];

/// Steps of another name than their word, and whether they hold a value.
const TOKENS: &[(&str, &str)] = &[
    ("Almost", "~"),
    ("Exact", "="),
    ("ExSeconds", "EX"),
    ("PxMilliseconds", "PX"),
    ("ExatTimestamp", "EXAT"),
    ("PxatMillisecondsTimestamp", "PXAT"),
];

/// The outermost call of such a chain.
pub(super) fn whole(call: &Expression) -> Option<Whole> {
    let (name, _) = called(call)?;
    if !matches!(name, "Build" | "Cache") {
        return None;
    }
    let mut steps = Vec::new();
    let mut value = receiver(call)?;
    let client = loop {
        let (name, arguments) = called(value)?;
        let of = receiver(value)?;
        if name == "B" && arguments.is_empty() {
            break of;
        }
        steps.push((name, arguments));
        value = of;
    };
    let (name, arguments) = steps.pop()?;
    let mut words: Words = match (name, arguments.first()) {
        ("Arbitrary", _) => worded::spelled(arguments)?,
        _ => worded::named(&command_of(name)?),
    };
    let group = words.iter().any(|word| matches!(word, Word::Literal(name) if name == "XREADGROUP"));
    for (step, arguments) in steps.into_iter().rev() {
        if let Some((_, token)) = TOKENS.iter().find(|(known, _)| *known == step) {
            words.push(Word::Literal((*token).to_owned()));
        } else if step == "Px" {
            words.extend(arguments.first().map(|amount| Word::Duration("PX", amount.value.clone())));
            continue;
        } else if matches!(step, "Ex" | "Exat" | "Pxat") {
            let token = worded::token_of(&step.to_ascii_uppercase());
            words.extend(arguments.first().map(|amount| Word::Duration(token, amount.value.clone())));
            continue;
        } else if !VALUES.contains(&step) || (step == "Group" && group) {
            words.push(Word::Literal(step.to_ascii_uppercase()));
        }
        words.extend(arguments.iter().map(worded::value));
    }
    Some(Whole { words, client: Some(client.clone()) })
}

/// `Hset` is HSET, `XgroupCreate` is XGROUP CREATE.
fn command_of(name: &str) -> Option<String> {
    worded::command(name).or_else(|| {
        let at = name.char_indices().skip(1).find(|(_, char)| char.is_ascii_uppercase())?.0;
        let (container, sub) = name.split_at(at);
        worded::command(&format!("{container} {sub}"))
    })
}
