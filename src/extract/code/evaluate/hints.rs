//! Names for what expressions give, for people.

use crate::extract::code::program::{Expression, Form};

/// A name for what an expression gives, for people.
pub fn hint(expression: &Expression) -> String {
    fn inner(expression: &Expression, depth: u32) -> Option<&str> {
        if depth > 20 {
            return None;
        }
        match &expression.form {
            Form::Name(name) => Some(name),
            Form::Attribute(base, name) => match name.as_str() {
                "value" | "name" | "id" => inner(base, depth + 1).map(|_| name.as_str()),
                _ => Some(name),
            },
            Form::Index(base, key) => match &key.form {
                Form::Text(text) => Some(text),
                Form::Name(name) => Some(name),
                _ => inner(base, depth + 1),
            },
            Form::Call(callee, arguments) => {
                let first = arguments.first().map(|argument| &argument.value);
                match (&callee.form, first.map(|first| &first.form)) {
                    (Form::Attribute(_, method), Some(Form::Text(text))) if method == "get" => Some(text),
                    (Form::Attribute(base, method), _) if WEAK.contains(&method.as_str()) => inner(base, depth + 1),
                    (Form::Attribute(_, method), _) => Some(method.strip_prefix("get_").unwrap_or(method)),
                    (Form::Name(name), _) => Some(name.strip_prefix("get_").unwrap_or(name)),
                    _ => None,
                }
            }
            Form::Opaque(parts) | Form::Choice(parts) => parts.iter().find_map(|part| inner(part, depth + 1)),
            Form::Binary(_, a, b) => inner(a, depth + 1).or_else(|| inner(b, depth + 1)),
            _ => None,
        }
    }
    inner(expression, 0).unwrap_or("value").to_owned()
}

/// Methods whose names say nothing of what they give.
pub(super) const WEAK: &[&str] = &[
    "hexdigest",
    "digest",
    "isoformat",
    "strftime",
    "encode",
    "decode",
    "format",
    "strip",
    "lower",
    "upper",
    "replace",
    "hex",
    "toString",
    "to_string",
    "toISOString",
    "String",
    "Format",
    "as_str",
    "clone",
    "digest",
    "date",
    "timestamp",
];
