//! What expressions may be when the program runs: asked one at a time, answered from all files, and remembered.
//!
//! In: a [`Program`] and an expression in a frame. Out: a few [`value::Value`]s. Nothing is run; what cannot be told is a hole with
//! a name. All is bounded: depth of calls, values of one expression, steps of one question.

pub mod amounts;
mod callers;
mod calls;
mod candidates;
mod contexts;
mod fixtures;
pub mod frame;
mod growing;
mod hints;
mod imports;
mod library;
mod lookup;
mod makers;
mod members;
mod names;
mod now;
mod objects;
mod operands;
mod operations;
mod reaching;
mod texts;
mod types;
pub mod value;

pub use self::hints::hint;
pub(in crate::extract::code) use self::makers::is_super;
pub use self::makers::of_glob;

use std::rc::Rc;

use self::frame::{Frame, Frames, Given, Place, This};
use self::value::{Item, Part, Text, Value, Values, at_most, hole, literal, none, only, union};
use super::index::Program;
use super::program::{Expression, Form};
use crate::extract::Certainty;
use crate::extract::code::flow::Flow;
use crate::extract::code::maps::{HashMap, HashSet};
use crate::extract::code::modules::Modules;

/// Expressions within expressions, through all calls.
const DEPTH: u32 = 180;
/// Expressions that one question may look at, and with all questions that it leads to: who calls this, who makes that.
const STEPS: u32 = 20_000;
const ALL_STEPS: u32 = 40_000;
/// So many answers are kept; beyond, those that one way of calling gave are forgotten before the next question.
const ANSWERS: usize = 1_000_000;

/// Answers what expressions may be.
#[derive(Debug)]
pub struct Evaluator<'p> {
    /// All files.
    pub program: &'p Program<'p>,
    /// What may hold what, coarsely.
    pub flow: Flow<'p>,
    /// All frames.
    pub frames: Frames<'p>,
    /// Scopes of tests: what they give does not tell of what runs in production. None where tests count too.
    apart: HashSet<usize>,
    memo: HashMap<(usize, usize), Known>,
    /// How many answers are kept.
    keeps: usize,
    names: HashMap<(usize, String), Known>,
    callers: HashMap<usize, Rc<Vec<usize>>>,
    contexts: HashMap<(usize, bool, u32), Rc<Vec<usize>>>,
    /// Contexts that are being found.
    asked: HashSet<(usize, bool)>,
    /// How often that was asked for again.
    turned: u64,
    made: HashMap<usize, Rc<Vec<This>>>,
    calls: candidates::Calls<'p>,
    lineages: HashMap<usize, Rc<Vec<usize>>>,
    /// Where imports of each file lead.
    modules: Modules<'p>,
    depth: u32,
    steps: u32,
    all_steps: u32,
    /// Expressions that all questions looked at.
    pub looked_at: u64,
    touched: Touched,
}

/// What an answer rests on that callers would make clearer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Touched {
    /// Arguments of a function of which the caller is not known.
    pub arguments: bool,
    /// An object of which it is not known where it was made.
    pub this: bool,
    /// More callers or objects than are looked at.
    pub cut: bool,
    /// More expressions than are looked at.
    pub given_up: bool,
}

#[derive(Debug, Clone)]
struct Known {
    /// `None` while it is being found.
    values: Option<Values>,
    touched: Touched,
}

impl<'p> Evaluator<'p> {
    /// For a program.
    #[must_use]
    pub fn new(program: &'p Program<'p>, modules: Modules<'p>, flow: Flow<'p>, apart: HashSet<usize>) -> Self {
        Self {
            program,
            flow,
            frames: Frames::default(),
            apart,
            memo: HashMap::default(),
            keeps: ANSWERS,
            names: HashMap::default(),
            callers: HashMap::default(),
            contexts: HashMap::default(),
            asked: HashSet::default(),
            turned: 0,
            made: HashMap::default(),
            calls: candidates::Calls::default(),
            lineages: HashMap::default(),
            modules,
            depth: 0,
            steps: 0,
            all_steps: 0,
            looked_at: 0,
            touched: Touched::default(),
        }
    }

    /// Forgets what was answered where that is too much to keep; only between questions. What does not depend on a call or an object
    /// is kept, and so is who calls what: it is asked for again and again, and grows with the program alone.
    pub fn forget(&mut self) {
        if self.memo.len() > self.keeps {
            let frames = &self.frames;
            self.memo.retain(|(_, frame), _| frames.is_open(*frame));
            self.keeps = ANSWERS.max(self.memo.len() * 2);
        }
    }

    /// Runs a question of its own: with all steps, and telling what its answer rests on.
    pub fn ask<T>(&mut self, question: impl FnOnce(&mut Self) -> T) -> (T, Touched) {
        let before = std::mem::take(&mut self.touched);
        let steps = (std::mem::take(&mut self.steps), std::mem::take(&mut self.all_steps));
        let answer = question(self);
        (self.steps, self.all_steps) = steps;
        let touched = std::mem::replace(&mut self.touched, before);
        (answer, touched)
    }

    /// The frame of a scope of which nothing is known.
    pub fn open(&mut self, scope: usize) -> usize {
        let this = self.own_this(scope);
        self.frames.intern(Frame { scope, given: None, this, parent: None })
    }

    /// What the receiver of a method is, if nothing is known of it.
    fn own_this(&self, scope: usize) -> Option<This> {
        let function = self.program.scopes[scope].function?;
        function.receiver.as_ref()?;
        self.program.class_of(scope).map(|class| (class, None))
    }

    /// What an expression may be.
    pub fn value(&mut self, expression: &'p Expression, frame: usize) -> Values {
        match &expression.form {
            Form::Text(text) | Form::Number(text) => return only(Value::Text(literal(text))),
            Form::Flag(flag) => return only(Value::Flag(*flag)),
            Form::Null => return only(Value::Null),
            _ => {}
        }
        let key = (std::ptr::from_ref(expression) as usize, frame);
        if let Some(known) = self.memo.get(&key) {
            let touched = known.touched;
            let values = known.values.clone();
            self.touch(touched);
            // Being asked for itself, it adds nothing.
            return values.unwrap_or_else(none);
        }
        self.steps += 1;
        self.all_steps += 1;
        self.looked_at += 1;
        let given_up = self.steps > STEPS || self.all_steps > ALL_STEPS;
        self.touched.given_up |= given_up;
        if given_up || self.depth >= DEPTH {
            return hole(&hint(expression));
        }
        self.depth += 1;
        self.memo.insert(key, Known { values: None, touched: Touched::default() });
        let before = std::mem::take(&mut self.touched);
        let values = self.find(expression, frame);
        let touched = std::mem::replace(&mut self.touched, before);
        self.touch(touched);
        self.memo.insert(key, Known { values: Some(values.clone()), touched });
        self.depth -= 1;
        values
    }

    /// After a question of its own, on which the one around rests only as far as it was answered.
    fn answered(&mut self, before: Touched) {
        let given_up = self.touched.given_up;
        self.touched = before;
        self.touched.given_up |= given_up;
    }

    fn touch(&mut self, touched: Touched) {
        self.touched.arguments |= touched.arguments;
        self.touched.this |= touched.this;
        self.touched.cut |= touched.cut;
        self.touched.given_up |= touched.given_up;
    }

    fn find(&mut self, expression: &'p Expression, frame: usize) -> Values {
        match &expression.form {
            Form::Text(_) | Form::Number(_) | Form::Flag(_) | Form::Null => none(),
            Form::Template(pieces) => self.template(pieces, frame),
            Form::Name(name) => self.name(name, expression.span.start, frame),
            Form::Attribute(base, name) => self.attribute(base, name, frame),
            Form::Index(base, key) => self.index(base, key, frame),
            Form::Call(callee, arguments) => self.call(callee, arguments, frame),
            Form::Construct(name, fields) => self.construct(name, fields, frame),
            Form::Binary(operator, a, b) => self.binary(operator, a, b, frame),
            Form::Choice(parts) => self.choice(parts, frame),
            Form::List(parts) => self.list(parts, frame),
            Form::Map(entries) => {
                let mut map = Vec::new();
                for (name, value) in entries {
                    let values = self.value(value, frame);
                    match name {
                        Some(name) => map.push((Some(self.value(name, frame)), values)),
                        None => {
                            for item in values.iter() {
                                if let Value::Map(entries) = &item.value {
                                    map.extend(entries.iter().cloned());
                                }
                            }
                        }
                    }
                }
                only(Value::Map(map))
            }
            Form::Comprehension { element, .. } if matches!(element.form, Form::Map(_)) => self.value(element, frame),
            Form::Comprehension { element, .. } => {
                let element = self.value(element, frame);
                only(Value::List(vec![element], true))
            }
            Form::Closure(function) => {
                let address = std::ptr::from_ref(function.as_ref()) as usize;
                match self.program.by_address.get(&address) {
                    Some(scope) => only(Value::Function(*scope, None, Some(frame))),
                    None => none(),
                }
            }
            Form::Opaque(parts) => match parts.as_slice() {
                [only] => hole(&hint(only)),
                _ => hole("value"),
            },
        }
    }

    fn choice(&mut self, parts: &'p [Expression], frame: usize) -> Values {
        let all: Vec<Values> = parts.iter().map(|part| self.value(part, frame)).collect();
        let mut found = union(all);
        // What a map has not is no value either.
        let missing = |value: &Value| matches!(value, Value::Method(base, _) if matches!(**base, Value::Map(_)));
        if found.iter().any(|item| item.value != Value::Null && !missing(&item.value)) {
            Rc::make_mut(&mut found).retain(|item| !missing(&item.value));
        }
        // `read() or ""`: an empty text is as good as none beside what is not known.
        let empty = |item: &Item| item.value.text().is_some_and(|text| text.parts.is_empty() && text.config.is_none());
        if found.iter().any(|item| item.value.is_hole()) && found.iter().all(|item| item.value.is_hole() || empty(item))
        {
            Rc::make_mut(&mut found).retain(|item| !empty(item));
        }
        let has_value = found.iter().any(|item| item.value != Value::Null && !item.value.is_hole());
        let known = found.iter().filter(|item| item.value.text().is_some_and(|text| !text.is_hole())).count();
        let configured = found.iter().any(|item| item.value.text().is_some_and(|text| text.configured().is_some()));
        if configured
            && known == 0
            && found.iter().all(|item| matches!(item.value, Value::Text(_) | Value::Null | Value::External(_)))
        {
            // `read()? or usize::MAX`: a limit of a type is no value of its own.
            Rc::make_mut(&mut found).retain(|item| item.value.text().is_some_and(|text| text.configured().is_some()));
            return found;
        }
        if configured && known == 1 {
            found = makers::with_fallback(found);
        }
        if has_value {
            // Null is no value, and `x or "default"` is told by its default.
            Rc::make_mut(&mut found).retain(|item| item.value != Value::Null);
            let known = found.iter().filter(|item| !item.value.is_hole()).count();
            if known > 0 {
                Rc::make_mut(&mut found).retain(|item| !item.value.is_hole());
            }
        }
        if parts.len() > 1 { at_most(&found, Certainty::Likely) } else { found }
    }

    fn list(&mut self, parts: &'p [Expression], frame: usize) -> Values {
        let mut elements = Vec::new();
        let mut open = false;
        for part in parts {
            if let Form::Opaque(inner) = &part.form
                && let [inner] = inner.as_slice()
            {
                let spread = self.value(inner, frame);
                for item in spread.iter() {
                    if let Value::List(more, any) = &item.value {
                        elements.extend(more.iter().cloned());
                        open |= any;
                    }
                }
                continue;
            }
            elements.push(self.value(part, frame));
        }
        only(Value::List(elements, open))
    }

    fn construct(&mut self, name: &'p Expression, fields: &'p [(String, Expression)], frame: usize) -> Values {
        let place = Place { given: Given::Fields(fields), before: Vec::new(), frame };
        let place = self.frames.intern_place(place);
        let named = self.value(name, frame);
        let instances = named.iter().filter_map(|item| match item.value {
            Value::Class(class) => Some(Item { value: Value::Instance(class, place), certainty: item.certainty }),
            _ => None,
        });
        let instances: Vec<Item> = instances.collect();
        if !instances.is_empty() {
            return Rc::new(instances);
        }
        // A struct of a library: its fields are what is known of it.
        let entries =
            fields.iter().map(|(name, value)| (Some(only(Value::Text(literal(name)))), self.value(value, frame)));
        only(Value::Map(entries.collect()))
    }

    /// The elements that a loop over it gives.
    pub fn elements(&mut self, values: &Values) -> Values {
        let mut all = Vec::new();
        for item in values.iter() {
            match &item.value {
                Value::List(elements, _) => {
                    all.extend(elements.iter().map(|element| at_most(element, item.certainty)));
                }
                Value::Map(entries) => all.extend(entries.iter().filter_map(|(name, _)| name.clone())),
                Value::Class(class) => all.push(self.members_of_class(*class)),
                // The names that a scan finds, a page at a time.
                Value::Text(text) if text.parts.contains(&Part::Glob) => all.push(only(item.value.clone())),
                Value::Text(text) if text.plain().is_none() => {
                    all.push(only(Value::Text(Text { parts: vec![Part::Hole("item".into())], config: None })));
                }
                _ => {}
            }
        }
        if all.is_empty() { hole("item") } else { union(all) }
    }
}

/// Is a qualified name that of something inside a package?
pub fn inside(name: &str, package: &str) -> bool {
    name.strip_prefix(package).is_some_and(|rest| rest.starts_with(['.', '/', ':']))
}
