//! Markdown from texts that were written for people or machines, never for Markdown: escaping, tables, sections.
//!
//! Whatever goes in, what comes out keeps its columns, its fences and its place on one line. Knows nothing of registries.

/// Prose as inline Markdown: on one line, nothing in it is markup.
pub(super) fn text(prose: &str) -> String {
    let line = one_line(prose);
    let chars: Vec<char> = line.chars().collect();
    let mut escaped = String::with_capacity(line.len());
    for (at, &c) in chars.iter().enumerate() {
        let word = |index: Option<usize>| index.and_then(|i| chars.get(i)).is_some_and(|c| c.is_alphanumeric());
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            // An entity, so that neither a table nor its reader needs to know of escapes.
            '|' => escaped.push_str("&#124;"),
            '&' if chars.get(at + 1).is_some_and(|c| c.is_ascii_alphanumeric() || *c == '#') => {
                escaped.push_str("&amp;")
            }
            // Inside a word an underscore is no markup, and names are full of them.
            '_' if word(at.checked_sub(1)) && word(Some(at + 1)) => escaped.push('_'),
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '$' => {
                escaped.push('\\');
                escaped.push(c);
            }
            _ => escaped.push(c),
        }
    }
    let marker = |c: char| matches!(c, '#' | '-' | '+' | '=' | ':');
    if escaped.starts_with(marker) { format!("\\{escaped}") } else { escaped }
}

/// Prose that ends like a sentence.
pub(super) fn sentence(prose: &str) -> String {
    let text = text(prose);
    if text.is_empty() || text.ends_with(['.', '!', '?', ':', '…']) { text } else { text + "." }
}

/// Prose without its full stop, to be followed by more.
pub(super) fn clause(prose: &str) -> String {
    text(one_line(prose).trim_end_matches('.'))
}

/// A name, command or value as code.
pub(super) fn code(verbatim: &str) -> String {
    let line = one_line(verbatim);
    if line.is_empty() {
        return String::new();
    }
    // A pipe ends a table's cell even inside code; and a backslash before it has two readings.
    if line.contains('|') {
        let escape = |c: char| match c {
            '|' | '\\' | '`' | '<' | '>' | '&' | '*' | '_' | '[' | ']' | '~' | '$' | '{' => {
                format!("&#{};", u32::from(c))
            }
            _ => c.to_string(),
        };
        return format!("<code>{}</code>", line.chars().map(escape).collect::<String>());
    }
    let ticks = "`".repeat(longest_run(&line, '`') + 1);
    let pad = if line.starts_with('`') || line.ends_with('`') { " " } else { "" };
    format!("{ticks}{pad}{line}{pad}{ticks}")
}

/// Several names as code, with commas.
pub(super) fn codes<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(code).collect::<Vec<_>>().join(", ")
}

/// `a`, `b` and `c`.
pub(super) fn enumerate(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A fenced block; no content can end it.
pub(super) fn fence(language: &str, content: &str) -> String {
    let ticks = "`".repeat(longest_run(content, '`').max(2) + 1);
    let lines: Vec<&str> = content.lines().map(str::trim_end).collect();
    format!("{ticks}{language}\n{}\n{ticks}", lines.join("\n"))
}

/// A heading with what stands under it; nothing when nothing does.
pub(super) fn section(level: usize, title: &str, body: &str) -> String {
    if body.trim().is_empty() { String::new() } else { format!("{} {title}\n\n{}", "#".repeat(level), body.trim_end()) }
}

/// Blocks with an empty line between them; empty ones are left out.
pub(super) fn blocks(parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// A bullet list.
pub(super) fn bullets(items: impl IntoIterator<Item = String>) -> String {
    items.into_iter().filter(|item| !item.is_empty()).map(|item| format!("- {item}")).collect::<Vec<_>>().join("\n")
}

/// `spot_worker` as `Spot Worker`.
pub(super) fn title(name: &str) -> String {
    let words = name.split(|c: char| c == '_' || c == '-' || c.is_whitespace()).filter(|word| !word.is_empty());
    let capital = |word: &str| {
        let mut chars = word.chars();
        chars.next().map(|first| first.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    text(&words.map(capital).collect::<Vec<_>>().join(" "))
}

/// The anchor that forges give to a heading.
pub(super) fn anchor(heading: &str) -> String {
    let keep = |c: char| match c {
        ' ' => Some('-'),
        _ if c.is_alphanumeric() || matches!(c, '-' | '_') => Some(c),
        _ => None,
    };
    one_line(heading).to_lowercase().chars().filter_map(keep).collect()
}

/// Text on one line, without control characters.
pub(super) fn one_line(text: &str) -> String {
    let visible = |c: char| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c };
    text.chars().map(visible).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn longest_run(text: &str, of: char) -> usize {
    text.split(|c| c != of).map(|run| run.chars().count()).max().unwrap_or(0)
}

/// A table. Its cells are inline Markdown; columns that are empty in all rows are left out.
#[derive(Debug)]
pub(super) struct Table {
    headers: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(headers: &[&'static str]) -> Self {
        Self { headers: headers.to_vec(), rows: Vec::new() }
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let mut cells: Vec<String> = cells.into_iter().collect();
        cells.resize(self.headers.len(), String::new());
        self.rows.push(cells);
    }

    /// The table, or nothing when it has no row.
    pub(super) fn render(&self) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let used: Vec<usize> =
            (0..self.headers.len()).filter(|at| self.rows.iter().any(|row| !row[*at].trim().is_empty())).collect();
        let line = |cells: Vec<&str>| format!("| {} |", cells.join(" | "));
        let mut lines = vec![line(used.iter().map(|at| self.headers[*at]).collect())];
        lines.push(line(used.iter().map(|_| "---").collect()));
        lines.extend(self.rows.iter().map(|row| line(used.iter().map(|at| row[*at].trim()).collect())));
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_loses_its_markup() {
        assert_eq!(text("a | b\n<b> *x* `y` snake_case _z_"), r"a &#124; b &lt;b&gt; \*x\* \`y\` snake_case \_z\_");
        assert_eq!(text("# no heading"), r"\# no heading");
        assert_eq!(text("R&D &amp; co"), "R&amp;D &amp;amp; co");
        assert_eq!(sentence("Done"), "Done.");
        assert_eq!(sentence("Done?"), "Done?");
    }

    #[test]
    fn code_keeps_what_it_shows() {
        assert_eq!(code("a:{b}"), "`a:{b}`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("(a|b)\\"), "<code>(a&#124;b)&#92;</code>");
    }

    #[test]
    fn empty_things_are_left_out() {
        assert_eq!(section(2, "Nothing", " \n"), "");
        assert_eq!(Table::new(&["A"]).render(), "");
        let mut table = Table::new(&["A", "B", "C"]);
        table.row(["1".to_owned(), String::new(), "3".to_owned()]);
        assert_eq!(table.render(), "| A | C |\n| --- | --- |\n| 1 | 3 |");
    }

    #[test]
    fn fences_outlast_their_content() {
        assert_eq!(fence("text", "```\nx  "), "````text\n```\nx\n````");
    }

    #[test]
    fn names_become_titles_and_anchors() {
        assert_eq!(title("spot_worker"), "Spot Worker");
        assert_eq!(anchor("Spot Price (old)!"), "spot-price-old");
    }
}
