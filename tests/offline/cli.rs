//! The program as users meet it: exit codes, help, reports. Each test states command, exit code and output.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A run of keywire in a folder of its own, with nothing of the tester's environment that could change the result.
struct Scratch {
    folder: tempfile::TempDir,
}

impl Scratch {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn write(&self, path: &str, text: &str) -> &Self {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn run(&self, args: &[&str]) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_keywire"))
            .args(args)
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .output()
            .unwrap();
        Run(output)
    }
}

struct Run(Output);

impl Run {
    fn code(&self) -> i32 {
        self.0.status.code().unwrap()
    }

    fn out(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).unwrap()
    }

    fn err(&self) -> String {
        String::from_utf8(self.0.stderr.clone()).unwrap()
    }
}

const MODULE: &str = "\
module: app
role: Serves requests.
bus: main
keys:
  session:
    key: app:session
    purpos: What it is for.
    type: sting
    value: text
    operations: [SET, STE]
    retention: { ttl: 300, lifecycle: overwriten }
";

const REGISTRY: &str = "\
keywire: 1
name: example
buses:
  main: { env: MAIN_REDIS_URL, owns: [\"app:*\"] }
";

#[test]
fn all_faults_of_the_format_come_at_once_with_place_and_hint() {
    let scratch = Scratch::new();
    scratch.write("schema/registry.yaml", REGISTRY).write("schema/modules/app.yaml", MODULE);
    let run = scratch.run(&["lint"]);
    assert_eq!(run.code(), 2);
    insta::assert_snapshot!(run.out(), @r#"
    error[invalid-registry]: a key has no field `purpos`
     --> schema/modules/app.yaml:7:5
      |
    7 |     purpos: What it is for.
      |     ^^^^^^
      |
      = help: did you mean `purpose`?

    error[invalid-registry]: `300` has no unit; write for example 300s (units: ms, s, m, h, d, w); a TTL is `none`, a duration, or `sliding` and a duration
      --> schema/modules/app.yaml:11:23
       |
    11 |     retention: { ttl: 300, lifecycle: overwriten }
       |                       ^^^
       |
       = help: `ttl` is `none`, a duration, or `sliding` and a duration, for example none, 300s, sliding 8d, sliding {TRAIL_TTL_SEC}

    error[invalid-registry]: `overwriten` is not a value of `lifecycle`
      --> schema/modules/app.yaml:11:39
       |
    11 |     retention: { ttl: 300, lifecycle: overwriten }
       |                                       ^^^^^^^^^^
       |
       = help: did you mean `overwritten`?

    3 errors
    The registry is invalid; nothing was done.
    "#);
}

#[test]
fn lint_findings_exit_1_with_carets_and_levels_can_be_set() {
    let scratch = Scratch::new();
    let module = MODULE
        .replace("purpos:", "purpose:")
        .replace("sting", "string")
        .replace("ttl: 300", "ttl: none")
        .replace("overwriten", "overwritten");
    scratch.write("schema/registry.yaml", REGISTRY).write("schema/modules/app.yaml", &module);
    let run = scratch.run(&["lint"]);
    assert_eq!(run.code(), 1);
    insta::assert_snapshot!(run.out(), @r"
    warning[no-consumer]: nobody reads `app:session`
     --> schema/modules/app.yaml:5:3
      |
    5 |   session:
      |   ^^^^^^^
      |
      = help: list who reads it under `consumers`, or stop writing it

    error[unknown-operation]: there is no command `STE`
      --> schema/modules/app.yaml:10:23
       |
    10 |     operations: [SET, STE]
       |                       ^^^
       |
       = help: did you mean `SET`?

    1 error, 1 warning
    schema: not clean (1 module, 1 key, 0 channels)
    ");
    let github = scratch.run(&["lint", "--format", "github"]).out();
    assert_eq!(github.lines().filter(|line| line.starts_with("::")).count(), 2);
    assert!(github.ends_with("schema: not clean (1 module, 1 key, 0 channels)\n"), "{github}");
    scratch.write("keywire.toml", "[rules]\nunknown-operation = 'warning'\nno-consumer = 'off'\n");
    assert_eq!(scratch.run(&["lint"]).code(), 1);
    assert_eq!(scratch.run(&["lint", "--fail-on", "error"]).code(), 0);
    scratch.write("keywire.toml", "[rules]\nunknwon-operation = 'off'\n");
    let run = scratch.run(&["lint"]);
    assert_eq!(run.code(), 2);
    assert!(run.err().contains("did you mean `unknown-operation`?"), "{}", run.err());
}

#[test]
fn init_gives_a_registry_that_lints_clean_and_never_overwrites() {
    let scratch = Scratch::new();
    assert_eq!(scratch.run(&["init"]).code(), 0);
    let lint = scratch.run(&["lint"]);
    assert_eq!((lint.code(), lint.err().as_str()), (0, ""), "{}", lint.out());
    assert_eq!(scratch.run(&["init"]).code(), 2);
    let generate = scratch.run(&["generate"]);
    assert_eq!(generate.code(), 0, "{}", generate.err());
    assert_eq!(scratch.run(&["generate", "--check"]).code(), 0);
}

#[test]
fn init_module_adds_a_module_that_lints_clean_and_overwrites_nothing() {
    let scratch = Scratch::new();
    scratch.run(&["init"]);
    let dry = scratch.run(&["init", "module", "price_worker", "--dry-run"]);
    assert_eq!((dry.code(), dry.out().lines().count()), (0, 6), "{}", dry.out());
    assert!(!scratch.path("workers").exists());
    assert_eq!(scratch.run(&["init", "module", "price_worker"]).code(), 0);
    let lint = scratch.run(&["lint"]);
    assert_eq!((lint.code(), lint.out().contains("clean (2 modules")), (0, true), "{}", lint.out());
    assert_eq!(scratch.run(&["generate", "--check"]).code(), 0);
    for (name, said) in [
        ("price_worker", "already"),
        ("dashboard", "is a service"),
        ("Price", "small letters"),
        ("../up", "small letters"),
        ("fn", "small letters"),
        ("", "small letters"),
    ] {
        let run = scratch.run(&["init", "module", name]);
        assert_eq!((run.code(), run.err().contains(said)), (2, true), "{name}: {}", run.err());
    }
    // A file that is there is the user's, and then nothing at all is written.
    scratch.write("workers/tick_worker/src/source.rs", "mine\n");
    let run = scratch.run(&["init", "module", "tick_worker"]);
    assert_eq!((run.code(), run.err().contains("src/source.rs is there already")), (2, true), "{}", run.err());
    assert!(!scratch.path("schema/modules/tick_worker.yaml").exists());
    assert_eq!(scratch.run(&["init", "module", "other_worker", "--bus", "mian"]).code(), 2);
}

#[test]
fn init_module_puts_the_wiring_into_the_crate_where_the_settings_say_so() {
    let scratch = Scratch::new();
    scratch.write("keywire.toml", "registry = \"contracts\"\n[generate]\nrust = \"services/{module}/src/wiring\"\n");
    scratch.write("Cargo.toml", "[workspace]\nmembers = []\n");
    scratch.run(&["init", "contracts"]);
    let run = scratch.run(&["init", "module", "price_worker"]);
    assert_eq!(run.code(), 0, "{}", run.err());
    assert!(
        run.out().contains("add \"services/price_worker\" to the members of the workspace in Cargo.toml"),
        "{}",
        run.out()
    );
    let main = std::fs::read_to_string(scratch.path("services/price_worker/src/main.rs")).unwrap();
    assert!(main.contains("\nmod wiring;") && !main.contains("#[path"), "{main}");
    assert!(scratch.path("services/price_worker/src/wiring/batch.rs").is_file());
    assert!(scratch.path("contracts/modules/price_worker.yaml").is_file());
}

#[test]
fn an_acl_file_is_ours_by_its_neighbour_and_a_users_own_is_left_alone() {
    let scratch = Scratch::new();
    scratch.run(&["init"]);
    let (file, neighbour) = (scratch.path("generated/acl/main.acl"), scratch.path("generated/acl/main.setuser.txt"));
    scratch.write("generated/acl/main.acl", "user ops on nopass ~* +@all\n");
    let run = scratch.run(&["generate", "--only", "acl"]);
    assert!(run.code() == 2 && run.err().contains("main.acl was not generated"), "{}", run.err());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "user ops on nopass ~* +@all\n");
    assert!(!neighbour.exists(), "else the user's file would be taken for ours the next time");
    std::fs::remove_file(&file).unwrap();
    assert_eq!(scratch.run(&["generate", "--only", "acl"]).code(), 0);
    scratch.write("generated/acl/main.acl", "user example_worker on +@all\n");
    let check = scratch.run(&["generate", "--check", "--only", "acl"]);
    assert!(check.code() == 1 && check.out().contains("stale    generated/acl/main.acl"), "{}", check.out());
    assert_eq!(scratch.run(&["generate", "--only", "acl"]).code(), 0);
    assert!(std::fs::read_to_string(&file).unwrap().contains("user keywire_verify on"));
}

#[test]
fn generate_check_names_what_is_stale_and_foreign_files_are_left_alone() {
    let scratch = Scratch::new();
    scratch.run(&["init"]);
    let check = scratch.run(&["generate", "--check", "--only", "markdown"]);
    assert_eq!(check.code(), 1);
    assert!(check.out().contains("missing  docs/wiring/example_worker.md"), "{}", check.out());
    scratch.run(&["generate", "--only", "markdown"]);
    let page = scratch.path("docs/wiring/example_worker.md");
    let text = std::fs::read_to_string(&page).unwrap();
    std::fs::write(&page, text.replace("Latest", "Last")).unwrap();
    let check = scratch.run(&["generate", "--check", "--only", "markdown"]);
    assert_eq!(check.code(), 1);
    assert!(check.out().contains("stale    docs/wiring/example_worker.md"), "{}", check.out());
    std::fs::write(&page, "my own notes\n").unwrap();
    let run = scratch.run(&["generate", "--only", "markdown"]);
    assert_eq!(run.code(), 2, "{}", run.out());
    assert!(run.err().contains("left alone"), "{}", run.err());
    assert_eq!(std::fs::read_to_string(&page).unwrap(), "my own notes\n");
}

#[test]
fn explain_knows_rules_and_names() {
    let scratch = Scratch::new();
    scratch.run(&["init"]);
    let rule = scratch.run(&["explain", "ttl-missing"]);
    assert_eq!(rule.code(), 0);
    assert!(rule.out().contains("Bad:") && rule.out().contains("Good:"));
    let name = scratch.run(&["explain", "example:latest:roof"]);
    assert_eq!(name.code(), 0);
    assert!(name.out().contains("sensor = roof") && name.out().contains("example_worker (SET)"), "{}", name.out());
    assert_eq!(scratch.run(&["explain", "example:latest:ROOF"]).code(), 1);
    let near = scratch.run(&["explain", "ttl-mising"]);
    assert_eq!(near.code(), 2);
    assert!(near.err().contains("did you mean `ttl-missing`?"));
    let all = scratch.run(&["explain"]).out();
    assert!(keywire::catalogue::rules().all(|(_, rule)| all.contains(rule.name)));
}

#[test]
fn mistakes_of_use_exit_2_and_say_what_to_do() {
    let scratch = Scratch::new();
    let none = scratch.run(&["lint"]);
    assert_eq!(none.code(), 2);
    assert!(none.err().contains("keywire init"), "{}", none.err());
    scratch.run(&["init"]);
    let module = scratch.run(&["lint", "--module", "example_woker"]);
    assert_eq!(module.code(), 2);
    assert!(module.err().contains("did you mean `example_worker`?"), "{}", module.err());
    assert_eq!(scratch.run(&["lint", "--format", "yaml"]).code(), 2);
    assert_eq!(scratch.run(&["verify", "--set", "X"]).code(), 2);
    let nobody = scratch.run(&["verify", "--redis", "unix:///nowhere/redis.sock"]);
    assert_eq!(nobody.code(), 3);
    let secret = scratch.run(&["verify", "--redis", "redis://me:hunter2@127.0.0.1:1/0"]);
    assert_eq!(secret.code(), 3);
    assert!(!secret.err().contains("hunter2") && !secret.out().contains("hunter2"), "{}", secret.err());
}

#[test]
fn reports_in_json_keep_their_schema() {
    let scratch = Scratch::new();
    scratch.write("schema/registry.yaml", REGISTRY).write("schema/modules/app.yaml", MODULE);
    let schema = jsonschema::validator_for(&keywire::report::json_schema()).unwrap();
    for args in [&["lint", "--format", "json"][..], &["verify", "--format", "json"]] {
        let report: serde_json::Value = serde_json::from_str(&scratch.run(args).out()).unwrap();
        let errors: Vec<String> = schema.iter_errors(&report).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
        assert_eq!(report["summary"]["error"], 3);
    }
}

#[test]
fn help_is_as_documented() {
    let scratch = Scratch::new();
    for command in [
        "",
        "init",
        "init module",
        "lint",
        "generate",
        "verify",
        "watch",
        "proxy",
        "run",
        "reconcile",
        "coverage merge",
        "acl",
        "diff",
        "changelog",
        "breaking",
        "explain",
        "extract",
        "demo",
    ] {
        let args: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
        let run = scratch.run(&args);
        assert_eq!(run.code(), 0);
        let name = if command.is_empty() { "help".to_owned() } else { command.replace(' ', "_") };
        insta::assert_snapshot!(format!("help_{name}"), run.out());
        assert!(run.out().contains("Example"), "{command} shows no example");
    }
}

#[test]
fn the_registry_of_the_repo_is_clean_and_all_files_are_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let run = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_keywire")).args(args).current_dir(root).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stdout));
    };
    run(&["lint"]);
    run(&["generate", "--check"]);
}
