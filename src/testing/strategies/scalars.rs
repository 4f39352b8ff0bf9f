//! Values of scalars and of params, as they stand on the server, and scalars as JSON for drivers of writers.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::text;
use crate::registry::{ParamKind, Scalar};

/// Seconds since 1970 of the years 2001 to 2100: in no unit do they pass for another.
const TIMES: std::ops::Range<i64> = 1_000_000_000..4_102_444_800;

/// Values of a scalar as bytes on the server.
pub fn scalar(scalar: Scalar) -> BoxedStrategy<Vec<u8>> {
    match scalar {
        Scalar::Integer => prop_oneof![4 => -1000..1000_i64, 1 => any::<i64>()].prop_map(bytes).boxed(),
        Scalar::Number => prop_oneof![2 => (-1000..1000_i64).prop_map(|n| n.to_string()), 1 => (-1e9..1e9_f64).prop_map(|n| n.to_string())]
            .prop_map(bytes)
            .boxed(),
        Scalar::Boolean => proptest::sample::select(vec!["true", "false", "1", "0"]).prop_map(bytes).boxed(),
        Scalar::Text => text::any_text(0, 20).prop_map(String::into_bytes).boxed(),
        Scalar::Bytes => proptest::collection::vec(any::<u8>(), 0..20).boxed(),
        Scalar::Json => scalar_json(Scalar::Json).prop_map(bytes).boxed(),
        Scalar::DateTime => text::date_times().prop_map(String::into_bytes).boxed(),
        Scalar::EpochS => prop_oneof![
            TIMES.prop_map(|n| n.to_string()),
            (TIMES, 0..1000_i64).prop_map(|(seconds, millis)| format!("{seconds}.{millis:03}"))
        ]
        .prop_map(bytes)
        .boxed(),
        Scalar::EpochMs | Scalar::EpochUs | Scalar::EpochNs => epochs(scalar).prop_map(bytes).boxed(),
    }
}

fn bytes(value: impl ToString) -> Vec<u8> {
    value.to_string().into_bytes()
}

/// Whole times in a unit finer than seconds. Nanoseconds are whole microseconds: as a score they must be exact doubles.
fn epochs(scalar: Scalar) -> BoxedStrategy<i64> {
    let (scale, part) = match scalar {
        Scalar::EpochMs => (1000, 1),
        Scalar::EpochUs => (1_000_000, 1),
        Scalar::EpochNs => (1_000_000_000, 1024),
        _ => (1, 1),
    };
    (TIMES, 0..1_000_000_i64).prop_map(move |(seconds, more)| (seconds * scale + more % scale) / part * part).boxed()
}

/// Values of a scalar as JSON: what a typed argument is read from. Bytes are text here, numbers stay small enough to be
/// added up.
pub fn scalar_json(scalar: Scalar) -> BoxedStrategy<Value> {
    match scalar {
        Scalar::Integer => (-1_000_000..1_000_000_i64).prop_map(|n| json!(n)).boxed(),
        Scalar::Number => (-1_000_000..1_000_000_i32).prop_map(|n| json!(f64::from(n) / 8.0)).boxed(),
        Scalar::Boolean => any::<bool>().prop_map(Value::Bool).boxed(),
        Scalar::Text | Scalar::Bytes => text::any_text(0, 20).prop_map(Value::String).boxed(),
        Scalar::Json => json_values(),
        Scalar::DateTime => text::date_times().prop_map(Value::String).boxed(),
        Scalar::EpochS => (TIMES, 0..8_u8).prop_map(|(n, eighths)| with_fraction(n, eighths)).boxed(),
        Scalar::EpochMs | Scalar::EpochUs | Scalar::EpochNs => epochs(scalar).prop_map(|n| json!(n)).boxed(),
    }
}

#[allow(clippy::cast_precision_loss, reason = "seconds since 1970 are far below 2^53")]
fn with_fraction(seconds: i64, eighths: u8) -> Value {
    json!(seconds as f64 + f64::from(eighths) / 8.0)
}

/// Any JSON, not deep.
pub(super) fn json_values() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-1000..1000_i64).prop_map(|n| json!(n)),
        (-1e6..1e6_f64).prop_map(|n| json!(n)),
        text::any_text(0, 8).prop_map(Value::String),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::Array),
            proptest::collection::btree_map("[a-z]{1,5}", inner, 0..3).prop_map(|members| json!(members)),
        ]
    })
    .boxed()
}

/// Values of a param.
///
/// # Panics
/// When the param's pattern allows nothing that can be made; the message has the pattern.
pub fn param(kind: &ParamKind) -> BoxedStrategy<String> {
    match kind {
        ParamKind::String { pattern: None } => prop_oneof![3 => "[A-Za-z0-9_.-]{1,12}", 1 => "[^:]{1,6}"].boxed(),
        ParamKind::String { pattern: Some(pattern) } => of_expression(pattern),
        ParamKind::Integer { min, max } => {
            let near = 0_i64.clamp(*min, *max);
            let small = near.saturating_sub(1000).max(*min)..=near.saturating_add(1000).min(*max);
            prop_oneof![4 => small, 1 => *min..=*max].prop_map(|number| number.to_string()).boxed()
        }
        ParamKind::Uuid => text::uuids(),
        ParamKind::Hex { length: None } => "[0-9a-fA-F]{1,16}".boxed(),
        ParamKind::Hex { length: Some(length) } => {
            let digits = proptest::sample::select("0123456789abcdefABCDEF".chars().collect::<Vec<_>>());
            proptest::collection::vec(digits, *length as usize).prop_map(String::from_iter).boxed()
        }
        ParamKind::Date => text::dates(),
        ParamKind::EpochMs => epochs(Scalar::EpochMs).prop_map(|number| number.to_string()).boxed(),
        ParamKind::Enum(words) => proptest::sample::select(words.clone()).boxed(),
        ParamKind::Rest => "[A-Za-z0-9_.-]{1,6}(:[A-Za-z0-9_.-]{1,6}){0,3}".boxed(),
    }
}

fn of_expression(pattern: &str) -> BoxedStrategy<String> {
    let whole = regex::Regex::new(&format!("^(?:{pattern})$"));
    match (text::of_pattern(pattern), whole) {
        (Some(texts), Ok(whole)) => {
            let reason = format!("the param's pattern `{pattern}`");
            texts.prop_filter(reason, move |text| whole.is_match(text)).boxed()
        }
        _ => panic!("no values can be made for a param of the pattern `{pattern}`"),
    }
}
