//! Config variables that retentions name: which of them the batch keeps, and as what.

use anyhow::{Result, bail};

use super::parts;
use super::plan::{ArgumentKind, Time, Word, WriteMethod};
use super::types::Place;
use crate::registry::{Amount, ConfigKind, ModuleId, Registry};

/// What a config variable is in the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ConfigUse {
    /// A bound on a number of elements: u64.
    Count,
    /// A time: Duration.
    Time,
}

/// The config variables that a method uses.
pub(super) fn uses(method: &WriteMethod) -> Vec<(&str, ConfigUse)> {
    let mut uses = Vec::new();
    for argument in &method.arguments {
        if let ArgumentKind::Ttl(Some((min, max))) = &argument.kind {
            uses.extend([min, max].into_iter().filter_map(Amount::config).map(|name| (name, ConfigUse::Time)));
        }
    }
    for word in method.commands.iter().flat_map(|command| &command.words) {
        let used = match word {
            Word::Count(amount) | Word::Rank(amount) | Word::LastIndex(amount) | Word::FirstIndex(amount) => {
                amount.config().map(|name| (name, ConfigUse::Count))
            }
            Word::Expiry(Time::Retention(time))
            | Word::Seconds(Time::Retention(time))
            | Word::Milliseconds(Time::Retention(time)) => time.config().map(|name| (name, ConfigUse::Time)),
            Word::Before { age, .. } | Word::Since(age) => age.config().map(|name| (name, ConfigUse::Time)),
            Word::Literal(_)
            | Word::Key
            | Word::Argument(_)
            | Word::Field(_)
            | Word::OptionalField(..)
            | Word::Expiry(Time::Argument(_))
            | Word::Seconds(Time::Argument(_))
            | Word::Milliseconds(Time::Argument(_))
            | Word::Rest(_) => None,
        };
        uses.extend(used);
    }
    uses
}

/// The expression that takes a config variable into the batch.
pub(super) fn value(registry: &Registry, module: ModuleId, name: &str, kind: ConfigUse) -> Result<String> {
    let place = &registry.module(module).name;
    let Some(variable) = registry.config(module, name) else {
        bail!("{place}: a retention names the config variable {name}, which the module does not declare");
    };
    let (field, rust) = parts::config_field(Place { registry, module }, name);
    let field = format!("config.{field}");
    if variable.optional && variable.default.is_none() {
        bail!("{place}: a retention names the config variable {name}, which may be unset; give it a default");
    }
    match (kind, &variable.kind) {
        (ConfigUse::Time, ConfigKind::Seconds | ConfigKind::Milliseconds) => Ok(field),
        (ConfigUse::Count, ConfigKind::Integer) if rust == "u64" => Ok(field),
        (ConfigUse::Count, ConfigKind::Integer) => Ok(format!("u64::try_from({field}).unwrap_or_default()")),
        (ConfigUse::Time, _) => bail!("{place}: {name} is used as a time; declare it as seconds or milliseconds"),
        (ConfigUse::Count, _) => bail!("{place}: {name} is used as a number of entries; declare it as an integer"),
    }
}
