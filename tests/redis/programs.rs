//! Programs in other languages under contract: unchanged they are clean, and a small change to them is found.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::pages::root;
use crate::servers::{self, all, say};

/// A program, what runs it, and where its client library is.
struct Program {
    file: &'static str,
    module: &'static str,
    interpreter: &'static str,
    /// What the interpreter says without an error if it finds the library.
    probe: &'static [&'static str],
    variable: &'static str,
    folder: &'static str,
}

const PYTHON: Program = Program {
    file: "jobs.py",
    module: "jobs",
    interpreter: "python3",
    probe: &["-c", "import redis"],
    variable: "PYTHONPATH",
    folder: ".keywire/python",
};

const NODE: Program = Program {
    file: "mailer.js",
    module: "mailer",
    interpreter: "node",
    probe: &["-e", "require('ioredis')"],
    variable: "NODE_PATH",
    folder: ".keywire/node/node_modules",
};

impl Program {
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env(self.variable, root().join(self.folder)).stdin(Stdio::null());
        command
    }

    /// Can it be run here? If not, this says so.
    fn is_there(&self) -> bool {
        let quiet = || Stdio::null();
        let probe = self.command(self.interpreter).args(self.probe).stdout(quiet()).stderr(quiet()).status();
        let there = probe.is_ok_and(|status| status.success());
        if !there {
            let (name, file) = (self.interpreter, self.file);
            say(&format!(
                "{file} under contract SKIPPED: no {name} with its client library; see tools/install-clients"
            ));
        }
        there
    }

    /// The report of a run on one server, and the exit code.
    fn run(&self, server: &Path, file: &Path) -> (Value, i32, String) {
        let mut command = self.command(env!("CARGO_BIN_EXE_keywire"));
        command.env("KEYWIRE_SERVER", server).current_dir(root().join("tests/fixtures/programs"));
        command.args(["run", "--registry", "schema", "--as", self.module, "--fail-on-coverage-below", "100"]);
        // A program that is broken may wait for ever.
        command.args(["--until", "20s"]);
        let Output { status, stdout, stderr } =
            command.args(["--format", "json", "--", self.interpreter]).arg(file).output().unwrap();
        let said = String::from_utf8_lossy(&stderr).into_owned();
        let report = serde_json::from_slice(&stdout).unwrap_or_else(|error| panic!("{error}: {said}"));
        (report, status.code().unwrap(), said)
    }

    fn source(&self) -> PathBuf {
        root().join("tests/fixtures/programs").join(self.file)
    }
}

/// Rules of warnings and errors: what an old server does not know of a greeting is told as info.
fn rules(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings.filter(|finding| finding["level"] != "info").map(|finding| finding["rule"].as_str().unwrap()).collect()
}

/// Runs a program unchanged, and then with each change, which must be found by its rule.
fn under_contract(program: &Program, changes: &[(&str, &str, &str)]) {
    if !program.is_there() {
        return;
    }
    let source = std::fs::read_to_string(program.source()).unwrap();
    for server in all() {
        let (report, code, said) = program.run(&server.program, &program.source());
        assert_eq!((rules(&report), code), (vec![], 0), "{} on {server}: {report:#}\n{said}", program.file);
        assert_eq!(report["coverage"]["operations"]["percent"], 100.0, "{} on {server}", program.file);
        assert!(said.lines().count() == 1, "what the program prints goes to standard error: {said}");
    }
    let folder = tempfile::tempdir().unwrap();
    let changed = folder.path().join(program.file);
    for (from, to, rule) in changes {
        assert!(source.contains(from), "{} has no `{from}`", program.file);
        std::fs::write(&changed, source.replace(from, to)).unwrap();
        let (report, code, said) = program.run(&all()[0].program, &changed);
        assert!(rules(&report).contains(rule) && code == 1, "`{to}`: {rule} is not in {:?}\n{said}", rules(&report));
    }
}

#[test]
fn a_python_program_with_redis_py() {
    let changes = [
        ("pipe.expire(key, 3600)", "pipe.expire(key, 360)", "expiry-mismatch"),
        ("pipe.ltrim(\"jobs:queue\", -1000, -1)", "pass", "untrimmed-write"),
        ("\"state\": \"waiting\"", "\"stat\": \"waiting\"", "unknown-field"),
        ("pipe.publish(\"jobs:done\"", "pipe.publish(\"job:done\"", "undeclared-channel"),
        ("nx=True, ex=10", "nx=True, ex=100", "expiry-mismatch"),
        ("\"id\": r.incr(\"jobs:next\")", "\"id\": str(r.incr(\"jobs:next\"))", "invalid-payload"),
        ("    done = 0\n", "    r.keys(\"jobs:*\")\n    done = 0\n", "hot-loop"),
        ("    done = 0\n", "    r.set(\"jobs:started\", 1)\n    done = 0\n", "undeclared-key"),
        ("return redis.call('DEL', KEYS[1])", "return redis.call('SET', KEYS[1], '')", "ttl-missing"),
        ("    print(f\"{done} jobs done\")", "    raise SystemExit(3)", "program-failed"),
    ];
    under_contract(&PYTHON, &changes.map(|(from, to, rule)| (from, to, rule)));
}

#[test]
fn a_node_program_with_ioredis() {
    let changes = [
        ("\"MAXLEN\", 500", "\"MAXLEN\", 5000", "untrimmed-write"),
        ("subject: `Hello ${n}`", "subject: n", "invalid-payload"),
        ("await redis.multi().srem(", "await redis.srem(", "batch-not-atomic"),
        ("redis.xrange(\"mail:outbox\"", "redis.xrange(\"mail:outbx\"", "dangling-read"),
        ("redis.call('SADD', KEYS[1], ARGV[1])", "redis.call('LPUSH', KEYS[1], ARGV[1])", "wrong-type"),
    ];
    under_contract(&NODE, &changes);
}

#[test]
fn a_signal_is_passed_on_and_a_report_follows() {
    for signal in ["-INT", "-TERM"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keywire"));
        command.current_dir(root().join("tests/fixtures/programs")).stdin(Stdio::null());
        command.args(["run", "--registry", "schema", "--as", "jobs", "--", "sh", "-c", "echo ready; exec sleep 60"]);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut printed = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        printed.read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        servers::signal(signal, process.id());
        let mut report = String::new();
        printed.read_to_string(&mut report).unwrap();
        assert!(report.contains("sh was ended by signal") && report.contains("stopped on request"), "{report}");
        assert_eq!(process.wait().unwrap().code(), Some(130), "{report}");
    }
}

/// A shell as the client: what it sends itself, and what its scripts call, are told by different origins.
const BY_TURNS: &str = r#"
exec 3<>"/dev/tcp/$REDIS_HOST/$REDIS_PORT"
ask() { printf '%s\r\n' "$*" >&3 && read -r answer <&3; }
for n in $(seq 1 20); do
    ask INCRBY jobs:next 1
    ask HSET "jobs:job:$n" state waiting
    ask EVAL "\"return redis.call('EXPIRE', KEYS[1], 3600)\"" 1 "jobs:job:$n"
done
"#;

#[test]
fn scripts_and_clients_are_put_into_the_order_of_time() {
    let probe = Command::new("bash").args(["-c", "seq 1"]).stdout(Stdio::null()).status();
    if !probe.is_ok_and(|status| status.success()) {
        say("a shell program under contract SKIPPED: no bash here");
        return;
    }
    for server in all() {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keywire"));
        command.env("KEYWIRE_SERVER", &server.program).current_dir(root().join("tests/fixtures/programs"));
        command.args(["run", "--registry", "schema", "--as", "jobs", "--format", "json", "--", "bash", "-c", BY_TURNS]);
        let output = command.stdin(Stdio::null()).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((rules(&report), output.status.code()), (vec![], Some(0)), "{report:#}");
        let job =
            report["coverage"]["entries"].as_array().unwrap().iter().find(|entry| entry["entry"] == "job").unwrap();
        let expire = job["operations"].as_array().unwrap().iter().find(|row| row["command"] == "EXPIRE").unwrap();
        assert_eq!(expire["seen"], 20, "{job:#}");
    }
}
