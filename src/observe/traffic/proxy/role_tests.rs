//! What commands are taken for, and that secrets go.

use super::*;

fn words(line: &str) -> Vec<Vec<u8>> {
    line.split(' ').map(|word| word.as_bytes().to_vec()).collect()
}

#[test]
fn secrets_are_redacted() {
    for (line, shown) in [
        ("auth pw", "auth (redacted)"),
        ("AUTH app pw", "AUTH (redacted) (redacted)"),
        ("HELLO 3 auth app pw setname me", "HELLO 3 auth (redacted) (redacted) setname me"),
        ("CONFIG SET maxmemory 1 RequirePass pw", "CONFIG SET maxmemory 1 RequirePass (redacted)"),
        ("config set primaryauth pw masterauth pw", "config set primaryauth (redacted) masterauth (redacted)"),
        ("ACL SETUSER app on >pw ~*", "ACL SETUSER app (redacted) (redacted) (redacted)"),
        ("MIGRATE h 1 k 0 9 AUTH pw KEYS", "MIGRATE h 1 k 0 9 AUTH (redacted) KEYS"),
        ("MIGRATE h 1 k 0 9 AUTH2 u pw KEYS", "MIGRATE h 1 k 0 9 AUTH2 (redacted) (redacted) KEYS"),
        ("SENTINEL SET main auth-pass pw", "SENTINEL SET main auth-pass (redacted)"),
        ("SET auth pw", "SET auth pw"),
    ] {
        let mut words = words(line);
        redact(&mut words);
        assert_eq!(String::from_utf8(words.join(&b' ')).unwrap(), shown);
    }
}

#[test]
fn roles_are_known_in_any_case() {
    let hello = Hello { protocol: Some(3), user: Some("app".into()), name: Some(Some("me".into())) };
    for (line, role) in [
        ("get k", Role::Plain),
        ("multi", Role::Multi),
        ("MULTI x", Role::Plain),
        ("hello 3 SETNAME me AUTH app pw", Role::Hello(Box::new(hello))),
        ("AUTH pw", Role::Auth("default".into())),
        ("Auth app pw", Role::Auth("app".into())),
        ("client setname me", Role::Name(Some("me".into()))),
        ("client reply skip", Role::Replies(Replies::Skip)),
        ("select 7", Role::Select(7)),
        ("select x", Role::Plain),
        ("subscribe a b", Role::Subscribe { confirms: b"subscribe", channels: Some(2) }),
        ("subscribe", Role::Subscribe { confirms: b"subscribe", channels: Some(0) }),
        ("punsubscribe", Role::Subscribe { confirms: b"punsubscribe", channels: None }),
        ("replconf ack 1", Role::Unanswered),
        ("psync ? -1", Role::Replication),
    ] {
        assert_eq!(Role::of(&words(line)), role, "{line}");
    }
}
