//! The registry format as data: which objects there are, which fields they have and what each may hold.
//!
//! One place to add a field: `objects`. From these tables come the check of what was written (`conform`), "did you mean",
//! and the JSON Schema for editors (`schema`).

mod conform;
mod leaves;
mod objects;
mod schema;

pub use conform::{Fault, conform};
pub use leaves::SCALARS;
pub use objects::{MODULE, REGISTRY};
pub use schema::json_schema;

/// What a field may hold.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Free text.
    Text,
    /// `true` or `false`.
    Flag,
    /// One of a few words, each with its meaning.
    Word(&'static [(&'static str, &'static str)]),
    /// A single value with a syntax of its own.
    Leaf(&'static Leaf),
    /// A list; a single value counts as a list of one.
    List(&'static Kind),
    /// Any names, each with a value of one kind.
    Map(&'static Kind),
    /// Fixed fields.
    Object(&'static Object),
    /// A single value of the first kind, or a mapping of the second.
    Short(&'static Kind, &'static Kind),
    /// A JSON Schema, written in YAML.
    Schema,
    /// Anything.
    Any,
}

/// A single value with a syntax of its own.
#[derive(Debug)]
pub struct Leaf {
    /// What it is, for messages and the schema: "a duration".
    pub about: &'static str,
    /// Regular expression for editors.
    pub pattern: &'static str,
    /// Examples for editors and hints.
    pub examples: &'static [&'static str],
    /// Reads it; the error says what is wrong and what to write.
    pub check: fn(&str) -> Result<(), String>,
}

/// A mapping with fixed fields.
#[derive(Debug)]
pub struct Object {
    /// What it is, for messages: "a key".
    pub name: &'static str,
    /// One sentence for editors.
    pub about: &'static str,
    /// The fields, in the order in which docs show them.
    pub fields: &'static [Field],
}

/// One field of an object.
#[derive(Debug)]
pub struct Field {
    /// The name as written.
    pub name: &'static str,
    /// What it may hold.
    pub kind: Kind,
    /// Must it be there?
    pub required: bool,
    /// One sentence for editors and docs.
    pub about: &'static str,
}

/// A field that may be left out.
const fn optional(name: &'static str, kind: Kind, about: &'static str) -> Field {
    Field { name, kind, required: false, about }
}

/// A field that must be there.
const fn required(name: &'static str, kind: Kind, about: &'static str) -> Field {
    Field { name, kind, required: true, about }
}
