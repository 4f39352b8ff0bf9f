//! What a call says of what a key holds: the values, fields, elements, members and entries that it writes.

use super::super::facts::{Contents, Values};
use super::super::payload::{Numbers, both};
use crate::server::commands::{Given, Group, Invocation, KeyUse, Size};

/// Takes in what a call writes to one of its keys. `cut` are the words that are not there in full.
pub(super) fn written(contents: &mut Contents, call: &Invocation<'_>, key: &KeyUse, cut: &[usize]) {
    let whole = |given: &&Given<'_>| !cut.contains(&given.position);
    let values = |name: &'static str| call.values(name).filter(whole).map(|given| Values::of(given.word));
    match call.command.group {
        Group::String => text(contents, call, key, cut),
        Group::Hash => hash(contents, call, cut),
        Group::List => values("element").for_each(|value| contents.element.merge(value)),
        Group::Set => values("member").for_each(|value| contents.member.merge(value)),
        Group::SortedSet => {
            values("member").for_each(|value| contents.member.merge(value));
            for score in call.values("score").filter_map(|given| number(given.word)) {
                let score = Numbers::of_value(score, score.fract() == 0.0);
                both(&mut contents.score, Some(score), Numbers::merge);
            }
        }
        Group::Geo => values("member").for_each(|value| contents.member.merge(value)),
        Group::Stream => stream(contents, call, cut),
        Group::HyperLogLog => values("element").for_each(|value| contents.element.merge(value)),
        Group::Json if call.command.name == "JSON.SET" => {
            let at_root = call.values("path").any(|path| matches!(path.word, b"$" | b"."));
            if at_root {
                values("value").for_each(|value| contents.value.merge(value));
            }
        }
        _ => {}
    }
}

fn number(word: &[u8]) -> Option<f64> {
    std::str::from_utf8(word).ok()?.parse().ok().filter(|number: &f64| number.is_finite())
}

fn text(contents: &mut Contents, call: &Invocation<'_>, key: &KeyUse, cut: &[usize]) {
    match call.command.name.as_str() {
        "INCR" | "DECR" | "INCRBY" | "DECRBY" => contents.value.merge(Values::counter(true)),
        "INCRBYFLOAT" => contents.value.merge(Values::counter(false)),
        _ if key.effect.is_some_and(|effect| effect.size == Size::Replaces) => {
            let several = call.keys.len() > 1;
            let is_its =
                |given: &&Given<'_>| !cut.contains(&given.position) && (!several || given.position == key.position + 1);
            if let Some(value) = call.values("value").find(is_its) {
                contents.value.merge(Values::of(value.word));
            }
        }
        _ => {}
    }
}

fn hash(contents: &mut Contents, call: &Invocation<'_>, cut: &[usize]) {
    let counter = match call.command.name.as_str() {
        "HINCRBY" => Some(true),
        "HINCRBYFLOAT" => Some(false),
        _ => None,
    };
    if let Some(is_whole) = counter {
        for field in call.values("field") {
            contents.fields.see(field.word, Values::counter(is_whole), false);
        }
        return;
    }
    pairs(call, cut, |name, value| contents.fields.see(name, value, false));
}

fn stream(contents: &mut Contents, call: &Invocation<'_>, cut: &[usize]) {
    if call.command.name != "XADD" {
        return;
    }
    contents.entry.whole += 1;
    let mut names: Vec<&[u8]> = Vec::new();
    let entry = &mut contents.entry;
    for given in call.values("field") {
        let value = call.values("value").find(|value| value.position == given.position + 1);
        let Some(value) = value else { continue };
        let values = if cut.contains(&value.position) { Values::default() } else { Values::of(value.word) };
        let first = !names.contains(&given.word);
        names.push(given.word);
        entry.see(given.word, values, first);
    }
}

/// Fields, each with the value that follows it.
fn pairs(call: &Invocation<'_>, cut: &[usize], mut each: impl FnMut(&[u8], Values)) {
    let mut values = call.values("value").peekable();
    for field in call.values("field") {
        while values.next_if(|value| value.position < field.position).is_some() {}
        if let Some(value) = values.next_if(|value| value.position == field.position + 1)
            && !cut.contains(&value.position)
        {
            each(field.word, Values::of(value.word));
        }
    }
}
