//! The words of a call against the argument tree of its command: which word is which argument.
//!
//! In: arguments, words and where keys are. Out: the words with their arguments, and whether all fitted. One machine for
//! all commands: a list of what is still to come, and a list of choices to come back to. It knows no command by name.

use super::Given;
use super::agenda::{Agenda, Place, Task, Tasks};
use super::words::{begins_with_key, begins_with_token, counts_the_next, fits, is_token, takes_token};
use crate::server::commands::model::{Argument, ArgumentKind};

/// What became of the words.
pub(super) struct Parsed<'w> {
    /// The words with their arguments, in order; if they did not all fit, those of the likeliest reading.
    pub(super) given: Vec<Given<'w>>,
    /// Whether all words fitted, and none was missing.
    pub(super) whole: bool,
}

/// Matches the words from `start` on. `keys` are the positions of the call's keys, sorted.
pub(super) fn parse<'w, W: AsRef<[u8]>>(
    arguments: &'static [Argument],
    words: &'w [W],
    start: usize,
    keys: &[usize],
) -> Parsed<'w> {
    let mut machine = Machine {
        words,
        keys,
        at: start,
        given: Vec::with_capacity(words.len().saturating_sub(start)),
        agenda: Agenda::new(),
        likeliest: None,
    };
    machine.agenda.push(Task::List { list: arguments, used: 0 });
    let whole = machine.run();
    let given = if whole { machine.given } else { machine.likeliest.unwrap_or(machine.given) };
    Parsed { given, whole }
}

/// So many options in a row can be in any order: as many as `used` has bits.
const MOST_OPTIONS: usize = 64;

struct Machine<'w, 'k, W> {
    words: &'w [W],
    keys: &'k [usize],
    at: usize,
    given: Vec<Given<'w>>,
    agenda: Agenda,
    likeliest: Option<Vec<Given<'w>>>,
}

impl<'w, W: AsRef<[u8]>> Machine<'w, '_, W> {
    /// Whether all words fit. Work is bounded by the number of words: a hostile call, of which each word could be
    /// several things, is given up and counts as malformed.
    fn run(&mut self) -> bool {
        for _ in 0..self.words.len().saturating_mul(16).saturating_add(2048) {
            let fits = match self.agenda.pop() {
                None if self.at == self.words.len() => return true,
                None => false,
                Some(Task::List { list, used }) => self.list(list, used),
                Some(Task::Whole(argument)) => self.whole(argument),
                Some(Task::Value(argument)) => self.value(argument),
                Some(Task::Again { argument, left }) => self.again(argument, left),
            };
            if !fits {
                if self.likeliest.is_none() {
                    self.likeliest = Some(self.given.clone());
                }
                if !self.take_last_offer() {
                    return false;
                }
            }
        }
        false
    }

    fn list(&mut self, list: &'static [Argument], used: u64) -> bool {
        let options = options_at_front(list);
        if options > 0 {
            return self.options(list, options, used);
        }
        let Some((first, rest)) = list.split_first() else { return true };
        if !counts_the_next(list) {
            self.agenda.push_list(rest);
            return self.whole(first);
        }
        if !self.token_before(first) {
            return false;
        }
        let Some(count) = self.word().and_then(|word| std::str::from_utf8(word).ok()?.parse::<usize>().ok()) else {
            return false;
        };
        let (Some((repeated, rest)), true) = (rest.split_first(), self.value(first)) else { return false };
        self.agenda.push_list(rest);
        self.agenda.push(Task::Again { argument: repeated, left: Some(count) });
        count > 0 || repeated.optional
    }

    /// Options that stand next to one another are taken in any order, as servers take them. A word that is a token of
    /// one of them is that; else it belongs to one without token, or to what comes after them.
    fn options(&mut self, list: &'static [Argument], options: usize, used: u64) -> bool {
        let after = self.agenda.tasks;
        let (front, rest) = list.split_at(options);
        let unused = || front.iter().enumerate().filter(|(index, _)| used & (1 << index) == 0);
        let word = self.word();
        let by_token = word.is_some_and(|word| unused().any(|(_, option)| takes_token(option, word)));
        let choices = self.agenda.offers();
        if !by_token && unused().all(|(_, option)| option.optional) {
            self.agenda.push_list(rest);
            if word.is_none() || used.count_ones() as usize == options {
                return true;
            }
            self.offer();
        }
        for (index, option) in unused().rev() {
            if word.is_some_and(|word| if by_token { takes_token(option, word) } else { !begins_with_token(option) }) {
                self.agenda.tasks = after;
                // What brings its token each time may come again, after other options too: SORT's GET.
                let done = if option.multiple_token { used } else { used | (1 << index) };
                self.agenda.push(Task::List { list, used: done });
                self.agenda.push(Task::Whole(option));
                self.offer();
            }
        }
        self.agenda.offers() > choices && self.take_last_offer()
    }

    fn whole(&mut self, argument: &'static Argument) -> bool {
        if argument.kind != ArgumentKind::PureToken && !self.token_before(argument) {
            return false;
        }
        if argument.multiple {
            self.agenda.push(Task::Again { argument, left: None });
        }
        self.value(argument)
    }

    /// Goes past the argument's token, if it has one.
    fn token_before(&mut self, argument: &'static Argument) -> bool {
        if argument.token.is_none() {
            return true;
        }
        let Some(word) = self.word().filter(|word| is_token(argument, word)) else { return false };
        if matches!(argument.kind, ArgumentKind::Block | ArgumentKind::OneOf) {
            self.given.push(Given { argument, position: self.at, word });
        }
        self.at += 1;
        true
    }

    fn value(&mut self, argument: &'static Argument) -> bool {
        if argument.kind == ArgumentKind::Block {
            self.agenda.push_list(&argument.arguments);
            return true;
        }
        let Some(word) = self.word() else { return false };
        let right = match argument.kind {
            ArgumentKind::OneOf => return self.one_of(&argument.arguments, word),
            ArgumentKind::PureToken => is_token(argument, word),
            ArgumentKind::Key => self.at_key(),
            kind => fits(kind, word) && !self.at_key(),
        };
        if right {
            self.given.push(Given { argument, position: self.at, word });
            self.at += 1;
        }
        right
    }

    /// The alternatives that the word is a token of, then the others.
    fn one_of(&mut self, alternatives: &'static [Argument], word: &[u8]) -> bool {
        let after = self.agenda.tasks;
        let choices = self.agenda.offers();
        for by_token in [false, true] {
            for alternative in alternatives.iter().rev() {
                let takes = takes_token(alternative, word);
                if takes == by_token && (takes || !begins_with_token(alternative)) {
                    self.agenda.tasks = after;
                    self.agenda.push(Task::Whole(alternative));
                    self.offer();
                }
            }
        }
        self.agenda.offers() > choices && self.take_last_offer()
    }

    fn again(&mut self, argument: &'static Argument, left: Option<usize>) -> bool {
        if let Some(left) = left {
            if left > 0 {
                self.agenda.push(Task::Again { argument, left: Some(left - 1) });
                self.agenda.push(Task::Value(argument));
            }
            return true;
        }
        let Some(word) = self.word() else { return true };
        let after = self.agenda.tasks;
        let again = Task::Again { argument, left: None };
        if argument.multiple_token {
            if is_token(argument, word) {
                self.at += 1;
                self.agenda.push(again);
                self.agenda.push(Task::Value(argument));
            }
            return true;
        }
        if begins_with_key(argument) && !self.at_key() {
            return true;
        }
        // Keys are known, and at the end there is nothing else that the word could be.
        if begins_with_key(argument) || after.is_none() {
            self.agenda.push(again);
            return self.value(argument);
        }
        if self.comes_with_token(after, word) {
            return true;
        }
        // Nor is there if all that may follow begins with a token.
        let needs_token = |task| matches!(task, Task::List { list, .. } if list.iter().all(begins_with_token));
        if !self.agenda.is_last(after, needs_token) {
            self.offer();
        }
        self.agenda.push(again);
        self.value(argument)
    }

    /// Whether the word is a token of what comes next.
    fn comes_with_token(&self, next: Tasks, word: &[u8]) -> bool {
        match self.agenda.first(next) {
            Some(Task::List { list, used }) => {
                let options = list.iter().take(options_at_front(list)).enumerate();
                options.filter(|(index, _)| used & (1 << index) == 0).any(|(_, option)| takes_token(option, word))
            }
            Some(Task::Again { argument, left: None }) => takes_token(argument, word),
            _ => false,
        }
    }

    fn word(&self) -> Option<&'w [u8]> {
        self.words.get(self.at).map(AsRef::as_ref)
    }

    fn at_key(&self) -> bool {
        self.keys.binary_search(&self.at).is_ok()
    }

    /// What is on the agenda now is one way to go on.
    fn offer(&mut self) {
        self.agenda.offer(Place { at: self.at, given: self.given.len() });
    }

    fn take_last_offer(&mut self) -> bool {
        let Some(place) = self.agenda.take() else { return false };
        self.at = place.at;
        self.given.truncate(place.given);
        true
    }
}

/// How many arguments at the front of the list can be in any order: those that may be left out, or begin with a token.
fn options_at_front(list: &[Argument]) -> usize {
    (0..list.len().min(MOST_OPTIONS))
        .take_while(|from| {
            let (option, rest) = (&list[*from], &list[*from..]);
            (option.optional || begins_with_token(option)) && !counts_the_next(rest)
        })
        .count()
}
