//! `keywire coverage`.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::traffic::{DemandArgs, coverage_lines};
use super::verdict::Verdict;
use super::{Exit, RegistryArgs, ReportArgs, load, output};
use crate::catalogue;
use crate::coverage::Coverage;

/// Arguments of `coverage`.
#[derive(Debug, Args)]
pub(super) struct CoverageArgs {
    #[command(subcommand)]
    command: CoverageCommand,
}

#[derive(Debug, Subcommand)]
enum CoverageCommand {
    /// Put the coverage of several runs together: what any of them has seen is seen
    Merge(MergeArgs),
}

/// Arguments of `coverage merge`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  keywire run --as spot_worker --format json -- ./spot_worker --once > once.json
  keywire run --as spot_worker --format json --until 30s -- ./spot_worker > long.json
  keywire coverage merge once.json long.json --fail-on-coverage-below 100")]
struct MergeArgs {
    /// JSON reports of `watch`, `proxy`, `run` or of `coverage merge` itself
    #[arg(required = true, value_name = "REPORT")]
    reports: Vec<PathBuf>,
    #[command(flatten)]
    registry: RegistryArgs,
    #[command(flatten)]
    demands: DemandArgs,
    #[command(flatten)]
    report: ReportArgs,
}

pub(super) fn run(args: &CoverageArgs) -> Result<Exit> {
    match &args.command {
        CoverageCommand::Merge(args) => merge(args),
    }
}

fn merge(args: &MergeArgs) -> Result<Exit> {
    let loaded = match load::load_sound(&args.registry, "coverage", &args.report.format)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    args.demands.check(&loaded.registry)?;
    let mut coverage = Coverage::default();
    for path in &args.reports {
        coverage = coverage.merge(read(path).with_context(|| format!("cannot use {}", path.display()))?);
    }
    let settled = catalogue::settle(args.demands.unmet(&loaded.registry, &coverage), &loaded.settings, "coverage");
    let nothing = coverage.entries.iter().all(|entry| !entry.is_seen());
    let exit = match Exit::of(&settled.findings, output::level(&args.report.fail_on)) {
        Exit::Clean if nothing => Exit::NoEvidence,
        exit => exit,
    };
    let mut closing = coverage_lines(&coverage);
    if nothing {
        closing.push("Nothing was seen in any of these reports: this proves nothing.".to_owned());
    }
    let verdict = Verdict {
        command: "coverage",
        settled,
        evidence: json!({ "reports": args.reports.len() }),
        coverage: serde_json::to_value(&coverage)?,
        closing: closing.join("\n"),
        exit,
    };
    verdict.write(&loaded.registry.sources, &args.report)
}

fn read(path: &std::path::Path) -> Result<Coverage> {
    let text = std::fs::read(path).context("it cannot be read")?;
    let report: Value = serde_json::from_slice(&text).context("it is no JSON")?;
    let Some(coverage) = report.get("coverage").filter(|_| report.get("keywire").is_some()) else {
        bail!("it is no report of keywire; make one with --format json");
    };
    serde_json::from_value(coverage.clone()).context("its coverage is not of the form that this version reads")
}
