//! Coverage as a Markdown table: entry by entry, what is declared of it and what was seen.

use serde_json::Value;

use crate::coverage::{CommandCoverage, Coverage, EntryCoverage};

/// The table; empty where no calls were looked at.
pub(super) fn table(coverage: &Value, code: fn(&str) -> String) -> String {
    let coverage = Coverage::of_report(coverage);
    let rows: Vec<String> = coverage.entries.iter().flat_map(|entry| rows(entry, code)).collect();
    if rows.is_empty() {
        return String::new();
    }
    let share = |what: &str, share: crate::coverage::Share| match share.declared {
        0 => String::new(),
        declared => format!("{} of {declared} declared {what} seen ({} %). ", share.seen, share.percent),
    };
    format!(
        "\n## Coverage\n\n{}{}\n\n| Entry | Who | Command | Declared | Seen |\n| --- | --- | --- | --- | ---: |\n{}",
        share("operations", coverage.operations),
        share("reads", coverage.reads).trim_end(),
        rows.concat()
    )
}

fn rows(entry: &EntryCoverage, code: fn(&str) -> String) -> Vec<String> {
    let row = |row: &CommandCoverage| {
        let who = row.party.as_deref().map_or_else(|| "unknown clients".to_owned(), code);
        let declared = if row.declared { "yes" } else { "**no**" };
        let seen = if row.seen == 0 { "never".to_owned() } else { row.seen.to_string() };
        format!("| {} | {who} | {} | {declared} | {seen} |\n", code(&entry.entry), code(&row.command))
    };
    entry.operations.iter().chain(&entry.reads).map(row).collect()
}
