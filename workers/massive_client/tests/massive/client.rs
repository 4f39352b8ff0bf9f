//! The client against the mock provider: good answers and every class of error.

use std::time::Duration;

use massive_client::mock::faults::Fault;
use massive_client::mock::{MockOptions, MockProvider};
use massive_client::provider::{ApiKey, BadBody, MAX_BODY, Provider, ProviderError};
use tokio::net::TcpListener;

use super::{PATIENCE, provider, tickers};

async fn mock() -> MockProvider {
    MockProvider::start(MockOptions::default()).await.unwrap()
}

/// The error of a snapshot that meets `fault`.
async fn error_of(fault: Fault, timeout: Duration) -> ProviderError {
    let mock = mock().await;
    mock.fail_next(fault, 1);
    let provider = provider(&mock.url(), timeout);
    let error = provider.snapshot(&tickers(&["SPY"])).await.unwrap_err();
    assert_eq!(mock.snapshots(), 1, "the client repeated a failed request");
    assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
    error
}

#[tokio::test]
async fn one_request_brings_indices_and_stocks() {
    let mock = mock().await;
    let provider = provider(&mock.url(), PATIENCE);
    let snapshot = provider.snapshot(&tickers(&["SPY", "I:SPX", "NOPE"])).await.unwrap();
    assert_eq!(mock.snapshots(), 1);
    let rows: Vec<_> = snapshot.rows.iter().map(|row| row.ticker.as_deref().unwrap()).collect();
    assert_eq!(rows, ["I:SPX", "NOPE", "SPY"]);
    assert!(snapshot.rows[0].value.unwrap() > 0.0);
    assert_eq!(snapshot.rows[1].error.as_deref(), Some("NOT_FOUND"));
    assert_eq!(snapshot.malformed, 0);
    // More digits than an f64 has: they must arrive as sent.
    assert_eq!(snapshot.rows[2].last_updated, Some(1_750_000_000_000_383_501));
    assert_eq!(snapshot.rows[2].last_trade.as_ref().unwrap().sip_timestamp, Some(1_750_000_000_000_383_501));
}

#[tokio::test]
async fn more_than_ten_tickers_come_whole_although_the_default_page_is_ten() {
    let mock = mock().await;
    let all = tickers(&massive_client::mock::KNOWN_TICKERS);
    assert!(all.len() > 10);
    assert_eq!(provider(&mock.url(), PATIENCE).snapshot(&all).await.unwrap().rows.len(), all.len());
}

#[tokio::test]
async fn beyond_250_tickers_several_requests_are_made() {
    let many: Vec<String> = (0..501).map(|number| format!("T{number:03}")).collect();
    let options = MockOptions { tickers: many.clone(), ..MockOptions::default() };
    let mock = MockProvider::start(options).await.unwrap();
    let provider = provider(&mock.url(), PATIENCE);
    // Repetitions cost nothing.
    let asked: Vec<String> = many.iter().chain(&many).cloned().collect();
    let snapshot = provider.snapshot(&asked).await.unwrap();
    assert_eq!(snapshot.rows.len(), 501);
    assert_eq!(mock.snapshots(), 3);
    assert!(snapshot.rows.iter().all(|row| row.error.is_none()));
}

#[tokio::test]
async fn a_request_that_fails_does_not_cost_the_others_their_rows() {
    let many: Vec<String> = (0..501).map(|number| format!("T{number:03}")).collect();
    let mock = MockProvider::start(MockOptions { tickers: many.clone(), ..MockOptions::default() }).await.unwrap();
    let provider = provider(&mock.url(), PATIENCE);
    mock.fail_next(Fault::ServerError, 1);
    let snapshot = provider.snapshot(&many).await.unwrap();
    assert_eq!(snapshot.failed.unwrap().class(), "server-error");
    assert!([251, 500].contains(&snapshot.rows.len()), "{} rows", snapshot.rows.len());
    mock.fail_next(Fault::ServerError, 3);
    assert_eq!(provider.snapshot(&many).await.unwrap_err().class(), "server-error");
}

#[tokio::test]
async fn the_market_is_open_unless_the_provider_says_closed() {
    for (market, open) in [("open", true), ("extended-hours", true), ("closed", false)] {
        let options = MockOptions { market: market.to_owned(), ..MockOptions::default() };
        let mock = MockProvider::start(options).await.unwrap();
        assert_eq!(provider(&mock.url(), PATIENCE).market_is_open().await.unwrap(), open, "{market}");
    }
    assert!(provider("http://127.0.0.1:1", PATIENCE).market_is_open().await.is_err());
}

#[tokio::test]
async fn no_tickers_need_no_request() {
    let mock = mock().await;
    let snapshot = provider(&mock.url(), PATIENCE).snapshot(&[]).await.unwrap();
    assert!(snapshot.rows.is_empty());
    assert_eq!(mock.snapshots(), 0);
}

#[tokio::test]
async fn a_wrong_key_is_unauthorized() {
    let options = MockOptions { api_key: Some("another".to_owned()), ..MockOptions::default() };
    let mock = MockProvider::start(options).await.unwrap();
    let error = provider(&mock.url(), PATIENCE).snapshot(&tickers(&["SPY"])).await.unwrap_err();
    assert_eq!(error, ProviderError::Unauthorized { message: "Unknown API Key".to_owned() });
    assert!(error.needs_a_person());
}

#[tokio::test]
async fn a_plan_without_snapshots_is_not_entitled() {
    let error = error_of(Fault::NotEntitled, PATIENCE).await;
    assert!(matches!(&error, ProviderError::NotEntitled { message } if message.contains("upgrade your plan")));
    assert!(error.needs_a_person());
}

#[tokio::test]
async fn a_rate_limit_says_how_long_to_wait() {
    let error = error_of(Fault::RateLimited, PATIENCE).await;
    assert_eq!(error, ProviderError::RateLimited { retry_after: Some(Duration::from_secs(7)) });
    assert!(!error.needs_a_person());
}

#[tokio::test]
async fn a_rate_limit_under_status_200_is_one_too() {
    let error = error_of(Fault::RateLimitedAs200, PATIENCE).await;
    assert_eq!(error, ProviderError::RateLimited { retry_after: None });
}

#[tokio::test]
async fn status_500_is_a_server_error_whatever_its_body() {
    assert!(matches!(error_of(Fault::ServerError, PATIENCE).await, ProviderError::Server { status: 500, .. }));
}

#[tokio::test]
async fn silence_is_a_timeout() {
    let short = Duration::from_millis(50);
    assert_eq!(error_of(Fault::Slow, short).await, ProviderError::Timeout { after: short });
}

#[tokio::test]
async fn bad_bodies_are_told_apart() {
    let cases = [
        (Fault::Html, BadBody::Html),
        (Fault::Truncated, BadBody::Truncated),
        (Fault::Huge, BadBody::TooLarge { limit: MAX_BODY }),
    ];
    for (fault, expected) in cases {
        assert_eq!(error_of(fault, PATIENCE).await, ProviderError::BadBody(expected));
    }
}

#[tokio::test]
async fn a_connection_closed_without_an_answer_is_a_connect_error() {
    assert_eq!(error_of(Fault::HangUp, PATIENCE).await.class(), "connect");
}

#[tokio::test]
async fn a_closed_port_is_a_connect_error_that_names_no_url() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = provider(&url, PATIENCE).snapshot(&tickers(&["SPY"])).await.unwrap_err();
    let ProviderError::Connect { message } = &error else { panic!("{error:?}") };
    assert!(message.to_lowercase().contains("refused"), "{message}");
    assert!(!error.to_string().contains("ticker.any_of"), "{error}");
}

#[tokio::test]
async fn the_client_recovers_after_each_fault() {
    let mock = mock().await;
    let provider = provider(&mock.url(), PATIENCE);
    for fault in Fault::ALL.into_iter().filter(|fault| *fault != Fault::Slow) {
        mock.fail_next(fault, 1);
        provider.snapshot(&tickers(&["SPY"])).await.unwrap_err();
        assert_eq!(provider.snapshot(&tickers(&["SPY"])).await.unwrap().rows.len(), 1, "after {fault:?}");
    }
}

#[test]
fn the_key_never_shows_and_must_fit_a_header() {
    let provider = provider("https://api.example.com/", PATIENCE);
    assert!(!format!("{provider:?}").contains("s3cret"), "{provider:?}");
    assert_eq!(" abc\n".parse::<ApiKey>().unwrap(), "abc".parse().unwrap());
    for bad in ["", " \n", "a b", "a\nb", "schlüssel"] {
        let error = bad.parse::<ApiKey>().unwrap_err().to_string();
        assert!(error.contains("MASSIVE_API_KEY") && (bad.trim().is_empty() || !error.contains(bad)), "{error}");
    }
}

#[test]
fn unusable_urls_and_timeouts_are_refused_without_quoting_them() {
    let key = || "k".parse().unwrap();
    for url in ["", "api.massive.com", "ftp://h/", "https://u:pw@h/", "https://h/?apiKey=pw", "unix:/pw"] {
        let error = format!("{:#}", Provider::new(url, key(), PATIENCE).unwrap_err());
        assert!(!error.contains("pw"), "{error}");
    }
    assert!(Provider::new("https://h", key(), Duration::ZERO).is_err());
}
