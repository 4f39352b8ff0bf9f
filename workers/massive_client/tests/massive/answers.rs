//! Answers the mock does not give: compression, redirects, waits as dates, odd statuses, odd rows.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use massive_client::mock::http::{Delivery, Reply};
use massive_client::provider::{BadBody, MAX_BODY, ProviderError, Snapshot};
use serde_json::{Value, json};

use super::{PATIENCE, provider, serve, tickers};

async fn answer_to(reply: Reply) -> Result<Snapshot, ProviderError> {
    let (_server, url) = serve(move |_| reply.clone()).await;
    provider(&url, PATIENCE).snapshot(&tickers(&["SPY"])).await
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gzipped(bytes: Vec<u8>) -> Reply {
    Reply::new(200, "application/json", bytes).header("Content-Encoding", "gzip")
}

#[tokio::test]
async fn the_request_is_as_documented() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&seen);
    let (_server, url) = serve(move |request| {
        record.lock().unwrap().push(request.clone());
        Reply::json(200, &json!({"results": []}))
    })
    .await;
    provider(&format!("{url}/gateway/"), PATIENCE).snapshot(&tickers(&["I:SPX", "BRK.B"])).await.unwrap();
    let seen = seen.lock().unwrap();
    let [request] = seen.as_slice() else { panic!("{seen:?}") };
    assert_eq!(request.path(), "/gateway/v3/snapshot");
    assert_eq!(request.query("ticker.any_of"), Some("I:SPX,BRK.B"));
    assert_eq!(request.query("limit"), Some("250"));
    assert_eq!(request.query("apiKey"), None);
    assert_eq!(request.header("authorization"), Some("Bearer s3cret-key"));
    assert!(request.header("accept-encoding").unwrap().contains("gzip"));
}

#[tokio::test]
async fn gzip_is_read_and_limited_by_what_it_unpacks_to() {
    let good = json!({"results": [{"ticker": "SPY"}]}).to_string();
    assert_eq!(answer_to(gzipped(gzip(good.as_bytes()))).await.unwrap().rows.len(), 1);

    let bomb = gzip(&vec![b' '; MAX_BODY + 1]);
    assert!(bomb.len() < 20_000);
    let too_large = ProviderError::BadBody(BadBody::TooLarge { limit: MAX_BODY });
    assert_eq!(answer_to(gzipped(bomb)).await.unwrap_err(), too_large);

    let mut broken = gzip(good.as_bytes());
    broken.truncate(broken.len() - 6);
    let truncated = ProviderError::BadBody(BadBody::Truncated);
    assert_eq!(answer_to(gzipped(broken)).await.unwrap_err(), truncated);
}

#[tokio::test]
async fn bodies_that_are_no_snapshot_are_bad() {
    for body in ["", "{\"results\": [", "[1", "\"tex"] {
        let error = answer_to(Reply::new(200, "application/json", body.into())).await.unwrap_err();
        assert_eq!(error, ProviderError::BadBody(BadBody::Truncated), "{body}");
    }
    for body in ["[]", "{}", "null", "{\"results\": {}}", "{\"results\": [}", "nonsense", "{\"status\":\"ERROR\"}"] {
        let error = answer_to(Reply::new(200, "application/json", body.into())).await.unwrap_err();
        assert!(matches!(error, ProviderError::BadBody(BadBody::NotASnapshot(_))), "{body}: {error:?}");
    }
    let html = answer_to(Reply::new(200, "application/json", b"\n <html>".to_vec())).await.unwrap_err();
    assert_eq!(html, ProviderError::BadBody(BadBody::Html));
    // Nesting without end must not exhaust the stack.
    let deep = answer_to(Reply::new(200, "application/json", vec![b'['; 200_000])).await.unwrap_err();
    assert_eq!(deep.class(), "bad-body");
}

#[tokio::test]
async fn redirects_are_not_followed_so_the_key_stays_here() {
    let reached = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&reached);
    let (_other, other_url) = serve(move |_| {
        counter.fetch_add(1, Ordering::SeqCst);
        Reply::json(200, &json!({"results": []}))
    })
    .await;
    let error = answer_to(Reply::html(302, "moved").header("Location", &other_url)).await.unwrap_err();
    assert!(matches!(error, ProviderError::Refused { status: 302, .. }), "{error:?}");
    assert_eq!(reached.load(Ordering::SeqCst), 0);
}

async fn wait_of(header: &str) -> Option<Duration> {
    let reply = Reply::new(429, "text/plain", Vec::new()).header("Retry-After", header);
    match answer_to(reply).await.unwrap_err() {
        ProviderError::RateLimited { retry_after } => retry_after,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn waits_come_as_seconds_or_as_a_date() {
    assert_eq!(wait_of("0").await, Some(Duration::ZERO));
    assert_eq!(wait_of(" 30 ").await, Some(Duration::from_secs(30)));
    assert_eq!(wait_of("99999999999").await, Some(Duration::from_secs(3600)));
    assert_eq!(wait_of("Sun, 06 Nov 1994 08:49:37 GMT").await, Some(Duration::ZERO));
    for nonsense in ["soon", "-5", "1.5", "99999999999999999999999999"] {
        assert_eq!(wait_of(nonsense).await, None, "{nonsense}");
    }
    let later = Timestamp::now() + Duration::from_secs(120);
    let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&later).unwrap();
    let wait = wait_of(&date).await.unwrap();
    assert!((90..=120).contains(&wait.as_secs()), "{date}: {wait:?}");
}

#[tokio::test]
async fn a_broken_explanation_does_not_hide_the_status() {
    let body = json!({"status": "ERROR", "error": "x".repeat(500)});
    let error = answer_to(Reply::json(401, &body).deliver(Delivery::Half)).await.unwrap_err();
    assert_eq!(error.class(), "unauthorized");
}

#[tokio::test]
async fn the_providers_words_fit_one_line() {
    let body = json!({"error": format!("bad\r\nkey \u{1b}[31m{}", "y".repeat(5000 - 2000))});
    let error = answer_to(Reply::json(401, &body)).await.unwrap_err();
    let text = error.to_string();
    assert!(!text.contains(char::is_control) && text.len() < 300, "{text}");
}

#[tokio::test]
async fn one_odd_field_or_row_costs_no_other() {
    let rows: Value = json!([
        {"ticker": "A", "value": "12", "session": [5, 5, 5, 5, 5, 5, 5], "last_trade": {"price": 3.5, "sip_timestamp": 1.5, "id": 7}},
        null, 7, "text", [],
        {"ticker": 5, "last_updated": 1e300, "timeframe": null, "surprise": {"a": [1]}},
        {},
        {"ticker": "B", "last_updated": 18_446_744_073_709_551_615_u64, "session": {"volume": "37", "close": 2}},
    ]);
    let snapshot = answer_to(Reply::json(200, &json!({"request_id": 5, "results": rows}))).await.unwrap();
    assert_eq!((snapshot.rows.len(), snapshot.malformed), (4, 4));
    assert_eq!(snapshot.request_id, None);
    let [first, second, third, last] = snapshot.rows.as_slice() else { panic!() };
    assert_eq!(first.value, None);
    assert_eq!(first.session, None);
    let trade = first.last_trade.as_ref().unwrap();
    assert_eq!((trade.price, trade.sip_timestamp), (Some(3.5), None));
    assert_eq!(second, third);
    assert_eq!(last.last_updated, None);
    assert_eq!(last.session.as_ref().unwrap().close, Some(2.0));
}
