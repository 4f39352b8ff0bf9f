//! What a call does with each of its keys and channels.
//!
//! In: where the keys are, and the call's arguments. Out: access, effect and kind of each. What the specification does
//! not say is the overlay's (`effects`), and nothing here is known by command but what variable flags stand for.

use super::{Access, ChannelKind, ChannelUse, Given, KeyUse};
use crate::server::commands::effects::{self, Effect, Expiry, Size};
use crate::server::commands::keys::CallKey;
use crate::server::commands::model::{ArgumentKind, Command, KeySpec};

pub(super) fn has_token(given: &[Given<'_>], token: &str) -> bool {
    tokens(given).any(|have| have.eq_ignore_ascii_case(token))
}

fn tokens(given: &[Given<'_>]) -> impl Iterator<Item = &'static str> {
    given.iter().filter_map(|given| given.argument.token.as_deref())
}

/// The keys with what happens to them, in order of position.
pub(super) fn keys(command: &'static Command, found: &[CallKey], given: &[Given<'_>]) -> Vec<KeyUse> {
    let mut uses: Vec<KeyUse> = Vec::with_capacity(found.len());
    let mut last: Option<(usize, Access, Option<Effect>)> = None;
    for key in found {
        // All keys of one specification are used alike.
        let (_, access, effect) = match last {
            Some(known) if known.0 == key.key_spec => known,
            _ => {
                let (access, effect) = key_use(command, key.key_spec, given);
                *last.insert((key.key_spec, access, effect))
            }
        };
        uses.push(KeyUse { position: key.position, key_spec: key.key_spec, access, effect });
    }
    uses.sort_by_key(|key| key.position);
    uses.dedup_by_key(|key| key.position);
    // MIGRATE's empty word says that the keys come later; if none come, it is a key like any other.
    let no_key = |given: &&Given<'_>| given.argument.kind == ArgumentKind::PureToken;
    if uses.len() > 1
        && let Some(token) = given.iter().filter(no_key).find(|given| given.word.is_empty())
    {
        uses.retain(|key| key.position != token.position);
    }
    uses
}

fn key_use(command: &'static Command, key_spec: usize, given: &[Given<'_>]) -> (Access, Option<Effect>) {
    let Some(spec) = command.key_specs.get(key_spec) else { return (Access::Read, None) };
    if !spec.writes() || command.has_flag("readonly") || only_reads(command, spec, given) {
        return (Access::Read, None);
    }
    let Some(row) = effects::row(&command.name) else {
        let access = if spec.has("access") { Access::ReadWrite } else { Access::Write };
        return (access, None);
    };
    let first_written = command.keys_in_specs().find(|(_, spec)| spec.writes()).map(|(index, _)| index);
    let hands_out = row.reads || (spec.has("variable_flags") && has_token(given, "GET"));
    let access =
        if hands_out && first_written == Some(key_spec) && !spec.has("OW") { Access::ReadWrite } else { Access::Write };
    (access, command.effect_on(key_spec).map(|effect| resolve(effect, given)))
}

/// BITFIELD says that its flags vary: it writes only if it has something to write.
fn only_reads(command: &Command, spec: &KeySpec, given: &[Given<'_>]) -> bool {
    let writes = || has_token(given, "SET") || has_token(given, "INCRBY");
    spec.has("variable_flags") && command.name == "BITFIELD" && !writes()
}

fn resolve(effect: Effect, given: &[Given<'_>]) -> Effect {
    if matches!(effect, Effect { expiry: Expiry::Optional(_), .. } | Effect { size: Size::Optional(_), .. }) {
        effect.with_options(&tokens(given).collect::<Vec<_>>())
    } else {
        effect
    }
}

/// The channels of a call of so many words.
pub(super) fn channels(command: &Command, words: usize) -> Vec<ChannelUse> {
    if !command.is_channel() {
        return Vec::new();
    }
    let kind = match (command.publishes(), command.subscribes()) {
        (true, _) => ChannelKind::Publish,
        (_, true) => ChannelKind::Subscribe,
        _ => ChannelKind::Unsubscribe,
    };
    let end = if kind == ChannelKind::Publish { words.min(2) } else { words };
    let pattern = command.name.starts_with('P') && kind != ChannelKind::Publish;
    (1..end).map(|position| ChannelUse { position, pattern, kind }).collect()
}
