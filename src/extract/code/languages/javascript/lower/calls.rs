//! Calls and `new`.

use tree_sitter::Node;

use super::{Lowering, argument, assign, attribute, children, form_at, modules, rewrite};
use crate::extract::code::program::{Argument, Expression, Form, Piece};

/// Tags of templates that are no keys.
const TAGS: &[&str] = &[
    "sql",
    "gql",
    "graphql",
    "css",
    "html",
    "svg",
    "styled",
    "keyframes",
    "Prisma",
    "prisma",
    "db",
    "pg",
    "knex",
    "t",
];

impl<'t> Lowering<'t> {
    pub(super) fn call(&mut self, node: Node<'t>) -> Form {
        if let Some((from, member)) = modules::required(self.text, node) {
            return Form::Name(self.import_of(&from, member.as_deref(), node));
        }
        let (Some(function), Some(given)) =
            (node.child_by_field_name("function"), node.child_by_field_name("arguments"))
        else {
            return Form::Opaque(vec![]);
        };
        if given.kind() == "template_string" {
            return self.tagged(function, given);
        }
        if function.kind() == "super" {
            // As all methods of the class above are called.
            let name = self.at(function, Form::Name("super".to_owned()));
            let above = self.at(function, Form::Call(Box::new(name), vec![]));
            let arguments = self.arguments(given);
            return Form::Call(Box::new(attribute(above, "constructor")), arguments);
        }
        let mut callee = self.expression(function);
        if let Form::Attribute(of, _) = &mut callee.form
            && matches!(&of.form, Form::Name(name) if name == "super")
        {
            let name = Expression { span: of.span.clone(), line: of.line, form: Form::Name("super".to_owned()) };
            of.form = Form::Call(Box::new(name), vec![]);
        }
        let arguments = self.arguments(given);
        self.rewritten(callee, arguments)
    }

    /// `new X(...)`.
    pub(super) fn construction(&mut self, node: Node<'t>) -> Form {
        let Some(callee) = self.field(node, "constructor") else { return Form::Opaque(vec![]) };
        let arguments = node.child_by_field_name("arguments").map(|given| self.arguments(given)).unwrap_or_default();
        self.scripts_of(&arguments);
        rewrite::map(&callee, &arguments).unwrap_or_else(|| Form::Call(Box::new(callee), arguments))
    }

    /// Is a `Map` made under this name?
    pub(super) fn is_map(&self, name: &str) -> bool {
        self.text.contains(&format!("{name} = new Map"))
    }

    /// `map.set(k, v)` of a `Map` that has a name.
    fn stored(&mut self, of: &Expression, arguments: &[Argument]) -> Option<Form> {
        let (Form::Name(name), [key, value]) = (&of.form, arguments) else { return None };
        if !self.is_map(name) {
            return None;
        }
        let target = form_at(of, Form::Index(Box::new(of.clone()), Box::new(key.value.clone())));
        self.before.push(assign(target, value.value.clone()));
        Some(of.form.clone())
    }

    fn arguments(&mut self, given: Node<'t>) -> Vec<Argument> {
        let mut found = vec![];
        for child in children(given) {
            let (spread, node) = match child.kind() {
                "spread_element" => (true, children(child).into_iter().next()),
                _ => (false, Some(child)),
            };
            if let Some(node) = node {
                found.push(Argument { name: None, value: self.expression(node), spread });
            }
        }
        found
    }

    /// A template with a tag: the text itself, unless the tag is of another trade.
    fn tagged(&mut self, tag: Node<'t>, template: Node<'t>) -> Form {
        let name = self.text_of(tag);
        let first = name.split(['.', '(', '<']).next().unwrap_or_default();
        let form = self.template(template);
        if TAGS.contains(&first) {
            let value = self.at(template, form);
            return Form::Opaque(vec![value]);
        }
        // A function of the program: it is given the whole text as its strings, which is what comes out if it joins all.
        let of_program = tag.kind() == "identifier"
            && (self.imports.iter().any(|import| import.alias == name && import.from.starts_with('.'))
                || [format!("function {name}("), format!("const {name} =")]
                    .iter()
                    .any(|begin| self.text.contains(begin)));
        if of_program {
            let mut arguments = vec![argument(self.at(template, form.clone()))];
            if let Form::Template(pieces) = form {
                arguments.extend(pieces.into_iter().filter_map(|piece| match piece {
                    Piece::Value(value) => Some(argument(value)),
                    Piece::Text(_) => None,
                }));
            }
            return Form::Call(Box::new(self.expression(tag)), arguments);
        }
        form
    }

    /// A call in the form that tells most: see [`rewrite`].
    fn rewritten(&mut self, callee: Expression, arguments: Vec<Argument>) -> Form {
        if let Some(form) = rewrite::adapted(&callee, &arguments) {
            return form;
        }
        let Form::Attribute(of, method) = &callee.form else {
            self.scripts_of(&arguments);
            return Form::Call(Box::new(callee), arguments);
        };
        if method == "forEach"
            && let Some(each) = rewrite::for_each(of, &arguments)
        {
            self.before.push(each);
            return Form::Null;
        }
        if method == "on" && rewrite::is_data(&arguments) {
            let mut out = vec![];
            let stream = self.named((**of).clone(), &mut out);
            out.extend(rewrite::for_each(&stream, arguments.get(1..).unwrap_or_default()));
            self.before.append(&mut out);
            return stream.form;
        }
        if method == "set"
            && let Some(form) = self.stored(of, &arguments)
        {
            return form;
        }
        if let Some(form) = rewrite::comprehension(of, method, &arguments)
            .or_else(|| rewrite::listed(of, method, &arguments))
            .or_else(|| rewrite::module_command(of, method, &arguments, self.speaks()))
        {
            return form;
        }
        self.scripts_of(&arguments);
        if method == "defineCommand" {
            self.define(&arguments);
        }
        if let Some(form) = self.script_call(of, method, &arguments) {
            return form;
        }
        Form::Call(Box::new(callee), arguments)
    }

    /// `defineCommand("name", { numberOfKeys: 1, lua: "..." })`.
    fn define(&mut self, arguments: &[Argument]) {
        if let [Argument { value: Expression { form: Form::Text(name), .. }, .. }, options] = arguments
            && let Some(lua) = rewrite::map_field(&options.value, "lua")
        {
            let keys = rewrite::map_field(&options.value, "numberOfKeys").cloned();
            self.scripts.push((name.clone(), lua.clone(), keys));
        }
    }

    /// Scripts among the options of a client: `{ scripts: { name: { lua, numberOfKeys } } }`.
    fn scripts_of(&mut self, arguments: &[Argument]) {
        for argument in arguments {
            let Some(scripts) = rewrite::map_field(&argument.value, "scripts") else { continue };
            let Form::Map(pairs) = &scripts.form else { continue };
            for (name, script) in pairs {
                let Some(Expression { form: Form::Text(name), .. }) = name else { continue };
                // `defineScript({ ... })` of node-redis.
                let options = match &script.form {
                    Form::Call(_, arguments) => arguments.first().map(|first| &first.value),
                    _ => Some(script),
                };
                let Some(options) = options else { continue };
                let field = |names: &[&str]| names.iter().find_map(|name| rewrite::map_field(options, name)).cloned();
                if let Some(lua) = field(&["lua", "SCRIPT"]) {
                    self.scripts.push((name.clone(), lua, field(&["numberOfKeys", "NUMBER_OF_KEYS"])));
                }
            }
        }
    }

    /// A call of a script that was defined as a method is EVAL.
    fn script_call(&self, of: &Expression, method: &str, arguments: &[Argument]) -> Option<Form> {
        let (_, lua, keys) = self.scripts.iter().find(|(name, _, _)| name == method)?;
        let mut given = vec![super::argument(super::form_at(of, lua.form.clone()))];
        if let Some(keys) = keys {
            given.push(super::argument(super::form_at(of, keys.form.clone())));
        }
        given.extend(arguments.iter().cloned());
        Some(Form::Call(Box::new(attribute(of.clone(), "eval")), given))
    }
}
