//! A draft put into hand-written texts adds what is missing, changes nothing else, and does so once.

use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::into::{Merged, merge};
use super::{Draft, Node, Value};
use crate::registry::load_texts;
use crate::source::{self, FileId, NodeKind};

type Texts = Vec<(PathBuf, String)>;

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("schema")];
    let fixtures = std::fs::read_dir(root.join("tests/fixtures/registries")).unwrap();
    folders.extend(fixtures.map(|entry| entry.unwrap().path()));
    folders.sort();
    folders
}

fn read(folder: &Path) -> Texts {
    let text = |path: PathBuf| (path.strip_prefix(folder).unwrap().to_owned(), std::fs::read_to_string(&path).unwrap());
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder.join("modules")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    std::iter::once(folder.join("registry.yaml")).chain(paths).map(text).collect()
}

/// All that texts say, as a draft.
fn draft(texts: &Texts) -> Draft {
    let mut draft = Draft::default();
    for (at, (_, text)) in texts.iter().enumerate() {
        let Value::Map(fields) = Node::from(&source::parse(FileId(0), text).unwrap().to_json()).value else { panic!() };
        if at == 0 {
            draft.registry = fields;
        } else {
            let Value::Text(name) = fields[0].1.value.clone() else { panic!() };
            draft.modules.push((name, fields));
        }
    }
    draft
}

fn put(texts: &Texts, merged: &Merged) -> Texts {
    let mut texts = texts.clone();
    for (path, text) in &merged.texts {
        match texts.iter_mut().find(|(known, _)| known == path) {
            Some((_, known)) => known.clone_from(text),
            None => texts.push((path.clone(), text.clone())),
        }
    }
    texts
}

/// What texts say, whatever the order of names and items.
fn meaning(texts: &Texts) -> Vec<(PathBuf, String)> {
    fn sorted(json: &serde_json::Value) -> serde_json::Value {
        match json {
            serde_json::Value::Array(items) => {
                let mut items: Vec<_> = items.iter().map(sorted).collect();
                items.sort_by_key(ToString::to_string);
                items.into()
            }
            serde_json::Value::Object(fields) => {
                let mut fields: Vec<_> = fields.iter().map(|(name, value)| (name.clone(), sorted(value))).collect();
                fields.sort_by(|a, b| a.0.cmp(&b.0));
                serde_json::Value::Object(fields.into_iter().collect())
            }
            other => other.clone(),
        }
    }
    let mut all: Vec<(PathBuf, String)> = texts
        .iter()
        .map(|(path, text)| (path.clone(), sorted(&source::parse(FileId(0), text).unwrap().to_json()).to_string()))
        .collect();
    all.sort();
    all
}

/// Places in a text of entries and items that can be taken out and come back: those of the format, not of schemas.
fn removable(text: &str) -> Vec<std::ops::Range<usize>> {
    fn visit(text: &str, node: &source::Node, path: &mut Vec<String>, out: &mut Vec<std::ops::Range<usize>>) {
        const FIXED: [&str; 8] = ["module", "bus", "keywire", "name", "buses", "key", "channel", "owns"];
        for entry in node.entries() {
            let at_root = path.is_empty();
            let fixed = FIXED.contains(&entry.name.as_str()) || path.iter().any(|part| part == "payloads");
            let is_param = path.first().is_some_and(|part| part == "params" || part == "config");
            let is_list_item = matches!(&entry.value.kind, NodeKind::Scalar { .. }) && entry.value.text().is_none();
            let start = text[..entry.name_span.start as usize].rfind('\n').map_or(0, |at| at + 1);
            let alone = text[start..entry.name_span.start as usize].trim().is_empty();
            let end = entry.value.span.start.max(entry.name_span.end) as usize;
            let whole = entry.value.span.end as usize;
            let end_of_line = text[whole.max(end)..].find('\n').map_or(text.len(), |at| whole.max(end) + at + 1);
            let is_block_scalar = matches!(text.as_bytes()[entry.value.span.start as usize], b'|' | b'>');
            let only = node.entries().len() == 1;
            if !fixed
                && !is_param
                && !is_list_item
                && alone
                && !is_block_scalar
                && (!at_root || entry.name != "payloads")
                && !only
            {
                out.push(start..end_of_line);
            }
            path.push(entry.name.clone());
            visit(text, &entry.value, path, out);
            path.pop();
        }
        for item in node.items() {
            if path.last().is_some_and(|name| name == "consumers") {
                visit(text, item, path, out);
            }
        }
    }
    let mut out = Vec::new();
    visit(text, &source::parse(FileId(0), text).unwrap(), &mut Vec::new(), &mut out);
    out
}

/// The texts without some of their entries; no range within another.
fn without(texts: &Texts, chosen: &[proptest::sample::Index]) -> Texts {
    let mut texts = texts.clone();
    for index in chosen {
        let all: Vec<(usize, std::ops::Range<usize>)> = texts
            .iter()
            .enumerate()
            .flat_map(|(at, (_, text))| removable(text).into_iter().map(move |range| (at, range)))
            .collect();
        if all.is_empty() {
            return texts;
        }
        let (at, range) = index.get(&all).clone();
        let mut fewer = texts.clone();
        fewer[at].1.replace_range(range, "");
        // What others refer to stays.
        if load_texts(fewer.clone()).is_ok() {
            texts = fewer;
        }
    }
    texts
}

fn is_subsequence(old: &str, new: &str) -> bool {
    let mut lines = new.lines();
    old.lines().all(|line| lines.any(|other| other == line))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn what_was_taken_out_comes_back(
        folder in proptest::sample::select(folders()),
        chosen in proptest::collection::vec(any::<proptest::sample::Index>(), 0..6),
        crlf in any::<bool>(),
        no_end in any::<bool>(),
    ) {
        let whole = read(&folder);
        let mut fewer = without(&whole, &chosen);
        for (_, text) in &mut fewer {
            if no_end { text.truncate(text.trim_end().len()); }
            if crlf { *text = text.replace('\n', "\r\n"); }
        }
        let full = draft(&whole);
        let merged = merge(&fewer, &full).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert!(merged.findings.is_empty(), "{:?}", merged.findings);
        let again = put(&fewer, &merged);
        if let Err(error) = load_texts(again.clone()) {
            return Err(TestCaseError::fail(error.to_string()));
        }
        for (one, other) in meaning(&again).iter().zip(&meaning(&whole)) {
            let differs = one.1.bytes().zip(other.1.bytes()).position(|(a, b)| a != b).unwrap_or(0).saturating_sub(60);
            let cut = |text: &str| text.get(differs..).unwrap_or_default().chars().take(300).collect::<String>();
            prop_assert!(one == other, "{}\n{}\n{}\n{:?}", one.0.display(), cut(&one.1), cut(&other.1), merged.added);
        }
        prop_assert_eq!(again.len(), whole.len());
        for ((path, old), (_, new)) in fewer.iter().zip(&again) {
            prop_assert_eq!(old.contains("\r\n"), new.contains("\r\n"));
            prop_assert!(!crlf || !new.replace("\r\n", "").contains('\n'), "mixed ends of lines");
            prop_assert!(old.len() <= new.len() && (old == new || is_subsequence(old, new) || folder.ends_with("torture")), "{}\n{}", path.display(), new);
        }
        let second = merge(&again, &full).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert!(second.texts.is_empty(), "{:?}", second.added);
    }
}

fn one(registry: &str, module: &str, add: &str) -> (String, Vec<String>) {
    let texts: Texts = vec![("registry.yaml".into(), registry.into()), ("modules/app.yaml".into(), module.into())];
    let draft = draft(&vec![("registry.yaml".into(), REGISTRY.into()), ("modules/app.yaml".into(), add.into())]);
    let mut draft = draft;
    for (_, fields) in &mut draft.modules {
        for (_, node) in fields.iter_mut().filter(|(name, _)| name == "keys" || name == "channels") {
            let Value::Map(entries) = &mut node.value else { continue };
            for (_, node) in entries {
                let Value::Map(fields) = &mut node.value else { continue };
                for (name, node) in fields {
                    node.evidence = vec![format!("{name}: app.py:1")];
                }
            }
        }
    }
    let merged = merge(&texts, &draft).unwrap_or_else(|error| panic!("{error}"));
    let new = put(&texts, &merged);
    load_texts(new.clone()).unwrap_or_else(|error| panic!("{error}\n{}", new[1].1));
    assert!(merge(&new, &draft).unwrap().texts.is_empty(), "{}", new[1].1);
    let told = merged.findings.iter().map(|finding| {
        let place = merged.registry.sources.place(finding.place.unwrap());
        format!("{}:{}:{} {}: {}", place.path.display(), place.line, place.column, finding.rule, finding.message)
    });
    (new.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("---\n"), told.collect())
}

const REGISTRY: &str = "keywire: 1\nname: x\nbuses:\n  main: {}\n";

#[test]
fn all_layouts_take_what_is_new() {
    let module = "\
# Head.
module: app   # the app
bus: main

keys:
    # Four columns a level.
    cart:
        key: cart:{user}   # by user
        operations: [HSET]      # flow
        consumers:
            - name: web
              reads: GET
            - { name: mail, reads: [HGETALL], } # trailing comma

    list:
        key: list
        type: list
        operations:
        - LPUSH
        # a comment behind the last item
    flow: { key: 'flow', type: string, operations: SET }\t# tab

# The end.
";
    let add = "\
module: app
bus: main
params:
  user: { type: integer }
payloads:
  Cart: { type: object, properties: { a: { $ref: Item } } }
  Item: { type: string }
keys:
  my_cart:
    key: cart:{user}
    type: hash
    fields: { data: Cart }
    operations: [HSET, EXPIRE]
    retention: { ttl: 60s }
    consumers: [{ name: web, reads: [HGET] }, { name: Mail, reads: [HGET] }, { name: new, reads: [HLEN] }]
  list: { key: list, type: list, operations: [LPUSH, LTRIM], retention: { max_entries: 5 } }
  flow: { key: flow, type: string, value: integer, operations: [SET, INCR], retention: { ttl: none } }
  other: { key: 'other:{id}', type: string }
channels:
  news: { channel: news, consumers: [{ name: web }] }
";
    let registry = "keywire: 1\nname: x\nbuses:\n  main: {}\nservices:\n  web: {}\n  mail: { role: Sends mail. }";
    let (text, findings) = one(registry, module, add);
    insta::assert_snapshot!(text);
    assert_eq!(findings, Vec::<String>::new());
}

#[test]
fn what_contradicts_is_told_and_left() {
    let module = "\
module: app
bus: main
config:
  TTL: { type: seconds, default: 60 }
keys:
  a: { key: 'a:{id}', type: string, value: integer, operations: [SET], retention: { ttl: \"{TTL}\" } }
  b:
    key: b
    type: stream
    operations: [XADD]
    retention: { ttl: none, max_entries: ~100 }
  c: { key: 'c:{x}:d', type: string, operations: [SET] }
";
    let add = "\
module: app
bus: main
keys:
  a: { key: 'a:{number}', type: string, value: boolean, operations: [SET], retention: { ttl: 61s } }
  b: { key: b, type: list, operations: [LPUSH], retention: { ttl: 5s, max_entries: 7 } }
  c: { key: 'c:e:{x}', type: string, operations: [SET] }
  d: { key: 'a:fixed', type: string, operations: [SET] }
";
    let (text, findings) = one(REGISTRY, module, add);
    insta::assert_snapshot!(format!("{text}\n{}", findings.join("\n")));
}

#[test]
fn bad_examples_of_rules_fire_them_and_good_ones_do_not() {
    const REGISTRY: &str = "keywire: 1\nname: example\nbuses:\n  main: {}\n";
    let fired = |example: &str| {
        let (own, found) = example.split_once("# draft\n").unwrap();
        let texts = |module: &str| {
            vec![
                (PathBuf::from("registry.yaml"), REGISTRY.to_owned()),
                (PathBuf::from("modules/app.yaml"), module.to_owned()),
            ]
        };
        let merged = merge(&texts(own), &draft(&texts(found))).unwrap();
        merged.findings.into_iter().map(|finding| finding.rule).collect::<Vec<_>>()
    };
    for rule in super::into::RULES {
        assert_eq!(fired(rule.bad), [rule.name]);
        assert_eq!(fired(rule.good), [""; 0]);
    }
}
