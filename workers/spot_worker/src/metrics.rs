//! The metrics of the worker: one table, which `/metrics` and the docs of operators follow.

use chassis::health::Metric;

/// Ticks begun.
pub const TICKS: &str = "spot_worker_ticks_total";
/// Ticks left out.
pub const SKIPPED: &str = "spot_worker_ticks_skipped_total";
/// Time of the last tick.
pub const TICK_SECONDS: &str = "spot_worker_tick_seconds";
/// Prices that the bus confirmed.
pub const PUBLISHED: &str = "spot_worker_prices_published_total";
/// Prices that the bus may lack.
pub const LOST: &str = "spot_worker_prices_lost_total";
/// Prices that break their contract.
pub const INVALID: &str = "spot_worker_prices_invalid_total";
/// Failures of the provider.
pub const PROVIDER: &str = "spot_worker_provider_failures_total";
/// Failures of the bus.
pub const BUS: &str = "spot_worker_bus_failures_total";
/// Connections lost.
pub const RECONNECTS: &str = "spot_worker_bus_connections_lost";

/// All of them.
pub static METRICS: &[Metric] = &[
    counter(TICKS, "Ticks begun."),
    counter(SKIPPED, "Ticks left out because the one before took longer than the interval."),
    gauge(TICK_SECONDS, "Seconds that the last tick took, from the request to the answer of the bus."),
    counter(PUBLISHED, "Prices that the bus confirmed."),
    counter(LOST, "Prices whose message and stream entry the bus may lack."),
    counter(INVALID, "Prices that break their contract and were not published."),
    Metric { label: Some("class"), ..counter(PROVIDER, "Requests to the provider that failed, by class.") },
    Metric { label: Some("kind"), ..counter(BUS, "Batches that the bus did not confirm, by kind.") },
    gauge(RECONNECTS, "Connections to the bus that were lost since the start."),
];

const fn counter(name: &'static str, help: &'static str) -> Metric {
    Metric { name, help, counter: true, label: None }
}

const fn gauge(name: &'static str, help: &'static str) -> Metric {
    Metric { name, help, counter: false, label: None }
}
