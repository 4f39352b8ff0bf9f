//! Consumer groups against each of their limits, on every server and in the file that it saves: which one is exceeded, and that
//! nothing is said of the others.

use crate::database::{judge, judge_saved, lines, open, registry, request, run, save};
use crate::servers::for_each_server;

const APP: &str = "\
module: app
role: Serves requests.
bus: main
config:
  BEHIND: { type: integer, default: 2 }
keys:
  jobs:
    key: app:jobs
    purpose: Work to be done.
    type: stream
    entry: { job: text }
    groups:
      behind: { max_lag: \"{BEHIND}\" }
      holding: { max_pending: 2 }
      crowded: { max_consumers: 2 }
      free: {}
    operations: [XADD]
    retention: { ttl: none, max_entries: \"~1000\", lifecycle: pruned }
    consumers: [{ name: reader, reads: [XREADGROUP, XACK] }]
";

/// Two entries, and a group each, none of which has been given any: within all limits.
const WITHIN: &str = "FLUSHALL
XADD app:jobs * job a
XADD app:jobs * job b
XGROUP CREATE app:jobs behind 0
XGROUP CREATE app:jobs holding $
XGROUP CREATE app:jobs crowded $
XGROUP CREATE app:jobs free 0
XGROUP CREATECONSUMER app:jobs crowded one
XGROUP CREATECONSUMER app:jobs crowded two
XREADGROUP GROUP free one COUNT 2 STREAMS app:jobs >
XGROUP CREATECONSUMER app:jobs free two
XGROUP CREATECONSUMER app:jobs free three";

#[test]
fn each_limit_is_judged_by_what_it_is_about() {
    let registry = registry(APP);
    for_each_server(|server| {
        let mut connection = open(&server.url());
        let mut found = |more: &str| {
            run(&mut connection, WITHIN);
            run(&mut connection, more);
            let request = request(&registry, &server.url());
            let live = lines(&judge(&registry, &request).unwrap().findings);
            let file = save(&mut connection);
            assert_eq!(
                lines(&judge_saved(&registry, &request, &[file]).unwrap().findings),
                live,
                "by file and by server"
            );
            live
        };
        assert_eq!(found("PING"), Vec::<String>::new());
        let one_more = "XREADGROUP GROUP behind one COUNT 2 STREAMS app:jobs >\nXADD app:jobs * job c";
        for (more, group, limit) in [
            ("XADD app:jobs * job c", "behind", "2 entries behind"),
            (
                "XGROUP SETID app:jobs holding 0\nXADD app:jobs * job c\nXREADGROUP GROUP behind one COUNT 3 STREAMS app:jobs >\n\
                 XREADGROUP GROUP holding one COUNT 3 STREAMS app:jobs >",
                "holding",
                "2 unacknowledged entries",
            ),
            ("XGROUP CREATECONSUMER app:jobs crowded three", "crowded", "2 consumers"),
        ] {
            let said = found(more);
            assert_eq!(said.len(), 1, "{said:?}");
            assert!(said[0].contains(&format!("`{group}` with more than the declared {limit}")), "{said:?}");
        }
        // Whoever has been given what there is is one behind, whatever was added in all.
        assert_eq!(found(one_more), Vec::<String>::new());
    });
}
