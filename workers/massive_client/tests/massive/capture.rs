//! What is captured plays back the same, within its limit of disk, at any speed.

use std::time::Duration;

use massive_client::capture::{Capture, files};
use massive_client::mock::{MockOptions, MockProvider};
use massive_client::playback::Playback;
use massive_client::provider::{Row, Snapshot};
use tokio::time::Instant;

use super::{PATIENCE, provider, tickers};

/// Everything that a playback holds, an answer a question.
fn play_all(playback: &mut Playback) -> Vec<Snapshot> {
    let now = Instant::now();
    std::iter::from_fn(|| playback.due(now).unwrap()).collect()
}

#[tokio::test]
async fn answers_play_back_as_they_came() {
    let folder = tempfile::tempdir().unwrap();
    let mock = MockProvider::start(MockOptions { odd_percent: 50, ..MockOptions::default() }).await.unwrap();
    let provider = provider(&mock.url(), PATIENCE).captured(Capture::start(folder.path(), 1_000_000).unwrap());
    let mut came: Vec<Vec<Row>> = Vec::new();
    for _ in 0..10 {
        came.push(provider.snapshot(&tickers(&["SPY", "I:SPX", "NOPE"])).await.unwrap().rows);
    }
    drop(provider);
    let played = play_all(&mut Playback::open(folder.path(), 0.0).unwrap());
    assert_eq!(played.iter().map(|snapshot| snapshot.rows.clone()).collect::<Vec<_>>(), came);
    assert!(played.iter().all(|snapshot| snapshot.received_ms > 0));
    assert!(!std::fs::read_to_string(&files(folder.path()).unwrap()[0].1).unwrap().contains("s3cret"));
}

#[test]
fn the_oldest_files_go_first_and_a_new_start_goes_on_behind_them() {
    let folder = tempfile::tempdir().unwrap();
    let body = format!("{{\"results\":\n[], \"padding\": \"{}\"}}", "x".repeat(900));
    for start in 0..3 {
        let capture = Capture::start(folder.path(), 20_000).unwrap();
        for number in 0..30 {
            // The disk may be slower than this loop: what is left out is counted, and not more than that is missing.
            capture.take(start * 100 + number, body.as_bytes());
        }
        assert!(capture.left_out() < 30);
    }
    let size: u64 = files(folder.path()).unwrap().iter().map(|(_, path)| path.metadata().unwrap().len()).sum();
    assert!((1..=20_000).contains(&size), "{size} bytes");
    assert!(files(folder.path()).unwrap().len() <= 4);
    let played = play_all(&mut Playback::open(folder.path(), 0.0).unwrap());
    let times: Vec<i64> = played.iter().map(|snapshot| snapshot.received_ms).collect();
    assert!(times.is_sorted() && *times.last().unwrap() >= 200, "{times:?}");
}

#[test]
fn the_pace_is_that_of_the_capture_times_the_speed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("of-my-own.jsonl");
    let line = |at_ms: i64, ticker: &str| {
        format!("{{\"at_ms\":{at_ms},\"body\":{{\"results\":[{{\"ticker\":\"{ticker}\"}}]}}}}\n")
    };
    let text = line(5_000, "A") + "no line of ours\n" + &line(6_000, "B") + &line(7_000, "C") + &line(19_000, "D");
    std::fs::write(&path, text).unwrap();
    let mut playback = Playback::open(&path, 10.0).unwrap();
    let start = Instant::now();
    let mut at = |millis| {
        let snapshot = playback.due(start + Duration::from_millis(millis)).unwrap()?;
        Some(snapshot.rows.iter().map(|row| row.ticker.clone().unwrap()).collect::<String>())
    };
    assert_eq!(at(0).as_deref(), Some("A"));
    assert_eq!(at(99).as_deref(), Some(""));
    assert_eq!(at(200).as_deref(), Some("BC"));
    assert_eq!(at(1399).as_deref(), Some(""));
    assert_eq!(at(1400).as_deref(), Some("D"));
    assert_eq!(at(1500), None);
    assert_eq!(playback.skipped(), 1);
    for speed in [-1.0, f64::NAN] {
        assert!(Playback::open(&path, speed).is_err());
    }
    assert!(format!("{:#}", Playback::open(folder.path(), 1.0).unwrap_err()).contains("spot-NUMBER.jsonl"));
}
