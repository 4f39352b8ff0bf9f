//! What may hold an object of a Redis library, or of a class of the program: coarsely, for all files at once, before anything is
//! evaluated.
//!
//! In: a [`Program`]. Out: a [`Mask`] for each expression that is asked for. What a function or file binds has a [`Node`], and so has
//! what objects of a family of classes have under a name; of an object of which no more is known, an attribute is what any family has
//! under its name. What a function gives and the function itself are one. So a mask tells too much, and never too little: a call on
//! what can be no client is no command, and a call on what can be no object of a class runs none of its methods. The evaluator need
//! not look at either.

mod arguments;
mod graph;
mod leads;
mod names;
mod operations;
mod send;
mod solve;
mod tables;
#[cfg(test)]
mod tests;

use std::cell::RefCell;

pub use self::leads::Exports;
use self::leads::Leads;
use self::tables::Tables;
use super::index::{Kind, Program};
use super::languages::LANGUAGES;
use super::maps::{HashMap, HashSet};
use super::modules::Modules;
use super::program::{Expression, Form};

/// What an expression may be, a bit each; those from [`CLASSES`] on stand for families of classes, several of them for one bit.
pub type Mask = u64;

/// An object of a Redis library.
const OBJECT: Mask = 1;
/// One whose methods give one, whatever they are called: a pool or a pipeline.
const POOL: Mask = 1 << 1;
/// A module, class or function of a Redis library.
const LIBRARY: Mask = 1 << 2;
/// What makes those.
const POOLS: Mask = 1 << 3;
/// A module of the program.
const MODULE: Mask = 1 << 4;
/// A function as a value.
const FUNCTION: Mask = 1 << 5;
/// The first bit of a family.
const CLASSES: usize = 6;

/// Something that holds values: a variable, or a name that many things share. It has two places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Node(u32);

/// A number of a mask.
type Place = u32;

/// Where a value goes: what it is to one place, and what is in it to another.
#[derive(Debug, Clone, Copy)]
struct To {
    value: Place,
    content: Place,
}

impl To {
    /// All of it goes into what is there.
    const fn inside(self) -> Self {
        Self { value: self.content, content: self.content }
    }
}

impl Node {
    /// The place for what it is.
    const fn value(self) -> Place {
        self.0
    }

    /// The place for what is in it, however deep.
    const fn content(self) -> Place {
        self.0 + 1
    }

    /// For what it becomes.
    const fn to(self) -> To {
        To { value: self.value(), content: self.content() }
    }

    /// For what is put into it.
    const fn inside(self) -> To {
        self.to().inside()
    }
}

/// Where values of one place go.
#[derive(Debug, Clone, Copy)]
struct Edge {
    from: Place,
    to: Place,
    way: Way,
}

/// What becomes of a value on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// It stays what it is.
    Same,
    /// It is called, or an object of it is made.
    Called,
    /// A name inside it is taken.
    Inside,
    /// A name inside it is taken that modules have.
    Module,
    /// A name inside it is taken that makes pools.
    Pools,
    /// Something inside a library is called.
    Made,
    /// A method of it is called that gives such an object again.
    Given,
    /// A method of it is called that gives a pipeline.
    Piped,
    /// Any method of it is called.
    Pooled,
}

impl Way {
    fn of(self, mask: Mask) -> Mask {
        match self {
            Self::Same => mask,
            Self::Called => (mask & !(LIBRARY | POOLS | MODULE | FUNCTION)) | Self::Made.of(mask),
            Self::Inside => mask & (LIBRARY | POOLS),
            Self::Module => mask & MODULE,
            Self::Pools => (mask & LIBRARY) | if_has(mask, LIBRARY, POOLS),
            Self::Made => if_has(mask, LIBRARY, OBJECT) | if_has(mask, POOLS, POOL),
            Self::Given => mask & (OBJECT | POOL),
            Self::Piped => if_has(mask, OBJECT | POOL, OBJECT | POOL),
            Self::Pooled => if_has(mask, POOL, OBJECT | POOL),
        }
    }
}

/// A mask, if another has one of these bits.
const fn if_has(mask: Mask, bit: Mask, then: Mask) -> Mask {
    if mask & bit == 0 { 0 } else { then }
}

/// What may hold what.
#[derive(Debug)]
pub struct Flow<'p> {
    /// All files.
    pub program: &'p Program<'p>,
    tables: Vec<Tables>,
    /// What is kept under a name in any object.
    names: HashMap<&'p str, Node>,
    /// What is bound in functions and modules; without a name: what a function gives, and a class.
    locals: HashMap<(usize, &'p str), Node>,
    /// What each place may be.
    masks: Vec<Mask>,
    /// Where values go; empty once all have gone.
    edges: Vec<Edge>,
    /// The family of each class, and its bit.
    families: HashMap<usize, (usize, Mask)>,
    /// Names by which functions and classes are called.
    called: HashSet<&'p str>,
    /// Names that objects keep values under, functions perhaps.
    kept: HashSet<&'p str>,
    /// What files and folders are called, without endings.
    stems: HashSet<&'p str>,
    /// Where imports lead, by address.
    leads: HashMap<usize, Leads>,
    /// Functions and classes that modules have from others as a whole.
    starred: RefCell<HashMap<usize, HashMap<String, Exports>>>,
    /// What is kept in objects of a family under a name, and what its methods give.
    members: HashMap<(usize, &'p str), Node>,
    /// What is set from outside, by the last names of the object and of the attribute.
    set: HashMap<(&'p str, &'p str), Node>,
    /// Modules that are more than a part of a path: they are given to something, or kept.
    loose_modules: HashSet<usize>,
    /// Nodes of calls.
    calls: HashMap<usize, Node>,
    /// Is nothing known, so that everything may be anything?
    blind: bool,
    /// Are names still added?
    open: bool,
    /// Was a node added that is to stay?
    lasting: bool,
}

impl<'p> Flow<'p> {
    /// Of a program.
    #[must_use]
    pub fn new(program: &'p Program<'p>, modules: &Modules<'p>) -> Self {
        let mut flow = Self {
            program,
            tables: LANGUAGES.iter().map(|language| Tables::of(language.clients)).collect(),
            names: HashMap::default(),
            locals: HashMap::default(),
            masks: Vec::new(),
            edges: Vec::new(),
            families: HashMap::default(),
            called: HashSet::default(),
            kept: HashSet::default(),
            stems: program.by_path.keys().flat_map(|path| path.split('/')).map(stem).collect(),
            leads: HashMap::default(),
            starred: RefCell::default(),
            members: HashMap::default(),
            set: HashMap::default(),
            loose_modules: HashSet::default(),
            calls: HashMap::default(),
            blind: false,
            open: true,
            lasting: false,
        };
        flow.follow_imports(modules);
        graph::build(&mut flow);
        flow.edges = Vec::new();
        flow.open = false;
        flow
    }

    /// May an expression be an object of a Redis library?
    pub fn speaks(&mut self, scope: usize, expression: &'p Expression) -> bool {
        self.blind || self.mask(scope, expression).0 & (OBJECT | POOL | LIBRARY) != 0
    }

    /// What a call may run by what it is called on, to be compared with [`Flow::runs`].
    pub fn on(&mut self, scope: usize, called: &'p Expression) -> Mask {
        let Form::Attribute(base, method) = &called.form else { return Mask::MAX };
        if self.blind || self.program.methods.get(method.as_str()).is_some_and(|all| all.len() == 1) {
            // Of something unknown, the only method of that name is taken.
            return Mask::MAX;
        }
        let (value, content) = self.mask(scope, base);
        let mut mask = (value & !FUNCTION) | content;
        if self.kept.contains(method.as_str())
            && let Some(node) = self.names.get(method.as_str())
        {
            mask |= self.masks[node.value() as usize] | self.masks[node.content() as usize];
        }
        mask
    }

    /// What a call must be on to run a function, or to make an object of a class.
    #[must_use]
    pub fn runs(&self, target: usize) -> Mask {
        let class = self.program.scopes[target].parent.filter(|at| self.program.scopes[*at].kind == Kind::Class);
        class.and_then(|class| self.families.get(&class)).map_or(MODULE | FUNCTION, |(_, bit)| *bit)
    }

    /// What an expression may be, and what may be in it.
    fn mask(&mut self, scope: usize, expression: &'p Expression) -> (Mask, Mask) {
        self.lasting = false;
        let end = self.masks.len();
        let node = self.node();
        self.send(scope, expression, node.to());
        // What an edge starts from is complete: inner ones come first.
        for at in 0..self.edges.len() {
            let Edge { from, to, way } = self.edges[at];
            self.masks[to as usize] |= way.of(self.masks[from as usize]);
        }
        self.edges.clear();
        let masks = (self.masks[node.value() as usize], self.masks[node.content() as usize]);
        if !std::mem::take(&mut self.lasting) {
            self.masks.truncate(end);
        }
        masks
    }

    /// The same while edges are still added.
    fn mask_now(&mut self, scope: usize, expression: &'p Expression) -> Mask {
        let edges = std::mem::take(&mut self.edges);
        self.open = false;
        let (mask, _) = self.mask(scope, expression);
        self.open = true;
        self.edges = edges;
        mask
    }

    fn solve(&mut self) {
        solve::solve(&self.edges, &mut self.masks);
    }

    fn tables(&self, scope: usize) -> &Tables {
        let language = self.program.language(scope);
        let at = LANGUAGES.iter().position(|known| std::ptr::eq(*known, language));
        &self.tables[at.unwrap_or(0)]
    }

    fn node(&mut self) -> Node {
        let node = Node(u32::try_from(self.masks.len()).unwrap_or(u32::MAX - 1));
        self.masks.extend([0, 0]);
        node
    }

    /// The node of a name; `None` where it is new and all is known already.
    fn name(&mut self, name: &'p str) -> Option<Node> {
        let known = self.names.get(name).copied();
        known.or_else(|| {
            let node = self.new_node()?;
            self.names.insert(name, node);
            Some(node)
        })
    }

    fn local(&mut self, scope: usize, name: &'p str) -> Option<Node> {
        let known = self.locals.get(&(scope, name)).copied();
        known.or_else(|| {
            let node = self.new_node()?;
            self.locals.insert((scope, name), node);
            Some(node)
        })
    }

    /// What objects of the family of a class have under a name.
    fn member(&mut self, class: usize, name: &'p str) -> Option<Node> {
        let (family, _) = *self.families.get(&class)?;
        let known = self.members.get(&(family, name)).copied();
        known.or_else(|| {
            let node = self.new_node()?;
            self.members.insert((family, name), node);
            if let Some(any) = self.name(name) {
                self.pour(node, any.to());
            }
            Some(node)
        })
    }

    fn set_outside(&mut self, of: &'p str, name: &'p str) -> Option<Node> {
        let known = self.set.get(&(of, name)).copied();
        known.or_else(|| {
            let node = self.new_node()?;
            self.set.insert((of, name), node);
            Some(node)
        })
    }

    fn new_node(&mut self) -> Option<Node> {
        self.open.then(|| self.node())
    }

    fn edge(&mut self, from: Place, to: Place, way: Way) {
        if from != to || way != Way::Same {
            self.edges.push(Edge { from, to, way });
        }
    }

    /// All of a node goes on.
    fn pour(&mut self, from: Node, to: To) {
        self.edge(from.value(), to.value, Way::Same);
        self.edge(from.content(), to.content, Way::Same);
    }

    /// What is in a node goes on.
    fn take(&mut self, from: Node, to: To) {
        self.edge(from.content(), to.value, Way::Same);
        self.edge(from.content(), to.content, Way::Same);
    }

    fn is(&mut self, place: Place, mask: Mask) {
        self.masks[place as usize] |= mask;
    }
}

fn stem(name: &str) -> &str {
    name.split_once('.').map_or(name, |(stem, _)| stem)
}
