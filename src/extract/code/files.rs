//! The source files under some paths, read and lowered on two threads.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use ignore::WalkBuilder;

use super::index::Source;
use super::languages::{LANGUAGES, Language};
use super::mentions::mentions;
use super::{Step, Told};

/// Folders that hold the code of others, or what is made from code.
const OTHERS: &[&str] = &[
    "node_modules",
    "venv",
    ".venv",
    "env",
    "site-packages",
    "vendor",
    "third_party",
    "__pycache__",
    "dist",
    "build",
    "target",
    ".git",
    ".tox",
    ".mypy_cache",
    "bower_components",
    ".eggs",
];

/// Larger files are generated, and skipped.
const LARGEST: u64 = 4 << 20;

/// The lowering of deeply nested code and its evaluation need room.
pub const STACK: usize = 256 << 20;

/// The language of a file, by its extension.
#[must_use]
pub fn language_of(path: &Path) -> Option<&'static Language> {
    let extension = path.extension()?.to_str()?;
    LANGUAGES.iter().find(|language| language.extensions.contains(&extension)).copied()
}

/// Files that are not read, each with the reason.
pub type Skipped = Vec<(PathBuf, String)>;

/// The files under the paths in a language that is known, or in this one, sorted; and those of them that are left out.
///
/// # Errors
/// Where a path is not there, or no language has that name.
pub fn files(paths: &[PathBuf], language: Option<&str>) -> Result<(Vec<PathBuf>, Skipped)> {
    if let Some(name) = language
        && !LANGUAGES.iter().any(|language| language.name == name)
    {
        let names: Vec<&str> = LANGUAGES.iter().map(|language| language.name).collect();
        bail!("no language is called `{name}`; there are {}", names.join(", "));
    }
    let wanted = |path: &Path| language_of(path).is_some_and(|known| language.is_none_or(|name| known.name == name));
    let (mut found, mut skipped) = (Vec::new(), Vec::new());
    for path in paths {
        let metadata = std::fs::metadata(path).with_context(|| format!("cannot read {}", path.display()))?;
        if metadata.is_file() {
            found.push(path.clone());
            continue;
        }
        let walk = WalkBuilder::new(path)
            .require_git(false)
            .filter_entry(|entry| {
                entry.depth() == 0 || !entry.file_name().to_str().is_some_and(|name| OTHERS.contains(&name))
            })
            .build();
        for entry in walk {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    skipped.push((path.clone(), error.to_string()));
                    continue;
                }
            };
            let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
            if is_file && wanted(entry.path()) {
                found.push(entry.into_path());
            }
        }
    }
    found.sort();
    found.dedup();
    found.retain(|path| {
        let size = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
        if size > LARGEST {
            let reason = format!("{} MB; files of more than {} MB are taken for generated", size >> 20, LARGEST >> 20);
            skipped.push((path.clone(), reason));
        }
        size <= LARGEST
    });
    Ok((found, skipped))
}

/// Reads and lowers files; tells which could not be read. What is no UTF-8 is read as far as it goes, but no binary file.
///
/// # Errors
/// When no thread can be started.
pub fn read(files: &[PathBuf], told: Told<'_>) -> Result<(Vec<Source>, Skipped)> {
    let (next, read) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        let (mut done, mut skipped) = (Vec::new(), Vec::new());
        while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            told(Step::Reading, read.fetch_add(1, Ordering::Relaxed), files.len());
            let Some(language) = language_of(path) else { continue };
            let bytes = match std::fs::read(path) {
                Ok(bytes) if bytes.contains(&0) => {
                    skipped.push((path.clone(), "not text".to_owned()));
                    continue;
                }
                Ok(bytes) => bytes,
                Err(error) => {
                    skipped.push((path.clone(), error.to_string()));
                    continue;
                }
            };
            let text: Arc<str> = String::from_utf8_lossy(&bytes).into();
            let speaks = mentions(&text);
            done.push(Source { unit: (language.lower)(path, text), language, speaks });
        }
        (done, skipped)
    };
    let (mut sources, mut skipped) = thread::scope(|scope| -> Result<(Vec<Source>, Skipped)> {
        let threads: Vec<_> = (0..2)
            .map(|_| {
                thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).context("cannot start a thread")
            })
            .collect::<Result<_>>()?;
        let (mut all, mut skipped) = (Vec::new(), Vec::new());
        for thread in threads {
            let (sources, more) = thread.join().map_err(|_| anyhow!("a source file could not be read"))?;
            all.extend(sources);
            skipped.extend(more);
        }
        Ok((all, skipped))
    })?;
    sources.sort_by(|a, b| a.unit.path.cmp(&b.unit.path));
    skipped.sort();
    Ok((sources, skipped))
}
