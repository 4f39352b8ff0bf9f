//! One document, block by block: which block says what of which module and key.

use serde_json::Value as Json;

use super::columns::Column;
use super::names::{self, Legend};
use super::{entry, overview, payloads, tables, words};
use crate::extract::Kind;
use crate::extract::draft::{Node, Value};
use crate::extract::import::page::{Block, BlockKind, Inline, Page};
use crate::extract::import::record::{Collected, Entry, Module, Origin, named};

/// A document being read.
pub(super) struct Walk<'a> {
    pub(super) origin: &'a Origin,
    pub(super) collected: &'a mut Collected,
    pub(super) legend: Legend,
    /// keywire itself wrote it.
    pub(super) own: bool,
    headings: Vec<(usize, Inline)>,
    /// The module that is spoken of, by its place in `collected`.
    at: Option<usize>,
    pub(super) pending: Option<Pending>,
    /// The payload whose section is read.
    pub(super) payload: Option<(String, Json)>,
    pub(super) shared_payload: bool,
    pub(super) intro_read: bool,
    /// The bullets below say what the module reads from others.
    pub(super) upstream: bool,
}

/// A key of which more may follow.
pub(super) struct Pending {
    pub(super) line: u32,
    pub(super) depth: usize,
    pub(super) cells: Vec<(Column, Inline)>,
}

/// Reads a document.
pub(super) fn read(origin: &Origin, page: &Page, own: bool, module: Option<&str>, collected: &mut Collected) {
    let legend = super::legend::of(page, own);
    let mut walk = Walk {
        origin,
        collected,
        legend,
        own,
        headings: Vec::new(),
        at: None,
        pending: None,
        payload: None,
        shared_payload: false,
        intro_read: false,
        upstream: false,
    };
    if let Some(module) = module {
        walk.begin_module(module);
    }
    for block in &page.blocks {
        walk.block(block);
    }
    walk.flush();
    payloads::end(&mut walk);
}

impl Walk<'_> {
    /// The module that is spoken of.
    pub(super) fn module(&mut self) -> &mut Module {
        let at = *self.at.get_or_insert_with(|| {
            self.collected.modules.push(Module::default());
            self.collected.modules.len() - 1
        });
        &mut self.collected.modules[at]
    }

    /// The module of a name is spoken of from here on.
    pub(super) fn begin_module(&mut self, name: &str) {
        let known = self.collected.modules.iter().position(|module| module.name.as_deref() == Some(name));
        match (known, self.at) {
            (Some(known), _) => self.at = Some(known),
            (None, Some(at)) if self.collected.modules[at].name.is_none() => {
                self.collected.modules[at].name = Some(name.to_owned());
            }
            (None, _) => {
                self.collected.modules.push(Module { name: Some(name.to_owned()), ..Module::default() });
                self.at = Some(self.collected.modules.len() - 1);
            }
        }
    }

    pub(super) fn has_module(&self) -> bool {
        self.at.is_some_and(|at| self.collected.modules[at].name.is_some())
    }

    /// Lists what could not be understood.
    pub(super) fn unresolved(&mut self, line: u32, text: &str, why: &str) {
        self.collected.unresolved.push(self.origin.unresolved(line, text, why));
    }

    /// The overview says the module's name: one that only the title gave is replaced.
    pub(super) fn rename_module(&mut self, name: &str) {
        match self.at {
            Some(at)
                if self.collected.modules[at].entries.is_empty() && self.collected.modules[at].fields.0.is_empty() =>
            {
                let known = self.collected.modules.iter().position(|module| module.name.as_deref() == Some(name));
                match known {
                    Some(known) if known != at => self.at = Some(known),
                    _ => self.collected.modules[at].name = Some(name.to_owned()),
                }
            }
            _ => self.begin_module(name),
        }
    }

    /// Is the module itself spoken of, and no key?
    pub(super) fn is_overview(&self) -> bool {
        self.pending.is_none()
            && (self.headings.len() <= 1 || self.under(&["overview", "module", "about", "summary"]))
            && !self.in_keys_below()
    }

    fn in_keys_below(&self) -> bool {
        self.headings.iter().skip(1).any(|(_, heading)| heading.plain().to_lowercase().contains("key"))
    }

    /// Notes a config variable that a bound names.
    pub(super) fn variable(&mut self, name: &str, kind: &'static str, default: Option<&str>) {
        if self.own {
            return;
        }
        let fields = named(&mut self.module().config, name);
        let seconds = || -> Option<String> {
            let millis = crate::registry::duration(default?).ok()?.as_millis();
            (millis % 1000 == 0).then(|| (millis / 1000).to_string())
        };
        let default = if kind == "seconds" { seconds() } else { default.map(str::to_owned) };
        fields.fill("type", Node::text(kind));
        if let Some(default) = default {
            fields.fill("default", Node::new(Value::Number(default)));
        }
    }

    /// Declares a payload for a part of an entry, and names it there.
    pub(super) fn declare_payload(&mut self, entry: &mut Entry, part: &str, schema: Json) {
        let base: String = words::snake(&entry.pattern.replace(['{', '}'], " "))
            .split('_')
            .filter(|word| !word.is_empty())
            .map(capital)
            .collect();
        let module = self.module();
        let name = (1_u32..)
            .map(|number| if number == 1 { format!("{base}Payload") } else { format!("{base}Payload{number}") })
            .find(|name| module.payloads.iter().all(|(known, _)| known != name))
            .unwrap_or_default();
        entry.fields.text(part, name.as_str());
        module.payloads.push((name, schema));
    }

    /// Takes an entry: to the module that is said to write it, else to the one that is spoken of.
    pub(super) fn put(&mut self, entry: Entry, line: u32) {
        let here = self.at;
        let mut writers = entry.writers.clone();
        if writers.is_empty() {
            self.put_here(entry, line);
            return;
        }
        writers.dedup();
        for writer in writers {
            self.begin_module(&writer);
            self.put_here(entry.clone(), line);
        }
        self.at = here.or(self.at);
    }

    fn put_here(&mut self, entry: Entry, line: u32) {
        let module = self.module();
        let same = |known: &&mut Entry| {
            known.kind == entry.kind
                && known.pattern == entry.pattern
                && known.fields.get("bus") == entry.fields.get("bus")
        };
        let Some(known) = module.entries.iter_mut().find(same) else {
            module.entries.push(entry);
            return;
        };
        let mut differing = Vec::new();
        for (name, node) in entry.fields.0 {
            if known.fields.get(&name).is_some_and(|old| *old != node) {
                differing.push(name.clone());
            }
            known.fields.fill(&name, node);
        }
        for consumer in entry.consumers {
            known.consume(consumer);
        }
        for operation in entry.operations {
            if !known.operations.contains(&operation) {
                known.operations.push(operation);
            }
        }
        for (name, fields) in entry.parts {
            let part = named(&mut known.parts, &name);
            fields.0.into_iter().for_each(|(name, node)| part.fill(&name, node));
        }
        if !differing.is_empty() {
            let place = known.place.clone();
            let why =
                format!("it was described before, at {place}; what was said there of {} stands", differing.join(", "));
            self.unresolved(line, &entry.pattern, &why);
        }
    }

    /// Is a word in one of the headings above?
    pub(super) fn under(&self, words: &[&str]) -> bool {
        self.headings.iter().any(|(_, heading)| {
            let lower = heading.plain().to_lowercase();
            words.iter().any(|word| lower.contains(word))
        })
    }

    /// How many headings are above.
    pub(super) fn depth(&self) -> usize {
        self.headings.len()
    }

    /// The nearest heading.
    pub(super) fn heading(&self) -> Option<&Inline> {
        self.headings.last().map(|(_, heading)| heading)
    }

    /// Are keys spoken of, by the headings above?
    pub(super) fn in_keys(&self) -> bool {
        self.under(&["key", "pattern", "channel", "stream", "pub/sub", "pubsub"])
    }

    fn block(&mut self, block: &Block) {
        match &block.kind {
            BlockKind::Heading(level, inline) => self.begin(block.line, *level, inline),
            BlockKind::Paragraph(inline) => self.paragraph(block.line, inline),
            BlockKind::Item(depth, inline) => self.item(block.line, *depth, inline),
            BlockKind::Table(table) => {
                self.flush();
                tables::read(self, table);
            }
            BlockKind::Code(language, text) => self.listing(block.line, language, text),
        }
    }

    fn begin(&mut self, line: u32, level: usize, inline: &Inline) {
        self.flush();
        self.headings.retain(|(known, _)| *known < level);
        self.headings.push((level, inline.clone()));
        if self.own {
            if level <= 3 {
                payloads::end(self);
                self.intro_read = false;
            }
            if level == 3 && self.under(&["payloads"]) {
                payloads::begin(self, inline);
            }
            return;
        }
        if level == 1 || self.headings.len() == 1 {
            overview::title(self, &inline.plain());
        }
        let names = inline.codes().filter(|code| names::looks_like_key(code)).count();
        let words = inline.plain();
        let alone = words.split_whitespace().next().is_some_and(names::looks_like_key) && self.in_keys();
        if names > 0 || alone {
            let name = if names > 0 { inline.clone() } else { Inline::words(&words) };
            self.pending = Some(Pending { line, depth: 0, cells: vec![(Column::Key, name)] });
        }
    }

    /// Names of keys in prose are noted, so that none is lost.
    pub(super) fn prose(&mut self, line: u32, inline: &Inline) {
        for code in inline.codes().filter(|code| names::looks_like_key(code)) {
            let why = "this looks like a key, and no table or list declares it";
            self.collected.mentions.push(self.origin.unresolved(line, code, why));
        }
    }

    /// Ends the key of which more might have followed.
    pub(super) fn flush(&mut self) {
        let Some(pending) = self.pending.take() else { return };
        if pending.cells.iter().any(|(column, _)| matches!(column, Column::Key | Column::Channel)) {
            entry::add(self, pending.line, &pending.cells);
        } else {
            for (_, cell) in pending.cells {
                self.unresolved(pending.line, &cell.plain(), "this stands among keys, and names none");
            }
        }
    }
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The kind of an entry by the word beside its name.
pub(super) fn kind_of(words: &str) -> Kind {
    if words.contains("channel") { Kind::Channel } else { Kind::Key }
}
