//! The Redis libraries of Rust.

use super::super::Clients;

/// What they look like.
pub(super) static CLIENTS: Clients = Clients {
    modules: &["redis", "fred"],
    makers: &[],
    types: &[],
    gives: &[],
    command: |_, _, _| None,
    whole: None,
    telling: &[],
    names: &[],
    methods: &[],
    functions: &[],
};
