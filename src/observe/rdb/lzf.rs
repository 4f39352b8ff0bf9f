//! LZF, by which strings of RDB files are compressed.
//!
//! In: compressed bytes and the length that the file says they have. Out: exactly that many bytes, or what is wrong.

use anyhow::{Result, bail};

/// The most that one compressed byte can stand for: three bytes make up to 264.
const RATIO: u64 = 88;

/// Is it a length that so many compressed bytes can have at all? Asked before anything is allocated by it.
pub(super) fn is_plausible(compressed: u64, length: u64) -> bool {
    // Compressed forms are written only where they are shorter.
    compressed <= length && length <= compressed.saturating_mul(RATIO)
}

/// Appends what the bytes stand for.
///
/// # Errors
/// When they are not LZF, or not of this length.
pub(super) fn decompress(mut bytes: &[u8], length: usize, out: &mut Vec<u8>) -> Result<()> {
    let start = out.len();
    out.reserve(length);
    while let Some((control, rest)) = bytes.split_first() {
        let control = usize::from(*control);
        if control < 32 {
            let Some((literal, rest)) = rest.split_at_checked(control + 1) else { bail!("it ends in a literal") };
            out.extend_from_slice(literal);
            bytes = rest;
        } else {
            let (count, low, rest) = match (control >> 5, rest) {
                (7, [more, low, rest @ ..]) => (9 + usize::from(*more), low, rest),
                (short @ 1..=6, [low, rest @ ..]) => (2 + short, low, rest),
                _ => bail!("it ends in a reference"),
            };
            let distance = ((control & 31) << 8 | usize::from(*low)) + 1;
            repeat(out, start, distance, count)?;
            bytes = rest;
        }
        if out.len() - start > length {
            bail!("it is longer than the {length} bytes the file says");
        }
    }
    if out.len() - start != length {
        bail!("it has {} bytes where the file says {length}", out.len() - start);
    }
    Ok(())
}

/// Appends `count` bytes that stand `distance` before the end. They may overlap with what they make.
fn repeat(out: &mut Vec<u8>, start: usize, distance: usize, mut count: usize) -> Result<()> {
    if distance > out.len() - start {
        bail!("it refers to bytes before its beginning");
    }
    let from = out.len() - distance;
    while count > 0 {
        let here = count.min(out.len() - from);
        out.extend_from_within(from..from + here);
        count -= here;
    }
    Ok(())
}

#[cfg(test)]
#[path = "lzf_tests.rs"]
mod tests;
