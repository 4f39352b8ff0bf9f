//! Damaged files: an error that says where, whatever is damaged, and never a panic.

use proptest::prelude::*;

use super::super::crc64;
use super::writer::{Item, file, intset, key, length, listpack, string, text, ziplist, zipmap};
use super::{listing, read, sound};

/// A key of nearly each form, all of them claimed.
fn mixed() -> Vec<u8> {
    let id = [[0; 8], 5u64.to_be_bytes()].concat();
    let entry = listpack(
        &[1, 0, 0, 0, 0, 0, 0, 1]
            .map(Item::Number)
            .into_iter()
            .chain([text("f"), text("v"), Item::Number(6)])
            .collect::<Vec<_>>(),
    );
    let stream = [length(1), string(id), string(entry), length(1), length(0), length(5), length(0)].concat();
    // An `a`, and thirteen more by reference.
    let compressed = [vec![0xc3], length(5), length(14), vec![0, b'a', 0xe0, 4, 0]].concat();
    let keys = [
        [vec![254], length(0), vec![251], length(9), length(1)].concat(),
        key(0, "t:plain", &[string("value")]),
        [vec![252], (1i64 << 41).to_le_bytes().to_vec(), key(0, "t:number", &[vec![0xc2, 1, 2, 3, 4]])].concat(),
        key(0, "t:compressed", &[compressed]),
        key(4, "h", &[length(1), string("f"), string("v")]),
        key(5, "z", &[length(1), string("m"), 1.5f64.to_le_bytes().to_vec()]),
        key(9, "h:zipmap", &[string(zipmap(&[(b"a".to_vec(), b"b".to_vec())], 1))]),
        key(11, "s:intset", &[string(intset(&[1, -2]))]),
        key(13, "h:ziplist", &[string(ziplist(&[text("a"), Item::Number(99)]))]),
        key(15, "x", &[stream]),
        key(17, "z:listpack", &[string(listpack(&[text("a"), text("1.5")]))]),
        key(18, "l", &[length(2), length(1), string("plain"), length(2), string(listpack(&[text("b")]))]),
        key(25, "h:expiring", &[vec![0; 8], string(listpack(&[text("f"), text("v"), Item::Number(0)]))]),
    ];
    file("REDIS0012", &keys)
}

/// Makes the checksum right again.
fn resum(bytes: &mut [u8]) {
    let end = bytes.len() - 8;
    let sum = crc64::update(0, &bytes[..end]);
    bytes[end..].copy_from_slice(&sum.to_le_bytes());
}

fn error(bytes: &[u8]) -> String {
    format!("{:#}", read(bytes).1.unwrap_err())
}

#[test]
fn the_undamaged_file_is_sound() {
    insta::assert_snapshot!(listing(&sound(&mixed())));
}

#[test]
fn a_file_that_is_cut_off_anywhere_is_an_error_with_its_place() {
    let whole = mixed();
    for end in 0..whole.len() {
        let error = error(&whole[..end]);
        match end {
            0 => assert_eq!(error, "the file is empty"),
            1..9 => assert!(error.contains("not an RDB file"), "{end}: {error}"),
            _ => assert!(error.contains(&format!("the file is cut off: it ends at byte {end}")), "{end}: {error}"),
        }
    }
}

#[test]
fn a_changed_byte_anywhere_is_noticed() {
    let whole = mixed();
    for at in 0..whole.len() {
        for by in [1, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] ^= by;
            assert!(read(&bytes).1.is_err(), "byte {at} by {by}");
        }
    }
}

proptest! {
    #[test]
    fn changed_bytes_with_a_right_checksum_are_no_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = mixed();
        for (at, byte) in changes {
            let at = at.index(bytes.len() - 8);
            bytes[at] = byte;
        }
        resum(&mut bytes);
        let (seen, read) = read(&bytes);
        // Whatever the bytes say: it ends, and with no more than there can be in them.
        prop_assert!(seen.len() <= bytes.len());
        if let Ok(coverage) = read {
            prop_assert!(coverage.complete);
        }
    }

    #[test]
    fn arbitrary_bytes_behind_a_sound_beginning_are_no_panic(form in 0u8..34, valkey: bool, bytes: Vec<u8>) {
        let letter = ["t", "h", "l", "s", "z", "x"][usize::from(form) % 6];
        let magic: &[u8] = if valkey { b"VALKEY080" } else { b"REDIS0014" };
        prop_assert!(read(&[magic, &[form][..], &string(letter), &bytes].concat()).1.is_err());
        for letter in ["t", "h", "l", "s", "z", "x"] {
            let _ = read(&[magic, &[form][..], &string(letter), &bytes, &[255; 9]].concat());
        }
    }
}

#[test]
fn errors_say_what_and_where() {
    let mut sum = mixed();
    let last = sum.len() - 1;
    sum[last] ^= 0xff;
    let errors = [
        ("not a dump", error(b"*3\r\n$3\r\nSET\r\n")),
        ("no version", error(b"REDISabcd\xff")),
        ("cut off in a value", error(&[b"REDIS0011", &[0][..], &string("t"), &length(5), b"val"].concat())),
        ("cut off between keys", error(&[b"REDIS0011", &[0][..], &string("t"), &string("v")].concat())),
        ("checksum", error(&sum)),
        ("unknown type", error(&file("REDIS0015", &[key(28, "l", &[string("v")])]))),
        ("a type of Redis in a file of Valkey", error(&file("VALKEY080", &[key(24, "h", &[string("v")])]))),
        ("old module", error(&file("REDIS0008", &[key(6, "t", &[string("v")])]))),
        ("no length", error(&file("REDIS0011", &[key(1, "l", &[vec![0xc0, 1]])]))),
        ("no string", error(&file("REDIS0011", &[key(0, "t", &[vec![0xc9]])]))),
        ("compressed", error(&file("REDIS0011", &[key(0, "t", &[vec![0xc3, 3, 9, 0x20, 0, 0]])]))),
        ("listpack", error(&file("REDIS0011", &[key(16, "h", &[string("short")])]))),
        ("odd hash", error(&file("REDIS0011", &[key(16, "h", &[string(listpack(&[text("a")]))])]))),
        ("score", error(&file("REDIS0011", &[key(17, "z", &[string(listpack(&[text("a"), text("b")]))])]))),
        ("part of a list", error(&file("REDIS0011", &[key(18, "l", &[length(1), length(3), string("a")])]))),
        ("stream id", error(&file("REDIS0011", &[key(21, "x", &[length(1), string("short"), string("")])]))),
        ("module's value", error(&file("REDIS0011", &[key(7, "t", &[length(0), length(9)])]))),
        ("append-only", error(&[file("REDIS0011", &[]), b"*1\r\n".to_vec()].concat())),
    ];
    let lines: Vec<String> = errors.into_iter().map(|(what, error)| format!("{what}: {error}")).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_checksum_of_zero_was_not_made() {
    let mut bytes = mixed();
    let end = bytes.len() - 8;
    bytes[end..].fill(0);
    assert_eq!(sound(&bytes), sound(&mixed()));
    assert_eq!(sound(b"REDIS0003\xff"), [], "before version 5 there was none");
}

#[test]
fn the_mark_of_a_transfer_may_follow() {
    let mark = b"0123456789abcdef0123456789abcdef01234567";
    assert_eq!(sound(&[mixed(), mark.to_vec()].concat()), sound(&mixed()));
    assert!(error(&[mixed(), mark[..39].to_vec()].concat()).contains("goes on behind its end"));
}

#[test]
fn a_reader_that_fails_is_an_error_with_its_place() {
    struct Failing;
    impl std::io::Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    use std::io::Read;
    let reader = (&b"REDIS0011\x00\x01t\x09val"[..]).chain(Failing);
    let read = super::read_at(reader, crate::observe::Depth::Full, &mut |_| true);
    assert_eq!(
        format!("{:#}", read.unwrap_err()),
        "the key at byte 9 cannot be read: cannot read on at byte 16: the disk is gone"
    );
}
