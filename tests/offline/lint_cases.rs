//! What lint says of keys that differ in one thing: each case is one key of a module, and the rules that fire on it.

use std::collections::BTreeSet;

use keywire::lint::{example_registry, lint};

const HEAD: &str = "\
module: app
role: Serves requests.
bus: main
config:
  APP_SECS: { type: seconds, default: 60 }
  APP_COUNT: { type: integer, default: 10 }
  APP_OPEN: { type: seconds }
params:
  user: { type: integer, min: 1, about: Number of the user. }
payloads:
  Price:
    type: object
    additionalProperties: false
    required: [symbol, value, at]
    properties: { symbol: { type: string }, value: { type: number }, at: { type: string, format: date-time }, note: { type: string } }
keys:
  anchor:
    key: app:anchor:{user}
    purpose: Uses what the head declares.
    type: hash
    fields: { price: Price }
    operations: [HSET]
    retention: { ttl: none, lifecycle: overwritten }
    cardinality: 10
    consumers: [{ name: reader, reads: [HGETALL] }]
  it:
    key: app:it
    purpose: What the case is about.
";

/// The rules that fire on a key with these lines.
fn fired(lines: &str) -> Vec<&'static str> {
    let body: String = lines.split(" | ").map(|line| format!("    {}\n", line.trim())).collect();
    let registry = example_registry(&format!("{HEAD}{body}")).unwrap_or_else(|error| panic!("{lines}: {error}"));
    let rules: BTreeSet<&str> = lint(&registry).iter().map(|finding| finding.rule).collect();
    rules.into_iter().collect()
}

fn assert_cases(cases: &[(&str, &[&str])]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(lines, expected)| {
            let fired = fired(lines);
            (fired != *expected).then(|| format!("{lines}\n  fired {fired:?}, expected {expected:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const GET: &str = "consumers: [{ name: reader, reads: [GET] }]";

#[test]
fn expiry_follows_the_operations() {
    let case = |operations: &str, ttl: &str| {
        fired(&format!(
            "type: string | value: integer | operations: [{operations}] | retention: {{ ttl: {ttl} }} | {GET}"
        ))
    };
    for fine in ["SET", "SET, EXPIRE", "SETEX", "INCR, EXPIRE", "SETNX, PEXPIRE", "GETEX, SET", "RENAME, SET", "EVAL"] {
        assert_eq!(case(fine, "60s"), [""; 0], "{fine}");
        assert_eq!(case(fine, "sliding 60s"), [""; 0], "{fine}");
    }
    for never in ["INCR", "SETNX", "INCRBY, DEL"] {
        assert_eq!(case(never, "60s"), ["expiry-never-set"], "{never}");
    }
    for dropped in ["SET, GETSET", "SETEX, PERSIST", "SETEX, MSET", "INCR, EXPIRE, GETSET"] {
        assert_eq!(case(dropped, "{ min: 1m, max: 2m }"), ["expiry-dropped"], "{dropped}");
    }
    assert_eq!(case("MSET, EXPIRE", "60s"), [""; 0]);
    assert_eq!(case("SETEX", "none"), ["expiry-unexpected"]);
    assert_eq!(case("SET", "\"{APP_SECS}\""), [""; 0]);
    for unknown in ["\"{APP_SEC}\"", "\"{APP_COUNT}\"", "\"{APP_OPEN}\""] {
        assert_eq!(case("SET", unknown), ["unknown-config"], "{unknown}");
    }
    assert_eq!(case("SET", "0s"), ["impossible-bound"]);
}

#[test]
fn growth_needs_a_bound_that_is_kept() {
    let zset = "type: zset | member: text | score: epoch_ms | consumers: [{ name: reader, reads: [ZRANGE] }]";
    let list = "type: list | element: text | consumers: [{ name: reader, reads: [LRANGE] }]";
    let stream = "type: stream | entry: { a: text } | consumers: [{ name: reader, reads: [XRANGE] }]";
    let case = |kind: &str, rest: &str| fired(&format!("{kind} | {rest}"));
    let growth = ["unbounded-growth"];
    let mismatch = ["retention-operation-mismatch"];
    for (kind, rest, expected) in [
        (zset, "operations: [ZADD] | retention: { ttl: none }", &growth[..]),
        (zset, "operations: [ZADD] | retention: { ttl: none, lifecycle: overwritten }", &growth),
        (zset, "operations: [ZADD] | retention: { ttl: none, lifecycle: cumulative }", &[]),
        (zset, "operations: [ZADD, ZREM] | retention: { ttl: none }", &[]),
        (zset, "operations: [ZADD, ZREMRANGEBYRANK] | retention: { max_entries: 5 }", &[]),
        (zset, "operations: [ZADD, ZREMRANGEBYRANK] | retention: { max_age: 5s }", &mismatch),
        (zset, "operations: [ZADD, ZREMRANGEBYSCORE] | retention: { max_entries: 5, max_age: 5s }", &mismatch),
        (zset, "operations: [ZADD, ZREMRANGEBYSCORE, ZREMRANGEBYRANK] | retention: { max_entries: ~5 }", &mismatch),
        (zset, "operations: [ZADD] | retention: { lifecycle: pruned }", &mismatch),
        (zset, "operations: [ZADD] | retention: { ttl: none, lifecycle: expiring }", &mismatch),
        (zset, "operations: [ZUNIONSTORE, EXPIRE] | retention: { ttl: 1m }", &[]),
        (zset, "operations: [ZUNIONSTORE] | retention: { ttl: 1m }", &["expiry-dropped", "expiry-never-set"]),
        (list, "operations: [LPUSH, EXPIRE] | retention: { ttl: sliding 1m }", &["sliding-expiry-unbounded"]),
        (list, "operations: [LPUSH, EXPIRE] | retention: { ttl: 1m }", &[]),
        (list, "operations: [LPUSH, LTRIM] | retention: { max_entries: 5 }", &[]),
        (list, "operations: [LPUSH] | retention: { max_entries: 5 }", &mismatch),
        (stream, "operations: [XADD] | retention: { ttl: none }", &growth),
        (stream, "operations: [XADD] | retention: { ttl: none, lifecycle: pruned }", &growth),
        (stream, "operations: [XADD] | retention: { max_entries: ~5 }", &[]),
        (stream, "operations: [XADD] | retention: { max_age: 5d }", &[]),
    ] {
        assert_eq!(case(kind, rest), expected, "{kind} {rest}");
    }
    assert_cases(&[
        (
            "type: list | element: text | operations: [RPUSH] | retention: { ttl: none, lifecycle: pruned } | consumers: [{ name: reader, reads: [LPOP] }]",
            &[],
        ),
        (
            "type: hash | fields: { a: text } | operations: [HSET] | retention: { ttl: none } | consumers: [{ name: reader, reads: [HGET] }]",
            &[],
        ),
        (
            "type: hash | fields: { \"{user}\": text } | operations: [HSET] | retention: { ttl: none } | consumers: [{ name: reader, reads: [HGET] }]",
            &["unbounded-growth"],
        ),
        (
            "type: string | value: text | operations: [SET] | retention: { max_entries: 5 } | consumers: [{ name: reader, reads: [GET] }]",
            &["retention-operation-mismatch"],
        ),
        (
            "type: string | value: text | operations: [APPEND] | retention: { ttl: none } | consumers: [{ name: reader, reads: [GET] }]",
            &["unbounded-growth"],
        ),
    ]);
}

#[test]
fn one_cause_is_one_finding() {
    assert_cases(&[
        (
            "type: string | value: text | retention: { ttl: 60s } | consumers: [{ name: reader, reads: [GET] }]",
            &["no-producer"],
        ),
        (
            "type: strng | value: text | operations: [SET] | retention: { ttl: none } | consumers: [{ name: reader, reads: [GET] }]",
            &["unknown-type"],
        ),
        (
            "type: list | operations: [LPUSH] | element: Nothing | consumers: [{ name: reader, reads: [LRANGE] }]",
            &["missing-retention", "unknown-payload"],
        ),
        (
            "type: string | value: text | operations: [SET, GETT] | retention: { ttl: 60s } | consumers: [{ name: reader, reads: [GET] }]",
            &["unknown-operation"],
        ),
        (
            "type: string | value: text | operations: [GET] | retention: { ttl: 60s } | consumers: [{ name: reader, reads: [GET] }]",
            &["operation-not-writing"],
        ),
        (
            "type: string | value: text | operations: [SET NX PX] | retention: { ttl: 60s } | consumers: [{ name: reader, reads: [GET] }]",
            &["unknown-operation"],
        ),
        (
            "type: string | value: text | operations: [MYMODULE.SET] | retention: { ttl: none } | consumers: [{ name: reader, reads: [GET] }]",
            &[],
        ),
        (
            "type: string | value: text | operations: [SET] | retention: { ttl: none } | consumers: [{ name: readr, reads: [GET] }]",
            &["unknown-service"],
        ),
        (
            "type: string | value: text | operations: [SET] | retention: { ttl: none } | consumers: [{ name: reader, reads: [GET], bus: mainn }]",
            &["unknown-bus"],
        ),
        ("type: string | value: text | operations: [SET] | retention: { ttl: none }", &["no-consumer"]),
        (
            "type: string | value: text | operations: [SET] | retention: { ttl: none } | consumers: [{ name: reader, reads: [GET], potential: true }]",
            &["no-consumer"],
        ),
        ("type: string | value: integer | operations: [INCR, EXPIRE] | retention: { ttl: 60s }", &[]),
        ("type: string | value: text | operations: [SET, DEL] | retention: { ttl: 60s }", &[]),
    ]);
}

#[test]
fn needs_are_looked_up_in_what_the_reader_gets() {
    let price = "retention: { ttl: none, lifecycle: cumulative }";
    let case = |kind: &str, needs: &str, reads: &str| {
        fired(&format!("{kind} | {price} | consumers: [{{ name: reader, reads: [{reads}], needs: [{needs}] }}]"))
    };
    let zset = "type: zset | member: Price | score: epoch_ms | operations: [ZADD]";
    assert_eq!(case(zset, "symbol, value", "ZRANGE"), [""; 0]);
    assert_eq!(case(zset, "note", "ZRANGE"), ["needs-optional-field"]);
    assert_eq!(case(zset, "vlaue", "ZRANGE"), ["needs-unknown-field"]);
    let stream = "type: stream | entry: { payload: Price } | operations: [XADD]";
    assert_eq!(case(stream, "payload, symbol, payload.value", "XREAD"), [""; 0]);
    assert_eq!(case(stream, "payload.nope, nope", "XREAD"), ["needs-unknown-field"]);
    let hash = "type: hash | fields: { a: { type: text, required: true }, b: text } | operations: [HSET]";
    assert_eq!(case(hash, "a", "HGETALL"), [""; 0]);
    assert_eq!(case(hash, "b", "HGETALL"), ["needs-optional-field"]);
    assert_eq!(case(hash, "c", "HGETALL"), ["needs-unknown-field"]);
}

#[test]
fn time_and_identity_are_recognised() {
    let zset = |rest: &str| {
        fired(&format!(
            "type: zset | operations: [ZADD] | retention: {{ lifecycle: cumulative }} | {rest} | consumers: [{{ name: reader, reads: [ZRANGE] }}]"
        ))
    };
    assert_eq!(zset("member: number | score: epoch_ms"), ["zset-member-collision"]);
    assert_eq!(zset("member: integer | score: epoch_s"), ["zset-member-collision"]);
    assert_eq!(zset("member: integer | score: epoch_s | notes: Members are order ids."), [""; 0]);
    assert_eq!(zset("member: Price | score: epoch_s"), [""; 0]);
    assert_eq!(zset("member: integer | score: number | notes: The all-time best."), [""; 0]);
    assert_eq!(zset("member: text | score: number | notes: A time-series."), ["timestamp-without-unit"]);
    assert_eq!(zset("member: text | score: number | notes: A time-series in seconds."), [""; 0]);
}

/// The rules that fire on modules `a` and `b` whose keys have these patterns and types.
fn fired_on_two(a: (&str, &str), b: (&str, &str)) -> Vec<&'static str> {
    let module = |name: &str, (pattern, kind): (&str, &str)| {
        let (parts, operation, read) = match kind {
            "hash" => ("fields: { a: text }", "HSET", "HGET"),
            _ => ("value: text", "SET", "GET"),
        };
        let count = if pattern.contains('{') { "    cardinality: 10\n" } else { "" };
        format!(
            "# file: modules/{name}.yaml\nmodule: {name}\nrole: Writes.\nbus: main\nparams:\n  n: {{ type: integer, min: 0 }}\n  \
             w: {{ type: string, pattern: \"[a-z]+\" }}\nkeys:\n  it:\n    key: {pattern}\n    purpose: It.\n    type: {kind}\n    \
             {parts}\n    operations: [{operation}]\n    retention: {{ ttl: none, lifecycle: overwritten }}\n{count}    \
             consumers: [{{ name: reader, reads: [{read}] }}]\n"
        )
    };
    let registry = example_registry(&format!("{}{}", module("a", a), module("b", b))).unwrap();
    let rules = lint(&registry).into_iter().map(|finding| finding.rule).filter(|rule| *rule != "unused-param");
    rules.collect::<BTreeSet<_>>().into_iter().collect()
}

#[test]
fn patterns_of_two_modules_meet_or_not() {
    for (a, b, expected) in [
        (("app:x", "string"), ("app:x", "string"), &["duplicate-writer"][..]),
        (("app:x", "string"), ("app:x", "hash"), &["type-conflict"]),
        (("app:{n}", "string"), ("app:{n}", "hash"), &["type-conflict"]),
        (("app:{n}", "string"), ("app:{w}", "string"), &[]),
        (("app:{n}", "string"), ("app:1", "hash"), &[]),
        (("app:{w}:x", "string"), ("app:y:{w}", "string"), &["ambiguous-pattern"]),
        (("app:{w}:x", "string"), ("app:y:{n}", "string"), &[]),
    ] {
        assert_eq!(fired_on_two(a, b), expected, "{a:?} {b:?}");
    }
}

#[test]
fn a_static_key_for_many_symbols_is_told_from_a_feed_beside_dynamic_keys() {
    let schema = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schema");
    let mut texts: Vec<(std::path::PathBuf, String)> = ["registry.yaml", "modules/spot_worker.yaml"]
        .into_iter()
        .map(|file| (file.into(), std::fs::read_to_string(schema.join(file)).unwrap()))
        .collect();
    // What is left when the keys per symbol are gone: everything from the first of them to the flow.
    let module = &mut texts[1].1;
    let (start, end) = (module.find("  spot_latest:").unwrap(), module.find("\nflow:").unwrap());
    module.replace_range(start..end, "");
    let registry = keywire::registry::load_texts(texts).unwrap();
    let findings = lint(&registry);
    let found = findings.iter().find(|finding| finding.rule == "last-writer-wins").unwrap();
    assert_eq!((found.entry.as_deref(), found.subject.as_str()), (Some("spot"), "symbol"));
}
