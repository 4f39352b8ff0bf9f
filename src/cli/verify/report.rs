//! What `verify` came to: the report, the exit code, and a closing line for each bus.
//!
//! In: outcomes. Out: a verdict, to be reported in the format that was asked for.

use serde_json::json;

use super::super::load::Loaded;
use super::super::verdict::Verdict;
use super::super::{Exit, output};
use crate::catalogue;
use crate::finding::Level;
use crate::verify::{Evidence, Outcome};

pub(in crate::cli) fn judge(fail_on: Level, loaded: &Loaded, outcomes: Vec<Outcome>) -> Verdict {
    let (mut findings, mut evidence, mut coverage) = (Vec::new(), Vec::new(), Vec::new());
    for outcome in outcomes {
        findings.extend(outcome.findings);
        evidence.push(outcome.evidence);
        coverage.extend(outcome.coverage);
    }
    let settled = catalogue::settle(findings, &loaded.settings, "verify");
    let judged: u64 = evidence.iter().map(|evidence| evidence.keys_judged).sum();
    let complete = evidence.iter().all(|evidence| evidence.complete);
    let exit = match Exit::of(&settled.findings, fail_on) {
        Exit::Clean if judged == 0 || !complete => Exit::NoEvidence,
        exit => exit,
    };
    let fails = Exit::of(&settled.findings, fail_on) == Exit::Findings;
    let mut closing: Vec<String> = evidence.iter().map(|evidence| summary(evidence, fails)).collect();
    if judged == 0 {
        let what = if evidence.iter().any(|evidence| evidence.keys_elsewhere.is_some()) { "file" } else { "server" };
        closing
            .push(format!("No key that the registry declares was seen: this proves nothing. Is it the right {what}?"));
    }
    let all = |total: fn(&Evidence) -> u64| evidence.iter().map(total).sum::<u64>();
    Verdict {
        command: "verify",
        settled,
        evidence: json!({
            "keys_scanned": all(|e| e.keys_scanned),
            "keys_judged": judged,
            "keys_undeclared": all(|e| e.keys_undeclared),
            "values_judged": all(|e| e.values_judged),
            "complete": complete,
            "buses": evidence,
        }),
        coverage: json!({ "entries": coverage }),
        closing: closing.join("\n"),
        exit,
    }
}

fn summary(evidence: &Evidence, fails: bool) -> String {
    // The word agrees with the exit code: nothing is called clean that does not exit 0.
    let word = match (evidence.complete, fails) {
        (false, _) => "incomplete",
        (true, true) => "not clean",
        (true, false) if evidence.keys_judged == 0 => "nothing to judge",
        (true, false) => "clean",
    };
    let unread = match evidence.values_unread {
        0 => String::new(),
        unread => format!(", {unread} not read to their end"),
    };
    let elsewhere = match evidence.keys_elsewhere {
        None | Some(0) => String::new(),
        Some(keys) => format!(", {keys} in other databases"),
    };
    let counted = |count: u64, one| output::counted(usize::try_from(count).unwrap_or(usize::MAX), one);
    format!(
        "{}: {word} ({} at {}: {} scanned, {} declared, {} undeclared{elsewhere}, {} judged{unread}, depth {}, {:.1} s)",
        evidence.bus,
        evidence.server,
        evidence.url,
        counted(evidence.keys_scanned, "key"),
        evidence.keys_judged,
        evidence.keys_undeclared,
        counted(evidence.values_judged, "value"),
        evidence.depth,
        evidence.seconds
    )
}
