//! GitHub workflow commands: findings as annotations at their lines.

use super::{Format, Frame, Report, title};
use crate::finding::{Finding, Level};
use crate::source::Sources;

/// The format.
pub static FORMAT: Format = Format { name: "github", about: "Annotations of a GitHub workflow run.", render };

fn render(report: &Report<'_>, _frame: &Frame<'_>) -> String {
    report.findings.iter().map(|finding| line(finding, report.sources)).collect()
}

fn line(finding: &Finding, sources: &Sources) -> String {
    let command = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "notice",
    };
    let place = finding.place.map(|span| sources.place(span)).map_or_else(String::new, |place| {
        let path = property(&place.path.to_string_lossy());
        format!("file={path},line={},col={},", place.line, place.column)
    });
    let mut message = title(finding);
    if let Some(hint) = &finding.hint {
        message = format!("{message}\n{hint}");
    }
    format!("::{command} {place}title={}::{}\n", property(finding.rule), data(&message))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
