//! Run-time support of generated code: hand-written files, compiled here only to be tested, embedded as text.

pub mod replies;
pub mod slots;
pub mod values;
pub mod wire;
pub mod words;
