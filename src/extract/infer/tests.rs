//! A recorded workload with each type, and what is said of it.

use std::fmt::Write;
use std::io::Cursor;
use std::sync::Arc;

use proptest::prelude::*;
use tokio::sync::watch;

use super::facts::Facts;
use super::keyspace::Keyspace;
use super::origins::read_traffic;
use super::traffic::Traffic;
use super::{Collector, Options, sightings};
use crate::extract::Sighting;
use crate::extract::draft::{Plan, compose, write};
use crate::observe::input::Input;
use crate::observe::traffic::monitor::ClientTable;
use crate::observe::{Header, Seen, TtlSeen};

const CLIENTS: &str = "\
id=1 addr=127.0.0.1:1 name=api-1 user=default
id=2 addr=127.0.0.1:2 name=worker:88 user=default
id=3 addr=127.0.0.1:3 name= user=default
";

/// A log of lines `SECOND CLIENT WORDS`; words with `'` around them may hold spaces.
fn log(lines: &str) -> String {
    let mut log = String::new();
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let mut parts = line.trim().splitn(3, ' ');
        let (at, client, words) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        let address = match client {
            "api" => "127.0.0.1:1",
            "worker" => "127.0.0.1:2",
            "lua" => "lua",
            _ => "127.0.0.1:3",
        };
        let at: f64 = at.parse().unwrap();
        write!(log, "{:.6} [0 {address}]", 1_767_225_600.0 + at).unwrap();
        let mut quoted = false;
        let words = words.split(|c| {
            quoted ^= c == '\'';
            c == ' ' && !quoted
        });
        for word in words {
            write!(log, " {:?}", word.trim_matches('\'')).unwrap();
        }
        log.push('\n');
    }
    log
}

/// The draft of what a log shows.
fn draft(lines: &str) -> String {
    let (_sender, stop) = watch::channel(false);
    let mut collector = Collector::default();
    let reader = Box::new(Cursor::new(log(lines).into_bytes()));
    let input = Input { reader, read: Arc::default(), size: None };
    let clients = ClientTable::parse(CLIENTS.as_bytes()).unwrap();
    read_traffic((input, clients), Traffic::new(None, None), &mut collector, &stop, |_| {}).unwrap();
    let options = Options { bus: Some("main".into()), enums: true, show_values: false, keyspace: false, room: true };
    let plan = Plan { name: "test".into(), bus: "main".into(), module: "app".into() };
    let files = write(&compose(&sightings(collector, &options), &plan));
    let text = |(path, text): (std::path::PathBuf, String)| format!("# {}\n{text}", path.display());
    files.into_iter().map(text).collect::<Vec<_>>().join("\n")
}

fn repeated(times: usize, line: impl Fn(usize) -> String) -> String {
    (0..times).map(|at| line(at) + "\n").collect()
}

#[test]
fn a_workload_with_each_type() {
    insta::assert_snapshot!(draft(&repeated(30, |at| {
        let s = at as f64;
        let id = at % 10;
        format!(
            "{s} api SET user:{id}:profile '{{\"id\":{id},\"mail\":\"a{id}@b.de\"}}' EX 3600
             {s} api HSET cart:{id} total {at} currency EUR
             {s} api EXPIRE cart:{id} 86400
             {s} api INCR hits
             {s} api LPUSH jobs '{{\"id\":{at},\"kind\":\"mail\"}}'
             {s} api LTRIM jobs 0 99
             {s}.1 worker BRPOP jobs 5
             {s} api SADD online {at}
             {s} api ZADD trail {} m{at}
             {s} api ZREMRANGEBYSCORE trail -inf {}
             {s} api XADD events MAXLEN ~ 1000 * payload '{{\"n\":{at}}}' at 2026-01-01T00:00:00Z
             {s}.1 worker XREADGROUP GROUP indexers me COUNT 10 STREAMS events >
             {s} api SETBIT flags {at} 1
             {s} api PFADD visitors {at}
             {s} api GEOADD shops 13.361389 38.115556 s{at}
             {s} api PUBLISH updates:{id} '{{\"id\":{id}}}'
             {s} worker GET user:{id}:profile
             {s} api SET tmp:{at} x
             {s} api DEL tmp:{at}",
            1_767_225_600 + at,
            1_767_225_600 + at - 600,
        )
    })));
}

#[test]
fn a_value_that_is_a_piece_of_a_name_is_no_word_of_an_enum() {
    // Both are words of two values, seen often; the one is in the key's name, the other nowhere.
    let text = draft(&repeated(60, |at| {
        let symbol = ["SPX", "NDX"][at % 2];
        let event = ["order:created", "order:paid"][at % 2];
        format!(
            "{at} api SET snap:I:{symbol}:{at} '{{\"of\":\"I:{symbol}\",\"event\":\"{event}\"}}'
             {at} api SET trail:SPX {at}"
        )
    }));
    assert!(text.contains("enum: [\"order:created\", \"order:paid\"]") && !text.contains("I:SPX"), "{text}");
}

/// The retention of the only key.
fn retention(lines: &str) -> String {
    let text = draft(lines);
    let line = |name: &str| text.lines().find(|line| line.trim().starts_with(name)).map(|line| line.trim().to_owned());
    let inline = line("retention: {").or_else(|| line("ttl:"));
    inline.unwrap_or_else(|| format!("nothing in\n{text}"))
}

#[test]
fn times_to_live_are_told_by_who_renews_them() {
    for (case, lines, expected) in [
        ("with the value", repeated(5, |at| format!("{at} api SET k v{at} EX 300")), "ttl: 5m"),
        (
            "by each write",
            repeated(5, |at| format!("{at} api HSET k f {at}\n{at}.01 api EXPIRE k 300")),
            "ttl: sliding 5m",
        ),
        (
            "by the first write",
            format!(
                "0 api HSET k f 0\n0 api EXPIRE k 300\n{}",
                repeated(5, |at| format!("{} api HSET k f {at}", at + 3))
            ),
            "ttl: 5m",
        ),
        ("only if it has none", repeated(5, |at| format!("{at} api INCR k\n{at}.01 api EXPIRE k 60 NX")), "ttl: 1m"),
        (
            "by readers",
            format!(
                "0 api SET k v EX 300\n{}",
                repeated(5, |at| format!("{} api GET k\n{}.1 api EXPIRE k 300", at + 1, at + 1))
            ),
            "ttl: sliding 5m",
        ),
        (
            "by GETEX",
            format!("0 api SET k v EX 300\n{}", repeated(5, |at| format!("{} api GETEX k EX 300", at + 1))),
            "ttl: sliding 5m",
        ),
        (
            "of a lease",
            format!("0 api SET k v NX PX 15000\n{}", repeated(5, |at| format!("{} api PEXPIRE k 15000", at + 1))),
            "ttl: 15s",
        ),
        ("until a moment", format!("0 api SET k v EXAT {}", 1_767_225_600 + 3600), "ttl: 1h"),
        ("never", repeated(3, |at| format!("{at} api SET k v{at}")), "ttl: none"),
        (
            "in a transaction",
            repeated(3, |at| format!("{at} api MULTI\n{at} api RPUSH k v\n{at} api EXPIRE k 60\n{at} api EXEC")),
            "ttl: sliding 1m",
        ),
        (
            "by a script",
            repeated(3, |at| format!("{at} api EVAL script 1 k\n{at} lua HSET k f v\n{at} lua EXPIRE k 60")),
            "ttl: sliding 1m",
        ),
    ] {
        assert!(retention(&lines).starts_with(expected), "{case}: {}", retention(&lines));
    }
    let range = retention(&repeated(5, |at| format!("{at} api SET k v EX {}", 300 + at)));
    assert!(range.starts_with("ttl: { min: 5m, max: 304s }"), "{range}");
}

#[test]
fn scripts_are_their_callers() {
    let text = draft(&repeated(3, |at| format!("{at} worker EVALSHA abc 1 counter:x\n{at} lua INCR counter:x")));
    assert!(text.contains("module: worker") && text.contains("operations: [INCR]"), "{text}");
}

#[test]
fn no_value_is_told() {
    let text = draft(&repeated(40, |at| {
        format!("{at} api HSET secret:{at} token s3cret-{at} doc '{{\"password\":\"hunter2\",\"n\":[\"x-{at}-y\"]}}'")
    }));
    for value in ["s3cret", "hunter2", "x-1-y"] {
        assert!(!text.contains(value), "{text}");
    }
}

/// A keyspace of a few kinds of keys, some of which look alike.
fn keyspace() -> impl Strategy<Value = Vec<(String, Facts)>> {
    let key = prop_oneof![
        (0..50_u32, 0..9_i32).prop_map(|(id, n)| (format!("user:{id}"), format!("{{\"n\":{n},\"s\":\"x\"}}"))),
        (0..50_u32).prop_map(|id| (format!("user:{id}:hits"), id.to_string())),
        "[a-f0-9]{16}".prop_map(|hash| (format!("cache:{hash}"), "text".to_owned())),
        (0..3_u32).prop_map(|id| (format!("meta:{}", ["a", "b", "c"][id as usize]), "true".to_owned())),
    ];
    let of = |(name, value): (String, String)| {
        let header = Header {
            name: name.clone().into_bytes(),
            redis_type: "string".into(),
            ttl: TtlSeen::None,
            size: Some(value.len() as u64),
            ends: None,
            groups: None,
        };
        let (_, facts) = Keyspace::default().see(Seen::Text(0, header, value.into_bytes())).unwrap();
        (name, facts)
    };
    proptest::collection::btree_map(any::<u16>(), key.prop_map(of), 1..80).prop_map(|keys| keys.into_values().collect())
}

fn collected(keys: &[(String, Facts)]) -> Vec<Sighting> {
    let mut collector = Collector::default();
    keys.iter().for_each(|(name, facts)| collector.key(name.as_bytes(), facts.clone()));
    sightings(collector, &Options { bus: None, enums: true, show_values: false, keyspace: true, room: true })
}

proptest! {
    #[test]
    fn the_order_of_keys_does_not_matter(keys in keyspace(), seed in any::<u64>()) {
        let mut shuffled = keys.clone();
        shuffled.sort_by_key(|(name, _)| {
            name.bytes().fold(seed, |hash, byte| hash.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte))
        });
        prop_assert_eq!(collected(&shuffled), collected(&keys));
    }

    #[test]
    fn more_of_the_same_changes_no_pattern(keys in keyspace()) {
        let twice: Vec<_> = keys.iter().chain(&keys).cloned().collect();
        let patterns = |keys: &[(String, Facts)]| -> Vec<_> {
            collected(keys).into_iter().map(|sighting| (sighting.pattern, sighting.redis_type)).collect()
        };
        prop_assert_eq!(patterns(&twice), patterns(&keys));
    }
}
