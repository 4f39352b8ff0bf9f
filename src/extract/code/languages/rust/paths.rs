//! Paths of Rust: `use`, `mod`, names spelled out with their path, and which files they may mean.

use std::path::Path;

use tree_sitter::Node;

use super::super::super::program::{Expression, Form, Import};
use super::super::Target;
use super::source::{Source, children, field};

/// The imports of a `use`.
pub(super) fn imports(source: &Source<'_>, node: Node<'_>) {
    if let Some(argument) = field(node, "argument") {
        spread(source, argument, "", 16);
    }
}

fn spread(source: &Source<'_>, node: Node<'_>, prefix: &str, depth: u32) {
    if depth == 0 {
        return;
    }
    match node.kind() {
        "use_list" => children(node).into_iter().for_each(|child| spread(source, child, prefix, depth - 1)),
        "scoped_use_list" => {
            let path = field(node, "path").map_or("", |path| source.of(path));
            let joined = join(prefix, path);
            if let Some(list) = field(node, "list") {
                spread(source, list, &joined, depth - 1);
            }
        }
        "use_as_clause" => {
            let path = join(prefix, field(node, "path").map_or("", |path| source.of(path)));
            let alias = field(node, "alias").map_or("", |alias| source.of(alias));
            bring(source, &path, alias, source.line(node));
        }
        "use_wildcard" => {
            let path = children(node).first().map_or("", |path| source.of(*path));
            let path = join(prefix, path);
            if let Some(from) = local(source, &path) {
                // Nobody can look into a package: what it is known to hold is named.
                let package = from.split("::").next().unwrap_or_default();
                if super::clients::CLIENTS.modules.contains(&package) {
                    for name in super::clients::names() {
                        let import = Import {
                            from: package.to_owned(),
                            name: Some(name.to_owned()),
                            alias: name.to_owned(),
                            line: source.line(node),
                        };
                        push(source, import);
                    }
                    return;
                }
                push(
                    source,
                    Import { from, name: Some("*".to_owned()), alias: "*".to_owned(), line: source.line(node) },
                );
            }
        }
        _ => {
            let path = join(prefix, source.of(node));
            let path = path.strip_suffix("::self").unwrap_or(&path);
            let alias = path.rsplit("::").next().unwrap_or(path);
            bring(source, path, alias, source.line(node));
        }
    }
}

fn join(prefix: &str, path: &str) -> String {
    let path: String = path.split_whitespace().collect();
    let path = path.trim_start_matches("::");
    if prefix.is_empty() { path.to_owned() } else { format!("{prefix}::{path}") }
}

fn bring(source: &Source<'_>, path: &str, alias: &str, line: u32) {
    let Some(path) = local(source, path) else { return };
    if is_standard(&path) {
        return;
    }
    let (from, name) = match path.rsplit_once("::") {
        Some((from, name)) => (from.to_owned(), Some(name.to_owned())),
        None => (path, None),
    };
    push(source, Import { from, name, alias: alias.to_owned(), line });
}

/// Is it of the standard library, or one of the types that others offer in its place? Such names mean the same without their path.
fn is_standard(path: &str) -> bool {
    let root = path.split("::").next().unwrap_or_default();
    let last = path.rsplit("::").next().unwrap_or_default();
    matches!(root, "std" | "core" | "alloc") || matches!(last, "Duration" | "Mutex" | "RwLock")
}

fn push(source: &Source<'_>, import: Import) {
    let mut all = source.all.imports.borrow_mut();
    if !all.iter().any(|known| known.alias == import.alias && known.from == import.from && known.name == import.name) {
        all.push(import);
    }
}

/// A path as seen from the file: in a module that is written in it, `super` leads to the file itself, whose names are known there.
fn local(source: &Source<'_>, path: &str) -> Option<String> {
    let mut path = path;
    let mut inner = source.modules;
    while inner > 0 {
        if let Some(rest) = path.strip_prefix("super::") {
            path = rest;
            inner -= 1;
            if inner == 0 && !path.contains("::") {
                return None;
            }
        } else if path == "super" {
            return None;
        } else {
            break;
        }
    }
    Some(path.to_owned())
}

/// `mod keys;` makes the name `keys` known.
pub(super) fn module(source: &Source<'_>, node: Node<'_>) {
    let Some(name) = field(node, "name").map(|name| source.of(name).to_owned()) else { return };
    push(source, Import { from: "self".to_owned(), name: Some(name.clone()), alias: name, line: source.line(node) });
}

/// A name with its path: what starts at `crate`, `self` or `super` is brought in; another beginning may be a package.
pub(super) fn name(source: &Source<'_>, node: Node<'_>) -> Option<Expression> {
    let text: String = source.of(node).split_whitespace().collect();
    if text.contains(['<', '(']) {
        return None;
    }
    let parts: Vec<&str> = text.trim_start_matches("::").split("::").collect();
    let first = *parts.first()?;
    if !matches!(first, "crate" | "self" | "super") {
        if first.starts_with(|char: char| char.is_ascii_lowercase()) && parts.len() > 1 {
            source.all.roots.borrow_mut().entry(first.to_owned()).or_insert_with(|| source.line(node));
        }
        return None;
    }
    let skipped = if first == "super" && source.modules > 0 {
        parts
            .iter()
            .take_while(|part| **part == "super")
            .count()
            .min(usize::try_from(source.modules).unwrap_or(usize::MAX))
    } else {
        0
    };
    let parts = parts.get(skipped..).unwrap_or_default();
    // `crate::keys` may be a module that is written in this file.
    let known = parts.iter().position(|part| !matches!(*part, "crate" | "self" | "super"))?;
    let is_inline = source.all.inline.contains(*parts.get(known)?) && known <= 1 && parts.first() != Some(&"super");
    let modules = parts.iter().enumerate().take_while(|(place, part)| {
        *place + 1 < parts.len() && part.starts_with(|char: char| char.is_ascii_lowercase() || char == '_')
    });
    let (path, rest) = if skipped > 0 || is_inline { (0, parts.get(known..)?) } else { (modules.count(), parts) };
    let mut value = None;
    if path > 0 {
        let name = (*rest.get(path)?).to_owned();
        let from = rest.get(..path)?.join("::");
        let alias = format!("{from}::{name}");
        push(source, Import { from, name: Some(name), alias: alias.clone(), line: source.line(node) });
        value = Some(source.at(node, Form::Name(alias)));
    }
    for part in rest.get(if path > 0 { path + 1 } else { 0 }..)? {
        value = Some(match value {
            Some(of) => source.at(node, Form::Attribute(Box::new(of), (*part).to_owned())),
            None => source.at(node, Form::Name((*part).to_owned())),
        });
    }
    value
}

/// The name of what a path begins with: no variable can stand before it.
pub(super) fn root(source: &Source<'_>, name: &str) -> String {
    let is_module = name.starts_with(|char: char| char.is_ascii_lowercase()) && !source.all.inline.contains(name);
    if is_module { format!("{name}::") } else { name.to_owned() }
}

/// Beginnings of paths are what the file imports under that name; what nothing in it explains is a package.
pub(super) fn packages(source: &Source<'_>) {
    for (name, line) in source.all.roots.borrow().iter() {
        let known = source.all.imports.borrow().iter().find(|import| import.alias == *name).cloned();
        if source.all.inline.contains(name) {
            continue;
        }
        let import =
            known.unwrap_or_else(|| Import { from: name.clone(), name: None, alias: name.clone(), line: *line });
        push(source, Import { alias: format!("{name}::"), ..import });
    }
}

/// Which files a path may mean.
pub(super) fn resolve(importer: &Path, from: &str) -> Vec<Target> {
    let file = importer.to_string_lossy().replace('\\', "/");
    let (folder, name) = file.rsplit_once('/').unwrap_or(("", &file));
    let stem = name.strip_suffix(".rs").unwrap_or(name);
    let is_root = matches!(stem, "mod" | "lib" | "main");
    // Where the modules inside this file lie.
    let own = if is_root { folder.to_owned() } else { under(folder, stem) };
    let mut parts = from.split("::").peekable();
    let mut found = Vec::new();
    let Some(first) = parts.next() else { return found };
    match first {
        "crate" => {
            let rest: Vec<&str> = parts.collect();
            for root in roots(folder) {
                files(&root, &rest, &mut found);
            }
        }
        "self" => {
            let rest: Vec<&str> = parts.collect();
            if rest.is_empty() {
                found.push(Target::Exact(file.clone()));
            }
            files(&own, &rest, &mut found);
        }
        "super" => {
            let mut base = parent(&own).to_owned();
            while parts.next_if_eq(&"super").is_some() {
                base = parent(&base).to_owned();
            }
            let rest: Vec<&str> = parts.collect();
            files(&base, &rest, &mut found);
        }
        _ => {
            let rest: Vec<&str> = std::iter::once(first).chain(parts).collect();
            files(&own, &rest, &mut found);
            // Another crate of the workspace: its folder is named like it.
            for crate_name in [first.to_owned(), first.replace('_', "-")] {
                let mut inside = Vec::new();
                files("src", rest.get(1..).unwrap_or_default(), &mut inside);
                found.extend(inside.into_iter().map(|target| match target {
                    Target::Exact(path) | Target::Suffix(path) => Target::Suffix(format!("{crate_name}/{path}")),
                }));
            }
        }
    }
    found.dedup();
    found
}

/// Where the crate of a file may have its root, likeliest first.
fn roots(folder: &str) -> Vec<String> {
    let parts: Vec<&str> = folder.split('/').collect();
    if let Some(place) = parts.iter().rposition(|part| *part == "src") {
        return vec![parts.get(..=place).unwrap_or_default().join("/")];
    }
    (0..=parts.len()).rev().map(|length| parts.get(..length).unwrap_or_default().join("/")).collect()
}

fn files(base: &str, parts: &[&str], found: &mut Vec<Target>) {
    if parts.is_empty() {
        for name in ["lib.rs", "main.rs", "mod.rs"] {
            found.push(Target::Exact(under(base, name)));
        }
        if !base.is_empty() {
            found.push(Target::Exact(format!("{base}.rs")));
        }
        return;
    }
    let path = under(base, &parts.join("/"));
    found.push(Target::Exact(format!("{path}.rs")));
    found.push(Target::Exact(format!("{path}/mod.rs")));
}

fn under(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn parent(folder: &str) -> &str {
    folder.rsplit_once('/').map_or("", |(parent, _)| parent)
}
