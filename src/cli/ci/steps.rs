//! The steps of `ci`, one after the other. One that cannot be done does not keep the others from being done.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::{Context, Result};

use super::super::breaking::{self, Compared};
use super::super::interrupt::{self, Relay};
use super::super::load::Loaded;
use super::super::run::ProgramArgs;
use super::super::traffic::TrafficArgs;
use super::super::verdict::Verdict;
use super::super::{Exit, UsageError, generate, lint, load, output, run, verify};
use super::{LookArgs, Step, base};
use crate::finding::Level;
use crate::lint::blocking;
use crate::registry::{BusId, ModuleId};
use crate::settings::{ModuleSettings, Verify};
use crate::verify::Request;

/// A step, and what it came to.
pub(in crate::cli) struct Looked {
    pub step: Step,
    /// The module or the bus.
    pub of: Option<String>,
    pub outcome: Outcome,
    pub seconds: f64,
}

/// What a step came to.
pub(in crate::cli) enum Outcome {
    Judged(Box<Verdict>),
    /// There was nothing to look at, for a reason.
    NotLooked(String),
    /// It could not be looked at.
    Failed {
        why: String,
        exit: Exit,
    },
}

impl Looked {
    /// The step, and what it is about.
    pub(in crate::cli) fn name(&self) -> String {
        self.of.as_ref().map_or_else(|| self.step.as_str().to_owned(), |of| format!("{} {of}", self.step.as_str()))
    }

    /// How the step alone would end.
    pub(super) fn exit(&self) -> Option<Exit> {
        match &self.outcome {
            Outcome::Judged(verdict) => Some(verdict.exit),
            Outcome::NotLooked(_) => None,
            Outcome::Failed { exit, .. } => Some(*exit),
        }
    }
}

/// What all steps need.
struct Desk<'a> {
    args: &'a LookArgs,
    loaded: &'a Loaded,
    fail_on: Level,
    relay: &'a Relay,
    looked: Vec<Looked>,
}

/// Does the steps that are asked for.
pub(in crate::cli) fn look(args: &LookArgs, loaded: &Loaded, fail_on: Level, relay: &Relay) -> Result<Vec<Looked>> {
    // A typing error in an option is the user's to mend before anything is done.
    let only = load::module(&loaded.registry, args.module.as_deref())?;
    let config = load::config(&loaded.registry, &args.set)?;
    let mut desk = Desk { args, loaded, fail_on, relay, looked: Vec::new() };
    let module = args.module.as_deref();
    desk.step(Step::Lint, None, || lint::judge(loaded, module, fail_on).map(judged));
    if !blocking(&loaded.registry).is_empty() {
        let why = "the registry is not sound".to_owned();
        desk.step(Step::Generate, None, || Ok(Outcome::Failed { why, exit: Exit::Invalid }));
        return Ok(desk.looked);
    }
    desk.step(Step::Generate, None, || generate::judge(loaded, module, fail_on).map(judged));
    desk.step(Step::Breaking, None, || changes(args, loaded, fail_on));
    desk.programs();
    desk.keyspaces(only, &config);
    Ok(desk.looked)
}

fn judged(verdict: Verdict) -> Outcome {
    Outcome::Judged(Box::new(verdict))
}

impl Desk<'_> {
    fn is_wanted(&self, step: Step) -> bool {
        (self.args.only.is_empty() || self.args.only.contains(&step)) && !self.args.skip.contains(&step)
    }

    fn step(&mut self, step: Step, of: Option<&str>, work: impl FnOnce() -> Result<Outcome>) {
        if !self.is_wanted(step) || *self.relay.any.borrow() {
            return;
        }
        let started = Instant::now();
        let outcome = work().unwrap_or_else(|error| {
            let is_usage = error.downcast_ref::<UsageError>().is_some();
            Outcome::Failed { why: format!("{error:#}"), exit: if is_usage { Exit::Invalid } else { Exit::NoEvidence } }
        });
        let seconds = (started.elapsed().as_secs_f64() * 1000.0).round() / 1000.0;
        self.looked.push(Looked { step, of: of.map(str::to_owned), outcome, seconds });
    }

    /// The program of each module that keywire.toml names, each with a server of its own.
    fn programs(&mut self) {
        let (args, loaded, fail_on, relay) = (self.args, self.loaded, self.fail_on, self.relay);
        let wanted = |name: &String| args.module.as_ref().is_none_or(|module| module == name);
        let programs: Vec<_> = loaded.settings.modules.iter().filter(|(name, _)| wanted(name)).collect();
        if programs.is_empty() {
            let why = "keywire.toml names no program: [modules.NAME] run = \"...\"".to_owned();
            self.step(Step::Run, None, || Ok(Outcome::NotLooked(why)));
        }
        for (module, settings) in programs {
            if self.is_wanted(Step::Run) {
                output::say(&format!("-- {module} under contract"));
            }
            let program = program(module, settings, &args.set);
            self.step(Step::Run, Some(module), || run::judge(&program, loaded, fail_on, true, relay).map(judged));
        }
    }

    /// The keyspace of each bus that is asked for.
    fn keyspaces(&mut self, module: Option<ModuleId>, config: &BTreeMap<String, String>) {
        let (loaded, fail_on, relay) = (self.loaded, self.fail_on, self.relay);
        let registry = &loaded.registry;
        let has_keys = |bus: &BusId| verify::has_keys(registry, *bus, module);
        let is_set = |variable: &Option<String>| {
            variable.as_ref().and_then(|name| std::env::var(name).ok()).is_some_and(|url| !url.is_empty())
        };
        let named = |bus: &BusId| match &loaded.settings.ci.verify {
            Verify::WhereSet => is_set(&registry.bus(*bus).env),
            Verify::Never => false,
            Verify::Always => true,
            Verify::Buses(names) => names.contains(&registry.bus(*bus).name),
        };
        let buses: Vec<BusId> = (0..registry.buses.len()).map(BusId).filter(named).filter(has_keys).collect();
        if buses.is_empty() {
            let why = match &loaded.settings.ci.verify {
                Verify::WhereSet => {
                    let names: Vec<&str> = registry.buses.iter().filter_map(|bus| bus.env.as_deref()).collect();
                    let of = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
                    format!("no variable of a bus is set{of}")
                }
                Verify::Never => "keywire.toml says [ci] verify = false".to_owned(),
                _ => "no key is declared there".to_owned(),
            };
            self.step(Step::Verify, None, || Ok(Outcome::NotLooked(why)));
        }
        for bus in buses {
            let name = &registry.bus(bus).name;
            self.step(Step::Verify, Some(name), || {
                let url = load::url(registry, bus, None)?;
                let request = Request { module, config: config.clone(), ..Request::new(bus, url) };
                let outcome = verify::look(&[], registry, &request, interrupt::told(relay.any.clone()))?;
                Ok(judged(verify::report::judge(fail_on, loaded, vec![outcome])))
            });
        }
    }
}

fn changes(args: &LookArgs, loaded: &Loaded, fail_on: Level) -> Result<Outcome> {
    let folder = loaded.folder.canonicalize().context("the folder of the registry is gone")?;
    let word = match base::find(args.against.as_deref(), &loaded.settings.ci, &folder)? {
        Ok(word) => word,
        Err(why) => return Ok(Outcome::NotLooked(why)),
    };
    let compared = Compared { against: &[word], mode: args.mode.into(), module: args.module.as_deref() };
    breaking::judge(loaded, &folder, &compared, fail_on).map(judged)
}

fn program(module: &str, settings: &ModuleSettings, set: &[String]) -> ProgramArgs {
    ProgramArgs {
        traffic: TrafficArgs::of(module, settings.shared, set.to_vec(), settings.coverage),
        server: Vec::new(),
        listen: Vec::new(),
        until: settings.until,
        words: settings.run.words().into_iter().map(Into::into).collect(),
        env: settings.env.clone(),
    }
}
