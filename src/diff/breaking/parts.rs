//! Parts of entries, modules and buses that changed, one by one: what rules about them have in common.

use super::comparison::readers;
use super::{Break, Comparison, First, Place, Side};
use crate::registry::{Bus, Channel, ConfigVariable, FieldShape, Key, Module, Scalar, Shape, Value};

/// Would a reader of the one not be able to read the other? Payloads are judged by their schemas.
pub(super) fn is_encoding_changed(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Scalar(was), Value::Scalar(is)) => was != is && (*was, *is) != (Scalar::Number, Scalar::Integer),
        // What was any JSON is now some.
        (Value::Scalar(Scalar::Json), Value::Payload(_)) | (Value::Payload(_), Value::Payload(_)) => false,
        (Value::Unknown(_), _) | (_, Value::Unknown(_)) => false,
        (Value::Payload(_), Value::Scalar(_)) | (Value::Scalar(_), Value::Payload(_)) => true,
    }
}

/// What a rule says of a change: the fields that it concerns, what is wrong, who deploys first, and what else to do.
type Said = (&'static [&'static str], String, First, &'static str);

impl<'a> Comparison<'a> {
    /// Keys that are in both, with what `judge` says of each as it was and as it is.
    pub(super) fn changed_keys(&self, judge: impl Fn(&Key, &Key) -> Option<Said>) -> Vec<Break> {
        let said = self.keys.iter().filter_map(|(old, new)| Some((old, new, judge(old, new)?)));
        said.map(|(old, new, (path, message, first, hint))| self.of_key((old, new), path, message, (first, hint)))
            .collect()
    }

    /// The same of channels that have an entry of their own.
    pub(super) fn changed_channels(&self, judge: impl Fn(&Channel, &Channel) -> Option<Said>) -> Vec<Break> {
        let mut breaks = Vec::new();
        for (old, new) in self.channels.iter().filter(|(_, new)| new.from_key.is_none()) {
            let Some((path, message, first, hint)) = judge(old, new) else { continue };
            let (at, affected) = (self.at_channel(new, path), readers(&old.consumers));
            let (subject, hint) = (String::new(), hint.to_owned());
            breaks.push(Break { message, subject, at, affected, first, level: None, hint });
        }
        breaks
    }

    /// The same of modules, by one of their fields.
    pub(super) fn changed_modules(
        &self,
        judge: impl Fn(&Module, &Module) -> Option<(&'static str, String, First, &'static str)>,
    ) -> Vec<Break> {
        let said = self.modules().filter_map(|(old, new)| Some((new, judge(old, new)?)));
        said.map(|(new, (field, message, first, hint))| self.of_module(new, field, message, (first, hint))).collect()
    }

    /// A break of a key that is in both, which concerns all its readers.
    pub(super) fn of_key(
        &self,
        (old, new): (&Key, &Key),
        path: &[&str],
        message: String,
        (first, hint): (First, &str),
    ) -> Break {
        let (at, affected) = (self.at_key(new, path), readers(&old.consumers));
        Break { message, subject: String::new(), at, affected, first, level: None, hint: hint.to_owned() }
    }

    /// A break of a module, by one of its fields.
    fn of_module(&self, new: &Module, field: &str, message: String, (first, hint): (First, &str)) -> Break {
        let at = Place {
            bus: None,
            module: Some(new.name.clone()),
            entry: None,
            pattern: None,
            address: (Side::New, new.address.clone()),
            path: vec![field.to_owned()],
        };
        Break {
            message,
            subject: field.to_owned(),
            at,
            affected: Vec::new(),
            first,
            level: None,
            hint: hint.to_owned(),
        }
    }

    /// Where a module stood.
    pub(super) fn at_gone_module(&self, old: &Module) -> Place {
        Place {
            bus: Some(old.bus.clone()),
            module: Some(old.name.clone()),
            entry: None,
            pattern: None,
            address: (Side::Old, old.address.clone()),
            path: Vec::new(),
        }
    }

    /// Modules that are in both.
    pub(super) fn modules(&self) -> impl Iterator<Item = (&'a Module, &'a Module)> {
        let (old, new) = (self.old, self.new);
        old.modules.iter().filter_map(move |was| Some((was, new.module(new.module_named(&was.name)?))))
    }

    /// A stream that came in the place of a channel: of its name or its entry's.
    pub(super) fn stream_instead(&self, channel: &Channel) -> Option<&'a Key> {
        let is_new = |key: &&Key| !self.keys.iter().any(|(_, known)| known.id == key.id);
        let streams = self.new.keys.iter().filter(|key| key.redis_type.is_some_and(|kind| kind.name == "stream"));
        streams.filter(is_new).find(|key| key.name == channel.name || key.pattern == channel.pattern)
    }

    /// Fields of hashes and stream entries that changed: `judge` sees each as it was and as it is, and says all but the entry's name.
    pub(super) fn changed_fields(
        &self,
        judge: impl Fn(&FieldShape, Option<&FieldShape>) -> Option<(String, First, &'static str)>,
    ) -> Vec<Break> {
        let mut breaks = Vec::new();
        for (old, new) in &self.keys {
            let (section, before, after) = match (&old.shape, &new.shape) {
                (Shape::Fields(before), Shape::Fields(after)) => ("fields", before, after),
                (Shape::Entries(before), Shape::Entries(after)) => ("entry", before, after),
                _ => continue,
            };
            for was in before {
                let is = after.iter().find(|is| is.name == was.name);
                let Some((what, first, hint)) = judge(was, is) else { continue };
                let field = was.name.as_str();
                let relies = |needs: &[String]| {
                    needs.is_empty() || needs.iter().any(|need| need.split('.').next() == Some(field))
                };
                let concerned: Vec<_> =
                    old.consumers.iter().filter(|consumer| relies(&consumer.needs)).cloned().collect();
                if concerned.is_empty() && !old.consumers.is_empty() {
                    continue;
                }
                let message = format!("{what} `{}`", new.pattern);
                let path = if is.is_some() { vec![section, field] } else { vec![section] };
                let mut found = self.of_key((old, new), &path, message, (first, hint));
                found.affected = readers(&concerned);
                field.clone_into(&mut found.subject);
                breaks.push(found);
            }
        }
        breaks
    }

    /// Config variables that changed: `judge` sees each as it was and as it is, and says what is wrong.
    pub(super) fn changed_config(
        &self,
        judge: impl Fn(&ConfigVariable, Option<&ConfigVariable>) -> Option<String>,
    ) -> Vec<Break> {
        let mut breaks: Vec<Break> = Vec::new();
        for (old, new) in self.modules() {
            for was in &old.config {
                let is = new.config.iter().find(|is| is.name == was.name);
                let Some(message) = judge(was, is) else { continue };
                // A variable of registry.yaml is one of every module.
                if breaks.iter().any(|known| known.subject == was.name && known.message == message) {
                    continue;
                }
                let mut found = self.of_module(new, "config", message, (First::Operator, "tell those who deploy"));
                if let Some(is) = is {
                    (found.at.address.1, found.at.path) = (is.address.clone(), Vec::new());
                }
                found.subject.clone_from(&was.name);
                breaks.push(found);
            }
        }
        breaks
    }

    /// Buses that changed: `judge` sees each as it was and as it is, and says the field and what is wrong.
    pub(super) fn changed_buses(&self, judge: impl Fn(&Bus, &Bus) -> Option<(&'static str, String)>) -> Vec<Break> {
        let mut breaks = Vec::new();
        for was in &self.old.buses {
            let Some(is) = self.new.bus_named(&was.name).map(|id| self.new.bus(id)) else { continue };
            let Some((field, message)) = judge(was, is) else { continue };
            let at = Place {
                bus: Some(is.name.clone()),
                module: None,
                entry: None,
                pattern: None,
                address: (Side::New, is.address.clone()),
                path: vec![field.to_owned()],
            };
            let message = format!("{}: {message}", is.name);
            let hint = "tell those who deploy".to_owned();
            breaks.push(Break {
                message,
                subject: field.to_owned(),
                at,
                affected: Vec::new(),
                first: First::Operator,
                level: None,
                hint,
            });
        }
        breaks
    }
}
