//! What ACLs cannot express of a registry is said, each kind once.

use keywire::access::limits;
use keywire::lint::example_registry;
use keywire::registry::BusId;

fn limits_of(keys: &str) -> Vec<String> {
    let registry = example_registry(&format!("module: app\nrole: Serves requests.\nbus: main\nkeys:\n{keys}"));
    limits(&registry.unwrap_or_else(|error| panic!("{error}")), BusId(0))
}

#[test]
fn what_rules_cannot_hold_is_said() {
    let always =
        ["Types, TTLs, bounds and payloads are not looked at.", "A rule holds for all databases of the server."];
    assert_eq!(
        limits_of("  a: { key: 'app:a', operations: [SET], consumers: [{ name: reader, reads: [GET] }] }"),
        always
    );
    for (keys, said) in [
        ("  a: { key: 'app:{id}', operations: [SET] }", "A param is `*`"),
        ("  a: { key: 'app:two words', operations: [SET] }", "`?` stands for the spaces"),
        (
            "  a: { key: 'app:a', operations: [SET], consumers: [{ name: reader, reads: [GET], potential: true }] }",
            "reader may come to read `app:a`",
        ),
        (
            "  a: { key: 'app:a', operations: [SET], consumers: [{ name: reader }] }",
            "reader reads `app:a` by commands that are not declared",
        ),
        (
            "  a: { key: 'app:a', operations: [ZRANGESTORE] }",
            "app writes `app:a` by ZRANGESTORE, and no entry says from",
        ),
        ("  a: { key: 'app:a', operations: [EVAL] }", "A script needs the rights of each command in it"),
    ] {
        let found = limits_of(keys);
        assert_eq!(found.len(), 3, "{keys}: {found:?}");
        assert!(found.iter().any(|limit| limit.starts_with(said)), "{keys}: {found:?}");
    }
}
