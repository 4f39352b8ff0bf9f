//! The text form of the table: one line per command, columns between ` | `, written by `write` and read by `parse`.
//!
//! Goes from text to [`Table`] and back without loss. It knows nothing of servers or of what commands mean.

use std::fmt::Write as _;

use anyhow::{Context as _, Result, bail, ensure};

use super::model::{Argument, ArgumentKind, Begin, Command, Find, Group, KeySpec};

/// Commands with the servers they were read from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// Who said so.
    pub origins: Vec<Origin>,
    /// Sorted by name, so that subcommands follow their container.
    pub commands: Vec<Command>,
}

/// A server, or a person, that a line of the table comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// What the lines' second column calls it.
    pub letter: char,
    /// `valkey 9.1.2`, say.
    pub name: String,
}

const COLUMNS: &str = "# name | origins | group | since | arity | flags | ACL categories | keys | arguments";
const FORMAT: &str = "\
# keys: begin/find/flags; begin is index:I, keyword:WORD:FROM or unknown; find is range:LAST:STEP:LIMIT,
# count:AT:FIRST:STEP or unknown. arguments: name:kind, then @N key specification, ? optional, * repeated,
# + repeated with its token, =TOKEN, and (parts).";

/// The text of a table, below a title of `#` lines.
#[must_use]
pub fn write(title: &str, table: &Table) -> String {
    let mut out = title.lines().fold(String::new(), |all, line| all + "# " + line + "\n");
    for origin in &table.origins {
        let _ = writeln!(out, "# origin {}: {}", origin.letter, origin.name);
    }
    let _ = writeln!(out, "{FORMAT}\n{COLUMNS}");
    for command in &table.commands {
        let keys: Vec<String> = command.key_specs.iter().map(write_key_spec).collect();
        let columns = [
            command.name.clone(),
            command.origins.clone(),
            command.group.to_string(),
            command.since.clone(),
            command.arity.to_string(),
            command.flags.join(" "),
            command.categories.join(" "),
            keys.join(" "),
            write_arguments(&command.arguments),
        ];
        out += &columns.map(|column| if column.is_empty() { "-".to_owned() } else { column }).join(" | ");
        out.push('\n');
    }
    out
}

fn write_key_spec(spec: &KeySpec) -> String {
    let begin = match &spec.begin {
        Begin::Index(index) => format!("index:{index}"),
        Begin::Keyword { word, from } => format!("keyword:{word}:{from}"),
        Begin::Unknown => "unknown".to_owned(),
    };
    let find = match spec.find {
        Find::Range { last, step, limit } => format!("range:{last}:{step}:{limit}"),
        Find::Count { at, first, step } => format!("count:{at}:{first}:{step}"),
        Find::Unknown => "unknown".to_owned(),
    };
    format!("{begin}/{find}/{}", spec.flags.join(","))
}

fn write_arguments(arguments: &[Argument]) -> String {
    arguments.iter().map(write_argument).collect::<Vec<_>>().join(" ")
}

fn write_argument(argument: &Argument) -> String {
    let mut out = format!("{}:{}", argument.name, argument.kind);
    if let Some(spec) = argument.key_spec {
        let _ = write!(out, "@{spec}");
    }
    for (mark, set) in [('?', argument.optional), ('*', argument.multiple), ('+', argument.multiple_token)] {
        if set {
            out.push(mark);
        }
    }
    if let Some(token) = &argument.token {
        let bare = !token.is_empty() && token.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        // Tokens such as `=` and the empty one would not survive bare.
        let _ = if bare { write!(out, "={token}") } else { write!(out, "={token:?}") };
    }
    if !argument.arguments.is_empty() {
        let _ = write!(out, "({})", write_arguments(&argument.arguments));
    }
    out
}

/// Reads a table.
///
/// # Errors
/// Names the line that is not of the format.
pub fn parse(text: &str) -> Result<Table> {
    let mut table = Table::default();
    for (index, line) in text.lines().enumerate() {
        let at = || format!("line {} of the command table", index + 1);
        if let Some((letter, name)) = line.strip_prefix("# origin ").and_then(|rest| rest.split_once(": ")) {
            let letter = letter.chars().next().with_context(at)?;
            table.origins.push(Origin { letter, name: name.to_owned() });
        } else if !line.starts_with('#') && !line.trim().is_empty() {
            table.commands.push(parse_line(line).with_context(at)?);
        }
    }
    Ok(table)
}

fn parse_line(line: &str) -> Result<Command> {
    let columns: Vec<&str> = line.splitn(9, " | ").map(|column| if column == "-" { "" } else { column }).collect();
    let [name, origins, group, since, arity, flags, categories, keys, arguments] = columns[..] else {
        bail!("{} columns instead of 9", columns.len());
    };
    let words = |column: &str| column.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    Ok(Command {
        name: name.to_owned(),
        origins: origins.to_owned(),
        group: Group::from_name(group).with_context(|| format!("no such group: {group}"))?,
        since: since.to_owned(),
        arity: arity.parse().context("arity")?,
        flags: words(flags),
        categories: words(categories),
        key_specs: keys.split_whitespace().map(parse_key_spec).collect::<Result<_>>()?,
        arguments: ArgumentReader { rest: arguments }.all(0)?,
    })
}

fn parse_key_spec(text: &str) -> Result<KeySpec> {
    let bad = || format!("key specification: {text}");
    let parts: Vec<&str> = text.split('/').collect();
    let [begin, find, flags] = parts[..] else { bail!(bad()) };
    let number = |s: &str| s.parse::<i32>().with_context(bad);
    let begin = match begin.split(':').collect::<Vec<_>>()[..] {
        ["index", index] => Begin::Index(number(index)?),
        ["keyword", word, from] => Begin::Keyword { word: word.to_owned(), from: number(from)? },
        ["unknown"] => Begin::Unknown,
        _ => bail!(bad()),
    };
    let find = match find.split(':').collect::<Vec<_>>()[..] {
        ["range", last, step, limit] => Find::Range { last: number(last)?, step: number(step)?, limit: number(limit)? },
        ["count", at, first, step] => Find::Count { at: number(at)?, first: number(first)?, step: number(step)? },
        ["unknown"] => Find::Unknown,
        _ => bail!(bad()),
    };
    Ok(KeySpec { begin, find, flags: flags.split(',').filter(|f| !f.is_empty()).map(str::to_owned).collect() })
}

/// Reads `name:kind@0?*+=TOKEN(parts)` from the front of a text.
struct ArgumentReader<'a> {
    rest: &'a str,
}

/// Deeper nesting is a mistake in the text, and would otherwise be bounded by the stack alone.
const MAX_DEPTH: usize = 16;

impl<'a> ArgumentReader<'a> {
    /// Arguments up to the closing parenthesis or the end.
    fn all(&mut self, depth: usize) -> Result<Vec<Argument>> {
        ensure!(depth < MAX_DEPTH, "arguments nested too deeply");
        let mut found = Vec::new();
        while !self.rest.is_empty() && !self.rest.starts_with(')') {
            found.push(self.one(depth)?);
            self.rest = self.rest.trim_start_matches(' ');
        }
        ensure!(depth > 0 || self.rest.is_empty(), "stray parenthesis before: {}", self.rest);
        Ok(found)
    }

    fn one(&mut self, depth: usize) -> Result<Argument> {
        let (name, rest) = self.rest.split_once(':').with_context(|| format!("argument: {}", self.rest))?;
        self.rest = rest;
        let kind = self.take(|c| c.is_ascii_alphanumeric() || c == '-');
        let kind = ArgumentKind::from_name(kind).with_context(|| format!("kind of argument {name}: {kind}"))?;
        let key_spec = match self.skip('@') {
            true => Some(self.take(|c| c.is_ascii_digit()).parse().context("key specification's index")?),
            false => None,
        };
        let (optional, multiple, multiple_token) = (self.skip('?'), self.skip('*'), self.skip('+'));
        let token = if self.skip('=') { Some(self.token()?) } else { None };
        let mut arguments = Vec::new();
        if self.skip('(') {
            arguments = self.all(depth + 1)?;
            ensure!(self.skip(')'), "argument {name}: parenthesis not closed");
        }
        Ok(Argument { name: name.to_owned(), kind, token, key_spec, optional, multiple, multiple_token, arguments })
    }

    fn token(&mut self) -> Result<String> {
        if !self.skip('"') {
            return Ok(self.take(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)).to_owned());
        }
        let mut token = String::new();
        let mut chars = self.rest.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Ok(token);
                }
                '\\' => token.extend(chars.next().map(|(_, escaped)| escaped)),
                _ => token.push(c),
            }
        }
        bail!("token not closed: {token}")
    }

    fn skip(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn take(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }
}
