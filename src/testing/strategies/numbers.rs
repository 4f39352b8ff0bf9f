//! Numbers within the bounds of a schema.

use proptest::prelude::*;
use serde_json::{Map, Number, Value, json};

/// Whole numbers up to here are exact in JSON everywhere.
const EXACT: i64 = 1 << 53;
/// Decimal numbers without a bound go up to here.
const LARGE: f64 = 1e9;

fn number(keywords: &Map<String, Value>, name: &str) -> Option<f64> {
    keywords.get(name).and_then(Value::as_f64)
}

/// Whole numbers; `None` when there are none within the bounds.
#[allow(clippy::cast_possible_truncation, reason = "what is beyond i64 saturates, and the validator judges")]
pub(super) fn integers(keywords: &Map<String, Value>) -> Option<BoxedStrategy<Value>> {
    let whole = |name: &str| {
        keywords.get(name).and_then(|value| value.as_i64().or_else(|| Some(value.as_f64()?.floor() as i64)))
    };
    let ceiling = |name: &str| {
        keywords.get(name).and_then(|value| value.as_i64().or_else(|| Some(value.as_f64()?.ceil() as i64)))
    };
    let low = [ceiling("minimum"), whole("exclusiveMinimum").map(|n| n.saturating_add(1))].into_iter().flatten().max();
    let high = [whole("maximum"), ceiling("exclusiveMaximum").map(|n| n.saturating_sub(1))].into_iter().flatten().min();
    let (low, high) = match (low, high) {
        (Some(low), Some(high)) => (low, high),
        (Some(low), None) => (low, EXACT.max(low.saturating_add(EXACT))),
        (None, Some(high)) => ((-EXACT).min(high.saturating_sub(EXACT)), high),
        (None, None) => (-EXACT, EXACT),
    };
    if low > high {
        return None;
    }
    let step = number(keywords, "multipleOf").filter(|step| *step >= 1.0).map_or(1, |step| step.round() as i64);
    let (first, last) = (div_ceil(low, step), high.div_euclid(step));
    if first > last {
        return None;
    }
    let near = 0_i64.clamp(first, last);
    let small = near.saturating_sub(1000).max(first)..=near.saturating_add(1000).min(last);
    let edges = proptest::sample::select(vec![first, last]);
    let turns = prop_oneof![4 => small, 1 => first..=last, 1 => edges];
    Some(turns.prop_map(move |turn| json!(turn * step)).boxed())
}

fn div_ceil(number: i64, step: i64) -> i64 {
    number.div_euclid(step) + i64::from(number.rem_euclid(step) != 0)
}

/// Numbers, whole and decimal; `None` when there are none within the bounds.
pub(super) fn numbers(keywords: &Map<String, Value>) -> Option<BoxedStrategy<Value>> {
    let bound = |a: &str, b: &str, pick: fn(f64, f64) -> f64| {
        number(keywords, a).into_iter().chain(number(keywords, b)).reduce(pick)
    };
    let low = bound("minimum", "exclusiveMinimum", f64::max);
    let high = bound("maximum", "exclusiveMaximum", f64::min);
    let (low, high) = match (low, high) {
        (Some(low), Some(high)) => (low, high),
        (Some(low), None) => (low, LARGE.max(low + LARGE)),
        (None, Some(high)) => ((-LARGE).min(high - LARGE), high),
        (None, None) => (-LARGE, LARGE),
    };
    let whole = integers(keywords);
    if low > high {
        return whole;
    }
    let decimal = match number(keywords, "multipleOf") {
        Some(step) if step > 0.0 => steps(low, high, step),
        _ => (low..=high).prop_map(|number| json!(number)).boxed(),
    };
    // Digits as people write them, so that shrunk values are readable.
    let short = (low..=high).prop_map(|number| json!((number * 100.0).round() / 100.0));
    Some(match (whole, keywords.contains_key("multipleOf")) {
        (Some(whole), false) => prop_oneof![2 => whole, 2 => short, 1 => decimal].boxed(),
        (Some(whole), true) => prop_oneof![1 => whole, 2 => decimal].boxed(),
        (None, false) => prop_oneof![short, decimal].boxed(),
        (None, true) => decimal,
    })
}

/// Multiples of a step, with no more digits than the step has: `3 * 0.1` is to be 0.3.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "the validator judges what comes out")]
fn steps(low: f64, high: f64, step: f64) -> BoxedStrategy<Value> {
    let text = step.to_string();
    let digits = text.split_once('.').map_or(0, |(_, digits)| digits.len());
    let (first, last) = ((low / step).ceil() as i64, (high / step).floor() as i64);
    let turns = first.min(last)..=last.max(first);
    let value = move |turn: i64| {
        let product: f64 = format!("{:.digits$}", turn as f64 * step).parse().unwrap_or(0.0);
        Number::from_f64(product).map_or(Value::Null, Value::Number)
    };
    turns.prop_map(value).boxed()
}
