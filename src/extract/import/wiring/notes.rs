//! What generated docs say in sentences: notes on entries, payloads' heads, the system's name.

use super::walk::{Walk, kind_of};
use super::{amounts, payloads};
use crate::extract::Kind;
use crate::extract::draft::{Node, Value};
use crate::extract::import::page::{Inline, Piece, PieceKind};
use crate::extract::import::record::{Fields, named};

/// A paragraph of a generated page.
pub(super) fn paragraph(walk: &mut Walk<'_>, _line: u32, inline: &Inline) {
    let text = inline.plain();
    if let Some(name) = text.strip_prefix("Part of ").and_then(|rest| rest.split(": see the whole pipeline").next())
        && text.contains(": see the whole pipeline")
    {
        walk.collected.name = Some(name.to_owned());
        return;
    }
    if walk.under(&["payloads"]) {
        payloads::intro(walk, inline);
        return;
    }
    let heading = walk.heading().map(Inline::plain).unwrap_or_default();
    if walk.depth() == 1 && heading.ends_with(" Pipeline") {
        walk.collected.about = Some(text);
    }
}

/// A bullet of a generated page; false when another reader may know it.
pub(super) fn item(walk: &mut Walk<'_>, line: u32, depth: usize, inline: &Inline) -> bool {
    let first = inline.pieces.first();
    if let Some(piece) = first.filter(|piece| piece.kind == PieceKind::Code)
        && walk.under(&["notes on keys", "channels"])
    {
        let pattern = piece.text.clone();
        let (bus, rest) = head(&inline.pieces[1..]);
        let kind = if walk.under(&["notes on keys"]) { Kind::Key } else { kind_of("channel") };
        if walk.module().find(kind, &pattern, bus.as_deref()).is_none() {
            walk.unresolved(line, &pattern, "no table declares it");
            return true;
        }
        let fields = read(rest, &mut |words| walk.unresolved(line, &words, "this label is not known here"));
        if let Some(entry) = walk.module().find(kind, &pattern, bus.as_deref()) {
            fields.0.into_iter().for_each(|(name, node)| entry.fields.set(&name, node));
        }
        return true;
    }
    if depth == 1 {
        walk.upstream = inline.labelled().is_some_and(|(label, _)| label == "Upstream");
    } else if walk.upstream && walk.under(&["connectivity graph"]) {
        upstream(walk, line, inline);
    }
    depth > 1
}

/// What stands between the name and the colon: the bus.
fn head(pieces: &[Piece]) -> (Option<String>, Vec<Piece>) {
    let mut rest: Vec<Piece> = pieces.to_vec();
    let mut bus = None;
    if rest.first().is_some_and(|piece| piece.text.trim() == "on") && rest.len() > 1 {
        bus = Some(rest[1].text.clone());
        rest.drain(..2);
    }
    if let Some(first) = rest.first_mut() {
        first.text = first.text.trim_start_matches([':', ' ']).to_owned();
    }
    (bus, rest)
}

/// Who reads from a module that is not among the documents cannot be told to it.
fn upstream(walk: &mut Walk<'_>, line: u32, inline: &Inline) {
    let text = inline.plain();
    let owner = inline
        .pieces
        .get(1)
        .and_then(|piece| piece.text.strip_prefix(" of "))
        .map(|rest| rest.split([' ', '.']).next().unwrap_or_default().to_owned());
    if let Some(owner) = owner {
        let why = format!("the page of {owner}, which writes it, is not among the documents");
        let listed = walk.origin.unresolved(line, &text, why);
        walk.collected.upstream.push((owner, listed));
    }
}

/// The sentences of a note: each that is not prose begins with a bold label.
fn read(pieces: Vec<Piece>, unknown: &mut dyn FnMut(String)) -> Fields {
    let mut fields = Fields::default();
    let mut sections: Vec<(String, Vec<Piece>)> = vec![(String::new(), Vec::new())];
    for piece in pieces {
        match (piece.kind, sections.last_mut()) {
            (PieceKind::Strong, _) => sections.push((piece.text.trim_end_matches(':').to_owned(), Vec::new())),
            (_, Some((_, section))) => section.push(piece),
            (_, None) => {}
        }
    }
    for (label, pieces) in sections {
        let words = Inline { pieces };
        let text = words.plain();
        let sentence = text.trim_end_matches('.').to_owned();
        match label.as_str() {
            "" | "Notes" => fields.text("notes", text),
            "Deprecated" => deprecated(&words, &mut fields),
            "May be absent" => fields.set("required", Node::new(Value::Flag(false))),
            "Always there" => fields.set("required", Node::new(Value::Flag(true))),
            "Found by" => {
                if let Some(name) = words.codes().next() {
                    fields.text("found_by", name);
                }
            }
            "Consumer groups" => groups(&words, &mut fields),
            "Of interest" => fields.set("examples", Node::texts(words.codes())),
            "Owner" => fields.text("owner", sentence),
            "Since" => fields.text("since", sentence),
            other => unknown(format!("{other}: {text}")),
        }
    }
    fields
}

/// `since 1.2; use `x` instead; it may be removed after 2027-01-01.`
fn deprecated(words: &Inline, fields: &mut Fields) {
    let text = words.plain();
    let text = text.trim_end_matches('.');
    let after = text.split("; it may be removed after ").nth(1).map(str::to_owned);
    let since = text.split("; ").next().unwrap_or_default().trim_start_matches("since ").to_owned();
    let parts =
        [("since", Some(since)), ("replacement", words.codes().next().map(str::to_owned)), ("remove_after", after)];
    fields.set("deprecated", Node::map(parts.into_iter().filter_map(|(name, text)| Some((name, Node::text(text?))))));
}

/// `` `replay` (at most 10 entries behind, always there): what it is for; `other`. ``
fn groups(words: &Inline, fields: &mut Fields) {
    let mut groups = Vec::new();
    let mut name: Option<(String, Inline)> = None;
    let mut depth = 0_i32;
    let mut push = |name: Option<(String, Inline)>| {
        if let Some((name, rest)) = name {
            groups.push((name, rest));
        }
    };
    for piece in &words.pieces {
        if piece.kind == PieceKind::Code && depth <= 0 {
            push(name.take());
            name = Some((piece.text.clone(), Inline::default()));
        } else if let Some((_, rest)) = &mut name {
            depth += i32::try_from(piece.text.matches('(').count()).unwrap_or(0)
                - i32::try_from(piece.text.matches(')').count()).unwrap_or(0);
            rest.push(piece.kind, &piece.text);
        }
    }
    push(name);
    let last = groups.len().saturating_sub(1);
    let mut all = crate::extract::import::record::Named::new();
    for (at, (name, rest)) in groups.into_iter().enumerate() {
        let group = named(&mut all, &name);
        let text = rest.plain();
        let text = if at == last { text.trim_end_matches('.') } else { text.trim_end_matches(';') };
        let (limits, about) = match text.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
            // A variable in parentheses closes before the list of limits does.
            Some(_) => limits_of(text),
            None => ("", text),
        };
        for part in super::words::by_commas(limits) {
            limit(part, group);
        }
        group.text("about", about.trim_start_matches([':', ' ']));
    }
    if all.iter().all(|(_, fields)| fields.0.is_empty()) {
        fields.set("groups", Node::texts(all.into_iter().map(|(name, _)| name)));
    } else {
        fields.set("groups", Node::map(all.into_iter().map(|(name, fields)| (name, Node::map(fields.0)))));
    }
}

fn limits_of(text: &str) -> (&str, &str) {
    super::words::parenthesis(text).map_or(("", text), |(_, inside, after)| (inside, after))
}

fn limit(part: &str, group: &mut Fields) {
    if part == "always there" {
        group.set("required", Node::new(Value::Flag(true)));
        return;
    }
    let fields = [("entries behind", "max_lag"), ("unacknowledged", "max_pending"), ("consumers", "max_consumers")];
    let Some((_, field)) = fields.iter().find(|(words, _)| part.ends_with(words)) else { return };
    let figure = amounts::Figure {
        value: amounts::number(part).map(|count| count.to_string()),
        variable: amounts::variable(part),
    };
    if let Some(written) = figure.written() {
        group.text(field, written);
    }
}
