//! Markdown, for job summaries and comments: the sum, a table of findings, then each in detail.
//!
//! Names come from anybody's keyspace: whatever stands in them, it can neither end a cell nor become markup.

use super::text::count;
use super::{Format, Frame, Report, Summary, covered, known, quoted, title, visible};
use crate::finding::Finding;

/// The format.
pub static FORMAT: Format = Format { name: "markdown", about: "Markdown, for job summaries and comments.", render };

fn render(report: &Report<'_>, frame: &Frame<'_>) -> String {
    let sum = match count(&Summary::of(&report.findings)) {
        none if none.is_empty() => "no findings".to_owned(),
        some => some,
    };
    let mut page = format!("**keywire {}: {sum}**\n", report.command);
    let known = known(report);
    for line in known.iter().map(String::as_str).chain(report.closing.lines()) {
        // An indented line would be code.
        page.push_str(&format!("\n{}\n", prose(line.trim())));
    }
    let coverage = covered::table(&report.coverage, code);
    if report.findings.is_empty() {
        return page + &coverage;
    }
    page.push_str("\n| Rule | Level | What | Place | Count |\n| --- | --- | --- | --- | ---: |\n");
    for finding in &report.findings {
        let place = place(finding, report, frame).map_or_else(String::new, |place| code(&place));
        let (rule, level, what) = (code(finding.rule), finding.level.as_str(), prose(&title(finding)));
        page.push_str(&format!("| {rule} | {level} | {what} | {place} | {} |\n", finding.count));
    }
    page.push_str("\n## Details\n");
    for finding in &report.findings {
        page.push_str(&details(finding, report, frame));
    }
    page + &coverage
}

fn place(finding: &Finding, report: &Report<'_>, frame: &Frame<'_>) -> Option<String> {
    let place = report.sources.place(finding.place?);
    Some(format!("{}:{}:{}", frame.path(&place.path), place.line, place.column))
}

fn details(finding: &Finding, report: &Report<'_>, frame: &Frame<'_>) -> String {
    let mut text = format!("\n### {}: {}\n\n{}\n\n", finding.level.as_str(), finding.rule, prose(&title(finding)));
    let mut item = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            text.push_str(&format!("- {name}: {value}\n"));
        }
    };
    let named = |name: &Option<String>| name.as_ref().map(|name| code(name));
    item("Place", place(finding, report, frame).map(|place| code(&place)));
    item("Bus", named(&finding.bus));
    item("Module", named(&finding.module));
    item("Entry", named(&finding.entry));
    item("Pattern", named(&finding.pattern));
    let examples: Vec<String> = finding.examples.iter().map(|example| code(example)).collect();
    let times = if finding.count == 1 { "once".to_owned() } else { format!("{} times", finding.count) };
    item("Seen", (!examples.is_empty()).then(|| format!("{times}: {}", examples.join(", "))));
    item("Help", finding.hint.as_ref().map(|hint| prose(hint)));
    item("Fingerprint", Some(code(&finding.fingerprint())));
    text
}

/// A sentence on one line. What it quotes in backticks becomes code; all else is plain text.
fn prose(text: &str) -> String {
    quoted(text).map(|(is_code, part)| if is_code { code(&part) } else { plain(&part) }).collect()
}

/// Code on one line. A span in backticks cannot hold everything, least of all in a table; what it cannot is written as HTML.
#[must_use]
pub fn code(text: &str) -> String {
    let text = visible(text).replace('\n', " ");
    let is_harmless = |c: char| !matches!(c, '`' | '|' | '\\' | '<' | '>' | '&');
    if !text.is_empty() && text.trim() == text && text.chars().all(is_harmless) {
        return format!("`{text}`");
    }
    format!("<code>{}</code>", plain(&text))
}

/// Plain text on one line: every character that could be markup as an entity, which never is.
fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '\n' => escaped.push(' '),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '`' | '|' | '\\' | '*' | '_' | '~' | '[' | ']' | '#' | '!' | '$' => {
                escaped.push_str(&format!("&#{};", u32::from(c)));
            }
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_names_are_code_and_nothing_is_markup() {
        assert_eq!(prose("nobody reads `app:session` yet"), "nobody reads `app:session` yet");
        assert_eq!(prose("`a|b` *x*\n<b>"), "<code>a&#124;b</code> &#42;x&#42; &lt;b&gt;");
        assert_eq!(prose("one ` alone, `` two"), "one <code> alone, </code>&#96; two");
        assert_eq!(prose("one ` alone"), "one &#96; alone");
        assert_eq!(code("a`b"), "<code>a&#96;b</code>");
        assert_eq!(code("a\\|b\x1b"), "<code>a&#92;&#124;b&#92;u{1b}</code>");
    }
}
