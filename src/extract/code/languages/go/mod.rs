//! Go: its syntax as a neutral program, and the libraries go-redis, redigo, rueidis and valkey-go.

mod clients;
mod expressions;
mod go_redis;
mod items;
mod literals;
mod packages;
mod redigo;
mod rueidis;
mod select;
mod source;
mod statements;
#[cfg(test)]
mod tests;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use tree_sitter::Node;

use super::super::program::{Statement, Unit};
use super::{Language, parsed};
use source::{Source, children, field};

/// Go.
pub static GO: Language = Language {
    name: "go",
    extensions: &["go"],
    lower,
    clients: &clients::CLIENTS,
    resolve: packages::resolve,
    joint: "/",
    folder_is_module: true,
    constructors: &[],
    fixtures: None,
    tests: &["*_test.go", "testdata", "mock*", "test_*.go"],
    entries: &["main.go"],
};

/// The neutral program of a Go file.
fn lower(path: &Path, text: Arc<str>) -> Unit {
    let mut unit =
        Unit { path: path.to_owned(), text, imports: Vec::new(), body: Vec::new(), entry: false, faults: Vec::new() };
    let trees = parsed::trees(&unit.text, &tree_sitter_go::LANGUAGE.into(), begins, |line| line.starts_with("//"));
    let text = Arc::clone(&unit.text);
    let nodes: Vec<Node<'_>> = trees.iter().flat_map(|tree| children(tree.root_node())).collect();
    let mut source = Source {
        text: &text,
        depth: Cell::new(0),
        faults: RefCell::default(),
        iota: Cell::new(0),
        fields: BTreeMap::new(),
        iterators: RefCell::new(BTreeSet::new()),
    };
    source.fields = structs(&source, &nodes);
    for node in nodes.iter().filter(|node| node.kind() == "import_declaration") {
        packages::imports(&source, *node, &mut unit.imports);
    }
    unit.body = items::items(&source, &nodes);
    let is_main = |statement: &Statement| matches!(statement, Statement::Function(function) if function.name == "main");
    let in_main = nodes.iter().any(|node| node.kind() == "package_clause" && source.of(*node).ends_with(" main"));
    unit.entry = in_main && unit.body.iter().any(is_main);
    unit.faults = source.faults.into_inner();
    unit.faults.extend(trees.iter().flat_map(|tree| parsed::faults(tree.root_node())));
    unit.faults.sort_unstable();
    unit.faults.dedup();
    unit
}

/// The structs of the file with the names of their fields.
fn structs(source: &Source<'_>, nodes: &[Node<'_>]) -> BTreeMap<String, Vec<String>> {
    let specs = nodes.iter().filter(|node| node.kind() == "type_declaration").flat_map(|node| children(*node));
    let named = specs.filter_map(|spec| {
        let kind = field(spec, "type").filter(|kind| kind.kind() == "struct_type")?;
        Some((source.of(field(spec, "name")?).to_owned(), items::field_names(source, kind)))
    });
    named.collect()
}

/// Does a line open a declaration?
fn begins(line: &str) -> bool {
    ["func ", "type ", "var ", "const ", "import "].iter().any(|word| line.starts_with(word))
}
