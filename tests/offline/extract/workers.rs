//! What extract finds in the workers of this repository is what their registry says.

use std::collections::BTreeSet;
use std::path::Path;

use keywire::extract::code::{Extract, Known, extract};
use keywire::extract::{Kind, Mode};
use keywire::registry::{Claim, ModuleId, Pattern, Registry};

use crate::pipeline;

/// A command on a key or channel of the registry.
type Use = (&'static str, String, String);

fn found(module: &str) -> Extract {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("workers");
    let paths = [module, "chassis", "massive_client"].map(|name| root.join(name).join("src"));
    extract(&paths, Some("rust"), &Known::default()).unwrap()
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

/// Commands by which a reader takes part in a group: they write its state, and belong to reading.
const OF_GROUPS: &[&str] = &["XGROUP CREATE", "XREADGROUP", "XAUTOCLAIM", "XCLAIM", "XACK"];

#[test]
fn extract_of_the_workers_is_their_registry() {
    let registry = pipeline();
    let mut faults = Vec::new();
    for (at, module) in registry.modules.iter().enumerate() {
        let id = ModuleId(at);
        let extract = found(&module.name);
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
            for access in &sighting.accesses {
                let reads =
                    matches!(access.mode, Mode::Read | Mode::Subscribe) || OF_GROUPS.contains(&access.command.as_str());
                let all = if reads { &mut read } else { &mut written };
                all.insert((kind, pattern.clone(), access.command.clone()));
            }
        }
        let own_keys = registry.keys.iter().filter(|key| key.module == id);
        let keys = own_keys
            .flat_map(|key| key.operations.iter().map(|operation| (key.pattern.to_string(), operation.name.clone())));
        let declared = keys.map(|(pattern, name)| (if name == "PUBLISH" { "channel" } else { "key" }, pattern, name));
        let mut declared: BTreeSet<Use> = declared.collect();
        let own_channels = registry.channels.iter().filter(|channel| channel.module == id);
        declared.extend(own_channels.map(|channel| ("channel", channel.pattern.to_string(), "PUBLISH".to_owned())));
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
