//! keywire.toml: where the registry is, where each generate target writes, how much each rule weighs where, and what `ci` does.
//!
//! Text in, [`Settings`] out. Names of rules are checked by who knows them (`catalogue`), those of modules and patterns by
//! who knows the registry.

mod ci;
mod exception;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::baseline::Baseline;
use crate::finding::{Finding, Level};

pub use ci::{CiSettings, Command, ModuleSettings, Verify};
pub use exception::Exception;

/// Name of the file that is looked for from the working folder upwards.
pub const FILE_NAME: &str = "keywire.toml";

/// Name of the file of known findings, if keywire.toml names no other.
pub const BASELINE_NAME: &str = "keywire-baseline.toml";

/// What keywire.toml says; all of it may be left out.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Folder of the registry, from the folder of keywire.toml.
    pub registry: Option<PathBuf>,
    /// Where each target writes.
    #[serde(default)]
    pub generate: GenerateSettings,
    /// Weight of rules by name.
    #[serde(default)]
    pub rules: BTreeMap<String, RuleLevel>,
    /// Weight of rules in parts of the registry; the last that fits counts.
    #[serde(default)]
    pub exceptions: Vec<Exception>,
    /// File of the findings that are known, from the folder of keywire.toml. Without it: keywire-baseline.toml, if it is there.
    pub baseline: Option<PathBuf>,
    /// What `keywire ci` does.
    #[serde(default)]
    pub ci: CiSettings,
    /// What `keywire ci` runs of each module.
    #[serde(default)]
    pub modules: BTreeMap<String, ModuleSettings>,
    /// The findings that are known.
    #[serde(skip)]
    pub known: Baseline,
    /// Folder of keywire.toml, or the working folder: what the paths start from.
    #[serde(skip)]
    pub root: PathBuf,
}

/// Where each generate target writes, from the folder of keywire.toml. `{module}` stands for the module's name; an empty
/// text turns the target off.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GenerateSettings {
    /// Folder of the ACL users of each bus.
    pub acl: String,
    /// Folder of the Rust module of one keywire module.
    pub rust: String,
    /// Folder of the JSON Schemas.
    pub json_schema: String,
    /// Folder of the wiring docs.
    pub markdown: String,
    /// File of the contract test of one module, in the tests folder of the worker's crate.
    pub contract_test: String,
    /// Texts are only compared with files: Rust, which is compared by tokens, is not laid out, as that takes a process a file.
    #[serde(skip)]
    pub compare_only: bool,
}

impl Default for GenerateSettings {
    fn default() -> Self {
        Self {
            acl: "generated/acl".to_owned(),
            rust: "generated/rust/{module}".to_owned(),
            json_schema: "generated/json_schema".to_owned(),
            markdown: "docs/wiring".to_owned(),
            // Only a crate that depends on keywire::testing can hold it: off unless its place is named.
            contract_test: String::new(),
            compare_only: false,
        }
    }
}

/// Weight of a rule as set by the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RuleLevel {
    /// The rule is not run.
    Off,
    /// Worth knowing.
    Info,
    /// Probably a fault.
    Warning,
    /// A broken contract.
    Error,
}

impl RuleLevel {
    /// The level, `None` for off.
    #[must_use]
    pub fn level(self) -> Option<Level> {
        match self {
            Self::Off => None,
            Self::Info => Some(Level::Info),
            Self::Warning => Some(Level::Warning),
            Self::Error => Some(Level::Error),
        }
    }
}

impl Settings {
    /// Finds keywire.toml from a folder upwards and reads it; without one, the defaults with that folder as root.
    ///
    /// # Errors
    /// When the file cannot be read or says something unknown.
    pub fn find(folder: &Path) -> Result<Self> {
        let start = folder.canonicalize().with_context(|| format!("cannot open the folder {}", folder.display()))?;
        match start.ancestors().map(|folder| folder.join(FILE_NAME)).find(|path| path.is_file()) {
            Some(path) => Self::read(&path),
            None => Self { root: start, ..Self::default() }.with_baseline(),
        }
    }

    /// Reads a keywire.toml.
    ///
    /// # Errors
    /// When the file cannot be read or says something unknown.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut settings: Self = toml::from_str(&text).with_context(|| format!("{} is wrong", path.display()))?;
        settings.root = path.parent().unwrap_or(Path::new(".")).to_owned();
        settings.with_baseline()
    }

    /// Where the baseline is, or would be.
    #[must_use]
    pub fn baseline_path(&self) -> PathBuf {
        self.root.join(self.baseline.as_deref().unwrap_or(Path::new(BASELINE_NAME)))
    }

    /// Reads the baseline: the one that is named, which must be there, else one of the usual name.
    fn with_baseline(mut self) -> Result<Self> {
        let path = self.baseline_path();
        if self.baseline.is_some() || path.is_file() {
            self.known = Baseline::read(&path)?;
        }
        Ok(self)
    }

    /// How much a finding weighs; `None` if it is off. Of the exceptions that fit it the last counts.
    #[must_use]
    pub fn level(&self, finding: &Finding) -> Option<Level> {
        let exception = self.exceptions.iter().rev().find(|exception| exception.fits(finding));
        let set = exception.map(|exception| exception.level).or_else(|| self.rules.get(finding.rule).copied());
        set.map_or(Some(finding.level), RuleLevel::level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_names_are_refused() {
        assert!(toml::from_str::<Settings>("registri = 'x'").is_err());
        assert!(toml::from_str::<Settings>("[rules]\nnaming = 'loud'").is_err());
        let settings: Settings = toml::from_str("[rules]\nnaming = 'off'\n[generate]\nrust = 'src/{module}'").unwrap();
        assert_eq!(settings.rules["naming"], RuleLevel::Off);
        assert_eq!(settings.generate.markdown, "docs/wiring");
    }
}
