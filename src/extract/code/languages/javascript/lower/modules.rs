//! Imports and exports: ES modules, CommonJS, and both mixed. What a file exports is a name of the file; what it exports as a whole
//! is its name `default`.

use tree_sitter::Node;

use super::{Lowering, assign, children, expressions};
use crate::extract::code::program::{Form, Import, Statement};

/// Functions around `require` that compilers write.
const INTEROP: &[&str] = &[
    "__importDefault",
    "__importStar",
    "__toESM",
    "_interopRequireDefault",
    "_interopRequireWildcard",
    "_interopDefault",
    "__webpack_require__",
    "promisifyAll",
];

impl<'t> Lowering<'t> {
    /// `import ... from "x"`.
    pub(super) fn import(&mut self, node: Node<'t>) {
        let line = super::line(node);
        if let Some(clause) = children(node).into_iter().find(|child| child.kind() == "import_require_clause") {
            let name = children(clause).into_iter().find(|child| child.kind() == "identifier");
            if let (Some(name), Some(source)) = (name, clause.child_by_field_name("source")) {
                let from = package(&self.string(source));
                self.imports.push(Import { from, name: None, alias: self.text_of(name).to_owned(), line });
            }
            return;
        }
        let Some(source) = node.child_by_field_name("source") else { return };
        let from = package(&self.string(source));
        let add = |name: Option<&str>, alias: &str| Import {
            from: from.clone(),
            name: name.map(str::to_owned),
            alias: alias.to_owned(),
            line,
        };
        let mut found = vec![];
        for clause in children(node).into_iter().filter(|child| child.kind() == "import_clause") {
            for part in children(clause) {
                match part.kind() {
                    "identifier" => found.push(add(Some("default"), self.text_of(part))),
                    "namespace_import" => {
                        found.extend(children(part).first().map(|name| add(None, self.text_of(*name))));
                    }
                    "named_imports" => {
                        for specifier in children(part) {
                            let Some(name) = specifier.child_by_field_name("name") else { continue };
                            let name = self.text_of(name).trim_matches(['"', '\'']);
                            let alias =
                                specifier.child_by_field_name("alias").map_or(name, |alias| self.text_of(alias));
                            found.push(add(Some(name), alias));
                        }
                    }
                    _ => {}
                }
            }
        }
        if found.is_empty() {
            // For its effects alone. It is reached all the same.
            found.push(add(None, ""));
        }
        self.imports.append(&mut found);
    }

    /// `export ...`.
    pub(super) fn export(&mut self, node: Node<'t>, out: &mut Vec<Statement>) {
        let line = super::line(node);
        let source = node.child_by_field_name("source").map(|source| package(&self.string(source)));
        if let Some(declaration) = node.child_by_field_name("declaration") {
            self.statement(declaration, out);
            if super::has_word(node, "default") {
                let name = self.field_text(declaration, "name");
                if !name.is_empty() {
                    self.export_name(declaration, "default", &name, out);
                }
            }
            return;
        }
        if let Some(value) = node.child_by_field_name("value") {
            return self.export_value(node, value, out);
        }
        let mut whole = source.is_some();
        for part in children(node) {
            match part.kind() {
                "export_clause" => {
                    whole = false;
                    for specifier in children(part) {
                        let Some(name) = specifier.child_by_field_name("name") else { continue };
                        let name = self.text_of(name).trim_matches(['"', '\'']);
                        let alias = specifier.child_by_field_name("alias").map_or(name, |alias| self.text_of(alias));
                        let alias = alias.trim_matches(['"', '\'']);
                        match &source {
                            Some(from) => self.imports.push(Import {
                                from: from.clone(),
                                name: Some(name.to_owned()),
                                alias: alias.to_owned(),
                                line,
                            }),
                            None if alias != name => self.export_name(specifier, alias, name, out),
                            None => {}
                        }
                    }
                }
                "namespace_export" => {
                    whole = false;
                    if let (Some(name), Some(from)) = (children(part).first(), &source) {
                        let alias = self.text_of(*name).to_owned();
                        self.imports.push(Import { from: from.clone(), name: None, alias, line });
                    }
                }
                "decorator" | "string" => {}
                // `export = x` of TypeScript.
                _ if source.is_none() => return self.export_value(node, part, out),
                _ => {}
            }
        }
        if let (true, Some(from)) = (whole, source) {
            self.imports.push(Import { from, name: Some("*".to_owned()), alias: "*".to_owned(), line });
        }
    }

    /// `export { name as alias }`.
    fn export_name(&mut self, node: Node<'t>, alias: &str, name: &str, out: &mut Vec<Statement>) {
        let target = self.at(node, Form::Name(alias.to_owned()));
        let value = self.at(node, Form::Name(name.to_owned()));
        out.push(assign(target, value));
    }

    /// `export default value`, `module.exports = value`.
    fn export_value(&mut self, node: Node<'t>, value: Node<'t>, out: &mut Vec<Statement>) {
        if let Some((from, name)) = required(self.text, value) {
            self.imports.push(Import { from, name, alias: "default".to_owned(), line: super::line(node) });
            return;
        }
        let value = self.value(value, out);
        let target = self.at(node, Form::Name("default".to_owned()));
        out.push(assign(target, value));
    }

    /// `module.exports = x` and `exports.name = x`; gives the form of the target.
    pub(super) fn exported(&mut self, left: Node<'t>, right: Node<'t>) -> Option<Form> {
        let name = match self.text_of(left) {
            "module.exports" | "exports" => "default",
            other => other.strip_prefix("module.").unwrap_or(other).strip_prefix("exports.")?,
        };
        if name.contains(['.', '[', '(']) {
            return None;
        }
        // `exports = module.exports = x`; `exports.a = exports.b = void 0`.
        let mut out = vec![];
        let chained = right.kind() == "assignment_expression";
        if chained {
            let value = self.value(right, &mut out);
            if name != "default" {
                out.push(assign(self.at(left, Form::Name(name.to_owned())), value));
            }
        } else if name == "default" {
            self.export_value(left, right, &mut out);
        } else if let Some((from, member)) = required(self.text, right) {
            let line = super::line(left);
            self.imports.push(Import { from, name: member, alias: name.to_owned(), line });
        } else {
            let value = self.value(right, &mut out);
            let is_itself = matches!(&value.form, Form::Name(own) if own == name);
            let is_null = matches!(value.form, Form::Null);
            if self.text_of(left).starts_with("module.exports.") && !is_null {
                // A further name of what is exported as a whole.
                let whole = self.at(left, Form::Name("default".to_owned()));
                let key = self.at(left, Form::Text(name.to_owned()));
                let target = self.at(left, Form::Index(Box::new(whole), Box::new(key)));
                out.push(assign(target, value.clone()));
            }
            if !is_itself && !is_null {
                out.push(assign(self.at(left, Form::Name(name.to_owned())), value));
            }
        }
        self.before.append(&mut out);
        Some(Form::Name(name.to_owned()))
    }

    /// `const x = require("x")`, `const { a, b: c } = await import("x")` are imports. Tells whether it was one.
    pub(super) fn required_pattern(&mut self, pattern: Node<'t>, value: Node<'t>) -> bool {
        let Some((from, member)) = required(self.text, value) else { return false };
        let line = super::line(pattern);
        match pattern.kind() {
            "identifier" => {
                let alias = self.text_of(pattern).to_owned();
                self.imports.push(Import { from, name: member, alias, line });
                true
            }
            "object_pattern" if member.is_none() || member.as_deref() == Some("default") => {
                let mut found = vec![];
                for part in children(pattern) {
                    let (name, alias) = match part.kind() {
                        "shorthand_property_identifier_pattern" => (part, part),
                        "pair_pattern" => match (part.child_by_field_name("key"), part.child_by_field_name("value")) {
                            (Some(key), Some(value)) if value.kind() == "identifier" => (key, value),
                            _ => return false,
                        },
                        _ => return false,
                    };
                    let name = self.text_of(name).trim_matches(['"', '\'']).to_owned();
                    let alias = self.text_of(alias).to_owned();
                    found.push(Import { from: from.clone(), name: Some(name), alias, line });
                }
                self.imports.append(&mut found);
                true
            }
            _ => false,
        }
    }

    /// A name for what is required on the spot.
    pub(super) fn import_of(&mut self, from: &str, member: Option<&str>, node: Node<'t>) -> String {
        let alias = match member {
            Some(member) => format!("<{from} {member}>"),
            None => format!("<{from}>"),
        };
        if !self.imports.iter().any(|import| import.alias == alias) {
            self.imports.push(Import {
                from: from.to_owned(),
                name: member.map(str::to_owned),
                alias: alias.clone(),
                line: super::line(node),
            });
        }
        alias
    }

    /// Does this statement of the top level show that the file is run: `main()`, `app.listen(...)`, an `async` function that is
    /// called at once?
    pub(super) fn runs(&self, node: Node<'t>) -> bool {
        let text = self.text_of(node);
        if node.kind() == "if_statement" {
            let condition = node.child_by_field_name("condition").map_or("", |condition| self.text_of(condition));
            return condition.contains("require.main") || condition.contains("import.meta.main");
        }
        if node.kind() != "expression_statement" || text.len() > 100_000 {
            return false;
        }
        let mut at = node;
        while let Some(inside) = children(expressions::plain(at)).into_iter().next() {
            at = expressions::plain(inside);
            match at.kind() {
                "identifier" => break,
                "arrow_function" | "function_expression" => return true,
                _ => {}
            }
        }
        let first = self.text_of(at);
        matches!(first, "main" | "run" | "start" | "bootstrap" | "serve" | "yargs" | "cli")
            || (text.contains(".listen(") && matches!(first, "app" | "server" | "fastify" | "httpServer" | "http"))
    }
}

/// The package or file, and the one name of it, that `require("x").name`, `await import("x")` and what compilers make of them mean.
pub(super) fn required(text: &str, node: Node<'_>) -> Option<(String, Option<String>)> {
    let node = expressions::plain(node);
    let of = |node: Node<'_>| text.get(node.byte_range()).unwrap_or_default().to_owned();
    match node.kind() {
        "member_expression" => {
            let (from, member) = required(text, node.child_by_field_name("object")?)?;
            let name = of(node.child_by_field_name("property")?);
            match member {
                None => Some((from, Some(name))),
                // `require("x").default.name`.
                Some(member) if member == "default" => Some((from, Some(name))),
                Some(_) => None,
            }
        }
        "call_expression" => {
            let function = node.child_by_field_name("function")?;
            let arguments = children(node.child_by_field_name("arguments")?);
            let first = *arguments.first()?;
            let name = of(function);
            let last = name.rsplit('.').next().unwrap_or_default();
            if INTEROP.contains(&last) {
                return required(text, first).map(|(from, _)| (from, None));
            }
            if (name != "require" && name != "import") || first.kind() != "string" {
                return None;
            }
            let source = of(first);
            let from = package(source.trim_matches(['"', '\'']));
            // Of a file of the program, `require` gives what it exports as a whole, if it does so; a compiler asks for names.
            let whole = name == "require" && from.starts_with(['.', '/', '~']) && !is_compiled(text, node);
            Some((from, whole.then(|| "default".to_owned())))
        }
        _ => None,
    }
}

/// Is it `const store_1 = require("./store")`?
fn is_compiled(text: &str, call: Node<'_>) -> bool {
    let declared = call.parent().filter(|parent| parent.kind() == "variable_declarator");
    let name = declared.and_then(|declared| declared.child_by_field_name("name"));
    name.and_then(|name| text.get(name.byte_range())).is_some_and(|name| name.ends_with("_1"))
}

/// A package by its plain name, however it is fetched: `npm:ioredis@5`, `https://esm.sh/ioredis@5`.
pub(super) fn package(from: &str) -> String {
    let web = ["https://esm.sh/", "https://cdn.skypack.dev/", "https://esm.run/", "npm:", "jsr:"];
    let Some(rest) = web.iter().find_map(|prefix| from.strip_prefix(prefix)) else {
        if from.starts_with("https://deno.land/x/redis") {
            return "@db/redis".to_owned();
        }
        return from.trim_start_matches("node:").to_owned();
    };
    let rest = rest.trim_start_matches('/');
    let (scope, rest) = match rest.strip_prefix('@').and_then(|scoped| scoped.split_once('/')) {
        Some((scope, rest)) => (format!("@{scope}/"), rest),
        None => (String::new(), rest),
    };
    let name = rest.split(['@', '?', '/']).next().unwrap_or_default();
    format!("{scope}{name}")
}
