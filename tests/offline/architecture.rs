//! The order of layers, and the size of files: what keeps the code easy to walk through.

use std::path::{Path, PathBuf};

/// Who may use whom, with the reason. A module that is not named here may be used by all.
const LAYERS: &[(&str, &[&str], &str)] = &[
    ("source", &[], "text and places know nothing of registries"),
    ("document", &[], "JSON validation knows nothing of registries"),
    ("server", &[], "servers know nothing of registries or findings"),
    ("rule", &["finding"], "what a rule is does not depend on what it judges"),
    ("types", &[], "types are names and tables"),
    ("registry", &["server", "source", "types"], "the model does not know who reads it"),
    ("finding", &["registry", "source"], "findings name entries of the registry"),
    (
        "access",
        &["finding", "registry", "rule", "server", "source"],
        "who may do what follows from the registry and the table of commands",
    ),
    (
        "diff",
        &["finding", "registry", "rule", "server", "source", "types"],
        "what changed does not depend on data or lint",
    ),
    (
        "settings",
        &["baseline", "finding", "registry"],
        "settings are text; their globs and times are read as the registry's",
    ),
    ("baseline", &["finding"], "what is known is told by fingerprints"),
    ("observe", &["server"], "origins observe, rules judge"),
    ("coverage", &[], "coverage is plain data, which reports carry"),
    (
        "lint",
        &["document", "finding", "registry", "rule", "server", "source", "types"],
        "lint does not know data or generators",
    ),
    (
        "check",
        &["coverage", "document", "finding", "observe", "registry", "rule", "server"],
        "rules never know where an observation comes from; of servers they know the table of commands",
    ),
    (
        "generate",
        &["access", "finding", "registry", "rule", "server", "settings"],
        "generators do not know lint, checks or the command line",
    ),
    (
        "extract",
        &["document", "finding", "observe", "registry", "rule", "server", "source", "types"],
        "origins of drafts do not know checks, lint or generators",
    ),
    (
        "reconcile",
        &["document", "extract", "finding", "observe", "registry", "rule", "server", "source", "types"],
        "puts what is declared beside what was found",
    ),
    ("report", &["coverage", "finding", "rule", "source"], "reports print what others found"),
    (
        "catalogue",
        &[
            "access",
            "baseline",
            "check",
            "diff",
            "extract",
            "finding",
            "generate",
            "lint",
            "reconcile",
            "registry",
            "rule",
            "settings",
            "source",
        ],
        "the catalogue looks rules up",
    ),
    (
        "watch",
        &["check", "coverage", "finding", "observe", "registry", "server", "verify"],
        "joins origins of traffic with the judge; verify knows which servers are a bus",
    ),
    (
        "run",
        &["check", "coverage", "finding", "observe", "registry", "server", "verify", "watch"],
        "joins a program, its server and both judges",
    ),
    ("verify", &["check", "coverage", "finding", "observe", "registry", "server"], "joins an origin with the judge"),
    (
        "testing",
        &["check", "document", "finding", "generate", "lint", "registry", "report", "server", "verify"],
        "what other crates' tests use; nothing of the program depends on it",
    ),
];

fn source_files() -> Vec<PathBuf> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    walk(&root.join("src"), &mut files);
    for worker in std::fs::read_dir(root.join("workers")).unwrap() {
        walk(&worker.unwrap().path().join("src"), &mut files);
    }
    files.sort();
    files
}

/// The code of a file: without its tests.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let end = text.find("#[cfg(test)]\nmod ").unwrap_or(text.len());
    text[..end].to_owned()
}

fn is_tests(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests")
        || path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("tests"))
}

#[test]
fn modules_use_only_the_layers_below_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut faults = Vec::new();
    for path in source_files().iter().filter(|path| path.starts_with(&root) && !is_tests(path)) {
        let inside = path.strip_prefix(&root).unwrap();
        let module = inside.components().next().unwrap().as_os_str().to_string_lossy().replace(".rs", "");
        let text = code(path);
        for used in text.split("crate::").skip(1) {
            let used: String = used.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            let is_top = root.join(&used).is_dir() || root.join(format!("{used}.rs")).is_file();
            if !is_top || used == module || used == "main" {
                continue;
            }
            if used == "cli" && module != "main" {
                faults.push(format!("{}: nothing knows the command line", inside.display()));
            }
            let allowed = LAYERS.iter().find(|(name, ..)| *name == module);
            if let Some((_, allowed, why)) = allowed
                && !allowed.contains(&used.as_str())
            {
                faults.push(format!("{}: uses {used}, but {why}", inside.display()));
            }
        }
    }
    faults.dedup();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn files_stay_small_and_open_with_what_they_hold() {
    let mut sizes = Vec::new();
    let mut faults = Vec::new();
    for path in source_files().iter().filter(|path| !is_tests(path)) {
        let text = code(path);
        if text.contains(keywire::generate::BANNER) && text.starts_with("// ") {
            continue; // As long as the registry is.
        }
        let lines = text.lines().count();
        sizes.push(lines);
        if lines > 400 {
            faults.push(format!("{}: {lines} lines; at most 400", path.display()));
        }
        if !text.trim_start().starts_with("//!") {
            faults.push(format!("{}: does not open with what it holds", path.display()));
        }
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        if ["util", "utils", "common", "helpers", "helper", "core", "misc"].contains(&stem.as_str()) {
            faults.push(format!("{}: `{stem}` says nothing", path.display()));
        }
    }
    sizes.sort_unstable();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let (median, p90) = (sizes[sizes.len() / 2], sizes[sizes.len() * 9 / 10]);
    assert!(median <= 150, "the median file has {median} lines; at most 150");
    assert!(p90 <= 300, "a tenth of the files have more than {p90} lines; at most 300");
}
