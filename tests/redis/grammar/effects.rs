//! The overlay of effects against real servers: a call for each row that a server has, run on keys with a TTL, and what
//! became of TTL and size compared with what was predicted from the call's words alone.

use std::collections::BTreeSet;
use std::time::Duration;

use keywire::server::commands::{Effect, Expiry, ExpiryGiven, Invocation, KeyUse, Size, Trim, effects, invocation};
use redis::{Connection, Value};

use crate::database::{ask, command, open, run};
use crate::servers::{for_each_server, say};

/// What is there before each call. Each gets a TTL of 1000 s, but for `fresh...`, which is not there.
const DATA: &str = "
SET text 5
SET other 6
HSET hash f 1 g 2 h 3
RPUSH list 1 2 3 4 5
RPUSH other:list 1 2
SADD set a b c
SADD other:set c d
ZADD zset 1 a 2 b 3 c 4 d 5 e
ZADD other:zset 7 x
GEOADD geo 13.36 38.11 Palermo 15.08 37.50 Catania
XADD stream 1-1 n 1
XADD stream 2-1 n 2
XADD stream 3-1 n 3
XGROUP CREATE stream group 0
PFADD loglog a b
PFADD other:loglog c
";

/// Calls that do something, in the words of the data above: for each row at least one, for its options more.
const CALLS: &str = include_str!("effects.txt");

const TTL: i64 = 1_000_000;

/// What a key is: milliseconds to live (-1: for ever) and how much it holds. `None` if it is not there.
type State = Option<(i64, i64)>;

fn state(connection: &mut Connection, key: &str) -> State {
    let kind: String = ask(connection, &format!("TYPE {key}"));
    let size = match kind.as_str() {
        "none" => return None,
        "hash" => "HLEN",
        "list" => "LLEN",
        "set" => "SCARD",
        "zset" => "ZCARD",
        "stream" => "XLEN",
        "vectorset" => "VCARD",
        _ => "STRLEN",
    };
    Some((ask(connection, &format!("PTTL {key}")), ask(connection, &format!("{size} {key}"))))
}

fn near(found: i64, expected: i64) -> bool {
    (expected - 60_000..=expected + 1_000).contains(&found)
}

/// What is wrong with the prediction for one key.
fn judge_expiry(effect: Effect, call: &Invocation<'_>, before: State, after: State) -> Option<String> {
    let (left, _) = after?;
    let wrong = |expected: String| Some(format!("{expected} was predicted, but PTTL is {left}"));
    match effect.expiry {
        Expiry::Keeps if before.is_some() && !near(left, TTL) => wrong("the old TTL".to_owned()),
        Expiry::Keeps if before.is_none() && left != -1 => wrong("no TTL".to_owned()),
        Expiry::Drops if left != -1 => wrong("no TTL".to_owned()),
        Expiry::Sets => match call.expiry() {
            Some(ExpiryGiven::After(after)) if near(left, millis(after)) => None,
            Some(ExpiryGiven::At(at)) if near(left, millis(at) - now()) => None,
            other => wrong(format!("{other:?}")),
        },
        // All sources have the TTL that all keys have; a dump has what the call says.
        Expiry::Carries => match call.expiry() {
            Some(ExpiryGiven::After(after)) if near(left, millis(after)) => None,
            None if call.command.name.starts_with("RESTORE") && left == -1 => None,
            None if !call.command.name.starts_with("RESTORE") && near(left, TTL) => None,
            other => wrong(format!("{other:?}")),
        },
        Expiry::Optional(_) => wrong("nothing known".to_owned()),
        Expiry::Keeps | Expiry::Drops => None,
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap()
}

fn now() -> i64 {
    millis(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap())
}

fn judge_size(effect: Effect, call: &Invocation<'_>, before: State, after: State) -> Option<String> {
    let size = |state: State| state.map_or(0, |(_, size)| size);
    let was_not_there = before.is_none();
    let (before, now) = (size(before), size(after));
    let grown = i64::try_from(call.grown_by()).unwrap();
    let within = match call.trim() {
        Some(Trim::Entries { at_most, approximate: false }) => now <= i64::try_from(at_most).unwrap(),
        Some(Trim::Nothing) => now == before,
        _ => true,
    };
    let right = match effect.size {
        Size::Grows if call.has_token("XX") => now == before && grown == 0,
        // What a string grows by is not counted.
        Size::Grows | Size::GrowsToLimit if grown == 0 => now >= before,
        // All that the calls add is new.
        Size::Grows => now == before + grown,
        Size::GrowsTrimmed(_) => now <= before + grown && within,
        Size::GrowsToLimit => now <= 12_400,
        Size::Trims(_) => now <= before && within,
        Size::Shrinks => now < before || was_not_there,
        Size::Removes => after.is_none(),
        Size::Neutral => now == before || was_not_there,
        Size::Replaces => after.is_some(),
        Size::Optional(_) => false,
    };
    let (size, trim) = (effect.size, call.trim());
    (!right).then(|| format!("{size:?}, {grown} more and {trim:?} were predicted, but {before} became {now}"))
}

/// Fills the database, and gives all keys the same TTL.
fn fill(connection: &mut Connection) {
    run(connection, "FLUSHALL");
    run(connection, DATA);
    // Few servers have them.
    let _ = command("VADD vectors VALUES 2 1 2 a").query::<Value>(connection);
    let keys: Vec<String> = ask(connection, "KEYS *");
    for key in keys {
        let () = ask(connection, &format!("PEXPIRE {key} {TTL}"));
    }
}

/// Words that no text can hold, or that must be in the future.
fn words_of(connection: &mut Connection, line: &str) -> Vec<Vec<u8>> {
    line.split_whitespace()
        .map(|word| match word {
            "{dump}" => command("DUMP text").query(connection).unwrap(),
            "{soon}" => (now() / 1000 + 500).to_string().into_bytes(),
            "{soon-ms}" => (now() + 500_000).to_string().into_bytes(),
            word => word.as_bytes().to_vec(),
        })
        .collect()
}

fn judge_call(connection: &mut Connection, line: &str) -> Vec<String> {
    fill(connection);
    let words = words_of(connection, line);
    let call = invocation(&words).unwrap();
    assert!(call.is_well_formed(), "{line}");
    let name = |position: usize| String::from_utf8(words[position].clone()).unwrap();
    let before: Vec<State> = call.keys.iter().map(|key| state(connection, &name(key.position))).collect();
    let mut asked = redis::Cmd::new();
    asked.arg(&words);
    if let Err(error) = asked.query::<Value>(connection) {
        return vec![format!("{line}: {error}")];
    }
    let mut wrong = Vec::new();
    for (key, before) in call.keys.iter().zip(before) {
        let after = state(connection, &name(key.position));
        let Some(effect) = key.effect else {
            let written = |other: &KeyUse| other.effect.is_some() && words[other.position] == words[key.position];
            if before.map(|(_, size)| size) != after.map(|(_, size)| size) && !call.keys.iter().any(written) {
                wrong.push(format!("{line}: {} was to be read only", name(key.position)));
            }
            continue;
        };
        let faults = [judge_expiry(effect, &call, before, after), judge_size(effect, &call, before, after)];
        wrong.extend(faults.into_iter().flatten().map(|fault| format!("{line}: {}: {fault}", name(key.position))));
    }
    wrong
}

/// Rows without a call, and why.
const WITHOUT: &[(&str, &str)] = &[
    ("MIGRATE", "needs a second server"),
    ("MOVE", "the key is gone from this database, which DEL shows as well; it stays in another"),
    ("PFDEBUG", "changes how a value is encoded"),
    ("RESTORE-ASKING", "is RESTORE between the nodes of a cluster"),
];

#[test]
fn every_row_of_the_overlay_does_on_a_server_what_it_says() {
    for_each_server(|server| {
        let mut connection = open(&server.url());
        let known: BTreeSet<String> =
            super::commands_of(&mut connection).into_iter().map(|command| command.name).collect();
        let lines = || CALLS.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
        let (mut called, mut wrong, mut count) = (BTreeSet::new(), Vec::new(), 0);
        for line in lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let name = invocation(&words).unwrap_or_else(|| panic!("{line}")).command.name.as_str();
            if known.contains(name) {
                called.insert(name);
                wrong.extend(judge_call(&mut connection, line));
                count += 1;
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let left_out = |name: &str| WITHOUT.iter().any(|(command, _)| *command == name);
        let rows = effects::rows().iter().map(|row| row.command).filter(|name| known.contains(*name));
        let missing: Vec<&str> = rows.filter(|name| !called.contains(name) && !left_out(name)).collect();
        assert_eq!(missing, Vec::<&str>::new(), "rows without a call in effects.txt");
        say(&format!("{count} calls of {} rows do on {} what the overlay says", called.len(), server.binary()));
    });
}
