//! `verify` against live servers: what it looks at, how far, and what it makes of names, sizes and haste.

use std::cell::{Cell, RefCell};

use keywire::observe::Depth;
use keywire::registry::Registry;
use keywire::verify::{Request, verify};
use redis::Cmd;

use crate::database::{ask, judge, lines, open, registry, request, rules, run, run_all, verdict};
use crate::servers::for_each_server;

const APP: &str = r#"module: app
role: Serves requests.
bus: main
config:
  TRAIL: { type: integer, default: 30000, min: 1 }
params:
  id: { type: integer, min: 0, examples: ["7"] }
  any: { type: rest, examples: ["x"] }
payloads:
  Item:
    type: object
    required: [n]
    additionalProperties: false
    properties: { n: { type: integer }, pad: { type: string } }
keys:
  item: { key: "app:item:{id}", purpose: An item., type: string, value: Item, operations: [SET], retention: { ttl: none }, cardinality: 1000 }
  odd: { key: "app:odd:{any}", purpose: Any name., type: string, value: integer, operations: [SET], retention: { ttl: none }, cardinality: 10 }
  all_hash: { key: "app:hash", purpose: Many fields., type: hash, fields: { "{id}": integer }, operations: [HSET], retention: { ttl: none }, required: false }
  all_list: { key: "app:list", purpose: Many elements., type: list, element: integer, operations: [RPUSH], retention: { ttl: none, max_entries: "{TRAIL}" }, required: false }
  all_set: { key: "app:set", purpose: Many members., type: set, member: integer, operations: [SADD], retention: { ttl: none }, required: false }
  all_zset: { key: "app:zset", purpose: Many scored members., type: zset, member: integer, score: integer, operations: [ZADD], retention: { ttl: none }, required: false }
  all_stream: { key: "app:stream", purpose: Many entries., type: stream, entry: { n: integer }, operations: [XADD], retention: { ttl: none }, required: false }
"#;

const OTHER: &str = r"
# file: modules/other.yaml
module: other
role: Counts.
bus: main
keys:
  count: { key: app:count, purpose: How often., type: string, value: integer, operations: [INCR], retention: { ttl: none } }
";

fn app() -> Registry {
    registry(APP)
}

fn set(name: impl redis::ToRedisArgs, value: impl redis::ToRedisArgs) -> Cmd {
    redis::cmd("SET").arg(name).arg(value).clone()
}

fn items(count: u32) -> impl Iterator<Item = Cmd> {
    (0..count).map(|id| set(format!("app:item:{id}"), r#"{"n":1}"#))
}

#[test]
fn names_may_be_any_bytes() {
    for_each_server(|server| {
        let mut connection = open(&server.url());
        let names: [&[u8]; 4] =
            [b"app:odd:\xff\xfe", b"app:odd:two\nlines", "app:odd:ключ ✓".as_bytes(), b"app:odd:\x00"];
        run_all(&mut connection, names.map(|name| set(name, "1")));
        let clean = verdict(&app(), &server.url());
        assert_eq!((lines(&clean.findings), clean.evidence.keys_judged), (Vec::new(), 4));
        run_all(&mut connection, names.map(|name| set(name, "one")));
        run_all(&mut connection, [set(b"app:\xff\n\x1b[2J", "1")]);
        let broken = verdict(&app(), &server.url());
        assert_eq!(rules(&broken.findings), ["invalid-payload", "undeclared-key"], "{:?}", lines(&broken.findings));
        let undeclared = broken.findings.iter().find(|finding| finding.rule == "undeclared-key").unwrap();
        assert_eq!(undeclared.key.as_deref(), Some("app:\\xff\\n\\u{1b}[2J"));
        let examples = broken.findings.iter().flat_map(|finding| &finding.examples);
        assert!(examples.clone().count() > 4 && examples.into_iter().all(|name| !name.contains(['\n', '\0'])));
    });
}

/// So many elements in each kind of container, the last of them not a number.
fn containers(count: u32) -> Vec<Cmd> {
    let value = |n: u32| if n + 1 == count { "last".to_owned() } else { n.to_string() };
    let chunk = |word: &str, key: &str, add: &dyn Fn(&mut Cmd, u32)| -> Vec<Cmd> {
        let of = |from: u32| {
            let mut command = redis::cmd(word).arg(key).clone();
            (from..count.min(from + 1000)).for_each(|n| add(&mut command, n));
            command
        };
        (0..count).step_by(1000).map(of).collect()
    };
    let mut commands = chunk("HSET", "app:hash", &|command, n| {
        command.arg(n).arg(value(n));
    });
    let plain: &dyn Fn(&mut Cmd, u32) = &|command, n| {
        command.arg(value(n));
    };
    commands.extend(chunk("RPUSH", "app:list", plain));
    commands.extend(chunk("SADD", "app:set", plain));
    commands.extend(chunk("ZADD", "app:zset", &|command, n| {
        command.arg(n).arg(value(n));
    }));
    commands.extend((0..count).map(|n| redis::cmd("XADD").arg("app:stream").arg("*").arg("n").arg(value(n)).clone()));
    commands
}

#[test]
fn large_containers_are_judged_to_their_last_element() {
    for_each_server(|server| {
        run_all(&mut open(&server.url()), containers(20_000));
        let outcome = verdict(&app(), &server.url());
        let entries: Vec<&str> = outcome.findings.iter().filter_map(|finding| finding.entry.as_deref()).collect();
        assert_eq!(entries, ["all_hash", "all_list", "all_set", "all_zset", "all_stream"]);
        assert!(outcome.findings.iter().all(|finding| finding.rule == "invalid-payload" && finding.count == 1));
        // Scans may give an element twice.
        let values = outcome.evidence.values_judged;
        assert!((100_000..101_000).contains(&values) && outcome.evidence.values_unread == 0, "{values}");
    });
}

#[test]
fn a_sample_reads_some_and_keys_read_nothing() {
    for_each_server(|server| {
        let mut connection = open(&server.url());
        run_all(&mut connection, containers(5_000));
        run_all(&mut connection, items(1000));
        run_all(&mut connection, (0..200).map(|n| set(format!("app:odd:{n}"), "no number")));
        let at = |depth| judge(&app(), &Request { depth, ..request(&app(), &server.url()) }).unwrap();
        let sample = at(Depth::Sample);
        assert_eq!(sample.evidence.keys_judged, 1205);
        assert_eq!(sample.evidence.values_unread, 5, "each container is read in part");
        assert!(sample.evidence.values_judged < 1200 + 5 * 1000, "{}", sample.evidence.values_judged);
        assert!(rules(&sample.findings).contains(&"invalid-payload"), "strings are among the sample");
        let keys = at(Depth::Keys);
        assert_eq!((keys.evidence.keys_judged, keys.evidence.values_judged), (1205, 0));
        assert_eq!(rules(&keys.findings), ["cardinality-exceeded"], "{:?}", lines(&keys.findings));
    });
}

#[test]
fn values_are_read_up_to_a_size() {
    for_each_server(|server| {
        let mut connection = open(&server.url());
        let item = |size: usize, end: &str| format!(r#"{{"n":1,"pad":"{}"{end}"#, "x".repeat(size));
        run_all(&mut connection, [set("app:item:1", item(1 << 20, "}")), set("app:item:2", item(20 << 20, "}"))]);
        let outcome = verdict(&app(), &server.url());
        assert_eq!((lines(&outcome.findings), outcome.evidence.values_unread), (Vec::new(), 1));
        assert_eq!(outcome.evidence.values_judged, 1);
        run_all(
            &mut connection,
            [set("app:item:1", item(1 << 20, ",\"m\":1}")), set("app:item:2", item(20 << 20, ""))],
        );
        let outcome = verdict(&app(), &server.url());
        assert_eq!(rules(&outcome.findings), ["unknown-field"], "the end of the smaller one is read");
    });
}

#[test]
fn a_server_that_goes_is_an_error() {
    for_each_server(|server| {
        let mut connection = open(&server.url());
        run_all(&mut connection, items(900));
        let connection = RefCell::new(connection);
        let shut_down = |_, _| {
            let _: Result<(), _> = redis::cmd("SHUTDOWN").arg("NOSAVE").query(&mut *connection.borrow_mut());
        };
        let error = verify(&app(), &request(&app(), &server.url()), std::future::pending(), shut_down).unwrap_err();
        assert!(format!("{error:#}").contains("could not be looked at to its end"), "{error:#}");
    });
}

#[test]
fn keys_may_come_and_go_while_it_looks() {
    for_each_server(|server| {
        let connection = RefCell::new(open(&server.url()));
        run_all(&mut connection.borrow_mut(), items(900));
        let pages = Cell::new(0);
        let change = |_, _| {
            let page = pages.replace(pages.get() + 1);
            let gone =
                (0..900).filter(|id| id % 9 == page).map(|id| redis::cmd("DEL").arg(format!("app:item:{id}")).clone());
            run_all(&mut connection.borrow_mut(), gone);
        };
        let outcome = verify(&app(), &request(&app(), &server.url()), std::future::pending(), change).unwrap();
        assert_eq!(lines(&outcome.findings), Vec::<String>::new());
        assert!(outcome.evidence.complete && outcome.evidence.keys_judged < 900, "{:?}", outcome.evidence);
    });
}

/// Between the look at what a key is and the look at what it holds, it may expire.
#[test]
fn what_goes_while_it_is_read_is_not_incomplete() {
    const SESSIONS: &str = r#"module: app
role: Serves requests.
bus: main
params:
  id: { type: integer, min: 0, examples: ["7"] }
keys:
  session: { key: "app:session:{id}", purpose: A session., type: hash, fields: { token: { type: text, required: true } }, operations: [HSET], retention: { ttl: none }, cardinality: 1000 }
"#;
    for_each_server(|server| {
        let registry = registry(SESSIONS);
        let connection = RefCell::new(open(&server.url()));
        let name = |id: u32| format!("app:session:{id}");
        run_all(
            &mut connection.borrow_mut(),
            (0..200).map(|id| redis::cmd("HSET").arg(name(id)).arg("token").arg("t").clone()),
        );
        let expire =
            |_, _| run_all(&mut connection.borrow_mut(), (0..200).map(|id| redis::cmd("DEL").arg(name(id)).clone()));
        let outcome = verify(&registry, &request(&registry, &server.url()), std::future::pending(), expire).unwrap();
        assert_eq!(lines(&outcome.findings), Vec::<String>::new());
    });
}

#[test]
fn a_long_value_that_goes_while_it_is_read_is_not_broken() {
    for_each_server(|server| {
        let connection = RefCell::new(open(&server.url()));
        let value = format!(r#"{{"n":1,"pad":"{}"}}"#, "x".repeat(20_000));
        run_all(&mut connection.borrow_mut(), (0..200).map(|id| set(format!("app:item:{id}"), &value)));
        let expire = |_, _| {
            run_all(
                &mut connection.borrow_mut(),
                (0..200).map(|id| redis::cmd("DEL").arg(format!("app:item:{id}")).clone()),
            )
        };
        let outcome = verify(&app(), &request(&app(), &server.url()), std::future::pending(), expire).unwrap();
        assert_eq!(lines(&outcome.findings), Vec::<String>::new());
    });
}

/// A table that shrinks while it is scanned gives names twice.
#[test]
fn a_name_seen_twice_is_one_key() {
    for_each_server(|server| {
        let connection = RefCell::new(open(&server.url()));
        run_all(&mut connection.borrow_mut(), items(1000));
        run_all(&mut connection.borrow_mut(), (0..40_000).map(|n| set(format!("foreign:{n}"), "")));
        let pages = Cell::new(0);
        let shrink = |_, _| {
            if pages.replace(pages.get() + 1) == 3 {
                let names = (0..40_000).map(|n| redis::cmd("DEL").arg(format!("foreign:{n}")).clone());
                run_all(&mut connection.borrow_mut(), names);
            }
        };
        let outcome = verify(&app(), &request(&app(), &server.url()), std::future::pending(), shrink).unwrap();
        assert_eq!(lines(&outcome.findings), Vec::<String>::new());
        assert!(outcome.evidence.keys_judged >= 1000, "{:?}", outcome.evidence);
        assert_eq!(outcome.coverage.iter().find(|entry| entry.entry == "item").unwrap().keys, Some(1000));
    });
}

#[test]
fn a_module_is_judged_alone() {
    for_each_server(|server| {
        let registry = registry(&format!("{APP}{OTHER}"));
        run(&mut open(&server.url()), "SET app:count many\nSET app:list 1\nSET app:nobody 1");
        let of = |module: Option<&str>| {
            let module = module.map(|name| registry.module_named(name).unwrap());
            let outcome = judge(&registry, &Request { module, ..request(&registry, &server.url()) }).unwrap();
            (rules(&outcome.findings), outcome.evidence.keys_judged)
        };
        assert_eq!(of(None), (vec!["invalid-payload", "undeclared-key", "wrong-type"], 2));
        assert_eq!(of(Some("other")), (vec!["invalid-payload", "undeclared-key"], 1));
        assert_eq!(of(Some("app")), (vec!["undeclared-key", "wrong-type"], 1));
    });
}

#[test]
fn config_of_the_deployment_counts() {
    for_each_server(|server| {
        run(&mut open(&server.url()), "RPUSH app:list 1 2 3 4");
        let with = |value: &str| {
            let config = [("TRAIL".to_owned(), value.to_owned())].into();
            judge(&app(), &Request { config, ..request(&app(), &server.url()) }).map(|outcome| rules(&outcome.findings))
        };
        assert_eq!(with("3").unwrap(), ["bound-exceeded"]);
        assert_eq!(with("4").unwrap(), Vec::<&str>::new());
        assert!(format!("{:#}", with("many").unwrap_err()).contains("`many` is not a whole number"));
    });
}

#[test]
fn nothing_seen_and_an_early_end_show_in_the_evidence() {
    for_each_server(|server| {
        let registry = registry(&format!("{APP}{OTHER}"));
        let nothing = verdict(&registry, &server.url());
        assert_eq!((nothing.evidence.keys_judged, lines(&nothing.findings)), (0, Vec::new()));
        let mut connection = open(&server.url());
        run_all(&mut connection, items(900));
        let () = ask(&mut connection, "SET app:stranger 1");
        let stopped = verify(&registry, &request(&registry, &server.url()), std::future::ready(()), |_, _| {}).unwrap();
        assert!(!stopped.evidence.complete && stopped.findings.iter().all(|finding| finding.rule != "missing-key"));
    });
}

#[test]
fn addresses_and_passwords_that_do_not_fit_are_errors() {
    for_each_server(|server| {
        let mut connection = open(&server.url());
        let failure = |url: &str| format!("{:#}", judge(&app(), &request(&app(), url)).unwrap_err());
        assert!(failure("redis+unix:///no/such/socket").contains("/no/such/socket"));
        assert!(failure("http://127.0.0.1").contains("http"));
        run(&mut connection, "CONFIG SET requirepass s3cret-word");
        let without = failure(&server.url());
        assert!(without.to_lowercase().contains("password"), "{without}");
        let wrong = failure(&format!("{}?pass=wr0ng-word", server.url()));
        assert!(wrong.to_lowercase().contains("password") && !wrong.contains("wr0ng-word"), "{wrong}");
        let right = judge(&app(), &request(&app(), &format!("{}?pass=s3cret-word", server.url()))).unwrap();
        assert!(!right.evidence.url.contains("s3cret-word"), "{}", right.evidence.url);
    });
}
