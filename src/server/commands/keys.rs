//! Where the keys of a concrete call are, by the command's key specifications: words in, positions out.
//!
//! The arithmetic is the server's own; malformed calls, which a server would refuse, give what can be found.

use super::model::{ArgumentKind, Begin, Command, Find, KeySpec};

/// The keys of one call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallKeys {
    /// The keys, in the order of the specifications.
    pub keys: Vec<CallKey>,
    /// False if the server's description does not cover all keys (SORT's BY and GET patterns) or the call is malformed.
    pub complete: bool,
}

/// One key of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallKey {
    /// Index of the word, the command's name being 0.
    pub position: usize,
    /// Index of the key specification that found it.
    pub key_spec: usize,
}

impl Command {
    /// The keys of a call; `words` starts with the command's name. Channels are no keys.
    #[must_use]
    pub fn keys_of<W: AsRef<[u8]>>(&self, words: &[W]) -> CallKeys {
        let mut found = CallKeys { keys: Vec::new(), complete: true };
        for (key_spec, spec) in self.keys_in_specs() {
            let positions = match spec.begin {
                Begin::Unknown => self.positions_by_token(key_spec, words),
                Begin::Index(_) | Begin::Keyword { .. } => positions(spec, words),
            };
            found.complete &= positions.is_some() && !spec.has("incomplete");
            let keys = positions.unwrap_or_default().into_iter();
            found.keys.extend(keys.map(|position| CallKey { position, key_spec }));
        }
        found
    }

    /// Keys that only the arguments describe, by the token before them: SORT's STORE. A pattern of keys (SORT's BY and
    /// GET), if there is one, cannot be told.
    fn positions_by_token<W: AsRef<[u8]>>(&self, key_spec: usize, words: &[W]) -> Option<Vec<usize>> {
        let mut found = Vec::new();
        for argument in self.arguments.iter().filter(|argument| argument.key_spec == Some(key_spec)) {
            let token = argument.token.as_ref()?.as_bytes();
            // The last one counts, as it does for the server; the first two words are the name and a key.
            let Some(at) = words.iter().skip(2).rposition(|word| word.as_ref().eq_ignore_ascii_case(token)) else {
                continue;
            };
            let position = at + 3;
            if argument.kind != ArgumentKind::Key || position >= words.len() {
                return None;
            }
            found.push(position);
        }
        Some(found)
    }
}

/// Positions of one specification's keys: none if its keyword is absent; `None` if they cannot be told.
fn positions<W: AsRef<[u8]>>(spec: &KeySpec, words: &[W]) -> Option<Vec<usize>> {
    let count = i64::try_from(words.len()).ok()?;
    let start = match &spec.begin {
        Begin::Index(index) => i64::from(*index),
        Begin::Keyword { word, from } => match keyword(word, *from, words) {
            Some(at) => at + 1,
            None => return Some(Vec::new()),
        },
        Begin::Unknown => return None,
    };
    let (first, last, step) = match spec.find {
        Find::Range { last, step, limit } => {
            let last = match (last, limit) {
                (0.., _) => start + i64::from(last),
                (_, 0 | 1) => count + i64::from(last),
                // As many other words as keys: XREAD's ids. A server refuses the call if there are not.
                _ if (count - start) % i64::from(limit) != 0 => return None,
                _ => start + (count - start) / i64::from(limit) + i64::from(last),
            };
            (start, last, step)
        }
        Find::Count { at, first, step } => {
            let number = words.get(usize::try_from(start + i64::from(at)).ok()?)?;
            let keys: i64 = std::str::from_utf8(number.as_ref()).ok()?.parse().ok()?;
            let first = start + i64::from(first);
            (first, first.checked_add(keys.checked_sub(1)?.checked_mul(i64::from(step))?)?, step)
        }
        Find::Unknown => return None,
    };
    if first < 1 || last >= count {
        return None;
    }
    let step = usize::try_from(step).ok().filter(|step| *step > 0)?;
    (first..=last).step_by(step).map(|position| usize::try_from(position).ok()).collect()
}

fn keyword<W: AsRef<[u8]>>(word: &str, from: i32, words: &[W]) -> Option<i64> {
    let is_it = |index: &usize| words.get(*index).is_some_and(|w| w.as_ref().eq_ignore_ascii_case(word.as_bytes()));
    let at = if from < 0 {
        let from = words.len().checked_sub(usize::try_from(from.unsigned_abs()).ok()?)?;
        (1..=from).rev().find(is_it)
    } else {
        (usize::try_from(from).ok()?..words.len()).find(is_it)
    };
    at.and_then(|at| i64::try_from(at).ok())
}
