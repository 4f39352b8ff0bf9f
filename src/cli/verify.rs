//! `keywire verify`: its options, and a request for each bus.

pub(super) mod report;

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::scan::{DepthArg, PaceArg};
use super::{Exit, RegistryArgs, ReportArgs, interrupt, load, output, usage};
use crate::registry::{BusId, ModuleId, Registry};
use crate::verify::{Outcome, Request, verify, verify_dumps};

/// Arguments of `verify`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  keywire verify                                          every bus, at its own URL
  keywire verify --bus market-redis --redis redis://10.0.0.5:6379/0
  keywire verify --module spot_worker --depth sample      one module, values by sample
  keywire verify --redis 'rediss://user:pass@host:6380/0' --format json
  keywire verify --redis unix:///run/redis.sock           a unix socket
  keywire verify --redis redis+sentinel://host:26379/NAME the primary that Sentinels call NAME
  keywire verify --rdb dump.rdb                           a file that a server saved; also .gz and .zst
  keywire verify --rdb a.rdb --rdb b.rdb                  one file of each primary of a cluster
  redis-cli --rdb - | keywire verify --rdb -              standard input

It reads only. A user with these rights is enough, and none of its commands is refused:
  ACL SETUSER keywire on >PASSWORD ~* +@read +ping +info +config|get +client|setname +client|no-evict
    +client|no-touch +client|setinfo
  (Redis before 7.2 does not know the last two: leave them out. Without +config|get verify works as well, and takes the
  default node sizes for approximate trimming; the server logs what it refused. On a cluster add +cluster|slots.)")]
pub(super) struct VerifyArgs {
    #[command(flatten)]
    registry: RegistryArgs,
    /// Only this module's keys
    #[arg(long, value_name = "MODULE")]
    module: Option<String>,
    /// Only this bus
    #[arg(long, value_name = "BUS")]
    bus: Option<String>,
    /// URL of the server, of any node of a cluster, or of Sentinels, in place of the bus's own: redis://, rediss://,
    /// valkey://, unix://, redis+sentinel://
    #[arg(long, value_name = "URL", hide_env_values = true)]
    redis: Option<String>,
    /// An RDB file in place of a server; `-` is standard input. Several are those of the primaries of a cluster
    #[arg(long, value_name = "FILE", conflicts_with_all = ["redis", "pace"])]
    rdb: Vec<PathBuf>,
    /// How much of the data is looked at
    #[arg(long, value_enum, default_value = "full")]
    depth: DepthArg,
    /// How hard the server is worked
    #[arg(long, value_enum, default_value = "polite")]
    pace: PaceArg,
    /// Names outside what the bus owns are undeclared, too
    #[arg(long)]
    all: bool,
    /// A config variable's value, where the deployment does not run with the default
    #[arg(long = "set", value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Show values in examples; they may be private
    #[arg(long)]
    show_values: bool,
    #[command(flatten)]
    report: ReportArgs,
}

pub(super) fn run(args: &VerifyArgs) -> Result<Exit> {
    let loaded = match load::load_sound(&args.registry, "verify", &args.report.format)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let interrupted = interrupt::watch()?;
    let mut outcomes = Vec::new();
    for request in requests(args, &loaded.registry)? {
        let stop = interrupt::told(interrupted.clone());
        outcomes.push(look(&args.rdb, &loaded.registry, &request, stop)?);
        if *interrupted.borrow() {
            break;
        }
    }
    let verdict = report::judge(output::level(&args.report.fail_on), &loaded, outcomes);
    verdict.interrupted(*interrupted.borrow()).write(&loaded.registry.sources, &args.report)
}

/// Looks at a server, or at files if there are any, and shows how far it is.
pub(super) fn look(
    files: &[PathBuf],
    registry: &Registry,
    request: &Request,
    stop: impl Future<Output = ()>,
) -> Result<Outcome> {
    let name = &registry.bus(request.bus).name;
    let bar = if files.is_empty() { output::progress(name) } else { output::progress_bytes(name) };
    let progress = |done, of: Option<u64>| {
        bar.set_length(of.unwrap_or(done).max(done));
        bar.set_position(done);
    };
    let outcome = if files.is_empty() {
        verify(registry, request, stop, progress)
    } else {
        verify_dumps(registry, request, files, stop, progress)
    };
    bar.finish_and_clear();
    outcome
}

/// One request for each bus that has keys to judge.
fn requests(args: &VerifyArgs, registry: &Registry) -> Result<Vec<Request>> {
    let module = load::module(registry, args.module.as_deref())?;
    let only = load::bus(registry, args.bus.as_deref())?;
    let concerned = |bus: &BusId| only.is_none_or(|only| only == *bus) && has_keys(registry, *bus, module);
    let buses: Vec<BusId> = (0..registry.buses.len()).map(BusId).filter(concerned).collect();
    if buses.is_empty() {
        return Err(usage("the registry declares no keys there; nothing can be verified"));
    }
    if (args.redis.is_some() || !args.rdb.is_empty()) && buses.len() > 1 {
        let names = load::bus_names(registry, &buses);
        let given = if args.rdb.is_empty() { "--redis is one server" } else { "--rdb is of one server" };
        return Err(usage(format!("{given}, and there are keys on {names}; name one with --bus")));
    }
    let config = load::config(registry, &args.set)?;
    let request = |bus| {
        Ok(Request {
            module,
            depth: args.depth.into(),
            pace: args.pace.into(),
            all: args.all,
            config: config.clone(),
            show_values: args.show_values,
            ..Request::new(bus, url(args, registry, bus)?)
        })
    };
    buses.into_iter().map(request).collect()
}

/// Are keys declared on a bus: any, or those of a module?
pub(super) fn has_keys(registry: &Registry, bus: BusId, module: Option<ModuleId>) -> bool {
    registry.keys.iter().any(|key| key.bus == Some(bus) && module.is_none_or(|module| key.module == module))
}

/// Where the bus is; of files, in what database of them.
fn url(args: &VerifyArgs, registry: &Registry, bus: BusId) -> Result<String> {
    match load::url(registry, bus, args.redis.as_deref()) {
        Err(_) if !args.rdb.is_empty() => Ok(String::new()),
        url => url,
    }
}
