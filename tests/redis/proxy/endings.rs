//! Ends and crowds: half-closed and broken connections, many clients, and a consumer of events that is too slow.

use keywire::observe::traffic::{Event, Gap};

use super::*;

#[test]
fn a_client_that_says_no_more_still_reads() {
    with_proxy(|rig, mut other| async move {
        let mut client = rig.client().await;
        client.send(&command("BLPOP l 0")).await;
        while !other.ask("CLIENT LIST", 1).await.contains("cmd=blpop") {}
        other.ask("RPUSH l v", 1).await;
        client.send(&command("PING")).await;
        client.half_close().await;
        assert_eq!(client.rest().await, b"*2\r\n$1\r\nl\r\n$1\r\nv\r\n+PONG\r\n");
        // And a server that says no more.
        let mut client = rig.client().await;
        client.send(&command("QUIT")).await;
        assert_eq!(client.rest().await, b"+OK\r\n");
        assert_eq!(rig.lines().await, ["BLPOP l 0", "PING", "QUIT"]);
    });
}

#[test]
fn a_slow_consumer_delays_nobody() {
    for_each_server(|server| {
        block_on(async {
            let (sender, mut portions) = mpsc::channel(1);
            let (address, stop, serving) = Rig::serve(&server.url(), None, sender).await;
            let mut client = connect(&address).await;
            for _ in 0..50 {
                client.ask(&"INCR n\n".repeat(1_000), 1_000).await;
            }
            let mut events = portions.recv().await.unwrap();
            client.ask("GET n", 1).await;
            drop(client);
            stop.send(()).unwrap();
            let collect = async {
                while let Some(portion) = portions.recv().await {
                    events.extend(portion);
                }
            };
            let (summary, ()) = tokio::join!(serving, collect);
            let calls = events.iter().filter(|event| matches!(event, Event::Call(_))).count() as u64;
            let missed: u64 = events
                .iter()
                .filter_map(|event| if let Event::Gap(Gap { calls, .. }) = event { *calls } else { None })
                .sum();
            assert!(missed > 0);
            assert_eq!(calls + missed, 50_001);
            let summary = summary.unwrap();
            assert_eq!((summary.calls, summary.sampled_out), (50_001, missed));
        });
    });
}

#[test]
fn two_hundred_clients_at_once() {
    with_proxy(|rig, mut other| async move {
        let mut clients = Vec::new();
        for number in 0..200 {
            let mut client = rig.client().await;
            clients.push(tokio::spawn(async move {
                client.ask(&format!("SET k{number} {number}\nINCR n\n").repeat(50), 100).await;
            }));
        }
        for client in clients {
            client.await.unwrap();
        }
        assert_eq!(other.ask("GET n", 1).await, "$5 10000");
        let (events, summary) = rig.end().await;
        assert_eq!((summary.connections, summary.calls), (200, 20_000));
        let mut by_connection = std::collections::HashMap::<u64, Vec<String>>::new();
        for event in &events {
            by_connection.entry(call(event).connection).or_default().push(line(event));
        }
        assert!(by_connection.values().all(|lines| lines.len() == 100 && lines[0] == lines[2]));
    });
}

#[test]
fn a_server_that_dies_ends_its_connections_only() {
    for_each_server(|server| {
        block_on(async {
            let rig = Rig::start(&server.url(), None).await;
            let mut client = rig.client().await;
            client.ask("SET a 1", 1).await;
            client.send(&[command("SHUTDOWN NOSAVE"), command("GET a")].concat()).await;
            assert_eq!(client.rest().await, b"");
            let refused = rig.client().await.rest().await;
            let refused = String::from_utf8(refused).unwrap();
            assert!(refused.starts_with("-ERR keywire proxy: cannot reach upstream redis+unix://"), "{refused}");
            let (events, summary) = rig.end().await;
            assert_eq!(events.iter().map(line).collect::<Vec<_>>(), ["SET a 1", "SHUTDOWN NOSAVE = ?", "GET a = ?"]);
            assert_eq!((summary.connections, summary.unreachable), (2, 1));
        });
    });
}

#[test]
fn credentials_of_the_address_log_clients_in() {
    for_each_server(|server| {
        block_on(async {
            let mut other = direct(server).await;
            other.ask("ACL SETUSER app on >s3cret ~* +@all", 1).await;
            let rig = Rig::start(&format!("{}?user=app&pass=s3cret&db=2", server.url()), None).await;
            assert_eq!(rig.client().await.ask("ACL WHOAMI\nSET a 1", 2).await, "$3 app +OK");
            assert_eq!(other.ask("SELECT 2\nGET a", 2).await, "+OK $1 1");
            let (events, _) = rig.end().await;
            assert_eq!(call(&events[1]).database, 2);
            assert_eq!(call(&events[1]).client.user.as_deref(), Some("app"));

            let rig = Rig::start(&format!("{}?user=app&pass=wr0ng", server.url()), None).await;
            let refused = String::from_utf8(rig.client().await.rest().await).unwrap();
            assert!(refused.contains("could not log in: the server said WRONGPASS"), "{refused}");
            assert!(!refused.contains("wr0ng"));
            rig.end().await;
        });
    });
}

#[test]
fn replication_passes_unseen() {
    with_proxy(|rig, _| async move {
        let mut replica = rig.client().await;
        replica.ask("REPLCONF listening-port 1", 1).await;
        replica.send(&command("PSYNC ? -1")).await;
        assert!(replica.reply().await.unwrap().starts_with("+FULLRESYNC"));
        let (events, summary) = rig.end().await;
        assert_eq!(summary.lost, 1);
        assert_eq!(line(&events[0]), "REPLCONF listening-port 1");
        let gap =
            events.iter().find_map(|event| if let Event::Gap(gap) = event { Some(gap.why.as_str()) } else { None });
        assert_eq!(gap, Some("connection 1 could not be followed any further: replication"));
        assert!(events.iter().any(|event| line(event) == "PSYNC ? -1 = ?"));
    });
}

#[test]
fn unix_sockets_are_listened_at_and_left_clean() {
    for_each_server(|server| {
        block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("proxy.sock");
            // A proxy that was killed has left its socket behind.
            drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
            let listen: Listen = path.to_str().unwrap().parse().unwrap();
            let proxy = Proxy::bind(std::slice::from_ref(&listen)).await.unwrap();
            assert!(Proxy::bind(std::slice::from_ref(&listen)).await.is_err());
            let options = ProxyOptions { upstream: parse_url(&server.url()).unwrap(), module: None, gate: None };
            let (sender, mut portions) = mpsc::channel(8);
            let client = async {
                let mut client = connect(&listen).await;
                assert_eq!(client.ask("PING", 1).await, "+PONG");
            };
            let summary = proxy.serve(options, sender, client).await.unwrap();
            assert_eq!(summary.calls, 1);
            let address = call(&portions.recv().await.unwrap()[0]).client.address.clone();
            // The first connection was the second proxy's, which looked whether there was one.
            assert_eq!(address, format!("unix:{}#2", path.display()));
            assert!(!path.exists());
        });
    });
}
