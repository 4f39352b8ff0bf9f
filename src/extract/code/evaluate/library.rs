//! What calls of a Redis library give: clients with their bus, and the names that a client finds.

use std::rc::Rc;

use super::Evaluator;
use super::makers::{merge, of_glob, same_maker, tell};
use super::value::{Bus, Item, Part, Value, Values, hole, literal, only};
use crate::extract::code::languages::{At, Maker, Operation, Role, Word};
use crate::extract::code::program::{Argument, Expression, Form};

impl<'p> Evaluator<'p> {
    /// Names of keys among the replies of a client: those that SCAN and KEYS find.
    pub(super) fn reply(
        &mut self,
        role: Role,
        method: &str,
        arguments: &'p [Argument],
        frame: usize,
    ) -> Option<Values> {
        let clients = self.program.language(self.frames.get(frame).scope).clients;
        let words = (clients.command)(role, method, arguments)?;
        let Some(Word::Literal(command)) = words.first() else { return None };
        if role == Role::Pipeline {
            return None;
        }
        let glob = match command.as_str() {
            "KEYS" => words.get(1),
            "SCAN" => {
                let at = words.iter().position(|word| match word {
                    Word::Literal(text) | Word::Value(Expression { form: Form::Text(text), .. }) => text == "MATCH",
                    _ => false,
                });
                at.and_then(|at| words.get(at + 1))
                    .or_else(|| words.iter().find(|word| matches!(word, Word::Option("MATCH", _))))
            }
            _ => return None,
        };
        let globs = match glob {
            Some(Word::Literal(text)) => only(Value::Text(literal(text))),
            Some(Word::Value(written) | Word::Option(_, written)) => {
                // The words hold copies; the argument itself is what lives as long as the program.
                let written = arguments.iter().find_map(|argument| given_as(&argument.value, written))?;
                self.value(written, frame)
            }
            _ => return None,
        };
        let names: Vec<Item> = globs
            .iter()
            .filter_map(|item| {
                Some(Item { value: Value::Text(of_glob(item.value.text()?)), certainty: item.certainty })
            })
            .collect();
        let list = only(Value::List(vec![Rc::new(names)], true));
        let by_cursor = command == "SCAN" && method.eq_ignore_ascii_case("scan");
        // Where options are given as an object, the reply is one as well.
        let by_names = arguments.iter().any(|argument| matches!(argument.value.form, Form::Map(_)));
        Some(match (by_cursor, by_names) {
            (true, true) => {
                let name = |name: &str| Some(only(Value::Text(literal(name))));
                only(Value::Map(vec![(name("cursor"), hole("cursor")), (name("keys"), list)]))
            }
            (true, false) => only(Value::List(vec![hole("cursor"), list], false)),
            (false, _) => list,
        })
    }

    /// What a function or class of a library gives.
    pub(super) fn of_library(&mut self, name: &str, arguments: &'p [Argument], frame: usize, called: &str) -> Values {
        let clients = self.program.language(self.frames.get(frame).scope).clients;
        if let Some((_, operation)) = clients.functions.iter().find(|(known, _)| *known == name) {
            let values = self.operation(*operation, None, arguments, frame);
            return match operation {
                Operation::Now(_) => super::names::renamed(&values, called),
                _ => values,
            };
        }
        if let Some(maker) = clients.makers.iter().find(|maker| maker.names.iter().any(|known| same_maker(name, known)))
        {
            return self.made_by(maker, arguments, frame);
        }
        // What is unknown may be a wrapper that gives what it is given: a client or a pool.
        for argument in arguments {
            if matches!(argument.value.form, Form::Call(..)) && argument.name.is_none() {
                let values = self.value(&argument.value, frame);
                if values.iter().any(|item| matches!(item.value, Value::Object(..))) {
                    return values;
                }
            }
        }
        hole(called)
    }

    fn made_by(&mut self, maker: &'static Maker, arguments: &'p [Argument], frame: usize) -> Values {
        let mut bus = Bus::default();
        for at in maker.bus {
            let Some(mut values) = self.argument(arguments, *at, frame) else { continue };
            if let At::Prefix(_) = at {
                bus.prefix = values.iter().find_map(|item| item.value.text().cloned().map(Box::new));
                continue;
            }
            if values.iter().any(|item| matches!(item.value, Value::List(..))) {
                // Several addresses of one bus.
                values = self.elements(&values);
            }
            for item in values.iter() {
                match &item.value {
                    Value::Text(text) => {
                        tell(&mut bus, text);
                        // A path of a configuration: `settings.market_redis_url`.
                        if let [Part::Hole(name)] = text.parts.as_slice()
                            && text.config.is_none()
                            && bus.variable.is_none()
                            && !matches!(
                                &**name,
                                "url" | "redis_url" | "host" | "uri" | "dsn" | "config" | "settings" | "options"
                            )
                        {
                            bus.variable = Some(name.clone());
                        }
                    }
                    Value::Object(_, inner, _) => merge(&mut bus, inner),
                    Value::Map(entries) => {
                        for (_, values) in entries {
                            for item in values.iter() {
                                if let Value::Text(text) = &item.value
                                    && (text.config.is_some()
                                        || text.plain().is_some_and(|plain| plain.contains("://")))
                                {
                                    tell(&mut bus, text);
                                }
                            }
                        }
                    }
                    _ => {}
                }
            }
            if bus.variable.is_some() || bus.url.is_some() {
                break;
            }
        }
        let text = match (maker.gives, arguments.iter().rfind(|argument| argument.name.is_none())) {
            // A script is told by its text, which comes last.
            (Role::Script, Some(argument)) => {
                let values = self.value(&argument.value, frame);
                values.iter().find_map(|item| item.value.text().cloned())
            }
            _ => None,
        };
        only(Value::Object(maker.gives, bus, text))
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

/// The argument, or the field of one, that is written so.
fn given_as<'p>(argument: &'p Expression, written: &Expression) -> Option<&'p Expression> {
    if argument == written {
        return Some(argument);
    }
    let Form::Map(entries) = &argument.form else { return None };
    entries.iter().map(|(_, value)| value).find(|value| *value == written)
}
