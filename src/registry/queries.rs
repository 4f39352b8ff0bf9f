//! Questions that several readers ask of a [`Registry`].

use std::time::Duration;

use super::amount::Amount;
use super::model::{
    Address, Bus, BusId, Channel, ConfigVariable, Consumer, Key, KeyId, Module, ModuleId, Party, Payload, PayloadId,
    Registry, Value,
};
use super::param::{Param, ParamKind};
use super::pattern::Pattern;
use crate::source::{NodeKind, Span};

impl Registry {
    /// The bus of an id of this registry.
    #[must_use]
    pub fn bus(&self, id: BusId) -> &Bus {
        &self.buses[id.0]
    }

    /// The module of an id of this registry.
    #[must_use]
    pub fn module(&self, id: ModuleId) -> &Module {
        &self.modules[id.0]
    }

    /// The key of an id of this registry.
    #[must_use]
    pub fn key(&self, id: KeyId) -> &Key {
        &self.keys[id.0]
    }

    /// The name of a party; of nobody, an empty one.
    #[must_use]
    pub fn party_name(&self, party: Party) -> &str {
        match party {
            Party::Module(id) => &self.module(id).name,
            Party::Service(at) => &self.services[at].name,
            Party::Unknown => "",
        }
    }

    /// The payload of an id of this registry.
    #[must_use]
    pub fn payload(&self, id: PayloadId) -> &Payload {
        &self.payloads[id.0]
    }

    /// A bus by name.
    #[must_use]
    pub fn bus_named(&self, name: &str) -> Option<BusId> {
        self.buses.iter().position(|bus| bus.name == name).map(BusId)
    }

    /// A module by name.
    #[must_use]
    pub fn module_named(&self, name: &str) -> Option<ModuleId> {
        self.modules.iter().position(|module| module.name == name).map(ModuleId)
    }

    /// The keys that a module owns.
    pub fn keys_of(&self, module: ModuleId) -> impl Iterator<Item = &Key> {
        self.keys.iter().filter(move |key| key.module == module)
    }

    /// The channels to which a module publishes.
    pub fn channels_of(&self, module: ModuleId) -> impl Iterator<Item = &Channel> {
        self.channels.iter().filter(move |channel| channel.module == module)
    }

    /// The place of something declared, or of the deepest part of `path` below it that is written there. The place is
    /// the name under which it is written, or a list's or scalar's own.
    #[must_use]
    pub fn span(&self, address: &Address, path: &[&str]) -> Span {
        let mut node = &self.trees[address.tree];
        let mut span = node.entries().first().map_or(node.span, |entry| entry.name_span);
        for name in address.path.iter().map(String::as_str).chain(path.iter().copied()) {
            if let Some(entry) = node.entries().iter().find(|entry| entry.name == name) {
                span = match entry.value.kind {
                    NodeKind::Scalar { .. } => entry.value.span,
                    NodeKind::Sequence(_) | NodeKind::Mapping(_) => entry.name_span,
                };
                node = &entry.value;
            } else if let Some(item) = name.parse::<usize>().ok().and_then(|at| node.items().get(at)) {
                span = item.entries().first().map_or(item.span, |entry| entry.name_span);
                node = item;
            } else {
                break;
            }
        }
        span
    }

    /// The place of the name under which something is declared.
    #[must_use]
    pub fn name_span(&self, address: &Address) -> Span {
        self.span(address, &[])
    }

    /// A config variable of a module.
    #[must_use]
    pub fn config(&self, module: ModuleId, name: &str) -> Option<&ConfigVariable> {
        self.module(module).config.iter().find(|variable| variable.name == name)
    }

    /// The duration that is declared, by default of the config variable where it is one. `None` when the variable has no
    /// default or is not a time (lint: unknown-config).
    #[must_use]
    pub fn duration(&self, module: ModuleId, amount: &Amount<Duration>) -> Option<Duration> {
        match amount {
            Amount::Fixed(duration) => Some(*duration),
            Amount::Config(name) => self.config(module, name)?.default_duration(),
        }
    }

    /// The count that is declared, by default of the config variable where it is one.
    #[must_use]
    pub fn count(&self, module: ModuleId, amount: &Amount<u64>) -> Option<u64> {
        match amount {
            Amount::Fixed(count) => Some(*count),
            Amount::Config(name) => self.config(module, name)?.default.as_ref()?.as_u64(),
        }
    }

    /// The param of a module's pattern; one that is not declared is any text without `:`.
    #[must_use]
    pub fn param(&self, module: ModuleId, name: &str) -> Param {
        self.module(module).params.get(name).cloned().unwrap_or_else(|| Param {
            name: name.to_owned(),
            kind: ParamKind::String { pattern: None },
            from: Vec::new(),
            examples: Vec::new(),
            about: None,
            span: None,
        })
    }

    /// Values to show for a param: its examples, else those of its config variables, else one of its kind.
    #[must_use]
    pub fn param_examples(&self, module: ModuleId, name: &str) -> Vec<String> {
        let param = self.param(module, name);
        if !param.examples.is_empty() {
            return param.examples;
        }
        let listed: Vec<String> = self.param_domain(module, &param);
        if listed.is_empty() { vec![param.kind.sample().into_owned()] } else { listed }
    }

    /// The values that a param's config variables list by default.
    #[must_use]
    pub fn param_domain(&self, module: ModuleId, param: &Param) -> Vec<String> {
        let variables = param.from.iter().filter_map(|name| self.config(module, name));
        variables
            .filter_map(|variable| variable.default.as_ref())
            .flat_map(|default| default.as_array().cloned().unwrap_or_else(|| vec![default.clone()]))
            .filter_map(|value| value.as_str().map(str::to_owned).or_else(|| value.as_i64().map(|n| n.to_string())))
            .collect()
    }

    /// A few names that a pattern of a module claims.
    #[must_use]
    pub fn example_names(&self, module: ModuleId, pattern: &Pattern, at_most: usize) -> Vec<String> {
        let columns: Vec<(String, Vec<String>)> =
            pattern.params().map(|param| (param.to_owned(), self.param_examples(module, param))).collect();
        let rows = columns.iter().map(|(_, values)| values.len()).max().unwrap_or(1).min(at_most);
        let mut names: Vec<String> = (0..rows)
            .filter_map(|row| {
                pattern.format(|param| {
                    let (_, values) = columns.iter().find(|(name, _)| name == param)?;
                    Some(values[row % values.len()].clone())
                })
            })
            .collect();
        names.dedup();
        names
    }

    /// The name of the bus on which a consumer reads: its row's own, else its service's or module's. `None` when it is
    /// not tied to one.
    #[must_use]
    pub fn consumer_bus<'a>(&'a self, consumer: &'a Consumer) -> Option<&'a str> {
        consumer.bus.as_deref().or_else(|| match consumer.party {
            Party::Module(id) => Some(self.module(id).bus.as_str()),
            Party::Service(at) => self.services[at].bus.as_deref(),
            Party::Unknown => None,
        })
    }

    /// The word for a value in a registry: the scalar's or payload's name.
    #[must_use]
    pub fn value_name<'a>(&'a self, value: &'a Value) -> &'a str {
        match value {
            Value::Scalar(scalar) => scalar.as_str(),
            Value::Payload(id) => &self.payload(*id).name,
            Value::Unknown(name) => name,
        }
    }
}

impl ConfigVariable {
    /// The default as a duration, for variables that are times.
    #[must_use]
    pub fn default_duration(&self) -> Option<Duration> {
        use super::model::ConfigKind;
        let number = self.default.as_ref()?.as_f64()?;
        match self.kind {
            ConfigKind::Seconds => Duration::try_from_secs_f64(number).ok(),
            ConfigKind::Milliseconds => Duration::try_from_secs_f64(number / 1000.0).ok(),
            _ => None,
        }
    }
}

impl Key {
    /// Does it hold data of the values' kind somewhere: the values of its parts.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        use super::model::Shape;
        let values: Vec<&Value> = match &self.shape {
            Shape::Opaque => Vec::new(),
            Shape::Single(value) | Shape::Elements(value) | Shape::Members(value) => vec![value],
            Shape::Fields(fields) | Shape::Entries(fields) => fields.iter().map(|field| &field.value).collect(),
            Shape::Scored { member, score } => vec![member, score],
        };
        values.into_iter()
    }

    /// What its parts hold, each with the field that says so: `value`, `fields.NAME`, `element`, `member`, `score`, `entry.NAME`.
    #[must_use]
    pub fn named_values(&self) -> Vec<(String, &Value)> {
        use super::model::Shape;
        let fields = |section: &str, fields: &'_ [super::model::FieldShape]| -> Vec<String> {
            fields.iter().map(|field| format!("{section}.{}", field.name)).collect()
        };
        let names = match &self.shape {
            Shape::Opaque => Vec::new(),
            Shape::Single(_) => vec!["value".to_owned()],
            Shape::Elements(_) => vec!["element".to_owned()],
            Shape::Members(_) => vec!["member".to_owned()],
            Shape::Scored { .. } => vec!["member".to_owned(), "score".to_owned()],
            Shape::Fields(parts) => fields("fields", parts),
            Shape::Entries(parts) => fields("entry", parts),
        };
        names.into_iter().zip(self.values()).collect()
    }

    /// Is this command among its operations?
    #[must_use]
    pub fn has_operation(&self, name: &str) -> bool {
        self.operations.iter().any(|operation| operation.name == name)
    }
}
