//! Names to patterns on the layouts in tests/fixtures/infer: those of libraries, captured from a server, and those that
//! applications are used to. A folder with keys.jsonl and expected.toml is a test.

use std::path::{Path, PathBuf};

use keywire::extract::infer::names::{Found, Limits, Merge, Signature, Tree};

/// What a captured line says of a key: its type, and words for the shape of its value.
#[derive(Debug, Clone, PartialEq)]
struct Seen(Signature);

impl Merge for Seen {
    fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    fn signature(&self) -> Signature {
        self.0.clone()
    }
}

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/infer");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("keys.jsonl").exists())
        .collect();
    folders.sort();
    assert!(folders.len() > 20, "the layouts are not there: {folders:?}");
    folders
}

fn lines(folder: &Path) -> Vec<(String, Seen)> {
    let text = std::fs::read_to_string(folder.join("keys.jsonl")).unwrap();
    text.lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let words = line["shape"].as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned());
            let mut signature: Signature = words.collect();
            if signature.is_empty() {
                // No type: a key that was gone before anybody could look, known from the traffic alone.
                signature.extend(line["type"].as_str().map(str::to_owned));
            }
            (line["name"].as_str().unwrap().to_owned(), Seen(signature))
        })
        .collect()
}

/// Names alone.
fn bare(keys: &[(String, Seen)]) -> Vec<String> {
    let mut tree = Tree::new(Limits::default());
    keys.iter().for_each(|(name, _)| tree.add(name.as_bytes(), ()));
    tree.patterns().into_iter().map(|found| found.pattern).collect()
}

fn differences(folder: &Path, what: &str, expected: &[&str], found: &[&str]) -> Option<String> {
    let missing: Vec<_> = expected.iter().filter(|pattern| !found.contains(pattern)).collect();
    let extra: Vec<_> = found.iter().filter(|pattern| !expected.contains(pattern)).collect();
    let differ = !missing.is_empty() || !extra.is_empty();
    differ.then(|| format!("{}{what}\n  missing {missing:#?}\n  extra {extra:#?}", folder.display()))
}

fn patterns<'k>(keys: impl Iterator<Item = &'k (String, Seen)>) -> Vec<Found<Seen>> {
    let mut tree = Tree::new(Limits::default());
    for (name, seen) in keys {
        tree.add(name.as_bytes(), seen.clone());
    }
    tree.patterns()
}

#[test]
fn layouts_come_back_as_documented() {
    let mut faults = Vec::new();
    for folder in folders() {
        let expected: toml::Table = std::fs::read_to_string(folder.join("expected.toml")).unwrap().parse().unwrap();
        let listed = |name: &str| -> Option<Vec<&str>> {
            Some(expected.get(name)?.as_array().unwrap().iter().map(|pattern| pattern.as_str().unwrap()).collect())
        };
        let keys = lines(&folder);
        let found = patterns(keys.iter());
        let texts: Vec<&str> = found.iter().map(|found| found.pattern.as_str()).collect();
        let documented = listed("patterns").unwrap();
        faults.extend(differences(&folder, "", &documented, &texts));
        let alone = bare(&keys);
        let alone: Vec<&str> = alone.iter().map(String::as_str).collect();
        let expected_alone = listed("patterns_names_only").unwrap_or(documented);
        faults.extend(differences(&folder, ", names only", &expected_alone, &alone));
        assert_eq!(
            found,
            patterns(keys.iter().rev().chain(&keys)),
            "{}: order or repetition matters",
            folder.display()
        );
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
