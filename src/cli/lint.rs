//! `keywire lint`.

use anyhow::Result;
use clap::Args;
use serde_json::json;

use super::load::Loaded;
use super::verdict::Verdict;
use super::{Exit, RegistryArgs, ReportArgs, load, output};
use crate::finding::Level;
use crate::{catalogue, lint};

/// Arguments of `lint`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  keywire lint
  keywire lint --registry services/orders/schema --fail-on error
  keywire lint --format github        annotations in a GitHub workflow

Levels are set in keywire.toml:  [rules]  no-consumer = \"off\"")]
pub(super) struct LintArgs {
    #[command(flatten)]
    registry: RegistryArgs,
    /// Only findings about this module
    #[arg(long, value_name = "MODULE")]
    module: Option<String>,
    #[command(flatten)]
    report: ReportArgs,
}

pub(super) fn run(args: &LintArgs) -> Result<Exit> {
    let loaded = match load::load(&args.registry, "lint", &args.report.format)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let fail_on = output::level(&args.report.fail_on);
    judge(&loaded, args.module.as_deref(), fail_on)?.write(&loaded.registry.sources, &args.report)
}

/// Lints a registry, or one module of it.
pub(super) fn judge(loaded: &Loaded, module: Option<&str>, fail_on: Level) -> Result<Verdict> {
    let registry = &loaded.registry;
    let module = load::module(registry, module)?.map(|id| registry.module(id).name.as_str());
    let mut findings = lint::lint(registry);
    findings.retain(|finding| module.is_none() || finding.module.as_deref() == module);
    let settled = catalogue::settle(findings, &loaded.settings, "lint");
    let exit = Exit::of(&settled.findings, fail_on);
    let (modules, keys, channels) = (registry.modules.len(), registry.keys.len(), registry.channels.len());
    let rules = lint::rules::RULES.len();
    let what =
        [(modules, "module"), (keys, "key"), (channels, "channel")].map(|(count, one)| output::counted(count, one));
    let what = what.join(", ");
    let word = if exit == Exit::Clean { "clean" } else { "not clean" };
    Ok(Verdict {
        command: "lint",
        settled,
        evidence: json!({ "modules": modules, "keys": keys, "channels": channels, "rules": rules }),
        coverage: json!({}),
        closing: format!("{}: {word} ({what})", loaded.folder.display()),
        exit,
    })
}
