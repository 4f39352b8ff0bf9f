//! Where the value of an expression goes.

use super::{FUNCTION, Flow, LIBRARY, MODULE, Node, To, Way};
use crate::extract::code::evaluate::{inside, is_super};
use crate::extract::code::index::{Kind, last_name};
use crate::extract::code::languages::Operation;
use crate::extract::code::program::{Argument, Expression, Form, Import};

/// What gives the class of an object.
pub(super) const CLASS_OF: &[&str] = &["constructor", "__class__"];

impl<'p> Flow<'p> {
    /// What an expression is goes to one place, and what is in it to another.
    pub(super) fn send(&mut self, scope: usize, expression: &'p Expression, to: To) {
        let inside = to.inside();
        match &expression.form {
            Form::Text(_) | Form::Number(_) | Form::Flag(_) | Form::Null | Form::Template(_) | Form::Opaque(_) => {}
            Form::Name(name) => self.send_name(scope, name, to),
            Form::Attribute(base, name) => {
                let node = self.base(scope, base);
                self.attribute(scope, (base, node), name, to);
                // A method as a value goes with its object.
                let whole = self.called.contains(name.as_str()) || CLASS_OF.contains(&name.as_str());
                self.edge(node.value(), to.value, if whole { Way::Same } else { Way::Given });
            }
            Form::Index(base, key) => self.index(scope, base, key, to),
            Form::Call(..) => {
                let node = self.node_of(scope, expression);
                self.pour(node, to);
            }
            Form::Construct(name, fields) => {
                let node = self.node_of(scope, name);
                self.edge(node.value(), to.value, Way::Called);
                fields.iter().for_each(|(_, field)| self.send(scope, field, inside));
            }
            Form::Binary(_, a, b) => {
                self.send(scope, a, inside);
                self.send(scope, b, inside);
            }
            Form::Choice(parts) => parts.iter().for_each(|part| self.send(scope, part, to)),
            Form::List(parts) => {
                for part in parts {
                    let spread =
                        if let Form::Opaque(spread) = &part.form { spread } else { std::slice::from_ref(part) };
                    spread.iter().for_each(|part| self.send(scope, part, inside));
                }
            }
            Form::Map(entries) => {
                for (name, entry) in entries {
                    // What has no name is a map itself.
                    self.send(scope, entry, if name.is_some() { inside } else { to });
                    name.iter().for_each(|name| self.send(scope, name, inside));
                }
            }
            Form::Comprehension { element, .. } => {
                self.send(scope, element, inside);
                if matches!(element.form, Form::Map(_)) {
                    self.send(scope, element, to);
                }
            }
            Form::Closure(function) => {
                let address = std::ptr::from_ref(function.as_ref()) as usize;
                let Some(inner) = self.program.by_address.get(&address).copied() else { return };
                if let Some(node) = self.local(inner, "") {
                    self.pour(node, to);
                }
                // Of a function that gives a function, what it gives is one only by what is in it.
                self.is(to.value, FUNCTION);
                self.is(to.content, FUNCTION);
            }
        }
    }

    fn index(&mut self, scope: usize, base: &'p Expression, key: &'p Expression, to: To) {
        let node = self.node_of(scope, base);
        self.edge(node.value(), to.value, Way::Same);
        self.take(node, to);
        match &key.form {
            Form::Text(name) => self.pour_name(name, to),
            // `Annotated[Redis, Depends(get_redis)]`.
            Form::Name(_) | Form::Attribute(..) => self.send(scope, key, to),
            Form::List(parts) => parts.iter().for_each(|part| self.send(scope, part, to)),
            _ => {}
        }
    }

    /// A node that holds what an expression may be.
    pub(super) fn node_of(&mut self, scope: usize, expression: &'p Expression) -> Node {
        if let Form::Name(name) = &expression.form
            && let Some(node) = self.own_node(scope, name)
        {
            return node;
        }
        let Form::Call(callee, arguments) = &expression.form else {
            let node = self.node();
            self.send(scope, expression, node.to());
            return node;
        };
        let address = std::ptr::from_ref(expression) as usize;
        if let Some(known) = self.calls.get(&address) {
            return *known;
        }
        let node = self.node();
        if self.open {
            self.calls.insert(address, node);
        }
        self.call(scope, callee, arguments, node.to());
        node
    }

    /// The node of a name that the function around binds, and nothing else.
    fn own_node(&mut self, scope: usize, name: &'p str) -> Option<Node> {
        let here = &self.program.scopes[scope];
        let function = here.function?;
        let is_own = function.parameters.iter().any(|parameter| parameter.name == name)
            && function.receiver.as_deref() != Some(name);
        if is_own { self.local(scope, name) } else { None }
    }

    /// A node for what stands before a dot: a module there is no more than a part of a path.
    fn base(&mut self, scope: usize, base: &'p Expression) -> Node {
        if let Some(modules) = self.modules_of(scope, base) {
            let node = self.node();
            self.is(node.value(), MODULE);
            for module in modules {
                self.export(module, "default", node.to());
            }
            return node;
        }
        self.node_of(scope, base)
    }

    pub(super) fn pour_name(&mut self, name: &'p str, to: To) {
        if let Some(node) = self.name(name) {
            self.pour(node, to);
        }
    }

    /// What a name means where it is written.
    pub(super) fn send_name(&mut self, scope: usize, name: &'p str, to: To) {
        let program = self.program;
        let mut at = scope;
        loop {
            let here = &program.scopes[at];
            if here.function.is_some_and(|function| function.receiver.as_deref() == Some(name)) {
                return self.receiver(at, to);
            }
            let parameter = here.parameters().iter().any(|parameter| parameter.name == name);
            if parameter || here.bindings.contains_key(name) {
                let node = match here.kind {
                    Kind::Class => self.member(at, name),
                    Kind::Function | Kind::Module => self.local(at, name),
                };
                if let Some(node) = node {
                    self.pour(node, to);
                }
                if parameter {
                    return;
                }
            }
            match here.parent {
                Some(parent) => at = parent,
                None => break,
            }
        }
        for (_, import) in program.scopes[at].imports.get(name).into_iter().flatten() {
            self.import(scope, import, to);
        }
        if self.tables(scope).modules.contains(&name) {
            self.is(to.value, LIBRARY);
        }
        let here = &program.scopes[at];
        if here.imports.contains_key("*") && !here.bindings.contains_key(name) && !here.imports.contains_key(name) {
            self.export(at, name, to);
        }
    }

    /// What a module exports under a name.
    pub(super) fn export(&mut self, module: usize, name: &'p str, to: To) {
        let node = match self.locals.get(&(module, name)) {
            Some(known) => *known,
            None => self.exported_node(module, name),
        };
        self.pour(node, to);
    }

    /// A new node for what a module exports. It lasts, also where it is only asked for once all is known: modules that import each other
    /// as a whole lead back to it.
    fn exported_node(&mut self, module: usize, name: &'p str) -> Node {
        let node = self.node();
        self.locals.insert((module, name), node);
        self.lasting = true;
        let here = &self.program.scopes[module];
        if here.bindings.contains_key(name) || here.imports.contains_key(name) {
            return node;
        }
        self.stars(module, name, node);
        // A part of what it exports as a whole.
        if here.bindings.contains_key("default")
            && let Some(whole) = self.local(module, "default")
        {
            self.take(whole, node.to());
            self.pour_name(name, node.to());
        }
        node
    }

    fn stars(&mut self, module: usize, name: &'p str, node: Node) {
        let program = self.program;
        for (_, import) in program.scopes[module].imports.get("*").into_iter().flatten() {
            match self.leads(import).from {
                Some(from) if from != module => self.export(from, name, node.to()),
                Some(_) => {}
                // What stands inside this very module.
                None => self.pour_name(name, node.to()),
            }
        }
    }

    /// The object that a method is called on.
    fn receiver(&mut self, scope: usize, to: To) {
        let Some(class) = self.program.class_of(scope) else { return };
        if let Some((_, bit)) = self.families.get(&class).copied() {
            self.is(to.value, bit);
        }
        // A class may extend one of a library.
        if let Some(node) = self.local(class, "") {
            self.edge(node.value(), to.value, Way::Called);
        }
    }

    pub(super) fn import(&mut self, scope: usize, import: &'p Import, to: To) {
        let tables = self.tables(scope);
        let of_library = tables.modules.iter().any(|module| import.from == *module || inside(&import.from, module));
        let name = import.name.as_deref().filter(|name| *name != "*");
        let maker = name.is_some_and(|name| tables.makers.contains(&(super::tables::last(&import.from), name)));
        let pools = name.is_some_and(|name| tables.pools.contains(name));
        if of_library || maker {
            self.is(to.value, LIBRARY | if pools { super::POOLS } else { 0 });
        }
        let leads = self.leads(import);
        if leads.to_module() {
            self.is(to.value, MODULE);
            if let Some(module) = leads.module
                && self.open
            {
                self.loose_modules.insert(module);
            }
        }
        match (leads.from, name) {
            (Some(from), Some(name)) => self.export(from, name, to),
            // A module that is called or looked into may be what it exports as a whole.
            (Some(from), None) => self.export(from, "default", to),
            (None, Some(name)) if leads.nested => self.pour_name(name, to),
            (None, _) => {}
        }
    }

    /// What stands behind a dot.
    fn attribute(&mut self, scope: usize, (base, node): (&'p Expression, Node), name: &'p str, to: To) {
        let tables = self.tables(scope);
        let maker = last_name(base).is_some_and(|base| tables.makers.contains(&(base, name)));
        let pools = tables.pools.contains(name);
        if maker {
            self.is(to.value, LIBRARY);
        }
        self.edge(node.value(), to.value, if pools { Way::Pools } else { Way::Inside });
        if let Some(of) = last_name(base)
            && let Some(set) = self.set.get(&(of, name)).copied()
        {
            self.pour(set, to);
        }
        if self.is_outside(scope, base) {
            return;
        }
        if self.stems.contains(name) {
            self.edge(node.value(), to.value, Way::Module);
        }
        if let Some(modules) = self.modules_of(scope, base) {
            for module in modules {
                self.export(module, name, to);
            }
            return;
        }
        self.edge(node.content(), to.value, Way::Same);
        self.edge(node.content(), to.content, Way::Same);
        let own = self.is_receiver(scope, base) || is_super(base);
        match self.program.class_of(scope).filter(|class| own && self.families.contains_key(class)) {
            Some(class) => {
                if let Some(member) = self.member(class, name) {
                    self.pour(member, to);
                }
            }
            None => self.pour_name(name, to),
        }
    }

    fn call(&mut self, scope: usize, callee: &'p Expression, arguments: &'p [Argument], to: To) {
        let function = self.node();
        let mut on = None;
        if let Form::Attribute(base, method) = &callee.form {
            let node = self.base(scope, base);
            on = Some(node);
            self.attribute(scope, (base, node), method, function.to());
            match self.tables(scope).gives.get(method.as_str()) {
                Some(true) => self.edge(node.value(), to.value, Way::Piped),
                Some(false) => self.edge(node.value(), to.value, Way::Given),
                None => {}
            }
            self.edge(node.value(), to.value, Way::Pooled);
            if CLASS_OF.contains(&method.as_str()) {
                self.edge(node.value(), to.value, Way::Same);
            }
        } else {
            self.send(scope, callee, function.to());
        }
        self.edge(function.value(), to.value, Way::Called);
        self.edge(function.content(), to.value, Way::Called);
        self.edge(function.content(), to.content, Way::Same);
        if self.is_kept(scope, callee) && self.called.contains("__call__") {
            self.pour_name("__call__", to);
        }
        let known = self.scopes_of(scope, callee);
        let of_program = !known.scopes.is_empty() && !known.other;
        // A wrapper of a library may give the client that it is given.
        for argument in arguments.iter().filter(|_| !of_program) {
            if argument.name.is_none() && matches!(argument.value.form, Form::Call(..)) {
                let node = self.node_of(scope, &argument.value);
                self.edge(node.value(), to.value, Way::Given);
            }
        }
        let Some(name) = last_name(callee).filter(|_| !of_program) else { return };
        let tables = self.tables(scope);
        let methods = if on.is_some() { tables.methods.get(name) } else { None };
        let functions = tables.functions.get(name);
        let operations: Vec<(Operation, bool)> = methods
            .into_iter()
            .flatten()
            .map(|operation| (*operation, true))
            .chain(functions.into_iter().flatten().map(|operation| (*operation, false)))
            .collect();
        for (operation, is_method) in operations {
            self.operation(scope, operation, (on.filter(|_| is_method), arguments), to);
        }
    }
}
