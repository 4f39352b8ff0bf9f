//! Parts with a variable place in them, such as `sidebar.{hash}`, among the words of one place.

use std::collections::BTreeMap;

use super::Part;
use super::outline::Outline;
use super::place::{Keyed, leaves, literal};
use crate::extract::infer::names::Merge;
use crate::extract::infer::names::look::Class;
use crate::extract::infer::names::slot::chars_of;
use crate::extract::infer::names::tree::{Node, whole_slot};

/// Words that fit a part with one variable place by length and characters of the value there, such as an id in which chance
/// put no digit.
pub fn join_templates<F: Merge>(words: Vec<(Keyed<F>, Outline)>) -> Vec<(Keyed<F>, Outline)> {
    let place = |key: &[u8]| -> Option<usize> {
        let mut places = (1..key.len()).filter(|at| Class::of_byte(key[*at]).is_some());
        let at = places.next().filter(|_| places.next().is_none())?;
        matches!(Class::of_byte(key[at]), Some(Class::Hex | Class::Opaque | Class::Ulid | Class::Digits)).then_some(at)
    };
    let (mut templates, plain): (Vec<_>, Vec<_>) = words
        .into_iter()
        .partition(|((key, edge), _)| place(key).is_some() && edge.slots.get(1).is_some_and(|slot| slot.more));
    let mut left = Vec::new();
    'words: for ((key, edge), outline) in plain {
        let whole = whole_slot(&key, edge.slots.clone());
        let text = whole.single().unwrap_or_default().to_owned();
        for ((template, known), shape) in &mut templates {
            let Some(at) = place(template) else { continue };
            let ends = (std::str::from_utf8(&template[1..at]), std::str::from_utf8(&template[at + 1..]));
            let (Ok(before), Ok(after)) = ends else { continue };
            let inside = text.strip_prefix(before).and_then(|text| text.strip_suffix(after));
            let fits = inside.is_some_and(|value| {
                known.slots.get(1).is_some_and(|slot| {
                    slot.lengths.is_some_and(|(low, high)| (low..=high).contains(&value.len()))
                        && value.len() >= 7
                        && chars_of(value.as_bytes()) & !slot.chars == 0
                })
            });
            if fits && shape.likeness(&outline) >= 0.5 {
                for (slot, value) in known.slots.iter_mut().zip([Some(text.as_str()), inside]) {
                    slot.add(value.unwrap_or_default());
                }
                known.node.merge(edge.node, usize::MAX, &mut 0);
                continue 'words;
            }
        }
        left.push(((key, edge), outline));
    }
    left.extend(templates);
    left.sort_by(|((a, _), _), ((b, _), _)| a.cmp(b));
    left
}

/// Parts that differ only in whether a number has leading zeros are one: `INV-2026-00017`, `INV-2026-10450`.
pub fn unite_numbers<F: Merge>(words: Vec<(Keyed<F>, Outline)>) -> Vec<(Keyed<F>, Outline)> {
    let plain = |byte: &u8| if *byte == Class::Digits as u8 { Class::Integer as u8 } else { *byte };
    let mut united: BTreeMap<Vec<u8>, Vec<(Keyed<F>, Outline)>> = BTreeMap::new();
    for ((key, edge), outline) in words {
        let alike = united.entry(key.iter().map(plain).collect()).or_default();
        let same = alike
            .iter_mut()
            .find(|((_, known), shape)| known.slots.len() == edge.slots.len() && shape.likeness(&outline) >= 0.5);
        match same {
            Some(((known_key, known), shape)) => {
                let digits = |at: usize| [known_key[at], key[at]].into_iter().max().unwrap_or_default();
                *known_key = (0..key.len()).map(digits).collect();
                for (slot, other) in known.slots.iter_mut().zip(edge.slots) {
                    slot.merge(other);
                }
                shape.extend(&outline);
                known.node.merge(edge.node, usize::MAX, &mut 0);
            }
            None => alike.push(((key, edge), outline)),
        }
    }
    let mut words: Vec<(Keyed<F>, Outline)> = united.into_values().flatten().collect();
    words.sort_by(|((a, _), _), ((b, _), _)| a.cmp(b));
    words
}

/// Words with a variable place in them that many names of this place share are patterns already, such as
/// `sidebar.{hash}`: what they have in common is no value.
pub fn keep_established<F: Merge>(
    words: Vec<(Keyed<F>, Outline)>,
    done: &mut Vec<(Vec<Part>, Node<F>)>,
) -> Vec<(Keyed<F>, Outline)> {
    let counts: Vec<usize> = words.iter().map(|((_, edge), _)| leaves(&edge.node, usize::MAX)).collect();
    let needed = (counts.iter().fold(0usize, |sum, count| sum.saturating_add(*count)) / 20).max(8);
    let mut left = Vec::new();
    for ((keyed, outline), count) in words.into_iter().zip(counts) {
        let varied = keyed.1.slots.iter().skip(1).any(|slot| slot.more || slot.values.len() >= 8);
        if varied && count >= needed {
            done.push(literal(keyed));
        } else {
            left.push((keyed, outline));
        }
    }
    left
}
