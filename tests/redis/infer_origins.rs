//! Where `infer` looks: traffic and keyspace tell the same of one workload, a proxy counts no call that failed, a whole
//! cluster and what stands behind a Sentinel are looked at, and Ctrl-C keeps what was seen.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc;

use keywire::extract::Sighting;
use keywire::extract::draft::{Node, Value};
use keywire::extract::infer::origins::{Looking, listen_at, look_at};
use keywire::extract::infer::traffic::Traffic;
use keywire::extract::infer::{Collector, Options, sightings};
use keywire::observe::Depth;
use keywire::observe::live::Pace;
use keywire::observe::traffic::proxy::Listen;
use keywire::server::connect::parse_url;
use keywire::server::embedded::EmbeddedServer;
use tokio::sync::watch;

use crate::database::{command, open, run, run_all};
use crate::deployments::{Sentinel, free_port};
use crate::overheard::Overheard;
use crate::servers::{all, for_each_server, for_each_server_with, say, signal};
use crate::whole_cluster::Cluster;

fn options() -> Options {
    Options { bus: Some("main".into()), enums: true, show_values: false, keyspace: true, room: true }
}

fn looked_at(url: &str) -> Collector {
    let (_sender, stop) = watch::channel(false);
    let mut collector = Collector::default();
    let looking = Looking { depth: Depth::Full, pace: Pace::Fast, glob: None, database: 0 };
    assert!(look_at(&[parse_url(url).unwrap()], &looking, &mut collector, &stop, |_, _| {}).unwrap().complete);
    collector
}

fn text(node: &Node) -> String {
    match &node.value {
        Value::Text(text) | Value::Number(text) => text.clone(),
        other => format!("{other:?}"),
    }
}

/// Of each pattern the type, and the time to live without what only traffic can know: whether it slides.
fn known(sightings: &[Sighting]) -> BTreeMap<String, (Option<&'static str>, String)> {
    let ttl = |sighting: &Sighting| {
        let retention = sighting.fields.iter().find(|(name, _)| *name == "retention");
        let ttl = retention.and_then(|(_, node)| node.get("ttl")).map(text).unwrap_or_default();
        ttl.trim_start_matches("sliding ").to_owned()
    };
    sightings.iter().map(|sighting| (sighting.pattern.clone(), (sighting.redis_type, ttl(sighting)))).collect()
}

/// Commands of a shop with keys of all types, of which none are removed.
fn workload() -> Vec<redis::Cmd> {
    let mut lines = Vec::new();
    for id in 1..=40 {
        lines.push(format!("SET session:{id} {{\"user\":{id}}} EX 3600"));
        lines.push(format!("HSET cart:{id} sku {id} count 2"));
        lines.push(format!("EXPIRE cart:{id} 86400"));
        lines.push(format!("RPUSH q:mail:{id} a b"));
        lines.push(format!("SADD tags:{id} red blue"));
        lines.push(format!("ZADD board:2026-11-{:02} {id} p{id}", id % 28 + 1));
    }
    lines.push("XADD orders MAXLEN ~ 1000 * id 1".to_owned());
    lines.push("INCR visits".to_owned());
    lines.iter().map(|line| command(line)).collect()
}

#[test]
fn traffic_and_keyspace_tell_the_same_of_one_workload() {
    for_each_server(|server| {
        let heard = Overheard::begin(&server.url());
        run_all(&mut open(&server.url()), workload());
        let (events, _) = heard.stop();
        let mut collector = Collector::default();
        let mut traffic = Traffic::default();
        events.iter().for_each(|event| traffic.see(event, &mut collector));
        traffic.flush(&mut collector);
        let by_traffic = sightings(collector, &options());
        let by_keyspace = sightings(looked_at(&server.url()), &options());
        assert_eq!(known(&by_traffic), known(&by_keyspace));
        assert_eq!(known(&by_traffic)["session:{session_id}"], (Some("string"), "1h".to_owned()));
        let payloads = |sightings: &[Sighting]| sightings.iter().map(|sighting| sighting.payloads.len()).sum::<usize>();
        assert_eq!((payloads(&by_traffic), payloads(&by_keyspace)), (1, 1));
    });
}

#[test]
fn of_traffic_through_a_proxy_failed_calls_do_not_count() {
    for_each_server(|server| {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("proxy.sock");
        let listen: Listen = socket.to_str().unwrap().parse().unwrap();
        let (sender, stop) = watch::channel(false);
        let (ready, listening) = mpsc::channel();
        let upstream = parse_url(&server.url()).unwrap();
        let (collector, seen) = std::thread::scope(|scope| {
            let serving = scope.spawn(|| {
                let mut collector = Collector::default();
                let tell = |calls: Result<u64, &Listen>| {
                    if calls.is_err() {
                        ready.send(()).unwrap();
                    }
                };
                let traffic = Traffic::new(None, Some("app".into()));
                let seen = listen_at((&listen, &upstream, None), traffic, &mut collector, &stop, tell);
                (collector, seen.unwrap())
            });
            listening.recv().unwrap();
            let mut connection = open(&format!("unix://{}", socket.display()));
            run(&mut connection, "SET count 1 EX 60\nGET count");
            command("LPUSH count 1").query::<()>(&mut connection).unwrap_err();
            command("SADD count 1").query::<()>(&mut connection).unwrap_err();
            drop(connection);
            sender.send_replace(true);
            serving.join().unwrap()
        });
        assert_eq!(seen.calls, 2, "{seen:?}");
        assert_eq!(seen.notes, ["2 calls failed and do not count"]);
        let sightings = sightings(collector, &options());
        assert_eq!(known(&sightings), BTreeMap::from([("count".into(), (Some("string"), "1m".into()))]));
        assert_eq!(sightings[0].accesses.len(), 2);
    });
}

/// `keywire infer` in an empty folder, until it ends.
fn infer(arguments: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_keywire"));
    let output = command.arg("infer").args(arguments).current_dir(folder.path()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_whole_cluster_is_looked_at_and_what_stands_behind_a_sentinel() {
    for binary in all() {
        let Some(cluster) = Cluster::start(binary) else {
            say(&format!("infer of a cluster on {binary} SKIPPED: no port of 127.0.0.1 can be had"));
            continue;
        };
        cluster.fill(60);
        let (code, out, err) = infer(&["--redis", &cluster.url(1), "--pace", "fast"]);
        assert!(code == 0 && err.contains("62 keys of 62"), "{code}: {err}");
        assert!(out.contains("key: app:item:{item_id}") && out.contains("60 keys seen"), "{out}");

        let (Some(at), Some(primary_at)) = (free_port(), free_port()) else { continue };
        let primary = ["--port", &primary_at.to_string(), "--bind", "127.0.0.1"].map(str::to_owned);
        let primary = EmbeddedServer::start(binary, &primary).unwrap_or_else(|error| panic!("{error:#}"));
        run(&mut open(&primary.url()), "SET app:item:1 1\nSET app:item:2 2");
        let sentinel = Sentinel::start(binary, at, primary_at);
        let (code, out, err) = infer(&["--redis", &sentinel.url(), "--pace", "fast"]);
        assert!(code == 0 && err.contains("2 keys of 2") && out.contains("app:item:{item_id}"), "{code}: {err}{out}");
    }
}

#[test]
fn what_was_seen_until_ctrl_c_is_drafted() {
    // Of TCP, where clients are told apart.
    let port = crate::monitor::free_port();
    for_each_server_with(&["--port", &port], |_| {
        let url = format!("redis://127.0.0.1:{port}/0");
        let mut child = Command::new(env!("CARGO_BIN_EXE_keywire"))
            .args(["infer", "--redis", &url, "--watch", "10m"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        assert!(line.starts_with("watching "), "{line}");
        run(&mut open(&url), "CLIENT SETNAME shop-api:17\nSET user:1 1 EX 60\nSET user:2 1 EX 60");
        signal("-INT", child.id());
        let (mut draft, mut rest) = (String::new(), String::new());
        child.stdout.take().unwrap().read_to_string(&mut draft).unwrap();
        said.read_to_string(&mut rest).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(130), "{rest}");
        assert!(draft.contains("key: user:{user_id}") && draft.contains("ttl: 1m"), "{draft}{rest}");
        assert!(draft.contains("names: [\"shop-api:*\"]"), "{draft}");
        assert!(rest.contains("traffic: 2 calls"), "{rest}");
    });
}
