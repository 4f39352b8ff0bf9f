//! stub
use super::{Artefact, Target};
use crate::registry::{ModuleId, Registry};
use crate::settings::GenerateSettings;
use anyhow::Result;
/// `markdown`.
pub static TARGET: Target = Target { name: "markdown", about: "The wiring docs.", generate };
fn generate(_: &Registry, _: &[ModuleId], _: &GenerateSettings) -> Result<Vec<Artefact>> {
    Ok(vec![])
}
