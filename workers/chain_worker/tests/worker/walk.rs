//! From page to page: whole, partial, failing, in circles, without an end, away from the provider.

use std::time::Duration;

use chain_worker::distil::Odd;
use chain_worker::walk::{Broken, Walked, walk};
use jiff::ToSpan as _;
use jiff::civil::Date;
use massive_client::mock::MockProvider;
use massive_client::mock::chain::{ChainOptions, End, Target};
use massive_client::mock::faults::Fault;
use massive_client::mock::http::{Reply, Server};
use massive_client::provider::{Provider, ProviderError};
use serde_json::json;
use tokio::time::Instant;

use super::PATIENCE;
use super::scene::{chains, mock};

/// A day on which options expire, some days from now.
async fn day(provider: &Provider) -> Date {
    let from = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date().checked_add(3.days()).unwrap();
    provider.expiration_from("I:SPX", from).await.unwrap().unwrap()
}

fn client(mock: &MockProvider, timeout: Duration) -> Provider {
    Provider::new(&mock.url(), "s3cret-key".parse().unwrap(), timeout).unwrap()
}

async fn walked(mock: &MockProvider) -> Result<Walked, ProviderError> {
    let provider = client(mock, PATIENCE);
    walk(&provider, "I:SPX", day(&provider).await, Instant::now() + PATIENCE).await
}

#[tokio::test]
async fn a_chain_is_read_to_its_end_and_stamped_with_its_first_page() {
    let mock = mock(ChainOptions { strikes: 1000, ..chains() }).await;
    let before = jiff::Timestamp::now().as_millisecond();
    let walked = walked(&mock).await.unwrap();
    let after = jiff::Timestamp::now().as_millisecond();
    assert_eq!((walked.contracts.len(), walked.odd, walked.broken, mock.chain_pages()), (2000, 0, None, 8));
    assert!((before..=after).contains(&walked.first_ms));
    let without = walked.contracts.iter().filter(|contract| contract.delta.is_none()).count();
    assert!((1..1000).contains(&without), "greeks are missing deep in the money: {without}");
    assert!((4900.0..5200.0).contains(&walked.spot.unwrap().value));
}

#[tokio::test]
async fn odd_rows_are_counted_and_the_others_stay() {
    let mock = mock(ChainOptions { odd_percent: 50, ..chains() }).await;
    let walked = walked(&mock).await.unwrap();
    assert!(walked.odd > 30 && walked.contracts.len() > 100, "{} odd", walked.odd);
    assert_eq!(walked.odd + walked.contracts.len(), 300);
    assert!(Odd::OtherExpiration.to_string().contains("expiration"));
}

#[tokio::test]
async fn wherever_pages_lead_a_walk_ends() {
    for (end, broken, at_most) in
        [(End::Circle, Broken::Circle, 4), (End::Endless, Broken::Endless, 6), (End::Away, Broken::Elsewhere, 2)]
    {
        let mock = mock(ChainOptions { end, ..chains() }).await;
        let walked = walked(&mock).await.unwrap();
        assert_eq!(walked.broken, Some(broken));
        assert!(mock.chain_pages() <= at_most, "{end:?}: {} pages", mock.chain_pages());
        assert!(walked.contracts.len() >= 300);
    }
}

#[tokio::test]
async fn a_page_that_fails_for_a_moment_is_asked_again_and_else_the_chain_is_partial() {
    let mock = mock(chains()).await;
    for fault in [Fault::ServerError, Fault::Truncated, Fault::HangUp, Fault::Html, Fault::Huge] {
        mock.fail_chains(Target::Page(1), fault, 1);
        assert_eq!(walked(&mock).await.unwrap().broken, None, "{fault:?}");
        mock.fail_chains(Target::Page(1), fault, 100);
        let walked = walked(&mock).await.unwrap();
        assert_eq!(walked.contracts.len(), 250, "{fault:?}");
        assert!(matches!(walked.broken, Some(Broken::Failed(_))), "{fault:?}");
        mock.heal_chains();
    }
    for (fault, class) in [(Fault::RateLimited, "rate-limited"), (Fault::NotEntitled, "not-entitled")] {
        let pages = mock.chain_pages();
        mock.fail_chains(Target::Page(0), fault, 100);
        assert_eq!(walked(&mock).await.unwrap_err().class(), class);
        assert_eq!(mock.chain_pages(), pages + 1, "{fault:?} is not asked again");
        mock.heal_chains();
    }
}

#[tokio::test]
async fn a_slow_page_is_given_up_at_its_time_and_a_slow_chain_at_the_deadline() {
    let mock = mock(chains()).await;
    mock.fail_chains(Target::Page(1), Fault::Slow, 100);
    let impatient = client(&mock, Duration::from_millis(200));
    let day = day(&impatient).await;
    let walked = walk(&impatient, "I:SPX", day, Instant::now() + PATIENCE).await.unwrap();
    assert!(matches!(walked.broken, Some(Broken::Failed(ProviderError::Timeout { .. }))), "{:?}", walked.broken);
    let patient = client(&mock, PATIENCE);
    let start = Instant::now();
    let walked = walk(&patient, "I:SPX", day, start + Duration::from_millis(300)).await.unwrap();
    assert_eq!((walked.broken, walked.contracts.len()), (Some(Broken::Deadline), 250));
    assert!(start.elapsed() < PATIENCE / 2);
}

/// A provider whose one page leads to an address of another server, and that server, which tells whether it was asked.
async fn leads_to(next: impl Fn(&str) -> String) -> (Walked, bool) {
    let asked = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let seen = std::sync::Arc::clone(&asked);
    let listen = || tokio::net::TcpListener::bind("127.0.0.1:0");
    let other = Server::start(listen().await.unwrap(), move |_| {
        seen.store(true, std::sync::atomic::Ordering::SeqCst);
        Reply::json(200, &json!({"results": []}))
    })
    .unwrap();
    let next = next(&other.address().to_string());
    let server =
        Server::start(listen().await.unwrap(), move |_| Reply::json(200, &json!({"results": [], "next_url": next})))
            .unwrap();
    let url = format!("http://{}", server.address());
    let provider = Provider::new(&url, "s3cret-key".parse().unwrap(), PATIENCE).unwrap();
    let walked = walk(&provider, "I:SPX", jiff::civil::date(2026, 1, 30), Instant::now() + PATIENCE).await.unwrap();
    (walked, asked.load(std::sync::atomic::Ordering::SeqCst))
}

#[tokio::test]
async fn the_key_never_leaves_the_providers_origin() {
    let cases: [fn(&str) -> String; 6] = [
        |other| format!("http://{other}/v3/snapshot/options/I:SPX?cursor=x"),
        |other| format!("//{other}/v3"),
        |other| format!("https://{other}/v3"),
        |other| format!("http://user:word@{other}/v3"),
        |_| "file:///etc/passwd".to_owned(),
        |_| "http://".to_owned(),
    ];
    for (number, case) in cases.into_iter().enumerate() {
        let (walked, asked) = leads_to(case).await;
        assert_eq!((walked.broken, asked), (Some(Broken::Elsewhere), false), "case {number}");
    }
    // A path is on the same origin; that it leads in a circle is another matter.
    assert_eq!(leads_to(|_| "/v3/next".to_owned()).await.0.broken, Some(Broken::Circle));
}
