//! Lines of a document that was read as JSON, by the names that lead to a value.

use serde_json::Value as Json;

use super::record::Origin;
use crate::source;

/// Where things stand in the text: JSON is YAML, too.
pub(super) struct Places {
    sources: source::Sources,
    tree: Option<source::Node>,
}

impl Places {
    /// Of the text of a document.
    pub(super) fn of(origin: &Origin, text: &str) -> Self {
        let mut sources = source::Sources::default();
        let file = sources.add(source::SourceFile::new(origin.path.clone(), text.to_owned()));
        let tree = source::parse(file, &sources.file(file).text).ok();
        Self { sources, tree }
    }

    /// The line of the last of these names that is there, each under the one before.
    pub(super) fn line(&self, path: &[String]) -> u32 {
        let mut at = self.tree.as_ref();
        let mut span = None;
        for name in path {
            let Some(node) = at else { break };
            if let Some(entry) = node.entries().iter().find(|entry| entry.name == *name) {
                (at, span) = (Some(&entry.value), Some(entry.name_span));
            } else {
                at = name.parse().ok().and_then(|index: usize| node.items().get(index));
                span = at.map(|item| item.span).or(span);
            }
        }
        span.map_or(1, |span| u32::try_from(self.sources.place(span).line).unwrap_or(u32::MAX))
    }
}

/// The names that lead to a value of a document; an index for one of a list. None if it is deeper than anybody writes.
pub(super) fn path_to(at: &Json, target: &Json, depth: usize) -> Option<Vec<String>> {
    if std::ptr::eq(at, target) {
        return Some(Vec::new());
    }
    let inside: Vec<(String, &Json)> = match at {
        Json::Object(map) if depth < 64 => map.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Json::Array(items) if depth < 64 => {
            items.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect()
        }
        _ => return None,
    };
    inside.into_iter().find_map(|(name, value)| {
        let mut path = path_to(value, target, depth + 1)?;
        path.insert(0, name);
        Some(path)
    })
}
