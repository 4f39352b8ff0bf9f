//! What is known of each connection from line to line: its number, who it is, and whether it has a transaction open.
//!
//! In: lines, and tables of clients. Out: [`Call`]s. It keeps [`CONNECTION_LIMIT`] connections, and no passwords.

use std::collections::HashMap;
use std::sync::Arc;

use super::clients::{ClientTable, Row};
use super::identity::{self, Change, Said};
use super::line::{Line, SCRIPT};
use crate::observe::traffic::{Call, Client, Outcome, Within};

/// Connections that are kept in mind. When there are more, the half that has been silent for longest is forgotten, and
/// counts as new when it speaks again.
pub const CONNECTION_LIMIT: usize = 100_000;

/// Clients that one connection has been while no list told more of them; of those before, calls stay as they are.
const UNSETTLED_LIMIT: usize = 8;

#[derive(Debug)]
struct Connection {
    number: u64,
    /// The server's own number, once a list has told it.
    id: Option<u64>,
    client: Arc<Client>,
    in_transaction: bool,
    /// When it last spoke, in calls.
    spoke: u64,
    /// When it last said who it is, in calls.
    introduced: u64,
    /// Who it was in calls since it last became someone else, while no list told more.
    unsettled: Vec<Arc<Client>>,
}

/// Clients as lists have come to tell more of them: by address in memory, the one in calls and the one it is.
#[derive(Debug, Default)]
pub(super) struct Settled(HashMap<usize, (Arc<Client>, Arc<Client>)>);

impl Settled {
    /// Puts the client that is known now into a call that was made before.
    pub fn complete(&self, call: &mut Call) {
        if let Some((_, known)) = self.0.get(&place(&call.client)) {
            call.client = known.clone();
        }
    }

    fn add(&mut self, before: Arc<Client>, now: &Arc<Client>) {
        if *before != **now {
            self.0.insert(place(&before), (before, now.clone()));
        }
    }
}

fn place(client: &Arc<Client>) -> usize {
    Arc::as_ptr(client).addr()
}

/// All connections of one server.
#[derive(Debug, Default)]
pub(super) struct Connections {
    table: ClientTable,
    /// The table is all there will be: no list tells who someone is after a login that MONITOR does not show.
    is_recorded: bool,
    known: HashMap<String, Connection>,
    /// How many connections there have been; numbers begin at 1.
    numbers: u64,
    /// Calls so far.
    calls: u64,
    /// Who called last, outside of scripts: whose script it is that now calls.
    caller: Option<(u64, Arc<Client>)>,
    /// When a connection last spoke of which the table does not tell who it is, in calls; 0 if all are known.
    stranger: u64,
}

impl Connections {
    /// For a recorded log, with the list that belongs to it.
    pub fn recorded(table: ClientTable) -> Self {
        Self { table, is_recorded: true, ..Self::default() }
    }

    /// The call that a line shows.
    pub fn call(&mut self, line: Line<'_>) -> Call {
        self.calls += 1;
        let Line { at_us, database, address, mut words, cut } = line;
        let (connection, client, within) = if address == SCRIPT {
            // A script whose start was not overheard has the number that no connection has.
            let (number, client) = self.caller.clone().unwrap_or_default();
            (number, client, Within::Script)
        } else {
            let said = identity::said(&mut words);
            let caller = self.speak(&address, said);
            self.caller = Some((caller.0, caller.1.clone()));
            caller
        };
        Call { at_us, client, connection, database, words, cut, within, outcome: Outcome::Unknown }
    }

    fn speak(&mut self, address: &str, said: Said) -> (u64, Arc<Client>, Within) {
        if !self.known.contains_key(address) {
            self.meet(address);
        }
        let now = self.calls;
        let Some(connection) = self.known.get_mut(address) else {
            return (0, Arc::default(), Within::Nothing); // It has just been added.
        };
        connection.spoke = now;
        let mut within = if connection.in_transaction { Within::Transaction } else { Within::Nothing };
        match said {
            Said::Nothing => {}
            Said::Multi | Said::Exec => {
                within = Within::Nothing;
                connection.in_transaction = said == Said::Multi;
            }
            Said::Identity(mut change) => {
                change.is_secret &= !self.is_recorded;
                if change.is_secret {
                    self.stranger = now;
                }
                // What one client of a shared address says is not true of the others.
                if change.says_anything() && !address.starts_with("unix:") {
                    connection.change(change, now);
                }
            }
        }
        (connection.number, connection.client.clone(), within)
    }

    fn meet(&mut self, address: &str) {
        if self.known.len() >= CONNECTION_LIMIT {
            self.forget_the_silent();
        }
        let row = self.table.find(address);
        if row.is_none() {
            self.stranger = self.calls;
        }
        let connection = self.newcomer(address, row.unwrap_or_default());
        self.known.insert(address.to_owned(), connection);
    }

    fn newcomer(&mut self, address: &str, row: Row) -> Connection {
        self.numbers += 1;
        let client = Client { address: address.to_owned(), name: row.name, user: row.user, module: None };
        let (number, client) = (self.numbers, Arc::new(client));
        Connection {
            number,
            id: row.id,
            unsettled: vec![client.clone()],
            client,
            in_transaction: false,
            spoke: self.calls,
            introduced: 0,
        }
    }

    fn forget_the_silent(&mut self) {
        let mut spoke: Vec<u64> = self.known.values().map(|connection| connection.spoke).collect();
        let middle = spoke.len() / 2;
        let (_, &mut median, _) = spoke.select_nth_unstable(middle);
        self.known.retain(|_, connection| connection.spoke > median);
    }

    /// Has someone spoken of whom a new list may tell who it is?
    pub fn has_strangers(&self) -> bool {
        self.stranger > 0
    }

    /// A moment, to be taken before a list is asked for.
    pub fn moment(&self) -> u64 {
        self.calls
    }

    /// Takes a list that was asked for at a moment: who is known by it, who has gone, and whose address has gone to a
    /// new connection. What connections have said of themselves since that moment is newer than the list.
    pub fn refresh(&mut self, table: ClientTable, asked: u64) -> Settled {
        self.table = table;
        if self.stranger <= asked {
            self.stranger = 0;
        }
        let mut settled = Settled::default();
        let known = std::mem::take(&mut self.known);
        for (address, mut connection) in known {
            match self.table.find(&address) {
                None if connection.spoke <= asked => continue,
                None => {}
                Some(row) if connection.id.is_some() && row.id != connection.id => {
                    connection = self.newcomer(&address, row);
                }
                Some(row) => {
                    connection.id = row.id;
                    if connection.introduced <= asked {
                        connection.settle(row, &mut settled);
                    }
                }
            }
            self.known.insert(address, connection);
        }
        settled
    }

    /// Lines were missed: nothing is known any more of who is there and what they are about.
    pub fn forget(&mut self) {
        self.known.clear();
        self.caller = None;
        self.stranger = 0;
    }
}

impl Connection {
    /// It has said who it is.
    fn change(&mut self, change: Change, now: u64) {
        self.introduced = now;
        if change.is_secret || change.is_reset || change.user.is_some() {
            self.unsettled.clear();
        }
        self.in_transaction &= !change.is_reset;
        self.client = Arc::new(change.apply(&self.client));
        if self.unsettled.len() == UNSETTLED_LIMIT {
            self.unsettled.remove(0);
        }
        self.unsettled.push(self.client.clone());
    }

    /// A list has told who it is. Under names it had before it was the same user.
    fn settle(&mut self, row: Row, settled: &mut Settled) {
        let Row { name, user, .. } = row;
        let latest = self.unsettled.pop();
        for before in self.unsettled.drain(..) {
            let now = Client { user: before.user.clone().or_else(|| user.clone()), ..Client::clone(&before) };
            settled.add(before, &Arc::new(now));
        }
        if self.client.name != name || self.client.user != user {
            self.client = Arc::new(Client { name, user, ..Client::clone(&self.client) });
        }
        if let Some(latest) = latest {
            settled.add(latest, &self.client);
        }
    }
}

#[cfg(test)]
#[path = "connections_tests.rs"]
mod tests;
