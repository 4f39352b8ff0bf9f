//! `verify` reads and nothing else: with the rights that its help names, without a trace in data, access or refusals.

use std::process::Command;

use keywire::server::Flavour;
use keywire::server::connect;
use redis::Connection;

use crate::database::{ask, judge, lines, open, registry, request, run};
use crate::servers::{block_on, for_each_server_with};

const APP: &str = r#"module: app
role: Serves requests.
bus: main
params:
  id: { type: integer, min: 0, examples: ["7"] }
keys:
  text: { key: "app:text:{id}", purpose: A value., type: string, value: text, operations: [SET], retention: { ttl: 300s }, cardinality: 10 }
  hash: { key: "app:hash", purpose: Fields., type: hash, fields: { n: integer }, operations: [HSET], retention: { ttl: none } }
  list: { key: "app:list", purpose: Elements., type: list, element: integer, operations: [RPUSH], retention: { ttl: none, max_entries: 5 } }
  set: { key: "app:set", purpose: Members., type: set, member: integer, operations: [SADD], retention: { ttl: none } }
  zset: { key: "app:zset", purpose: Scored members., type: zset, member: text, score: epoch_s, operations: [ZADD], retention: { ttl: none, max_age: 1h } }
  stream: { key: "app:stream", purpose: Entries., type: stream, entry: { n: integer }, operations: [XADD], retention: { ttl: none, max_entries: ~10 } }
"#;

const DATA: &str = "
SET app:text:1 short EX 200
HSET app:hash n 1
RPUSH app:list 1 2 3
SADD app:set 1 2
ZADD app:zset 1767225600 a 1767225601 b
XADD app:stream * n 1
SET app:stranger 1
SET app:text:3 no-ttl
RPUSH app:text:4 wrong
EXPIRE app:text:4 100
";

fn filled(url: &str) -> Connection {
    let mut connection = open(url);
    run(&mut connection, DATA);
    let () =
        redis::cmd("SET").arg("app:text:2").arg("x".repeat(2 << 20)).arg("EX").arg(100).query(&mut connection).unwrap();
    connection
}

/// The rights that the help of `keywire verify` names, with a password of ours. What the server does not know is left
/// out, as the help says.
fn rights(connection: &mut Connection) -> Vec<String> {
    let help = Command::new(env!("CARGO_BIN_EXE_keywire")).args(["verify", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let from = help.find("ACL SETUSER").expect("the help names the rights");
    let words = help[from..].split_whitespace().skip(3).take_while(|word| !word.starts_with('('));
    let words = words.map(|word| word.replace("PASSWORD", "s3cret-word"));
    let known = |word: &String| {
        let Some((_, name)) = word.split_once('|') else { return true };
        let about: Vec<Option<redis::Value>> =
            redis::cmd("COMMAND").arg("INFO").arg(word.trim_start_matches('+')).query(connection).unwrap();
        let known = about.first().is_some_and(Option::is_some);
        assert!(known || matches!(name, "no-touch" | "setinfo"), "{word} is no command");
        known
    };
    words.filter(known).collect()
}

#[test]
fn the_rights_of_the_help_are_enough_and_nothing_is_refused() {
    for_each_server_with(&[], |server| {
        let mut connection = filled(&server.url());
        let registry = registry(APP);
        let all = judge(&registry, &request(&registry, &server.url())).unwrap();
        assert_eq!(all.findings.len(), 3, "{:?}", lines(&all.findings));
        let rights = rights(&mut connection);
        let () = redis::cmd("ACL").arg("SETUSER").arg("keywire").arg(&rights).query(&mut connection).unwrap();
        run(&mut connection, "ACL LOG RESET\nCONFIG RESETSTAT");
        let url = format!("{}?user=keywire&pass=s3cret-word", server.url());
        let few = judge(&registry, &request(&registry, &url)).unwrap();
        assert_eq!(lines(&few.findings), lines(&all.findings));
        assert_eq!(few.evidence.keys_judged, all.evidence.keys_judged);
        assert_eq!((few.evidence.keys_in_database, few.evidence.server), (Some(10), all.evidence.server));
        let log: Vec<redis::Value> = ask(&mut connection, "ACL LOG");
        assert!(log.is_empty(), "{log:?}");
        let errors: String = ask(&mut connection, "INFO errorstats");
        assert!(!errors.contains("NOPERM"), "{errors}");
        block_on(async {
            let mut limited = connect::connect(&url).await.unwrap();
            let refused = redis::cmd("SET").arg("app:hash").arg("1").query_async::<()>(&mut limited).await;
            assert_eq!(refused.unwrap_err().code(), Some("NOPERM"), "the rights are for reading");
        });
    });
}

#[test]
fn neither_data_nor_the_record_of_its_use_changes() {
    let arguments = ["--enable-debug-command", "yes", "--maxmemory-policy", "allkeys-lfu", "--lfu-log-factor", "0"];
    for_each_server_with(&arguments, |server| {
        let mut connection = filled(&server.url());
        let registry = registry(APP);
        // Each use counts with this factor: one more read would show.
        let state = |connection: &mut Connection| -> (String, Vec<u64>) {
            let digest = ask(connection, "DEBUG DIGEST");
            let keys = ["app:text:1", "app:text:2", "app:hash", "app:list", "app:set", "app:zset", "app:stream"];
            (digest, keys.map(|key| ask(connection, &format!("OBJECT FREQ {key}"))).to_vec())
        };
        let before = state(&mut connection);
        let outcome = judge(&registry, &request(&registry, &server.url())).unwrap();
        assert!(outcome.evidence.values_judged > 8, "{:?}", outcome.evidence);
        let after = state(&mut connection);
        assert_eq!(before.0, after.0);
        // Redis 7.0 cannot read without counting it as use; Valkey and Redis from 7.2 on can.
        let can = server.binary().flavour == Flavour::Valkey;
        assert_eq!(can, before.1 == after.1, "{before:?} {after:?}");
        let writes: String = ask(&mut connection, "INFO commandstats");
        for command in ["cmdstat_set:calls=", "cmdstat_expire:calls="] {
            let calls = writes.lines().find_map(|line| line.strip_prefix(command)).unwrap();
            let expected = if command.contains("set") { "4," } else { "1," };
            assert!(calls.starts_with(expected), "{calls}");
        }
    });
}
