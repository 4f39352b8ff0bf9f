//! The tests that need servers: one binary, which starts its own. `make test` installs the servers first.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr, missing_docs)]

mod acl;
mod check_rules;
#[cfg(feature = "testing")]
mod ci;
mod cluster;
mod connect;
#[cfg(feature = "testing")]
mod contract;
mod database;
mod demo;
mod deployments;
mod embedded;
mod empty_servers;
#[cfg(feature = "testing")]
mod fill;
#[cfg(feature = "testing")]
mod generated_drive;
mod grammar;
mod groups;
mod import_verify;
#[cfg(feature = "testing")]
mod infer;
#[cfg(feature = "testing")]
mod infer_layouts;
mod infer_origins;
mod init_module;
mod monitor;
mod monitor_trouble;
#[cfg(feature = "testing")]
mod multi_bus;
#[cfg(feature = "testing")]
mod mutation_kinds;
#[cfg(feature = "testing")]
mod mutations;
mod overheard;
mod pages;
#[cfg(feature = "testing")]
mod planned_writes;
mod programs;
mod proxy;
mod rdb;
mod read_only;
mod reconcile;
mod report_files;
mod same_answer;
mod sentinel;
mod servers;
mod tls;
mod tls_servers;
#[cfg(feature = "testing")]
mod torture;
mod traffic;
mod verify;
mod verify_cli;
mod verify_files;
mod walkthroughs;
mod watch_cli;
#[cfg(feature = "testing")]
mod web_shop;
mod whole_cluster;
