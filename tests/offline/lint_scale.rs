//! Lint stays usable on a large registry, whose patterns start and end alike.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use keywire::lint::{example_registry, lint};

#[test]
fn a_thousand_keys_are_linted_in_seconds() {
    let mut text =
        String::from("module: app\nrole: Serves.\nbus: main\nparams:\n  user: { type: integer, min: 1 }\nkeys:\n");
    for at in 0..1000 {
        let key = if at % 2 == 0 { format!("app:{{user}}:part{at}:x") } else { format!("app:part{at}") };
        let cardinality = if at % 2 == 0 { "    cardinality: 10\n" } else { "" };
        let rest = "    type: string\n    value: text\n    operations: [SET]\n    retention: { ttl: 1m }\n";
        let consumers = "    consumers: [{ name: reader, reads: [GET] }]\n";
        let entry = format!("  key_{at}:\n    key: {key}\n    purpose: A key.\n{rest}{cardinality}{consumers}");
        write!(text, "{entry}").unwrap();
    }
    let registry = example_registry(&text).unwrap();
    let start = Instant::now();
    assert_eq!(lint(&registry).len(), 0);
    // Generous: a debug build on a busy machine. What it guards against is work in the square of the keys.
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}
