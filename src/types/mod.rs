//! The Redis types, one file each: their names, and which fields of the registry describe their parts.

mod bitmap;
mod geo;
mod hash;
mod hyperloglog;
mod json;
mod list;
mod set;
mod stream;
mod string;
mod zset;

/// A Redis type as a registry declares it. Several may share one type of the server: a bitmap is a string.
#[derive(Debug, PartialEq, Eq)]
pub struct RedisType {
    /// The word in a registry.
    pub name: &'static str,
    /// What the server's TYPE answers.
    pub reply: &'static str,
    /// One sentence.
    pub about: &'static str,
    /// The fields of a key's declaration that describe its parts.
    pub parts: &'static [&'static str],
    /// Groups of commands (COMMAND DOCS) that work on it, besides generic ones.
    pub groups: &'static [&'static str],
    /// The command that tells its size, and what is counted.
    pub size: (&'static str, &'static str),
    /// Does a write add elements, so that it can grow without bound?
    pub grows: bool,
}

/// All types, sorted by name. To add one: a file, its `mod` line, its line here.
pub static TYPES: [&RedisType; 10] = [
    &bitmap::TYPE,
    &geo::TYPE,
    &hash::TYPE,
    &hyperloglog::TYPE,
    &json::TYPE,
    &list::TYPE,
    &set::TYPE,
    &stream::TYPE,
    &string::TYPE,
    &zset::TYPE,
];

/// The type of a registry's word.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static RedisType> {
    TYPES.iter().find(|redis_type| redis_type.name == name).copied()
}

/// The type that a group of commands (COMMAND DOCS) is for: of each type its own group stands first.
#[must_use]
pub fn by_group(group: &str) -> Option<&'static RedisType> {
    TYPES.iter().find(|redis_type| redis_type.groups.first() == Some(&group)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_has_a_group_of_its_own() {
        for redis_type in TYPES {
            assert_eq!(redis_type.groups.first().and_then(|group| by_group(group)), Some(redis_type));
        }
        assert_eq!(by_group("generic"), None);
    }

    #[test]
    fn the_table_is_sorted_and_has_no_name_twice() {
        assert!(TYPES.windows(2).all(|pair| pair[0].name < pair[1].name));
    }
}
