//! Named parts: the fields of hashes and of stream entries, of which there may be more names than can be kept.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::Values;

/// Names that are kept. Of more, those with the smallest hashes: the same whatever came first.
const NAMES: usize = 128;

/// Members of a record, at most; what has more is a map.
const RECORD: usize = 16;

/// What is known of the fields of all hashes, or entries, at one place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fields {
    /// Hashes or entries of which all fields were seen.
    pub whole: u64,
    /// By hash of the name, and the name.
    named: BTreeMap<(u64, Vec<u8>), Field>,
    /// Fields whose names are not kept.
    pub rest: Option<Field>,
}

/// What is known of one field.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Field {
    /// In how many of the wholly seen hashes or entries it was.
    pub among: u64,
    /// What it held.
    pub values: Values,
}

impl Field {
    /// Takes in another.
    pub fn merge(&mut self, other: Self) {
        self.among += other.among;
        self.values.merge(other.values);
    }
}

impl Fields {
    /// A field was seen with a value, as one of all fields or alone.
    pub fn see(&mut self, name: &[u8], values: Values, among_all: bool) {
        self.put(name.to_vec(), Field { among: u64::from(among_all), values });
    }

    fn put(&mut self, name: Vec<u8>, field: Field) {
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        self.named.entry((hasher.finish(), name)).or_default().merge(field);
        while self.named.len() > NAMES {
            if let Some((_, field)) = self.named.pop_last() {
                self.rest.get_or_insert_default().merge(field);
            }
        }
    }

    /// Takes in others.
    pub fn merge(&mut self, other: Self) {
        self.whole += other.whole;
        if let Some(rest) = other.rest {
            self.rest.get_or_insert_default().merge(rest);
        }
        for ((_, name), field) in other.named {
            self.put(name, field);
        }
    }

    /// Is nothing known?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.named.is_empty()
    }

    /// The names, if they are such as programmers choose for the members of a record, all of them; else none.
    #[must_use]
    pub fn chosen(&self) -> Vec<&str> {
        let chosen = |name: &&str| {
            name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        };
        let names = self.named.keys().map(|(_, name)| std::str::from_utf8(name).ok().filter(chosen));
        let few = self.rest.is_none() && self.named.len() <= RECORD;
        names.collect::<Option<Vec<&str>>>().filter(|_| few).unwrap_or_default()
    }

    /// The fields whose names are kept, by name.
    #[must_use]
    pub fn by_name(&self) -> BTreeMap<&[u8], &Field> {
        self.named.iter().map(|((_, name), field)| (name.as_slice(), field)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_names_are_kept_does_not_depend_on_the_order() {
        let of = |numbers: &mut dyn Iterator<Item = u32>| {
            let mut fields = Fields::default();
            numbers.for_each(|number| fields.see(number.to_string().as_bytes(), Values::of(b"1"), true));
            fields
        };
        let all = of(&mut (0..500));
        let mut parts = of(&mut (0..50).rev());
        parts.merge(of(&mut (50..500).rev()));
        assert_eq!(parts, all);
        assert_eq!(all.by_name().len(), NAMES);
        assert_eq!(all.rest.unwrap().among, 500 - NAMES as u64);
    }
}
