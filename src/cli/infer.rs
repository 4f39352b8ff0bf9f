//! `keywire infer`: its options, which origins are read, and the draft that comes of it.

pub(super) mod origins;
pub(super) mod report;

use anyhow::Result;
use clap::Args;

use super::scan::{DepthArg, PaceArg};
use super::{Exit, ReportArgs, draft, interrupt, usage};
use crate::extract::infer::origins::{KeyspaceSeen, Looking, TrafficSeen};
use crate::extract::infer::{Collector, Options, sightings};
use origins::{Asked, OriginArgs};

/// Arguments of `infer`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  keywire infer --redis redis://127.0.0.1:6379/0               what the keyspace shows, as YAML on the terminal
  keywire infer --redis redis://10.0.0.5:6379 --watch 60s --out schema
                                                                and who does what, from a minute of traffic
  keywire infer --rdb dump.rdb --log monitor.log.gz --out schema  what a server saved, and its recorded traffic
  keywire infer --redis redis://127.0.0.1:6379/0 --listen 127.0.0.1:7000 --until 10m
                                                                from what clients do who connect there: no MONITOR
  redis-cli MONITOR | keywire infer --log -                     from a pipe, until it ends or Ctrl-C
  keywire infer --redis redis://127.0.0.1 --match 'shop:*' --as shop  one program's keys, all of them its own
  keywire infer --rdb dump.rdb --into schema --dry-run             what it would add to a registry that is there
  keywire infer --rdb dump.rdb --format json                      what was seen of each pattern, for other programs

It only reads: SCAN in small pages, of values a sample. A user needs these rights, +monitor for --watch alone:
  ACL SETUSER keywire on >PASSWORD %R~* +@read +scan +ping +info +dbsize +memory|usage +client|setname +client|no-evict
    +client|list +monitor

What is written down is structure. Words of strings that are always one of a few count as structure; --no-enums leaves them
out. No other value is written unless asked for.")]
pub(super) struct InferArgs {
    #[command(flatten)]
    origins: OriginArgs,
    /// Stand between clients and the server as a proxy, and hear what they do: IP:PORT, or the path of a socket
    #[arg(long, value_name = "ADDRESS", requires = "redis", conflicts_with_all = ["watch", "log"])]
    listen: Option<String>,
    /// How long to listen, such as 10m, before the server's keys are looked at; without it until Ctrl-C, and then traffic is all
    #[arg(long, value_name = "TIME", value_parser = super::watch::duration, requires = "listen")]
    until: Option<std::time::Duration>,
    /// Only keys whose names match this glob
    #[arg(long = "match", value_name = "GLOB")]
    glob: Option<String>,
    /// What the bus is called in the draft
    #[arg(long, value_name = "NAME", default_value = "main")]
    bus: String,
    /// All connections are this module's, and what nobody is seen to write is its own [default: by the names of clients; `app` for the rest]
    #[arg(long = "as", value_name = "MODULE")]
    all_are: Option<String>,
    /// How much of the values is looked at
    #[arg(long, value_enum, default_value = "sample")]
    depth: DepthArg,
    /// How hard the server is worked
    #[arg(long, value_enum, default_value = "polite")]
    pace: PaceArg,
    /// Leave the words of closed enums out of schemas
    #[arg(long)]
    no_enums: bool,
    /// Show words that never vary in comments; they may be private
    #[arg(long)]
    show_values: bool,
    #[command(flatten)]
    draft: draft::DraftArgs,
    #[command(flatten)]
    report: ReportArgs,
}

/// What was covered.
struct Seen {
    keyspace: Option<KeyspaceSeen>,
    traffic: Option<TrafficSeen>,
}

fn asked(args: &InferArgs) -> Asked<'_> {
    let database = u64::from(args.origins.database.unwrap_or(0));
    Asked {
        label: &args.bus,
        origins: &args.origins,
        listen: args.listen.as_deref().map(|address| (address, args.until)),
        looking: Looking { depth: args.depth.into(), pace: args.pace.into(), glob: args.glob.clone(), database },
        all_are: args.all_are.clone(),
        party: None,
    }
}

pub(super) fn run(args: &InferArgs) -> Result<Exit> {
    args.report.format.check()?;
    if args.origins.is_empty() {
        return Err(usage("nothing to look at: give --redis URL, --rdb FILE or --log FILE"));
    }
    let interrupted = interrupt::watch()?;
    let mut collector = Collector::default();
    let asked = asked(args);
    let servers = origins::servers(&args.origins)?;
    // Traffic first: keys that are made while it is heard are looked at as well.
    let traffic = origins::traffic(&asked, &servers, &mut collector, &interrupted)?;
    let keyspace = origins::keyspace(&asked, &servers, &mut collector, &interrupted)?;
    let seen = Seen { keyspace, traffic };
    if collector.is_empty() {
        report::nothing(&seen);
        return Ok(if *interrupted.borrow() { Exit::Interrupted } else { Exit::NoEvidence });
    }
    let options = Options {
        bus: Some(args.bus.clone()),
        enums: !args.no_enums,
        show_values: args.show_values,
        keyspace: seen.keyspace.as_ref().is_some_and(|keyspace| keyspace.complete),
        room: true,
    };
    let clients = collector.clients().clone();
    let sightings = sightings(collector, &options);
    let exit = report::write(args, (&sightings, &clients), &seen)?;
    // Without a time, Ctrl-C is how listening ends.
    let cut_short = args.listen.is_none() || args.until.is_some();
    Ok(if cut_short && *interrupted.borrow() { Exit::Interrupted } else { exit })
}
