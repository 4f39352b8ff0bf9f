//! The params of a module: one name has one domain, so that a second one of the name gets another.

use std::collections::BTreeMap;

use super::super::write::one_line;
use super::super::{Node, Value, scalar::Context};
use super::group::Group;
use super::names::snake;
use crate::registry::{Pattern, Token};

/// Renames params that clash, in patterns and in the names of fields, and gives those of which something is known.
pub(super) fn settle(groups: &mut [Group]) -> Vec<(String, Node)> {
    let mut settled: BTreeMap<String, Option<Node>> = BTreeMap::new();
    // What is known of a name comes before what is not.
    for declared in [true, false] {
        for group in groups.iter_mut() {
            let used: Vec<String> = used(group);
            let known = |group: &Group, name: &str| group.params.get(name).filter(|node| !is_empty(node)).cloned();
            let mut renamed: BTreeMap<String, String> = BTreeMap::new();
            for name in used.iter().filter(|name| known(group, name).is_some() == declared) {
                let node = known(group, name);
                let stem = stem(group, name);
                let candidates = std::iter::once(name.clone())
                    .chain((!stem.is_empty()).then(|| format!("{stem}_{name}")))
                    .chain((2..).map(|number| format!("{name}_{number}")));
                for candidate in candidates {
                    let taken_here = candidate != *name
                        && (used.contains(&candidate) || renamed.values().any(|other| *other == candidate));
                    let fits = match settled.get(&candidate) {
                        None => true,
                        Some(other) => alike(other.as_ref(), node.as_ref()),
                    };
                    if fits && !taken_here {
                        settled.entry(candidate.clone()).or_insert_with(|| node.clone());
                        if candidate != *name {
                            renamed.insert(name.clone(), candidate);
                        }
                        break;
                    }
                }
            }
            rename(group, &renamed);
        }
    }
    settled.into_iter().filter_map(|(name, node)| Some((name, node?))).collect()
}

fn is_empty(node: &Node) -> bool {
    matches!(&node.value, Value::Map(fields) if fields.is_empty()) || node.value == Value::Null
}

/// Do two declarations allow the same values? Examples and evidence may differ.
fn alike(a: Option<&Node>, b: Option<&Node>) -> bool {
    let domain = |node: &Node| {
        let fields = ["type", "pattern", "values", "length", "min", "max"];
        fields.map(|field| node.get(field).map(|node| one_line(node, Context::Flow, 0)))
    };
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => domain(a) == domain(b),
        _ => false,
    }
}

/// Params of the pattern and of the names of fields, in order.
fn used(group: &Group) -> Vec<String> {
    let mut used: Vec<String> = group.pattern.params().map(str::to_owned).collect();
    for pattern in field_names(group) {
        for param in pattern.params() {
            if !used.iter().any(|known| known == param) {
                used.push(param.to_owned());
            }
        }
    }
    used
}

fn field_names(group: &Group) -> Vec<Pattern> {
    let of = |(name, node): &(&'static str, Node)| match &node.value {
        Value::Map(entries) if matches!(*name, "fields" | "entry") => {
            entries.iter().map(|(name, _)| name.clone()).collect()
        }
        _ => Vec::new(),
    };
    group.fields.iter().flat_map(of).filter_map(|name| Pattern::parse(&name).ok()).collect()
}

/// The last word before a param, for a name of its own.
fn stem(group: &Group, name: &str) -> String {
    let mut stem = String::new();
    for token in group.pattern.tokens() {
        match token {
            Token::Literal(text) => stem = snake(text).rsplit('_').next().unwrap_or_default().to_owned(),
            Token::Param(param) if param == name => {
                return if stem.starts_with(|c: char| c.is_ascii_alphabetic()) { stem } else { String::new() };
            }
            Token::Param(_) => {}
        }
    }
    String::new()
}

fn rename(group: &mut Group, renamed: &BTreeMap<String, String>) {
    if renamed.is_empty() {
        return;
    }
    if let Some(pattern) = renamed_in(group.pattern.as_str(), renamed) {
        group.pattern = pattern;
    }
    for (name, node) in &mut group.fields {
        if let (true, Value::Map(entries)) = (matches!(*name, "fields" | "entry"), &mut node.value) {
            for (name, _) in entries {
                if let Some(pattern) = renamed_in(name, renamed) {
                    pattern.as_str().clone_into(name);
                }
            }
        }
    }
    for (old, new) in renamed {
        if let Some(node) = group.params.remove(old) {
            group.params.insert(new.clone(), node);
        }
    }
}

/// A pattern with its params under new names.
pub(in super::super) fn renamed_in(pattern: &str, renamed: &BTreeMap<String, String>) -> Option<Pattern> {
    let pattern = Pattern::parse(pattern).ok()?;
    let mut text = String::new();
    for token in pattern.tokens() {
        match token {
            Token::Literal(literal) => text.push_str(&literal.replace('{', "{{").replace('}', "}}")),
            Token::Param(name) => text.push_str(&format!("{{{}}}", renamed.get(name).unwrap_or(name))),
        }
    }
    Pattern::parse(&text).ok()
}
