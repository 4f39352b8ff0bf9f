//! Do two declarations of one fact agree? What one of them does not know, it does not contradict.

use std::time::Duration;

use crate::registry::{Amount, MaxEntries, ModuleId, Registry, Ttl};

/// A registry with a module of it, in whose config variables amounts are read.
pub type Reader<'a> = (&'a Registry, ModuleId);

/// Do two times to live agree? One that each write sets anew agrees with the same one set once: few witnesses can tell.
#[must_use]
pub fn ttl(a: (&Ttl, Reader<'_>), b: (&Ttl, Reader<'_>)) -> bool {
    if a.0 == b.0 {
        return true;
    }
    let none = |ttl: &Ttl| matches!(ttl, Ttl::None);
    if none(a.0) || none(b.0) {
        return none(a.0) && none(b.0);
    }
    match (range(a), range(b)) {
        (Some((a_min, a_max)), Some((b_min, b_max))) => {
            // A range agrees with what lies in it, and one without a beginning, which is of what was left, with all above it.
            let no_beginning = |min: Duration, max: Duration| min <= Duration::from_secs(1) && min < max;
            (a_min <= b_min && b_max <= a_max)
                || (b_min <= a_min && a_max <= b_max)
                || (no_beginning(a_min, a_max) && a_max <= b_max)
                || (no_beginning(b_min, b_max) && b_max <= a_max)
        }
        _ => true,
    }
}

/// Does what is left of a time to live agree with what is declared? It runs down, so that less is always possible; what was
/// drafted of it may have been rounded up a little, and a range has room for what was not seen.
#[must_use]
pub fn ttl_left(declared: (&Ttl, Reader<'_>), left: (&Ttl, Reader<'_>)) -> bool {
    if matches!(declared.0, Ttl::None) != matches!(left.0, Ttl::None) {
        return false;
    }
    match (range(declared), range(left)) {
        (Some((_, declared)), Some((left, _))) => left.mul_f64(0.97) <= declared.saturating_add(Duration::from_secs(2)),
        _ => true,
    }
}

fn range((ttl, (registry, module)): (&Ttl, Reader<'_>)) -> Option<(Duration, Duration)> {
    let of = |amount: &Amount<Duration>| registry.duration(module, amount);
    match ttl {
        Ttl::None => None,
        Ttl::Fixed(amount) | Ttl::Sliding(amount) => of(amount).map(|duration| (duration, duration)),
        Ttl::Range { min, max } => Some((of(min)?, of(max)?)),
    }
}

/// Do two bounds agree? Whether trimming may be approximate is no matter of how many.
#[must_use]
pub fn bound(a: (&MaxEntries, Reader<'_>), b: (&MaxEntries, Reader<'_>)) -> bool {
    let count = |(bound, (registry, module)): (&MaxEntries, Reader<'_>)| registry.count(module, &bound.count);
    match (count(a), count(b)) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    }
}
