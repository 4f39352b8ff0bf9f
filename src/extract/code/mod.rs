//! Source code as an origin: what a program does to Redis, read from its text without running it.
//!
//! Files -> `languages/*` lower each syntax tree to the neutral [`program`] -> the evaluator resolves names, keys and clients over
//! all files -> calls on Redis clients as words of commands -> sightings. Only `languages/*` know tree-sitter and the libraries of
//! their language.

pub mod calls;
pub mod evaluate;
pub mod files;
pub mod flow;
pub mod index;
pub mod languages;
pub mod maps;
pub mod mentions;
pub mod modules;
pub mod program;
pub mod reach;
pub mod sightings;
mod variables;

use std::path::PathBuf;
use std::thread;

use anyhow::{Context, Result, anyhow};

use self::evaluate::Evaluator;
pub use self::reach::Reach;
pub use self::sightings::{Known, KnownBus};
pub use self::variables::declare;
use super::{Sighting, Unresolved};

/// What was found in source code.
#[derive(Debug, Default)]
pub struct Extract {
    /// Keys and channels with who does what to them.
    pub sightings: Vec<Sighting>,
    /// What could not be told.
    pub unresolved: Vec<Unresolved>,
    /// Configuration variables that TTLs and bounds name, by module.
    pub config: Vec<(String, calls::Config)>,
    /// From where each file is run.
    pub reach: Vec<(PathBuf, Reach)>,
    /// Lines that could not be read, by file.
    pub faults: Vec<(PathBuf, Vec<u32>)>,
    /// Files and folders that were not read, with the reason.
    pub skipped: files::Skipped,
}

/// Reads the files under some paths, in all languages or one.
///
/// # Errors
/// Where a path cannot be read, or the language is not known.
pub fn extract(paths: &[PathBuf], language: Option<&str>, known: &Known) -> Result<Extract> {
    extract_telling(paths, language, known, &|_, _, _| {})
}

/// What is being done, for those who wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Files are read.
    Reading,
    /// Calls are followed.
    Following,
}

/// Told how much of a step is done, of how much; from any thread.
pub type Told<'t> = &'t (dyn Fn(Step, usize, usize) + Sync);

/// The same, telling how far it is.
///
/// # Errors
/// Where a path cannot be read, or the language is not known.
pub fn extract_telling(paths: &[PathBuf], language: Option<&str>, known: &Known, told: Told<'_>) -> Result<Extract> {
    let (files, mut skipped) = files::files(paths, language)?;
    let (sources, unread) = files::read(&files, told)?;
    skipped.extend(unread);
    thread::scope(|scope| {
        let work = || of_sources(&sources, known, told);
        let thread = thread::Builder::new()
            .stack_size(files::STACK)
            .spawn_scoped(scope, work)
            .context("cannot start a thread")?;
        let extract = thread.join().map_err(|_| anyhow!("the program could not be followed"))?;
        Ok(Extract { skipped, ..extract })
    })
}

/// What some files do, as one program.
#[must_use]
pub fn of_sources(sources: &[index::Source], known: &Known, told: Told<'_>) -> Extract {
    let files = index::Program::files(sources);
    let modules = modules::Modules::new(&files);
    let imports = reach::imports(&files, &modules);
    let beside = reach::beside(&files, &imports);
    let reach = reach::reach(&files, &imports);
    let program = index::Program::new(sources, &beside);
    let (candidates, flow) = thread::scope(|scope| {
        let candidates = || calls::candidates(&program);
        let beside = thread::Builder::new().stack_size(files::STACK).spawn_scoped(scope, candidates);
        let flow = flow::Flow::new(&program, &modules);
        (beside.ok().and_then(|thread| thread.join().ok()).unwrap_or_else(candidates), flow)
    });
    let apart = sightings::tests(&program, &reach, known);
    let calls = calls::calls(&candidates, Evaluator::new(&program, modules, flow, apart), told);
    let sightings::Together { sightings, unresolved, config } = sightings::sightings(&program, calls, &reach, known);
    let paths = sources.iter().map(|source| source.unit.path.clone());
    let faulty = sources.iter().filter(|source| !source.unit.faults.is_empty());
    let faults = faulty.map(|source| (source.unit.path.clone(), source.unit.faults.clone())).collect();
    Extract { sightings, unresolved, config, reach: paths.zip(reach).collect(), faults, skipped: Vec::new() }
}
