//! GitHub workflow commands: findings as annotations at their lines.
//!
//! GitHub shows ten annotations of a level and step. The heaviest come first; what is over is told in plain lines, folded,
//! so that the log holds all of it. Whatever stands in a name, it cannot become a command to the runner.

use super::{Format, Frame, Report, known, title, visible};
use crate::finding::{Finding, Level};

/// The format.
pub static FORMAT: Format =
    Format { name: "github", about: "Annotations of a GitHub workflow run, and its step summary.", render };

/// How many annotations of a level GitHub shows of a step.
const SHOWN: usize = 10;

fn render(report: &Report<'_>, frame: &Frame<'_>) -> String {
    let (mut text, mut rest) = (String::new(), Vec::new());
    for level in Level::ALL.into_iter().rev() {
        let findings = report.findings.iter().filter(|finding| finding.level == level);
        for (at, finding) in findings.enumerate() {
            if at < SHOWN {
                text.push_str(&annotation(finding, report, frame));
            } else {
                rest.push(finding);
            }
        }
    }
    if !rest.is_empty() {
        let more = format!("{} more (GitHub shows {SHOWN} annotations of a level and step)", rest.len());
        text.push_str(&format!("::group::{more}\n"));
        text.extend(rest.iter().map(|finding| plain(&line(finding, report, frame))));
        text.push_str("::endgroup::\n");
    }
    text.extend(known(report).iter().map(|line| plain(line)));
    text.extend(report.closing.lines().map(plain));
    text
}

fn annotation(finding: &Finding, report: &Report<'_>, frame: &Frame<'_>) -> String {
    let command = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "notice",
    };
    let place = finding.place.map(|span| report.sources.place(span)).map_or_else(String::new, |place| {
        format!("file={},line={},col={},", property(&frame.path(&place.path)), place.line, place.column)
    });
    let mut message = title(finding);
    if let Some(hint) = &finding.hint {
        message = format!("{message}\n{hint}");
    }
    format!("::{command} {place}title={}::{}\n", property(finding.rule), data(&message))
}

/// A finding on a line of the log.
fn line(finding: &Finding, report: &Report<'_>, frame: &Frame<'_>) -> String {
    let place = finding
        .place
        .map(|span| report.sources.place(span))
        .map_or_else(String::new, |place| format!(" ({}:{}:{})", frame.path(&place.path), place.line, place.column));
    format!("{}[{}]: {}{place}", finding.level.as_str(), finding.rule, title(finding))
}

/// A line that the runner takes for no command: those begin with `::`, and in their old form hold `##[`.
fn plain(line: &str) -> String {
    let line = visible(line).replace('\n', " ").replace("##[", "# #[");
    let guard = if line.trim_start().starts_with("::") { "> " } else { "" };
    format!("{guard}{line}\n")
}

fn data(text: &str) -> String {
    visible(text).replace('%', "%25").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::source::Sources;

    fn render_of(findings: Vec<Finding>, closing: &str) -> String {
        let report = Report {
            command: "verify",
            findings,
            known: 0,
            evidence: json!({}),
            coverage: json!({}),
            sources: &Sources::default(),
            closing: closing.to_owned(),
        };
        render(&report, &Frame::plain())
    }

    #[test]
    fn the_heaviest_are_annotations_and_none_is_lost() {
        let many = |level, count| (0..count).map(move |at| Finding::new("wrong-type", level, format!("number {at}")));
        let text = render_of(many(Level::Info, 12).chain(many(Level::Error, 11)).collect(), "main: not clean");
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[..10].iter().all(|line| line.starts_with("::error title=wrong-type::number ")), "{text}");
        assert!(lines[10..20].iter().all(|line| line.starts_with("::notice ")), "{text}");
        assert_eq!(
            lines[20..],
            [
                "::group::3 more (GitHub shows 10 annotations of a level and step)",
                "error[wrong-type]: number 10",
                "info[wrong-type]: number 10",
                "info[wrong-type]: number 11",
                "::endgroup::",
                "main: not clean"
            ]
        );
    }

    #[test]
    fn names_are_no_commands() {
        let hostile = "a,b:c%0A\r\n::set-env name=X::y ##[add-path]z";
        let text = render_of(vec![Finding::new("wrong-type", Level::Error, hostile)], "::stop-commands::x\n##[group]");
        assert_eq!(
            text,
            "::error title=wrong-type::a,b:c%250A\\u{d}%0A::set-env name=X::y ##[add-path]z\n\
             > ::stop-commands::x\n# #[group]\n"
        );
        assert_eq!(property("a,b:c%"), "a%2Cb%3Ac%25");
    }
}
