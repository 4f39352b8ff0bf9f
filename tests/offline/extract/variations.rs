//! Variations of a Python case that say the same: other names, another order, other files, inside a function, without `async`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use regex::Regex;

/// A line, and where it stood in the case.
type Lines = Vec<(Option<String>, String)>;

/// A case that was changed.
pub(super) struct Variation {
    pub(super) kind: &'static str,
    pub(super) files: BTreeMap<String, String>,
    places: BTreeMap<String, String>,
}

impl Variation {
    /// Where something is now: `file:line`.
    pub(super) fn place(&self, before: &str) -> String {
        self.places.get(before).unwrap_or_else(|| panic!("{before} was lost")).clone()
    }
}

/// All variations of a case that can be made of it.
pub(super) fn of(case: &Path) -> Vec<Variation> {
    let mut files = BTreeMap::new();
    read(case, case, &mut files);
    // Code that cannot be read as a whole, or is about its names, stays as it is.
    let name = case.file_name().unwrap().to_string_lossy().into_owned();
    if name == "syntax_error" || files.values().flatten().any(|(_, line)| line.contains("global ")) {
        return Vec::new();
    }
    let mut made = Vec::new();
    let mut add = |kind: &'static str, changed: Option<BTreeMap<String, Lines>>| {
        if let Some(changed) = changed.filter(|changed| *changed != files) {
            made.push(finish(kind, changed));
        }
    };
    add("renamed", Some(renamed(&files)));
    add("reordered", Some(each(&files, reordered)));
    add("without async", Some(each(&files, without_async)));
    add("inside a function", (files.len() == 1).then(|| each(&files, inside)));
    add("constants elsewhere", constants_elsewhere(&files));
    add("renamed and reordered", Some(each(&renamed(&files), reordered)));
    made
}

fn read(folder: &Path, root: &Path, files: &mut BTreeMap<String, Lines>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, root, files);
        } else if path.extension().is_some_and(|extension| extension == "py") {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            let text = fs::read_to_string(&path).unwrap();
            let lines =
                text.lines().enumerate().map(|(at, line)| (Some(format!("{name}:{}", at + 1)), line.to_owned()));
            files.insert(name.clone(), lines.collect());
        }
    }
}

fn finish(kind: &'static str, files: BTreeMap<String, Lines>) -> Variation {
    let mut variation = Variation { kind, files: BTreeMap::new(), places: BTreeMap::new() };
    for (name, lines) in files {
        let mut text = String::new();
        for (at, (before, line)) in lines.into_iter().enumerate() {
            if let Some(before) = before {
                variation.places.insert(before, format!("{name}:{}", at + 1));
            }
            text.push_str(&line);
            text.push('\n');
        }
        variation.files.insert(name, text);
    }
    variation
}

fn each(files: &BTreeMap<String, Lines>, change: fn(&Lines) -> Lines) -> BTreeMap<String, Lines> {
    files.iter().map(|(name, lines)| (name.clone(), change(lines))).collect()
}

/// Functions, classes and constants get other names, where these stand in no text.
fn renamed(files: &BTreeMap<String, Lines>) -> BTreeMap<String, Lines> {
    let all: Vec<&str> = files.values().flatten().map(|(_, line)| line.as_str()).collect();
    let text = all.join("\n");
    let named = Regex::new(r"(?m)^\s*(?:async )?(?:def|class) ([A-Za-z]\w*)|^([A-Z][A-Z_]+) = ").unwrap();
    let names: BTreeSet<&str> =
        named.captures_iter(&text).map(|found| found.get(1).or_else(|| found.get(2)).unwrap().as_str()).collect();
    let quoted = Regex::new(r#""[^"\n]*"|'[^'\n]*'"#).unwrap();
    let in_texts: String = quoted.find_iter(&text).map(|found| found.as_str()).collect::<Vec<_>>().join("\n");
    let mut changed = files.clone();
    for name in names {
        let word = Regex::new(&format!(r"\b{name}\b")).unwrap();
        let property = Regex::new(&format!(r"@(property|classmethod|staticmethod)\n\s*def {name}\b")).unwrap();
        if word.is_match(&in_texts)
            || property.is_match(&text)
            || all.iter().any(|line| line.contains("import") && line.contains(&format!("{name}.")))
        {
            continue;
        }
        // `f` stands before texts, too.
        if name.len() < 2 {
            continue;
        }
        // Methods that a library knows by name, and names that files are called by.
        if ["get", "set", "read", "build", "user", "key"].contains(&name)
            || files.keys().any(|file| file.contains(name))
        {
            continue;
        }
        let new = format!("{name}_zq");
        for (_, line) in changed.values_mut().flatten() {
            *line = word.replace_all(line, new.as_str()).into_owned();
        }
    }
    changed
}

/// Blocks of the top level: a line without indent, with all that belongs to it.
fn blocks(lines: &Lines) -> Vec<Lines> {
    let mut blocks: Vec<Lines> = Vec::new();
    let mut open_text = false;
    let mut decorated = false;
    for line in lines {
        let text = &line.1;
        let goes_on = open_text || text.is_empty() || text.starts_with([' ', ')', ']', '}']) || decorated;
        match blocks.last_mut() {
            Some(block) if goes_on => block.push(line.clone()),
            _ => blocks.push(vec![line.clone()]),
        }
        decorated = text.starts_with('@');
        if text.matches("\"\"\"").count() % 2 == 1 {
            open_text = !open_text;
        }
    }
    blocks
}

fn is_definition(block: &Lines) -> bool {
    ["def ", "async def ", "class ", "@"].iter().any(|start| block[0].1.starts_with(start))
}

/// Functions stand in the opposite order; all else stays where it is.
fn reordered(lines: &Lines) -> Lines {
    let blocks = blocks(lines);
    let is_function =
        |block: &&Lines| is_definition(block) && !block.iter().any(|(_, line)| line.starts_with("class "));
    let first = blocks.iter().position(|block| is_function(&block)).unwrap_or(0);
    let main = |block: &Lines| block[0].1.starts_with("if __name__") || block[0].1.is_empty();
    if blocks.iter().skip(first).any(|block| !is_definition(block) && !main(block)) {
        // What is run in between needs the functions before it.
        return lines.clone();
    }
    let mut functions: Vec<Lines> = blocks.iter().filter(is_function).cloned().collect();
    let mut changed = Vec::new();
    for block in &blocks {
        changed.extend(if is_function(&block) { functions.pop().unwrap() } else { block.clone() });
    }
    changed
}

fn without_async(lines: &Lines) -> Lines {
    let change = |line: &str| {
        line.replace("async def", "def").replace("async for", "for").replace("async with", "with").replace("await ", "")
    };
    lines.iter().map(|(place, line)| (place.clone(), change(line))).collect()
}

/// All but imports stands in a function.
fn inside(lines: &Lines) -> Lines {
    let mut outer: Lines = Vec::new();
    let mut inner: Lines = vec![(None, "def everything():".to_owned())];
    let mut open_text = false;
    for block in blocks(lines) {
        let is_import = block[0].1.starts_with("import ") || block[0].1.starts_with("from ");
        for (place, line) in block {
            let keep = open_text || line.is_empty();
            if line.matches("\"\"\"").count() % 2 == 1 {
                open_text = !open_text;
            }
            if is_import {
                outer.push((place, line));
            } else {
                inner.push((place, if keep { line } else { format!("    {line}") }));
            }
        }
    }
    outer.extend(inner);
    outer.extend([(None, String::new()), (None, "everything()".to_owned())]);
    outer
}

/// Constants of the top level stand in a file of their own, and are imported.
fn constants_elsewhere(files: &BTreeMap<String, Lines>) -> Option<BTreeMap<String, Lines>> {
    if files.len() > 1 {
        return None;
    }
    let (name, lines) = files.iter().next()?;
    let constant = Regex::new(r#"^([A-Z][A-Z_]+) = ["\[\{(0-9]"#).unwrap();
    let mut moved: Lines = Vec::new();
    let mut rest: Lines = Vec::new();
    let mut names = Vec::new();
    for block in blocks(lines) {
        match constant.captures(&block[0].1) {
            Some(found) if !block.iter().any(|(_, line)| line.contains("lambda")) => {
                names.push(found[1].to_owned());
                moved.extend(block);
            }
            _ => rest.extend(block),
        }
    }
    if names.is_empty() {
        return None;
    }
    rest.insert(0, (None, format!("from pack.constants import {}", names.join(", "))));
    Some(
        [(name.clone(), rest), ("pack/__init__.py".to_owned(), Vec::new()), ("pack/constants.py".to_owned(), moved)]
            .into(),
    )
}
