//! The vendor's published samples, where they lie beside the workspace: they are not ours to keep in the tree.
//! Looked for in `shared/massive-api` next to the workspace, or in the folder that MASSIVE_API_SAMPLES names.

use std::path::{Path, PathBuf};

use massive_client::mock::http::Reply;
use serde_json::Value;
use spot_worker::symbols::Watchlist;
use spot_worker::unify::unify;

use super::{PATIENCE, provider, serve};

fn samples() -> Option<PathBuf> {
    let folder = match std::env::var_os("MASSIVE_API_SAMPLES") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/massive-api"),
    };
    folder.join("API.md").exists().then_some(folder)
}

#[allow(clippy::print_stderr, reason = "a skipped test should say so")]
fn skipped() {
    eprintln!("skipped: no samples of the vendor beside the workspace");
}

async fn answer_with(path: &Path, status: u16, list: &Watchlist) -> Result<Vec<f64>, &'static str> {
    let body = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let reply = Reply::new(status, "application/json", body);
    let (_server, url) = serve(move |_| reply.clone()).await;
    let snapshot = provider(&url, PATIENCE).snapshot(&list.tickers()).await.map_err(|error| error.class())?;
    assert_eq!(snapshot.malformed, 0, "{}", path.display());
    let priced = |row: &massive_client::provider::Row| {
        let symbol = list.find(row.ticker.as_deref()?)?;
        unify(row, symbol, snapshot.received_ms).ok().map(|price| price.value)
    };
    Ok(snapshot.rows.iter().filter_map(priced).collect())
}

#[tokio::test]
async fn the_vendors_samples_yield_prices_and_classes() {
    let Some(folder) = samples() else {
        return skipped();
    };
    let list = Watchlist::new(&["SPX", "DJI", "APx", "APy"].map(str::to_owned), &["AAPL".to_owned()]).unwrap();
    let mut snapshots = 0;
    for kind in ["rest", "rest-spec-examples", "rest-spec-examples-2026-04"] {
        for name in ["v3_snapshot_universal.json", "v3_snapshot_indices.json"] {
            let path = folder.join(kind).join(name);
            if path.exists() {
                let prices = answer_with(&path, 200, &list).await.unwrap();
                assert_eq!(prices.len(), 1, "{}: {prices:?}", path.display());
                snapshots += 1;
            }
        }
    }
    assert!(snapshots >= 2, "only {snapshots} samples of snapshots");
    let errors = [
        ("rest_401_no_key", 401, "unauthorized"),
        ("rest_401_no_key", 400, "unauthorized"),
        ("rest_401_unknown_key", 401, "unauthorized"),
        ("rest_403_not_authorized", 403, "not-entitled"),
        ("rest_403_not_authorized", 200, "not-entitled"),
        ("rest_429_rate_limited", 429, "rate-limited"),
        ("rest_429_rate_limited", 200, "rate-limited"),
    ];
    for (name, status, class) in errors {
        let path = folder.join("errors").join(format!("{name}.json"));
        assert_eq!(answer_with(&path, status, &list).await, Err(class), "{name} under {status}");
    }
    let rows: Value =
        serde_json::from_slice(&std::fs::read(folder.join("errors/per_ticker_errors.json")).unwrap()).unwrap();
    let reply = Reply::json(200, &serde_json::json!({ "results": rows }));
    let (_server, url) = serve(move |_| reply.clone()).await;
    let snapshot = provider(&url, PATIENCE).snapshot(&list.tickers()).await.unwrap();
    assert!(snapshot.rows.len() == 2 && snapshot.rows.iter().all(|row| row.error.is_some()));
}

#[test]
fn the_vendors_frames_of_the_websocket_are_read() {
    use massive_client::live::event::{Event, parse};
    let Some(folder) = samples() else {
        return skipped();
    };
    let read = |text: &[u8]| parse(text, 1_790_000_000_000);
    let mut quotes = 0;
    for entry in std::fs::read_dir(folder.join("ws-spec-examples")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let frame = read(&std::fs::read(&path).unwrap());
        let told = name.ends_with("_A") || name.ends_with("_AM") || name.ends_with("_T") || name.ends_with("_V");
        let expected = if told { (1, 0, 0) } else { (0, 1, 0) };
        assert_eq!((frame.events.len(), frame.ignored, frame.malformed), expected, "{name}");
        quotes += usize::from(told);
    }
    assert!(quotes >= 6, "only {quotes} samples of prices");
    let statuses: Value =
        serde_json::from_slice(&std::fs::read(folder.join("ws_status_messages.json")).unwrap()).unwrap();
    for (name, frame) in statuses.as_object().unwrap().iter().filter(|(name, _)| !name.starts_with('_')) {
        let frame = read(frame.to_string().as_bytes());
        assert!(matches!(frame.events[..], [Event::Status(_)]) && frame.malformed == 0, "{name}");
    }
}
