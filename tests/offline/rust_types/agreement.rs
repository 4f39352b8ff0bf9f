//! Registry, schemars and generated code say the same of every value.

use std::path::Path;

use jsonschema::Validator;
use keywire::registry::{self, Registry};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value as Json, json};

use super::strategies::{anything, mutate, values};
use super::{rich, spot_worker};

fn validator(schema: &Json) -> Validator {
    jsonschema::options().should_validate_formats(true).build(schema).unwrap()
}

fn load(folder: &str) -> Registry {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    registry::load(&root.join(folder)).unwrap_or_else(|error| panic!("{error}"))
}

/// The registry's schema without the keywords that generated code says it does not check.
fn without_unchecked(schema: &Json) -> Json {
    let mut schema = schema.clone();
    if let Some(map) = schema.as_object_mut() {
        map.remove("if");
        map.remove("then");
    }
    fn relax(schema: &mut Json) {
        if let Some(properties) = schema.get_mut("properties").and_then(Json::as_object_mut) {
            for name in ["contact", "pair", "mixed"] {
                if let Some(property) = properties.get_mut(name) {
                    *property = json!(true);
                }
            }
        }
        if let Some(Json::Object(definitions)) = schema.get_mut("$defs") {
            definitions.values_mut().for_each(relax);
        }
    }
    relax(&mut schema);
    schema
}

/// Runs one payload through all three. `$type` and `$module` are the generated type and its module.
macro_rules! agree {
    ($registry:expr, $module:ident, $payload:ident) => {{
        use $module::support::Payload as _;
        type Generated = $module::payloads::$payload;
        let registry: &Registry = $registry;
        let name = stringify!($payload);
        let id = registry.payloads.iter().position(|payload| payload.name == name).unwrap();
        let schema = registry.bundled_schema(registry::PayloadId(id));
        let derived = serde_json::to_value(schemars::schema_for!(Generated)).unwrap();
        let (ours, theirs) = (validator(&schema), validator(&derived));
        let checked = validator(&without_unchecked(&schema));
        let sound = values(&schema, &schema, 0);
        let changes = prop::collection::vec(any::<prop::sample::Index>(), 0..5);
        let mut runner = TestRunner::new(Config { cases: 600, failure_persistence: None, ..Config::default() });
        let result = runner.run(&(sound, changes, anything(), 0..4_u8), |(mut value, path, other, what)| {
            if what > 0 {
                mutate(&mut value, &path, other);
            }
            let verdict = ours.is_valid(&value);
            prop_assert_eq!(verdict, theirs.is_valid(&value), "schemars on {}: {}", name, value);
            let decoded = Generated::decode(value.to_string().as_bytes());
            if verdict {
                prop_assert!(decoded.is_ok(), "{} of {}: {:?}", name, value, decoded.err());
            }
            // What was read can be written, and what is written keeps the contract.
            if let Ok(decoded) = &decoded {
                let encoded = decoded.encode().unwrap();
                let written: Json = serde_json::from_slice(encoded.as_bytes()).unwrap();
                prop_assert!(checked.is_valid(&written), "{} read {} and wrote {}", name, value, written);
                prop_assert_eq!(&Generated::decode(encoded.as_bytes()).unwrap(), decoded);
            }
            // Only unknown fields may stand between what is read and what is right.
            if decoded.is_ok() && !checked.is_valid(&value) {
                let text = checked.iter_errors(&value).map(|error| error.to_string()).collect::<Vec<_>>().join("\n");
                let unknown = text.contains("Additional properties") || text.contains("False schema");
                prop_assert!(unknown, "{} read {}: {}", name, value, text);
            }
            Ok(())
        });
        if let Err(error) = result {
            panic!("{error}");
        }
    }};
}

#[test]
fn all_agree_on_the_pipeline() {
    agree!(&load("schema"), spot_worker, SpotPrice);
}

#[test]
fn all_agree_on_the_rich_payload() {
    agree!(&load("tests/fixtures/rust_types"), rich, Order);
}

#[test]
fn all_agree_on_objects_and_unions() {
    let registry = load("tests/fixtures/rust_types");
    agree!(&registry, rich, Shared);
    agree!(&registry, rich, Event);
    agree!(&registry, rich, Loose);
    agree!(&registry, rich, Extended);
    agree!(&registry, rich, Open);
    agree!(&registry, rich, Conditional);
    agree!(&registry, rich, Tree);
    agree!(&registry, rich, Empty);
    agree!(&registry, rich, Locals);
}

#[test]
fn all_agree_on_other_values() {
    let registry = load("tests/fixtures/rust_types");
    agree!(&registry, rich, Tags);
    agree!(&registry, rich, Level);
    agree!(&registry, rich, Count);
    agree!(&registry, rich, Maybe);
    agree!(&registry, rich, Table);
    agree!(&registry, rich, Free);
}
