//! The one table of Redis and Valkey commands: what lint, generators, checks and the traffic parser know of them.
//!
//! The servers' own descriptions (`table.txt`), a hand-written supplement for what no server describes
//! (`table_supplement.txt`), and one overlay, what commands do to expiry and size (`effects`). `call` reads concrete
//! calls by it. It knows nothing of registries, and asks no server.

pub mod call;
pub mod effects;
pub mod keys;
pub mod model;
pub mod questions;
pub mod reply;
pub mod text;

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

pub use call::{Access, ChannelKind, ChannelUse, ExpiryGiven, Given, Invocation, KeyUse, Trim, invocation};
pub use effects::{Bound, Effect, Expiry, Size};
pub use model::{Argument, ArgumentKind, Begin, Command, Find, Group, KeySpec};
pub use text::{Origin, Table};

struct Indexed {
    table: Table,
    by_name: HashMap<String, usize>,
    /// Commands that have subcommands.
    containers: HashSet<String>,
}

#[expect(clippy::expect_used, reason = "both texts are part of the program, and a test parses them")]
static TABLE: LazyLock<Indexed> = LazyLock::new(|| {
    let mut table = text::parse(include_str!("table.txt")).expect("the embedded table parses");
    let supplement = text::parse(include_str!("table_supplement.txt")).expect("the supplement parses");
    table.origins.extend(supplement.origins);
    table.commands.extend(supplement.commands);
    table.commands.sort_by(|a, b| a.name.cmp(&b.name));
    let by_name = table.commands.iter().enumerate().map(|(index, command)| (command.name.clone(), index)).collect();
    let containers =
        table.commands.iter().filter_map(|command| Some(command.name.split_once(' ')?.0.to_owned())).collect();
    Indexed { table, by_name, containers }
});

/// The command of that name, in any case; subcommands as `XGROUP CREATE` or `xgroup|create`.
#[must_use]
pub fn get(name: &str) -> Option<&'static Command> {
    let words: Vec<&str> =
        name.split(|c: char| c == '|' || c.is_whitespace()).filter(|word| !word.is_empty()).collect();
    let index = TABLE.by_name.get(&words.join(" ").to_ascii_uppercase())?;
    TABLE.table.commands.get(*index)
}

/// The command that a call's words invoke: the subcommand, where the first word is only a container of others.
#[must_use]
pub fn of_call<W: AsRef<[u8]>>(words: &[W]) -> Option<&'static Command> {
    lookup(words).or_else(|| get(std::str::from_utf8(words.first()?.as_ref()).ok()?))
}

/// Longer than the longest name.
const NAME_LIMIT: usize = 64;

/// The same of words that were sent as they are: no other spelling of a name is known, and nothing is allocated.
fn lookup<W: AsRef<[u8]>>(words: &[W]) -> Option<&'static Command> {
    let mut buffer = [0; NAME_LIMIT];
    let first = words.first()?.as_ref();
    // The table writes subcommands with a space; no server takes that for a name.
    if first.contains(&b' ') {
        return None;
    }
    let name = buffer.get_mut(..first.len())?;
    name.copy_from_slice(first);
    name.make_ascii_uppercase();
    let command = by_exact_name(name)?;
    let Some(second) = words.get(1).map(AsRef::as_ref).filter(|_| has_subcommands(command)) else {
        return Some(command);
    };
    let Some(rest) = buffer.get_mut(first.len()..=first.len() + second.len()) else { return Some(command) };
    rest[0] = b' ';
    rest[1..].copy_from_slice(second);
    rest.make_ascii_uppercase();
    Some(by_exact_name(&buffer[..=first.len() + second.len()]).unwrap_or(command))
}

fn has_subcommands(command: &Command) -> bool {
    TABLE.containers.contains(command.name.as_str())
}

fn by_exact_name(name: &[u8]) -> Option<&'static Command> {
    let index = TABLE.by_name.get(std::str::from_utf8(name).ok()?)?;
    TABLE.table.commands.get(*index)
}

/// All commands and subcommands, sorted by name, so that subcommands follow their container.
#[must_use]
pub fn all() -> &'static [Command] {
    &TABLE.table.commands
}

/// All names in upper case, for "did you mean".
pub fn names() -> impl Iterator<Item = &'static str> {
    all().iter().map(|command| command.name.as_str())
}

/// The servers, and for the supplement the documentation, that the table rests on.
#[must_use]
pub fn origins() -> &'static [Origin] {
    &TABLE.table.origins
}

#[cfg(test)]
mod tests;
