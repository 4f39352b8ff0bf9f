//! The tests that need servers: one binary, which starts its own. `make test` installs the servers first.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr, missing_docs)]

mod connect;
mod demo;
mod embedded;
mod pages;
mod servers;
mod tls;
mod walkthroughs;
