//! Documents -> a draft registry: wiring docs in Markdown, AsyncAPI documents, lists of keys.
//!
//! Each form of document is one file that reads into `record`; `compose` makes the draft. What could not be understood is
//! listed with its line.

mod page;
mod record;
mod wiring;
