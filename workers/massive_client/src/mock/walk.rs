//! A seeded random walk for each ticker. Each ticker has its own sequence, so asking for one never moves another.
//! Pure arithmetic; knows neither HTTP nor the shapes of answers.

use std::collections::HashMap;

/// All walks of one seed.
#[derive(Debug)]
pub(super) struct Market {
    seed: u64,
    walks: HashMap<String, Walk>,
}

/// Where one ticker stands, in hundredths so that prices have two decimals.
#[derive(Debug, Clone)]
pub(super) struct Walk {
    pub(super) ticker: String,
    pub(super) previous_close: u64,
    pub(super) open: u64,
    pub(super) high: u64,
    pub(super) low: u64,
    pub(super) last: u64,
    pub(super) volume: u64,
    pub(super) random: Random,
}

impl Market {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed, walks: HashMap::new() }
    }

    /// Moves the ticker one step and shows where it stands.
    pub(super) fn step(&mut self, ticker: &str) -> Walk {
        let seed = self.seed;
        let walk = self.walks.entry(ticker.to_owned()).or_insert_with(|| Walk::new(seed, ticker));
        walk.step();
        walk.clone()
    }

    /// Where the ticker stands, without moving it.
    pub(super) fn stand(&mut self, ticker: &str) -> Walk {
        let seed = self.seed;
        self.walks.entry(ticker.to_owned()).or_insert_with(|| Walk::new(seed, ticker)).clone()
    }
}

impl Walk {
    fn new(seed: u64, ticker: &str) -> Self {
        let mut random = Random(seed ^ hash(ticker));
        let base = base_price(ticker).unwrap_or_else(|| 2_000 + random.below(50_000));
        let open = base + random.below(base / 100 + 1);
        Self {
            ticker: ticker.to_owned(),
            previous_close: base,
            open,
            high: open,
            low: open,
            last: open,
            volume: 1_000 + random.below(1_000_000),
            random,
        }
    }

    /// Up or down by at most 0.05 %, and never below one cent.
    fn step(&mut self) {
        let widest = self.last / 2_000 + 1;
        let up = self.random.below(2 * widest + 1);
        self.last = (self.last + up).saturating_sub(widest).max(1);
        self.high = self.high.max(self.last);
        self.low = self.low.min(self.last);
        self.volume += self.random.below(1_000);
    }
}

/// An invented level of the usual order of magnitude, in hundredths.
fn base_price(ticker: &str) -> Option<u64> {
    let level = match ticker {
        "I:SPX" => 500_000,
        "I:NDX" => 1_800_000,
        "I:DJI" => 4_000_000,
        "I:RUT" => 200_000,
        "I:VIX" => 1_500,
        "SPY" => 50_000,
        "QQQ" => 44_000,
        _ => return None,
    };
    Some(level)
}

/// FNV-1a: the standard library's hasher may change between versions, and bodies would with it.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// SplitMix64: small, well known, and the same on every machine.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to `bound` - 1 (0 if the bound is 0). Its bias is far below what a price shows.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next().checked_rem(bound).unwrap_or(0)
    }
}
