//! What payloads are in Rust: the types between JSON Schema (`lower`) and text (`types`, `checks`). Data only.

use serde_json::{Map, Number, Value as Json};

/// A value somewhere in a payload: its type and what else is asked of it.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    /// Its type.
    pub kind: Kind,
    /// May it be null?
    pub nullable: bool,
    /// Does its type contain itself through it, so that it needs a box?
    pub boxed: bool,
    /// What generated code checks beyond the type.
    pub checks: Vec<Check>,
    /// Keywords that the type's own schema lacks.
    pub schema: Map<String, Json>,
    /// Keywords that generated code does not check.
    pub unchecked: Vec<String>,
}

/// A type.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// `i64`
    Integer,
    /// `f64`
    Number,
    /// `bool`
    Boolean,
    /// `String`
    Text,
    /// `serde_json::Value`
    Any,
    /// An enum of words of this file: nothing in it can be wrong.
    Word(String),
    /// A type of this file.
    Named(String),
    /// `Vec`
    List(Box<Slot>),
    /// `BTreeMap` with text as keys
    Map(Box<Slot>),
}

/// What generated code checks beyond the type.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Check {
    /// At least, or more than when exclusive.
    Minimum { limit: Number, exclusive: bool },
    /// At most, or less than when exclusive.
    Maximum { limit: Number, exclusive: bool },
    /// Divisible.
    MultipleOf(Number),
    /// At least so many characters, elements or properties.
    MinSize(u64),
    /// At most so many.
    MaxSize(u64),
    /// Matches a table: its static, and the pattern as written.
    Pattern { table: String, pattern: String },
    /// Passes a function of the run-time support: its name, and what it asks.
    Format { function: &'static str, reason: &'static str },
    /// No two elements are equal.
    Unique,
    /// Is one of these numbers or booleans.
    OneOf(Vec<Json>),
}

/// A type of the generated file.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// Its name.
    pub rust: String,
    /// Its documentation.
    pub about: String,
    /// What it is.
    pub body: Body,
}

/// What a type of the generated file is.
#[derive(Debug, Clone)]
pub(super) enum Body {
    /// An object with known properties.
    Struct(Struct),
    /// One of some words.
    Words(Vec<String>),
    /// One of several objects.
    Union { variants: Vec<Variant>, exclusive: bool, unchecked: bool },
    /// Any other value under a name of its own.
    Wrapper(Slot),
}

/// An object with known properties.
#[derive(Debug, Clone)]
pub(super) struct Struct {
    /// Its properties, in the order of the schema.
    pub fields: Vec<Field>,
    /// All other properties, where the schema says what they are: the field's name and the values.
    pub extra: Option<(String, Slot)>,
    /// Are there no others?
    pub closed: bool,
    /// Bounds on the number of properties.
    pub checks: Vec<Check>,
    /// Keywords that the type's own schema lacks.
    pub schema: Map<String, Json>,
    /// Keywords that generated code does not check.
    pub unchecked: Vec<String>,
}

/// A property.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// The property's name.
    pub property: String,
    /// The field's.
    pub rust: String,
    /// What it says of itself.
    pub about: Option<String>,
    /// Must it be there?
    pub required: bool,
    /// What it holds.
    pub slot: Slot,
}

/// One of several objects.
#[derive(Debug, Clone)]
pub(super) struct Variant {
    /// Its name.
    pub rust: String,
    /// Its type.
    pub holds: String,
    /// What it says of itself.
    pub about: Option<String>,
    /// How many properties it requires: who requires more is tried first.
    pub weight: usize,
    /// Does it contain the union itself?
    pub boxed: bool,
}

impl Slot {
    /// A slot of a type, nothing else asked.
    pub fn of(kind: Kind) -> Self {
        Self { kind, nullable: false, boxed: false, checks: Vec::new(), schema: Map::new(), unchecked: Vec::new() }
    }

    /// Does the schema that the Rust type has of itself say all that the slot asks?
    pub fn says_all(&self) -> bool {
        self.schema.is_empty()
            && match &self.kind {
                Kind::List(inner) | Kind::Map(inner) => inner.says_all(),
                _ => true,
            }
    }

    /// The type, with box and null.
    pub fn rust(&self) -> String {
        let plain = match &self.kind {
            Kind::Integer => "i64".to_owned(),
            Kind::Number => "f64".to_owned(),
            Kind::Boolean => "bool".to_owned(),
            Kind::Text => "String".to_owned(),
            Kind::Any => "serde_json::Value".to_owned(),
            Kind::Named(name) if self.boxed => format!("Box<{name}>"),
            Kind::Named(name) | Kind::Word(name) => name.clone(),
            Kind::List(inner) => format!("Vec<{}>", inner.rust()),
            Kind::Map(inner) => format!("BTreeMap<String, {}>", inner.rust()),
        };
        if self.nullable { format!("Option<{plain}>") } else { plain }
    }
}
