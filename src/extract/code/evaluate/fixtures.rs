//! Functions whose results are given to parameters of their name: fixtures of tests.

use super::Evaluator;
use super::frame::Frame;
use super::value::{Value, Values};
use crate::extract::code::index::{Kind, last_name, normal};
use crate::extract::code::program::{Expression, Form};

impl<'p> Evaluator<'p> {
    /// What the fixture of this name gives: one of the file, or of the files for fixtures in the folders around it.
    pub(super) fn fixture(&mut self, name: &str, scope: usize) -> Option<Values> {
        let program = self.program;
        let (decorator, shared) = program.language(scope).fixtures?;
        let path = normal(&program.sources[program.scopes[scope].unit].unit.path.to_string_lossy());
        let mut around = Vec::new();
        let mut next = program.scopes[scope].parent;
        while let Some(outer) = next {
            around.push(outer);
            next = program.scopes[outer].parent;
        }
        let mut folder = path.as_str();
        while let Some((outer, _)) = folder.rsplit_once('/') {
            around.extend(program.by_path.get(&format!("{outer}/{shared}")));
            folder = outer;
        }
        around.extend(program.by_path.get(shared));
        for around in around {
            let is_class = program.scopes[around].kind == Kind::Class;
            if is_class && !program.scopes[around].bindings.contains_key(name) {
                continue;
            }
            let frame = self.open(around);
            let Some(values) = self.find_name(name, None, frame, 0) else { continue };
            for item in values.iter() {
                let Value::Function(inner, _, parent) = item.value else { continue };
                let Some(function) = program.scopes[inner].function.filter(|_| inner != scope) else { continue };
                if function.decorators.iter().any(|given| is(given, decorator)) {
                    let this = is_class.then_some((around, None));
                    return Some(self.returned(Frame { scope: inner, given: None, this, parent }));
                }
            }
        }
        None
    }
}

/// `@fixture`, `@pytest.fixture(scope="session")`.
fn is(given: &Expression, decorator: &str) -> bool {
    let name = match &given.form {
        Form::Call(callee, _) => last_name(callee),
        _ => last_name(given),
    };
    name == Some(decorator)
}
