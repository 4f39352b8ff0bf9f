//! What MONITOR of real servers is understood to say: words, clients, transactions, scripts and failures, over TCP and
//! Unix sockets.

use std::net::TcpListener;

use keywire::observe::traffic::monitor::{Ended, WatchOptions};
use redis::Connection;

use crate::database::{ask, open, run};
use crate::overheard::{Overheard, calls, failures, is_call, shown, who};
use crate::servers::{for_each_server, for_each_server_with};

pub fn free_port() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string()
}

/// Runs the test on each server, with its URLs for TCP and for the Unix socket.
fn for_both_ways(test: impl Fn(&str)) {
    let port = free_port();
    for_each_server_with(&["--port", &port], |server| {
        for url in [format!("redis://127.0.0.1:{port}"), server.url()] {
            run(&mut open(&url), "FLUSHALL");
            test(&url);
        }
    });
}

/// A command that the server refuses or that fails.
fn fail(connection: &mut Connection, line: &str) {
    let words: Vec<&str> = line.split(' ').collect();
    redis::cmd(words[0]).arg(&words[1..]).query::<redis::Value>(connection).unwrap_err();
}

#[test]
fn all_bytes_come_through_as_they_were_sent() {
    for_both_ways(|url| {
        let mut connection = open(url);
        let overheard = Overheard::begin(url);
        let all: Vec<u8> = (0..=255).collect();
        let long = b"\"\\x0a\\\n".repeat(400_000);
        let () = redis::cmd("SELECT").arg(3).query(&mut connection).unwrap();
        let () = redis::cmd("SET").arg(&all).arg(&long).query(&mut connection).unwrap();
        let () = redis::cmd("ECHO").arg("").query(&mut connection).unwrap();
        let (events, summary) = overheard.stop();
        let calls = calls(&events);
        assert_eq!(calls.len(), 3, "{:?}", shown(&events));
        let set = calls[1];
        assert_eq!((set.database, set.words.len(), &set.words[1]), (3, 3, &all));
        let limit = keywire::observe::traffic::WORD_LIMIT;
        assert!(set.words[2] == long[..limit] && set.cut == [2], "{} bytes, cut {:?}", set.words[2].len(), set.cut);
        assert_eq!(calls[2].words, [b"ECHO".to_vec(), Vec::new()]);
        assert!(
            calls.windows(2).all(|pair| pair[0].at_us <= pair[1].at_us && pair[0].connection == pair[1].connection)
        );
        assert_eq!((summary.ended, summary.calls, summary.skipped), (Ended::Stopped, 3, 0));
        assert_eq!((summary.dropped, summary.lost, summary.notes), (0, 0, Vec::new()));
    });
}

#[test]
fn transactions_and_scripts_are_what_they_were() {
    for_both_ways(|url| {
        let (mut connection, mut other) = (open(url), open(url));
        let load =
            "#!lua name=l\nredis.register_function('f', function(k, a) return redis.call('set', k[1], a[1]) end)";
        let () = redis::cmd("FUNCTION").arg(&["LOAD", "REPLACE", load]).query(&mut connection).unwrap();
        let overheard = Overheard::begin(url);
        let mut eval = |script: &str, keys: &[&str]| {
            let _: redis::Value =
                redis::cmd("EVAL").arg(script).arg(keys.len()).arg(keys).query(&mut connection).unwrap();
        };
        eval("redis.call('SET', KEYS[1], '1') return redis.call('GET', KEYS[1])", &["s"]);
        run(&mut connection, "FCALL f 1 k v\nMULTI\nSET a 1\nEVAL return{redis.call('get',KEYS[1])} 1 a\nEXEC\nGET a");
        run(&mut connection, "MULTI\nSET a 2\nDISCARD\nWATCH w");
        run(&mut other, "SET w 1");
        run(&mut connection, "MULTI\nSET a 3\nEXEC\nMULTI");
        fail(&mut connection, "SET a");
        fail(&mut connection, "EXEC");
        run(&mut connection, "GET w");
        let (events, _) = overheard.stop();
        let expected = [
            "EVAL redis.call('SET', KEYS[1], '1') return redis.call('GET', KEYS[1]) 1 s",
            "+SET s 1",
            "+GET s",
            "FCALL f 1 k v",
            "+set k v",
            "MULTI",
            "*SET a 1",
            "*EVAL return{redis.call('get',KEYS[1])} 1 a",
            "+get a",
            "EXEC",
            "GET a",
            "MULTI",
            "DISCARD",
            "WATCH w",
            "SET w 1",
            "MULTI",
            "EXEC",
            "MULTI",
            "EXEC",
            "GET w",
        ];
        assert_eq!(shown(&events), expected);
    });
}

#[test]
fn clients_have_their_names_and_users_and_no_passwords() {
    let port = free_port();
    for_each_server_with(&["--port", &port], |server| {
        let mut admin = open(&server.url());
        run(&mut admin, "ACL SETUSER bob on >s3cret ~* +@all\nACL SETUSER amy on >s3cret ~* +@all");
        let url = format!("redis://bob:s3cret@127.0.0.1:{port}");
        let mut before = open(&url);
        run(&mut before, "CLIENT SETNAME spot");
        let mut overheard = Overheard::begin(&server.url());
        let mut after = open(&url);
        run(&mut before, "GET a");
        run(&mut after, "GET b\nCLIENT SETNAME chain\nGET c\nAUTH amy s3cret\nGET d");
        overheard.until(|event| is_call(event, "GET"));
        run(&mut before, "RESET\nGET e");
        let (events, _) = overheard.stop();
        let gets: Vec<String> =
            shown(&events).into_iter().zip(who(&events)).map(|(call, who)| format!("{call} {who}")).collect();
        let gets: Vec<&str> = gets.iter().filter(|call| call.starts_with("GET")).map(String::as_str).collect();
        // Who it was before it logged in anew only a list tells that was asked for before that.
        let is_bob = |call: &str, who: &str| call == format!("{who}/bob") || call == format!("{who}/-");
        assert!(is_bob(gets[1], "GET b -") && is_bob(gets[2], "GET c chain"), "{gets:?}");
        assert_eq!([gets[0], gets[3], gets[4]], ["GET a spot/bob", "GET d chain/amy", "GET e -/default"]);
        assert!(!format!("{events:?}").contains(&format!("{:?}", b"s3cret")), "{events:?}");
        assert!(shown(&events).contains(&"AUTH (redacted) (redacted)".to_owned()), "{events:?}");
        let connections: std::collections::BTreeSet<u64> = calls(&events).iter().map(|call| call.connection).collect();
        assert_eq!(connections.len(), 2);
    });
}

#[test]
fn clients_of_a_socket_have_the_name_that_all_of_them_have() {
    for_each_server(|server| {
        let (mut one, mut two) = (open(&server.url()), open(&server.url()));
        run(&mut one, "CLIENT SETNAME spot");
        run(&mut two, "CLIENT SETNAME spot");
        let overheard = Overheard::begin(&server.url());
        run(&mut one, "GET a");
        run(&mut two, "GET b");
        let (events, _) = overheard.stop();
        assert_eq!(who(&events), ["spot/default", "spot/default"]);
        assert_eq!(calls(&events)[0].client.address, format!("unix:{}", server.socket().display()));
        run(&mut two, "CLIENT SETNAME chain");
        let overheard = Overheard::begin(&server.url());
        run(&mut one, "GET a");
        assert_eq!(who(&overheard.stop().0), ["-/default"]);
    });
}

#[test]
fn what_failed_is_counted_by_command_and_kind() {
    for_both_ways(|url| {
        let mut connection = open(url);
        run(&mut connection, "SET k v");
        fail(&mut connection, "LPUSH k v");
        let overheard = Overheard::begin(url);
        fail(&mut connection, "LPUSH k v");
        fail(&mut connection, "LPUSH k v");
        fail(&mut connection, "XGROUP CREATE k g $");
        fail(&mut connection, "SET k");
        fail(&mut connection, "NOSUCH k");
        run(&mut connection, "GET k");
        let (events, _) = overheard.stop();
        assert_eq!(failures(&events), ["LPUSH 2", "SET 1", "XGROUP CREATE 1", "WRONGTYPE 3", "ERR 2"]);
        let overheard = Overheard::begin(url);
        run(&mut connection, "GET k\nCONFIG RESETSTAT");
        fail(&mut connection, "LPUSH k v");
        let (events, _) = overheard.stop();
        assert_eq!(failures(&events), ["LPUSH 1", "WRONGTYPE 1"], "counted from zero");
        let overheard = Overheard::begin(url);
        run(&mut connection, "GET k");
        assert!(failures(&overheard.stop().0).is_empty());
    });
}

#[test]
fn the_start_tells_whether_there_were_keys_and_the_end_why_it_came() {
    for_both_ways(|url| {
        let mut connection = open(url);
        let options = WatchOptions { calls: Some(3), until: None };
        let overheard = Overheard::begin_with(url, options, 100).unwrap();
        assert!(overheard.started.from_empty);
        assert!(overheard.started.server.version.is_some());
        run(&mut connection, "SELECT 5\nSET a 1\nSET b 1\nSET c 1\nSET d 1");
        let (events, summary) = overheard.end();
        assert_eq!(shown(&events), ["SELECT 5", "SET a 1", "SET b 1"]);
        assert_eq!((summary.ended, summary.calls), (Ended::Enough, 3));
        let options = WatchOptions { until: Some(std::time::Duration::from_millis(50)), calls: None };
        let overheard = Overheard::begin_with(url, options, 100).unwrap();
        assert!(!overheard.started.from_empty);
        let (events, summary) = overheard.end();
        assert_eq!((shown(&events), summary.ended), (Vec::new(), Ended::TimeUp));
        assert!(summary.took >= std::time::Duration::from_millis(50));
    });
}

#[test]
fn rights_that_lack_are_named_or_noted() {
    for_each_server(|server| {
        let mut admin = open(&server.url());
        run(&mut admin, "ACL SETUSER none on >s3cret ~* +@all -monitor\nACL SETUSER few on >s3cret ~* +monitor +ping");
        let url = |user: &str| format!("{}?user={user}&pass=s3cret", server.url());
        let error = Overheard::begin_with(&url("none"), WatchOptions::default(), 1).err().unwrap();
        let error = format!("{error:#}");
        assert!(error.contains("+monitor") && error.contains("NOPERM") && !error.contains("s3cret"), "{error}");
        let wrong = format!("{}?user=few&pass=wr0ng", server.url());
        let error = format!("{:#}", Overheard::begin_with(&wrong, WatchOptions::default(), 1).err().unwrap());
        assert!(error.contains("other credentials") && !error.contains("wr0ng"), "{error}");
        let overheard = Overheard::begin(&url("few"));
        run(&mut admin, "SET k v");
        let before: usize = denied(&mut admin);
        let (events, summary) = overheard.stop();
        assert_eq!(shown(&events), ["SET k v", "INFO errorstats"]);
        assert_eq!(summary.notes.len(), 2, "{:?}", summary.notes);
        assert!(summary.notes[0].contains("+client|list") && summary.notes[1].contains("+info"), "{:?}", summary.notes);
        assert_eq!(denied(&mut admin), before, "what is refused once is not asked for again");
    });
}

fn denied(connection: &mut Connection) -> usize {
    let stats: String = ask(connection, "INFO errorstats");
    stats
        .lines()
        .find_map(|line| line.trim().strip_prefix("errorstat_NOPERM:count="))
        .map_or(0, |it| it.parse().unwrap())
}
