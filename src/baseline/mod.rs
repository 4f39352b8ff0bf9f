//! The baseline: findings that are known, with who answers for them, why they may stay, and until when.
//!
//! A file of TOML tables, of which people may change all but the fingerprint. `update` writes and removes whole tables, and
//! leaves the text of the others as it is.

mod update;

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use jiff::civil::Date;
use serde::Deserialize;

pub use update::{Terms, Updated, update};

/// The findings that are known.
#[derive(Debug, Clone, Default)]
pub struct Baseline {
    /// By fingerprint.
    entries: HashMap<String, Vec<Entry>>,
}

/// A finding that is known.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The finding's.
    pub fingerprint: String,
    /// The command that found it.
    pub command: String,
    /// The rule's name.
    pub rule: String,
    /// What it was, for people.
    pub about: String,
    /// Who answers for it.
    pub owner: String,
    /// Why it may stay.
    pub reason: String,
    /// The last day on which it may.
    #[serde(deserialize_with = "date")]
    pub expires: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    known: Vec<Entry>,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// When the file cannot be read, or says something unknown, or the same twice.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("{} is wrong", path.display()))
    }

    /// Reads the text of a baseline.
    ///
    /// # Errors
    /// When it says something unknown, or the same twice.
    pub fn parse(text: &str) -> Result<Self> {
        let file: File = toml::from_str(text)?;
        let mut entries: HashMap<String, Vec<Entry>> = HashMap::new();
        for entry in file.known {
            let known = entries.entry(entry.fingerprint.clone()).or_default();
            if known.iter().any(|other| other.command == entry.command) {
                bail!("{} of {} is there twice; remove one of them", entry.fingerprint, entry.command);
            }
            known.push(entry);
        }
        Ok(Self { entries })
    }

    /// The entries of a fingerprint: one for each command that found it.
    pub fn of(&self, fingerprint: &str) -> impl Iterator<Item = &Entry> {
        self.entries.get(fingerprint).into_iter().flatten()
    }

    /// All entries, those that expire first before the others.
    #[must_use]
    pub fn entries(&self) -> Vec<&Entry> {
        let mut entries: Vec<&Entry> = self.entries.values().flatten().collect();
        entries.sort_by_key(|entry| (entry.expires, &entry.rule, &entry.about, &entry.fingerprint));
        entries
    }
}

impl Entry {
    /// Is its time over on a day?
    #[must_use]
    pub fn is_expired(&self, today: Date) -> bool {
        self.expires < today
    }
}

/// A date of TOML, or the same as a text.
fn date<'de, D: serde::Deserializer<'de>>(input: D) -> Result<Date, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a date such as 2027-01-31")]
    enum Written {
        Date(toml::value::Datetime),
        Text(String),
    }
    let text = match Written::deserialize(input)? {
        Written::Date(date) => date.to_string(),
        Written::Text(text) => text,
    };
    text.parse().map_err(|_| serde::de::Error::custom(format!("`{text}` is no date; write one such as 2027-01-31")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &str = "[[known]]\nfingerprint = '00'\ncommand = 'lint'\nrule = 'naming'\nabout = 'x'\nowner = 'ana'\nreason = 'old'\n";

    #[test]
    fn an_entry_is_known_until_its_day_is_over() {
        for written in ["2027-01-31", "'2027-01-31'"] {
            let baseline = Baseline::parse(&format!("{KNOWN}expires = {written}\n")).unwrap();
            let entry = baseline.of("00").next().unwrap();
            assert!(
                !entry.is_expired("2027-01-31".parse().unwrap()) && entry.is_expired("2027-02-01".parse().unwrap())
            );
        }
        assert_eq!(Baseline::default().of("00").count(), 0);
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for (text, said) in [
            (KNOWN.to_owned(), "missing field `expires`"),
            (format!("{KNOWN}expires = 'soon'"), "`soon` is no date"),
            (format!("{KNOWN}expires = 2027-02-30"), "2027-02-30"),
            (format!("{KNOWN}expires = 2027-01-31\nexpire = 1"), "unknown field `expire`"),
            (format!("{KNOWN}expires = 2027-01-31\n{KNOWN}expires = 2027-01-31"), "there twice"),
        ] {
            let error = Baseline::parse(&text).err().map(|error| format!("{error:#}")).unwrap_or_default();
            assert!(error.contains(said), "{text}: {error}");
        }
    }
}
