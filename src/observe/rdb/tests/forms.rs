//! Forms that no server at hand writes: those of old servers, of release candidates, and of newer ones.

use super::writer::{Item, file, intset, key, length, listpack, string, text, ziplist, zipmap};
use super::{listing, sound};

/// A key of each form, as one file.
fn shown(magic: &str, keys: &[Vec<u8>]) -> String {
    listing(&sound(&file(magic, keys)))
}

fn le(number: i64) -> Vec<u8> {
    number.to_le_bytes().to_vec()
}

/// A moment long after the file was saved, and one before.
const LATER: i64 = 1_700_000_100_000;
const BEFORE: i64 = 1_600_000_000_000;

#[test]
fn forms_of_old_servers() {
    let pairs = [(b"a".to_vec(), b"1".to_vec()), (b"b".to_vec(), vec![b'v'; 300])];
    let keys = [
        [vec![253], 1_700_000_060u32.to_le_bytes().to_vec(), key(0, "t:seconds", &[vec![0xc1, 0xc7, 0xcf]])].concat(),
        key(1, "l:one by one", &[length(2), string("a"), vec![0xc0, 5]]),
        key(10, "l:ziplist", &[string(ziplist(&[text("a"), Item::Number(-300)]))]),
        key(
            14,
            "l:quicklist",
            &[length(2), string(ziplist(&[text("a")])), string(ziplist(&[text("b"), Item::Number(7)]))],
        ),
        key(2, "s:one by one", &[length(1), string("m")]),
        key(11, "s:intset", &[string(intset(&[-1, 70_000]))]),
        key(
            3,
            "z:text",
            &[length(3), string("a"), vec![3], b"1.5".to_vec(), string("b"), vec![254], string("c"), vec![255]],
        ),
        key(12, "z:ziplist", &[string(ziplist(&[text("a"), text("0.25"), text("b"), Item::Number(2)]))]),
        key(9, "h:zipmap", &[string(zipmap(&pairs, 2))]),
        key(13, "h:ziplist", &[string(ziplist(&[text("a"), Item::Number(1)]))]),
    ];
    insta::assert_snapshot!(shown("REDIS0009", &keys));
}

#[test]
fn fields_that_expire() {
    let triple = |field: &str, at: i64| [text(field), text("v"), Item::Number(at)];
    let packed = listpack(&[triple("gone", BEFORE), triple("stays", LATER), triple("ever", 0)].concat());
    let all_gone = listpack(&triple("gone", BEFORE));
    let since = |base: i64, at: i64| length(u64::try_from(at - base + 1).unwrap());
    let fields = |base: i64| {
        [length(3), length(0), string("ever"), string("v"), since(base, BEFORE), string("gone"), string("v")]
            .into_iter()
            .chain([since(base, LATER), string("stays"), string("v")])
            .collect::<Vec<_>>()
            .concat()
    };
    let redis = [
        key(22, "h:candidate", &[fields(1)]),
        key(23, "h:packed candidate", &[string(&packed)]),
        key(24, "h:relative", &[le(BEFORE), fields(BEFORE)]),
        key(25, "h:packed", &[le(BEFORE), string(&packed)]),
        key(25, "h:all gone", &[le(BEFORE), string(&all_gone)]),
        key(24, "unclaimed", &[le(BEFORE), fields(BEFORE)]),
        key(25, "unclaimed too", &[le(BEFORE), string(&packed)]),
    ];
    let after = [
        length(3),
        [string("ever"), string("v"), le(-1)].concat(),
        [string("gone"), string("v"), le(BEFORE)].concat(),
        [string("stays"), string("v"), le(LATER)].concat(),
    ];
    let valkey = [key(22, "h:valkey", &after), key(22, "unclaimed", &after)];
    insta::assert_snapshot!(format!("{}\n{}", shown("REDIS0012", &redis), shown("VALKEY080", &valkey)));
}

/// A stream of two entries, the first of them deleted, with a group and a consumer.
fn stream(version: u8) -> Vec<u8> {
    let id = [1_700_000_000_000u64.to_be_bytes(), 1u64.to_be_bytes()].concat();
    let number = Item::Number;
    let first = [number(3), number(0), number(0), text("1"), number(5)];
    let second = [number(0), number(7), number(-1), number(2), text("a"), text("2"), text("b"), text("3"), number(8)];
    let head = [number(1), number(1), number(1), text("a"), number(0)];
    let entries = listpack(&[&head[..], &first, &second].concat());
    let mut all = [length(1), string(&id), string(&entries), length(1), length(1_700_000_000_007), length(0)].concat();
    if version >= 2 {
        all.extend((0..5).flat_map(|at| length(at + 1_000_000)));
    }
    all.extend([length(1), string("group"), length(1), length(2)].concat());
    if version >= 2 {
        all.extend(length(1));
    }
    all.extend([length(1), id.clone(), le(BEFORE), length(3)].concat());
    all.extend([length(1), string("consumer"), le(BEFORE)].concat());
    if version >= 3 {
        all.extend(le(BEFORE));
    }
    all.extend([length(1), id.clone()].concat());
    if version >= 5 {
        all.extend([length(1), id].concat());
    }
    if version >= 4 {
        let producer =
            [string("producer"), length(2), string("a"), length(1), length(2), string("b"), length(3), length(4)];
        all.extend([length(100), length(1000), length(1), producer.concat(), length(2), length(0)].concat());
    }
    all
}

#[test]
fn streams_of_all_versions() {
    let forms = [(15, 1), (19, 2), (21, 3), (26, 4), (27, 5)];
    let claimed = forms.map(|(form, version)| key(form, &format!("x:{version}"), &[stream(version)]));
    let unclaimed = forms.map(|(form, version)| key(form, &format!("unclaimed {version}"), &[stream(version)]));
    let keys = [&claimed[..], &unclaimed, &[key(0, "t:after it", &[string("v")])]].concat();
    insta::assert_snapshot!(shown("REDIS0014", &keys));
}

/// A module's value: a number of each kind, and a string.
fn module() -> Vec<u8> {
    let id = b"ReJSON-RL".iter().fold(0u64, |id, byte| {
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        id << 6 | letters.iter().position(|letter| letter == byte).unwrap() as u64
    });
    let parts = [length(1), length(9), length(2), length(1 << 40), length(3), vec![0; 4], length(4), vec![0; 8]];
    [length(id << 10 | 3), parts.concat(), length(5), string("{}"), length(0)].concat()
}

#[test]
fn what_modules_and_functions_and_clusters_add() {
    let marks = [
        [vec![250], string("lua"), string("return 1")].concat(),
        [vec![245], string("#!lua name=x")].concat(),
        [vec![246], string("x"), string("LUA"), length(1), string("about"), string("code")].concat(),
        [vec![246], string("x"), string("LUA"), length(0), string("code")].concat(),
        [vec![247], length(1 << 50), length(2), length(2), length(5), string("aux"), length(0)].concat(),
        [vec![244], length(16_383), length(1), length(0)].concat(),
        [vec![251], length(3), length(0)].concat(),
    ];
    let keys = [
        [vec![248], length(70), vec![249, 5], key(7, "t:json", &[module()])].concat(),
        key(7, "unclaimed", &[module()]),
    ];
    let meta =
        [vec![243], length(1), vec![1, 2, 3, 4], length(2), length(5), length(0), key(0, "t:meta", &[string("v")])];
    let redis = shown("REDIS0013", &[&marks[..], &keys, &[meta.concat()]].concat());
    let import = [vec![243], string("job"), length(2), length(0), length(5), length(7), length(9)].concat();
    let valkey = shown("VALKEY080", &[&marks[..], &keys, &[import]].concat());
    insta::assert_snapshot!(format!("{redis}\n{valkey}"));
}

#[test]
fn keys_of_another_type_than_declared_are_named_and_passed_over() {
    let keys = [
        key(0, "h:string", &[string("v")]),
        key(5, "l:zset", &[length(1), string("m"), 1.5f64.to_le_bytes().to_vec()]),
        key(18, "t:list", &[length(2), length(1), string("plain"), length(2), string(listpack(&[text("a")]))]),
        key(4, "s:hash", &[length(1), string("f"), string("v")]),
        key(3, "x:zset", &[length(1), string("m"), vec![1], b"1".to_vec()]),
        key(0, "t:after them", &[string("v")]),
    ];
    insta::assert_snapshot!(shown("REDIS0011", &keys));
}
