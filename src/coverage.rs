//! Coverage: what the registry declares of each entry beside what was seen of it. Plain data that reports carry and that
//! several runs can be merged from; it knows neither origins nor rules.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// What was declared of all entries, and what was seen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// The parties that it is about: those that called, or the one that was asked for.
    #[serde(default)]
    pub parties: BTreeSet<String>,
    /// Declared operations of these parties' own entries.
    #[serde(default)]
    pub operations: Share,
    /// Declared reads of these parties.
    #[serde(default)]
    pub reads: Share,
    /// Entry by entry.
    #[serde(default)]
    pub entries: Vec<EntryCoverage>,
}

/// How much of what is declared was seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// Declared.
    pub declared: u64,
    /// Declared, and seen at least once.
    pub seen: u64,
    /// The second of the first, in percent to one digit, rounded down; 100 where nothing is declared.
    pub percent: f64,
}

/// What was declared of an entry, and what was seen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntryCoverage {
    /// Name of the bus.
    pub bus: String,
    /// Name of the module that owns it.
    pub module: String,
    /// Name of the entry.
    pub entry: String,
    /// Its pattern.
    pub pattern: String,
    /// Keys seen in the keyspace, where that was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keys: Option<u64>,
    /// What its module does to it: declared and seen, declared and never seen, seen and undeclared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<CommandCoverage>,
    /// What others do, in the same way. Calls of clients that are nobody of the registry have no party.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<CommandCoverage>,
}

/// A command on an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandCoverage {
    /// Who calls.
    pub party: Option<String>,
    /// The command.
    pub command: String,
    /// Is it declared?
    pub declared: bool,
    /// How many times it was seen.
    pub seen: u64,
}

impl Share {
    fn of<'a>(rows: impl Iterator<Item = &'a CommandCoverage>) -> Self {
        let (mut declared, mut seen) = (0_u64, 0_u64);
        for row in rows.filter(|row| row.declared) {
            declared += 1;
            seen += u64::from(row.seen > 0);
        }
        let tenths = (seen * 1000).checked_div(declared).unwrap_or(1000);
        #[allow(clippy::cast_precision_loss, reason = "at most 1000")]
        let percent = tenths as f64 / 10.0;
        Self { declared, seen, percent }
    }
}

impl Coverage {
    /// Coverage of some parties, counted.
    #[must_use]
    pub fn new(parties: BTreeSet<String>, entries: Vec<EntryCoverage>) -> Self {
        let operations =
            entries.iter().filter(|entry| parties.contains(&entry.module)).flat_map(|entry| &entry.operations);
        let is_theirs = |row: &&CommandCoverage| row.party.as_ref().is_some_and(|party| parties.contains(party));
        let reads = entries.iter().flat_map(|entry| &entry.reads).filter(is_theirs);
        Self { operations: Share::of(operations), reads: Share::of(reads), parties, entries }
    }

    /// The coverage of a report; none where a command has none, or other words for it.
    #[must_use]
    pub fn of_report(coverage: &serde_json::Value) -> Self {
        serde_json::from_value(coverage.clone()).unwrap_or_default()
    }

    /// What a threshold goes by: operations, or reads for parties that declare no operation.
    #[must_use]
    pub fn share(&self) -> (&'static str, Share) {
        if self.operations.declared == 0 { ("reads", self.reads) } else { ("operations", self.operations) }
    }

    /// What is declared of the parties and was never seen: `entry COMMAND`.
    #[must_use]
    pub fn never_seen(&self) -> Vec<String> {
        let own = |entry: &&EntryCoverage| self.parties.contains(&entry.module);
        let missed = |entry: &EntryCoverage, row: &CommandCoverage| {
            (row.declared && row.seen == 0).then(|| format!("{} {}", entry.entry, row.command))
        };
        let rows =
            self.entries.iter().filter(own).flat_map(|entry| entry.operations.iter().map(move |row| (entry, row)));
        rows.filter_map(|(entry, row)| missed(entry, row)).collect()
    }

    /// The entry of a name, or of a pattern.
    #[must_use]
    pub fn entry(&self, name: &str) -> Option<&EntryCoverage> {
        self.entries.iter().find(|entry| entry.entry == name || entry.pattern == name)
    }

    /// Both together. What is declared in one of them only stays declared.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.parties.extend(other.parties);
        for theirs in other.entries {
            let same = |ours: &&mut EntryCoverage| {
                (&ours.bus, &ours.module, &ours.entry) == (&theirs.bus, &theirs.module, &theirs.entry)
            };
            match self.entries.iter_mut().find(same) {
                Some(ours) => {
                    ours.keys = ours.keys.max(theirs.keys);
                    merge_rows(&mut ours.operations, theirs.operations);
                    merge_rows(&mut ours.reads, theirs.reads);
                }
                None => self.entries.push(theirs),
            }
        }
        Self::new(self.parties, self.entries)
    }
}

impl EntryCoverage {
    /// Is it a party's own, or does the party read it, by declaration or in fact?
    #[must_use]
    pub fn concerns(&self, party: &str) -> bool {
        let is_theirs = |row: &CommandCoverage| row.party.as_deref() == Some(party);
        self.module == party || self.operations.iter().chain(&self.reads).any(is_theirs)
    }

    /// Was anything seen of it: a call, or a key?
    #[must_use]
    pub fn is_seen(&self) -> bool {
        self.operations.iter().chain(&self.reads).any(|row| row.seen > 0) || self.keys.is_some_and(|keys| keys > 0)
    }
}

fn merge_rows(ours: &mut Vec<CommandCoverage>, theirs: Vec<CommandCoverage>) {
    for row in theirs {
        match ours.iter_mut().find(|known| (&known.party, &known.command) == (&row.party, &row.command)) {
            Some(known) => {
                known.seen = known.seen.saturating_add(row.seen);
                known.declared |= row.declared;
            }
            None => ours.push(row),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(party: &str, command: &str, declared: bool, seen: u64) -> CommandCoverage {
        CommandCoverage { party: Some(party.to_owned()), command: command.to_owned(), declared, seen }
    }

    fn coverage(operations: Vec<CommandCoverage>, reads: Vec<CommandCoverage>, party: &str) -> Coverage {
        let text = |text: &str| text.to_owned();
        let entry = EntryCoverage {
            bus: text("main"),
            module: text("app"),
            entry: text("mode"),
            pattern: text("app:mode"),
            keys: None,
            operations,
            reads,
        };
        Coverage::new(BTreeSet::from([text(party)]), vec![entry])
    }

    #[test]
    fn only_what_is_declared_of_the_parties_counts() {
        let app = coverage(
            vec![row("app", "SET", true, 3), row("app", "DEL", true, 0), row("app", "APPEND", false, 9)],
            vec![row("reader", "GET", true, 1)],
            "app",
        );
        assert_eq!(app.operations, Share { declared: 2, seen: 1, percent: 50.0 });
        assert_eq!(app.reads, Share { declared: 0, seen: 0, percent: 100.0 });
        assert_eq!(app.never_seen(), ["mode DEL"]);
        let reader = Coverage::new(BTreeSet::from(["reader".to_owned()]), app.entries);
        assert_eq!(reader.share(), ("reads", Share { declared: 1, seen: 1, percent: 100.0 }));
    }

    #[test]
    fn two_runs_cover_what_either_covers() {
        let first = coverage(vec![row("app", "SET", true, 3), row("app", "DEL", true, 0)], Vec::new(), "app");
        let second = coverage(vec![row("app", "SET", true, 0), row("app", "DEL", true, 2)], Vec::new(), "app");
        let both = first.clone().merge(second);
        assert_eq!(both.operations, Share { declared: 2, seen: 2, percent: 100.0 });
        assert_eq!(both.entries[0].operations[0].seen, 3);
        assert_eq!(first.clone().merge(Coverage::default()), first, "nothing more is nothing new");
    }
}
