//! The generated JSON Schemas: sound by their dialect, and at one with the registry's own reading of its files.

use std::path::{Path, PathBuf};

use keywire::generate::json_schema::TARGET;
use keywire::generate::{Artefact, BANNER};
use keywire::registry::{ModuleId, format};
use keywire::settings::GenerateSettings;
use keywire::source::{self, FileId};
use serde_json::{Value, json};

use crate::pipeline;

fn artefacts() -> Vec<Artefact> {
    let registry = pipeline();
    let modules: Vec<ModuleId> = (0..registry.modules.len()).map(ModuleId).collect();
    (TARGET.generate)(&registry, &modules, &GenerateSettings::default()).unwrap()
}

fn yaml(text: &str) -> Value {
    source::parse(FileId(0), text).unwrap().to_json()
}

fn yaml_files() -> Vec<PathBuf> {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(schema.join("modules")).unwrap().map(|item| item.unwrap().path()).collect();
    files.push(schema.join("registry.yaml"));
    files
}

#[test]
fn each_schema_is_sound_and_carries_the_banner() {
    for artefact in artefacts() {
        let schema: Value = serde_json::from_str(&artefact.text).unwrap();
        jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{}: {error}", artefact.path.display()));
        jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{}: {error}", artefact.path.display()));
        assert!(schema["$comment"].as_str().unwrap().starts_with(BANNER));
        assert!(schema["$id"].as_str().unwrap().starts_with("urn:keywire:"));
        assert!(artefact.text.ends_with("}\n"));
    }
}

#[test]
fn the_schema_of_a_payload_is_the_one_that_was_written() {
    let artefact = artefacts().into_iter().find(|a| a.path.ends_with("shared/SpotPrice.schema.json")).unwrap();
    insta::assert_snapshot!(artefact.text);
    let schema: Value = serde_json::from_str(&artefact.text).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let price = |value: Value| json!({ "symbol": "SPX", "value": value, "ts": "2026-01-30T14:30:00Z", "source": "feed", "timeframe": "REAL-TIME" });
    assert!(validator.is_valid(&price(json!(6000.5))));
    assert!(!validator.is_valid(&price(json!(0))));
    assert!(!validator.is_valid(&price(json!("6000.5"))));
}

#[test]
fn the_format_accepts_the_files_of_the_pipeline() {
    let validator = jsonschema::validator_for(&format::json_schema()).unwrap();
    for path in yaml_files() {
        let value = yaml(&std::fs::read_to_string(&path).unwrap());
        let errors: Vec<String> =
            validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
    }
}

/// The examples of the format's description, and its short forms.
const REGISTRY: &str = r#"
keywire: 1
name: market-swarm
buses:
  market-redis: { env: MARKET_REDIS_URL, default: "redis://127.0.0.1:6379/0", owns: ["massive:*"], topology: cluster }
services:
  vigil: { role: Detects market events. }
  heartbeat_aggregator: { role: Uptime analysis., scope: admin }
"#;

const MODULE: &str = r#"
module: spot_worker
role: Fetches and publishes real-time spot prices for indices and stocks; unifies formats; captures for diagnostics.
bus: market-redis
clients: { names: [spot_worker*], users: spot }
config:
  MASSIVE_SPOT_SYMBOLS:      { type: list, default: [SPX, NDX, VIX], about: Index symbols. }
  MASSIVE_SPOT_INTERVAL_SEC: { type: seconds, default: 1, min: 0.05 }
params:
  symbol: { type: string, pattern: "[A-Z][A-Z.]{0,9}", from: [MASSIVE_SPOT_SYMBOLS, MASSIVE_STOCK_SYMBOLS], examples: [SPX, SPY] }
  day: { type: date }
  shard: { type: integer, min: 0, max: 15 }
payloads:
  SpotPrice:
    type: object
    required: [symbol, value, ts]
    properties:
      symbol: { type: string }
      value:  { type: number, exclusiveMinimum: 0 }
      ts:     { type: string, format: date-time }
  Twin: { $ref: SpotPrice }
keys:
  spot_latest:
    key: massive:model:spot:{symbol}
    purpose: Latest spot price of one symbol.
    type: string
    value: SpotPrice
    operations: [SET]
    retention: { ttl: none, lifecycle: overwritten }
    cardinality: 20
    freshness: 5s
    consumers:
      - { name: model_builders, reads: [GET], for: underlying prices, needs: [symbol, value], examples: [HeatmapModelBuilder] }
  spot_stream:
    key: massive:spot:stream
    type: stream
    entry: { payload: SpotPrice }
    operations: [XADD]
    retention: { ttl: none, max_entries: "~{MASSIVE_SPOT_STREAM_MAXLEN}" }
    consumers: { name: replay_worker, reads: [XRANGE, XREAD], for: testing }
  counters:
    key: "massive:{{spot}}:{day}"
    type: hash
    fields: { frames: integer, last_ts: { type: date-time, operations: HSET } }
    operations: HINCRBY
    retention: { ttl: { min: 60s, max: "{MAX_SEC}" }, max_entries: 300, max_age: 7d }
    deprecated: { since: 2, remove_after: 2027-01-01 }
channels:
  spot_updates: { channel: "massive:spot", message: SpotPrice, consumers: [ { name: vigil, for: events } ] }
scenarios:
  - { condition: Market open, impact: Grows., handling: Trimmed., action: None. }
flow: [ { stage: Spot, example: publishes } ]
"#;

#[test]
fn the_format_accepts_its_examples() {
    let validator = jsonschema::validator_for(&format::json_schema()).unwrap();
    for text in [REGISTRY, MODULE] {
        let value = yaml(text);
        let errors: Vec<String> =
            validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn the_format_refuses_what_it_does_not_know() {
    let validator = jsonschema::validator_for(&format::json_schema()).unwrap();
    let replaced = |from: &str, to: &str| {
        let text = MODULE.replacen(from, to, 1);
        assert_ne!(text, MODULE, "{from}");
        validator.is_valid(&yaml(&text))
    };
    for (from, to) in [
        ("purpose: Latest", "porpoise: Latest"),
        ("role: Fetches", "roll: Fetches"),
        ("max_age: 7d", "max_age: 7"),
        ("cardinality: 20", "cardinality: -20"),
        ("max_entries: 300", "max_entries: many"),
        ("lifecycle: overwritten", "lifecycle: for ever"),
        ("{ type: date }", "{ type: day }"),
        ("for: testing", "because: testing"),
        ("bus: market-redis\n", ""),
        ("ttl: none", "ttl: never"),
    ] {
        assert!(!replaced(from, to), "{to}");
    }
    assert!(!validator.is_valid(&yaml(&REGISTRY.replace("keywire: 1", "keywire: 1\nkeys: {}"))));
    assert!(!validator.is_valid(&yaml(&REGISTRY.replace("topology: cluster", "topology: cloud"))));
    assert!(!validator.is_valid(&yaml(&REGISTRY.replace("keywire: 1", "keywire: 2"))));
    assert!(!validator.is_valid(&yaml("just text")));
}
