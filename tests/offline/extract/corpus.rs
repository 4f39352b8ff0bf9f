//! What a case expects (see tests/fixtures/extract/README.md), and how what was found differs from it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use keywire::extract::code::Extract;
use keywire::extract::{Access, Certainty, Kind};
use regex::{Captures, Regex};
use serde_json::Value;

/// What a case expects.
pub(super) struct Expected {
    found: Vec<Value>,
    unresolved: BTreeSet<String>,
    likely: Vec<String>,
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(|text| text.as_str().unwrap().to_owned()).collect()
}

impl Expected {
    pub(super) fn read(case: &Path) -> Self {
        let path = case.join("expected.json");
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for name in value.as_object().unwrap().keys() {
            assert!(["found", "unresolved", "likely"].contains(&name.as_str()), "{}: {name}", path.display());
        }
        Self {
            found: value["found"].as_array().unwrap().clone(),
            unresolved: texts(&value["unresolved"]).into_iter().collect(),
            likely: texts(&value["likely"]),
        }
    }

    /// The same at other places, each of which is `file:line`, with other names of params.
    pub(super) fn moved(mut self, place: impl Fn(&str) -> String, params: &BTreeMap<String, String>) -> Self {
        let param = Regex::new(r"\{(\w+)").unwrap();
        let call = |text: &str| {
            let (command, at) = text.rsplit_once(' ').unwrap();
            format!("{command} {}", place(at))
        };
        for found in &mut self.found {
            let calls: Vec<String> = texts(&found["calls"]).iter().map(|text| call(text)).collect();
            found["calls"] = calls.into();
            let pattern = param.replace_all(found["pattern"].as_str().unwrap(), |name: &Captures<'_>| {
                format!("{{{}", params.get(&name[1]).map_or(&name[1], String::as_str))
            });
            found["pattern"] = pattern.into();
        }
        self.unresolved = self.unresolved.iter().map(|at| place(at)).collect();
        self.likely = self.likely.iter().map(|text| call(text)).collect();
        self
    }
}

/// What an access has under the name of an amount.
type Given = fn(&Access) -> Option<&str>;

const AMOUNTS: [(&str, Given); 3] = [
    ("ttl", |access| access.ttl.as_deref()),
    ("bound", |access| access.bound.as_deref()),
    ("max_age", |access| access.max_age.as_deref()),
];

/// How what was found differs, a line each.
pub(super) fn differences(expected: &Expected, found: &Extract, root: &Path) -> Vec<String> {
    let mut faults = Vec::new();
    let at = |file: &Path, line: u32| {
        format!("{}:{line}", file.strip_prefix(root).unwrap_or(file).display()).replace('\\', "/")
    };
    let kind = |kind: Kind| if kind == Kind::Key { "key" } else { "channel" };
    let mut have = BTreeSet::new();
    let mut certain = BTreeSet::new();
    for sighting in &found.sightings {
        for access in &sighting.accesses {
            let place = access.place.as_ref().unwrap();
            let call = format!("{} {}", access.command, at(&place.file, place.line));
            if access.certainty == Certainty::Certain {
                certain.insert(call.clone());
            }
            have.insert((kind(sighting.kind).to_owned(), sighting.pattern.clone(), call));
        }
    }
    let mut want = BTreeSet::new();
    for entry in &expected.found {
        let pattern = entry["pattern"].as_str().unwrap();
        let of_kind = entry["kind"].as_str().unwrap_or("key");
        want.extend(texts(&entry["calls"]).into_iter().map(|call| (of_kind.to_owned(), pattern.to_owned(), call)));
        let here: Vec<_> = found
            .sightings
            .iter()
            .filter(|sighting| sighting.pattern == pattern && kind(sighting.kind) == of_kind)
            .filter(|sighting| entry["bus"].is_null() || sighting.bus.as_deref() == entry["bus"].as_str())
            .collect();
        if here.is_empty() {
            faults.push(format!("no {pattern} on {}", entry["bus"]));
        }
        if let Some(wanted) = entry["type"].as_str()
            && !here.iter().any(|sighting| sighting.redis_type == Some(wanted))
        {
            faults.push(format!("{pattern} has not the type {wanted}"));
        }
        for (name, given) in AMOUNTS {
            let accesses = here.iter().flat_map(|sighting| &sighting.accesses);
            let values: BTreeSet<&str> = accesses.filter_map(given).collect();
            let wanted: BTreeSet<&str> = entry[name].as_str().into_iter().collect();
            if values != wanted && (!wanted.is_empty() || !values.is_empty()) {
                faults.push(format!("{pattern} has {name} {values:?}, and not {wanted:?}"));
            }
        }
    }
    faults.extend(want.difference(&have).map(|missing| format!("missing {missing:?}")));
    faults.extend(have.difference(&want).map(|extra| format!("extra {extra:?}")));
    let unresolved: BTreeSet<String> = found.unresolved.iter().map(|one| at(&one.place.file, one.place.line)).collect();
    faults.extend(
        expected.unresolved.difference(&unresolved).map(|place| format!("{place} is not reported as unresolved")),
    );
    faults
        .extend(unresolved.difference(&expected.unresolved).map(|place| format!("{place} is reported as unresolved")));
    faults
        .extend(expected.likely.iter().filter(|call| certain.contains(*call)).map(|call| format!("{call} is certain")));
    faults
}
