//! What the declared commands of a key can do to its size and its time to live.
//!
//! Reads the overlay of the command table; what is wrong with the answers is for rules to say.

use crate::registry::{Key, Operation, ParamKind, Registry, Shape, Ttl};
use crate::server::commands::{Bound, Effect, Expiry, Size};

/// The effects of the operations that write a key, each with its operation.
pub(super) fn effects(key: &Key) -> impl Iterator<Item = (&Operation, Effect)> {
    key.operations.iter().flat_map(|operation| {
        operation.command.into_iter().flat_map(move |command| command.effects().map(move |effect| (operation, effect)))
    })
}

/// Can nothing be concluded from its operations: none writes, one is unknown, or one is a script?
pub(super) fn is_unclear(key: &Key) -> bool {
    let mut commands = key.operations.iter().map(|operation| operation.command);
    commands.any(|command| command.is_none_or(|command| command.runs_code())) || effects(key).next().is_none()
}

/// The first operation that makes a key larger with each call. Setting known fields of a hash anew does not.
pub(super) fn growing_operation<'a>(registry: &Registry, key: &'a Key) -> Option<&'a Operation> {
    // A document is set as a whole as a rule; only its parts grow.
    let whole = |operation: &Operation| matches!(operation.name.as_str(), "JSON.SET" | "JSON.MSET" | "JSON.MERGE");
    let growing = effects(key).find(|(operation, effect)| effect.can_grow() && !whole(operation)).map(|(op, _)| op)?;
    let known = match (&key.shape, key.redis_type.map(|redis_type| redis_type.name)) {
        (Shape::Fields(fields), _) => fields.iter().all(|field| {
            field.name.params().all(|param| {
                let param = registry.param(key.module, param);
                !param.from.is_empty() || matches!(param.kind, ParamKind::Enum(_))
            })
        }),
        (Shape::Opaque, Some("hash")) | (_, None) => true,
        _ => false,
    };
    (!known).then_some(growing)
}

/// Does an operation, or a consumer that takes what it reads, make the key smaller?
pub(super) fn is_drained(key: &Key) -> bool {
    effects(key).any(|(_, effect)| takes_out(effect)) || is_consumed(key)
}

/// Does a consumer take out what it reads, as from a queue?
pub(super) fn is_consumed(key: &Key) -> bool {
    let reads = key.consumers.iter().flat_map(|consumer| &consumer.reads);
    reads.filter_map(|read| read.command).flat_map(|command| command.effects()).any(takes_out)
}

/// Does the effect take elements out of a key, or set it anew, in each of its forms?
pub(super) fn takes_out(effect: Effect) -> bool {
    matches!(effect.size, Size::Shrinks | Size::Removes | Size::Replaces | Size::Trims(_)) || trims_if_asked(effect)
}

/// XTRIM and the like: each of its forms trims, though by different bounds.
fn trims_if_asked(effect: Effect) -> bool {
    effect.can_shrink() && !effect.can_grow()
}

/// Is there an effect that keeps a bound by one of `wanted`, or that takes out what its caller chooses?
pub(super) fn keeps_bound(key: &Key, wanted: &[Bound]) -> bool {
    effects(key).any(|(_, effect)| {
        matches!(effect.size, Size::Shrinks | Size::Removes | Size::Replaces)
            || effect.bounds().iter().any(|bound| wanted.contains(bound))
    })
}

/// The first operation that trims by anything but `wanted`.
pub(super) fn trims_otherwise<'a>(key: &'a Key, wanted: &[Bound]) -> Option<&'a Operation> {
    let other = |effect: Effect| effect.bounds().iter().any(|bound| !wanted.contains(bound));
    effects(key).find(|(_, effect)| other(*effect)).map(|(operation, _)| operation)
}

/// Is it to expire?
pub(super) fn has_ttl(key: &Key) -> bool {
    matches!(key.retention.ttl, Some(Ttl::Fixed(_) | Ttl::Range { .. } | Ttl::Sliding(_)))
}

/// EXPIRE and its kin: they give a TTL, and do nothing else.
pub(super) fn only_expires(effect: Effect) -> bool {
    effect.expiry == Expiry::Sets && effect.size == Size::Neutral
}

/// Do fields or entries go away by themselves when they are old?
pub(super) fn keeps_bound_by_age(key: &Key) -> bool {
    effects(key).any(|(_, effect)| effect.bounds().contains(&Bound::Age))
}
