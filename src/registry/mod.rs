//! The registry: a folder of YAML in, the immutable [`Registry`] out.
//!
//! What was written is checked against `format` (all faults at once), then resolved into the `model` (what it means).
//! [`load`] is the entry. Nothing here knows of servers' data, rules or reports.

mod amount;
pub mod automaton;
mod bundle;
pub mod format;
mod load;
mod matcher;
mod model;
mod param;
mod pattern;
mod queries;
mod resolve;

pub use amount::{Amount, duration, format_duration};
pub use load::{LoadError, load, load_texts, read_folder};
pub use matcher::{Claim, Matcher, glob_expression, glob_matches, more_specific};
pub use model::*;
pub use param::{Param, ParamKind};
pub use pattern::{Pattern, Token};
