//! `keywire infer`: its options, which origins are read, and the draft that comes of it.

pub(super) mod origins;
pub(super) mod report;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::{Exit, ReportArgs, draft, interrupt, usage};
use crate::extract::infer::origins::{KeyspaceSeen, Looking, TrafficSeen};
use crate::extract::infer::{Collector, Options, sightings};
use crate::observe::Depth;
use crate::observe::live::Pace;
use origins::Asked;

/// Arguments of `infer`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  keywire infer --redis redis://127.0.0.1:6379/0               what the keyspace shows, as YAML on the terminal
  keywire infer --redis redis://10.0.0.5:6379 --watch 60s --out schema
                                                                and who does what, from a minute of traffic
  keywire infer --rdb dump.rdb --log monitor.log.gz --out schema  what a server saved, and its recorded traffic
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
    /// A live server, any node of a cluster, or Sentinels, as for `verify`
    #[arg(long, value_name = "URL", conflicts_with = "rdb")]
    redis: Option<String>,
    /// An RDB file in place of a server; of a cluster, one of each primary. `-` is standard input
    #[arg(long, value_name = "FILE")]
    rdb: Vec<PathBuf>,
    /// A recorded MONITOR log: plain, gzip or zstd; `-` is standard input
    #[arg(long, value_name = "FILE", conflicts_with = "watch")]
    log: Option<PathBuf>,
    /// What CLIENT LIST printed when the log was recorded: tells whose connections are whose
    #[arg(long, value_name = "FILE", requires = "log")]
    clients: Option<PathBuf>,
    /// Watch the server's traffic (MONITOR) for so long before its keys are looked at, such as 60s or 5m
    #[arg(long, value_name = "TIME", value_parser = super::watch::duration, requires = "redis")]
    watch: Option<std::time::Duration>,
    /// Only keys whose names match this glob
    #[arg(long = "match", value_name = "GLOB")]
    glob: Option<String>,
    /// The database, of a file or a log; of a server its URL says it [default: 0 of a file, all of a log]
    #[arg(long, value_name = "NUMBER", conflicts_with = "redis")]
    database: Option<u32>,
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

#[derive(Debug, Clone, Copy, ValueEnum)]
enum DepthArg {
    /// Names, types, TTLs and sizes
    Keys,
    /// Values too, but of each sort of name and of each container only some
    Sample,
    /// Everything
    Full,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum PaceArg {
    /// Small pages with rests: other clients hardly notice
    Polite,
    /// Large pages, one after the other: for servers that are yours alone
    Fast,
}

impl InferArgs {
    fn depth(&self) -> Depth {
        match self.depth {
            DepthArg::Keys => Depth::Keys,
            DepthArg::Sample => Depth::Sample,
            DepthArg::Full => Depth::Full,
        }
    }

    fn pace(&self) -> Pace {
        match self.pace {
            PaceArg::Polite => Pace::Polite,
            PaceArg::Fast => Pace::Fast,
        }
    }
}

/// What was covered.
struct Seen {
    keyspace: Option<KeyspaceSeen>,
    traffic: Option<TrafficSeen>,
}

fn asked(args: &InferArgs) -> Asked<'_> {
    let database = u64::from(args.database.unwrap_or(0));
    Asked {
        label: &args.bus,
        redis: args.redis.as_deref(),
        rdb: &args.rdb,
        log: args.log.as_deref(),
        clients: args.clients.as_deref(),
        watch: args.watch,
        looking: Looking { depth: args.depth(), pace: args.pace(), glob: args.glob.clone(), database },
        database: args.database,
        all_are: args.all_are.clone(),
        party: None,
    }
}

pub(super) fn run(args: &InferArgs) -> Result<Exit> {
    if args.redis.is_none() && args.rdb.is_empty() && args.log.is_none() {
        return Err(usage("nothing to look at: give --redis URL, --rdb FILE or --log FILE"));
    }
    let interrupted = interrupt::watch()?;
    let mut collector = Collector::default();
    let asked = asked(args);
    let servers = origins::servers(asked.redis)?;
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
    };
    let sightings = sightings(collector, &options);
    let exit = report::write(args, &sightings, &seen)?;
    Ok(if *interrupted.borrow() { Exit::Interrupted } else { exit })
}
