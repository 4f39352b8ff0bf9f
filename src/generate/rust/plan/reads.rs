//! The reader functions: for the module's own entries one per command that some consumer reads with, for entries of
//! other modules one per command with which this module reads.

use std::collections::BTreeSet;

use super::bounds::literal;
use super::signature::{self, Answer};
use super::writes::{Draft, apart, argument, is_awaited, push_slot};
use super::{ArgumentKind, EntryId, ReadMethod, Reply, WireCommand, Word, generic, known, score, single, unique};
use crate::generate::rust::names;
use crate::registry::{Channel, Consumer, Key, ModuleId, Operation, Party, Registry, Shape};

/// All reader functions of a module.
#[must_use]
pub fn reads(registry: &Registry, module: ModuleId) -> Vec<ReadMethod> {
    let mut taken = BTreeSet::new();
    let mut methods = Vec::new();
    for key in registry.keys_of(module).chain(registry.keys.iter().filter(|key| key.module != module)) {
        let mut operations = consumed(&key.consumers, (key.module != module).then_some(module));
        if key.module == module {
            let awaited = key.operations.iter().filter(|operation| is_awaited(operation));
            awaited.for_each(|operation| push(&mut operations, operation));
        }
        let name = entry_name(registry, EntryId::Key(key.id), module);
        for operation in operations {
            methods.extend(of_key(key, operation).into_iter().map(|read| read.finish(key, &name, &mut taken)));
        }
    }
    for channel in &registry.channels {
        let operations = consumed(&channel.consumers, (channel.module != module).then_some(module));
        let name = entry_name(registry, EntryId::Channel(channel.id), module);
        methods.extend(operations.into_iter().filter_map(|read| of_channel(channel, read, &name, &mut taken)));
    }
    methods
}

/// The name of an entry in generated code: its own; with its module's in front when another module's entry has the name
/// of one of ours.
pub(in crate::generate::rust) fn entry_name(registry: &Registry, entry: EntryId, module: ModuleId) -> String {
    let owner = entry.module(registry);
    let name = entry.name(registry);
    let same_name = |other: &&Key| other.module != owner && names::snake(&other.name) == names::snake(name);
    let used = |key: &&Key| key.module == module || !consumed(&key.consumers, Some(module)).is_empty();
    if owner != module && registry.keys.iter().filter(same_name).any(|key| used(&key)) {
        return format!("{}_{}", names::snake(&registry.module(owner).name), names::snake(name));
    }
    names::snake(name)
}

/// The commands with which all consumers, or this one, read, each once.
fn consumed(consumers: &[Consumer], by: Option<ModuleId>) -> Vec<&Operation> {
    let mut operations = Vec::new();
    let wanted = |consumer: &&Consumer| by.is_none_or(|module| consumer.party == Party::Module(module));
    for read in consumers.iter().filter(wanted).flat_map(|consumer| &consumer.reads) {
        push(&mut operations, read);
    }
    operations
}

fn push<'a>(operations: &mut Vec<&'a Operation>, operation: &'a Operation) {
    if !operations.iter().any(|other| other.name == operation.name) {
        operations.push(operation);
    }
}

struct Read {
    draft: Draft,
    reply: Reply,
}

impl Read {
    fn finish(self, key: &Key, entry: &str, taken: &mut BTreeSet<String>) -> ReadMethod {
        let params: Vec<String> = key.pattern.params().map(str::to_owned).collect();
        // A read of many keys takes the params of each.
        let many = matches!(self.reply, Reply::PerKey(_));
        ReadMethod {
            name: unique(taken, format!("{entry}_{}", self.draft.suffix)),
            entry: EntryId::Key(key.id),
            command: self.draft.command,
            arguments: apart(self.draft.arguments, &params),
            params: if many { Vec::new() } else { params },
            sent: WireCommand { words: self.draft.words },
            reply: self.reply,
        }
    }
}

fn of_key(key: &Key, operation: &Operation) -> Vec<Read> {
    let Some(command) = operation.command else { return Vec::new() };
    if command.is_channel() {
        return Vec::new();
    }
    let name = command.name.as_str();
    if let Some(reads) = of_fields(key, name) {
        return reads;
    }
    let value = single(&key.shape);
    if matches!(name, "MGET" | "JSON.MGET") && !key.pattern.is_static() {
        let mut draft = Draft { command: name.to_owned(), suffix: names::snake(name), ..Draft::default() };
        draft.words.push(literal(name));
        let at = argument(&mut draft.arguments, "names", ArgumentKind::Names);
        draft.words.push(Word::Rest(at));
        if name == "JSON.MGET" {
            draft.words.push(literal("."));
        }
        return vec![Read { draft, reply: Reply::PerKey(value) }];
    }
    if matches!(name, "XREAD" | "XREADGROUP") && matches!(key.shape, Shape::Entries(_)) {
        return vec![Read { draft: stream_read(name), reply: Reply::EntriesByStream }];
    }
    let Some((slots, answer)) = signature::read(name).filter(|(_, answer)| fits(key, *answer)) else {
        return vec![Read { draft: generic::draft(command), reply: Reply::Raw }];
    };
    let mut draft = Draft::new(name);
    let values = (value, score(&key.shape));
    for slot in slots {
        push_slot(slot, &values, &mut draft.arguments, &mut draft.words);
    }
    let (value, score) = values;
    let reply = match answer {
        Answer::Optional => Reply::Optional(value),
        Answer::Many => Reply::Many(value),
        Answer::Popped => Reply::Popped(value),
        Answer::Scored => Reply::Scored { member: value, score },
        Answer::OptionalScore => Reply::OptionalScore(score),
        Answer::Entries => Reply::Entries,
        Answer::Count => Reply::Count,
        Answer::OptionalCount => Reply::OptionalCount,
        Answer::Integer => Reply::Integer,
        Answer::Flag => Reply::Flag,
        Answer::Texts => Reply::Texts,
    };
    vec![Read { draft, reply }]
}

/// Is enough declared of the key to make that of an answer?
fn fits(key: &Key, answer: Answer) -> bool {
    !matches!(answer, Answer::Entries) || matches!(key.shape, Shape::Entries(_))
}

fn of_fields(key: &Key, command: &str) -> Option<Vec<Read>> {
    let Shape::Fields(fields) = &key.shape else { return None };
    let of_field = |field: &crate::registry::FieldShape| {
        let mut draft = Draft::new(command);
        draft.suffix = format!("{}_{}", draft.suffix, names::snake(field.name.as_str()));
        for param in field.name.params() {
            argument(&mut draft.arguments, &names::snake(param), ArgumentKind::Param(param.to_owned()));
        }
        draft.words.push(Word::Field(field.name.clone()));
        let value = known(&field.value);
        Read { draft, reply: if command == "HGET" { Reply::Optional(value) } else { Reply::Flag } }
    };
    match command {
        "HGET" | "HEXISTS" => Some(fields.iter().map(of_field).collect()),
        "HGETALL" => Some(vec![Read { draft: Draft::new(command), reply: Reply::Fields }]),
        "HMGET" if fields.iter().any(|field| field.name.is_static()) => {
            let mut draft = Draft::new(command);
            let named = fields.iter().filter(|field| field.name.is_static());
            draft.words.extend(named.map(|field| Word::Field(field.name.clone())));
            Some(vec![Read { draft, reply: Reply::NamedFields }])
        }
        _ => None,
    }
}

fn stream_read(command: &str) -> Draft {
    let mut draft = Draft { command: command.to_owned(), suffix: names::snake(command), ..Draft::default() };
    draft.words.push(literal(command));
    if command == "XREADGROUP" {
        draft.words.push(literal("GROUP"));
        draft.take("group", ArgumentKind::Text);
        draft.take("consumer", ArgumentKind::Text);
    }
    draft.take("limit", ArgumentKind::Limit);
    draft.take("wait", ArgumentKind::OptionalWait);
    draft.words.extend([literal("STREAMS"), Word::Key]);
    draft.take("after", ArgumentKind::Text);
    draft
}

fn of_channel(
    channel: &Channel,
    operation: &Operation,
    entry: &str,
    taken: &mut BTreeSet<String>,
) -> Option<ReadMethod> {
    let command = operation.command.filter(|command| matches!(command.name.as_str(), "SUBSCRIBE" | "PSUBSCRIBE"))?;
    let draft = Draft::new(&command.name);
    let by_pattern = command.name == "PSUBSCRIBE";
    Some(ReadMethod {
        name: unique(taken, format!("{entry}_{}", draft.suffix)),
        entry: EntryId::Channel(channel.id),
        command: command.name.clone(),
        params: if by_pattern { Vec::new() } else { channel.pattern.params().map(str::to_owned).collect() },
        arguments: Vec::new(),
        sent: WireCommand { words: draft.words },
        reply: Reply::Subscription(channel.message.as_ref().map(known)),
    })
}
