//! Two registries -> their changes, told by module, section and entry.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};

use super::tree;
use crate::registry::{Address, Registry};
use crate::source::Span;

/// One thing that is not as it was.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// The module; none for what registry.yaml says.
    pub module: Option<String>,
    /// The part of the file.
    pub section: Section,
    /// The entry's name, as it is now, or was.
    pub entry: Option<String>,
    /// The pattern of a key or channel, as it is now, or was.
    pub pattern: Option<String>,
    /// The names that lead to it inside the entry; empty for the entry itself.
    pub path: Vec<String>,
    /// What happened.
    pub happened: Happened,
    /// What it was.
    pub old: Option<Value>,
    /// What it is.
    pub new: Option<Value>,
    /// Where it stands now; of what was removed, where it stood.
    #[serde(skip)]
    pub span: Option<Span>,
}

/// What happened to a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Happened {
    /// It was not there before.
    Added,
    /// It is not there any more.
    Removed,
    /// It has another value.
    Changed,
    /// An entry has another name, or another module, and the same pattern.
    Renamed,
}

/// The parts of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Section {
    /// What is said of the system or module as a whole.
    About,
    /// Buses.
    Buses,
    /// Services.
    Services,
    /// Config variables.
    Config,
    /// Params.
    Params,
    /// Payloads.
    Payloads,
    /// Keys.
    Keys,
    /// Channels.
    Channels,
}

impl Section {
    /// The sections that hold named entries, in the order of the format.
    const NAMED: [Self; 7] =
        [Self::Buses, Self::Services, Self::Config, Self::Params, Self::Payloads, Self::Keys, Self::Channels];

    /// The field of the format.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::About => "about",
            Self::Buses => "buses",
            Self::Services => "services",
            Self::Config => "config",
            Self::Params => "params",
            Self::Payloads => "payloads",
            Self::Keys => "keys",
            Self::Channels => "channels",
        }
    }

    /// The field of an entry that holds its pattern.
    fn pattern(self) -> Option<&'static str> {
        match self {
            Self::Keys => Some("key"),
            Self::Channels => Some("channel"),
            _ => None,
        }
    }
}

/// One file of a registry as data.
struct File {
    /// The module; none for registry.yaml.
    module: Option<String>,
    tree: usize,
    fields: Map<String, Value>,
}

/// A named entry with where it stands.
#[derive(Clone, Copy)]
struct Entry<'a> {
    module: Option<&'a str>,
    tree: usize,
    name: &'a str,
    value: &'a Value,
}

/// All changes from one registry to another, in the order of the files and sections. The order of entries is no change.
#[must_use]
pub fn changes(old: &Registry, new: &Registry) -> Vec<Change> {
    let (old_files, new_files) = (files(old), files(new));
    let mut out = Vec::new();
    let modules: BTreeSet<&Option<String>> = old_files.iter().chain(&new_files).map(|file| &file.module).collect();
    for module in modules {
        let find = |files: &'_ [File]| files.iter().position(|file| file.module == *module);
        let (before, after) = (find(&old_files).map(|at| &old_files[at]), find(&new_files).map(|at| &new_files[at]));
        about(module.as_deref(), before, after, (old, new), &mut out);
    }
    for section in Section::NAMED {
        let (before, after) = (entries(&old_files, section), entries(&new_files, section));
        compare(section, &before, &after, (old, new), &mut out);
    }
    out.sort_by(|a, b| (&a.module, a.section, &a.entry, &a.path).cmp(&(&b.module, b.section, &b.entry, &b.path)));
    out
}

fn files(registry: &Registry) -> Vec<File> {
    let read = |(tree, node): (usize, &crate::source::Node)| {
        let Value::Object(fields) = node.to_json() else { return None };
        let module = (tree > 0).then(|| fields.get("module").and_then(Value::as_str).unwrap_or_default().to_owned());
        Some(File { module, tree, fields })
    };
    registry.trees.iter().enumerate().filter_map(read).collect()
}

fn entries(files: &[File], section: Section) -> Vec<Entry<'_>> {
    let mut entries = Vec::new();
    for file in files {
        let (module, tree) = (file.module.as_deref(), file.tree);
        let named = file.fields.get(section.as_str()).and_then(Value::as_object);
        entries.extend(named.into_iter().flatten().map(|(name, value)| Entry { module, tree, name, value }));
    }
    entries
}

/// What a file says outside its named entries; of a file that came or went, that alone.
fn about(
    module: Option<&str>,
    before: Option<&File>,
    after: Option<&File>,
    (old, new): (&Registry, &Registry),
    out: &mut Vec<Change>,
) {
    let rest = |file: Option<&File>| {
        let fields = file.map(|file| file.fields.clone()).unwrap_or_default();
        let is_named = |name: &str| Section::NAMED.iter().any(|section| section.as_str() == name);
        Value::Object(fields.into_iter().filter(|(name, _)| !is_named(name)).collect())
    };
    let change = |path: Vec<String>, happened, values: (Option<Value>, Option<Value>)| {
        let registry = if values.1.is_some() { new } else { old };
        let tree = if values.1.is_some() { after } else { before }.map(|file| file.tree);
        let span = tree.map(|tree| span(registry, tree, &path));
        let module = module.map(str::to_owned);
        Change {
            module,
            section: Section::About,
            entry: None,
            pattern: None,
            path,
            happened,
            old: values.0,
            new: values.1,
            span,
        }
    };
    match (before, after) {
        (None, Some(_)) => out.push(change(Vec::new(), Happened::Added, (None, Some(rest(after))))),
        (Some(_), None) => out.push(change(Vec::new(), Happened::Removed, (Some(rest(before)), None))),
        _ => {
            for found in tree::differences(&rest(before), &rest(after)) {
                out.push(change(found.path, found.happened, (found.old, found.new)));
            }
        }
    }
}

fn compare(
    section: Section,
    before: &[Entry<'_>],
    after: &[Entry<'_>],
    (old, new): (&Registry, &Registry),
    out: &mut Vec<Change>,
) {
    let same = |a: &Entry<'_>, b: &Entry<'_>| a.module == b.module && a.name == b.name;
    let mut gone: Vec<Entry<'_>> = before.iter().filter(|a| !after.iter().any(|b| same(a, b))).copied().collect();
    for entry in after {
        let known = match before.iter().find(|a| same(a, entry)) {
            Some(known) => *known,
            None => match gone.iter().position(|a| is_renamed(section, a, entry)) {
                Some(at) => renamed(section, gone.remove(at), entry, new, out),
                None => {
                    out.push(whole(section, entry, Happened::Added, new));
                    continue;
                }
            },
        };
        for found in tree::differences(known.value, entry.value) {
            let (registry, tree) = if found.new.is_some() { (new, entry.tree) } else { (old, known.tree) };
            let path: Vec<String> = [section.as_str(), entry.name].iter().map(|name| (*name).to_owned()).collect();
            let place = span(registry, tree, &[path, found.path.clone()].concat());
            let mut change = whole(section, entry, found.happened, new);
            (change.path, change.old, change.new, change.span) = (found.path, found.old, found.new, Some(place));
            out.push(change);
        }
    }
    out.extend(gone.iter().map(|entry| whole(section, entry, Happened::Removed, old)));
}

/// Is an entry that is gone the same as one that came? Of keys and channels, by their pattern.
fn is_renamed(section: Section, gone: &Entry<'_>, came: &Entry<'_>) -> bool {
    let Some(field) = section.pattern() else { return false };
    let pattern = |entry: &Entry<'_>| entry.value.get(field).and_then(Value::as_str).map(str::to_owned);
    pattern(gone).is_some() && pattern(gone) == pattern(came) && gone.value.get("bus") == came.value.get("bus")
}

/// Tells that an entry has another name or module, and gives the entry as it was.
fn renamed<'a>(
    section: Section,
    gone: Entry<'a>,
    came: &Entry<'_>,
    new: &Registry,
    out: &mut Vec<Change>,
) -> Entry<'a> {
    let mut change = whole(section, came, Happened::Renamed, new);
    let named = |entry: &Entry<'_>| Value::String([entry.module.unwrap_or("registry"), entry.name].join("."));
    (change.old, change.new) = (Some(named(&gone)), Some(named(came)));
    out.push(change);
    gone
}

fn whole(section: Section, entry: &Entry<'_>, happened: Happened, registry: &Registry) -> Change {
    let pattern = section.pattern().and_then(|field| entry.value.get(field)).and_then(Value::as_str);
    let value = Some(entry.value.clone());
    let (old, new) = if happened == Happened::Removed { (value, None) } else { (None, value) };
    Change {
        module: entry.module.map(str::to_owned),
        section,
        entry: Some(entry.name.to_owned()),
        pattern: pattern.map(str::to_owned),
        path: Vec::new(),
        happened,
        old,
        new,
        span: Some(span(registry, entry.tree, &[section.as_str().to_owned(), entry.name.to_owned()])),
    }
}

fn span(registry: &Registry, tree: usize, path: &[String]) -> Span {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    registry.span(&Address { tree, path: Vec::new() }, &names)
}
