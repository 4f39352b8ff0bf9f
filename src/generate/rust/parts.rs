//! The seam.
use super::types::Place;
use crate::registry::{ModuleId, PayloadId, Registry};
use anyhow::Result;

pub(super) fn payload(place: Place<'_>, id: PayloadId) -> String {
    super::payload_types(place.registry, place.module)
        .into_iter()
        .find(|it| it.payload == id)
        .map(|it| it.rust)
        .unwrap_or_default()
}
pub(super) fn param(place: Place<'_>, name: &str) -> String {
    super::param_types(place.registry, place.module)
        .into_iter()
        .find(|it| it.param.name == name)
        .map(|it| it.rust)
        .unwrap_or_default()
}
pub(super) fn config_field(place: Place<'_>, variable: &str) -> (String, String) {
    super::config_fields(place.registry, place.module)
        .into_iter()
        .find(|it| it.variable == variable)
        .map(|it| (it.field, it.rust))
        .unwrap_or_default()
}
pub(super) fn payloads(registry: &Registry, module: ModuleId) -> Result<String> {
    super::payloads(registry, module)
}
pub(super) fn params(registry: &Registry, module: ModuleId) -> Result<String> {
    super::params(registry, module)
}
pub(super) fn config(registry: &Registry, module: ModuleId) -> Result<String> {
    super::config(registry, module)
}
