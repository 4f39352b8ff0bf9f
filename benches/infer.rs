//! How fast, and in how much memory, names become patterns, against a floor that makes the same names and hashes them. Then
//! once the same names with all that a look at a keyspace tells of their keys: type, time to live, size and value.
//!
//! `make bench` runs it. KEYWIRE_BENCH_NAMES sets the number of names (default 10,000,000), KEYWIRE_BENCH_ROUNDS the rounds
//! (default 3). Each round runs floor and tree one after the other, so that a busy machine slows both. Peak memory is that
//! of the process (VmHWM), which holds nothing else.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints, and ends at the first fault")]

use std::fmt::Write as _;
use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

use keywire::extract::infer::keyspace::Keyspace;
use keywire::extract::infer::names::{Limits, Tree};
use keywire::extract::infer::{Collector, Options, sightings};
use keywire::observe::{Extent, Header, Part, Seen, TtlSeen};

fn main() {
    let names: u64 = setting("KEYWIRE_BENCH_NAMES", 10_000_000);
    let rounds: usize = usize::try_from(setting("KEYWIRE_BENCH_ROUNDS", 3)).unwrap();
    let before = peak();
    let mut ratios = Vec::new();
    for _ in 0..rounds {
        let hasher = RandomState::new();
        let (mut sum, start) = (0u64, Instant::now());
        each(names, |name| sum = sum.wrapping_add(hasher.hash_one(name)));
        let floor = start.elapsed().as_secs_f64();
        std::hint::black_box(sum);

        let start = Instant::now();
        let mut tree = Tree::new(Limits::default());
        each(names, |name| tree.add(name, ()));
        let added = start.elapsed().as_secs_f64();
        let found = tree.patterns();
        let all = start.elapsed().as_secs_f64();
        assert!(found.len() < 40, "{:?}", found.iter().map(|found| &found.pattern).collect::<Vec<_>>());
        #[allow(clippy::cast_precision_loss, reason = "a figure for people")]
        let per_second = |seconds: f64| names as f64 / seconds;
        println!(
            "  floor {:>10.0} names/s   tree {:>9.0} names/s   patterns after {:.2} s   ratio {:.2}   {} patterns",
            per_second(floor),
            per_second(all),
            all - added,
            all / floor,
            found.len()
        );
        ratios.push(all / floor);
    }
    ratios.sort_by(f64::total_cmp);
    println!("  median of the ratios of time: {:.2}", ratios[ratios.len() / 2]);
    println!("  peak memory {} MB, {} MB of it before the first name", peak() / 1024, before / 1024);
    with_facts(names);
}

/// The collector of infer, fed as by a scan that reads every value.
fn with_facts(names: u64) {
    let mut collector = Collector::default();
    let mut keyspace = Keyspace::default();
    let (mut at, start) = (0u64, Instant::now());
    each(names, |name| {
        at += 1;
        let ttl = match at % 3 {
            0 => TtlSeen::None,
            _ => TtlSeen::Left(Duration::from_millis(at * 7919 % 3_600_000)),
        };
        let header = |kind: &'static str| Header {
            name: name.to_vec(),
            redis_type: kind.into(),
            ttl,
            size: Some(at % 4096),
            ends: None,
            groups: None,
        };
        let seen = match at % 4 {
            0 => vec![Seen::Text(0, header("string"), at.to_string().into_bytes())],
            1 | 2 => {
                let json = format!(
                    r#"{{"id":{at},"name":"{}","at":"2026-11-28T09:{:02}:00Z","tags":["{}"],"state":"{}"}}"#,
                    word(at),
                    at % 60,
                    word(at % 9000),
                    ["new", "paid", "sent"][usize::try_from(at % 3).unwrap()]
                );
                vec![Seen::Text(0, header("string"), json.into_bytes())]
            }
            _ => {
                let field = |name: &str, value: String| Part::Field(name.into(), value.into_bytes());
                let parts = vec![field("count", at.to_string()), field("mail", format!("{}@example.org", word(at)))];
                vec![Seen::Key(0, header("hash")), Seen::Parts(parts), Seen::End(Extent::Whole)]
            }
        };
        for seen in seen {
            if let Some((name, facts)) = keyspace.see(seen) {
                collector.key(&name, facts);
            }
        }
    });
    let added = start.elapsed().as_secs_f64();
    let options = Options { bus: None, enums: true, show_values: false, keyspace: true, room: true };
    let found = sightings(collector, &options);
    println!(
        "  with facts: {names} keys in {added:.1} s, {} patterns after {:.1} s, peak memory {} MB",
        found.len(),
        start.elapsed().as_secs_f64() - added,
        peak() / 1024
    );
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
}

/// Kilobytes that the process held at most; 0 where the system does not say.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// Makes names of a dozen layouts, most of them of their own.
fn each(names: u64, mut with: impl FnMut(&[u8])) {
    let mut state = 7u64;
    let mut name = String::new();
    for at in 0..names {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let chance = state >> 20;
        name.clear();
        let made = match at % 12 {
            0 => write!(name, "user:{chance}"),
            1 => write!(name, "user:{}:cart", chance % 1_000_000),
            2 => write!(name, "session:{chance:016x}{state:016x}"),
            3 => write!(
                name,
                "q:{}:{}",
                ["mail", "sms", "push", "fax"][usize::try_from(chance % 4).unwrap()],
                chance / 8
            ),
            4 => write!(name, "cache:v1:page:{:x}:{}", chance & 0xfff, chance % 50),
            5 => write!(name, "rate:10.{}.{}.{}", chance % 250, chance / 250 % 250, chance / 70_000 % 250),
            6 => write!(name, "board:2026-{:02}-{:02}:{}", chance % 12 + 1, chance / 16 % 28 + 1, chance / 512 % 9999),
            7 => write!(name, "lock_{}_{}", word(chance % 50_000), chance % 9999),
            8 => write!(name, "profile:{}", word(chance % 3_000_000)),
            9 => write!(name, "feed:{}:{}", word(chance % 100_000), word(chance / 100_000 % 1000)),
            10 => write!(name, "tag:{}-{}", word(chance % 3000), word(chance / 3000 % 3000)),
            _ => write!(
                name,
                "job:{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
                chance & 0xffff_ffff,
                state & 0xffff,
                chance & 0xfff,
                state & 0xfff,
                chance & 0xffff_ffff_ffff
            ),
        };
        made.unwrap();
        with(name.as_bytes());
    }
}

/// A word that can be said.
fn word(number: u64) -> String {
    let (consonants, vowels) = (b"bdfgklmnprstvz", b"aeiou");
    let mut rest = number + 70;
    let mut word = String::new();
    while rest > 0 {
        word.push(char::from(consonants[usize::try_from(rest % 14).unwrap()]));
        word.push(char::from(vowels[usize::try_from(rest / 14 % 5).unwrap()]));
        rest /= 70;
    }
    word
}
