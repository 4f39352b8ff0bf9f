//! Rows to prices: order of fallbacks in single steps, and properties over arbitrary rows.

use jiff::Timestamp;
use massive_client::provider::Row;
use massive_client::time::rfc3339_millis;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use spot_worker::symbols::{Symbol, Watchlist};
use spot_worker::unify::{InstrumentType, NoPrice, Price, Timeframe, unify};

const RECEIVED_MS: i64 = 1_760_000_000_123;

fn symbol(kind: InstrumentType) -> Symbol {
    let list = match kind {
        InstrumentType::Index => Watchlist::new(&["SPX".to_owned()], &[]),
        InstrumentType::Stock => Watchlist::new(&[], &["SPX".to_owned()]),
    };
    list.unwrap().symbols()[0].clone()
}

fn unified(row: &Value, kind: InstrumentType) -> Result<Price, NoPrice> {
    unify(&serde_json::from_value::<Row>(row.clone()).unwrap(), &symbol(kind), RECEIVED_MS)
}

/// Takes away one source of a price after the other, once by removal and once by a zero.
#[test]
fn a_stock_falls_back_from_the_freshest_price_to_the_stalest() {
    for worthless in [None, Some(json!(0)), Some(json!(-1)), Some(Value::Null)] {
        let mut row = json!({
            "last_trade": {"price": 1}, "last_minute": {"close": 3},
            "session": {"price": 2, "close": 4, "previous_close": 5},
        });
        let sources = [
            ("last_trade", "price"),
            ("session", "price"),
            ("last_minute", "close"),
            ("session", "close"),
            ("session", "previous_close"),
        ];
        for (expected, (object, field)) in (1_u8..).zip(sources) {
            assert_eq!(unified(&row, InstrumentType::Stock).unwrap().value, f64::from(expected));
            let fields = row[object].as_object_mut().unwrap();
            match &worthless {
                None => fields.remove(field),
                Some(value) => fields.insert(field.to_owned(), value.clone()),
            };
        }
        assert_eq!(unified(&row, InstrumentType::Stock), Err(NoPrice::Missing));
    }
}

#[test]
fn an_index_has_a_value_or_a_close_and_no_session_fields() {
    let row = json!({"value": 5000.25, "session": {"open": 1, "close": 4990.5, "volume": 3}});
    let price = unified(&row, InstrumentType::Index).unwrap();
    assert_eq!(price.value, 5000.25);
    assert_eq!((price.open, price.close, price.volume, price.ts_epoch_ms), (None, None, None, None));
    let row = json!({"value": 0, "session": {"close": 4990.5, "price": 7}, "last_trade": {"price": 9}});
    assert_eq!(unified(&row, InstrumentType::Index).unwrap().value, 4990.5);
    assert_eq!(unified(&json!({"session": {"previous_close": 4}}), InstrumentType::Index), Err(NoPrice::Missing));
}

#[test]
fn the_time_is_that_of_the_price_used() {
    const TRADE: i64 = 1_700_000_000_111_999_999;
    const MINUTE: i64 = 1_700_000_060_222_000_000;
    const ROW: i64 = 1_700_000_120_333_000_001;
    let cases = [
        (json!({"last_trade": {"price": 1, "sip_timestamp": TRADE}, "last_updated": ROW}), TRADE),
        (json!({"last_trade": {"price": 1, "last_updated": TRADE}, "last_updated": ROW}), TRADE),
        (json!({"last_trade": {"price": 1, "sip_timestamp": 0}, "last_updated": ROW}), ROW),
        (
            json!({"last_trade": {"price": 0, "sip_timestamp": TRADE}, "session": {"price": 1}, "last_updated": ROW}),
            ROW,
        ),
        (json!({"last_minute": {"close": 1, "last_updated": MINUTE}, "last_updated": ROW}), MINUTE),
        (json!({"last_minute": {"close": 1}, "last_updated": ROW}), ROW),
        (json!({"session": {"close": 1}, "last_trade": {"sip_timestamp": TRADE}}), RECEIVED_MS * 1_000_000),
        // Milliseconds in the place of nanoseconds, and times before any market data.
        (json!({"session": {"close": 1}, "last_updated": ROW / 1_000_000}), RECEIVED_MS * 1_000_000),
        (json!({"session": {"close": 1}, "last_updated": -5}), RECEIVED_MS * 1_000_000),
    ];
    for (row, expected_ns) in cases {
        let price = unified(&row, InstrumentType::Stock).unwrap();
        assert_eq!(price.ts_epoch_ms, Some(expected_ns / 1_000_000), "{row}");
    }
    let price = unified(&json!({"value": 1, "last_updated": ROW}), InstrumentType::Index).unwrap();
    assert_eq!(price.ts, "2023-11-14T22:15:20.333Z");
}

#[test]
fn the_timeframe_is_that_of_the_price_used() {
    let of = |row: Value| unified(&row, InstrumentType::Stock).unwrap().timeframe;
    let trade = json!({"price": 1, "timeframe": "REAL-TIME"});
    assert_eq!(of(json!({"last_trade": trade, "timeframe": "DELAYED"})), Timeframe::RealTime);
    assert_eq!(of(json!({"last_trade": {"price": 1}, "timeframe": "DELAYED"})), Timeframe::Delayed);
    assert_eq!(of(json!({"session": {"price": 1}, "last_trade": {"timeframe": "REAL-TIME"}})), Timeframe::Unknown);
    assert_eq!(of(json!({"session": {"price": 1}, "timeframe": "SOMETIMES"})), Timeframe::Unknown);
}

#[test]
fn a_refused_ticker_has_no_price_even_if_the_row_holds_one() {
    let row = json!({"error": "NOT_ENTITLED", "value": 5, "session": {"close": 5}});
    for kind in [InstrumentType::Index, InstrumentType::Stock] {
        assert_eq!(unified(&row, kind), Err(NoPrice::Refused { error: "NOT_ENTITLED".to_owned() }));
    }
}

#[test]
fn times_have_three_decimals_and_a_z() {
    for (ms, expected) in [
        (0, "1970-01-01T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_400_007, "2000-02-29T00:00:00.007Z"),
        (1_750_000_000_120, "2025-06-15T15:06:40.120Z"),
        (i64::MIN, "0001-01-01T00:00:00.000Z"),
    ] {
        assert_eq!(rfc3339_millis(ms), expected);
    }
    assert_eq!(rfc3339_millis(i64::MAX), "9999-12-30T21:59:59.999Z");
}

/// Numbers as feeds have them, and numbers as nobody should.
fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<f64>().prop_map(|number| json!(number)),
        any::<i64>().prop_map(|number| json!(number)),
        any::<u64>().prop_map(|number| json!(number)),
        (0.01..10_000.0).prop_map(|number: f64| json!(number)),
        (1_600_000_000_000_000_000_i64..1_900_000_000_000_000_000).prop_map(|number| json!(number)),
        Just(json!(0)),
        Just(json!(-0.0)),
        Just(json!(5e-324)),
    ]
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => number(),
        1 => any::<bool>().prop_map(|truth| json!(truth)),
        1 => Just(Value::Null),
        1 => "\\PC{0,8}|NaN|DELAYED|REAL-TIME|1\\.5".prop_map(|text| json!(text)),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            3 => prop::collection::vec((field(), inner.clone()), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            1 => prop::collection::vec(inner, 0..3).prop_map(Value::Array),
        ]
    })
}

fn field() -> impl Strategy<Value = String> {
    const NAMES: [&str; 16] = [
        "ticker",
        "value",
        "session",
        "last_trade",
        "last_minute",
        "last_updated",
        "timeframe",
        "error",
        "price",
        "open",
        "high",
        "low",
        "close",
        "previous_close",
        "volume",
        "sip_timestamp",
    ];
    prop::sample::select(&NAMES[..]).prop_map(str::to_owned)
}

/// Rows that look like rows, with anything in their fields.
fn row() -> impl Strategy<Value = Value> {
    prop::collection::vec((field(), anything()), 0..10)
        .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>()))
}

proptest! {
    #[test]
    fn any_row_is_read_and_yields_a_sound_price_or_none(row in row(), received in any::<i64>(), index in any::<bool>()) {
        let kind = if index { InstrumentType::Index } else { InstrumentType::Stock };
        let row: Row = serde_json::from_value(row).unwrap();
        if let Ok(price) = unify(&row, &symbol(kind), received) {
            prop_assert!(price.value.is_finite() && price.value > 0.0);
            for number in [price.open, price.high, price.low, price.close].into_iter().flatten() {
                prop_assert!(number.is_finite() && number > 0.0);
            }
            prop_assert!(price.volume.is_none_or(|volume| volume.is_finite() && volume >= 0.0));
            let moment: Timestamp = price.ts.parse().unwrap();
            prop_assert_eq!(price.ts.len(), "2000-01-01T00:00:00.000Z".len());
            prop_assert!(price.ts_epoch_ms.is_none_or(|ms| ms == moment.as_millisecond()));
            let text = serde_json::to_string(&price).unwrap();
            prop_assert_eq!(serde_json::from_str::<Price>(&text).unwrap(), price);
        }
    }

    #[test]
    fn written_times_read_back_the_same(ms in -62_135_596_800_000_i64..=253_402_207_199_999) {
        prop_assert_eq!(rfc3339_millis(ms).parse::<Timestamp>().unwrap().as_millisecond(), ms);
    }
}
