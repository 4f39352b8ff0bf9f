//! A program in neutral terms: what all languages have in common as far as keys are concerned.
//!
//! Lowering drops what does not change a value: `await`, parentheses, `&`, `?`, casts, type assertions. What it does not know it
//! keeps as [`Form::Opaque`] with its children, so that no call inside is lost.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

/// One source file.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// Where it is, as given by the user.
    pub path: PathBuf,
    /// Its text, which spans point into.
    pub text: Arc<str>,
    /// What it imports, wherever in the file.
    pub imports: Vec<Import>,
    /// Its top level, in order.
    pub body: Vec<Statement>,
    /// Does it run by itself: `if __name__ == "__main__"`, a `main` function, a shebang?
    pub entry: bool,
    /// Lines that the parser could not read.
    pub faults: Vec<u32>,
}

/// A name that comes from another file or package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Where from, as written: `..keys`, `./keys.js`, `redis.asyncio`, `crate::keys`.
    pub from: String,
    /// Which of its names; `None` for the whole, `*` for all of them.
    pub name: Option<String>,
    /// What it is called here.
    pub alias: String,
    /// The line, from 1.
    pub line: u32,
}

/// A step of a program.
#[derive(Debug, Clone, PartialEq)]
pub enum Statement {
    /// `target = value`, also of `with ... as`, `const`, `let`, `:=` and fields of classes. `None`: declared without a value.
    Assign {
        /// A name, an attribute, an index, or a list of them.
        target: Expression,
        /// The type that is written for it, as text.
        annotation: Option<String>,
        /// What it becomes.
        value: Option<Expression>,
    },
    /// `target += value` and its like, by the operator without `=`.
    Augment {
        /// What is changed.
        target: Expression,
        /// `+`, `%`, ...
        operator: String,
        /// With what.
        value: Expression,
    },
    /// An expression for its effect.
    Evaluate(Expression),
    /// What a function gives back; also of generators that yield.
    Return(Option<Expression>),
    /// Ways that exclude each other: `if`, `match`, `switch`, `try`. Conditions come before it as `Evaluate`.
    Branches(Vec<Vec<Statement>>),
    /// A loop over something.
    Each {
        /// What each turn sets; a name or a list of names.
        target: Expression,
        /// What is looped over.
        over: Expression,
        /// What is done.
        body: Vec<Statement>,
    },
    /// A loop without a target, or a plain block.
    Block(Vec<Statement>),
    /// A named function or method.
    Function(Arc<Function>),
    /// A class, a struct with its methods, an interface with its types.
    Class(Class),
}

/// A function, method, closure or lambda.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// Its name; empty for a closure.
    pub name: String,
    /// The name of what it is called on, inside: `self`, `this`, `s` in Go. It is not among `parameters`.
    pub receiver: Option<String>,
    /// In order.
    pub parameters: Vec<Parameter>,
    /// Decorators and attributes: `@property`, `#[tokio::main]`.
    pub decorators: Vec<Expression>,
    /// The type that it gives back, as text.
    pub returns: Option<String>,
    /// What it does; of an expression body, one `Return`.
    pub body: Vec<Statement>,
    /// The line, from 1.
    pub line: u32,
}

/// A parameter of a function, or a field of a class with its type.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name; of a pattern (`{redis, prefix}`) each name is a parameter of its own.
    pub name: String,
    /// Its type as text.
    pub annotation: Option<String>,
    /// Its default.
    pub default: Option<Expression>,
    /// Must it be given by name? Of a destructured object, its fields are.
    pub by_name: bool,
    /// Does it take all that is left: `*args`, `...rest`?
    pub rest: bool,
}

/// A class, or a struct with all its methods.
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// What it extends or implements.
    pub bases: Vec<Expression>,
    /// Fields that are declared with a type alone.
    pub fields: Vec<Parameter>,
    /// Attributes (`Assign` to names) and methods (`Function`), in order.
    pub body: Vec<Statement>,
    /// The line, from 1.
    pub line: u32,
}

/// The attribute of an object of an enum that tells its variant; of a word it is the word itself. Lowering uses it where one of
/// several ways is taken by a variant, and no program can write it.
pub const VARIANT: &str = "<variant>";

/// A value as it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    /// Bytes of the unit's text.
    pub span: Range<u32>,
    /// The line, from 1.
    pub line: u32,
    /// What it is.
    pub form: Form,
}

/// The forms of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// A string or bytes, after its escapes.
    Text(String),
    /// A number as written, without separators.
    Number(String),
    /// `true` or `false`.
    Flag(bool),
    /// `None`, `null`, `undefined`, `nil`.
    Null,
    /// Text with values in it: f-strings, template literals, `format!`. Format specifications are dropped.
    Template(Vec<Piece>),
    /// A name, `self` and `this` among them; of paths (`keys::LATEST`, `Keys::latest`) see `Attribute`.
    Name(String),
    /// `a.b`, `a?.b`, `a::b`.
    Attribute(Box<Expression>, String),
    /// `a[b]`.
    Index(Box<Expression>, Box<Expression>),
    /// A call; `new X()` calls `X`.
    Call(Box<Expression>, Vec<Argument>),
    /// A struct literal, `Self { prefix, .. }`: the type and its fields.
    Construct(Box<Expression>, Vec<(String, Expression)>),
    /// `a + b`, `a % b`, by the operator.
    Binary(String, Box<Expression>, Box<Expression>),
    /// One of several: `a or b`, `a || b`, `a ?? b`, `x if c else y`, `unwrap_or(b)`, the arms of a `match`.
    Choice(Vec<Expression>),
    /// A list, tuple, set or array.
    List(Vec<Expression>),
    /// Names with values. A spread (`**other`, `...other`) has no name.
    Map(Vec<(Option<Expression>, Expression)>),
    /// One value for each turn of a loop: `element for target in over`, conditions dropped.
    Comprehension {
        /// What each turn gives.
        element: Box<Expression>,
        /// Targets and what is looped over, outermost first.
        loops: Vec<(Expression, Expression)>,
    },
    /// A closure or lambda.
    Closure(Arc<Function>),
    /// Anything else, with what is inside.
    Opaque(Vec<Expression>),
}

/// A piece of a template.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// Text, after its escapes.
    Text(String),
    /// A value.
    Value(Expression),
}

/// An argument of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    /// Its name, where it is given by name.
    pub name: Option<String>,
    /// Its value.
    pub value: Expression,
    /// Are its elements the arguments: `*args`, `...args`, `args...`? With the name `**`, its fields are.
    pub spread: bool,
}
