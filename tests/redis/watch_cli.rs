//! `keywire watch` and `keywire proxy` as users run them: whose calls are judged, how they end, and how much memory they take.

use std::fs;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::process::{Child, Command, Output, Stdio};

use redis::Connection;
use serde_json::Value;
use tempfile::TempDir;

use crate::database::{ask, command, open};
use crate::monitor::free_port;
use crate::servers::{for_each_server_with, say, signal};
use crate::verify_cli::{json, peak, text};

const REGISTRY: &str = r#"keywire: 1
name: example
buses:
  main: { env: KEYWIRE_TEST_NO_SUCH_URL, owns: ["app:*"] }
services:
  reader: { role: Reads what the modules write. }
"#;

const APP: &str = r#"module: app
role: Serves requests.
bus: main
keys:
  mode:
    key: app:mode
    purpose: What the service is doing.
    type: string
    value: integer
    operations: [SET]
    retention: { ttl: 60s }
    consumers: [{ name: reader, reads: [GET] }]
"#;

const OTHER: &str = r#"module: other
role: Does something else.
bus: main
clients: { names: ["other-*"] }
keys:
  state:
    key: app:state
    purpose: What the other is doing.
    type: string
    value: integer
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    consumers: [{ name: reader, reads: [GET] }]
"#;

fn registry() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("modules")).unwrap();
    fs::write(folder.path().join("registry.yaml"), REGISTRY).unwrap();
    fs::write(folder.path().join("modules/app.yaml"), APP).unwrap();
    fs::write(folder.path().join("modules/other.yaml"), OTHER).unwrap();
    folder
}

fn keywire(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keywire"));
    command.current_dir(folder.path()).arg(arguments[0]).args(["--registry", "."]).args(&arguments[1..]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A running command that has said where it looks or listens: the last word of its first line.
struct Running {
    child: Child,
    said: BufReader<std::process::ChildStderr>,
    at: String,
}

fn start(folder: &TempDir, arguments: &[&str]) -> Running {
    let mut child = keywire(folder, arguments).spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    let at = line.split_whitespace().last().unwrap_or_default().to_owned();
    assert!(line.contains(" at "), "{line}");
    Running { child, said, at }
}

impl Running {
    /// Interrupts it, and gives its report and exit code.
    fn interrupt(mut self) -> (Value, i32) {
        signal("-INT", self.child.id());
        let mut rest = String::new();
        self.said.read_to_string(&mut rest).unwrap();
        let output = self.child.wait_with_output().unwrap();
        (json(&output), output.status.code().unwrap())
    }
}

/// A connection with a name.
fn client(url: &str, name: &str) -> Connection {
    let mut connection = open(url);
    let () = redis::cmd("CLIENT").arg("SETNAME").arg(name).query(&mut connection).unwrap();
    connection
}

/// Rule, module, and the name concerned, of all errors and warnings: what an old server does not know of a client's
/// greeting is told as info.
fn findings(report: &Value) -> Vec<String> {
    let word = |finding: &Value, name: &str| finding[name].as_str().unwrap_or("-").to_owned();
    let mut found: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["level"] != "info")
        .map(|finding| ["rule", "module", "key"].map(|name| word(finding, name)).join(" "))
        .collect();
    found.sort();
    found
}

/// Runs the test on each server with its URL for TCP, where clients are told apart.
fn for_each_url(test: impl Fn(&str)) {
    let port = free_port();
    for_each_server_with(&["--port", &port], |_| {
        let url = format!("redis://127.0.0.1:{port}/0");
        let _: redis::Value = ask(&mut open(&url), "FLUSHALL");
        test(&url);
    });
}

/// Two modules, a reader, and somebody who is nobody.
fn some_traffic(url: &str) {
    let mut app = client(url, "app");
    let mut other = client(url, "other-1");
    let mut reader = client(url, "reader");
    for _ in 0..3 {
        let _: redis::Value = ask(&mut app, "SET app:mode 1 EX 60");
        let _: redis::Value = ask(&mut other, "SET app:state 1");
        let _: redis::Value = ask(&mut other, "SET app:mode 2 EX 60");
        let _: redis::Value = ask(&mut reader, "GET app:mode");
    }
    for key in 0..3 {
        let _: redis::Value = ask(&mut app, &format!("SET elsewhere:{key} 1"));
        let _: redis::Value = ask(&mut open(url), &format!("SET theirs:{key} 1"));
    }
    let _: redis::Value = ask(&mut open(url), "SET app:rogue 1");
}

#[test]
fn calls_are_charged_to_who_makes_them() {
    let folder = registry();
    for_each_url(|url| {
        let watching = |more: &[&str]| {
            let running = start(&folder, &[&["watch", "--redis", url, "--format", "json"], more].concat());
            some_traffic(url);
            running.interrupt()
        };
        let foreign = "foreign-writer other app:mode";
        let (report, code) = watching(&[]);
        let all = [foreign, "undeclared-key - app:rogue", "undeclared-key app elsewhere:*"];
        assert_eq!((findings(&report), code), (all.map(str::to_owned).to_vec(), 1));
        let finding = report["findings"].as_array().unwrap().iter().find(|it| it["rule"] == "foreign-writer").unwrap();
        assert!(
            finding["count"] == 3 && finding["first_seen"].as_str() <= finding["last_seen"].as_str(),
            "{finding:#}"
        );
        // What the other writes is not charged to the module that is asked for, and a prefix of its own does not help it.
        let (report, code) = watching(&["--module", "app"]);
        assert_eq!((findings(&report), code), (vec!["undeclared-key app elsewhere:*".to_owned()], 1));
        let (report, code) = watching(&["--module", "other"]);
        assert_eq!((findings(&report), code), (vec![foreign.to_owned()], 1));
        assert_eq!(report["coverage"]["operations"]["percent"], 100.0);
    });
}

#[test]
fn it_ends_after_the_time_given_and_what_was_not_seen_proves_nothing() {
    let folder = registry();
    for_each_url(|url| {
        let output = keywire(&folder, &["watch", "--redis", url, "--until", "100ms"]).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{}", text(&output));
        let running = start(&folder, &["watch", "--redis", url, "--format", "json", "--as", "app", "--expect", "mode"]);
        let _: redis::Value = ask(&mut open(url), "SET app:mode 1 EX 60");
        let (report, code) = running.interrupt();
        assert_eq!((findings(&report), code), (vec![], 0));
    });
    let nobody = keywire(&folder, &["watch", "--redis", "redis://127.0.0.1:1/0"]).output().unwrap();
    assert!(nobody.status.code() == Some(3) && text(&nobody).contains("127.0.0.1:1"), "{}", text(&nobody));
    let unknown = keywire(&folder, &["watch", "--as", "ap"]).output().unwrap();
    assert!(unknown.status.code() == Some(2) && text(&unknown).contains("did you mean `app`"), "{}", text(&unknown));
}

#[test]
fn a_server_that_answers_errors_says_so() {
    let folder = registry();
    for_each_url(|url| {
        let running = start(&folder, &["watch", "--redis", url, "--format", "json", "--module", "app"]);
        let mut app = client(url, "app");
        let _: redis::Value = ask(&mut app, "SET app:mode 1 EX 60");
        command("LPUSH app:mode x").query::<redis::Value>(&mut app).unwrap_err();
        let (report, _) = running.interrupt();
        assert!(findings(&report).contains(&"failed-command - -".to_owned()), "{report:#}");
        let is_it = |it: &&Value| it["rule"] == "failed-command" && it["level"] == "error";
        let finding = report["findings"].as_array().unwrap().iter().find(is_it).unwrap();
        assert!(finding["message"].as_str().unwrap().contains("WRONGTYPE"), "{finding:#}");
    });
}

#[test]
fn recorded_logs_are_judged_in_all_their_forms() {
    let folder = registry();
    let lines = "OK\n1767225600.000001 [0 127.0.0.1:5] \"SET\" \"app:mode\" \"x\" \"EX\" \"60\"\n";
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("plain.log"), lines).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(lines.as_bytes()).unwrap();
    fs::write(path("log.gz"), gzip.finish().unwrap()).unwrap();
    let level = ruzstd::encoding::CompressionLevel::Fastest;
    fs::write(path("log.zst"), ruzstd::encoding::compress_to_vec(lines.as_bytes(), level)).unwrap();
    fs::write(path("clients"), "id=1 addr=127.0.0.1:5 name=app user=default\n").unwrap();
    for file in ["plain.log", "log.gz", "log.zst"] {
        let arguments = ["watch", "--file", &path(file), "--clients", &path("clients"), "--format", "json"];
        let output = keywire(&folder, &arguments).output().unwrap();
        assert_eq!(findings(&json(&output)), ["invalid-payload app app:mode"], "{file}");
        assert_eq!(output.status.code(), Some(1));
    }
    let piped = |bytes: &[u8]| -> Output {
        let mut process = keywire(&folder, &["watch", "--file", "-"]).stdin(Stdio::piped()).spawn().unwrap();
        process.stdin.take().unwrap().write_all(bytes).unwrap();
        process.wait_with_output().unwrap()
    };
    assert!(text(&piped(lines.as_bytes())).contains("standard input"));
    for bytes in [&b"no log\n"[..], b"", b"OK\n"] {
        let output = piped(bytes);
        assert!(output.status.code() == Some(3) && text(&output).contains("no MONITOR log"), "{}", text(&output));
    }
}

#[test]
fn a_log_of_100_mb_is_read_in_bounded_memory() {
    if !cfg!(target_os = "linux") {
        say("the memory of `keywire watch` is NOT MEASURED here: only Linux tells it");
        return;
    }
    let folder = registry();
    let path = folder.path().join("monitor.log");
    let mut out = BufWriter::new(fs::File::create(&path).unwrap());
    let (mut size, mut at) = (0, 0_u64);
    let pad = "x".repeat(60);
    while size < 100 << 20 {
        at += 1;
        // Names that never come again, of keys that are declared and of keys that are not, and faults of all kinds.
        let call = match at % 4 {
            0 => format!("\"SET\" \"app:rogue:{at}:{pad}\" \"1\""),
            1 => format!("\"GET\" \"app:{pad}:{at}\""),
            2 => format!("\"SET\" \"app:mode\" \"{pad}\" \"EX\" \"{at}\""),
            _ => format!("\"LPUSH\" \"app:state\" \"{at}\" \"{pad}\""),
        };
        let line =
            format!("{}.{:06} [0 127.0.0.1:{}] {call}\n", 1_767_225_600 + at / 1000, at % 1000, 1024 + at % 60000);
        size += line.len();
        out.write_all(line.as_bytes()).unwrap();
    }
    out.flush().unwrap();
    let report = folder.path().join("report.json");
    let arguments = ["watch", "--as", "app", "--file", "monitor.log", "--format", "json"];
    let mut process = keywire(&folder, &arguments);
    let mut process = process.stdout(fs::File::create(&report).unwrap()).stderr(Stdio::null()).spawn().unwrap();
    let peak = peak(&mut process);
    assert_eq!(process.wait().unwrap().code(), Some(1));
    let written = fs::read(&report).unwrap();
    let report: Value = serde_json::from_slice(&written).unwrap();
    assert_eq!(report["evidence"]["calls"], at);
    assert!(written.len() < 1 << 20, "a report of {} bytes", written.len());
    say(&format!("`keywire watch` of 100 MB, {at} calls, held at most {} MB", peak / 1024));
    assert!((1..100 * 1024).contains(&peak), "{peak} kB");
}

#[test]
fn the_proxy_refuses_what_breaks_the_contract() {
    let folder = registry();
    for_each_url(|url| {
        let arguments = ["proxy", "--listen", "127.0.0.1:0=app", "--upstream", url, "--enforce", "--format", "json"];
        let running = start(&folder, &arguments);
        let mut app = open(&running.at);
        let _: redis::Value = ask(&mut app, "SET app:mode 1 EX 60");
        for (line, rule) in [
            ("SET app:mode x EX 60", "invalid-payload"),
            ("SET app:mode 1 EX 61", "expiry-mismatch"),
            ("SET app:mode 1", "expiry-dropped"),
            ("SET app:other 1", "undeclared-key"),
            ("SET app:state 1", "foreign-writer"),
            ("FLUSHALL", "undeclared-operation"),
            ("PUBLISH news 1", "undeclared-channel"),
        ] {
            let error = command(line).query::<redis::Value>(&mut app).unwrap_err();
            assert_eq!(error.code(), Some("KEYWIRE"), "{line}: {error}");
            assert!(error.to_string().contains(rule), "{line}: {error}");
        }
        let left: String = ask(&mut open(url), "GET app:mode");
        assert_eq!(left, "1", "what is refused never reaches the server");
        drop(app);
        let (report, code) = running.interrupt();
        assert_eq!((code, &report["evidence"]["calls_refused"]), (1, &7.into()));
        for rule in ["invalid-payload", "expiry-mismatch", "undeclared-key", "foreign-writer", "undeclared-channel"] {
            assert!(findings(&report).iter().any(|found| found.starts_with(rule)), "{rule}: {:?}", findings(&report));
        }
    });
}

#[test]
fn the_proxy_lets_pass_what_an_exception_excuses_for_a_pattern() {
    let folder = registry();
    let excuse = |patterns: &str| {
        format!("[[exceptions]]\nrules = ['expiry-dropped']\npatterns = ['{patterns}']\nlevel = 'off'\n")
    };
    for_each_url(|url| {
        for (pattern, passes) in [("app:mode", true), ("app:state", false)] {
            fs::write(folder.path().join("keywire.toml"), excuse(pattern)).unwrap();
            let arguments =
                ["proxy", "--listen", "127.0.0.1:0=app", "--upstream", url, "--enforce", "--format", "json"];
            let running = start(&folder, &arguments);
            let mut app = open(&running.at);
            let answer = command("SET app:mode 1").query::<redis::Value>(&mut app);
            assert_eq!(answer.is_ok(), passes, "{pattern}: {answer:?}");
            drop(app);
            running.interrupt();
        }
    });
}
