//! Tests of the run-time support, left out of generated code.

use proptest::prelude::*;

use super::super::{environment::*, formats::*};
use super::*;

fn by_jsonschema(format: &str, text: &str) -> bool {
    let schema = serde_json::json!({ "format": format });
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    validator.is_valid(&serde_json::json!(text))
}

proptest! {
    #[test]
    fn formats_agree_with_jsonschema(
        text in r"(19|20|00)[0-9]{2}-[01][0-9]-[0-3][0-9]|[0-9]{4}-02-(28|29|30)|[0-9-]{8,11}",
        time in r"[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{0,3})?(Z|z|[+-][0-2][0-9]:[0-6][0-9])?|(23:59|1[0-9]:[0-9]{2}):60(Z|[+-]0[0-9]:[0-5][0-9])",
        joint in "[Tt ]",
        free in r"[0-9a-fA-F:.-]{0,39}|[0-9]{1,3}(\.[0-9]{1,3}){3}|([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|\PC{0,9}",
        uuid in "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-fg]{12}",
    ) {
        let moment = format!("{text}{joint}{time}");
        for text in [&text, &time, &moment, &free, &uuid] {
            prop_assert_eq!(is_date(text), by_jsonschema("date", text), "date {}", text);
            prop_assert_eq!(is_time(text), by_jsonschema("time", text), "time {}", text);
            prop_assert_eq!(is_date_time(text), by_jsonschema("date-time", text), "date-time {}", text);
            prop_assert_eq!(is_uuid(text), by_jsonschema("uuid", text), "uuid {}", text);
            prop_assert_eq!(is_ipv4(text), by_jsonschema("ipv4", text), "ipv4 {}", text);
            prop_assert_eq!(is_ipv6(text), by_jsonschema("ipv6", text), "ipv6 {}", text);
        }
    }

    #[test]
    fn multiples_agree_with_jsonschema(cents in -100_000_i64..100_000, odd in -1e9..1e9, of in prop::sample::select(vec![0.01, 0.1, 0.25, 1.0, 3.0, 1e-7, 12.5, 1e10])) {
        let schema = serde_json::json!({ "multipleOf": of });
        let validator = jsonschema::validator_for(&schema).unwrap();
        #[allow(clippy::cast_precision_loss)]
        for value in [cents as f64 / 100.0, cents as f64 * of, odd, cents as f64] {
            prop_assert_eq!(is_multiple(value, of), validator.is_valid(&serde_json::json!(value)), "{} of {}", value, of);
        }
    }
}

#[test]
fn refusals_never_quote_values() {
    #[derive(Debug, serde::Serialize, serde::Deserialize)]
    struct Login {
        secret: i64,
    }
    impl Payload for Login {
        fn validate(&self) -> Result<(), Invalid> {
            rule(self.secret > 0, "/secret", "must be above 0")
        }
    }
    for text in [r#"{"secret": "hunter2"}"#, r#"{"secret": hunter2"#, r#""hunter2""#, "hunter2", r#"{"secret": 1.5}"#] {
        let error = Login::decode(text.as_bytes()).unwrap_err().to_string();
        assert!(!error.contains("hunter2") && !error.contains("1.5"), "{error}");
    }
    assert_eq!(Login::decode(b"{}").unwrap_err().to_string(), "the value lacks the field `secret`");
    assert_eq!(Login::decode(br#"{"secret": 0}"#).unwrap_err().to_string(), "/secret must be above 0");
    // To JSON 5.0 is a whole number.
    assert_eq!(Login::decode(br#"{"secret": 5.0}"#).unwrap().secret, 5);
    assert!(Login { secret: -1 }.encode().is_err());
    let encoded = Login { secret: 7 }.encode().unwrap();
    assert_eq!(encoded.clone().as_bytes(), br#"{"secret":7}"#);
    assert_eq!(format!("{encoded:?}"), "Encoded(12 bytes)");
}

#[test]
fn a_config_is_read_whole_before_it_is_refused() {
    const INTERVAL: Variable =
        Variable { name: "INTERVAL", kind: "seconds", default: Some("1"), about: "Time.", secret: false };
    const KEY: Variable = Variable { name: "KEY", kind: "string", default: None, about: "Key.", secret: true };
    const COUNT: Variable = Variable { name: "COUNT", kind: "integer", default: None, about: "Count.", secret: true };
    let lookup = |name: &str| match name {
        "INTERVAL" => Some("soon".to_owned()),
        "COUNT" => Some("hunter2".to_owned()),
        _ => Some("  ".to_owned()),
    };
    let mut read = ConfigReader::new(&lookup);
    let interval = read.required(&INTERVAL, |text| parse_seconds(text, Some(0.05), None));
    read.required(&KEY, parse_secret);
    read.required(&COUNT, |text| parse_number::<u64>(text, Some(1), None));
    let text = read.finish(interval).unwrap_err().to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "INTERVAL is `soon`; write a time in seconds from 0.05 s up, such as 1 or 0.5");
    assert_eq!(lines[1], "KEY is not set; set it (string: Key.)");
    assert_eq!(lines[2], "COUNT has a value that does not fit; write a number from 1 up");
    assert_eq!(parse_number::<f64>("NaN", None, None).unwrap_err().0, "is `NaN`");
    assert_eq!(format!("{:?}", Secret::new("hunter2".into())), "[hidden]");
    assert_eq!(parse_list(" a, ,b ", |_| Ok::<(), String>(())).unwrap(), ["a", "b"]);
}
