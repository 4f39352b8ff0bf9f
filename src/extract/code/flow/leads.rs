//! Where names lead that are written in a file: to modules, functions and classes, without evaluating anything.

use super::Flow;
use super::send::CLASS_OF;
use crate::extract::code::evaluate::is_super;
use crate::extract::code::index::{Bound, Kind};
use crate::extract::code::modules::Modules;
use crate::extract::code::program::{Expression, Form, Import};

/// Imports of imports beyond this are not followed.
const STEPS: u32 = 8;

/// Where an import leads.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Leads {
    /// The module that it is from.
    pub(super) from: Option<usize>,
    /// The module that it means itself.
    pub(super) module: Option<usize>,
    /// Into something that is written inside a module.
    pub(super) nested: bool,
    /// To a folder of the program that is no module.
    folder: bool,
}

/// What a name stands for.
#[derive(Debug, Clone, Default)]
pub struct Exports {
    /// Functions and classes.
    pub scopes: Vec<usize>,
    /// May it be something else too?
    pub other: bool,
}

impl Exports {
    fn add(&mut self, scope: usize) {
        if !self.scopes.contains(&scope) {
            self.scopes.push(scope);
        }
    }
}

impl Leads {
    /// Out of the program.
    pub(super) const fn out(self) -> bool {
        self.from.is_none() && self.module.is_none() && !self.nested && !self.folder
    }

    pub(super) const fn to_module(self) -> bool {
        self.module.is_some() || self.folder
    }
}

impl<'p> Flow<'p> {
    /// Where all imports lead.
    pub(super) fn follow_imports(&mut self, modules: &Modules<'_>) {
        let program = self.program;
        for (unit, import) in program.scopes.iter().flat_map(|scope| scope.imports.values()).flatten() {
            let joint = program.sources[*unit].language.joint;
            let from = modules.at(*unit, &import.from);
            let outer = import.from.rsplit_once(joint).and_then(|(outer, _)| modules.at(*unit, outer));
            let leads = match import.name.as_deref().filter(|name| *name != "*") {
                Some(name) => {
                    let joint = if import.from.ends_with(joint) { "" } else { joint };
                    let inner = modules.at(*unit, &format!("{}{joint}{name}", import.from));
                    let module = inner.or(from.filter(|_| name == "default"));
                    Leads { from, module, nested: from.is_none() && outer.is_some(), folder: false }
                }
                None => {
                    // `import common.retry` is a name for `common`, which may be no module itself.
                    let first = import.from.split(joint).find(|part| !part.is_empty());
                    let folder = from.is_none() && first.is_some_and(|first| self.stems.contains(first));
                    Leads { from, module: from, nested: false, folder }
                }
            };
            self.leads.insert(std::ptr::from_ref(*import) as usize, leads);
        }
    }

    pub(super) fn leads(&self, import: &Import) -> Leads {
        self.leads.get(&(std::ptr::from_ref(import) as usize)).copied().unwrap_or_default()
    }

    /// What binds a name where it is written: the scopes around, the innermost first. Ends with a module.
    fn binders(&self, scope: usize, name: &str) -> Vec<usize> {
        let mut found = Vec::new();
        let mut at = Some(scope);
        while let Some(id) = at {
            let here = &self.program.scopes[id];
            let parameter = here.parameters().iter().any(|parameter| parameter.name == name);
            let receiver = here.function.is_some_and(|function| function.receiver.as_deref() == Some(name));
            if parameter || receiver || here.bindings.contains_key(name) || here.kind == Kind::Module {
                found.push(id);
                if parameter || receiver {
                    break;
                }
            }
            at = here.parent;
        }
        found
    }

    /// Is it a name for what is called on: `self`?
    pub(super) fn is_receiver(&self, scope: usize, expression: &Expression) -> bool {
        let Form::Name(name) = &expression.form else { return false };
        self.binders(scope, name).first().is_some_and(|id| {
            self.program.scopes[*id].function.is_some_and(|function| function.receiver.as_deref() == Some(name))
        })
    }

    /// The imports that a name stands for, if it stands for nothing else.
    pub(super) fn imported(&self, scope: usize, expression: &Expression) -> Option<&'p [(usize, &'p Import)]> {
        let Form::Name(name) = &expression.form else { return None };
        let [module] = self.binders(scope, name)[..] else { return None };
        let here = &self.program.scopes[module];
        if here.kind != Kind::Module || here.bindings.contains_key(name.as_str()) {
            return None;
        }
        here.imports.get(name.as_str()).map(Vec::as_slice)
    }

    /// The modules that an expression stands for, if it stands for nothing else.
    pub(super) fn modules_of(&self, scope: usize, expression: &Expression) -> Option<Vec<usize>> {
        let all = self.imported(scope, expression)?;
        all.iter()
            .map(|(_, import)| {
                let leads = self.leads(import);
                leads.module.filter(|module| import.name.is_none() || leads.from.is_none_or(|from| from != *module))
            })
            .collect()
    }

    /// Is it a name of something outside of the program, or built in?
    pub(super) fn is_outside(&self, scope: usize, expression: &Expression) -> bool {
        match &expression.form {
            Form::Attribute(base, _) => self.is_outside(scope, base),
            Form::Name(name) => {
                if is_super(expression) {
                    return false;
                }
                let [module] = self.binders(scope, name)[..] else { return false };
                let here = &self.program.scopes[module];
                here.kind == Kind::Module
                    && !here.bindings.contains_key(name.as_str())
                    && match here.imports.get(name.as_str()) {
                        Some(all) => all.iter().all(|(_, import)| self.leads(import).out()),
                        None => here
                            .imports
                            .get("*")
                            .is_none_or(|all| all.iter().all(|(_, import)| self.leads(import).out())),
                    }
            }
            _ => false,
        }
    }

    /// May what is called be kept in something, so that only its value tells: a class, an object that can be called?
    pub(super) fn is_kept(&self, scope: usize, callee: &Expression) -> bool {
        if self.is_outside(scope, callee) {
            return false;
        }
        match &callee.form {
            Form::Attribute(_, name) => self.kept.contains(name.as_str()) || CLASS_OF.contains(&name.as_str()),
            Form::Name(_) => self.is_receiver(scope, callee) || self.scopes_of(scope, callee).other,
            _ => true,
        }
    }

    /// What an expression stands for.
    pub fn scopes_of(&self, scope: usize, expression: &Expression) -> Exports {
        let mut found = Exports::default();
        match &expression.form {
            Form::Name(name) => {
                for id in self.binders(scope, name) {
                    self.exported(id, name, 0, &mut found);
                }
            }
            Form::Attribute(base, name) => match self.modules_of(scope, base) {
                Some(modules) => modules.into_iter().for_each(|module| self.exported(module, name, 0, &mut found)),
                None => found.other = true,
            },
            _ => found.other = true,
        }
        found
    }

    fn exported(&self, id: usize, name: &str, steps: u32, found: &mut Exports) {
        let here = &self.program.scopes[id];
        if steps > STEPS {
            found.other = true;
            return;
        }
        found.other |= here.parameters().iter().any(|parameter| parameter.name == name);
        for binding in here.bindings.get(name).into_iter().flatten() {
            match binding.bound {
                Bound::Scope(inner) => found.add(inner),
                Bound::Declared => {}
                _ => found.other = true,
            }
        }
        for (_, import) in here.imports.get(name).into_iter().flatten() {
            let leads = self.leads(import);
            match (leads.from, import.name.as_deref()) {
                (Some(from), Some(name)) => self.exported(from, name, steps + 1, found),
                _ => found.other |= !leads.out(),
            }
        }
        if here.kind == Kind::Module && !here.bindings.contains_key(name) && !here.imports.contains_key(name) {
            found.other |= here.bindings.contains_key("default");
            if here.imports.contains_key("*") {
                let more = self.of_stars(id, name);
                more.scopes.into_iter().for_each(|scope| found.add(scope));
                found.other |= more.other;
            }
        }
    }

    /// What a name of a module stands for that it has from others as a whole.
    fn of_stars(&self, id: usize, name: &str) -> Exports {
        let known = self.starred.borrow().get(&id).and_then(|names| names.get(name).cloned());
        known.unwrap_or_else(|| {
            let keep = |answer: Exports| {
                self.starred.borrow_mut().entry(id).or_default().insert(name.to_owned(), answer);
            };
            // Asked for from the inside, it adds nothing.
            keep(Exports::default());
            let mut found = Exports::default();
            let stars = self.program.scopes[id].imports.get("*").into_iter().flatten();
            for from in stars.filter_map(|(_, import)| self.leads(import).from).filter(|from| *from != id) {
                self.exported(from, name, 0, &mut found);
            }
            keep(found.clone());
            found
        })
    }
}
