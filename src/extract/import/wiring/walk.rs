//! One document, block by block: which block says what of which module and key.

use serde_json::Value as Json;

use super::columns::{self, Column};
use super::names::{self, Legend};
use super::{entry, graph, notes, overview, payloads, tables, words};
use crate::extract::Kind;
use crate::extract::draft::{Node, Value};
use crate::extract::import::page::{Block, BlockKind, Inline, Page, PieceKind};
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
    pending: Option<Pending>,
    /// The payload whose section is read.
    pub(super) payload: Option<(String, Json)>,
    pub(super) shared_payload: bool,
    pub(super) intro_read: bool,
    /// The bullets below say what the module reads from others.
    pub(super) upstream: bool,
}

/// A key of which more may follow.
struct Pending {
    line: u32,
    depth: usize,
    cells: Vec<(Column, Inline)>,
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

    fn in_keys(&self) -> bool {
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

    fn paragraph(&mut self, line: u32, inline: &Inline) {
        if self.own {
            return notes::paragraph(self, line, inline);
        }
        let mut last: Option<Column> = None;
        for words in inline.lines() {
            let label = words.labelled();
            if let Some((label, rest)) = &label
                && overview::read(self, line, label, rest)
            {
                continue;
            }
            let column = label.as_ref().and_then(|(label, _)| columns::of(label));
            let in_keys = self.in_keys();
            match (&mut self.pending, column, label) {
                (Some(pending), Some(column), Some((_, rest))) => {
                    pending.cells.push((column, rest));
                    last = Some(column);
                }
                (None, Some(Column::Key | Column::Channel), Some((_, rest))) if in_keys => {
                    self.pending = Some(Pending { line, depth: 0, cells: vec![(Column::Key, rest)] });
                }
                (Some(pending), ..) if pending.depth == 0 => more(pending, last, &words),
                _ => self.prose(line, &words),
            }
        }
    }

    /// Names of keys in prose are noted, so that none is lost.
    pub(super) fn prose(&mut self, line: u32, inline: &Inline) {
        for code in inline.codes().filter(|code| names::looks_like_key(code)) {
            let why = "this looks like a key, and no table or list declares it";
            self.collected.mentions.push(self.origin.unresolved(line, code, why));
        }
    }

    fn item(&mut self, line: u32, depth: usize, inline: &Inline) {
        if self.own && notes::item(self, line, depth, inline) {
            return;
        }
        let label = inline.labelled();
        if let Some((label, rest)) = &label
            && (overview::read(self, line, label, rest) || graph::read(self, line, label, rest))
        {
            return;
        }
        if self.own {
            return;
        }
        let column = label.as_ref().and_then(|(label, _)| columns::of(label));
        let belongs = self.pending.as_ref().is_some_and(|pending| {
            depth > pending.depth
                || pending.depth == 0
                || pending.cells.iter().all(|(column, _)| *column != Column::Key)
                || column.is_some_and(|column| pending.depth == depth && column != Column::Key)
        });
        match (column, label) {
            (Some(column @ (Column::Key | Column::Channel)), Some((_, rest)))
                if self.in_keys() || self.pending.is_some() =>
            {
                // A title above may be its purpose; a key above ends here.
                if self.pending.as_ref().is_none_or(|pending| {
                    pending.cells.iter().any(|(column, _)| matches!(column, Column::Key | Column::Channel))
                }) {
                    self.flush();
                    self.pending = Some(Pending { line, depth, cells: Vec::new() });
                }
                if let Some(pending) = &mut self.pending {
                    pending.line = line;
                    pending.cells.push((column, rest));
                }
            }
            (Some(column), Some((_, rest))) if belongs => {
                if let Some(pending) = &mut self.pending {
                    pending.cells.push((column, rest));
                }
            }
            (_, label) => self.loose_item(line, depth, inline, label.map(|(label, _)| label)),
        }
    }

    /// A bullet without a label that is known: a key with its purpose, a title, or prose.
    fn loose_item(&mut self, line: u32, depth: usize, inline: &Inline, label: Option<String>) {
        let first = inline.pieces.first();
        let code = first.filter(|piece| piece.kind == PieceKind::Code).map(|piece| piece.text.clone());
        let bare = inline
            .plain()
            .split_whitespace()
            .next()
            .map(str::to_owned)
            .filter(|word| names::looks_like_key(word.trim_end_matches([':', ','])));
        let name = match code {
            Some(code) if names::looks_like_key(&code) || self.in_keys() => Some(code),
            None if self.in_keys() => bare,
            _ => None,
        };
        if let Some(name) = name.filter(|_| self.in_keys() || !inline.raw().contains(' ') || inline.pieces.len() > 1) {
            self.flush();
            let mut cells = vec![(Column::Key, code_of(name.trim_end_matches([',', ':']), &name))];
            let rest = inline.after(name.len());
            let words = rest.plain();
            let words = words.trim_start_matches([':', '-', '–', '—', ' ', '=']).trim();
            if !words.is_empty() {
                cells.extend(one_line(words));
            }
            self.pending = Some(Pending { line, depth, cells });
            return;
        }
        if !self.in_keys() {
            self.prose(line, inline);
            return;
        }
        if let Some(pending) = self.pending.as_mut().filter(|pending| depth > pending.depth) {
            match label {
                None => pending.cells.push((Column::Notes, inline.clone())),
                Some(_) => self.unresolved(
                    line,
                    &inline.plain(),
                    "this label is not known; see `keywire import --help` for those that are",
                ),
            }
            return;
        }
        self.flush();
        // `Keys of the shop:` only leads to what follows.
        if !inline.plain().ends_with(':') {
            self.pending = Some(Pending { line, depth, cells: vec![(Column::Purpose, inline.clone())] });
        }
    }

    /// A block of code under a heading of keys: a name a line.
    fn listing(&mut self, line: u32, language: &str, text: &str) {
        if self.own || !self.in_keys() || !matches!(language, "" | "text" | "txt" | "redis" | "plain") {
            return;
        }
        let lines: Vec<&str> =
            text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        let first = |line: &str| line.split_whitespace().next().unwrap_or_default().to_owned();
        if lines.is_empty() || !lines.iter().all(|line| names::looks_like_key(&first(line))) {
            return;
        }
        self.flush();
        for (at, words) in text.lines().enumerate() {
            let words = words.trim();
            let name = first(words);
            if name.is_empty() || name.starts_with('#') {
                continue;
            }
            let mut cells = vec![(Column::Key, code_of(&name, &name))];
            let rest = words[name.len()..].trim().trim_start_matches(['#', '-', '–', '/', ';', ':', ' ', '→']).trim();
            if !rest.is_empty() {
                cells.extend(one_line(rest));
            }
            let here = line.saturating_add(u32::try_from(at).unwrap_or(0)).saturating_add(1);
            entry::add(self, here, &cells);
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

/// More words of a key under its heading: its purpose, or more of what was said last.
fn more(pending: &mut Pending, last: Option<Column>, words: &Inline) {
    let wanted = last.unwrap_or(Column::Purpose);
    match pending.cells.iter_mut().find(|(column, _)| *column == wanted) {
        Some((_, cell)) => {
            cell.push(PieceKind::Text, " ");
            words.pieces.iter().for_each(|piece| cell.push(piece.kind, &piece.text));
        }
        None => pending.cells.push((wanted, words.clone())),
    }
}

/// `the price (STRING, TTL 5m)`: a purpose, and in parentheses what else is known.
fn one_line(words: &str) -> Vec<(Column, Inline)> {
    let mut cells = Vec::new();
    let mut purpose = words.to_owned();
    if let Some((before, inside, after)) = words::parenthesis(words) {
        let known: Vec<Option<Column>> = words::by_commas(inside)
            .into_iter()
            .map(|part| {
                if super::kinds::read(part).is_some() {
                    Some(Column::Type)
                } else if part.to_lowercase().contains("ttl") || part.to_lowercase().contains("expire") {
                    Some(Column::Lifecycle)
                } else {
                    None
                }
            })
            .collect();
        if known.iter().all(Option::is_some) {
            for (part, column) in words::by_commas(inside).into_iter().zip(known) {
                cells.extend(column.map(|column| (column, Inline::words(part))));
            }
            let after = after.trim_start_matches([':', '-', '–', '—', ' ', '=']);
            purpose = if before.is_empty() { after.to_owned() } else { format!("{before} {after}") };
        }
    }
    if !purpose.trim().is_empty() {
        cells.push((Column::Purpose, Inline::words(purpose.trim())));
    }
    cells
}

fn code_of(name: &str, written: &str) -> Inline {
    let mut inline = Inline::default();
    inline.push(PieceKind::Code, if name.is_empty() { written } else { name });
    inline
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The kind of an entry by the word beside its name.
pub(super) fn kind_of(words: &str) -> Kind {
    if words.contains("channel") { Kind::Channel } else { Kind::Key }
}
