//! A server on which nothing was written yet: for whatever registry, the verdict rests on nothing, and says so.

use std::collections::BTreeMap;
use std::path::Path;

use keywire::registry::{BusId, load};
use keywire::verify::Request;

use crate::database::judge;
use crate::servers::for_each_server;

#[test]
fn an_empty_server_is_no_evidence_for_any_registry() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/registries");
    for_each_server(|server| {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let registry = load(&path).unwrap_or_else(|error| panic!("{error}"));
            for bus in (0..registry.buses.len()).map(BusId) {
                let config = BTreeMap::from([("SYMBOLS".to_owned(), "SPX".to_owned())]);
                let request = Request { config, ..Request::new(bus, server.url()) };
                let outcome =
                    judge(&registry, &request).unwrap_or_else(|error| panic!("{}: {error:#}", path.display()));
                let evidence = &outcome.evidence;
                let seen = (evidence.keys_scanned, evidence.keys_judged, evidence.values_judged);
                assert_eq!(seen, (0, 0, 0), "{}: {evidence:?}", path.display());
                assert!(evidence.complete && outcome.coverage.iter().all(|entry| entry.keys == Some(0)));
                let others = outcome.findings.iter().find(|finding| finding.rule != "missing-key");
                assert!(others.is_none(), "{}: {others:?}", path.display());
            }
        }
    });
}
