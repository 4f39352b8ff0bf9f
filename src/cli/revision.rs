//! A registry as it was at a git revision, read through git without a checkout.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::usage;
use crate::registry::{self, LoadError, Registry};

/// The registry that a word means: a folder, else a git revision of the folder of the registry.
pub(super) fn named(word: &str, folder: &Path) -> Result<Registry> {
    let path = Path::new(word);
    if path.is_dir() {
        return registry::load(path).map_err(|error| invalid(word, &error));
    }
    at(word, folder)
}

/// Is a folder part of a git repository?
pub(super) fn is_repository(folder: &Path) -> bool {
    git(folder, &["rev-parse", "--git-dir"]).is_ok()
}

/// Does the repository of a folder know a revision?
pub(super) fn exists(revision: &str, folder: &Path) -> bool {
    commit(revision, folder).is_ok()
}

/// Was there a registry, in a folder or at a revision?
pub(super) fn had_registry(word: &str, folder: &Path) -> Result<bool> {
    let path = Path::new(word);
    if path.is_dir() {
        return Ok(path.join("registry.yaml").is_file());
    }
    let commit = commit(word, folder)?;
    Ok(git(folder, &["cat-file", "-e", &format!("{commit}:./registry.yaml")]).is_ok())
}

/// The commit of a revision; with `...` at its end, the last one that it has in common with what is checked out.
fn commit(revision: &str, folder: &Path) -> Result<String> {
    // A word that git would take for an option is no revision.
    if revision.starts_with('-') {
        return Err(usage(format!("`{revision}` is neither a folder nor a git revision")));
    }
    let (word, since) = revision.strip_suffix("...").map_or((revision, false), |word| (word, true));
    let commit = git(folder, &["rev-parse", "--verify", "--quiet", &format!("{word}^{{commit}}")]).map_err(|error| {
        usage(format!(
            "`{word}` is neither a folder nor a git revision here ({error:#}); in CI fetch it first: git fetch origin {word}"
        ))
    })?;
    let commit = commit.trim().to_owned();
    if !since {
        return Ok(commit);
    }
    // Without one in common, as in a shallow clone, the revision itself is as near as it gets.
    Ok(git(folder, &["merge-base", &commit, "HEAD"]).map_or(commit, |base| base.trim().to_owned()))
}

/// The registry of a folder at a git revision.
pub(super) fn at(revision: &str, folder: &Path) -> Result<Registry> {
    let commit = &commit(revision, folder)?;
    let listed = git(folder, &["ls-tree", "-r", "--name-only", "-z", commit, "."])?;
    let is_part = |path: &&str| {
        let in_modules = path.strip_prefix("modules/").is_some_and(|name| !name.contains('/'));
        *path == "registry.yaml" || in_modules && (path.ends_with(".yaml") || path.ends_with(".yml"))
    };
    let mut paths: Vec<&str> = listed.split('\0').filter(is_part).collect();
    if !paths.contains(&"registry.yaml") {
        return Err(usage(format!("there was no registry in {} at {revision}", folder.display())));
    }
    paths.sort_by_key(|path| (*path != "registry.yaml", *path));
    let mut texts: Vec<(PathBuf, String)> = Vec::new();
    for path in paths {
        let text = git(folder, &["show", &format!("{commit}:./{path}")])?;
        texts.push((PathBuf::from(format!("{revision}:{path}")), text));
    }
    registry::load_texts(texts).map_err(|error| invalid(revision, &error))
}

/// The tags like a glob that are merged into the commit at hand, the newest first.
pub(super) fn tags(glob: &str, folder: &Path) -> Result<Vec<String>> {
    let listed = git(folder, &["tag", "--list", "--merged", "HEAD", "--sort=-creatordate", "--", glob])?;
    let tags: Vec<String> = listed.lines().map(str::to_owned).collect();
    if tags.is_empty() {
        return Err(usage(format!("no tag like `{glob}` is merged here; in CI fetch them first: git fetch --tags")));
    }
    Ok(tags)
}

fn invalid(word: &str, error: &LoadError) -> anyhow::Error {
    usage(format!("the registry of {word} cannot be read: {error}"))
}

/// What git says, asked in a folder.
fn git(folder: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).output().context("cannot run git")?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr);
        let why = why.lines().next().unwrap_or("it does not know it").to_owned();
        return Err(usage(format!("git {}: {why}", arguments[0])));
    }
    String::from_utf8(output.stdout).context("git gave what is not UTF-8")
}
