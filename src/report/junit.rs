//! JUnit XML, for the test tabs of CI systems: a suite for each module or bus, a case for each entry that was checked.
//!
//! An entry fails if it has an error or a warning; notes are its output. Several findings are one failure, because many
//! readers show only the first. Entries nobody saw are skipped, and too little evidence is an error: not all is green
//! that has no findings. The steps of `ci` are cases of a suite of their own.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Format, Frame, Report, markup, title};
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
    /// Why it could not be judged.
    error: Option<String>,
    /// Why a step failed, whose findings stand elsewhere.
    failure: Option<String>,
    /// Why there was nothing to judge.
    skipped: Option<String>,
    seconds: Option<f64>,
}

impl Case<'_> {
    fn fails(&self) -> bool {
        self.failure.is_some() || self.findings.iter().any(|finding| finding.level > Level::Info)
    }

    fn skipped(&self) -> Option<&str> {
        let unseen = self.seen == Some(false) && self.findings.is_empty();
        self.skipped.as_deref().or_else(|| unseen.then_some("nothing of it was seen"))
    }
}

/// Cases by suite and name.
type Suites<'a> = BTreeMap<String, BTreeMap<String, Case<'a>>>;

fn render(report: &Report<'_>, frame: &Frame<'_>) -> String {
    let suites = suites(report, frame);
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

fn suites<'a>(report: &'a Report<'_>, frame: &Frame<'_>) -> Suites<'a> {
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
        _ => frame.ending.filter(|ending| ending.code > 2).map(|ending| ending.words),
    };
    let steps = report.evidence["steps"].as_array().map_or(&[][..], Vec::as_slice);
    if !steps.is_empty() {
        suites.entry(name(report)).or_default().extend(steps.iter().map(step));
    } else if error.is_some() || suites.is_empty() {
        let case = Case { error: error.map(str::to_owned), ..Case::default() };
        suites.entry(name(report)).or_default().insert("evidence".to_owned(), case);
    }
    suites
}

/// A step of `ci`: its findings stand at their entries.
fn step<'a>(step: &Value) -> (String, Case<'a>) {
    let text = |name: &str| step[name].as_str().unwrap_or_default().to_owned();
    let name = format!("{} {}", text("step"), text("of")).trim_end().to_owned();
    let (outcome, why) = (text("outcome"), text("why"));
    let told = if why.is_empty() { outcome.clone() } else { why };
    let case = Case { seconds: step["seconds"].as_f64(), ..Case::default() };
    let case = match outcome.as_str() {
        "clean" => case,
        "findings" => {
            let count = &step["findings"];
            Case { failure: Some(format!("{count} finding{}", if *count == 1 { "" } else { "s" })), ..case }
        }
        "not looked at" => Case { skipped: Some(told), ..case },
        _ => Case { error: Some(told), ..case },
    };
    (name, case)
}

fn counts<'c, 'a: 'c>(cases: impl Iterator<Item = &'c Case<'a>> + Clone) -> String {
    format!(
        "tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"",
        cases.clone().count(),
        cases.clone().filter(|case| case.fails()).count(),
        cases.clone().filter(|case| case.error.is_some()).count(),
        cases.filter(|case| case.skipped().is_some()).count(),
    )
}

fn test_case(suite: &str, name: &str, case: &Case<'_>, report: &Report<'_>, frame: &Frame<'_>) -> String {
    let place = case.findings.iter().find_map(|finding| finding.place).map(|span| report.sources.place(span));
    let place = place.map_or_else(String::new, |place| {
        format!(" file={} line=\"{}\"", attribute(&frame.path(&place.path)), place.line)
    });
    let time = case.seconds.map_or_else(String::new, |seconds| format!(" time=\"{seconds:.3}\""));
    let head = format!("    <testcase classname={} name={}{place}{time}", attribute(suite), attribute(name));
    let (mut failed, noted): (Vec<&Finding>, Vec<&Finding>) =
        case.findings.iter().partition(|finding| finding.level > Level::Info);
    failed.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    let mut inside = String::new();
    if let Some(error) = &case.error {
        inside.push_str(&format!("      <error type=\"evidence\" message={}/>\n", attribute(error)));
    }
    if let Some(why) = case.skipped() {
        inside.push_str(&format!("      <skipped message={}/>\n", attribute(why)));
    }
    if let Some(why) = &case.failure {
        inside.push_str(&format!("      <failure type=\"step\" message={}/>\n", attribute(why)));
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
    let text = markup(text);
    // A reader makes a space of a plain line end in an attribute.
    if quoted { text.replace('"', "&quot;").replace('\n', "&#10;") } else { text }
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
