//! Numbers: whole or not, and whether they are points in time.

use serde_json::Number;

/// What is known of numbers at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    /// How many.
    pub count: u64,
    /// How many were written without fraction and exponent.
    pub whole: u64,
    /// How many were below zero.
    pub negative: u64,
    /// The units in which all of them are points in time of our days, a bit each.
    units: u8,
}

/// A unit in which time since 1970 is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Microseconds.
    Microseconds,
    /// Nanoseconds.
    Nanoseconds,
}

const UNITS: [(Unit, f64); 4] =
    [(Unit::Seconds, 1.0), (Unit::Milliseconds, 1e3), (Unit::Microseconds, 1e6), (Unit::Nanoseconds, 1e9)];

/// The seconds that are taken for points in time: 2010 to 2050. Data is mostly of its own days, and a wider range would
/// take counters and ids for times.
const OUR_DAYS: std::ops::Range<f64> = 1_262_304_000.0..2_524_608_000.0;

impl Unit {
    /// The scalar of the registry.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Seconds => "epoch_s",
            Self::Milliseconds => "epoch_ms",
            Self::Microseconds => "epoch_us",
            Self::Nanoseconds => "epoch_ns",
        }
    }

    /// Its name, for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Milliseconds => "milliseconds",
            Self::Microseconds => "microseconds",
            Self::Nanoseconds => "nanoseconds",
        }
    }

    /// Seconds of so many.
    #[must_use]
    pub fn seconds(self, number: f64) -> f64 {
        UNITS.iter().find(|(unit, _)| *unit == self).map_or(number, |(_, scale)| number / scale)
    }
}

impl Numbers {
    /// What is known of one number.
    #[must_use]
    pub fn of(number: &Number) -> Self {
        let value = number.as_f64().unwrap_or_default();
        Self::of_value(value, number.is_i64() || number.is_u64())
    }

    /// The same of a number that was written whole, or not.
    #[must_use]
    pub fn of_value(value: f64, is_whole: bool) -> Self {
        let fits = |(at, (_, scale)): (usize, &(Unit, f64))| u8::from(OUR_DAYS.contains(&(value / scale))) << at;
        let units = UNITS.iter().enumerate().map(fits).sum();
        Self { count: 1, whole: u64::from(is_whole), negative: u64::from(value < 0.0), units }
    }

    /// Takes in others.
    pub fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.whole += other.whole;
        self.negative += other.negative;
        self.units &= other.units;
    }

    /// Are all of them whole?
    #[must_use]
    pub fn is_integer(&self) -> bool {
        self.whole == self.count
    }

    /// The unit, if all are points in time: of each number at most one fits.
    #[must_use]
    pub fn unit(&self) -> Option<Unit> {
        UNITS.iter().enumerate().find(|(at, _)| self.units & (1 << at) != 0).map(|(_, (unit, _))| *unit)
    }
}
