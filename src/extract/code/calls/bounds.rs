//! The TTL that a command gives and the bound that it keeps, in the registry's words, and the variables that these name.

use super::Config;
use super::words::Expanded;
use crate::extract::code::evaluate::amounts::{ONE, Quantity, written};
use crate::extract::code::evaluate::value::{Line, Text};
use crate::server::commands::{Expiry, Invocation, KeyUse, Trim};

/// So many TTLs of one call are told apart.
const TTLS: usize = 4;

/// A TTL or bound.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Amount {
    pub(super) written: Option<String>,
    pub(super) variable: Option<Config>,
}

/// The TTLs that a call may give: one that says nothing where it gives none, or none that can be told.
pub(super) fn ttls(call: &Invocation<'_>, key: &KeyUse, words: &[Expanded]) -> Vec<Amount> {
    let mut all = Vec::new();
    match key.effect.map(|effect| effect.expiry) {
        Some(Expiry::Sets) => {
            let units = [("seconds", ONE), ("milliseconds", ONE / 1000)];
            let given = units.iter().find_map(|(name, unit)| Some((call.values(name).next()?.position, *unit)));
            let Some((at, unit)) = given else { return vec![Amount::default()] };
            let texts = words.get(at).map_or(&[][..], |word| &word.texts);
            // Where the option itself is EX or PX, the amounts are of the one or the other.
            let option = at.checked_sub(1).and_then(|at| words.get(at)).map_or(1, |word| word.texts.len());
            let several = if option > 1 { 1 } else { texts.len() };
            for (text, _) in texts.iter().take(several) {
                if let Some(amount) = time(text, unit).filter(|amount| !all.contains(amount)) {
                    all.push(amount);
                }
            }
        }
        Some(Expiry::Drops) if call.command.name == "PERSIST" => {
            all.push(Amount { written: Some("none".to_owned()), variable: None });
        }
        _ => {}
    }
    if all.is_empty() || all.len() > TTLS { vec![all.into_iter().next().unwrap_or_default()] } else { all }
}

/// The age of the oldest that a call leaves, in the registry's words: it removes what stands below a time before now.
pub(super) fn age(call: &Invocation<'_>, key: &KeyUse, words: &[Expanded]) -> Option<String> {
    key.effect?;
    let position = match (call.command.name.as_str(), call.trim()?) {
        ("ZREMRANGEBYSCORE", _) => {
            let min = call.values("min").next()?.word;
            // Times are all above 0.
            let lowest = [&b"-inf"[..], b"0", b"-1", b"(0"].contains(&min);
            call.values("max").next().filter(|_| lowest)?.position
        }
        (_, Trim::Below { .. }) => call.values("threshold").next()?.position,
        _ => return None,
    };
    let texts = &words.get(position)?.texts;
    let nano = texts.iter().find_map(|(text, _)| text.age())?;
    Some(written(nano / (ONE / 1000) * (ONE / 1000)))
}

/// A time as the registry writes it, of a number that counts this unit: itself, or the variable that holds it.
fn time(text: &Text, unit: i128) -> Option<Amount> {
    let quantity = Quantity::of(text).filter(|_| !text.is_of_now())?;
    let quantity = if quantity.time { quantity } else { quantity.times(unit, ONE, true)? };
    if let Some(variable) = &quantity.variable {
        let kind = match variable.line {
            Line { num: 1, den: 1, plus: 0, .. } => Some("seconds"),
            Line { num: 1, den: 1000, plus: 0, .. } => Some("milliseconds"),
            // Minutes and the like are no type of the registry: then the default tells.
            _ => None,
        };
        if let Some(kind) = kind {
            let name = variable.name.to_string();
            let whole = quantity.default().filter(|default| *default >= 0 && default % ONE == 0);
            let default = whole.map(|default| (default / ONE).to_string());
            return Some(Amount {
                written: Some(format!("{{{name}}}")),
                variable: Some(Config { name, kind, default }),
            });
        }
    }
    // Below a millisecond the server knows nothing.
    let nano = quantity.nano.filter(|nano| *nano > 0)?;
    let millisecond = ONE / 1000;
    let whole = (nano + millisecond - 1) / millisecond * millisecond;
    Some(Amount { written: Some(written(whole)), variable: None })
}

/// The bound that a call keeps.
pub(super) fn bound(call: &Invocation<'_>, key: &KeyUse, words: &[Expanded]) -> Amount {
    if key.effect.is_none() {
        return Amount::default();
    }
    let Some(Trim::Entries { at_most, .. }) = call.trim() else { return Amount::default() };
    let about = if call.has_token("~") { "~" } else { "" };
    let given = ["threshold", "start", "stop"].iter().filter_map(|name| call.values(name).next());
    let mut variable = None;
    for value in given {
        let Some(word) = words.get(value.position) else { continue };
        let Some((text, _)) = word.texts.first() else { continue };
        match (Quantity::of(text), text.plain()) {
            (Some(_), _) if text.is_of_now() => return Amount::default(),
            (Some(quantity), _) if quantity.variable.is_some() => variable = Some((quantity, value.position)),
            (_, None) => return Amount::default(),
            _ => {}
        }
    }
    let literal = Amount { written: Some(format!("{about}{at_most}")), variable: None };
    let Some((quantity, position)) = variable else { return literal };
    let (Some(name), known) =
        (quantity.variable.as_ref().map(|variable| variable.name.to_string()), quantity.default())
    else {
        return literal;
    };
    // What the call keeps is the variable itself, not one more.
    let stand_in = known.unwrap_or_else(|| i128::from(Expanded::stand_in(position)) * ONE);
    if i128::from(at_most) * ONE == stand_in {
        let default = known.map(|default| (default / ONE).to_string());
        let variable = Some(Config { name: name.clone(), kind: "integer", default });
        return Amount { written: Some(format!("{about}{{{name}}}")), variable };
    }
    if known.is_some() { literal } else { Amount::default() }
}
