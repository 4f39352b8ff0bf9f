//! `keywire infer` as users meet it: exit codes, what it prints, and where drafts go.

use std::process::{Command, Output};

const LOG: &str = r#"1767225600.000000 [0 127.0.0.1:1] "CLIENT" "SETNAME" "api"
1767225600.100000 [0 127.0.0.1:1] "SET" "user:1" "{\"mail\":\"secret@example.org\"}" "EX" "300"
1767225601.100000 [0 127.0.0.1:1] "SET" "user:2" "{\"mail\":\"other@example.org\"}" "EX" "300"
1767225601.200000 [3 127.0.0.1:2] "SET" "elsewhere" "1"
"#;

fn infer(folder: &tempfile::TempDir, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keywire"));
    command.arg("infer").args(arguments).current_dir(folder.path()).env_clear();
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

fn with_log(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("monitor.log"), text).unwrap();
    folder
}

#[test]
fn a_draft_is_printed_or_written_and_never_overwrites() {
    let folder = with_log(LOG);
    let (code, out, err) = infer(&folder, &["--log", "monitor.log", "--database", "0"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("key: user:{user_id}") && out.contains("ttl: 5m") && out.contains("format: email"), "{out}");
    assert!(!out.contains("elsewhere") && !out.contains("example.org"), "{out}");
    assert!(err.contains("traffic: 2 calls"), "{err}");
    let arguments = ["--log", "monitor.log", "--out", "schema", "--as", "accounts", "--bus", "users"];
    assert_eq!(infer(&folder, &arguments).0, 0);
    let module = std::fs::read_to_string(folder.path().join("schema/modules/accounts.yaml")).unwrap();
    assert!(module.contains("module: accounts") && module.contains("bus: users"), "{module}");
    let (code, _, err) = infer(&folder, &arguments);
    assert!(code == 2 && err.contains("--into"), "{err}");
    let into = ["--log", "monitor.log", "--into", "schema", "--as", "accounts", "--bus", "users"];
    let (code, _, err) = infer(&folder, &into);
    assert!(code == 0 && err.contains("nothing to add"), "{code}: {err}");
}

#[test]
fn the_json_tells_what_was_seen() {
    let folder = with_log(LOG);
    let (code, out, _) = infer(&folder, &["--log", "monitor.log", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, 0);
    assert_eq!(report["evidence"]["traffic"]["calls"], 3);
    let user = &report["sightings"][1];
    assert_eq!(user["pattern"], "user:{user_id}");
    assert_eq!(user["accesses"][0]["ttl"], "5m");
    assert_eq!(user["accesses"][0]["calls"], 2);
}

#[test]
fn nothing_seen_and_nothing_to_look_at_are_told_apart() {
    let folder = with_log("1767225600.000000 [0 127.0.0.1:1] \"PING\"\n");
    let (code, out, err) = infer(&folder, &["--log", "monitor.log"]);
    assert!(code == 3 && out.is_empty() && err.contains("No key and no channel was seen"), "{code}: {err}");
    let (code, _, err) = infer(&folder, &[]);
    assert!(code == 2 && err.contains("--redis URL, --rdb FILE or --log FILE"), "{code}: {err}");
    let (code, _, err) = infer(&folder, &["--rdb", "monitor.log"]);
    assert!(code == 3 && err.contains("monitor.log"), "{code}: {err}");
    let (code, ..) = infer(&folder, &["--redis", "redis://127.0.0.1:1", "--rdb", "x"]);
    assert_eq!(code, 2);
}
