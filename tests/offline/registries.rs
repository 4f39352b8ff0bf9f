//! Whole registries that must be free of findings: the pipeline's own, and those found under tests/fixtures/registries.

use std::path::{Path, PathBuf};

use keywire::finding::Finding;
use keywire::lint::lint;
use keywire::registry::{Registry, load};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rendered(registry: &Registry, findings: &[Finding]) -> String {
    let line = |finding: &Finding| {
        let place = finding.place.map(|span| registry.sources.place(span));
        let at = place.map(|place| format!("{}:{}:{}", place.path.display(), place.line, place.column));
        let hint = finding.hint.as_deref().unwrap_or_default();
        format!(
            "{}: {} [{}] {} ({hint})",
            at.unwrap_or_default(),
            finding.level.as_str(),
            finding.rule,
            finding.message
        )
    };
    findings.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What lint finds in a folder, a line each.
fn found(folder: &Path) -> String {
    let registry = load(folder).unwrap_or_else(|error| panic!("{error}"));
    rendered(&registry, &lint(&registry))
}

#[test]
fn the_registry_of_the_pipeline_is_clean() {
    assert_eq!(found(&root().join("schema")), "");
}

#[test]
fn well_kept_registries_of_other_domains_are_clean() {
    let folder = root().join("tests/fixtures/registries");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(folders.len() >= 6, "{folders:?}");
    let lines: Vec<String> = folders.iter().map(|folder| found(folder)).filter(|lines| !lines.is_empty()).collect();
    assert_eq!(lines, Vec::<String>::new(), "{}", lines.join("\n"));
}
