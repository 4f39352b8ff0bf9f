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
/// Feeds of the WebSocket that are listened to now.
pub const LIVE: &str = "spot_worker_feeds_live";
/// Leases held.
pub const LEASES: &str = "spot_worker_leases_held";
/// Events of the WebSocket.
pub const EVENTS: &str = "spot_worker_socket_events_total";
/// Connections to the WebSocket that ended.
pub const ENDS: &str = "spot_worker_socket_ends_total";

/// All of them.
pub static METRICS: &[Metric] = &[
    Metric::counter(TICKS, "Ticks begun."),
    Metric::counter(SKIPPED, "Ticks left out because the one before took longer than the interval."),
    Metric::gauge(TICK_SECONDS, "Seconds that the last tick took, from the request to the answer of the bus."),
    Metric::counter(PUBLISHED, "Prices that the bus confirmed."),
    Metric::counter(LOST, "Prices whose message and stream entry the bus may lack."),
    Metric::counter(INVALID, "Prices that break their contract and were not published."),
    Metric::counter(PROVIDER, "Requests to the provider that failed, by class.").by("class"),
    Metric::counter(BUS, "Batches that the bus did not confirm, by kind.").by("kind"),
    Metric::gauge(RECONNECTS, "Connections to the bus that were lost since the start."),
    Metric::gauge(LIVE, "Feeds whose prices come by the WebSocket now; those of the others come by snapshots."),
    Metric::gauge(LEASES, "Leases on feeds of the WebSocket that this worker holds."),
    Metric::counter(EVENTS, "Events of the WebSocket, by what became of them.").by("event"),
    Metric::counter(ENDS, "Connections to the WebSocket that ended or failed, by reason.").by("reason"),
];
