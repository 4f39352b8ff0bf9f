//! keywire.
fn main() {}
