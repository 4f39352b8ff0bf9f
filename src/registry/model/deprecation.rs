//! Deprecation: since when something is going away, and until when it is promised to stay.

use jiff::civil::Date;

/// It is going away.
#[derive(Debug, Clone)]
pub struct Deprecation {
    /// Version or date.
    pub since: String,
    /// What to use instead.
    pub replacement: Option<String>,
    /// Date after which it may be removed, YYYY-MM-DD.
    pub remove_after: Option<String>,
}

/// How a promise stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promise<'a> {
    /// There is no date.
    Open,
    /// What is written is no date.
    Unreadable(&'a str),
    /// It may not go before this day is over.
    Until(Date),
    /// It might have gone after this day.
    Over(Date),
}

impl Deprecation {
    /// How the promise stands on a day.
    #[must_use]
    pub fn promise(&self, today: Date) -> Promise<'_> {
        match self.remove_after.as_deref().map(|text| (text, text.trim().parse::<Date>())) {
            None => Promise::Open,
            Some((text, Err(_))) => Promise::Unreadable(text),
            Some((_, Ok(date))) if date < today => Promise::Over(date),
            Some((_, Ok(date))) => Promise::Until(date),
        }
    }
}

/// Today, everywhere the same: in UTC.
#[must_use]
pub fn today() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_ends_with_its_day() {
        let today: Date = "2026-03-01".parse().unwrap();
        let of = |text: Option<&str>| Deprecation {
            since: "1".into(),
            replacement: None,
            remove_after: text.map(str::to_owned),
        };
        assert_eq!(of(None).promise(today), Promise::Open);
        assert_eq!(of(Some("2026-03-01")).promise(today), Promise::Until(today));
        assert!(matches!(of(Some(" 2026-02-28 ")).promise(today), Promise::Over(_)));
        for wrong in ["soon", "2026-02-30", "01.03.2026", ""] {
            assert_eq!(of(Some(wrong)).promise(today), Promise::Unreadable(wrong));
        }
    }
}
