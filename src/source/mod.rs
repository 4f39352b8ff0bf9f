//! Text with places: files, a tree of YAML nodes with byte spans, and line/column arithmetic.
//!
//! Takes file contents; gives [`Node`] trees and [`SourceFile`]s that turn spans into places. It knows nothing of
//! registries: what the nodes mean is the business of `registry`.

mod file;
mod suggest;
mod yaml;

pub use file::{FileId, Place, SourceFile, Sources, Span};
pub use suggest::closest;
pub use yaml::{Entry, Node, NodeKind, SyntaxError, parse};
