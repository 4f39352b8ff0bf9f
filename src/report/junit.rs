//! JUnit XML, for the test tabs of CI systems: a suite for each module or bus, a case for each entry that was checked.
//!
//! An entry fails if it has an error or a warning; notes are its output. Several findings are one failure, because many
//! readers show only the first. Entries nobody saw are skipped, and too little evidence is an error: not all is green
//! that has no findings.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Format, Frame, Report, title, visible};
use crate::coverage::Coverage;
use crate::finding::{Finding, Level};

/// The format.
pub static FORMAT: Format = Format { name: "junit", about: "JUnit XML, for the test reports of CI systems.", render };

/// What became of one entry.
#[derive(Default)]
struct Case<'a> {
    findings: Vec<&'a Finding>,
    /// Was anything of it seen, where that is known?
    seen: Option<bool>,
    error: Option<&'static str>,
}

impl Case<'_> {
    fn fails(&self) -> bool {
        self.findings.iter().any(|finding| finding.level > Level::Info)
    }

    fn is_skipped(&self) -> bool {
        self.seen == Some(false) && self.findings.is_empty()
    }
}

/// Cases by suite and name.
type Suites<'a> = BTreeMap<String, BTreeMap<String, Case<'a>>>;

fn render(report: &Report<'_>, frame: &Frame<'_>) -> String {
    let suites = suites(report);
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let all = suites.values().flat_map(BTreeMap::values);
    xml.push_str(&format!("<testsuites name={} {}>\n", attribute(&name(report)), counts(all)));
    for (suite, cases) in &suites {
        xml.push_str(&format!("  <testsuite name={} {}>\n", attribute(suite), counts(cases.values())));
        for (name, case) in cases {
            xml.push_str(&test_case(suite, name, case, report, frame));
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn name(report: &Report<'_>) -> String {
    format!("keywire {}", report.command)
}

fn suites<'a>(report: &'a Report<'_>) -> Suites<'a> {
    let mut suites = Suites::new();
    for entry in Coverage::of_report(&report.coverage).entries {
        let seen = entry.is_seen();
        let case = suites.entry(entry.module).or_default().entry(entry.entry).or_default();
        // A module may have an entry on several buses.
        case.seen = Some(case.seen.unwrap_or(false) || seen);
    }
    for finding in &report.findings {
        let suite = finding.module.as_ref().or(finding.bus.as_ref()).map_or("registry", String::as_str);
        let case = finding.entry.as_deref().unwrap_or(finding.rule);
        suites.entry(suite.to_owned()).or_default().entry(case.to_owned()).or_default().findings.push(finding);
    }
    let error = match &report.evidence {
        evidence if evidence["complete"] == Value::Bool(false) => Some("the scan did not come to its end"),
        evidence if evidence["keys_judged"] == 0 => Some("no key that the registry declares was seen"),
        evidence if evidence["calls_judged"] == 0 && evidence["calls_unattributed"] == 0 => {
            Some("no call on what the registry declares was seen")
        }
        _ => None,
    };
    if error.is_some() || suites.is_empty() {
        let case = Case { error, ..Case::default() };
        suites.entry(name(report)).or_default().insert("evidence".to_owned(), case);
    }
    suites
}

fn counts<'c, 'a: 'c>(cases: impl Iterator<Item = &'c Case<'a>> + Clone) -> String {
    format!(
        "tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"",
        cases.clone().count(),
        cases.clone().filter(|case| case.fails()).count(),
        cases.clone().filter(|case| case.error.is_some()).count(),
        cases.filter(|case| case.is_skipped()).count(),
    )
}

fn test_case(suite: &str, name: &str, case: &Case<'_>, report: &Report<'_>, frame: &Frame<'_>) -> String {
    let place = case.findings.iter().find_map(|finding| finding.place).map(|span| report.sources.place(span));
    let place = place.map_or_else(String::new, |place| {
        format!(" file={} line=\"{}\"", attribute(&frame.path(&place.path)), place.line)
    });
    let head = format!("    <testcase classname={} name={}{place}", attribute(suite), attribute(name));
    let (mut failed, noted): (Vec<&Finding>, Vec<&Finding>) =
        case.findings.iter().partition(|finding| finding.level > Level::Info);
    failed.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    let mut inside = String::new();
    if let Some(error) = case.error {
        inside.push_str(&format!("      <error type=\"evidence\" message={}/>\n", attribute(error)));
    }
    if case.is_skipped() {
        inside.push_str("      <skipped message=\"nothing of it was seen\"/>\n");
    }
    if let Some(first) = failed.first() {
        let message = match failed.len() - 1 {
            0 => title(first),
            more => format!("{} (and {more} more)", title(first)),
        };
        let (kind, message) = (attribute(first.rule), attribute(&message));
        let text = escape(&texts(&failed, report, frame), false);
        inside.push_str(&format!("      <failure type={kind} message={message}>{text}</failure>\n"));
    }
    if !noted.is_empty() {
        inside.push_str(&format!("      <system-out>{}</system-out>\n", escape(&texts(&noted, report, frame), false)));
    }
    if inside.is_empty() { format!("{head}/>\n") } else { format!("{head}>\n{inside}    </testcase>\n") }
}

fn texts(findings: &[&Finding], report: &Report<'_>, frame: &Frame<'_>) -> String {
    findings.iter().map(|finding| text(finding, report, frame)).collect::<Vec<_>>().join("\n\n")
}

/// A finding in a few lines: what, where, what was seen, what to do.
fn text(finding: &Finding, report: &Report<'_>, frame: &Frame<'_>) -> String {
    let mut text = format!("{}[{}]: {}", finding.level.as_str(), finding.rule, title(finding));
    if let Some(place) = finding.place.map(|span| report.sources.place(span)) {
        text.push_str(&format!("\n  at {}:{}:{}", frame.path(&place.path), place.line, place.column));
    }
    if !finding.examples.is_empty() {
        let times = if finding.count == 1 { "once".to_owned() } else { format!("{} times", finding.count) };
        text.push_str(&format!("\n  seen {times}, for example {}", finding.examples.join(", ")));
    }
    if let Some(hint) = &finding.hint {
        text.push_str(&format!("\n  help: {hint}"));
    }
    text
}

/// A quoted attribute.
fn attribute(text: &str) -> String {
    format!("\"{}\"", escape(text, true))
}

/// Text for XML 1.0, which has no way at all to write most control characters: they are told as `\u{1b}`.
fn escape(text: &str, quoted: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            // `]]>` must not stand in text.
            '>' => escaped.push_str("&gt;"),
            '"' if quoted => escaped.push_str("&quot;"),
            // A reader makes a space of a plain one.
            '\n' if quoted => escaped.push_str("&#10;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_that_xml_forbids_is_left() {
        assert_eq!(
            escape("a<b>&\"\n\0\x1b\r\u{fffe}ü", true),
            "a&lt;b&gt;&amp;&quot;&#10;\\u{0}\\u{1b}\\u{d}\\u{fffe}ü"
        );
        assert_eq!(escape("]]>\n\"", false), "]]&gt;\n\"");
    }
}
