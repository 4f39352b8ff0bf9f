//! What comes out: texts that say all that they said before, and that are a registry.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Merged, Work, conflict, edit};
use crate::finding::Finding;
use crate::registry::{LoadError, load_texts};
use crate::source::{self, FileId};

/// The texts that change or are new, what was added to each, and what contradicts.
pub(super) fn texts(mut work: Work<'_>) -> (Vec<(PathBuf, String)>, Vec<(PathBuf, Vec<String>)>, Vec<Finding>) {
    let (mut texts, mut added) = (Vec::new(), Vec::new());
    for (at, additions) in work.additions.iter_mut().enumerate() {
        additions.settle(&work.registry.trees[at]);
        let (path, text) = &work.texts[at];
        for what in &additions.refused {
            work.findings.push(conflict::not_added(&work.registry.trees[at], what));
        }
        if additions.inserts.is_empty() {
            continue;
        }
        let old = &work.registry.trees[at];
        let kept = |new: &String| source::parse(FileId(0), new).is_ok_and(|tree| edit::contains(&tree, old));
        let new = [true, false].into_iter().map(|comments| edit::apply(text, &additions.inserts, comments)).find(kept);
        match new {
            Some(new) => {
                texts.push((path.clone(), new));
                added.push((path.clone(), additions.added.clone()));
            }
            None => work.findings.push(conflict::not_added(old, &additions.added.join(", "))),
        }
    }
    for (path, text, told) in work.new_files {
        texts.push((path.clone(), text));
        added.push((path, told));
    }
    work.findings.sort_by(|a, b| (a.place, a.rule, &a.subject).cmp(&(b.place, b.rule, &b.subject)));
    (texts, added, work.findings)
}

/// Leaves files as they were that would make the registry invalid: a draft may know of a key what cannot be said beside what is
/// written.
pub(super) fn leave_what_breaks(texts: &[(PathBuf, String)], merged: &mut Merged) {
    // Each turn gives up one file at least.
    while !merged.texts.is_empty() {
        let changed = |path: &Path| merged.texts.iter().find(|(known, _)| known == path).map(|(_, text)| text.clone());
        let mut all: Vec<(PathBuf, String)> =
            texts.iter().map(|(path, text)| (path.clone(), changed(path).unwrap_or_else(|| text.clone()))).collect();
        all.extend(merged.texts.iter().filter(|(path, _)| !texts.iter().any(|(known, _)| known == path)).cloned());
        let Err(LoadError::Invalid(sources, faults)) = load_texts(all) else { return };
        let mut broken: BTreeSet<PathBuf> =
            faults.iter().map(|fault| sources.file(fault.span.file).path.clone()).collect();
        broken.retain(|path| merged.texts.iter().any(|(known, _)| known == path));
        if broken.is_empty() {
            broken.extend(merged.texts.iter().map(|(path, _)| path.clone()));
        }
        merged.texts.retain(|(path, _)| !broken.contains(path));
        for (path, what) in merged.added.iter().filter(|(path, _)| broken.contains(path)) {
            let at = texts.iter().position(|(known, _)| known == path).unwrap_or(0);
            let why = faults.first().map_or_else(String::new, |fault| format!(" ({})", fault.message));
            let what = format!("{}: {}{why}", path.display(), what.join(", "));
            merged.findings.push(conflict::not_added(&merged.registry.trees[at], &what));
        }
        merged.added.retain(|(path, _)| !broken.contains(path));
    }
}
