//! Commands that have no typed form: the key where the command's own specification wants it, any words around it.

use super::bounds::literal;
use super::writes::{Draft, argument};
use super::{ArgumentKind, Word};
use crate::generate::rust::names;
use crate::server::commands::{Begin, Command, Find};

/// The draft of any command on one key.
pub(super) fn draft(command: &Command) -> Draft {
    let name_words = command.name.split(' ').count();
    let mut draft = Draft {
        command: command.name.clone(),
        suffix: names::snake(&command.name),
        words: command.name.split(' ').map(literal).collect(),
        ..Draft::default()
    };
    let spec = command.keys_in_specs().next().map(|(_, spec)| (&spec.begin, spec.find));
    let begin = match spec {
        Some((Begin::Index(index), _)) => usize::try_from(*index).unwrap_or(name_words),
        Some((Begin::Keyword { .. } | Begin::Unknown, _)) | None => name_words,
    };
    if begin > name_words {
        let at = argument(&mut draft.arguments, "before", ArgumentKind::Raw);
        draft.words.push(Word::Rest(at));
    }
    // EVAL and its kin say how many keys follow.
    if let Some((_, Find::Count { at: 0, .. })) = spec {
        draft.words.push(literal("1"));
    }
    if let Some((Begin::Keyword { word, .. }, _)) = spec {
        let at = argument(&mut draft.arguments, "before", ArgumentKind::Raw);
        draft.words.extend([Word::Rest(at), literal(word)]);
    }
    draft.words.push(Word::Key);
    // A command of so many words takes no more.
    if usize::try_from(command.arity) != Ok(draft.words.len()) {
        let at = argument(&mut draft.arguments, "args", ArgumentKind::Raw);
        draft.words.push(Word::Rest(at));
    }
    draft
}
