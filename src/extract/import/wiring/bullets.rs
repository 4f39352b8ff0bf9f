//! Paragraphs, bullets and listings by hand: a key and what is said of it, over several lines.

use super::columns::{self, Column};
use super::walk::{Pending, Walk};
use super::{entry, graph, names, notes, overview, words};
use crate::extract::import::page::{Inline, PieceKind};

impl Walk<'_> {
    /// A paragraph: labelled lines, the purpose of a key under its heading, or prose.
    pub(super) fn paragraph(&mut self, line: u32, inline: &Inline) {
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

    /// A bullet.
    pub(super) fn item(&mut self, line: u32, depth: usize, inline: &Inline) {
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
    pub(super) fn listing(&mut self, line: u32, language: &str, text: &str) {
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
