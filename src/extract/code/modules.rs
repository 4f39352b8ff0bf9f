//! Where imports lead: to modules of the program, or out of it.

use std::cell::RefCell;

use super::index::{Program, end, normal};
use super::languages::Target;
use super::maps::HashMap;

/// The modules that imports mean, remembered by file.
#[derive(Debug)]
pub struct Modules<'p> {
    program: &'p Program<'p>,
    known: RefCell<Vec<HashMap<String, Option<usize>>>>,
}

impl<'p> Modules<'p> {
    /// Of a program.
    #[must_use]
    pub fn new(program: &'p Program<'p>) -> Self {
        Self { program, known: RefCell::new(vec![HashMap::default(); program.sources.len()]) }
    }

    /// The module of the program that an import of a file means.
    pub fn at(&self, unit: usize, from: &str) -> Option<usize> {
        let known = self.known.borrow().get(unit).and_then(|known| known.get(from).copied());
        known.unwrap_or_else(|| {
            let found = self.find(unit, from);
            if let Some(known) = self.known.borrow_mut().get_mut(unit) {
                known.insert(from.to_owned(), found);
            }
            found
        })
    }

    fn find(&self, unit: usize, from: &str) -> Option<usize> {
        let source = &self.program.sources[unit];
        let importer = normal(&source.unit.path.to_string_lossy());
        (source.language.resolve)(&source.unit.path, from).into_iter().find_map(|target| match target {
            Target::Exact(path) => self.program.by_path.get(&normal(&path)).copied(),
            Target::Suffix(suffix) => {
                let ends = |path: &&String| {
                    path.strip_suffix(suffix.as_str()).is_some_and(|front| front.is_empty() || front.ends_with('/'))
                };
                let paths = self.program.by_end.get(end(&suffix))?.iter().filter(ends);
                let path = paths.max_by_key(|path| (shared(path, &importer), std::cmp::Reverse(path.len())))?;
                self.program.by_path.get(path.as_str()).copied()
            }
        })
    }
}

/// How much of their folders two paths share.
fn shared(a: &str, b: &str) -> usize {
    a.split('/').zip(b.split('/')).take_while(|(a, b)| a == b).count()
}
