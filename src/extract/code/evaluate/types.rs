//! What types that are written tell of values.

use super::value::{Bus, Value, Values, only};
use super::{Evaluator, inside};
use crate::extract::code::index::{Bound, Kind};
use crate::extract::code::languages::Role;

impl<'p> Evaluator<'p> {
    /// The values, or where they tell nothing, what their type tells.
    pub(super) fn or_annotated(&mut self, values: Values, annotation: Option<&str>, frame: usize) -> Values {
        let Some(annotation) = annotation else { return values };
        if values.iter().any(|item| item.value != Value::Null && !item.value.is_hole()) {
            return values;
        }
        match self.annotated(annotation, frame) {
            Some(typed) => typed,
            None => values,
        }
    }

    /// What a type tells of a value: an object of a Redis library, or of a class of the program.
    pub(super) fn annotated(&mut self, annotation: &str, frame: usize) -> Option<Values> {
        let scope = self.frames.get(frame).scope;
        let module = self.program.module(scope);
        let module_frame = self.open(module);
        let paths = annotation.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.' || c == ':'));
        for path in paths.filter(|path| !path.is_empty()).take(12) {
            let mut parts = path.split(['.', ':']).filter(|part| !part.is_empty());
            let Some(root) = parts.next() else { continue };
            let mut values = match self.class_nearby(root, scope) {
                Some(class) => only(Value::Class(class)),
                None => self.find_name(root, None, module_frame, 0).unwrap_or_else(|| self.unbound(root, module_frame)),
            };
            for part in parts {
                values = self.member_of_all(&values, part);
            }
            for item in values.iter() {
                match &item.value {
                    // A text by another name says no more than the text.
                    Value::Class(class) if self.is_named_text(*class) => return None,
                    Value::Class(class) => {
                        self.touched.this = true;
                        return Some(only(Value::Instance(*class, None)));
                    }
                    Value::External(name) => {
                        if let Some(role) = self.role_of_type(name, scope) {
                            return Some(only(Value::Object(role, Bus::default(), None)));
                        }
                    }
                    // `typeof client`.
                    Value::Object(..) => return Some(only(item.value.clone())),
                    _ => {}
                }
            }
        }
        None
    }

    /// A type that is declared in a function around this scope. Other names there are values, even where a type has the same.
    fn class_nearby(&self, name: &str, scope: usize) -> Option<usize> {
        let mut at = Some(scope);
        while let Some(here) = at {
            let scope = &self.program.scopes[here];
            if scope.kind == Kind::Module {
                return None;
            }
            let class = scope.bindings.get(name).into_iter().flatten().find_map(|binding| match binding.bound {
                Bound::Scope(inner) if self.program.scopes[inner].kind == Kind::Class => Some(inner),
                _ => None,
            });
            if class.is_some() {
                return class;
            }
            at = scope.parent;
        }
        None
    }

    /// Does a class stand for a client of Redis, as it extends one?
    pub fn extends_client(&mut self, class: usize) -> Option<Role> {
        for &class in self.lineage(class).iter() {
            let scope = &self.program.scopes[class];
            let Some(declared) = scope.class else { continue };
            let parent = scope.parent.unwrap_or(class);
            let frame = self.open(parent);
            for base in &declared.bases {
                for item in self.value(base, frame).iter() {
                    if let Value::External(name) = &item.value
                        && let Some(role) = self.role_of_type(name, class)
                    {
                        return Some(role);
                    }
                }
            }
        }
        None
    }

    /// What an external type is, if it is one of a Redis library.
    pub fn role_of_type(&self, name: &str, scope: usize) -> Option<Role> {
        let language = self.program.language(scope);
        let clients = language.clients;
        // What is made by its own name is a class: `ioredis`.
        if let Some(maker) = clients.makers.iter().find(|maker| maker.names.contains(&name)) {
            return Some(maker.gives);
        }
        let (package, last) = name.rsplit_once('.')?;
        let known = clients.modules.iter().any(|module| package == *module || inside(package, module));
        clients.types.iter().find(|(kind, _)| known && *kind == last).map(|(_, role)| *role)
    }
}
