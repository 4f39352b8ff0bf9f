//! Traffic for a test: lines such as `app> SET app:mode fast`, sent to a real server, as calls with what became of them.

use std::collections::HashMap;
use std::sync::Arc;

use keywire::check::traffic::{Judge, Options, Verdict};
use keywire::check::{self, Checker};
use keywire::observe::traffic::{Call, Client, Event, Outcome, Within};
use keywire::registry::{BusId, Registry};
use redis::Connection;

use crate::database::{command, open};

/// When the first call of a test is made: 2026-01-01, a microsecond after which comes the next.
pub const BEGIN_US: u64 = 1_767_225_600_000_000;

/// Clients by name, each with a connection of its own.
pub struct Clients {
    url: String,
    connections: HashMap<String, (u64, Connection, Vec<Call>)>,
    clock_us: u64,
}

impl Clients {
    pub fn new(url: &str) -> Self {
        Self { url: url.to_owned(), connections: HashMap::new(), clock_us: BEGIN_US }
    }

    /// Sends one line, and gives the calls that were executed by then.
    pub fn send(&mut self, line: &str) -> Vec<Call> {
        let (name, line) = line.split_once("> ").unwrap_or_else(|| panic!("no client in `{line}`"));
        self.clock_us += 1;
        let number = self.connections.len() as u64;
        let url = &self.url;
        let entry = self.connections.entry(name.to_owned()).or_insert_with(|| (number, open(url), Vec::new()));
        let (connection, link, queued) = entry;
        let client = Client { name: Some(name.to_owned()), ..Client::default() };
        let words: Vec<Vec<u8>> = line.split_whitespace().map(|word| word.as_bytes().to_vec()).collect();
        let is = |name: &str| words[0].eq_ignore_ascii_case(name.as_bytes());
        let mut call = Call {
            at_us: self.clock_us,
            client: Arc::new(client),
            connection: *connection,
            database: 0,
            words: words.clone(),
            cut: Vec::new(),
            within: Within::Nothing,
            outcome: Outcome::Unknown,
        };
        if is("SUBSCRIBE") || is("PSUBSCRIBE") {
            return vec![call]; // It would take the connection with it.
        }
        let reply = command(line).query::<redis::Value>(link);
        call.outcome = match reply.and_then(redis::Value::extract_error) {
            Ok(redis::Value::SimpleString(text)) if text == "QUEUED" => {
                queued.push(Call { within: Within::Transaction, outcome: Outcome::Done, ..call });
                return Vec::new();
            }
            Ok(_) => Outcome::Done,
            Err(error) => Outcome::Failed(error.code().unwrap_or("ERR").to_owned()),
        };
        let mut calls = if is("EXEC") { std::mem::take(queued) } else { Vec::new() };
        calls.push(call);
        calls
    }
}

/// The verdict on some calls, on a keyspace that was empty before.
pub fn verdict(registry: &Registry, bus: BusId, calls: Vec<Call>) -> Verdict {
    let checker = Checker::new(registry, bus, check::Options::default()).unwrap();
    let options = Options { from_empty: true, ..Options::default() };
    let mut judge = Judge::new(&checker, options).unwrap();
    for call in calls {
        judge.see(&Event::Call(call));
    }
    judge.finish()
}
