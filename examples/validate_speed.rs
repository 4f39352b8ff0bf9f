//! Documents validated per second, on one core, from the bytes of a price payload: the usual way
//! (a tree of values) beside ours (a flat document). Run with `cargo run --release --example validate_speed`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use jsonschema::{Draft, PatternOptions};
use keywire::document::{Document, Schema, Scratch, Verdict};
use serde_json::{Value, json};

fn schema() -> Value {
    json!({
        "type": "object",
        "required": ["symbol", "value", "ts", "source"],
        "properties": {
            "symbol": { "type": "string", "pattern": "^[A-Z][A-Z.:]{0,9}$" },
            "value": { "type": "number", "exclusiveMinimum": 0 },
            "ts": { "type": "string", "format": "date-time" },
            "source": { "type": "string", "enum": ["massive/spot", "massive/replay"] },
            "timeframe": { "type": "string" },
            "open": { "type": ["number", "null"] },
            "high": { "type": ["number", "null"] },
            "low": { "type": ["number", "null"] },
            "close": { "type": ["number", "null"] },
            "volume": { "type": "integer", "minimum": 0 },
            "seq": { "type": "integer", "minimum": 0 },
            "session": { "enum": ["pre", "regular", "post"] },
        },
    })
}

fn payloads() -> Vec<Vec<u8>> {
    let payload = |n: u32| {
        let cents = f64::from(n % 100) / 100.0;
        format!(
            "{{\"symbol\":\"I:SPX\",\"value\":{},\"ts\":\"2026-11-23T14:{:02}:{:02}.123456Z\",\"source\":\"massive/spot\",\
             \"timeframe\":\"REAL-TIME\",\"open\":{},\"high\":{},\"low\":{},\"close\":{},\"volume\":{},\"seq\":{},\
             \"session\":\"regular\"}}",
            6012.31 + cents,
            n / 60 % 60,
            n % 60,
            5990.5 + cents,
            6020.25 + cents,
            5985.75 + cents,
            6001.0 + cents,
            1_250_000 + n,
            900_000 + n,
        )
        .into_bytes()
    };
    (0..1000).map(payload).collect()
}

/// Payloads per second: the best of five rounds.
fn measure(payloads: &[Vec<u8>], mut check: impl FnMut(&[u8]) -> bool) -> Result<f64> {
    let mut best = 0.0_f64;
    for _ in 0..5 {
        let (start, mut done) = (Instant::now(), 0_u32);
        while start.elapsed() < Duration::from_millis(600) {
            for payload in payloads {
                ensure!(check(black_box(payload)), "a payload is not valid");
                done += 1;
            }
        }
        best = best.max(f64::from(done) / start.elapsed().as_secs_f64());
    }
    Ok(best)
}

#[allow(clippy::print_stdout, reason = "a program that reports to its user")]
fn main() -> Result<()> {
    let payloads = payloads();
    let size = payloads.iter().map(Vec::len).sum::<usize>() / payloads.len();
    println!("payloads of {size} bytes, validated per second on one core:");
    let tree = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .with_pattern_options(PatternOptions::regex())
        .build(&schema())?;
    let flat = Schema::compile(&schema())?;
    let mut scratch = Scratch::default();

    let usual =
        measure(&payloads, |bytes| serde_json::from_slice::<Value>(bytes).is_ok_and(|value| tree.is_valid(&value)))?;
    println!("serde_json::Value + jsonschema   {usual:>10.0}");
    let ours = measure(&payloads, |bytes| flat.check(&mut scratch, bytes) == Verdict::Valid)?;
    println!("Schema::check                    {ours:>10.0}   {:.2} times as many", ours / usual);
    let examine = measure(&payloads, |bytes| flat.examine(&mut scratch, bytes).undeclared.is_empty())?;
    println!("Schema::examine                  {examine:>10.0}   {:.2} times as many", examine / usual);
    let parse = measure(&payloads, |bytes| Document::parse(bytes, &mut scratch).is_ok())?;
    println!("parsing alone                    {parse:>10.0}");
    Ok(())
}
