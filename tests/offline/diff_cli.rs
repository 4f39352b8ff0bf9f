//! `diff`, `changelog` and `breaking` over git revisions and folders, as a user of the command line meets them.

use std::path::Path;

use crate::repository::{MODULE, REGISTRY, Repository};

#[test]
fn the_working_tree_is_compared_with_a_revision() {
    let repository = Repository::new();
    assert_eq!(repository.keywire(&["diff", "--against", "main"]), (0, "no changes\n".to_owned()));
    repository.module(&MODULE.replace("1h", "10m").replace("purpose: What is in the cart.", "purpose: The cart."));
    let (code, text) = repository.keywire(&["diff", "--against", "main"]);
    assert_eq!(code, 0, "a difference is no fault");
    insta::assert_snapshot!(text, @"
    shop
      ~ keys.cart.purpose: What is in the cart. -> The cart.
      ~ keys.cart.retention.ttl: 1h -> 10m
    2 changes: 2 changed
    ");
    let (code, text) = repository.keywire(&["breaking", "--against", "v1.0"]);
    assert_eq!(code, 1);
    assert!(text.contains("error[ttl-shortened]") && text.contains("deploy web first"), "{text}");
    assert_eq!(repository.keywire(&["breaking", "--against", "v1.0", "--mode", "forward"]).0, 0);
    assert_eq!(repository.keywire(&["breaking", "--against", "v1.0", "--mode", "none"]).0, 0);
    assert_eq!(repository.keywire_in(".", &["diff", "v1.0", "--registry", "services/shop/schema"]).0, 0);
}

#[test]
fn two_revisions_and_two_folders_say_the_same() {
    let repository = Repository::new();
    repository.module(&(MODULE.to_owned() + "  news:\n    key: shop:news\n    purpose: News.\n    type: string\n    value: text\n    operations: [SET]\n    retention: { ttl: none }\n"));
    repository.commit("v1.1");
    let (_, by_revision) = repository.keywire(&["diff", "v1.0", "v1.1", "--format", "json"]);
    repository.write("old/registry.yaml", REGISTRY);
    repository.write("old/modules/shop.yaml", MODULE);
    let (_, by_folder) = repository.keywire_in(".", &["diff", "old", "services/shop/schema", "--format", "json"]);
    assert_eq!(by_revision, by_folder);
    let report: serde_json::Value = serde_json::from_str(&by_revision).unwrap();
    let change = &report["changes"][0];
    assert_eq!((change["module"].as_str(), change["section"].as_str()), (Some("shop"), Some("keys")));
    assert_eq!((change["entry"].as_str(), change["happened"].as_str()), (Some("news"), Some("added")));
    assert_eq!(change["pattern"], "shop:news");
}

#[test]
fn an_entry_that_moved_is_renamed_and_not_removed() {
    let repository = Repository::new();
    repository.module(&MODULE.replace("  cart:\n", "  basket:\n"));
    let (_, text) = repository.keywire(&["diff", "--against", "main"]);
    insta::assert_snapshot!(text, @"
    shop
      ~ keys.basket: shop.cart -> shop.basket
    1 change: 1 renamed
    ");
    let (code, text) = repository.keywire(&["breaking", "--against", "main"]);
    assert_eq!(code, 0, "{text}");
}

#[test]
fn each_release_is_compared_with_and_a_break_is_told_once() {
    let repository = Repository::new();
    repository.module(&MODULE.replace("1h", "30m"));
    repository.commit("v1.1");
    repository.module(&MODULE.replace("1h", "30m").replace("purpose: What", "purpose: All that"));
    repository.commit("v1.2");
    assert_eq!(repository.keywire(&["breaking", "--against", "v1.1"]).0, 0, "against the last one all is well");
    let (code, text) = repository.keywire(&["breaking", "--tags", "v*"]);
    assert_eq!((code, text.matches("error[ttl-shortened]").count()), (1, 1), "{text}");
    assert!(text.contains("against v1.2, v1.1, v1.0") || text.contains("v1.0"), "{text}");
    let (code, text) = repository.keywire(&["breaking", "--tags", "w*"]);
    assert!(code == 2 && text.contains("git fetch --tags"), "{text}");
}

#[test]
fn a_change_log_begins_with_what_breaks() {
    let repository = Repository::new();
    repository.module(&MODULE.replace("1h", "10m"));
    let (code, text) = repository.keywire(&["changelog", "--against", "v1.0"]);
    assert_eq!(code, 0);
    insta::assert_snapshot!(text, @"
    ## Breaking

    - ttl-shortened: `shop:cart` expires after 10m, not 1h (breaks web). Deploy web first; let them find nothing after the new TTL, and go on.

    ## Changed

    - shop: `keys.cart.retention.ttl`: `1h` -> `10m`
    ");
}

#[test]
fn what_cannot_be_read_is_named() {
    let repository = Repository::new();
    for (arguments, word) in [
        (&["diff", "--against", "nowhere"][..], "git fetch origin nowhere"),
        (&["diff", "--against=--output=x"], "neither a folder nor a git revision"),
        (&["breaking", "--against", "HEAD~9"], "neither a folder nor a git revision"),
        (&["diff"], "required"),
    ] {
        let (code, text) = repository.keywire(arguments);
        assert!(code == 2 && text.contains(word), "{arguments:?}: {code} {text}");
    }
    repository.module("module: shop\n");
    repository.commit("broken");
    repository.module(MODULE);
    let (code, text) = repository.keywire(&["diff", "--against", "broken"]);
    assert!(code == 2 && text.contains("broken:modules/shop.yaml:1:1") && text.contains("bus"), "{text}");
    assert!(!Path::new("x").exists());
}

#[test]
fn tags_that_are_not_merged_here_are_no_releases_of_ours() {
    let repository = Repository::new();
    repository.git(&["switch", "-q", "-c", "other"]);
    repository.module(&MODULE.replace("1h", "9h"));
    repository.commit("v9.0");
    repository.git(&["switch", "-q", "main"]);
    let (code, text) = repository.keywire(&["breaking", "--tags", "v*"]);
    assert_eq!((code, text.contains("against v1.0:")), (0, true), "{text}");
}

#[test]
fn a_consumer_that_reads_on_two_buses_is_two_rows() {
    let repository = Repository::new();
    let two = "consumers: [{ name: web, reads: [GET], bus: main }, { name: web, reads: [GET], bus: other }]";
    repository.module(&MODULE.replace("consumers: [{ name: web, reads: [GET] }]", two));
    repository.commit("v1.1");
    repository
        .module(&MODULE.replace("consumers: [{ name: web, reads: [GET] }]", &two.replacen("[GET]", "[GET, TTL]", 1)));
    let (_, text) = repository.keywire(&["diff", "--against", "v1.1"]);
    assert!(text.contains("+ keys.cart.consumers.web on main.reads.TTL\n1 change: 1 added"), "{text}");
}
