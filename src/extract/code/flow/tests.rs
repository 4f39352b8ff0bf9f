use std::path::{Path, PathBuf};

use super::Flow;
use crate::extract::code::evaluate::Evaluator;
use crate::extract::code::index::{Program, Source};
use crate::extract::code::maps::HashSet;
use crate::extract::code::modules::Modules;
use crate::extract::code::{calls, files, reach};

/// What is found in some files, where nothing is left out, or where what tells nothing is.
fn found(sources: &[Source], blind: bool) -> Vec<calls::Found> {
    let listed = Program::files(sources);
    let mut beside = reach::beside(&listed, &reach::imports(&listed, &Modules::new(&listed)));
    beside.iter_mut().for_each(|beside| *beside |= blind);
    let program = Program::new(sources, &beside);
    let modules = Modules::new(&program);
    let flow = Flow { blind, ..Flow::new(&program, &modules) };
    let candidates = calls::candidates(&program);
    let evaluator = Evaluator::new(&program, modules, flow, HashSet::default());
    calls::calls(&candidates, evaluator, &|_, _, _| {}).found
}

fn folders(under: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(under).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

#[test]
fn what_is_not_looked_at_would_tell_nothing() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/extract");
    let mut cases = 0;
    for folder in folders(&fixtures).iter().flat_map(|language| folders(language)) {
        let (paths, _) = files::files(std::slice::from_ref(&folder), None).unwrap();
        let (sources, _) = files::read(&paths, &|_, _, _| {}).unwrap();
        let (few, all) = (found(&sources, false), found(&sources, true));
        assert_eq!(few.len(), all.len(), "{}", folder.display());
        // Scopes have other numbers where files are left out.
        for (one, other) in few.into_iter().zip(all) {
            assert_eq!(calls::Found { scope: other.scope, ..one }, other, "{}", folder.display());
        }
        cases += 1;
    }
    assert!(cases > 100, "{cases} cases");
}
