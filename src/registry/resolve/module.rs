//! Modules: what a file says besides keys and channels.

use std::collections::BTreeMap;

use super::read::{flag, items, list, text, word};
use super::{address, payload};
use crate::registry::automaton;
use crate::registry::format::Fault;
use crate::registry::model::{ConfigKind, ConfigVariable, Module, ModuleId, Registry, Scenario, Stage};
use crate::registry::param::{Param, ParamKind, without_anchors};
use crate::source::{Entry, Node, NodeKind};

/// Params and config variables of `registry.yaml`, which every module has as well.
pub(super) struct Shared {
    params: BTreeMap<String, Param>,
    config: Vec<ConfigVariable>,
}

impl Shared {
    pub(super) fn read(root: &Node, faults: &mut Vec<Fault>) -> Self {
        Self { params: params(root, faults), config: config(0, root, faults) }
    }
}

/// Adds the module of a tree, and its payloads.
pub(super) fn read(at: usize, tree: &Node, shared: &Shared, registry: &mut Registry, faults: &mut Vec<Fault>) {
    let id = ModuleId(registry.modules.len());
    let name = text(tree, "module").unwrap_or_default();
    if registry.module_named(&name).is_some() {
        let span = tree.get("module").map_or(tree.span, |node| node.span);
        let message = format!("there is another module `{name}`");
        faults.push(Fault { span, message, hint: Some("give each module a name of its own".to_owned()) });
    }
    let mut all_params = shared.params.clone();
    all_params.extend(params(tree, faults));
    let mut all_config = config(at, tree, faults);
    let own: Vec<String> = all_config.iter().map(|variable| variable.name.clone()).collect();
    all_config.extend(shared.config.iter().filter(|variable| !own.contains(&variable.name)).cloned());
    let empty = Node { span: tree.span, kind: NodeKind::Mapping(Vec::new()) };
    let clients = tree.get("clients").unwrap_or(&empty);
    registry.modules.push(Module {
        name,
        role: text(tree, "role"),
        source: text(tree, "source"),
        bus: text(tree, "bus").unwrap_or_default(),
        owner: text(tree, "owner"),
        notes: text(tree, "notes"),
        since: text(tree, "since"),
        atomic: flag(tree, "atomic").unwrap_or(false),
        client_names: list(clients, "names"),
        client_users: list(clients, "users"),
        config: all_config,
        params: all_params,
        scenarios: items(tree, "scenarios").into_iter().map(scenario).collect(),
        flow: items(tree, "flow").into_iter().map(stage).collect(),
        address: address(at, &["module"]),
    });
    payload::read(Some(id), at, tree, &mut registry.payloads);
}

fn scenario(node: &Node) -> Scenario {
    let get = |name| text(node, name).unwrap_or_default();
    Scenario { condition: get("condition"), impact: get("impact"), handling: get("handling"), action: get("action") }
}

fn stage(node: &Node) -> Stage {
    Stage { name: text(node, "stage").unwrap_or_default(), example: text(node, "example") }
}

fn params(root: &Node, faults: &mut Vec<Fault>) -> BTreeMap<String, Param> {
    let entries = root.get("params").map_or(&[][..], Node::entries);
    entries.iter().map(|entry| (entry.name.clone(), param(entry, faults))).collect()
}

fn param(entry: &Entry, faults: &mut Vec<Fault>) -> Param {
    let node = &entry.value;
    let whole = |name, otherwise| word(node, name).and_then(|text| text.parse::<i64>().ok()).unwrap_or(otherwise);
    let kind = match word(node, "type") {
        Some("integer") => ParamKind::Integer { min: whole("min", i64::MIN), max: whole("max", i64::MAX) },
        Some("uuid") => ParamKind::Uuid,
        Some("hex") => ParamKind::Hex { length: u32::try_from(whole("length", -1)).ok() },
        Some("date") => ParamKind::Date,
        Some("epoch_ms") => ParamKind::EpochMs,
        Some("rest") => ParamKind::Rest,
        Some("enum") => {
            let values = list(node, "values");
            if values.iter().all(String::is_empty) {
                fault(faults, entry, "values", "an enum needs `values`: the allowed words".to_owned());
            }
            ParamKind::Enum(values)
        }
        _ => ParamKind::String { pattern: word(node, "pattern").map(|text| without_anchors(text).to_owned()) },
    };
    if let Err(message) = automaton::check_expression(&kind.regex()) {
        fault(faults, entry, "pattern", message);
    }
    if let ParamKind::Integer { min, max } = kind
        && min > max
    {
        fault(faults, entry, "min", format!("`min` {min} is above `max` {max}"));
    }
    Param {
        name: entry.name.clone(),
        kind,
        from: list(node, "from"),
        examples: list(node, "examples"),
        about: text(node, "about"),
        span: Some(entry.name_span),
    }
}

fn config(at: usize, root: &Node, faults: &mut Vec<Fault>) -> Vec<ConfigVariable> {
    let entries = root.get("config").map_or(&[][..], Node::entries);
    entries.iter().map(|entry| variable(at, entry, faults)).collect()
}

fn variable(at: usize, entry: &Entry, faults: &mut Vec<Fault>) -> ConfigVariable {
    let node = &entry.value;
    let kind = match word(node, "type") {
        Some("integer") => ConfigKind::Integer,
        Some("number") => ConfigKind::Number,
        Some("boolean") => ConfigKind::Boolean,
        Some("list") => ConfigKind::List,
        Some("seconds") => ConfigKind::Seconds,
        Some("milliseconds") => ConfigKind::Milliseconds,
        Some("url") => ConfigKind::Url,
        Some("path") => ConfigKind::Path,
        Some("enum") => ConfigKind::Enum(list(node, "values")),
        _ => ConfigKind::String,
    };
    let default = match node.get("default").map(|value| default_value(&kind, value)) {
        Some(Ok(value)) => Some(value),
        Some(Err(message)) => {
            fault(faults, entry, "default", message);
            None
        }
        None => None,
    };
    let number = |name| word(node, name).and_then(|text| text.parse::<f64>().ok());
    ConfigVariable {
        name: entry.name.clone(),
        kind,
        default,
        about: text(node, "about"),
        min: number("min"),
        max: number("max"),
        secret: flag(node, "secret").unwrap_or(false),
        optional: flag(node, "optional").unwrap_or(false),
        address: address(at, &["config", &entry.name]),
    }
}

/// The default in the shape of its type; a list may be written as text with commas.
fn default_value(kind: &ConfigKind, node: &Node) -> Result<serde_json::Value, String> {
    let json = node.to_json();
    let text = node.text().unwrap_or_default().trim();
    let fits = match kind {
        ConfigKind::Integer | ConfigKind::Milliseconds => json.is_i64() || json.is_u64(),
        ConfigKind::Number | ConfigKind::Seconds => json.is_number(),
        ConfigKind::Boolean => json.is_boolean(),
        ConfigKind::Enum(values) => values.iter().any(|value| value == text),
        ConfigKind::List => {
            let items = match &node.kind {
                NodeKind::Sequence(items) => items.iter().filter_map(Node::text).map(str::to_owned).collect(),
                NodeKind::Scalar { .. } => split_list(text),
                NodeKind::Mapping(_) => {
                    return Err("a list's default is a list, or words separated by commas".to_owned());
                }
            };
            return Ok(serde_json::Value::from(items));
        }
        ConfigKind::String | ConfigKind::Url | ConfigKind::Path => {
            return if node.text().is_some() { Ok(text.into()) } else { Err("this default is text".to_owned()) };
        }
    };
    if !fits {
        return Err(match kind {
            ConfigKind::Enum(values) => format!("the default is one of {}", values.join(", ")),
            _ => "the default does not fit the type".to_owned(),
        });
    }
    if matches!(kind, ConfigKind::Enum(_)) { Ok(text.into()) } else { Ok(json) }
}

fn split_list(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

/// A fault at a field of an entry, or at its name when the field is not written.
fn fault(faults: &mut Vec<Fault>, entry: &Entry, field: &str, message: String) {
    let span = entry.value.get(field).map_or(entry.name_span, |node| node.span);
    faults.push(Fault { span, message, hint: None });
}
