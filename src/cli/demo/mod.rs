//! `keywire demo`: the whole loop on this machine, offline, with an embedded server, a mock provider and a real worker.

mod drift;
mod programs;

use std::io::IsTerminal;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;

use self::programs::{MockProvider, Worker};
use super::formats::Formats;
use super::generate::artefacts;
use super::load::Loaded;
use super::{Exit, RegistryArgs, load, output, usage};
use crate::finding::Level;
use crate::generate::TARGETS;
use crate::generate::drift::drift;
use crate::observe::live::Pace;
use crate::registry::ModuleId;
use crate::report::{FORMATS, Frame, Report};
use crate::server::embedded::{self, EmbeddedServer};
use crate::verify::{Outcome, Request, verify};
use crate::{catalogue, lint};

/// The module whose worker the demo runs.
const MODULE: &str = "spot_worker";

/// Arguments of `demo`.
#[derive(Debug, Args)]
#[command(
    after_help = "It needs the programs spot_worker and mock_provider beside keywire: `make demo` builds all three.
Nothing is read from or written to any server but the one it starts.

Example:
  make demo"
)]
pub(super) struct DemoArgs {
    #[command(flatten)]
    registry: RegistryArgs,
    /// How long the worker runs
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    seconds: u64,
}

pub(super) fn run(args: &DemoArgs) -> Result<Exit> {
    let loaded = match load::load_sound(&args.registry, "demo", &Formats::default())? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let module = loaded.registry.module_named(MODULE).ok_or_else(|| {
        usage(format!(
            "the demo runs on keywire's own registry, whose module {MODULE} is not in {}",
            loaded.folder.display()
        ))
    })?;
    lint_step(&loaded)?;
    generate_step(&loaded)?;

    step(3, "a server of its own, a mock of the market-data provider, and the worker built on the generated writers")?;
    let server = EmbeddedServer::start::<&str>(&embedded::find()?, &[])?;
    let mock = MockProvider::start()?;
    output::write(&format!(
        "   {:?} {} on a unix socket, provider at {}\n   spot_worker publishes for {} s ...\n",
        server.binary().flavour,
        server.binary().version,
        mock.url(),
        args.seconds
    ))?;
    Worker { provider: mock.url(), redis: &server.url() }.run(Duration::from_secs(args.seconds))?;

    step(4, "keywire verify: does the keyspace keep the contract?")?;
    let clean = check(&loaded, module, &server)?;
    let expected = clean.findings.iter().all(|finding| finding.level < Level::Warning);
    show(&loaded, clean)?;
    if !expected {
        bail!("the worker broke its contract; that should not be, please report it");
    }

    step(5, "four faults are planted, as drift brings them")?;
    output::write(&drift::plant(&server)?)?;

    step(6, "keywire verify again")?;
    let drifted = check(&loaded, module, &server)?;
    let missed = drift::missed(&drifted.findings);
    show(&loaded, drifted)?;
    if !missed.is_empty() {
        bail!("these planted faults were not found: {}; that should not be, please report it", missed.join(", "));
    }
    output::write("   exit code 1: in CI this run would have failed\n")?;
    step(7, "where to read on")?;
    output::write(READ_ON)?;
    Ok(Exit::Clean)
}

const READ_ON: &str =
    "   docs/wiring/spot_worker.md              the generated wiring document: keys, payloads, graph, who reads what
   schema/modules/spot_worker.yaml         the registry it all comes from
   workers/spot_worker/src/wiring/         the generated writers and readers
   docs/guide/getting-started.md           the same for your own keys
";

fn step(number: usize, what: &str) -> Result<()> {
    let gap = if number == 1 { "" } else { "\n" };
    let style = anstyle::Style::new().bold();
    output::write(&format!("{gap}{style}{number}. {what}{style:#}\n"))
}

fn lint_step(loaded: &Loaded) -> Result<()> {
    step(1, "keywire lint: is the registry sound?")?;
    let settled = catalogue::settle(lint::lint(&loaded.registry), &loaded.settings, "lint");
    if !settled.findings.is_empty() {
        bail!("the registry does not lint clean; run `keywire lint`");
    }
    let (keys, channels) = (loaded.registry.keys.len(), loaded.registry.channels.len());
    let what = [(keys, "key"), (channels, "channel"), (lint::rules::RULES.len(), "rule")];
    let what = what.map(|(count, one)| output::counted(count, one)).join(", ");
    output::write(&format!("   {}: clean ({what})\n", loaded.folder.display()))
}

fn generate_step(loaded: &Loaded) -> Result<()> {
    step(2, "keywire generate --check: do code, schemas and docs follow from it?")?;
    let artefacts = artefacts(loaded, None, &[], true)?;
    if let Some(finding) = drift(&loaded.settings.root, &artefacts)?.first() {
        bail!("{}; run `keywire generate`", finding.message);
    }
    let files = artefacts.len();
    let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    output::write(&format!("   {files} files up to date ({})\n", names.join(", ")))
}

fn check(loaded: &Loaded, module: ModuleId, server: &EmbeddedServer) -> Result<Outcome> {
    let bus = loaded.registry.keys_of(module).find_map(|key| key.bus).context("the module has no keys")?;
    let request = Request { pace: Pace::Fast, ..Request::new(bus, server.url()) };
    verify(&loaded.registry, &request, std::future::pending(), |_, _| {})
}

fn show(loaded: &Loaded, outcome: Outcome) -> Result<()> {
    let evidence = &outcome.evidence;
    let word = if outcome.findings.is_empty() { "clean" } else { "not clean" };
    let closing =
        format!("{}: {word} ({} keys, {} values judged)", evidence.bus, evidence.keys_scanned, evidence.values_judged);
    let settled = catalogue::settle(outcome.findings, &loaded.settings, "verify");
    let report = Report {
        command: "verify",
        findings: settled.findings,
        known: settled.known.len(),
        evidence: serde_json::Value::Null,
        coverage: serde_json::Value::Null,
        sources: &loaded.registry.sources,
        closing,
    };
    let text = (FORMATS[0].render)(&report, &Frame { styled: std::io::stdout().is_terminal(), ..Frame::plain() });
    output::write(&text.lines().map(|line| format!("   {line}").trim_end().to_owned() + "\n").collect::<String>())
}
