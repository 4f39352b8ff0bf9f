//! Packed containers: what the tests' encoder packs comes back, and damaged bytes are an error and never a panic.

use proptest::prelude::*;

use super::super::packed::{Packed, Packing, Walk};
use super::writer::{Item, intset, listpack, text, ziplist, zipmap};

fn items() -> impl Strategy<Value = Vec<Item>> {
    let edges = prop::sample::select(vec![0i64, 12, 13, 127, 128, 4095, 4096, 32767, 32768, 1 << 23, 1 << 31, 1 << 62]);
    let number = (edges, -1i64..=1, any::<bool>()).prop_map(|(edge, by, negative)| {
        let number = edge.saturating_add(by);
        if negative { -number } else { number }
    });
    let lengths = prop::sample::select(vec![0usize, 1, 62, 63, 64, 125, 253, 254, 4094, 4095, 4096, 16_383, 16_384]);
    let item = prop_oneof![
        number.prop_map(Item::Number),
        any::<i64>().prop_map(Item::Number),
        prop::collection::vec(any::<u8>(), 0..20).prop_map(Item::Text),
        (lengths, any::<u8>()).prop_map(|(length, byte)| Item::Text(vec![byte; length])),
    ];
    prop::collection::vec(item, 0..20)
}

fn all(packing: Packing, bytes: &[u8]) -> anyhow::Result<Vec<Item>> {
    let mut walk = Walk::new(packing, bytes)?;
    let mut items = Vec::new();
    while let Some(element) = walk.next()? {
        items.push(match element {
            Packed::Text(bytes) => Item::Text(bytes.to_vec()),
            Packed::Number(number) => Item::Number(number),
        });
    }
    Ok(items)
}

const PACKINGS: [Packing; 4] = [Packing::Listpack, Packing::Ziplist, Packing::Intset, Packing::Zipmap];

proptest! {
    #[test]
    fn listpacks_and_ziplists_come_back(items in items()) {
        prop_assert_eq!(&all(Packing::Listpack, &listpack(&items)).unwrap(), &items);
        prop_assert_eq!(&all(Packing::Ziplist, &ziplist(&items)).unwrap(), &items);
    }

    #[test]
    fn intsets_come_back(wide: bool, numbers in prop::collection::vec(any::<i32>(), 0..30)) {
        let by = if wide { 31 } else { 0 };
        let numbers: Vec<i64> = numbers.into_iter().map(|number| i64::from(number) << by).collect();
        let items: Vec<Item> = numbers.iter().copied().map(Item::Number).collect();
        prop_assert_eq!(all(Packing::Intset, &intset(&numbers)).unwrap(), items);
    }

    #[test]
    fn zipmaps_come_back(pairs: Vec<(Vec<u8>, Vec<u8>)>, free: u8) {
        let items = pairs.iter().cloned().flat_map(|(field, value)| [field, value]);
        let items: Vec<Item> = items.map(Item::Text).collect();
        prop_assert_eq!(all(Packing::Zipmap, &zipmap(&pairs, free)).unwrap(), items);
    }

    #[test]
    fn damaged_bytes_are_no_panic(items in items(), at: prop::sample::Index, byte: u8, cut: prop::sample::Index) {
        let numbers: Vec<i64> = (0..9).collect();
        let texts: Vec<_> = items.iter().map(|item| (item.bytes(), b"x".to_vec())).collect();
        for mut bytes in [listpack(&items), ziplist(&items), intset(&numbers), zipmap(&texts, 1)] {
            let length = bytes.len();
            bytes[at.index(length)] = byte;
            for packing in PACKINGS {
                let _ = all(packing, &bytes);
                // What is cut off has lost its end mark, or some of the numbers it says.
                let cut = &bytes[..cut.index(length)];
                if packing != Packing::Zipmap && bytes.last() == Some(&0xff) && packing != Packing::Intset {
                    prop_assert!(all(packing, cut).is_err() || cut.last() == Some(&0xff));
                }
            }
        }
    }

    #[test]
    fn arbitrary_bytes_are_no_panic(bytes: Vec<u8>) {
        for packing in PACKINGS {
            if let Ok(items) = all(packing, &bytes) {
                prop_assert!(items.len() <= bytes.len(), "more elements than bytes");
            }
        }
    }
}

#[test]
fn a_long_element_ends_where_its_length_ends() {
    for length in [124, 125, 126, 127, 16_375, 16_376, 16_377, 16_378, 16_379, 2_097_142, 2_097_146, 2_097_150] {
        let items = [Item::Text(vec![b'x'; length]), text("after it")];
        assert!(all(Packing::Listpack, &listpack(&items)).unwrap() == items, "{length}");
        assert!(all(Packing::Ziplist, &ziplist(&items)).unwrap() == items, "{length}");
    }
}

#[test]
fn what_is_wrong_is_said() {
    let error = |packing, bytes: &[u8]| all(packing, bytes).unwrap_err().to_string();
    let mut bytes = listpack(&[text("abc")]);
    bytes[6] = 0xf5;
    insta::assert_snapshot!(error(Packing::Listpack, &bytes), @"an element begins with 0xf5, which none does");
    bytes[6] = 0x84 + 10;
    insta::assert_snapshot!(error(Packing::Listpack, &bytes), @"an element is longer than the bytes that are left");
    bytes.pop();
    insta::assert_snapshot!(error(Packing::Listpack, &bytes), @"it is not a listpack of the length it says");
    let mut bytes = ziplist(&[text("abc")]);
    bytes[11] = 0xc5;
    insta::assert_snapshot!(error(Packing::Ziplist, &bytes), @"an element is of the form 0xc5, which there is not");
    let odd = [3, 0, 0, 0, 1, 0, 0, 0, 1, 2, 3];
    insta::assert_snapshot!(error(Packing::Intset, &odd), @"it is not an intset of the length it says");
    insta::assert_snapshot!(error(Packing::Zipmap, &[1, 1, b'a', 0xff]), @"it goes on after its end");
}
