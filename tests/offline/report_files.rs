//! Several reports of one run: on standard output and in files, and the step summary of GitHub. And each command's report
//! against the published schemas.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

const REGISTRY: &str = "keywire: 1\nname: shop\nbuses: { main: { env: SHOP_URL, owns: [\"app:*\"] } }\n";

const MODULE: &str = "\
module: app
role: Serves requests.
bus: main
keys:
  session:
    key: app:session
    purpose: Who is logged in.
    type: string
    value: text
    operations: [SETEX]
    retention: { ttl: 60s }
";

struct Run {
    code: i32,
    out: String,
    err: String,
}

struct Scratch {
    folder: TempDir,
}

impl Scratch {
    fn new() -> Self {
        let scratch = Self { folder: tempfile::tempdir().unwrap() };
        scratch.write("schema/registry.yaml", REGISTRY);
        scratch.write("schema/modules/app.yaml", MODULE);
        scratch
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        std::fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        std::fs::write(self.path(path), text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn run(&self, args: &[&str]) -> Run {
        self.run_in("", args, &[])
    }

    fn run_in(&self, folder: &str, args: &[&str], environment: &[(&str, &Path)]) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_keywire"))
            .args(args)
            .current_dir(self.path(folder))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(environment.iter().copied())
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Run { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }
}

#[test]
fn one_run_writes_several_reports() {
    let scratch = Scratch::new();
    let args = ["lint", "--format", "github", "--format", "sarif=out/a.sarif", "--format", "json=out/a.json"];
    let run = scratch.run(&args);
    assert_eq!((run.code, run.err.as_str()), (1, ""));
    assert!(run.out.starts_with("::warning file=schema/modules/app.yaml,line=5,"), "{}", run.out);
    for file in ["out/a.sarif", "out/a.json"] {
        serde_json::from_str::<Value>(&scratch.read(file)).unwrap();
    }
    let run = scratch.run(&["lint", "--format", "junit=out/a.xml"]);
    assert!(run.out.starts_with("warning[no-consumer]"), "text for people: {}", run.out);
    assert!(scratch.read("out/a.xml").starts_with("<?xml"));
    let run = scratch.run(&["lint", "--format", "text=out/a.txt", "--format", "json=-"]);
    serde_json::from_str::<Value>(&run.out).unwrap();
    assert!(scratch.read("out/a.txt").starts_with("warning[no-consumer]"), "no colours in files");
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_done() {
    let scratch = Scratch::new();
    scratch.write("file", "");
    for (formats, why) in [
        (&["yaml"][..], "there is no format `yaml`; there are text, json, jsonl, github, gitlab"),
        (&["text", "json"], "both text and json would"),
        (&["json=x", "sarif=./x"], "would both be written to ./x"),
        (&["sarif="], "write sarif=FILE"),
        (&["sarif=schema"], "schema: it is a folder"),
        (&["json=x", "sarif=file/x"], "file/x: file is no folder"),
    ] {
        let args: Vec<&str> =
            ["lint"].into_iter().chain(formats.iter().flat_map(|format| ["--format", format])).collect();
        let run = scratch.run(&args);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{formats:?}");
        assert!(run.err.contains(why), "{formats:?}: {}", run.err);
    }
    assert!(!scratch.path("x").exists());
}

#[test]
fn an_invalid_registry_is_reported_in_all_of_them() {
    let scratch = Scratch::new();
    scratch.write("schema/modules/app.yaml", &MODULE.replace("purpose:", "porpoise:"));
    for command in ["lint", "verify"] {
        let run = scratch.run(&[command, "--format", "json", "--format", "gitlab=a.json", "--format", "sarif=a.sarif"]);
        assert_eq!(run.code, 2, "{}", run.err);
        let report: Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!(report["findings"][0]["rule"], "invalid-registry");
        let issues: Value = serde_json::from_str(&scratch.read("a.json")).unwrap();
        assert_eq!(issues[0]["location"]["path"], "schema/modules/app.yaml");
        let sarif: Value = serde_json::from_str(&scratch.read("a.sarif")).unwrap();
        assert_eq!(sarif["runs"][0]["invocations"][0]["exitCode"], 2);
    }
}

#[test]
fn paths_are_counted_from_the_top_of_the_repository() {
    let scratch = Scratch::new();
    std::fs::create_dir(scratch.path(".git")).unwrap();
    std::fs::create_dir_all(scratch.path("services/shop")).unwrap();
    let shop = |registry: &str, format: &str| {
        scratch.run_in("services/shop", &["lint", "--registry", registry, "--format", format], &[]).out
    };
    let absolute = scratch.path("schema").canonicalize().unwrap();
    for registry in ["../../schema", absolute.to_str().unwrap()] {
        assert!(shop(registry, "github").starts_with("::warning file=schema/modules/app.yaml,"), "{registry}");
        assert!(shop(registry, "gitlab").contains("\"path\": \"schema/modules/app.yaml\""), "{registry}");
        assert!(shop(registry, "sarif").contains("\"uri\": \"schema/modules/app.yaml\""), "{registry}");
    }
    assert!(shop("../../schema", "text").contains("--> ../../schema/modules/app.yaml"), "as people can open it");
}

#[test]
fn the_step_summary_is_appended_to() {
    let scratch = Scratch::new();
    scratch.write("summary.md", "# Tests\n");
    let (file, none) = (scratch.path("summary.md"), PathBuf::new());
    let lint =
        |format: &str, file: &Path| scratch.run_in("", &["lint", "--format", format], &[("GITHUB_STEP_SUMMARY", file)]);
    assert_eq!(lint("github", &file).code, 1);
    let once = scratch.read("summary.md");
    assert!(once.starts_with("# Tests\n\n**keywire lint: 1 warning**"), "{once}");
    assert_eq!(lint("text", &file).code, 1);
    assert_eq!(lint("github", &none).code, 1);
    assert_eq!(scratch.read("summary.md"), once, "only where it is asked for");
    let nowhere = lint("github", &scratch.path("none/summary.md"));
    assert_eq!(nowhere.code, 2);
    assert!(nowhere.err.contains("none/summary.md"), "{}", nowhere.err);
}

const MONITOR: &str = "\
1700000000.000001 [0 127.0.0.1:1] \"SETEX\" \"app:session\" \"60\" \"x\"
1700000001.000001 [0 127.0.0.1:1] \"SET\" \"app:session\" \"x\"
1700000002.000001 [0 127.0.0.1:1] \"SET\" \"app:other\" \"x\"
";

/// The commands that look at a server are compared with the schema where there is one.
#[test]
fn every_report_keeps_the_published_schemas() {
    let scratch = Scratch::new();
    scratch.write("monitor.log", MONITOR);
    scratch.write("old/registry.yaml", REGISTRY);
    scratch.write("old/modules/app.yaml", &MODULE.replace("60s", "90s"));
    scratch.write("src/app.py", "import redis\nr = redis.Redis()\nr.set('app:session', 'x')\nr.get('app:more')\n");
    let of = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/reference/{name}.schema.json"));
        let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
    };
    let (report, line) = (of("report"), of("report-line"));
    let rdb = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/rdb");
    let rdb = std::fs::read_dir(rdb).unwrap().map(|item| item.unwrap().path());
    let rdb = rdb.filter(|path| path.extension().is_some_and(|end| end == "rdb")).min().unwrap();
    for args in [
        &["lint"][..],
        &["verify", "--rdb", rdb.to_str().unwrap()],
        &["watch", "--file", "monitor.log", "--as", "app"],
        &["coverage", "merge", "watch.json"],
        &["breaking", "--against", "old"],
        &["ci", "--only", "lint,generate,breaking", "--against", "old"],
        &["reconcile", "--code", "src"],
    ] {
        let file = format!("{}.json", args[0]);
        let (json, jsonl) = (format!("json={file}"), "jsonl=lines.jsonl");
        let run = scratch.run(&[args, &["--format", &json, "--format", jsonl]].concat());
        assert!(run.code < 2 || run.code == 3, "{args:?}: {} {}", run.code, run.err);
        let whole: Value = serde_json::from_str(&scratch.read(&file)).unwrap();
        let faults: Vec<String> = report.iter_errors(&whole).map(|error| error.to_string()).collect();
        assert_eq!(faults, Vec::<String>::new(), "{args:?}");
        let lines = scratch.read("lines.jsonl");
        for text in lines.lines() {
            let faults: Vec<String> =
                line.iter_errors(&serde_json::from_str(text).unwrap()).map(|error| error.to_string()).collect();
            assert_eq!(faults, Vec::<String>::new(), "{args:?}: {text}");
        }
        assert_eq!(lines.lines().count(), whole["findings"].as_array().unwrap().len() + 1, "{args:?}");
    }
}
