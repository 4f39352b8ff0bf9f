//! Wiring documents in Markdown.

mod amounts;
mod lifecycle;
mod names;
mod operations;
mod readers;
mod words;
