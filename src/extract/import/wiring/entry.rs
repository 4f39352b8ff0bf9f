//! What is said of one key, in a row, in bullets or under a heading, as an entry.

use super::columns::Column;
use super::kinds::{self, What};
use super::{lifecycle, names, operations, readers, shape, words};
use crate::extract::Kind;
use crate::extract::draft::Node;
use crate::extract::import::page::Inline;
use crate::extract::import::record::{Consumer, Entry, Fields, named};
use crate::extract::import::wiring::walk::Walk;

/// Adds the entries of what is said of one name, or of several at once.
pub(super) fn add(walk: &mut Walk<'_>, line: u32, cells: &[(Column, Inline)]) {
    let mut found = names::Names::default();
    let mut channel = false;
    for (column, cell) in cells.iter().filter(|(column, _)| matches!(column, Column::Key | Column::Channel)) {
        found = names::cell(cell, &walk.legend);
        channel |= *column == Column::Channel;
    }
    if found.patterns.is_empty() {
        let text = cells.iter().map(|(_, cell)| cell.plain()).collect::<Vec<_>>().join(" | ");
        walk.unresolved(line, &text, "no name of a key was found in it; write the name as `code`");
        return;
    }
    let mut said = Said::default();
    for (column, cell) in cells {
        said.read(walk, line, *column, cell);
    }
    for remark in found.remarks {
        if remark.to_lowercase().contains("deprecated") {
            said.fields.fill("notes", Node::text(format!("Marked in the document: {remark}.")));
        } else {
            walk.unresolved(line, &remark, "this stands beside the name of a key and is none itself");
        }
    }
    if let Some(bus) = &found.bus {
        said.fields.text("bus", bus);
    }
    if walk.own {
        // What stands under a name there are samples, made from the params.
        found.examples.clear();
    }
    let last = found.patterns.len();
    for (at, name) in found.patterns.into_iter().enumerate() {
        for (param, fields) in name.params {
            for (field, node) in fields.0 {
                named(&mut walk.module().params, &param).fill(&field, node);
            }
            named(&mut walk.module().params, &param);
        }
        let is_channel = channel || name.is_channel || said.what == Some(What::Channel);
        let said = if at + 1 == last { std::mem::take(&mut said) } else { said.clone() };
        said.entry(walk, line, name.pattern, is_channel, &found.examples);
    }
}

/// What the cells say, whatever the name.
#[derive(Debug, Default, Clone)]
struct Said {
    fields: Fields,
    what: Option<What>,
    /// Words that tell what a value is.
    remarks: Vec<String>,
    operations: Vec<operations::Op>,
    consumers: Vec<Consumer>,
    writers: Vec<String>,
    parts: Vec<String>,
    name: Option<String>,
    examples: Vec<String>,
}

impl Said {
    fn read(&mut self, walk: &mut Walk<'_>, line: u32, column: Column, cell: &Inline) {
        let text = cell.plain();
        if text.is_empty() {
            return;
        }
        match column {
            Column::Key | Column::Channel => {}
            Column::Purpose => self.fields.text("purpose", text),
            Column::Type => match kinds::read(&text) {
                Some((what, remark)) => {
                    self.what = Some(what);
                    self.remarks.push(remark);
                }
                None if words::is_nothing(&text) => {}
                None => walk.unresolved(
                    line,
                    &text,
                    "this is no Redis type; write one such as STRING, HASH, LIST, SET, ZSET or STREAM",
                ),
            },
            Column::Operations => self.operations(walk, line, &text),
            Column::Lifecycle | Column::Ttl => self.lifecycle(walk, line, &text, column == Column::Ttl),
            Column::Entries => self.lifecycle(walk, line, &format!("max {text} entries"), false),
            Column::Consumers => self.readers(walk, line, &text),
            Column::Producer => {
                let parties = words::items(&text).into_iter().filter(|name| !words::is_nothing(name));
                self.writers
                    .extend(parties.map(|name| words::snake(words::parenthesis(name).map_or(name, |(head, ..)| head))));
            }
            Column::Bus => {
                let bus = text.trim_matches('`');
                if !words::is_nothing(bus) {
                    let bus =
                        if bus.bytes().all(|byte| byte.is_ascii_digit()) { format!("db{bus}") } else { bus.to_owned() };
                    self.fields.text("bus", bus);
                }
            }
            Column::Value => self.remarks.push(text),
            Column::Fields => self.parts.extend(cell_names(cell, &text)),
            Column::Examples => {
                let codes: Vec<String> = cell.codes().map(str::to_owned).collect();
                let plain = || words::by_commas(&text).into_iter().map(str::to_owned).collect();
                self.examples.extend(if codes.is_empty() { plain() } else { codes });
            }
            Column::Notes => self.fields.text("notes", text),
            Column::Name => self.name = Some(text),
            Column::Owner => self.fields.text("owner", text),
            Column::Since => self.fields.text("since", text),
            Column::Cardinality => match super::amounts::number(&text) {
                Some(count) => self.fields.text("cardinality", count.to_string()),
                None => walk.unresolved(line, &text, "no number of keys was found in it"),
            },
            Column::Freshness => match super::amounts::duration(&text) {
                Some((time, ..)) => self.fields.text("freshness", time),
                None => walk.unresolved(line, &text, "no time was found in it; write one such as 15s"),
            },
        }
    }

    fn operations(&mut self, walk: &mut Walk<'_>, line: u32, text: &str) {
        let found = operations::read(text);
        for unknown in found.unknown {
            walk.unresolved(line, &unknown, "this names no Redis command");
        }
        self.operations.extend(found.all);
        for option in found.options {
            let retention = lifecycle::read(&option, false);
            // An option that bounds nothing, such as NX, says how and not how long.
            self.retention(walk, retention.fields, retention.variables);
        }
    }

    fn lifecycle(&mut self, walk: &mut Walk<'_>, line: u32, text: &str, ttl_column: bool) {
        let found = lifecycle::read(text, ttl_column);
        for unknown in found.unknown {
            walk.unresolved(line, &unknown, "this says nothing that a retention can hold");
        }
        self.retention(walk, found.fields, found.variables);
    }

    fn retention(
        &mut self,
        walk: &mut Walk<'_>,
        fields: Fields,
        variables: Vec<(String, &'static str, Option<String>)>,
    ) {
        for (name, kind, default) in variables {
            walk.variable(&name, kind, default.as_deref());
        }
        if fields.0.is_empty() {
            return;
        }
        let mut all = match self.fields.get("retention").map(|node| node.value.clone()) {
            Some(crate::extract::draft::Value::Map(entries)) => Fields(entries),
            _ => Fields::default(),
        };
        for (name, node) in fields.0 {
            all.fill(&name, node);
        }
        self.fields.set("retention", Node::map(all.0));
    }

    fn readers(&mut self, walk: &mut Walk<'_>, line: u32, text: &str) {
        let module = walk.module().name.clone().unwrap_or_default();
        let found = readers::read(text, &module, walk.own);
        for unknown in found.unknown {
            walk.unresolved(line, &unknown, "no party that reads was found in it");
        }
        self.consumers.extend(found.consumers);
        self.writers.extend(found.writers);
    }

    #[expect(clippy::too_many_arguments, reason = "the name, and where it stands")]
    fn entry(self, walk: &mut Walk<'_>, line: u32, pattern: String, is_channel: bool, examples: &[String]) {
        let kind = if is_channel { Kind::Channel } else { Kind::Key };
        let mut entry = Entry {
            kind,
            pattern,
            place: walk.origin.at(line),
            name: self.name,
            fields: self.fields,
            writers: self.writers,
            ..Entry::default()
        };
        let is_static = !entry.pattern.contains('{');
        let examples: Vec<&String> = examples.iter().chain(&self.examples).collect();
        if !examples.is_empty() && !is_static {
            entry.fields.set("examples", Node::texts(examples));
        }
        for op in &self.operations {
            let command = op.command;
            let reads =
                command.subscribes() || (command.is_read() && !command.is_write()) || is_of_readers(&command.name);
            let list = if reads && !walk.own { &mut entry.reads } else { &mut entry.operations };
            if !list.contains(&command.name) {
                list.push(command.name.clone());
            }
        }
        for consumer in self.consumers {
            entry.consume(consumer);
        }
        if !walk.own {
            shape::fill(&mut entry, self.what, &self.remarks, &self.operations, &self.parts, walk);
        } else if let Some(What::Type(redis_type)) = self.what {
            entry.fields.text("type", redis_type.name);
        } else if is_channel && let Some(message) = self.remarks.first() {
            entry.fields.text("message", message.trim_end_matches(" JSON"));
        }
        walk.put(entry, line);
    }
}

/// Commands that write, but that readers of a stream send.
fn is_of_readers(name: &str) -> bool {
    matches!(name, "XREADGROUP" | "XACK" | "XCLAIM" | "XAUTOCLAIM" | "XGROUP CREATE")
}

fn cell_names(cell: &Inline, text: &str) -> Vec<String> {
    let codes: Vec<String> = cell.codes().map(str::to_owned).collect();
    if codes.is_empty() { operations::names(text.trim_matches(['{', '}', '(', ')'])) } else { codes }
}
