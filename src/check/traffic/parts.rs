//! What a call puts into a key, as the parts that a key is judged by. Arguments go by their names in the server's own
//! specification.

use crate::check::KeyPlan;
use crate::observe::Part;
use crate::server::commands::{Effect, Given, Invocation, KeyUse, Size};

/// A call with the words of it that are not there in full.
pub(super) struct Written<'a> {
    pub call: &'a Invocation<'a>,
    /// Their indexes, in order.
    pub cut: &'a [usize],
}

impl<'a> Written<'a> {
    /// The parts that it writes to one of its keys, as the key's declared type has them. Words that were cut off are left
    /// out: what is not there in full cannot be judged.
    pub(super) fn parts(&self, plan: &KeyPlan<'_>, key: &KeyUse) -> Vec<Part> {
        let Some(effect) = key.effect else { return Vec::new() };
        match plan.key.redis_type.map(|redis_type| redis_type.name) {
            Some("string") => self.text(key, effect).into_iter().collect(),
            Some("hash") => self.pairs().map(|(field, value)| Part::Field(field, value)).collect(),
            Some("list") => self.words("element").map(Part::Element).collect(),
            Some("set") => self.words("member").map(Part::Member).collect(),
            Some("zset") => self.scored(),
            Some("geo") => self.words("member").map(Part::Member).collect(),
            Some("stream") => self.entry().into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Fields of a hash that a call names, to read, count or delete them, without giving a value.
    pub(super) fn fields(&self) -> impl Iterator<Item = &'a [u8]> {
        let given = self.call.values("value").next().is_some();
        self.call.values("field").filter(move |_| !given).map(|field| field.word)
    }

    fn is_whole(&self, given: &Given<'_>) -> bool {
        self.cut.binary_search(&given.position).is_err()
    }

    fn words(&self, name: &'static str) -> impl Iterator<Item = Vec<u8>> {
        self.call.values(name).filter(|given| self.is_whole(given)).map(|given| given.word.to_vec())
    }

    /// A string's whole new value: the first one behind its name, or, of a counter, some number.
    fn text(&self, key: &KeyUse, effect: Effect) -> Option<Part> {
        if matches!(&*self.call.command.name, "INCR" | "DECR" | "INCRBY" | "DECRBY" | "INCRBYFLOAT") {
            return Some(Part::Value(b"1".to_vec()));
        }
        let value = self.call.values("value").find(|given| given.position > key.position)?;
        (effect.size == Size::Replaces && self.is_whole(value)).then(|| Part::Value(value.word.to_vec()))
    }

    fn pairs(&self) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> {
        let both = self.call.values("field").zip(self.call.values("value"));
        let whole = both.filter(|(field, value)| self.is_whole(field) && self.is_whole(value));
        whole.map(|(field, value)| (field.word.to_vec(), value.word.to_vec()))
    }

    fn scored(&self) -> Vec<Part> {
        // Of an increment, the score that comes of it is not known.
        if self.call.has_token("INCR") || self.call.values("score").next().is_none() {
            return self.words("member").map(Part::Member).collect();
        }
        let both = self.call.values("score").zip(self.call.values("member"));
        let scored = |(score, member): (&Given<'_>, &Given<'_>)| {
            let score = std::str::from_utf8(score.word).ok()?.parse().ok()?;
            self.is_whole(member).then(|| Part::Scored(member.word.to_vec(), score))
        };
        both.filter_map(scored).collect()
    }

    fn entry(&self) -> Option<Part> {
        let fields: Vec<_> = self.pairs().collect();
        let all = self.call.values("field").count();
        (all > 0 && fields.len() == all).then(|| Part::Entry(Vec::new(), fields))
    }
}
