//! Functions, classes and imports of Python in neutral terms.

use tree_sitter::Node;

use super::lower::{Lower, fields, line, named};
use crate::extract::code::program::{Class, Expression, Form, Function, Import, Parameter, Statement};

impl Lower<'_> {
    pub(super) fn function(&mut self, node: Node<'_>, decorators: Vec<Expression>, method: bool) -> Function {
        let mut name = node.child_by_field_name("name").map_or("", |name| self.of(name)).to_owned();
        // `@id.setter` stands beside what gives the attribute, and is not called by its name.
        let sets = |one: &&Expression| match &one.form {
            Form::Attribute(base, how) => {
                matches!(how.as_str(), "setter" | "deleter") && matches!(&base.form, Form::Name(of) if *of == name)
            }
            _ => false,
        };
        if let Some(Form::Attribute(_, how)) = decorators.iter().find(sets).map(|one| &one.form) {
            name = format!("{name}.{how}");
        }
        let is = |wanted: &str| decorators.iter().any(|one| matches!(&one.form, Form::Name(name) if name == wanted));
        let mut parameters =
            node.child_by_field_name("parameters").map(|list| self.parameters(list)).unwrap_or_default();
        let receiver = (method && !is("staticmethod") && !parameters.is_empty()).then(|| parameters.remove(0).name);
        let before = std::mem::take(&mut self.ahead);
        let body = node.child_by_field_name("body").map(|body| self.block(body, None)).unwrap_or_default();
        self.ahead = before;
        let returns = node.child_by_field_name("return_type").map(|kind| self.of(kind).to_owned());
        Function { name, receiver, parameters, decorators, returns, body, line: line(node) }
    }

    pub(super) fn parameters(&mut self, list: Node<'_>) -> Vec<Parameter> {
        let mut parameters = Vec::new();
        let mut by_name = false;
        for node in named(list) {
            let mut parameter =
                Parameter { name: String::new(), annotation: None, default: None, by_name, rest: false };
            match node.kind() {
                "identifier" => self.of(node).clone_into(&mut parameter.name),
                "default_parameter" | "typed_default_parameter" | "typed_parameter" => {
                    let inner = node.child_by_field_name("name").or_else(|| named(node).first().copied());
                    let Some(inner) = inner else { continue };
                    parameter.rest = inner.kind() == "list_splat_pattern";
                    if inner.kind() == "dictionary_splat_pattern" {
                        (parameter.rest, parameter.by_name) = (true, true);
                    }
                    self.of(inner).trim_start_matches('*').clone_into(&mut parameter.name);
                    parameter.annotation = node.child_by_field_name("type").map(|kind| self.of(kind).to_owned());
                    parameter.default = node.child_by_field_name("value").map(|value| self.expression(value));
                }
                "list_splat_pattern" => {
                    parameter.rest = true;
                    self.of(node).trim_start_matches('*').clone_into(&mut parameter.name);
                }
                "dictionary_splat_pattern" => {
                    (parameter.rest, parameter.by_name) = (true, true);
                    self.of(node).trim_start_matches('*').clone_into(&mut parameter.name);
                }
                "keyword_separator" => {
                    by_name = true;
                    continue;
                }
                _ => continue,
            }
            by_name |= parameter.rest;
            parameters.push(parameter);
        }
        parameters
    }

    pub(super) fn class(&mut self, node: Node<'_>) -> Class {
        let name = node.child_by_field_name("name").map_or("", |name| self.of(name)).to_owned();
        let bases = node.child_by_field_name("superclasses").map(named).unwrap_or_default();
        let bases = bases
            .into_iter()
            .filter(|base| base.kind() != "keyword_argument")
            .map(|base| self.expression(base))
            .collect();
        let body = node.child_by_field_name("body").map(|body| self.block(body, Some(&name))).unwrap_or_default();
        let mut fields = Vec::new();
        for statement in &body {
            // Fields of data classes, named tuples and settings.
            if let Statement::Assign {
                target: Expression { form: Form::Name(name), .. },
                annotation: Some(kind),
                value,
            } = statement
            {
                let default = value.clone().map(field_default);
                fields.push(Parameter {
                    name: name.clone(),
                    annotation: Some(kind.clone()),
                    default: default.flatten(),
                    by_name: false,
                    rest: false,
                });
            }
        }
        Class { name, bases, fields, body, line: line(node) }
    }

    pub(super) fn import(&mut self, node: Node<'_>) {
        let from = node.child_by_field_name("module_name").map(|from| self.of(from).to_owned());
        let at = line(node);
        for name in fields(node, "name") {
            let alias = name.child_by_field_name("alias").map(|alias| self.of(alias).to_owned());
            let written = name.child_by_field_name("name").unwrap_or(name);
            let written = self.of(written).to_owned();
            self.imports.push(match (&from, alias) {
                (Some(from), alias) => Import {
                    from: from.clone(),
                    alias: alias.unwrap_or_else(|| written.clone()),
                    name: Some(written),
                    line: at,
                },
                (None, Some(alias)) => Import { from: written, name: None, alias, line: at },
                // `import a.b` binds `a`.
                (None, None) => {
                    let root = written.split('.').next().unwrap_or_default().to_owned();
                    Import { from: root.clone(), name: None, alias: root, line: at }
                }
            });
        }
        if let Some(from) = from
            && named(node).iter().any(|child| child.kind() == "wildcard_import")
        {
            self.imports.push(Import { from, name: Some("*".to_owned()), alias: "*".to_owned(), line: at });
        }
    }
}

/// `field(default="a")` and `Field("a")` stand for the default.
fn field_default(value: Expression) -> Option<Expression> {
    let Form::Call(callee, arguments) = &value.form else { return Some(value) };
    let is_field = matches!(&callee.form, Form::Name(name) | Form::Attribute(_, name) if matches!(name.as_str(), "field" | "Field" | "attrib" | "ib"));
    if !is_field {
        return Some(value);
    }
    let named = arguments.iter().find(|argument| argument.name.as_deref() == Some("default"));
    let factory = arguments.iter().find(|argument| argument.name.as_deref() == Some("default_factory"));
    if let Some(factory) = factory {
        let called = Form::Call(Box::new(factory.value.clone()), Vec::new());
        return Some(Expression { form: called, ..factory.value.clone() });
    }
    named.or_else(|| arguments.iter().find(|argument| argument.name.is_none())).map(|argument| argument.value.clone())
}
