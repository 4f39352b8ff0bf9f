//! Which patterns are one: by their bus, by the name that others have for them, and by globs.

use super::{GLOB, Groups, Shape, shape};

/// What is on an unknown bus is on that of the same pattern, if there is one.
pub(super) fn adopt(groups: &mut Groups) {
    let unknown: Vec<_> = groups.keys().filter(|key| key.2.is_none()).cloned().collect();
    for key in unknown {
        let named: Vec<_> =
            groups.keys().filter(|other| other.0 == key.0 && other.1 == key.1 && other.2.is_some()).cloned().collect();
        if let [only] = named.as_slice()
            && let Some(found) = groups.remove(&key)
        {
            groups.entry(only.clone()).or_default().extend(found);
        }
    }
}

/// What a call has a more general name for is that, where others know it by that name too.
pub(super) fn generalise(groups: &mut Groups) {
    let keys: Vec<_> = groups.keys().cloned().collect();
    for key in keys {
        let Some(group) = groups.get_mut(&key) else { continue };
        if group.iter().all(|(_, found)| found.general.is_none()) {
            continue;
        }
        let (moved, kept): (Vec<_>, Vec<_>) =
            std::mem::take(group).into_iter().partition(|(_, found)| found.general.is_some());
        *group = kept;
        for (own, found) in moved {
            let general = found.general.as_ref().map(shape).filter(|general| {
                let known = groups.get(&(key.0, general.skeleton.clone(), key.2.clone()));
                general.skeleton != key.1 && known.is_some_and(|known| !known.is_empty())
            });
            let to = general.as_ref().map_or_else(|| key.clone(), |of| (key.0, of.skeleton.clone(), key.2.clone()));
            groups.entry(to).or_default().push((general.unwrap_or(own), found));
        }
    }
    groups.retain(|_, group| !group.is_empty());
}

/// A glob stands for the patterns that it finds, where there are any.
pub(super) fn unglob(groups: &mut Groups) {
    let globs: Vec<_> = groups.keys().filter(|key| key.1.contains(GLOB)).cloned().collect();
    let plain: Vec<_> = groups.keys().filter(|key| !key.1.contains(GLOB)).cloned().collect();
    for glob in globs {
        let bus = |other: &Option<String>| *other == glob.2 || glob.2.is_none() || other.is_none();
        let hit: Vec<_> = plain
            .iter()
            .filter(|other| other.0 == glob.0 && bus(&other.2) && covers(&glob.1, &other.1))
            .cloned()
            .collect();
        if hit.is_empty() {
            continue;
        }
        let Some(found) = groups.remove(&glob) else { continue };
        for other in hit {
            for (_, found) in &found {
                let holes = groups.get(&other).and_then(|known| known.first()).map(|(shape, _)| shape.holes.clone());
                let shape = Shape { skeleton: other.1.clone(), holes: holes.unwrap_or_default() };
                groups.entry(other.clone()).or_default().push((shape, found.clone()));
            }
        }
    }
}

/// Does a skeleton with globs stand for another without?
fn covers(glob: &str, other: &str) -> bool {
    let mut parts = glob.split(GLOB);
    let Some(mut rest) = parts.next().and_then(|front| other.strip_prefix(front)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}
