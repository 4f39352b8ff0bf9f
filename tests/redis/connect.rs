//! Connecting: what a server and its ACL allow, and what the errors say when they do not.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use keywire::server::connect::{
    ClientSetup, ConnectError, Mode, NodeSizes, Problem, ServerInfo, Timeouts, client_setup, connect, connect_with,
    parse_url,
};
use keywire::server::{Flavour, Version};

use crate::servers::{block_on, for_each_server, for_each_server_with};

/// The problem and the message of a connection that must not come about.
fn failure(address: &str) -> (Problem, String) {
    let timeouts = Timeouts { connect: Duration::from_millis(800), ..Timeouts::default() };
    let error = block_on(async { connect_with(&parse_url(address)?, timeouts).await.map(drop) }).unwrap_err();
    let message = format!("{error:#}");
    assert!(!message.contains("S3CR3T"), "{message}");
    (error.downcast_ref::<ConnectError>().unwrap_or_else(|| panic!("{message}")).problem, message)
}

/// A listener that does with each connection what the test says, on a port of its own.
fn listener(serve: fn(TcpStream)) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || listener.incoming().for_each(|stream| serve(stream.unwrap())));
    address
}

#[test]
fn info_is_the_servers_word() {
    for_each_server_with(&["--stream-node-max-entries", "50"], |server| {
        let info = block_on(async { ServerInfo::read(&mut connect(&server.url()).await.unwrap()).await.unwrap() });
        assert_eq!((info.flavour, info.version), (server.binary().flavour, Some(server.binary().version)));
        assert_eq!(info.mode, Mode::Standalone);
        assert_eq!(info.nodes, NodeSizes { stream_entries: 50, from_server: true, ..NodeSizes::default() });
    });
}

#[test]
fn a_user_who_may_do_little_still_learns_what_hello_says() {
    // HELLO is open to every user, as AUTH is.
    for_each_server(|server| {
        block_on(async {
            let mut admin = connect(&server.url()).await.unwrap();
            let acl = ["looker", "on", ">pw", "~*", "+get"];
            let () = redis::cmd("ACL").arg("SETUSER").arg(&acl).query_async(&mut admin).await.unwrap();
            let mut looker = connect(&format!("{}?user=looker&pass=pw", server.url())).await.unwrap();
            let info = ServerInfo::read(&mut looker).await.unwrap();
            assert_eq!((info.flavour, info.version), (server.binary().flavour, Some(server.binary().version)));
            assert_eq!(info.nodes, NodeSizes::default());
            assert_eq!(client_setup(&mut looker).await.unwrap(), ClientSetup::default());
        });
    });
}

#[test]
fn the_client_introduces_itself() {
    for_each_server(|server| {
        block_on(async {
            let mut connection = connect(&server.url()).await.unwrap();
            let setup = client_setup(&mut connection).await.unwrap();
            let knows_no_touch =
                server.binary().flavour == Flavour::Valkey || server.binary().version >= Version::new(7, 2, 0);
            assert_eq!(setup, ClientSetup { name: true, no_touch: knows_no_touch, no_evict: true });
            let name: String = redis::cmd("CLIENT").arg("GETNAME").query_async(&mut connection).await.unwrap();
            assert_eq!(name, "keywire");
        });
    });
}

#[test]
fn passwords_are_wanted_and_taken() {
    for_each_server_with(&["--requirepass", "S3CR3T"], |server| {
        let url = server.url();
        let (problem, message) = failure(&url);
        assert_eq!(problem, Problem::AuthFailed, "{message}");
        assert!(message.contains("user and password in the URL"), "{message}");
        for wrong in ["?pass=S3CR3Twrong", "?user=nobody&pass=S3CR3T", "?pass=S3CR3Twrong&protocol=resp3"] {
            let (problem, message) = failure(&format!("{url}{wrong}"));
            assert_eq!(problem, Problem::AuthFailed, "{message}");
        }
        for right in ["?pass=S3CR3T", "?user=default&pass=S3CR3T", "?password=S3CR3T&protocol=3"] {
            block_on(connect(&format!("{url}{right}"))).unwrap();
        }
    });
}

#[test]
fn a_database_that_is_not_there_is_the_addresss_fault() {
    for_each_server(|server| {
        let (problem, message) = failure(&format!("{}?db=99", server.url()));
        assert_eq!(problem, Problem::Config, "{message}");
    });
}

#[test]
fn nothing_listens() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for address in [format!("redis://app:S3CR3T@{free}"), "/nowhere/redis.sock".into()] {
        let (problem, message) = failure(&address);
        assert_eq!(problem, Problem::Refused, "{message}");
        assert!(message.contains("is the server running"), "{message}");
    }
}

#[test]
fn silence_ends_after_the_time_limit() {
    let silent = listener(std::mem::forget);
    let start = Instant::now();
    assert_eq!(failure(&format!("redis://{silent}")).0, Problem::Timeout);
    assert!(start.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_loading_server_is_called_that() {
    let loading = listener(|mut stream| {
        let mut buffer = [0; 512];
        while let Ok(read @ 1..) = stream.read(&mut buffer) {
            let commands = buffer[..read].iter().filter(|byte| **byte == b'*').count();
            let answer = "-LOADING Redis is loading the dataset in memory\r\n".repeat(commands);
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    let (problem, message) = failure(&format!("redis://{loading}"));
    assert_eq!(problem, Problem::Loading, "{message}");
}

#[test]
fn one_side_with_and_one_without_tls() {
    let hangs_up = listener(drop);
    for (scheme, expected) in [("redis", Problem::Dropped), ("rediss", Problem::Tls)] {
        let (problem, message) = failure(&format!("{scheme}://{hangs_up}"));
        assert_eq!(problem, expected, "{message}");
    }
    let speaks_plainly = listener(|mut stream| stream.write_all(b"-ERR Protocol error\r\n").unwrap());
    let (problem, message) = failure(&format!("rediss://:S3CR3T@{speaks_plainly}"));
    assert_eq!(problem, Problem::Tls, "{message}");
}
