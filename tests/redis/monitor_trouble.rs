//! A watch in trouble: connections that are cut, servers that go and come back, and a judge that does not keep up.

use std::time::{Duration, Instant};

use keywire::observe::traffic::Event;
use keywire::observe::traffic::monitor::WatchOptions;
use keywire::server::embedded::EmbeddedServer;
use redis::Connection;

use crate::database::{ask, open, run};
use crate::monitor::free_port;
use crate::overheard::{Overheard, calls, failures, gaps, is_call, shown};
use crate::servers::{all, for_each_server};
use crate::tls_servers;

fn is_gap(event: &Event) -> bool {
    matches!(event, Event::Gap(_))
}

/// The row of CLIENT LIST of the connection that runs MONITOR.
fn monitors(connection: &mut Connection) -> Vec<String> {
    let list: String = ask(connection, "CLIENT LIST");
    list.lines().filter(|line| line.contains(" cmd=monitor ")).map(str::to_owned).collect()
}

fn field<'a>(row: &'a str, name: &str) -> &'a str {
    row.split(' ').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).unwrap()
}

#[test]
fn a_cut_connection_is_a_gap_and_not_the_end() {
    for_each_server(|server| {
        let mut connection = open(&server.url());
        let mut overheard = Overheard::begin(&server.url());
        run(&mut connection, "SET a 1");
        overheard.until(|event| is_call(event, "SET"));
        run(&mut connection, "CLIENT KILL TYPE normal");
        overheard.until(is_gap);
        run(&mut connection, "SET b 1");
        overheard.until(|event| is_call(event, "SET"));
        let id = field(&monitors(&mut connection)[0], "id").to_owned();
        run(&mut connection, &format!("CLIENT KILL ID {id}"));
        overheard.until(is_gap);
        run(&mut connection, "GET c");
        let (events, summary) = overheard.stop();
        assert_eq!(shown(&events), ["SET a 1", "SET b 1", "GET c"]);
        let gaps = gaps(&events);
        assert_eq!((gaps.len(), summary.lost), (2, 2));
        assert!(gaps.iter().all(|gap| gap.why.starts_with("the connection was lost for ") && gap.calls.is_none()));
        assert!(gaps[0].at_us >= calls(&events)[0].at_us && gaps[0].at_us <= calls(&events)[1].at_us);
        assert!(monitors(&mut connection).is_empty(), "it is gone when it has ended");
    });
}

#[test]
fn a_server_that_comes_back_is_found_again() {
    for binary in all() {
        let port = free_port();
        let start = || EmbeddedServer::start(binary, &["--port", &port]).unwrap();
        let url = format!("redis://127.0.0.1:{port}");
        let first = start();
        let mut connection = open(&url);
        run(&mut connection, "SET a 1");
        let mut overheard = Overheard::begin(&url);
        redis::cmd("LPUSH").arg(&["a", "1"]).query::<()>(&mut connection).unwrap_err();
        overheard.until(|event| is_call(event, "LPUSH"));
        first.stop().unwrap();
        let second = start();
        let mut connection = open(&url);
        overheard.until(is_gap);
        run(&mut connection, "SET b 1");
        redis::cmd("HSET").arg(&["b", "f", "1"]).query::<()>(&mut connection).unwrap_err();
        let (events, summary) = overheard.stop();
        assert_eq!(shown(&events), ["LPUSH a 1", "SET b 1", "HSET b f 1"]);
        assert_eq!((gaps(&events).len(), summary.lost), (1, 1));
        // What the first server counted is gone with it.
        let failures = failures(&events);
        assert!(
            failures.contains(&"HSET 1".to_owned()) && failures.contains(&"WRONGTYPE 1".to_owned()),
            "{failures:?}"
        );

        let mut overheard = Overheard::begin(&url);
        run(&mut connection, "SET c 1");
        overheard.until(|event| is_call(event, "SET"));
        second.stop().unwrap();
        let (events, summary) = overheard.stop();
        assert_eq!(shown(&events), ["SET c 1"]);
        let gaps = gaps(&events);
        assert!(gaps.len() == 1 && gaps[0].why.starts_with("the connection was lost"), "{gaps:?} {summary:?}");
    }
}

#[test]
fn a_slow_judge_costs_calls_and_neither_memory_nor_the_server() {
    for_each_server(|server| {
        let mut connection = open(&server.url());
        let overheard = Overheard::begin_with(&server.url(), WatchOptions::default(), 1).unwrap();
        let value = "x".repeat(1 << 20);
        for number in 0..90 {
            let () = redis::cmd("SET").arg(format!("k{number}")).arg(&value).query(&mut connection).unwrap();
        }
        // Nothing is taken here, and still the server gets rid of all that it has to tell.
        let since = Instant::now();
        while field(&monitors(&mut connection)[0], "omem").parse::<u64>().unwrap() > 0 {
            assert!(since.elapsed() < Duration::from_secs(60), "{:?}", monitors(&mut connection));
        }
        let (events, summary) = overheard.stop();
        let gaps = gaps(&events);
        assert_eq!(gaps.len(), 1, "{gaps:?}");
        let missed = gaps[0].calls.unwrap();
        assert!(missed > 30 && gaps[0].why.contains("slower than the traffic"), "{gaps:?}");
        assert_eq!(missed, summary.dropped);
        assert_eq!(calls(&events).len() as u64, summary.calls);
        assert_eq!(summary.calls + summary.dropped, 90);
        assert!(calls(&events).iter().map(|call| call.words[2].len()).sum::<usize>() < 60 << 20);
    });
}

#[test]
fn it_works_over_tls() {
    let folder = tempfile::tempdir().unwrap();
    tls_servers::for_each_tls_server(folder.path(), |port, ca| {
        let url = format!("rediss://127.0.0.1:{port}?cacert={ca}");
        let overheard = Overheard::begin(&url);
        let endpoint = keywire::server::connect::parse_url(&url).unwrap();
        let mut connection = endpoint.client().unwrap().get_connection().unwrap();
        let value = "\r\n".repeat(700_000);
        let () = redis::cmd("SET").arg("k").arg(&value).query(&mut connection).unwrap();
        run(&mut connection, "GET k");
        let (events, summary) = overheard.stop();
        let sets: Vec<_> = calls(&events).into_iter().filter(|call| call.words[0] == b"SET").collect();
        assert_eq!((sets.len(), sets[0].words[2].len(), sets[0].cut.as_slice()), (1, 1 << 20, [2].as_slice()));
        assert_eq!(shown(&events).last().map(String::as_str), Some("GET k"));
        assert_eq!((summary.skipped, summary.lost), (0, 0));
        let unknown = Overheard::begin_with(&format!("rediss://127.0.0.1:{port}"), WatchOptions::default(), 1);
        assert!(format!("{:#}", unknown.err().unwrap()).contains("KEYWIRE_CA_CERT"));
    });
}
