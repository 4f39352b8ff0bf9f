//! Replies find their calls: pipelines, transactions, subscriptions, and all that has more or fewer replies than one.

use keywire::observe::traffic::{Event, WORD_LIMIT};

use super::*;

#[test]
fn pipelines_of_ten_thousand() {
    with_proxy(|rig, _| async move {
        let mut client = rig.client().await;
        let lines = "SET s v\nLPUSH s x\nINCR n\nGET s\n".repeat(2_500);
        let replies = client.ask(&lines, 10_000).await;
        assert_eq!(replies.matches("WRONGTYPE").count(), 2_500);
        let (events, summary) = rig.end().await;
        let seen: Vec<String> = events.iter().map(line).collect();
        assert_eq!(seen, ["SET s v", "LPUSH s x = WRONGTYPE", "INCR n", "GET s"].repeat(2_500));
        assert_eq!((summary.connections, summary.calls, summary.sampled_out), (1, 10_000, 0));
        assert!(events.windows(2).all(|pair| call(&pair[0]).at_us <= call(&pair[1]).at_us));
    });
}

#[test]
fn transactions_give_the_outcome_of_each_call() {
    with_proxy(|rig, mut other| async move {
        let mut client = rig.client().await;
        client.ask("SET s v\nMULTI\nLPUSH s x\nSELECT 3\nINCR n\nEXEC\nGET n", 7).await;
        // A command that cannot be queued, and so none is run.
        client.ask("MULTI\nSET\nSET a b\nEXEC", 4).await;
        client.ask("MULTI\nSET a b\nDISCARD\nSET c d\nEXEC", 5).await;
        client.ask("WATCH w\nMULTI\nSET a b", 3).await;
        other.ask("SELECT 3\nSET w 1", 2).await;
        assert_eq!(client.ask("EXEC", 1).await, "*-1");
        let (events, _) = rig.end().await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(events.iter().map(line).collect::<Vec<_>>().join("\n"), @"
            SET s v
            MULTI
              LPUSH s x = WRONGTYPE
              SELECT 3
              INCR n
            EXEC
            GET n
            MULTI
            SET = ERR
            EXEC = EXECABORT
            MULTI
            DISCARD
            SET c d
            EXEC = ERR
            WATCH w
            MULTI
            EXEC
            ");
        }
        let databases: Vec<u32> = events.iter().take(7).map(|event| call(event).database).collect();
        assert_eq!(databases, [0, 0, 0, 0, 3, 3, 3]);
    });
}

#[test]
fn subscriptions_are_confirmed_one_by_one() {
    with_proxy(|rig, mut other| async move {
        for protocol in [2, 3] {
            let mut client = rig.client().await;
            client.ask(&format!("HELLO {protocol}\nSUBSCRIBE a b a\nPSUBSCRIBE p*"), 5).await;
            other.ask("PUBLISH a message\nPUBLISH p1 x", 2).await;
            assert!(client.reply().await.unwrap().contains("message"));
            assert!(client.reply().await.unwrap().contains("pmessage"));
            assert!(client.ask("PING", 1).await.contains(if protocol == 2 { "pong" } else { "PONG" }));
            // Two channels are left; then none, which is confirmed, too.
            client.ask("UNSUBSCRIBE\nPUNSUBSCRIBE\nUNSUBSCRIBE\nSUBSCRIBE\nLPUSH l subscribe x message", 6).await;
            assert!(client.ask("LRANGE l 0 0\nPING", 2).await.ends_with("+PONG"));
            client.ask("DEL l", 1).await;
        }
        let lines = rig.lines().await;
        let expected = [
            "SUBSCRIBE a b a",
            "PSUBSCRIBE p*",
            "PING",
            "UNSUBSCRIBE",
            "PUNSUBSCRIBE",
            "UNSUBSCRIBE",
            "SUBSCRIBE = ERR",
            "LPUSH l subscribe x message",
            "LRANGE l 0 0",
            "PING",
            "DEL l",
        ];
        assert_eq!(lines[1..12], expected);
        assert_eq!(lines[13..], expected);
    });
}

#[test]
fn blocked_commands_wait_for_others() {
    with_proxy(|rig, mut other| async move {
        let mut blocked = rig.client().await;
        blocked.send(&command("BLPOP l 0")).await;
        // Once the server knows of it, it is served.
        while !other.ask("CLIENT LIST", 1).await.contains("cmd=blpop") {}
        rig.client().await.ask("RPUSH l v", 1).await;
        assert!(blocked.reply().await.unwrap().contains('v'));
        // Both were answered at once, so either may have come first.
        let mut lines = rig.lines().await;
        lines.sort();
        assert_eq!(lines, ["BLPOP l 0", "RPUSH l v"]);
    });
}

#[test]
fn clients_say_who_they_are() {
    with_proxy(|rig, mut other| async move {
        other.ask("ACL SETUSER app on >pw ~* +@all", 1).await;
        let mut client = rig.client().await;
        client
            .ask("AUTH app wrong\nCLIENT SETNAME me\nAUTH app pw\nHELLO 9\nHELLO 3 AUTH default x SETNAME you", 5)
            .await;
        client.ask("GET a\nSELECT 2\nHELLO 2\nRESET\nGET a", 5).await;
        let (events, _) = rig.end().await;
        let who: Vec<String> = events
            .iter()
            .map(|event| {
                let client = &call(event).client;
                let text = |text: &Option<String>| text.clone().unwrap_or_default();
                format!("{} | {}@{}", line(event), text(&client.user), text(&client.name))
            })
            .collect();
        insta::allow_duplicates! {
            insta::assert_snapshot!(who.join("\n"), @"
            AUTH (redacted) (redacted) = WRONGPASS | @
            CLIENT SETNAME me | @
            AUTH (redacted) (redacted) | @me
            HELLO 9 = NOPROTO | app@me
            HELLO 3 AUTH (redacted) (redacted) SETNAME you | app@me
            GET a | default@you
            SELECT 2 | default@you
            HELLO 2 | default@you
            RESET | default@you
            GET a | @
            ");
        }
        assert!(events.iter().all(|event| call(event).client.module.as_deref() == Some("worker")));
        assert!(call(&events[0]).client.address.starts_with("127.0.0.1:"));
    });
}

#[test]
fn replies_that_are_left_out_are_not_awaited() {
    with_proxy(|rig, _| async move {
        let mut client = rig.client().await;
        let replies = client.ask(
            "CLIENT REPLY SKIP\nSET a 1\nGET a\nCLIENT REPLY OFF\nINCR a\nLPUSH a x\nCLIENT REPLY ON\nLPUSH a x",
            3,
        );
        assert!(replies.await.starts_with("$1 1 +OK -WRONGTYPE"));
        assert_eq!(
            rig.lines().await,
            [
                "CLIENT REPLY SKIP = ?",
                "SET a 1 = ?",
                "GET a",
                "CLIENT REPLY OFF = ?",
                "INCR a = ?",
                "LPUSH a x = ?",
                "CLIENT REPLY ON",
                "LPUSH a x = WRONGTYPE",
            ]
        );
    });
}

#[test]
fn lines_of_monitor_are_no_replies() {
    with_proxy(|rig, mut other| async move {
        let mut client = rig.client().await;
        client.ask("MONITOR", 1).await;
        for _ in 0..3 {
            other.ask("SET a b", 1).await;
            assert!(client.reply().await.unwrap().contains("\"SET\" \"a\" \"b\""));
        }
        // RESET ends it; its own line may come before.
        client.send(&command("RESET")).await;
        while client.reply().await.unwrap() != "+RESET\r\n" {}
        client.ask("GET a\nLPUSH a x", 2).await;
        assert_eq!(rig.lines().await, ["MONITOR", "RESET", "GET a", "LPUSH a x = WRONGTYPE"]);
    });
}

#[test]
fn inline_commands_are_calls() {
    with_proxy(|rig, _| async move {
        let mut client = rig.client().await;
        client.send(b"\r\nset a \"b c\"\r\n*0\r\nget a\n").await;
        assert_eq!(client.reply().await.unwrap(), "+OK\r\n");
        assert_eq!(client.reply().await.unwrap(), "$3\r\nb c\r\n");
        assert_eq!(rig.lines().await, ["set a b c", "get a"]);
    });
}

#[test]
fn large_values_pass_and_are_cut() {
    with_proxy(|rig, _| async move {
        let mut client = rig.client().await;
        const SIZE: usize = 100 << 20;
        client.send(format!("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n${SIZE}\r\n").as_bytes()).await;
        let piece: Vec<u8> = (0..1 << 20).map(|at: u32| (at % 251) as u8).collect();
        for _ in 0..SIZE / piece.len() {
            client.send(&piece).await;
        }
        client.send(b"\r\n").await;
        assert_eq!(client.reply().await.unwrap(), "+OK\r\n");
        client.send(&[command("GET k"), command("QUIT")].concat()).await;
        let read = client.rest().await;
        let value = read.strip_prefix(format!("${SIZE}\r\n").as_bytes()).unwrap();
        assert!(value[..SIZE].chunks(piece.len()).all(|chunk| chunk == piece));
        assert_eq!(&value[SIZE..], b"\r\n+OK\r\n");
        let (events, _) = rig.end().await;
        let Event::Call(set) = &events[0] else { panic!("no call") };
        assert_eq!((set.cut.as_slice(), set.words[2].len()), ([2].as_slice(), WORD_LIMIT));
        assert_eq!(line(&events[1]), "GET k");
    });
}

#[test]
fn what_a_client_does_not_read_stays_with_the_server() {
    with_proxy(|rig, mut other| async move {
        const SIZE: usize = 100 << 20;
        other.ask(&format!("SETRANGE big {} x", SIZE - 1), 1).await;
        let mut client = rig.client().await;
        client.send(&command("GET big")).await;
        let waiting = |list: &str| -> usize {
            let client = list.split('\n').find(|line| line.contains("cmd=get")).unwrap_or_default();
            let omem = client.split(" omem=").nth(1).and_then(|rest| rest.split(' ').next());
            omem.and_then(|omem| omem.parse().ok()).unwrap_or(0)
        };
        while waiting(&other.ask("CLIENT LIST", 1).await) == 0 {}
        let mut least = SIZE;
        for _ in 0..1_000 {
            least = least.min(waiting(&other.ask("CLIENT LIST", 1).await));
        }
        assert!(least > SIZE / 2, "{least}");
        client.send(&command("QUIT")).await;
        assert!(client.rest().await.len() > SIZE);
        assert_eq!(rig.lines().await, ["GET big", "QUIT"]);
    });
}
