//! The harness: runs a test on every flavour of server that this machine has, and says which it ran on.
//!
//! In: a closure over a running server. Out: a failure named by its server, or the plain word that one was skipped.
//! The workers' tests include this file as well.

use std::future::Future;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::OnceLock;

use keywire::server::Flavour;
use keywire::server::embedded::{EmbeddedServer, ServerBinary};

/// Tells whoever runs the tests, also of a test that passes: the test runner swallows what `eprintln!` says there.
pub fn say(line: &str) {
    std::io::stderr().write_all(format!("{line}\n").as_bytes()).unwrap();
}

/// The servers of this machine, one per flavour; looked up once, and announced once.
///
/// # Panics
/// When there is none: a test that ran on nothing has not passed.
pub fn all() -> &'static [ServerBinary] {
    static FOUND: OnceLock<Vec<ServerBinary>> = OnceLock::new();
    FOUND.get_or_init(|| {
        let found = EmbeddedServer::find_all().unwrap_or_else(|error| panic!("{error:#}"));
        for binary in &found {
            say(&format!("server tests run on {binary}"));
        }
        for flavour in [Flavour::Redis, Flavour::Valkey] {
            if found.iter().all(|binary| binary.flavour != flavour) {
                say(&format!("server tests on {flavour} SKIPPED: none here; `make servers` tries to install one"));
            }
        }
        assert!(!found.is_empty(), "no server to test on: run `make servers`, or set KEYWIRE_SERVER");
        found
    })
}

/// Runs the test on each server, a fresh one each time.
pub fn for_each_server(test: impl Fn(&EmbeddedServer)) {
    for_each_server_with(&[], test);
}

/// The same, with arguments for the server.
pub fn for_each_server_with(arguments: &[&str], test: impl Fn(&EmbeddedServer)) {
    for binary in all() {
        let server = EmbeddedServer::start(binary, arguments).unwrap_or_else(|error| panic!("{error:#}"));
        if let Err(failure) = catch_unwind(AssertUnwindSafe(|| test(&server))) {
            say(&format!("the failure above was on {binary}"));
            resume_unwind(failure);
        }
    }
}

/// The process of a server, as it says itself.
pub fn process_id(server: &EmbeddedServer) -> u32 {
    let mut connection = redis::Client::open(server.url()).unwrap().get_connection().unwrap();
    let info: redis::InfoDict = redis::cmd("INFO").arg("server").query(&mut connection).unwrap();
    info.get("process_id").unwrap()
}

/// Sends a signal, `-STOP` say, to a process that a test started.
pub fn signal(word: &str, process: u32) {
    let kill = std::process::Command::new("kill").args([word, &process.to_string()]).status();
    assert!(kill.unwrap().success());
}

/// Runs the asynchronous part of a test.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}
