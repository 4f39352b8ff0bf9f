//! The corpus of `keywire extract`: all that a case expects is found, and nothing else; in each variation of it too.

mod corpus;
mod output;
mod variations;
mod workers;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use corpus::{Expected, differences};
use keywire::extract::code::{Known, declare, extract};
use keywire::extract::draft::{Plan, compose, write};
use keywire::finding::{Finding, Level};
use keywire::lint::lint;
use keywire::registry::load_texts;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/extract")
}

/// The cases of a language, by folder.
fn cases(language: &str) -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = fs::read_dir(root().join(language))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    cases
}

fn languages() -> Vec<String> {
    let folders = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap()).filter(|entry| entry.path().is_dir());
    folders.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

#[test]
fn each_case_is_found_whole_and_nothing_else() {
    let mut faults = Vec::new();
    let mut count = 0;
    for language in languages() {
        for case in cases(&language) {
            count += 1;
            let expected = Expected::read(&case);
            let known = Known { tests: true, ..Known::default() };
            let found = extract(std::slice::from_ref(&case), Some(&language), &known).unwrap();
            for fault in differences(&expected, &found, &case) {
                faults.push(format!("{language}/{}: {fault}", case.file_name().unwrap().to_string_lossy()));
            }
        }
    }
    assert!(count > 25, "the corpus is not there");
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_draft_of_each_case_is_a_sound_registry() {
    let mut faults = Vec::new();
    for language in languages() {
        for case in cases(&language) {
            let found = extract(std::slice::from_ref(&case), Some(&language), &Known::default()).unwrap();
            let plan = Plan { name: "draft".into(), bus: "redis".into(), module: "main".into() };
            let mut draft = compose(&found.sightings, &plan);
            declare(&mut draft, &found.config);
            let name = format!("{language}/{}", case.file_name().unwrap().to_string_lossy());
            match load_texts(write(&draft)) {
                Err(error) => faults.push(format!("{name}: {error}")),
                Ok(registry) => {
                    // How data is bounded the code of a case need not say.
                    let avoidable =
                        |finding: &Finding| finding.level == Level::Error && finding.rule != "missing-retention";
                    let errors = lint(&registry).into_iter().filter(avoidable);
                    faults.extend(errors.map(|finding| format!("{name}: {}: {}", finding.rule, finding.message)));
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Wants of each variation of each case of a language what the case says.
fn vary(language: &str) {
    let mut faults = Vec::new();
    let mut made: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases(language) {
        let text = fs::read_to_string(case.join("expected.json")).unwrap();
        for variation in variations::of(language, &case, &text) {
            *made.entry(variation.kind.clone()).or_default() += 1;
            let folder = tempfile::tempdir().unwrap();
            for (file, text) in &variation.files {
                let path = folder.path().join(file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            let expected = Expected::read(&case).moved(|place| variation.place(place), &variation.params);
            let known = Known { tests: true, ..Known::default() };
            let found = extract(&[folder.path().to_owned()], Some(language), &known).unwrap();
            let case = case.file_name().unwrap().to_string_lossy();
            let here = differences(&expected, &found, folder.path());
            faults.extend(here.into_iter().map(|fault| format!("{language}/{case} {}: {fault}", variation.kind)));
        }
    }
    // A generator that gives up on most cases would find nothing.
    let kinds = if language == "go" || language == "rust" { 5 } else { 8 };
    let enough = made.len() >= kinds && made.values().sum::<usize>() >= 3 * cases(language).len();
    assert!(enough, "{language}: only {made:?} were made");
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn each_variation_of_a_python_case_says_the_same() {
    vary("python");
}

#[test]
fn each_variation_of_a_javascript_case_says_the_same() {
    vary("javascript");
}

#[test]
fn each_variation_of_a_typescript_case_says_the_same() {
    vary("typescript");
}

#[test]
fn each_variation_of_a_rust_case_says_the_same() {
    vary("rust");
}

#[test]
fn each_variation_of_a_go_case_says_the_same() {
    vary("go");
}
