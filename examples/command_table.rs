//! Writes the table of commands from what running servers say: `command_table URL [URL...] > table.txt`.
//!
//! The first server's word stands where several know a command: name the newest first.

use std::io::Write as _;

use anyhow::{Context as _, Result, ensure};
use keywire::server::commands::{Command, reply, text};
use redis::{InfoDict, Value, cmd};

const TITLE: &str = "\
Commands of Valkey and Redis, as the servers themselves describe them (COMMAND, COMMAND DOCS). Do not edit: written by
cargo run --example command_table -- URL [URL...] > src/server/commands/table.txt";

fn main() -> Result<()> {
    let urls: Vec<String> = std::env::args().skip(1).collect();
    ensure!(!urls.is_empty(), "usage: command_table URL [URL...], the newest server first");
    let servers = urls.iter().map(|url| ask(url)).collect::<Result<Vec<_>>>()?;
    std::io::stdout().write_all(text::write(TITLE, &reply::merge(servers)).as_bytes())?;
    Ok(())
}

/// Name with version, and the commands.
fn ask(url: &str) -> Result<(String, Vec<Command>)> {
    let mut connection = redis::Client::open(url)?.get_connection().with_context(|| format!("connect to {url}"))?;
    let info: InfoDict = cmd("INFO").arg("server").query(&mut connection)?;
    let name = match info.get::<String>("valkey_version") {
        Some(version) => format!("valkey {version}"),
        None => format!("redis {}", info.get::<String>("redis_version").unwrap_or_default()),
    };
    let command: Value = cmd("COMMAND").query(&mut connection)?;
    let docs: Value = cmd("COMMAND").arg("DOCS").query(&mut connection)?;
    let mut commands = reply::commands(&command, &docs).with_context(|| format!("commands of {url}"))?;
    // Redis tells nothing of its modules' commands but their names; the supplement knows more.
    commands.retain(|command| !(command.has_flag("module") && command.since.is_empty()));
    Ok((name, commands))
}
