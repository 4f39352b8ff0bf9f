//! `keywire run`.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::time::Duration;

use anyhow::Result;
use clap::Args;
use serde_json::json;

use super::interrupt::Relay;
use super::load::Loaded;
use super::traffic::{self, Seen, TrafficArgs};
use super::verdict::Verdict;
use super::watch::duration;
use super::{Exit, RegistryArgs, ReportArgs, interrupt, load, output, usage};
use crate::check::failed_program;
use crate::coverage::{Coverage, EntryCoverage};
use crate::finding::Level;
use crate::observe::traffic::proxy::Listen;
use crate::registry::{BusId, Registry};
use crate::run::program::Program;
use crate::run::{Bus, Outcome, run as run_program, together};
use crate::server::connect::parse_url;

/// Arguments of `run`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  keywire run --as spot_worker -- ./spot_worker --run-for 10s
  keywire run --as jobs --until 30s -- python3 jobs.py           asked to stop after half a minute
  keywire run --as mailer --server redis://127.0.0.1:6379/0 -- node mailer.js
  keywire run --as jobs --fail-on-coverage-below 100 --format junit -- python3 jobs.py > report.xml
  keywire run -- docker compose up --abort-on-container-exit     all who connect are told apart by their names

The program finds the bus in the variable that the registry names, and in REDIS_URL, REDIS_HOST and REDIS_PORT. Config
variables of the registry that are set in the environment (or with --set) are what its bounds are judged by.

It talks to a proxy, behind which a server of keywire's own runs: empty at the start, gone at the end. What it printed comes
before the report; with another format than text, it goes to standard error. Ctrl-C and SIGTERM are passed on to it.")]
pub(super) struct RunArgs {
    #[command(flatten)]
    registry: RegistryArgs,
    #[command(flatten)]
    program: ProgramArgs,
    #[command(flatten)]
    report: ReportArgs,
}

/// A program, and how it is judged.
#[derive(Debug, Args)]
pub(super) struct ProgramArgs {
    #[command(flatten)]
    pub traffic: TrafficArgs,
    /// A server to use in place of an empty one of its own; with several buses, BUS=URL for each
    #[arg(long, value_name = "URL", hide_env_values = true)]
    pub server: Vec<String>,
    /// Where the program finds the bus, such as 127.0.0.1:6379, if it cannot be told; with several buses, BUS=ADDRESS
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Vec<String>,
    /// Asks the program to stop after this long, such as 30s
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub until: Option<Duration>,
    /// The program and its arguments, after --
    #[arg(last = true, required = true, value_name = "PROGRAM")]
    pub words: Vec<OsString>,
    /// Variables for it, besides those of the environment.
    #[arg(skip)]
    pub env: BTreeMap<String, String>,
}

pub(super) fn run(args: &RunArgs) -> Result<Exit> {
    let loaded = match load::load_sound(&args.registry, "run", &args.report.format)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let relay = interrupt::relay()?;
    let (fail_on, to_stderr) = (output::level(&args.report.fail_on), !args.report.format.is_text_on_stdout());
    let verdict = judge(&args.program, &loaded, fail_on, to_stderr, &relay)?;
    verdict.interrupted(*relay.any.borrow()).write(&loaded.registry.sources, &args.report)
}

/// Runs a program under contract. What it prints may go to standard error, because standard output is the report's.
pub(super) fn judge(
    args: &ProgramArgs,
    loaded: &Loaded,
    fail_on: Level,
    print_to_stderr: bool,
    relay: &Relay,
) -> Result<Verdict> {
    args.traffic.demands.check(&loaded.registry)?;
    let buses = buses(args, &loaded.registry)?;
    let mut environment = args.env.clone();
    environment.extend(load::config(&loaded.registry, &args.traffic.set)?);
    let program = Program { words: args.words.clone(), environment, print_to_stderr, until: args.until };
    let outcome = run_program(&loaded.registry, buses, program, relay.for_program())?;
    conclude(args, loaded, fail_on, outcome)
}

fn buses(args: &ProgramArgs, registry: &Registry) -> Result<Vec<Bus>> {
    let buses = args.traffic.buses(registry)?;
    let servers = by_bus("--server", &args.server, registry, &buses)?;
    let listens = by_bus("--listen", &args.listen, registry, &buses)?;
    let config = from_environment(registry, &args.env);
    let bus = |bus: BusId| {
        let mut request = args.traffic.request(registry, bus, String::new())?;
        request.config = config.clone().into_iter().chain(request.config).collect();
        let listen = listens.get(&bus).map(|address| address.parse::<Listen>()).transpose();
        let listen = listen.map_err(|error| usage(format!("{error:#}")))?;
        let server = servers.get(&bus).cloned();
        if let Some(url) = &server {
            parse_url(url).map_err(|error| usage(format!("{error:#}")))?;
        }
        let default = registry.bus(bus).default.as_deref().and_then(|url| parse_url(url).ok());
        let database = default.map_or(0, |endpoint| endpoint.database());
        Ok(Bus { request, server, listen, database })
    };
    buses.into_iter().map(bus).collect()
}

/// Options that are given for a bus: `BUS=VALUE`, or for a single bus the value alone.
fn by_bus(option: &str, given: &[String], registry: &Registry, buses: &[BusId]) -> Result<BTreeMap<BusId, String>> {
    let mut values = BTreeMap::new();
    for text in given {
        let named = text.split_once('=').and_then(|(name, value)| Some((registry.bus_named(name)?, value)));
        let (bus, value) = match (named, buses) {
            (Some((bus, value)), _) => (bus, value),
            (None, [only]) => (*only, text.as_str()),
            (None, _) => {
                let names = load::bus_names(registry, buses);
                return Err(usage(format!("{option} is for one bus, and there are {names}; write BUS=...")));
            }
        };
        values.insert(bus, value.to_owned());
    }
    Ok(values)
}

/// Config variables that the program will find in keywire's own environment: its bounds are these, and not the defaults.
fn from_environment(registry: &Registry, own: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let names = registry.modules.iter().flat_map(|module| &module.config).filter(|variable| !variable.secret);
    let value =
        |name: &str| own.get(name).cloned().or_else(|| std::env::var(name).ok()).filter(|value| !value.is_empty());
    names.filter_map(|variable| Some((variable.name.clone(), value(&variable.name)?))).collect()
}

fn conclude(args: &ProgramArgs, loaded: &Loaded, fail_on: Level, outcome: Outcome) -> Result<Verdict> {
    let ending = outcome.ending;
    let mut seen = Seen {
        command: "run",
        findings: Vec::new(),
        traffic: Vec::new(),
        coverage: Coverage::default(),
        more: BTreeMap::from([("program", serde_json::to_value(&ending)?)]),
        closing: vec![format!("{} {} after {:.1} s", ending.program, ending.in_words(), ending.seconds)],
        incomplete: false,
        failed: ending.is_failure(),
    };
    for traffic in outcome.traffic {
        seen.findings.extend(traffic.findings);
        seen.traffic.push(traffic.evidence);
        seen.coverage = seen.coverage.merge(traffic.coverage);
    }
    let mut keyspace = Vec::new();
    for look in outcome.keyspace {
        let (judged, scanned) = (look.evidence.keys_judged, look.evidence.keys_scanned);
        let keys = output::counted(usize::try_from(scanned).unwrap_or(usize::MAX), "key");
        seen.closing.push(format!("{}: {keys} left in the keyspace, {judged} judged", look.evidence.bus));
        seen.findings = together(seen.findings, look.findings);
        seen.incomplete |= !look.evidence.complete;
        seen.coverage = Coverage::new(seen.coverage.parties, with_keys(seen.coverage.entries, &look.coverage));
        keyspace.push(look.evidence);
    }
    seen.more.insert("keyspace", json!(keyspace));
    if ending.is_failure() {
        let failed = failed_program(&ending.in_words());
        seen.findings.extend(failed.into_iter().map(|finding| args.traffic.of_party(finding)));
    }
    traffic::judge(&args.traffic, fail_on, loaded, seen)
}

/// Entries of traffic with the keys that were seen of them in the keyspace.
fn with_keys(mut entries: Vec<EntryCoverage>, keyspace: &[EntryCoverage]) -> Vec<EntryCoverage> {
    for entry in &mut entries {
        let same = |other: &&EntryCoverage| {
            (&other.bus, &other.module, &other.entry) == (&entry.bus, &entry.module, &entry.entry)
        };
        entry.keys = keyspace.iter().find(same).and_then(|other| other.keys).or(entry.keys);
    }
    entries
}
