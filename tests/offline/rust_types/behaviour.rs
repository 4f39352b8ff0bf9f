//! Params, payloads and config as their users meet them.

use std::time::Duration;

use super::rich::config::{Config, RichMode};
use super::rich::params::{
    At, Blob, Day, Delta, Digest, Order as OrderName, Run, Shard, Side, Symbol, Tail, Undeclared,
};
use super::rich::payloads::{Event, EventOpened, EventOpenedKind, Level, Loose, Order, Tags};
use super::rich::support::Payload as _;
use super::spot_worker;

#[test]
fn params_refuse_what_a_name_cannot_hold() {
    for good in ["SPX", "I:SPX", "BRK.B"] {
        assert_eq!(Symbol::new(good).unwrap().as_str(), good);
    }
    for bad in ["", "spx", "I:", "ABCDEFGHIJK", "SPX\n", "SPX:"] {
        let error = Symbol::new(bad).unwrap_err();
        assert_eq!(error.to_string(), "symbol must match `(?:I:)?[A-Z][A-Z.]{0,9}`", "{bad}");
    }
    assert!(Undeclared::new("a:b").is_err() && Undeclared::new("ab").is_ok());
    assert!(Tail::new("a:b").is_ok() && Tail::new("").is_err());
    assert!(OrderName::new("é").is_ok());
    assert!(Run::new("6f1e9a52-3c0b-4f6e-9d55-0a4f0c5b7e21").is_ok() && Run::new("6f1e9a52").is_err());
    assert!(Digest::new("0123abcd").is_ok() && Digest::new("0123abc").is_err() && Blob::new("0").is_ok());
    assert!(Day::new("2024-02-29").is_ok() && Day::new("2023-02-29").is_err());
}

#[test]
fn numbers_in_names_have_one_spelling() {
    assert_eq!("42".parse::<Shard>().unwrap().get(), 42);
    for bad in ["042", "+42", "-1", "4096", "", "4 "] {
        assert!(bad.parse::<Shard>().is_err(), "{bad}");
    }
    assert_eq!(Delta::new(-7).unwrap().to_string(), "-7");
    assert!(At::new(1_767_225_600_000).is_ok() && At::new(1_767_225_600).is_err());
    assert_eq!(serde_json::to_string(&Shard::new(7).unwrap()).unwrap(), "7");
    assert!(serde_json::from_str::<Shard>("4096").is_err());
}

#[test]
fn enums_know_their_words() {
    let words: Vec<&str> = Side::ALL.iter().map(|side| side.as_str()).collect();
    assert_eq!(words, ["call", "put", "self", "2x"]);
    assert_eq!("2x".parse::<Side>().unwrap(), Side::N2x);
    assert_eq!("put".parse::<Side>().unwrap().to_string(), "put");
    assert_eq!("hold".parse::<Side>().unwrap_err().to_string(), "side must be one of call, put, self, 2x");
    assert_eq!(serde_json::to_string(&Side::Self_).unwrap(), "\"self\"");
}

#[test]
fn invalid_payloads_say_where_and_never_what() {
    let json = |price: &str| {
        format!(
            r#"{{"id":"AB-1","type":"market","quantity":5,"price":{price},"limit":null,"lines":[{{"sku":"abc"}}],
            "address":{{"city":"Ulm"}},"weights":{{}}}}"#
        )
    };
    let mut order = Order::decode(json("1.25").as_bytes()).unwrap();
    assert_eq!(Order::decode(json("-7").as_bytes()).unwrap_err().to_string(), "/price must be above 0");
    order.lines[0].tags = Some(vec!["aa".into(), "b".into()]);
    assert_eq!(order.encode().unwrap_err().at, "/lines/0/tags/1");
    order.lines[0].tags = None;
    order.price = f64::NAN;
    assert_eq!(order.encode().unwrap_err().to_string(), "/price must be a finite number");
    order.price = 1.25;
    order.weights.insert("a/b".into(), f64::INFINITY);
    assert_eq!(order.encode().unwrap_err().at, "/weights/a~1b");
    // What is null on purpose differs from what is absent.
    order.weights.clear();
    order.note = Some(None);
    let text = String::from_utf8(order.encode().unwrap().as_bytes().to_vec()).unwrap();
    assert!(text.contains(r#""limit":null"#) && text.contains(r#""note":null"#) && !text.contains("gift"), "{text}");
    assert_eq!(Order::decode(text.as_bytes()).unwrap(), order);
    let missing = text.replace(r#""limit":null,"#, "");
    assert_eq!(Order::decode(missing.as_bytes()).unwrap_err().to_string(), "the value lacks the field `limit`");
}

#[test]
fn unions_are_read_by_what_fits() {
    let opened = Event::decode(br#"{"kind":"opened","price":3}"#).unwrap();
    assert_eq!(opened, Event::Opened(EventOpened { kind: EventOpenedKind::Opened, price: 3.0 }));
    assert!(Event::decode(br#"{"kind":"closed","reason":""}"#).is_err());
    assert!(Event::decode(br#"{"kind":"lost"}"#).is_err());
    assert!(matches!(Loose::decode(br#"{"id":7,"name":"x"}"#).unwrap(), Loose::Variant(_)));
    // serde alone would read a struct from an array, and a word from an object.
    assert!(EventOpened::decode(br#"["opened",3]"#).is_err() && Level::decode(br#"{"low":null}"#).is_err());
    assert!(Tags(vec!["a".into(), "a".into()]).validate().is_err());
}

#[test]
fn a_config_is_checked_all_at_once() {
    let needed = |name: &str| match name {
        "RICH_PROVIDER_URL" => Some("https://example.org/".to_owned()),
        "RICH_API_KEY" => Some("hunter2".to_owned()),
        _ => None,
    };
    let config = Config::from_lookup(needed).unwrap();
    assert_eq!(
        (config.rich_interval_sec, config.rich_deadline_ms),
        (Duration::from_millis(250), Duration::from_millis(1500))
    );
    assert_eq!((config.rich_mode, config.rich_maxlen, config.rich_offset), (RichMode::Live, 100_000, -3));
    assert_eq!((config.rich_api_key.expose(), &config.rich_proxy), ("hunter2", &None));
    assert!(!format!("{config:?}").contains("hunter2"));
    let wrong = |name: &str| match name {
        "RICH_SYMBOLS" => Some("SPX, spx".to_owned()),
        "RICH_INTERVAL_SEC" => Some("0".to_owned()),
        "RICH_OFFSET" => Some("1.5".to_owned()),
        "RICH_MODE" => Some("dead".to_owned()),
        "RICH_PROVIDER_URL" => Some("user:hunter2@example".to_owned()),
        "RICH_HOME" => Some("spy".to_owned()),
        _ => None,
    };
    let text = Config::from_lookup(wrong).unwrap_err().to_string();
    let expected = "\
RICH_SYMBOLS lists `spx`; symbol must match `(?:I:)?[A-Z][A-Z.]{0,9}`
RICH_HOME is `spy`; symbol must match `(?:I:)?[A-Z][A-Z.]{0,9}`
RICH_INTERVAL_SEC is `0`; write a time in seconds from 0.05 s to 60 s, such as 1 or 0.5
RICH_OFFSET is `1.5`; write a number from -10 to 10
RICH_PROVIDER_URL has a value that does not fit; write a URL such as https://host/path
RICH_MODE is `dead`; write one of live, replay-fast
RICH_API_KEY is not set; set it (string: Key of the provider.)";
    let lines = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(lines(&text), lines(expected));
    assert!(!text.contains("hunter2"));
}

#[test]
fn defaults_are_what_an_empty_environment_gives() {
    let read = spot_worker::config::Config::from_lookup(|_| None).unwrap();
    assert_eq!(read, spot_worker::config::Config::default());
    assert_eq!(spot_worker::config::Config::VARIABLES.len(), 15);
    let none = |name: &str| (name == "MASSIVE_STOCK_SYMBOLS").then(String::new);
    assert!(spot_worker::config::Config::from_lookup(none).unwrap().massive_stock_symbols.is_empty());
}
