//! `keywire verify` as users run it: exit codes, reports, and how much memory it takes.

use std::fs;
use std::process::{Child, Command, Output, Stdio};

use keywire::document::{Schema, Scratch, Verdict};
use keywire::report;
use keywire::server::embedded::EmbeddedServer;
use redis::Cmd;
use serde_json::Value;
use tempfile::TempDir;

use crate::database::{open, run, run_all};
use crate::servers::{all, for_each_server, say};

const REGISTRY: &str = r#"keywire: 1
name: example
buses:
  main: { env: KEYWIRE_TEST_NO_SUCH_URL, owns: ["app:*"] }
services:
  reader: { role: Reads what the module writes. }
"#;

const APP: &str = r#"module: app
role: Serves requests.
bus: main
params:
  id: { type: integer, min: 0, examples: ["7"] }
payloads:
  Item:
    type: object
    required: [n, at]
    additionalProperties: false
    properties: { n: { type: integer }, at: { type: string, format: date-time }, pad: { type: string } }
keys:
  item: { key: "app:item:{id}", purpose: An item., type: string, value: Item, operations: [SET], retention: { ttl: none }, freshness: 60s, cardinality: 200000 }
  one: { key: "app:hash:{id}", purpose: Fields., type: hash, fields: { n: integer }, operations: [HSET], retention: { ttl: none }, cardinality: 200000 }
"#;

pub fn registry() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("modules")).unwrap();
    fs::write(folder.path().join("registry.yaml"), REGISTRY).unwrap();
    fs::write(folder.path().join("modules/app.yaml"), APP).unwrap();
    folder
}

pub fn keywire(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keywire"));
    command.current_dir(folder.path()).args(["verify", "--registry", "."]).args(arguments).stdin(Stdio::null());
    command
}

pub fn verify(folder: &TempDir, arguments: &[&str]) -> (i32, Output) {
    let output = keywire(folder, arguments).output().unwrap();
    (output.status.code().unwrap(), output)
}

pub fn json(output: &Output) -> Value {
    let schema = Schema::compile(&report::json_schema()).unwrap();
    let verdict = schema.check(&mut Scratch::default(), &output.stdout);
    assert_eq!(verdict, Verdict::Valid, "{}", String::from_utf8_lossy(&output.stdout));
    serde_json::from_slice(&output.stdout).unwrap()
}

pub fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn exit_codes_tell_how_it_ended() {
    let folder = registry();
    for_each_server(|server| {
        let url = server.url();
        let verify = |more: &[&str]| verify(&folder, &[&["--redis", url.as_str(), "--format", "json"], more].concat());
        let (code, output) = verify(&[]);
        assert_eq!(code, 3, "nothing seen proves nothing: {}", text(&output));
        assert_eq!(json(&output)["evidence"]["keys_judged"], 0);

        let mut connection = open(&url);
        run(&mut connection, "HSET app:hash:1 n 1");
        let (code, output) = verify(&[]);
        assert_eq!(code, 0, "{}", text(&output));
        assert_eq!(json(&output)["summary"], serde_json::json!({ "error": 0, "warning": 0, "info": 0, "known": 0 }));

        run(&mut connection, r#"SET app:item:1 {"n":1,"at":"2020-01-01T00:00:00Z"}"#);
        let (code, output) = verify(&[]);
        assert_eq!((code, json(&output)["findings"][0]["rule"].as_str()), (1, Some("stale-key")), "{}", text(&output));
        assert_eq!(verify(&["--fail-on", "error"]).0, 0, "a warning is no error");

        run(&mut connection, "SET app:item:2 private-words");
        let (code, output) = verify(&["--fail-on", "error"]);
        assert_eq!(code, 1);
        assert!(!text(&output).contains("private-words"), "values are private");
        let (_, output) = verify(&["--show-values"]);
        assert!(json(&output)["findings"].to_string().contains("private-words"));
    });
}

#[test]
fn faults_of_use_are_2_and_of_the_connection_3() {
    let folder = registry();
    let nobody = "redis+unix:///no/such/socket";
    for (arguments, expected, part) in [
        (&["--module", "ap"][..], 2, "did you mean `app`?"),
        (&["--bus", "mian"][..], 2, "did you mean `main`?"),
        (&["--depth", "deep"][..], 2, "deep"),
        (&["--redis", nobody, "--set", "NO_SUCH=1"][..], 2, "NO_SUCH"),
        (&[][..], 2, "KEYWIRE_TEST_NO_SUCH_URL"),
        (&["--redis", nobody][..], 3, "/no/such/socket"),
    ] {
        let (code, output) = verify(&folder, arguments);
        assert!(code == expected && text(&output).contains(part), "{arguments:?} {code}: {}", text(&output));
    }
    fs::write(folder.path().join("modules/app.yaml"), "module: app\nkyes: {}\n").unwrap();
    let (code, output) = verify(&folder, &["--redis", nobody]);
    assert!(code == 2 && text(&output).contains("app.yaml:2"), "{code}: {}", text(&output));
}

/// The most memory that a process has held, in kB, asked for as long as it runs.
pub fn peak(process: &mut Child) -> u64 {
    let status = format!("/proc/{}/status", process.id());
    let mut peak = 0;
    while process.try_wait().unwrap().is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or(peak);
        // A growing process gives no event to wait for.
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    peak
}

#[test]
fn memory_does_not_grow_with_the_keys() {
    if !cfg!(target_os = "linux") {
        say("the memory of `keywire verify` is NOT MEASURED here: only Linux tells it");
        return;
    }
    let folder = registry();
    let server = EmbeddedServer::start::<&str>(&all()[0], &[]).unwrap();
    let item = |id: u32| -> Cmd {
        let pad = "x".repeat(200);
        let value = format!(r#"{{"n":{id},"at":"2100-01-01T00:00:00Z","pad":"{pad}"}}"#);
        redis::cmd("SET").arg(format!("app:item:{id}")).arg(value).clone()
    };
    let hash = |id: u32| redis::cmd("HSET").arg(format!("app:hash:{id}")).arg("n").arg(id).clone();
    run_all(&mut open(&server.url()), (0..75_000).map(item).chain((0..25_000).map(hash)));
    let arguments = ["--redis", &server.url(), "--format", "json", "--pace", "fast"];
    let report = fs::File::create(folder.path().join("report.json")).unwrap();
    let mut process = keywire(&folder, &arguments).stdout(report).stderr(Stdio::null()).spawn().unwrap();
    let peak = peak(&mut process);
    assert!(process.wait().unwrap().success());
    let report: Value = serde_json::from_slice(&fs::read(folder.path().join("report.json")).unwrap()).unwrap();
    let (keys, values) = (&report["evidence"]["keys_judged"], &report["evidence"]["values_judged"]);
    assert_eq!((keys.as_u64(), values.as_u64()), (Some(100_000), Some(100_000)));
    say(&format!("`keywire verify` of 100,000 keys held at most {} MB", peak / 1024));
    assert!((1..100 * 1024).contains(&peak), "{peak} kB");
}
