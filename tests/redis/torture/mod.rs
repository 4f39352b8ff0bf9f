//! Names, types and values that generators stumble over: the generated code compiles, and its writers keep the contract.

mod channels;
mod names;
mod values;

use keywire::testing::Contract;
use serde_json::{Value, json};

use crate::database::verdict;
use crate::generated_drive::{Driven, driver, faults, fixture, folder, module, overheard};
use crate::planned_writes::{one_of_each, specs};
use crate::servers::{block_on, for_each_server};

driver!(drive_channels, channels);
driver!(drive_names, names);
driver!(drive_values, values);

/// The words that only a person can know.
fn words(method: &str, argument: &str) -> Value {
    match (method, argument) {
        ("mixed_xdel", "ids") => json!(["1-0", "2-0"]),
        other => panic!("nobody said what to give to {other:?}"),
    }
}

/// The hash with a field that must be there has it before anything else is written to it.
fn whole(writes: Vec<Value>) -> Vec<Value> {
    let required = |write: &Value| {
        let (method, arguments) = write.as_object()?.iter().next()?;
        let adds = method.starts_with("fields_h");
        adds.then(|| json!({ "fields_hset_type": { "type": arguments["type"], "value": 1 } }))
    };
    // Behind it, too: a write may have been the one that removes it.
    let complete = |write: Value| match required(&write) {
        Some(first) => vec![first.clone(), write, first],
        None => vec![write],
    };
    writes.into_iter().flat_map(complete).collect()
}

#[test]
fn every_writer_once_keeps_the_contract() {
    let torture = fixture("torture");
    let each = |name| whole(one_of_each(&torture, module(&torture, name), words));
    for_each_server(|server| {
        let url = server.url();
        let watched = |name, drive: &dyn Fn() -> Driven| overheard(&torture, (module(&torture, name), &url), drive);
        let drives = [
            watched("channels", &|| block_on(drive_channels(server.url(), each("channels")))),
            watched("names", &|| block_on(drive_names(server.url(), each("names")))),
            watched("values", &|| block_on(drive_values(server.url(), each("values")))),
        ];
        let traffic: Vec<&String> = drives.iter().flat_map(|(_, traffic)| traffic).collect();
        assert_eq!(traffic, Vec::<&String>::new(), "the traffic of all three");
        let counts: Vec<_> = drives.into_iter().map(|(driven, _)| driven.unwrap()).collect();
        assert!(counts.iter().all(|counts| counts.commands > 0), "{counts:?}");
        assert!(counts[1].read > 10 && counts[2].read > 10, "{counts:?}");
        let outcome = verdict(&torture, &server.url());
        assert_eq!(faults(&outcome), Vec::<String>::new());
        assert!(outcome.evidence.keys_judged > 15, "{:?}", outcome.evidence);
    });
}

#[test]
fn any_writes_of_unusual_names_keep_the_contract() {
    let contract = Contract::load(folder("torture"), "names").cases(32);
    let writes = specs(contract.registry(), contract.module());
    let drive = async |url, writes| drive_names(url, whole(writes)).await.map(|_| ());
    contract.writes(writes).run(drive).unwrap_or_else(|error| panic!("{error:#}"));
}

#[test]
fn any_writes_of_unusual_values_keep_the_contract() {
    let contract = Contract::load(folder("torture"), "values").cases(64);
    let writes = specs(contract.registry(), contract.module());
    let drive = async |url, writes| drive_values(url, writes).await.map(|_| ());
    contract.writes(writes).run(drive).unwrap_or_else(|error| panic!("{error:#}"));
}

#[test]
fn any_messages_reach_their_channels() {
    let contract = Contract::load(folder("torture"), "channels").cases(8);
    let writes = specs(contract.registry(), contract.module());
    let drive = async |url, writes| drive_channels(url, writes).await.map(|_| ());
    contract.writes(writes).run(drive).unwrap_or_else(|error| panic!("{error:#}"));
}
