//! How fast, and in how much memory, source code is read, against a floor that reads and parses the same files and looks no further.
//!
//! `make bench` runs it. KEYWIRE_BENCH_FILES sets the number of Python files (default 10,000), KEYWIRE_BENCH_ROUNDS the rounds
//! (default 3), KEYWIRE_BENCH_TREE a folder in which the tree is left. Each round runs floor and extract one after the other, on
//! as many threads each, so that a busy machine slows both. Peak memory is that of extract (VmHWM, set back before).

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and ends at the first fault")]

#[path = "data/python.rs"]
mod python;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use keywire::extract::code::{Known, extract};

fn main() {
    let files = setting("KEYWIRE_BENCH_FILES", 10_000);
    let rounds = setting("KEYWIRE_BENCH_ROUNDS", 3);
    let kept = std::env::var_os("KEYWIRE_BENCH_TREE").map(PathBuf::from);
    let temporary = tempfile::tempdir().unwrap();
    let folder = kept.unwrap_or_else(|| temporary.path().to_owned());
    let paths = python::write(&folder, files);
    let bytes: u64 = paths.iter().map(|path| std::fs::metadata(path).unwrap().len()).sum();
    #[allow(clippy::cast_precision_loss, reason = "figures for people")]
    let (count, megabytes) = (paths.len() as f64, bytes as f64 / 1e6);
    println!("{} Python files of {megabytes:.0} MB, {rounds} rounds, 2 threads", paths.len());
    let mut ratios = Vec::new();
    for _ in 0..rounds {
        let start = Instant::now();
        let nodes = floor(&paths);
        let lowest = start.elapsed().as_secs_f64();
        std::hint::black_box(nodes);

        let before = forget_peak();
        let start = Instant::now();
        let found = extract(std::slice::from_ref(&folder), None, &Known::default()).unwrap();
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "  floor {lowest:>5.2} s   extract {seconds:>6.2} s   {:>5.0} files/s   {:>5.1} MB/s   ratio {:>4.1}   \
             peak memory {} MB ({before} MB before)   {} keys and channels, {} not told",
            count / seconds,
            megabytes / seconds,
            seconds / lowest,
            status("VmHWM:"),
            found.sightings.len(),
            found.unresolved.len(),
        );
        assert_eq!(found.reach.len(), paths.len());
        assert!(found.sightings.len() >= files / 100, "{} keys", found.sightings.len());
        ratios.push(seconds / lowest);
    }
    ratios.sort_by(f64::total_cmp);
    println!("  median of the ratios of time: {:.1}", ratios[ratios.len() / 2]);
}

fn setting(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// Reads and parses alone, on two threads.
fn floor(paths: &[PathBuf]) -> u64 {
    let (next, nodes) = (AtomicUsize::new(0), AtomicU64::new(0));
    let work = || {
        let mut parser = tree_sitter::Parser::new();
        parser.set_language(&tree_sitter_python::LANGUAGE.into()).unwrap();
        while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
            let tree = parser.parse(std::fs::read_to_string(path).unwrap(), None).unwrap();
            nodes.fetch_add(u64::try_from(tree.root_node().descendant_count()).unwrap(), Ordering::Relaxed);
        }
    };
    thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
    nodes.into_inner()
}

/// Sets the peak back to what is held now, and tells that in megabytes.
fn forget_peak() -> u64 {
    if Path::new("/proc/self/clear_refs").exists() {
        std::fs::write("/proc/self/clear_refs", "5").unwrap();
    }
    status("VmRSS:")
}

/// Megabytes by a line of the process's status; 0 where the system does not say.
fn status(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
