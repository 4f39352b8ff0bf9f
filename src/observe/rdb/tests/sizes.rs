//! Sizes: what is seen of keys larger than memory should be, and that no more is held than a portion.

use std::io::{Read, repeat};

use super::super::containers::LARGEST_PACKED;
use super::writer::{Item, file, key, length, listpack, string};
use super::{listing, read_at, sound};
use crate::observe::{Depth, Extent, Measures, Seen};

/// What stands before the keys of a file, and what ends one without a checksum.
fn around(keys: impl Read) -> impl Read {
    let end: &[u8] = &[255, 0, 0, 0, 0, 0, 0, 0, 0];
    b"REDIS0011".chain(keys).chain(end)
}

/// A reader that gives some bytes over and over.
struct Cycle {
    bytes: Vec<u8>,
    at: usize,
    left: u64,
}

impl Read for Cycle {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.bytes.len() {
            if self.left == 0 {
                return Ok(0);
            }
            (self.at, self.left) = (0, self.left - 1);
        }
        let count = (&self.bytes[self.at..]).read(buffer)?;
        self.at += count;
        Ok(count)
    }
}

fn times(bytes: Vec<u8>, count: u64) -> Cycle {
    Cycle { at: bytes.len(), bytes, left: count }
}

#[test]
fn a_list_of_many_nodes_goes_out_in_portions() {
    let node = [length(2), string(listpack(&vec![Item::Text(vec![b'x'; 40]); 100]))].concat();
    let head = [&[18][..], &string("l"), &length(5_000)].concat();
    let (mut parts, mut largest, mut measured) = (0, 0, None);
    let coverage = read_at(around(head.chain(times(node, 5_000))), Depth::Full, &mut |portion| {
        let here: usize = portion.iter().map(|seen| if let Seen::Parts(parts) = seen { parts.len() } else { 0 }).sum();
        (parts, largest) = (parts + here, largest.max(here));
        measured = portion.iter().find(|seen| matches!(seen, Seen::Measured(..))).cloned().or(measured.take());
        true
    });
    assert!(coverage.unwrap().complete);
    assert_eq!(
        (parts, measured),
        (500_000, Some(Seen::Measured(Measures { size: Some(500_000), ..Measures::default() })))
    );
    assert!(largest < 50_000, "{largest} parts at once");
}

#[test]
fn values_beyond_the_limits_are_passed_over_and_told() {
    let large = || repeat(b'v').take(9 << 20);
    let value = |head: Vec<u8>| std::io::Cursor::new(head).chain(large());
    let long = length(9 << 20);
    let keys = value([&[0][..], &string("t:large"), &long].concat())
        .chain(value([&[4][..], &string("h:large value"), &length(2), &string("f"), &long].concat()))
        .chain(std::io::Cursor::new([string("g"), string("small")].concat()))
        .chain(value([&[18][..], &string("l:plain"), &length(2), &length(1), &long].concat()))
        .chain(std::io::Cursor::new([length(1), string("small")].concat()));
    let packed = LARGEST_PACKED + 1;
    let keys = keys
        .chain(std::io::Cursor::new([&[16][..], &string("h:packed"), &length(packed)].concat()))
        .chain(repeat(0).take(packed));
    let mut all = Vec::new();
    let coverage = read_at(around(keys), Depth::Full, &mut |portion| {
        all.extend(portion);
        true
    });
    assert_eq!(coverage.unwrap().scanned, 4);
    insta::assert_snapshot!(listing(&all));
}

#[test]
fn a_sample_takes_some_of_a_container_and_all_of_its_size() {
    let members: Vec<u8> =
        (0..1000u16).flat_map(|at| [string(format!("m{at}")), f64::from(at).to_le_bytes().to_vec()].concat()).collect();
    let bytes = file("REDIS0011", &[key(5, "z", &[length(1000), members])]);
    let mut all = Vec::new();
    let mut send = |portion| {
        all.extend(portion);
        true
    };
    read_at(bytes.as_slice(), Depth::Sample, &mut send).unwrap();
    let [Seen::Key(_, header), Seen::Parts(parts), Seen::End(Extent::Cut)] = &all[..] else { panic!("{all:?}") };
    assert_eq!((header.size, header.ends, parts.len()), (Some(1000), Some((0.0, 999.0)), 100));
    assert_eq!(sound(&bytes).iter().filter(|seen| matches!(seen, Seen::Parts(_))).count(), 2);
}

#[test]
fn who_has_seen_enough_is_told_no_more() {
    let keys = times(key(0, "t", &[string("value")]), 1_000_000);
    let mut portions = 0;
    let coverage = read_at(around(keys), Depth::Full, &mut |portion| {
        portions += 1;
        assert!(portion.iter().all(|seen| matches!(seen, Seen::Text(_, _, value) if value == b"value")));
        false
    });
    let coverage = coverage.unwrap();
    assert_eq!((portions, coverage.scanned, coverage.complete), (1, 1000, false));
}

#[test]
fn a_length_that_is_only_claimed_takes_no_memory() {
    let claims: [&[u8]; 4] =
        [&length(u64::MAX), &length(7 << 20), &[0xc3, 0x81, 0, 0, 0, 0, 0, 0, 0, 9], &[0xc3, 5, 0x80, 0xff]];
    let forms =
        [(0u8, "t"), (1, "l"), (4, "h"), (5, "z"), (14, "l"), (15, "x"), (16, "h"), (18, "l"), (20, "s"), (24, "h")];
    for ((form, name), claim) in forms.into_iter().flat_map(|form| claims.map(|claim| (form, claim))) {
        let bytes = [b"REDIS0012", &[form][..], &string(name), claim, b"some"].concat();
        assert!(read_at(bytes.as_slice(), Depth::Full, &mut |_| true).is_err());
    }
}
