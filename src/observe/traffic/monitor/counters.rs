//! What a server counts of calls that failed, which MONITOR does not show: INFO commandstats and errorstats.
//!
//! In: the texts of INFO, before and after. Out: [`Failures`]. A server that was restarted or whose counters were reset
//! between the two counts from zero.

use std::collections::BTreeMap;

use crate::observe::traffic::Failures;

/// The counters at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Counters {
    run_id: String,
    /// By command: all calls.
    calls: BTreeMap<String, u64>,
    /// By command: those that were refused or failed. Servers count that since 6.2.
    failed: BTreeMap<String, u64>,
    /// By kind of error.
    kinds: BTreeMap<String, u64>,
}

impl Counters {
    /// Reads INFO's sections `server`, `commandstats` and `errorstats`, in one text.
    pub fn parse(text: &str) -> Self {
        let mut counters = Self::default();
        for (name, value) in text.lines().filter_map(|line| line.trim_end().split_once(':')) {
            let number = |field: &str| -> Option<u64> {
                value.split(',').find_map(|pair| pair.strip_prefix(field)?.strip_prefix('=')?.parse().ok())
            };
            if let Some(command) = name.strip_prefix("cmdstat_") {
                let command = command.replace('|', " ").to_ascii_uppercase();
                let refused = number("rejected_calls").unwrap_or(0);
                if let Some(failed) = number("failed_calls") {
                    counters.failed.insert(command.clone(), failed + refused);
                }
                counters.calls.insert(command, number("calls").unwrap_or(0) + refused);
            } else if let Some(kind) = name.strip_prefix("errorstat_") {
                counters.kinds.insert(kind.to_owned(), number("count").unwrap_or(0));
            } else if name == "run_id" {
                value.clone_into(&mut counters.run_id);
            }
        }
        counters
    }

    /// Whether the server counts failures; those before 6.2 do not.
    pub fn has_failures(&self) -> bool {
        self.calls.is_empty() || !self.failed.is_empty()
    }

    /// Whether these counters have gone on from those: same server, and none smaller.
    fn continues(&self, before: &Self) -> bool {
        let is_less = |(command, calls): (&String, &u64)| self.calls.get(command).is_none_or(|now| now < calls);
        self.run_id == before.run_id && !before.calls.iter().any(is_less)
    }
}

/// Failures of one or several stretches of time.
#[derive(Debug, Default)]
pub(super) struct Totals {
    failed: BTreeMap<String, u64>,
    kinds: BTreeMap<String, u64>,
}

impl Totals {
    /// Adds what failed between two moments.
    pub fn add(&mut self, before: &Counters, after: &Counters) {
        let zero = Counters::default();
        let before = if after.continues(before) { before } else { &zero };
        add(&mut self.failed, &before.failed, &after.failed);
        add(&mut self.kinds, &before.kinds, &after.kinds);
    }

    /// All that failed: by command, then by kind, each with the most frequent first.
    pub fn into_failures(self) -> Vec<Failures> {
        let by_command = sorted(self.failed).into_iter().map(|(command, count)| (Some(command), None, count));
        let by_kind = sorted(self.kinds).into_iter().map(|(kind, count)| (None, Some(kind), count));
        by_command.chain(by_kind).map(|(command, kind, count)| Failures { command, kind, count }).collect()
    }
}

fn add(totals: &mut BTreeMap<String, u64>, before: &BTreeMap<String, u64>, after: &BTreeMap<String, u64>) {
    for (name, &now) in after {
        let then = before.get(name).copied().unwrap_or(0);
        // Kinds of error may be reset by themselves, when there are too many of them.
        let added = if now < then { now } else { now - then };
        if added > 0 {
            *totals.entry(name.clone()).or_default() += added;
        }
    }
}

fn sorted(counts: BTreeMap<String, u64>) -> Vec<(String, u64)> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counters(run_id: &str, lpush: (u64, u64), wrongtype: u64) -> Counters {
        let (calls, failed) = lpush;
        Counters::parse(&format!(
            "# Server\r\nrun_id:{run_id}\r\n\r\n# Commandstats\r\n\
             cmdstat_lpush:calls={calls},usec=27,usec_per_call=9.00,rejected_calls=1,failed_calls={failed}\r\n\
             cmdstat_client|list:calls=3,usec=27,usec_per_call=9.00,rejected_calls=0,failed_calls=0\r\n\
             # Errorstats\r\nerrorstat_WRONGTYPE:count={wrongtype}\r\n"
        ))
    }

    fn failures(stretches: &[(Counters, Counters)]) -> Vec<String> {
        let mut totals = Totals::default();
        stretches.iter().for_each(|(before, after)| totals.add(before, after));
        let name = |it: Failures| format!("{} {}", it.command.or(it.kind).unwrap(), it.count);
        totals.into_failures().into_iter().map(name).collect()
    }

    #[test]
    fn what_failed_is_what_was_added() {
        let before = counters("a", (10, 3), 3);
        assert!(before.has_failures());
        assert!(failures(&[(before.clone(), before.clone())]).is_empty());
        let after = counters("a", (20, 7), 8);
        assert_eq!(failures(&[(before.clone(), after.clone())]), ["LPUSH 4", "WRONGTYPE 5"]);
        assert_eq!(failures(&[(before.clone(), after.clone()), (before, after)]), ["LPUSH 8", "WRONGTYPE 10"]);
        let first = counters("", (2, 0), 2);
        assert_eq!(failures(&[(Counters::default(), first)]), ["LPUSH 1", "WRONGTYPE 2"]);
    }

    #[test]
    fn counters_that_were_reset_count_from_zero() {
        let before = counters("a", (10, 3), 3);
        let reset = counters("a", (4, 3), 5);
        assert_eq!(failures(&[(before.clone(), reset)]), ["LPUSH 4", "WRONGTYPE 5"]);
        let restarted = counters("b", (20, 3), 3);
        assert_eq!(failures(&[(before.clone(), restarted)]), ["LPUSH 4", "WRONGTYPE 3"]);
        let kinds_reset = counters("a", (10, 3), 1);
        assert_eq!(failures(&[(before, kinds_reset)]), ["WRONGTYPE 1"]);
    }

    #[test]
    fn servers_before_6_2_count_no_failures() {
        assert!(!Counters::parse("cmdstat_get:calls=3,usec=27,usec_per_call=9.00").has_failures());
        assert!(Counters::parse("").has_failures());
    }
}
