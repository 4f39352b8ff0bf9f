//! Words of people cut to pieces: clauses, lists, what stands in parentheses, names.

/// Splits where `cut` finds a separator outside parentheses, brackets and quotes; it says how many bytes that takes.
pub(super) fn split(text: &str, cut: impl Fn(&str) -> Option<usize>) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start, mut at) = (0_usize, 0, 0);
    while let Some(c) = text[at..].chars().next() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => {
                if let Some(width) = cut(&text[at..]).filter(|width| *width > 0) {
                    parts.push(&text[start..at]);
                    at += width;
                    start = at;
                    continue;
                }
            }
            _ => {}
        }
        at += c.len_utf8();
    }
    parts.push(&text[start..]);
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// `a; b. c` as clauses. A point ends a clause only before a space or the end.
pub(super) fn clauses(text: &str) -> Vec<&str> {
    split(text, |rest| match rest.as_bytes() {
        [b';', ..] => Some(1),
        [b'.'] => Some(1),
        [b'.', b' ', ..] => Some(2),
        _ => None,
    })
}

/// `a, b and c` as items.
pub(super) fn items(text: &str) -> Vec<&str> {
    split(text, |rest| {
        [", and ", ", or ", ",", " and ", " or ", " & ", " / ", "/", ";"]
            .iter()
            .find(|word| rest.starts_with(**word))
            .map(|word| word.len())
    })
}

/// `a, b` as items; words such as `and` stay.
pub(super) fn by_commas(text: &str) -> Vec<&str> {
    split(text, |rest| rest.starts_with([',', ';']).then_some(1))
}

/// What stands before the first parenthesis, in it, and after it.
pub(super) fn parenthesis(text: &str) -> Option<(&str, &str, &str)> {
    let open = text.find('(')?;
    let mut depth = 0_usize;
    for (at, c) in text[open..].char_indices() {
        match c {
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return Some((text[..open].trim(), text[open + 1..open + at].trim(), text[open + at + 1..].trim()));
                }
            }
            _ => {}
        }
    }
    Some((text[..open].trim(), text[open + 1..].trim(), ""))
}

/// Without what people write before examples: `e.g.`, `such as`.
pub(super) fn without_eg(text: &str) -> Option<&str> {
    let lower = text.to_ascii_lowercase();
    ["e.g.,", "e.g.", "eg.", "e.g", "for example,", "for example", "for instance", "such as", "examples:", "example:"]
        .iter()
        .find(|word| lower.starts_with(**word))
        .and_then(|word| text.get(word.len()..))
        .map(|rest| rest.trim_start_matches([',', ':', ' ']))
}

/// A name as registries write it: `Heartbeat Aggregator` as `heartbeat_aggregator`. The file of a module loses its ending.
pub(in crate::extract::import) fn snake(name: &str) -> String {
    let name = name.trim();
    let name = [".py", ".rs", ".js", ".ts", ".go", ".mjs", ".rb", ".java"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .unwrap_or(name);
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let mut snake = String::new();
    let mut lower = false;
    for c in name.chars() {
        if c.is_alphanumeric() {
            if c.is_uppercase() && lower {
                snake.push('_');
            }
            lower = c.is_lowercase() || c.is_ascii_digit();
            snake.extend(c.to_lowercase());
        } else {
            lower = false;
            if !snake.ends_with('_') && !snake.is_empty() {
                snake.push('_');
            }
        }
    }
    snake.trim_end_matches('_').to_owned()
}

/// Is it the name of a config variable: `SOME_NAME`?
pub(super) fn is_variable(word: &str) -> bool {
    word.len() > 3
        && word.contains('_')
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// Does it say that there is nothing: `-`, `n/a`, `none`?
pub(super) fn is_nothing(text: &str) -> bool {
    let lower = text.trim().trim_end_matches('.').to_lowercase();
    matches!(
        lower.as_str(),
        "" | "-"
            | "–"
            | "—"
            | "n/a"
            | "na"
            | "none"
            | "nothing"
            | "no known consumer"
            | "?"
            | "tbd"
            | "todo"
            | "unknown"
    )
}

/// Without the full stop that generated docs add.
pub(super) fn unstopped(text: &str) -> &str {
    text.trim().trim_end_matches('.').trim_end()
}
