//! One place in names: which of the parts seen there stay as they are, and which become a variable.

use std::collections::BTreeMap;

use super::cluster::{Beside, clusters, varies};
use super::known::Known;
use super::outline::{Outline, bare_outlines, outlines};
use super::templates::{join_templates, keep_established, unite_numbers};
use super::{Part, Variable};
use crate::extract::infer::names::Merge;
use crate::extract::infer::names::look::Class;
use crate::extract::infer::names::slot::{DIGIT, DOT, HEX_UPPER, HYPHEN, LOW_LINE, Slot, UPPER, chars_of};
use crate::extract::infer::names::tree::{Edge, Node, is_word, whole_slot};
use crate::registry::ParamKind;

/// Characters of a part in capitals that may belong to the symbol after it: `CRYPTO:BTC`.
const LONGEST_PREFIX: usize = 8;

/// A part with what it leads to.
pub type Keyed<F> = (Box<[u8]>, Edge<F>);

/// A variable of this place, and what follows it.
struct Varying<F> {
    class: Class,
    /// Parts that may stand before the value, with a separator of their own.
    before: Vec<String>,
    slot: Slot,
    node: Node<F>,
    outline: Outline,
}

/// Decides on all parts after one separator.
pub fn decide<F: Merge>(group: Vec<Keyed<F>>, known: &Known, at_root: bool) -> Vec<(Vec<Part>, Node<F>)> {
    let mut group = super::dotted::part(group);
    let fixed = super::cross::fold_recurring(&mut group, known);
    let (fixed, group): (Vec<_>, Vec<_>) = group.into_iter().partition(|(key, _)| fixed.contains(key));
    let mut done: Vec<(Vec<Part>, Node<F>)> = fixed.into_iter().map(literal).collect();
    if let [(key, _)] = group.as_slice()
        && is_word(key)
    {
        done.extend(group.into_iter().map(literal));
        return done;
    }
    let shapes = {
        let nodes: Vec<&Node<F>> = group.iter().map(|(_, edge)| &edge.node).collect();
        outlines(&nodes)
    };
    let mut varying: Vec<Varying<F>> = Vec::new();
    let mut words: Vec<(Keyed<F>, Outline)> = Vec::new();
    for ((key, edge), outline) in group.into_iter().zip(shapes) {
        match key.get(1).copied().and_then(Class::of_byte).filter(|_| key.len() == 2) {
            Some(class) if !constant(class, &edge) => {
                let slot = whole_slot(&key, edge.slots);
                varying.push(Varying { class, before: Vec::new(), slot, node: edge.node, outline });
            }
            Some(_) => {
                let text = edge.slots.first().and_then(Slot::single).unwrap_or_default().to_owned();
                done.push((vec![Part::Text(text)], edge.node));
            }
            None if is_word(&key) => words.push(((key, edge), outline)),
            None => done.push((Vec::new(), edge.node)),
        }
    }
    unite(&mut varying);
    let words = keep_established(join_templates(join_ids(unite_numbers(words), &mut varying)), &mut done);
    let prefixed = prefixed(&words);
    cluster_words(words, (prefixed, at_root, known), &mut varying, &mut done);
    unite(&mut varying);
    take_in(&mut done, &mut varying);
    done.extend(varying.into_iter().map(|place| {
        let mut parts = variable_parts(place.class, place.slot);
        if !place.before.is_empty() {
            let before: Vec<String> = place.before.iter().map(|part| regex::escape(part)).collect();
            let pattern = Some(format!("(?:(?:{}):)?[^:]+", before.join("|")));
            for part in &mut parts {
                if let Part::Variable(variable) = part {
                    variable.kind = ParamKind::String { pattern: pattern.clone() };
                }
            }
        }
        (parts, place.node)
    }));
    done
}

/// Are these characters of symbols?
fn capitals(chars: u16) -> bool {
    chars & !(UPPER | HEX_UPPER | DIGIT | DOT | HYPHEN | LOW_LINE) == 0
}

/// Names that symbols have after a part in capitals beside other symbols: `I:SPX`.
fn prefixed<F>(words: &[(Keyed<F>, Outline)]) -> usize {
    let symbol = |key: &[u8]| is_word(key) && key.len() <= LONGEST_PREFIX + 1 && capitals(chars_of(&key[1..]));
    let of_symbols = |node: &Node<F>| {
        node.leaf.is_none() && !node.edges.is_empty() && node.edges.keys().all(|key| key[0] == b':' && symbol(key))
    };
    let words = words.iter().filter(|((key, edge), _)| symbol(key) && of_symbols(&edge.node));
    words.map(|((_, edge), _)| edge.node.edges.len()).sum()
}

/// Values of which some hold the separator, such as `I:SPX` among symbols: a short part in capitals is no place of its own
/// when what follows it looks, and goes on, like the values beside it.
fn take_in<F: Merge>(done: &mut Vec<(Vec<Part>, Node<F>)>, varying: &mut [Varying<F>]) {
    let symbols = |place: &&mut Varying<F>| place.class == Class::Word && capitals(place.slot.chars);
    let Some(place) = varying.iter_mut().find(symbols) else { return };
    for (parts, node) in std::mem::take(done) {
        let prefix = match parts.as_slice() {
            [Part::Text(text)] if text.len() <= LONGEST_PREFIX && capitals(chars_of(text.as_bytes())) => text.clone(),
            _ => {
                done.push((parts, node));
                continue;
            }
        };
        let alike = node.leaf.is_none()
            && node.edges.keys().all(|key| key[0] == b':' && is_word(key) && capitals(chars_of(&key[1..])))
            && {
                let inside: Vec<&Node<F>> = node.edges.values().map(|edge| &edge.node).collect();
                outlines(&inside).iter().all(|outline| outline.likeness(&place.outline) >= 0.5)
            };
        if !alike {
            done.push((parts, node));
            continue;
        }
        for (key, edge) in node.edges {
            place.slot.merge(whole_slot(&key, edge.slots));
            place.node.merge(edge.node, usize::MAX, &mut 0);
        }
        place.before.push(prefix);
    }
}

/// Is what looks like a number always the same, as the version in `:1:page:7`?
fn constant<F>(class: Class, edge: &Edge<F>) -> bool {
    let single = edge.slots.first().and_then(Slot::single);
    class == Class::Integer && single.is_some_and(|value| value.len() <= 2) && leaves(&edge.node, 4) >= 4
}

/// Names under a place, counted no further than there are enough.
pub fn leaves<F>(node: &Node<F>, enough: usize) -> usize {
    let mut count = node.leaf.as_ref().map_or(0, |leaf| usize::try_from(leaf.names.count().0).unwrap_or(usize::MAX));
    for edge in node.edges.values() {
        if count >= enough {
            break;
        }
        count = count.saturating_add(leaves(&edge.node, enough));
    }
    count
}

/// Variables of different looks that are one: ids of which some are all digits, numbers with and without leading zeros, and
/// any look beside any word.
fn unite<F: Merge>(varying: &mut Vec<Varying<F>>) {
    let wide = |class: Class| match class {
        Class::Word => 4,
        Class::Opaque => 3,
        Class::Hex | Class::Ulid => 2,
        Class::Digits => 1,
        _ => 0,
    };
    varying.sort_by_key(|place| (std::cmp::Reverse(wide(place.class)), place.class));
    let mut kept: Vec<Varying<F>> = Vec::new();
    for place in std::mem::take(varying) {
        match kept.iter_mut().find(|known| takes(known, &place)) {
            Some(known) => {
                known.slot.merge(place.slot);
                known.outline.extend(&place.outline);
                known.node.merge(place.node, usize::MAX, &mut 0);
            }
            None => kept.push(place),
        }
    }
    *varying = kept;
}

fn takes<F>(wide: &Varying<F>, place: &Varying<F>) -> bool {
    if wide.outline.likeness(&place.outline) < 0.5 || place.class == Class::Rest {
        return false;
    }
    match (wide.class, place.class) {
        (Class::Word, _) => true,
        (Class::Digits, Class::Integer) => true,
        (Class::Opaque, Class::Hex | Class::Ulid | Class::Integer | Class::Digits)
        | (Class::Hex | Class::Ulid, Class::Integer | Class::Digits) => within(wide, &place.slot),
        _ => false,
    }
}

/// Has the slot only lengths and characters that the variable has?
fn within<F>(wide: &Varying<F>, slot: &Slot) -> bool {
    let lengths = match (wide.slot.lengths, slot.lengths) {
        (Some((low, high)), Some((from, to))) => low <= from && to <= high && from >= 7,
        _ => false,
    };
    lengths && slot.chars & !wide.slot.chars == 0
}

/// Words that are ids by length, characters and what follows, such as a hex id without a digit.
fn join_ids<F: Merge>(words: Vec<(Keyed<F>, Outline)>, varying: &mut [Varying<F>]) -> Vec<(Keyed<F>, Outline)> {
    let mut left = Vec::new();
    for ((key, edge), outline) in words {
        // The whole word, of which parts may have looked like places of their own.
        let whole = whole_slot(&key, edge.slots.clone());
        let slot = Slot { lengths: whole.lengths, chars: whole.chars, ..Slot::default() };
        let id = |place: &&mut Varying<F>| {
            matches!(place.class, Class::Hex | Class::Opaque | Class::Ulid)
                && within(place, &slot)
                && place.outline.likeness(&outline) >= 0.5
        };
        match varying.iter_mut().find(id) {
            Some(place) => {
                place.slot.merge(whole_slot(&key, edge.slots));
                place.outline.extend(&outline);
                place.node.merge(edge.node, usize::MAX, &mut 0);
            }
            None => left.push(((key, edge), outline)),
        }
    }
    left
}

fn cluster_words<F: Merge>(
    words: Vec<(Keyed<F>, Outline)>,
    (prefixed, at_root, known): (usize, bool, &Known),
    varying: &mut Vec<Varying<F>>,
    done: &mut Vec<(Vec<Part>, Node<F>)>,
) {
    let (keyed, shapes): (Vec<Keyed<F>>, Vec<Outline>) = words.into_iter().unzip();
    let mut found = clusters(&shapes);
    let judged: Vec<bool> = found
        .iter()
        .map(|cluster| {
            let company = varying.iter().filter(|place| place.outline.likeness(&cluster.outline) >= 0.5).count();
            let folded = varying
                .iter()
                .any(|place| place.class == Class::Word && place.outline.likeness(&cluster.outline) >= 0.5);
            folded || varies(cluster, &shapes, |at| &keyed[at].0[1..], Beside { known, company, prefixed, at_root })
        })
        .collect();
    let mut by_position: BTreeMap<usize, usize> = BTreeMap::new();
    for (number, cluster) in found.iter().enumerate().filter(|(number, _)| judged[*number]) {
        by_position.extend(cluster.members.iter().map(|at| (*at, number)));
    }
    // Words that differ in which words follow them, and in nothing else: those that follow are chance.
    let bare = bare_outlines(&keyed.iter().map(|(_, edge)| &edge.node).collect::<Vec<_>>());
    for cluster in clusters(&bare) {
        let goes_on = cluster.outline.0.keys().any(|way| !way.is_empty());
        let left = cluster.members.iter().filter(|at| !by_position.contains_key(at)).count();
        if goes_on
            && left * 4 >= cluster.members.len()
            && varies(&cluster, &bare, |at| &keyed[at].0[1..], Beside { known, company: 0, prefixed: 0, at_root })
        {
            by_position.extend(cluster.members.iter().map(|at| (*at, found.len())));
            found.push(cluster);
        }
    }
    let mut variables: BTreeMap<usize, (Slot, Node<F>)> = BTreeMap::new();
    for (at, (key, edge)) in keyed.into_iter().enumerate() {
        match by_position.get(&at) {
            Some(number) => {
                known.varies(&key[1..]);
                let (slot, node) = variables.entry(*number).or_default();
                slot.merge(whole_slot(&key, edge.slots));
                node.merge(edge.node, usize::MAX, &mut 0);
            }
            None => done.push(literal((key, edge))),
        }
    }
    for (number, (slot, node)) in variables {
        varying.push(Varying {
            class: Class::Word,
            before: Vec::new(),
            slot,
            node,
            outline: found[number].outline.clone(),
        });
    }
}

/// A part that stays: its text, with what varies in it by look.
pub fn literal<F>((key, edge): Keyed<F>) -> (Vec<Part>, Node<F>) {
    let mut parts = Vec::new();
    let mut text: Vec<u8> = Vec::new();
    let mut slots = edge.slots.into_iter().skip(1);
    for byte in &key[1..] {
        match Class::of_byte(*byte) {
            None => text.push(*byte),
            Some(class) => {
                if !text.is_empty() {
                    parts.push(Part::Text(String::from_utf8_lossy(&std::mem::take(&mut text)).into_owned()));
                }
                parts.extend(variable_parts(class, slots.next().unwrap_or_default()));
            }
        }
    }
    if !text.is_empty() {
        parts.push(Part::Text(String::from_utf8_lossy(&text).into_owned()));
    }
    (parts, edge.node)
}

/// A variable, without what all its values begin and end with up to an inner separator.
fn variable_parts(class: Class, slot: Slot) -> Vec<Part> {
    let Some((prefix, suffix)) =
        slot.affixes.clone().filter(|_| matches!(class, Class::Word | Class::Opaque) && slot.more_than_one())
    else {
        return vec![Part::Variable(Variable::new(class, slot))];
    };
    let shortest = slot.lengths.map_or(0, |(low, _)| low);
    let stem = prefix.trim_end_matches(|c: char| c.is_ascii_digit());
    let numbered = !stem.is_empty()
        && slot.values.values().all(|value| {
            value
                .get(stem.len()..)
                .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
        })
        && slot.chars & !(chars_of(stem.as_bytes()) | DIGIT) == 0;
    let solid = prefix.len() - prefix.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len();
    let head = if numbered && class == Class::Word {
        stem.len()
    } else if solid >= 4 && shortest >= prefix.len() + 16 {
        prefix.len()
    } else if class == Class::Opaque {
        0
    } else {
        prefix.rfind(inner).map_or(0, |at| at + 1)
    };
    let tail = suffix.find(inner).filter(|_| class == Class::Word).map_or(0, |at| suffix.len() - at);
    if head + tail == 0 || head + tail >= shortest {
        return vec![Part::Variable(Variable::new(class, slot))];
    }
    let head = without_numbers(&prefix, head);
    if head + tail == 0 {
        return vec![Part::Variable(Variable::new(class, slot))];
    }
    let (before, after) = (prefix[..head].to_owned(), suffix[suffix.len() - tail..].to_owned());
    let inside = slot.inside(head, tail);
    let mut parts = Vec::new();
    if !before.is_empty() {
        parts.push(Part::Text(before));
    }
    parts.push(Part::Variable(Variable::new(class, inside)));
    if !after.is_empty() {
        parts.push(Part::Text(after));
    }
    parts
}

/// How much of a common beginning is no number: a year that all have so far is not one that all will have.
fn without_numbers(prefix: &str, head: usize) -> usize {
    const LONG: usize = 3;
    let digits = |at: usize| prefix.as_bytes()[at..head].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = (0..head).find(|at| digits(*at) >= LONG);
    number.map_or(head, |at| prefix[..at].rfind(inner).map_or(0, |end| end + 1))
}

fn inner(c: char) -> bool {
    c.is_ascii() && !c.is_ascii_alphanumeric()
}
