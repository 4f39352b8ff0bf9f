//! Classes from before `class`: functions that set `this.x`, with methods on their prototype.

use std::collections::HashMap;
use std::sync::Arc;

use crate::extract::code::program::{Class, Expression, Form, Function, Import, Statement};

/// Makes classes of them.
pub fn gather(body: &mut Vec<Statement>, imports: &mut [Import]) {
    let mut methods: HashMap<String, Vec<Statement>> = HashMap::new();
    body.retain(|statement| match prototype(statement) {
        Some((class, found)) => {
            methods.entry(class).or_default().extend(found);
            false
        }
        None => true,
    });
    for statement in body.iter_mut() {
        let Statement::Function(function) = statement else { continue };
        let own = methods.remove(&function.name);
        if own.is_none() && !sets_this(&function.body, 0) {
            continue;
        }
        let mut constructor = (**function).clone();
        let name = std::mem::replace(&mut constructor.name, "constructor".to_owned());
        constructor.receiver = Some("this".to_owned());
        let line = constructor.line;
        let mut members = vec![Statement::Function(Arc::new(constructor))];
        members.extend(own.unwrap_or_default());
        *statement = Statement::Class(Class { name, bases: vec![], fields: vec![], body: members, line });
    }
    // The constructor is elsewhere, or is a class already.
    for statement in body.iter_mut() {
        if let Statement::Class(class) = statement
            && let Some(found) = methods.remove(&class.name)
        {
            class.body.extend(found);
        }
    }
    let mut rest: Vec<_> = methods.into_iter().collect();
    rest.sort_by(|a, b| a.0.cmp(&b.0));
    for (name, found) in rest {
        let mut bases = vec![];
        // The constructor comes from another file: here it is a class that extends it.
        for import in imports.iter_mut().filter(|import| import.alias == name) {
            import.alias = format!("<{name}>");
            let at = |form| Expression { span: 0..0, line: import.line, form };
            let whole = Form::Name(import.alias.clone());
            bases = vec![at(match import.name.take_if(|known| known != "default" && known != "*") {
                Some(known) => Form::Attribute(Box::new(at(whole)), known),
                None => whole,
            })];
        }
        body.insert(0, Statement::Class(Class { name, bases, fields: vec![], body: found, line: 1 }));
    }
}

/// The same in a function, where there are any prototypes.
pub fn gather_inside(body: &mut Vec<Statement>) {
    if body.iter().any(|statement| prototype(statement).is_some()) {
        gather(body, &mut []);
    }
}

/// `X.prototype.name = function`, `X.prototype = { name: function }`.
fn prototype(statement: &Statement) -> Option<(String, Vec<Statement>)> {
    let Statement::Assign { target, value: Some(value), .. } = statement else { return None };
    let Form::Attribute(of, name) = &target.form else { return None };
    match (&of.form, &value.form) {
        (Form::Attribute(class, prototype), Form::Closure(closure)) if prototype == "prototype" => {
            let class = class_name(class)?;
            Some((class, vec![method(name, closure)]))
        }
        (Form::Name(_), Form::Map(pairs)) if name == "prototype" => {
            let methods = pairs.iter().filter_map(|(key, value)| match (key, &value.form) {
                (Some(Expression { form: Form::Text(key), .. }), Form::Closure(closure)) => Some(method(key, closure)),
                _ => None,
            });
            Some((class_name(of)?, methods.collect()))
        }
        _ => None,
    }
}

fn class_name(expression: &Expression) -> Option<String> {
    match &expression.form {
        Form::Name(name) => Some(name.clone()),
        _ => None,
    }
}

fn method(name: &str, closure: &Function) -> Statement {
    let mut method = closure.clone();
    name.clone_into(&mut method.name);
    method.receiver = Some("this".to_owned());
    Statement::Function(Arc::new(method))
}

/// Does it set `this.x`?
fn sets_this(body: &[Statement], depth: usize) -> bool {
    depth < 10
        && body.iter().any(|statement| match statement {
            Statement::Assign { target: Expression { form: Form::Attribute(of, _), .. }, .. } => {
                matches!(&of.form, Form::Name(name) if name == "this")
            }
            Statement::Branches(ways) => ways.iter().any(|way| sets_this(way, depth + 1)),
            Statement::Block(body) => sets_this(body, depth + 1),
            _ => false,
        })
}
