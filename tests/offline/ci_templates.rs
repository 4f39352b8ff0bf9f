//! What runs keywire in other people's pipelines: the steps of action.yml and of the GitLab template are run here as their runners
//! run them, on a shallow clone of a branch that breaks somebody.

use std::collections::BTreeMap;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use keywire::source::{FileId, parse};
use serde_json::Value;

use crate::repository::{MODULE, Repository};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn yaml(path: &str) -> Value {
    let text = std::fs::read_to_string(Path::new(ROOT).join(path)).unwrap();
    parse(FileId(0), &text).unwrap().to_json()
}

/// A machine with a shallow clone of the branch `topic` of a repository, as a runner has it.
struct Runner {
    folder: tempfile::TempDir,
    variables: BTreeMap<String, String>,
}

impl Runner {
    fn new(module: &str) -> Self {
        let upstream = Repository::new();
        assert_eq!(upstream.keywire(&["generate"]).0, 0);
        upstream.commit("generated");
        upstream.git(&["switch", "-q", "-c", "topic"]);
        upstream.module(module);
        assert_eq!(upstream.keywire(&["generate"]).0, 0);
        upstream.git(&["add", "."]);
        upstream.git(&["commit", "-q", "--allow-empty", "-m", "change"]);
        let folder = tempfile::tempdir().unwrap();
        let url = format!("file://{}", upstream.path().display());
        let clone = folder.path().join("clone");
        upstream.git(&["clone", "-q", "--depth=1", "--branch=topic", &url, clone.to_str().unwrap()]);
        // The clone is what the runner has; what it was cloned from stays for as long as it may be fetched from.
        let kept = folder.path().join("upstream");
        std::fs::rename(upstream.path(), &kept).unwrap();
        let runner = Self { folder, variables: BTreeMap::new() };
        runner.git(&["remote", "set-url", "origin", &format!("file://{}", kept.display())]);
        runner
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn git(&self, arguments: &[&str]) {
        let status = Command::new("git").arg("-C").arg(self.path("clone")).args(arguments).status();
        assert!(status.unwrap().success(), "git {arguments:?}");
    }

    fn set(&mut self, name: &str, value: impl AsRef<Path>) {
        self.variables.insert(name.to_owned(), value.as_ref().to_str().unwrap().to_owned());
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// Exit code and output of a script.
    fn run(&self, shell: &[&str], folder: &str, script: &str) -> (i32, String) {
        let mut command = Command::new(shell[0]);
        command.args(&shell[1..]).arg(script).current_dir(self.path(folder));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GITHUB_")) {
            command.env_remove(name);
        }
        let output = command.envs(&self.variables).output().unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        (output.status.code().unwrap(), text)
    }
}

fn program(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// `${{ inputs.NAME }}` by the values of inputs, and what a push found there.
fn filled(text: &str, inputs: &BTreeMap<String, String>, before: &str) -> String {
    let filled = inputs
        .iter()
        .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("${{{{ inputs.{name} }}}}"), value))
        .replace("${{ github.event.before }}", before);
    assert!(!filled.contains("${{"), "{filled} names what is no input");
    filled
}

/// Runs the steps of action.yml; the output of all, and the exit code of the first that fails.
fn action(runner: &mut Runner, given: &[(&str, &str)]) -> (i32, String) {
    let action = yaml("action.yml");
    let mut inputs: BTreeMap<String, String> = BTreeMap::new();
    for (name, input) in action["inputs"].as_object().unwrap() {
        assert!(input["description"].is_string(), "{name} says what it is for");
        inputs.insert(name.clone(), input["default"].as_str().unwrap().to_owned());
    }
    for (name, value) in given {
        assert!(inputs.insert((*name).to_owned(), (*value).to_owned()).is_some(), "{name} is an input");
    }
    assert_eq!(action["runs"]["using"], "composite");
    let path = std::env::var("PATH").unwrap();
    let event: Value = serde_json::from_str(&runner.read("event.json")).unwrap_or_default();
    let before = event["before"].as_str().unwrap_or_default();
    let mut printed = String::new();
    for step in action["runs"]["steps"].as_array().unwrap() {
        if let Some(condition) = step["if"].as_str() {
            let condition = condition.trim_start_matches("${{ inputs.").trim_end_matches(" }}");
            let (name, value) = condition.split_once(" == ").unwrap();
            if inputs[name] != value.trim_matches('\'') {
                continue;
            }
        }
        assert_eq!(step["shell"], "bash");
        for (name, value) in step["env"].as_object().into_iter().flatten() {
            runner.variables.insert(name.clone(), filled(value.as_str().unwrap(), &inputs, before));
        }
        // What earlier steps left for later ones.
        let paths = runner.read("path").lines().rev().map(|line| format!("{line}:")).collect::<String>();
        runner.variables.insert("PATH".to_owned(), format!("{paths}{}:{path}", runner.path("bin").display()));
        for line in runner.read("env").lines() {
            let (name, value) = line.split_once('=').unwrap();
            runner.variables.insert(name.to_owned(), value.to_owned());
        }
        let folder = filled(step["working-directory"].as_str().unwrap_or("."), &inputs, before);
        // As GitHub runs bash.
        let bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"];
        let script = filled(step["run"].as_str().unwrap(), &inputs, before);
        let (code, text) = runner.run(&bash, &format!("clone/{folder}"), &script);
        printed.push_str(&text);
        if code != 0 {
            return (code, printed);
        }
    }
    (0, printed)
}

/// A runner as GitHub sets it up for a pull request into main. In place of a build, cargo puts the program of this test there.
fn on_github(module: &str) -> Runner {
    let mut runner = Runner::new(module);
    let cargo = format!(
        "#!/bin/sh\ntest \"$1 $2 $3\" = 'install --locked --path' && test -f \"$4/Cargo.toml\" && test \"$5\" = --root || exit 9\n\
         mkdir -p \"$6/bin\" && ln -s '{}' \"$6/bin/keywire\"\n",
        env!("CARGO_BIN_EXE_keywire")
    );
    program(&runner.path("bin/cargo"), &cargo);
    runner.set("GITHUB_ACTION_PATH", ROOT);
    for (name, file) in [
        ("RUNNER_TEMP", "temp"),
        ("GITHUB_PATH", "path"),
        ("GITHUB_ENV", "env"),
        ("GITHUB_STEP_SUMMARY", "summary.md"),
        ("GITHUB_WORKSPACE", "clone"),
    ] {
        runner.set(name, runner.path(file));
    }
    runner.set("GITHUB_BASE_REF", "main");
    runner
}

#[test]
fn the_action_tells_a_pull_request_whom_it_breaks() {
    let mut runner = on_github(&MODULE.replace("1h", "10m"));
    let given = [
        ("working-directory", "services/shop"),
        ("sarif", "out/keywire.sarif"),
        ("html", "keywire.html"),
        ("server", "false"),
        ("args", "--skip run,verify --fail-on warning"),
    ];
    let (code, text) = action(&mut runner, &given);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("::error file=services/shop/schema/modules/shop.yaml,line="), "{text}");
    assert!(text.contains("against origin/main...: breaks somebody (1 change)"), "{text}");
    assert!(runner.read("summary.md").contains("ttl-shortened"), "{}", runner.read("summary.md"));
    let sarif: Value = serde_json::from_str(&runner.read("clone/services/shop/out/keywire.sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "ttl-shortened");
    assert!(runner.read("clone/services/shop/keywire.html").contains("ttl-shortened"));
}

#[test]
fn the_action_passes_a_change_that_breaks_nobody() {
    let mut runner = on_github(&MODULE.replace("What is in the cart.", "The cart."));
    let given = [("working-directory", "services/shop"), ("junit", "keywire.xml"), ("args", "--only lint,breaking")];
    // A server that is on PATH already is not installed again.
    program(&runner.path("bin/redis-server"), "#!/bin/sh\nexit 9\n");
    let (code, text) = action(&mut runner, &given);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("breaks nobody (1 change)"), "{text}");
    assert!(runner.read("clone/services/shop/keywire.xml").contains("<testsuite"));
    assert!(runner.read("env").is_empty(), "{}", runner.read("env"));
}

#[test]
fn the_action_compares_a_push_with_what_it_found_there() {
    let mut runner = on_github(&MODULE.replace("1h", "10m"));
    runner.variables.remove("GITHUB_BASE_REF");
    let upstream = runner.path("upstream");
    let main = Command::new("git").arg("-C").arg(&upstream).args(["rev-parse", "main"]).output().unwrap();
    let main = String::from_utf8(main.stdout).unwrap().trim().to_owned();
    runner.set("GITHUB_EVENT_PATH", runner.path("event.json"));
    let given = [("working-directory", "services/shop"), ("server", "false"), ("args", "--only breaking")];
    // Of a new branch, the default branch is not in a shallow clone: that is said, and what to do.
    for (before, code, said) in [
        (main.as_str(), 1, "breaks somebody (1 change)"),
        ("0000000000000000000000000000000000000000", 3, "fetch-depth: 0"),
    ] {
        let event = format!(r#"{{"before": "{before}", "repository": {{"default_branch": "main"}}}}"#);
        std::fs::write(runner.path("event.json"), event).unwrap();
        let (ended, text) = action(&mut runner, &given);
        assert!(ended == code && text.contains(said), "{ended}: {text}");
    }
}

#[test]
fn the_gitlab_template_writes_what_its_artifacts_name() {
    let template = yaml("templates/keywire.gitlab-ci.yml");
    let job = &template[".keywire"];
    let mut runner = Runner::new(&MODULE.replace("1h", "10m"));
    for (name, value) in job["variables"].as_object().unwrap() {
        runner.set(name, value.as_str().unwrap());
    }
    assert_eq!(runner.variables["GIT_DEPTH"], "0", "the base must be in the clone");
    runner.git(&["fetch", "-q", "--unshallow", "origin", "+refs/heads/*:refs/remotes/origin/*"]);
    std::fs::create_dir(runner.path("bin")).unwrap();
    symlink(env!("CARGO_BIN_EXE_keywire"), runner.path("bin/keywire")).unwrap();
    let path = std::env::var("PATH").unwrap();
    runner.variables.insert("PATH".to_owned(), format!("{}:{path}", runner.path("bin").display()));
    runner.set("CI_PROJECT_DIR", runner.path("clone"));
    runner.set("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main");
    let folder = "clone/services/shop";
    let script: Vec<&str> = job["script"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let (code, text) = runner.run(&["sh", "-ec"], folder, &script.join("\n"));
    assert_eq!(code, 1, "{text}");
    assert!(
        text.contains("error[ttl-shortened]") && text.contains("against origin/main...: breaks somebody"),
        "{text}"
    );
    let artifacts = &job["artifacts"];
    let named = artifacts["paths"].as_array().unwrap().iter().chain(artifacts["reports"].as_object().unwrap().values());
    for file in named.map(|name| name.as_str().unwrap()) {
        assert!(runner.read(&format!("{folder}/{file}")).contains("ttl-shortened"), "{file}");
    }
}
