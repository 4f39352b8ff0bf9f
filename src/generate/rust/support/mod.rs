//! Run-time support of generated code: hand-written files, compiled here only to be tested, embedded as text.

mod replies;
mod slots;
mod values;
mod wire;
mod words;
