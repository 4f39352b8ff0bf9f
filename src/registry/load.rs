//! Reading a registry folder: registry.yaml and modules/*.yaml. Texts in, [`Registry`] or all faults out.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::format::{self, Fault};
use super::model::Registry;
use super::resolve::resolve;
use crate::source::{self, Node, SourceFile, Sources, Span};

/// Why a folder is not a registry.
#[derive(Debug)]
pub enum LoadError {
    /// It could not be read.
    Unreadable(anyhow::Error),
    /// It was read, and is wrong: all faults, with the files for their places.
    Invalid(Sources, Vec<Fault>),
}

impl std::fmt::Display for LoadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable(error) => write!(f, "{error:#}"),
            Self::Invalid(sources, faults) => {
                for (at, fault) in faults.iter().enumerate() {
                    let place = sources.place(fault.span);
                    let line = if at == 0 { "" } else { "\n" };
                    write!(f, "{line}{}:{}:{}: {}", place.path.display(), place.line, place.column, fault.message)?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for LoadError {}

/// Reads a registry folder.
///
/// # Errors
/// When it cannot be read, or breaks the format.
pub fn load(folder: &Path) -> Result<Registry, LoadError> {
    let texts = read_folder(folder).map_err(LoadError::Unreadable)?;
    load_texts(texts)
}

/// Reads a registry from texts with their paths; the one called `registry.yaml` is the registry, the others are modules.
///
/// # Errors
/// When a text breaks the format.
pub fn load_texts(texts: impl IntoIterator<Item = (PathBuf, String)>) -> Result<Registry, LoadError> {
    let mut sources = Sources::default();
    let mut trees = Vec::new();
    let mut faults = Vec::new();
    for (path, text) in texts {
        let file = sources.add(SourceFile::new(path, text));
        match source::parse(file, &sources.file(file).text) {
            Ok(tree) => {
                let is_registry = trees.is_empty();
                let object = if is_registry { &format::REGISTRY } else { &format::MODULE };
                faults.extend(format::conform(&tree, object));
                trees.push(tree);
            }
            Err(errors) => {
                faults.extend(errors.into_iter().map(|e| Fault { span: e.span, message: e.message, hint: None }));
                trees.push(empty(file));
            }
        }
    }
    if !faults.is_empty() {
        return Err(LoadError::Invalid(sources, faults));
    }
    resolve(sources, trees).map_err(|(sources, faults)| LoadError::Invalid(sources, faults))
}

fn empty(file: source::FileId) -> Node {
    Node { span: Span { file, start: 0, end: 0 }, kind: source::NodeKind::Mapping(Vec::new()) }
}

/// The texts of a registry folder with their paths: registry.yaml first, then the modules by file name.
///
/// # Errors
/// When there is none, or it cannot be read.
pub fn read_folder(folder: &Path) -> Result<Vec<(PathBuf, String)>> {
    let main = folder.join("registry.yaml");
    if !main.is_file() {
        let hint = "run `keywire init` to make one, or name its folder with --registry DIR";
        bail!("no registry here: {} does not exist; {hint}", main.display());
    }
    let mut texts = vec![(main.clone(), read(&main)?)];
    let modules = folder.join("modules");
    if modules.is_dir() {
        let mut paths = Vec::new();
        for item in fs::read_dir(&modules).with_context(|| format!("cannot list {}", modules.display()))? {
            let path = item.with_context(|| format!("cannot list {}", modules.display()))?.path();
            if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
                paths.push(path);
            }
        }
        paths.sort();
        for path in paths {
            texts.push((path.clone(), read(&path)?));
        }
    }
    Ok(texts)
}

fn read(path: &Path) -> Result<String> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8 text", path.display()))
}
