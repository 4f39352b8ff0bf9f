//! The methods of the batch: for each entry of a module one per declared operation, and no other.

use std::collections::BTreeSet;

use super::bounds::{self, literal};
use super::signature::{self, Slot};
use super::{Argument, ArgumentKind, EntryId, Followers, Time, Word, WriteMethod};
use super::{fields, generic, known, score, single, unique};
use crate::generate::rust::names;
use crate::registry::{Channel, Key, ModuleId, Operation, Registry, Scalar, Ttl, Value};

/// A method before the retention is seen to.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// The declared operation.
    pub command: String,
    /// Behind the entry's name: the command, for hashes with the field.
    pub suffix: String,
    /// Arguments so far.
    pub arguments: Vec<Argument>,
    /// The words of the command itself.
    pub words: Vec<Word>,
    /// The argument with the score.
    pub score: Option<usize>,
}

impl Draft {
    /// A draft with the command's words and its key.
    pub(super) fn new(command: &str) -> Self {
        let mut words: Vec<Word> = command.split(' ').map(literal).collect();
        words.push(Word::Key);
        Self { command: command.to_owned(), suffix: names::snake(command), words, ..Self::default() }
    }

    /// Adds an argument and its word.
    pub(super) fn take(&mut self, name: &str, kind: ArgumentKind) {
        let at = argument(&mut self.arguments, name, kind);
        self.words.push(Word::Argument(at));
    }
}

/// Adds an argument, under another name if that one is taken; gives its index.
pub(super) fn argument(arguments: &mut Vec<Argument>, name: &str, kind: ArgumentKind) -> usize {
    let mut name = name.to_owned();
    while arguments.iter().any(|argument| argument.name == name) {
        name.push_str("_value");
    }
    arguments.push(Argument { name, kind });
    arguments.len() - 1
}

/// All write methods of a module, in the order of its entries and their operations.
#[must_use]
pub fn writes(registry: &Registry, module: ModuleId) -> Vec<WriteMethod> {
    let mut taken = BTreeSet::new();
    let mut methods = Vec::new();
    for key in registry.keys_of(module) {
        for draft in key.operations.iter().flat_map(|operation| of_key(key, operation)) {
            methods.push(finish_key(key, draft, &mut taken));
        }
        for channel in registry.channels_of(module).filter(|channel| channel.from_key == Some(key.id)) {
            methods.extend(of_channel(channel, &mut taken));
        }
    }
    for channel in registry.channels_of(module).filter(|channel| channel.from_key.is_none()) {
        methods.extend(of_channel(channel, &mut taken));
    }
    methods
}

fn finish_key(key: &Key, mut draft: Draft, taken: &mut BTreeSet<String>) -> WriteMethod {
    let (commands, followers) = bounds::finish(key, &mut draft);
    let params: Vec<String> = key.pattern.params().map(str::to_owned).collect();
    WriteMethod {
        name: unique(taken, format!("{}_{}", names::snake(&key.name), draft.suffix)),
        entry: EntryId::Key(key.id),
        command: draft.command,
        arguments: apart(draft.arguments, &params),
        params,
        followers,
        commands,
    }
}

/// Arguments never share a name with a param of the key, nor with a variable of generated code.
pub(super) fn apart(mut arguments: Vec<Argument>, params: &[String]) -> Vec<Argument> {
    const USED: [&str; 6] = ["conn", "pubsub", "batch", "key", "all_keys", "reply"];
    for at in 0..arguments.len() {
        let reserved = |name: &str| USED.contains(&name) || params.iter().any(|param| names::snake(param) == name);
        let mut name = arguments[at].name.clone();
        if reserved(&name) {
            while reserved(&name) || arguments.iter().any(|other| other.name == name) {
                name.push_str("_value");
            }
            arguments[at].name = name;
        }
    }
    arguments
}

/// Is the operation one whose answer is awaited, so that it is a reader and never part of a batch?
pub(super) fn is_awaited(operation: &Operation) -> bool {
    matches!(operation.name.as_str(), "XCLAIM" | "XAUTOCLAIM")
        || operation.command.is_some_and(|command| command.has_flag("blocking") || command.subscribes())
}

fn of_key(key: &Key, operation: &Operation) -> Vec<Draft> {
    let Some(command) = operation.command else { return Vec::new() };
    if command.publishes() || is_awaited(operation) || bounds::is_follower(key, &command.name) {
        return Vec::new();
    }
    if let Some(drafts) = fields::writes(key, &command.name) {
        return drafts;
    }
    match signature::write(&command.name) {
        Some(slots) if command.name == "SET" && is_lease(key) => {
            vec![of_slots(key, &command.name, slots), only_if_free(of_slots(key, &command.name, slots))]
        }
        Some(slots) => vec![of_slots(key, &command.name, slots)],
        None => vec![generic::draft(command)],
    }
}

/// A string that its owner takes for a time, renews and gives back: a lease. It needs a way to take it only while nobody
/// has it, which SET and its time to live do in one command.
fn is_lease(key: &Key) -> bool {
    let any = |commands: &[&str]| commands.iter().any(|command| key.has_operation(command));
    matches!(key.retention.ttl, Some(Ttl::Fixed(_) | Ttl::Range { .. }))
        && any(&["EXPIRE", "PEXPIRE"])
        && any(&["DEL", "UNLINK"])
}

/// The same SET, done only when nothing has the name.
fn only_if_free(mut draft: Draft) -> Draft {
    draft.suffix.push_str("_nx");
    draft.words.push(literal("NX"));
    draft
}

fn of_slots(key: &Key, command: &str, slots: &[Slot]) -> Draft {
    let mut draft = Draft::new(command);
    for slot in slots {
        if matches!(slot, Slot::Score) {
            draft.score = Some(draft.arguments.len());
        }
        if matches!(slot, Slot::Seconds | Slot::Milliseconds) {
            let free =
                |arguments: &mut Vec<Argument>| Time::Argument(argument(arguments, "ttl", ArgumentKind::Ttl(None)));
            let time = bounds::ttl(key, &mut draft.arguments).unwrap_or_else(|| free(&mut draft.arguments));
            let whole = matches!(slot, Slot::Seconds);
            draft.words.push(if whole { Word::Seconds(time) } else { Word::Milliseconds(time) });
            continue;
        }
        push_slot(slot, &(single(&key.shape), score(&key.shape)), &mut draft.arguments, &mut draft.words);
    }
    draft
}

/// Adds what a slot takes to arguments and words; `values` are the entry's value and score.
pub(super) fn push_slot(slot: &Slot, values: &(Value, Value), arguments: &mut Vec<Argument>, words: &mut Vec<Word>) {
    let (name, kind) = match slot {
        Slot::Literal(text) => {
            words.push(literal(text));
            return;
        }
        Slot::Value => ("value", ArgumentKind::Value(values.0.clone())),
        Slot::Score => ("score", ArgumentKind::Score(values.1.clone())),
        // What is added to a whole number keeps it whole.
        Slot::Delta if values.1 == Value::Scalar(Scalar::Integer) => ("delta", ArgumentKind::Integer),
        Slot::Delta => ("delta", ArgumentKind::Number),
        Slot::Integer(name) => (*name, ArgumentKind::Integer),
        Slot::Count(name) => (*name, ArgumentKind::Count),
        Slot::Number(name) => (*name, ArgumentKind::Number),
        Slot::Flag(name) => (*name, ArgumentKind::Flag),
        Slot::Text(name) => (*name, ArgumentKind::Text),
        Slot::Texts(name) => (*name, ArgumentKind::Texts),
        Slot::Bound(name) => (*name, ArgumentKind::Bound),
        Slot::Seconds | Slot::Milliseconds => ("ttl", ArgumentKind::Ttl(None)),
        Slot::Limit => ("limit", ArgumentKind::Limit),
        Slot::Wait => ("wait", ArgumentKind::Wait),
    };
    let at = argument(arguments, name, kind);
    words.push(Word::Argument(at));
}

fn of_channel(channel: &Channel, taken: &mut BTreeSet<String>) -> Vec<WriteMethod> {
    let message = channel.message.as_ref().map_or(Value::Scalar(Scalar::Bytes), known);
    let publishing = channel.operations.iter().filter_map(|operation| operation.command);
    publishing
        .filter(|command| command.publishes())
        .map(|command| {
            let mut draft = Draft::new(&command.name);
            draft.take("message", ArgumentKind::Value(message.clone()));
            let params: Vec<String> = channel.pattern.params().map(str::to_owned).collect();
            WriteMethod {
                name: unique(taken, format!("{}_{}", names::snake(&channel.name), draft.suffix)),
                entry: EntryId::Channel(channel.id),
                command: command.name.clone(),
                arguments: apart(draft.arguments, &params),
                params,
                followers: Followers::default(),
                commands: vec![super::WireCommand { words: draft.words }],
            }
        })
        .collect()
}
