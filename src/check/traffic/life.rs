//! One key as the calls on it tell: is it there, of which type, with which TTL and size. What cannot be told stays unknown.

use std::collections::HashSet;
use std::time::Duration;

use super::elements::Elements;
use crate::registry::Party;
use crate::server::commands::{
    Access, Bound, Command, Effect, Expiry, ExpiryGiven, Group, Invocation, KeyUse, Size, Trim,
};

/// Is the key there?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Unknown,
    Absent,
    There,
}

/// Its time to live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ttl {
    Unknown,
    None,
    /// Until this moment, in microseconds since 1970.
    Until(u64),
}

/// A key as far as it is known.
#[derive(Debug, Clone)]
pub(super) struct Life {
    /// Its pattern, as an index of the checker's plans.
    pub plan: usize,
    pub presence: Presence,
    /// As the TYPE command names it.
    pub redis_type: Option<&'static str>,
    pub ttl: Ttl,
    /// Bytes of a string.
    pub length: Option<u64>,
    pub elements: Elements,
    /// Declared fields that it has, by index; all of them if `whole`.
    pub fields: HashSet<usize>,
    /// Is all that it holds known, from its beginning?
    pub whole: bool,
    /// Who wrote it last.
    pub writer: Option<Party>,
    pub written_us: u64,
    pub grown: u64,
    /// Who added to it last.
    pub grower: Option<Party>,
    pub trimmed_by_number: u64,
    pub trimmed_by_age: u64,
    pub shrunk: u64,
    /// When its TTL was last set.
    pub renewed_us: Option<u64>,
    /// The command that took its TTL off, and who sent it.
    pub dropped: Option<(&'static str, Option<Party>)>,
}

/// Who writes, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deed {
    pub party: Option<Party>,
    pub at_us: u64,
}

impl Life {
    pub(super) fn new(plan: usize, presence: Presence) -> Self {
        Self {
            plan,
            presence,
            redis_type: None,
            ttl: Ttl::Unknown,
            length: None,
            elements: Elements::Unknown,
            fields: HashSet::new(),
            whole: false,
            writer: None,
            written_us: 0,
            grown: 0,
            grower: None,
            trimmed_by_number: 0,
            trimmed_by_age: 0,
            shrunk: 0,
            renewed_us: None,
            dropped: None,
        }
    }

    /// Elements, or bytes of a string.
    pub(super) fn size(&self) -> Option<u64> {
        self.length.or_else(|| self.elements.count())
    }

    /// Some calls were not overheard: what was known of it may be so no more.
    pub(super) fn missed_some(&mut self) {
        (self.presence, self.ttl, self.redis_type) = (Presence::Unknown, Ttl::Unknown, None);
        (self.length, self.elements, self.whole) = (None, Elements::Unknown, false);
    }

    /// Has its time run out?
    pub(super) fn is_expired(&self, at_us: u64) -> bool {
        matches!(self.ttl, Ttl::Until(end) if end <= at_us)
    }

    /// Is it there, as far as can be told?
    pub(super) fn is_there(&self, at_us: u64) -> bool {
        self.presence != Presence::Absent && !self.is_expired(at_us)
    }

    /// Takes in what a call does to it. False if the server must have refused the call, or it did nothing.
    pub(super) fn written(&mut self, call: &Invocation<'_>, key: &KeyUse, deed: Deed) -> bool {
        let Some(effect) = key.effect else { return false };
        if self.is_expired(deed.at_us) {
            *self = Self::new(self.plan, Presence::Absent);
        }
        if effect.size == Size::Removes {
            *self = Self::new(self.plan, Presence::Absent);
            return true;
        }
        if self.is_refused(call, key, effect) {
            return false;
        }
        (self.writer, self.written_us) = (deed.party, deed.at_us);
        let was = self.presence;
        self.begin(call.command, effect);
        self.resize(call, effect);
        if self.elements.is_gone(self.redis_type, effect.size) {
            *self = Self::new(self.plan, Presence::Absent);
            return true;
        }
        self.expire(call, effect, (was, deed.at_us));
        true
    }

    /// A call that does nothing, or is answered with an error: on a key that is not there, that is there already, or that
    /// is of another type.
    fn is_refused(&self, call: &Invocation<'_>, key: &KeyUse, effect: Effect) -> bool {
        let there = self.presence == Presence::There;
        let absent = self.presence == Presence::Absent;
        let replaces = effect.size == Size::Replaces;
        let only_new = (replaces && call.has_token("NX")) || matches!(&*call.command.name, "SETNX" | "MSETNX");
        let only_old = call.has_token("XX")
            || call.has_token("NOMKSTREAM")
            || matches!(&*call.command.name, "LPUSHX" | "RPUSHX" | "LINSERT" | "LSET")
            || !creates(call, effect);
        // What hands out the old value (GETSET, SET with GET) must understand it.
        let takes_any = replaces && key.access != Access::ReadWrite;
        let other_type = !takes_any && self.redis_type.is_some_and(|known| !call.command.applies_to(known));
        let conditional = call.command.group == Group::Generic && !self.may_set_expiry(call);
        (there && only_new) || (absent && only_old) || (there && other_type) || (there && conditional)
    }

    /// EXPIRE with a condition that the key does not fulfil.
    fn may_set_expiry(&self, call: &Invocation<'_>) -> bool {
        let has_one = match self.ttl {
            Ttl::Unknown => return true,
            Ttl::None => false,
            Ttl::Until(_) => true,
        };
        !(has_one && call.has_token("NX") || !has_one && call.has_token("XX"))
    }

    fn begin(&mut self, command: &'static Command, effect: Effect) {
        let kind = command.works_on().first().copied().filter(|_| command.group != Group::Generic);
        if self.presence == Presence::Absent {
            (self.ttl, self.whole, self.elements) = (Ttl::None, true, Elements::none(command.group));
            (self.redis_type, self.presence) = (kind, Presence::There);
        } else if effect.size == Size::Replaces {
            (self.redis_type, self.elements, self.whole) = (kind, Elements::Unknown, true);
            self.fields.clear();
        } else {
            self.redis_type = self.redis_type.or(kind);
        }
        self.presence = Presence::There;
    }

    fn resize(&mut self, call: &Invocation<'_>, effect: Effect) {
        if effect.size != Size::Neutral {
            self.length = None;
        }
        match effect.size {
            Size::Replaces => {
                self.shrunk += 1;
                self.length = text_length(call);
            }
            Size::Grows | Size::GrowsToLimit => {
                (self.grown, self.grower) = (self.grown + 1, self.writer);
                self.elements.grow(call);
            }
            Size::GrowsTrimmed(bound) => {
                (self.grown, self.grower) = (self.grown + 1, self.writer);
                self.elements.grow(call);
                self.trimmed(call, bound);
            }
            Size::Trims(bound) => self.trimmed(call, bound),
            Size::Shrinks => {
                self.shrunk += 1;
                self.whole = false;
                self.elements.shrink(call);
            }
            Size::Removes | Size::Neutral | Size::Optional(_) => {}
        }
        if matches!(effect.size, Size::Trims(_) | Size::GrowsTrimmed(Bound::Age)) {
            self.whole = false;
        }
    }

    fn trimmed(&mut self, call: &Invocation<'_>, bound: Bound) {
        match call.trim() {
            Some(Trim::Nothing) => return,
            Some(Trim::Entries { at_most, .. }) => self.elements.cap(at_most),
            Some(Trim::Below { .. } | Trim::Other) | None => self.elements = Elements::Unknown,
        }
        match bound {
            Bound::Rank | Bound::Count => self.trimmed_by_number += 1,
            Bound::Score | Bound::Age => self.trimmed_by_age += 1,
        }
    }

    fn expire(&mut self, call: &Invocation<'_>, effect: Effect, (was, at_us): (Presence, u64)) {
        match effect.expiry {
            Expiry::Keeps | Expiry::Optional(_) => {}
            Expiry::Drops => {
                if was != Presence::Absent && self.ttl != Ttl::None {
                    self.dropped = Some((&call.command.name, self.writer));
                }
                self.ttl = Ttl::None;
            }
            Expiry::Sets => {
                self.ttl = given(call, at_us);
                (self.renewed_us, self.dropped) = (Some(at_us), None);
            }
            Expiry::Carries => {
                self.ttl = given(call, at_us);
                (self.redis_type, self.elements, self.whole) = (None, Elements::Unknown, false);
            }
        }
    }
}

/// Does a call make a key that is not there?
fn creates(call: &Invocation<'_>, effect: Effect) -> bool {
    match effect.size {
        Size::Replaces | Size::Grows | Size::GrowsToLimit | Size::GrowsTrimmed(_) => true,
        Size::Neutral => {
            call.command.group == Group::String && call.command.has_flag("denyoom") || call.has_token("MKSTREAM")
        }
        Size::Trims(_) | Size::Shrinks | Size::Removes | Size::Optional(_) => false,
    }
}

/// The TTL that a call gives.
fn given(call: &Invocation<'_>, at_us: u64) -> Ttl {
    match call.expiry() {
        Some(ExpiryGiven::After(time)) => Ttl::Until(at_us.saturating_add(micros(time))),
        Some(ExpiryGiven::At(moment)) => Ttl::Until(micros(moment)),
        Some(ExpiryGiven::Gone) => Ttl::Until(at_us),
        None => Ttl::Unknown,
    }
}

/// The length of the whole value that a call gives a single string.
fn text_length(call: &Invocation<'_>) -> Option<u64> {
    let mut values = call.values("value");
    let only = values.next().filter(|_| call.keys.len() == 1 && values.next().is_none())?;
    u64::try_from(only.word.len()).ok()
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
