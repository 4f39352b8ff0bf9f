//! Replies as plain bytes, lists and numbers, whatever protocol version they came in.

use redis::Value;

/// The bytes of a string reply.
pub(super) fn bytes(value: Value) -> Option<Vec<u8>> {
    match value {
        Value::BulkString(bytes) => Some(bytes),
        Value::SimpleString(text) => Some(text.into_bytes()),
        Value::Int(number) => Some(number.to_string().into_bytes()),
        Value::Double(number) => Some(number.to_string().into_bytes()),
        Value::VerbatimString { text, .. } => Some(text.into_bytes()),
        _ => None,
    }
}

/// The items of a list; of a map its names and values in turn.
pub(super) fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) | Value::Set(items) => items,
        Value::Map(pairs) => pairs.into_iter().flat_map(|(name, value)| [name, value]).collect(),
        _ => Vec::new(),
    }
}

/// A whole number.
pub(super) fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::BulkString(bytes) => std::str::from_utf8(bytes).ok()?.parse().ok(),
        _ => None,
    }
}

/// A decimal number, also `inf`.
pub(super) fn decimal(value: &Value) -> Option<f64> {
    match value {
        Value::Double(number) => Some(*number),
        #[allow(clippy::cast_precision_loss, reason = "a score is a double on the server too")]
        Value::Int(number) => Some(*number as f64),
        Value::BulkString(bytes) => std::str::from_utf8(bytes).ok()?.parse().ok(),
        _ => None,
    }
}

/// Names with values, in turn.
pub(super) fn pairs(items: Vec<Value>) -> Vec<(Value, Value)> {
    let mut pairs = Vec::with_capacity(items.len() / 2);
    let mut items = items.into_iter();
    while let (Some(name), Some(value)) = (items.next(), items.next()) {
        match name {
            // RESP3 gives members with scores as pairs.
            Value::Array(pair) if pair.len() == 2 => {
                let mut pair = pair.into_iter();
                pairs.extend(pair.next().zip(pair.next()));
                let mut pair = list(value).into_iter();
                pairs.extend(pair.next().zip(pair.next()));
            }
            name => pairs.push((name, value)),
        }
    }
    pairs
}
