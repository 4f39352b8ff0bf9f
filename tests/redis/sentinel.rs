//! `verify` behind a real Sentinel: the primary is found by its name, or because it is the only one.

use keywire::server::embedded::EmbeddedServer;

use crate::database::{judge, lines, open, registry, request, run, verdict};
use crate::deployments::{Sentinel, free_port};
use crate::servers::{all, say};

const APP: &str = r#"module: app
role: Serves requests.
bus: main
params:
  id: { type: integer, min: 0, examples: ["7"] }
keys:
  item: { key: "app:item:{id}", purpose: An item., type: string, value: integer, operations: [SET], retention: { ttl: none }, cardinality: 10 }
"#;

#[test]
fn the_primary_is_found_by_its_name_or_as_the_only_one() {
    let registry = registry(APP);
    for binary in all() {
        let (Some(at), Some(primary_at)) = (free_port(), free_port()) else {
            say(&format!("Sentinel test on {binary} SKIPPED: no port of 127.0.0.1 can be had"));
            continue;
        };
        let primary = ["--port", &primary_at.to_string(), "--bind", "127.0.0.1"].map(str::to_owned);
        let primary = EmbeddedServer::start(binary, &primary).unwrap_or_else(|error| panic!("{error:#}"));
        run(&mut open(&primary.url()), "SET app:item:1 1\nSET app:item:2 2\nSELECT 3\nSET app:item:1 1");
        let sentinel = Sentinel::start(binary, at, primary_at);
        let named = format!("redis+sentinel://127.0.0.1:1,127.0.0.1:{at}/main");
        for (url, keys) in [(sentinel.url(), 2), (named.clone(), 2), (format!("{named}/3"), 1)] {
            let clean = verdict(&registry, &url);
            assert_eq!((lines(&clean.findings), clean.evidence.complete), (Vec::new(), true), "{url}");
            assert_eq!(clean.evidence.keys_judged, keys, "{url}");
            assert!(clean.evidence.server.ends_with(", primary of main"), "{}", clean.evidence.server);
        }
        let failure = |url: &str| format!("{:#}", judge(&registry, &request(&registry, url)).unwrap_err());
        let unknown = failure(&format!("redis+sentinel://127.0.0.1:{at}/other"));
        assert!(unknown.contains("watches no `other`, but main"), "{unknown}");
        run(&mut open(&sentinel.url()), &format!("SENTINEL MONITOR second 127.0.0.1 {primary_at} 1"));
        let several = failure(&sentinel.url());
        assert!(several.contains("watches main, second") && several.contains("redis+sentinel://"), "{several}");
        assert_eq!(verdict(&registry, &named).evidence.keys_judged, 2);
        run(&mut open(&primary.url()), "CONFIG SET requirepass s3cret-word");
        let without = failure(&named);
        assert!(without.to_lowercase().contains("password") && without.contains("`main`"), "{without}");
        let with = format!("redis+sentinel://:s3cret-word@127.0.0.1:{at}/main");
        let right = verdict(&registry, &with);
        assert!(right.evidence.keys_judged == 2 && !right.evidence.url.contains("s3cret-word"), "{:?}", right.evidence);
        drop(primary);
        let down = failure(&with);
        assert!(down.contains(&format!("127.0.0.1:{primary_at}")) && !down.contains("s3cret-word"), "{down}");
    }
}
