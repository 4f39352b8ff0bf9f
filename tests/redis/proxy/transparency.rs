//! Nobody notices: the same commands give the same bytes with the proxy and without.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;

/// Commands whose replies depend on nothing but the commands before.
fn script() -> impl Strategy<Value = Vec<String>> {
    let key = || prop_oneof![Just("a"), Just("b"), Just("c")];
    let line = prop_oneof![
        4 => (key(), 0..100).prop_map(|(key, value)| format!("SET {key} {value}")),
        4 => key().prop_map(|key| format!("GET {key}")),
        3 => key().prop_map(|key| format!("RPUSH {key} x y")),
        3 => key().prop_map(|key| format!("LRANGE {key} 0 -1")),
        3 => key().prop_map(|key| format!("HSET {key} f v")),
        2 => key().prop_map(|key| format!("HGETALL {key}")),
        2 => key().prop_map(|key| format!("DEL {key}")),
        3 => Just("MULTI".to_owned()),
        3 => Just("EXEC".to_owned()),
        1 => Just("DISCARD".to_owned()),
        1 => Just("WATCH a".to_owned()),
        1 => (1..3).prop_map(|database| format!("SELECT {database}")),
        1 => Just("CLIENT TRACKING ON".to_owned()),
        1 => Just("CLIENT SETNAME me".to_owned()),
        1 => Just("HELLO 3 SETNAME me".to_owned()),
        1 => Just("HELLO 2".to_owned()),
        1 => Just("HELLO 3 SETNAME".to_owned()),
        1 => Just("RESET".to_owned()),
        1 => Just("NONSENSE a".to_owned()),
        1 => Just("EVAL return{1,redis.error_reply('NO_way'),{2}} 0".to_owned()),
        1 => key().prop_map(|key| format!("BLPOP {key} 0.001")),
    ];
    let of = |lines: &[&'static str]| proptest::sample::select(lines.to_vec()).prop_map(str::to_owned);
    let subscriptions = of(&[
        "SUBSCRIBE a b",
        "PSUBSCRIBE a*",
        "UNSUBSCRIBE",
        "UNSUBSCRIBE a",
        "PUNSUBSCRIBE",
        "PUBLISH a message",
        "PING",
        "PING x",
        "RESET",
        "HELLO 3",
    ]);
    let silences =
        of(&["CLIENT REPLY SKIP", "CLIENT REPLY OFF", "CLIENT REPLY ON", "PING", "SELECT 1", "SET a 1", "GET a"]);
    // Inside of MULTI, or together, these make replies that no client can tell apart: a RESET stands between.
    let alone = |lines: Vec<String>| [vec!["RESET".to_owned()], lines, vec!["RESET".to_owned()]].concat();
    let part = prop_oneof![
        2 => vec(line, 1..12),
        1 => vec(subscriptions, 1..9).prop_map(alone),
        1 => vec(silences, 1..9).prop_map(alone),
    ];
    vec(part, 1..5).prop_map(|parts| parts.concat())
}

/// Replies without the connection's number, which HELLO tells.
fn without_id(replies: &str) -> String {
    let mut parts = replies.split("\r\nid\r\n:");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text += "\r\nid\r\n:N";
        text += part.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    text
}

async fn play(mut client: Raw, script: &[String], size: usize) -> String {
    let mut bytes = command("FLUSHALL");
    bytes.extend(script.iter().flat_map(|line| command(line)));
    bytes.extend([command("RESET"), command("ECHO the-end")].concat());
    for piece in bytes.chunks(size) {
        client.send(piece).await;
    }
    let mut replies = String::new();
    while !replies.ends_with("the-end\r\n") {
        replies += &client.reply().await.unwrap();
    }
    without_id(&replies)
}

#[test]
fn the_same_bytes_come_back() {
    for_each_server(|server| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let gate: Gate = Arc::new(|_| None);
        let plain = runtime.block_on(Rig::start(&server.url(), None));
        let gated = runtime.block_on(Rig::start(&server.url(), Some(gate)));
        let config = Config { cases: 150, failure_persistence: None, ..Config::default() };
        let result = TestRunner::new(config).run(&(script(), 1..200usize), |(script, size)| {
            let (expected, seen, judged) = runtime.block_on(async {
                let expected = play(direct(server).await, &script, usize::MAX).await;
                let seen = play(plain.client().await, &script, size).await;
                (expected, seen, play(gated.client().await, &script, size).await)
            });
            prop_assert_eq!(&expected, &seen);
            prop_assert_eq!(&expected, &judged);
            Ok(())
        });
        result.unwrap_or_else(|error| panic!("{error}"));
        for rig in [plain, gated] {
            let (events, summary) = runtime.block_on(rig.end());
            assert_eq!(summary.lost, 0);
            // The last call of each script has found its own reply.
            let mut scripts = vec![Vec::new(); 151];
            for event in &events {
                scripts[call(event).connection as usize].push(line(event));
            }
            for script in scripts.iter().take(summary.connections as usize + 1).skip(1) {
                assert_eq!(script.last().map(String::as_str), Some("ECHO the-end"), "{script:?}");
            }
        }
    });
}
