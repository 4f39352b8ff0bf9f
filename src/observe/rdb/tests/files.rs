//! Small files of real servers, in `tests/fixtures/rdb`: what is read from each stands beside it.

use std::path::{Path, PathBuf};

use super::{Dump, listing, read, sound};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/rdb")
}

/// Names and bytes of all files.
fn files() -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut dumps: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|kind| kind == "rdb")).collect();
    dumps.sort();
    assert_eq!(dumps.len(), 4);
    let read = |path: &PathBuf| (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read(path).unwrap());
    dumps.iter().map(read).collect()
}

/// In the order of names: servers save in any order.
fn sorted(listing: &str) -> String {
    let mut keys: Vec<String> = Vec::new();
    for line in listing.lines() {
        match keys.last_mut() {
            Some(key) if line.starts_with(' ') => *key = format!("{key}\n{line}"),
            _ => keys.push(line.to_owned()),
        }
    }
    keys.sort();
    keys.join("\n")
}

#[test]
fn real_files_are_read() {
    for (name, bytes) in files() {
        let server = Dump::open(bytes.as_slice()).unwrap().server().to_owned();
        let (flavour, version) = name.split_once('-').unwrap();
        assert!(server.to_lowercase().starts_with(&format!("{flavour} {version} (rdb ")), "{server}");
        let text = format!("{server}\n\n{}", sorted(&listing(&sound(&bytes))));
        let mut beside = insta::Settings::clone_current();
        beside.set_snapshot_path(folder());
        beside.set_prepend_module_to_snapshot(false);
        beside.set_omit_expression(true);
        beside.bind(|| insta::assert_snapshot!(name, text));
    }
}

#[test]
fn real_files_that_are_cut_off_are_an_error_with_its_place() {
    for (name, bytes) in files() {
        for end in 9..bytes.len() {
            let error = format!("{:#}", read(&bytes[..end]).1.unwrap_err());
            assert!(error.contains(&format!("it ends at byte {end}")), "{name} {end}: {error}");
        }
    }
}
