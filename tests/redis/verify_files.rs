//! `keywire verify --rdb` as users run it: what it reads, exit codes, the last line, and how much memory it takes.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::database::{judge, judge_saved, lines, open, registry as example, request, rules, run, run_all, save};
use crate::servers::{for_each_server, say, signal};
use crate::verify_cli::{json, keywire, peak, registry, text, verify};

fn item(id: u32, at: &str) -> String {
    format!(r#"SET app:item:{id} {{"n":{id},"at":"{at}"}}"#)
}

/// A moment that is fresh whenever the tests run.
const FRESH: &str = "2100-01-01T00:00:00Z";

fn piped(folder: &TempDir, arguments: &[&str], input: &[u8]) -> (i32, Output) {
    let mut process = keywire(folder, arguments);
    let mut process = process.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // It need not read all of what it refuses.
    let _ = process.stdin.take().unwrap().write_all(input);
    let output = process.wait_with_output().unwrap();
    (output.status.code().unwrap(), output)
}

fn put(folder: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    path
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

#[test]
fn a_file_is_judged_however_it_is_packed_and_comes() {
    let folder = registry();
    for_each_server(|server| {
        let mut connection = open(&server.url());
        run(
            &mut connection,
            &format!("{}\nHSET app:hash:1 n 1\nSET app:odd 1\nSELECT 3\nSET app:else 1", item(1, FRESH)),
        );
        let bytes = fs::read(save(&mut connection)).unwrap();
        let packed = [("dump.rdb", bytes.clone()), ("dump.rdb.gz", gzip(&bytes)), ("dump.rdb.zst", zstd(&bytes))];
        for (name, packed) in packed {
            let path = put(&folder, name, &packed);
            let expected =
                "3 keys scanned, 2 declared, 1 undeclared, 1 in other databases, 2 values judged, depth full";
            for (code, output) in
                [verify(&folder, &["--rdb", path.to_str().unwrap()]), piped(&folder, &["--rdb", "-"], &packed)]
            {
                let text = text(&output);
                assert_eq!(code, 1, "{text}");
                assert!(
                    text.contains("undeclared-key") && text.contains("app:odd") && text.contains(expected),
                    "{text}"
                );
                assert!(
                    text.contains(&format!("({} {} (RDB ", server.binary().flavour, server.binary().version)),
                    "{text}"
                );
            }
        }
        let path = folder.path().join("dump.rdb");
        let (_, output) = verify(&folder, &["--rdb", path.to_str().unwrap(), "--format", "json"]);
        let bus = &json(&output)["evidence"]["buses"][0];
        assert_eq!((bus["keys_in_database"].as_u64(), bus["keys_elsewhere"].as_u64()), (Some(3), Some(1)));
        assert_eq!(bus["url"].as_str(), path.to_str());

        let at_3 = keywire(&folder, &["--rdb", path.to_str().unwrap(), "--format", "json"])
            .env("KEYWIRE_TEST_NO_SUCH_URL", "redis://nobody:secret@nowhere:1/3")
            .output()
            .unwrap();
        let bus = &json(&at_3)["evidence"]["buses"][0];
        assert_eq!((bus["keys_scanned"].as_u64(), bus["keys_elsewhere"].as_u64()), (Some(1), Some(3)));
        assert!(!text(&at_3).contains("secret"));
    });
}

#[test]
fn files_that_cannot_be_read_are_3_and_faults_of_use_2() {
    let folder = registry();
    for_each_server(|server| {
        let mut connection = open(&server.url());
        run(&mut connection, &item(1, FRESH));
        let bytes = fs::read(save(&mut connection)).unwrap();
        let file = |name: &str, bytes: &[u8]| put(&folder, name, bytes).to_str().unwrap().to_owned();
        let whole = file("whole.rdb", &bytes);
        let cut = file("cut.rdb", &bytes[..bytes.len() - 30]);
        let place = "cut.rdb could not be read to its end";
        let ends = format!("it ends at byte {}", bytes.len() - 30);
        let mut changed = bytes.clone();
        *changed.last_mut().unwrap() ^= 1;
        let half = |bytes: Vec<u8>| bytes[..bytes.len() / 2].to_vec();
        let (cut_gzip, cut_zstd) = (file("cut.gz", &half(gzip(&bytes))), file("cut.zst", &half(zstd(&bytes))));
        let (changed, text_file, empty) =
            (file("changed.rdb", &changed), file("text.rdb", b"SET a 1"), file("empty.rdb", b""));
        let cases: [(Vec<&str>, i32, &[&str]); 11] = [
            (vec!["--rdb", &whole], 0, &["main: clean"]),
            (vec!["--rdb", &cut], 3, &[place, &ends]),
            (vec!["--rdb", &cut_gzip], 3, &["cut.gz", "at byte"]),
            (vec!["--rdb", &cut_zstd], 3, &["cut.zst", "at byte"]),
            (vec!["--rdb", &changed], 3, &["the checksum at byte"]),
            (vec!["--rdb", &text_file], 3, &["text.rdb", "not an RDB file"]),
            (vec!["--rdb", &empty], 3, &["empty.rdb", "the file is empty"]),
            (vec!["--rdb", "/no/such/file"], 3, &["/no/such/file"]),
            (vec!["--rdb", &whole, "--redis", "redis://h"], 2, &["cannot be used with"]),
            (vec!["--rdb", &whole, "--pace", "fast"], 2, &["cannot be used with"]),
            (vec!["--rdb", &whole, "--module", "ap"], 2, &["did you mean `app`?"]),
        ];
        for (arguments, expected, parts) in &cases {
            let (code, output) = verify(&folder, arguments);
            let text = text(&output);
            assert!(code == *expected && parts.iter().all(|part| text.contains(part)), "{arguments:?} {code}: {text}");
        }
    });
}

#[test]
fn files_of_a_cluster_are_judged_as_one() {
    let folder = registry();
    for_each_server(|server| {
        let mut connection = open(&server.url());
        run(&mut connection, &format!("{}\n{}", item(1, FRESH), item(2, FRESH)));
        let first = put(&folder, "first.rdb", &fs::read(save(&mut connection)).unwrap());
        run(&mut connection, &format!("FLUSHALL\nHSET app:hash:1 n 1\n{}", item(3, FRESH)));
        let second = put(&folder, "second.rdb", &fs::read(save(&mut connection)).unwrap());
        let (first, second) = (first.to_str().unwrap(), second.to_str().unwrap());
        let (code, output) = verify(&folder, &["--rdb", first, "--rdb", second, "--format", "json"]);
        assert_eq!(code, 0, "{}", text(&output));
        let report = json(&output);
        assert_eq!(report["evidence"]["buses"][0]["keys_in_database"].as_u64(), Some(4));
        let keys = |entry: &str| {
            let entries = report["coverage"]["entries"].as_array().unwrap();
            entries.iter().find(|found| found["entry"] == entry).unwrap()["keys"].as_u64()
        };
        assert_eq!((keys("item"), keys("one")), (Some(3), Some(1)));
    });
}

/// Containers that are larger than what is told of at once, with bounds on their size and on the ends of their contents.
const BOUNDED: &str = r#"module: app
role: Serves requests.
bus: main
keys:
  recent: { key: "app:recent", purpose: The last ones., type: list, element: integer, operations: [RPUSH, LTRIM], retention: { ttl: none, max_entries: 1000 } }
  trail: { key: "app:trail", purpose: By time., type: zset, member: integer, score: epoch_ms, operations: [ZADD, ZREMRANGEBYSCORE], retention: { ttl: none, max_age: 1h } }
  entries: { key: "app:entries", purpose: Entries., type: stream, entry: { n: integer }, operations: [XADD], retention: { ttl: none, max_age: 1h } }
"#;

#[test]
fn what_only_the_end_of_a_large_container_tells_is_judged() {
    let registry = example(BOUNDED);
    for_each_server(|server| {
        let mut connection = open(&server.url());
        let second = |at: u64| 1_700_000_000_000 + at * 1000;
        let commands = |at: u64| {
            [
                redis::cmd("RPUSH").arg("app:recent").arg(at).clone(),
                redis::cmd("ZADD").arg("app:trail").arg(second(at)).arg(at).clone(),
                redis::cmd("XADD").arg("app:entries").arg(format!("{}-1", second(at))).arg("n").arg(at).clone(),
            ]
        };
        // Within the bounds, and beyond them.
        for (range, expected) in [(0..900, &[][..]), (900..3700, &["bound-exceeded"][..])] {
            run_all(&mut connection, range.flat_map(commands));
            let request = request(&registry, &server.url());
            let live = judge(&registry, &request).unwrap();
            let saved = judge_saved(&registry, &request, &[save(&mut connection)]).unwrap();
            assert_eq!((rules(&saved.findings).as_slice(), lines(&saved.findings)), (expected, lines(&live.findings)));
            assert_eq!(saved.findings.len(), expected.len() * 3);
            assert_eq!(saved.evidence.values_judged, live.evidence.values_judged);
        }
    });
}

/// Moves the moment at which a file was saved, and takes its checksum away.
fn saved_earlier(file: &Path, by_seconds: u32) -> Vec<u8> {
    let mut bytes = fs::read(file).unwrap();
    let at = bytes.windows(5).position(|word| word == b"ctime").unwrap() + 5;
    assert_eq!(bytes[at], 0xc2, "a number of four bytes");
    let number: [u8; 4] = bytes[at + 1..at + 5].try_into().unwrap();
    let earlier = u32::from_le_bytes(number) - by_seconds;
    bytes[at + 1..at + 5].copy_from_slice(&earlier.to_le_bytes());
    let end = bytes.len() - 8;
    bytes[end..].fill(0);
    bytes
}

#[test]
fn what_was_fresh_when_it_was_saved_is_not_stale() {
    let folder = registry();
    for_each_server(|server| {
        let mut connection = open(&server.url());
        run(&mut connection, &item(1, "2020-01-01T00:00:10Z"));
        let file = save(&mut connection);
        let (code, output) = verify(&folder, &["--rdb", file.to_str().unwrap()]);
        assert!(code == 1 && text(&output).contains("stale-key"), "{code}: {}", text(&output));
        let (now, _): (u32, u32) = redis::cmd("TIME").query(&mut connection).unwrap();
        // Back to 2020-01-01T00:00:50Z, give or take the seconds of this test.
        let then = put(&folder, "then.rdb", &saved_earlier(&file, now - 1_577_836_850));
        let (code, output) = verify(&folder, &["--rdb", then.to_str().unwrap()]);
        assert_eq!(code, 0, "{}", text(&output));
    });
}

/// A length as a file has it.
fn length(bytes: u32) -> Vec<u8> {
    [&[0x80][..], &bytes.to_be_bytes()].concat()
}

/// A key's type and name.
fn head(form: u8, name: &str) -> Vec<u8> {
    [&[form, u8::try_from(name.len()).unwrap()][..], name.as_bytes()].concat()
}

#[test]
fn memory_does_not_grow_with_what_is_in_a_file() {
    if !cfg!(target_os = "linux") {
        say("the memory of `keywire verify --rdb` is NOT MEASURED here: only Linux tells it");
        return;
    }
    let folder = registry();
    let report = fs::File::create(folder.path().join("report.json")).unwrap();
    let mut process = keywire(&folder, &["--rdb", "-", "--format", "json"])
        .stdin(Stdio::piped())
        .stdout(report)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = process.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        let mut put = |bytes: &[u8]| input.write_all(bytes).unwrap();
        put(b"REDIS0011");
        // A string of 300 MB, a hash of 400,000 fields, a hash with a packed string of 200 MB.
        put(&[head(0, "app:item:1"), length(300 << 20)].concat());
        (0..300).for_each(|_| put(&vec![b'x'; 1 << 20]));
        put(&[head(4, "app:hash:1"), length(400_000)].concat());
        for at in 0..400_000u32 {
            put(&[&[11][..], format!("field{at:06}").as_bytes(), &[0xc0, 1]].concat());
        }
        put(&[head(16, "app:hash:2"), length(200 << 20)].concat());
        (0..200).for_each(|_| put(&vec![0; 1 << 20]));
        put(&[255, 0, 0, 0, 0, 0, 0, 0, 0]);
    });
    let peak = peak(&mut process);
    writer.join().unwrap();
    assert_eq!(process.wait().unwrap().code(), Some(1), "400,000 fields that are not declared");
    let report: Value = serde_json::from_slice(&fs::read(folder.path().join("report.json")).unwrap()).unwrap();
    let evidence = &report["evidence"]["buses"][0];
    let numbers = ["keys_judged", "values_judged", "values_unread"].map(|name| evidence[name].as_u64().unwrap());
    assert_eq!((numbers, &evidence["complete"]), ([3, 400_000, 2], &Value::Bool(true)));
    say(&format!("`keywire verify --rdb` of 500 MB held at most {} MB", peak / 1024));
    assert!((1..100 * 1024).contains(&peak), "{peak} kB");
}

#[test]
fn ctrl_c_is_heard_while_a_pipe_gives_nothing() {
    let folder = registry();
    let mut process = keywire(&folder, &["--rdb", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = process.stdin.take().unwrap();
    // More than any buffer on the way holds: when the last of it is gone, the program reads.
    let text = [head(0, "app:odd"), vec![1, b'x']].concat();
    input.write_all(b"REDIS0011").unwrap();
    for _ in 0..300_000 {
        input.write_all(&text).unwrap();
    }
    signal("-INT", process.id());
    let mut line = String::new();
    let mut report = BufReader::new(process.stdout.take().unwrap());
    report.read_line(&mut line).unwrap();
    let mut rest = String::new();
    report.read_to_string(&mut rest).unwrap();
    assert_eq!(process.wait().unwrap().code(), Some(130), "{line}{rest}");
    assert!(line.contains("undeclared-key") && rest.contains("main: incomplete"), "{line}{rest}");
    drop(input);
}
