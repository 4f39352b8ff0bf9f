//! The head of a module: its name, role, bus and config.

use super::amounts;
use super::walk::Walk;
use super::words::{clauses, is_variable, items, parenthesis, snake};
use crate::extract::draft::{Node, Value};
use crate::extract::import::page::{Inline, PieceKind};
use crate::extract::import::record::{Fields, named};

/// A title such as `Spot Worker Redis Wiring Documentation` names the module until the overview does.
pub(super) fn title(walk: &mut Walk<'_>, title: &str) {
    if walk.has_module() {
        return;
    }
    let lower = title.to_lowercase();
    let end = [" redis", " wiring", " keys", " key "].iter().filter_map(|word| lower.find(word)).min();
    if let Some(name) = end.and_then(|end| title.get(..end)).map(snake).filter(|name| !name.is_empty()) {
        walk.module().name.get_or_insert(name);
    }
}

/// Reads a labelled line of an overview; false when it is none.
pub(super) fn read(walk: &mut Walk<'_>, line: u32, label: &str, rest: &Inline) -> bool {
    if !walk.is_overview() {
        return false;
    }
    let text = rest.plain();
    match label.to_lowercase().as_str() {
        "module" | "service" | "component" | "worker" | "process" => module(walk, rest),
        "role" | "purpose" | "description" | "responsibility" => walk.module().fields.text("role", text),
        "bus" | "redis" | "redis instance" | "redis bus" | "instance" => bus(walk, line, rest),
        "config ties" | "config" | "configuration" | "config variables" => ties(walk, line, rest),
        "batches" => walk.module().fields.set("atomic", Node::new(Value::Flag(true))),
        "owner" | "team" => walk.module().fields.text("owner", text),
        "since" => walk.module().fields.text("since", text),
        "notes" | "note" => walk.module().fields.text("notes", text),
        "source" | "file" | "code" => walk.module().fields.text("source", text),
        "connections" if walk.own => clients(walk, rest),
        _ => return false,
    }
    true
}

fn module(walk: &mut Walk<'_>, rest: &Inline) {
    let text = rest.plain();
    let codes: Vec<&str> = rest.codes().collect();
    let first = codes.first().map_or_else(
        || parenthesis(&text).map_or(text.as_str(), |(head, ..)| head).to_owned(),
        |code| (*code).to_owned(),
    );
    let name = if walk.own { first.clone() } else { snake(&first) };
    if name.is_empty() {
        return;
    }
    walk.rename_module(&name);
    let source = codes
        .get(1)
        .map(|code| (*code).to_owned())
        .or_else(|| (!walk.own && first.contains('.')).then(|| first.clone()));
    if let Some(source) = source {
        walk.module().fields.text("source", source);
    }
}

/// `market-redis (from config["buses"]["market-redis"]["url"])`, and the form of generated docs.
fn bus(walk: &mut Walk<'_>, line: u32, rest: &Inline) {
    let text = rest.plain();
    let text = text.trim_end_matches('.');
    let end = text.find(['(', ';', ',']).unwrap_or(text.len());
    let name =
        rest.codes().next().filter(|code| text.starts_with(code)).unwrap_or_else(|| text[..end].trim()).to_owned();
    if name.is_empty() || name.split_whitespace().count() > 2 {
        walk.unresolved(line, text, "no name of a bus was found in it");
        return;
    }
    let name = name.replace(' ', "-");
    walk.module().fields.text("bus", name.as_str());
    let mut fields = Fields::default();
    if walk.own {
        generated_bus(rest, &name, &mut fields);
    } else if let Some((_, inside, _)) = parenthesis(text) {
        let from = inside.strip_prefix("from ").unwrap_or(inside).trim();
        if is_variable(from) {
            fields.text("env", from);
        } else if from.contains("://") {
            fields.text("default", from);
        } else if from.contains(['[', '.', '/']) {
            fields.text("config_path", from);
        } else {
            fields.text("about", from);
        }
    }
    let bus = named(&mut walk.collected.buses, &name);
    fields.0.into_iter().for_each(|(name, node)| bus.fill(&name, node));
}

fn generated_bus(rest: &Inline, name: &str, fields: &mut Fields) {
    let text = rest.plain();
    let about = text.get(name.len()..).unwrap_or_default();
    let about = about.split("; URL from ").next().unwrap_or_default().trim_end_matches('.');
    let topology = if about.ends_with(", servers watched by Sentinel") {
        Some(("sentinel", ", servers watched by Sentinel"))
    } else if about.ends_with(", a cluster") {
        Some(("cluster", ", a cluster"))
    } else {
        None
    };
    let about = topology.map_or(about, |(_, words)| about.trim_end_matches(words));
    if let Some(words) = about.trim().strip_prefix('(').and_then(|about| about.strip_suffix(')')) {
        fields.text("about", words);
    }
    url(rest, 1, fields);
    if let Some((topology, _)) = topology {
        fields.text("topology", topology);
    }
}

/// Where the URL of a bus comes from, by the words before each code span.
pub(super) fn url(inline: &Inline, skip: usize, fields: &mut Fields) {
    let mut before = String::new();
    let mut seen = 0;
    for piece in &inline.pieces {
        if piece.kind != PieceKind::Code {
            before = piece.text.clone();
            continue;
        }
        seen += 1;
        if seen <= skip {
            continue;
        }
        let field = if before.trim_end().ends_with("environment variable") {
            "env"
        } else if before.trim_end().ends_with("(default") || piece.text.contains("://") {
            "default"
        } else {
            "config_path"
        };
        fields.text(field, piece.text.as_str());
    }
}

/// `Symbols from A, B; interval from C (default 1s)`.
fn ties(walk: &mut Walk<'_>, line: u32, rest: &Inline) {
    if walk.own {
        return;
    }
    for clause in clauses(&rest.plain()) {
        let (subject, from) = clause.split_once(" from ").unwrap_or(("", clause));
        let default = parenthesis(from).and_then(|(_, inside, _)| {
            inside.strip_prefix("default").map(|value| value.trim_matches([' ', ':', '=']).to_owned())
        });
        let names: Vec<String> = items(parenthesis(from).map_or(from, |(head, ..)| head))
            .into_iter()
            .filter_map(|word| {
                word.split_whitespace()
                    .map(|word| word.trim_matches(['`', ':']))
                    .find(|word| is_variable(word))
                    .map(str::to_owned)
            })
            .collect();
        if names.is_empty() {
            walk.unresolved(line, clause, "no config variable was found in it; they are written like SOME_NAME");
            continue;
        }
        let lists =
            subject.to_lowercase().ends_with('s') && default.is_none() && names.iter().all(|name| name.ends_with('S'));
        for name in &names {
            variable(walk, name, subject, default.as_deref(), lists);
        }
        if lists && subject.split_whitespace().count() == 1 {
            let param = snake(subject.trim_end_matches(['s', 'S']));
            named(&mut walk.module().params, &param).fill("from", Node::texts(names));
        }
    }
}

fn variable(walk: &mut Walk<'_>, name: &str, subject: &str, default: Option<&str>, list: bool) {
    let fields = named(&mut walk.module().config, name);
    let time = default.and_then(amounts::duration).and_then(|(time, ..)| crate::registry::duration(&time).ok());
    let number = default.filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()));
    let (kind, value) = match (list, time, number) {
        (true, ..) => ("list", None),
        (_, Some(time), _) => ("seconds", Some(Value::Number(time.as_secs_f64().to_string()))),
        (.., Some(number)) => ("integer", Some(Value::Number(number.to_owned()))),
        _ if name.ends_with("_SEC") || name.ends_with("_SECONDS") => ("seconds", None),
        _ => ("string", default.map(|text| Value::Text(text.to_owned()))),
    };
    fields.fill("type", Node::text(kind));
    match value {
        Some(value) => fields.fill("default", Node::new(value)),
        None => fields.fill("optional", Node::new(Value::Flag(true))),
    }
    if !subject.is_empty() {
        fields.fill("about", Node::text(format!("{subject}.")));
    }
}

/// `client names `a*`; ACL users `b``.
fn clients(walk: &mut Walk<'_>, rest: &Inline) {
    let (mut names, mut users, mut acl) = (Vec::new(), Vec::new(), false);
    for piece in &rest.pieces {
        match piece.kind {
            PieceKind::Code if acl => users.push(piece.text.clone()),
            PieceKind::Code => names.push(piece.text.clone()),
            _ => acl |= piece.text.contains("ACL users"),
        }
    }
    let lists = [("names", names), ("users", users)].into_iter().filter(|(_, list)| !list.is_empty());
    walk.module().fields.set("clients", Node::map(lists.map(|(name, list)| (name, Node::texts(list)))));
}
