//! `keywire reconcile` beside real code, a live server and a recorded log: each disagreement is planted once and is named
//! once, and what agrees is silent.

use std::path::Path;
use std::process::{Command, Output};

use keywire::server::embedded::EmbeddedServer;
use serde_json::Value;

use crate::database::{open, run};
use crate::servers::for_each_server;

/// The files of a shop in which all agree.
const FILES: [(&str, &str); 6] = [
    (
        "schema/registry.yaml",
        r#"keywire: 1
name: shop
buses:
  main: { env: REDIS_URL, owns: ["session:*", "cart:*", "orders", "profile:*", "price:*", "log", "tags:*", "stats:*", "flag:*", "seen:*", "news"] }
  other: { env: OTHER_REDIS_URL, owns: ["price:*"] }
"#,
    ),
    (
        "schema/modules/web.yaml",
        r#"module: web
bus: main
source: web.py
payloads:
  Profile: { type: object, properties: { age: { type: integer }, name: { type: string } } }
keys:
  session: { key: "session:{sid}", type: string, operations: [SETEX], retention: { ttl: 30m }, consumers: [{ name: web, reads: [GET] }] }
  cart: { key: "cart:{user}", type: hash, operations: [HSET, EXPIRE], retention: { ttl: sliding 2h }, consumers: [{ name: jobs, reads: [HGETALL] }] }
  orders: { key: orders, type: stream, operations: [XADD], retention: { max_entries: ~1000 }, consumers: [{ name: jobs, reads: [XREAD] }] }
  profile: { key: "profile:{id}", type: string, value: Profile, operations: [SET], retention: { ttl: none }, consumers: [{ name: jobs, reads: [GET] }] }
  price: { key: "price:{article}", type: string, value: number, operations: [SET], retention: { ttl: none }, consumers: [{ name: jobs, reads: [GET] }] }
  log: { key: log, type: list, operations: [LPUSH, LTRIM], retention: { max_entries: 100 }, consumers: [{ name: jobs, reads: [LRANGE] }] }
  tags: { key: "tags:{article}", type: set, operations: [SADD], retention: { ttl: none }, consumers: [{ name: jobs, reads: [SMEMBERS] }] }
  stats: { key: "stats:{day}", type: string, operations: [SET], retention: { ttl: none }, consumers: [{ name: jobs, reads: [GET] }] }
  flag: { key: "flag:{name}", type: string, operations: [SET], retention: { ttl: none }, consumers: [{ name: jobs, reads: [GET] }] }
channels:
  news: { channel: news, consumers: [{ name: jobs }] }
"#,
    ),
    ("schema/modules/jobs.yaml", "module: jobs\nbus: main\nsource: jobs.js\n"),
    (
        "src/web.py",
        r#"import json
import os

import redis

r = redis.Redis.from_url(os.environ["REDIS_URL"])
other = redis.Redis.from_url(os.environ["OTHER_REDIS_URL"])


def login(sid, user):
    r.setex(f"session:{sid}", 1800, user)


def whoami(sid):
    return r.get(f"session:{sid}")


def add(user, article, count):
    r.hset(f"cart:{user}", article, count)
    r.expire(f"cart:{user}", 7200)


def order(user, body):
    r.xadd("orders", {"user": user, "body": body}, maxlen=1000, approximate=True)


def save(id, profile):
    r.set(f"profile:{id}", json.dumps(profile))


def price(article, amount):
    r.set(f"price:{article}", amount)


def note(line):
    r.lpush("log", line)
    r.ltrim("log", 0, 99)


def tag(article, word):
    r.sadd(f"tags:{article}", word)


def count(day, total):
    r.set(f"stats:{day}", total)


def switch(name, on):
    r.set(f"flag:{name}", on)


def tell(text):
    r.publish("news", text)
"#,
    ),
    (
        "src/jobs.js",
        r#"import { createClient } from "redis";

const client = createClient({ url: process.env.REDIS_URL });

export async function mail(user, id, article, day, name) {
  const cart = await client.hGetAll(`cart:${user}`);
  const profile = JSON.parse(await client.get(`profile:${id}`));
  const price = await client.get(`price:${article}`);
  const tags = await client.sMembers(`tags:${article}`);
  const lines = await client.lRange("log", 0, -1);
  const total = await client.get(`stats:${day}`);
  const on = await client.get(`flag:${name}`);
  return { cart, profile, price, tags, lines, total, on };
}

export async function follow(last) {
  await client.subscribe("news", (text) => console.log(text));
  return client.xRead({ key: "orders", id: last });
}
"#,
    ),
    (
        "monitor.log",
        r#"OK
1700000000.000001 [0 127.0.0.1:5001] "SET" "stats:1" "10"
1700000001.000001 [0 127.0.0.1:5001] "SETEX" "session:a" "1800" "u1"
1700000002.000001 [0 127.0.0.1:5002] "GET" "stats:1"
1700000003.000001 [0 127.0.0.1:5003] "GET" "stats:1"
1700000004.000001 [0 127.0.0.1:5001] "SET" "stats:2" "11"
"#,
    ),
];

const CLIENTS: &str = "\
id=1 addr=127.0.0.1:5001 laddr=127.0.0.1:6379 fd=8 name=web age=1 db=0 cmd=set user=default
id=2 addr=127.0.0.1:5002 laddr=127.0.0.1:6379 fd=9 name=jobs age=1 db=0 cmd=get user=default
";

/// What is in the server.
const DATA: &str = r#"XADD orders * user u1 body b1
SET profile:7 {"age":41,"name":"Ann"}
SET profile:8 {"age":42,"name":"Ben"}
RPUSH log one two
SADD tags:9 red blue
SET stats:1 10
SET flag:dark on
"#;

/// A change of a file: its name, what is replaced, and by what. A file `data` is what is put into the server.
type Change = (&'static str, &'static str, &'static str);

/// A fault: the rule and the pattern that are named, and the changes that plant it.
type Fault = (&'static str, &'static str, &'static [Change]);

const FAULTS: [Fault; 11] = [
    ("bound-differs", "orders", &[("src/web.py", "maxlen=1000", "maxlen=5000")]),
    (
        "bus-differs",
        "price:{article}",
        &[("schema/modules/web.yaml", "key: \"price:{article}\",", "key: \"price:{article}\", bus: other,")],
    ),
    (
        "declared-never-used",
        "gone",
        &[(
            "schema/modules/web.yaml",
            "channels:\n",
            "channels:\n  gone: { channel: gone, consumers: [{ name: jobs }] }\n",
        )],
    ),
    (
        "payload-differs",
        "profile:{id}",
        &[("data", r#"{"age":41,"#, r#"{"age":"41","#), ("data", r#"{"age":42,"#, r#"{"age":"42","#)],
    ),
    (
        "read-by-nobody",
        "log",
        &[
            ("src/jobs.js", "await client.lRange(\"log\", 0, -1)", "[]"),
            ("schema/modules/web.yaml", ", consumers: [{ name: jobs, reads: [LRANGE] }]", ""),
        ],
    ),
    ("ttl-differs", "session:{sid}", &[("src/web.py", "1800", "3600")]),
    ("type-differs", "tags:{article}", &[("data", "SADD tags:9 red blue", "SET tags:9 red")]),
    (
        "used-never-declared",
        "seen:{id}",
        &[(
            "src/web.py",
            "def tell(text):\n",
            "def see(id):\n    return r.sadd(f\"seen:{id}\", 1) or r.scard(f\"seen:{id}\")\n\n\ndef tell(text):\n",
        )],
    ),
    (
        "written-by-nobody",
        "flag:{name}",
        &[("src/web.py", "    r.set(f\"flag:{name}\", on)\n", "    return name, on\n")],
    ),
    (
        "written-by-two",
        "cart:{user}",
        &[("src/jobs.js", "  return { cart,", "  await client.hSet(`cart:${user}`, \"x\", 1);\n  return { cart,")],
    ),
    (
        "written-by-two",
        "stats:{day}",
        &[("monitor.log", "5002] \"GET\" \"stats:1\"", "5002] \"SET\" \"stats:1\" \"3\"")],
    ),
];

/// A folder with the shop, and a server with its data; all faults planted.
fn shop(server: &EmbeddedServer, faults: &[&Fault]) -> tempfile::TempDir {
    let planted = |file: &str, text: &str| {
        let changes = faults.iter().flat_map(|(.., changes)| *changes).filter(|(of, ..)| *of == file);
        changes.fold(text.to_owned(), |text, (_, from, to)| {
            assert!(text.contains(from), "{file}: {from}");
            text.replacen(from, to, 1)
        })
    };
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in FILES {
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, planted(file, text)).unwrap();
    }
    std::fs::write(folder.path().join("clients.txt"), CLIENTS).unwrap();
    run(&mut open(&server.url()), &format!("FLUSHALL\n{}", planted("data", DATA)));
    folder
}

fn reconcile(folder: &Path, server: &EmbeddedServer, more: &[&str]) -> Output {
    let url = server.url();
    let mut args =
        vec!["reconcile", "--code", "src", "--redis", &url, "--log", "monitor.log", "--clients", "clients.txt"];
    args.extend(["--bus", "main"].iter().chain(more));
    Command::new(env!("CARGO_BIN_EXE_keywire")).args(args).current_dir(folder).env_clear().output().unwrap()
}

fn report(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// Rule and pattern of each finding, sorted.
fn found(report: &Value) -> Vec<(String, String)> {
    let told = |finding: &Value| ["rule", "pattern"].map(|field| finding[field].as_str().unwrap().to_owned()).into();
    let mut all: Vec<(String, String)> = report["findings"].as_array().unwrap().iter().map(told).collect();
    all.sort();
    all
}

/// What is expected of faults.
fn expected(faults: &[&Fault]) -> Vec<(String, String)> {
    faults.iter().map(|(rule, pattern, _)| ((*rule).to_owned(), (*pattern).to_owned())).collect()
}

#[test]
fn what_agrees_is_silent() {
    for_each_server(|server| {
        let folder = shop(server, &[]);
        let output = reconcile(folder.path(), server, &["--format", "json"]);
        let report = report(&output);
        assert_eq!((output.status.code(), found(&report)), (Some(0), vec![]));
        let rows = report["coverage"]["rows"].as_array().unwrap();
        assert!(rows.len() == 10 && rows.iter().all(|row| !row["declared"].is_null()), "{rows:?}");
        let stats = rows.iter().find(|row| row["pattern"] == "stats:{day}").unwrap();
        // One reader has no name, and is there all the same.
        assert_eq!(stats["seen"]["traffic"][0]["readers"], serde_json::json!(["?", "jobs"]));
    });
}

#[test]
fn each_fault_is_named_once() {
    for_each_server(|server| {
        for fault in &FAULTS {
            let folder = shop(server, &[fault]);
            let report = report(&reconcile(folder.path(), server, &["--format", "json"]));
            assert_eq!(found(&report), expected(&[fault]), "{report:#}");
        }
    });
}

#[test]
fn all_faults_together_as_people_and_programs_read_them() {
    for_each_server(|server| {
        let faults: Vec<&Fault> = FAULTS.iter().collect();
        let folder = shop(server, &faults);
        let output = reconcile(folder.path(), server, &["--format", "json"]);
        let mut report = report(&output);
        assert_eq!((output.status.code(), found(&report)), (Some(1), expected(&faults)));
        let looked = report["evidence"]["looked"].as_array().unwrap().iter().map(|one| one["kind"].clone());
        assert_eq!(looked.collect::<Vec<_>>(), ["code", "traffic", "keyspace"]);
        report["keywire"] = Value::Null;
        report["evidence"] = Value::Null;
        insta::assert_snapshot!("reconcile_json", format!("{report:#}"));
        for format in ["text", "markdown"] {
            let output = reconcile(folder.path(), server, &["--format", format]);
            insta::assert_snapshot!(format!("reconcile_{format}"), String::from_utf8(output.stdout).unwrap());
        }
    });
}

#[test]
fn a_bus_must_be_named_where_there_are_several() {
    for_each_server(|server| {
        let folder = shop(server, &[]);
        let url = server.url();
        let args = ["reconcile", "--redis", &url];
        let output =
            Command::new(env!("CARGO_BIN_EXE_keywire")).args(args).current_dir(folder.path()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && said.contains("--bus"), "{said}");
    });
}
