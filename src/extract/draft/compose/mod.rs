//! x
use super::super::Sighting;
use super::Draft;
/// x
#[derive(Debug)]
pub struct Plan {
    /// Name of the system.
    pub name: String,
    /// The bus of what names none.
    pub bus: String,
    /// The owner of what nobody is known to write.
    pub module: String,
}
/// x
#[must_use]
pub fn compose(_sightings: &[Sighting], _plan: &Plan) -> Draft {
    Draft::default()
}
