//! Every file of `fixtures/snapshots` and `fixtures/errors` is a test: drop one in. Their values are invented.
//! A snapshot names the configured lists, the body of the answer and the outcomes; an error names status, headers, body
//! and the class expected.

use std::fs;
use std::path::{Path, PathBuf};

use massive_client::mock::http::Reply;
use serde::Deserialize;
use serde_json::{Value, json};
use spot_worker::symbols::Watchlist;
use spot_worker::unify::unify;

use super::{PATIENCE, provider, serve, tickers};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SnapshotCase {
    about: String,
    indices: Vec<String>,
    stocks: Vec<String>,
    received_ms: i64,
    body: Value,
    expected: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ErrorCase {
    about: String,
    status: u16,
    #[serde(default)]
    headers: Vec<(String, String)>,
    body: Value,
    class: String,
    says: String,
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(folder);
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "no fixtures in {}", folder.display());
    files
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> T {
    serde_json::from_str(&fs::read_to_string(path).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// One outcome for each row: a price, or the symbol with the reason why there is none.
fn outcome(row: &massive_client::provider::Row, list: &Watchlist, received_ms: i64) -> Value {
    let ticker = row.ticker.as_deref().unwrap_or_default();
    let Some(symbol) = list.find(ticker) else {
        return json!({"unknown": ticker});
    };
    match unify(row, symbol, received_ms) {
        Ok(price) => serde_json::to_value(price).unwrap(),
        Err(reason) => json!({"symbol": symbol.name, "no_price": reason.to_string()}),
    }
}

#[tokio::test]
async fn snapshots_become_the_expected_prices() {
    for path in files("snapshots") {
        let case: SnapshotCase = read(&path);
        let list = Watchlist::new(&case.indices, &case.stocks).unwrap();
        let reply = Reply::json(200, &case.body);
        let (_server, url) = serve(move |_| reply.clone()).await;
        let snapshot = provider(&url, PATIENCE).snapshot(&list.tickers()).await.unwrap();
        let outcomes: Vec<_> = snapshot.rows.iter().map(|row| outcome(row, &list, case.received_ms)).collect();
        assert_eq!(outcomes, case.expected, "{}: {}", path.display(), case.about);
    }
}

#[tokio::test]
async fn error_answers_fall_into_the_expected_class() {
    for path in files("errors") {
        let case: ErrorCase = read(&path);
        let mut reply = match &case.body {
            Value::String(text) => Reply::new(case.status, "text/plain", text.clone().into_bytes()),
            body => Reply::json(case.status, body),
        };
        for (name, value) in &case.headers {
            reply = reply.header(name, value);
        }
        let (_server, url) = serve(move |_| reply.clone()).await;
        let error = provider(&url, PATIENCE).snapshot(&tickers(&["SPY"])).await.unwrap_err();
        assert_eq!(error.class(), case.class, "{}: {}: {error}", path.display(), case.about);
        assert!(error.to_string().contains(&case.says), "{}: {error}", path.display());
    }
}
