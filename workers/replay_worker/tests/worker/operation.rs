//! The program as operators see it: settings refused all at once, metrics and health, exit codes, a bus that refuses.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Output, Stdio};

use replay_worker::metrics::METRICS;
use replay_worker::wiring::Config;

use crate::operated::{the_guide_names, unit_and_image_set};
use crate::scene::{Scene, Worker, open, until, values};
use crate::servers::{all, for_each_server};
use crate::tls_servers::for_each_tls_server;

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_replay_worker"));
    command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout)
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: worker\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn operators_see_figures_and_health() {
    for_each_server(|server| {
        let mut scene = Scene::new(server.binary());
        scene.add(0..20, 1);
        let mut child = program()
            .args(["--log-json", "--redis", &scene.from.url(), "--to", &scene.to.url()])
            .envs([("REPLAY_LISTEN", "127.0.0.1:0"), ("REPLAY_SPEED", "0")])
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut worker = Worker(child);
        let line = lines.find(|line| line.as_ref().unwrap().contains("operators find")).unwrap().unwrap();
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        let address = line["address"].as_str().unwrap().to_owned();
        until("the entries", || get(&address, "/metrics").contains("\nreplay_worker_entries_replayed_total 20\n"));
        assert!(get(&address, "/readyz").starts_with("HTTP/1.1 200") && get(&address, "/healthz").contains("200 OK"));
        scene.to.replace(|| {
            crate::scene::add(&scene.from, 20..21, 1);
            until("a word of trouble", || get(&address, "/readyz").starts_with("HTTP/1.1 503"));
        });
        until("the end of trouble", || get(&address, "/readyz").starts_with("HTTP/1.1 200"));
        worker.kill();
    });
}

#[test]
fn what_is_wrong_is_said_all_at_once_and_names_no_password() {
    let output = program()
        .args(["--redis", "redis://:pa55word@127.0.0.1:1"])
        .envs([("REPLAY_SPEED", "fast"), ("REPLAY_BATCH", "0"), ("REPLAY_LISTEN", "everywhere")])
        .output()
        .unwrap();
    let said = said(&output);
    for name in ["REPLAY_SPEED", "REPLAY_BATCH", "REPLAY_LISTEN"] {
        assert!(said.contains(name), "{name} is not in {said}");
    }
    assert_eq!((output.status.code(), said.contains("pa55word")), (Some(2), false), "{said}");
}

#[test]
fn exit_codes_tell_buses_from_contracts() {
    for_each_server(|server| {
        let scene = Scene::new(server.binary());
        let start = |from: &str| {
            let output = program()
                .args(["--once", "--contract", "strict", "--redis", from, "--to", &scene.to.url()])
                .output()
                .unwrap();
            (output.status.code(), said(&output))
        };
        assert_eq!(start("redis://127.0.0.1:1").0, Some(3));
        assert_eq!(start(&scene.from.url()).0, Some(0), "the first contract on a bus is no other one");
        let () = redis::cmd("SET")
            .arg("keywire:contract:replay_worker")
            .arg("another")
            .query(&mut open(&scene.from))
            .unwrap();
        let (code, said) = start(&scene.from.url());
        assert!(code == Some(1) && said.contains("--contract warn"), "{said}");
    });
}

#[test]
fn a_bus_that_refuses_writes_holds_entries_up_and_loses_none() {
    for_each_server(|server| {
        let scene = Scene::new(server.binary());
        let ask = |command: &str| {
            let mut words = command.split(' ');
            let mut command = redis::cmd(words.next().unwrap());
            words.for_each(|word| {
                command.arg(word);
            });
            let () = command.query(&mut open(&scene.to)).unwrap();
        };
        let mut worker = scene.worker(&[], &[("REPLAY_SPEED", "0")]);
        let mut total = 0;
        for (trouble, cure) in [
            ("REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE"),
            ("CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0"),
            ("CLIENT PAUSE 1000 ALL", "CLIENT UNPAUSE"),
        ] {
            ask(trouble);
            scene.add(total..total + 5, 1);
            until("entries that are held", || scene.pending() > 0);
            ask(cure);
            total += 5;
            until("entries that are replayed", || scene.counted("replayed") == total as i64 && scene.pending() == 0);
        }
        worker.kill();
        let mut replayed = scene.replayed();
        // A batch that was refused in part was sent again as a whole.
        replayed.sort_by(f64::total_cmp);
        replayed.dedup();
        assert_eq!(replayed, values(0..total));
    });
}

/// The bus by TLS: certificates are those of the system, or of the file that SSL_CERT_FILE names.
#[test]
fn a_bus_by_tls_is_reached_when_its_ca_is_known() {
    let folder = tempfile::tempdir().unwrap();
    for_each_tls_server(folder.path(), |port, ca| {
        let scene = Scene::new(&all()[0]);
        scene.add(0..5, 1);
        let url = format!("rediss://127.0.0.1:{port}");
        let start = |variables: &[(&str, &str)]| {
            let mut command = program();
            command.args(["--once", "--redis", &scene.from.url(), "--to", &url]).env("REPLAY_SPEED", "0");
            command.envs(variables.iter().copied()).output().unwrap()
        };
        let unknown = start(&[]);
        assert_eq!(unknown.status.code(), Some(3), "{}", said(&unknown));
        assert_eq!(scene.counted("replayed"), 0);
        let known = start(&[("SSL_CERT_FILE", ca)]);
        assert_eq!(known.status.code(), Some(0), "{}", said(&known));
        assert_eq!((scene.counted("replayed"), scene.pending()), (5, 0));
    });
}

#[test]
fn the_guide_names_every_metric() {
    the_guide_names(METRICS, &[]);
}

#[test]
fn the_unit_and_the_image_set_variables_that_there_are() {
    let known = ["MARKET_REDIS_URL", "REPLAY_REDIS_URL"].into_iter();
    let known: Vec<&str> = known.chain(Config::VARIABLES.iter().map(|variable| variable.name)).collect();
    unit_and_image_set("replay_worker", &known, 4);
}
