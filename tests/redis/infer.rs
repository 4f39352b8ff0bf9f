//! What `infer` drafts of a keyspace: of every registry of the repo a server is filled with valid data, and the draft of that
//! server is a sound registry, by which `verify` finds nothing wrong; from the file that the server saves it is the same.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use keywire::extract::draft::{Plan, compose, write};
use keywire::extract::infer::origins::{Looking, look_at, read_dump};
use keywire::extract::infer::{Collector, Options, sightings};
use keywire::lint;
use keywire::observe::Depth;
use keywire::observe::live::Pace;
use keywire::registry::{self, BusId, Registry};
use keywire::server::connect::parse_url;
use keywire::verify::{Request, verify};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use tokio::sync::watch;

use crate::database::{lines, open, run_all, save};
use crate::fill;
use crate::servers::for_each_server;

/// The registries of the repo that are of one bus or more; each bus is looked at by itself.
const REGISTRIES: [&str; 5] = [
    "schema",
    "tests/fixtures/registries/chat",
    "tests/fixtures/registries/game",
    "tests/fixtures/registries/iot",
    "tests/fixtures/registries/web_shop",
];

/// Keys of a dynamic pattern.
const KEYS: usize = 40;
/// Seconds that the keys of this test live longer than is declared.
const LONG: u64 = 3000;

fn looking() -> Looking {
    Looking { depth: Depth::Full, pace: Pace::Fast, glob: None, database: 0 }
}

fn drafted(collector: Collector) -> Vec<(PathBuf, String)> {
    let options = Options { bus: Some("main".into()), enums: true, show_values: false, keyspace: true, room: true };
    let plan = Plan { name: "inferred".into(), bus: "main".into(), module: "app".into() };
    write(&compose(&sightings(collector, &options), &plan))
}

fn live(url: &str) -> Vec<(PathBuf, String)> {
    let (_sender, stop) = watch::channel(false);
    let mut collector = Collector::default();
    let seen = look_at(&[parse_url(url).unwrap()], &looking(), &mut collector, &stop, |_, _| {}).unwrap();
    assert!(seen.complete);
    drafted(collector)
}

fn saved(file: &Path) -> Vec<(PathBuf, String)> {
    let (_sender, stop) = watch::channel(false);
    let mut collector = Collector::default();
    assert!(read_dump(file, &looking(), &mut collector, &stop, |_, _| {}).unwrap().complete);
    drafted(collector)
}

/// The texts without comments and times to live: what evidence says of a moment, and what is left, differ between two looks.
fn structure(files: &[(PathBuf, String)]) -> String {
    let code = |line: &str| {
        let end = line.find(" # ").or(line.trim_start().starts_with('#').then_some(0)).unwrap_or(line.len());
        let code = line[..end].trim_end();
        match code.split_once("ttl: ").filter(|(_, ttl)| *ttl != "none") {
            Some((before, _)) => format!("{before}ttl: some"),
            None => code.to_owned(),
        }
    };
    files
        .iter()
        .flat_map(|(_, text)| text.lines().map(code))
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Lines of which one text has more than the other.
fn difference(one: &str, other: &str) -> Vec<String> {
    let diff = similar::TextDiff::from_lines(one, other);
    let changed = diff.iter_all_changes().filter(|change| change.tag() != similar::ChangeTag::Equal);
    changed.map(|change| format!("{}{}", change.tag(), change.value().trim_end())).collect()
}

/// The keys of a bus by pattern, params without their names, with the server's word for their type.
fn keys(registry: &Registry, bus: BusId) -> BTreeSet<Typed> {
    let of_bus = registry.keys.iter().filter(|key| key.bus == Some(bus));
    let typed = of_bus.filter_map(|key| Some((key, key.redis_type?.reply)));
    typed.map(|(key, of)| (key.pattern.format(|_| Some("*".into())).unwrap(), of)).collect()
}

type Typed = (String, &'static str);

/// Is a pattern the other, or a case of it? A param may hold a colon: `I:SPX`.
fn covers(general: &str, special: &str) -> bool {
    let expression = general.split('*').map(regex::escape).collect::<Vec<_>>().join(".+");
    regex::Regex::new(&format!("^{expression}$")).unwrap().is_match(special)
}

/// What the tests put into a server for a type: the JSON of a module is a string there.
fn server_type(reply: &str) -> &str {
    if reply == "ReJSON-RL" { "string" } else { reply }
}

/// A name as programs make them: what a param allows is often anything but a colon.
fn readable(name: &str, tagged: bool) -> String {
    let letter = |c: char| char::from(b'a' + u8::try_from(u32::from(c) % 26).unwrap());
    name.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || ":._-".contains(c) || (tagged && "{}".contains(c)) { c } else { letter(c) }
        })
        .collect()
}

fn fill(registry: &Registry, bus: BusId, url: &str) {
    let mut connection = open(url);
    let mut runner = TestRunner::deterministic();
    for at in 0..registry.keys.len() {
        if registry.keys[at].bus != Some(bus) || registry.keys[at].redis_type.is_none() {
            continue;
        }
        for _ in 0..KEYS / 3 {
            let mut filled = fill::keys(registry, at, 3).new_tree(&mut runner).unwrap().current();
            let tagged = registry.keys[at].pattern.as_str().contains("{{");
            for filled in &mut filled {
                filled.name = readable(&filled.name, tagged);
                // No key goes while the test runs, however slow the machine: what is not there any more is in no draft.
                filled.ttl = filled.ttl.map(|ttl| ttl + LONG);
            }
            // A key that is filled again is filled anew, as one who writes it would.
            run_all(
                &mut connection,
                filled.iter().flat_map(|filled| {
                    let removed = redis::cmd("DEL").arg(&filled.name).clone();
                    std::iter::once(removed).chain(filled.commands(&filled.name))
                }),
            );
        }
    }
}

#[test]
fn a_draft_of_a_server_is_kept_by_it() {
    for folder in REGISTRIES {
        let declared = registry::load(Path::new(folder)).unwrap();
        for bus in (0..declared.buses.len()).map(BusId) {
            for_each_server(|server| {
                let url = &server.url();
                fill(&declared, bus, url);
                let files = live(url);
                let text = structure(&files);
                let drafted = registry::load_texts(files).unwrap_or_else(|error| panic!("{folder}: {error:?}\n{text}"));
                let errors: Vec<_> = lint::lint(&drafted)
                    .into_iter()
                    .filter(|finding| finding.level == keywire::finding::Level::Error)
                    .collect();
                assert_eq!(lines(&errors), Vec::<String>::new(), "{folder}\n{text}");
                let (known, found) = (keys(&declared, bus), keys(&drafted, BusId(0)));
                // What varies by two or three words only may as well be structure: then each has a pattern of its own.
                let is_case = |(known, of): &Typed, (found, found_of): &Typed| {
                    covers(known, found) && server_type(of) == server_type(found_of)
                };
                let more: Vec<_> =
                    found.iter().filter(|found| !known.iter().any(|known| is_case(known, found))).collect();
                let missed: Vec<_> =
                    known.iter().filter(|known| !found.iter().any(|found| is_case(known, found))).collect();
                assert_eq!((missed, more), (Vec::new(), Vec::new()), "{folder}: {known:?}, but {found:?}");
                let finer = found.difference(&known).count();
                assert!(finer <= known.len() / 2, "{folder}: {known:?}, but {found:?}");
                let request = Request::new(BusId(0), url);
                let outcome = verify(&drafted, &request, std::future::pending(), |_, _| {}).unwrap();
                assert_eq!(lines(&outcome.findings), Vec::<String>::new(), "{folder}\n{text}");
                let from_file = saved(&save(&mut open(url)));
                let differing = difference(&structure(&from_file), &text);
                assert_eq!(differing, Vec::<String>::new(), "{folder}: the file says something else");
                // What is left runs down between the two looks, and what may have been given is guessed by it: both guesses hold.
                let from_file = registry::load_texts(from_file).unwrap();
                let outcome = verify(&from_file, &request, std::future::pending(), |_, _| {}).unwrap();
                assert_eq!(lines(&outcome.findings), Vec::<String>::new(), "{folder}, from the file\n{text}");
            });
        }
    }
}
