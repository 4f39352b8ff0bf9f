//! Contract tests: arbitrary writes of a module, run by the module's own writers, judged by `verify`.
//!
//! A registry and a driver in; the shortest sequence of writes that breaks the contract out, with what is wrong then.

mod plan;
mod sequence;
mod server;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};
use serde_json::{Value, json};

pub use server::SERVER_ENV;

use crate::finding::{Finding, Level};
use crate::lint;
use crate::registry::{self, BusId, KeyId, ModuleId, Registry, Value as Declared};
use crate::report::{FORMATS, Frame, Report};
use crate::verify::{Request, verify};
use server::Database;

/// Rules that say nothing about writers: times are made up, and a short sequence writes but a few keys, and of a hash but a
/// few fields.
const NOT_THE_WRITERS: [&str; 3] = ["missing-field", "missing-key", "stale-key"];

/// Sequences that are tried on each server unless the test says otherwise.
const CASES: u32 = 48;

/// A method that writes, as a contract test drives it.
#[derive(Debug, Clone, PartialEq)]
pub struct WriteSpec {
    /// Its name: the one member of the JSON object that stands for a write.
    pub method: String,
    /// The bus on which it writes.
    pub bus: BusId,
    /// The key that it writes; `None` for a channel.
    pub key: Option<KeyId>,
    /// Params of the pattern, then the other arguments.
    pub arguments: Vec<(String, ArgumentSpec)>,
}

/// What an argument takes.
#[derive(Debug, Clone, PartialEq)]
pub enum ArgumentSpec {
    /// A value of the entry.
    Value(Declared),
    /// A value that may be left out.
    OptionalValue(Declared),
    /// The score of a member.
    Score(Declared),
    /// The value of this param.
    Param(String),
    /// A whole number with sign.
    Integer,
    /// A whole number from 0.
    Count,
    /// A decimal number.
    Number,
    /// Yes or no.
    Flag,
    /// A time to live in seconds, within the range when there is one.
    Ttl(Option<(Duration, Duration)>),
    /// Words that only the server or a person can know: methods that take them are not driven.
    Words,
}

/// Drives the writers of a module with arbitrary writes.
///
/// A server is started of each flavour that this machine has; [`SERVER_ENV`] names another one, whose database must be
/// empty.
#[derive(Debug)]
pub struct Contract {
    registry: Registry,
    module: ModuleId,
    writes: Vec<WriteSpec>,
    cases: u32,
}

impl Contract {
    /// Reads a registry; the writes are those that the generated writers of `module` have.
    ///
    /// # Panics
    /// When the registry cannot be read or is not sound, or has no such module; the message says what to do.
    pub fn load(registry_dir: impl AsRef<Path>, module: &str) -> Self {
        Self::try_load(registry_dir.as_ref(), module).unwrap_or_else(|error| panic!("{error:#}"))
    }

    fn try_load(folder: &Path, name: &str) -> Result<Self> {
        let registry =
            registry::load(folder).with_context(|| format!("the registry in {} cannot be read", folder.display()))?;
        if let Some(finding) = lint::blocking(&registry).first() {
            bail!("the registry in {} is not sound: {}; run `keywire lint`", folder.display(), finding.message);
        }
        let Some(module) = registry.module_named(name) else {
            let names: Vec<&str> = registry.modules.iter().map(|module| module.name.as_str()).collect();
            bail!("there is no module `{name}` in {}; there are: {}", folder.display(), names.join(", "));
        };
        let writes = plan::writes_of(&registry, module);
        Ok(Self { registry, module, writes, cases: CASES })
    }

    /// The registry.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The module.
    #[must_use]
    pub fn module(&self) -> ModuleId {
        self.module
    }

    /// Sets how many sequences are tried on each server.
    #[must_use]
    pub fn cases(mut self, cases: u32) -> Self {
        self.cases = cases;
        self
    }

    /// Drives these writes instead of those of the generated writers: for writers made by hand.
    #[must_use]
    pub fn writes(mut self, writes: Vec<WriteSpec>) -> Self {
        self.writes = writes;
        self
    }

    /// Runs `drive` with the URL of a server and a sequence of writes, each `{"method": {"param": .., "argument": ..}}`,
    /// and judges what is on the server then. Not to be called from async code: it brings a runtime of its own.
    ///
    /// # Errors
    /// The shortest sequence found that the driver refuses, or after which something of level warning or above is wrong;
    /// or why nothing could be tried.
    pub fn run<D>(&self, drive: D) -> Result<()>
    where
        D: AsyncFn(String, Vec<Value>) -> Result<(), Box<dyn Error>>,
    {
        if tokio::runtime::Handle::try_current().is_ok() {
            bail!("a contract brings a runtime of its own: run it in a plain #[test], not in a #[tokio::test]");
        }
        let mut buses: Vec<BusId> = self.writes.iter().map(|write| write.bus).collect();
        buses.sort_unstable();
        buses.dedup();
        if buses.is_empty() {
            bail!("the module `{}` declares no writes: nothing can be tried", self.registry.module(self.module).name);
        }
        server::each(|database| buses.iter().try_for_each(|bus| self.run_on(database, *bus, &drive)))
    }

    fn run_on<D>(&self, database: &Database, bus: BusId, drive: &D) -> Result<()>
    where
        D: AsyncFn(String, Vec<Value>) -> Result<(), Box<dyn Error>>,
    {
        let writes: Vec<&WriteSpec> = self.writes.iter().filter(|write| write.bus == bus).collect();
        let sequences = sequence::sequences(&self.registry, self.module, &writes)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let request = Request { all: true, config: self.config(), ..Request::new(bus, database.url()) };
        let judged = RefCell::new(0);
        let try_one = |writes: Vec<Value>| -> Result<(), TestCaseError> {
            let fail = |error: String| TestCaseError::fail(error);
            database.flush().map_err(|error| fail(format!("{error:#}")))?;
            let driven = runtime.block_on(drive(database.url().to_owned(), writes));
            driven.map_err(|error| fail(format!("the driver failed: {error}")))?;
            let (keys, faults) = self.judge(&request).map_err(|error| fail(format!("{error:#}")))?;
            *judged.borrow_mut() += keys;
            faults.map_or(Ok(()), |text| Err(fail(text)))
        };
        let config = Config {
            cases: self.cases,
            failure_persistence: None,
            max_shrink_iters: 300,
            max_local_rejects: 1_000_000,
            ..Config::default()
        };
        let result = TestRunner::new(config).run(&sequences, try_one);
        database.flush()?;
        match result {
            Ok(()) if judged.into_inner() == 0 && writes.iter().any(|write| write.key.is_some()) => {
                bail!("no declared key was seen after any of the sequences, on {database}: this proves nothing")
            }
            Ok(()) => Ok(()),
            Err(TestError::Abort(reason)) => bail!("the contract could not be tried on {database}: {reason}"),
            Err(TestError::Fail(reason, minimal)) => bail!("{}", failure(database, &minimal, &reason.to_string())),
        }
    }

    /// The keys that were judged, and what is wrong, as text.
    fn judge(&self, request: &Request) -> Result<(u64, Option<String>)> {
        let outcome = verify(&self.registry, request, std::future::pending(), |_, _| {})?;
        let matters = |finding: &Finding| finding.level >= Level::Warning && !NOT_THE_WRITERS.contains(&finding.rule);
        let findings: Vec<Finding> = outcome.findings.into_iter().filter(matters).collect();
        if findings.is_empty() {
            return Ok((outcome.evidence.keys_judged, None));
        }
        let report = Report {
            command: "verify",
            findings,
            known: 0,
            evidence: json!({}),
            coverage: json!({}),
            sources: &self.registry.sources,
            closing: String::new(),
        };
        let frame = Frame::plain();
        let text = FORMATS.iter().find(|format| format.name == "text").map(|format| (format.render)(&report, &frame));
        Ok((outcome.evidence.keys_judged, Some(text.unwrap_or_default())))
    }

    /// What the environment says of the module's config: the driver's writers read the same.
    fn config(&self) -> BTreeMap<String, String> {
        let variables = self.registry.module(self.module).config.iter().filter(|variable| !variable.secret);
        variables.filter_map(|variable| Some((variable.name.clone(), std::env::var(&variable.name).ok()?))).collect()
    }
}

fn failure(database: &Database, writes: &[Value], reason: &str) -> String {
    let lines: Vec<String> = writes.iter().map(|write| format!("  {write}")).collect();
    format!("the contract is broken on {database} by these writes:\n{}\n\n{}", lines.join("\n"), reason.trim_end())
}
