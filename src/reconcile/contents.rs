//! Do two declarations of what something holds contradict one another?

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::registry::{Registry, Scalar, Value};

/// What contradicts, in words; nothing where both can be right.
pub(super) fn contradiction(
    (own, own_registry): (&Value, &Registry),
    (found, found_registry): (&Value, &Registry),
) -> Option<String> {
    match (own, found) {
        (Value::Scalar(own), Value::Scalar(found)) => {
            let fits = own == found || is_vague(*own) || is_vague(*found) || is_number(*own) && is_number(*found);
            (!fits).then(|| format!("is {} and {}", own.as_str(), found.as_str()))
        }
        (Value::Payload(own), Value::Payload(found)) => {
            let (own, found) = (&own_registry.payload(*own).schema, &found_registry.payload(*found).schema);
            schemas(own, found)
        }
        (Value::Payload(id), Value::Scalar(scalar)) | (Value::Scalar(scalar), Value::Payload(id)) => {
            let registry = if matches!(own, Value::Payload(_)) { own_registry } else { found_registry };
            let fits = is_vague(*scalar) || !only(&registry.payload(*id).schema, "object");
            (!fits).then(|| format!("is {} and a payload", scalar.as_str()))
        }
        (Value::Unknown(_), _) | (_, Value::Unknown(_)) => None,
    }
}

fn is_vague(scalar: Scalar) -> bool {
    matches!(scalar, Scalar::Text | Scalar::Bytes | Scalar::Json)
}

fn is_number(scalar: Scalar) -> bool {
    matches!(
        scalar,
        Scalar::Integer | Scalar::Number | Scalar::EpochS | Scalar::EpochMs | Scalar::EpochUs | Scalar::EpochNs
    )
}

fn only(schema: &Json, word: &str) -> bool {
    words(schema).is_some_and(|words| words.len() == 1 && words.contains(word))
}

/// The types that a schema allows, where it says so; whole numbers are numbers.
fn words(schema: &Json) -> Option<BTreeSet<&str>> {
    fn of(word: &Json) -> Option<&str> {
        word.as_str().map(|word| if word == "integer" { "number" } else { word })
    }
    match schema.get("type")? {
        Json::Array(words) => words.iter().map(of).collect(),
        word => of(word).map(|word| BTreeSet::from([word])),
    }
}

/// Types that exclude one another, of the values or of a property that both have.
fn schemas(own: &Json, found: &Json) -> Option<String> {
    let excluded = |own: &Json, found: &Json| {
        let (own, found) = words(own).zip(words(found))?;
        own.is_disjoint(&found).then(|| {
            let list = |words: BTreeSet<&str>| words.into_iter().collect::<Vec<_>>().join(" or ");
            format!("{} and {}", list(own), list(found))
        })
    };
    if let Some(what) = excluded(own, found) {
        return Some(format!("is {what}"));
    }
    let (Some(Json::Object(own_parts)), Some(Json::Object(found_parts))) =
        (own.get("properties"), found.get("properties"))
    else {
        return None;
    };
    let differs = own_parts.iter().find_map(|(name, schema)| {
        excluded(schema, found_parts.get(name)?).map(|what| format!("has `{name}` as {what}"))
    });
    // A closed schema knows all properties.
    let closed = own.get("additionalProperties") == Some(&Json::Bool(false));
    let more = found_parts.keys().find(|name| closed && !own_parts.contains_key(*name));
    differs.or_else(|| more.map(|name| format!("has `{name}`, which is not declared")))
}
