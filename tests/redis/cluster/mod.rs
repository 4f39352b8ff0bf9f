//! A bus that is a cluster: the keys of one account share a slot, and the batch is one transaction.

mod accounts;
mod audit;

use keywire::testing::Contract;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::generated_drive::{driver, folder};
use crate::planned_writes::specs;

driver!(drive_accounts, accounts);
driver!(drive_audit, audit);

#[test]
fn keys_of_one_account_share_a_slot() {
    use accounts::{keys, params, support::slot_of};
    let mut runner = TestRunner::deterministic();
    let mut slots = std::collections::BTreeSet::new();
    for _ in 0..50 {
        let text = "[0-9]{10}".new_tree(&mut runner).unwrap().current();
        let account = params::Account::new(&*text).unwrap();
        let of_account =
            [keys::balance(&account), keys::open_reservations(&account), keys::settled_reservations(&account)];
        let [balance, open, settled] = of_account.map(|key| slot_of(key.as_bytes()));
        assert!(balance == open && open == settled, "{text}");
        assert_eq!(balance, slot_of(text.as_bytes()), "the account is the hash tag");
        slots.insert(balance);
    }
    assert!(slots.len() > 40, "accounts spread over the slots: {slots:?}");
}

#[test]
fn any_writes_of_the_accounts_keep_the_contract() {
    let contract = Contract::load(folder("cluster"), "accounts").cases(16);
    let writes = specs(contract.registry(), contract.module());
    let drive = async |url, writes| drive_accounts(url, writes).await.map(|_| ());
    contract.writes(writes).run(drive).unwrap_or_else(|error| panic!("{error:#}"));
}

#[test]
fn any_writes_of_the_audit_keep_the_contract() {
    let contract = Contract::load(folder("cluster"), "audit").cases(16);
    let writes = specs(contract.registry(), contract.module());
    let drive = async |url, writes| drive_audit(url, writes).await.map(|_| ());
    contract.writes(writes).run(drive).unwrap_or_else(|error| panic!("{error:#}"));
}
