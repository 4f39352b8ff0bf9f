//! Each folder of `tests/fixtures/import` is an idiom: a document, and the draft that is expected of it.

use super::*;
use keywire::lint::lint;

/// The document of a folder.
fn document(folder: &Path) -> (String, String) {
    let path = std::fs::read_dir(folder)
        .unwrap()
        .map(|item| item.unwrap().path())
        .find(|path| path.file_stem().is_some_and(|stem| stem == "document"))
        .unwrap();
    (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap())
}

fn draft_of_folder(name: &str) -> Draft {
    let (path, text) = document(&folder().join(name));
    draft_of(&[(path.as_str(), text)])
}

#[test]
fn every_idiom_gives_its_draft() {
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(folder()).unwrap().map(|item| item.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    assert!(folders.len() > 6);
    for path in folders {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let draft = draft_of_folder(&name);
        registry_of(&draft);
        insta::assert_snapshot!(format!("import_{name}"), picture(&draft));
    }
}

#[test]
fn a_wiring_document_by_hand_has_its_three_faults() {
    let registry = registry_of(&draft_of_folder("ticker_worker"));
    let rules: Vec<&str> = lint(&registry).iter().map(|finding| finding.rule).collect();
    for rule in ["last-writer-wins", "zset-member-collision", "retention-operation-mismatch"] {
        assert!(rules.contains(&rule), "{rule}: {rules:?}");
    }
    assert!(keywire::lint::blocking(&registry).is_empty(), "verify takes it as it is");
}

#[test]
fn nothing_is_dropped_silently() {
    let draft = draft_of_folder("cells");
    let texts: Vec<(u32, &str)> = draft.unresolved.iter().map(|one| (one.place.line, one.text.as_str())).collect();
    for wanted in [(9, "tree"), (9, "GROW"), (9, "until Tuesday"), (18, "x | red")] {
        assert!(texts.contains(&wanted), "{wanted:?}: {texts:?}");
    }
    let text = "# Shop\n\n| Key | Type | Operations |\n|---|---|---|\n| `a:b` | STRING | SET, GET | read by mail |\n";
    let draft = draft_of(&[("shop.md", text.to_owned())]);
    let texts: Vec<(u32, &str)> = draft.unresolved.iter().map(|one| (one.place.line, one.text.as_str())).collect();
    assert_eq!(texts, [(5, "read by mail")]);
    let own = registry_of(&draft).keys[0]
        .consumers
        .iter()
        .map(|of| (of.name.clone(), of.reads[0].name.clone()))
        .collect::<Vec<_>>();
    assert_eq!(own, [("imported".to_owned(), "GET".to_owned())], "a reading command is the module's own read");
    let draft = draft_of_folder("definitions");
    assert!(draft.unresolved.iter().any(|one| one.text == "feature:flags"), "{:?}", draft.unresolved);
    assert!(!draft.unresolved.iter().any(|one| one.text == "session:{id}"), "{:?}", draft.unresolved);
}

/// Names stand in many places of such a document; what is told is told where it is.
#[test]
fn asyncapi_is_told_by_its_true_lines() {
    let three = "asyncapi: 3.0.0
info: { title: orders, description: orders.created and other on kafka. }
servers:
  main: { host: 'localhost:6379', protocol: redis }
  other: { host: 'localhost:9092', protocol: kafka }
channels:
  created:
    address: orders.created
    messages:
      Created: { payload: { type: object, properties: { lines: { $ref: '#/components/schemas/Lines' } } } }
operations:
  lost:
    action: send
    channel: { $ref: '#/channels/gone' }
  odd:
    action: created
    channel: { $ref: '#/channels/created' }
";
    let two = r##"{
  "asyncapi": "2.6.0",
  "info": { "title": "rooms", "version": "1", "description": "rooms/{room} is for chat, other for ops" },
  "servers": {
    "main": { "url": "localhost:6379", "protocol": "redis" },
    "other": { "url": "localhost:1883", "protocol": "mqtt" }
  },
  "channels": {
    "rooms/{room}": {
      "parameters": { "room": { "schema": { "type": "integer" } } },
      "bindings": { "redis": { "queue": "rooms" } },
      "subscribe": { "message": { "name": "Line", "payload": { "$ref": "#/components/schemas/Nowhere" } } }
    }
  }
}
"##;
    for (path, text, expected) in [
        ("three.yaml", three, vec![(5, "other"), (10, "Lines"), (14, "lost"), (16, "odd")]),
        ("two.json", two, vec![(6, "other"), (11, "rooms/{room}"), (12, "Nowhere")]),
    ] {
        let draft = draft_of(&[(path, text.to_owned())]);
        let mut told: Vec<(u32, &str)> =
            draft.unresolved.iter().map(|one| (one.place.line, one.text.as_str())).collect();
        told.sort_unstable();
        assert_eq!(told, expected, "{path}");
    }
}

#[test]
fn hostile_documents_end_in_a_draft_or_an_error() {
    let deep = "> ".repeat(20_000) + "x";
    let lists: String = (0..2_000).map(|depth| format!("{}- `a:b`\n", "  ".repeat(depth % 500))).collect();
    let json = "[".repeat(100_000);
    let yaml = format!("asyncapi: 3.0.0\nx: {}", "[".repeat(100_000));
    let looped = "asyncapi: 3.0.0\ninfo: { title: x }\nchannels: { a: { address: a, messages: { m: { payload: { $ref: '#/components/schemas/A' } } } } }\ncomponents: { schemas: { A: { properties: { a: { $ref: '#/components/schemas/A' } } }, B: { $ref: '#/components/schemas/B' } } }\n";
    let pipes = format!("| Key | Type |\n|---|---|\n| {} | STRING |\n", "a(".repeat(50_000));
    for text in [
        deep,
        lists,
        json,
        yaml,
        looped.to_owned(),
        pipes,
        "a\0b".to_owned(),
        String::new(),
        "%".to_owned(),
        "| Key | Type |\n|--|--|\n| % | % |".to_owned(),
    ] {
        let _ = import(&[Document { path: "x".into(), text }], None, &Plan::default());
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,200}") {
        for form in &keywire::extract::import::FORMS {
            let _ = import(&[Document { path: "x".into(), text: text.clone() }], Some(form), &Plan::default());
        }
    }

    #[test]
    fn any_table_is_read_without_a_panic(cells in proptest::collection::vec("[a-zA-Z0-9:{}<>()*`|,;.~%/ →-]{0,24}", 12)) {
        let mut text = "# X Redis Keys\n\n## Keys\n\n| Key | Purpose | Type | Operations | Lifecycle | Connections |\n|-|-|-|-|-|-|\n".to_owned();
        for row in cells.chunks(6) {
            text.push_str(&format!("| {} |\n", row.join(" | ")));
        }
        for cell in &cells {
            text.push_str(&format!("- {cell}\n"));
        }
        let draft = draft_of(&[("x.md", text)]);
        load_texts(draft::write(&draft)).map_err(|error| proptest::test_runner::TestCaseError::fail(error.to_string()))?;
    }
}
