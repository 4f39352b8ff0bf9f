//! One key as calls go by: what becomes of its time to live, and who renews it.

use crate::server::commands::{Expiry as ExpiryEffect, ExpiryGiven, Group, Invocation, KeyUse, Size};

use super::super::facts::{Expiry, Facts};

/// A renewal this long after the write is one of its own, in microseconds.
const SOON_US: u64 = 1_000_000;

/// A key, as far as its calls tell.
#[derive(Default)]
pub(super) struct Life {
    pub facts: Facts,
    ttl: Ttl,
    /// When it was last written without that the write set a time; nothing once the time was set.
    waits_since_us: Option<u64>,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Ttl {
    #[default]
    Unknown,
    None,
    Set,
}

impl Life {
    /// A call writes the key.
    pub(super) fn write(&mut self, call: &Invocation<'_>, key: &KeyUse, at_us: u64) {
        let Some(effect) = key.effect else { return };
        self.settle(at_us);
        if effect.size == Size::Removes || call.expiry() == Some(ExpiryGiven::Gone) {
            self.end();
            return;
        }
        let replaces = effect.size == Size::Replaces;
        let is_write = !(call.command.group == Group::Generic && effect.size == Size::Neutral);
        match effect.expiry {
            ExpiryEffect::Sets | ExpiryEffect::Carries => self.given(call, (is_write, replaces), at_us),
            ExpiryEffect::Drops => {
                if self.ttl == Ttl::Set {
                    self.facts.expiry().dropped += 1;
                }
                self.ttl = Ttl::None;
                self.waits_since_us = Some(at_us);
            }
            ExpiryEffect::Keeps | ExpiryEffect::Optional(_) => {
                self.waits_since_us = self.waits_since_us.or(Some(at_us)).filter(|_| is_write);
            }
        }
    }

    fn given(&mut self, call: &Invocation<'_>, (is_write, replaces): (bool, bool), at_us: u64) {
        let Some(time_ms) = given_ms(call, at_us) else { return };
        let (had, waited) = (self.ttl == Ttl::Set, self.waits_since_us.take().is_some());
        // A condition of EXPIRE may keep the old time: it is no renewal then.
        let only_first = call.has_token("NX") && !is_write;
        let expiry = self.facts.expiry();
        expiry.given.see(time_ms);
        if is_write && replaces {
            expiry.by_value += 1;
            expiry.leases += u64::from(call.has_token("NX"));
        } else if had && !only_first {
            if waited || is_write {
                expiry.renewed_by_write += 1;
            } else {
                expiry.renewed_alone += 1;
            }
        }
        self.ttl = Ttl::Set;
    }

    /// Whether a write was followed by a new time is known after a while.
    fn settle(&mut self, at_us: u64) {
        if self.waits_since_us.is_some_and(|since| at_us > since.saturating_add(SOON_US)) {
            self.waits_since_us = None;
            if self.ttl == Ttl::Set {
                self.facts.expiry().not_renewed += 1;
            }
        }
    }

    /// It is gone, or is looked at no longer.
    pub(super) fn end(&mut self) {
        if self.ttl == Ttl::None {
            self.facts.expiry().never_given += 1;
        }
        (self.ttl, self.waits_since_us) = (Ttl::Unknown, None);
    }

    /// What is known of it, at the end.
    pub(super) fn finish(mut self) -> Facts {
        self.end();
        self.facts
    }
}

/// The time that a call gives, in milliseconds; moments are counted from the call, to the second.
pub(super) fn given_ms(call: &Invocation<'_>, at_us: u64) -> Option<u64> {
    match call.expiry()? {
        ExpiryGiven::After(time) => u64::try_from(time.as_millis()).ok(),
        ExpiryGiven::At(moment) => {
            let left_us = u64::try_from(moment.as_micros()).ok()?.checked_sub(at_us)?;
            Some(left_us.div_ceil(1_000_000) * 1000)
        }
        ExpiryGiven::Gone => None,
    }
}

/// Is the time of a key renewed, and by what?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Renewal {
    /// Never, or by the write that gives the whole value.
    Never,
    /// By each write.
    Writes,
    /// By readers, or on its own.
    Alone,
}

/// By what the calls on all keys of one kind tell.
pub(in super::super) fn renewal(expiry: &Expiry) -> Renewal {
    if expiry.leases > 0 || expiry.not_renewed > 0 {
        return Renewal::Never;
    }
    match (expiry.renewed_by_write, expiry.renewed_alone) {
        (0, 0) => Renewal::Never,
        (by_write, alone) if by_write >= alone => Renewal::Writes,
        _ => Renewal::Alone,
    }
}
