//! Does the grammar refuse the calls that servers refuse? Generated calls, and the same with a mistake in each, are run.

use std::cell::RefCell;
use std::collections::BTreeSet;

use keywire::server::commands::{Invocation, invocation};
use redis::{Connection, Value};

use super::generate::{self, Dice};
use crate::database::open;
use crate::servers::{for_each_server, say};

/// Commands of all shapes that run at once and do no harm.
const COMMANDS: &[&str] = &[
    "BITCOUNT",
    "BITFIELD",
    "BITOP",
    "BITPOS",
    "COPY",
    "EXPIRE",
    "GEOADD",
    "GEODIST",
    "GEORADIUS",
    "GEOSEARCH",
    "GEOSEARCHSTORE",
    "GET",
    "GETEX",
    "GETRANGE",
    "HEXPIRE",
    "HGETEX",
    "HINCRBY",
    "HRANDFIELD",
    "HSCAN",
    "HSET",
    "HSETEX",
    "INCRBY",
    "LCS",
    "LINSERT",
    "LMOVE",
    "LMPOP",
    "LPOP",
    "LPOS",
    "LPUSH",
    "LTRIM",
    "MGET",
    "MSET",
    "MSETEX",
    "PEXPIREAT",
    "RESTORE",
    "SADD",
    "SCAN",
    "SET",
    "SETEX",
    "SINTERCARD",
    "SINTERSTORE",
    "SMISMEMBER",
    "SORT",
    "SPOP",
    "XADD",
    "XAUTOCLAIM",
    "XCLAIM",
    "XGROUP CREATE",
    "XINFO STREAM",
    "XPENDING",
    "XRANGE",
    "XREAD",
    "XTRIM",
    "ZADD",
    "ZCOUNT",
    "ZDIFF",
    "ZINCRBY",
    "ZINTER",
    "ZMPOP",
    "ZPOPMIN",
    "ZRANDMEMBER",
    "ZRANGE",
    "ZRANGEBYSCORE",
    "ZRANGESTORE",
    "ZREMRANGEBYRANK",
    "ZSCORE",
    "ZUNIONSTORE",
];
const CALLS: u64 = 120;

/// What a server says of a call.
#[derive(Debug, PartialEq)]
enum Verdict {
    /// It did as asked.
    Done,
    /// A mistake in number, order or spelling of the words.
    Refused(String),
    /// Another mistake: no such group, no number, out of range.
    Failed,
}

/// Runs the call on keys that are there: on a key that is not, some commands answer before they look at their options.
fn run(connection: &mut Connection, found: &Invocation<'_>, words: &[String]) -> Verdict {
    let mut setup = redis::pipe();
    setup.cmd("FLUSHALL");
    for key in &found.keys {
        let name = words[key.position].as_str();
        match found.command.works_on().first() {
            Some(&"hash") => setup.cmd("HSET").arg(&[name, "1", "1"]),
            Some(&"list") => setup.cmd("RPUSH").arg(&[name, "1", "2"]),
            Some(&"set") => setup.cmd("SADD").arg(&[name, "1", "2"]),
            Some(&"zset") => setup.cmd("ZADD").arg(&[name, "1", "1"]),
            Some(&"stream") => setup.cmd("XADD").arg(&[name, "0-1", "1", "1"]),
            _ => setup.cmd("SET").arg(&[name, "1"]),
        };
    }
    let () = setup.ignore().query(connection).unwrap();
    let mut command = redis::Cmd::new();
    command.arg(words);
    let reply: Result<Value, redis::RedisError> = command.query(connection);
    let Err(error) = reply else { return Verdict::Done };
    let text = error.to_string().to_lowercase();
    if REFUSALS.iter().any(|part| text.contains(part)) { Verdict::Refused(text) } else { Verdict::Failed }
}

const REFUSALS: &[&str] = &["syntax error", "wrong number of arg", "unknown subcommand", "unbalanced"];

fn generated(connection: &mut Connection) -> Vec<Vec<String>> {
    let of_server = super::commands_of(connection);
    let chosen = of_server.iter().filter(|command| COMMANDS.contains(&command.name.as_str()));
    chosen.flat_map(|command| (0..CALLS).map(move |seed| generate::call(command, seed))).collect()
}

/// Rules that servers keep and their documentation does not tell.
fn untold(call: &Invocation<'_>) -> bool {
    let has = |token: &str| call.has_token(token);
    match call.command.name.as_str() {
        "XADD" | "XTRIM" => has("LIMIT") && !has("~"),
        "ZRANGE" | "ZRANGESTORE" => (has("LIMIT") && !has("BYSCORE")) || (has("BYLEX") && has("WITHSCORES")),
        // Redis wants both ends of a range, or none.
        "BITCOUNT" => call.values("start").count() > call.values("end").count(),
        "RESTORE" => has("IDLETIME") && has("FREQ"),
        // A polygon has its centre in itself.
        "GEOSEARCH" | "GEOSEARCHSTORE" => has("BYPOLYGON") && (has("FROMLONLAT") || has("FROMMEMBER")),
        // As many weights as keys.
        "ZUNIONSTORE" | "ZINTER" => has("WEIGHTS"),
        _ => false,
    }
}

/// Some commands do not mind a flag that comes twice. The documentation knows of none, and others refuse it.
fn flag_twice(words: &[String]) -> bool {
    let Some((last, before)) = words.split_last() else { return false };
    let is_word = last.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_word && before.iter().any(|word| word == last)
}

#[test]
fn what_is_well_formed_is_no_syntax_error() {
    let needed = RefCell::new(BTreeSet::new());
    for_each_server(|server| {
        let mut connection = open(&server.url());
        let mut wrong = Vec::new();
        for words in generated(&mut connection) {
            let found = invocation(&words).unwrap();
            let Verdict::Refused(error) = run(&mut connection, &found, &words) else { continue };
            if untold(&found) {
                needed.borrow_mut().insert(found.command.name.as_str());
            } else if found.is_well_formed() {
                wrong.push(format!("{error}: {words:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
    // The rules that are not told are no more than there are; polygons are Valkey's.
    let rules = ["RESTORE", "XADD", "XTRIM", "ZINTER", "ZRANGE", "ZRANGESTORE", "ZUNIONSTORE"];
    needed.borrow_mut().retain(|name| !name.starts_with("GEO"));
    assert_eq!(needed.into_inner().into_iter().collect::<Vec<_>>(), rules);
}

/// The same call with one mistake.
fn mutated(words: &[String], dice: &mut Dice) -> Vec<String> {
    let mut words = words.to_vec();
    let name = 1 + usize::from(matches!(words[0].as_str(), "XGROUP" | "XINFO"));
    let at = name + dice.roll(words.len() - name);
    match dice.roll(4) {
        0 => {
            words.remove(at);
        }
        1 => words.insert(at, "frob".to_owned()),
        2 => words.push("frob".to_owned()),
        _ => words.push(words[at].clone()),
    }
    words
}

#[test]
fn a_mistake_is_one_for_the_server_and_for_the_grammar() {
    for_each_server(|server| {
        let mut connection = open(&server.url());
        let mut dice = Dice::new(7);
        let mut wrong = Vec::new();
        let mut agreed = [0, 0];
        for words in generated(&mut connection) {
            let words = mutated(&words, &mut dice);
            let found = invocation(&words).unwrap();
            match (run(&mut connection, &found, &words), found.is_well_formed()) {
                (Verdict::Refused(error), true) if !untold(&found) => wrong.push(format!("taken: {error} {words:?}")),
                // Valkey looks for FIELDS from the key's place on.
                (Verdict::Done, false) if words[0] == "HGETEX" && words[1] == "FIELDS" => {}
                (Verdict::Done, false) if flag_twice(&words) => {}
                (Verdict::Done, false) => wrong.push(format!("refused: {words:?}")),
                (Verdict::Refused(_), false) => agreed[0] += 1,
                (Verdict::Done, true) => agreed[1] += 1,
                _ => {}
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        say(&format!("{} calls refused alike and {} taken alike by {}", agreed[0], agreed[1], server.binary()));
        assert!(agreed[0] > 1000 && agreed[1] > 200, "{agreed:?}");
    });
}
