//! Code Quality of GitLab: findings beside the lines of a merge request.
//!
//! GitLab drops what has no path and what has the fingerprint of another one, so each finding has both.

use serde_json::{Value, json};

use super::{Format, Frame, Report, ordinals, title, visible};
use crate::finding::Level;

/// The format.
pub static FORMAT: Format = Format { name: "gitlab", about: "Code Quality of GitLab, for merge requests.", render };

fn render(report: &Report<'_>, frame: &Frame<'_>) -> String {
    let issue = |(finding, ordinal): (&crate::finding::Finding, usize)| {
        let mut description = visible(&title(finding));
        if let Some(hint) = &finding.hint {
            description = format!("{description} ({})", visible(hint).replace('\n', " "));
        }
        let fingerprint = match ordinal {
            1 => finding.fingerprint(),
            other => format!("{}-{other}", finding.fingerprint()),
        };
        json!({
            "description": description,
            "check_name": finding.rule,
            "fingerprint": fingerprint,
            "severity": severity(finding.level),
            "location": {
                "path": frame.some_path(finding, report.sources),
                "lines": { "begin": finding.place.map_or(1, |span| report.sources.place(span).line) },
            },
        })
    };
    let issues: Value = report.findings.iter().zip(ordinals(&report.findings)).map(issue).collect();
    format!("{issues:#}\n")
}

/// Of info, minor, major, critical and blocker; the last two are left to what stops a service.
fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "major",
        Level::Warning => "minor",
        Level::Info => "info",
    }
}
