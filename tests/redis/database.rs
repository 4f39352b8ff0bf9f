//! A database for a test: commands as text or bytes in, replies and verdicts of `verify` out.
//!
//! Blocking throughout, because `verify` brings a runtime of its own.

use std::path::PathBuf;

use keywire::finding::Finding;
use keywire::lint;
use keywire::registry::Registry;
use keywire::verify::{Outcome, Request, verify, verify_dumps};
use redis::{Cmd, Connection, FromRedisValue, Pipeline};

/// A connection of the test's own.
pub fn open(url: &str) -> Connection {
    redis::Client::open(url).unwrap().get_connection().unwrap()
}

/// A command of words without spaces, such as `SET app:mode fast`.
pub fn command(line: &str) -> Cmd {
    let mut command = Cmd::new();
    for word in line.split_whitespace() {
        command.arg(word);
    }
    command
}

/// Runs one such command.
pub fn ask<T: FromRedisValue>(connection: &mut Connection, line: &str) -> T {
    command(line).query(connection).unwrap_or_else(|error| panic!("{line}: {error}"))
}

/// Runs several, one a line.
pub fn run(connection: &mut Connection, lines: &str) {
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let _: redis::Value = ask(connection, line);
    }
}

/// Runs many commands in round trips of a thousand.
pub fn run_all(connection: &mut Connection, commands: impl IntoIterator<Item = Cmd>) {
    let mut pipeline = Pipeline::new();
    for command in commands {
        pipeline.add_command(command);
        if pipeline.len() == 1000 {
            let () = pipeline.ignore().query(connection).unwrap();
            pipeline.clear();
        }
    }
    if !pipeline.is_empty() {
        let () = pipeline.ignore().query(connection).unwrap();
    }
}

/// A registry of one text, in the form of the rules' examples; refused when it is not sound.
pub fn registry(text: &str) -> Registry {
    let registry = lint::example_registry(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let blocking: Vec<String> = lint::blocking(&registry).into_iter().map(|finding| finding.message).collect();
    assert_eq!(blocking, Vec::<String>::new(), "{text}");
    registry
}

/// A request for the only bus, or the one called `main`.
pub fn request(registry: &Registry, url: &str) -> Request {
    let bus = registry.bus_named("main").or_else(|| (registry.buses.len() == 1).then_some(keywire::registry::BusId(0)));
    Request::new(bus.expect("a bus `main`, or a single one"), url)
}

/// The verdict on a database.
pub fn judge(registry: &Registry, request: &Request) -> anyhow::Result<Outcome> {
    verify(registry, request, std::future::pending(), |_, _| {})
}

/// Has the server save its data; says where.
pub fn save(connection: &mut Connection) -> PathBuf {
    let () = ask(connection, "SAVE");
    let setting = |connection: &mut Connection, name: &str| {
        let pair: (String, String) = ask(connection, &format!("CONFIG GET {name}"));
        pair.1
    };
    PathBuf::from(setting(connection, "dir")).join(setting(connection, "dbfilename"))
}

/// The verdict on what was saved.
pub fn judge_saved(registry: &Registry, request: &Request, files: &[PathBuf]) -> anyhow::Result<Outcome> {
    verify_dumps(registry, request, files, std::future::pending(), |_, _| {})
}

/// The verdict on a database that can be looked at.
pub fn verdict(registry: &Registry, url: &str) -> Outcome {
    judge(registry, &request(registry, url)).unwrap_or_else(|error| panic!("{error:#}"))
}

/// Findings as one line each, for messages of failures.
pub fn lines(findings: &[Finding]) -> Vec<String> {
    let entry = |finding: &Finding| finding.entry.clone().or_else(|| finding.key.clone()).unwrap_or_default();
    findings.iter().map(|finding| format!("{} on {}: {}", finding.rule, entry(finding), finding.message)).collect()
}

/// The distinct rules that fired, sorted.
pub fn rules(findings: &[Finding]) -> Vec<&'static str> {
    let mut rules: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}
