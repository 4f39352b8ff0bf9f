//! What is dropped when nobody takes it, and how that is told.

use std::sync::Arc;

use super::*;
use crate::observe::traffic::{Client, Outcome, Within};

fn call(at_us: u64, size: usize, name: Option<&str>) -> Call {
    let client = Arc::new(Client { name: name.map(str::to_owned), ..Client::default() });
    let words = vec![vec![b'x'; size]];
    let (within, outcome) = (Within::Nothing, Outcome::Unknown);
    Call { at_us, client, connection: 1, database: 0, words, cut: Vec::new(), within, outcome }
}

/// Events as `call` times and reasons for gaps.
fn shown(events: Vec<Event>) -> Vec<String> {
    let one = |event| match event {
        Event::Call(call) => call.at_us.to_string(),
        Event::Gap(gap) => format!("{} {:?}: {}", gap.at_us, gap.calls, gap.why),
        Event::Failures(_) => "failures".to_owned(),
    };
    events.into_iter().map(one).collect()
}

fn received(from: &mut mpsc::Receiver<Vec<Event>>) -> Vec<String> {
    let mut all = Vec::new();
    while let Ok(events) = from.try_recv() {
        all.extend(shown(events));
    }
    all
}

#[test]
fn calls_without_room_are_counted_and_the_gap_is_where_they_were() {
    let (sender, mut receiver) = mpsc::channel(1);
    let mut outbox = Outbox::new(sender, None);
    outbox.call(call(1, 1, None));
    assert!(outbox.send(usize::MAX));
    outbox.call(call(2, WEIGHT_LIMIT, None));
    assert!(!outbox.send(usize::MAX), "the channel is full");
    for at_us in 3..10 {
        outbox.call(call(at_us, 1, None));
    }
    outbox.gap(Gap { at_us: 10, calls: None, why: "lost".to_owned() });
    assert!(outbox.weight < WEIGHT_LIMIT + 1000 && outbox.is_heavy());
    assert_eq!(received(&mut receiver), ["1"]);
    assert!(outbox.send(usize::MAX));
    outbox.call(call(11, 1, None));
    let why = "3 Some(7): 7 calls were not judged: keywire was slower than the traffic";
    assert_eq!(received(&mut receiver), ["2", why, "10 None: lost"]);
    assert!(outbox.send(usize::MAX));
    assert_eq!(received(&mut receiver), ["11"]);
    assert_eq!((outbox.calls, outbox.dropped, outbox.weight), (3, 7, 0));
}

#[test]
fn a_part_may_go_while_the_rest_waits() {
    let (sender, mut receiver) = mpsc::channel(9);
    let mut outbox = Outbox::new(sender, None);
    (1..=3).for_each(|at_us| outbox.call(call(at_us, 1, None)));
    outbox.call(call(4, 1, Some("keywire")));
    assert_eq!(outbox.len(), 3);
    assert!(outbox.send(2));
    assert_eq!(received(&mut receiver), ["1", "2"]);
    assert_eq!(outbox.weight, weight(&call(3, 1, None)));
    assert!(outbox.send(0));
    assert!(received(&mut receiver).is_empty());
    drop(receiver);
    assert!(!outbox.send(usize::MAX) && outbox.is_closed);
}

#[test]
fn no_more_calls_go_out_than_are_wanted() {
    let (sender, mut receiver) = mpsc::channel(9);
    let mut outbox = Outbox::new(sender, Some(3));
    (1..=2).for_each(|at_us| outbox.call(call(at_us, 1, None)));
    assert!(outbox.send(usize::MAX) && !outbox.is_done());
    (3..=5).for_each(|at_us| outbox.call(call(at_us, 1, None)));
    assert!(outbox.send(usize::MAX) && outbox.is_done());
    outbox.call(call(6, 1, None));
    let end = outbox.finish(Some(Event::Failures(Vec::new())));
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(end);
    assert_eq!(received(&mut receiver), ["1", "2", "3", "failures"]);
    assert_eq!(outbox.calls, 3);
}
