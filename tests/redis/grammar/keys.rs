//! The keys of generated calls of every command, against COMMAND GETKEYSANDFLAGS.

use keywire::server::commands::{self, Access, Command, Group, Invocation, invocation};
use redis::{Connection, Value, cmd};

use super::generate;
use crate::database::open;
use crate::servers::{for_each_server, say};

const CALLS: u64 = 60;

/// Name and flags of each key, as the server finds them.
type Found = Vec<(String, Vec<String>)>;

/// `None` where the server answers that there is no key.
fn ask(connection: &mut Connection, words: &[String]) -> Result<Option<Found>, String> {
    let reply: Result<Value, redis::RedisError> = cmd("COMMAND").arg("GETKEYSANDFLAGS").arg(words).query(connection);
    match reply {
        Ok(reply) => Ok(Some(redis::from_redis_value(reply).unwrap())),
        Err(error) if error.to_string().contains("no key arguments") => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

/// What the argument tree cannot say: MIGRATE's keys stand at one place only, and if they are several at the end;
/// GEOSEARCH needs a centre unless it looks into a polygon.
fn possible(command: &Command, words: &[String]) -> bool {
    let several = words.iter().position(|word| word == "KEYS");
    let last = || several.is_none_or(|at| words[at + 1..].iter().all(|word| word.starts_with("key")));
    command.accepts_words(words.len())
        && (command.name != "MIGRATE" || (words[3].is_empty() == several.is_some() && last()))
}

/// Calls that COMMAND GETKEYSANDFLAGS refuses although the command itself does not.
fn not_told(words: &[String]) -> bool {
    // Without a source, the range of its second key specification is empty.
    words[0] == "PFMERGE" && words.len() == 2
}

fn calls(command: &Command) -> impl Iterator<Item = Vec<String>> {
    (0..CALLS).map(move |seed| generate::call(command, seed)).filter(move |words| possible(command, words))
}

/// Commands that only read, of whose keys the servers say that they are written.
fn described_otherwise(command: &Command) -> bool {
    // What PFCOUNT counted, it may note down in the value. Of a module's commands Redis says the same of all.
    command.name == "PFCOUNT" || (command.group == Group::VectorSet && !command.is_write())
}

fn same_use(found: &Invocation<'_>, access: Access, flags: &[String]) -> bool {
    let has = |flag: &str| flags.iter().any(|have| have == flag);
    match access {
        Access::Read => has("RO"),
        Access::Write => has("RW") || has("OW") || has("RM"),
        // XCLAIM and XAUTOCLAIM hand out entries, of which their flags say nothing.
        Access::ReadWrite => has("RW") && (has("access") || found.command.name.ends_with("CLAIM")),
    }
}

/// What is wrong with the keys found in one call; empty if nothing.
fn differences(connection: &mut Connection, words: &[String]) -> Vec<String> {
    let found = invocation(words).unwrap();
    let mut served = match ask(connection, words) {
        Ok(_) if not_told(words) => return vec![format!("the server does tell the keys of {words:?}")],
        Ok(served) => served.unwrap_or_default(),
        Err(_) if not_told(words) => return Vec::new(),
        Err(error) => return vec![format!("{error}: {words:?}")],
    };
    served.sort_by_key(|(name, _)| words.iter().position(|word| word == name));
    let names: Vec<&str> = found.keys.iter().map(|key| words[key.position].as_str()).collect();
    if names != served.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>() {
        return vec![format!("{names:?} but {served:?}: {words:?}")];
    }
    let mut wrong = Vec::new();
    for (key, (_, flags)) in found.keys.iter().zip(&served) {
        if same_use(&found, key.access, flags) == described_otherwise(found.command) {
            wrong.push(format!("{:?} but {flags:?}: {words:?}", key.access));
        }
        if key.effect.is_none() != (key.access == Access::Read || found.command.runs_code()) {
            wrong.push(format!("{key:?}: {words:?}"));
        }
    }
    wrong
}

#[test]
fn keys_of_generated_calls_are_those_that_the_servers_find() {
    for_each_server(|server| {
        let mut connection = open(&server.url());
        let (mut count, mut wrong) = (0, Vec::new());
        let commands = with_keys(&mut connection);
        for words in commands.iter().flat_map(calls) {
            wrong.extend(differences(&mut connection, &words));
            count += 1;
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        say(&format!("{count} calls of {} commands have the same keys on {}", commands.len(), server.binary()));
        assert!(commands.len() > 130 && count > 5_000, "{count}");
    });
}

/// The commands that name keys, as the server itself describes them; those of which it tells only the name (a module's)
/// as the table does.
fn with_keys(connection: &mut Connection) -> Vec<Command> {
    let described = |command: Command| match commands::get(&command.name) {
        Some(known) if command.since.is_empty() => known.clone(),
        _ => command,
    };
    super::commands_of(connection)
        .into_iter()
        .map(described)
        .filter(|command| command.keys_in_specs().next().is_some())
        .collect()
}

#[test]
fn every_generated_call_is_well_formed_and_its_keys_are_known() {
    let mut wrong = Vec::new();
    for command in commands::all().iter().filter(|command| !command.is_container()) {
        for words in calls(command) {
            let found = invocation(&words).unwrap();
            let patterns = command.name.starts_with("SORT") && words.iter().any(|word| word.contains('*'));
            if found.command.name != command.name || !found.is_well_formed() || found.complete == patterns {
                wrong.push(format!("{words:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn of_a_call_cut_short_no_keys_are_told_that_the_server_does_not_find() {
    for_each_server(|server| {
        let mut connection = open(&server.url());
        let (mut refused, mut wrong) = (0, Vec::new());
        for (nth, mut words) in with_keys(&mut connection).iter().flat_map(calls).enumerate() {
            words.truncate((words.len() - words.len().min(1 + nth % 3)).max(1));
            let Some(found) = invocation(&words).filter(|found| found.complete) else { continue };
            match ask(&mut connection, &words) {
                Ok(served) if served.as_ref().map_or(0, Vec::len) == found.keys.len() => {}
                Err(_) if found.keys.is_empty() || not_told(&words) => {}
                other => wrong.push(format!("{:?} but {other:?}: {words:?}", found.keys)),
            }
            refused += usize::from(!found.is_well_formed());
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(refused > 100, "{refused}");
    });
}
