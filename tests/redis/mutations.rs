//! Each way of breaking the contract is found, as what it is and where it is, and nothing else is: on registries of two
//! different systems, with arbitrary data, on every server.

use std::cell::RefCell;
use std::path::Path;

use keywire::finding::{Finding, Level};
use keywire::lint;
use keywire::observe::Depth;
use keywire::registry::{Registry, load, load_texts};
use keywire::verify::{Outcome, Request};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use redis::{Arg, Cmd, Connection};

use crate::database::{judge, judge_saved, lines, open, run_all, save};
use crate::fill::{Filled, everything};
use crate::mutation_kinds::{KEY, KINDS, Mutation, mutations, strangers};
use crate::servers::for_each_server;

const PIPELINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schema");
const SHOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/registries/web_shop");

/// A registry of the folder, to which a second bus is added, and smaller bounds, so that a test can exceed them.
fn registry(folder: &str) -> Registry {
    let files = load(Path::new(folder)).unwrap_or_else(|error| panic!("{error}")).sources;
    let mut texts: Vec<_> = files.files().iter().map(|file| (file.path.clone(), file.text.clone())).collect();
    // What it writes lies on another bus than what is filled here.
    texts.retain(|(path, _)| !path.ends_with("replay_worker.yaml"));
    for (path, text) in &mut texts {
        if path.ends_with("registry.yaml") {
            *text =
                text.replace("\nbuses:\n", "\nbuses:\n  elsewhere: { env: ELSEWHERE_URL, owns: [\"elsewhere:*\"] }\n");
        }
        for (from, to) in [("default: 300,", "default: 12,"), ("default: 100000,", "default: 12,"), ("~50_000", "~12")]
        {
            *text = text.replace(from, to);
        }
    }
    texts.push((
        "modules/elsewhere.yaml".into(),
        "module: elsewhere\nrole: Counts.\nbus: elsewhere\nkeys:\n  count:\n    key: elsewhere:count\n    purpose: How often.\n    \
         type: string\n    value: integer\n    operations: [INCR]\n    retention: { ttl: none, lifecycle: cumulative }\n"
            .into(),
    ));
    let registry = load_texts(texts).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(lines(&lint::blocking(&registry)), Vec::<String>::new());
    registry
}

/// The registry without the keys of the other bus: what is filled here.
fn here(registry: &Registry) -> Registry {
    let mut registry = registry.clone();
    let elsewhere = registry.bus_named("elsewhere");
    registry.keys.retain(|key| key.bus != elsewhere);
    registry
}

fn request(registry: &Registry, url: &str, depth: Depth) -> Request {
    let bus = registry.keys[0].bus.unwrap();
    Request { depth, ..Request::new(bus, url) }
}

/// What is found on the server, and nothing else in the file that it saves.
fn faults(registry: &Registry, request: &Request) -> Vec<Finding> {
    let live = judge(registry, request).unwrap_or_else(|error| panic!("{error:#}"));
    let file = save(&mut open(&request.url));
    let saved = judge_saved(registry, request, &[file]).unwrap_or_else(|error| panic!("{error:#}"));
    let counts = |outcome: &Outcome| {
        let evidence = &outcome.evidence;
        (evidence.keys_judged, evidence.keys_undeclared, evidence.values_judged, evidence.values_unread)
    };
    assert_eq!(counts(&saved), counts(&live));
    let of_live = relevant(live.findings);
    let sorted = |mut lines: Vec<String>| {
        lines.sort();
        lines
    };
    assert_eq!(sorted(lines(&relevant(saved.findings))), sorted(lines(&of_live)), "by file and by server");
    of_live
}

/// Made-up times are stale, and members that an open schema does not name are no fault.
fn relevant(findings: Vec<Finding>) -> Vec<Finding> {
    findings.into_iter().filter(|finding| finding.level > Level::Info && finding.rule != "stale-key").collect()
}

fn fill(connection: &mut Connection, data: &[Filled]) {
    let () = redis::cmd("FLUSHALL").query(connection).unwrap();
    run_all(connection, data.iter().flat_map(|filled| filled.commands(&filled.name)));
}

fn run<S: Strategy>(cases: u32, strategy: S, test: impl Fn(S::Value)) {
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 20,
        max_local_rejects: 10_000_000,
        ..Config::default()
    };
    let result = TestRunner::new(config).run(&strategy, |value| {
        test(value);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn what_keeps_the_contract_is_clean_at_any_depth() {
    for_each_server(|server| {
        let connection = RefCell::new(open(&server.url()));
        for folder in [PIPELINE, SHOP] {
            let registry = registry(folder);
            run(8, everything(&here(&registry)), |data| {
                fill(&mut connection.borrow_mut(), &data);
                for depth in [Depth::Full, Depth::Sample, Depth::Keys] {
                    let request = request(&registry, &server.url(), depth);
                    assert_eq!(lines(&faults(&registry, &request)), Vec::<String>::new(), "{depth:?}");
                }
            });
        }
    });
}

/// A command with the key's name in place.
fn placed(command: &Cmd, name: &str) -> Cmd {
    let mut placed = Cmd::new();
    for argument in command.args_iter() {
        match argument {
            Arg::Simple(word) if word == KEY.as_bytes() => placed.arg(name),
            Arg::Simple(word) => placed.arg(word),
            _ => panic!("a test has no cursors"),
        };
    }
    placed
}

fn apply(connection: &mut Connection, data: &[Filled], mutation: &Mutation) {
    let victim = data.iter().find(|filled| Some(filled.key) == mutation.key);
    let name = victim.map_or("", |filled| filled.name.as_str());
    run_all(connection, mutation.commands.iter().map(|command| placed(command, name)));
}

fn expect(registry: &Registry, url: &str, mutation: &Mutation) {
    let findings = faults(registry, &request(registry, url, Depth::Full));
    let mut rules: Vec<&str> = findings.iter().map(|finding| finding.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    assert_eq!(rules, mutation.rules, "{:#?}", lines(&findings));
    let entry = mutation.key.map(|at| registry.keys[at].name.as_str());
    assert!(findings.iter().all(|finding| finding.entry.as_deref() == entry), "{entry:?}: {:#?}", lines(&findings));
}

fn every_kind_is_found(folder: &str) {
    let registry = registry(folder);
    let filled = here(&registry);
    let data = everything(&filled);
    let kinds = KINDS.map(|(kind, breaks)| (kind, mutations(&filled, breaks)));
    let owned = &registry.bus(registry.keys[0].bus.unwrap()).owns[0];
    for_each_server(|server| {
        let connection = RefCell::new(open(&server.url()));
        let try_one = |data: &[Filled], mutation: &Mutation| {
            fill(&mut connection.borrow_mut(), data);
            apply(&mut connection.borrow_mut(), data, mutation);
            expect(&registry, &server.url(), mutation);
        };
        for (kind, mutations) in &kinds {
            eprintln!("{kind}");
            run(4, (data.clone(), mutations.clone()), |(data, mutation)| try_one(&data, &mutation));
        }
        run(2, data.clone(), |data| strangers(owned).iter().for_each(|mutation| try_one(&data, mutation)));
    });
}

#[test]
fn each_way_of_breaking_the_pipeline_is_found() {
    every_kind_is_found(PIPELINE);
}

#[test]
fn each_way_of_breaking_the_shop_is_found() {
    every_kind_is_found(SHOP);
}
