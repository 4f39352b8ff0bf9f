//! What hangs under a word, in outline: the ways on from there, each with the signature of the keys at its end. Words of
//! one meaning have the same ways on.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::extract::infer::names::look::Class;
use crate::extract::infer::names::tree::{Node, is_word};
use crate::extract::infer::names::{Merge, Signature};

/// Ways that are looked at under one word.
const WAYS: usize = 256;

/// The keys of the steps of one way on, and the signature at its end.
type Way<'n> = (Vec<&'n [u8]>, Signature);

/// Ways on, with what is known of the keys there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline(pub BTreeMap<Vec<u8>, Signature>);

/// The outlines of neighbours. A word in a way counts as that word where several neighbours have it, else as any word.
pub fn outlines<F: Merge>(nodes: &[&Node<F>]) -> Vec<Outline> {
    drawn(nodes, (nodes.len() / 20).max(2))
}

/// The outlines of neighbours, in which any word counts as any other.
pub fn bare_outlines<F: Merge>(nodes: &[&Node<F>]) -> Vec<Outline> {
    drawn(nodes, usize::MAX)
}

/// Words that fewer neighbours have than needed count as any word.
fn drawn<F: Merge>(nodes: &[&Node<F>], needed: usize) -> Vec<Outline> {
    let raw: Vec<Vec<Way<'_>>> = nodes
        .iter()
        .map(|node| {
            let mut ways = Vec::new();
            collect(node, &mut Vec::new(), &mut ways);
            ways
        })
        .collect();
    let mut shared: HashMap<&[u8], usize> = HashMap::new();
    for ways in &raw {
        let words: BTreeSet<&[u8]> =
            ways.iter().flat_map(|(way, _)| way.iter().copied()).filter(|key| is_word(key)).collect();
        for word in words {
            *shared.entry(word).or_default() += 1;
        }
    }
    raw.iter()
        .map(|ways| {
            let mut outline = Outline::default();
            for (way, signature) in ways {
                let mut path = Vec::new();
                for key in way {
                    let alone = is_word(key) && shared.get(key).copied().unwrap_or(0) < needed;
                    match key.get(1).copied().and_then(Class::of_byte).filter(|_| key.len() == 2) {
                        // Which of these an id looks like is chance.
                        Some(Class::Hex | Class::Ulid | Class::Opaque) => path.extend([key[0], Class::Opaque as u8]),
                        None if alone && like_an_id(&key[1..]) => path.extend([key[0], Class::Opaque as u8]),
                        None if alone => path.extend([key[0], Class::Word as u8]),
                        Some(_) | None => path.extend_from_slice(key),
                    }
                    path.push(0);
                }
                outline.0.entry(path).or_default().extend(signature.iter().cloned());
            }
            outline
        })
        .collect()
}

fn collect<'n, F: Merge>(node: &'n Node<F>, way: &mut Vec<&'n [u8]>, ways: &mut Vec<Way<'n>>) {
    if ways.len() >= WAYS {
        return;
    }
    if let Some(leaf) = &node.leaf {
        ways.push((way.clone(), leaf.facts.signature()));
    }
    for (key, edge) in &node.edges {
        way.push(key);
        collect(&edge.node, way, ways);
        way.pop();
    }
}

/// Might this word be an id in which chance put no digit, or little else?
fn like_an_id(word: &[u8]) -> bool {
    let hex = word.iter().all(|byte| matches!(byte, b'a'..=b'f' | b'0'..=b'9'));
    let capitals = word.iter().skip(1).filter(|byte| byte.is_ascii_uppercase()).count();
    let plain = word.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    word.len() >= 7 && plain && (hex || word.iter().any(u8::is_ascii_digit) || (capitals >= 2 && word.len() >= 10))
}

/// Can keys of these signatures mean the same? A bare type (`hash`) fits all that is said of it (`hash:name`).
pub fn agree(a: &Signature, b: &Signature) -> bool {
    let bare = |word: &str, other: &str| other.strip_prefix(word).is_some_and(|rest| rest.starts_with(':'));
    let told = |signature: &'_ Signature| -> Vec<String> {
        signature.iter().filter(|word| !word.starts_with('+')).cloned().collect()
    };
    if a.is_empty() || b.is_empty() {
        return true;
    }
    let (a, b) = (told(a), told(b));
    a.is_empty()
        || b.is_empty()
        || a.iter().any(|one| b.iter().any(|two| one == two || bare(one, two) || bare(two, one)))
}

/// Does a word of a signature say more than a type, and more than that it is text or JSON?
pub fn closer(word: &str) -> bool {
    word.starts_with('+') || (word.contains(':') && !matches!(word, "string:text" | "string:json"))
}

impl Outline {
    /// How much of the smaller outline is in the other, 0 to 1; none when a way leads to keys of another meaning.
    pub fn likeness(&self, other: &Self) -> f64 {
        let likeness = self.strict_likeness(other);
        let ids = |outline: &Self| outline.0.keys().any(|way| way.contains(&(Class::Opaque as u8)));
        if likeness > 0.0 || !(ids(self) || ids(other)) {
            return likeness;
        }
        self.without_numbers().strict_likeness(&other.without_numbers())
    }

    /// Does a way that both have lead to keys of different meanings?
    pub fn contradicts(&self, other: &Self) -> bool {
        self.0.iter().any(|(way, signature)| other.0.get(way).is_some_and(|known| !agree(signature, known)))
    }

    /// With numbers as ids: an id of hexadecimal digits may hold no letter.
    fn without_numbers(&self) -> Self {
        let mut outline = Self::default();
        for (way, signature) in &self.0 {
            let number = |byte: u8| matches!(Class::of_byte(byte), Some(Class::Integer | Class::Digits));
            let way = way.iter().map(|byte| if number(*byte) { Class::Opaque as u8 } else { *byte }).collect();
            outline.0.entry(way).or_default().extend(signature.iter().cloned());
        }
        outline
    }

    #[allow(clippy::cast_precision_loss, reason = "at most some hundreds")]
    fn strict_likeness(&self, other: &Self) -> f64 {
        let mut common = 0;
        for (way, signature) in &self.0 {
            if let Some(known) = other.0.get(way) {
                if !agree(signature, known) {
                    return 0.0;
                }
                common += 1;
            }
        }
        f64::from(common) / (self.0.len().min(other.0.len()).max(1) as f64)
    }

    /// Are the types of all keys known?
    pub fn is_typed(&self) -> bool {
        self.0.values().all(|signature| !signature.is_empty())
    }

    /// Is more known of all keys than their types?
    pub fn is_known(&self) -> bool {
        self.0.values().all(|signature| signature.iter().any(|word| closer(word)))
    }

    /// Adds the ways of another.
    pub fn extend(&mut self, other: &Self) {
        for (way, signature) in &other.0 {
            self.0.entry(way.clone()).or_default().extend(signature.iter().cloned());
        }
    }
}
