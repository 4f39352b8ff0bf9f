//! How long `keywire ci` takes without the programs, on a registry of many modules, against a floor: the same registry read and
//! resolved twice (as it was, as it is) and each generated file read from disk.
//!
//! `make bench` runs it. KEYWIRE_BENCH_MODULES sets the number of modules (default 30), KEYWIRE_BENCH_KEYS that of keys in all
//! (default 500), KEYWIRE_BENCH_ROUNDS the rounds (default 5), KEYWIRE_BENCH_TREE a folder in which
//! the tree is left. The tree is a git repository in a temporary folder: the registry as
//! it was is read from its last commit, since which the TTL of each key has changed.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and ends at the first fault")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use serde_json::Value;

fn main() {
    let modules = setting("KEYWIRE_BENCH_MODULES", 30);
    let keys = setting("KEYWIRE_BENCH_KEYS", 500);
    let rounds = setting("KEYWIRE_BENCH_ROUNDS", 5);
    let kept = std::env::var_os("KEYWIRE_BENCH_TREE").map(PathBuf::from);
    let temporary = tempfile::tempdir().unwrap();
    let folder = kept.as_deref().unwrap_or(temporary.path());
    write(folder, modules, keys, "10m");
    keywire(folder, &["generate"]);
    git(folder, &["init", "-q", "-b", "main"]);
    git(folder, &["add", "."]);
    git(folder, &["commit", "-q", "-m", "as it was"]);
    write(folder, modules, keys, "20m");
    keywire(folder, &["generate"]);
    let files = files(&folder.join("generated")).len() + files(&folder.join("docs")).len();
    println!("{modules} modules, {keys} keys, {files} generated files, {rounds} rounds");
    let mut ratios = Vec::new();
    for _ in 0..rounds {
        let start = Instant::now();
        floor(folder);
        let lowest = start.elapsed().as_secs_f64();
        let start = Instant::now();
        let report = keywire(folder, &["ci", "--skip", "run,verify", "--format", "json"]);
        let seconds = start.elapsed().as_secs_f64();
        let report: Value = serde_json::from_slice(&report).unwrap();
        let steps = report["evidence"]["steps"].as_array().unwrap();
        let steps: Vec<String> = steps
            .iter()
            .map(|step| format!("{} {:.2} s", step["step"].as_str().unwrap(), step["seconds"].as_f64().unwrap()))
            .collect();
        assert_eq!(steps.len(), 3, "{report}");
        assert_eq!(report["evidence"]["steps"][2]["evidence"]["changes"], keys, "each key has changed");
        println!("  floor {lowest:.2} s   ci {seconds:.2} s   ratio {:.1}   ({})", seconds / lowest, steps.join(", "));
        ratios.push(seconds / lowest);
    }
    ratios.sort_by(f64::total_cmp);
    println!("  median of the ratios: {:.1}", ratios[ratios.len() / 2]);
}

fn setting(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// The registry read twice, and all generated files read once.
fn floor(folder: &Path) {
    for _ in 0..2 {
        let registry = keywire::registry::load(&folder.join("schema")).unwrap();
        std::hint::black_box(registry.keys.len());
    }
    for path in files(&folder.join("generated")).into_iter().chain(files(&folder.join("docs"))) {
        std::hint::black_box(std::fs::read(path).unwrap().len());
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// What keywire prints; it may have findings.
fn keywire(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_keywire")).args(arguments).current_dir(folder).output().unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn git(folder: &Path, arguments: &[&str]) {
    let who = ["-c", "user.name=bench", "-c", "user.email=bench@example.org", "-c", "commit.gpgsign=false"];
    assert!(Command::new("git").args(who).args(arguments).current_dir(folder).status().unwrap().success());
}

/// Writes a registry: modules that own keys of all types, of which each reads keys of the next.
fn write(folder: &Path, modules: usize, keys: usize, ttl: &str) {
    let schema = folder.join("schema");
    std::fs::create_dir_all(schema.join("modules")).unwrap();
    let registry = "keywire: 1\nname: bench\nbuses:\n  main: { env: BENCH_REDIS_URL, owns: [\"*\"] }\n";
    std::fs::write(schema.join("registry.yaml"), registry).unwrap();
    for module in 0..modules {
        let own = (keys * (module + 1) / modules) - (keys * module / modules);
        let mut text = format!(
            "module: worker_{module}\nrole: Does its part.\nbus: main\nparams:\n  id: {{ type: integer, min: 1 }}\n  \
             kind: {{ type: enum, values: [a, b, c] }}\npayloads:\n  Item:\n    type: object\n    required: [id, value]\n    \
             properties:\n      id: {{ type: integer }}\n      value: {{ type: number }}\n      name: {{ type: string, \
             maxLength: 80 }}\n      tags: {{ type: array, items: {{ type: string }} }}\nkeys:\n"
        );
        for key in 0..own {
            let name = format!("w{module}:part{key}");
            let reader = format!("consumers: [{{ name: worker_{}, reads: [READ] }}]", (module + 1) % modules);
            let body = match key % 5 {
                0 => ("{id}", "type: string\n    value: Item\n    operations: [SETEX]", "GET"),
                1 => (
                    "{kind}:{id}",
                    "type: hash\n    fields: { name: text, count: integer, item: Item }\n    operations: [HSET, EXPIRE]",
                    "HGETALL",
                ),
                2 => ("latest", "type: string\n    value: integer\n    operations: [SETEX]", "GET"),
                3 => ("{id}:log", "type: list\n    element: Item\n    operations: [LPUSH, LTRIM, EXPIRE]", "LRANGE"),
                _ => ("{kind}", "type: set\n    member: text\n    operations: [SADD, EXPIRE]", "SMEMBERS"),
            };
            let (tail, rest, read) = body;
            let bound = if key % 5 == 3 { ", max_entries: 100" } else { "" };
            let cardinality = if tail.contains('{') { "    cardinality: 1000\n" } else { "" };
            writeln!(
                text,
                "  part_{key}:\n    key: {name}:{tail}\n    purpose: Part {key}.\n    {rest}\n    retention: {{ ttl: {ttl}{bound} }}\n\
                 {cardinality}    {}",
                reader.replace("READ", read)
            )
            .unwrap();
        }
        std::fs::write(schema.join(format!("modules/worker_{module}.yaml")), text).unwrap();
    }
}
