//! What write commands do to the expiry and the size of a key: the one thing servers do not describe, so the one
//! hand-made table. `rows.rs` has a row per write command that names keys; this file has its words and its questions.

mod rows;

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a command does to one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    /// To its time to live.
    pub expiry: Expiry,
    /// To how much it holds.
    pub size: Size,
}

/// What happens to a key's time to live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// Stays as it is. A key that the command creates has none; one that it removes takes its own along.
    Keeps,
    /// Taken off: the key stays for ever.
    Drops,
    /// Set by the call.
    Sets,
    /// Comes with the value, from another key (RENAME, COPY) or a dump (RESTORE): set, or none.
    Carries,
    /// As the call's options say.
    Optional(&'static Options<Expiry>),
}

/// What happens to how much a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Holds what the call gives, and nothing of before.
    Replaces,
    /// Adds; nothing stops it from growing.
    Grows,
    /// Adds, up to a limit that the type itself has: a HyperLogLog's 12 kB.
    GrowsToLimit,
    /// Adds, and cuts what is beyond the bound.
    GrowsTrimmed(Bound),
    /// Cuts what is beyond the bound.
    Trims(Bound),
    /// Takes out what the call names, or so many.
    Shrinks,
    /// The key is gone.
    Removes,
    /// Holds as much as before.
    Neutral,
    /// As the call's options say.
    Optional(&'static Options<Size>),
}

/// What a trim goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bound {
    /// Position in the order of scores.
    Rank,
    /// Score, often a time.
    Score,
    /// Number of elements or entries.
    Count,
    /// Time: of a stream's entry, or of a hash's field.
    Age,
}

/// Effects by option: the first token of the list that the call has decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options<T: 'static> {
    /// Tokens in order of precedence.
    pub tokens: &'static [(&'static str, T)],
    /// If the call has none of them.
    pub otherwise: T,
}

impl<T: Copy> Options<T> {
    fn choose(&self, given: &[&str]) -> T {
        let has = |token: &str| given.iter().any(|word| word.eq_ignore_ascii_case(token));
        self.tokens.iter().find(|(token, _)| has(token)).map_or(self.otherwise, |(_, effect)| *effect)
    }

    fn all(&self) -> impl Iterator<Item = T> {
        self.tokens.iter().map(|(_, effect)| *effect).chain([self.otherwise])
    }
}

impl Effect {
    /// The effect of a call with these option tokens (`EX`, `KEEPTTL`, `MAXLEN`): nothing is `Optional` any more.
    #[must_use]
    pub fn with_options(self, given: &[&str]) -> Self {
        let expiry = match self.expiry {
            Expiry::Optional(options) => options.choose(given),
            known => known,
        };
        let size = match self.size {
            Size::Optional(options) => options.choose(given),
            known => known,
        };
        Self { expiry, size }
    }

    /// Whether some form of it adds without bound.
    #[must_use]
    pub fn can_grow(self) -> bool {
        self.sizes().contains(&Size::Grows)
    }

    /// Whether some form of it takes something out, or gives the key a whole new value.
    #[must_use]
    pub fn can_shrink(self) -> bool {
        self.sizes().iter().any(|size| !matches!(size, Size::Grows | Size::GrowsToLimit | Size::Neutral))
    }

    /// What it can bound the key by, in one form or another; empty if it never does.
    #[must_use]
    pub fn bounds(self) -> Vec<Bound> {
        let bound = |size: Size| match size {
            Size::GrowsTrimmed(bound) | Size::Trims(bound) => Some(bound),
            Size::Replaces
            | Size::Grows
            | Size::GrowsToLimit
            | Size::Shrinks
            | Size::Removes
            | Size::Neutral
            | Size::Optional(_) => None,
        };
        let mut bounds: Vec<Bound> = self.sizes().into_iter().filter_map(bound).collect();
        bounds.sort();
        bounds.dedup();
        bounds
    }

    /// Whether some form of it takes a time to live off the key.
    #[must_use]
    pub fn can_drop_expiry(self) -> bool {
        self.expiries().iter().any(|expiry| matches!(expiry, Expiry::Drops | Expiry::Carries))
    }

    /// Whether some form of it gives the key a time to live.
    #[must_use]
    pub fn can_set_expiry(self) -> bool {
        self.expiries().iter().any(|expiry| matches!(expiry, Expiry::Sets | Expiry::Carries))
    }

    /// Whether every form of it leaves the key's time to live alone.
    #[must_use]
    pub fn keeps_expiry(self) -> bool {
        self.expiries().iter().all(|expiry| *expiry == Expiry::Keeps)
    }

    fn sizes(self) -> Vec<Size> {
        match self.size {
            Size::Optional(options) => options.all().collect(),
            known => vec![known],
        }
    }

    fn expiries(self) -> Vec<Expiry> {
        match self.expiry {
            Expiry::Optional(options) => options.all().collect(),
            known => vec![known],
        }
    }
}

/// One row of the overlay.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Upper-case name of the command.
    pub command: &'static str,
    /// Effect on the key it writes; for moves, on the one that receives.
    pub target: Effect,
    /// For moves: effect on the key that gives.
    pub source: Option<Effect>,
    /// Whether the reply hands out what the key held.
    pub reads: bool,
}

/// All rows, grouped by type of key.
#[must_use]
pub fn rows() -> &'static [Row] {
    rows::ROWS
}

/// The row of a command, by its upper-case name.
#[must_use]
pub fn row(command: &str) -> Option<&'static Row> {
    static BY_NAME: LazyLock<HashMap<&str, &Row>> =
        LazyLock::new(|| rows::ROWS.iter().map(|row| (row.command, row)).collect());
    BY_NAME.get(command).copied()
}
