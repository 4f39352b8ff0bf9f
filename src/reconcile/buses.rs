//! Sightings of which the origin cannot tell the bus, put on those that the registry says their parties use.

use std::collections::BTreeMap;

use super::rows::same_party;
use crate::extract::{Access, Kind, Sighting};
use crate::registry::{BusId, Pattern, Registry};

/// Gives each access of a sighting without a bus the bus on which its party is declared to have that name, else the bus
/// of its module, else the only bus that has the name. Where none of these tells it, the bus stays open.
#[must_use]
pub fn on_declared_buses(registry: &Registry, sightings: Vec<Sighting>) -> Vec<Sighting> {
    let split = |sighting: Sighting| {
        let open = sighting.bus.as_deref().is_none_or(|bus| registry.bus_named(bus).is_none());
        match Pattern::parse(&sighting.pattern) {
            Ok(pattern) if open => by_bus(registry, &pattern.shape(), sighting),
            _ => vec![sighting],
        }
    };
    sightings.into_iter().flat_map(split).collect()
}

fn by_bus(registry: &Registry, shape: &str, sighting: Sighting) -> Vec<Sighting> {
    let mut buses: BTreeMap<Option<String>, Vec<Access>> = BTreeMap::new();
    for access in &sighting.accesses {
        let bus = bus_of(registry, sighting.kind, shape, &access.module);
        let name = bus.map(|bus| registry.bus(bus).name.clone()).or_else(|| sighting.bus.clone());
        buses.entry(name).or_default().push(access.clone());
    }
    if buses.is_empty() {
        return vec![sighting];
    }
    buses.into_iter().map(|(bus, accesses)| Sighting { bus, accesses, ..sighting.clone() }).collect()
}

/// The bus on which a party has a name: its own entry's, that of an entry that it reads, or its module's.
fn bus_of(registry: &Registry, kind: Kind, wanted: &str, party: &str) -> Option<BusId> {
    let module = registry.modules.iter().position(|module| same_party(&module.name, party));
    let keys = registry.keys.iter().map(|key| (Kind::Key, &key.pattern, key.bus, key.module, &key.consumers));
    let channels = registry.channels.iter().map(|of| (Kind::Channel, &of.pattern, of.bus, of.module, &of.consumers));
    let same: Vec<_> =
        keys.chain(channels).filter(|(of, pattern, ..)| *of == kind && pattern.shape() == wanted).collect();
    let own = same.iter().find(|(_, _, _, owner, _)| Some(owner.0) == module);
    let read =
        || same.iter().find(|(.., consumers)| consumers.iter().any(|consumer| same_party(&consumer.name, party)));
    let entry = own.or_else(read).and_then(|(_, _, bus, ..)| *bus);
    // Of a party that is none of the registry's, the names may tell: if they are declared on one bus alone.
    let only = || {
        let first = same.first().and_then(|(_, _, bus, ..)| *bus);
        first.filter(|first| same.iter().all(|(_, _, bus, ..)| *bus == Some(*first)))
    };
    entry.or_else(|| module.and_then(|at| registry.bus_named(&registry.modules[at].bus))).or_else(only)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::{Certainty, Mode};
    use crate::registry::load_texts;

    #[test]
    fn each_party_is_on_the_bus_that_is_declared() {
        let texts = [
            ("registry.yaml", "keywire: 1\nname: example\nbuses: { a: {}, b: {} }\n"),
            ("modules/one.yaml", "module: one\nbus: a\nkeys: { x: { key: 'x:{id}', consumers: [{ name: three }] } }\n"),
            ("modules/two.yaml", "module: two\nbus: b\nkeys: { x: { key: 'x:{n}' } }\n"),
            ("modules/three.yaml", "module: three\nbus: b\n"),
        ];
        let registry = load_texts(texts.map(|(path, text)| (path.into(), text.to_owned()))).unwrap();
        let access = |module: &str| Access {
            module: module.to_owned(),
            place: None,
            command: "GET".to_owned(),
            mode: Mode::Read,
            ttl: None,
            bound: None,
            max_age: None,
            key_expr: None,
            certainty: Certainty::Certain,
            calls: None,
        };
        let accesses = ["one", "two", "three", "helper"].map(access).to_vec();
        let sighting = Sighting { pattern: "x:{any}".to_owned(), accesses, ..Sighting::default() };
        let found = on_declared_buses(&registry, vec![sighting.clone()]);
        let told: Vec<(Option<&str>, Vec<&str>)> = found
            .iter()
            .map(|of| (of.bus.as_deref(), of.accesses.iter().map(|access| access.module.as_str()).collect()))
            .collect();
        assert_eq!(told, [(None, vec!["helper"]), (Some("a"), vec!["one", "three"]), (Some("b"), vec!["two"])]);
        // What the code does tell stands.
        let told = Sighting { bus: Some("b".to_owned()), ..sighting };
        assert_eq!(on_declared_buses(&registry, vec![told.clone()]), [told]);
    }
}
