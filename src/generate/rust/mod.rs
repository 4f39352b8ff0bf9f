//! Rust of one module: typed params, payloads, config.

mod config;
mod dfa;
mod names;
mod params;
mod payloads;
pub mod support;
mod text;

pub use config::{ConfigField, config, config_fields};
pub use params::{ParamType, param_types, params};
pub use payloads::{PayloadType, payload_types, payloads};
