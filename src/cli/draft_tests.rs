//! Where drafts go: files are never lost, written whole, and a dry run writes nothing.

use std::fs;

use super::{DraftArgs, finish};
use crate::cli::{Exit, ReportArgs};
use crate::extract::draft::{Plan, compose};
use crate::extract::{Access, Certainty, Draft, Mode, Sighting};

fn draft(ttl: &str) -> Draft {
    let access = Access {
        module: "web".into(),
        place: None,
        command: "SETEX".into(),
        mode: Mode::Write,
        ttl: Some(ttl.into()),
        bound: None,
        max_age: None,
        key_expr: None,
        certainty: Certainty::Certain,
        calls: Some(3),
    };
    let sighting = Sighting { pattern: "a:{id}".into(), accesses: vec![access], ..Sighting::default() };
    compose(&[sighting], &Plan { name: "x".into(), bus: "main".into(), module: "web".into() })
}

fn report() -> ReportArgs {
    ReportArgs { format: crate::cli::formats::Formats::default(), fail_on: "warning".into() }
}

fn args() -> DraftArgs {
    DraftArgs { out: None, into: None, dry_run: false, force: false, name: "x".into() }
}

#[test]
fn a_registry_is_written_once_and_patched_without_loss() {
    let folder = tempfile::tempdir().unwrap();
    let schema = folder.path().join("schema");
    let out = DraftArgs { out: Some(schema.clone()), ..args() };
    let dry = DraftArgs { dry_run: true, out: Some(schema.clone()), ..args() };
    assert_eq!(finish(&draft("60s"), &dry, "extract", &report()).unwrap(), Exit::Clean);
    assert!(!schema.exists());
    assert_eq!(finish(&draft("60s"), &out, "extract", &report()).unwrap(), Exit::Clean);
    let refused = finish(&draft("60s"), &out, "extract", &report()).unwrap_err();
    assert!(refused.to_string().contains("--force"), "{refused}");

    let module = schema.join("modules/web.yaml");
    let written = fs::read_to_string(&module).unwrap();
    assert!(written.contains("# SETEX: 3 calls"), "{written}");
    let by_hand = format!("# by hand\n{}", written.replace("    operations: [SETEX]\n", ""));
    fs::write(&module, &by_hand).unwrap();
    let into = DraftArgs { into: Some(schema.clone()), ..args() };
    let dry = DraftArgs { dry_run: true, into: Some(schema.clone()), ..args() };
    assert_eq!(finish(&draft("60s"), &dry, "extract", &report()).unwrap(), Exit::Clean);
    assert_eq!(fs::read_to_string(&module).unwrap(), by_hand);
    assert_eq!(finish(&draft("60s"), &into, "extract", &report()).unwrap(), Exit::Clean);
    let patched = fs::read_to_string(&module).unwrap();
    assert!(patched.starts_with(&by_hand) && patched.ends_with("    operations: [SETEX]\n"), "{patched}");

    // What contradicts is a finding, and nothing is changed.
    assert_eq!(finish(&draft("61s"), &into, "extract", &report()).unwrap(), Exit::Findings);
    assert_eq!(fs::read_to_string(&module).unwrap(), patched);
    let others: Vec<_> = fs::read_dir(schema.join("modules")).unwrap().collect();
    assert_eq!(others.len(), 1, "no copy is left behind");
}
