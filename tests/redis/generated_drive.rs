//! Drives generated writers of any registry: what every one of them must hold, whatever its domain.

use std::error::Error;
use std::path::{Path, PathBuf};

use keywire::check::traffic::{Judge, Options};
use keywire::check::{self, Checker};
use keywire::finding::{Finding, Level};
use keywire::registry::{ModuleId, Party, Registry, load};
use keywire::verify::Outcome;

use crate::overheard::Overheard;

/// What a test does with one module's generated code: all writes in one batch, then everything read back.
pub type Driven = Result<Counts, Box<dyn Error>>;

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Counts {
    /// Commands sent.
    pub commands: usize,
    /// Answers of readers.
    pub read: usize,
}

/// An async function `drive(url, writes)` for the generated module `$path`: each module has types of its own.
macro_rules! driver {
    ($name:ident, $($path:ident)::+) => {
        async fn $name(url: String, writes: Vec<serde_json::Value>) -> $crate::generated_drive::Driven {
            use $($path)::+ as wiring;
            let mut conn = redis::Client::open(url)?.get_multiplexed_async_connection().await?;
            let mut batch = wiring::Batch::new(&wiring::Config::from_lookup(|_| None)?);
            let mut all = Vec::new();
            for write in writes {
                let parsed: Result<wiring::contract::Write, _> = serde_json::from_value(write.clone());
                all.push(parsed.map_err(|error| format!("{write}: {error}"))?);
            }
            for write in &all {
                write.add_to(&mut batch).map_err(|error| format!("{write:?}: {error}"))?;
            }
            let commands = batch.len();
            batch.execute(&mut conn).await?;
            let mut read = 0;
            for write in &all {
                let found = wiring::contract::read_back(&mut conn, write).await;
                read += found.map_err(|error| format!("read back of {write:?}: {error}"))?;
            }
            Ok($crate::generated_drive::Counts { commands, read })
        }
    };
}
pub(crate) use driver;

/// The folder of a fixture registry.
pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/registries").join(name)
}

/// A fixture registry.
pub fn fixture(name: &str) -> Registry {
    load(&folder(name)).unwrap_or_else(|error| panic!("{error}"))
}

/// A module by name.
pub fn module(registry: &Registry, name: &str) -> ModuleId {
    registry.module_named(name).unwrap_or_else(|| panic!("no module {name}"))
}

/// What is wrong, as lines; what only says that the test wrote little is no matter.
pub fn faults(outcome: &Outcome) -> Vec<String> {
    let matters = |finding: &&Finding| !matches!(finding.rule, "missing-key" | "stale-key");
    let findings: Vec<Finding> = outcome.findings.iter().filter(matters).cloned().collect();
    crate::database::lines(&findings)
}

/// Drives a module on an empty server, and judges its traffic as that module's: what generated writers send must break
/// nothing. They are read back by the owner itself, which no registry declares; that is left out.
pub fn overheard(
    registry: &Registry,
    (id, url): (ModuleId, &str),
    drive: impl FnOnce() -> Driven,
) -> (Driven, Vec<String>) {
    let watching = Overheard::begin(url);
    let from_empty = watching.started.from_empty;
    let driven = drive();
    let (events, _) = watching.stop();
    let module = Some(Party::Module(id));
    let options = Options { all_are: module, only: module, from_empty, ..Options::default() };
    let bus = registry.bus_named(&registry.module(id).bus).unwrap();
    let checker = Checker::new(registry, bus, check::Options::default()).unwrap();
    let mut judge = Judge::new(&checker, options).unwrap();
    events.iter().for_each(|event| judge.see(event));
    let mut findings = judge.finish().findings;
    findings.retain(|finding| finding.level == Level::Error);
    (driven, crate::database::lines(&findings))
}
