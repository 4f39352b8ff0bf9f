//! Maps and sets that are asked very often: a fast hash, and the same order in each run.

use foldhash::fast::FixedState;

/// A map.
pub type HashMap<K, V> = std::collections::HashMap<K, V, FixedState>;

/// A set.
pub type HashSet<T> = std::collections::HashSet<T, FixedState>;
