//! One frame of the provider's WebSocket -> its events. Pure; whatever the frame holds, there is an answer: events of other
//! kinds and unknown fields are passed over, and what cannot be used is counted.

use serde_json::Value;

use crate::time::plausible_ns;

/// Moments later than this after they were received are a mistake: one of them would hide all that follow.
const AHEAD_MS: i64 = 60_000;

/// A price as an event tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    /// The ticker as the provider names it: `I:SPX`, `SPY`.
    pub ticker: String,
    /// The price, or the index's value; above zero.
    pub value: f64,
    /// Its moment in milliseconds since 1970; when it was received, if the event tells none that can be.
    pub at_ms: i64,
    /// First price of the session (stocks; of aggregates alone).
    pub open: Option<f64>,
    /// Shares traded in the session (stocks; of aggregates alone).
    pub volume: Option<f64>,
}

/// A status event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// The provider's word: `connected`, `auth_success`, `max_connections`.
    pub word: String,
    /// What it says besides, shortened and without control characters.
    pub said: String,
}

/// An event that can be used.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Of the connection.
    Status(Status),
    /// Of a ticker.
    Quote(Quote),
}

/// What a frame holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Frame {
    /// Its events, in order.
    pub events: Vec<Event>,
    /// Events of kinds that tell no price.
    pub ignored: u64,
    /// Events, or the whole frame, that are not of the documented form.
    pub malformed: u64,
}

/// Reads a frame that was received at `received_ms`.
#[must_use]
pub fn parse(frame: &[u8], received_ms: i64) -> Frame {
    let mut read = Frame::default();
    let Ok(Value::Array(events)) = serde_json::from_slice(frame) else {
        read.malformed = 1;
        return read;
    };
    for event in &events {
        match event.get("ev").and_then(Value::as_str) {
            Some("status") => match status(event) {
                Some(status) => read.events.push(Event::Status(status)),
                None => read.malformed += 1,
            },
            Some(kind @ ("V" | "T" | "A" | "AM")) => match quote(kind, event, received_ms) {
                Some(quote) => read.events.push(Event::Quote(quote)),
                None => read.malformed += 1,
            },
            Some(_) => read.ignored += 1,
            None => read.malformed += 1,
        }
    }
    read
}

fn status(event: &Value) -> Option<Status> {
    let said = event.get("message").and_then(Value::as_str).unwrap_or_default();
    let said = said.chars().filter(|c| !c.is_control()).take(200).collect();
    Some(Status { word: event.get("status")?.as_str()?.to_owned(), said })
}

fn quote(kind: &str, event: &Value, received_ms: i64) -> Option<Quote> {
    // Index values alone name their ticker T; trades have their price under p, aggregates under c and their end under e.
    let (ticker, value, moment) = match kind {
        "V" => ("T", "val", "t"),
        "T" => ("sym", "p", "t"),
        _ => ("sym", "c", "e"),
    };
    let number = |name: &str| event.get(name).and_then(Value::as_f64).filter(|number| number.is_finite());
    let told = event.get(moment).and_then(Value::as_i64).filter(|at_ms| {
        at_ms.checked_mul(1_000_000).and_then(plausible_ns).is_some() && *at_ms <= received_ms.saturating_add(AHEAD_MS)
    });
    let aggregate = matches!(kind, "A" | "AM");
    Some(Quote {
        ticker: event.get(ticker)?.as_str()?.to_owned(),
        value: number(value).filter(|value| *value > 0.0)?,
        at_ms: told.unwrap_or(received_ms),
        open: number("op").filter(|open| aggregate && *open > 0.0),
        volume: number("av").filter(|volume| aggregate && *volume >= 0.0),
    })
}
