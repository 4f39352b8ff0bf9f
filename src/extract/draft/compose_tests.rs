//! What is composed loads, says what was seen, and does not depend on the order of sightings.

use std::path::PathBuf;

use proptest::prelude::*;

use super::{Node, Plan, compose, write};
use crate::extract::{Access, Certainty, Kind, Mode, Place, Sighting};
use crate::registry::load_texts;

fn plan() -> Plan {
    Plan { name: "demo".into(), bus: "main".into(), module: "unowned".into() }
}

fn access(module: &str, command: &str, mode: Mode, line: u32) -> Access {
    Access {
        module: module.into(),
        place: Some(Place { file: PathBuf::from(format!("{module}.py")), line }),
        command: command.into(),
        mode,
        ttl: None,
        bound: None,
        max_age: None,
        key_expr: None,
        certainty: Certainty::Certain,
        calls: None,
    }
}

fn key(pattern: &str, accesses: Vec<Access>) -> Sighting {
    Sighting { pattern: pattern.into(), accesses, ..Sighting::default() }
}

fn channel(pattern: &str, accesses: Vec<Access>) -> Sighting {
    Sighting { kind: Kind::Channel, ..key(pattern, accesses) }
}

fn text(sightings: &[Sighting]) -> String {
    let texts = write(&compose(sightings, &plan()));
    if let Err(error) = load_texts(texts.clone()) {
        let all: Vec<&str> = texts.iter().map(|(_, text)| text.as_str()).collect();
        panic!("{error}\n{}", all.join("\n---\n"));
    }
    texts.iter().map(|(path, text)| format!("# file: {}\n{text}", path.display())).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_system_becomes_a_registry() {
    let with_ttl = |ttl: &str, access: Access| Access { ttl: Some(ttl.into()), ..access };
    let with_bound = |bound: &str, access: Access| Access { bound: Some(bound.into()), ..access };
    let sightings = vec![
        key(
            "massive:model:spot:{symbol}",
            vec![
                with_ttl("none", access("spot-worker", "SET", Mode::Write, 12)),
                access("spot-worker", "GET", Mode::Read, 40),
                access("vigil", "MGET", Mode::Read, 3),
            ],
        ),
        // The same names in another spelling, and a second writer.
        key("massive:model:spot:{sym}", vec![access("repairs", "SET", Mode::Write, 7)]),
        key(
            "session:{id}",
            vec![access("web", "HSET", Mode::Write, 1), with_ttl("1800s", access("web", "EXPIRE", Mode::Expire, 2))],
        ),
        key("session:{id}:hits", vec![access("web", "INCR", Mode::Write, 5)]),
        key(
            "jobs",
            vec![
                with_bound("1000", access("web", "LPUSH", Mode::Write, 8)),
                access("runner", "BRPOP", Mode::Write, 9),
                access("runner", "LLEN", Mode::Read, 11),
            ],
        ),
        key("massive:spot", vec![with_ttl("none", access("spot-worker", "SET", Mode::Write, 20))]),
        channel(
            "massive:spot",
            vec![access("spot-worker", "PUBLISH", Mode::Publish, 21), access("vigil", "SUBSCRIBE", Mode::Subscribe, 9)],
        ),
        channel(
            "news:{topic}",
            vec![access("web", "PUBLISH", Mode::Publish, 30), access("vigil", "PSUBSCRIBE", Mode::Subscribe, 31)],
        ),
        key(
            "order:{id}",
            vec![
                with_ttl("60s", access("web", "SETEX", Mode::Write, 50)),
                with_ttl("90s", access("web", "SETEX", Mode::Write, 51)),
            ],
        ),
        Sighting {
            redis_type: Some("zset"),
            bus: Some("other".into()),
            params: vec![("id".into(), Node::map([("type", Node::text("integer"))]))],
            fields: vec![("member", Node::text("Board"))],
            payloads: vec![("Board".into(), Node::map([("type", Node::text("object"))]))],
            evidence: vec!["12 keys".into()],
            ..key("board:{id}", vec![access("", "ZADD", Mode::Write, 0)])
        },
        key("{a}", vec![]),
        key("not a { pattern", vec![]),
    ];
    insta::assert_snapshot!(text(&sightings));
}

fn sightings() -> impl Strategy<Value = Vec<Sighting>> {
    let patterns = proptest::sample::select(vec![
        "a:{id}",
        "a:{name}",
        "a:{id}:b",
        "a",
        "b:{x}:{y}",
        "b:{y}:{x}",
        "A",
        "a-b",
        "a_b",
        "{x}",
        "ü",
        "a:{{x}}",
        "1:2",
        "",
    ]);
    let commands = proptest::sample::select(vec![
        ("SET", Mode::Write),
        ("GET", Mode::Read),
        ("HSET", Mode::Write),
        ("LPOP", Mode::Write),
        ("EXPIRE", Mode::Expire),
        ("DEL", Mode::Delete),
        ("PUBLISH", Mode::Publish),
        ("SUBSCRIBE", Mode::Subscribe),
        ("XADD", Mode::Write),
        ("NOSUCH", Mode::Write),
    ]);
    let modules = proptest::sample::select(vec!["web", "Web", "runner-1", "", "../x", "7"]);
    let amounts = || proptest::sample::select(vec![None, Some("none"), Some("300s"), Some("{TTL}")]);
    let access = (modules, commands, amounts(), 1u32..5).prop_map(|(module, (command, mode), ttl, line)| Access {
        ttl: ttl.map(str::to_owned),
        bound: (command == "XADD").then(|| format!("~{line}00")),
        ..access(module, command, mode, line)
    });
    let domain = proptest::sample::select(vec![None, Some("integer"), Some("uuid")]);
    let payload = proptest::sample::select(vec![None, Some("object"), Some("array")]);
    let one = (patterns, proptest::collection::vec(access, 0..4), any::<bool>(), domain, payload, any::<bool>());
    let one = one.prop_map(|(pattern, accesses, is_key, domain, payload, other)| {
        let param = |of: &str| ("id".to_owned(), Node::map([("type", Node::text(of))]));
        let field = if is_key { "value" } else { "message" };
        Sighting {
            kind: if is_key { Kind::Key } else { Kind::Channel },
            bus: other.then(|| "other".to_owned()),
            params: domain.map(param).into_iter().collect(),
            fields: payload.map(|_| (field, Node::text("Thing"))).into_iter().collect(),
            payloads: payload
                .map(|of| ("Thing".to_owned(), Node::map([("type", Node::text(of))])))
                .into_iter()
                .collect(),
            ..key(pattern, accesses)
        }
    });
    proptest::collection::vec(one, 0..10)
}

proptest! {
    #[test]
    fn the_order_of_sightings_does_not_matter(
        (sightings, shuffled) in sightings().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle()))
    ) {
        prop_assert_eq!(compose(&sightings, &plan()), compose(&shuffled, &plan()));
    }

    #[test]
    fn what_is_composed_loads(sightings in sightings()) {
        text(&sightings);
    }
}
