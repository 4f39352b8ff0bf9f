//! batch.rs: the writers. One method per declared operation; what the retention wants besides is done by the same method.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Result, bail};

use super::amounts::{self, ConfigUse};
use super::names;
use super::plan::{EntryId, WriteMethod};
use super::sentence::Scene;
use super::types::{self, Place};
use crate::registry::{BusId, ModuleId, Registry, Topology};

/// The whole file, unformatted: a batch for the module's bus, and one for each other bus that it writes to.
pub(super) fn text(registry: &Registry, module: ModuleId, methods: &[WriteMethod]) -> Result<String> {
    let main = main_bus(registry, module);
    let mut buses = vec![main];
    for method in methods {
        let bus = method.entry.bus(registry);
        if !buses.contains(&bus) {
            buses.push(bus);
        }
    }
    let mut text = String::from(FRONT);
    for bus in buses {
        let methods: Vec<&WriteMethod> = methods.iter().filter(|method| method.entry.bus(registry) == bus).collect();
        let name = bus.filter(|_| bus != main).map(|bus| registry.bus(bus).name.as_str());
        structure(registry, module, &Bus { id: bus, other: name }, &methods, &mut text)?;
        for method in methods {
            writer(registry, module, method, &mut text);
        }
        text.push_str("}\n\n");
    }
    Ok(super::with_imports(&text, &["keys", "params", "payloads"]))
}

/// The bus of a batch, with its name when it is not the module's own.
struct Bus<'a> {
    id: Option<BusId>,
    other: Option<&'a str>,
}

fn config_uses<'a>(
    registry: &Registry,
    module: ModuleId,
    methods: &[&'a WriteMethod],
) -> Result<BTreeMap<&'a str, ConfigUse>> {
    let mut config = BTreeMap::new();
    for (name, used) in methods.iter().flat_map(|method| amounts::uses(method)) {
        if config.insert(name, used).is_some_and(|other| other != used) {
            bail!("{}: {name} is used as a time and as a number of entries", registry.module(module).name);
        }
    }
    Ok(config)
}

const FRONT: &str = "//! The writers: a batch gathers the writes of one tick and sends them in one round trip.\n//!\n\
    //! Only declared operations have a method. Trimming and times to live are part of the writes that need them.\n\n";

fn structure(
    registry: &Registry,
    module: ModuleId,
    bus: &Bus<'_>,
    methods: &[&WriteMethod],
    text: &mut String,
) -> Result<()> {
    let config = config_uses(registry, module, methods)?;
    let (name, about) = match bus.other {
        Some(bus) => (format!("{}Batch", names::pascal(bus)), format!("Writes that wait to be sent to {bus}.")),
        None => ("Batch".to_owned(), "Writes that wait to be sent.".to_owned()),
    };
    let _ = writeln!(text, "/// {about}\n#[derive(Debug)]\npub struct {name} {{\ncommands: Commands,");
    let mut values = String::new();
    for (name, used) in &config {
        let field = names::ident(&names::snake(name));
        let kind = if *used == ConfigUse::Count { "u64" } else { "Duration" };
        let _ = writeln!(text, "{field}: {kind},");
        let _ = writeln!(values, "{field}: {},", amounts::value(registry, module, name, *used)?);
    }
    let parameter = if config.is_empty() { "_config" } else { "config" };
    let _ = writeln!(
        text,
        "}}\n\nimpl {name} {{\n/// An empty batch; bounds and times to live are those of the config.\n#[must_use]\n\
         pub fn new({parameter}: &Config) -> Self {{ Self {{ commands: Commands::new(), {values} }} }}\n"
    );
    let execute = if registry.module(module).atomic {
        EXECUTE_ATOMICALLY
    } else if bus.id.is_some_and(|bus| registry.bus(bus).topology == Topology::Cluster) {
        EXECUTE_BY_SLOT
    } else {
        EXECUTE
    };
    text.push_str(execute);
    text.push_str(MANAGEMENT);
    Ok(())
}

/// The bus of a module.
pub(super) fn main_bus(registry: &Registry, module: ModuleId) -> Option<BusId> {
    registry.bus_named(&registry.module(module).bus)
}

const EXECUTE: &str = r"
/// Sends all writes in one round trip, and empties the batch when all were answered well. The answers are in the order
/// of [`Self::commands`]. An empty batch is no round trip.
///
/// # Errors
/// When the connection fails, or the server refuses a write. The writes stay in the batch: send them again if they may
/// be done twice, or `clear` it.
pub async fn execute(&mut self, conn: &mut impl ConnectionLike) -> Result<Vec<redis::Value>, RedisError> {
    self.commands.execute(conn).await
}
";

const EXECUTE_ATOMICALLY: &str = r"
/// Sends all writes in one round trip as one transaction (MULTI, EXEC), as the registry wants it of this module, and
/// empties the batch when all were answered well. The answers are in the order of [`Self::commands`]. An empty batch is
/// no round trip.
///
/// # Errors
/// When the connection fails, or the server refuses a write. The writes stay in the batch: send them again if they may
/// be done twice, or `clear` it.
pub async fn execute(&mut self, conn: &mut impl ConnectionLike) -> Result<Vec<redis::Value>, RedisError> {
    self.commands.execute_atomic(conn).await
}
";

const EXECUTE_BY_SLOT: &str = r"
/// Sends all writes to the cluster, one round trip per slot, and empties the batch when all were answered well. The
/// answers are in the order of [`Self::commands`]. An empty batch is no round trip.
///
/// # Errors
/// When the connection fails, or the server refuses a write; those of other slots may have been done. The writes stay in
/// the batch: send them again if they may be done twice, or `clear` it.
pub async fn execute(&mut self, conn: &mut impl ConnectionLike) -> Result<Vec<redis::Value>, RedisError> {
    self.commands.execute_by_slot(conn).await
}
";

const MANAGEMENT: &str = r"
/// Like `execute`, as one transaction (MULTI, EXEC).
///
/// # Errors
/// As for `execute`.
pub async fn execute_atomic(&mut self, conn: &mut impl ConnectionLike) -> Result<Vec<redis::Value>, RedisError> {
    self.commands.execute_atomic(conn).await
}

/// Like `execute`, for a connection to a cluster: one round trip per slot, so that no pipeline crosses slots.
///
/// # Errors
/// As for `execute`; writes of other slots may have been done.
pub async fn execute_by_slot(&mut self, conn: &mut impl ConnectionLike) -> Result<Vec<redis::Value>, RedisError> {
    self.commands.execute_by_slot(conn).await
}

/// The commands that wait to be sent, as words.
pub fn commands(&self) -> impl Iterator<Item = Vec<&[u8]>> {
    self.commands.iter()
}

/// How many commands wait to be sent.
#[must_use]
pub fn len(&self) -> usize {
    self.commands.len()
}

/// Does no command wait to be sent?
#[must_use]
pub fn is_empty(&self) -> bool {
    self.commands.is_empty()
}

/// Drops all writes; memory is kept for the next ones.
pub fn clear(&mut self) {
    self.commands.clear();
}
";

/// Does the method give a `Result`?
pub(super) fn is_fallible(place: Place<'_>, method: &WriteMethod) -> bool {
    scene(place.registry, place.module, method).can_fail()
}

fn scene<'a>(registry: &'a Registry, module: ModuleId, method: &'a WriteMethod) -> Scene<'a> {
    Scene { registry, module, entry: method.entry, params: &method.params, arguments: &method.arguments }
}

fn writer(registry: &Registry, module: ModuleId, method: &WriteMethod, text: &mut String) {
    let scene = scene(registry, module, method);
    let fallible = scene.can_fail();
    text.push('\n');
    text.push_str(&docs(registry, method, fallible));
    let returned = if fallible { "Result<&mut Self, Invalid>" } else { "&mut Self" };
    let _ = writeln!(
        text,
        "pub fn {}(&mut self{}) -> {returned} {{",
        names::ident(&method.name),
        parameters(Place { registry, module }, &method.params, &method.arguments)
    );
    let done = if fallible { "Ok(self)" } else { "self" };
    for argument in method.arguments.iter().filter(|argument| argument.kind == super::plan::ArgumentKind::Texts) {
        // A server refuses a command that names none.
        let _ = writeln!(text, "if {}.is_empty() {{ return {done}; }}", names::ident(&argument.name));
    }
    text.push_str(&scene.prelude());
    for command in &method.commands {
        let sentence = scene.sentence(&command.words);
        let _ = writeln!(
            text,
            "self.commands.start({}, {}, {}){};",
            sentence.key_word, sentence.words, sentence.bytes, sentence.args
        );
    }
    let _ = writeln!(text, "{done}\n}}");
}

fn docs(registry: &Registry, method: &WriteMethod, fallible: bool) -> String {
    let mut text = super::doc(method.entry.purpose(registry).unwrap_or("A write of the registry."));
    let wire = method.wire(registry);
    if let [only] = wire.as_slice() {
        let _ = writeln!(text, "///\n/// Sends `{only}`.");
    } else {
        let _ = writeln!(text, "///\n/// Sends, in this order:");
        for command in &wire {
            let _ = writeln!(text, "/// - `{command}`");
        }
    }
    if fallible {
        text.push_str(
            "///\n/// # Errors\n/// When an argument is not what the registry allows; nothing is added then.\n",
        );
    }
    if let EntryId::Key(id) = method.entry
        && let Some(deprecated) = &registry.key(id).docs.deprecated
    {
        let note = match &deprecated.replacement {
            Some(replacement) => format!("since {}; use {replacement}", deprecated.since),
            None => format!("since {}", deprecated.since),
        };
        let _ = writeln!(text, "#[deprecated(note = {note:?})]");
    }
    text
}

/// The parameters of a method, each with a comma in front.
pub(super) fn parameters(place: Place<'_>, params: &[String], arguments: &[super::plan::Argument]) -> String {
    let mut text = String::new();
    for param in params {
        let _ = write!(text, ", {}: &{}", types::variable(param), types::param(place, param));
    }
    for argument in arguments {
        let _ = write!(text, ", {}: {}", names::ident(&argument.name), types::argument(place, argument, params));
    }
    text
}
