//! The metrics of the worker: one table, which `/metrics` and the docs of operators follow.

use chassis::health::Metric;

/// Entries replayed.
pub const REPLAYED: &str = "replay_worker_entries_replayed_total";
/// Entries that are no prices.
pub const REFUSED: &str = "replay_worker_entries_refused_total";
/// Entries that were trimmed while they were held.
pub const GONE: &str = "replay_worker_entries_gone_total";
/// Entries taken over.
pub const CLAIMED: &str = "replay_worker_entries_claimed_total";
/// Failures of the bus that is read.
pub const SOURCE: &str = "replay_worker_source_failures_total";
/// Failures of the bus or file that is written.
pub const TARGET: &str = "replay_worker_target_failures_total";
/// How late the last entry went out.
pub const LATE_SECONDS: &str = "replay_worker_late_seconds";

/// All of them.
pub static METRICS: &[Metric] = &[
    Metric::counter(REPLAYED, "Entries that the other bus or the file has."),
    Metric::counter(REFUSED, "Entries that are no spot prices, and were left out."),
    Metric::counter(GONE, "Entries that were trimmed from the stream while they were held."),
    Metric::counter(CLAIMED, "Entries taken over from workers that gave no sign of life."),
    Metric::counter(SOURCE, "Reads and acknowledgements that failed, by kind.").by("kind"),
    Metric::counter(TARGET, "Writes to the other bus or the file that failed."),
    Metric::gauge(LATE_SECONDS, "Seconds after it was due that the last entry went out."),
];
