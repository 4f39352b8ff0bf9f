//! The Rust generator: what it plans for the registry of the pipeline, and that its text is Rust in its final layout.

#![allow(clippy::unwrap_used, reason = "the helpers of tests may fail as tests do")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use keywire::generate::rust::{CONTRACT_TEST, RUST, plan};
use keywire::generate::{Artefact, BANNER};
use keywire::registry::{ModuleId, Registry, load, load_texts};
use keywire::settings::GenerateSettings;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pipeline() -> Registry {
    load(&root().join("schema")).unwrap_or_else(|error| panic!("{error}"))
}

fn everything() -> Registry {
    let folder = root().join("tests/fixtures/rust_generator");
    let read = |name: &str| (PathBuf::from(name), std::fs::read_to_string(folder.join(name)).unwrap());
    load_texts([
        read("registry.yaml"),
        read("modules/everything.yaml"),
        read("modules/idle.yaml"),
        read("modules/reader.yaml"),
    ])
    .unwrap_or_else(|error| panic!("{error}"))
}

fn modules(registry: &Registry) -> Vec<ModuleId> {
    (0..registry.modules.len()).map(ModuleId).collect()
}

fn described(registry: &Registry) -> String {
    let mut text = String::new();
    for module in modules(registry) {
        text.push_str(&format!("module {}\n", registry.module(module).name));
        for method in plan::writes(registry, module) {
            let mut arguments = method.params.clone();
            arguments.extend(method.arguments.iter().map(|argument| argument.name.clone()));
            text.push_str(&format!("  write {}({})\n", method.name, arguments.join(", ")));
            method.wire(registry).iter().for_each(|wire| text.push_str(&format!("    {wire}\n")));
        }
        for method in plan::reads(registry, module) {
            let mut arguments = method.params.clone();
            arguments.extend(method.arguments.iter().map(|argument| argument.name.clone()));
            text.push_str(&format!(
                "  read {}({})\n    {}\n",
                method.name,
                arguments.join(", "),
                method.wire(registry)
            ));
        }
    }
    text
}

fn generated(registry: &Registry) -> Vec<Artefact> {
    let settings = GenerateSettings { rust: "out/{module}".to_owned(), ..GenerateSettings::default() };
    (RUST.generate)(registry, &modules(registry), &settings).unwrap()
}

#[test]
fn the_plan_of_the_pipeline() {
    insta::assert_snapshot!(described(&pipeline()));
}

#[test]
fn the_plan_of_everything() {
    insta::assert_snapshot!(described(&everything()));
}

#[test]
fn generated_text_parses_and_has_its_final_layout() {
    for registry in [pipeline(), everything()] {
        for artefact in generated(&registry) {
            let name = artefact.path.display();
            assert!(artefact.text.contains(BANNER), "{name}");
            syn::parse_file(&artefact.text).unwrap_or_else(|error| panic!("{name}: {error}"));
            if let Some(again) = rustfmt(&artefact.text) {
                assert_eq!(again, artefact.text, "{name}");
            }
        }
    }
}

#[test]
fn what_is_generated_never_panics() {
    for artefact in generated(&everything()) {
        for word in [".unwrap()", ".expect(", "panic!", "todo!", "unreachable!"] {
            assert!(!artefact.text.contains(word), "{} has {word}", artefact.path.display());
        }
    }
}

#[test]
fn the_fingerprint_follows_the_meaning_and_not_the_prose() {
    let texts = |module: &str| {
        let registry = "keywire: 1\nname: n\nbuses:\n  b: { env: B }\n".to_owned();
        load_texts([(PathBuf::from("registry.yaml"), registry), (PathBuf::from("modules/m.yaml"), module.to_owned())])
            .unwrap()
    };
    let fingerprint = |purpose: &str, ttl: &str| {
        let key = format!(
            "key: a, purpose: {purpose}, type: string, value: text, operations: [SET], retention: {{ ttl: {ttl} }}"
        );
        let registry = texts(&format!("module: m\nbus: b\nkeys:\n  a: {{ {key} }}\n"));
        let file = generated(&registry).into_iter().find(|artefact| artefact.path.ends_with("mod.rs")).unwrap();
        file.text.lines().find(|line| line.contains("CONTRACT_FINGERPRINT")).unwrap().to_owned()
    };
    assert_eq!(fingerprint("one", "5s"), fingerprint("another", "5s"));
    assert_ne!(fingerprint("one", "5s"), fingerprint("one", "6s"));
}

#[test]
fn the_contract_test_is_made_only_where_it_has_a_place() {
    let registry = pipeline();
    let off = GenerateSettings::default();
    assert!((CONTRACT_TEST.generate)(&registry, &modules(&registry), &off).unwrap().is_empty());
    let on = GenerateSettings { contract_test: "workers/{module}/tests/contract.rs".to_owned(), ..off };
    let made = (CONTRACT_TEST.generate)(&registry, &modules(&registry), &on).unwrap();
    let of_spot = made.iter().find(|file| file.path == Path::new("workers/spot_worker/tests/contract.rs")).unwrap();
    insta::assert_snapshot!(of_spot.text);
}

#[test]
fn config_variables_of_the_wrong_kind_are_refused() {
    let registry = "keywire: 1\nname: n\nbuses:\n  b: { env: B }\n".to_owned();
    let module = "module: m\nbus: b\nconfig:\n  N: { type: seconds, default: 1 }\nkeys:\n  a:\n    key: a\n    type: list\n    element: text\n    operations: [LPUSH]\n    retention: { ttl: none, max_entries: \"{N}\" }\n".to_owned();
    let registry =
        load_texts([(PathBuf::from("registry.yaml"), registry), (PathBuf::from("modules/m.yaml"), module)]).unwrap();
    let error = (RUST.generate)(&registry, &modules(&registry), &GenerateSettings::default()).unwrap_err();
    assert!(format!("{error:#}").contains("declare it as an integer"), "{error:#}");
}

/// What rustfmt makes of a text; `None` where there is no rustfmt.
pub fn rustfmt(text: &str) -> Option<String> {
    use std::io::Write as _;
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    let mut input = child.stdin.take()?;
    let text = text.to_owned();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = child.wait_with_output().ok()?;
    writer.join().ok()?.ok()?;
    assert!(output.status.success(), "rustfmt refuses generated text");
    String::from_utf8(output.stdout).ok()
}
