//! Names that one caller alone makes of several parts, where the call itself takes them for one: `f"job:{job_id}"`, which some give
//! `f"{name}:{number}"` for a job's id. The pattern of the call stands for these too.

use super::{Calls, Found};
use crate::extract::code::evaluate::value::{Part, Text};

/// Is there a stretch of a name that is nothing but unknown parts with signs between?
fn is_joined(name: &Text) -> bool {
    name.parts.windows(3).any(|parts| {
        matches!(parts, [Part::Hole(_), Part::Literal(between), Part::Hole(_)] if !between.chars().any(char::is_alphanumeric))
    })
}

/// Is there a name of which the call itself may know a more general one?
pub(super) fn may_be(calls: &Calls, start: usize) -> bool {
    calls.found[start..].iter().any(|found| is_joined(&found.name))
}

/// Notes for each find of a call the name that the call by itself has for it.
pub(super) fn note(found: &mut [Found], blind: &[Found]) {
    for one in found.iter_mut().filter(|one| is_joined(&one.name)) {
        let general = blind.iter().find(|general| {
            general.kind == one.kind && general.command == one.command && stands_for(&general.name, &one.name)
        });
        one.general = general.map(|general| general.name.clone());
    }
}

/// Is a name another one where a single part stands for a stretch of parts?
fn stands_for(general: &Text, name: &Text) -> bool {
    let same = |a: &Part, b: &Part| match (a, b) {
        (Part::Hole(_), Part::Hole(_)) => true,
        (a, b) => a == b,
    };
    let all = |a: &[Part], b: &[Part]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b));
    let holes = general.parts.iter().enumerate().filter(|(_, part)| matches!(part, Part::Hole(_)));
    holes.into_iter().any(|(at, _)| {
        let (front, back) = (&general.parts[..at], &general.parts[at + 1..]);
        let Some(end) = name.parts.len().checked_sub(back.len()).filter(|end| *end >= at + 3) else { return false };
        let stretch = &name.parts[at..end];
        let ends = |part: Option<&Part>| matches!(part, Some(Part::Hole(_)));
        let signs = stretch.iter().all(|part| match part {
            Part::Literal(text) => !text.chars().any(char::is_alphanumeric),
            Part::Hole(_) => true,
            Part::Glob => false,
        });
        all(front, &name.parts[..at])
            && all(back, &name.parts[end..])
            && ends(stretch.first())
            && ends(stretch.last())
            && signs
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(parts: &[&str]) -> Text {
        let part = |part: &&str| match part.strip_prefix('{') {
            Some(name) => Part::Hole(name.into()),
            None => Part::Literal((*part).to_owned()),
        };
        Text { parts: parts.iter().map(part).collect(), config: None }
    }

    #[test]
    fn one_part_stands_for_a_stretch_of_unknown_parts() {
        let general = text(&["job:", "{id"]);
        assert!(stands_for(&general, &text(&["job:", "{name", ":", "{number"])));
        assert!(!stands_for(&general, &text(&["job:", "{name", ":meta:", "{number"])));
        assert!(!stands_for(&general, &text(&["job:", "{name", ":meta"])));
        assert!(!stands_for(&general, &text(&["task:", "{name", ":", "{number"])));
        assert!(!stands_for(&general, &text(&["job:", "{name"])));
        assert!(stands_for(&text(&["{a", ":in"]), &text(&["{x", "-", "{y", ":in"])));
    }
}
