//! The metrics of the worker: one table, which `/metrics` and the docs of operators follow.

use chassis::health::Metric;

/// Runs begun.
pub const RUNS: &str = "chain_worker_runs_total";
/// Runs left out.
pub const SKIPPED: &str = "chain_worker_runs_skipped_total";
/// Time of the last run.
pub const RUN_SECONDS: &str = "chain_worker_run_seconds";
/// Snapshots that the bus confirmed.
pub const SNAPSHOTS: &str = "chain_worker_snapshots_published_total";
/// Contracts in them.
pub const CONTRACTS: &str = "chain_worker_contracts_published_total";
/// Snapshots that are a part of the chain only.
pub const PARTIAL: &str = "chain_worker_snapshots_partial_total";
/// Chains that break their contract.
pub const INVALID: &str = "chain_worker_snapshots_invalid_total";
/// Rows that are no contracts.
pub const ODD: &str = "chain_worker_rows_odd_total";
/// Failures of the provider.
pub const PROVIDER: &str = "chain_worker_provider_failures_total";
/// Failures of the bus.
pub const BUS: &str = "chain_worker_bus_failures_total";
/// Connections lost.
pub const RECONNECTS: &str = "chain_worker_bus_connections_lost";

/// All of them.
pub static METRICS: &[Metric] = &[
    Metric::counter(RUNS, "Runs begun."),
    Metric::counter(SKIPPED, "Runs left out because the one before took longer than the interval."),
    Metric::gauge(RUN_SECONDS, "Seconds that the last run took, from the first request to the last answer of the bus."),
    Metric::counter(SNAPSHOTS, "Snapshots that the bus confirmed."),
    Metric::counter(CONTRACTS, "Contracts in snapshots that the bus confirmed."),
    Metric::counter(PARTIAL, "Snapshots that are a part of the chain only."),
    Metric::counter(INVALID, "Snapshots that break their contract and were not published."),
    Metric::counter(ODD, "Rows of the provider that are no contracts of the chain that was asked for."),
    Metric::counter(PROVIDER, "Chains and lists that the provider failed to give, by class.").by("class"),
    Metric::counter(BUS, "Batches that the bus did not confirm, by kind.").by("kind"),
    Metric::gauge(RECONNECTS, "Connections to the bus that were lost since the start."),
];
