//! `keywire ci`: its options, and one report of all that it looked at.

mod base;
mod steps;

use anyhow::Result;
use clap::{Args, ValueEnum};
use serde_json::json;

use super::breaking::ModeArg;
use super::load::Loaded;
use super::verdict::Verdict;
use super::{Exit, RegistryArgs, ReportArgs, interrupt, load, output};
use crate::catalogue::Settled;
use crate::coverage::Coverage;
use crate::run::together;
use steps::Looked;
pub(super) use steps::{Outcome, look};

/// Arguments of `ci`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  keywire ci                                     everything that keywire.toml says
  keywire ci --only lint,generate,breaking       what needs no server
  keywire ci --against origin/main               changes since this branch left main
  keywire ci --module spot_worker                one module
  keywire ci --format github                     annotations and a summary in a GitHub workflow

Steps: lint, generate --check, breaking against the base of the pull request (told by GitHub, GitLab and others, else the
default branch), `run` of the program of each module, and verify of each bus whose variable is set. The programs and the rest
are set in keywire.toml:

  [ci]
  against = \"main\"            in place of the base that is found
  verify = [\"market-redis\"]   or true for all buses, false for none

  [modules.spot_worker]
  run = \"./spot_worker --run-for 5s\"
  coverage = 90               percent of what is declared that must be seen
  until = \"30s\"               asks the program to stop")]
pub(super) struct CiArgs {
    #[command(flatten)]
    look: LookArgs,
    #[command(flatten)]
    report: ReportArgs,
}

/// What is looked at. The same for `ci` and `baseline update`.
#[derive(Debug, Args)]
pub(super) struct LookArgs {
    #[command(flatten)]
    pub registry: RegistryArgs,
    /// Only this module
    #[arg(long, value_name = "MODULE")]
    pub module: Option<String>,
    /// Only these steps
    #[arg(long, value_name = "STEP", value_delimiter = ',', value_enum)]
    pub only: Vec<Step>,
    /// All steps but these
    #[arg(long, value_name = "STEP", value_delimiter = ',', value_enum)]
    pub skip: Vec<Step>,
    /// The registry as it was: a git revision, or a folder; with `...` at its end, where this branch left it
    #[arg(long, value_name = "REF")]
    pub against: Option<String>,
    /// Who must keep working
    #[arg(long, value_enum, default_value_t = ModeArg::Full)]
    pub mode: ModeArg,
    /// A config variable's value, where the deployment does not run with the default
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub set: Vec<String>,
}

/// What `ci` does, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Step {
    /// Is the registry sound?
    Lint,
    /// Are generated files what follows from it?
    Generate,
    /// Who breaks by what changed?
    Breaking,
    /// Does the program of each module keep it?
    Run,
    /// Does the keyspace of each bus keep it?
    Verify,
}

impl Step {
    /// The word on the command line.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Lint => "lint",
            Self::Generate => "generate",
            Self::Breaking => "breaking",
            Self::Run => "run",
            Self::Verify => "verify",
        }
    }
}

pub(super) fn run(args: &CiArgs) -> Result<Exit> {
    let loaded = match load::load(&args.look.registry, "ci", &args.report.format)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let relay = interrupt::relay()?;
    let looked = look(&args.look, &loaded, output::level(&args.report.fail_on), &relay)?;
    verdict(&loaded, looked).interrupted(*relay.any.borrow()).write(&loaded.registry.sources, &args.report)
}

/// All outcomes in one.
fn verdict(loaded: &Loaded, looked: Vec<Looked>) -> Verdict {
    let exit = exit(&looked);
    let mut settled = Settled::default();
    let (mut coverage, mut steps, mut lines) = (Coverage::default(), Vec::new(), Vec::new());
    let width = looked.iter().map(|looked| looked.name().len()).max().unwrap_or(0);
    for looked in looked {
        let (name, seconds) = (looked.name(), looked.seconds);
        let (word, told, details) = match looked.outcome {
            Outcome::Judged(verdict) => {
                let Verdict { settled: found, evidence, coverage: covered, closing, exit, .. } = *verdict;
                let details =
                    json!({ "findings": found.findings.len(), "known": found.known.len(), "evidence": evidence });
                settled.findings = together(std::mem::take(&mut settled.findings), found.findings);
                settled.known.extend(found.known);
                if looked.step == Step::Run {
                    coverage = coverage.merge(Coverage::of_report(&covered));
                }
                (exit.as_str(), closing, details)
            }
            Outcome::NotLooked(why) => ("not looked at", why.clone(), json!({ "why": why })),
            Outcome::Failed { why, .. } => ("failed", why.clone(), json!({ "why": why })),
        };
        let indent = format!("\n{:width$}", "", width = width + 4);
        lines.push(format!("  {name:width$}  {}", told.replace('\n', &indent)));
        let mut step = json!({ "step": looked.step.as_str(), "of": looked.of, "outcome": word, "seconds": seconds });
        if let (Some(step), Some(details)) = (step.as_object_mut(), details.as_object()) {
            step.extend(details.clone());
        }
        steps.push(step);
    }
    let word = match exit {
        Exit::Clean => "clean",
        Exit::Findings => "not clean",
        _ => "not all could be looked at",
    };
    lines.insert(0, format!("{}: {word}", loaded.registry.name));
    Verdict {
        command: "ci",
        settled,
        evidence: json!({ "steps": steps }),
        coverage: serde_json::to_value(&coverage).unwrap_or_default(),
        closing: lines.join("\n"),
        exit,
    }
}

/// One exit code of all: what is wrong weighs more than what could not be looked at.
fn exit(looked: &[Looked]) -> Exit {
    let exits: Vec<Exit> = looked.iter().filter_map(Looked::exit).collect();
    let heaviest = [Exit::Interrupted, Exit::Invalid, Exit::Findings, Exit::NoEvidence];
    heaviest.into_iter().find(|exit| exits.contains(exit)).unwrap_or(Exit::Clean)
}
