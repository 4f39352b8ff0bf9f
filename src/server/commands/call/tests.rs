//! Concrete calls and what they do, as everybody knows them from the documentation.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::server::commands::effects::{Expiry, Size};

fn words(call: &str) -> Vec<&str> {
    call.split(' ').map(|word| if word == "''" { "" } else { word }).collect()
}

/// Name and word of each argument.
fn read(call: &str) -> String {
    let words = words(call);
    let invocation = invocation(&words).unwrap();
    assert!(invocation.is_well_formed(), "{call}: {:?}", invocation.arguments());
    let shown = |given: &Given<'_>| format!("{}={}", given.argument.name, String::from_utf8_lossy(given.word));
    invocation.arguments().iter().map(shown).collect::<Vec<_>>().join(" ")
}

fn ask<T>(call: &str, question: impl Fn(&Invocation<'_>) -> T) -> T {
    question(&invocation(&words(call)).unwrap_or_else(|| panic!("{call}")))
}

#[test]
fn arguments_by_the_specifications_names() {
    for (call, expected) in [
        ("SET k v GET NX EX 5", "key=k value=v get=GET nx=NX seconds=5"),
        ("set k ex keepttl", "key=k value=ex keepttl=keepttl"),
        (
            "XADD k MAXLEN ~ 5 * f v g w",
            "key=k maxlen=MAXLEN approximately=~ threshold=5 auto-id=* field=f value=v field=g value=w",
        ),
        (
            "XADD k MAXLEN 5 LIMIT 3 NOMKSTREAM 1-1 f v",
            "key=k maxlen=MAXLEN threshold=5 count=3 nomkstream=NOMKSTREAM id=1-1 field=f value=v",
        ),
        ("ZADD k XX CH 1 NX", "key=k xx=XX change=CH score=1 member=NX"),
        ("XREAD COUNT 2 STREAMS a b 0 $", "count=2 streams=STREAMS key=a key=b id=0 id=$"),
        ("EVAL s 0 a b", "script=s numkeys=0 arg=a arg=b"),
        ("EVAL s 1 a b", "script=s numkeys=1 key=a arg=b"),
        ("BLPOP a b 0", "key=a key=b timeout=0"),
        (
            "ZUNIONSTORE d 2 a b AGGREGATE MAX WEIGHTS 1.5 2",
            "destination=d numkeys=2 key=a key=b aggregate=AGGREGATE max=MAX weight=1.5 weight=2",
        ),
        (
            "SORT a GET x_* LIMIT 0 5 GET # STORE b ALPHA",
            "key=a get-pattern=x_* limit=LIMIT offset=0 count=5 get-pattern=# destination=b sorting=ALPHA",
        ),
        ("HGETEX k EX 5 FIELDS 2 EX FIELDS", "key=k seconds=5 fields=FIELDS numfields=2 field=EX field=FIELDS"),
        ("HGETEX k FIELDS 1 EX EX 5", "key=k fields=FIELDS numfields=1 field=EX seconds=5"),
        ("HSETEX k FNX EX 5 FIELDS 1 f v", "key=k fnx=FNX seconds=5 fields=FIELDS numfields=1 field=f value=v"),
        (
            "XCLAIM k g c 0 1-1 2-1 FORCE IDLE 5",
            "key=k group=g consumer=c min-idle-time=0 id=1-1 id=2-1 force=FORCE ms=5",
        ),
        (
            "BITFIELD k GET u8 0 OVERFLOW SAT INCRBY u8 0 1",
            "key=k get-block=GET encoding=u8 offset=0 overflow-block=OVERFLOW sat=SAT incrby-block=INCRBY encoding=u8 \
          offset=0 increment=1",
        ),
        ("MIGRATE h 1 '' 0 5 KEYS a b", "host=h port=1 empty-string= destination-db=0 timeout=5 keys=a keys=b"),
        ("XPENDING k g IDLE 5 - + 3", "key=k group=g min-idle-time=5 start=- end=+ count=3"),
        ("JSON.STRAPPEND k v", "key=k value=v"),
        ("CLIENT KILL ID 4 5 USER u", "client-id=4 client-id=5 username=u"),
        ("CLIENT KILL 1.2.3.4:5", "old-format=1.2.3.4:5"),
    ] {
        assert_eq!(read(call), expected, "{call}");
    }
}

#[test]
fn keys_with_what_happens_to_them() {
    let keys = |call: &str| {
        let words = words(call);
        let found = invocation(&words).unwrap();
        found.keys.iter().map(|key| format!("{} {:?}", words[key.position], key.access)).collect::<Vec<_>>().join(", ")
    };
    for (call, expected) in [
        ("SET k v", "k Write"),
        ("SET k v GET", "k ReadWrite"),
        ("SET k GET", "k Write"),
        ("GET k", "k Read"),
        ("TTL k", "k Read"),
        ("OBJECT ENCODING k", "k Read"),
        ("LMOVE a b LEFT LEFT", "a ReadWrite, b Write"),
        ("SMOVE a b m", "a Write, b Write"),
        ("COPY a b", "a Read, b Write"),
        ("SORT a STORE b", "a Read, b Write"),
        ("ZUNIONSTORE d 2 a b", "d Write, a Read, b Read"),
        ("BITFIELD k GET u8 0", "k Read"),
        ("BITFIELD k SET u8 0 1", "k ReadWrite"),
        ("PFCOUNT a b", "a Read, b Read"),
        ("XREADGROUP GROUP g c STREAMS a >", "a Read"),
        ("MIGRATE h 1 '' 0 5 KEYS a b", "a Write, b Write"),
        ("EVAL s 1 k", "k ReadWrite"),
        ("EVAL_RO s 1 k", "k Read"),
        ("PUBLISH c m", ""),
    ] {
        assert_eq!(keys(call), expected, "{call}");
    }
    let effect = |call: &str| ask(call, |call| call.keys[0].effect);
    assert_eq!(effect("SET k v KEEPTTL").unwrap().expiry, Expiry::Keeps);
    assert_eq!(effect("SET k KEEPTTL").unwrap().expiry, Expiry::Drops);
    assert_eq!(effect("GETEX k").unwrap().expiry, Expiry::Keeps);
    assert_eq!(effect("SORT a STORE b"), None);
    assert_eq!(effect("RENAME a b").unwrap().size, Size::Removes);
    assert_eq!(effect("EVAL s 1 k"), None);
}

#[test]
fn channels_by_kind() {
    let channels = |call: &str| ask(call, |call| call.channels.clone());
    let channel = |position, pattern, kind| ChannelUse { position, pattern, kind };
    assert_eq!(channels("PUBLISH c m"), [channel(1, false, ChannelKind::Publish)]);
    assert_eq!(channels("SPUBLISH c m"), [channel(1, false, ChannelKind::Publish)]);
    assert_eq!(channels("ssubscribe c")[0].kind, ChannelKind::Subscribe);
    assert_eq!(channels("PSUBSCRIBE a* b")[1], channel(2, true, ChannelKind::Subscribe));
    assert_eq!(channels("UNSUBSCRIBE a"), [channel(1, false, ChannelKind::Unsubscribe)]);
    assert_eq!(channels("PUNSUBSCRIBE"), []);
    assert_eq!(channels("SET a b"), []);
}

#[test]
fn what_a_server_would_refuse_gives_what_can_be_found() {
    for (call, keys, complete) in [
        ("SET k", 1, false),
        ("SET k v FROB", 1, true),
        ("SET k v EX", 1, true),
        ("SET k v EX soon", 1, true),
        ("SET k v EX 5 PX 5", 1, true),
        ("HSET k f v g", 1, true),
        ("XREAD STREAMS a b 0", 0, false),
        ("EVAL s 3 a", 0, false),
        ("HSETEX k FIELDS 2 f v", 1, true),
        ("XGROUP FROB k", 0, false),
        ("GET a b", 1, false),
    ] {
        ask(call, |found| {
            assert!(!found.is_well_formed(), "{call}");
            assert_eq!((found.keys.len(), found.complete), (keys, complete), "{call}");
        });
    }
    ask("SET k v FROB", |found| assert_eq!(found.values("value").next().unwrap().word, b"v"));
    assert!(invocation(&["FROB", "k"]).is_none() && invocation::<&str>(&[]).is_none());
    assert!(invocation(&[[0xff_u8; 100]]).is_none());
    assert!(invocation(&["XGROUP CREATE", "k", "g", "$"]).is_none(), "one word is no two");
    ask("SORT k BY w_*", |found| assert!(found.is_well_formed() && !found.complete));
    ask("SORT k BY nosort", |found| assert!(found.complete));
}

#[test]
fn tokens_are_those_of_options_alone() {
    assert!(ask("XADD k maxlen ~ 5 * f v", |call| call.has_token("MAXLEN") && call.has_token("~")));
    assert!(!ask("SET k KEEPTTL", |call| call.has_token("KEEPTTL")));
    assert!(ask("ZRANGE k 0 5 BYSCORE LIMIT 0 1", |call| call.has_token("LIMIT")));
}

#[test]
fn expiries() {
    let after = |seconds| Some(ExpiryGiven::After(Duration::from_secs(seconds)));
    let at = |seconds| Some(ExpiryGiven::At(Duration::from_secs(seconds)));
    for (call, expected) in [
        ("EXPIRE k 5", after(5)),
        ("PEXPIRE k 5000 NX", after(5)),
        ("EXPIREAT k 5", at(5)),
        ("PEXPIREAT k 5000", at(5)),
        ("EXPIRE k 0", Some(ExpiryGiven::Gone)),
        ("PEXPIREAT k -1", Some(ExpiryGiven::Gone)),
        ("SETEX k 5 v", after(5)),
        ("PSETEX k 5000 v", after(5)),
        ("SETEX k 0 v", None),
        ("SET k v EX 5", after(5)),
        ("SET k v PXAT 5000", at(5)),
        ("SET k v KEEPTTL", None),
        ("SET k 5", None),
        ("GETEX k PX 5000", after(5)),
        ("GETEX k PERSIST", None),
        ("MSETEX 1 k v EX 5", after(5)),
        ("RESTORE k 5000 x", after(5)),
        ("RESTORE k 5000 x ABSTTL IDLETIME 7", at(5)),
        ("RESTORE k 0 x", None),
        ("RENAME a b", None),
        ("HEXPIRE k 5 FIELDS 1 f", None),
        ("HSETEX k EX 5 FIELDS 1 f v", None),
        ("EXPIRE k 9223372036854775807", Some(ExpiryGiven::After(Duration::from_millis(u64::MAX)))),
        ("EXPIRE k soon", None),
    ] {
        assert_eq!(ask(call, |call| call.expiry()), expected, "{call}");
    }
}

#[test]
fn trims() {
    let entries = |at_most, approximate| Trim::Entries { at_most, approximate };
    let below = |threshold: &'static str, inclusive, approximate| Trim::Below {
        threshold: threshold.as_bytes(),
        inclusive,
        approximate,
    };
    for (call, expected) in [
        ("XADD k MAXLEN 5 * f v", Some(entries(5, false))),
        ("XADD k MAXLEN ~ 5 * f v", Some(entries(5, true))),
        ("XTRIM k MAXLEN = 0", Some(entries(0, false))),
        ("XTRIM k MINID ~ 17-0", Some(below("17-0", false, true))),
        ("XADD k * f v", None),
        ("XTRIM k MAXLEN many", Some(Trim::Other)),
        ("LTRIM k 0 9", Some(entries(10, false))),
        ("LTRIM k -10 -1", Some(entries(10, false))),
        ("LTRIM k 5 3", Some(entries(0, false))),
        ("LTRIM k -3 7", Some(entries(3, false))),
        ("LTRIM k 0 -1", Some(Trim::Nothing)),
        ("LTRIM k 1 -1", Some(Trim::Other)),
        ("LTRIM k 0 -2", Some(Trim::Other)),
        ("LTRIM k -9223372036854775808 9223372036854775807", Some(entries(1 << 63, false))),
        ("ZREMRANGEBYRANK k 0 -11", Some(entries(10, false))),
        ("ZREMRANGEBYRANK k 10 -1", Some(entries(10, false))),
        ("ZREMRANGEBYRANK k 0 -1", Some(entries(0, false))),
        ("ZREMRANGEBYRANK k 2 -4", Some(entries(5, false))),
        ("ZREMRANGEBYRANK k 0 4", Some(Trim::Other)),
        ("ZREMRANGEBYRANK k 4 0", Some(Trim::Nothing)),
        ("ZREMRANGEBYSCORE k -inf 17", Some(below("17", true, false))),
        ("ZREMRANGEBYSCORE k -inf (17", Some(below("17", false, false))),
        ("ZREMRANGEBYSCORE k -inf +inf", Some(entries(0, false))),
        ("ZREMRANGEBYSCORE k 0 17", Some(Trim::Other)),
        ("HEXPIRE k 5 FIELDS 1 f", Some(Trim::Other)),
        ("SET k v", None),
    ] {
        let words = words(call);
        assert_eq!(invocation(&words).unwrap().trim(), expected, "{call}");
    }
}

#[test]
fn growth() {
    for (call, expected) in [
        ("SADD k a b c", 3),
        ("HSET k f v g w", 2),
        ("HINCRBY k f 1", 1),
        ("XADD k * f v g w", 1),
        ("LPUSH k a b", 2),
        ("LINSERT k BEFORE a b", 1),
        ("LMOVE a b LEFT LEFT", 1),
        ("SMOVE a b m", 1),
        ("ZADD k 1 a 2 b", 2),
        ("ZADD k XX 1 a", 0),
        ("ZINCRBY k 1 a", 1),
        ("GEOADD k 1 2 a 1 2 b", 2),
        ("HSETEX k EX 5 FIELDS 2 f v g w", 2),
        ("PFADD k a b", 0),
        ("SET k v", 0),
        ("APPEND k v", 0),
        ("SUNIONSTORE d a b", 0),
        ("SREM k a", 0),
        ("SMEMBERS k", 0),
    ] {
        assert_eq!(ask(call, |call| call.grown_by()), expected, "{call}");
    }
}

#[test]
fn calls_of_very_many_words_are_read_in_one_go() {
    let mut words = vec!["HSET", "k"];
    words.extend(["f", "v"].repeat(100_000));
    assert_eq!(invocation(&words).unwrap().grown_by(), 100_000);
    // Each id could be an option, and each option an id.
    let mut words = vec!["XCLAIM", "k", "g", "c", "0"];
    words.extend(["FORCE"].repeat(200_000));
    let _ = invocation(&words).unwrap();
}

proptest! {
    #[test]
    fn any_words_are_read_in_order_and_once(
        index in any::<proptest::sample::Index>(),
        rest in proptest::collection::vec("[0-9]{1,2}|-1|[A-Z]{2,8}|STREAMS|KEYS|STORE|GET|FIELDS|EX|[~=*#$(]|[a-z]?", 0..12),
    ) {
        let command = index.get(crate::server::commands::all());
        let words: Vec<&str> = command.name.split(' ').chain(rest.iter().map(String::as_str)).collect();
        let found = invocation(&words).unwrap();
        prop_assert!(found.arguments().is_sorted_by(|a, b| a.position < b.position));
        for given in found.arguments() {
            prop_assert_eq!(words[given.position].as_bytes(), given.word);
        }
        prop_assert!(found.keys.is_sorted_by(|a, b| a.position < b.position));
        prop_assert!(found.keys.iter().all(|key| key.position < words.len()));
        let _ = (found.expiry(), found.trim(), found.grown_by());
    }
}
