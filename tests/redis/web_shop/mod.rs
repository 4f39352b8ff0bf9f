//! The web shop: another domain, by the same generator. Its writers keep the contract on every server.

mod storefront;
mod warehouse;

use keywire::registry::{ModuleId, Registry};
use keywire::testing::Contract;
use serde_json::{Value, json};

use crate::database::verdict;
use crate::generated_drive::{driver, faults, fixture, folder, module, overheard};
use crate::planned_writes::{one_of_each, specs};
use crate::servers::{block_on, for_each_server};

driver!(drive_storefront, storefront);
driver!(drive_warehouse, warehouse);

/// The words that only a person can know.
fn words(method: &str, argument: &str) -> Value {
    match (method, argument) {
        ("jobs_xgroup_create", "group") => json!("mailer"),
        ("jobs_xgroup_create", "id") => json!("0"),
        ("checkout_lock_eval", "before") => json!(["return redis.call('DEL', KEYS[1])"]),
        ("checkout_lock_eval", "args") => json!([]),
        other => panic!("nobody said what to give to {other:?}"),
    }
}

/// The writes of a module, a session always with the fields that it must have: a method writes one field.
fn whole_sessions(writes: Vec<Value>) -> Vec<Value> {
    let of_session = |write: &Value| {
        let (method, arguments) = write.as_object()?.iter().next()?;
        let adds = method.starts_with("session_h");
        adds.then(|| arguments["user"].clone())
    };
    let complete = |write: Value| match of_session(&write) {
        Some(user) => vec![
            json!({ "session_hset_user_name": { "user": user, "value": "Ada" } }),
            json!({ "session_hset_last_seen": { "user": user, "value": 1_767_225_600_000_u64 } }),
            write,
        ],
        None => vec![write],
    };
    writes.into_iter().flat_map(complete).collect()
}

fn each(registry: &Registry, id: ModuleId) -> Vec<Value> {
    whole_sessions(one_of_each(registry, id, words))
}

#[test]
fn every_writer_once_keeps_the_contract() {
    let shop = fixture("web_shop");
    for_each_server(|server| {
        let url = server.url();
        let (storefront, warehouse) = (module(&shop, "storefront"), module(&shop, "warehouse"));
        let (driven, traffic) =
            overheard(&shop, (storefront, &url), || block_on(drive_storefront(server.url(), each(&shop, storefront))));
        let storefront = driven.unwrap();
        assert_eq!(traffic, Vec::<String>::new(), "the traffic of the storefront");
        let (driven, traffic) =
            overheard(&shop, (warehouse, &url), || block_on(drive_warehouse(server.url(), each(&shop, warehouse))));
        let warehouse = driven.unwrap();
        assert_eq!(traffic, Vec::<String>::new(), "the traffic of the warehouse");
        assert!(storefront.commands > 30 && warehouse.commands > 6, "{storefront:?} {warehouse:?}");
        let outcome = verdict(&shop, &server.url());
        assert_eq!(faults(&outcome), Vec::<String>::new());
        assert!(outcome.evidence.keys_judged > 10, "{:?}", outcome.evidence);
    });
}

#[test]
fn any_writes_of_the_storefront_keep_the_contract() {
    let contract = Contract::load(folder("web_shop"), "storefront");
    let writes = specs(contract.registry(), contract.module());
    let drive = async |url, writes| drive_storefront(url, whole_sessions(writes)).await.map(|_| ());
    contract.writes(writes).run(drive).unwrap_or_else(|error| panic!("{error:#}"));
}

#[test]
fn any_writes_of_the_warehouse_keep_the_contract() {
    let contract = Contract::load(folder("web_shop"), "warehouse");
    let writes = specs(contract.registry(), contract.module());
    let drive = async |url, writes| drive_warehouse(url, writes).await.map(|_| ());
    contract.writes(writes).run(drive).unwrap_or_else(|error| panic!("{error:#}"));
}
