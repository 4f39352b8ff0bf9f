//! Wiring docs of a registry of other shapes: several modules and buses, all types, payloads with variants.

use std::path::{Path, PathBuf};

use keywire::generate::markdown::TARGET;
use keywire::registry::{ModuleId, load_texts};
use keywire::settings::GenerateSettings;

const REGISTRY: &str = r#"
keywire: 1
name: shop
buses:
  main: { env: MAIN_URL, topology: cluster, owns: ["shop:*", "user:*"] }
  cache: { default: "redis://:secret@cache:6379/1" }
services:
  browser: { role: The shop's pages }
  support: { scope: admin }
payloads:
  Money: { type: object, required: [amount, currency], properties: { amount: { type: string, pattern: "^[0-9]+\\.[0-9]{2}$" }, currency: { type: string, minLength: 3, maxLength: 3 } } }
"#;

const ORDERS: &str = r#"
module: orders
bus: main
atomic: true
payloads:
  Order:
    type: object
    required: [id, lines, payment]
    properties:
      id: { type: string, format: uuid }
      lines: { type: array, minItems: 1, items: { $ref: '#/$defs/Line' } }
      payment: { oneOf: [ { $ref: Card }, { type: object, required: [kind], properties: { kind: { const: cash } } } ] }
    $defs: { Line: { type: object, required: [sku, price], properties: { sku: { type: string, description: What is bought }, price: { $ref: Money } } } }
  Card: { type: object, required: [kind, last4], properties: { kind: { const: card }, last4: { type: string, pattern: "^[0-9]{4}$" } } }
  Event:
    oneOf:
      - { title: placed, type: object, required: [type, order], properties: { type: { const: placed }, order: { $ref: Order } } }
      - { title: cancelled, type: object, required: [type, id], properties: { type: { const: cancelled }, id: { type: string } } }
params:
  id: { type: uuid }
  day: { type: date }
keys:
  order: { key: "shop:order:{{{id}}}", purpose: One order, type: string, value: Order, operations: [SET], retention: { ttl: 30d }, consumers: [ { name: shipping, reads: [GET], for: packing, needs: [id, lines] } ] }
  queue: { key: shop:queue, purpose: Orders to ship, type: list, element: Order, operations: [LPUSH, LTRIM], retention: { ttl: none, max_entries: 1000 }, consumers: [ { name: shipping, reads: [BRPOP] } ] }
  buyers: { key: "shop:buyers:{day}", type: set, member: text, operations: [SADD, EXPIRE], retention: { ttl: 7d } }
  seen: { key: "shop:seen:{day}", type: hyperloglog, operations: [PFADD, EXPIRE], retention: { ttl: 2d } }
  shops: { key: shop:places, type: geo, member: text, operations: [GEOADD] }
  doc: { key: "shop:doc:{id}", type: json, value: Order, operations: [JSON.SET], retention: { ttl: { min: 60s, max: 2h } } }
  rate: { key: "user:{name}:rate", type: string, value: integer, bus: cache, operations: [INCR, EXPIRE], retention: { ttl: 60s } }
  events: { key: shop:events, type: stream, entry: { type: text, body: { type: Event, purpose: What happened } }, groups: [ship], operations: [XADD, XTRIM], retention: { ttl: none, max_entries: 500 }, consumers: [ { name: shipping, reads: [XREADGROUP], potential: true }, { name: support, reads: [XRANGE] } ], deprecated: { since: "2", replacement: "shop:events2" } }
channels:
  news: { channel: "shop:news:{day}", message: Event, consumers: [ { name: browser } ] }
"#;

const SHIPPING: &str = r#"
module: shipping
role: Ships what was ordered
bus: main
keys:
  state: { key: "shop:ship:{id}", type: hash, fields: { at: epoch_s, "leg:{n}": text }, operations: [HSET, HDEL], retention: { ttl: sliding 3d }, consumers: [ { name: orders, reads: [HGETALL], for: status } ] }
"#;

/// It has neither keys nor a bus that is known.
const IDLE: &str = "module: idle\nbus: nowhere\n";

fn page(name: &str) -> String {
    let files = [("registry.yaml", REGISTRY), ("modules/idle.yaml", IDLE), ("modules/orders.yaml", ORDERS)];
    let files = files.into_iter().chain([("modules/shipping.yaml", SHIPPING)]);
    let files = files.map(|(path, text)| (PathBuf::from(path), text.to_owned()));
    let registry = load_texts(files).unwrap_or_else(|error| panic!("{error}"));
    let modules: Vec<ModuleId> = (0..registry.modules.len()).map(ModuleId).collect();
    let pages = (TARGET.generate)(&registry, &modules, &GenerateSettings::default()).unwrap();
    pages.into_iter().find(|page| page.path == Path::new("docs/wiring").join(name)).unwrap().text
}

#[test]
fn a_module_of_all_types() {
    insta::assert_snapshot!(page("orders.md"));
}

#[test]
fn several_modules_together() {
    let page = page("pipeline.md");
    assert!(!page.contains("secret"), "no password of a URL is shown");
    insta::assert_snapshot!(page);
}

#[test]
fn a_module_of_nothing_has_a_head_and_no_empty_sections() {
    insta::assert_snapshot!(page("idle.md"));
}
