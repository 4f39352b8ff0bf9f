//! What extract finds in the workers of this repository is what their registry says.

use std::collections::BTreeSet;
use std::path::Path;

use keywire::extract::code::{Extract, Known, KnownBus, extract};
use keywire::extract::{Kind, Mode};
use keywire::registry::{Claim, Key, ModuleId, Pattern, Registry, Ttl};

use crate::pipeline;

/// A command on a key or channel of the registry.
type Use = (&'static str, String, String);

fn found(module: &str, registry: &Registry) -> Extract {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("workers");
    let paths = [module, "chassis", "massive_client"].map(|name| root.join(name).join("src"));
    let buses = registry.buses.iter().map(|bus| KnownBus {
        name: bus.name.clone(),
        env: bus.env.clone(),
        default: bus.default.clone(),
        config_path: bus.config_path.clone(),
    });
    extract(&paths, Some("rust"), &Known { buses: buses.collect(), ..Known::default() }).unwrap()
}

/// TTL and bound of a key, as an access has them. A `max_age` is a score that is computed when the program runs: no access has it.
fn amounts(key: &Key) -> [Option<String>; 2] {
    let ttl = match &key.retention.ttl {
        Some(Ttl::Fixed(amount) | Ttl::Sliding(amount)) => Some(amount.to_string()),
        // The calls of these keys set none.
        None | Some(Ttl::None) => None,
        Some(Ttl::Range { min, max }) => Some(format!("{min} to {max}")),
    };
    let bound = key.retention.max_entries.as_ref();
    let bound = bound.map(|most| format!("{}{}", if most.approximate { "~" } else { "" }, most.count));
    [ttl, bound]
}

/// The pattern of the registry that stands for a pattern found: itself, or the one that claims it as a name.
fn claimed(registry: &Registry, module: ModuleId, kind: Kind, pattern: &str) -> Option<String> {
    let keys = registry.keys.iter().map(|key| (Kind::Key, key.module, &key.pattern));
    let channels = registry.channels.iter().map(|channel| (Kind::Channel, channel.module, &channel.pattern));
    let mut all: Vec<_> = keys.chain(channels).filter(|(of, ..)| *of == kind).collect();
    all.sort_by_key(|(_, owner, _)| *owner != module);
    let same = all.iter().find(|(_, _, known)| known.to_string() == pattern);
    let claims = |(_, owner, known): &&(Kind, ModuleId, &Pattern)| {
        Claim::new((), known, registry, *owner).is_ok_and(|claim| claim.matches(pattern.as_bytes()))
    };
    same.or_else(|| all.iter().find(claims)).map(|(_, _, known)| known.to_string())
}

/// A batch is filled first and told its connection last, by `batch.execute(bus)`: that call is not tied to the writes before it.
const FILLED_FIRST: &str = "only a batch writes it";

/// The replay worker holds connections to two buses, and hands both to the same functions.
const ONE_OF_TWO: &str = "its connection is one of two";

/// What the code does not show of the bus: module, pattern, why. Of all others it must be the registry's.
const BUSES: &[(&str, &str, &str)] = &[
    ("chain_worker", "massive:chain:analytics", FILLED_FIRST),
    ("chain_worker", "massive:chain:geometry_updated", FILLED_FIRST),
    ("chain_worker", "massive:chain:latest:{underlying}:{expiration}", FILLED_FIRST),
    ("chain_worker", "massive:chain:snapshot:{underlying}:{expiration}:{ts_ms}", FILLED_FIRST),
    ("chain_worker", "massive:ws:subscription_list", FILLED_FIRST),
    ("replay_worker", "keywire:contract:replay_worker", ONE_OF_TWO),
    ("replay_worker", "massive:model:spot:{symbol}", FILLED_FIRST),
    ("replay_worker", "massive:replay:analytics", FILLED_FIRST),
    ("replay_worker", "massive:spot", FILLED_FIRST),
    ("replay_worker", "massive:spot:stream", ONE_OF_TWO),
    ("spot_worker", "massive:model:spot:{symbol}", FILLED_FIRST),
    ("spot_worker", "massive:model:spot:{symbol}:trail", FILLED_FIRST),
    ("spot_worker", "massive:spot", FILLED_FIRST),
    ("spot_worker", "massive:spot:analytics", FILLED_FIRST),
    ("spot_worker", "massive:spot:stream", FILLED_FIRST),
    ("spot_worker", "massive:spot:trail", FILLED_FIRST),
];

/// Commands by which a reader takes part in a group: they write its state, and belong to reading.
const OF_GROUPS: &[&str] = &["XGROUP CREATE", "XREADGROUP", "XAUTOCLAIM", "XCLAIM", "XACK"];

/// What a module writes, as the registry says.
fn declared(registry: &Registry, id: ModuleId) -> BTreeSet<Use> {
    let own_keys = registry.keys.iter().filter(|key| key.module == id);
    let keys = own_keys
        .flat_map(|key| key.operations.iter().map(|operation| (key.pattern.to_string(), operation.name.clone())));
    let declared = keys.map(|(pattern, name)| (if name == "PUBLISH" { "channel" } else { "key" }, pattern, name));
    let mut declared: BTreeSet<Use> = declared.collect();
    let own_channels = registry.channels.iter().filter(|channel| channel.module == id);
    declared.extend(own_channels.map(|channel| ("channel", channel.pattern.to_string(), "PUBLISH".to_owned())));
    declared
}

#[test]
fn extract_of_the_workers_is_their_registry() {
    let registry = pipeline();
    let mut faults = Vec::new();
    for (at, module) in registry.modules.iter().enumerate() {
        let id = ModuleId(at);
        let extract = found(&module.name, &registry);
        let mut given: BTreeSet<(String, usize, String)> = BTreeSet::new();
        let (mut written, mut read): (BTreeSet<Use>, BTreeSet<Use>) = Default::default();
        for sighting in &extract.sightings {
            let Some(pattern) = claimed(&registry, id, sighting.kind, &sighting.pattern) else {
                faults.push(format!("{}: {} is not declared", module.name, sighting.pattern));
                continue;
            };
            let kind = if sighting.kind == Kind::Key { "key" } else { "channel" };
            if let Some(key) = registry.keys.iter().find(|key| kind == "key" && key.pattern.to_string() == pattern)
                && sighting.redis_type != key.redis_type.map(|of| of.name)
            {
                faults.push(format!("{}: {pattern} has the type {:?}", module.name, sighting.redis_type));
            }
            let bus = BUSES.iter().find(|(of, known, _)| *of == module.name && *known == pattern);
            if sighting.bus.as_deref() != bus.map_or(Some(module.bus.as_str()), |_| None) {
                faults.push(format!("{}: {pattern} is on {:?}", module.name, sighting.bus));
            }
            for access in &sighting.accesses {
                for (at, amount) in [&access.ttl, &access.bound].into_iter().enumerate() {
                    given.extend(amount.iter().map(|amount| (pattern.clone(), at, amount.clone())));
                }
                let reads =
                    matches!(access.mode, Mode::Read | Mode::Subscribe) || OF_GROUPS.contains(&access.command.as_str());
                let all = if reads { &mut read } else { &mut written };
                all.insert((kind, pattern.clone(), access.command.clone()));
            }
        }
        let wanted = registry.keys.iter().filter(|key| key.module == id).flat_map(|key| {
            let pattern = key.pattern.to_string();
            let amounts = amounts(key).into_iter().enumerate();
            amounts.filter_map(move |(at, amount)| Some((pattern.clone(), at, amount?)))
        });
        let wanted: BTreeSet<_> = wanted.collect();
        faults.extend(wanted.difference(&given).map(|one| format!("{}: TTL or bound not found: {one:?}", module.name)));
        faults.extend(
            given.difference(&wanted).map(|one| format!("{}: TTL or bound not declared: {one:?}", module.name)),
        );
        let declared = declared(&registry, id);
        faults.extend(declared.difference(&written).map(|one| format!("{}: not found: {one:?}", module.name)));
        faults.extend(written.difference(&declared).map(|one| format!("{}: not declared: {one:?}", module.name)));
        for key in &registry.keys {
            for consumer in key.consumers.iter().filter(|consumer| consumer.name == module.name) {
                for operation in consumer.reads.iter().filter(|operation| operation.name != "SUBSCRIBE") {
                    let one = ("key", key.pattern.to_string(), operation.name.clone());
                    if !read.contains(&one) {
                        faults.push(format!("{}: not found: reads {one:?}", module.name));
                    }
                }
            }
        }
        faults.extend(extract.unresolved.iter().map(|one| format!("{}: {one:?}", module.name)));
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
