//! The languages that can be read: how each lowers its syntax to a [`Unit`], and what its Redis libraries look like.
//!
//! To add a language: one file here with its `Language`, and its line in [`LANGUAGES`]. What a language says is data as far as it
//! can be; the evaluator knows no language. Qualified names are joined with `.` in all languages: an import `{from, name}` that
//! leads out of the files read is `from.name` (`redis.asyncio.Redis`, `ioredis.default`, `redis.Client.open`).

mod go;
mod javascript;
mod parsed;
mod python;
mod rust;
#[cfg(test)]
mod shown;
mod syntax;
mod worded;

use std::path::Path;
use std::sync::Arc;

use super::program::{Argument, Expression, Unit};

/// All languages.
pub static LANGUAGES: &[&Language] =
    &[&go::GO, &javascript::JAVASCRIPT, &python::PYTHON, &rust::RUST, &javascript::TYPESCRIPT];

/// The method of `getattr(x, name)`, which is known only when the program runs.
pub const UNKNOWN_METHOD: &str = "<method>";

/// A language that can be read.
#[derive(Debug)]
pub struct Language {
    /// Its name, for `--language`.
    pub name: &'static str,
    /// Extensions of its files, without the dot.
    pub extensions: &'static [&'static str],
    /// The program in neutral terms. Of a broken file, what can be read.
    pub lower: fn(&Path, Arc<str>) -> Unit,
    /// What its Redis libraries look like.
    pub clients: &'static Clients,
    /// Where an import may lead, likeliest first: of the importing file and `from` (for `from a import b`, which may name a
    /// file, it is also asked for `a` and `b` joined by `joint`).
    pub resolve: fn(importer: &Path, from: &str) -> Vec<Target>,
    /// What joins a module's name with one inside it: `.`, `/`, `::`.
    pub joint: &'static str,
    /// Do the files of a folder share their names (Go)?
    pub folder_is_module: bool,
    /// Methods that are run when an object is made: `__init__`, `constructor`. Empty where plain functions do that.
    pub constructors: &'static [&'static str],
    /// The decorator of functions whose results are given to parameters of their name, and the file that holds them for a folder.
    pub fixtures: Option<(&'static str, &'static str)>,
    /// Parts of paths that show a test: folders (`tests`), beginnings or ends of file names (`test_*`, `*.spec.ts`), as globs on one
    /// part of the path.
    pub tests: &'static [&'static str],
    /// Globs of files that run by themselves, whatever imports them (`manage.py`, `main.go`, `bin/*`), on one part of the path.
    pub entries: &'static [&'static str],
}

/// A file or folder that an import may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// This path, relative to the same base as the importer's (normalised, without `..`). A folder means all its files, where
    /// folders are modules.
    Exact(String),
    /// A path that ends so, at a `/`; the one nearest to the importer is taken.
    Suffix(String),
}

/// What a language's Redis libraries, and the functions and methods of its standard library that make texts, look like.
#[derive(Debug)]
pub struct Clients {
    /// Packages whose import shows that a file speaks Redis: `redis`, `ioredis`. Those inside them count too.
    pub modules: &'static [&'static str],
    /// What makes clients, pools and the like, by qualified name.
    pub makers: &'static [Maker],
    /// Types of these packages by their last name, for annotations: `Redis`, `Pipeline`, `MultiplexedConnection`.
    pub types: &'static [(&'static str, Role)],
    /// Methods of clients that give another object and send nothing.
    pub gives: &'static [(&'static str, Gives)],
    /// The words of the call of one method of a client, pipeline or pub/sub object: `set(k, v, ex=60)` is SET k v EX 60. `None`: no
    /// command of Redis.
    pub command: fn(role: Role, method: &str, arguments: &[Argument]) -> Option<Words>,
    /// A call that is a command as a whole, whatever it is called on: `redis::cmd("SET").arg(k).query(&mut c)`. It is given the
    /// outermost call of a chain, and tells which expression is the client, if any is.
    pub whole: Option<fn(&Expression) -> Option<Whole>>,
    /// Methods whose only argument is a list of commands, each a list of words: `pipeline([["set", k, v]])`.
    pub lists: &'static [&'static str],
    /// Methods that no other usual object has, which make a name in `names` a client without further evidence: `zadd`,
    /// `hgetall`.
    pub telling: &'static [&'static str],
    /// Names of variables that may be clients: `r`, `redis_client`. The last resort; compared in lower case, without leading `_`.
    pub names: &'static [&'static str],
    /// Methods of texts, lists and maps; operand 0 is what they are called on.
    pub methods: &'static [(&'static str, Operation)],
    /// Functions by qualified name (`os.getenv`) or, if built in, by their own (`str`); operand 0 is the first argument.
    pub functions: &'static [(&'static str, Operation)],
}

/// A function, class or method of a library that makes an object.
#[derive(Debug)]
pub struct Maker {
    /// Qualified names. `redis.Redis` stands for all packages inside `redis` too (`redis.asyncio.Redis`).
    pub names: &'static [&'static str],
    /// What it makes.
    pub gives: Role,
    /// Arguments that tell the bus, the most telling first: URL, pool, client to wrap, options, host, db.
    pub bus: &'static [At],
}

/// An argument of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// By place, from 0.
    Place(usize),
    /// By name; also a field of a map or struct that is given by place.
    Name(&'static str),
    /// As `Name`; it does not tell the bus, but what the client puts before all keys. Stands before the others.
    Prefix(&'static str),
}

/// What an object of a Redis library is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// A client or connection.
    Client,
    /// A pool or options from which clients are made.
    Pool,
    /// A pipeline or transaction.
    Pipeline,
    /// A pub/sub object.
    PubSub,
    /// A script that can be called; its text is known to the evaluator.
    Script,
    /// A lock; its key is known to the evaluator.
    Lock,
}

/// What a method of a client gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gives {
    /// An object of the same bus.
    Object(Role),
    /// The same object: chained calls, `async with`.
    Itself,
    /// A script, whose text is this argument.
    Script(At),
    /// A pipeline that a callback (this argument) takes as its first parameter: `transaction(func, *watches)`.
    Callback(usize, Role),
}

/// The words of a command. The first is its name.
pub type Words = Vec<Word>;

/// One or several words.
#[derive(Debug, Clone, PartialEq)]
pub enum Word {
    /// As it is.
    Literal(String),
    /// A value. If it turns out to be a list, each element is a word.
    Value(Expression),
    /// Each element of a list is a word; how many, nobody may know.
    Spread(Expression),
    /// The names of a map, each a word.
    Names(Expression),
    /// The values of a map, each a word.
    Values(Expression),
    /// Names and values of a map, in turn.
    Pairs(Expression),
    /// Values and names of a map, in turn: scores and members.
    Reversed(Expression),
    /// How many words the following ones up to the end, or up to the next literal, are: `numkeys`.
    Count,
    /// The token with its value, if that is not null; the token alone where the value is `true`, nothing where it is `false`.
    Option(&'static str, Expression),
    /// As `Option`, where the value is a duration in the language's own type: seconds (`EX`) or milliseconds (`PX`) follow from it.
    Duration(&'static str, Expression),
}

/// A call that is a command as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Whole {
    /// Its words.
    pub words: Words,
    /// What it is sent through.
    pub client: Option<Expression>,
}

/// What functions and methods do to values, as far as keys are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Gives this operand unchanged: `str(x)`, `x.strip()`, `x.encode()`, `x.clone()`, `asyncio.create_task(x)`.
    Same(usize),
    /// `{}`, `{0}` and `{name}` in operand 0 become the others.
    Format,
    /// `%s` and its like in operand 0 become the others.
    Percent,
    /// In operand 0, each operand 1 becomes operand 2.
    Replace,
    /// The elements of operand 1, joined by operand 0.
    JoinBy,
    /// The elements of operand 0, joined by operand 1; a comma if there is none.
    JoinWith,
    /// All operands, one after another.
    Concat,
    /// Upper case.
    Upper,
    /// Lower case.
    Lower,
    /// Operand 0 without this operand at its front or end.
    Strip(usize),
    /// A variable of the environment by name, with a default.
    Environment,
    /// What operand 0 holds under operand 1, or operand 2.
    Get,
    /// The names of a map as a list.
    Names,
    /// The values of a map as a list.
    Values,
    /// Pairs of names and values as a list.
    Items,
    /// The elements with their number: pairs.
    Enumerate,
    /// Pairs of elements of both.
    Zip,
    /// The elements of operand 0, sorted, as a set, as an iterator, ...
    Elements,
    /// The elements of operand 1, each put through function 0.
    Map,
    /// The elements of operand 0, each put through function 1: `list.map(f)`.
    MapWith,
    /// A function with its first arguments: `functools.partial`.
    Partial,
    /// What function 0 gives, called with the others or later: `Depends(f)`, `asyncio.to_thread(f, a)`, `executor.submit(f, a)`.
    Apply(usize),
    /// A number of seconds from this many of a unit, for durations: `timedelta`, `Duration::from_millis`; milliseconds a unit.
    Duration(u64),
    /// A number of a unit of so many nanoseconds, from a duration: `total_seconds`, `as_millis`.
    Units(u64),
    /// Operands 0 and 1 by an operator: `a.saturating_mul(b)`.
    Arithmetic(&'static str),
    /// Operand 0 with the other sign.
    Negate,
    /// The larger or smaller of operands 0 and 1.
    Limit {
        /// The larger?
        larger: bool,
    },
    /// The time at which the program runs: as a time, or as a number of a unit of so many nanoseconds.
    Now(u64),
    /// The time of operand 0 and the duration of operand 1: `now.Add(d)`.
    Shift,
    /// The class of operand 0: `type(x)`.
    ClassOf,
    /// Adds the operands to the list it is called on: `append`, `push`.
    Append,
    /// Adds the elements of the operand to the list: `extend`.
    Extend,
}
