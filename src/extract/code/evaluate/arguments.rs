//! What a call means: the one method that its name can be, and an argument by place or name.

use super::Evaluator;
use super::value::{Part, Value, Values, literal, only};
use crate::extract::code::languages::At;
use crate::extract::code::program::Argument;

impl<'p> Evaluator<'p> {
    /// The only method of that name in the program, where the name is not one that libraries use too.
    pub(super) fn only_method(&self, method: &str, frame: usize) -> Option<Value> {
        let [scope] = self.program.methods.get(method)?.as_slice() else { return None };
        let clients = self.program.language(self.frames.get(frame).scope).clients;
        let usual = clients.methods.iter().any(|(known, _)| *known == method)
            || clients.gives.iter().any(|(known, _)| *known == method)
            || matches!(
                method,
                "get" | "set" | "execute" | "send" | "close" | "delete" | "run" | "call" | "put" | "add" | "update"
            )
            || method.len() < 4;
        if usual {
            return None;
        }
        let class = self.program.class_of(*scope)?;
        Some(Value::Function(*scope, Some((class, None)), None))
    }

    /// The values of an argument by place or name.
    pub(super) fn argument(&mut self, arguments: &'p [Argument], at: At, frame: usize) -> Option<Values> {
        let found = match at {
            At::Place(place) => arguments.iter().filter(|argument| argument.name.is_none()).nth(place),
            At::Name(name) | At::Prefix(name) => {
                match arguments.iter().find(|argument| argument.name.as_deref() == Some(name)) {
                    Some(argument) => Some(argument),
                    None => {
                        let key = only(Value::Text(literal(name)));
                        for argument in arguments {
                            let values = self.value(&argument.value, frame);
                            if values.iter().any(|item| matches!(item.value, Value::Map(_))) {
                                let found = self.lookup(&values, &key, "");
                                if found.iter().any(|item| !matches!(&item.value, Value::Text(text) if text.parts == [Part::Hole("value".into())])) {
                                return Some(found);
                            }
                            }
                        }
                        None
                    }
                }
            }
        };
        found.map(|argument| self.value(&argument.value, frame))
    }
}
