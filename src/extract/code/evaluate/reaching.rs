//! Which bindings of a name reach a place: the last ones on each way there.

use std::rc::Rc;

use crate::extract::code::program::{Expression, Form, Statement};

/// A binding that reaches a place.
#[derive(Debug, Clone)]
pub enum Reach<'p> {
    /// What the name is before the statements.
    Outer,
    /// A value, or with a path an element of it.
    Value(&'p Expression, Vec<usize>, Option<&'p str>),
    /// Each element of a value.
    Element(&'p Expression, Vec<usize>),
    /// Nothing, of a type.
    Declared(Option<&'p str>),
    /// A function or class, by its address.
    Scope(usize),
    /// What it was, an operator and a value.
    Augmented(Rc<Vec<Reach<'p>>>, &'p str, &'p Expression),
}

/// Loops within loops beyond this are walked once.
const LOOPS: u32 = 3;
/// Statements deeper than this are not walked.
const DEPTH: u32 = 250;

/// What reaches the place `at` (a byte of the file), or the end.
pub fn reaching<'p>(body: &'p [Statement], name: &str, at: Option<u32>) -> Vec<Reach<'p>> {
    let mut walk = Walk { name, at, state: vec![Reach::Outer], loops: 0, depth: 0 };
    walk.statements(body);
    walk.state
}

struct Walk<'a, 'p> {
    name: &'a str,
    at: Option<u32>,
    state: Vec<Reach<'p>>,
    loops: u32,
    depth: u32,
}

impl<'p> Walk<'_, 'p> {
    /// Whether the place was found; the state is then that of the place.
    fn statements(&mut self, body: &'p [Statement]) -> bool {
        if self.depth > DEPTH {
            return false;
        }
        self.depth += 1;
        let found = body.iter().any(|statement| self.statement(statement));
        self.depth -= 1;
        found
    }

    fn holds(&self, expression: &Expression) -> bool {
        self.at.is_some_and(|at| expression.span.contains(&at))
    }

    fn statement(&mut self, statement: &'p Statement) -> bool {
        match statement {
            Statement::Assign { target, annotation, value } => {
                if value.as_ref().is_some_and(|value| self.holds(value)) || self.holds(target) {
                    return true;
                }
                if let Some(path) = path_to(target, self.name) {
                    self.state = vec![match value {
                        Some(value) => Reach::Value(value, path, annotation.as_deref()),
                        None => Reach::Declared(annotation.as_deref()),
                    }];
                }
                false
            }
            Statement::Augment { target, operator, value } => {
                if self.holds(value) || self.holds(target) {
                    return true;
                }
                if path_to(target, self.name).is_some() {
                    let before = Rc::new(std::mem::take(&mut self.state));
                    self.state = vec![Reach::Augmented(before, operator, value)];
                }
                false
            }
            Statement::Evaluate(expression) => self.holds(expression),
            Statement::Return(value) => {
                let found = value.as_ref().is_some_and(|value| self.holds(value));
                if !found {
                    self.state.clear();
                }
                found
            }
            Statement::Branches(arms) => self.branches(arms),
            Statement::Each { target, over, body } => {
                if self.holds(over) {
                    return true;
                }
                let bound = path_to(target, self.name).map(|path| Reach::Element(over, path));
                self.turns(body, bound.as_ref())
            }
            Statement::Block(body) => self.turns(body, None),
            Statement::Function(function) => {
                if function.name == self.name {
                    self.state = vec![Reach::Scope(std::ptr::from_ref(function.as_ref()) as usize)];
                }
                false
            }
            Statement::Class(class) => {
                if class.name == self.name {
                    self.state = vec![Reach::Scope(std::ptr::from_ref(class) as usize)];
                }
                false
            }
        }
    }

    fn branches(&mut self, arms: &'p [Vec<Statement>]) -> bool {
        let before = self.state.clone();
        let mut after: Vec<Reach<'p>> = Vec::new();
        for arm in arms {
            self.state.clone_from(&before);
            if self.statements(arm) {
                return true;
            }
            merge(&mut after, &self.state);
        }
        self.state = if arms.is_empty() { before } else { after };
        false
    }

    fn turns(&mut self, body: &'p [Statement], bound: Option<&Reach<'p>>) -> bool {
        let before = self.state.clone();
        let start = |walk: &mut Self| {
            if let Some(bound) = bound {
                walk.state = vec![bound.clone()];
            }
        };
        if self.loops < LOOPS {
            let at = self.at.take();
            self.loops += 1;
            start(self);
            self.statements(body);
            self.loops -= 1;
            self.at = at;
            let end = std::mem::replace(&mut self.state, before.clone());
            merge(&mut self.state, &end);
        }
        let entered = self.state.clone();
        start(self);
        if self.statements(body) {
            return true;
        }
        merge(&mut self.state, &entered);
        false
    }
}

fn merge<'p>(into: &mut Vec<Reach<'p>>, from: &[Reach<'p>]) {
    for reach in from {
        if into.len() < 32 && !into.iter().any(|known| same(known, reach)) {
            into.push(reach.clone());
        }
    }
}

fn same(a: &Reach<'_>, b: &Reach<'_>) -> bool {
    match (a, b) {
        (Reach::Outer, Reach::Outer) => true,
        (Reach::Value(a, p, _), Reach::Value(b, q, _)) | (Reach::Element(a, p), Reach::Element(b, q)) => {
            std::ptr::eq(*a, *b) && p == q
        }
        (Reach::Declared(a), Reach::Declared(b)) => a == b,
        (Reach::Scope(a), Reach::Scope(b)) => a == b,
        // One turn of a loop is enough to see what it adds.
        (Reach::Augmented(_, _, a), Reach::Augmented(_, _, b)) => std::ptr::eq(*a, *b),
        _ => false,
    }
}

/// Which element of what is assigned a name gets.
fn path_to(target: &Expression, name: &str) -> Option<Vec<usize>> {
    match &target.form {
        Form::Name(known) => (known == name).then(Vec::new),
        Form::List(targets) => targets.iter().enumerate().find_map(|(index, target)| {
            let mut path = path_to(target, name)?;
            path.insert(0, index);
            Some(path)
        }),
        _ => None,
    }
}
