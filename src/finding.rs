//! Findings: what the user's registry, code or data did. Every command that judges gives these, and reports print them.
//!
//! An error (why keywire could not look) is never a finding.

use serde::Serialize;

use crate::registry::{Channel, Key, Registry};
use crate::source::Span;

/// How much a finding weighs. The order is by weight: `Info < Warning < Error`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth knowing; never fails a run by default.
    Info,
    /// Probably a fault.
    Warning,
    /// A broken contract.
    Error,
}

impl Level {
    /// All levels, lightest first.
    pub const ALL: [Self; 3] = [Self::Info, Self::Warning, Self::Error];

    /// The word used in reports, options and config files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A second place that helps to understand a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is to be seen there.
    pub text: String,
}

/// One fact about the user's registry, code or data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Name of the rule, kebab-case.
    pub rule: &'static str,
    /// Weight, after the user's settings.
    pub level: Level,
    /// One sentence in lower case, without the place.
    pub message: String,
    /// Bus, by name.
    pub bus: Option<String>,
    /// Module, by name.
    pub module: Option<String>,
    /// Entry of the registry (key or channel), by name.
    pub entry: Option<String>,
    /// Pattern of that entry as written.
    pub pattern: Option<String>,
    /// One key or channel name, printable (see [`printable`]).
    pub key: Option<String>,
    /// What distinguishes this finding from others of the rule on the same entry: a field, a pointer, a command. It goes
    /// into the fingerprint, so it must not depend on wording, order or counts.
    pub subject: String,
    /// Where in the registry this is declared.
    pub place: Option<Span>,
    /// Words at the caret of `place`.
    pub caret: Option<String>,
    /// Further places.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub hint: Option<String>,
    /// How many times it was seen.
    pub count: u64,
    /// When it was seen first and last, where that is known.
    pub moments: Option<Moments>,
    /// A few of the key names concerned, printable.
    pub examples: Vec<String>,
}

/// When something was seen first and last, in microseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moments {
    /// First.
    pub first_us: u64,
    /// Last.
    pub last_us: u64,
}

impl Moments {
    /// Another moment besides those that are known.
    #[must_use]
    pub fn and(known: Option<Self>, at_us: u64) -> Self {
        let known = known.unwrap_or(Self { first_us: at_us, last_us: at_us });
        Self { first_us: known.first_us.min(at_us), last_us: known.last_us.max(at_us) }
    }
}

impl Finding {
    /// A finding with nothing but rule, level and message.
    #[must_use]
    pub fn new(rule: &'static str, level: Level, message: impl Into<String>) -> Self {
        Self {
            rule,
            level,
            message: message.into(),
            bus: None,
            module: None,
            entry: None,
            pattern: None,
            key: None,
            subject: String::new(),
            place: None,
            caret: None,
            labels: Vec::new(),
            hint: None,
            count: 1,
            moments: None,
            examples: Vec::new(),
        }
    }

    /// Says which key of the registry it is about: bus, module, entry and pattern.
    #[must_use]
    pub fn of_key(mut self, registry: &Registry, key: &Key) -> Self {
        self.bus = key.bus.map(|bus| registry.bus(bus).name.clone());
        self.module = Some(registry.module(key.module).name.clone());
        self.entry = Some(key.name.clone());
        self.pattern = Some(key.pattern.as_str().to_owned());
        self
    }

    /// Says which channel of the registry it is about: bus, module, entry and pattern.
    #[must_use]
    pub fn of_channel(mut self, registry: &Registry, channel: &Channel) -> Self {
        self.bus = channel.bus.map(|bus| registry.bus(bus).name.clone());
        self.module = Some(registry.module(channel.module).name.clone());
        self.entry = Some(channel.name.clone());
        self.pattern = Some(channel.pattern.as_str().to_owned());
        self
    }

    /// Sets where it is.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.place = Some(span);
        self
    }

    /// Sets the words at the caret.
    #[must_use]
    pub fn caret(mut self, text: impl Into<String>) -> Self {
        self.caret = Some(text.into());
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Sets what to do about it.
    #[must_use]
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.hint = Some(text.into());
        self
    }

    /// Sets what distinguishes it from others of the same rule and entry (see the field).
    #[must_use]
    pub fn subject(mut self, text: impl Into<String>) -> Self {
        self.subject = text.into();
        self
    }

    /// An id that stays the same when wording, order, counts and places change.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let none = String::new();
        let parts = [
            self.rule,
            self.bus.as_ref().unwrap_or(&none),
            self.module.as_ref().unwrap_or(&none),
            self.entry.as_ref().unwrap_or(&none),
            self.pattern.as_ref().unwrap_or(&none),
            // Of one entry, the names seen change from run to run; without an entry the name is the identity.
            if self.entry.is_none() { self.key.as_ref().unwrap_or(&none) } else { &none },
            &self.subject,
        ];
        let mut hash = Fnv::default();
        for part in parts {
            hash.write(part.as_bytes());
            hash.write(&[0xff]);
        }
        format!("{:016x}", hash.0)
    }
}

/// A moment in microseconds since 1970 as RFC 3339 in UTC, to the millisecond.
#[must_use]
pub fn format_moment(us: u64) -> String {
    let moment = i64::try_from(us).ok().and_then(|us| jiff::Timestamp::from_microsecond(us).ok());
    // After the year 9999 there is no such text: the last that has one stands for it.
    let moment = moment.unwrap_or(jiff::Timestamp::MAX);
    moment.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// FNV-1a, 64 bits: stable across versions and machines, which std's hashers do not promise.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

/// A key name for people: UTF-8 as it is, control characters, backslashes and other bytes as `\n` or `\xff`.
#[must_use]
pub fn printable(name: &[u8]) -> String {
    let mut text = String::with_capacity(name.len());
    for chunk in name.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\\' => text.push_str("\\\\"),
                '\n' => text.push_str("\\n"),
                '\r' => text.push_str("\\r"),
                '\t' => text.push_str("\\t"),
                c if c.is_control() || is_invisible(c) => text.extend(c.escape_unicode()),
                c => text.push(c),
            }
        }
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text
}

/// Characters that can reorder or hide text on a terminal.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_ignore_wording_and_counts() {
        let mut a = Finding::new("wrong-type", Level::Error, "one wording").subject("x");
        a.entry = Some("spot".into());
        let mut b = a.clone();
        b.message = "another".into();
        b.count = 7;
        b.key = Some("massive:spot".into());
        assert_eq!(a.fingerprint(), b.fingerprint());
        b.subject = "y".into();
        assert_ne!(a.fingerprint(), b.fingerprint());
    }

    #[test]
    fn moments_are_dates() {
        for (us, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00.000Z"),
            (1_767_225_599_999_999, "2025-12-31T23:59:59.999Z"),
            (1_772_323_200_500_000, "2026-03-01T00:00:00.500Z"),
        ] {
            assert_eq!(format_moment(us), text);
        }
    }

    #[test]
    fn names_print_on_one_harmless_line() {
        assert_eq!(printable(b"a\x00\xff\n\\\x1b[31mz"), "a\\u{0}\\xff\\n\\\\\\u{1b}[31mz");
        assert_eq!(printable("ключ:é".as_bytes()), "ключ:é");
        assert_eq!(printable("a\u{202e}b".as_bytes()), "a\\u{202e}b");
    }
}
