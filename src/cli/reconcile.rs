//! `keywire reconcile`: its options, its witnesses, and what it prints.

mod looking;

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::verdict::Verdict;
use super::{Exit, RegistryArgs, ReportArgs, interrupt, load, output, usage};
use crate::catalogue;
use crate::reconcile::{Case, Witness, WitnessKind, json, table};
use crate::registry::{self, LoadError};

/// Arguments of `reconcile`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  keywire reconcile --code src                                      the registry beside the code
  keywire reconcile --code src --redis redis://127.0.0.1:6379/0     and beside the keys of a server
  keywire reconcile --code api jobs --redis redis://10.0.0.5:6379 --watch 60s
                                                                    and beside a minute of its traffic
  keywire reconcile --code src --rdb dump.rdb --log monitor.log.gz  with files that were recorded
  keywire reconcile --code src --format markdown > reconcile.md
  keywire reconcile --code src --format json | jq '.coverage.rows[] | select(.declared == null)'
  keywire import docs/redis.md --out old && keywire reconcile --witness document=old

A witness may also be a draft: a folder that `extract`, `infer` or `import` wrote with --out. KIND says what it looked at,
and so what it can know: code, keyspace, traffic or document. Servers are only read, as by `infer`.")]
pub(super) struct ReconcileArgs {
    #[command(flatten)]
    registry: RegistryArgs,
    #[command(flatten)]
    looking: looking::LookingArgs,
    /// A witness: what it looked at, and the folder of its draft; may be given several times
    #[arg(long, value_name = "KIND=DIR", value_parser = witness_of)]
    witness: Vec<(WitnessKind, PathBuf)>,
    /// Only rows with a finding
    #[arg(long)]
    differing: bool,
    #[command(flatten)]
    report: ReportArgs,
}

fn witness_of(text: &str) -> Result<(WitnessKind, PathBuf), String> {
    let kinds = || WitnessKind::ALL.map(WitnessKind::as_str).join(", ");
    let (word, folder) =
        text.split_once('=').ok_or_else(|| format!("write KIND=DIR, where KIND is one of {}", kinds()))?;
    let kind = WitnessKind::ALL.into_iter().find(|kind| kind.as_str() == word);
    let kind = kind.ok_or_else(|| format!("there is no kind `{word}`; there are {}", kinds()))?;
    Ok((kind, PathBuf::from(folder)))
}

pub(super) fn run(args: &ReconcileArgs) -> Result<Exit> {
    let loaded = match load::load(&args.registry, "reconcile", &args.report.format)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let mut witnesses = Vec::new();
    for (kind, folder) in &args.witness {
        let name = folder_name(&args.witness, *kind, folder);
        witnesses.push(Witness::of_registry(*kind, name, read(folder)?));
    }
    let interrupted = interrupt::watch()?;
    let looked = looking::look(&args.looking, &loaded.registry, &interrupted)?;
    witnesses.extend(looked.witnesses);
    if witnesses.is_empty() && looked.evidence.is_empty() {
        return Err(usage(
            "no witness to put beside the registry; give --code PATH, --redis URL, --rdb FILE, --log FILE or a draft by --witness KIND=DIR",
        ));
    }
    if witnesses.is_empty() {
        output::say("No witness saw anything: there is nothing to put beside the registry.");
        return Ok(if *interrupted.borrow() { Exit::Interrupted } else { Exit::NoEvidence });
    }
    witnesses.sort_by_key(|witness| witness.kind);
    let mut case = Case::new(&loaded.registry, &witnesses);
    let settled = catalogue::settle(case.findings(), &loaded.settings, "reconcile");
    let findings = &settled.findings;
    let exit = Exit::of(findings, output::level(&args.report.fail_on));
    if args.differing {
        let named = |row: &crate::reconcile::Row| {
            findings
                .iter()
                .any(|finding| finding.pattern.as_ref() == Some(&row.pattern) && finding.bus.as_ref() == Some(&row.bus))
        };
        case.rows.retain(named);
    }
    let exit = if *interrupted.borrow() { Exit::Interrupted } else { exit };
    let verdict = Verdict {
        command: "reconcile",
        settled,
        evidence: serde_json::json!({ "witnesses": witnesses.len(), "rows": case.rows.len(), "looked": looked.evidence }),
        coverage: json(&case),
        closing: format!(
            "{}: {} beside {}",
            loaded.folder.display(),
            output::counted(case.rows.len(), "row"),
            output::counted(witnesses.len(), "witness").replace("witnesss", "witnesses")
        ),
        exit,
    };
    verdict.write_after(&loaded.registry.sources, &args.report, |format| match format {
        "text" => format!("{}\n", table(&case, false)),
        "markdown" => format!("{}\n", table(&case, true)),
        _ => String::new(),
    })
}

/// A column's name: the kind, or the folder where there are several of the kind.
fn folder_name(all: &[(WitnessKind, PathBuf)], kind: WitnessKind, folder: &std::path::Path) -> String {
    if all.iter().filter(|(other, _)| *other == kind).count() == 1 {
        kind.as_str().to_owned()
    } else {
        format!("{} {}", kind.as_str(), folder.display())
    }
}

fn read(folder: &std::path::Path) -> Result<registry::Registry> {
    registry::load(folder).map_err(|error| match error {
        LoadError::Unreadable(error) => usage(format!("{error:#}")),
        invalid @ LoadError::Invalid(..) => usage(format!("the draft {} is not valid\n{invalid}", folder.display())),
    })
}
