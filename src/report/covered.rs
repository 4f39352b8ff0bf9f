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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_for_each_command_and_party() {
        let row = |party: Option<&str>, command: &str, declared: bool, seen: u64| json!({ "party": party, "command": command, "declared": declared, "seen": seen });
        let entry = json!({
            "bus": "main", "module": "app", "entry": "mode", "pattern": "app:mode",
            "operations": [row(Some("app"), "SET", true, 3), row(Some("app"), "DEL", true, 0)],
            "reads": [row(None, "GET", false, 1)],
        });
        let shares = json!({ "declared": 2, "seen": 1, "percent": 50.0 });
        let text = table(&json!({ "parties": ["app"], "operations": shares, "entries": [entry] }), str::to_owned);
        let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| mode")).collect();
        assert_eq!(
            rows,
            [
                "| mode | app | SET | yes | 3 |",
                "| mode | app | DEL | yes | never |",
                "| mode | unknown clients | GET | **no** | 1 |"
            ]
        );
        assert!(text.contains("1 of 2 declared operations seen (50 %)."), "{text}");
        assert_eq!(table(&json!({ "entries": [] }), str::to_owned), "", "of keys alone there is no table");
    }
}
