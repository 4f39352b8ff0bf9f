//! Servers filled as applications fill them, from tests/fixtures/infer_servers: `infer` finds the layout, its draft has no error,
//! and `verify` finds the server clean by it. A folder with commands.jsonl and expected.txt is a test.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use keywire::extract::draft::{Plan, compose, write};
use keywire::extract::infer::origins::{Looking, look_at};
use keywire::extract::infer::{Collector, Options, sightings};
use keywire::finding::Level;
use keywire::lint::lint;
use keywire::observe::Depth;
use keywire::observe::live::Pace;
use keywire::registry::{self, BusId, Pattern};
use keywire::server::connect::parse_url;
use keywire::verify::{Request, verify};
use redis::Cmd;
use tokio::sync::watch;

use crate::database::{lines, open, run_all};
use crate::servers::for_each_server;

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/infer_servers");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("commands.jsonl").exists())
        .collect();
    folders.sort();
    assert!(folders.len() > 10, "the layouts are not there: {folders:?}");
    folders
}

fn commands(folder: &Path) -> Vec<Cmd> {
    let text = std::fs::read_to_string(folder.join("commands.jsonl")).unwrap();
    text.lines()
        .map(|line| {
            let words: Vec<String> = serde_json::from_str(line).unwrap();
            let mut command = Cmd::new();
            command.arg(words);
            command
        })
        .collect()
}

/// A pattern with a star for each param, in one line.
fn shape(pattern: &str) -> String {
    let text = Pattern::parse(pattern).unwrap().format(|_| Some("*".into())).unwrap();
    text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}

#[test]
fn layouts_of_applications_are_found_and_kept() {
    for_each_server(|server| {
        let url = &server.url();
        let mut faults = Vec::new();
        for folder in folders() {
            let mut connection = open(url);
            let () = redis::cmd("FLUSHALL").query(&mut connection).unwrap();
            run_all(&mut connection, commands(&folder));
            let (_sender, stop) = watch::channel(false);
            let mut collector = Collector::default();
            let looking = Looking { depth: Depth::Full, pace: Pace::Fast, glob: None, database: 0 };
            look_at(&[parse_url(url).unwrap()], &looking, &mut collector, &stop, |_, _| {}).unwrap();
            let options =
                Options { bus: Some("main".into()), enums: true, show_values: false, keyspace: true, room: true };
            let seen = sightings(collector, &options);
            let found: BTreeSet<String> = seen.iter().map(|sighting| shape(&sighting.pattern)).collect();
            let expected = std::fs::read_to_string(folder.join("expected.txt")).unwrap_or_default();
            let expected: BTreeSet<String> = expected.lines().map(str::to_owned).collect();
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            faults.extend(expected.difference(&found).map(|pattern| format!("{name}: - {pattern}")));
            faults.extend(found.difference(&expected).map(|pattern| format!("{name}: + {pattern}")));
            let plan = Plan { name: "inferred".into(), bus: "main".into(), module: "app".into() };
            let draft = registry::load_texts(write(&compose(&seen, &plan))).unwrap();
            let errors: Vec<_> = lint(&draft).into_iter().filter(|finding| finding.level == Level::Error).collect();
            faults.extend(lines(&errors).into_iter().map(|line| format!("{name}: lint: {line}")));
            let outcome = verify(&draft, &Request::new(BusId(0), url), std::future::pending(), |_, _| {}).unwrap();
            faults.extend(lines(&outcome.findings).into_iter().map(|line| format!("{name}: verify: {line}")));
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    });
}
