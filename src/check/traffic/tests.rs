//! The judge of traffic on calls made by hand: what a single server test would not reach.

use std::sync::Arc;

use super::{Judge, Options, Verdict};
use crate::check::{self, Checker};
use crate::lint::example_registry;
use crate::observe::traffic::{Call, Client, Event, Failures, Gap, Outcome, Within};
use crate::registry::{BusId, Registry};

const REGISTRY: &str = r#"module: app
role: Serves requests.
bus: main
clients: { names: ["app-*"], users: [app_user] }
params:
  user: { type: integer, min: 1, examples: ["7"] }
keys:
  session:
    key: "app:session:{user}"
    purpose: The session of a user.
    type: hash
    fields: { token: { type: text, required: true }, hits: integer }
    operations: [HSET, HINCRBY, EXPIRE]
    retention: { ttl: 300s, lifecycle: expiring }
    cardinality: 1000
    consumers: [{ name: reader, reads: [HGETALL] }]
  mode:
    key: app:mode
    purpose: What the service is doing.
    type: string
    value: text
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
"#;

/// A call of a client at a moment in microseconds.
fn call(client: &Client, at_us: u64, line: &str) -> Event {
    Event::Call(Call {
        at_us,
        client: Arc::new(client.clone()),
        connection: 1,
        database: 0,
        words: line.split(' ').map(|word| word.as_bytes().to_vec()).collect(),
        cut: Vec::new(),
        within: Within::Nothing,
        outcome: Outcome::Unknown,
    })
}

fn named(name: &str) -> Client {
    Client { name: Some(name.to_owned()), ..Client::default() }
}

fn judged(registry: &Registry, options: Options, events: impl IntoIterator<Item = Event>) -> Verdict {
    let checker = Checker::new(registry, BusId(0), check::Options::default()).unwrap();
    let mut judge = Judge::new(&checker, options).unwrap();
    for event in events {
        judge.see(&event);
    }
    judge.finish()
}

/// Rule, party and count of each finding.
fn findings(verdict: &Verdict) -> Vec<String> {
    let line = |finding: &crate::finding::Finding| {
        format!("{} {} {}", finding.rule, finding.module.as_deref().unwrap_or("-"), finding.count)
    };
    verdict.findings.iter().map(line).collect()
}

fn from_empty() -> Options {
    Options { from_empty: true, ..Options::default() }
}

#[test]
fn clients_are_told_by_user_then_by_name() {
    let registry = example_registry(REGISTRY).unwrap();
    let by_user = Client { user: Some("app_user".to_owned()), ..named("reader") };
    let by_listener = Client { module: Some("reader".to_owned()), ..named("app-1") };
    for (client, expected) in [
        (named("app-1"), "undeclared-key app 1"),
        (by_user, "undeclared-key app 1"),
        (by_listener, "undeclared-key reader 1"),
        (named("reader"), "undeclared-key reader 1"),
    ] {
        let verdict = judged(&registry, from_empty(), [call(&client, 1, "SET elsewhere 1")]);
        assert_eq!(findings(&verdict), [expected], "{client:?}");
    }
    // Of a client that is nobody, only names that the bus owns are of interest; and `app` itself is not among the names.
    let verdict = judged(&registry, from_empty(), [call(&named("app"), 1, "SET elsewhere 1")]);
    assert_eq!((findings(&verdict), verdict.counts.unattributed), (vec![], 1));
}

#[test]
fn a_read_that_comes_too_often_in_a_second_is_told_once_a_second() {
    let registry = example_registry(REGISTRY).unwrap();
    let reads =
        |count: u64, from_us: u64| (0..count).map(move |at| call(&named("reader"), from_us + at, "GET app:mode"));
    assert_eq!(findings(&judged(&registry, from_empty(), reads(100, 0))), Vec::<String>::new());
    let twice = reads(101, 0).chain(reads(300, 2_000_000));
    assert_eq!(findings(&judged(&registry, from_empty(), twice)), ["hot-loop reader 2"]);
    // Spread over two seconds, it is not too often; and what takes elements out finds something new each time.
    let spread = reads(100, 0).chain(reads(100, 1_000_000));
    assert_eq!(findings(&judged(&registry, from_empty(), spread)), Vec::<String>::new());
}

#[test]
fn what_is_read_may_be_written_later() {
    let registry = example_registry(REGISTRY).unwrap();
    let reader = named("reader");
    let only_read = judged(&registry, from_empty(), [call(&reader, 1, "GET app:new"), call(&reader, 2, "GET app:new")]);
    assert_eq!(findings(&only_read), ["dangling-read reader 2"]);
    let moments = only_read.findings[0].moments.unwrap();
    assert_eq!((moments.first_us, moments.last_us), (1, 2));
    let app = named("app-1");
    let written = judged(&registry, from_empty(), [call(&reader, 1, "GET app:new"), call(&app, 2, "SET app:new 1")]);
    assert_eq!(findings(&written), ["undeclared-key app 1", "undeclared-key reader 1"]);
}

#[test]
fn what_is_not_known_is_taken_to_be_as_declared() {
    let registry = example_registry(REGISTRY).unwrap();
    let hset = || call(&named("app-1"), 1, "HSET app:session:7 hits 1");
    let on_empty = judged(&registry, from_empty(), [hset()]);
    assert_eq!(findings(&on_empty), ["missing-field app 1", "ttl-missing app 1"]);
    // It may have been there before, with its TTL and its token.
    assert_eq!(findings(&judged(&registry, Options::default(), [hset()])), Vec::<String>::new());
    // What was not overheard may have made it.
    let gap = Event::Gap(Gap { at_us: 0, calls: Some(3), why: "the connection was lost".to_owned() });
    let missed = judged(&registry, from_empty(), [gap, hset()]);
    assert_eq!((findings(&missed), missed.counts.missed), (vec![], 3));
    // A key that has expired by the end is not there.
    let expired =
        [hset(), call(&named("app-1"), 2, "EXPIRE app:session:7 300"), call(&named("reader"), 400_000_000, "PING")];
    assert_eq!(findings(&judged(&registry, from_empty(), expired)), Vec::<String>::new());
}

#[test]
fn failures_that_the_server_counts_are_told_by_kind() {
    let registry = example_registry(REGISTRY).unwrap();
    let row = |command: Option<&str>, kind: Option<&str>, count| Failures {
        command: command.map(str::to_owned),
        kind: kind.map(str::to_owned),
        count,
    };
    let rows = vec![row(Some("LPUSH"), None, 2), row(None, Some("WRONGTYPE"), 2), row(None, Some("ERR"), 3)];
    let verdict = judged(&registry, from_empty(), [Event::Failures(rows)]);
    let told = |finding: &crate::finding::Finding| format!("{:?} {} {}", finding.level, finding.message, finding.count);
    let told: Vec<String> = verdict.findings.iter().map(told).collect();
    // Three more errors than failed commands: the server does not know those commands.
    let unknown = "Info calls of commands that the server does not know are refused 3";
    assert_eq!(told, ["Error LPUSH is answered with WRONGTYPE 2", unknown]);
}

#[test]
fn other_databases_are_counted_and_not_judged() {
    let registry = example_registry(REGISTRY).unwrap();
    let options = Options { database: Some(3), ..from_empty() };
    let verdict = judged(&registry, options, [call(&named("app-1"), 1, "SET elsewhere 1")]);
    assert_eq!((findings(&verdict), verdict.counts.elsewhere, verdict.counts.judged), (vec![], 1, 0));
}

#[test]
fn findings_are_bounded_whatever_the_names() {
    let registry = example_registry(REGISTRY).unwrap();
    // Names of as many shapes as there are calls.
    let word = |at: u64| at.to_string().bytes().map(|digit| char::from(b'a' + digit - b'0')).collect::<String>();
    let calls = (0..20_000).map(|at| call(&named("app-1"), at, &format!("SET {} 1", word(at))));
    let verdict = judged(&registry, from_empty(), calls);
    assert!(verdict.findings.len() <= 101, "{}", verdict.findings.len());
    assert_eq!(verdict.findings.iter().map(|finding| finding.count).sum::<u64>(), 20_000);
}

#[test]
fn who_only_asks_about_a_key_breaks_nothing() {
    let registry = example_registry(REGISTRY).unwrap();
    for (client, line, expected) in [
        (named("reader"), "TTL app:mode", "Info undeclared-operation"),
        (named("app-1"), "WATCH app:mode", "Info undeclared-operation"),
        (named("app-1"), "GET app:mode", "Warning undeclared-operation"),
        (named("reader"), "STRLEN app:mode", "Error undeclared-operation"),
        (named("somebody"), "OBJECT ENCODING app:mode", ""),
        (named("somebody"), "GET app:mode", ""),
        (named("somebody"), "STRLEN app:mode", "Error undeclared-reader"),
        (named("somebody"), "SET app:mode x", ""),
        (named("somebody"), "APPEND app:mode x", "Error undeclared-operation"),
    ] {
        let verdict = judged(&registry, from_empty(), [call(&client, 1, line)]);
        let told = |finding: &crate::finding::Finding| format!("{:?} {}", finding.level, finding.rule);
        assert_eq!(verdict.findings.iter().map(told).collect::<Vec<_>>().join(", "), expected, "{line}");
    }
}

#[test]
fn a_bound_is_kept_by_trims_or_where_none_is_declared_by_who_takes_out() {
    let registry = |operations: &str, kind: &str| {
        example_registry(&format!(
            "module: app\nrole: Serves.\nbus: main\nkeys:\n  queue:\n    key: app:queue\n    purpose: Jobs.\n    {kind}\n    \
             operations: [{operations}]\n    retention: {{ ttl: 60s, max_entries: 3 }}\n    \
             consumers: [{{ name: reader, reads: [LPOP] }}]\n"
        ))
        .unwrap()
    };
    let list = "type: list\n    element: text";
    let app = || Client { user: Some("app".to_owned()), ..Client::default() };
    let push = || [call(&app(), 1, "RPUSH app:queue a"), call(&app(), 1, "EXPIRE app:queue 60")];
    let pop = || call(&named("reader"), 2, "LPOP app:queue");
    let rules =
        |registry: &Registry, events: Vec<Event>| findings(&judged(registry, Options::default(), events)).join(", ");
    for operations in ["RPUSH", "RPUSH, LTRIM"] {
        assert_eq!(rules(&registry(operations, list), push().into()), "untrimmed-write app 1", "{operations}");
    }
    let popped = || push().into_iter().chain([pop()]).collect();
    assert_eq!(rules(&registry("RPUSH", list), popped()), "");
    // Who declares a trim must trim, whoever else takes out.
    assert_eq!(rules(&registry("RPUSH, LTRIM", list), popped()), "untrimmed-write app 1");
    // A trim and an EXPIRE keep what is declared, and need not be declared themselves.
    let trimmed = push().into_iter().chain([call(&app(), 2, "LTRIM app:queue -3 -1")]).collect();
    assert_eq!(rules(&registry("RPUSH", list), trimmed), "");
    // Nothing trims a set.
    let set = "type: set\n    member: text";
    let added = vec![call(&app(), 1, "SADD app:queue a"), call(&app(), 1, "EXPIRE app:queue 60")];
    assert_eq!(rules(&registry("SADD", set), added), "");
}
