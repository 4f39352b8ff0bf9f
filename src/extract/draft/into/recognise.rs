//! Which declared entry a drafted one is: by the names it claims, whatever it is called and whoever owns it.

use crate::extract::Kind;
use crate::registry::automaton::{Answer, Language, beyond, overlap};
use crate::registry::{Address, Claim, ModuleId, Pattern, Registry, more_specific};

/// A key or channel of a registry, in what matters to tell it from others.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub kind: Kind,
    pub name: &'a str,
    pub module: ModuleId,
    pub bus: String,
    pub pattern: &'a Pattern,
    pub address: &'a Address,
    language: Option<Language>,
}

/// How a drafted entry relates to declared ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// It is this one.
    Same(usize),
    /// Its names are some of those that this one claims.
    Inside(usize),
    /// It shares names with this one, and neither would be more specific.
    Crossing(usize),
    /// It is new.
    New,
}

/// The entries that stand written: a channel that a key implies does not.
pub(super) fn entries(registry: &Registry) -> Vec<Entry<'_>> {
    // As written, where no bus of that name is declared yet.
    let bus = |module: ModuleId, address: &Address| {
        let written = super::at_path(&registry.trees[address.tree], &address.path);
        let own = written.and_then(|node| node.get("bus")).and_then(crate::source::Node::text);
        own.unwrap_or(&registry.module(module).bus).to_owned()
    };
    let entry = |kind, name, module, bus, pattern, address| {
        let claim = Claim::new((), pattern, registry, module).ok();
        let language = claim.and_then(|claim| Language::new(claim.expression()).ok());
        Entry { kind, name, module, bus, pattern, address, language }
    };
    let keys = registry.keys.iter();
    let keys = keys
        .map(|key| entry(Kind::Key, &*key.name, key.module, bus(key.module, &key.address), &key.pattern, &key.address));
    let channels = registry.channels.iter().filter(|channel| channel.from_key.is_none()).map(|channel| {
        entry(
            Kind::Channel,
            &*channel.name,
            channel.module,
            bus(channel.module, &channel.address),
            &channel.pattern,
            &channel.address,
        )
    });
    keys.chain(channels).collect()
}

/// Looks a drafted entry up among declared ones. `owner` says which of them are of the same module.
pub(super) fn relation(draft: &Entry<'_>, declared: &[Entry<'_>], owner: impl Fn(&Entry<'_>) -> bool) -> Relation {
    let near =
        |entry: &Entry<'_>| entry.kind == draft.kind && entry.bus == draft.bus && entry.pattern.may_meet(draft.pattern);
    let (mut same, mut inside, mut crossing) = (Vec::new(), Vec::new(), None);
    for (at, entry) in declared.iter().enumerate().filter(|(_, entry)| near(entry)) {
        let meets = match (&draft.language, &entry.language) {
            (Some(draft), Some(entry)) => overlap(draft, entry) != Answer::Empty,
            _ => true,
        };
        if entry.pattern.shape() == draft.pattern.shape() {
            same.push((!meets, !owner(entry), entry.name != draft.name, at));
        } else if meets {
            let is_inside = match (&draft.language, &entry.language) {
                (Some(draft), Some(entry)) => beyond(draft, &[entry]) == Answer::Empty,
                _ => false,
            };
            if is_inside {
                inside.push(at);
            } else if !more_specific(entry.pattern, draft.pattern) && !more_specific(draft.pattern, entry.pattern) {
                crossing = crossing.or(Some(at));
            }
        }
    }
    // Values of params that nobody has seen yet do not make another key of it.
    if let Some((.., at)) = same.into_iter().min() {
        return Relation::Same(at);
    }
    let narrowest = inside
        .iter()
        .copied()
        .reduce(|best, at| if more_specific(declared[at].pattern, declared[best].pattern) { at } else { best });
    match (narrowest, crossing) {
        (Some(at), _) => Relation::Inside(at),
        (None, Some(at)) => Relation::Crossing(at),
        (None, None) => Relation::New,
    }
}
