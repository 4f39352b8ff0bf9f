//! What can be said of one call by itself: the same for the judge, who gathers it, and for the gate, which refuses calls.

use std::collections::HashSet;

use anyhow::Result;

use super::channels::{Channels, is_servers_own};
use super::parts::Written;
use super::{Caller, Options};
use crate::check::contents::{self, Room};
use crate::check::rules::problems;
use crate::check::tally::Of;
use crate::check::{ChannelUse, CheckRule, Checker, Fault, Judges, KeyUse, Problem};
use crate::finding::printable;
use crate::observe::Part;
use crate::observe::traffic::Call;
use crate::server::commands::{self, Invocation, Size};

/// A registry with its channels, prepared for one bus.
pub(super) struct Desk<'c, 'r> {
    pub checker: &'c Checker<'r>,
    pub channels: Channels<'r>,
    pub options: Options,
}

/// A call, read.
pub(super) struct Read<'a> {
    pub call: &'a Call,
    pub invocation: &'a Invocation<'a>,
    pub caller: Caller<'a>,
}

/// A rule, and what it has against a call.
pub(super) type Charge = (&'static CheckRule, Problem);

impl<'c, 'r> Desk<'c, 'r> {
    pub(super) fn new(checker: &'c Checker<'r>, options: Options) -> Result<Self> {
        Ok(Self { checker, channels: Channels::new(checker)?, options })
    }

    /// Is the verdict about this caller?
    pub(super) fn is_judged(&self, caller: &Caller<'_>) -> bool {
        self.options.only.is_none_or(|only| caller.is(only))
    }

    /// Is an undeclared name a fault of this caller's? Of a party's own connections every name is; of others, those that
    /// the bus owns.
    pub(super) fn is_ours(&self, caller: &Caller<'_>, name: &[u8]) -> bool {
        caller.party.is_some() || self.checker.is_ours(name)
    }

    /// What the rules about a key in a call have to say.
    pub(super) fn of_use(&self, read: &Read<'_>, plan: usize, key: &commands::KeyUse) -> Vec<Charge> {
        let plan = &self.checker.plans()[plan];
        let used = KeyUse {
            plan,
            call: read.invocation,
            key,
            caller: &read.caller,
            owner: self.checker.registry.module(plan.key.module),
            at_us: read.call.at_us,
            within: read.call.within,
        };
        problems(|of| if let Judges::Use(judge) = of { judge(&used) } else { None }).collect()
    }

    /// What is wrong with what a call puts into a key. `fields` gathers which declared fields of a hash it names.
    pub(super) fn of_contents(
        &self,
        read: &Read<'_>,
        (plan, key): (usize, &commands::KeyUse),
        fields: &mut HashSet<usize>,
        room: &mut Room,
    ) -> Vec<(Charge, Option<Part>)> {
        let plan = &self.checker.plans()[plan];
        let fits = plan.key.redis_type.is_some_and(|declared| read.invocation.command.applies_to(declared.reply));
        let Some(effect) = key.effect.filter(|_| fits) else { return Vec::new() };
        let written = Written { call: read.invocation, cut: &read.call.cut };
        let mut charges = Vec::new();
        for part in written.parts(plan, key) {
            contents::judge(plan, &part, fields, room);
            let faults = room.faults.drain(..);
            charges.extend(faults.flat_map(of_fault).map(|charge| (charge, Some(part.clone()))));
        }
        if effect.size != Size::Shrinks {
            for field in written.fields() {
                match plan.field(field) {
                    Some(Some(at)) => drop(fields.insert(at)),
                    Some(None) => {
                        let fault = Fault::UndeclaredField { name: printable(field) };
                        charges.extend(of_fault(fault).into_iter().map(|charge| (charge, None)));
                    }
                    None => {}
                }
            }
        }
        charges
    }

    /// What the rules about channels have to say of a call: under which entry, of which name.
    pub(super) fn of_channels<'a>(&self, read: &Read<'a>, room: &mut Room) -> Vec<(Of, &'a [u8], Vec<Charge>)> {
        let command = read.invocation.command;
        if !command.publishes() && !command.subscribes() {
            return Vec::new();
        }
        let words = read.call.words.iter();
        let names: Vec<(&[u8], bool)> = words
            .enumerate()
            .filter_map(|(at, word)| {
                let channel = read.invocation.channels.iter().find(|channel| channel.position == at)?;
                (!is_servers_own(word) && !read.call.cut.contains(&at)).then_some((word.as_slice(), channel.pattern))
            })
            .collect();
        let mut found = Vec::new();
        for (name, is_pattern) in names {
            let Some((channel, mut charges)) = self.of_channel(read, name, is_pattern) else { continue };
            if let Some(at) = channel.filter(|_| command.publishes()) {
                charges.extend(self.of_message(read, at, room));
            }
            found.push((channel.map_or(Of::Name, |at| self.channels.entry(at)), name, charges));
        }
        found
    }

    /// The channel, by index in the registry, and what the rules say; nothing of what is not of interest.
    fn of_channel(&self, read: &Read<'_>, name: &[u8], is_pattern: bool) -> Option<(Option<usize>, Vec<Charge>)> {
        let registry = self.checker.registry;
        let found: Vec<usize> = if is_pattern {
            self.channels.matching(name).collect()
        } else {
            self.channels.find(name).into_iter().collect()
        };
        let used = |at: Option<usize>| ChannelUse {
            channel: at.map(|at| &registry.channels[at]),
            elsewhere: self.channels.bus_elsewhere(name),
            command: read.invocation.command,
            caller: &read.caller,
        };
        // Of the channels that a pattern takes in, it is enough that the caller is a consumer of one.
        let own = found.iter().find(|at| used(Some(**at)).is_read()).or(found.first()).copied();
        if own.is_none() && !self.is_ours(&read.caller, name) {
            return None;
        }
        let used = used(own);
        let charges = problems(|of| if let Judges::Channel(judge) = of { judge(&used) } else { None }).collect();
        Some((own, charges))
    }

    fn of_message(&self, read: &Read<'_>, channel: usize, room: &mut Room) -> Vec<Charge> {
        let message = read.invocation.values("message").next();
        let Some((check, message)) = self.channels.message(channel).zip(message) else { return Vec::new() };
        if read.call.cut.contains(&message.position) {
            return Vec::new();
        }
        room.judge_message(check, message.word);
        room.faults.drain(..).flat_map(of_fault).collect()
    }
}

/// What the rules about contents have to say of a fault.
pub(super) fn of_fault(fault: Fault) -> Vec<Charge> {
    problems(|of| if let Judges::Contents(judge) = of { judge(&fault) } else { None }).collect()
}
