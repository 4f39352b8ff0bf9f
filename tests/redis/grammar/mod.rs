//! The grammar of commands against real servers: do they find the same keys, refuse the same calls, do what is predicted?

mod effects;
mod generate;
mod keys;
mod syntax;

use keywire::server::commands::{self, Command, reply};
use keywire::server::embedded::EmbeddedServer;
use redis::{Connection, Value, cmd};

use crate::servers::for_each_server;

/// What the server says that it has.
fn commands_of(connection: &mut Connection) -> Vec<Command> {
    let command: Value = cmd("COMMAND").query(connection).unwrap();
    let docs: Value = cmd("COMMAND").arg("DOCS").query(connection).unwrap();
    reply::commands(&command, &docs).unwrap()
}

#[test]
fn the_table_says_what_the_servers_say() {
    for_each_server(|server: &EmbeddedServer| {
        let mut differences =
            reply::differences(commands::all(), &commands_of(&mut crate::database::open(&server.url())));
        let version = &server.binary().version;
        let name = format!("{} {version}", server.binary().flavour).to_lowercase();
        let first = &commands::origins()[0].name;
        // Where servers differ, the table has the word of the first.
        differences.retain(|line| *first == name || line.ends_with("not in the table"));
        // A version that the table was not made from may have more, or describe it otherwise.
        if commands::origins().iter().any(|origin| origin.name == name) {
            assert_eq!(differences, Vec::<String>::new(), "make table.txt anew: cargo run --example command_table");
        }
    });
}
