//! Regular expressions as tables of minimal automata, so that generated code matches without a regex engine. Expression
//! in, [`Table`] and its Rust text out; `support::values::Dfa` runs it.

use std::collections::HashMap;
use std::fmt::Write as _;

use regex_automata::dfa::{Automaton as _, StartKind, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::StateID;
use regex_automata::util::{start, syntax};
use regex_automata::{Anchored, MatchKind};

/// Entries (states times classes) that a table may have: two bytes each in the program, about seven in its source.
const TABLE_LIMIT: usize = 16 * 1024;
/// Bytes that the automaton may take while it is made.
const BUILD_LIMIT: usize = 8 << 20;

/// The table of a minimal automaton.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    classes: [u8; 256],
    class_count: usize,
    /// Next states, a row of `class_count` for each state; state 0 is where one begins.
    transitions: Vec<u16>,
    accepting: Vec<bool>,
}

/// The texts that match an expression of the `regex` crate as a whole.
///
/// # Errors
/// When it cannot be a table: what is wrong with it.
pub fn whole(expression: &str) -> Result<Table, String> {
    build(&format!(r"(?:{expression})\z"), Anchored::Yes)
}

/// The texts in which a `pattern` of JSON Schema is found.
///
/// # Errors
/// When it cannot be a table: what is wrong with it.
pub fn search(pattern: &str) -> Result<Table, String> {
    build(&from_ecma(pattern), Anchored::No)
}

fn build(expression: &str, anchored: Anchored) -> Result<Table, String> {
    let config = dense::Config::new()
        .match_kind(MatchKind::All)
        .start_kind(if anchored == Anchored::No { StartKind::Unanchored } else { StartKind::Anchored })
        .unicode_word_boundary(true)
        .dfa_size_limit(Some(BUILD_LIMIT))
        .determinize_size_limit(Some(4 * BUILD_LIMIT));
    let automaton = dense::Builder::new()
        .configure(config)
        .syntax(syntax::Config::new().utf8(false).nest_limit(64))
        .thompson(thompson::Config::new().utf8(false).nfa_size_limit(Some(BUILD_LIMIT)))
        .build(expression)
        .map_err(|error| format!("the regular expression cannot be an automaton: {error}"))?;
    let start = automaton
        .start_state(&start::Config::new().anchored(anchored))
        .map_err(|error| format!("the regular expression cannot be an automaton: {error}"))?;
    let table = minimal(&explore(&automaton, start)?);
    if table.transitions.len() > TABLE_LIMIT {
        let (states, classes) = (table.accepting.len(), table.class_count);
        return Err(format!(
            "the regular expression needs {states} states of {classes} kinds of bytes, more than generated code should \
             carry; write it with fewer alternatives, or with ASCII classes such as [0-9A-Za-z] instead of \\w"
        ));
    }
    Ok(table)
}

/// A state's next states by byte, and whether a text may end there.
type Row = (Vec<usize>, bool);

/// All states that a text can lead to, the start first. Once a match is found it stays found.
fn explore(automaton: &dense::DFA<Vec<u32>>, start: StateID) -> Result<Vec<Row>, String> {
    let mut numbers: HashMap<StateID, usize> = HashMap::from([(start, 0)]);
    let mut open = vec![start];
    let mut rows: Vec<Row> = Vec::new();
    while let Some(state) = open.get(rows.len()).copied() {
        if automaton.is_quit_state(state) {
            let advice = r"it looks at Unicode words; write \b as (?-u:\b)";
            return Err(format!("the regular expression cannot be an automaton: {advice}"));
        }
        let found = automaton.is_match_state(state);
        let mut next = Vec::with_capacity(256);
        for byte in 0..=255u8 {
            let target = if found { state } else { automaton.next_state(state, byte) };
            let number = *numbers.entry(target).or_insert_with(|| {
                open.push(target);
                open.len() - 1
            });
            next.push(number);
        }
        rows.push((next, found || automaton.is_match_state(automaton.next_eoi_state(state))));
        if rows.len() > TABLE_LIMIT {
            return Err("the regular expression has too many states for generated code; make it simpler".to_owned());
        }
    }
    Ok(rows)
}

/// Merges states that no text tells apart (Moore), then bytes that no state tells apart.
fn minimal(rows: &[Row]) -> Table {
    let mut blocks: Vec<usize> = rows.iter().map(|(_, accepts)| usize::from(*accepts)).collect();
    let mut count = 0;
    loop {
        let mut known: HashMap<(usize, Vec<usize>), usize> = HashMap::new();
        let refined: Vec<usize> = rows
            .iter()
            .zip(&blocks)
            .map(|((next, _), block)| {
                let signature = (*block, next.iter().map(|target| blocks[*target]).collect());
                let number = known.len();
                *known.entry(signature).or_insert(number)
            })
            .collect();
        let settled = known.len() == count;
        count = known.len();
        blocks = refined;
        if settled {
            break;
        }
    }
    // Blocks are numbered by first appearance, so that the start is 0 and equal expressions give equal tables.
    let first: Vec<&Row> = (0..count).filter_map(|block| rows.get(blocks.iter().position(|b| *b == block)?)).collect();
    let mut classes = [0u8; 256];
    let mut columns: Vec<Vec<usize>> = Vec::new();
    for (byte, class) in classes.iter_mut().enumerate() {
        let column: Vec<usize> = first.iter().map(|(next, _)| blocks[next[byte]]).collect();
        let at = columns.iter().position(|known| *known == column).unwrap_or_else(|| {
            columns.push(column);
            columns.len() - 1
        });
        // There are no more classes than bytes.
        *class = u8::try_from(at).unwrap_or(u8::MAX);
    }
    let row = |state: usize| columns.iter().map(move |column| u16::try_from(column[state]).unwrap_or(u16::MAX));
    Table {
        classes,
        class_count: columns.len(),
        transitions: (0..count).flat_map(row).collect(),
        accepting: first.iter().map(|(_, accepts)| *accepts).collect(),
    }
}

impl Table {
    /// A static of this name that holds the table.
    #[must_use]
    pub fn to_rust(&self, name: &str, doc: &str) -> String {
        let transitions: Vec<u8> = self.transitions.iter().flat_map(|state| state.to_be_bytes()).collect();
        let accepting: Vec<u8> = self.accepting.iter().map(|accepts| u8::from(*accepts)).collect();
        format!(
            "/// {doc}\nstatic {name}: Dfa = Dfa {{ classes: &byte_classes(&[{}]), class_count: {}, transitions: {}, accepting: {}, \
             start: 0 }};\n",
            self.ranges(),
            self.class_count,
            bytes_literal(&transitions),
            bytes_literal(&accepting),
        )
    }
}

impl Table {
    /// The bytes of each class but the first, as ranges.
    fn ranges(&self) -> String {
        let mut ranges: Vec<(u8, u8, u8)> = Vec::new();
        for (byte, class) in (0..=u8::MAX).zip(self.classes) {
            match ranges.last_mut() {
                Some((_, last, known)) if *known == class && last.checked_add(1) == Some(byte) => *last = byte,
                _ => ranges.push((byte, byte, class)),
            }
        }
        let written = ranges
            .iter()
            .filter(|(_, _, class)| *class != 0)
            .map(|(first, last, class)| format!("({}, {}, {class})", byte_literal(*first), byte_literal(*last)));
        written.collect::<Vec<_>>().join(", ")
    }
}

fn byte_literal(byte: u8) -> String {
    format!("b'{}'", byte.escape_ascii())
}

/// A byte string over several lines.
fn bytes_literal(bytes: &[u8]) -> String {
    let mut text = String::from("b\"");
    for (at, byte) in bytes.iter().enumerate() {
        if at > 0 && at % 64 == 0 {
            text.push_str("\\\n        ");
        }
        // `\0` alone is two characters, and a digit after it changes nothing.
        let _ = if *byte == 0 { write!(text, "\\0") } else { write!(text, "\\x{byte:02x}") };
    }
    text.push('"');
    text
}

/// A pattern of ECMA 262 in the syntax of the `regex` crate, as the jsonschema crate reads it: `\d`, `\w` and `\s` are
/// their ASCII (for `\s` ECMA's) sets, and brackets within brackets are plain.
fn from_ecma(pattern: &str) -> String {
    const SPACE: &str = r"\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}";
    let mut text = String::new();
    let mut in_class = false;
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('d') => text.push_str("[0-9]"),
                Some('D') => text.push_str("[^0-9]"),
                Some('w') => text.push_str("[A-Za-z0-9_]"),
                Some('W') => text.push_str("[^A-Za-z0-9_]"),
                Some('s') => text += &format!("[{SPACE}]"),
                Some('S') => text += &format!("[^{SPACE}]"),
                Some('b') if !in_class => text.push_str(r"(?-u:\b)"),
                Some('B') if !in_class => text.push_str(r"(?-u:\B)"),
                Some(next) => text.extend(['\\', next]),
                None => text.push('\\'),
            },
            '[' if in_class => text.push_str(r"\["),
            '&' | '~' if in_class => text.extend(['\\', c]),
            '[' => {
                in_class = true;
                text.push('[');
            }
            ']' => {
                in_class = false;
                text.push(']');
            }
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matches(table: &Table, text: &str) -> bool {
        let transitions: Vec<u8> = table.transitions.iter().flat_map(|state| state.to_be_bytes()).collect();
        let accepting: Vec<u8> = table.accepting.iter().map(|accepts| u8::from(*accepts)).collect();
        let dfa = crate::generate::rust::support::values::Dfa {
            classes: Box::leak(Box::new(table.classes)),
            class_count: table.class_count,
            transitions: transitions.leak(),
            accepting: accepting.leak(),
            start: 0,
        };
        dfa.matches(text.as_bytes())
    }

    const PATTERNS: &[&str] = &[
        "^(?:I:)?[A-Z][A-Z.]{0,9}$",
        "Z$",
        "a|b",
        r"^\d{2,3}$",
        r"\s",
        r"^[^\w]+$",
        r"\S\W",
        "^$",
        "",
        "a.c",
        r"[[a]b",
        r"\ba\b",
        r"é+$",
        "(?i)abc",
    ];

    proptest! {
        #[test]
        fn a_table_says_what_jsonschema_says(at in 0..PATTERNS.len(), text in r"[AIZab019:. \[éñ\n\x{2028}-]{0,6}|\PC{0,4}") {
            let schema = serde_json::json!({"pattern": PATTERNS[at]});
            let table = search(PATTERNS[at]).unwrap();
            // Words of other alphabets next to \b are the one difference.
            prop_assume!(!PATTERNS[at].contains(r"\b") || text.is_ascii());
            let expected = jsonschema::validator_for(&schema).unwrap().is_valid(&serde_json::json!(text));
            prop_assert_eq!(matches(&table, &text), expected, "{} on {:?}", PATTERNS[at], text);
        }

        #[test]
        fn a_whole_table_says_what_regex_says(text in "[AIZ:.9]{0,6}") {
            let expression = "(?:I:)?[A-Z][A-Z.]{0,9}|9+";
            let regex = regex::Regex::new(&format!("^(?:{expression})$")).unwrap();
            prop_assert_eq!(matches(&whole(expression).unwrap(), &text), regex.is_match(&text));
        }
    }

    #[test]
    fn tables_are_minimal_and_bounded() {
        let table = whole("(?:a|b)(?:a|b)").unwrap();
        assert_eq!((table.accepting.len(), table.class_count), (4, 2));
        assert_eq!(whole("[ab]{2}").unwrap(), table);
        assert!(whole("[ab]*a[ab]{14}").unwrap_err().contains("states"));
        assert!(whole(r"\bx").unwrap_err().contains(r"(?-u:\b)"));
        assert!(search("(?=a)").is_err());
        assert!(syn::parse_str::<syn::ItemStatic>(&table.to_rust("AB", "Two letters.")).is_ok());
    }
}
