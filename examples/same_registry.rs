//! Compares a drafted registry with one bus of the one that people wrote, for tools/infer-workers: are the keys, types, times
//! to live, bounds, payloads and channels of the second in the first, and nothing else? What traffic cannot show is no
//! difference; what contradicts is.
//!
//! `same_registry DECLARED DRAFT BUS`: exit code 1 and a line for each difference.
#![allow(clippy::print_stdout, missing_docs)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

use std::time::Duration;

use keywire::registry::Amount;
use keywire::registry::{self, BusId, Channel, Key, Pattern, Registry, Scalar, Shape, Ttl, Value};
use serde_json::Value as Json;

fn main() -> anyhow::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [declared, draft, bus] = &arguments[..] else {
        anyhow::bail!("give two folders, and a bus of the first");
    };
    let load = |folder: &str| registry::load(Path::new(folder)).map_err(|error| anyhow::anyhow!("{folder}: {error}"));
    let (declared, draft) = (load(declared)?, load(draft)?);
    let mut differences = Vec::new();
    let of_bus = |of: Option<BusId>| of.is_some_and(|id| declared.bus(id).name == *bus);
    let keys: Vec<&Key> = declared.keys.iter().filter(|key| of_bus(key.bus)).collect();
    for key in &keys {
        // The most alike counts: a param may hold what is a segment of another key.
        let alike = |other: &Key, key: &Key| {
            let (key, other) = (shape(&key.pattern), shape(&other.pattern));
            covers(&key, &other).then_some((key.len() == other.len(), key.len()))
        };
        let best = |other: &&Key| {
            let most = keys.iter().filter_map(|key| alike(other, key)).max();
            most.is_some() && alike(other, key) == most
        };
        let same: Vec<&Key> = draft.keys.iter().filter(best).collect();
        if same.is_empty() {
            differences.push(format!("{}: no pattern of the draft stands for it", key.pattern));
        }
        for other in same {
            let mut say = |what: String| differences.push(format!("{} ({}): {what}", key.pattern, other.pattern));
            compare((&declared, key), (&draft, other), &mut say);
        }
    }
    for other in &draft.keys {
        if !keys.iter().any(|key| covers(&shape(&key.pattern), &shape(&other.pattern))) {
            differences.push(format!("{}: nothing of the kind is declared", other.pattern));
        }
    }
    let channels: Vec<&Channel> = declared.channels.iter().filter(|channel| of_bus(channel.bus)).collect();
    compare_channels((&declared, &channels), &draft, &mut differences);
    differences.sort();
    differences.dedup();
    differences.iter().for_each(|line| println!("{line}"));
    println!(
        "{bus}: {} keys and {} channels declared, {} and {} drafted, {} differences",
        keys.len(),
        channels.len(),
        draft.keys.len(),
        draft.channels.len(),
        differences.len()
    );
    Ok(if differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The channels of a bus, with what is said on them.
fn compare_channels((declared, channels): (&Registry, &[&Channel]), draft: &Registry, differences: &mut Vec<String>) {
    for channel in channels {
        let same = draft.channels.iter().filter(|other| covers(&shape(&channel.pattern), &shape(&other.pattern)));
        let same: Vec<&Channel> = same.collect();
        if same.is_empty() {
            differences.push(format!("{}: no channel of the draft stands for it", channel.pattern));
        }
        for other in same {
            let mut say = |what: String| differences.push(format!("{}: {what}", channel.pattern));
            if let (Some(one), Some(two)) = (&channel.message, &other.message) {
                values((declared, one), (draft, two), "message", &mut say);
            }
        }
    }
    for other in &draft.channels {
        if !channels.iter().any(|channel| covers(&shape(&channel.pattern), &shape(&other.pattern))) {
            differences.push(format!("{}: no channel of the kind is declared", other.pattern));
        }
    }
}

/// The segments of a pattern, params as `*`.
fn shape(pattern: &Pattern) -> Vec<String> {
    let text = pattern.format(|_| Some("*".to_owned())).unwrap_or_default();
    text.split(':').map(str::to_owned).collect()
}

/// Is a pattern the other or a special case of it? A param may hold one segment, or two: `I:SPX`.
fn covers(general: &[String], special: &[String]) -> bool {
    match (general, special) {
        ([], []) => true,
        ([first, rest @ ..], [word, more @ ..]) => {
            let here = first == word || first == "*";
            let longer = first == "*" && more.len() > rest.len() && covers(general, more);
            (here && covers(rest, more)) || longer
        }
        _ => false,
    }
}

fn compare((declared, key): (&Registry, &Key), (draft, other): (&Registry, &Key), say: &mut dyn FnMut(String)) {
    let Some(redis_type) = other.redis_type else { return };
    if key.redis_type != Some(redis_type) {
        say(format!("is a {} in the draft", redis_type.name));
        return;
    }
    retention((declared, key), (draft, other), say);
    let parts = |shape: &Shape| -> Vec<(String, Value)> {
        match shape {
            Shape::Opaque => Vec::new(),
            Shape::Single(value) | Shape::Elements(value) | Shape::Members(value) => {
                vec![("value".into(), value.clone())]
            }
            Shape::Scored { member, score } => vec![("member".into(), member.clone()), ("score".into(), score.clone())],
            Shape::Fields(fields) | Shape::Entries(fields) => {
                fields.iter().map(|field| (field.name.to_string(), field.value.clone())).collect()
            }
        }
    };
    let known = parts(&key.shape);
    for (part, value) in parts(&other.shape) {
        match known.iter().find(|(name, _)| *name == part) {
            None => say(format!("`{part}` is not declared")),
            Some((_, one)) => values((declared, one), (draft, &value), &part, say),
        }
    }
}

/// What is at one place, declared and drafted.
fn values(
    (declared, one): (&Registry, &Value),
    (draft, two): (&Registry, &Value),
    part: &str,
    say: &mut dyn FnMut(String),
) {
    match (one, two) {
        (Value::Payload(one), Value::Payload(two)) => {
            let (one, two) = (declared.bundled_schema(*one), draft.bundled_schema(*two));
            schemas(&one, (&one, &two), part, say);
        }
        (one, two) if !fits(one, two) => {
            say(format!("`{part}` is {} in the draft, {} declared", draft.value_name(two), declared.value_name(one)));
        }
        _ => {}
    }
}

fn retention((declared, key): (&Registry, &Key), (draft, other): (&Registry, &Key), say: &mut dyn FnMut(String)) {
    // Keys that were only read have no retention.
    let ttl = |registry: &Registry, key: &Key| {
        // The workers may run with other values than the defaults, which the environment says to both of us.
        let set = |amount: &Amount<Duration>| amount.config().and_then(|name| std::env::var(name).ok()?.parse().ok());
        let of = |amount: &Amount<Duration>| {
            set(amount)
                .map_or_else(|| registry.duration(key.module, amount), |secs| Duration::try_from_secs_f64(secs).ok())
        };
        Some(match key.retention.ttl.as_ref()? {
            Ttl::None => ("none", None, None),
            Ttl::Fixed(amount) => ("fixed", of(amount), of(amount)),
            Ttl::Sliding(amount) => ("sliding", of(amount), of(amount)),
            Ttl::Range { min, max } => ("range", of(min), of(max)),
        })
    };
    if let Some(drafted) = ttl(draft, other)
        && ttl(declared, key) != Some(drafted)
    {
        say(format!("TTL {drafted:?} in the draft, {:?} declared", ttl(declared, key)));
    }
    let entries = |registry: &Registry, key: &Key| {
        key.retention.max_entries.as_ref().map(|most| (registry.count(key.module, &most.count), most.approximate))
    };
    if entries(draft, other) != entries(declared, key) {
        say(format!("bound {:?} in the draft, {:?} declared", entries(draft, other), entries(declared, key)));
    }
    let age = |registry: &Registry, key: &Key| {
        key.retention.max_age.as_ref().and_then(|age| registry.duration(key.module, age))
    };
    if age(draft, other) != age(declared, key) {
        say(format!("age {:?} in the draft, {:?} declared", age(draft, other), age(declared, key)));
    }
}

/// Is what was seen a kind of what is declared?
fn fits(declared: &Value, seen: &Value) -> bool {
    let general = |scalar: &Scalar| matches!(scalar, Scalar::Text | Scalar::Bytes | Scalar::Json);
    match (declared, seen) {
        (Value::Scalar(Scalar::Number), Value::Scalar(Scalar::Integer)) => true,
        (Value::Scalar(one), Value::Scalar(two)) => one == two || general(one),
        _ => false,
    }
}

/// Members, types and formats of a drafted schema against those declared.
fn schemas(root: &Json, (declared, draft): (&Json, &Json), path: &str, say: &mut dyn FnMut(String)) {
    if let Some(name) = declared["$ref"].as_str().and_then(|name| name.strip_prefix('#')) {
        if let Some(target) = root.pointer(name) {
            schemas(root, (target, draft), path, say);
        }
        return;
    }
    let number = |one: &Json, two: &Json| one == "number" && two == "integer";
    if declared["type"] != draft["type"] && !number(&declared["type"], &draft["type"]) {
        say(format!("{path} is {} in the draft, {} declared", draft["type"], declared["type"]));
    }
    if !declared["format"].is_null() && declared["format"] != draft["format"] {
        say(format!("{path} has the format {} in the draft, {} declared", draft["format"], declared["format"]));
    }
    let listed = |schema: &Json, word: &str| -> BTreeSet<String> {
        schema[word].as_array().into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
    };
    for name in listed(declared, "required").difference(&listed(draft, "required")) {
        say(format!("{path}.{name} is not required in the draft"));
    }
    // A closed list in the draft of what is open, or of other words.
    for word in listed(draft, "enum").difference(&listed(declared, "enum")) {
        say(format!("{path} may be `{word}` in the draft, which is not listed"));
    }
    for (name, member) in draft["properties"].as_object().into_iter().flatten() {
        match &declared["properties"][name.as_str()] {
            Json::Null => say(format!("{path}.{name} is not declared")),
            known => schemas(root, (known, member), &format!("{path}.{name}"), say),
        }
    }
    if draft["items"].is_object() {
        schemas(root, (&declared["items"], &draft["items"]), &format!("{path}[]"), say);
    }
}
