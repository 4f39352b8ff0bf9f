//! All names that a case gives itself, changed in all its files: functions, methods, classes, clients, fields, variables.
//!
//! What others know by its name keeps it: methods of libraries, options, names in texts, names of files.

use std::collections::BTreeSet;

use keywire::extract::code::languages::{LANGUAGES, Role};
use keywire::extract::code::program::{Argument, Expression, Form};
use regex::Regex;
use serde_json::Value;
use tree_sitter::Node;

use super::syntax::Syntax;
use super::{Files, Names, all, given, parse, text};

/// The files with other names, and the new names of params.
pub(super) fn renamed(syntax: &Syntax, files: &Files, expected: &str) -> (Files, Names) {
    let parsed: Vec<_> = files.iter().map(|(file, lines)| (file, text(lines))).collect();
    let trees: Vec<_> = parsed.iter().map(|(file, text)| (text.as_str(), parse(file, text))).collect();
    let nodes: Vec<(&str, Vec<Node<'_>>)> = trees.iter().map(|(text, tree)| (*text, all(tree.root_node()))).collect();
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for (text, nodes) in &nodes {
        names.extend(nodes.iter().flat_map(|node| given(syntax, *node, text)));
    }
    let given_names = names.clone();
    let expected: Value = serde_json::from_str(expected).unwrap();
    let patterns: Vec<&str> =
        expected["found"].as_array().unwrap().iter().filter_map(|one| one["pattern"].as_str()).collect();
    let params = Regex::new(r"\{(\w+)").unwrap();
    let params: BTreeSet<&str> = patterns
        .iter()
        .flat_map(|text| params.captures_iter(text))
        .map(|found| found.get(1).unwrap().as_str())
        .collect();
    let kept = kept(syntax, &nodes, &given_names, files, expected["likely"].as_array().is_some());
    names.retain(|name| {
        let tidy = tidy(name);
        // `user` in `{user_id}`, which may be `user.id`.
        let part = params
            .iter()
            .any(|param| *param != tidy && param.split('_').any(|part| tidy.split('_').any(|of| of == part)));
        !kept.contains(*name) && !part && name.trim_matches(['_', '#']).len() > usize::from(syntax.name == "python")
    });
    let new: Names = names.iter().enumerate().map(|(at, name)| ((*name).to_owned(), another(name, at))).collect();
    let changed = files.iter().zip(&nodes).map(|((file, lines), (text, nodes))| {
        let mut out = String::new();
        let mut at = 0;
        for node in nodes {
            let word = &text[node.byte_range()];
            let new = if syntax.leaves.contains(&node.kind()) {
                new.get(word).filter(|_| !of_package(*node, text, &given_names)).cloned()
            } else {
                captures(syntax, *node).then(|| with_captures(word, &new))
            };
            if let Some(new) = new {
                out.push_str(&text[at..node.start_byte()]);
                out.push_str(&new);
                at = node.end_byte();
            }
        }
        out.push_str(&text[at..]);
        (file.clone(), lines.iter().map(|(place, _)| place.clone()).zip(out.lines().map(str::to_owned)).collect())
    });
    let of_params =
        new.iter().map(|(old, new)| (tidy(old), tidy(new))).filter(|(old, _)| params.contains(old.as_str()));
    (changed.collect(), of_params.collect())
}

/// A name of the same look that says nothing.
fn another(name: &str, at: usize) -> String {
    let bare = name.trim_start_matches(['_', '#']);
    let lead = &name[..name.len() - bare.len()];
    if bare.len() > 1 && !bare.contains(|c: char| c.is_lowercase()) {
        format!("{lead}QUUX{at}")
    } else if bare.starts_with(|c: char| c.is_uppercase()) {
        format!("{lead}Quux{at}")
    } else {
        format!("{lead}quux{at}")
    }
}

/// The param that a name gives: `userId` is `user_id`.
fn tidy(name: &str) -> String {
    let mut tidy = String::new();
    for letter in name.trim_matches(['_', '#']).chars() {
        if letter.is_uppercase() && tidy.ends_with(|before: char| before.is_lowercase() || before.is_numeric()) {
            tidy.push('_');
        }
        tidy.extend(letter.to_lowercase());
    }
    tidy
}

/// `cmd` in `redis::cmd`.
fn of_package(node: Node<'_>, text: &str, given: &BTreeSet<&str>) -> bool {
    let path =
        node.parent().filter(|_| node.prev_sibling().is_some()).and_then(|parent| parent.child_by_field_name("path"));
    let root = path.map(|path| text[path.byte_range()].split("::").next().unwrap());
    root.is_some_and(|root| !given.contains(root) && !["crate", "super", "self", "Self"].contains(&root))
}

/// Is it a text of a macro of Rust, in which names stand?
fn captures(syntax: &Syntax, node: Node<'_>) -> bool {
    let in_macro = || node.parent().and_then(|text| text.parent()).is_some_and(|tree| tree.kind() == "token_tree");
    syntax.name == "rust" && node.kind() == "string_content" && in_macro()
}

fn with_captures(text: &str, new: &Names) -> String {
    let capture = Regex::new(r"\{(\w+)").unwrap();
    let changed = capture.replace_all(text, |found: &regex::Captures<'_>| {
        format!("{{{}", new.get(&found[1]).map_or(&found[1], String::as_str))
    });
    changed.into_owned()
}

/// The words that must stay.
fn kept(
    syntax: &Syntax,
    nodes: &[(&str, Vec<Node<'_>>)],
    given: &BTreeSet<&str>,
    files: &Files,
    by_name: bool,
) -> BTreeSet<String> {
    let word = Regex::new(r"\w+").unwrap();
    let capture = Regex::new(r"\{\w+").unwrap();
    let mut kept: BTreeSet<String> = syntax.own.iter().map(|name| (*name).to_owned()).collect();
    let mut words = |text: &str| kept.extend(word.find_iter(text).map(|found| found.as_str().to_owned()));
    files.keys().for_each(|file| words(file));
    for (text, nodes) in nodes {
        for node in nodes {
            let here = &text[node.byte_range()];
            if syntax.texts.contains(&node.kind()) {
                words(&if captures(syntax, *node) { capture.replace_all(here, "") } else { here.into() });
            }
            // From packages.
            if syntax.imports.contains(&node.kind()) || here.starts_with("require(") && node.kind() == "call_expression"
            {
                let stems = files.keys().map(|file| file.rsplit('/').next().unwrap().split('.').next().unwrap());
                let own =
                    stems.filter(|stem| !["index", "mod", "__init__"].contains(stem)).any(|stem| here.contains(stem));
                if !own
                    && !here.contains("\"./")
                    && !here.contains("\"../")
                    && !here.contains("crate::")
                    && !here.contains("from .")
                {
                    words(here);
                }
            }
            // Options of what others call.
            if syntax.by_name.contains(&node.kind()) && !of_own_call(*node, text, given) {
                let key = node.child_by_field_name("name").or_else(|| node.named_child(0)).unwrap_or(*node);
                words(&text[key.byte_range()]);
            }
        }
    }
    kept.extend(known(syntax, given, by_name));
    kept
}

/// Is this field given to a function of the case, or to none at all?
fn of_own_call(node: Node<'_>, text: &str, given: &BTreeSet<&str>) -> bool {
    let mut next = node.parent();
    while let Some(node) = next {
        if ["call", "call_expression", "new_expression", "composite_literal"].contains(&node.kind()) {
            let callee = ["function", "constructor", "type"].iter().find_map(|field| node.child_by_field_name(field));
            let callee = callee.map_or("", |callee| &text[callee.byte_range()]);
            return given.contains(callee.rsplit(['.', ':']).next().unwrap());
        }
        if node.kind().contains("function") || node.kind().contains("definition") {
            return true;
        }
        next = node.parent();
    }
    true
}

/// What the libraries know by name. Where it is the only evidence of clients, their names too.
fn known(syntax: &Syntax, given: &BTreeSet<&str>, by_name: bool) -> Vec<String> {
    let language = LANGUAGES.iter().find(|language| language.name == syntax.name).unwrap();
    let clients = language.clients;
    let text = || Expression { span: 0..0, line: 1, form: Form::Text("a".to_owned()) };
    let argument = || Argument { name: None, value: text(), spread: false };
    let is_command = |name: &str| {
        let roles = [Role::Client, Role::Pipeline, Role::PubSub, Role::Script, Role::Lock];
        roles.iter().any(|role| {
            (0..4).any(|count| {
                let arguments: Vec<Argument> = (0..count).map(|_| argument()).collect();
                (clients.command)(*role, name, &arguments).is_some()
            })
        })
    };
    let functions = clients.functions.iter().chain(clients.methods).map(|(name, _)| *name);
    let objects = clients.gives.iter().map(|(name, _)| *name).chain(clients.types.iter().map(|(name, _)| *name));
    let made = clients.makers.iter().flat_map(|maker| maker.names.iter().copied());
    let all = functions.chain(objects).chain(made).chain(language.constructors.iter().copied());
    let last = |name: &str| name.rsplit('.').next().unwrap().to_owned();
    let mut known: BTreeSet<String> = all.map(last).collect();
    known.extend(clients.telling.iter().map(|name| (*name).to_owned()));
    let named = |name: &str| {
        let bare = name.trim_start_matches(['_', '#']);
        is_command(name)
            || known.contains(name)
            || bare.starts_with("__")
            || (by_name
                && (clients.names.contains(&bare.to_lowercase().as_str()) || bare.to_lowercase().contains("redis")))
    };
    given.iter().filter(|name| named(name)).map(|name| (*name).to_owned()).collect()
}
