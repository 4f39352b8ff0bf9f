//! What operators see of a worker, without a worker.

use std::time::Duration;

use chassis::health::{Board, Metric};

static METRICS: &[Metric] = &[
    Metric { name: "turns_total", help: "Turns.", counter: true, label: None },
    Metric { name: "failures_total", help: "Failures, by kind.", counter: true, label: Some("kind") },
    Metric { name: "depth", help: "Depth now.", counter: false, label: None },
];

/// Long enough never to pass in a test.
const LONG: Duration = Duration::from_secs(3600);

#[test]
fn a_worker_is_ready_while_the_bus_has_what_it_publishes() {
    let board = Board::new(METRICS, LONG);
    let status = || ["/healthz", "/readyz"].map(|path| board.answer(path).0);
    assert_eq!(status(), [200, 503], "nothing was published yet");
    board.ready(true);
    assert_eq!(status(), [200, 200]);
    board.ready(false);
    assert_eq!(status(), [200, 503]);
    assert_eq!(board.answer("/").0, 404);
}

#[test]
fn a_worker_that_does_not_turn_is_neither_healthy_nor_ready() {
    let board = Board::new(METRICS, Duration::ZERO);
    board.ready(true);
    assert_eq!(["/healthz", "/readyz"].map(|path| board.answer(path).0), [503, 503]);
}

#[test]
fn metrics_are_a_page_of_their_table() {
    let board = Board::new(METRICS, LONG);
    board.add("turns_total", "", 2.0);
    board.add("turns_total", "", 1.0);
    board.add("failures_total", "timeout", 1.0);
    board.clone().add("failures_total", "lost", 1.0);
    board.set("depth", 4.5);
    board.set("depth", 0.25);
    let page = "# HELP turns_total Turns.\n# TYPE turns_total counter\nturns_total 3\n\
        # HELP failures_total Failures, by kind.\n# TYPE failures_total counter\n\
        failures_total{kind=\"lost\"} 1\nfailures_total{kind=\"timeout\"} 1\n\
        # HELP depth Depth now.\n# TYPE depth gauge\ndepth 0.25\n";
    assert_eq!(board.answer("/metrics"), (200, page.to_owned()));
}
