//! The draft of what was seen, and what it rests on.

use anyhow::Result;
use serde_json::{Value as Json, json};

use super::super::{Exit, draft, output};
use super::{InferArgs, Seen};
use crate::extract::Sighting;
use crate::extract::draft::{Node, Plan, Value, compose};
use crate::extract::infer::Known;
use crate::extract::infer::origins::{KeyspaceSeen, TrafficSeen};

/// Says that nothing was seen.
pub(super) fn nothing(seen: &Seen) {
    output::say(&evidence(seen.keyspace.as_ref(), seen.traffic.as_ref()));
    output::say(
        "No key and no channel was seen: there is nothing to draft. Is it the right server, database and --match?",
    );
}

/// Writes the draft, or what it is made of.
pub(super) fn write(args: &InferArgs, (sightings, clients): (&[Sighting], &Known), seen: &Seen) -> Result<Exit> {
    if args.draft.out.is_none()
        && args.draft.into.is_none()
        && args.report.format.write_own("json", || format!("{:#}\n", json(args, sightings, seen)))?
    {
        return Ok(Exit::Clean);
    }
    let plan = Plan {
        name: args.draft.name.clone(),
        bus: args.bus.clone(),
        module: args.all_are.clone().unwrap_or_else(|| "app".to_owned()),
    };
    let mut draft = compose(sightings, &plan);
    clients.write(&mut draft);
    let exit = draft::finish(&draft, &args.draft, "infer", &args.report)?;
    output::say(&evidence(seen.keyspace.as_ref(), seen.traffic.as_ref()));
    Ok(exit)
}

fn json(args: &InferArgs, sightings: &[Sighting], seen: &Seen) -> Json {
    let fields = |fields: &[(&str, Node)]| -> Json {
        fields.iter().map(|(name, node)| ((*name).to_owned(), value(node))).collect()
    };
    let named =
        |fields: &[(String, Node)]| -> Json { fields.iter().map(|(name, node)| (name.clone(), value(node))).collect() };
    let one = |sighting: &Sighting| {
        json!({
            "pattern": sighting.pattern, "kind": sighting.kind, "bus": sighting.bus,
            "redis_type": sighting.redis_type, "accesses": sighting.accesses, "params": named(&sighting.params),
            "fields": fields(&sighting.fields), "payloads": named(&sighting.payloads), "evidence": sighting.evidence,
        })
    };
    json!({
        "keywire": env!("CARGO_PKG_VERSION"), "command": "infer", "bus": args.bus,
        "evidence": { "keyspace": seen.keyspace, "traffic": seen.traffic },
        "sightings": sightings.iter().map(one).collect::<Vec<_>>(),
    })
}

/// A node without its evidence.
fn value(node: &Node) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Flag(flag) => Json::Bool(*flag),
        Value::Number(number) => serde_json::from_str(number).unwrap_or_default(),
        Value::Text(text) => Json::String(text.clone()),
        Value::List(items) => items.iter().map(value).collect(),
        Value::Map(entries) => entries.iter().map(|(name, node)| (name.clone(), value(node))).collect(),
    }
}

/// What it rests on, in a line for each origin.
pub(in crate::cli) fn evidence(keyspace: Option<&KeyspaceSeen>, traffic: Option<&TrafficSeen>) -> String {
    let mut lines = Vec::new();
    let counted = |count: u64, one| output::counted(usize::try_from(count).unwrap_or(usize::MAX), one);
    if let Some(keyspace) = keyspace {
        let of = keyspace.keys_in_database.map(|all| format!(" of {all}")).unwrap_or_default();
        let large = match keyspace.too_large {
            0 => String::new(),
            count => format!(", {count} too large to be read"),
        };
        let end = if keyspace.complete { "" } else { "; not all: it was interrupted" };
        let server = if keyspace.server.is_empty() { "keyspace" } else { &keyspace.server };
        lines.push(format!(
            "{server}: {}{of}, {} looked at{large}{end}",
            counted(keyspace.keys_scanned, "key"),
            counted(keyspace.values, "value")
        ));
    }
    if let Some(traffic) = traffic {
        let missed = if traffic.missed == 0 { String::new() } else { format!(", {} missed", traffic.missed) };
        let unknown =
            if traffic.unknown == 0 { String::new() } else { format!(", {} of unknown commands", traffic.unknown) };
        let calls = counted(traffic.calls, "call");
        lines.push(format!("traffic: {calls} on keys and channels in {:.1} s{missed}{unknown}", traffic.seconds));
        lines.extend(traffic.notes.iter().cloned());
    }
    lines.join("\n")
}
