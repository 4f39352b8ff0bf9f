//! Configuration variables that TTLs and bounds name, as declarations of a draft.

use super::calls::Config;
use crate::extract::Draft;
use crate::extract::draft::{Node, Value};

/// Declares in each module of a draft the variables that its entries refer to.
pub fn declare(draft: &mut Draft, config: &[(String, Config)]) {
    for (name, fields) in &mut draft.modules {
        let mut variables: Vec<_> =
            config.iter().filter(|(module, _)| module == name).map(|(_, variable)| variable).collect();
        variables.sort();
        variables.dedup_by(|a, b| a.name == b.name);
        if variables.is_empty() || fields.iter().any(|(field, _)| field == "config") {
            continue;
        }
        let entries = variables.into_iter().map(|variable| {
            let mut entry = vec![("type", Node::text(variable.kind))];
            entry.extend(variable.default.iter().map(|default| ("default", Node::new(Value::Number(default.clone())))));
            (variable.name.clone(), Node::map(entry))
        });
        let node = Node::map(entries);
        let before = ["params", "payloads", "keys", "channels"];
        let at = fields.iter().position(|(field, _)| before.contains(&field.as_str())).unwrap_or(fields.len());
        fields.insert(at, ("config".to_owned(), node));
    }
}
