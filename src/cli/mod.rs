//! The command line: one thin file a command. It parses, calls, prints and decides the exit code; the work is elsewhere.

mod acl;
mod baseline;
mod breaking;
mod changelog;
mod ci;
mod coverage;
mod demo;
mod diff;
mod draft;
mod explain;
mod extract;
mod file;
mod formats;
mod generate;
mod import;
mod infer;
mod init;
mod interrupt;
mod lint;
mod load;
mod output;
mod proxy;
mod reconcile;
mod revision;
mod run;
mod scan;
mod traffic;
mod verdict;
mod verify;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

use crate::finding::{Finding, Level};

/// A key-schema registry and contract tester for Redis and Valkey.
///
/// A team declares each key once (pattern, type, operations, retention, payload, producer, consumers). keywire lints that
/// registry, generates typed writers, JSON Schemas and wiring docs from it, and proves that code and keyspace keep it.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  clean
  1  findings at or above --fail-on
  2  usage, or an invalid registry
  3  could not look, or too little evidence (no connection, incomplete scan, nothing seen)
  130  interrupted

Examples:
  keywire init                                      start a registry in ./schema
  keywire lint                                      is the registry sound?
  keywire generate --check                          is any generated file stale?
  keywire verify --redis redis://127.0.0.1:6379/0   does the keyspace keep the contract?
  keywire watch --until 60s                         does the traffic keep it?
  keywire run --as jobs -- python3 jobs.py          does a program keep it?
  keywire explain ttl-missing                       what does a rule mean?
  keywire explain user:17:cart                      whose key is it, who reads it?
  keywire demo                                      the whole loop on this machine";

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a starter registry, or a new module with its worker
    Init(init::InitArgs),
    /// Check that the registry is sound (offline)
    Lint(lint::LintArgs),
    /// Write everything that follows from the registry: Rust, JSON Schemas, docs, contract tests
    Generate(generate::GenerateArgs),
    /// Check the keyspace of a live server against the registry (read-only)
    Verify(verify::VerifyArgs),
    /// Check the traffic of a live server, or a recorded log, against the registry (read-only)
    Watch(watch::WatchArgs),
    /// Draft a registry from a keyspace, an RDB file or traffic (read-only)
    Infer(infer::InferArgs),
    /// Stand between clients and a server: judge all calls and their answers, and refuse what breaks the contract
    Proxy(proxy::ProxyArgs),
    /// Run any program under contract, with a server of its own
    Run(run::RunArgs),
    /// Put what is declared beside what code, keyspace and traffic show, and name what disagrees
    Reconcile(reconcile::ReconcileArgs),
    /// Put the coverage of several runs together
    Coverage(coverage::CoverageArgs),
    /// Who may do what: the ACL users that follow from the registry, written or compared with a server's
    Acl(acl::AclArgs),
    /// Make a draft registry of documents: wiring docs, AsyncAPI, lists of keys
    Import(import::ImportArgs),
    /// What changed between two registries, or since a git revision
    Diff(diff::DiffArgs),
    /// What changed since a revision, as markdown for a change log
    Changelog(changelog::ChangelogArgs),
    /// Who breaks by what changed, and who must deploy first
    Breaking(breaking::BreakingArgs),
    /// The one word for CI: lint, generate --check, breaking, the program of each module under contract, verify
    Ci(ci::CiArgs),
    /// Findings that are known: who answers for them, why they may stay, and until when
    Baseline(baseline::BaselineArgs),
    /// Explain a rule, or which pattern a key belongs to, who writes and who reads it
    Explain(explain::ExplainArgs),
    /// Read source code, and tell each key and channel with what is done to it (offline)
    Extract(extract::ExtractArgs),
    /// Run the whole loop on this machine with an embedded server
    Demo(demo::DemoArgs),
}

/// Where the registry is. The same for all commands.
#[derive(Debug, Clone, Args)]
struct RegistryArgs {
    /// Folder of the registry [default: `registry` in keywire.toml, found by walking up, else ./schema]
    #[arg(long, value_name = "DIR")]
    registry: Option<PathBuf>,
}

/// How findings are reported. The same for all commands that judge.
#[derive(Debug, Args)]
struct ReportArgs {
    #[command(flatten)]
    format: formats::Formats,
    /// The lightest level that makes the exit code 1
    #[arg(long, value_name = "LEVEL", default_value = "warning", value_parser = output::level_names())]
    fail_on: String,
}

/// How a command ends. Decided here and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    Clean,
    Findings,
    /// Usage, or an invalid registry.
    Invalid,
    /// Could not look, or too little evidence.
    NoEvidence,
    Interrupted,
}

impl Exit {
    fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Invalid => 2,
            Self::NoEvidence => 3,
            Self::Interrupted => 130,
        }
    }

    /// In a word.
    fn as_str(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Findings => "findings",
            Self::Invalid => "invalid",
            Self::NoEvidence => "too little evidence",
            Self::Interrupted => "interrupted",
        }
    }

    /// By the heaviest finding.
    fn of(findings: &[Finding], fail_on: Level) -> Self {
        if findings.iter().any(|finding| finding.level >= fail_on) { Self::Findings } else { Self::Clean }
    }
}

/// An error that is the user's to mend in what they typed or wrote: exit code 2.
#[derive(Debug)]
struct UsageError(String);

impl std::fmt::Display for UsageError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UsageError {}

fn usage(message: impl Into<String>) -> anyhow::Error {
    UsageError(message.into()).into()
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let exit = match run(cli.command) {
        Ok(exit) => exit,
        Err(error) => {
            let is_usage = error.downcast_ref::<UsageError>().is_some();
            output::error(&format!("{error:#}"));
            if is_usage { Exit::Invalid } else { Exit::NoEvidence }
        }
    };
    ExitCode::from(exit.code())
}

fn run(command: Command) -> Result<Exit> {
    match command {
        Command::Init(args) => init::run(&args),
        Command::Lint(args) => lint::run(&args),
        Command::Generate(args) => generate::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Watch(args) => watch::run(&args),
        Command::Infer(args) => infer::run(&args),
        Command::Proxy(args) => proxy::run(&args),
        Command::Run(args) => run::run(&args),
        Command::Reconcile(args) => reconcile::run(&args),
        Command::Coverage(args) => coverage::run(&args),
        Command::Acl(args) => acl::run(&args),
        Command::Import(args) => import::run(&args),
        Command::Ci(args) => ci::run(&args),
        Command::Baseline(args) => baseline::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Changelog(args) => changelog::run(&args),
        Command::Breaking(args) => breaking::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Extract(args) => extract::run(&args),
        Command::Demo(args) => demo::run(&args),
    }
}
