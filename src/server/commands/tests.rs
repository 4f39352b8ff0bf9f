//! The embedded table against what is known of Redis, and the overlay against the table.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use proptest::prelude::*;

use super::effects::{self, Bound, Effect, Expiry, Size};
use super::*;

const TABLE_TEXT: &str = include_str!("table.txt");
const SUPPLEMENT_TEXT: &str = include_str!("table_supplement.txt");

fn command(name: &str) -> &'static Command {
    get(name).unwrap_or_else(|| panic!("{name} is not in the table"))
}

fn target(name: &str, options: &[&str]) -> Effect {
    command(name).effects().next().unwrap_or_else(|| panic!("{name} has no row")).with_options(options)
}

#[test]
fn both_texts_parse_are_sorted_and_disjoint() {
    for text in [TABLE_TEXT, SUPPLEMENT_TEXT] {
        let table = text::parse(text).unwrap();
        assert!(table.commands.is_sorted_by(|a, b| a.name < b.name));
    }
    assert!(all().is_sorted_by(|a, b| a.name < b.name), "a supplementary line repeats a server's");
    let known: String = origins().iter().map(|origin| origin.letter).collect();
    for command in all() {
        assert!(!command.origins.is_empty() && command.origins.chars().all(|c| known.contains(c)), "{}", command.name);
    }
}

#[test]
fn writing_what_was_read_changes_nothing() {
    let table = text::parse(TABLE_TEXT).unwrap();
    assert_eq!(text::parse(&text::write("title", &table)).unwrap(), table);
    let lines = |text: &str| text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(lines(&text::write("title", &table)), lines(TABLE_TEXT));
    let supplement = text::parse(SUPPLEMENT_TEXT).unwrap();
    assert_eq!(lines(&text::write("title", &supplement)), lines(SUPPLEMENT_TEXT));
}

#[test]
fn every_row_names_a_write_command_once() {
    let mut seen = std::collections::HashSet::new();
    for row in effects::rows() {
        assert!(seen.insert(row.command), "{} has two rows", row.command);
        let command = get(row.command).unwrap_or_else(|| panic!("{} is not in the table", row.command));
        assert_eq!(command.name, row.command);
        assert!(command.is_write(), "{} has a row but does not write", row.command);
        let written = command.key_specs.iter().filter(|spec| spec.writes()).count();
        assert!(row.source.is_none() || written > 1, "{} has a source but writes one key", row.command);
    }
}

#[test]
fn every_write_command_that_names_keys_has_a_row() {
    let missing: Vec<&str> = all()
        .iter()
        .filter(|command| command.is_write() && command.keys_in_specs().next().is_some())
        .filter(|command| effects::row(&command.name).is_none())
        .map(|command| command.name.as_str())
        .collect();
    assert!(missing.is_empty(), "without a row in effects/rows.rs: {missing:?}");
}

#[test]
fn names_are_found_in_any_case_and_spelling() {
    assert_eq!(command("zadd").name, "ZADD");
    assert_eq!(command("xgroup create").name, "XGROUP CREATE");
    assert_eq!(command("CONFIG|Get").name, "CONFIG GET");
    assert!(get("ZADDD").is_none() && get("").is_none());
    assert_eq!(of_call(&["xgroup", "CREATE", "k", "g", "$"]).unwrap().name, "XGROUP CREATE");
    assert_eq!(of_call(&["set", "get"]).unwrap().name, "SET");
    let subcommands: Vec<&str> = command("XGROUP").subcommands().map(|command| command.name.as_str()).collect();
    assert_eq!(subcommands.len(), 6, "{subcommands:?}");
    assert!(command("XGROUP").is_container() && !command("XADD").is_container());
    assert!(names().any(|name| name == "SET"));
}

#[test]
fn writes_reads_and_channels() {
    for name in ["SET", "XREADGROUP", "EXPIRE", "JSON.SET", "XDELEX", "FLUSHALL"] {
        assert!(command(name).is_write(), "{name}");
    }
    for name in ["PUBLISH", "SPUBLISH", "GET", "SUBSCRIBE", "XREAD"] {
        assert!(!command(name).is_write(), "{name}");
    }
    for name in ["GET", "XREADGROUP", "GETDEL", "BLPOP", "ZRANGE", "JSON.GET"] {
        assert!(command(name).is_read(), "{name}");
    }
    for name in ["SET", "INCR", "PUBLISH", "DBSIZE", "DEL"] {
        assert!(!command(name).is_read(), "{name}");
    }
    let channels: Vec<&str> = all().iter().filter(|c| c.is_channel()).map(|c| c.name.as_str()).collect();
    let expected = "PSUBSCRIBE PUBLISH PUNSUBSCRIBE SPUBLISH SSUBSCRIBE SUBSCRIBE SUNSUBSCRIBE UNSUBSCRIBE";
    assert_eq!(channels.join(" "), expected);
    assert!(command("EVAL").runs_code() && !command("SCRIPT LOAD").runs_code());
}

#[test]
fn types_that_commands_work_on() {
    for (name, types) in [
        ("PFADD", &["string"][..]),
        ("SETBIT", &["string"]),
        ("GEOADD", &["zset"]),
        ("SORT", &["list", "set", "zset"]),
        ("ZUNIONSTORE", &["zset", "set"]),
        ("JSON.SET", &["ReJSON-RL"]),
        ("FLUSHALL", &[]),
        ("SUBSCRIBE", &[]),
    ] {
        assert_eq!(command(name).works_on(), types, "{name}");
    }
    for name in ["DEL", "EXPIRE", "TTL", "RENAME", "COPY", "DUMP", "RESTORE", "OBJECT ENCODING", "EVAL", "MEMORY USAGE"]
    {
        assert!(command(name).applies_to("stream") && command(name).applies_to("a-module's"), "{name}");
    }
    assert!(!command("HSET").applies_to("zset"));
}

#[test]
fn commands_that_may_touch_several_keys() {
    for name in ["DEL", "MSET", "RENAME", "LMOVE", "ZUNIONSTORE", "XREAD", "EVAL", "BLPOP", "SORT", "PFCOUNT"] {
        assert!(command(name).may_touch_several_keys(), "{name}");
    }
    for name in ["SET", "HSET", "PUBLISH", "SPUBLISH", "XADD", "PING", "JSON.GET"] {
        assert!(!command(name).may_touch_several_keys(), "{name}");
    }
}

#[test]
fn effects_follow_the_options() {
    assert_eq!(target("SET", &[]).expiry, Expiry::Drops);
    assert_eq!(target("SET", &["nx", "ex"]).expiry, Expiry::Sets);
    assert_eq!(target("SET", &["KEEPTTL"]).expiry, Expiry::Keeps);
    assert_eq!(target("XADD", &["MAXLEN"]).bounds(), [Bound::Count]);
    assert!(target("XADD", &[]).can_grow() && target("XADD", &[]).bounds().is_empty());
    assert_eq!(command("XTRIM").effects().next().unwrap().bounds(), [Bound::Count, Bound::Age]);
    assert!(target("HSET", &[]).keeps_expiry());
    assert!(command("SET").effects().next().unwrap().can_drop_expiry());
    assert_eq!(target("SORT", &["STORE"]).size, Size::Replaces);
}

#[test]
fn moves_take_from_the_source_and_give_to_the_target() {
    let lmove = command("LMOVE");
    assert_eq!(lmove.effect_on(0).unwrap().size, Size::Shrinks);
    assert_eq!(lmove.effect_on(1).unwrap().size, Size::Grows);
    assert_eq!(command("COPY").effect_on(0), None, "the source of a copy is only read");
    assert_eq!(command("COPY").effect_on(1).unwrap().size, Size::Replaces);
    assert_eq!(command("SUNIONSTORE").effect_on(1), None);
    assert_eq!(command("SORT").effect_on(2).unwrap().with_options(&["STORE"]).expiry, Expiry::Drops);
}

#[test]
fn keys_of_calls() {
    for (call, keys, complete) in [
        ("SET k v", &["k"][..], true),
        ("MSET a 1 b 2", &["a", "b"], true),
        ("XREAD COUNT 2 streams a b 0 0", &["a", "b"], true),
        ("ZUNIONSTORE d 2 a b WEIGHTS 1 2", &["d", "a", "b"], true),
        ("EVAL s 0 x", &[], true),
        ("EVAL s 3 x", &[], false),
        ("BLPOP a b 0", &["a", "b"], true),
        ("PUBLISH c m", &[], true),
        ("SPUBLISH c m", &[], true),
        ("JSON.MSET a $ 1 b $ 2", &["a", "b"], true),
        ("SORT a BY w_*", &["a"], false),
        ("SORT a ALPHA", &["a"], true),
        ("SORT a LIMIT 0 5 STORE b", &["a", "b"], true),
        ("GEORADIUS a 1 2 3 km STORE b", &["a", "b"], true),
    ] {
        let words: Vec<&str> = call.split(' ').collect();
        let found = of_call(&words).unwrap().keys_of(&words);
        assert_eq!(found.keys.iter().map(|key| words[key.position]).collect::<Vec<_>>(), keys, "{call}");
        assert_eq!(found.complete, complete, "{call}");
    }
}

#[test]
fn lines_that_are_not_of_the_format_are_named() {
    for line in
        ["X", "X | v | string | 1 | two | - | - | - | -", "X | v | string | 1 | 2 | - | - | - | a:block(b:string"]
    {
        let error = format!("{:#}", text::parse(&format!("# title\n{line}\n")).unwrap_err());
        assert!(error.contains("line 2"), "{error}");
    }
    assert!(text::parse(&format!("X | v | string | 1 | 2 | - | - | - | {}", "a:block(".repeat(100_000))).is_err());
}

proptest! {
    #[test]
    fn looking_up_never_panics(name in any::<String>(), words in proptest::collection::vec(any::<Vec<u8>>(), 0..4)) {
        let _ = get(&name);
        let _ = of_call(&words);
        let _ = text::parse(&name);
    }

    #[test]
    fn keys_of_any_call_are_inside_it(
        index in any::<proptest::sample::Index>(),
        words in proptest::collection::vec("[0-9]{1,3}|-[0-9]+|STREAMS|KEYS|STORE|GET|[a-z]", 0..9),
    ) {
        let command = index.get(all());
        let keys = command.keys_of(&words).keys;
        prop_assert!(keys.iter().all(|key| key.position > 0 && key.position < words.len()));
    }
}
