//! Faults a mock can be told to have, and the queue of those still to come. A fault turns a good body into a bad answer.

use std::collections::VecDeque;
use std::str::FromStr;

use anyhow::Context as _;
use serde_json::{Value, json};

use super::http::{Delivery, Reply};

/// One way for a snapshot to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// 403: the plan does not include it.
    NotEntitled,
    /// 429 with `Retry-After: 7`.
    RateLimited,
    /// The rate limit's words under status 200, as has been seen.
    RateLimitedAs200,
    /// 500 with a page for people.
    ServerError,
    /// No answer, for as long as the client waits.
    Slow,
    /// Half of the body, then the connection closes.
    Truncated,
    /// The connection closes without an answer.
    HangUp,
    /// 200 with a page for people, as a captive portal sends.
    Html,
    /// 200 with nine megabytes.
    Huge,
}

impl Fault {
    /// All faults.
    pub const ALL: [Self; 9] = [
        Self::NotEntitled,
        Self::RateLimited,
        Self::RateLimitedAs200,
        Self::ServerError,
        Self::Slow,
        Self::Truncated,
        Self::HangUp,
        Self::Html,
        Self::Huge,
    ];

    /// The name for command lines and queries.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotEntitled => "403",
            Self::RateLimited => "429",
            Self::RateLimitedAs200 => "429-as-200",
            Self::ServerError => "500",
            Self::Slow => "slow",
            Self::Truncated => "truncated",
            Self::HangUp => "hang-up",
            Self::Html => "html",
            Self::Huge => "huge",
        }
    }

    /// The bad answer in the place of a good one with `body`.
    pub(super) fn reply(self, body: &Value) -> Reply {
        const PAGE: &str = "<!DOCTYPE html><html><body>Something else answers here.</body></html>";
        const TOO_MANY: &str = "You've exceeded the maximum requests per minute, please wait or upgrade your \
                                subscription to continue. https://massive.com/pricing";
        let too_many = json!({"status": "ERROR", "request_id": "mock", "error": TOO_MANY});
        match self {
            Self::NotEntitled => Reply::json(
                403,
                &json!({
                    "status": "NOT_AUTHORIZED", "request_id": "mock",
                    "message": "You are not entitled to this data. Please upgrade your plan at https://massive.com/pricing",
                }),
            ),
            Self::RateLimited => Reply::json(429, &too_many).header("Retry-After", "7"),
            Self::RateLimitedAs200 => Reply::json(200, &too_many),
            Self::ServerError => Reply::html(500, PAGE),
            Self::Slow => Reply::json(200, body).deliver(Delivery::Never),
            Self::Truncated => Reply::json(200, body).deliver(Delivery::Half),
            Self::HangUp => Reply::json(200, body).deliver(Delivery::HangUp),
            Self::Html => Reply::html(200, PAGE),
            Self::Huge => Reply::json(200, &json!({"status": "OK", "results": [], "padding": "x".repeat(9 << 20)})),
        }
    }
}

impl FromStr for Fault {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|fault| fault.name() == text)
            .with_context(|| format!("no fault is called {text:?}; there are {}", Self::ALL.map(Self::name).join(", ")))
    }
}

/// Faults still to come, first in, first out.
#[derive(Debug, Default)]
pub(super) struct Faults(VecDeque<(Fault, u32)>);

impl Faults {
    pub(super) fn push(&mut self, fault: Fault, times: u32) {
        self.0.push_back((fault, times));
    }

    /// The fault of this request, if any.
    pub(super) fn take(&mut self) -> Option<Fault> {
        while let Some((fault, times)) = self.0.front_mut() {
            if let Some(left) = times.checked_sub(1) {
                *times = left;
                return Some(*fault);
            }
            self.0.pop_front();
        }
        None
    }
}

impl From<Vec<(Fault, u32)>> for Faults {
    fn from(faults: Vec<(Fault, u32)>) -> Self {
        Self(faults.into())
    }
}
