//! Values of modules, which only their modules understand: passed over by the marks that they are framed with.
//!
//! In: a [`Source`]. Out: the name of the type, and the place after the value.

use anyhow::{Result, bail};

use super::source::Source;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The name that TYPE answers: nine characters of six bits, above ten bits of a version.
pub(super) fn name(id: u64) -> String {
    (0..9).rev().map(|at| char::from(ALPHABET[usize::from((id >> (10 + 6 * at)).to_le_bytes()[0] & 63)])).collect()
}

/// Passes over what follows the type, up to the end mark.
pub(super) fn skip_value(source: &mut Source<'_>) -> Result<()> {
    loop {
        let at = source.offset();
        match source.length()? {
            0 => return Ok(()),
            1 | 2 => drop(source.length()?),
            3 => source.skip(4)?,
            4 => source.skip(8)?,
            5 => drop(source.skip_string()?),
            mark => bail!("a module's value has the unknown mark {mark} at byte {at}; the file is damaged"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_modules_register() {
        let id = |name: &[u8; 9]| {
            let digit = |byte: &u8| ALPHABET.iter().position(|letter| letter == byte).unwrap() as u64;
            name.iter().fold(0, |id, byte| id << 6 | digit(byte)) << 10 | 3
        };
        assert_eq!(name(id(b"ReJSON-RL")), "ReJSON-RL");
        assert_eq!(name(id(b"MBbloom--")), "MBbloom--");
    }
}
