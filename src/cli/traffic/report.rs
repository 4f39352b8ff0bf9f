//! What a command that looked at traffic came to: the report, the exit code, and closing lines for each bus.
//!
//! In: findings, evidence and coverage. Out: a report in the format that was asked for.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::{Value, json};

use super::super::load::Loaded;
use super::super::verdict::Verdict;
use super::super::{Exit, ReportArgs, output};
use super::TrafficArgs;
use crate::catalogue;
use crate::coverage::Coverage;
use crate::finding::{Finding, Level};
use crate::watch::Evidence;

/// What a command has to report.
pub(in crate::cli) struct Seen {
    pub command: &'static str,
    pub findings: Vec<Finding>,
    /// What verdicts on traffic rest on, bus by bus.
    pub traffic: Vec<Evidence>,
    pub coverage: Coverage,
    /// What else there is to say, for machines and for people.
    pub more: BTreeMap<&'static str, Value>,
    pub closing: Vec<String>,
    /// Is there a reason to doubt the whole?
    pub incomplete: bool,
    /// Did a program under contract fail?
    pub failed: bool,
}

/// Writes the report, and decides how the command ends.
pub(in crate::cli) fn report(args: &TrafficArgs, how: &ReportArgs, loaded: &Loaded, seen: Seen) -> Result<Exit> {
    judge(args, output::level(&how.fail_on), loaded, seen)?.write(&loaded.registry.sources, how)
}

/// Decides how the command ends.
pub(in crate::cli) fn judge(args: &TrafficArgs, fail_on: Level, loaded: &Loaded, mut seen: Seen) -> Result<Verdict> {
    let unmet = args.demands.unmet(&loaded.registry, &seen.coverage);
    seen.findings.extend(unmet.into_iter().map(|finding| args.of_party(finding)));
    let settled = catalogue::settle(seen.findings, &loaded.settings, seen.command);
    let attributed_only = args.all_are.is_some() || args.module.is_some();
    let weight: u64 = seen.traffic.iter().map(|evidence| evidence.weight(attributed_only)).sum();
    let enough = weight >= args.min_commands.max(1);
    let fails = Exit::of(&settled.findings, fail_on);
    let exit = match fails {
        Exit::Clean if !enough || seen.incomplete => Exit::NoEvidence,
        // That everything is missing, of a program that did nothing, is no finding about it.
        Exit::Findings if weight == 0 && !seen.failed => Exit::NoEvidence,
        exit => exit,
    };
    let mut closing: Vec<String> =
        seen.traffic.iter().map(|evidence| summary(evidence, fails == Exit::Findings, weight)).collect();
    closing.extend(coverage_lines(&seen.coverage));
    closing.append(&mut seen.closing);
    if !enough {
        closing.push(format!(
            "{} on declared business: this proves nothing. Is it the right server, and do the clients have names?",
            output::counted(usize::try_from(weight).unwrap_or(usize::MAX), "call")
        ));
    }
    let total = |of: fn(&Evidence) -> u64| seen.traffic.iter().map(of).sum::<u64>();
    let mut evidence = json!({
        "calls": total(|e| e.calls),
        "calls_judged": total(|e| e.calls_judged),
        "calls_unattributed": total(|e| e.calls_unattributed),
        "calls_failed": total(|e| e.calls_failed),
        "calls_missed": total(|e| e.calls_missed),
        "complete": !seen.incomplete,
        "buses": seen.traffic,
    });
    if let Value::Object(members) = &mut evidence {
        members.extend(seen.more.into_iter().map(|(name, value)| (name.to_owned(), value)));
    }
    Ok(Verdict {
        command: seen.command,
        settled,
        evidence,
        coverage: serde_json::to_value(&seen.coverage)?,
        closing: closing.join("\n"),
        exit,
    })
}

fn summary(evidence: &Evidence, fails: bool, weight: u64) -> String {
    let word = match fails {
        true => "not clean",
        false if weight == 0 => "nothing to judge",
        false => "clean",
    };
    let counted = |count: u64, one| output::counted(usize::try_from(count).unwrap_or(usize::MAX), one);
    let mut parts = vec![counted(evidence.calls, "call"), format!("{} judged", evidence.calls_judged)];
    for (count, words) in [
        (evidence.calls_unattributed, "by clients that are nobody of the registry"),
        (evidence.calls_elsewhere, "to other databases"),
        (evidence.calls_failed, "answered with an error"),
        (evidence.calls_missed, "missed"),
        (evidence.scripts_unseen, "of scripts not seen through"),
        (evidence.unread, "too long to be judged in full"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {words}"));
        }
    }
    let server = evidence.server.as_ref().map_or_else(String::new, |server| format!("{server}, "));
    let mut text = format!(
        "{}: {word} ({server}{}: {}, {:.1} s)",
        evidence.bus,
        evidence.source,
        parts.join(", "),
        evidence.seconds
    );
    for note in &evidence.notes {
        text.push_str(&format!("\n  note: {note}"));
    }
    text
}

/// How much of what is declared was seen, and what was not.
pub(in crate::cli) fn coverage_lines(coverage: &Coverage) -> Vec<String> {
    if coverage.parties.is_empty() {
        return Vec::new();
    }
    let parties: Vec<&str> = coverage.parties.iter().map(String::as_str).collect();
    let (what, share) = coverage.share();
    let missed = coverage.never_seen();
    let missed = if missed.is_empty() { String::new() } else { format!("; never seen: {}", missed.join(", ")) };
    let (seen, declared, percent) = (share.seen, share.declared, share.percent);
    vec![format!("coverage of {}: {seen} of {declared} declared {what} seen ({percent} %){missed}", parties.join(", "))]
}
