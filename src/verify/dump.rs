//! The contract check of one bus by what its servers saved: RDB files in place of a connection.
//!
//! In: a request and files. Out: an outcome as of a live server, at the moment of saving. There is no second look: in a
//! file nothing moves.

use std::cell::Cell;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use tokio::sync::mpsc;

use super::{Evidence, Outcome, Request, WAITING, entries, judge_all, round};
use crate::check::{Checker, Judge, Options};
use crate::observe::ahead::Ahead;
use crate::observe::rdb::{Coverage, Dump};
use crate::observe::{Look, Want, input};
use crate::registry::Registry;
use crate::server::connect::{self, NodeSizes, Sentinels};

/// Verifies one bus by RDB files: one of a server, or one of each primary of a cluster. The URL of the request is not
/// connected to; it only says which database is meant. `-` is standard input. `progress` is told bytes read of a file, and
/// its size. Ends early, with what was seen until then, when `stop` does. Not to be called from async code.
///
/// # Errors
/// When a file cannot be read, is damaged or cut off, with the place; or the registry cannot be checked.
pub fn verify_dumps(
    registry: &Registry,
    request: &Request,
    files: &[PathBuf],
    stop: impl Future<Output = ()>,
    progress: impl Fn(u64, Option<u64>),
) -> Result<Outcome> {
    let started = Instant::now();
    let options = Options {
        module: request.module,
        all: request.all,
        config: request.config.clone(),
        approximate_slack: NodeSizes::default().stream_entries,
    };
    let checker = Checker::new(registry, request.bus, options)?;
    let run = Run {
        runtime: tokio::runtime::Builder::new_current_thread().enable_all().build()?,
        request,
        checker: &checker,
        wants: checker.wants(),
        database: database(&request.url)?,
        stopped: Cell::new(false),
        progress: &progress,
    };
    let mut judge = Judge::new(&checker, request.show_values);
    let mut stop = pin!(stop);
    let mut seen = Seen { complete: true, ..Seen::default() };
    for file in files {
        judge = run.read(file, judge, stop.as_mut(), &mut seen)?;
        if run.stopped.get() {
            seen.complete = false;
            break;
        }
    }
    let verdict = judge.finish(seen.complete);
    let bus = registry.bus(request.bus).name.clone();
    let shown = |file: &PathBuf| match file.as_path() {
        file if file == Path::new(input::STANDARD_INPUT) => "standard input".to_owned(),
        file => file.display().to_string(),
    };
    let names: Vec<String> = files.iter().map(shown).collect();
    let evidence = Evidence {
        bus: bus.clone(),
        url: names.join(", "),
        server: seen.server,
        keys_in_database: seen.in_database,
        keys_elsewhere: Some(seen.elsewhere),
        keys_scanned: seen.scanned,
        keys_judged: verdict.keys,
        keys_undeclared: verdict.undeclared,
        values_judged: verdict.values,
        values_unread: verdict.unread,
        depth: request.depth.as_str(),
        complete: seen.complete,
        seconds: round(started.elapsed()),
    };
    Ok(Outcome { coverage: entries(&checker, &bus, &verdict.seen), findings: verdict.findings, evidence })
}

/// What all files together came to.
#[derive(Default)]
struct Seen {
    server: String,
    in_database: Option<u64>,
    scanned: u64,
    elsewhere: u64,
    complete: bool,
}

/// What is the same for all files.
struct Run<'a, 'r> {
    runtime: tokio::runtime::Runtime,
    request: &'a Request,
    checker: &'a Checker<'r>,
    wants: Vec<Want>,
    database: u64,
    stopped: Cell<bool>,
    progress: &'a dyn Fn(u64, Option<u64>),
}

impl<'a, 'r> Run<'a, 'r> {
    /// Reads one file, and gives the judge back.
    fn read(
        &self,
        file: &Path,
        judge: Judge<'a, 'r>,
        stop: std::pin::Pin<&mut dyn Future<Output = ()>>,
        seen: &mut Seen,
    ) -> Result<Judge<'a, 'r>> {
        let input = input::open(file)?;
        let told = Told { read: &input.read, size: input.size, progress: self.progress };
        let ahead = Ahead::start(input.reader, &self.runtime, stop, &self.stopped)?;
        let dump = match Dump::open(told.of(ahead)) {
            Ok(dump) => dump,
            // What looks like the end of the file is the end of our patience.
            Err(_) if self.stopped.get() => return Ok(judge),
            Err(error) => return Err(error.context(format!("cannot read {}", file.display()))),
        };
        if seen.server.is_empty() {
            dump.server().clone_into(&mut seen.server);
        }
        let mut coverage = Coverage::default();
        let (judge, looked) = self.judge(dump, judge, &mut coverage);
        seen.in_database = match (seen.in_database, coverage.in_database) {
            (Some(all), Some(here)) => Some(all.saturating_add(here)),
            (all, here) => all.or(here),
        };
        seen.scanned += coverage.scanned;
        seen.elsewhere += coverage.elsewhere;
        let judge = judge.ok_or_else(|| anyhow!("the judge stopped; this is a fault of keywire, please report it"))?;
        if !self.stopped.get() {
            looked.with_context(|| format!("{} could not be read to its end", file.display()))?;
        }
        Ok(judge)
    }

    fn judge(
        &self,
        dump: Dump<'_>,
        mut judge: Judge<'a, 'r>,
        coverage: &mut Coverage,
    ) -> (Option<Judge<'a, 'r>>, Result<()>) {
        #[allow(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
        if let Some(saved) = dump.saved_ms() {
            judge.at(saved as f64);
        }
        let (sender, receiver) = mpsc::channel(WAITING);
        std::thread::scope(|scope| {
            let judging = scope.spawn(move || judge_all(judge, receiver));
            let look = Look {
                depth: self.request.depth,
                claim: &|name| self.checker.claim(name),
                unclaimed: &|name| self.checker.is_ours(name),
                wants: &self.wants,
            };
            let looked =
                dump.look(&look, self.database, &mut |portion| sender.blocking_send(portion).is_ok(), coverage);
            drop(sender);
            (judging.join().ok(), looked)
        })
    }
}

/// Who is told of how far the reading is.
struct Told<'a> {
    read: &'a AtomicU64,
    size: Option<u64>,
    progress: &'a dyn Fn(u64, Option<u64>),
}

impl Told<'_> {
    fn of<R: Read>(self, reader: R) -> impl Read {
        Telling { reader, told: self }
    }
}

struct Telling<'a, R> {
    reader: R,
    told: Told<'a>,
}

impl<R: Read> Read for Telling<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        (self.told.progress)(self.told.read.load(Ordering::Relaxed), self.told.size);
        self.reader.read(buffer)
    }
}

/// The number of the database that a URL names: 0 if it names none, or there is no URL.
fn database(url: &str) -> Result<u64> {
    if url.is_empty() {
        return Ok(0);
    }
    Ok(u64::from(match Sentinels::parse(url)? {
        Some(sentinels) => sentinels.database(),
        None => connect::parse_url(url)?.database(),
    }))
}
