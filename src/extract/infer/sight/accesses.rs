//! Who does what, as accesses of a sighting.

use std::collections::BTreeMap;

use super::super::facts::{Times, Uses};
use super::amounts;
use crate::extract::{Access, Certainty, Mode};
use crate::registry::glob_matches;

/// The accesses of what was done with keys or channels.
pub(super) fn of(uses: &Uses) -> Vec<Access> {
    uses.by
        .iter()
        .map(|((client, command, mode), seen)| Access {
            module: client.clone(),
            place: None,
            command: (*command).to_owned(),
            mode: *mode,
            ttl: only(&seen.ttl).map(amounts::time),
            bound: only(&seen.bounds).map(|bound| format!("{}{}", if bound % 2 == 1 { "~" } else { "" }, bound / 2)),
            max_age: None,
            key_expr: None,
            certainty: Certainty::Certain,
            calls: Some(seen.calls),
        })
        .collect()
}

fn only(times: &Times) -> Option<u64> {
    match times.few()[..] {
        [only] => Some(only),
        _ => None,
    }
}

/// Subscriptions to whatever fits a glob, for a channel that does.
pub(super) fn of_globs(globs: &BTreeMap<String, Uses>, pattern: &str) -> Vec<Access> {
    let fits = |glob: &str| glob_matches(glob.as_bytes(), pattern.as_bytes());
    let subscribes = |access: &Access| access.mode == Mode::Subscribe;
    globs.iter().filter(|(glob, _)| fits(glob)).flat_map(|(_, uses)| of(uses)).filter(subscribes).collect()
}
