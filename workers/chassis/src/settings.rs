//! Where a worker's settings come from: its environment; files that hold secrets; a JSON file. Names in, texts out: what a
//! text must look like is known to the generated `Config`.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::program::BusVariable;

/// The sources of settings. Each goes before the next: the variable `NAME`; the file that `NAME_FILE` names, for secrets that
/// are mounted as files; `config.NAME` of the JSON file.
#[derive(Default)]
pub struct Settings {
    file: Value,
}

impl Settings {
    /// Reads the JSON file, if there is one: `{"buses": {"market-redis": {"url": "..."}}, "config": {"NAME": "..."}}`.
    ///
    /// # Errors
    /// When it cannot be read, is no JSON object, or has a bus without a URL. Its contents are in no message.
    pub fn read(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = path else { return Ok(Self::default()) };
        let shown = path.display();
        let text = std::fs::read(path).with_context(|| format!("cannot read the config {shown}"))?;
        let file: Value = serde_json::from_slice(&text).map_err(|error| {
            anyhow::anyhow!("{shown} is no JSON at line {}, column {}", error.line(), error.column())
        })?;
        if !file.is_object() {
            bail!("{shown} holds no JSON object; write {{\"buses\": {{\"NAME\": {{\"url\": \"redis://...\"}}}}}}");
        }
        for (name, bus) in file.get("buses").and_then(Value::as_object).into_iter().flatten() {
            if !bus.get("url").is_some_and(Value::is_string) {
                bail!("{shown}: the bus `{name}` has no `url`; write \"{name}\": {{\"url\": \"redis://...\"}}");
            }
        }
        Ok(Self { file })
    }

    /// The text of a variable; `None` if no source has it. A file that is named and cannot be read counts as not there,
    /// and is logged.
    #[must_use]
    pub fn lookup(&self, name: &str) -> Option<String> {
        let of_env = |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        if let Some(text) = of_env(name) {
            return Some(text);
        }
        if let Some(path) = of_env(&format!("{name}_FILE")) {
            match std::fs::read_to_string(&path) {
                Ok(text) => return Some(text.trim_end_matches(['\r', '\n']).to_owned()),
                Err(error) => tracing::error!(%error, "the file that {name}_FILE names cannot be read"),
            }
        }
        match self.file.get("config")?.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Array(words) => Some(
                words
                    .iter()
                    .map(|word| word.as_str().map_or(word.to_string(), str::to_owned))
                    .collect::<Vec<_>>()
                    .join(","),
            ),
            other => Some(other.to_string()),
        }
    }

    /// The address that a variable holds; blank is none, as for other variables.
    ///
    /// # Errors
    /// When it is no address.
    pub fn address(&self, name: &str) -> Result<Option<SocketAddr>, String> {
        let text = self.lookup(name).filter(|text| !text.trim().is_empty());
        let address = text.map(|text| text.trim().parse()).transpose();
        address.map_err(|_| format!("{name} is no address; write one such as 127.0.0.1:9464 (not a name)"))
    }

    /// The URL of a bus: its variable, its entry in the JSON file, its default.
    #[must_use]
    pub fn bus_url(&self, BusVariable { bus, name, default }: BusVariable) -> String {
        let of_file = || Some(self.file.get("buses")?.get(bus)?.get("url")?.as_str()?.to_owned());
        self.lookup(name).filter(|url| !url.trim().is_empty()).or_else(of_file).unwrap_or_else(|| default.to_owned())
    }
}
