//! Payloads as Rust types: JSON Schema -> `shape` (`lower`, `objects`, `references`) -> text (`types`, `checks`).

mod checks;
mod lower;
mod objects;
mod references;
mod shape;
mod types;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};

use super::{names, text};
use crate::registry::{Consumer, ModuleId, Party, PayloadId, Registry, Value};
use lower::Lowering;

/// A payload and its type in `payloads.rs`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayloadType {
    /// The payload.
    pub payload: PayloadId,
    /// The Rust type, to be found in the generated module `payloads`.
    pub rust: String,
}

/// The payloads that a module has a type for, in the order of the registry: those of its keys and channels, those of
/// entries it reads, and all that they refer to.
#[must_use]
pub fn payload_types(registry: &Registry, module: ModuleId) -> Vec<PayloadType> {
    let reads = |consumers: &[Consumer]| consumers.iter().any(|consumer| consumer.party == Party::Module(module));
    let keys = registry.keys.iter().filter(|key| key.module == module || reads(&key.consumers));
    let channels = registry.channels.iter().filter(|channel| channel.module == module || reads(&channel.consumers));
    let values = keys.flat_map(|key| key.values()).chain(channels.filter_map(|channel| channel.message.as_ref()));
    let direct = values.filter_map(|value| match value {
        Value::Payload(id) => Some(*id),
        Value::Scalar(_) | Value::Unknown(_) => None,
    });
    let with_references = |id: PayloadId| {
        std::iter::once(id).chain(registry.payload(id).references.iter().map(|(_, referred)| *referred))
    };
    let ids: BTreeSet<PayloadId> = direct.flat_map(with_references).collect();
    let mut scope = names::Scope::default();
    let mut types: BTreeMap<PayloadId, String> = BTreeMap::new();
    // Own names first: a payload of another module that is called alike bears that module's name as well.
    let is_own = |id: &PayloadId| registry.payload(*id).module.is_none_or(|owner| owner == module);
    for id in ids.iter().filter(|id| is_own(id)) {
        types.insert(*id, scope.take(&names::type_name(&registry.payload(*id).name)));
    }
    for id in ids.iter().filter(|id| !is_own(id)) {
        let payload = registry.payload(*id);
        let wanted = names::type_name(&payload.name);
        let known = types.values().any(|name| *name == wanted);
        let owner = payload.module.map(|owner| registry.module(owner).name.as_str()).unwrap_or_default();
        let wanted = if known { names::type_name(&format!("{owner}_{}", payload.name)) } else { wanted };
        types.insert(*id, scope.take(&wanted));
    }
    types.into_iter().map(|(payload, rust)| PayloadType { payload, rust }).collect()
}

/// Text of `payloads.rs`.
///
/// # Errors
/// When a payload cannot be expressed: which, and why.
pub fn payloads(registry: &Registry, module: ModuleId) -> Result<String> {
    let types = payload_types(registry, module);
    let mut scope = names::Scope::default();
    types.iter().for_each(|payload| drop(scope.take(&payload.rust)));
    let named = types.iter().map(|payload| (payload.payload, payload.rust.clone())).collect();
    let mut lowering = Lowering::new(registry, named, scope);
    for PayloadType { payload, rust } in &types {
        let written = registry.payload(*payload);
        lowering
            .root(*payload, &written.schema, rust)
            .with_context(|| format!("cannot generate Rust for the payload `{}`", written.name))?;
    }
    let mut code = String::new();
    for item in &lowering.items {
        code.push_str(&types::item(item));
        code.push_str(&checks::item(item));
    }
    if code.contains("transform = exactly_one") {
        code.push_str(types::EXACTLY_ONE);
    }
    for (pattern, name, table) in &lowering.tables {
        let doc = format!("The automaton of the pattern `{}`.", pattern.replace('`', "'").replace('\n', " "));
        code.push_str(&table.to_rust(name, &doc));
    }
    Ok(head(&registry.module(module).name, &code) + &code)
}

/// Documentation and imports, of what the code speaks of.
fn head(module: &str, code: &str) -> String {
    let mut head = format!("//! The payloads that `{module}` writes and reads.\n{}\n", text::ALLOW);
    if code.is_empty() {
        return head;
    }
    let called = [
        ("Dfa", ": Dfa"),
        ("Invalid", "Invalid"),
        ("Payload", "Payload"),
        ("Object", "Object("),
        ("as_variant", "as_variant::<"),
        ("byte_classes", "byte_classes("),
        ("characters", "characters("),
        ("each", "each("),
        ("each_value", "each_value("),
        ("is_date", "is_date("),
        ("is_date_time", "is_date_time("),
        ("is_ipv4", "is_ipv4("),
        ("is_ipv6", "is_ipv6("),
        ("is_multiple", "is_multiple("),
        ("is_time", "is_time("),
        ("is_uuid", "is_uuid("),
        ("nullable", "\"nullable\""),
        ("present", "\"present\""),
        ("rule", "rule("),
        ("unique", "unique("),
        ("word", "word(from"),
    ];
    let used: Vec<&str> = called.iter().filter(|(_, call)| code.contains(call)).map(|(name, _)| *name).collect();
    head.push_str(&text::import("super::support", &used));
    head.push_str("use schemars::JsonSchema;\nuse serde::{Deserialize, Serialize};\n");
    if code.contains("BTreeMap<") {
        head.push_str("use std::collections::BTreeMap;\n");
    }
    head
}
