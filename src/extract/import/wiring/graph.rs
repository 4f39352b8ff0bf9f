//! The bullets of a connectivity graph: who reads what, by how near they are, and the stages of the pipeline.

use super::readers;
use super::walk::Walk;
use super::words::{clauses, items, parenthesis, snake, unstopped, without_eg};
use crate::extract::Kind;
use crate::extract::draft::Node;
use crate::extract::import::page::{Inline, PieceKind};
use crate::extract::import::record::{Consumer, named};

/// Reads a labelled bullet of a graph; false when it is none.
pub(super) fn read(walk: &mut Walk<'_>, line: u32, label: &str, rest: &Inline) -> bool {
    if !walk.under(&["connectiv", "graph", "data flow", "dataflow", "wiring", "pipeline", "flow"]) {
        return false;
    }
    let lower = label.to_lowercase();
    if lower.contains("flow") || lower == "pipeline" {
        flow(walk, rest);
        return true;
    }
    if walk.own {
        return false;
    }
    let text = rest.plain();
    if let Some(system) = label.strip_prefix("Intra-").or_else(|| label.strip_prefix("intra-")) {
        if !system.eq_ignore_ascii_case("service") {
            walk.collected.name.get_or_insert_with(|| snake(system).replace('_', "-"));
        }
        intra(walk, line, &text);
    } else if lower.starts_with("inter") || lower.starts_with("external") {
        inter(walk, line, &text);
    } else if lower.contains("admin") || lower.contains("dev") || lower.contains("ops") {
        admin(walk, line, &text);
    } else {
        return false;
    }
    true
}

/// `Spot → Models (e.g., GEX uses underlyings) → Publication`.
fn flow(walk: &mut Walk<'_>, rest: &Inline) {
    let stages = if walk.own { generated_stages(rest) } else { stages(&rest.plain()) };
    let stage = |(name, example): (String, Option<String>)| {
        Node::map(
            [("stage", Some(name)), ("example", example)]
                .into_iter()
                .filter_map(|(field, text)| Some((field, Node::text(text?)))),
        )
    };
    let stages: Vec<Node> = stages.into_iter().map(stage).collect();
    if !stages.is_empty() {
        walk.module().fields.set("flow", Node::new(crate::extract::draft::Value::List(stages)));
    }
}

fn stages(text: &str) -> Vec<(String, Option<String>)> {
    let parts = super::words::split(unstopped(text), |rest| {
        ["→", "->", "=>", "➔", "➜"].iter().find(|arrow| rest.starts_with(**arrow)).map(|arrow| arrow.len())
    });
    parts
        .into_iter()
        .map(|part| match parenthesis(part) {
            Some((name, inside, _)) => (name.to_owned(), Some(without_eg(inside).unwrap_or(inside).to_owned())),
            None => (part.to_owned(), None),
        })
        .collect()
}

/// In generated docs the names of stages are bold.
fn generated_stages(rest: &Inline) -> Vec<(String, Option<String>)> {
    let mut stages: Vec<(String, String)> = Vec::new();
    for piece in &rest.pieces {
        match (piece.kind, stages.last_mut()) {
            (PieceKind::Strong, _) => stages.push((piece.text.clone(), String::new())),
            (_, Some((_, example))) => example.push_str(&piece.text),
            (_, None) => {}
        }
    }
    let last = stages.len().saturating_sub(1);
    let example = |at: usize, words: String| -> Option<String> {
        let words = words.trim();
        let words = if at == last { words.trim_end_matches('.') } else { words.trim_end_matches('→').trim_end() };
        let words = words.strip_prefix('(')?.strip_suffix(')')?;
        Some(words.to_owned())
    };
    stages.into_iter().enumerate().map(|(at, (name, words))| (name, example(at, words))).collect()
}

/// `Spot keys feed model_builders (e.g., via orchestrator wiring); chain_worker may correlate for chain fetches.`
fn intra(walk: &mut Walk<'_>, line: u32, text: &str) {
    for clause in clauses(text) {
        let verb = [" feed ", " feeds ", " consumed by ", " read by ", " used by ", " go to ", " → "]
            .iter()
            .find_map(|verb| clause.split_once(*verb));
        let Some((_, parties)) = verb else {
            service(walk, clause, "internal");
            walk.unresolved(line, clause, "it names no key that is read; add the consumer to a key of the table");
            continue;
        };
        let found = readers::read(parties, "", false);
        for mut consumer in found.consumers {
            consumer.scope = Some("internal");
            let mut known = false;
            for entry in &mut walk.module().entries {
                if entry.consumers.iter().any(|one| one.name == consumer.name) {
                    entry.consume(Consumer {
                        name: consumer.name.clone(),
                        via: consumer.via.clone(),
                        scope: consumer.scope,
                        ..entry_like(&consumer)
                    });
                    known = true;
                }
            }
            if !known {
                walk.unresolved(line, clause, "no key of the tables names this consumer; add it there");
            }
        }
    }
}

/// What a bullet adds to a consumer that a table has: not what it is for, because it speaks of several keys.
fn entry_like(consumer: &Consumer) -> Consumer {
    Consumer { potential: true, examples: consumer.examples.clone(), ..Consumer::default() }
}

/// A party that is named without a key is a service at least.
fn service(walk: &mut Walk<'_>, clause: &str, scope: &str) {
    let first = clause.split_whitespace().next().unwrap_or_default();
    if first.contains('_') {
        named(&mut walk.collected.services, &snake(first)).fill("scope", Node::text(scope));
    }
}

/// `Publishes to market-redis; subscribed by Vigil (events), Vexy (AI decisions on market intel).`
fn inter(walk: &mut Walk<'_>, line: u32, text: &str) {
    for clause in clauses(text) {
        let lower = clause.to_lowercase();
        if lower.starts_with("publish") {
            continue;
        }
        let found = readers::read(clause, "", false);
        let subscribes = lower.starts_with("subscri");
        let module = walk.module();
        let publishing: Vec<usize> = (0..module.entries.len())
            .filter(|at| {
                module.entries[*at].kind == Kind::Channel
                    || module.entries[*at].operations.iter().any(|name| name == "PUBLISH" || name == "SPUBLISH")
            })
            .collect();
        match publishing.as_slice() {
            [only] if subscribes => {
                for mut consumer in found.consumers {
                    consumer.scope = consumer.scope.or(Some("external"));
                    module.entries[*only].consume(consumer);
                }
            }
            _ => walk.unresolved(
                line,
                clause,
                "it does not say which key or channel is read; add the consumer to a row of the table",
            ),
        }
    }
}

/// `Analytics key for monitoring; stream for debugging/replay.`
fn admin(walk: &mut Walk<'_>, line: u32, text: &str) {
    for clause in clauses(text) {
        let found = clause.split_once(" for ").and_then(|(subject, purpose)| {
            let word = items(subject)
                .first()?
                .trim_start_matches("the ")
                .trim_end_matches(" key")
                .trim_end_matches(" keys")
                .trim()
                .to_lowercase();
            let ends = |pattern: &str| {
                pattern
                    .split(':')
                    .rfind(|part| !part.starts_with('{'))
                    .is_some_and(|last| last.eq_ignore_ascii_case(&word))
            };
            let entry = walk.module().entries.iter_mut().find(|entry| ends(&entry.pattern))?;
            entry.consume(Consumer {
                name: "admins".to_owned(),
                purpose: Some(purpose.to_owned()),
                scope: Some("admin"),
                ..Consumer::default()
            });
            Some(())
        });
        if found.is_none() {
            walk.unresolved(line, clause, "it does not say which key is meant; add the consumer to a row of the table");
        }
    }
}
