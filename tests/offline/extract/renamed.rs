//! Variations of Rust and Go cases that say the same: clients of other names, items in another order.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use regex::{Captures, Regex};

/// Names of clients and their like in the corpus, which must not matter where types tell what they are.
const NAMES: &[&str] = &[
    "con",
    "pipe",
    "pubsub",
    "pool",
    "direct",
    "cmd",
    "options",
    "engine",
    "repository",
    "rdb",
    "conn",
    "iter",
    "opt",
    "opts",
    "psc",
    "sub",
    "script",
    "limit",
];

/// Files, and where each line of the case is now.
pub(super) struct Variation {
    pub(super) kind: &'static str,
    pub(super) files: BTreeMap<String, String>,
    lines: BTreeMap<String, Vec<usize>>,
}

impl Variation {
    /// Where something is now: `file:line`.
    pub(super) fn place(&self, before: &str) -> String {
        let (file, line) = before.rsplit_once(':').unwrap();
        let line: usize = line.parse().unwrap();
        self.lines.get(file).map_or_else(|| before.to_owned(), |lines| format!("{file}:{}", lines[line - 1]))
    }
}

/// All variations of a case.
pub(super) fn of(case: &Path) -> Vec<Variation> {
    let mut files = BTreeMap::new();
    read(case, case, &mut files);
    let renamed: BTreeMap<String, String> = files.iter().map(|(name, text)| (name.clone(), rename(text))).collect();
    let unmoved = |kind, files| Variation { kind, files, lines: BTreeMap::new() };
    vec![
        unmoved("renamed", renamed.clone()),
        reordered("reordered", &files),
        reordered("renamed and reordered", &renamed),
    ]
}

fn read(folder: &Path, root: &Path, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, root, files);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "go") {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            files.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}

/// Whole words, outside of texts and not as methods or packages.
fn rename(text: &str) -> String {
    let pattern = format!(r#""(?:[^"\\]|\\.)*"|(?:\.|::)?\b(?:{})\b(?:::|!|\()?"#, NAMES.join("|"));
    let words = Regex::new(&pattern).unwrap();
    let fields = Regex::new(r"(?:self|s)\.$").unwrap();
    words
        .replace_all(text, |found: &Captures<'_>| {
            let word = &found[0];
            let at = found.get(0).unwrap().start();
            let plain = word.chars().all(|c| c.is_alphanumeric());
            let of_self = word.starts_with(".") && !word.starts_with("::") && fields.is_match(&text[..=at]);
            if plain || (of_self && !word.ends_with(['(', ':', '!'])) { format!("{word}_q") } else { word.to_owned() }
        })
        .into_owned()
}

/// The items of each file back to front; what it imports stays in front.
fn reordered(kind: &'static str, files: &BTreeMap<String, String>) -> Variation {
    let mut variation = Variation { kind, files: BTreeMap::new(), lines: BTreeMap::new() };
    for (name, text) in files {
        let mut blocks: Vec<Vec<(usize, &str)>> = vec![Vec::new()];
        let mut ended = true;
        for (at, line) in text.lines().enumerate() {
            let opens = ended && !line.is_empty() && !line.starts_with([' ', '\t', '}', ')']);
            if opens && !blocks.last().unwrap().is_empty() {
                blocks.push(Vec::new());
            }
            blocks.last_mut().unwrap().push((at, line));
            ended = line.is_empty();
        }
        let stays = |block: &Vec<(usize, &str)>| {
            ["package", "import", "use ", "mod ", "pub mod"].iter().any(|word| block[0].1.starts_with(word))
        };
        let (mut front, mut rest): (Vec<_>, Vec<_>) =
            blocks.into_iter().filter(|block| !block.is_empty()).partition(stays);
        rest.reverse();
        front.extend(rest);
        let mut places = vec![0; text.lines().count()];
        let mut out = String::new();
        let mut now = 0;
        for (at, line) in front.into_iter().flat_map(|mut block| {
            block.push((usize::MAX, ""));
            block
        }) {
            now += 1;
            if let Some(place) = places.get_mut(at) {
                *place = now;
            }
            out.push_str(line);
            out.push('\n');
        }
        variation.files.insert(name.clone(), out);
        variation.lines.insert(name.clone(), places);
    }
    variation
}
