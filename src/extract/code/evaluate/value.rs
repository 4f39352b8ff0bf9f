//! What an expression may be: a small set of values, texts among them with holes for what is only known when the program runs.

use std::cell::RefCell;
use std::rc::Rc;

use crate::extract::Certainty;
use crate::extract::code::languages::Role;
use crate::extract::code::maps::HashMap;

/// So many values of one expression are told apart at most.
pub const WIDTH: usize = 64;

/// A text, with holes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Text {
    /// In order; neighbouring literals are one.
    pub parts: Vec<Part>,
    /// The configuration variable that it comes from, where it is one's value as a whole.
    pub config: Option<Box<Variable>>,
}

/// A configuration variable that a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Variable {
    /// Its name.
    pub name: Rc<str>,
    /// What the value is of it.
    pub line: Line,
}

/// What a number is of the variable that it comes from: so many times it, and something more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Line {
    /// Times this,
    pub num: i128,
    /// divided by this,
    pub den: i128,
    /// and so much more, in billionths.
    pub plus: i128,
    /// Is it a time, in seconds?
    pub time: bool,
}

impl From<&str> for Box<Variable> {
    /// The variable itself.
    fn from(name: &str) -> Self {
        Self::new(Variable { name: name.into(), line: Line { num: 1, den: 1, plus: 0, time: false } })
    }
}

impl Line {
    /// `by / of` times as much. `None`: nothing of it is left, or the numbers grow too large.
    #[must_use]
    pub fn times(self, by: i128, of: i128) -> Option<Self> {
        let (num, den) = (self.num.checked_mul(by)?, self.den.checked_mul(of)?);
        let (mut a, mut b) = (num, den);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        if num == 0 || a == 0 {
            return None;
        }
        let a = if (den < 0) == (a < 0) { a } else { -a };
        let plus = self.plus.checked_mul(by)?.checked_div(of)?;
        Some(Self { num: num / a, den: den / a, plus, ..self })
    }
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Part {
    /// As it is.
    Literal(String),
    /// A value that is known only when the program runs, by a name for it.
    Hole(Rc<str>),
    /// What a glob leaves open.
    Glob,
}

/// What tells the bus of a client.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Bus {
    /// The variable of the environment or configuration that holds its URL or host.
    pub variable: Option<Rc<str>>,
    /// Its URL or host, where that is written.
    pub url: Option<Rc<str>>,
    /// The most telling name that the client was given on its way.
    pub name: Option<Rc<str>>,
    /// What the client puts before all keys.
    pub prefix: Option<Box<Text>>,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// A text, or a number as text.
    Text(Text),
    /// Null.
    Null,
    /// True or false.
    Flag(bool),
    /// An object of a Redis library; of a script its text, of a lock its key.
    Object(Role, Bus, Option<Text>),
    /// An object of a class of the program, and where it was made.
    Instance(usize, Option<usize>),
    /// A class of the program.
    Class(usize),
    /// A function: its scope, the object it is bound to, the frame it was made in, and arguments that it has already.
    Function(usize, Option<(usize, Option<usize>)>, Option<usize>),
    /// A module of the program.
    Module(usize),
    /// Something of a library, by qualified name.
    External(Rc<str>),
    /// A method of a value, not called yet.
    Method(Rc<Value>, Rc<str>),
    /// A function with its first arguments.
    Partial(Rc<Value>, Vec<Values>),
    /// A list. With `true`, of any number of such elements.
    List(Vec<Values>, bool),
    /// Names with values; without a name, whatever the name.
    Map(Vec<(Option<Values>, Values)>),
}

thread_local! {
    static HOLES: RefCell<HashMap<Box<str>, Values>> = RefCell::default();
}

/// The values that an expression may have.
pub type Values = Rc<Vec<Item>>;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Item {
    /// The value.
    pub value: Value,
    /// How sure it is.
    pub certainty: Certainty,
}

/// Certain, and the only one.
pub fn only(value: Value) -> Values {
    Rc::new(vec![Item { value, certainty: Certainty::Certain }])
}

/// None.
pub fn none() -> Values {
    Rc::default()
}

/// Something unknown by a name.
pub fn hole(name: &str) -> Values {
    // Most of what is asked for is unknown, under few names.
    HOLES.with_borrow_mut(|holes| {
        if let Some(known) = holes.get(name) {
            return known.clone();
        }
        let hole = only(Value::Text(Text { parts: vec![Part::Hole(tidy(name).into())], config: None }));
        holes.insert(name.into(), hole.clone());
        hole
    })
}

/// A literal text.
pub fn literal(text: &str) -> Text {
    let parts = if text.is_empty() { Vec::new() } else { vec![Part::Literal(text.to_owned())] };
    Text { parts, config: None }
}

/// All values of all, without doubles.
pub fn union(all: impl IntoIterator<Item = Values>) -> Values {
    let mut items: Vec<Item> = Vec::new();
    let mut first: Option<Values> = None;
    for values in all {
        match &first {
            None => {
                items.extend(values.iter().cloned());
                first = Some(values);
            }
            Some(_) => {
                for item in values.iter() {
                    add(&mut items, item.clone());
                }
            }
        }
    }
    Rc::new(items)
}

/// Adds a value, if it is not there.
pub fn add(items: &mut Vec<Item>, item: Item) {
    if let Some(known) = items.iter_mut().find(|known| known.value == item.value) {
        known.certainty = known.certainty.min(item.certainty);
    } else if items.len() < WIDTH {
        items.push(item);
    }
}

/// The same values, no surer than this.
pub fn at_most(values: &Values, certainty: Certainty) -> Values {
    if values.iter().all(|item| item.certainty >= certainty) {
        return values.clone();
    }
    Rc::new(
        values
            .iter()
            .map(|item| Item { value: item.value.clone(), certainty: item.certainty.max(certainty) })
            .collect(),
    )
}

impl Text {
    /// Adds a part at the end.
    pub fn push(&mut self, part: Part) {
        match (self.parts.last_mut(), part) {
            (Some(Part::Literal(last)), Part::Literal(more)) => last.push_str(&more),
            (_, Part::Literal(text)) if text.is_empty() => {}
            (_, part) => self.parts.push(part),
        }
    }

    /// Adds another text at the end.
    pub fn append(&mut self, other: &Self) {
        for part in &other.parts {
            self.push(part.clone());
        }
    }

    /// The text, if it has no hole.
    pub fn plain(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// Is nothing of it known?
    pub fn is_hole(&self) -> bool {
        matches!(self.parts.as_slice(), [Part::Hole(_)])
    }

    /// The same with each literal changed.
    pub fn map(&self, change: impl Fn(&str) -> String) -> Self {
        let mut text = Self::default();
        for part in &self.parts {
            text.push(match part {
                Part::Literal(literal) => Part::Literal(change(literal)),
                other => other.clone(),
            });
        }
        text
    }
}

impl Value {
    /// As text, where it has one.
    pub fn text(&self) -> Option<&Text> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// Is nothing known of it?
    pub fn is_hole(&self) -> bool {
        self.text().is_some_and(Text::is_hole)
    }
}

/// A name as that of a param: `self._user_id` is `user_id`, `orderId` is `order_id`.
pub fn tidy(name: &str) -> String {
    let mut tidy = String::new();
    let mut before_lower = false;
    for c in name.trim_matches('_').chars() {
        if c.is_ascii_uppercase() {
            if before_lower {
                tidy.push('_');
            }
            tidy.push(c.to_ascii_lowercase());
        } else if c.is_ascii_alphanumeric() || c == '_' {
            tidy.push(c);
        }
        before_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
    }
    if tidy.is_empty() || tidy.starts_with(|c: char| c.is_ascii_digit()) {
        tidy.insert_str(0, "value");
    }
    tidy
}
