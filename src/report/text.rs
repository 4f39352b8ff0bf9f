//! Text for people: each finding with its place in the registry, a caret, what was seen and what to do.

use annotate_snippets::{AnnotationKind, Group, Level as Shown, Renderer, Snippet};

use super::{Format, Frame, Report, Summary, title};
use crate::finding::{Finding, Level, Moments, format_moment};
use crate::source::{Sources, Span};

/// The format.
pub static FORMAT: Format = Format { name: "text", about: "For people, with places and hints.", render };

fn render(report: &Report<'_>, frame: &Frame<'_>) -> String {
    let renderer = if frame.styled { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for finding in &report.findings {
        text.push_str(&renderer.render(&[group(finding, report.sources)]));
        text.push_str("\n\n");
    }
    let summary = Summary::of(&report.findings);
    if !report.findings.is_empty() {
        text.push_str(&format!("{}\n", count(&summary)));
    }
    if let Some(known) = super::known(report) {
        text.push_str(&format!("{known}\n"));
    }
    text.push_str(&report.closing);
    text.push('\n');
    text
}

pub(super) fn count(summary: &Summary) -> String {
    let some = |count: usize, one: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        many if one == "info" => Some(format!("{many} info")),
        many => Some(format!("{many} {one}s")),
    };
    let parts = [some(summary.error, "error"), some(summary.warning, "warning"), some(summary.info, "info")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn group<'a>(finding: &'a Finding, sources: &'a Sources) -> Group<'a> {
    let level = match finding.level {
        Level::Error => Shown::ERROR,
        Level::Warning => Shown::WARNING,
        Level::Info => Shown::INFO,
    };
    let mut group = Group::with_title(level.primary_title(title(finding)).id(finding.rule));
    if let Some(span) = finding.place {
        group = group.element(snippet(finding, span, sources, true));
    }
    for label in finding.labels.iter().filter(|label| Some(label.span.file) != finding.place.map(|span| span.file)) {
        let file = sources.file(label.span.file);
        let annotation = AnnotationKind::Context.span(range(label.span, &file.text)).label(&label.text);
        group = group.element(source(file).annotation(annotation));
    }
    if let Some(seen) = seen(finding) {
        group = group.element(Shown::NOTE.message(seen));
    }
    if let Some(hint) = &finding.hint {
        group = group.element(Shown::HELP.message(hint));
    }
    group
}

fn source(file: &crate::source::SourceFile) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
    Snippet::source(&file.text).path(file.path.to_string_lossy())
}

fn snippet<'a>(
    finding: &'a Finding,
    span: Span,
    sources: &'a Sources,
    primary: bool,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let file = sources.file(span.file);
    let kind = if primary { AnnotationKind::Primary } else { AnnotationKind::Context };
    let words = finding.caret.as_deref().or_else(|| finding.rule_is_about_data().then_some("declared here"));
    let mut annotation = kind.span(range(span, &file.text));
    if let Some(words) = words {
        annotation = annotation.label(words);
    }
    let mut snippet = source(file).annotation(annotation);
    for label in finding.labels.iter().filter(|label| label.span.file == span.file) {
        snippet = snippet.annotation(AnnotationKind::Context.span(range(label.span, &file.text)).label(&label.text));
    }
    snippet
}

/// A span within the text, on character boundaries, and at least one character wide where there is one.
fn range(span: Span, text: &str) -> std::ops::Range<usize> {
    let mut start = span.range().start.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = span.range().end.clamp(start, text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}

/// Between which moments.
fn when(moments: Moments) -> String {
    format!(" between {} and {}", format_moment(moments.first_us), format_moment(moments.last_us))
}

/// What was seen, for findings about data.
fn seen(finding: &Finding) -> Option<String> {
    let when = finding.moments.filter(|_| finding.count > 1).map_or_else(String::new, when);
    let examples = finding.examples.join(", ");
    let more = finding.count.saturating_sub(finding.examples.len() as u64);
    match (finding.count, &finding.examples[..]) {
        (1, []) => None,
        (count, []) => finding.moments.map(|_| format!("seen {count} times{when}")),
        (1, [_]) if finding.pattern.is_none() => None,
        (1, [only, ..]) => Some(format!("seen in {only}")),
        // Of calls the examples are names, of which each may have been used many times.
        (count, _) if more == 0 || finding.moments.is_some() => Some(format!("seen {count} times{when}: {examples}")),
        (count, _) => Some(format!("seen {count} times: {examples}, and {more} more")),
    }
}
