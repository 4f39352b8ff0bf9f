//! What a verdict on traffic rests on, in numbers.

use serde::Serialize;

use crate::check::traffic::Counts;
use crate::finding::format_moment;

/// What a verdict on traffic rests on.
#[derive(Debug, Clone, Serialize)]
pub struct Evidence {
    /// Name of the bus.
    pub bus: String,
    /// Where the traffic comes from, without credentials.
    pub source: String,
    /// Flavour and version of the server, where it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// Calls that were overheard.
    pub calls: u64,
    /// Calls on keys and channels by parties whose verdict this is.
    pub calls_judged: u64,
    /// Calls on keys and channels by clients that are nobody of the registry.
    pub calls_unattributed: u64,
    /// Calls to other databases, which are not the bus.
    pub calls_elsewhere: u64,
    /// Calls that were answered with an error, as far as that is known.
    pub calls_failed: u64,
    /// Calls that are known to be missing.
    pub calls_missed: u64,
    /// Calls of scripts whose effect the origin does not show.
    pub scripts_unseen: u64,
    /// Calls with names or values that were too long to be judged.
    pub unread: u64,
    /// First and last call, RFC 3339 in UTC.
    pub from: Option<String>,
    /// See `from`.
    pub to: Option<String>,
    /// Seconds between them.
    pub seconds: f64,
    /// Why calls are missing, and what else the origin had to say.
    pub notes: Vec<String>,
}

impl Evidence {
    /// What was counted of a bus.
    #[must_use]
    pub fn new(bus: String, source: String, counts: Counts) -> Self {
        let moment = |us: fn(&crate::finding::Moments) -> u64| counts.moments.as_ref().map(us);
        let (first, last) = (moment(|m| m.first_us), moment(|m| m.last_us));
        let span_ms = last.unwrap_or(0).saturating_sub(first.unwrap_or(0)) / 1000;
        #[allow(clippy::cast_precision_loss, reason = "milliseconds of any run are far below 2^53")]
        let seconds = span_ms as f64 / 1000.0;
        Self {
            bus,
            source,
            server: None,
            calls: counts.calls,
            calls_judged: counts.judged,
            calls_unattributed: counts.unattributed,
            calls_elsewhere: counts.elsewhere,
            calls_failed: counts.failed,
            calls_missed: counts.missed,
            scripts_unseen: counts.scripts,
            unread: counts.unread,
            from: first.map(format_moment),
            to: last.map(format_moment),
            seconds,
            notes: counts.gaps,
        }
    }

    /// Calls on which the verdict rests.
    #[must_use]
    pub fn weight(&self, attributed_only: bool) -> u64 {
        self.calls_judged + if attributed_only { 0 } else { self.calls_unattributed }
    }
}
