//! Calls put together: one sighting for each pattern, kind and bus, with the names of its params.

mod merge;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use self::merge::{adopt, generalise, unglob};
use super::calls::{Calls, Config, Found};
use super::evaluate::value::{Bus, Part, Text};
use super::index::Program;
use super::maps::HashSet;
use super::program::{Expression, Form};
use super::reach::Reach;
use crate::extract::draft::Node;
use crate::extract::{Access, Kind, Mode, Place, Sighting, Unresolved};

/// What is known beforehand: the buses and modules of a registry, or what the user says.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The buses of the registry.
    pub buses: Vec<KnownBus>,
    /// Modules with what their files are called: a path, a folder, or a name.
    pub modules: Vec<(String, String)>,
    /// All that is found is this module's.
    pub module: Option<String>,
    /// With what only tests do.
    pub tests: bool,
}

/// A bus of a registry.
#[derive(Debug, Clone, Default)]
pub struct KnownBus {
    /// Its name.
    pub name: String,
    /// The variable of its URL.
    pub env: Option<String>,
    /// Its URL, if that is not set.
    pub default: Option<String>,
    /// Where its URL stands in a configuration.
    pub config_path: Option<String>,
}

/// A name with its holes taken out, and the names that these were given.
struct Shape {
    /// Literals with `\0` for holes and `\u{1}` for what a glob leaves open.
    skeleton: String,
    holes: Vec<String>,
}

const HOLE: char = '\0';
const GLOB: char = '\u{1}';

fn shape(name: &Text) -> Shape {
    let mut shape = Shape { skeleton: String::new(), holes: Vec::new() };
    for part in &name.parts {
        match part {
            Part::Literal(text) => shape.skeleton.extend(text.chars().filter(|c| *c != HOLE && *c != GLOB)),
            Part::Hole(name) => {
                shape.skeleton.push(HOLE);
                shape.holes.push(name.to_string());
            }
            Part::Glob => shape.skeleton.push(GLOB),
        }
    }
    shape
}

/// What the calls of a program come to.
#[derive(Debug, Default)]
pub struct Together {
    /// Keys and channels.
    pub sightings: Vec<Sighting>,
    /// What could not be told.
    pub unresolved: Vec<Unresolved>,
    /// Configuration variables that TTLs and bounds name, by module.
    pub config: Vec<(String, Config)>,
}

/// One sighting each, sorted, and what could not be told.
pub fn sightings(program: &Program<'_>, calls: Calls, reach: &[Reach], known: &Known) -> Together {
    let apart = tests(program, reach, known);
    let wanted = |scope: usize| !apart.contains(&scope);
    let mut groups = Groups::new();
    for found in calls.found.into_iter().filter(|found| wanted(found.scope)) {
        let shape = shape(&found.name);
        let key = (found.kind, shape.skeleton.clone(), bus_name(&found.bus, known));
        groups.entry(key).or_default().push((shape, found));
    }
    adopt(&mut groups);
    generalise(&mut groups);
    unglob(&mut groups);
    let mut config: Vec<(String, Config)> = Vec::new();
    let mut sightings = Vec::new();
    for ((kind, skeleton, bus), group) in groups {
        let names = names(&group);
        let variables = group.iter().flat_map(|(_, found)| {
            found.config.iter().map(|one| (module_of_scope(program, found.scope, known), one.clone()))
        });
        config.extend(variables);
        let accesses = accesses(program, &group, known);
        let typed = |writes: bool| {
            group
                .iter()
                .filter(|(_, found)| !writes || found.mode == Mode::Write)
                .find_map(|(_, found)| found.redis_type)
        };
        let (pattern, rest) = pattern(&skeleton, &names);
        let params = rest.map(|name| (name, Node::map([("type", Node::text("rest"))])));
        sightings.push(Sighting {
            kind,
            pattern,
            bus,
            redis_type: if kind == Kind::Key { typed(true).or_else(|| typed(false)) } else { None },
            accesses,
            params: params.into_iter().collect(),
            ..Sighting::default()
        });
    }
    let unresolved = calls.unresolved.into_iter().filter(|(scope, ..)| wanted(*scope));
    let mut unresolved: Vec<Unresolved> = unresolved
        .map(|(scope, line, text, why)| Unresolved { place: place(program, scope, line), text, why })
        .collect();
    unresolved.sort();
    unresolved.dedup_by(|a, b| a.place == b.place && a.text == b.text);
    Together { sightings, unresolved, config }
}

fn module_of_scope(program: &Program<'_>, scope: usize, known: &Known) -> String {
    module_of(&program.sources[program.scopes[scope].unit].unit.path, known)
}

fn place(program: &Program<'_>, scope: usize, line: u32) -> Place {
    Place { file: program.sources[program.scopes[scope].unit].unit.path.clone(), line }
}

/// What is done to one key or channel, once each place and way.
fn accesses(program: &Program<'_>, group: &[(Shape, Found)], known: &Known) -> Vec<Access> {
    let mut accesses: Vec<Access> = Vec::new();
    for (_, found) in group {
        let access = Access {
            module: module_of_scope(program, found.scope, known),
            place: Some(place(program, found.scope, found.line)),
            command: found.command.clone(),
            mode: found.mode,
            ttl: found.ttl.clone(),
            bound: found.bound.clone(),
            max_age: found.max_age.clone(),
            key_expr: found.written.clone(),
            certainty: found.certainty,
            calls: None,
        };
        let same = |known: &&mut Access| {
            known.place == access.place
                && known.command == access.command
                && known.mode == access.mode
                && known.ttl == access.ttl
                && known.bound == access.bound
                && known.max_age == access.max_age
        };
        match accesses.iter_mut().find(same) {
            Some(known) => known.certainty = known.certainty.min(access.certainty),
            None => accesses.push(access),
        }
    }
    accesses.sort_by(|a, b| (&a.place, &a.command, &a.ttl).cmp(&(&b.place, &b.command, &b.ttl)));
    accesses
}

type Groups = BTreeMap<(Kind, String, Option<String>), Vec<(Shape, Found)>>;

/// The name of each hole: the one given most often, the first of several.
fn names(group: &[(Shape, Found)]) -> Vec<String> {
    let count = group.iter().map(|(shape, _)| shape.holes.len()).max().unwrap_or(0);
    let mut names: Vec<String> = Vec::with_capacity(count);
    for at in 0..count {
        let mut votes: HashMap<&str, usize> = HashMap::new();
        let mut order: Vec<&str> = Vec::new();
        for (shape, _) in group {
            let Some(name) = shape.holes.get(at) else { continue };
            if !order.contains(&name.as_str()) {
                order.push(name);
            }
            *votes.entry(name).or_default() += 1;
        }
        let best = order.iter().rev().max_by_key(|name| (votes.get(**name).copied(), !VAGUE.contains(*name)));
        let name = best.map_or("value", |name| *name);
        names.push(name.to_owned());
    }
    names
}

/// Names that tell nothing.
const VAGUE: &[&str] = &["value", "item", "name", "x", "key"];

/// The pattern in the registry's notation, and the param that may hold anything, where a glob ends it.
fn pattern(skeleton: &str, names: &[String]) -> (String, Option<String>) {
    let mut pattern = String::new();
    let mut used: Vec<String> = Vec::new();
    let mut holes = names.iter();
    let mut rest = None;
    let mut chars = skeleton.chars().peekable();
    while let Some(c) = chars.next() {
        let wanted = match c {
            HOLE => holes.next().map_or("value", String::as_str),
            GLOB if chars.peek().is_none() => "rest",
            GLOB => "any",
            '{' | '}' => {
                pattern.extend([c, c]);
                continue;
            }
            c => {
                pattern.push(c);
                continue;
            }
        };
        let mut name = wanted.to_owned();
        let mut number = 2;
        while used.contains(&name) {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        if c == GLOB && chars.peek().is_none() {
            rest = Some(name.clone());
        }
        pattern.push('{');
        pattern.push_str(&name);
        pattern.push('}');
        used.push(name);
    }
    (pattern, rest)
}

const ENDINGS: &[&str] =
    &["_url", "_uri", "_dsn", "_host", "_addr", "_address", "_endpoint", "_connection_string", "_server", "_client"];

/// The name of a bus, by the registry's own or by what the program calls it.
fn bus_name(bus: &Bus, known: &Known) -> Option<String> {
    let plain = |name: &str| name.to_lowercase().replace(['-', '.', '_'], "");
    let stem = |name: &str| {
        let name = super::evaluate::value::tidy(name);
        let end = ENDINGS.iter().find_map(|end| name.strip_suffix(end)).map(str::to_owned);
        end.unwrap_or(name)
    };
    for of in &known.buses {
        let by_variable = bus.variable.as_deref().is_some_and(|variable| {
            of.env.as_deref().is_some_and(|env| env.eq_ignore_ascii_case(variable))
                || of.config_path.as_deref().is_some_and(|path| {
                    path.rsplit(['.', '/']).next() == Some(variable) || plain(path) == plain(variable)
                })
        });
        let by_url = bus.url.is_some() && bus.url.as_deref() == of.default.as_deref();
        if by_variable || by_url {
            return Some(of.name.clone());
        }
    }
    let names: Vec<String> = [&bus.variable, &bus.name].into_iter().flatten().map(|name| stem(name)).collect();
    for name in &names {
        if let Some(of) = known.buses.iter().find(|of| plain(&of.name) == plain(name)) {
            return Some(of.name.clone());
        }
    }
    if let [only] = known.buses.as_slice() {
        return Some(only.name.clone());
    }
    if !known.buses.is_empty() {
        return None;
    }
    names.into_iter().next().map(|name| name.trim_matches('_').replace('_', "-"))
}

/// The module that a file is: by its name, or where that says nothing by its folder's.
fn module_of(path: &Path, known: &Known) -> String {
    if let Some(module) = &known.module {
        return module.clone();
    }
    if let Some((name, _)) = known.modules.iter().find(|(_, source)| is_of(path, source)) {
        return name.clone();
    }
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let name = match (stem.as_str(), folder) {
        ("__init__" | "__main__" | "main" | "index" | "mod" | "lib" | "app", Some(folder)) if folder != "src" => folder,
        _ => stem,
    };
    let name = super::evaluate::value::tidy(&name);
    if name.is_empty() { "main".to_owned() } else { name }
}

/// Is a file what a module's source says: that file, one in that folder, or one that is called so?
fn is_of(path: &Path, source: &str) -> bool {
    let wanted: Vec<&str> = source.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let mut parts: Vec<std::borrow::Cow<'_, str>> =
        path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    let at = |parts: &[std::borrow::Cow<'_, str>]| {
        !wanted.is_empty() && parts.windows(wanted.len()).any(|window| window.iter().zip(&wanted).all(|(a, b)| a == b))
    };
    if at(&parts) {
        return true;
    }
    if let (Some(last), Some(stem)) = (parts.last_mut(), path.file_stem()) {
        *last = stem.to_string_lossy();
    }
    at(&parts)
}

/// The scopes of tests; none where they count like the rest.
pub fn tests(program: &Program<'_>, reach: &[Reach], known: &Known) -> HashSet<usize> {
    if known.tests {
        return HashSet::default();
    }
    let is_test =
        |scope: &usize| reach.get(program.scopes[*scope].unit) == Some(&Reach::Test) || in_test(program, *scope);
    (0..program.scopes.len()).filter(is_test).collect()
}

/// Does a scope stand in a function that says of itself that it is a test: `#[test]`, `#[cfg(test)]`?
fn in_test(program: &Program<'_>, scope: usize) -> bool {
    let says = |decorator: &Expression| match &decorator.form {
        Form::Name(name) => name == "test" || name.ends_with(".test"),
        Form::Call(callee, arguments) => {
            matches!(&callee.form, Form::Name(name) if name == "cfg")
                && arguments.iter().any(|argument| matches!(&argument.value.form, Form::Text(text) if text == "test"))
        }
        _ => false,
    };
    let mut at = Some(scope);
    while let Some(scope) = at {
        let scope = &program.scopes[scope];
        if scope.function.is_some_and(|function| function.decorators.iter().any(says)) {
            return true;
        }
        at = scope.parent;
    }
    false
}
