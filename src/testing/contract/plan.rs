//! Which writes there are: those of the generated writers, as the plan of the generated code has them.

use super::{ArgumentSpec, WriteSpec};
use crate::generate::rust::plan::{self, ArgumentKind, EntryId, WriteMethod};
use crate::registry::{ModuleId, Registry};

/// The writes of a module's generated writers, on its own bus: keys on other buses have batches of their own, which a
/// contract with one server cannot drive.
pub(super) fn writes_of(registry: &Registry, module: ModuleId) -> Vec<WriteSpec> {
    let own = registry.bus_named(&registry.module(module).bus);
    let methods = plan::writes(registry, module).into_iter().filter(|method| method.entry.bus(registry) == own);
    methods.filter_map(|method| spec(registry, module, method)).collect()
}

/// `None` for an entry whose bus is not declared: lint speaks of it.
fn spec(registry: &Registry, module: ModuleId, method: WriteMethod) -> Option<WriteSpec> {
    let key = match method.entry {
        EntryId::Key(id) => Some(id),
        EntryId::Channel(_) => None,
    };
    let params = method.params.iter().map(|param| (param.clone(), ArgumentSpec::Param(param.clone())));
    let arguments = method
        .arguments
        .iter()
        .map(|argument| (argument.name.clone(), argument_spec(registry, module, &argument.kind)));
    Some(WriteSpec {
        bus: method.entry.bus(registry)?,
        key,
        arguments: params.chain(arguments).collect(),
        method: method.name.clone(),
    })
}

fn argument_spec(registry: &Registry, module: ModuleId, kind: &ArgumentKind) -> ArgumentSpec {
    match kind {
        ArgumentKind::Value(value) => ArgumentSpec::Value(value.clone()),
        ArgumentKind::OptionalValue(value) => ArgumentSpec::OptionalValue(value.clone()),
        ArgumentKind::Score(value) => ArgumentSpec::Score(value.clone()),
        ArgumentKind::Param(param) => ArgumentSpec::Param(param.clone()),
        ArgumentKind::Integer => ArgumentSpec::Integer,
        ArgumentKind::Count => ArgumentSpec::Count,
        ArgumentKind::Number => ArgumentSpec::Number,
        ArgumentKind::Flag => ArgumentSpec::Flag,
        ArgumentKind::Ttl(range) => {
            let resolve = |amount| registry.duration(module, amount);
            ArgumentSpec::Ttl(range.as_ref().and_then(|(min, max)| resolve(min).zip(resolve(max))))
        }
        ArgumentKind::Text
        | ArgumentKind::Texts
        | ArgumentKind::Bound
        | ArgumentKind::Limit
        | ArgumentKind::Wait
        | ArgumentKind::OptionalWait
        | ArgumentKind::Names
        | ArgumentKind::Raw => ArgumentSpec::Words,
    }
}
