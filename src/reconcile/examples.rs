//! Examples of rules: a small registry and what witnesses say, in one text.

use std::path::PathBuf;

use super::witness::{Witness, WitnessKind};
use crate::registry::{LoadError, Registry, load_texts};

const REGISTRY: &str = "\
keywire: 1
name: example
buses:
  main: {}
  other: {}
services:
  reader: {}
";

/// The registry of an example and its witnesses: files of modules, the first one declared, others after lines
/// `# witness: KIND`.
///
/// # Errors
/// When a part breaks the format.
pub fn example(text: &str) -> Result<(Registry, Vec<Witness>), LoadError> {
    let mut parts: Vec<(Option<WitnessKind>, String)> = vec![(None, String::new())];
    for line in text.lines() {
        if let Some(word) = line.strip_prefix("# witness: ") {
            let kind = WitnessKind::ALL.into_iter().find(|kind| kind.as_str() == word.trim());
            parts.push((kind, String::new()));
        } else if let Some((_, text)) = parts.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    let load = |text: String| {
        let module = (!text.trim().is_empty()).then(|| (PathBuf::from("modules/app.yaml"), text));
        load_texts(std::iter::once((PathBuf::from("registry.yaml"), REGISTRY.to_owned())).chain(module))
    };
    let mut parts = parts.into_iter();
    let declared = load(parts.next().map(|(_, text)| text).unwrap_or_default())?;
    let mut witnesses = Vec::new();
    for (kind, text) in parts {
        let kind = kind.unwrap_or(WitnessKind::Document);
        witnesses.push(Witness::of_registry(kind, kind.as_str(), load(text)?));
    }
    Ok((declared, witnesses))
}
