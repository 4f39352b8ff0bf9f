//! Calls as facts of the keys and channels that they name.
//!
//! In: events, in the order of time. Out: names with facts, to a [`Collector`]. What a call does comes from the one table
//! of commands; of the keys of late a little is remembered, by which renewed times to live are told.

mod contents;
mod life;

use std::collections::HashMap;

pub(super) use life::{Renewal, renewal};

use super::Collector;
use super::clients::party;
use super::facts::{Facts, Use, Values};
use super::payload::Numbers;
use crate::extract::{Mode, redis_type};
use crate::observe::traffic::{Call, Client, Event, Outcome};
use crate::server::commands::{
    ChannelKind, Expiry, Group, Invocation, KeyUse, Size, Trim, effects::Effect, invocation,
};
use life::Life;

/// Keys that are remembered; then all are told of and forgotten.
const LIVES: usize = 20_000;
/// How much more a write says of a key's type than a read, which may be a mistake.
const WRITE_WEIGHT: u64 = 16;
/// How keywire calls its own connections.
const OWN_NAME: &str = "keywire";

/// Says whose a connection is, where somebody knows it.
pub type Party<'r> = &'r dyn Fn(&Client) -> Option<String>;

/// Traffic as it comes in.
#[derive(Default)]
pub struct Traffic<'r> {
    lives: HashMap<Vec<u8>, Life>,
    /// Only calls to this database.
    pub database: Option<u32>,
    /// The party that all connections are.
    pub all_are: Option<String>,
    /// Who knows more of clients than their names say, as a registry does.
    pub known: Option<Party<'r>>,
    /// Calls that named keys or channels.
    pub calls: u64,
    /// Calls of commands that no table knows.
    pub unknown: u64,
    /// Calls on keys or channels that the server answered with an error, where the origin tells.
    pub failed: u64,
    /// Calls that are known to be missing, and stretches of which nothing is known.
    pub missed: u64,
    /// When the first and the last call was made, in microseconds since 1970.
    pub period_us: Option<(u64, u64)>,
}

impl Traffic<'_> {
    /// Traffic of which only calls to a database count, and of which all connections are one party's.
    #[must_use]
    pub fn new(database: Option<u32>, all_are: Option<String>) -> Self {
        Self { database, all_are, ..Self::default() }
    }

    /// Takes in an event.
    pub fn see(&mut self, event: &Event, out: &mut Collector) {
        match event {
            Event::Call(call) => self.call(call, out),
            Event::Gap(gap) => {
                self.missed += gap.calls.unwrap_or(1);
                self.flush(out);
            }
            Event::Failures(_) => {}
        }
    }

    fn call(&mut self, call: &Call, out: &mut Collector) {
        if matches!(call.outcome, Outcome::Failed(_)) {
            // Greetings that an old server does not know are nobody's concern.
            let concerns = |call: &Invocation<'_>| !call.keys.is_empty() || !call.channels.is_empty();
            self.failed += u64::from(invocation(&call.words).is_some_and(|call| concerns(&call)));
            return;
        }
        if call.client.name.as_deref() == Some(OWN_NAME) {
            return;
        }
        let Some(invocation) = invocation(&call.words) else {
            self.unknown += 1;
            return;
        };
        let first = self.period_us.map_or(call.at_us, |(first, _)| first);
        self.period_us = Some((first, call.at_us));
        let known = || self.known.and_then(|known| known(&call.client)).unwrap_or_else(|| party(&call.client));
        let client = self.all_are.clone().unwrap_or_else(known);
        if self.all_are.is_none() {
            out.clients.see(&call.client, &client);
        }
        let elsewhere = self.database.is_some_and(|database| database != call.database);
        // What a script does to the keys it is given shows in its own calls.
        let is_named = !invocation.command.runs_code() && !elsewhere;
        if !elsewhere && !invocation.channels.is_empty() {
            self.calls += 1;
            channels(call, &invocation, &client, out);
        }
        if is_named && !invocation.keys.is_empty() {
            self.calls += 1;
            for key in &invocation.keys {
                self.key(call, &invocation, key, &client);
            }
            if self.lives.len() > LIVES {
                self.flush(out);
            }
        }
    }

    fn key(&mut self, call: &Call, invocation: &Invocation<'_>, key: &KeyUse, client: &str) {
        let Some(name) = call.words.get(key.position).filter(|_| !call.cut.contains(&key.position)) else { return };
        if !self.lives.contains_key(name) {
            self.lives.insert(name.clone(), Life::default());
        }
        let Some(life) = self.lives.get_mut(name) else { return };
        let mode = mode(invocation, key.effect);
        let facts = &mut life.facts;
        if let Some(word) = redis_type(invocation.command) {
            let weight = if mode == Mode::Write { WRITE_WEIGHT } else { 1 };
            *facts.types.used.entry(word).or_insert(0) += weight;
        }
        let seen = facts.uses().see(client, &invocation.command.name, mode, call.at_us);
        if let Some(time_ms) = life::given_ms(invocation, call.at_us).filter(|_| key.effect.is_some()) {
            seen.ttl.see(time_ms);
        }
        if let Some(effect) = key.effect {
            trimmed(facts, invocation, effect, (client, mode), call.at_us);
            if mode == Mode::Write {
                contents::written(facts.contents(), invocation, key, &call.cut);
            }
        }
        for group in invocation.values("group").filter(|_| invocation.command.group == Group::Stream) {
            if let Ok(group) = std::str::from_utf8(group.word) {
                facts.contents().groups.insert(group.to_owned(), 1);
            }
        }
        life.write(invocation, key, call.at_us);
    }

    /// Tells of all keys that are remembered, and forgets them.
    pub fn flush(&mut self, out: &mut Collector) {
        for (name, life) in self.lives.drain() {
            out.key(&name, life.finish());
        }
    }
}

fn channels(call: &Call, invocation: &Invocation<'_>, client: &str, out: &mut Collector) {
    for channel in &invocation.channels {
        let Some(name) = call.words.get(channel.position).filter(|_| !call.cut.contains(&channel.position)) else {
            continue;
        };
        let mode = match channel.kind {
            ChannelKind::Publish => Mode::Publish,
            ChannelKind::Subscribe => Mode::Subscribe,
            ChannelKind::Unsubscribe => continue,
        };
        if channel.pattern {
            out.glob(name, client, &invocation.command.name, call.at_us);
            continue;
        }
        let mut facts = Facts::default();
        facts.uses().see(client, &invocation.command.name, mode, call.at_us);
        for message in invocation.values("message").filter(|given| !call.cut.contains(&given.position)) {
            facts.contents().value.merge(Values::of(message.word));
        }
        out.channel(name, facts);
    }
}

/// What a call does to a key, in one word. Not what the same call in source code is told to do (`code/calls/reading`), on purpose: a
/// script is told there by its keys, which it may write, and here by its own calls, which are seen as well; and a place of
/// a consumer group is kept here by who reads, whose call says nothing of type, value or time to live.
fn mode(invocation: &Invocation<'_>, effect: Option<Effect>) -> Mode {
    let Some(effect) = effect else { return Mode::Read };
    match (effect.size, effect.expiry) {
        (Size::Removes, _) => Mode::Delete,
        (Size::Neutral, Expiry::Sets | Expiry::Drops) => Mode::Expire,
        (Size::Neutral, _) if invocation.command.is_read() || invocation.command.group == Group::Stream => Mode::Read,
        _ => Mode::Write,
    }
}

/// Takes in what a call adds, takes out, and leaves.
fn trimmed(facts: &mut Facts, call: &Invocation<'_>, effect: Effect, (client, mode): (&str, Mode), at_us: u64) {
    let uses = facts.uses();
    match effect.size {
        Size::Grows | Size::GrowsToLimit | Size::GrowsTrimmed(_) => uses.grown += 1,
        Size::Replaces => uses.replaced += 1,
        Size::Shrinks | Size::Removes => uses.taken += 1,
        Size::Trims(_) | Size::Neutral | Size::Optional(_) => {}
    }
    if !matches!(effect.size, Size::Trims(_) | Size::GrowsTrimmed(_)) {
        return;
    }
    match call.trim() {
        // To keep nothing is to remove it.
        None | Some(Trim::Nothing | Trim::Entries { at_most: 0, .. }) => {}
        Some(Trim::Entries { at_most, approximate }) => {
            let times = if approximate { &mut uses.trims.about } else { &mut uses.trims.entries };
            times.see(at_most);
            let key = (client.to_owned(), call.command.name.as_str(), mode);
            if let Some(Use { bounds, .. }) = uses.by.get_mut(&key) {
                bounds.see(at_most.saturating_mul(2) | u64::from(approximate));
            }
        }
        Some(Trim::Below { threshold, .. }) => match age_ms(threshold, at_us) {
            Some(age) => {
                let (least, most) = uses.trims.ages_ms.unwrap_or((age, age));
                uses.trims.ages_ms = Some((least.min(age), most.max(age)));
            }
            None => uses.trims.other += 1,
        },
        Some(Trim::Other) => uses.trims.other += 1,
    }
}

/// How old what stands at a threshold is: a score that is a time, or the id of an entry.
fn age_ms(threshold: &[u8], at_us: u64) -> Option<u64> {
    let text = std::str::from_utf8(threshold.split(|byte| *byte == b'-').next()?).ok()?;
    let number: f64 = text.parse().ok()?;
    let seconds = Numbers::of_value(number, true).unit()?.seconds(number);
    #[allow(clippy::cast_precision_loss, reason = "microseconds since 1970 are below 2^53")]
    let age = at_us as f64 / 1000.0 - seconds * 1000.0;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is neither negative nor large")]
    (age >= 0.0).then_some(age as u64)
}
