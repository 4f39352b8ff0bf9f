//! Settings and registry for a command: found, read, and refused with all faults at once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::formats::Formats;
use super::output;
use super::{Exit, RegistryArgs, usage};
use crate::check::traffic::party_named;
use crate::finding::{Finding, Level};
use crate::registry::{self, BusId, LoadError, ModuleId, Party, Registry};
use crate::report::Report;
use crate::settings::Settings;
use crate::source::{Sources, closest};
use crate::{catalogue, lint};

/// A registry with its settings.
pub(super) struct Loaded {
    pub settings: Settings,
    pub registry: Registry,
    pub folder: PathBuf,
}

/// Reads settings and registry. `Err(exit)` when the registry is invalid, which is reported then.
pub(super) fn load(args: &RegistryArgs, command: &'static str, formats: &Formats) -> Result<Result<Loaded, Exit>> {
    formats.check()?;
    let here = std::env::current_dir().context("the working folder is gone")?;
    let settings = Settings::find(&here).map_err(|error| usage(format!("{error:#}")))?;
    catalogue::check_settings(&settings).map_err(|error| usage(error.to_string()))?;
    let folder = args.registry.clone().unwrap_or_else(|| {
        let named = settings.root.join(settings.registry.as_deref().unwrap_or(Path::new("schema")));
        named.strip_prefix(&here).map(Path::to_owned).unwrap_or(named)
    });
    match registry::load(&folder) {
        Ok(registry) => {
            // Another registry than that of keywire.toml has other modules.
            if args.registry.is_none() {
                catalogue::check_names(&settings, &registry).map_err(|error| usage(error.to_string()))?;
            }
            Ok(Ok(Loaded { settings, registry, folder }))
        }
        Err(LoadError::Unreadable(error)) => Err(usage(format!("{error:#}"))),
        Err(LoadError::Invalid(sources, faults)) => {
            let finding = |fault: registry::format::Fault| {
                let finding = Finding::new("invalid-registry", Level::Error, fault.message).at(fault.span);
                Finding { hint: fault.hint, ..finding }
            };
            refuse(faults.into_iter().map(finding).collect(), &sources, command, formats)?;
            Ok(Err(Exit::Invalid))
        }
    }
}

/// As [`load`], and refuses a registry from which nothing can be generated or checked.
pub(super) fn load_sound(
    args: &RegistryArgs,
    command: &'static str,
    formats: &Formats,
) -> Result<Result<Loaded, Exit>> {
    let loaded = match load(args, command, formats)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(Err(exit)),
    };
    let blocking = lint::blocking(&loaded.registry);
    if blocking.is_empty() {
        return Ok(Ok(loaded));
    }
    refuse(blocking, &loaded.registry.sources, command, formats)?;
    Ok(Err(Exit::Invalid))
}

fn refuse(findings: Vec<Finding>, sources: &Sources, command: &'static str, formats: &Formats) -> Result<()> {
    let closing = "The registry is invalid; nothing was done.".to_owned();
    let (evidence, coverage) = (serde_json::json!({}), serde_json::json!({}));
    let report = Report { command, findings, known: 0, evidence, coverage, sources, closing };
    output::report(&report, formats, Exit::Invalid, |_| String::new())
}

/// The module of a name on the command line.
pub(super) fn module(registry: &Registry, name: Option<&str>) -> Result<Option<ModuleId>> {
    let Some(name) = name else { return Ok(None) };
    let names = registry.modules.iter().map(|module| module.name.as_str());
    registry.module_named(name).map(Some).ok_or_else(|| unknown("module", name, names))
}

/// The bus of a name on the command line.
pub(super) fn bus(registry: &Registry, name: Option<&str>) -> Result<Option<BusId>> {
    let Some(name) = name else { return Ok(None) };
    let names = registry.buses.iter().map(|bus| bus.name.as_str());
    registry.bus_named(name).map(Some).ok_or_else(|| unknown("bus", name, names))
}

/// The module or service of a name on the command line.
pub(super) fn party(registry: &Registry, name: &str) -> Result<Party> {
    let modules = registry.modules.iter().map(|module| module.name.as_str());
    let names = modules.chain(registry.services.iter().map(|service| service.name.as_str()));
    party_named(registry, name).ok_or_else(|| unknown("module or service", name, names))
}

/// The names of buses, for a message that says which there are.
pub(super) fn bus_names(registry: &Registry, buses: &[BusId]) -> String {
    buses.iter().map(|bus| registry.bus(*bus).name.as_str()).collect::<Vec<_>>().join(", ")
}

/// The values of config variables that were given as `NAME=VALUE`.
pub(super) fn config(registry: &Registry, pairs: &[String]) -> Result<BTreeMap<String, String>> {
    let mut config = BTreeMap::new();
    for pair in pairs {
        let (name, value) =
            pair.split_once('=').ok_or_else(|| usage(format!("--set takes NAME=VALUE, not `{pair}`")))?;
        let names = registry.modules.iter().flat_map(|module| &module.config).map(|variable| variable.name.as_str());
        if !names.clone().any(|known| known == name) {
            return Err(unknown("config variable", name, names));
        }
        config.insert(name.to_owned(), value.to_owned());
    }
    Ok(config)
}

/// The URL of a bus: the one given, else that of its environment variable, else its default.
pub(super) fn url(registry: &Registry, bus: BusId, given: Option<&str>) -> Result<String> {
    let bus = registry.bus(bus);
    let from_env = || bus.env.as_ref().and_then(|name| std::env::var(name).ok()).filter(|url| !url.is_empty());
    given.map(str::to_owned).or_else(from_env).or_else(|| bus.default.clone()).ok_or_else(|| {
        let variable = bus.env.as_ref().map_or_else(String::new, |name| format!(" or set {name}"));
        usage(format!("no URL for the bus `{}`; give --redis URL{variable}", bus.name))
    })
}

/// "There is no such thing", with what was probably meant.
pub(super) fn unknown<'a>(what: &str, name: &str, names: impl Iterator<Item = &'a str> + Clone) -> anyhow::Error {
    let hint = match closest(name, names.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are: {}", names.collect::<Vec<_>>().join(", ")),
    };
    usage(format!("there is no {what} `{name}`; {hint}"))
}
