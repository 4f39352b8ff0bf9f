//! Planted faults: what changes of code do to a keyspace over time.

use anyhow::Result;
use redis::Cmd;

use crate::finding::Finding;
use crate::server::connect;
use crate::server::embedded::EmbeddedServer;

/// A fault: what it is, the commands that plant it, and the rule that finds it.
struct Fault {
    what: &'static str,
    commands: &'static [&'static [&'static str]],
    rule: &'static str,
}

const FAULTS: &[Fault] = &[
    Fault {
        what: "a key of the wrong type",
        commands: &[&["DEL", "massive:spot:trail"], &["RPUSH", "massive:spot:trail", "6012.50"]],
        rule: "wrong-type",
    },
    Fault {
        what: "a TTL that was lost",
        commands: &[&["PERSIST", "massive:model:spot:SPX:trail"]],
        rule: "ttl-missing",
    },
    Fault {
        what: "a key that nobody declared",
        commands: &[&["SET", "massive:spot:debug", "1"]],
        rule: "undeclared-key",
    },
    Fault {
        what: "a payload with a field gone wrong",
        commands: &[&[
            "SET",
            "massive:model:spot:NDX",
            r#"{"symbol":"NDX","value":"21012.75","ts":"2026-01-30T14:30:00.000Z","source":"massive","timeframe":"REAL-TIME"}"#,
        ]],
        rule: "invalid-payload",
    },
];

/// Plants all faults; gives what was done, for people.
pub(super) fn plant(server: &EmbeddedServer) -> Result<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut connection = connect::connect(&server.url()).await?;
        let mut text = String::new();
        for fault in FAULTS {
            for words in fault.commands {
                let mut command = Cmd::new();
                command.arg(*words);
                command.exec_async(&mut connection).await?;
            }
            let last = fault.commands.last().map(|words| words.join(" ")).unwrap_or_default();
            let shown: String = last.chars().take(64).collect();
            let cut = if shown.len() < last.len() { " ..." } else { "" };
            text.push_str(&format!("   {:34} {shown}{cut}\n", fault.what));
        }
        Ok(text)
    })
}

/// The rules that should have fired and did not.
pub(super) fn missed(findings: &[Finding]) -> Vec<&'static str> {
    let fired = |rule: &str| findings.iter().any(|finding| finding.rule == rule);
    FAULTS.iter().map(|fault| fault.rule).filter(|rule| !fired(rule)).collect()
}
