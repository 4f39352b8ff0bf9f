//! Items in a file of their own, from which the rest takes them.

use std::collections::{BTreeMap, BTreeSet};

use super::items::{Item, Kind, items};
use super::syntax::Syntax;
use super::{Files, Lines, all, parse, text};

/// What goes elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// Values that are made of nothing but values.
    Constants,
    /// All that others need: functions, types, clients and constants.
    All,
}

/// Each file in two, where there is something to move.
pub(super) fn moved(syntax: &Syntax, files: &Files, what: What) -> Option<Files> {
    let mut changed = Files::new();
    let mut any = false;
    for (file, lines) in files {
        match of_file(syntax, files, file, lines, what) {
            Some(both) => {
                any = true;
                changed.extend(both);
            }
            None => drop(changed.insert(file.clone(), lines.clone())),
        }
    }
    any.then_some(changed)
}

fn of_file(syntax: &Syntax, files: &Files, file: &str, lines: &Lines, what: What) -> Option<Vec<(String, Lines)>> {
    let found = items(syntax, file, lines)?;
    let names = chosen(&found, what);
    if names.is_empty() {
        return None;
    }
    let goes = |item: &Item| item.kind != Kind::Import && item.names.iter().any(|name| names.contains(name));
    let rows = |item: &Item| lines[item.rows.clone()].to_vec();
    let copied = |item: &Item| rows(item).into_iter().map(|(_, line)| (None, line));
    let at_front = found.iter().take_while(|item| item.kind == Kind::Import || !goes(item) && item.rows.start == 0);
    let front = at_front.count();
    let imports: Lines = found.iter().filter(|item| item.kind == Kind::Import).flat_map(copied).collect();
    let mut there = imports;
    for item in found.iter().filter(|item| goes(item)) {
        there.extend(if syntax.name == "rust" { public(file, rows(item)) } else { rows(item) });
    }
    let mut here: Lines = found[..front].iter().flat_map(rows).collect();
    let way = way(syntax, files, file, &found, &names)?;
    here.extend(way.here.into_iter().map(|line| (None, line)));
    here.extend(found[front..].iter().filter(|item| !goes(item)).flat_map(rows));
    there.extend(way.there.into_iter().map(|line| (None, line)));
    Some(vec![(file.to_owned(), here), (way.file, there)])
}

/// The names of what can be moved: what depends on nothing that must stay, and others depend on.
fn chosen(found: &[Item], what: What) -> BTreeSet<String> {
    let mut together: BTreeMap<&str, Vec<&Item>> = BTreeMap::new();
    for item in found.iter().filter(|item| item.kind != Kind::Import) {
        for name in &item.names {
            together.entry(name).or_default().push(item);
        }
    }
    let mut changed: BTreeSet<&str> = found.iter().flat_map(|item| &item.changes).map(String::as_str).collect();
    // `queues.set("mail", "queue:mail")`.
    changed.extend(found.iter().filter(|item| item.kind == Kind::Step).filter_map(|item| item.first.as_deref()));
    let stays = |name: &str| {
        let items = &together[name];
        let values = items.iter().filter(|item| item.kind == Kind::Value).count();
        values > 1
            || changed.contains(name)
            || items.iter().any(|item| {
                let of_module = |name: &String| ["module", "exports"].contains(&name.as_str());
                (what == What::Constants && item.kind != Kind::Value) || item.uses.iter().any(of_module)
            })
    };
    let needs = |name: &str| -> BTreeSet<&str> {
        let uses = together[name].iter().flat_map(|item| item.uses.iter().chain(&item.names));
        uses.map(String::as_str).filter(|used| together.contains_key(used)).collect()
    };
    let mut movable: BTreeSet<&str> = together.keys().copied().filter(|name| !stays(name)).collect();
    loop {
        let next: BTreeSet<&str> = movable.iter().copied().filter(|name| needs(name).is_subset(&movable)).collect();
        if next.len() == movable.len() {
            break;
        }
        movable = next;
    }
    let is_used = |name: &str| found.iter().any(|item| !item.names.contains(name) && item.uses.contains(name));
    let mut chosen: BTreeSet<&str> = movable.iter().copied().filter(|name| is_used(name)).collect();
    loop {
        let next: BTreeSet<&str> = chosen.iter().flat_map(|name| needs(name)).collect();
        if next.is_subset(&chosen) {
            break;
        }
        chosen.extend(next);
    }
    chosen.into_iter().map(str::to_owned).collect()
}

/// The new file, and how one knows of the other.
struct Way {
    file: String,
    here: Vec<String>,
    there: Vec<String>,
}

fn way(syntax: &Syntax, files: &Files, file: &str, found: &[Item], names: &BTreeSet<String>) -> Option<Way> {
    let (folder, base) = file.rsplit_once('/').map_or(("", file), |(folder, base)| (folder, base));
    let (stem, extension) = base.rsplit_once('.')?;
    let new = format!("{}_parts", stem.replace(['-', '.'], "_"));
    let beside = |path: &str| if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
    let list = names.iter().cloned().collect::<Vec<_>>().join(", ");
    let there = vec![String::new()];
    match syntax.name {
        "python" => {
            let dot = if files.contains_key(&beside("__init__.py")) { "." } else { "" };
            let here = vec![format!("from {dot}{new} import {list}")];
            Some(Way { file: beside(&format!("{new}.py")), here, there })
        }
        "javascript" | "typescript" => {
            let code: String = files[file].iter().map(|(_, line)| format!("{line}\n")).collect();
            let common = code.contains("require(") && !code.contains("import ") || code.contains("exports");
            let moved = |item: &&Item| item.exported && item.names.iter().any(|name| names.contains(name));
            let exported: BTreeSet<&str> =
                found.iter().filter(moved).flat_map(|item| &item.names).map(String::as_str).collect();
            let own: Vec<&str> = names.iter().map(String::as_str).filter(|name| !exported.contains(name)).collect();
            if common {
                let here = vec![format!("const {{ {list} }} = require(\"./{new}\");")];
                let there = vec![format!("module.exports = {{ {list} }};")];
                return Some(Way { file: beside(&format!("{new}.{extension}")), here, there });
            }
            let ending = if syntax.name == "typescript" { "" } else { &format!(".{extension}") };
            let mut here = vec![format!("import {{ {list} }} from \"./{new}{ending}\";")];
            if !exported.is_empty() {
                let again: Vec<&str> = exported.into_iter().collect();
                here.push(format!("export {{ {} }};", again.join(", ")));
            }
            let there = if own.is_empty() { there } else { vec![format!("export {{ {} }};", own.join(", "))] };
            Some(Way { file: beside(&format!("{new}.{extension}")), here, there })
        }
        "rust" => {
            let code: String = files[file].iter().map(|(_, line)| format!("{line}\n")).collect();
            if code.contains("super::") || code.contains("mod ") || code.contains("crate::") {
                return None;
            }
            let inside = if ["main", "lib", "mod"].contains(&stem) { String::new() } else { format!("{stem}/") };
            let here = vec![format!("mod {new};"), format!("use {new}::{{{list}}};")];
            Some(Way { file: beside(&format!("{inside}{new}.rs")), here, there })
        }
        // The files of a folder are one package.
        _ => Some(Way { file: beside(&format!("{new}.go")), here: Vec::new(), there }),
    }
}

/// What other files of Rust may use: `pub` before each item, field and method.
fn public(file: &str, lines: Lines) -> Lines {
    let before = text(&lines);
    let tree = parse(file, &before);
    let nodes = all(tree.root_node());
    let of_type = |node: tree_sitter::Node<'_>| {
        let outer = node.parent().and_then(|list| list.parent());
        outer.is_some_and(|outer| outer.kind() == "impl_item" && outer.child_by_field_name("trait").is_none())
    };
    let opens = |node: &&tree_sitter::Node<'_>| {
        let on_top = node.parent().is_some_and(|parent| parent.kind() == "source_file");
        let item = ["struct_item", "enum_item", "trait_item", "type_item", "const_item", "static_item"];
        let is_item = item.contains(&node.kind()) || node.kind() == "function_item";
        let shown = node.child(0).is_some_and(|first| first.kind() == "visibility_modifier");
        !shown
            && (on_top && is_item
                || node.kind() == "field_declaration"
                || node.kind() == "function_item" && of_type(**node))
    };
    let mut changed = lines;
    let mut places: Vec<_> = nodes.iter().filter(opens).map(|node| node.start_position()).collect();
    places.reverse();
    for place in places {
        changed[place.row].1.insert_str(place.column, "pub ");
    }
    changed
}
