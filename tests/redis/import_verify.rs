//! A wiring document by hand: `import` drafts it, `lint` names its faults, and `verify` holds a server against the draft.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::database::{open, run};
use crate::servers::for_each_server;

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/import/ticker_worker/document.md");

fn keywire(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_keywire")).args(args).current_dir(folder).env_clear().output().unwrap()
}

/// Rule and example keys of each finding.
fn findings(output: &Output) -> Vec<(String, String)> {
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    let told = |finding: &Value| (finding["rule"].as_str().unwrap().to_owned(), finding.to_string());
    report["findings"].as_array().unwrap().iter().map(told).collect()
}

#[test]
fn a_draft_of_a_document_is_used_at_once() {
    for_each_server(|server| {
        let folder = tempfile::tempdir().unwrap();
        let imported = keywire(folder.path(), &["import", DOCUMENT, "--out", "schema"]);
        assert_eq!(imported.status.code(), Some(0), "{}", String::from_utf8_lossy(&imported.stderr));
        let linted = findings(&keywire(folder.path(), &["lint", "--format", "json"]));
        for rule in ["last-writer-wins", "zset-member-collision", "retention-operation-mismatch"] {
            assert!(linted.iter().any(|(name, _)| name == rule), "{rule}: {linted:?}");
        }

        // As the document says.
        let url = server.url();
        let mut connection = open(&url);
        let payload = r#"{"symbol":"ABC","price":12.5,"ts":"2026-01-05T10:00:00Z"}"#;
        let commands = format!(
            "SET tick:last {payload}
             ZADD tick:trail 1767607200 12.5 1767607202 12.75
             HINCRBY tick:stats polls 2
             HINCRBY tick:stats bytes 116
             HSET tick:stats last_ts 2026-01-05T10:00:00Z
             XADD tick:stream MAXLEN ~ 50000 * payload {payload}"
        );
        run(&mut connection, &commands);
        let verify = || keywire(folder.path(), &["verify", "--redis", &url, "--format", "json"]);
        let clean = verify();
        assert_eq!((clean.status.code(), findings(&clean)), (Some(0), vec![]));

        run(&mut connection, "SET tick:shadow 1");
        let planted = verify();
        let found = findings(&planted);
        assert_eq!(planted.status.code(), Some(1), "{found:?}");
        assert!(found.len() == 1 && found[0].0 == "undeclared-key" && found[0].1.contains("tick:shadow"), "{found:?}");
    });
}
