//! Examples of lint rules: small registries in one text.

use std::path::PathBuf;

use crate::registry::{LoadError, Registry, load_texts};

/// What an example need not say.
const REGISTRY: &str = "\
keywire: 1
name: example
buses:
  main: { env: MAIN_REDIS_URL, owns: [\"app:*\"] }
services:
  reader: { role: Reads what the module writes. }
";

/// The registry of a rule's example: YAML files, each after a line `# file: PATH`; text before the first such line is
/// `modules/app.yaml`. Without a `registry.yaml` there is a bus `main` that owns `app:*`, and a service `reader`.
///
/// # Errors
/// When the example breaks the format.
pub fn example_registry(text: &str) -> Result<Registry, LoadError> {
    let mut files: Vec<(PathBuf, String)> = vec![("modules/app.yaml".into(), String::new())];
    for line in text.lines() {
        if let Some(path) = line.strip_prefix("# file: ") {
            files.push((path.trim().into(), String::new()));
        } else if let Some((_, text)) = files.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    files.retain(|(_, text)| !text.trim().is_empty());
    if !files.iter().any(|(path, _)| path.ends_with("registry.yaml")) {
        files.push(("registry.yaml".into(), REGISTRY.to_owned()));
    }
    files.sort_by_key(|(path, _)| !path.ends_with("registry.yaml"));
    load_texts(files)
}
