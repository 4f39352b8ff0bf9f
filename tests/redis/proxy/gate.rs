//! Refusals: the server never sees the call, and the client sees an error in its place.

use std::sync::Arc;

use super::*;

/// Refuses what names a key `no`, or a word that is cut.
fn no() -> Gate {
    Arc::new(|call| {
        let is_cut = (!call.cut.is_empty()).then(|| "too large\r\nto be judged".to_owned());
        is_cut.or_else(|| (call.words.get(1)? == b"no").then(|| format!("key no, database {}", call.database)))
    })
}

fn with_gate<F: Future<Output = ()>>(test: impl Fn(Rig, Raw) -> F) {
    for_each_server(|server| {
        block_on(async { test(Rig::start(&server.url(), Some(no())).await, direct(server).await).await });
    });
}

#[test]
fn refusals_stand_in_their_place() {
    with_gate(|rig, mut other| async move {
        let mut client = rig.client().await;
        let replies = client.ask("SET no 1\nSET a 1\nSET no 2\nSET no 3\nSELECT 1\nSET no 4\nGET b\nSET no 5", 8).await;
        assert_eq!(
            replies,
            "-KEYWIRE key no, database 0 +OK -KEYWIRE key no, database 0 -KEYWIRE key no, database 0 +OK \
             -KEYWIRE key no, database 1 $-1 -KEYWIRE key no, database 1"
        );
        // Refusals do not overtake a blocked command.
        client.send(&[command("BLPOP l 0"), command("GET no"), command("PING")].concat()).await;
        while !other.ask("CLIENT LIST", 1).await.contains("cmd=blpop") {}
        other.ask("SELECT 1\nRPUSH l v", 2).await;
        assert_eq!(client.ask("", 0).await, "");
        assert!(client.reply().await.unwrap().starts_with("*2"));
        assert!(client.reply().await.unwrap().starts_with("-KEYWIRE"));
        assert_eq!(client.reply().await.unwrap(), "+PONG\r\n");
        assert_eq!(other.ask("EXISTS no", 1).await, ":0");
        let (events, summary) = rig.end().await;
        assert_eq!(summary.refused, 6);
        assert_eq!(line(&events[0]), "SET no 1 = KEYWIRE");
        assert_eq!(events.len(), 11);
    });
}

#[test]
fn a_refusal_spoils_the_transaction() {
    with_gate(|rig, mut other| async move {
        let mut client = rig.client().await;
        let replies =
            client.ask("MULTI\nSET a 1\nSET no 1\nEXEC\nGET a\nMULTI\nSET a 2\nEXEC\nMULTI\nGET no\nDISCARD", 11).await;
        assert_eq!(
            replies,
            "+OK +QUEUED -KEYWIRE key no, database 0 -EXECABORT Transaction discarded because of previous errors. \
             $-1 +OK +QUEUED *1 +OK +OK -KEYWIRE key no, database 0 +OK"
        );
        assert_eq!(other.ask("GET a", 1).await, "$1 2");
        assert_eq!(
            rig.lines().await,
            [
                "MULTI",
                "SET no 1 = KEYWIRE",
                "EXEC = EXECABORT",
                "GET a",
                "MULTI",
                "  SET a 2",
                "EXEC",
                "MULTI",
                "GET no = KEYWIRE",
                "DISCARD",
            ]
        );
    });
}

#[test]
fn what_is_too_large_to_be_held_is_judged_by_its_beginning() {
    with_gate(|rig, mut other| async move {
        let mut client = rig.client().await;
        let size = 20 << 20;
        let mut request = format!("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n${size}\r\n").into_bytes();
        request.resize(request.len() + size, b'v');
        request.extend(b"\r\n");
        client.send(&request).await;
        assert_eq!(client.reply().await.unwrap(), "-KEYWIRE too large  to be judged\r\n");
        assert_eq!(client.ask("PING", 1).await, "+PONG");
        assert_eq!(other.ask("EXISTS k", 1).await, ":0");
        assert_eq!(rig.end().await.1.refused, 1);
    });
}

#[test]
fn what_cannot_be_judged_does_not_pass() {
    with_gate(|rig, mut other| async move {
        let mut client = rig.client().await;
        client.send(&[command("SET a 1"), b"*1\r\n+SET\r\nset no 1\r\n".to_vec()].concat()).await;
        let rest = String::from_utf8(client.rest().await).unwrap();
        assert_eq!(rest, "+OK\r\n-ERR Protocol error: a bad length of a word\r\n");
        let mut replica = rig.client().await;
        assert!(replica.ask("PSYNC ? -1", 1).await.starts_with("-KEYWIRE"));
        assert_eq!(other.ask("EXISTS no", 1).await, ":0");
        assert_eq!(rig.lines().await, ["SET a 1", "PSYNC ? -1 = KEYWIRE"]);
    });
}
