//! Frames as the provider documents them. Pure.

use serde_json::{Value, json};

use crate::mock::rows::price as dollars;
use crate::mock::walk::Walk;

/// A frame of one status.
pub(super) fn status(word: &str, said: &str) -> String {
    json!([{"ev": "status", "status": word, "message": said}]).to_string()
}

/// The params of a request, if it is for this action.
pub(super) fn request(text: &str, action: &str) -> Option<String> {
    let request: Value = serde_json::from_str(text).ok()?;
    let params = request.get("params")?.as_str()?.to_owned();
    (request.get("action")?.as_str()? == action).then_some(params)
}

/// An event of a channel about where a ticker stands.
pub(super) fn event(channel: &str, walk: &Walk, now_ms: i64) -> Value {
    let price = dollars(walk.last);
    match channel {
        "V" => json!({"ev": "V", "val": price, "T": walk.ticker, "t": now_ms}),
        "T" => {
            json!({"ev": "T", "sym": walk.ticker, "x": 4, "i": "1", "z": 3, "p": price, "s": 100, "t": now_ms, "q": 1})
        }
        _ if walk.ticker.starts_with("I:") => json!({
            "ev": channel, "sym": walk.ticker, "op": dollars(walk.open), "o": price, "c": price, "h": price, "l": price,
            "s": now_ms - 1000, "e": now_ms,
        }),
        _ => json!({
            "ev": channel, "sym": walk.ticker, "v": 100, "av": walk.volume, "op": dollars(walk.open), "vw": price, "o": price,
            "c": price, "h": price, "l": price, "a": price, "z": 50, "s": now_ms - 1000, "e": now_ms,
        }),
    }
}
