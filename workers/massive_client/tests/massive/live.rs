//! The WebSocket: frames, the newest of many prices, and the client against a mock that greets, refuses, falls silent, evicts
//! and breaks off.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use massive_client::live::event::{Event, parse};
use massive_client::live::{Ended, Feed, FeedOptions, Latest, MAX_MESSAGE, News, Pace, Quote};
use massive_client::mock::live::{MockSocket, Say, SocketOptions};
use proptest::prelude::*;

use super::{PATIENCE, tickers};

/// A moment that the provider could tell.
const NOW_MS: i64 = 1_790_000_000_000;

fn quote(ticker: &str, value: f64, at_ms: i64) -> Quote {
    Quote { ticker: ticker.to_owned(), value, at_ms, open: None, volume: None }
}

/// Short times: a test must not wait out what operators do.
fn pace() -> Pace {
    Pace {
        answer: Duration::from_secs(5),
        ping: Duration::from_millis(50),
        silence: Duration::from_secs(5),
        for_a_person: Duration::from_secs(600),
    }
}

fn options(mock: &MockSocket, pace: Pace) -> FeedOptions {
    FeedOptions {
        url: format!("{}/stocks", mock.url()),
        api_key: "s3cret-key".parse().unwrap(),
        channels: ["A", "AM"].map(str::to_owned).to_vec(),
        tickers: tickers(&["SPY", "QQQ"]),
        pace,
    }
}

/// A mock that says only what it is told.
async fn quiet() -> MockSocket {
    MockSocket::start(SocketOptions { every: None, ..SocketOptions::default() }).await.unwrap()
}

/// Looks again and again until what has happened is enough.
async fn until(feed: &Feed, enough: impl Fn(&Seen) -> bool) -> Seen {
    let start = Instant::now();
    let mut seen = Seen::default();
    loop {
        seen.add(feed.news());
        if enough(&seen) {
            return seen;
        }
        assert!(start.elapsed() < PATIENCE, "still {seen:?}, live: {}", feed.is_live());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn live(feed: &Feed) {
    until(feed, |_| feed.is_live()).await;
}

#[derive(Debug, Default)]
struct Seen {
    quotes: Vec<Quote>,
    ended: Vec<(Ended, Duration)>,
    events: BTreeMap<&'static str, u64>,
}

impl Seen {
    fn add(&mut self, news: News) {
        self.quotes.extend(news.quotes);
        self.ended.extend(news.ended);
        news.events.into_iter().for_each(|(what, count)| *self.events.entry(what).or_default() += count);
    }

    fn count(&self, what: &str) -> u64 {
        self.events.get(what).copied().unwrap_or(0)
    }
}

#[test]
fn each_kind_of_event_is_read_where_its_fields_lie() {
    let frame = r#"[
        {"ev":"V","val":3988.5,"T":"I:SPX","t":1678220098130},
        {"ev":"A","sym":"SPCE","v":200,"av":8642007,"op":25.66,"vw":25.3981,"o":25.39,"c":25.4,"h":25.5,"l":25.3,"a":25.3714,"z":50,"s":1610144868000,"e":1610144869000},
        {"ev":"AM","sym":"I:SPX","op":3985.67,"o":3985.67,"c":3985.67,"h":3985.67,"l":3985.67,"s":1678220675805,"e":1678220675805,"news":{"to":["us"]}},
        {"ev":"T","sym":"MSFT","x":4,"i":"12345","z":3,"p":114.125,"s":100,"c":[0,12],"t":1536036818784,"q":3681328}
    ]"#;
    let read = parse(frame.as_bytes(), NOW_MS);
    let expected = [
        quote("I:SPX", 3988.5, 1_678_220_098_130),
        Quote { open: Some(25.66), volume: Some(8_642_007.0), ..quote("SPCE", 25.4, 1_610_144_869_000) },
        Quote { open: Some(3985.67), ..quote("I:SPX", 3985.67, 1_678_220_675_805) },
        quote("MSFT", 114.125, 1_536_036_818_784),
    ];
    assert_eq!((read.events, read.ignored, read.malformed), (expected.map(Event::Quote).to_vec(), 0, 0));
}

#[test]
fn what_tells_no_price_is_passed_over_and_what_is_broken_is_counted() {
    for (frame, ignored, malformed) in [
        (r#"[{"ev":"LULD","T":"MSFT","h":218.96},{"ev":"Q","sym":"MSFT"},{"ev":"NEW"}]"#, 3, 0),
        (r#"[{"sym":"MSFT"},5,null,{"ev":7}]"#, 0, 4),
        (
            r#"[{"ev":"V","T":"I:SPX"},{"ev":"V","T":"I:SPX","val":0},{"ev":"V","val":5},{"ev":"A","sym":"X","c":"5"}]"#,
            0,
            4,
        ),
        (r#"{"ev":"V","val":3988.5,"T":"I:SPX","t":1678220098130}"#, 0, 1),
        (r#"[{"ev":"V","val"#, 0, 1),
        ("", 0, 1),
    ] {
        let read = parse(frame.as_bytes(), NOW_MS);
        assert_eq!((read.events, read.ignored, read.malformed), (vec![], ignored, malformed), "{frame}");
    }
    // Moments that cannot be: none, zero, seconds, the far future.
    for moment in ["", r#","t":0"#, r#","t":1678220098"#, r#","t":9999999999999"#, r#","t":"now""#] {
        let frame = format!(r#"[{{"ev":"V","T":"I:SPX","val":5{moment}}}]"#);
        assert_eq!(parse(frame.as_bytes(), NOW_MS).events, [Event::Quote(quote("I:SPX", 5.0, NOW_MS))], "{frame}");
    }
}

proptest! {
    #[test]
    fn whatever_a_frame_holds_there_is_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(parse(&bytes, NOW_MS).events, vec![]);
    }

    #[test]
    fn the_newest_wins_whatever_the_order(
        order in Just((0..12_i64).collect::<Vec<_>>()).prop_shuffle(),
        taken_after in 0..12_usize,
    ) {
        let mut latest = Latest::of(&tickers(&["SPY", "QQQ"]));
        let hear = |latest: &mut Latest, number: i64| {
            let ticker = ["SPY", "QQQ"][usize::try_from(number % 2).unwrap()];
            prop_assert!(latest.hear(quote(ticker, 1.0 + f64::from(i32::try_from(number).unwrap()), NOW_MS + number)));
            prop_assert!(!latest.hear(quote("AAPL", 1.0, NOW_MS)));
            Ok(())
        };
        let mut last = BTreeMap::new();
        for (at, number) in order.iter().enumerate() {
            hear(&mut latest, *number)?;
            if at == taken_after {
                for quote in latest.take() {
                    last.insert(quote.ticker, quote.at_ms);
                }
            }
        }
        for quote in latest.take() {
            // What was taken is never followed by something older.
            prop_assert!(last.insert(quote.ticker, quote.at_ms).is_none_or(|before| before < quote.at_ms));
        }
        let newest = BTreeMap::from([("QQQ".to_owned(), NOW_MS + 11), ("SPY".to_owned(), NOW_MS + 10)]);
        prop_assert_eq!(last, newest);
    }
}

#[tokio::test]
async fn it_gets_in_subscribes_and_hears() {
    let mock = MockSocket::start(SocketOptions::default()).await.unwrap();
    let feed = Feed::listen(options(&mock, pace()));
    let seen = until(&feed, |seen| seen.quotes.len() >= 4).await;
    assert!(feed.is_live());
    assert_eq!(mock.subscriptions(), ["stocks A.SPY,A.QQQ"]);
    assert_eq!((seen.count("malformed"), seen.count("unknown"), seen.ended), (0, 0, vec![]));
    assert!(seen.quotes.iter().all(|quote| quote.open.is_some() && quote.volume.is_some()));
    // Dropped, it is gone: nobody hears what is said.
    drop(feed);
    let start = Instant::now();
    while mock.say("stocks", Say::Text("[]".to_owned())) {
        assert!(start.elapsed() < PATIENCE);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn an_unknown_key_is_tried_again_slowly_and_never_shown() {
    let mock =
        MockSocket::start(SocketOptions { api_key: "other".to_owned(), ..SocketOptions::default() }).await.unwrap();
    let feed = Feed::listen(options(&mock, pace()));
    let seen = until(&feed, |seen| !seen.ended.is_empty()).await;
    let (ended, wait) = &seen.ended[0];
    assert_eq!((ended.class(), ended.needs_a_person(), *wait), ("auth-failed", true, pace().for_a_person));
    assert!(!format!("{ended} {feed:?} {:?}", options(&mock, pace())).contains("s3cret"));
}

#[tokio::test]
async fn a_channel_that_the_plan_refuses_gives_way_to_the_next() {
    let denied = |channels: &[&str]| SocketOptions { denied: tickers(channels), ..SocketOptions::default() };
    let mock = MockSocket::start(denied(&["A"])).await.unwrap();
    let feed = Feed::listen(options(&mock, pace()));
    until(&feed, |seen| seen.quotes.len() >= 2).await;
    assert_eq!(mock.subscriptions(), ["stocks A.SPY,A.QQQ", "stocks AM.SPY,AM.QQQ"]);
    let mock = MockSocket::start(denied(&["A", "AM"])).await.unwrap();
    let feed = Feed::listen(options(&mock, pace()));
    let seen = until(&feed, |seen| !seen.ended.is_empty()).await;
    assert_eq!((seen.ended[0].0.class(), seen.ended[0].1), ("not-entitled", pace().for_a_person));
    assert!(!feed.is_live());
}

#[tokio::test]
async fn silence_is_death_and_a_quiet_market_is_not() {
    let mock = quiet().await;
    let pace = Pace { silence: Duration::from_millis(400), ..pace() };
    let feed = Feed::listen(options(&mock, pace));
    live(&feed).await;
    // Twice as long as the limit nothing comes but answers to pings.
    tokio::time::sleep(pace.silence * 2).await;
    assert!(feed.is_live() && feed.news().ended.is_empty() && mock.connections() == 1);
    assert!(mock.say("stocks", Say::Hang));
    let seen = until(&feed, |seen| !seen.ended.is_empty()).await;
    assert_eq!(seen.ended[0].0, Ended::Silent);
    live(&feed).await;
    assert_eq!(mock.connections(), 2);
}

#[tokio::test]
async fn evicted_it_waits_long() {
    let mock = quiet().await;
    let feed = Feed::listen(options(&mock, pace()));
    live(&feed).await;
    let other = Feed::listen(options(&mock, pace()));
    let seen = until(&feed, |seen| !seen.ended.is_empty()).await;
    assert_eq!(seen.ended, [(Ended::Evicted, pace().for_a_person)]);
    live(&other).await;
    assert_eq!((feed.is_live(), mock.connections()), (false, 2));
}

#[tokio::test]
async fn closed_cut_off_or_sent_too_much_it_comes_back() {
    let mock = quiet().await;
    let feed = Feed::listen(options(&mock, pace()));
    let huge = format!("[\"{}\"]", "x".repeat(MAX_MESSAGE));
    let dismissal = r#"[{"ev":"status","status":"slow_consumer","message":"too slow"}]"#;
    for (order, class) in [
        (Say::Close, "closed"),
        (Say::Half, "broken"),
        (Say::Text(huge), "too-large"),
        (Say::Text(dismissal.to_owned()), "dismissed"),
    ] {
        live(&feed).await;
        assert!(mock.say("stocks", order));
        let seen = until(&feed, |seen| !seen.ended.is_empty()).await;
        let (ended, wait) = &seen.ended[0];
        assert!(
            ended.class() == class && !ended.needs_a_person() && *wait < Duration::from_secs(5),
            "{ended:?} {wait:?}"
        );
    }
    live(&feed).await;
    assert_eq!(mock.connections(), 5);
}

#[tokio::test]
async fn garbage_is_counted_and_the_next_frame_is_heard() {
    let mock = quiet().await;
    let feed = Feed::listen(options(&mock, pace()));
    live(&feed).await;
    for text in ["half of [", r#"[{"ev":"A","sym":"SPY"}]"#, r#"[{"ev":"A","sym":"AAPL","c":5,"e":1790000000000}]"#] {
        assert!(mock.say("stocks", Say::Text(text.to_owned())));
    }
    assert!(mock.say("stocks", Say::Text(r#"[{"ev":"FMV"},{"ev":"T","sym":"SPY","p":5.5}]"#.to_owned())));
    let seen = until(&feed, |seen| !seen.quotes.is_empty()).await;
    assert_eq!((seen.quotes[0].ticker.as_str(), seen.quotes[0].value), ("SPY", 5.5));
    let counts = ["malformed", "unknown", "ignored", "price"].map(|what| seen.count(what));
    assert_eq!((counts, seen.ended), ([2, 1, 1, 1], vec![]));
}

#[tokio::test]
async fn nobody_at_home_is_tried_again_with_growing_waits() {
    let mock = quiet().await;
    let options = options(&mock, pace());
    drop(mock);
    let feed = Feed::listen(options);
    let seen = until(&feed, |seen| seen.ended.len() >= 2).await;
    assert!(seen.ended.iter().all(|(ended, _)| ended.class() == "connect"), "{:?}", seen.ended);
    assert!(seen.ended[1].1 > Duration::from_millis(240) && seen.ended[1].1 <= Duration::from_millis(500));
}
