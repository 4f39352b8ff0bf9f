//! From where code is run: production, scripts, tests, or nowhere, by what the files that run by themselves import.

use std::collections::HashSet;

use serde::Serialize;

use super::index::{Kind, Program, normal};
use super::modules::Modules;

/// From where a file is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    /// From what runs in production, or of a library from outside.
    Production,
    /// From a script or command-line tool only.
    Script,
    /// From tests only.
    Test,
    /// From nowhere.
    Dead,
}

const SCRIPTS: &[&str] =
    &["scripts", "script", "tools", "bin", "examples", "example", "commands", "benchmarks", "benches", "cli.py"];

/// The modules that each module imports.
pub fn imports(program: &Program<'_>, modules: &Modules<'_>) -> Vec<Vec<usize>> {
    let mut imports: Vec<Vec<usize>> = vec![Vec::new(); program.scopes.len()];
    for (unit, source) in program.sources.iter().enumerate() {
        let module = program.module_of[unit];
        let joint = source.language.joint;
        for import in &source.unit.imports {
            let inner = import.name.as_ref().map(|name| {
                if import.from.ends_with(joint) {
                    format!("{}{name}", import.from)
                } else {
                    format!("{}{joint}{name}", import.from)
                }
            });
            let targets = [Some(import.from.clone()), inner];
            imports[module].extend(targets.into_iter().flatten().filter_map(|from| modules.at(unit, &from)));
        }
    }
    imports
}

/// Which files may be loaded by a program that loads one that speaks Redis: all that imports such a file, by however many steps,
/// and all that this imports. No other file sees an object that such a file makes.
pub fn beside(program: &Program<'_>, imports: &[Vec<usize>]) -> Vec<bool> {
    let mut importers: Vec<Vec<usize>> = vec![Vec::new(); imports.len()];
    for (module, imported) in imports.iter().enumerate() {
        imported.iter().for_each(|imported| importers[*imported].push(module));
    }
    let mut seen = vec![false; imports.len()];
    let speaks = (0..).zip(program.sources).filter(|(_, source)| source.speaks);
    let mut ahead: Vec<usize> = speaks.map(|(unit, _): (usize, _)| program.module_of[unit]).collect();
    let mut loaded = Vec::new();
    while let Some(module) = ahead.pop() {
        if !std::mem::replace(&mut seen[module], true) {
            loaded.push(module);
            ahead.extend(&importers[module]);
        }
    }
    let mut beside = vec![false; imports.len()];
    while let Some(module) = loaded.pop() {
        if !std::mem::replace(&mut beside[module], true) {
            loaded.extend(&imports[module]);
        }
    }
    program.module_of.iter().map(|module| beside[*module]).collect()
}

/// From where each file is run.
pub fn reach(program: &Program<'_>, imports: &[Vec<usize>]) -> Vec<Reach> {
    let count = program.sources.len();
    let mut roots: [Vec<usize>; 3] = Default::default();
    for (unit, source) in program.sources.iter().enumerate() {
        let module = program.module_of[unit];
        let path = normal(&source.unit.path.to_string_lossy());
        let parts: Vec<&str> = path.split('/').collect();
        let file = parts.last().copied().unwrap_or_default();
        let language = source.language;
        let is = |globs: &[&str]| globs.iter().any(|known| parts.iter().any(|part| glob(known, part)));
        if is(language.tests) {
            roots[2].push(module);
        } else if source.unit.entry && is(SCRIPTS) {
            roots[1].push(module);
        } else if source.unit.entry || language.entries.iter().any(|known| glob(known, file)) {
            roots[0].push(module);
        }
    }
    let tests: HashSet<usize> = roots[2].iter().copied().collect();
    if roots[0].is_empty() {
        // A library: all that is neither test nor script may be run from outside.
        let scripts: HashSet<usize> = roots[1].iter().copied().collect();
        roots[0].extend(program.module_of.iter().filter(|module| !tests.contains(module) && !scripts.contains(module)));
    }
    let mut reach = vec![Reach::Dead; program.scopes.len()];
    for (roots, kind) in roots.into_iter().zip([Reach::Production, Reach::Script, Reach::Test]) {
        let mut ahead = roots;
        while let Some(module) = ahead.pop() {
            let known = reach[module];
            if known <= kind || (kind != Reach::Test && tests.contains(&module)) {
                continue;
            }
            reach[module] = kind;
            ahead.extend(&imports[module]);
        }
    }
    debug_assert!(program.scopes.iter().take(1).all(|scope| scope.kind == Kind::Module));
    (0..count).map(|unit| reach[program.module_of[unit]]).collect()
}

/// Does a name fit a glob with at most two stars?
fn glob(glob: &str, name: &str) -> bool {
    match glob.split_once('*') {
        None => glob == name,
        Some((front, rest)) => match name.strip_prefix(front) {
            None => false,
            Some(left) => match rest.split_once('*') {
                None => left.len() >= rest.len() && left.ends_with(rest),
                Some((middle, end)) => left.contains(middle) && left.ends_with(end),
            },
        },
    }
}
