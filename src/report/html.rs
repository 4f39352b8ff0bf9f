//! HTML: one page that stands alone, for an artifact of CI or a mail. It loads nothing and runs nothing; its filter is CSS.
//!
//! It is well-formed XML as well, so that any parser can read it. Names come from anybody's keyspace: all text is escaped.

use std::collections::BTreeMap;

use serde_json::Value;

use super::text::count;
use super::{Format, Frame, Report, Summary, known, markup, quoted, title};
use crate::coverage::{CommandCoverage, Coverage, EntryCoverage};
use crate::finding::{Finding, Level, format_moment};

/// The format.
pub static FORMAT: Format = Format { name: "html", about: "One page for people, with a filter by level.", render };

const STYLE: &str = include_str!("page.css");

/// Evidence is a few levels deep; what is deeper is told as JSON.
const DEPTH: usize = 5;

fn render(report: &Report<'_>, frame: &Frame<'_>) -> String {
    let sum = match count(&Summary::of(&report.findings)) {
        none if none.is_empty() => "no findings".to_owned(),
        some => some,
    };
    let command = escape(report.command);
    let known = known(report);
    let closing = known.iter().map(String::as_str).chain(report.closing.lines());
    let closing: String = closing.map(|line| format!("<p>{}</p>\n", prose(line))).collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <title>keywire {command}: {sum}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <h1>keywire {command}: {sum}</h1>\n{closing}{}<main>\n{}{}{}</main>\n<footer>keywire {}</footer>\n</body>\n</html>\n",
        filter(&report.findings),
        findings(report, frame),
        evidence(&report.evidence),
        coverage(&report.coverage),
        env!("CARGO_PKG_VERSION"),
    )
}

/// A box for each level that there is. They stand before what they hide, which is all that the style needs.
fn filter(findings: &[Finding]) -> String {
    let has = |level: &Level| findings.iter().any(|finding| finding.level == *level);
    let levels = Level::ALL.into_iter().rev().filter(has).map(Level::as_str);
    levels
        .map(|level| {
            format!(
                "<input type=\"checkbox\" id=\"show-{level}\" checked=\"checked\"/> <label for=\"show-{level}\">{level}</label>\n"
            )
        })
        .collect()
}

/// By module, and in it by rule, heaviest first.
fn findings(report: &Report<'_>, frame: &Frame<'_>) -> String {
    let mut modules: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in &report.findings {
        let module = finding.module.as_ref().or(finding.bus.as_ref()).map_or("registry", String::as_str);
        modules.entry(module).or_default().push(finding);
    }
    let mut html = String::new();
    for (module, findings) in modules {
        let mut rules: Vec<(&str, Vec<&Finding>)> = Vec::new();
        for finding in findings {
            match rules.iter_mut().find(|(rule, _)| *rule == finding.rule) {
                Some((_, alike)) => alike.push(finding),
                None => rules.push((finding.rule, vec![finding])),
            }
        }
        let heaviest = |findings: &[&Finding]| findings.iter().map(|finding| finding.level).max();
        rules.sort_by_key(|(rule, findings)| (std::cmp::Reverse(heaviest(findings)), *rule));
        let inside: String = rules.iter().map(|(rule, findings)| of_rule(rule, findings, report, frame)).collect();
        let all: Vec<&Finding> = rules.into_iter().flat_map(|(_, findings)| findings).collect();
        html.push_str(&format!("<section{}>\n<h2>{}</h2>\n{inside}</section>\n", class(&all), escape(module)));
    }
    html
}

/// What is of one level only goes with its level's box, headings and all.
fn class(findings: &[&Finding]) -> String {
    match findings {
        [first, rest @ ..] if rest.iter().all(|finding| finding.level == first.level) => {
            format!(" class=\"level-{}\"", first.level.as_str())
        }
        _ => String::new(),
    }
}

fn of_rule(name: &str, findings: &[&Finding], report: &Report<'_>, frame: &Frame<'_>) -> String {
    let rows: String = findings.iter().map(|finding| row(finding, report, frame)).collect();
    let docs = (frame.rule)(name).map_or_else(String::new, |rule| {
        let text: String = rule.docs.split("\n\n").map(|part| format!("<p>{}</p>\n", prose(part))).collect();
        format!(
            "<details>\n<summary>{}</summary>\n{text}<p>Bad:</p>\n<pre>{}</pre>\n<p>Good:</p>\n<pre>{}</pre>\n</details>\n",
            prose(rule.summary),
            escape(rule.bad),
            escape(rule.good)
        )
    });
    format!(
        "<div{}>\n<h3><code>{}</code></h3>\n{docs}<table>\n\
         <tr><th>Level</th><th>What</th><th>Place</th><th>Seen</th><th>Count</th></tr>\n{rows}</table>\n</div>\n",
        class(findings),
        escape(name)
    )
}

fn row(finding: &Finding, report: &Report<'_>, frame: &Frame<'_>) -> String {
    let level = finding.level.as_str();
    let mut what = format!("<p>{}</p>", prose(&title(finding)));
    if let Some(hint) = &finding.hint {
        what.push_str(&format!("<p>help: {}</p>", prose(hint)));
    }
    let place = finding.place.map(|span| report.sources.place(span)).map_or_else(String::new, |place| {
        code(&format!("{}:{}:{}", frame.path(&place.path), place.line, place.column))
    });
    let mut seen = finding.examples.iter().map(|example| code(example)).collect::<Vec<_>>().join(", ");
    if let Some(moments) = finding.moments {
        let (first, last) = (format_moment(moments.first_us), format_moment(moments.last_us));
        seen.push_str(&format!("<p>between {first} and {last}</p>"));
    }
    format!(
        "<tr class=\"level-{level}\"><td class=\"level\">{level}</td><td>{what}</td><td>{place}</td><td>{seen}</td>\
         <td class=\"number\">{}</td></tr>\n",
        finding.count
    )
}

fn evidence(evidence: &Value) -> String {
    match evidence {
        Value::Object(members) if !members.is_empty() => format!("<h2>Evidence</h2>\n{}", value(evidence, 0)),
        _ => String::new(),
    }
}

fn value(json: &Value, depth: usize) -> String {
    match json {
        Value::Object(members) if depth < DEPTH && !members.is_empty() => {
            let row = |(name, inside): (&String, &Value)| {
                format!("<tr><th>{}</th><td>{}</td></tr>\n", escape(&name.replace('_', " ")), value(inside, depth + 1))
            };
            format!("<table>\n{}</table>\n", members.iter().map(row).collect::<String>())
        }
        Value::Array(items) if depth < DEPTH && !items.is_empty() && items.iter().all(Value::is_object) => {
            columns(items, depth)
        }
        Value::Array(items) if depth < DEPTH => {
            items.iter().map(|item| value(item, depth + 1)).collect::<Vec<_>>().join("\n")
        }
        Value::Null => String::new(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::String(text) => escape(text),
        other => escape(&other.to_string()),
    }
}

/// Objects side by side: a row for each, a column for each name that any of them has.
fn columns(items: &[Value], depth: usize) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in items.iter().filter_map(Value::as_object).flat_map(|members| members.keys()) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let head: String = names.iter().map(|name| format!("<th>{}</th>", escape(&name.replace('_', " ")))).collect();
    let row = |item: &Value| {
        let cells: String = names
            .iter()
            .map(|name| {
                format!("<td>{}</td>", item.get(name).map_or_else(String::new, |inside| value(inside, depth + 1)))
            })
            .collect();
        format!("<tr>{cells}</tr>\n")
    };
    format!("<table>\n<tr>{head}</tr>\n{}</table>\n", items.iter().map(row).collect::<String>())
}

fn coverage(coverage: &Value) -> String {
    let coverage = Coverage::of_report(coverage);
    if coverage.entries.is_empty() {
        return String::new();
    }
    let shares = [("operations", coverage.operations), ("reads", coverage.reads)];
    let shares = shares.into_iter().filter(|(_, share)| share.declared > 0).map(|(what, share)| {
        format!("<p>{} of {} declared {what} seen ({} %)</p>\n", share.seen, share.declared, share.percent)
    });
    format!(
        "<h2>Coverage</h2>\n{}<table>\n<tr><th>Module</th><th>Entry</th><th>Pattern</th><th>Keys</th><th>Who</th><th>Command</th>\
         <th>Declared</th><th>Seen</th></tr>\n{}</table>\n",
        shares.collect::<String>(),
        coverage.entries.iter().map(entry).collect::<String>()
    )
}

fn entry(entry: &EntryCoverage) -> String {
    let head = |who: &str| {
        let keys = match entry.keys {
            Some(0) => "<span class=\"missed\">none</span>".to_owned(),
            keys => keys.map_or_else(String::new, |keys| keys.to_string()),
        };
        let (module, name, pattern) = (escape(&entry.module), code(&entry.entry), code(&entry.pattern));
        format!("<tr><td>{module}</td><td>{name}</td><td>{pattern}</td><td class=\"number\">{keys}</td>{who}</tr>\n")
    };
    let missed = |text: &str| format!("<span class=\"missed\">{text}</span>");
    let row = |row: &CommandCoverage| {
        let who = row.party.as_deref().map_or_else(|| "unknown clients".to_owned(), escape);
        let declared = if row.declared { "yes".to_owned() } else { missed("no") };
        let seen = if row.seen == 0 { missed("never") } else { row.seen.to_string() };
        head(&format!(
            "<td>{who}</td><td>{}</td><td>{declared}</td><td class=\"number\">{seen}</td>",
            code(&row.command)
        ))
    };
    let rows: String = entry.operations.iter().chain(&entry.reads).map(row).collect();
    if rows.is_empty() { head("<td></td><td></td><td></td><td></td>") } else { rows }
}

/// A sentence; what it quotes in backticks is code.
fn prose(text: &str) -> String {
    quoted(text).map(|(is_code, part)| if is_code { code(&part) } else { escape(&part) }).collect()
}

fn code(text: &str) -> String {
    // A name that reads from right to left does not turn what stands beside it.
    format!("<code dir=\"auto\">{}</code>", escape(text))
}

/// Text that is no markup wherever it stands.
fn escape(text: &str) -> String {
    markup(text).replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup() {
        assert_eq!(
            prose("`<script>` & \"x\" 'y'\u{202e}\0"),
            "<code dir=\"auto\">&lt;script&gt;</code> &amp; &quot;x&quot; &#39;y&#39;\\u{202e}\\u{0}"
        );
    }

    #[test]
    fn deep_evidence_is_told_as_json() {
        let deep = (0..50).fold(serde_json::json!(1), |inside, _| serde_json::json!({ "in": inside }));
        let html = evidence(&deep);
        assert_eq!(html.matches("<table>").count(), DEPTH);
        assert!(html.contains("{&quot;in&quot;:{"), "{html}");
    }
}
