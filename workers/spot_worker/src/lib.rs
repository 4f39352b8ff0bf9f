//! keywire.
