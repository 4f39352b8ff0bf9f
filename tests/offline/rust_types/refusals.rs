//! What cannot be generated is said, with the name of the culprit; what is not checked is listed.

use keywire::generate::rust;
use keywire::registry::{ModuleId, load_texts};

const MAIN: &str = "keywire: 1\nname: x\nbuses: { main: {} }\n";

fn generate(
    module: &str,
    with: fn(&keywire::registry::Registry, ModuleId) -> anyhow::Result<String>,
) -> Result<String, String> {
    let texts = [("registry.yaml", MAIN.to_owned()), ("modules/m.yaml", format!("module: m\nbus: main\n{module}"))];
    let registry = load_texts(texts.map(|(path, text)| (path.into(), text))).map_err(|error| error.to_string())?;
    with(&registry, ModuleId(0)).map_err(|error| format!("{error:#}"))
}

#[test]
fn an_oversized_pattern_names_its_param() {
    let module = "params: { id: { pattern: '[ab]*a[ab]{12}' } }\nkeys: { k: { key: 'k:{id}' } }\n";
    let error = generate(module, rust::params).unwrap_err();
    assert!(error.starts_with("module m: the param `id`: ") && error.contains("states"), "{error}");
}

#[test]
fn a_schema_that_cannot_be_written_out_names_its_payload() {
    let module = "payloads:\n  P: { type: object, properties: { a: { type: integer } }, not: { properties: { b: { $ref: P } } } }\n\
                  keys: { k: { key: k, type: string, value: P } }\n";
    let error = generate(module, rust::payloads).unwrap_err();
    assert!(error.contains("payload `P`") && error.contains("refers to itself"), "{error}");
}

#[test]
fn what_is_not_checked_is_listed() {
    let module = "payloads:\n  P: { type: object, required: [a], properties: { a: { type: string, pattern: '(?=x)' }, b: { type: string, format: hostname } }, dependentRequired: { a: [b] } }\n\
                  keys: { k: { key: k, type: string, value: P } }\n";
    let code = generate(module, rust::payloads).unwrap();
    for keyword in ["pattern", "format", "dependentRequired"] {
        assert!(code.contains(&format!("/// Not checked by this code: `{keyword}`.")), "{keyword}: {code}");
    }
}

#[test]
fn names_of_two_modules_are_told_apart() {
    let reader = "keys:\n  own: { key: own, type: string, value: P }\npayloads: { P: { type: integer } }\n";
    let writer = "module: w\nbus: main\npayloads: { P: { type: boolean } }\nkeys:\n  other: { key: other, type: string, value: P, \
                  consumers: [ { name: m, reads: [GET] } ] }\n";
    let texts = [
        ("registry.yaml", MAIN.to_owned()),
        ("modules/m.yaml", format!("module: m\nbus: main\n{reader}")),
        ("modules/w.yaml", writer.to_owned()),
    ];
    let registry = load_texts(texts.map(|(path, text)| (path.into(), text))).unwrap();
    let names: Vec<String> = rust::payload_types(&registry, ModuleId(0)).into_iter().map(|one| one.rust).collect();
    assert_eq!(names, ["P", "WP"]);
}

#[test]
fn a_module_of_nothing_is_still_rust() {
    for with in [rust::params, rust::payloads, rust::config] {
        let code = generate("role: Idle.\n", with).unwrap();
        syn::parse_file(&code).unwrap();
    }
}
