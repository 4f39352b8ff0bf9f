//! Which writes there are: those of the generated writers.

use super::WriteSpec;
use crate::registry::{ModuleId, Registry};

/// The writes of a module's generated writers. None until the plan of the generated code can be asked.
pub(super) fn writes_of(_registry: &Registry, _module: ModuleId) -> Vec<WriteSpec> {
    Vec::new()
}
