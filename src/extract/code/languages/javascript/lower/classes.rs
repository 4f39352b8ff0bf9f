//! Classes, interfaces, enums and namespaces.

use std::sync::Arc;

use tree_sitter::Node;

use super::{Lowering, assign, assign_typed, attribute, children, has_word, types};
use crate::extract::code::program::{Class, Expression, Form, Parameter, Statement};

impl<'t> Lowering<'t> {
    /// A class, under a name.
    pub(super) fn class(&mut self, node: Node<'t>, name: String, out: &mut Vec<Statement>) {
        let outside = std::mem::take(&mut self.before);
        let mut class = Class { name, bases: vec![], fields: vec![], body: vec![], line: super::line(node) };
        for heritage in children(node).into_iter().filter(|child| child.kind() == "class_heritage") {
            for clause in children(heritage) {
                match clause.kind() {
                    "extends_clause" => {
                        if let Some(base) = clause.child_by_field_name("value") {
                            class.bases.push(self.expression(base));
                        }
                    }
                    "implements_clause" => {}
                    _ => class.bases.push(self.expression(clause)),
                }
            }
        }
        let mut decorator = None;
        for member in node.child_by_field_name("body").map(children).unwrap_or_default() {
            if member.kind() == "decorator" {
                decorator = types::injected(self.text_of(member)).or(decorator);
                continue;
            }
            self.class_member(member, decorator.take(), &mut class);
        }
        out.append(&mut self.before);
        self.before = outside;
        out.push(Statement::Class(class));
    }

    fn class_member(&mut self, member: Node<'t>, injected: Option<String>, class: &mut Class) {
        match member.kind() {
            "method_definition" => {
                let name = self.member_name(member, "name");
                if has_word(member, "set") {
                    return;
                }
                let mut function = self.function(member, name, Some("this".to_owned()));
                let decorator = match (has_word(member, "get"), has_word(member, "static")) {
                    (true, _) => Some("property"),
                    (false, true) => Some("classmethod"),
                    _ => None,
                };
                function.decorators.extend(decorator.map(|name| self.at(member, Form::Name(name.to_owned()))));
                if function.name == "constructor" {
                    class.fields.extend(self.properties(member));
                }
                class.body.push(Statement::Function(Arc::new(function)));
            }
            "field_definition" | "public_field_definition" => {
                let field = if member.child_by_field_name("name").is_some() { "name" } else { "property" };
                let name = self.member_name(member, field);
                let written = member.child_by_field_name("type").map(|written| self.type_text(written));
                let annotation = injected.or_else(|| self.injected_type(member)).or(written);
                let Some(value) = member.child_by_field_name("value") else {
                    class.fields.push(Parameter { name, annotation, default: None, by_name: false, rest: false });
                    return;
                };
                let implied = self.implied_type(value);
                let mut value = self.value(value, &mut class.body);
                // An arrow function as a field is a method.
                if let Form::Closure(closure) = &mut value.form {
                    Arc::make_mut(closure).receiver = Some("this".to_owned());
                }
                let target = self.at(member, Form::Name(name));
                class.body.push(assign_typed(target, annotation.or(implied), value));
            }
            "class_static_block" => {
                let mut body = self.block(member);
                class.body.append(&mut body);
            }
            _ => {}
        }
    }

    /// Parameters of a constructor that are attributes.
    fn properties(&self, constructor: Node<'t>) -> Vec<Parameter> {
        let parameters = constructor.child_by_field_name("parameters").map(children).unwrap_or_default();
        let properties = parameters.into_iter().filter(|node| super::functions::is_property(*node));
        let field = |node: Node<'t>| Parameter {
            name: self.field_text(node, "pattern"),
            annotation: self
                .injected_type(node)
                .or_else(|| node.child_by_field_name("type").map(|written| self.type_text(written))),
            default: None,
            by_name: false,
            rest: false,
        };
        properties.map(field).collect()
    }

    fn member_name(&self, member: Node<'t>, field: &str) -> String {
        match member.child_by_field_name(field) {
            Some(name) if name.kind() == "string" => self.string(name),
            Some(name) => self.text_of(name).to_owned(),
            None => String::new(),
        }
    }

    /// An interface, or the type of an object, as a class with fields alone.
    pub(super) fn interface(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let name = self.field_text(node, "name");
        let body = node.child_by_field_name("body").or_else(|| node.child_by_field_name("value"));
        let fields = body.map(children).unwrap_or_default().into_iter().filter_map(|field| {
            let written = field.child_by_field_name("type")?;
            (field.kind() == "property_signature").then(|| Parameter {
                name: self.member_name(field, "name"),
                annotation: Some(self.type_text(written)),
                default: None,
                by_name: false,
                rest: false,
            })
        });
        let fields: Vec<Parameter> = fields.collect();
        let mut bases = vec![];
        for part in children(node) {
            // What an interface extends; what an alias stands for: `ReturnType<typeof createClient>`, `Redis | Cluster`.
            if part.kind() == "extends_type_clause" || (node.kind() == "type_alias_declaration" && Some(part) == body) {
                self.named_types(part, &mut bases, 0);
            }
        }
        bases.retain(|base| !matches!(&base.form, Form::Name(base) if *base == name));
        if !fields.is_empty() || !bases.is_empty() {
            out.push(Statement::Class(Class { name, bases, fields, body: vec![], line: super::line(node) }));
        }
    }

    /// The names in a type.
    fn named_types(&self, node: Node<'t>, found: &mut Vec<Expression>, depth: usize) {
        const MOST: usize = 6;
        if depth > 6 || found.len() >= MOST {
            return;
        }
        match node.kind() {
            "type_identifier" | "identifier" => found.push(self.at(node, Form::Name(self.text_of(node).to_owned()))),
            "nested_type_identifier" | "member_expression" => {
                let mut parts = self.text_of(node).split('.');
                let first = parts.next().map(|first| self.at(node, Form::Name(first.to_owned())));
                found.extend(first.map(|first| parts.fold(first, attribute)));
            }
            "object_type" | "function_type" | "property_signature" | "string" | "template_literal_type" => {}
            _ => {
                for child in children(node) {
                    self.named_types(child, found, depth + 1);
                }
            }
        }
    }

    /// `enum Keys { User = "user" }`: a map.
    pub(super) fn enumeration(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let mut pairs = vec![];
        for member in node.child_by_field_name("body").map(children).unwrap_or_default() {
            if member.kind() == "enum_assignment"
                && let (Some(name), Some(value)) =
                    (member.child_by_field_name("name"), member.child_by_field_name("value"))
            {
                let name = self.key(name);
                let value = self.value(value, out);
                pairs.push((Some(name), value));
            }
        }
        let target = self.at(node, Form::Name(self.field_text(node, "name")));
        let value = self.at(node, Form::Map(pairs));
        out.push(assign(target, value));
    }

    /// `namespace Keys { export const USER = "user" }`: its names are names of the file, and fields of a map.
    pub(super) fn namespace(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let Some(body) = node.child_by_field_name("body") else { return };
        let statements = self.block(body);
        let mut pairs = vec![];
        for statement in &statements {
            let name = match statement {
                Statement::Assign { target: Expression { form: Form::Name(name), .. }, .. } => name,
                Statement::Function(function) => &function.name,
                Statement::Class(class) => &class.name,
                _ => continue,
            };
            pairs.push((Some(self.at(node, Form::Text(name.clone()))), self.at(node, Form::Name(name.clone()))));
        }
        out.extend(statements);
        let target = self.at(node, Form::Name(self.field_text(node, "name")));
        let value = self.at(node, Form::Map(pairs));
        out.push(assign(target, value));
    }

    /// `import Keys = Other.Keys`.
    pub(super) fn import_alias(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let parts = children(node);
        let (Some(name), Some(path)) = (parts.first(), parts.last()) else { return };
        let mut value: Option<Expression> = None;
        for part in self.text_of(*path).split('.') {
            value = Some(match value {
                None => self.at(*path, Form::Name(part.to_owned())),
                Some(of) => attribute(of, part),
            });
        }
        if let Some(value) = value {
            let target = self.at(*name, Form::Name(self.text_of(*name).to_owned()));
            out.push(assign(target, value));
        }
    }
}

/// A class with what an object literal has; none, if not all of its fields have names.
pub(super) fn of_object(name: &str, pairs: &[(Option<Expression>, Expression)], line: u32) -> Option<Class> {
    let mut body = vec![];
    for (key, value) in pairs {
        let Some(Expression { form: Form::Text(field), .. }) = key else { return None };
        let target = super::name_at(value, field.clone());
        body.push(match &value.form {
            // A getter.
            Form::Call(callee, arguments) if arguments.is_empty() && matches!(callee.form, Form::Closure(_)) => {
                let Form::Closure(closure) = &callee.form else { continue };
                let mut function = (**closure).clone();
                function.name.clone_from(field);
                function.decorators.push(super::name_at(value, "property"));
                Statement::Function(Arc::new(function))
            }
            _ => assign(target, value.clone()),
        });
    }
    Some(Class { name: name.to_owned(), bases: vec![], fields: vec![], body, line })
}
