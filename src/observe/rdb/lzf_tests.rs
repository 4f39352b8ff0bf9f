//! LZF against an encoder of the tests' own, and against bytes that no encoder wrote.

use proptest::prelude::*;

use super::*;

/// Compresses as plainly as can be: the longest of a few earlier places, else a literal.
pub(crate) fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut literal: Vec<u8> = Vec::new();
    let flush = |out: &mut Vec<u8>, literal: &mut Vec<u8>| {
        for chunk in literal.chunks(32) {
            out.push(u8::try_from(chunk.len() - 1).unwrap());
            out.extend(chunk);
        }
        literal.clear();
    };
    let mut at = 0;
    while at < bytes.len() {
        let length = |from: usize| bytes[from..].iter().zip(&bytes[at..]).take(264).take_while(|(a, b)| a == b).count();
        let best = (at.saturating_sub(8192)..at).max_by_key(|from| length(*from));
        match best.map(|from| (from, length(from))).filter(|(_, length)| *length >= 3) {
            Some((from, length)) => {
                flush(&mut out, &mut literal);
                let distance = at - from - 1;
                let (high, low) = (u8::try_from(distance >> 8).unwrap(), u8::try_from(distance & 0xff).unwrap());
                if length < 9 {
                    out.extend([u8::try_from(length - 2).unwrap() << 5 | high, low]);
                } else {
                    out.extend([7 << 5 | high, u8::try_from(length - 9).unwrap(), low]);
                }
                at += length;
            }
            None => {
                literal.push(bytes[at]);
                at += 1;
            }
        }
    }
    flush(&mut out, &mut literal);
    out
}

fn decompressed(bytes: &[u8], length: usize) -> Result<Vec<u8>> {
    let mut out = b"before".to_vec();
    decompress(bytes, length, &mut out)?;
    Ok(out.split_off(6))
}

proptest! {
    #[test]
    fn what_was_compressed_comes_back(words in prop::collection::vec("[ab]{1,9}|[a-z]{1,40}", 0..60)) {
        let text = words.concat().into_bytes();
        prop_assert_eq!(decompressed(&compress(&text), text.len()).unwrap(), text);
    }

    #[test]
    fn any_bytes_give_the_length_or_an_error(bytes: Vec<u8>, length in 0usize..4096) {
        if let Ok(out) = decompressed(&bytes, length) {
            prop_assert_eq!(out.len(), length);
            prop_assert!(length == 0 || length as u64 <= bytes.len() as u64 * RATIO);
        }
    }
}

#[test]
fn a_reference_cannot_reach_before_its_beginning() {
    assert_eq!(decompressed(&[0, b'x', 7 << 5, 255, 0], 265).unwrap(), vec![b'x'; 265]);
    let error = decompressed(&[0, b'x', 1 << 5, 1], 4).unwrap_err();
    assert_eq!(error.to_string(), "it refers to bytes before its beginning");
}
