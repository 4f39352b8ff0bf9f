//! The document that the form comes from, where it is on this machine.

use super::*;
use keywire::lint::lint;

#[test]
fn the_document_of_the_spot_worker_has_its_three_faults() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/wiring/spot_worker.md");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: {} is not here", path.display());
        return;
    };
    let draft = draft_of(&[("spot_worker.md", text)]);
    println!("{}", picture(&draft));
    let registry = registry_of(&draft);
    for finding in lint(&registry) {
        println!("{} {:?} {}", finding.rule, finding.pattern, finding.message);
    }
    let rules: Vec<&str> = lint(&registry).iter().map(|finding| finding.rule).collect();
    for rule in ["last-writer-wins", "zset-member-collision", "retention-operation-mismatch"] {
        assert!(rules.contains(&rule), "{rule}: {rules:?}");
    }
}
