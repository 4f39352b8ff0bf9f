//! Packages of Go: what a file imports, and which folder that may be.

use std::path::Path;

use tree_sitter::Node;

use super::super::super::program::Import;
use super::super::Target;
use super::literals;
use super::source::{Source, children, field};

/// First parts of paths of the standard library.
const STANDARD: &[&str] = &[
    "archive",
    "bufio",
    "bytes",
    "cmp",
    "compress",
    "container",
    "context",
    "crypto",
    "database",
    "debug",
    "embed",
    "encoding",
    "errors",
    "expvar",
    "flag",
    "fmt",
    "go",
    "hash",
    "html",
    "image",
    "index",
    "io",
    "iter",
    "log",
    "maps",
    "math",
    "mime",
    "net",
    "os",
    "path",
    "plugin",
    "reflect",
    "regexp",
    "runtime",
    "slices",
    "sort",
    "strconv",
    "strings",
    "structs",
    "sync",
    "syscall",
    "testing",
    "text",
    "time",
    "unicode",
    "unique",
    "unsafe",
];

/// Imports of a declaration.
pub(super) fn imports(source: &Source<'_>, node: Node<'_>, out: &mut Vec<Import>) {
    for spec in children(node) {
        match spec.kind() {
            "import_spec_list" => imports(source, spec, out),
            "import_spec" => {
                let Some(path) = field(spec, "path").map(|path| literals::text(source.of(path))) else { continue };
                let alias = field(spec, "name").map(|name| source.of(name));
                let (name, alias) = match alias {
                    Some("_") => continue,
                    Some(".") => (Some("*".to_owned()), "*".to_owned()),
                    Some(alias) => (None, alias.to_owned()),
                    None => (None, package(&path)),
                };
                let path = library(&path).map_or(path, str::to_owned);
                out.push(Import { from: path, name, alias, line: source.line(spec) });
            }
            _ => {}
        }
    }
}

/// The libraries of Redis by one name each, whatever the version and where they lived before.
fn library(path: &str) -> Option<&'static str> {
    let paths = super::clients::PATHS.iter();
    let is_in =
        |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.']));
    paths.into_iter().find(|(prefix, _)| is_in(prefix)).map(|(_, name)| *name)
}

/// The name of a package by its path, as far as habit tells: without version and without `go` at its ends.
fn package(path: &str) -> String {
    let mut parts = path.rsplit('/');
    let mut last = parts.next().unwrap_or(path);
    if is_version(last)
        && let Some(before) = parts.next()
    {
        last = before;
    }
    let last =
        last.split_once(".v").map_or(last, |(name, version)| if version.parse::<u32>().is_ok() { name } else { last });
    let last = last.strip_prefix("go-").or_else(|| last.strip_suffix("-go")).unwrap_or(last);
    last.rsplit(['-', '.']).next().unwrap_or(last).to_owned()
}

fn is_version(part: &str) -> bool {
    part.strip_prefix('v').is_some_and(|number| number.parse::<u32>().is_ok())
}

/// The folders that an import may mean: the ends of its path, longest first, for the module's own path may stand before them.
pub(super) fn resolve(_importer: &Path, from: &str) -> Vec<Target> {
    let parts: Vec<&str> = from.split('/').collect();
    let first = parts.first().copied().unwrap_or_default();
    if parts.len() < 2 || STANDARD.contains(&first) || first.starts_with("golang.org") || first.starts_with("google.") {
        return Vec::new();
    }
    let tails = (0..parts.len()).filter_map(|start| parts.get(start..)).map(|tail| tail.join("/"));
    tails.filter(|tail| !is_version(tail)).map(Target::Suffix).collect()
}
