//! Two values -> where they differ. Lists whose order says nothing are compared as sets, lists of named things by their names.

use serde_json::Value;

use super::Happened;

/// Fields that hold sets of words: their order says nothing.
const SETS: [&str; 14] = [
    "operations",
    "reads",
    "needs",
    "examples",
    "owns",
    "required",
    "enum",
    "names",
    "users",
    "from",
    "values",
    "type",
    "groups",
    "dependentRequired",
];
/// Fields by which the items of a list are known, in order of preference.
const NAMES: [&str; 3] = ["name", "stage", "condition"];

/// One place where two values differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The names that lead there. Of an item of a set the word itself, of a named one its name, else its position.
    pub path: Vec<String>,
    /// What happened.
    pub happened: Happened,
    /// What it was.
    pub old: Option<Value>,
    /// What it is.
    pub new: Option<Value>,
}

/// All places where two values differ, in the order of the new one, what is gone behind.
pub fn differences(old: &Value, new: &Value) -> Vec<Difference> {
    let mut out = Vec::new();
    walk(&mut Vec::new(), Some(old), Some(new), &mut out);
    out
}

fn walk(path: &mut Vec<String>, old: Option<&Value>, new: Option<&Value>, out: &mut Vec<Difference>) {
    match (old, new) {
        (Some(old), Some(new)) if old == new => {}
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            let names = after.keys().chain(before.keys().filter(|name| !after.contains_key(*name)));
            for name in names {
                path.push(name.clone());
                walk(path, before.get(name), after.get(name), out);
                path.pop();
            }
        }
        (Some(Value::Array(before)), Some(Value::Array(after))) => lists(path, before, after, out),
        (None, None) => {}
        _ => {
            let happened = match (old, new) {
                (None, _) => Happened::Added,
                (_, None) => Happened::Removed,
                _ => Happened::Changed,
            };
            out.push(Difference { path: path.clone(), happened, old: old.cloned(), new: new.cloned() });
        }
    }
}

fn lists(path: &mut Vec<String>, before: &[Value], after: &[Value], out: &mut Vec<Difference>) {
    let is_set = path.last().is_some_and(|field| SETS.contains(&field.as_str()));
    let labels = |items: &[Value]| -> Option<Vec<String>> {
        let label = |item: &Value| {
            if is_set && !item.is_object() && !item.is_array() {
                return Some(item.as_str().map_or_else(|| item.to_string(), str::to_owned));
            }
            let named = NAMES.iter().find_map(|field| item.get(field)?.as_str())?;
            // A consumer may read on two buses.
            Some(
                item.get("bus")
                    .and_then(Value::as_str)
                    .map_or_else(|| named.to_owned(), |bus| format!("{named} on {bus}")),
            )
        };
        let labels: Option<Vec<String>> = items.iter().map(label).collect();
        labels.filter(|labels| labels.iter().enumerate().all(|(at, label)| !labels[..at].contains(label)))
    };
    let (old_labels, new_labels) = match (labels(before), labels(after)) {
        (Some(old), Some(new)) => (old, new),
        _ => (positions(before), positions(after)),
    };
    for (at, label) in new_labels.iter().enumerate() {
        let known = old_labels.iter().position(|known| known == label);
        path.push(label.clone());
        walk(path, known.map(|known| &before[known]), Some(&after[at]), out);
        path.pop();
    }
    for (at, label) in old_labels.iter().enumerate().filter(|(_, label)| !new_labels.contains(label)) {
        path.push(label.clone());
        walk(path, Some(&before[at]), None, out);
        path.pop();
    }
}

fn positions(items: &[Value]) -> Vec<String> {
    (0..items.len()).map(|at| at.to_string()).collect()
}
