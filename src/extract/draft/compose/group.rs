//! What several sightings say of one name of one bus, in one place.

use std::collections::BTreeMap;

use super::super::super::{Access, Kind, Sighting};
use super::super::write::one_line;
use super::super::{Node, scalar::Context};
use super::Plan;
use crate::registry::Pattern;

/// All that is said of one key or channel.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub kind: Kind,
    pub bus: String,
    pub pattern: Pattern,
    /// The pattern with params told by their place and domain, not by their name.
    pub shape: String,
    /// Types that sightings give, with how many give it.
    pub types: BTreeMap<&'static str, usize>,
    pub accesses: Vec<Access>,
    pub params: BTreeMap<String, Node>,
    pub fields: Vec<(&'static str, Node)>,
    pub payloads: Vec<(String, Node)>,
    pub evidence: Vec<String>,
}

impl Group {
    /// A field that sightings give.
    pub fn field(&self, name: &str) -> Option<&Node> {
        self.fields.iter().find(|(known, _)| *known == name).map(|(_, node)| node)
    }
}

/// Sightings with their patterns.
type Said<'s> = Vec<(Pattern, &'s Sighting)>;

/// The sightings by name and bus, in a fixed order.
pub(super) fn groups(sightings: &[Sighting], plan: &Plan) -> Vec<Group> {
    let mut known: Vec<(Pattern, &Sighting)> =
        sightings.iter().filter_map(|sighting| Some((Pattern::parse(&sighting.pattern).ok()?, sighting))).collect();
    // The order of what is said must not matter: all is sorted by what it says.
    known.sort_by_cached_key(|(pattern, sighting)| (pattern.as_str().to_owned(), format!("{sighting:?}")));
    let domains = Domains::new(&known, plan);
    let mut groups: BTreeMap<(String, Kind, String), Said<'_>> = BTreeMap::new();
    for (pattern, sighting) in known {
        let bus = sighting.bus.clone().unwrap_or_else(|| plan.bus.clone());
        let shape = domains.shape(&bus, &pattern, sighting);
        groups.entry((bus, sighting.kind, shape)).or_default().push((pattern, sighting));
    }
    let mut groups: Vec<Group> =
        groups.into_iter().map(|((bus, kind, shape), of)| join(bus, kind, shape, of)).collect();
    groups.sort_by(|a, b| {
        (a.pattern.as_str(), &a.bus, a.kind, &a.shape).cmp(&(b.pattern.as_str(), &b.bus, b.kind, &b.shape))
    });
    groups
}

fn join(bus: String, kind: Kind, shape: String, of: Vec<(Pattern, &Sighting)>) -> Group {
    let pattern = spelling(&of);
    let mut group = Group {
        kind,
        bus,
        shape,
        types: BTreeMap::new(),
        accesses: Vec::new(),
        params: BTreeMap::new(),
        fields: Vec::new(),
        payloads: Vec::new(),
        evidence: Vec::new(),
        pattern,
    };
    let names: Vec<String> = group.pattern.params().map(str::to_owned).collect();
    for (pattern, sighting) in of {
        if let Some(redis_type) = sighting.redis_type {
            *group.types.entry(redis_type).or_default() += 1;
        }
        group.accesses.extend(sighting.accesses.iter().cloned());
        // A param goes by the name that the group gives to its place; others are those of fields' names.
        let place = |name: &str| pattern.params().position(|known| known == name).and_then(|at| names.get(at));
        for (name, node) in &sighting.params {
            let name = place(name).cloned().unwrap_or_else(|| name.clone());
            group.params.entry(name).or_insert_with(|| node.clone());
        }
        for (name, node) in &sighting.fields {
            if group.field(name).is_none() {
                group.fields.push((name, node.clone()));
            }
        }
        for (name, schema) in &sighting.payloads {
            if !group.payloads.iter().any(|(known, _)| known == name) {
                group.payloads.push((name.clone(), schema.clone()));
            }
        }
        for line in &sighting.evidence {
            if !group.evidence.contains(line) {
                group.evidence.push(line.clone());
            }
        }
    }
    group.accesses.sort();
    group.accesses.dedup();
    group
}

/// The spelling that most accesses use: then the shortest, then the first of the alphabet.
fn spelling(of: &[(Pattern, &Sighting)]) -> Pattern {
    let mut weights: BTreeMap<&str, (usize, &Pattern)> = BTreeMap::new();
    for (pattern, sighting) in of {
        weights.entry(pattern.as_str()).or_insert((0, pattern)).0 += sighting.accesses.len() + 1;
    }
    let best = weights
        .values()
        .min_by_key(|(weight, pattern)| (usize::MAX - weight, pattern.as_str().len(), pattern.as_str().to_owned()));
    // A group has a sighting at least.
    best.map_or_else(|| of[0].0.clone(), |(_, pattern)| (*pattern).clone())
}

/// What is known of the values of params, by the places of a pattern.
struct Domains(BTreeMap<String, Vec<String>>);

impl Domains {
    /// A param of which nothing is known may be the same as one of which something is: then there must be one only.
    fn new(known: &[(Pattern, &Sighting)], plan: &Plan) -> Self {
        let mut domains: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (pattern, sighting) in known {
            let bus = sighting.bus.as_deref().unwrap_or(&plan.bus);
            let of = domains.entry(place(bus, pattern, sighting.kind)).or_default();
            let domain = domain(pattern, sighting);
            if !domain.is_empty() && !of.contains(&domain) {
                of.push(domain);
            }
        }
        Self(domains)
    }

    fn shape(&self, bus: &str, pattern: &Pattern, sighting: &Sighting) -> String {
        // A channel and a key share a shape, so that one can declare the other.
        let own = domain(pattern, sighting);
        let of = self.0.get(&place(bus, pattern, sighting.kind));
        let domain = match of.map(Vec::as_slice) {
            Some([only]) if own.is_empty() => only.clone(),
            _ => own,
        };
        format!("{} {domain}", pattern.shape())
    }
}

fn place(bus: &str, pattern: &Pattern, kind: Kind) -> String {
    format!("{bus} {kind:?} {}", pattern.shape())
}

/// The params' domains by place; empty where nothing is known of any.
fn domain(pattern: &Pattern, sighting: &Sighting) -> String {
    let of = |name: &str| {
        let (_, node) = sighting.params.iter().find(|(known, _)| known == name)?;
        let parts: Vec<String> = ["type", "pattern", "values", "length"]
            .into_iter()
            .filter_map(|field| Some(format!("{field}={}", one_line(node.get(field)?, Context::Flow, 0))))
            .collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    };
    let domains: Vec<Option<String>> = pattern.params().map(of).collect();
    if domains.iter().all(Option::is_none) {
        return String::new();
    }
    domains.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>().join("|")
}
