//! Gathers what is to be said of all calls: one finding a rule, entry and party, however many calls there are.

use std::collections::HashSet;

use anyhow::Result;

use super::desk::{Charge, Desk, Read};
use super::histories::{Histories, moves};
use super::ledger::Ledger;
use super::life::{Deed, Life};
use super::living::Living;
use super::parties::Parties;
use super::repetitions::Repetitions;
use super::strays::Strays;
use super::{Counts, Options, Verdict, settle};
use crate::check::contents::Room;
use crate::check::rules::problems;
use crate::check::tally::{Of, Seen, Slot, Tally};
use crate::check::{Checker, Failure, Judges, Repetition};
use crate::finding::Moments;
use crate::observe::Part;
use crate::observe::traffic::{Call, Event, Failures, Gap, Outcome, Within};
use crate::registry::Party;
use crate::server::commands::{self, KeyUse};

/// The kind of error with which a gate answers in the server's place.
const REFUSED: &str = "KEYWIRE";

/// Gaps that are told one by one.
const GAPS: usize = 20;

/// Judges the traffic of one bus.
pub struct Judge<'c, 'r> {
    desk: Desk<'c, 'r>,
    parties: Parties<'r>,
    room: Room,
    tally: Tally,
    histories: Histories,
    strays: Strays,
    living: Living,
    repetitions: Repetitions,
    ledger: Ledger,
    counts: Counts,
    called: Vec<Party>,
}

impl<'c, 'r> Judge<'c, 'r> {
    /// Starts with nothing seen.
    ///
    /// # Errors
    /// When what a channel carries cannot be compiled.
    pub fn new(checker: &'c Checker<'r>, options: Options) -> Result<Self> {
        Ok(Self {
            parties: Parties::new(checker.registry, options.all_are),
            room: Room::default(),
            tally: Tally::default(),
            histories: Histories::new(options.from_empty),
            strays: Strays::default(),
            living: Living::new(checker),
            repetitions: Repetitions::new(options.hot_loop),
            ledger: Ledger::default(),
            counts: Counts::default(),
            called: Vec::new(),
            desk: Desk::new(checker, options)?,
        })
    }

    /// Takes the next event.
    pub fn see(&mut self, event: &Event) {
        match event {
            Event::Call(call) => self.call(call),
            Event::Gap(gap) => self.gap(gap),
            Event::Failures(failures) => self.failures(failures),
        }
    }

    /// What was counted so far.
    #[must_use]
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    fn gap(&mut self, gap: &Gap) {
        self.counts.missed += gap.calls.unwrap_or(0);
        if self.counts.gaps.len() < GAPS {
            self.counts.gaps.push(gap.why.clone());
        }
        self.histories.missed_some();
    }

    fn call(&mut self, call: &Call) {
        self.counts.calls += 1;
        self.counts.moments = Some(Moments::and(self.counts.moments, call.at_us));
        if self.desk.options.database.is_some_and(|database| database != call.database) {
            self.counts.elsewhere += 1;
            return;
        }
        let Some(invocation) = commands::invocation(&call.words) else {
            if let Outcome::Failed(kind) = &call.outcome {
                let kind = Some(kind.as_str());
                self.count_failures(&Failure { commands: &[], among: "", kind, unknown_command: true }, 1);
            }
            return;
        };
        let caller = self.parties.caller(call.connection, &call.client);
        let read = Read { call, invocation: &invocation, caller };
        let judged = self.desk.is_judged(&caller);
        let concerns = !invocation.keys.is_empty() || !invocation.channels.is_empty();
        self.counts.unread += u64::from(concerns && judged && !call.cut.is_empty());
        if concerns && judged {
            let counter = if caller.party.is_some() { &mut self.counts.judged } else { &mut self.counts.unattributed };
            *counter += 1;
            if let Some(party) = caller.party.filter(|party| !self.called.contains(party)) {
                self.called.push(party);
            }
        }
        if let Outcome::Failed(kind) = &call.outcome {
            self.counts.failed += 1;
            if judged {
                self.failed(&read, kind);
            }
        }
        if judged {
            self.repeated(&read);
            self.channels(&read);
        }
        if invocation.command.runs_code() && call.within != Within::Script {
            self.script(&read, judged);
        } else {
            self.keys(&read, judged);
        }
    }

    fn failed(&mut self, read: &Read<'_>, kind: &str) {
        let command = read.invocation.command.name.as_str();
        let failure = Failure { commands: &[command], among: "", kind: Some(kind), unknown_command: false };
        let first = read.invocation.keys.first().and_then(|key| read.call.words.get(key.position));
        let plan = first.and_then(|name| self.desk.checker.claim(name));
        let of = plan.map_or(Of::Nothing, Of::Key);
        let name = first.map_or(&[][..], Vec::as_slice);
        for (rule, problem) in problems(|of| if let Judges::Failure(judge) = of { judge(&failure) } else { None }) {
            self.tally.add(&rule.rule, Slot::by(of, &read.caller), problem, Seen::at(name, read.call.at_us));
        }
    }

    /// What the server itself counted: by kind and by command, but not which command failed with which kind. What it
    /// counts by kind alone are calls of commands that it does not know.
    fn failures(&mut self, failures: &[Failures]) {
        let by_kind: Vec<&Failures> = failures.iter().filter(|row| row.kind.is_some()).collect();
        let by_command: Vec<&Failures> = failures.iter().filter(|row| row.kind.is_none()).collect();
        let sum = |rows: &[&Failures]| rows.iter().map(|row| row.count).sum::<u64>();
        let mut unknown = sum(&by_kind).saturating_sub(sum(&by_command));
        let commands: Vec<&str> = by_command.iter().filter_map(|row| row.command.as_deref()).collect();
        let among = |row: &&Failures| row.command.as_ref().map(|command| format!("{command} {}", row.count));
        let among: String = by_command.iter().filter_map(among).collect::<Vec<_>>().join(", ");
        if by_kind.is_empty() {
            for row in &by_command {
                let own = row.command.as_deref().map(|command| [command]);
                let commands = own.as_ref().map_or(&[][..], |own| own.as_slice());
                self.count_failures(&Failure { commands, among: "", kind: None, unknown_command: false }, row.count);
            }
        }
        for row in by_kind {
            let kind = row.kind.as_deref();
            let of_unknown = if kind == Some("ERR") { unknown.min(row.count) } else { 0 };
            unknown -= of_unknown;
            self.count_failures(&Failure { commands: &[], among: "", kind, unknown_command: true }, of_unknown);
            let failure = Failure { commands: &commands, among: &among, kind, unknown_command: false };
            self.count_failures(&failure, row.count - of_unknown);
        }
    }

    fn count_failures(&mut self, failure: &Failure<'_>, count: u64) {
        if count == 0 {
            return;
        }
        self.counts.failed += count;
        for (rule, problem) in problems(|of| if let Judges::Failure(judge) = of { judge(failure) } else { None }) {
            let slot = Slot { of: Of::Nothing, party: None };
            self.tally.add(&rule.rule, slot, problem, Seen { count, ..Seen::of(b"", None) });
        }
    }

    fn repeated(&mut self, read: &Read<'_>) {
        let (call, command) = (read.call, read.invocation.command);
        // What takes elements out, or waits for them, finds something new each time.
        let looks = command.is_read() && !command.is_write() && !command.has_flag("blocking");
        let exceeds = looks && self.repetitions.exceeds(call.connection, &call.words, call.at_us);
        let limit = exceeds.then_some(self.desk.options.hot_loop);
        // A scan is named once, with its first page.
        let goes_on = command.name == "SCAN" && call.words.get(1).is_some_and(|cursor| cursor != b"0");
        let goes_over_all = read.invocation.keys.is_empty() && !goes_on;
        if !exceeds && !goes_over_all {
            return;
        }
        let checker = self.desk.checker;
        let searched = if goes_over_all { checker.searched(&call.words) } else { None };
        let searched_key = searched.map(|plan| checker.plans()[plan].key);
        let repetition = Repetition { command, limit, caller: &read.caller, searched: searched_key };
        let name = read.invocation.keys.first().and_then(|key| call.words.get(key.position));
        let of = name.and_then(|name| checker.claim(name)).or(searched).map_or(Of::Nothing, Of::Key);
        let name = name.map_or(&[][..], Vec::as_slice);
        for (rule, problem) in problems(|of| if let Judges::Repetition(judge) = of { judge(&repetition) } else { None })
        {
            self.tally.add(&rule.rule, Slot::by(of, &read.caller), problem, Seen::at(name, call.at_us));
        }
    }

    fn channels(&mut self, read: &Read<'_>) {
        for (of, name, charges) in self.desk.of_channels(read, &mut self.room) {
            if of != Of::Name {
                self.ledger.add(of, read.caller.party, read.invocation.command);
            }
            for (rule, problem) in charges {
                self.tally.add(&rule.rule, Slot::by(of, &read.caller), problem, Seen::at(name, read.call.at_us));
            }
        }
    }

    /// A call that runs code: what it does to its keys is seen in the calls of the code, or not at all.
    fn script(&mut self, read: &Read<'_>, judged: bool) {
        if !self.desk.options.shows_scripts && judged && !read.invocation.keys.is_empty() {
            self.counts.scripts += 1;
        }
        for key in &read.invocation.keys {
            let plan = read.call.words.get(key.position).and_then(|name| self.desk.checker.claim(name));
            if let Some(plan) = plan.filter(|_| judged) {
                let declared = &self.desk.checker.plans()[plan].key.operations;
                if declared.iter().any(|operation| operation.name == read.invocation.command.name) {
                    self.ledger.add(Of::Key(plan), read.caller.party, read.invocation.command);
                }
            }
        }
    }

    fn keys(&mut self, read: &Read<'_>, judged: bool) {
        let call = read.call;
        let failed = matches!(call.outcome, Outcome::Failed(_));
        let source = moves(read.invocation).then(|| self.life_of(read, 0)).flatten();
        for (at, key) in read.invocation.keys.iter().enumerate() {
            let Some(name) = call.words.get(key.position) else { continue };
            if call.cut.contains(&key.position) {
                continue;
            }
            match self.desk.checker.claim(name) {
                Some(plan) => {
                    if judged {
                        self.used(read, (plan, key), name);
                    }
                    if !failed {
                        let moved = source.clone().filter(|_| at == 1);
                        self.written(read, (plan, key), judged, moved);
                    } else if judged && call.outcome == Outcome::Failed(REFUSED.to_owned()) {
                        let charges = self.desk.of_contents(read, (plan, key), &mut HashSet::new(), &mut self.room);
                        self.count(read, plan, name, charges);
                    }
                }
                None => self.stray(read, name, judged, failed),
            }
        }
    }

    fn life_of(&self, read: &Read<'_>, key: usize) -> Option<Life> {
        let key = read.invocation.keys.get(key)?;
        self.histories.get(read.call.words.get(key.position)?).cloned()
    }

    /// What is to be said of a key's use, whatever became of it.
    fn used(&mut self, read: &Read<'_>, (plan, key): (usize, &KeyUse), name: &[u8]) {
        let slot = Slot::by(Of::Key(plan), &read.caller);
        if !matches!(read.call.outcome, Outcome::Failed(_)) {
            self.ledger.add(slot.of, slot.party, read.invocation.command);
        }
        for (rule, problem) in self.desk.of_use(read, plan, key) {
            self.tally.add(&rule.rule, slot, problem, Seen::at(name, read.call.at_us));
        }
    }

    /// What a call did to a key, and what is to be said of what it put there.
    fn written(&mut self, read: &Read<'_>, (plan, key): (usize, &KeyUse), judged: bool, moved: Option<Life>) {
        let call = read.call;
        let Some(name) = call.words.get(key.position).filter(|_| key.effect.is_some()) else { return };
        let deed = Deed { party: read.caller.party, at_us: call.at_us };
        let (life, forgotten) = self.histories.of(name, plan);
        let Some(life) = life else { return };
        let mut charges: Vec<(Charge, Option<Part>)> = Vec::new();
        if life.written(read.invocation, key, deed) {
            if let Some(moved) = moved {
                *life = Life { plan, writer: deed.party, written_us: deed.at_us, ..moved };
            }
            // Of others' writes only the fields matter: the verdict is not about their values.
            if judged || self.desk.checker.plans()[plan].has_fields() {
                charges = self.desk.of_contents(read, (plan, key), &mut life.fields, &mut self.room);
            }
        }
        let is_there = life.is_there(call.at_us);
        self.living.note(plan, name, is_there);
        if judged {
            self.count(read, plan, name, charges);
        }
        for (name, life) in forgotten {
            settle::settle(&self.desk, &mut self.tally, (&name, &life), call.at_us);
        }
    }

    /// What is wrong with what a call puts, or would have put, into a key.
    fn count(&mut self, read: &Read<'_>, plan: usize, name: &[u8], charges: Vec<(Charge, Option<Part>)>) {
        let slot = Slot::by(Of::Key(plan), &read.caller);
        let shows = self.desk.options.show_values;
        for ((rule, problem), part) in charges {
            let value = part.as_ref().filter(|_| shows).and_then(Part::value);
            self.tally.add(&rule.rule, slot, problem, Seen { value, ..Seen::at(name, read.call.at_us) });
        }
    }

    fn stray(&mut self, read: &Read<'_>, name: &[u8], judged: bool, failed: bool) {
        let writes = read.invocation.command.is_write();
        if judged && self.desk.is_ours(&read.caller, name) {
            let Self { desk, tally, strays, .. } = self;
            strays.seen(desk.checker, tally, (&read.caller, name, read.call.at_us), writes);
        } else if writes && !failed {
            self.strays.written_by_anyone(name);
        }
    }

    /// Ends the run.
    #[must_use]
    pub fn finish(mut self) -> Verdict {
        let end_us = self.counts.moments.map_or(0, |moments| moments.last_us);
        for (name, life) in self.histories.into_all() {
            settle::settle(&self.desk, &mut self.tally, (&name, &life), end_us);
        }
        let checker = self.desk.checker;
        self.strays.finish(checker, &mut self.tally);
        let registry = checker.registry;
        let bus = registry.bus(checker.bus).name.as_str();
        let mut findings = self.tally.findings(registry, bus, checker.plans());
        self.living.judge(&self.desk, &mut findings);
        let coverage = self.ledger.coverage(checker);
        Verdict { findings, coverage, counts: self.counts, parties: self.called }
    }
}
