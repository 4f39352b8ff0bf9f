//! Calls that break the contract, told before they reach the server. Only what a call says by itself counts: that a trim
//! or an EXPIRE will not follow, nobody can know yet.

use std::collections::HashSet;

use anyhow::Result;

use super::Options;
use super::desk::{Charge, Desk, Read};
use super::parties::Parties;
use crate::check::contents::Room;
use crate::check::rules::problems;
use crate::check::{Checker, Judges, Repetition, Unclaimed};
use crate::finding::{Finding, Level, printable};
use crate::observe::traffic::Call;
use crate::server::commands;

/// Names in a refusal are cut off here.
const SHOWN: usize = 80;

/// Judges calls one by one.
pub struct Gate<'c, 'r> {
    desk: Desk<'c, 'r>,
    parties: Parties<'r>,
}

impl<'c, 'r> Gate<'c, 'r> {
    /// A gate for one bus.
    ///
    /// # Errors
    /// When what a channel carries cannot be compiled.
    pub fn new(checker: &'c Checker<'r>, options: Options) -> Result<Self> {
        Ok(Self { parties: Parties::new(checker.registry, options.all_are), desk: Desk::new(checker, options)? })
    }

    /// Why a call is refused: the rule that it breaks, and how. `level` tells how much a finding weighs by the user's
    /// settings; only errors refuse.
    #[must_use]
    pub fn refusal(&self, call: &Call, level: impl Fn(&Finding) -> Option<Level>) -> Option<String> {
        if self.desk.options.database.is_some_and(|database| database != call.database) {
            return None;
        }
        let invocation = commands::invocation(&call.words)?;
        let caller = self.parties.of(&call.client);
        if !self.desk.is_judged(&caller) {
            return None;
        }
        let read = Read { call, invocation: &invocation, caller };
        let refuses = |(name, (rule, problem)): &(&[u8], Charge)| {
            level(&self.finding(name, rule.rule.name, problem.level.unwrap_or(rule.rule.level))) == Some(Level::Error)
        };
        let (name, (rule, problem)) = self.charges(&read).into_iter().find(refuses)?;
        let name: String = printable(name).chars().take(SHOWN).collect();
        let of = if name.is_empty() { invocation.command.name.clone() } else { format!("`{name}`") };
        Some(format!("{}: {of}: {}", rule.rule.name, problem.message))
    }

    /// As much of a finding as settings ask about: the rule, its weight, the name, and whose it is.
    fn finding(&self, name: &[u8], rule: &'static str, level: Level) -> Finding {
        let checker = self.desk.checker;
        let mut finding = Finding::new(rule, level, "");
        if let Some(plan) = checker.claim(name) {
            finding = finding.of_key(checker.registry, checker.plans()[plan].key);
        }
        finding.key = (!name.is_empty()).then(|| printable(name));
        finding
    }

    fn charges<'a>(&self, read: &Read<'a>) -> Vec<(&'a [u8], Charge)> {
        let mut room = Room::default();
        let mut found: Vec<(&[u8], Charge)> = Vec::new();
        for (_, name, charges) in self.desk.of_channels(read, &mut room) {
            found.extend(charges.into_iter().map(|charge| (name, charge)));
        }
        if read.invocation.keys.is_empty() {
            let searched = self.desk.checker.searched(&read.call.words).map(|plan| self.desk.checker.plans()[plan].key);
            let (command, caller) = (read.invocation.command, &read.caller);
            let repetition = Repetition { command, limit: None, caller, searched };
            let charges = problems(|of| if let Judges::Repetition(judge) = of { judge(&repetition) } else { None });
            found.extend(charges.map(|charge| (&b""[..], charge)));
        }
        if read.invocation.command.runs_code() {
            return found;
        }
        for key in &read.invocation.keys {
            let Some(name) = read.call.words.get(key.position) else { continue };
            if read.call.cut.contains(&key.position) {
                continue;
            }
            let Some(plan) = self.desk.checker.claim(name) else {
                found.extend(self.stray(read, name).map(|charge| (name.as_slice(), charge)));
                continue;
            };
            found.extend(self.desk.of_use(read, plan, key).into_iter().map(|charge| (name.as_slice(), charge)));
            let contents = self.desk.of_contents(read, (plan, key), &mut HashSet::new(), &mut room);
            found.extend(contents.into_iter().map(|(charge, _)| (name.as_slice(), charge)));
        }
        found
    }

    /// A name that no pattern claims. That nobody writes it, which makes a read of it dangling, is not known here.
    fn stray<'n>(&self, read: &Read<'_>, name: &'n [u8]) -> impl Iterator<Item = Charge> + use<'n> {
        let checker = self.desk.checker;
        let is_ours = self.desk.is_ours(&read.caller, name);
        let (elsewhere, nearest) = (checker.bus_elsewhere(name), checker.nearest(name));
        let unclaimed = Unclaimed { elsewhere, nearest, only_read: false };
        let charges: Vec<Charge> =
            problems(|of| if let Judges::Unclaimed(judge) = of { judge(&unclaimed) } else { None }).collect();
        charges.into_iter().filter(move |_| is_ours)
    }
}
