//! Witnesses that are looked at now rather than read from drafts: source code, a keyspace, traffic.
//!
//! To add one: its arguments in [`LookingArgs`], and in [`look`] the sightings of its origin as a witness.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::json;
use tokio::sync::watch::Receiver;

use super::super::infer::{origins, report};
use super::super::{extract, load, output, usage};
use crate::check::traffic::party_of;
use crate::extract::code::Extract;
use crate::extract::draft::Plan;
use crate::extract::infer::origins::Looking;
use crate::extract::infer::{Collector, Options, sightings};
use crate::observe::Depth;
use crate::observe::live::Pace;
use crate::observe::traffic::Client;
use crate::reconcile::{Witness, WitnessKind, on_declared_buses};
use crate::registry::{LoadError, Registry};

/// What is looked at.
#[derive(Debug, Args)]
pub(super) struct LookingArgs {
    /// Files and folders of source code, read as by `extract`
    #[arg(long, value_name = "PATH", num_args = 1..)]
    code: Vec<PathBuf>,
    #[command(flatten)]
    origins: origins::OriginArgs,
    /// The bus that server, files and log are [default: the only one]
    #[arg(long, value_name = "BUS")]
    bus: Option<String>,
}

/// What was looked at, and what is to be said of it.
#[derive(Debug, Default)]
pub(super) struct Looked {
    pub witnesses: Vec<Witness>,
    /// One entry for each origin that was read, also if it saw nothing.
    pub evidence: Vec<serde_json::Value>,
}

/// Looks at what was asked for.
pub(super) fn look(args: &LookingArgs, registry: &Registry, stop: &Receiver<bool>) -> Result<Looked> {
    let mut looked = Looked::default();
    // What can be refused is refused before anything is waited for.
    let bus = if args.origins.is_empty() { None } else { Some(bus(args, registry)?) };
    if !args.code.is_empty() {
        code(args, registry, &mut looked)?;
    }
    if let Some(bus) = bus {
        self::data(args, registry, &bus, stop, &mut looked)?;
    }
    Ok(looked)
}

/// The bus that is looked at: one that is named, or the only one.
fn bus(args: &LookingArgs, registry: &Registry) -> Result<String> {
    let named = load::bus(registry, args.bus.as_deref())?;
    match (named, &registry.buses[..]) {
        (Some(bus), _) => Ok(registry.bus(bus).name.clone()),
        (None, [only]) => Ok(only.name.clone()),
        (None, all) => {
            let names: Vec<&str> = all.iter().map(|bus| bus.name.as_str()).collect();
            let hint = "say with --bus which of them is looked at; others may be witnesses as drafts of `infer`";
            Err(usage(format!("the registry has the buses {}; {hint}", names.join(", "))))
        }
    }
}

fn code(args: &LookingArgs, registry: &Registry, looked: &mut Looked) -> Result<()> {
    let Some(found) = extract::read(&args.code, None, &extract::known_of(registry))? else {
        looked.evidence.push(json!({ "kind": "code", "files": 0 }));
        return Ok(());
    };
    let files = found.reach.len();
    let unresolved = found.unresolved.len();
    output::say(&format!(
        "code: {}, {} and channels, {} not resolved",
        output::counted(files, "file"),
        output::counted(found.sightings.len(), "key"),
        output::counted(unresolved, "place"),
    ));
    looked.evidence.push(json!({ "kind": "code", "files": files, "unresolved": found.unresolved }));
    if found.sightings.is_empty() {
        return Ok(());
    }
    // A name that is none of the registry's: where nobody can tell the bus, it may be any.
    let bus = match &registry.buses[..] {
        [only] => only.name.clone(),
        _ => ["redis", "unnamed"]
            .into_iter()
            .find(|name| registry.bus_named(name).is_none())
            .unwrap_or("not-named-in-the-code")
            .to_owned(),
    };
    let plan = Plan { name: "code".to_owned(), bus, module: "main".to_owned() };
    let found = Extract { sightings: on_declared_buses(registry, found.sightings), ..found };
    let draft = extract::draft_of(&found, &plan);
    let witness = Witness::of_draft(WitnessKind::Code, "code", &draft, &found.sightings);
    looked.witnesses.push(witness.map_err(|error| unsound("code", error))?);
    Ok(())
}

fn data(args: &LookingArgs, registry: &Registry, bus: &str, stop: &Receiver<bool>, looked: &mut Looked) -> Result<()> {
    let party = |client: &Client| party_of(registry, client).map(|party| registry.party_name(party).to_owned());
    let asked = origins::Asked {
        label: bus,
        origins: &args.origins,
        listen: None,
        looking: Looking {
            depth: Depth::Sample,
            pace: Pace::Polite,
            glob: None,
            database: u64::from(args.origins.database.unwrap_or(0)),
        },
        all_are: None,
        party: Some(&party),
    };
    let servers = origins::servers(&args.origins)?;
    let mut heard = Collector::default();
    if let Some(seen) = origins::traffic(&asked, &servers, &mut heard, stop)? {
        output::say(&report::evidence(None, Some(&seen)));
        looked.evidence.push(json!({ "kind": "traffic", "bus": bus, "seen": seen }));
        looked.witnesses.extend(witness(WitnessKind::Traffic, heard, bus, false)?);
    }
    let mut there = Collector::default();
    if let Some(seen) = origins::keyspace(&asked, &servers, &mut there, stop)? {
        output::say(&report::evidence(Some(&seen), None));
        let complete = seen.complete;
        looked.evidence.push(json!({ "kind": "keyspace", "bus": bus, "seen": seen }));
        looked.witnesses.extend(witness(WitnessKind::Keyspace, there, bus, complete)?);
    }
    Ok(())
}

/// A witness of what was collected, if that is anything.
fn witness(kind: WitnessKind, collector: Collector, bus: &str, keyspace: bool) -> Result<Option<Witness>> {
    if collector.is_empty() {
        return Ok(None);
    }
    let options = Options { bus: Some(bus.to_owned()), enums: true, show_values: false, keyspace, room: false };
    let sightings = sightings(collector, &options);
    let plan = Plan { name: kind.as_str().to_owned(), bus: bus.to_owned(), module: "app".to_owned() };
    let witness = Witness::of_sightings(kind, kind.as_str(), &sightings, &plan);
    witness.map(Some).map_err(|error| unsound(kind.as_str(), error))
}

fn unsound(witness: &str, error: LoadError) -> anyhow::Error {
    anyhow::anyhow!("what the {witness} says makes no registry, which is a fault of keywire: {error}")
}
