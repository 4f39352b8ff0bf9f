//! Redis' protocol written to connections by hand: nobody can tell more than that it is there.

use std::collections::HashMap;

use super::{Calls, snippet};
use crate::extract::code::index::Program;
use crate::extract::code::program::{Expression, Form, Piece};

/// Redis' own protocol in literals that are sent: nobody can tell more.
pub(super) fn raw_sockets(program: &Program<'_>, calls: &mut Calls) {
    let mut seen: HashMap<(usize, u32), ()> = HashMap::new();
    for (scope_id, scope) in program.scopes.iter().enumerate() {
        for call in &scope.calls {
            let Form::Call(callee, arguments) = &call.form else { continue };
            let Form::Attribute(_, method) = &callee.form else { continue };
            if !matches!(
                method.as_str(),
                "send" | "sendall" | "write" | "write_all" | "Write" | "sendto" | "WriteString"
            ) {
                continue;
            }
            let speaks = arguments.iter().any(|argument| holds_protocol(&argument.value, 0));
            if speaks && seen.insert((scope_id, call.line), ()).is_none() {
                let unit = &program.sources[scope.unit].unit;
                let why = "Redis' protocol written to a connection; say by hand what it does".to_owned();
                calls.unresolved.push((scope_id, call.line, snippet(&unit.text, call), why));
            }
        }
    }
}

fn holds_protocol(expression: &Expression, depth: u32) -> bool {
    if depth > 8 {
        return false;
    }
    let is = |text: &str| {
        let mut bytes = text.bytes();
        bytes.next() == Some(b'*')
            && text
                .trim_start_matches('*')
                .split("\r\n")
                .next()
                .is_some_and(|count| !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit()))
            && text.contains("\r\n")
    };
    match &expression.form {
        Form::Text(text) => is(text),
        Form::Template(pieces) => pieces.iter().any(|piece| match piece {
            Piece::Text(text) => text.contains("\r\n$") || is(text),
            Piece::Value(_) => false,
        }),
        Form::Binary(_, a, b) => holds_protocol(a, depth + 1) || holds_protocol(b, depth + 1),
        Form::Call(callee, arguments) => {
            holds_protocol(callee, depth + 1)
                || arguments.iter().any(|argument| holds_protocol(&argument.value, depth + 1))
        }
        Form::Attribute(base, _) => holds_protocol(base, depth + 1),
        _ => false,
    }
}
