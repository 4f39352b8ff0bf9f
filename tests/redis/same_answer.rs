//! One answer from every origin: what is verified live, what is verified from the file that the server saves, and what
//! the traffic says that made the data, on generated registries and workloads.
//!
//! File and live agree to the letter. Traffic knows more (who did it, and what is gone again) and less (what was there
//! before); of the rules about keys as they stand, it gives the same.

use std::collections::BTreeSet;

use keywire::check::Checker;
use keywire::check::traffic::{Judge, Options};
use keywire::finding::Finding;
use keywire::observe::traffic::Event;
use keywire::observe::traffic::monitor::{self, WatchOptions};
use keywire::registry::Registry;
use keywire::server::connect::parse_url;
use keywire::server::embedded::EmbeddedServer;
use keywire::verify::verify_dumps;
use keywire::watch::Request as TrafficRequest;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::sync::{mpsc, oneshot};

use crate::database::{command, open, registry, request, run, verdict};
use crate::servers::{for_each_server, say};

/// What an entry is, and what its TTL.
#[derive(Debug, Clone, Copy)]
struct Entry {
    kind: Kind,
    ttl: Ttl,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Text,
    Json,
    Hash,
    List,
    Set,
    Zset,
    Stream,
}

#[derive(Debug, Clone, Copy)]
enum Ttl {
    None,
    Fixed,
    Sliding,
}

/// The registry of some entries, `e0`, `e1`, ...: names `app:e0:{id}`.
fn text(entries: &[Entry]) -> String {
    let mut text =
        "module: app\nrole: Serves.\nbus: main\nparams:\n  id: { type: integer, min: 1, examples: [\"1\"] }\n\
                    payloads:\n  Doc:\n    type: object\n    additionalProperties: false\n    required: [a]\n    \
                    properties: { a: { type: integer }, b: { type: string } }\nkeys:\n"
            .to_owned();
    for (at, entry) in entries.iter().enumerate() {
        let (of, operations, bound) = match entry.kind {
            Kind::Text => ("type: string\n    value: integer", "SET, INCR", ""),
            Kind::Json => ("type: string\n    value: Doc", "SET", ""),
            Kind::Hash => {
                ("type: hash\n    fields: { n: { type: integer, required: true }, doc: Doc }", "HSET, HDEL", "")
            }
            Kind::List => ("type: list\n    element: Doc", "RPUSH, LTRIM", "max_entries: 3, "),
            Kind::Set => ("type: set\n    member: integer", "SADD, SREM", ""),
            Kind::Zset => ("type: zset\n    member: Doc\n    score: number", "ZADD, ZREM", ""),
            Kind::Stream => ("type: stream\n    entry: { n: integer, doc: Doc }", "XADD", "max_entries: 3, "),
        };
        let (ttl, lifecycle) = match entry.ttl {
            Ttl::None => ("none", "cumulative"),
            Ttl::Fixed => ("100s", "expiring"),
            Ttl::Sliding => ("sliding 100s", "expiring"),
        };
        text.push_str(&format!(
            "  e{at}:\n    key: app:e{at}:{{id}}\n    purpose: Something.\n    {of}\n    operations: [{operations}, DEL, \
             EXPIRE]\n    retention: {{ ttl: {ttl}, {bound}lifecycle: {lifecycle} }}\n    cardinality: 2\n    \
             consumers: [{{ name: reader, reads: [GET] }}]\n"
        ));
    }
    text
}

/// Forms of commands: K stands for a name, V for a value.
const FORMS: &[&str] = &[
    "SET K V",
    "SET K V",
    "SET K V EX 100",
    "SET K V EX 1000",
    "SET K V NX",
    "SET K V KEEPTTL",
    "SETEX K 100 V",
    "GETSET K V",
    "INCR K",
    "DEL K",
    "UNLINK K",
    "PERSIST K",
    "EXPIRE K 100",
    "EXPIRE K 1000",
    "EXPIRE K 100 NX",
    "EXPIRE K 100 XX",
    "HSET K n V",
    "HSET K n 1 doc V",
    "HSET K rogue V",
    "HDEL K n",
    "RPUSH K V",
    "RPUSH K V V",
    "LPUSH K V",
    "LTRIM K 0 2",
    "LTRIM K -3 -1",
    "LPOP K",
    "LPUSHX K V",
    "SADD K V",
    "SADD K 1 2",
    "SREM K 1",
    "ZADD K 1 V",
    "ZADD K XX 1 V",
    "ZINCRBY K 2 V",
    "ZREM K V",
    "XADD K * n 1 doc V",
    "XADD K * n V doc V",
    "XADD K MAXLEN 3 * n 1 doc V",
    "XADD K NOMKSTREAM * n 1 doc V",
    "XTRIM K MAXLEN 2",
];

/// A command that may or may not keep the contract.
fn a_command() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        12 => (0..4_usize, 1..4_u8).prop_map(|(entry, id)| format!("app:e{entry}:{id}")),
        1 => Just("app:rogue".to_owned()),
        1 => Just("app:e0:x".to_owned()),
        1 => Just("other:1".to_owned()),
    ];
    let value = prop_oneof![
        Just("1"),
        Just("{\"a\":1}"),
        Just("{\"a\":1,\"b\":\"x\"}"),
        Just("{\"a\":\"1\"}"),
        Just("{\"b\":\"x\"}"),
        Just("{\"a\":1,\"c\":2}"),
        Just("{\"a\":"),
    ];
    let form = prop::sample::select(FORMS);
    (form, name, value).prop_map(|(form, name, value)| {
        let word = |word: &str| match word {
            "K" => name.clone(),
            "V" => value.to_owned(),
            other => other.to_owned(),
        };
        form.split(' ').map(word).collect::<Vec<_>>().join(" ")
    })
}

fn an_entry() -> impl Strategy<Value = Entry> {
    let kind =
        prop::sample::select(vec![Kind::Text, Kind::Json, Kind::Hash, Kind::List, Kind::Set, Kind::Zset, Kind::Stream]);
    let ttl = prop::sample::select(vec![Ttl::None, Ttl::Fixed, Ttl::Sliding]);
    (kind, ttl).prop_map(|(kind, ttl)| Entry { kind, ttl })
}

/// A finding without what may differ: order, wording that counts, times.
fn identity(finding: &Finding) -> (String, String, String, String) {
    let of = finding.entry.clone().unwrap_or_else(|| finding.key.clone().unwrap_or_default());
    (finding.rule.to_owned(), of, finding.subject.clone(), finding.bus.clone().unwrap_or_default())
}

/// The same to the letter, but for the order of examples, which is that of the scan, and for hints, which tell how many
/// seconds are left.
fn to_the_letter(finding: &Finding) -> String {
    let mut finding = finding.clone();
    finding.examples.sort();
    // Of many names any may be the one that is shown.
    let few = finding.count <= 1;
    let shown = few.then(|| (finding.key.clone(), finding.examples.clone()));
    format!("{:?} {} {} {shown:?}", identity(&finding), finding.message, finding.count)
}

/// Rules about keys as they stand at the end, which traffic from the beginning can tell as well. Not among them are the
/// age of contents, and how much the sets hold whose members may come twice.
const STATE: &[&str] = &["wrong-type", "ttl-missing", "ttl-unexpected", "ttl-out-of-range", "bound-exceeded"];

/// Rules about what was put there: traffic says it of the call, and goes on saying it when the key is gone again.
const DEEDS: &[&str] = &["invalid-payload", "unknown-field", "undeclared-key"];

fn of_state(findings: &[Finding]) -> BTreeSet<(String, String, String, String)> {
    findings.iter().filter(|finding| STATE.contains(&finding.rule)).map(identity).collect()
}

/// All events of a run of commands on an empty server, by MONITOR.
fn overheard(server: &EmbeddedServer, commands: &[String]) -> Vec<Event> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (sender, mut receiver) = mpsc::channel(64);
    let (ready, started) = oneshot::channel();
    let (stop, stopped) = oneshot::channel::<()>();
    let endpoint = parse_url(&server.url()).unwrap();
    let watching = runtime.spawn(async move {
        let stop = async { drop(stopped.await) };
        monitor::watch(&endpoint, WatchOptions::default(), |it| drop(ready.send(it)), sender, stop).await
    });
    assert!(runtime.block_on(started).unwrap().from_empty);
    let mut connection = open(&server.url());
    for line in commands {
        // What the server refuses is part of the workload.
        let _ = command(line).query::<redis::Value>(&mut connection);
    }
    stop.send(()).unwrap();
    let mut events = Vec::new();
    while let Some(portion) = receiver.blocking_recv() {
        events.extend(portion);
    }
    runtime.block_on(watching).unwrap().unwrap();
    events
}

fn of_traffic(registry: &Registry, bus: keywire::registry::BusId, events: &[Event]) -> Vec<Finding> {
    let request = TrafficRequest::new(bus, "test");
    let checker = Checker::new(registry, bus, request.check_options()).unwrap();
    let mut judge = Judge::new(&checker, Options { from_empty: true, ..Options::default() }).unwrap();
    for event in events {
        judge.see(event);
    }
    judge.finish().findings
}

fn agree(server: &EmbeddedServer, entries: &[Entry], commands: &[String]) -> Result<usize, TestCaseError> {
    let registry = registry(&text(entries));
    run(&mut open(&server.url()), "FLUSHALL");
    let events = overheard(server, commands);
    run(&mut open(&server.url()), "SAVE");
    let live = verdict(&registry, &server.url());
    let request = request(&registry, &server.url());
    let file = server.socket().with_file_name("dump.rdb");
    let saved = verify_dumps(&registry, &request, &[file], std::future::pending(), |_, _| {}).unwrap();
    let letters = |findings: &[Finding]| findings.iter().map(to_the_letter).collect::<BTreeSet<_>>();
    prop_assert_eq!(letters(&live.findings), letters(&saved.findings), "live, and the file");
    // Of names outside what the bus owns, a server that filters by a glob does not even tell.
    let numbers = |it: &keywire::verify::Evidence| (it.keys_judged, it.keys_undeclared, it.values_judged, it.complete);
    prop_assert_eq!(numbers(&live.evidence), numbers(&saved.evidence));
    let traffic = of_traffic(&registry, request.bus, &events);
    prop_assert_eq!(of_state(&live.findings), of_state(&traffic), "live, and the traffic");
    let seen: BTreeSet<_> = traffic.iter().map(identity).collect();
    for finding in live.findings.iter().filter(|finding| DEEDS.contains(&finding.rule)) {
        prop_assert!(seen.contains(&identity(finding)), "only live: {finding:?}\nof {traffic:?}");
    }
    Ok(live.findings.len())
}

#[test]
fn live_file_and_traffic_give_the_same_answer() {
    for_each_server(|server| {
        let mut runner = TestRunner::new(Config {
            cases: cases(),
            max_shrink_iters: 2000,
            failure_persistence: None,
            ..Config::default()
        });
        let found = std::cell::Cell::new(0);
        let cases = (prop::collection::vec(an_entry(), 4), prop::collection::vec(a_command(), 0..60));
        let outcome = runner.run(&cases, |(entries, commands)| {
            found.set(found.get() + agree(server, &entries, &commands)?);
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{error}"));
        assert!(found.get() > 50, "workloads that break nothing prove nothing: {}", found.get());
        say(&format!("the same answer: {} findings from each origin on {}", found.get(), server.binary()));
    });
}

/// Few by default; KEYWIRE_CASES asks for more.
fn cases() -> u32 {
    std::env::var("KEYWIRE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(24)
}
