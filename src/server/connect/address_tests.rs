//! Addresses in all the forms that users write, and the messages for those that are none.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use redis::ProtocolVersion;

use super::*;

/// Place, database, user, password, in one line.
fn read(text: &str) -> String {
    let endpoint = parse_url(text).unwrap();
    let settings = endpoint.info().redis_settings();
    let tls = if endpoint.is_tls() { "tls " } else { "" };
    let or_none = |value: Option<&str>| value.unwrap_or("-").to_owned();
    format!(
        "{tls}{} db={} {} {}",
        endpoint.info().addr(),
        settings.db(),
        or_none(settings.username()),
        or_none(settings.password())
    )
}

fn error(text: &str) -> String {
    format!("{:#}", parse_url(text).unwrap_err())
}

#[test]
fn urls_over_tcp() {
    assert_eq!(read("redis://127.0.0.1"), "127.0.0.1:6379 db=0 - -");
    assert_eq!(read("redis://localhost:6380/3"), "localhost:6380 db=3 - -");
    assert_eq!(read("valkey://[::1]:7000/"), "::1:7000 db=0 - -");
    assert_eq!(read("rediss://db.example"), "tls db.example:6379 db=0 - -");
    assert_eq!(read("valkeys://db.example#insecure"), "tls db.example:6379 db=0 - -");
    assert_eq!(read("REDIS://host"), "host:6379 db=0 - -");
    assert_eq!(read(" redis://host\n"), "host:6379 db=0 - -");
    assert_eq!(read("redis://app:p%40ss%2F@host"), "host:6379 db=0 app p@ss/");
    assert_eq!(read("redis://:pw@host"), "host:6379 db=0 - pw");
}

#[test]
fn options_of_other_clients_are_understood_or_passed_over() {
    assert_eq!(read("redis://host?db=4&health_check_interval=30"), "host:6379 db=4 - -");
    assert_eq!(read("redis://host/1?db=4"), "host:6379 db=1 - -");
    assert_eq!(read("redis://host?username=app&password=pw"), "host:6379 db=0 app pw");
    let endpoint = parse_url("rediss://host?ssl_ca_certs=/etc/ca.pem&protocol=3").unwrap();
    assert_eq!(endpoint.ca_cert(), Some(path::Path::new("/etc/ca.pem")));
    assert_eq!(endpoint.info().redis_settings().protocol(), ProtocolVersion::RESP3);
}

#[test]
fn unix_sockets() {
    assert_eq!(read("redis+unix:///run/redis.sock"), "/run/redis.sock db=0 - -");
    assert_eq!(read("unix:///run/redis.sock?db=2&user=app&pass=p%26w"), "/run/redis.sock db=2 app p&w");
    assert_eq!(read("valkey+unix:///a%20b.sock"), "/a b.sock db=0 - -");
    assert_eq!(read("unix://app:p%40w@/run/redis.sock?db=1"), "/run/redis.sock db=1 app p@w");
    assert_eq!(read("/run/redis.sock"), "/run/redis.sock db=0 - -");
    let here = std::env::current_dir().unwrap();
    assert_eq!(read("./redis.sock"), format!("{}/redis.sock db=0 - -", here.display()));
    assert_eq!(read("run/redis.sock"), format!("{}/run/redis.sock db=0 - -", here.display()));
}

#[test]
fn without_a_scheme() {
    assert_eq!(read("localhost:6380"), "localhost:6380 db=0 - -");
    assert_eq!(read("redis:6379"), "redis:6379 db=0 - -");
    assert_eq!(read("app:pw@host:6380/2"), "host:6380 db=2 app pw");
    assert_eq!(read("host"), "host:6379 db=0 - -");
}

#[test]
fn what_is_no_address_is_explained_without_the_password() {
    for (text, expected) in [
        ("", "is empty"),
        ("http://host", "its scheme is none of"),
        ("redis+sentinel://host/mymaster", "URL of one node"),
        ("redis://host:port", "percent-encoded"),
        ("redis://app:S3CR3T/x@host", "percent-encoded"),
        ("redis://app:S3CR3T#x@host", "percent-encoded"),
        ("redis://app:S3CR3T", "percent-encoded"),
        ("redis://host/zero", "invalid database number"),
        ("redis://host?db=zero", "not the number of a database"),
        ("redis:///run/redis.sock", "write redis+unix:///path"),
        ("redis://", "expected redis://"),
        ("unix://tmp/redis.sock", "three slashes"),
        ("unix:///s?db=S3CR3T", "invalid database number"),
        ("redis://0.0.0.0", "wildcard"),
        ("rediss://host#S3CR3T", "only #insecure"),
    ] {
        let message = error(text);
        assert!(message.contains(expected) && !message.contains("S3CR3T"), "{text}: {message}");
    }
}

#[test]
fn the_ca_file_must_hold_certificates() {
    let message = |url: String| format!("{:#}", parse_url(&url).unwrap().client().unwrap_err());
    let missing = message("rediss://host?cacert=/nowhere/ca.pem".into());
    assert!(missing.contains("/nowhere/ca.pem") && missing.contains("KEYWIRE_CA_CERT"), "{missing}");
    let empty = tempfile::NamedTempFile::new().unwrap();
    let none = message(format!("rediss://host?cacert={}", empty.path().display()));
    assert!(none.contains("holds no certificate"), "{none}");
}

proptest! {
    #[test]
    fn nothing_that_is_shown_holds_the_password(password in "[ -~]{0,8}S3CR3T[ -~]{0,8}", host in "[a-z]{1,8}(:[0-9a-z]{1,4})?") {
        let encoded: String = password.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for address in [
            format!("redis://app:{password}@{host}"),
            format!("rediss://{}@{host}", password.replace(':', "")),
            format!("app:{password}@{host}"),
            format!("redis://app:{encoded}@{host}/0"),
            format!("unix:///{host}?pass={password}"),
            format!("unix://app:{password}@/{host}"),
            format!("unix://{host}?pass={password}"),
        ] {
            let shown = match parse_url(&address) {
                Ok(endpoint) => format!("{endpoint} {endpoint:?}"),
                Err(error) => format!("{error:#} {error:?}"),
            };
            prop_assert!(!shown.contains("S3CR3T") && !shown.contains("%53%33%43%52%33%54"), "{address} -> {shown}");
        }
    }

    #[test]
    fn an_encoded_password_arrives_as_it_was(user in "[ -~]{1,8}", password in "[ -~]{1,12}") {
        let encode = |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02X}")).collect() };
        let (user_in_url, password_in_url) = (encode(&user), encode(&password));
        for address in [
            format!("redis://{user_in_url}:{password_in_url}@host"),
            format!("unix:///s?user={user_in_url}&pass={password_in_url}"),
            format!("unix://{user_in_url}:{password_in_url}@/s"),
        ] {
            let endpoint = parse_url(&address).unwrap();
            prop_assert_eq!(endpoint.info().redis_settings().username(), Some(user.as_str()));
            prop_assert_eq!(endpoint.info().redis_settings().password(), Some(password.as_str()));
        }
    }
}
