//! `keywire reconcile` as users meet it: rows, disagreements, exit codes and formats.

use std::path::Path;
use std::process::{Command, Output};

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

fn run(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_keywire")).args(args).current_dir(folder).env_clear().output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

const REGISTRY: &str = "\
keywire: 1
name: shop
buses:
  main: { owns: [\"cart:*\", \"stock:*\", \"orders\", \"session:*\", \"seen:*\", \"old:*\", \"price:*\", \"log\"] }
  other: {}
services:
  mail: { role: Sends mail. }
";

/// A registry, and drafts of it in which each rule has something to say.
fn shop(folder: &Path) {
    write(folder, "schema/registry.yaml", REGISTRY);
    write(
        folder,
        "schema/modules/web.yaml",
        "\
module: web
bus: main
config:
  CART_TTL: { type: seconds, default: 3600 }
keys:
  cart: { key: 'cart:{user}', type: hash, operations: [HSET, EXPIRE], retention: { ttl: \"{CART_TTL}\" }, consumers: [{ name: mail, reads: [HGETALL] }] }
  stock: { key: 'stock:{article}', type: string, value: integer, operations: [SET], retention: { ttl: none }, consumers: [{ name: mail, reads: [GET] }] }
  orders: { key: orders, type: stream, operations: [XADD], retention: { ttl: none, max_entries: ~1000 }, consumers: [{ name: mail, reads: [XREAD] }] }
  session: { key: 'session:{id}', type: string, operations: [SETEX], retention: { ttl: 30m }, consumers: [{ name: web, reads: [GET] }] }
  old: { key: 'old:{id}', type: string, operations: [SET], retention: { ttl: none }, consumers: [{ name: mail, reads: [GET] }] }
  price: { key: 'price:{article}', type: string, operations: [SET], retention: { ttl: none }, consumers: [{ name: mail, reads: [GET] }] }
  log: { key: log, type: list, operations: [LPUSH, LTRIM], retention: { ttl: none, max_entries: 10 } }
",
    );
    write(folder, "code/registry.yaml", REGISTRY);
    write(
        folder,
        "code/modules/web.yaml",
        "\
module: web
bus: main
keys:
  cart: { key: 'cart:{id}', type: hash, operations: [HSET, EXPIRE], retention: { ttl: sliding 2h }, consumers: [{ name: mail, reads: [HGETALL] }] }
  orders: { key: orders, type: stream, operations: [XADD], retention: { max_entries: ~5000 } }
  session: { key: 'session:{sid}', type: string, operations: [SETEX], retention: { ttl: 30m } }
  seen: { key: 'seen:{id}', type: set, operations: [SADD], consumers: [{ name: web, reads: [SISMEMBER] }] }
  price: { key: 'price:{article}', type: string, bus: other, operations: [SET] }
  log: { key: log, type: list, operations: [LPUSH, LTRIM], retention: { max_entries: 10 } }
",
    );
    write(
        folder,
        "code/modules/importer.yaml",
        "\
module: importer
bus: main
keys:
  stock: { key: 'stock:{id}', type: string, operations: [SET] }
  cart: { key: 'cart:{user}:lines', type: list, consumers: [{ name: mail, reads: [LRANGE] }] }
",
    );
    write(folder, "live/registry.yaml", REGISTRY);
    write(
        folder,
        "live/modules/unowned.yaml",
        "\
module: unowned
bus: main
keys:
  cart: { key: 'cart:{user}', type: string, retention: { ttl: 58m } }
  stock: { key: 'stock:{article}', type: string, value: boolean, retention: { ttl: none } }
  session: { key: 'session:anonymous', type: string, retention: { ttl: 12m } }
",
    );
}

const WITNESSES: [&str; 4] = ["--witness", "code=code", "--witness", "keyspace=live"];

#[test]
fn each_disagreement_is_a_finding() {
    let folder = tempfile::tempdir().unwrap();
    shop(folder.path());
    let args: Vec<&str> = ["reconcile"].into_iter().chain(WITNESSES).collect();
    let text = run(folder.path(), &args);
    assert_eq!(text.status.code(), Some(1), "{}", String::from_utf8_lossy(&text.stderr));
    insta::assert_snapshot!("reconcile_text", out(&text));
    let json = run(folder.path(), &args.iter().copied().chain(["--format", "json"]).collect::<Vec<_>>());
    let report: serde_json::Value = serde_json::from_str(&out(&json)).unwrap();
    let schema = jsonschema::validator_for(&keywire::report::json_schema()).unwrap();
    assert!(schema.is_valid(&report));
    let mut fired: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect();
    fired.sort_unstable();
    fired.dedup();
    let all: Vec<&str> = keywire::reconcile::rules::RULES.iter().map(|rule| rule.rule.name).collect();
    assert_eq!(fired, all);
    let rows = report["coverage"]["rows"].as_array().unwrap();
    let cart = rows.iter().find(|row| row["pattern"] == "cart:{user}").unwrap();
    assert_eq!(cart["seen"]["code"][0]["ttl"], "sliding 2h");
    assert_eq!(cart["declared"]["writers"], serde_json::json!(["web"]));
    let page =
        run(folder.path(), &args.iter().copied().chain(["--format", "markdown", "--differing"]).collect::<Vec<_>>());
    assert!(out(&page).starts_with("| pattern | declared | code | keyspace |\n| --- |"), "{}", out(&page));
}

#[test]
fn a_registry_agrees_with_itself() {
    for registry in ["schema", "tests/fixtures/registries/web_shop", "tests/fixtures/registries/multi_bus"] {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let kinds = ["code", "keyspace", "traffic"].map(|kind| format!("{kind}={registry}"));
        let witnesses = kinds.iter().flat_map(|witness| ["--witness", witness]);
        let args: Vec<&str> = ["reconcile", "--registry", registry].into_iter().chain(witnesses).collect();
        let run = run(root, &args);
        assert_eq!(run.status.code(), Some(0), "{}", out(&run));
    }
}

#[test]
fn mistakes_of_use_are_told() {
    let folder = tempfile::tempdir().unwrap();
    shop(folder.path());
    for (args, part) in [
        (&["reconcile"][..], "no witness"),
        (&["reconcile", "--witness", "code"], "KIND=DIR"),
        (&["reconcile", "--witness", "cod=code"], "there is no kind `cod`"),
        (&["reconcile", "--witness", "code=nowhere"], "no registry here"),
    ] {
        let run = run(folder.path(), args);
        let err = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.code() == Some(2) && err.contains(part), "{err}");
    }
}
