//! Option chains: the client against the mock, and the mock in raw requests.

use jiff::civil::{Date, date};
use massive_client::mock::chain::{ChainOptions, End, Target};
use massive_client::mock::faults::Fault;
use massive_client::mock::http::Reply;
use massive_client::mock::{MockOptions, MockProvider};
use massive_client::provider::chain::Next;
use serde_json::json;

use super::{PATIENCE, provider, serve};

/// A Friday.
const DAY: Date = date(2099, 1, 30);

async fn mock(chains: ChainOptions) -> MockProvider {
    MockProvider::start(MockOptions { chains, ..MockOptions::default() }).await.unwrap()
}

#[tokio::test]
async fn pages_lead_to_each_other_and_the_last_one_nowhere() {
    let mock = mock(ChainOptions { strikes: 300, ..ChainOptions::default() }).await;
    let client = provider(&mock.url(), PATIENCE);
    let mut page = client.chain("I:SPX", DAY).await.unwrap();
    let (mut sizes, mut tickers) = (vec![page.rows.len()], Vec::new());
    loop {
        tickers.extend(page.rows.iter().map(|row| row.details.as_ref().unwrap().ticker.clone().unwrap()));
        let Next::Page(cursor) = &page.next else { break };
        page = client.chain_after(cursor).await.unwrap();
        sizes.push(page.rows.len());
    }
    assert_eq!((sizes, page.next, page.malformed), (vec![250, 250, 100], Next::End, 0));
    assert!(tickers.is_sorted() && tickers[0].starts_with("O:SPX990130C"), "{}", tickers[0]);
    let unique: std::collections::BTreeSet<&String> = tickers.iter().collect();
    assert_eq!(unique.len(), 600);
}

#[tokio::test]
async fn a_day_without_contracts_has_one_empty_page() {
    let mock = mock(ChainOptions::default()).await;
    let client = provider(&mock.url(), PATIENCE);
    for (underlying, day) in [("I:SPX", date(2099, 1, 31)), ("NOPE", DAY)] {
        let page = client.chain(underlying, day).await.unwrap();
        assert_eq!((page.rows.len(), page.next), (0, Next::End), "{underlying} {day}");
    }
}

#[tokio::test]
async fn expirations_are_found_one_after_the_other_by_names_without_prefix() {
    let mock = mock(ChainOptions::default()).await;
    let client = provider(&mock.url(), PATIENCE);
    assert_eq!(client.expiration_from("I:SPX", DAY).await.unwrap(), Some(DAY));
    assert_eq!(client.expiration_from("SPY", date(2099, 1, 31)).await.unwrap(), Some(date(2099, 2, 2)));
    assert_eq!(client.expiration_from("NOPE", DAY).await.unwrap(), None);
    mock.fail_chains(Target::Expirations, Fault::NotEntitled, 1);
    assert_eq!(client.expiration_from("SPY", DAY).await.unwrap_err().class(), "not-entitled");
    mock.set_chains(ChainOptions { expirations: 0, ..ChainOptions::default() });
    assert_eq!(client.expiration_from("SPY", DAY).await.unwrap(), None);
}

#[tokio::test]
async fn faults_strike_the_page_that_they_are_for() {
    let mock = mock(ChainOptions { end: End::Away, strikes: 200, ..ChainOptions::default() }).await;
    let client = provider(&mock.url(), PATIENCE);
    mock.fail_chains(Target::Page(1), Fault::Truncated, 1);
    let Next::Page(second) = client.chain("SPY", DAY).await.unwrap().next else { panic!("one page only") };
    assert_eq!(client.chain_after(&second).await.unwrap_err().class(), "bad-body");
    assert_eq!(client.chain_after(&second).await.unwrap().next, Next::Elsewhere);
    assert_eq!(mock.chain_pages(), 3);
}

#[tokio::test]
async fn what_is_no_row_is_counted_and_what_is_no_page_is_an_error() {
    let answer = |body: serde_json::Value| async move {
        let (server, url) = serve(move |_| Reply::json(200, &body)).await;
        let page = provider(&url, PATIENCE).chain("SPY", DAY).await;
        drop(server);
        page
    };
    let page =
        answer(json!({"results": [null, 1, [], {}, {"details": [], "greeks": 5}], "next_url": null})).await.unwrap();
    assert_eq!((page.rows.len(), page.malformed, page.next), (2, 3, Next::End));
    assert!(page.rows[1].details.is_none() && page.rows[1].greeks.is_none());
    for body in [json!({}), json!([]), json!({"results": {}}), json!("text")] {
        assert_eq!(answer(body).await.unwrap_err().class(), "bad-body");
    }
    assert_eq!(answer(json!({"results": [], "next_url": 5})).await.unwrap().next, Next::Elsewhere);
}

#[tokio::test]
async fn the_path_holds_the_underlying_and_the_query_what_is_asked() {
    let (_server, url) = serve(|request| {
        let query = |name: &str| request.query(name).unwrap_or_default().to_owned();
        let asked = format!("{} {} {}", request.path(), query("expiration_date"), query("limit"));
        let bearer = request.header("authorization") == Some("Bearer s3cret-key");
        Reply::json(200, &json!({"results": [{"details": {"ticker": asked, "contract_type": bearer.to_string()}}]}))
    })
    .await;
    let page = provider(&format!("{url}/base"), PATIENCE).chain("I:SPX", DAY).await.unwrap();
    let details = page.rows[0].details.clone().unwrap();
    assert_eq!(details.ticker.as_deref(), Some("/base/v3/snapshot/options/I:SPX 2099-01-30 250"));
    assert_eq!(details.contract_type.as_deref(), Some("true"));
}
