//! Arbitrary sequences of writes: method by method, argument by argument, over a few values of each param.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::Union;
use serde_json::{Map, Value, json};

use super::{ArgumentSpec, WriteSpec};
use crate::registry::{ModuleId, Registry, Scalar, Value as Declared};
use crate::testing::strategies;

/// Writes of one sequence.
const LONGEST: usize = 12;
/// Values of one param in a sequence: few, so that writes meet on the same keys.
const VALUES: u64 = 3;
/// Times are made up to this much in the past.
const RECENT: Duration = Duration::from_secs(60);

/// An argument before the values of params are settled.
#[derive(Debug, Clone)]
enum Piece {
    Value(Value),
    /// Which value of the param's.
    Param(String, Index),
    Left,
}

type Write = (String, Vec<(String, Piece)>);

/// Sequences of these writes, each write `{"method": {"argument": ..}}`.
pub(super) fn sequences(
    registry: &Registry,
    module: ModuleId,
    writes: &[&WriteSpec],
) -> Result<BoxedStrategy<Vec<Value>>> {
    let driven = |write: &&&WriteSpec| write.arguments.iter().all(|(_, kind)| *kind != ArgumentSpec::Words);
    let driven: Vec<&WriteSpec> = writes.iter().filter(driven).copied().collect();
    if driven.is_empty() {
        bail!("every write takes words that cannot be made up; nothing can be tried");
    }
    let mut kinds = Vec::new();
    for write in &driven {
        kinds.push(one(registry, write).with_context(|| format!("the write `{}` cannot be driven", write.method))?);
    }
    let pools: Vec<BoxedStrategy<(String, Vec<String>)>> =
        pool_sizes(registry, &driven).into_iter().map(|(name, size)| pool(registry, module, name, size)).collect();
    let settle = |(pools, writes): (Vec<(String, Vec<String>)>, Vec<Write>)| {
        let pools: BTreeMap<String, Vec<String>> = pools.into_iter().collect();
        writes.into_iter().map(|write| settled(write, &pools)).collect()
    };
    Ok((pools, vec(Union::new(kinds), 1..=LONGEST)).prop_map(settle).boxed())
}

fn settled((method, arguments): Write, pools: &BTreeMap<String, Vec<String>>) -> Value {
    let mut object = Map::new();
    for (name, piece) in arguments {
        let value = match piece {
            Piece::Value(value) => value,
            Piece::Param(param, which) => json!(which.get(&pools[&param])),
            Piece::Left => continue,
        };
        object.insert(name, value);
    }
    json!({ method: object })
}

/// How many values each param may have, so that no pattern gets more keys than its cardinality.
fn pool_sizes(registry: &Registry, writes: &[&WriteSpec]) -> BTreeMap<String, u64> {
    let mut sizes = BTreeMap::new();
    for write in writes {
        let params: BTreeSet<&String> = write
            .arguments
            .iter()
            .filter_map(|(_, kind)| if let ArgumentSpec::Param(name) = kind { Some(name) } else { None })
            .collect();
        let key = write.key.map(|id| registry.key(id));
        let limit = key.and_then(|key| registry.count(key.module, key.cardinality.as_ref()?)).unwrap_or(u64::MAX);
        let power = u32::try_from(params.len()).unwrap_or(u32::MAX);
        let size = (1..=VALUES).rev().find(|size| size.saturating_pow(power) <= limit).unwrap_or(1);
        for name in params {
            let known = sizes.entry(name.clone()).or_insert(size);
            *known = size.min(*known);
        }
    }
    sizes
}

fn pool(registry: &Registry, module: ModuleId, name: String, size: u64) -> BoxedStrategy<(String, Vec<String>)> {
    let values = strategies::param(&registry.param(module, &name).kind);
    let size = usize::try_from(size).unwrap_or(1);
    vec(values, size).prop_map(move |values| (name.clone(), values)).boxed()
}

/// One write of a method.
fn one(registry: &Registry, write: &WriteSpec) -> Result<BoxedStrategy<Write>> {
    let within = recent(registry, write);
    let mut arguments = Vec::new();
    for (name, kind) in &write.arguments {
        let name = name.clone();
        let piece = argument(registry, kind, within)?;
        arguments.push(piece.prop_map(move |piece| (name.clone(), piece)).boxed());
    }
    let method = write.method.clone();
    Ok(arguments.prop_map(move |arguments| (method.clone(), arguments)).boxed())
}

/// How far times may lie apart: writers trim what is older than the newest by more than the declared age.
fn recent(registry: &Registry, write: &WriteSpec) -> Duration {
    let key = write.key.map(|id| registry.key(id));
    let age = key.and_then(|key| registry.duration(key.module, key.retention.max_age.as_ref()?));
    age.map_or(RECENT, |age| RECENT.min(age / 2))
}

fn argument(registry: &Registry, kind: &ArgumentSpec, within: Duration) -> Result<BoxedStrategy<Piece>> {
    let values = match kind {
        ArgumentSpec::Param(name) => {
            let name = name.clone();
            return Ok(any::<Index>().prop_map(move |which| Piece::Param(name.clone(), which)).boxed());
        }
        ArgumentSpec::OptionalValue(declared) => {
            let values = value(registry, declared, within)?;
            let piece = |value: Option<Value>| value.map_or(Piece::Left, Piece::Value);
            return Ok(proptest::option::of(values).prop_map(piece).boxed());
        }
        ArgumentSpec::Value(declared) | ArgumentSpec::Score(declared) => value(registry, declared, within)?,
        ArgumentSpec::Integer => strategies::scalar_json(Scalar::Integer),
        ArgumentSpec::Count => (0..100_u64).prop_map(|number| json!(number)).boxed(),
        ArgumentSpec::Number => strategies::scalar_json(Scalar::Number),
        ArgumentSpec::Flag => any::<bool>().prop_map(Value::Bool).boxed(),
        ArgumentSpec::Ttl(range) => {
            let (least, most) = range.unwrap_or((Duration::from_secs(10), Duration::from_secs(3600)));
            let (first, last) = (least.as_secs_f64().ceil(), most.as_secs_f64().floor());
            if first > last { Just(json!(most.as_secs_f64())).boxed() } else { seconds(first, last) }
        }
        ArgumentSpec::Words => bail!("words cannot be made up"),
    };
    Ok(values.prop_map(Piece::Value).boxed())
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole and not negative; what is beyond u64 saturates"
)]
fn seconds(first: f64, last: f64) -> BoxedStrategy<Value> {
    (first as u64..=last as u64).prop_map(|number| json!(number)).boxed()
}

/// Values as JSON. Points in time are recent ones.
fn value(registry: &Registry, declared: &Declared, within: Duration) -> Result<BoxedStrategy<Value>> {
    Ok(match declared {
        Declared::Payload(id) => strategies::try_payload(&registry.bundled_schema(*id))
            .with_context(|| format!("the payload `{}`", registry.payload(*id).name))?,
        Declared::Scalar(scalar) => match scalar.unit_ms() {
            Some(unit) => times(*scalar, unit, within),
            None => strategies::scalar_json(*scalar),
        },
        Declared::Unknown(_) => strategies::scalar_json(Scalar::Bytes),
    })
}

#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "milliseconds since 1970 in any unit fit"
)]
fn times(scalar: Scalar, unit_ms: f64, within: Duration) -> BoxedStrategy<Value> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64);
    let within = u64::try_from(within.as_millis()).unwrap_or(0);
    let in_unit = move |ms: u64| match scalar {
        Scalar::EpochS => json!(ms as f64 / 1000.0),
        // Whole in its unit: a multiple of a millisecond is, in all finer ones.
        _ => json!((ms as f64 / unit_ms).round() as i64),
    };
    (now.saturating_sub(within)..=now).prop_map(in_unit).boxed()
}
