//! Names that come from other files: what modules export, and where imports lead.

use super::names::Asked;
use super::value::{Value, Values, none, only};
use super::{Evaluator, Known, Touched};
use crate::extract::code::index::{Binding, Bound};
use crate::extract::code::program::Import;

use super::names::{named, settled};

impl<'p> Evaluator<'p> {
    /// What a module exports under a name.
    pub(super) fn exported(&mut self, module: usize, name: &str, depth: u32) -> Option<Values> {
        let key = (module, name.to_owned());
        if let Some(known) = self.names.get(&key) {
            return known.values.clone().filter(|values| !values.is_empty());
        }
        if depth > 12 {
            return None;
        }
        self.names.insert(key.clone(), Known { values: None, touched: Touched::default() });
        let frame = self.open(module);
        let (values, _) = self.bound(Asked { name, at: None, inner: false }, frame, module, depth);
        let values = values.or_else(|| self.imported(name, module, depth + 1));
        let values = values.map(|values| named(&settled(&values), name));
        let known = Known { values: Some(values.clone().unwrap_or_else(none)), touched: Touched::default() };
        self.names.insert(key, known);
        values
    }

    pub(super) fn imported(&mut self, name: &str, module: usize, depth: u32) -> Option<Values> {
        let program = self.program;
        if depth > 12 {
            return None;
        }
        let imports = &program.scopes[module].imports;
        for (unit, import) in imports.get(name).into_iter().flatten() {
            let found = self.import(*unit, import, depth);
            if !found.is_empty() {
                return Some(found);
            }
        }
        for (unit, import) in imports.get("*").into_iter().flatten() {
            let values = self.inside(module, &import.from, name, depth);
            if !values.is_empty() {
                return Some(values);
            }
            if let Some(target) = self.modules.at(*unit, &import.from)
                && target != module
                && let Some(values) = self.exported(target, name, depth + 1)
            {
                return Some(values);
            }
        }
        None
    }

    /// A name of a module that is written inside this one: `mod inner { .. }` with `pub use inner::*`.
    fn inside(&mut self, module: usize, from: &str, name: &str, depth: u32) -> Values {
        let joint = self.program.language(module).joint;
        let Some(inner) = from.rsplit(joint).find(|part| !part.is_empty()) else { return none() };
        let bindings = self.program.scopes[module].bindings.get(inner);
        let is_class = |binding: &Binding<'_>| matches!(binding.bound, Bound::Scope(_));
        if inner == name || !bindings.is_some_and(|bindings| bindings.iter().any(is_class)) {
            return none();
        }
        let frame = self.open(module);
        let (values, _) = self.bound(Asked { name: inner, at: None, inner: false }, frame, module, depth + 1);
        let classes = values.unwrap_or_else(none);
        if classes.iter().all(|item| matches!(item.value, Value::Class(_))) {
            self.member_of_all(&classes, name)
        } else {
            none()
        }
    }

    fn import(&mut self, unit: usize, import: &Import, depth: u32) -> Values {
        let module = self.modules.at(unit, &import.from);
        let Some(name) = import.name.as_deref().filter(|name| *name != "*") else {
            return only(module.map_or_else(|| Value::External(import.from.as_str().into()), Value::Module));
        };
        if let Some(module) = module
            && let Some(values) = self.exported(module, name, depth + 1)
        {
            return values;
        }
        let joint = self.program.sources[unit].language.joint;
        let inner = if import.from.ends_with(joint) {
            format!("{}{name}", import.from)
        } else {
            format!("{}{joint}{name}", import.from)
        };
        if let Some(module) = self.modules.at(unit, &inner) {
            return only(Value::Module(module));
        }
        if let Some(module) = module {
            // What a module exports as a whole has the names that the module itself has not, and the other way round.
            return match self.exported(module, "default", depth + 1) {
                None if name == "default" => only(Value::Module(module)),
                Some(whole) if name != "default" => self.member_of_all(&whole, name),
                _ => none(),
            };
        }
        // What stands inside a class or module that is written in another file.
        if depth < 8
            && let Some((from, outer)) = import.from.rsplit_once(joint)
            && let Some(module) = self.modules.at(unit, from)
            && let Some(values) = self.exported(module, outer, depth + 1)
        {
            let values = self.member_of_all(&values, name);
            if !values.is_empty() {
                return values;
            }
        }
        only(Value::External(format!("{}.{name}", import.from).into()))
    }
}
