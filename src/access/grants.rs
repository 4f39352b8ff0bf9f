//! Registry -> users: what each party does on a bus, command by command, with the rights that the command asks of a server.

use std::collections::{BTreeMap, BTreeSet};

use super::{Rights, Selector, User};
use crate::registry::{BusId, Consumer, ModuleId, Operation, Party, Pattern, Registry, Token, Topology};
use crate::server::commands::{Command, Group};

/// What the connection itself needs: a sign of life, and its name. AUTH, HELLO, QUIT and RESET need no rule.
const CONNECTION: [&str; 4] = ["client|getname", "client|id", "client|setname", "ping"];
/// Writers send batches as transactions.
const TRANSACTION: [&str; 3] = ["discard", "exec", "multi"];
/// Listening ends as well.
const LISTENING: [&str; 3] = ["punsubscribe", "sunsubscribe", "unsubscribe"];
/// A client of a cluster asks where the slots are, and follows one that moves.
const CLUSTER: [&str; 5] = ["asking", "cluster|nodes", "cluster|shards", "cluster|slots", "readonly"];

/// What one command of a party may touch.
type Touched = (BTreeMap<String, Rights>, BTreeSet<String>);

/// The users of a bus: one for each module that writes or reads there and each service that reads there, by name.
#[must_use]
pub fn users(registry: &Registry, bus: BusId) -> Vec<User> {
    let mut parties: BTreeMap<(String, String), BTreeMap<String, Touched>> = BTreeMap::new();
    let mut grant = |party: Party, operation: &Operation, pattern: &Pattern, writing: bool| {
        let (Some(command), Some(name)) = (operation.command, user_name(registry, party)) else { return };
        let touched = parties.entry((name, registry.party_name(party).to_owned())).or_default();
        let (keys, channels) = touched.entry(acl_name(command)).or_default();
        let glob = glob(pattern);
        if command.group == Group::PubSub {
            channels.insert(glob);
        } else if command.key_specs.is_empty() {
            // SCAN and its like look at no key of which a rule could speak.
        } else {
            let rights = keys.entry(glob).or_default();
            *rights = rights.and(rights_of(command, writing));
        }
    };
    for key in registry.keys.iter().filter(|key| key.bus == Some(bus)) {
        for operation in &key.operations {
            grant(Party::Module(key.module), operation, &key.pattern, true);
        }
        for (consumer, read) in reads(&key.consumers) {
            grant(consumer.party, read, &key.pattern, false);
        }
    }
    for channel in registry.channels.iter().filter(|channel| channel.bus == Some(bus)) {
        for operation in &channel.operations {
            grant(Party::Module(channel.module), operation, &channel.pattern, true);
        }
        let subscribe = Operation::new("SUBSCRIBE", registry.name_span(&channel.address));
        for consumer in channel.consumers.iter().filter(|consumer| !consumer.potential) {
            let default = consumer.reads.is_empty().then_some(&subscribe);
            for read in consumer.reads.iter().chain(default) {
                grant(consumer.party, read, &channel.pattern, false);
            }
        }
    }
    let cluster = registry.bus(bus).topology == Topology::Cluster;
    parties.into_iter().map(|((name, party), touched)| user(name, party, touched, cluster)).collect()
}

/// Who may come to read a key, but is not known to, gets nothing for it.
fn reads(consumers: &[Consumer]) -> impl Iterator<Item = (&Consumer, &Operation)> {
    consumers
        .iter()
        .filter(|consumer| !consumer.potential)
        .flat_map(|consumer| consumer.reads.iter().map(move |read| (consumer, read)))
}

/// The ACL user of a party: the first that its module names, else its own name.
fn user_name(registry: &Registry, party: Party) -> Option<String> {
    let module = |id: ModuleId| {
        let module = registry.module(id);
        module.client_users.first().unwrap_or(&module.name).clone()
    };
    match party {
        Party::Module(id) => Some(module(id)),
        Party::Service(_) => Some(registry.party_name(party).to_owned()),
        Party::Unknown => None,
    }
    // Servers take no user of such a name.
    .filter(|name| !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control()))
}

fn user(name: String, party: String, touched: BTreeMap<String, Touched>, cluster: bool) -> User {
    let mut commands: BTreeSet<String> = CONNECTION.map(str::to_owned).into();
    let mut selectors: Vec<Selector> = Vec::new();
    for (command, (keys, channels)) in touched {
        if keys.values().any(|rights| rights.write) {
            commands.extend(TRANSACTION.map(str::to_owned));
        }
        if keys.is_empty() && channels.is_empty() {
            commands.insert(command);
            continue;
        }
        if command.ends_with("subscribe") {
            commands.extend(LISTENING.map(str::to_owned));
        }
        // Commands stay apart unless they touch the same: rights to one key are not rights to another.
        match selectors.iter_mut().find(|known| known.keys == keys && known.channels == channels) {
            Some(known) => _ = known.commands.insert(command),
            None => selectors.push(Selector { commands: [command].into(), keys, channels }),
        }
    }
    if cluster {
        commands.extend(CLUSTER.map(str::to_owned));
    }
    User { name, party, commands, selectors }
}

/// The name of a command as ACL rules write it.
fn acl_name(command: &Command) -> String {
    command.name.to_lowercase().replace(' ', "|")
}

/// What a command asks of a key that it writes, or of one that it reads, by the specifications of its keys.
fn rights_of(command: &Command, writing: bool) -> Rights {
    let keys = || command.key_specs.iter().filter(|spec| spec.is_key());
    // Of a command with a source and a destination, the one that is meant; LPOP as a read is a write all the same.
    let meant: Vec<_> = match keys().any(|spec| spec.writes() == writing) {
        true => keys().filter(|spec| spec.writes() == writing).collect(),
        false => keys().collect(),
    };
    if meant.is_empty() {
        return Rights { read: true, write: true };
    }
    let has = |flag: &str| meant.iter().any(|spec| spec.has(flag));
    let write = has("insert") || has("update") || has("delete");
    // SET hands out the old value only with GET, which a writer does not need.
    Rights { read: (has("access") && command.name != "SET") || !write, write }
}

/// Servers take these for the ends of words and selectors.
pub(super) const NOT_IN_RULES: [char; 4] = ['"', '\'', '(', ')'];

/// A pattern as the glob of an ACL rule: every param is `*`, and what globs mean by a sign is escaped. `?` stands for spaces, on
/// which servers split rules, and for other signs that cannot stand in one.
pub(super) fn glob(pattern: &Pattern) -> String {
    let mut glob = String::new();
    for token in pattern.tokens() {
        match token {
            Token::Literal(text) => {
                for c in text.chars() {
                    if NOT_IN_RULES.contains(&c) || c.is_whitespace() || c.is_control() {
                        glob.push('?');
                        continue;
                    }
                    if matches!(c, '*' | '?' | '[' | ']' | '\\' | '^') {
                        glob.push('\\');
                    }
                    glob.push(c);
                }
            }
            Token::Param(_) if glob.ends_with('*') && !glob.ends_with("\\*") => {}
            Token::Param(_) => glob.push('*'),
        }
    }
    glob
}
