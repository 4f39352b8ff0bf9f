//! An encoder of the tests' own, for forms that no server at hand writes, and for files that none would write.

use super::super::crc64;
use super::super::listpack::back;

/// An element of a packed container.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    Text(Vec<u8>),
    Number(i64),
}

impl Item {
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Text(bytes) => bytes.clone(),
            Self::Number(number) => number.to_string().into_bytes(),
        }
    }
}

pub fn text(text: &str) -> Item {
    Item::Text(text.as_bytes().to_vec())
}

/// A length in its shortest form.
pub fn length(length: u64) -> Vec<u8> {
    match length {
        0..64 => vec![u8::try_from(length).unwrap()],
        64..16_384 => (u16::try_from(length).unwrap() | 0x4000).to_be_bytes().to_vec(),
        _ => match u32::try_from(length) {
            Ok(length) => [&[0x80][..], &length.to_be_bytes()].concat(),
            Err(_) => [&[0x81][..], &length.to_be_bytes()].concat(),
        },
    }
}

/// A plain string.
pub fn string(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    [length(bytes.as_ref().len() as u64), bytes.as_ref().to_vec()].concat()
}

/// A whole file around these keys and marks, with a checksum.
pub fn file(magic: &str, body: &[Vec<u8>]) -> Vec<u8> {
    let saved = [&[250][..], &string("ctime"), &string("1700000000")].concat();
    let bytes = [magic.as_bytes(), &saved, &body.concat(), &[255]].concat();
    let sum = crc64::update(0, &bytes);
    [&bytes[..], &sum.to_le_bytes()].concat()
}

/// A key: the number of its form, its name, its value.
pub fn key(form: u8, name: &str, value: &[Vec<u8>]) -> Vec<u8> {
    [&[form][..], &string(name), &value.concat()].concat()
}

/// The bytes of a number that its width leaves.
fn low(number: i64, width: usize) -> Vec<u8> {
    number.to_le_bytes()[..width].to_vec()
}

fn fits(number: i64, width: usize) -> bool {
    let bits = 64 - 8 * u32::try_from(width).unwrap();
    number << bits >> bits == number
}

fn count(length: usize) -> Vec<u8> {
    u32::try_from(length).unwrap().to_le_bytes().to_vec()
}

fn short_count(length: usize) -> Vec<u8> {
    u16::try_from(length).unwrap_or(u16::MAX).to_le_bytes().to_vec()
}

pub fn listpack(items: &[Item]) -> Vec<u8> {
    let element = |item: &Item| {
        let coded = match item {
            Item::Number(number @ 0..128) => low(*number, 1),
            Item::Number(number @ -4096..4096) => {
                let bits = u16::from_le_bytes(number.to_le_bytes()[..2].try_into().unwrap()) & 0x1fff;
                (bits | 0xc000).to_be_bytes().to_vec()
            }
            Item::Number(number) => {
                let (code, width) = [(0xf1, 2), (0xf2, 3), (0xf3, 4), (0xf4, 8)]
                    .into_iter()
                    .find(|(_, width)| fits(*number, *width))
                    .unwrap();
                [vec![code], low(*number, width)].concat()
            }
            Item::Text(bytes) => {
                let head = match bytes.len() {
                    short @ 0..64 => vec![0x80 | u8::try_from(short).unwrap()],
                    middle @ 64..4096 => (0xe000 | u16::try_from(middle).unwrap()).to_be_bytes().to_vec(),
                    long => [vec![0xf0], count(long)].concat(),
                };
                [head, bytes.clone()].concat()
            }
        };
        // How the length is spelled does not matter to a walk from the front; how long it is does.
        let behind = vec![0; back(coded.len())];
        [coded, behind].concat()
    };
    let elements: Vec<u8> = items.iter().flat_map(element).collect();
    [count(elements.len() + 7), short_count(items.len()), elements, vec![0xff]].concat()
}

pub fn ziplist(items: &[Item]) -> Vec<u8> {
    let mut elements: Vec<u8> = Vec::new();
    let mut before = 0;
    for item in items {
        let start = elements.len();
        match u8::try_from(before) {
            Ok(before @ 0..254) => elements.push(before),
            _ => elements.extend([vec![0xfe], count(before)].concat()),
        }
        match item {
            Item::Number(number @ 0..=12) => elements.push(0xf1 + u8::try_from(*number).unwrap()),
            Item::Number(number) => {
                let forms = [(0xfe, 1), (0xc0, 2), (0xf0, 3), (0xd0, 4), (0xe0, 8)];
                let (code, width) = forms.into_iter().find(|(_, width)| fits(*number, *width)).unwrap();
                elements.extend([vec![code], low(*number, width)].concat());
            }
            Item::Text(bytes) => {
                match bytes.len() {
                    short @ 0..64 => elements.push(u8::try_from(short).unwrap()),
                    middle @ 64..16_384 => elements.extend((0x4000 | u16::try_from(middle).unwrap()).to_be_bytes()),
                    long => elements.extend([&[0x80][..], &u32::try_from(long).unwrap().to_be_bytes()].concat()),
                }
                elements.extend(bytes);
            }
        }
        before = elements.len() - start;
    }
    let tail = elements.len() + 10 - before;
    [count(elements.len() + 11), count(tail), short_count(items.len()), elements, vec![0xff]].concat()
}

/// All numbers in the width that the widest needs.
pub fn intset(numbers: &[i64]) -> Vec<u8> {
    let width = [2, 4, 8].into_iter().find(|width| numbers.iter().all(|number| fits(*number, *width))).unwrap();
    [count(width), count(numbers.len()), numbers.iter().flat_map(|number| low(*number, width)).collect()].concat()
}

/// Fields and values, each value with free bytes behind it.
pub fn zipmap(pairs: &[(Vec<u8>, Vec<u8>)], free: u8) -> Vec<u8> {
    let size = |bytes: &[u8]| match u8::try_from(bytes.len()) {
        Ok(short @ 0..254) => vec![short],
        _ => [vec![0xfe], count(bytes.len())].concat(),
    };
    let pair = |(field, value): &(Vec<u8>, Vec<u8>)| {
        let space = vec![b'?'; usize::from(free)];
        [size(field), field.clone(), size(value), vec![free], value.clone(), space].concat()
    };
    let number = u8::try_from(pairs.len()).unwrap_or(254).min(254);
    [vec![number], pairs.iter().flat_map(pair).collect(), vec![0xff]].concat()
}
