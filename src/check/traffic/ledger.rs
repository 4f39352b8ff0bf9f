//! Which command was seen on which entry, by whom: the counts that coverage is made of.

use std::collections::HashMap;

use crate::check::Checker;
use crate::check::subjects::names;
use crate::check::tally::Of;
use crate::coverage::{CommandCoverage, EntryCoverage};
use crate::registry::{Channel, Consumer, Operation, Party, Pattern, Registry};
use crate::server::commands::Command;

/// Different commands on one entry by one party that are told apart in all.
const ROWS: usize = 100_000;

/// Who owns an entry, with which operations, and who consumes it.
type Parts<'a> = (Party, &'a [Operation], &'a [Consumer]);

/// Counts calls by entry, party and command.
#[derive(Default)]
pub(super) struct Ledger {
    seen: HashMap<(Of, Option<Party>, &'static str), u64>,
}

impl Ledger {
    pub(super) fn add(&mut self, of: Of, party: Option<Party>, command: &'static Command) {
        let row = (of, party, command.name.as_str());
        if self.seen.len() < ROWS || self.seen.contains_key(&row) {
            *self.seen.entry(row).or_default() += 1;
        }
    }

    /// What was seen, entry by entry, in the order of the registry.
    pub(super) fn coverage(&self, checker: &Checker<'_>) -> Vec<EntryCoverage> {
        let registry = checker.registry;
        let bus = &registry.bus(checker.bus).name;
        let entry = |of: Of, (name, pattern): (&str, &Pattern), parts: Parts<'_>| {
            let (operations, reads) = self.rows(registry, of, parts);
            EntryCoverage {
                bus: bus.clone(),
                module: registry.party_name(parts.0).to_owned(),
                entry: name.to_owned(),
                pattern: pattern.as_str().to_owned(),
                keys: None,
                operations,
                reads,
            }
        };
        let keys = checker.plans().iter().map(|plan| plan.key).enumerate().map(|(at, key)| {
            let parts = (Party::Module(key.module), key.operations.as_slice(), key.consumers.as_slice());
            entry(Of::Key(at), (&key.name, &key.pattern), parts)
        });
        let own = |(_, channel): &(usize, &Channel)| channel.bus == Some(checker.bus) && channel.from_key.is_none();
        let channels = registry.channels.iter().enumerate().filter(own).map(|(at, channel)| {
            let parts = (Party::Module(channel.module), channel.operations.as_slice(), channel.consumers.as_slice());
            entry(Of::Channel(at), (&channel.name, &channel.pattern), parts)
        });
        keys.chain(channels).collect()
    }

    /// Rows of what the owner does, and of what consumers do: first what is declared, then what was only seen.
    fn rows(
        &self,
        registry: &Registry,
        of: Of,
        (owner, operations, consumers): Parts<'_>,
    ) -> (Vec<CommandCoverage>, Vec<CommandCoverage>) {
        let mut left: Vec<(Option<Party>, &'static str, u64)> = self
            .seen
            .iter()
            .filter(|((row, ..), _)| *row == of)
            .map(|((_, party, name), n)| (*party, *name, *n))
            .collect();
        left.sort_by_key(|(party, name, _)| (party.map(|party| registry.party_name(party)), *name));
        let mut take = |party: Party, word: &str| {
            let is_it = |row: &(Option<Party>, &'static str, u64)| row.0 == Some(party) && is_named(word, row.1);
            let seen = left.iter().filter(|row| is_it(row)).map(|row| row.2).sum();
            left.retain(|row| !is_it(row));
            let party = Some(registry.party_name(party).to_owned());
            CommandCoverage { party, command: word.to_owned(), declared: true, seen }
        };
        let mut own: Vec<_> = operations.iter().map(|operation| take(owner, &operation.name)).collect();
        let mut reads = Vec::new();
        for row in consumers.iter().filter(|row| !row.potential) {
            reads.extend(row.reads.iter().map(|read| take(row.party, &read.name)));
        }
        // Rows that are only potential declare what may be seen, and do not demand it.
        let potential = |party, name| {
            let named = |row: &&Consumer| row.party == party && row.reads.iter().any(|read| is_named(&read.name, name));
            consumers.iter().filter(|row| row.potential).any(|row| named(&row))
        };
        for (party, name, seen) in left {
            let declared = party.is_some_and(|party| potential(party, name));
            let party_name = party.map(|party| registry.party_name(party).to_owned());
            let row = CommandCoverage { party: party_name, command: name.to_owned(), declared, seen };
            if party == Some(owner) { own.push(row) } else { reads.push(row) }
        }
        (own, reads)
    }
}

fn is_named(word: &str, name: &'static str) -> bool {
    crate::server::commands::get(name).is_some_and(|command| names(word, command))
}
