//! The mock itself: what it documents is what it does. Speaks to it in raw bytes, so that the client's habits hide nothing.

use massive_client::mock::{Clock, MockOptions, MockProvider};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

async fn start(options: MockOptions) -> MockProvider {
    MockProvider::start(options).await.unwrap()
}

fn open() -> MockOptions {
    MockOptions { api_key: None, ..MockOptions::default() }
}

/// Reads one answer: its head and its body of the announced length.
async fn read_answer(stream: &mut TcpStream) -> (String, String) {
    let mut bytes = Vec::new();
    loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8(bytes[..at].to_vec()).unwrap();
            let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap();
            let length: usize = length.parse().unwrap();
            if bytes.len() >= at + 4 + length {
                assert_eq!(bytes.len(), at + 4 + length, "more than one answer");
                return (head, String::from_utf8(bytes[at + 4..].to_vec()).unwrap());
            }
        }
        assert!(stream.read_buf(&mut bytes).await.unwrap() > 0, "closed after {bytes:?}");
    }
}

async fn get(mock: &MockProvider, target: &str) -> (String, String) {
    let mut stream = TcpStream::connect(mock.address()).await.unwrap();
    stream.write_all(format!("GET {target} HTTP/1.1\r\nHost: mock\r\n\r\n").as_bytes()).await.unwrap();
    read_answer(&mut stream).await
}

async fn rows(mock: &MockProvider, target: &str) -> Vec<Value> {
    let (_, body) = get(mock, target).await;
    serde_json::from_str::<Value>(&body).unwrap()["results"].as_array().unwrap().clone()
}

#[tokio::test]
async fn the_page_is_ten_unless_limit_says_otherwise() {
    let mock = start(open()).await;
    assert_eq!(rows(&mock, "/v3/snapshot").await.len(), 10);
    assert_eq!(rows(&mock, "/v3/snapshot?limit=250").await.len(), 12);
    assert_eq!(rows(&mock, "/v3/snapshot?limit=1&ticker.any_of=SPY%2CQQQ").await.len(), 1);
    for bad in ["0", "251", "x", "-1"] {
        assert!(get(&mock, &format!("/v3/snapshot?limit={bad}")).await.0.starts_with("HTTP/1.1 400 "), "{bad}");
    }
}

#[tokio::test]
async fn a_key_is_asked_for_unless_told_not_to() {
    let strict = start(MockOptions::default()).await;
    for path in ["/v3/snapshot", "/v1/marketstatus/now"] {
        let (head, body) = get(&strict, path).await;
        assert!(head.starts_with("HTTP/1.1 401 "), "{head}");
        assert!(body.contains("API Key was not provided"), "{body}");
        assert!(get(&start(open()).await, path).await.0.starts_with("HTTP/1.1 200 "));
    }
}

#[tokio::test]
async fn the_same_seed_and_requests_give_the_same_bodies() {
    let requests = ["/v3/snapshot?ticker.any_of=SPY,I:VIX", "/v1/marketstatus/now", "/v3/snapshot", "/v3/snapshot"];
    let mut runs = Vec::new();
    for seed in [7, 7, 8] {
        let mock = start(MockOptions { seed, odd_percent: 30, ..open() }).await;
        let mut bodies = Vec::new();
        for request in requests {
            bodies.push(get(&mock, request).await.1);
        }
        assert_ne!(bodies[2], bodies[3], "prices stand still");
        runs.push(bodies);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
}

#[tokio::test]
async fn asking_for_one_ticker_moves_no_other() {
    let (one, other) = (start(open()).await, start(open()).await);
    rows(&one, "/v3/snapshot?ticker.any_of=SPY").await;
    rows(&other, "/v3/snapshot?ticker.any_of=SPY,QQQ,NOPE").await;
    let target = "/v3/snapshot?ticker.any_of=SPY";
    assert_eq!(rows(&one, target).await, rows(&other, target).await);
}

#[tokio::test]
async fn oddities_come_at_the_rate_asked_for() {
    let odd = |rows: &[Value]| {
        rows.iter()
            .filter(|row| row["last_updated"].is_null() || row["session"].is_null() || row["name"].is_null())
            .count()
    };
    for (odd_percent, expected) in [(0, 0..=0), (100, 300..=900)] {
        let mock = start(MockOptions { odd_percent, ..open() }).await;
        let mut seen = 0;
        for _ in 0..100 {
            seen += odd(&rows(&mock, "/v3/snapshot").await);
        }
        assert!(expected.contains(&seen), "{odd_percent} %: {seen}");
    }
}

#[tokio::test]
async fn heads_may_come_in_pieces_and_connections_serve_again() {
    let mock = start(open()).await;
    let mut stream = TcpStream::connect(mock.address()).await.unwrap();
    stream.set_nodelay(true).unwrap();
    for piece in ["GET /v3/snap", "shot?ticker.any_of=I%3ASPX HTTP/1.1\r", "\nHost: mock\r\n", "\r", "\n"] {
        stream.write_all(piece.as_bytes()).await.unwrap();
        stream.flush().await.unwrap();
        tokio::task::yield_now().await;
    }
    let (head, body) = read_answer(&mut stream).await;
    assert!(head.starts_with("HTTP/1.1 200 OK") && body.contains("I:SPX"), "{head}\n{body}");
    for _ in 0..3 {
        stream.write_all(b"GET /v1/marketstatus/now HTTP/1.1\r\n\r\n").await.unwrap();
        assert!(read_answer(&mut stream).await.1.contains("serverTime"));
    }
    stream.write_all(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n").await.unwrap();
    assert!(read_answer(&mut stream).await.0.starts_with("HTTP/1.1 404 "));
    assert_eq!(stream.read(&mut [0]).await.unwrap(), 0);
}

#[tokio::test]
async fn what_is_no_get_is_refused_and_the_mock_lives_on() {
    let mock = start(open()).await;
    let long = format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(40_000));
    let cases = [
        ("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n", "405"),
        ("GET / HTTP/1.1\r\nContent-Length: 3\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "400"),
        ("GET  / HTTP/1.1\r\n\r\n", "400"),
        ("GET / HTTP/2\r\n\r\n", "400"),
        ("\u{0}\u{1}\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nno colon\r\n\r\n", "400"),
        (&long, "431"),
    ];
    for (request, status) in cases {
        let mut stream = TcpStream::connect(mock.address()).await.unwrap();
        // A server that refuses early may close before the rest is written; what it said can be lost with that.
        let _ = stream.write_all(request.as_bytes()).await;
        let mut answer = Vec::new();
        match stream.read_to_end(&mut answer).await {
            Ok(_) => assert!(answer.starts_with(format!("HTTP/1.1 {status} ").as_bytes()), "{request:.40} {answer:?}"),
            Err(error) => assert_eq!((error.kind(), status), (std::io::ErrorKind::ConnectionReset, "431")),
        }
    }
    assert_eq!(rows(&mock, "/v3/snapshot?ticker.any_of=SPY").await.len(), 1);
}

#[tokio::test]
async fn faults_can_be_ordered_over_http() {
    let mock = start(open()).await;
    assert!(get(&mock, "/mock/fail?kind=429&times=2").await.0.starts_with("HTTP/1.1 200 "));
    for expected in ["429", "429", "200"] {
        let (head, _) = get(&mock, "/v3/snapshot").await;
        assert!(head.starts_with(&format!("HTTP/1.1 {expected} ")), "{head}");
    }
    for bad in ["kind=tsunami", "kind=429&times=x", ""] {
        let (head, body) = get(&mock, &format!("/mock/fail?{bad}")).await;
        assert!(head.starts_with("HTTP/1.1 400 ") && body.contains("hang-up"), "{head} {body}");
    }
}

#[tokio::test]
async fn times_follow_the_clock() {
    let clock = Clock::Derived { start_ms: 1_760_000_000_000, step_ms: 250 };
    let mock = start(MockOptions { clock, ..open() }).await;
    let target = "/v3/snapshot?ticker.any_of=SPY";
    assert_eq!(rows(&mock, target).await[0]["last_updated"], 1_760_000_000_000_383_501_i64);
    assert_eq!(rows(&mock, target).await[0]["last_updated"], 1_760_000_000_250_383_501_i64);
    let before = jiff::Timestamp::now().as_millisecond();
    let now = start(MockOptions { clock: Clock::System, ..open() }).await;
    assert!(rows(&now, target).await[0]["last_updated"].as_i64().unwrap() / 1_000_000 >= before);
}

#[tokio::test]
async fn dropping_it_closes_port_and_connections() {
    let mock = start(open()).await;
    let address = mock.address();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /v1/marketstatus/now HTTP/1.1\r\n\r\n").await.unwrap();
    read_answer(&mut stream).await;
    drop(mock);
    assert!(matches!(stream.read(&mut [0]).await, Ok(0) | Err(_)));
    assert!(TcpStream::connect(address).await.is_err());
}
