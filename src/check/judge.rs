//! Observations in, findings out: one pass, one key at a time, in memory that does not grow with the data.

use std::collections::HashSet;
use std::time::{SystemTime, UNIX_EPOCH};

use super::census::{self, Census, Counts};
use super::contents::{self, Room};
use super::plan::{Checker, Contents, KeyPlan};
use super::rules::problems;
use super::tally::{Seen as Sight, Slot, Tally};
use super::{CheckRule, Judges, Problem, Subject, Unclaimed, newest};
use crate::finding::Finding;
use crate::observe::{Extent, Header, Measures, Part, Seen};

/// Keys that get a second look; problems of further ones are counted at once.
const SUSPECTS: usize = 1000;

/// Names for which the nearest pattern is looked for.
const NEAREST: u64 = 1000;

/// A key with problems that may be a moment's: a write between its trim and its expiry, say.
pub struct Suspect {
    /// Its name.
    pub name: Vec<u8>,
    /// Its pattern, as an index of [`Checker::plans`].
    pub plan: usize,
    header: Header,
    newest_ms: Option<f64>,
    problems: Vec<(&'static CheckRule, Problem)>,
}

/// What a run of the judge came to.
#[derive(Debug, Default)]
pub struct Verdict {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// Keys that a judged pattern claims.
    pub keys: u64,
    /// Names that no pattern claims, though they are the registry's business.
    pub undeclared: u64,
    /// Values, fields, elements, members and entries that were judged.
    pub values: u64,
    /// Values too large to be read, and contents cut off by sampling.
    pub unread: u64,
    /// How many keys of each pattern were seen, by index of [`Checker::plans`].
    pub seen: Vec<u64>,
}

/// Judges one keyspace.
pub struct Judge<'c, 'r> {
    checker: &'c Checker<'r>,
    show_values: bool,
    now_ms: f64,
    room: Room,
    fixed: bool,
    tally: Tally,
    counts: Counts,
    current: Option<Current>,
    suspects: Vec<Suspect>,
    verdict: Verdict,
}

struct Current {
    plan: usize,
    judged: bool,
    header: Header,
    as_declared: bool,
    fields: HashSet<usize>,
    newest_ms: Option<f64>,
    too_large: bool,
    parts: u64,
}

impl<'c, 'r> Judge<'c, 'r> {
    /// Starts with nothing seen. `show_values` lets values into examples.
    #[must_use]
    pub fn new(checker: &'c Checker<'r>, show_values: bool) -> Self {
        Self {
            checker,
            show_values,
            now_ms: now_ms(),
            room: Room::default(),
            fixed: false,
            tally: Tally::default(),
            counts: Counts::new(checker),
            current: None,
            suspects: Vec::new(),
            verdict: Verdict::default(),
        }
    }

    /// Judges by this moment, in milliseconds since 1970, from now on: the data is of then. Without it, by the clock.
    pub fn at(&mut self, moment_ms: f64) {
        (self.now_ms, self.fixed) = (moment_ms, true);
    }

    /// Takes the next observation.
    pub fn see(&mut self, seen: Seen) {
        match seen {
            Seen::Key(plan, header) => self.key(plan, header),
            Seen::Text(plan, header, value) => {
                self.key(plan, header);
                self.part(&Part::Value(value));
                self.end(Extent::Whole);
            }
            Seen::Parts(parts) => {
                for part in parts {
                    self.part(&part);
                }
            }
            Seen::Measured(measures) => self.measured(measures),
            Seen::End(extent) => self.end(extent),
            Seen::Unclaimed(name) => self.unclaimed(&name),
            Seen::Gone => {}
            Seen::TooLarge(_) => {
                if let Some(current) = &mut self.current {
                    current.too_large = true;
                }
            }
        }
    }

    fn key(&mut self, plan: usize, header: Header) {
        let judged = self.checker.is_judged(plan);
        self.counts.add(plan, &header.name);
        self.verdict.keys += u64::from(judged);
        if !self.fixed {
            self.now_ms = now_ms();
        }
        let declared = &self.checker.plans()[plan];
        let as_declared = declared.key.redis_type.is_none_or(|redis_type| redis_type.reply == header.redis_type);
        let newest_ms = newest_position(&header, declared);
        let fields = HashSet::new();
        self.current =
            Some(Current { plan, judged, header, as_declared, fields, newest_ms, too_large: false, parts: 0 });
    }

    fn measured(&mut self, Measures { size, ends, groups }: Measures) {
        let Some(current) = &mut self.current else { return };
        (current.header.size, current.header.ends, current.header.groups) = (size, ends, groups);
        let by_position = newest_position(&current.header, &self.checker.plans()[current.plan]);
        current.newest_ms = by_position.or(current.newest_ms);
    }

    fn part(&mut self, part: &Part) {
        let Some(current) = &mut self.current else { return };
        if !current.judged || !current.as_declared {
            return;
        }
        self.verdict.values += 1;
        current.parts += 1;
        let plan = &self.checker.plans()[current.plan];
        let newest = contents::judge(plan, part, &mut current.fields, &mut self.room);
        current.newest_ms = newest::latest(current.newest_ms, newest);
        if !self.room.faults.is_empty()
            && let Some(current) = self.current.take()
        {
            self.count_faults(&current, Some(part));
            self.current = Some(current);
        }
    }

    fn count_faults(&mut self, current: &Current, part: Option<&Part>) {
        let shown = part.and_then(Part::value).filter(|_| self.show_values);
        for fault in self.room.faults.drain(..) {
            for (rule, problem) in problems(|of| if let Judges::Contents(judge) = of { judge(&fault) } else { None }) {
                self.tally.add(&rule.rule, Slot::key(current.plan), problem, Sight::of(&current.header.name, shown));
            }
        }
    }

    fn end(&mut self, extent: Extent) {
        let Some(current) = self.current.take() else { return };
        if !current.judged {
            return;
        }
        // A key counts once, however many of its values were too large.
        self.verdict.unread += u64::from(current.too_large || extent == Extent::Cut);
        let plan = &self.checker.plans()[current.plan];
        // A hash that expires while it is read ends early: what was not seen of it is not missing.
        let is_whole = extent == Extent::Whole && current.header.size.is_none_or(|size| current.parts >= size);
        let is_whole_hash = is_whole && current.header.redis_type == "hash";
        if let (Contents::Fields(plans), true) = (&plan.contents, is_whole_hash) {
            contents::missing(plans, &current.fields, &mut self.room.faults);
        }
        self.count_faults(&current, None);
        self.judge_key(current);
    }

    fn judge_key(&mut self, current: Current) {
        let problems = self.key_problems(current.plan, &current.header, current.newest_ms);
        if problems.is_empty() {
            return;
        }
        let Current { plan, header, newest_ms, .. } = current;
        if self.suspects.len() < SUSPECTS {
            self.suspects.push(Suspect { name: header.name.clone(), plan, header, newest_ms, problems });
        } else {
            self.count_key(plan, &header.name, problems);
        }
    }

    fn key_problems(&self, plan: usize, seen: &Header, newest_ms: Option<f64>) -> Vec<(&'static CheckRule, Problem)> {
        let subject = Subject { plan: &self.checker.plans()[plan], seen, newest_ms, now_ms: self.now_ms };
        problems(|of| if let Judges::Key(judge) = of { judge(&subject) } else { None }).collect()
    }

    fn count_key(&mut self, plan: usize, name: &[u8], problems: Vec<(&'static CheckRule, Problem)>) {
        for (rule, problem) in problems {
            self.tally.add(&rule.rule, Slot::key(plan), problem, Sight::of(name, None));
        }
    }

    fn unclaimed(&mut self, name: &[u8]) {
        self.verdict.undeclared += 1;
        // Only the first names of a shape are shown: the search for the nearest pattern need not go on for millions.
        let nearest = if self.verdict.undeclared < NEAREST { self.checker.nearest(name) } else { None };
        let unclaimed = Unclaimed { elsewhere: self.checker.bus_elsewhere(name), nearest, only_read: false };
        for (rule, problem) in problems(|of| if let Judges::Unclaimed(judge) = of { judge(&unclaimed) } else { None }) {
            self.tally.add(&rule.rule, Slot::default(), problem, Sight::of(name, None));
        }
    }

    /// Keys that deserve a second look before their problems count.
    #[must_use]
    pub fn take_suspects(&mut self) -> Vec<Suspect> {
        std::mem::take(&mut self.suspects)
    }

    /// Settles a suspect by what is seen of it now: a problem stands if it is there again, or if the key is gone.
    pub fn settle(&mut self, suspect: Suspect, now: Option<Header>) {
        let problems = match now {
            None => suspect.problems,
            Some(mut header) => {
                // What the second look does not ask stays as it was.
                header.ends = suspect.header.ends;
                header.groups = suspect.header.groups;
                header.size = header.size.or(suspect.header.size);
                let again = self.key_problems(suspect.plan, &header, suspect.newest_ms);
                let stands = |(rule, problem): &(&'static CheckRule, Problem)| {
                    again.iter().any(|(other, now)| other.rule.name == rule.rule.name && now.subject == problem.subject)
                };
                suspect.problems.into_iter().filter(stands).collect()
            }
        };
        self.count_key(suspect.plan, &suspect.name, problems);
    }

    /// Ends the run. `complete` says whether all names were scanned.
    #[must_use]
    pub fn finish(mut self, complete: bool) -> Verdict {
        for suspect in self.take_suspects() {
            self.settle(suspect, None);
        }
        let checker = self.checker;
        let registry = checker.registry;
        let bus = registry.bus(checker.bus).name.as_str();
        let counts: Vec<u64> = (0..checker.plans().len()).map(|at| self.counts.seen(at)).collect();
        let mut running: HashSet<usize> = checker.options.module.iter().map(|module| module.0).collect();
        let judged = |at: &usize| checker.is_judged(*at);
        let plans = || (0..counts.len()).filter(judged);
        running.extend(plans().filter(|at| counts[*at] > 0).map(|at| checker.plans()[at].key.module.0));
        let seen = plans().map(|at| (&checker.plans()[at], counts[at])).collect();
        let census = Census { registry, bus, complete, seen, running };
        let mut findings = self.tally.findings(registry, bus, checker.plans());
        census::judge(&census, &mut findings);
        Verdict { findings, seen: counts, ..self.verdict }
    }
}

/// The time that the highest position of an ordered container stands for.
fn newest_position(header: &Header, declared: &KeyPlan<'_>) -> Option<f64> {
    header.ends.zip(declared.position_ms).map(|((_, last), unit)| last * unit)
}

#[allow(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
fn now_ms() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_millis() as f64)
}
