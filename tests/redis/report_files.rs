//! Reports in files of commands that look at servers: of a run that was interrupted too, and all of them as the published
//! schemas say.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};

use keywire::report;
use serde_json::Value;

use crate::database::{ask, open};
use crate::monitor::free_port;
use crate::servers::{for_each_server_with, signal};
use crate::verify_cli::registry;

fn keywire(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keywire"));
    command.current_dir(folder).arg(args[0]).args(["--registry", "."]).args(&args[1..]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn for_each_url(test: impl Fn(&str)) {
    let port = free_port();
    for_each_server_with(&["--port", &port], |_| {
        let url = format!("redis://127.0.0.1:{port}/0");
        let _: redis::Value = ask(&mut open(&url), "FLUSHALL");
        let _: redis::Value = ask(&mut open(&url), "SET app:rogue 1");
        test(&url);
    });
}

fn read(folder: &Path, file: &str) -> Value {
    let text = std::fs::read(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    serde_json::from_slice(&text).unwrap()
}

#[test]
fn what_an_interrupted_command_saw_is_written_to_its_files() {
    for_each_url(|url| {
        let folder = registry();
        let args = [
            "watch",
            "--redis",
            url,
            "--until",
            "10m",
            "--format",
            "sarif=out/a.sarif",
            "--format",
            "jsonl=out/a.jsonl",
        ];
        let mut watching = keywire(folder.path(), &args).spawn().unwrap();
        let mut said = BufReader::new(watching.stderr.take().unwrap());
        said.read_line(&mut String::new()).unwrap();
        let _: redis::Value = ask(&mut open(url), "SET app:rogue 1");
        signal("-INT", watching.id());
        said.read_to_string(&mut String::new()).unwrap();
        let output = watching.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130));
        let shown = String::from_utf8(output.stdout).unwrap();
        assert!(shown.contains("undeclared-key"), "text on the screen: {shown}");
        let run = &read(folder.path(), "out/a.sarif")["runs"][0];
        assert_eq!(run["invocations"][0]["exitCode"], 130);
        assert_eq!(run["invocations"][0]["executionSuccessful"], false);
        assert!(run["results"].as_array().unwrap().iter().any(|result| result["ruleId"] == "undeclared-key"), "{run}");
        let lines = std::fs::read_to_string(folder.path().join("out/a.jsonl")).unwrap();
        assert!(lines.lines().last().unwrap().starts_with(r#"{"kind":"summary","#), "{lines}");
    });
}

#[test]
fn reports_of_servers_keep_the_published_schemas() {
    let of = |schema: &Value| jsonschema::options().should_validate_formats(true).build(schema).unwrap();
    let (whole, line) = (of(&report::json_schema()), of(&report::jsonl_schema()));
    for_each_url(|url| {
        let folder = registry();
        let folder = folder.path();
        for args in [
            &["verify", "--redis", url][..],
            &["watch", "--redis", url, "--until", "1ms"],
            &["proxy", "--upstream", url, "--listen", "127.0.0.1:0", "--until", "1ms"],
            &["acl", "--check", "--redis", url],
            &["run", "--server", url, "--until", "10s", "--", "true"],
        ] {
            let formats = ["--format", "json=a.json", "--format", "jsonl=a.jsonl"];
            let end = args.iter().position(|arg| *arg == "--").unwrap_or(args.len());
            let output = keywire(folder, &[&args[..end], &formats, &args[end..]].concat()).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(matches!(output.status.code(), Some(0 | 1 | 3)), "{args:?}: {said}");
            let report = read(folder, "a.json");
            assert_eq!(report["command"], args[0], "{said}");
            let faults: Vec<String> = whole.iter_errors(&report).map(|error| error.to_string()).collect();
            assert_eq!(faults, Vec::<String>::new(), "{args:?}");
            for text in std::fs::read_to_string(folder.join("a.jsonl")).unwrap().lines() {
                let faults: Vec<String> =
                    line.iter_errors(&serde_json::from_str(text).unwrap()).map(|error| error.to_string()).collect();
                assert_eq!(faults, Vec::<String>::new(), "{args:?}: {text}");
            }
        }
    });
}
