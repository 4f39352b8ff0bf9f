//! What a running server says of its commands: the replies to COMMAND and COMMAND DOCS become [`Command`]s, and those
//! of several servers one [`Table`]. Replies come in, of either protocol; it does no input or output itself.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use redis::Value;

use super::model::{Argument, ArgumentKind, Begin, Command, Find, Group, KeySpec};
use super::text::{Origin, Table};

/// The commands of one server, sorted by name.
///
/// `command` is the reply to `COMMAND`, `docs` the reply to `COMMAND DOCS`; both exist from Redis 7.0 on.
///
/// # Errors
/// A reply that is not of the documented shape, with the command it was found at.
pub fn commands(command: &Value, docs: &Value) -> Result<Vec<Command>> {
    let docs = by_name(docs)?;
    let mut found = Vec::new();
    for item in list(command)? {
        read_command(item, &docs, &mut found)?;
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// The union of what several servers have; where they differ, the first one's word stands.
///
/// Servers are named like `valkey 9.1.2`; their first free letter marks their commands.
#[must_use]
pub fn merge(servers: Vec<(String, Vec<Command>)>) -> Table {
    let mut origins: Vec<Origin> = Vec::new();
    let mut merged: BTreeMap<String, Command> = BTreeMap::new();
    for (name, commands) in servers {
        let taken = |c: &char| origins.iter().any(|origin| origin.letter == *c);
        let letters = name.chars().filter(char::is_ascii_lowercase).chain('a'..='z').chain('A'..='Z');
        let letter = letters.into_iter().find(|c| !taken(c)).unwrap_or('?');
        for command in commands {
            merged.entry(command.name.clone()).or_insert(command).origins.push(letter);
        }
        origins.push(Origin { letter, name });
    }
    Table { origins, commands: merged.into_values().collect() }
}

/// What one server says differently of the commands that both know: a line each, on flags, arity and keys.
///
/// Also names what the server has and the table has not; what the table alone has is another server's.
#[must_use]
pub fn differences(table: &[Command], server: &[Command]) -> Vec<String> {
    let known: BTreeMap<&str, &Command> = table.iter().map(|command| (command.name.as_str(), command)).collect();
    let mut found = Vec::new();
    for said in server {
        let Some(have) = known.get(said.name.as_str()) else {
            found.push(format!("{}: not in the table", said.name));
            continue;
        };
        if have.flags != said.flags {
            found.push(format!("{}: flags {:?}, the server says {:?}", said.name, have.flags, said.flags));
        }
        if have.arity != said.arity {
            found.push(format!("{}: arity {}, the server says {}", said.name, have.arity, said.arity));
        }
        if have.key_specs != said.key_specs {
            found.push(format!("{}: keys {:?}, the server says {:?}", said.name, have.key_specs, said.key_specs));
        }
    }
    found
}

fn read_command(item: &Value, docs: &BTreeMap<String, &Value>, into: &mut Vec<Command>) -> Result<()> {
    let parts = list(item)?;
    let part = |index: usize| parts.get(index).context("COMMAND gives too little; servers before Redis 7.0 do");
    let raw = text(part(0)?)?;
    let at = || format!("reply to COMMAND, at {raw}");
    // A module's command may have no documentation.
    let none = Value::Array(Vec::new());
    let doc = fields(docs.get(&raw).copied().unwrap_or(&none)).with_context(at)?;
    let said = |name: &str| doc.get(name).map_or(Ok(String::new()), |value| text(value));
    let mut categories = words(part(6)?).with_context(at)?;
    categories.iter_mut().for_each(|category| *category = category.trim_start_matches('@').to_owned());
    categories.sort();
    let mut flags = words(part(2)?).with_context(at)?;
    flags.sort();
    into.push(Command {
        name: raw.to_ascii_uppercase().replace('|', " "),
        origins: String::new(),
        group: Group::from_name(&said("group")?).unwrap_or(Group::Module),
        since: said("since")?,
        arity: number(part(1)?).with_context(at)?,
        flags,
        categories,
        key_specs: list(part(8)?)?.iter().map(read_key_spec).collect::<Result<_>>().with_context(at)?,
        arguments: read_arguments(doc.get("arguments").copied()).with_context(at)?,
    });
    let inner = match doc.get("subcommands") {
        Some(inner) => by_name(inner).with_context(at)?,
        None => BTreeMap::new(),
    };
    for subcommand in list(part(9)?)? {
        read_command(subcommand, &inner, into)?;
    }
    Ok(())
}

fn read_key_spec(value: &Value) -> Result<KeySpec> {
    let spec = fields(value)?;
    let get = |name: &str| spec.get(name).copied().with_context(|| format!("key specification without {name}"));
    let begin = fields(get("begin_search")?)?;
    let begin = match (kind(&begin)?.as_str(), &inner(&begin)) {
        ("index", Some(spec)) => Begin::Index(int(spec, "index")?),
        ("keyword", Some(spec)) => Begin::Keyword {
            word: text(spec.get("keyword").context("keyword")?)?.to_ascii_uppercase(),
            from: int(spec, "startfrom")?,
        },
        _ => Begin::Unknown,
    };
    let find = fields(get("find_keys")?)?;
    let find = match (kind(&find)?.as_str(), &inner(&find)) {
        ("range", Some(spec)) => {
            Find::Range { last: int(spec, "lastkey")?, step: int(spec, "keystep")?, limit: int(spec, "limit")? }
        }
        ("keynum", Some(spec)) => {
            Find::Count { at: int(spec, "keynumidx")?, first: int(spec, "firstkey")?, step: int(spec, "keystep")? }
        }
        _ => Find::Unknown,
    };
    Ok(KeySpec { begin, find, flags: words(get("flags")?)? })
}

fn kind(part: &Fields<'_>) -> Result<String> {
    text(part.get("type").context("key specification without type")?)
}

fn inner<'a>(part: &Fields<'a>) -> Option<Fields<'a>> {
    part.get("spec").and_then(|spec| fields(spec).ok())
}

fn int(spec: &Fields<'_>, name: &str) -> Result<i32> {
    number(spec.get(name).with_context(|| format!("key specification without {name}"))?)
}

fn read_arguments(value: Option<&Value>) -> Result<Vec<Argument>> {
    value.map_or(Ok(Vec::new()), |value| list(value)?.iter().map(read_argument).collect())
}

fn read_argument(value: &Value) -> Result<Argument> {
    let argument = fields(value)?;
    let name = text(argument.get("name").context("argument without name")?)?;
    let kind = text(argument.get("type").with_context(|| format!("argument {name} without type"))?)?;
    let flags = argument.get("flags").map_or(Ok(Vec::new()), |flags| words(flags))?;
    let has = |flag: &str| flags.iter().any(|f| f == flag);
    let key_spec = argument.get("key_spec_index").map(|index| number(index)).transpose()?;
    Ok(Argument {
        // The text form ends a name at the colon and an argument at the blank.
        name: name.replace([' ', ':'], "-"),
        kind: ArgumentKind::from_name(&kind).with_context(|| format!("argument {name} of unknown type {kind}"))?,
        token: argument.get("token").map(|token| text(token)).transpose()?,
        key_spec: key_spec.and_then(|index| usize::try_from(index).ok()),
        optional: has("optional"),
        multiple: has("multiple"),
        multiple_token: has("multiple_token"),
        arguments: read_arguments(argument.get("arguments").copied())?,
    })
}

type Fields<'a> = BTreeMap<String, &'a Value>;

/// A map, or the flat list of names and values that RESP2 sends in its place.
fn fields(value: &Value) -> Result<Fields<'_>> {
    if let Value::Map(pairs) = value {
        return pairs.iter().map(|(name, value)| Ok((text(name)?, value))).collect();
    }
    list(value)?.as_chunks::<2>().0.iter().map(|[name, value]| Ok((text(name)?, value))).collect()
}

fn by_name(value: &Value) -> Result<BTreeMap<String, &Value>> {
    fields(value).context("reply to COMMAND DOCS")
}

fn list(value: &Value) -> Result<&[Value]> {
    match value {
        Value::Array(items) | Value::Set(items) => Ok(items),
        Value::Nil => Ok(&[]),
        other => bail!("expected a list, got {other:?}"),
    }
}

fn words(value: &Value) -> Result<Vec<String>> {
    list(value)?.iter().map(text).collect()
}

fn text(value: &Value) -> Result<String> {
    match value {
        Value::BulkString(bytes) => Ok(String::from_utf8_lossy(bytes).into_owned()),
        Value::SimpleString(text) | Value::VerbatimString { text, .. } => Ok(text.clone()),
        other => bail!("expected a text, got {other:?}"),
    }
}

fn number(value: &Value) -> Result<i32> {
    match value {
        Value::Int(number) => i32::try_from(*number).context("number out of range"),
        other => bail!("expected a number, got {other:?}"),
    }
}
