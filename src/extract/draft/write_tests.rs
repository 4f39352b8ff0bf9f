//! What is written is read back as the same tree, whatever the texts.

use proptest::prelude::*;

use super::write::{document, write};
use super::{Draft, Node, Value};
use crate::source::{self, FileId, NodeKind};

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{0,8}",
        any::<String>(),
        "[ #:,\\[\\]{}&*!|>'\"%@`~=<?a0\n\t\r\u{85}\u{2028}\u{feff}\u{202e}\u{0}\u{1b}-]{0,12}",
        proptest::sample::select(vec![
            "null",
            "true",
            "5",
            "1e3",
            "0x1f",
            "~",
            "no",
            "---",
            "...",
            "- a",
            "a: b",
            "a #b",
            " a",
            "a ",
            "🚦",
            "\n",
            "%TAG",
            "a:",
            "{x}",
            "*",
            "massive:*",
            "08:30",
            ".5",
            "+1",
            "-",
            "?",
            "é\u{301}",
            "\\d+\"'",
        ])
        .prop_map(str::to_owned),
        "[a-z #:\"]{1100,1300}",
    ]
}

fn nodes() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Flag),
        any::<i64>().prop_map(|number| Value::Number(number.to_string())),
        texts().prop_map(Value::Text),
    ];
    let evidence = || proptest::collection::vec(texts(), 0..2);
    let leaf = (leaf, evidence()).prop_map(|(value, evidence)| Node { value, evidence });
    leaf.prop_recursive(5, 40, 5, move |inner| {
        let list = proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::List);
        let map = proptest::collection::vec((texts(), inner), 0..5).prop_map(|entries| Value::Map(unique(entries)));
        (prop_oneof![list, map], evidence()).prop_map(|(value, evidence)| Node { value, evidence })
    })
}

/// Our reader refuses merge keys and names that stand twice.
fn unique(entries: Vec<(String, Node)>) -> Vec<(String, Node)> {
    let mut known = std::collections::BTreeSet::new();
    entries.into_iter().filter(|(name, _)| name != "<<" && known.insert(name.clone())).collect()
}

fn same(node: &Node, read: &source::Node) -> bool {
    match (&node.value, &read.kind) {
        (Value::Null, _) => read.is_null(),
        (Value::Flag(flag), _) => read.to_json() == serde_json::Value::Bool(*flag),
        (Value::Number(number), _) => read.to_json().to_string() == *number,
        (Value::Text(text), NodeKind::Scalar { text: read_text, .. }) => {
            text == read_text && read.to_json() == serde_json::Value::String(text.clone())
        }
        (Value::List(items), NodeKind::Sequence(read)) => {
            items.len() == read.len() && items.iter().zip(read).all(|(node, read)| same(node, read))
        }
        (Value::Map(entries), NodeKind::Mapping(read)) => {
            let alike =
                |((name, node), read): (&(String, Node), &source::Entry)| *name == read.name && same(node, &read.value);
            entries.len() == read.len() && entries.iter().zip(read).all(alike)
        }
        _ => false,
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(fields in proptest::collection::vec((texts(), nodes()), 1..5)) {
        let fields = unique(fields);
        let text = document(&fields);
        let read = source::parse(FileId(0), &text).map_err(|error| TestCaseError::fail(format!("{error:?}\n{text}")))?;
        prop_assert!(same(&Node { value: Value::Map(fields), evidence: vec![] }, &read), "{}\n{:?}", text, read);
    }
}

#[test]
fn it_looks_as_people_write_it() {
    let text = Node::text;
    let key = Node::map([
        ("key", text("massive:model:spot:{symbol}")),
        ("type", text("string").because("TYPE of 3 of 3 keys")),
        ("operations", Node::texts(["SET"]).because("SET: worker.py:12, worker.py:40")),
        ("retention", Node::map([("ttl", text("none")), ("max_entries", text("~{MAXLEN}"))])),
        (
            "consumers",
            Node::new(Value::List(vec![
                Node::map([("name", text("vigil")), ("reads", Node::texts(["GET", "MGET"]))]).because("GET: a.py:3"),
            ])),
        ),
    ])
    .because("a comment\nthat tries: to break out\u{202e}");
    let draft = Draft {
        registry: vec![
            ("keywire".into(), Node::new(Value::Number("1".into()))),
            ("name".into(), text("demo")),
            ("buses".into(), Node::map([("main", Node::map([("owns", Node::texts(["massive:*"]))]))])),
            ("services".into(), Node::map([("vigil", Node::map::<String>([]))])),
        ],
        modules: vec![(
            "spot".into(),
            vec![
                ("module".into(), text("spot")),
                ("bus".into(), text("main")),
                (
                    "params".into(),
                    Node::map([("symbol", Node::map([("type", text("string")), ("pattern", text(r"[A-Z]\d+"))]))]),
                ),
                (
                    "payloads".into(),
                    Node::map([(
                        "Spot",
                        Node::map([
                            ("type", text("object")),
                            ("required", Node::texts(["value"])),
                            ("properties", Node::map([("value", Node::map([("type", text("number"))]))])),
                        ]),
                    )]),
                ),
                ("keys".into(), Node::map([("spot_latest", key.clone()), ("other", key)])),
            ],
        )],
        unresolved: Vec::new(),
    };
    let texts: Vec<String> =
        write(&draft).into_iter().map(|(path, text)| format!("# {}\n{text}", path.display())).collect();
    insta::assert_snapshot!(texts.join("\n"));
}
