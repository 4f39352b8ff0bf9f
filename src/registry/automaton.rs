//! Patterns as sets of names: do two overlap (with a witness), does one claim nothing that others do not claim first?
//!
//! Decided exactly, on deterministic automata built from the patterns' expressions, within fixed limits of size.

use std::collections::{HashMap, HashSet, VecDeque};

use regex_automata::dfa::{Automaton as _, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::StateID;
use regex_automata::util::syntax;
use regex_automata::{Anchored, MatchKind, util::start};

/// Bytes that one automaton may take; a pattern beyond that is refused when the registry is read.
const SIZE_LIMIT: usize = 8 << 20;
/// States of a product that are visited before it is given up as undecided.
const PRODUCT_LIMIT: usize = 200_000;

/// The set of names that a pattern claims.
#[derive(Debug)]
pub struct Language(dense::DFA<Vec<u32>>);

impl Language {
    /// The names that match an expression as a whole.
    ///
    /// # Errors
    /// When the expression is wrong, or too large to decide anything about it.
    pub fn new(expression: &str) -> Result<Self, String> {
        let config = dense::Config::new()
            .match_kind(MatchKind::All)
            .start_kind(regex_automata::dfa::StartKind::Anchored)
            .unicode_word_boundary(true)
            .minimize(false)
            .dfa_size_limit(Some(SIZE_LIMIT))
            .determinize_size_limit(Some(4 * SIZE_LIMIT));
        dense::Builder::new()
            .configure(config)
            .syntax(syntax::Config::new().utf8(false).nest_limit(64))
            .thompson(thompson::Config::new().utf8(false).nfa_size_limit(Some(SIZE_LIMIT)))
            .build(&format!(r"(?:{expression})\z"))
            .map(Self)
            .map_err(|error| explain(&error))
    }

    fn start(&self) -> Option<StateID> {
        self.0.start_state(&start::Config::new().anchored(Anchored::Yes)).ok()
    }

    fn accepts_at(&self, state: StateID) -> bool {
        self.0.is_match_state(self.0.next_eoi_state(state))
    }
}

fn explain(error: &dense::BuildError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = error.to_string();
        cause = error.source();
    }
    // The syntax error spans several lines with a picture; its last line says what is wrong.
    let last = text.lines().last().unwrap_or(&text).trim().trim_start_matches("error: ");
    format!("this regular expression cannot be used: {last}")
}

/// Is this expression usable in a pattern?
///
/// # Errors
/// What is wrong with it.
pub fn check_expression(expression: &str) -> Result<(), String> {
    // Plain compilation first: its messages are better, and it refuses most oversized ones cheaply.
    regex::bytes::RegexBuilder::new(expression).size_limit(SIZE_LIMIT).build().map_err(|error| {
        let text = error.to_string();
        let last = text.lines().last().unwrap_or(&text).trim().trim_start_matches("error: ");
        format!("this regular expression cannot be used: {last}")
    })?;
    let language = Language::new(expression)?;
    match shortest(&[&language], |accepts| accepts[0]) {
        Answer::Witness(name) if !name.is_empty() => Ok(()),
        Answer::Witness(_) => {
            let something = Language::new("(?s-u:.+)")?;
            match shortest(&[&language, &something], |accepts| accepts[0] && accepts[1]) {
                Answer::Witness(_) => Ok(()),
                Answer::Empty | Answer::Undecided => {
                    Err("this regular expression matches only the empty text".to_owned())
                }
            }
        }
        Answer::Empty => Err("this regular expression matches nothing".to_owned()),
        Answer::Undecided => Ok(()),
    }
}

/// What a search over sets of names found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// There is such a name; this is a shortest one.
    Witness(Vec<u8>),
    /// There is none.
    Empty,
    /// Too large to say.
    Undecided,
}

/// A shortest name that both claim.
#[must_use]
pub fn overlap(a: &Language, b: &Language) -> Answer {
    shortest(&[a, b], |accepts| accepts[0] && accepts[1])
}

/// A shortest name that `a` claims and none of `others` does.
#[must_use]
pub fn beyond(a: &Language, others: &[&Language]) -> Answer {
    let all: Vec<&Language> = std::iter::once(a).chain(others.iter().copied()).collect();
    shortest(&all, |accepts| accepts[0] && !accepts[1..].iter().any(|accepted| *accepted))
}

/// Breadth-first over the product of the automata: the first name for which `wanted` holds of who accepts it.
fn shortest(languages: &[&Language], wanted: impl Fn(&[bool]) -> bool) -> Answer {
    let Some(start) = languages.iter().map(|language| language.start()).collect::<Option<Vec<StateID>>>() else {
        return Answer::Undecided;
    };
    let alphabet = alphabet(languages);
    let mut seen: HashSet<Vec<StateID>> = HashSet::from([start.clone()]);
    // Parent links instead of whole names: a long literal makes a long queue.
    let mut steps: Vec<(usize, u8)> = vec![(0, 0)];
    let mut queue = VecDeque::from([(start, 0usize)]);
    while let Some((states, at)) = queue.pop_front() {
        let accepts: Vec<bool> =
            languages.iter().zip(&states).map(|(language, state)| language.accepts_at(*state)).collect();
        if wanted(&accepts) {
            return Answer::Witness(spell(&steps, at));
        }
        for byte in &alphabet {
            let next: Vec<StateID> =
                languages.iter().zip(&states).map(|(language, state)| language.0.next_state(*state, *byte)).collect();
            // The first language must be able to go on: every question asked here needs its acceptance.
            if languages[0].0.is_dead_state(next[0]) || languages[0].0.is_quit_state(next[0]) {
                continue;
            }
            if seen.contains(&next) {
                continue;
            }
            if seen.len() >= PRODUCT_LIMIT {
                return Answer::Undecided;
            }
            seen.insert(next.clone());
            steps.push((at, *byte));
            queue.push_back((next, steps.len() - 1));
        }
    }
    Answer::Empty
}

fn spell(steps: &[(usize, u8)], mut at: usize) -> Vec<u8> {
    let mut name = Vec::new();
    while at != 0 {
        name.push(steps[at].1);
        at = steps[at].0;
    }
    name.reverse();
    name
}

/// One byte of each class that the automata tell apart, readable ones before others.
fn alphabet(languages: &[&Language]) -> Vec<u8> {
    let readable = (b'a'..=b'z').chain(b'0'..=b'9').chain(b'A'..=b'Z').chain(*b"-_.:/");
    let mut known: HashMap<Vec<u8>, ()> = HashMap::new();
    let mut bytes = Vec::new();
    for byte in readable.chain(0..=255) {
        let class: Vec<u8> = languages.iter().map(|language| language.0.byte_classes().get(byte)).collect();
        if known.insert(class, ()).is_none() {
            bytes.push(byte);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(expression: &str) -> Language {
        Language::new(expression).unwrap()
    }

    #[test]
    fn overlaps_come_with_a_witness() {
        let crossing = overlap(&language("a:[^:]+:c"), &language("a:b:[^:]+"));
        assert_eq!(crossing, Answer::Witness(b"a:b:c".to_vec()));
        assert_eq!(overlap(&language("a:[0-9]+"), &language("a:[a-z]+")), Answer::Empty);
        let bytes = overlap(&language(r"(?s-u:.)\x00"), &language(r"(?s-u:[^a-z])\x00"));
        assert!(matches!(bytes, Answer::Witness(_)));
    }

    #[test]
    fn differences_come_with_a_witness() {
        let all = language("k:(?:a|b)");
        assert_eq!(beyond(&all, &[&language("k:a"), &language("k:b")]), Answer::Empty);
        assert_eq!(beyond(&all, &[&language("k:a")]), Answer::Witness(b"k:b".to_vec()));
    }

    #[test]
    fn hostile_expressions_are_refused() {
        for expression in
            ["(a{500}){500}{500}", "[", "a{99999}{9999}", "(?:)", "[^\\x00-\\x{10FFFF}]", r"(?-u:[^\x00-\xff])"]
        {
            assert!(check_expression(expression).is_err(), "{expression}");
        }
        check_expression(r"\w+").unwrap();
        check_expression("(I:)?[A-Z][A-Z.]{0,9}").unwrap();
    }
}
