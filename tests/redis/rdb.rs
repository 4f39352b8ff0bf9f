//! What a server saves reads back as what the server says of the same keys: every type, every way of packing it, on every
//! server. The file is one route to the answer, the live look the other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::PathBuf;
use std::time::Duration;

use keywire::observe::live::{self, Pace, Scan};
use keywire::observe::rdb::{Coverage, Dump};
use keywire::observe::{Depth, Extent, Header, Look, Part, Seen, TtlSeen, Want};
use keywire::server::connect::{self, Timeouts};
use redis::{Cmd, Connection, Value};
use tokio::sync::mpsc;

use crate::database::{ask, command, open, run, run_all, save};
use crate::servers::{block_on, for_each_server_with};

/// A name says by its beginning what it is declared to be.
const DECLARED: [&str; 6] = ["string", "hash", "list", "set", "zset", "stream"];

fn wants() -> Vec<Want> {
    let want = |redis_type| Want { redis_type: Some(redis_type), contents: true, ends: true, groups: true };
    DECLARED
        .into_iter()
        .map(want)
        .chain([Want { redis_type: None, contents: false, ends: false, groups: false }])
        .collect()
}

fn claim(name: &[u8]) -> Option<usize> {
    let kind = name.split(|byte| *byte == b':').next().unwrap_or_default();
    match kind {
        b"any" => Some(DECLARED.len()),
        _ => DECLARED.iter().position(|declared| declared.as_bytes() == kind),
    }
}

fn look(depth: Depth, wants: &[Want]) -> Look<'_> {
    Look { depth, claim: &claim, unclaimed: &|name| name.starts_with(b"other"), wants }
}

/// All that was seen of a key, in one piece and in one order.
#[derive(Debug, PartialEq)]
struct Whole {
    claim: Option<usize>,
    header: Option<Header>,
    text: Option<Vec<u8>>,
    parts: Vec<Part>,
    too_large: bool,
    extent: Option<Extent>,
}

fn wholes(seen: Vec<Seen>) -> BTreeMap<Vec<u8>, Whole> {
    let empty = || Whole { claim: None, header: None, text: None, parts: Vec::new(), too_large: false, extent: None };
    let mut wholes = BTreeMap::new();
    let mut current: Option<Whole> = None;
    let mut add = |whole: Whole| {
        let name = whole.header.as_ref().unwrap().name.clone();
        assert!(wholes.insert(name, whole).is_none(), "a key is seen once");
    };
    for seen in seen {
        match seen {
            Seen::Key(at, header) => current = Some(Whole { claim: Some(at), header: Some(header), ..empty() }),
            Seen::Text(at, header, value) => {
                add(Whole { claim: Some(at), header: Some(header), text: Some(value), ..empty() });
            }
            Seen::Parts(parts) => current.as_mut().unwrap().parts.extend(parts),
            Seen::TooLarge(_) => current.as_mut().unwrap().too_large = true,
            Seen::Measured(measures) => {
                let header = current.as_mut().unwrap().header.as_mut().unwrap();
                (header.size, header.ends, header.groups) = (measures.size, measures.ends, measures.groups);
            }
            Seen::End(extent) => {
                let mut whole = current.take().unwrap();
                whole.parts.sort_by_cached_key(|part| format!("{part:?}"));
                whole.extent = Some(extent);
                add(whole);
            }
            Seen::Unclaimed(name) => {
                let header =
                    Header { name, redis_type: "".into(), ttl: TtlSeen::None, size: None, ends: None, groups: None };
                add(Whole { header: Some(header), ..empty() });
            }
            Seen::Gone => {}
        }
    }
    wholes
}

fn from_server(url: &str, depth: Depth) -> BTreeMap<Vec<u8>, Whole> {
    let wants = wants();
    let seen = block_on(async {
        let endpoint = connect::parse_url(url).unwrap();
        let connection = connect::connect_with(&endpoint, Timeouts::default()).await.unwrap();
        let (sender, mut receiver) = mpsc::channel(4);
        let scan = Scan { look: look(depth, &wants), pace: Pace::Fast, glob: None };
        let all = async {
            let mut all = Vec::new();
            while let Some(portion) = receiver.recv().await {
                all.extend(portion);
            }
            all
        };
        let (looked, all) = tokio::join!(live::look(connection, &endpoint, &scan, sender, |_, _| {}), all);
        assert!(looked.unwrap().complete);
        all
    });
    wholes(seen)
}

fn from_file(path: &PathBuf, depth: Depth, database: u64) -> (BTreeMap<Vec<u8>, Whole>, Coverage) {
    let (wants, mut all, mut coverage) = (wants(), Vec::new(), Coverage::default());
    let dump = Dump::open(File::open(path).unwrap()).unwrap();
    let mut send = |portion| {
        all.extend(portion);
        true
    };
    let looked = dump.look(&look(depth, &wants), database, &mut send, &mut coverage);
    looked.unwrap_or_else(|error| panic!("{error:#}"));
    (wholes(all), coverage)
}

/// Two looks at the same keys, some time apart.
fn assert_same(file: BTreeMap<Vec<u8>, Whole>, mut live: BTreeMap<Vec<u8>, Whole>) {
    for (name, mut by_file) in file {
        let shown = String::from_utf8_lossy(&name).into_owned();
        let mut by_server = live.remove(&name).unwrap_or_else(|| panic!("{shown} is in the file alone"));
        let ttl = |whole: &mut Whole| std::mem::replace(&mut whole.header.as_mut().unwrap().ttl, TtlSeen::None);
        match (ttl(&mut by_file), ttl(&mut by_server)) {
            (TtlSeen::Left(file), TtlSeen::Left(live)) => {
                assert!(file.abs_diff(live) < Duration::from_secs(300), "{shown}: {file:?}, {live:?}");
            }
            (file, live) => assert_eq!(file, live, "{shown}"),
        }
        assert!(by_file.parts == by_server.parts, "the parts of {shown}");
        (by_file.parts, by_server.parts) = (Vec::new(), Vec::new());
        assert!(by_file.text == by_server.text, "the value of {shown}");
        (by_file.text, by_server.text) = (None, None);
        assert_eq!(by_file, by_server, "{shown}");
    }
    let left: Vec<_> = live.keys().map(|name| String::from_utf8_lossy(name)).collect();
    assert!(left.is_empty(), "the server alone has {left:?}");
}

/// Bytes that no compression makes shorter.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..length).map(next).collect()
}

/// Values of all kinds; `large` ones, beyond what is read, take their time.
fn strings(large: bool) -> Vec<Cmd> {
    let mut values: Vec<Vec<u8>> =
        ["", "a", "0", "-1", "127", "-129", "32768", "-2147483648", "2147483648", "007", "1e3"]
            .map(|text| text.as_bytes().to_vec())
            .to_vec();
    values.push(b"{\"symbol\":\"SPX\",\"value\":6012.5}".repeat(40));
    values.extend([noise(63), noise(64), noise(20_000), noise(70_000), vec![b'a'; 300_000]]);
    if large {
        values.extend([vec![b'b'; 9 << 20], noise(9 << 20)]);
    }
    values.push([noise(5000), noise(5000), vec![0; 5000]].concat());
    let set = |(at, value): (usize, Vec<u8>)| {
        let mut command = redis::cmd("SET");
        command.arg(format!("string:{at}")).arg(value);
        command
    };
    values.into_iter().enumerate().map(set).collect()
}

/// Elements of all lengths and kinds that a listpack tells apart.
fn elements() -> Vec<Vec<u8>> {
    let numbers = [0i64, 1, 12, 13, 127, 128, -1, 4095, -4096, 4096, 32767, -32768, 32768, 8_388_607, -8_388_608];
    let more = [8_388_608i64, i64::from(i32::MAX), i64::from(i32::MIN), i64::from(i32::MAX) + 1, i64::MAX, i64::MIN];
    let mut elements: Vec<Vec<u8>> = numbers.into_iter().chain(more).map(|n| n.to_string().into_bytes()).collect();
    elements.extend(["", "x", "01", "-0", "1.5", "word word word word word"].map(|text| text.as_bytes().to_vec()));
    elements.extend([vec![0xff; 3], noise(63), noise(64)]);
    elements
}

fn containers() -> Vec<Cmd> {
    let (small, large) = (elements(), [noise(4095), noise(4096), noise(20_000), vec![b'z'; 100_000]]);
    let many: Vec<Vec<u8>> = (0..3000).map(|at| format!("element {at}").into_bytes()).collect();
    let mixed = || small.iter().chain(&large).cloned().collect::<Vec<_>>();
    let sizes = [("small", small.clone()), ("mixed", mixed()), ("many", many), ("one", vec![b"1".to_vec()])];
    let mut commands = Vec::new();
    for (size, elements) in &sizes {
        for (at, element) in elements.iter().enumerate() {
            let mut add = |words: &[&str], rest: &[&[u8]]| {
                let mut command = redis::cmd(words[0]);
                command.arg(format!("{}:{size}", words[1])).arg(&words[2..]);
                command.arg(rest);
                commands.push(command);
            };
            add(&["RPUSH", "list"], &[element]);
            add(&["SADD", "set"], &[element]);
            add(&["HSET", "hash"], &[format!("field {at}").as_bytes(), element]);
            let score = ["-inf", "-1.5", "-0", "0", "3", "0.1", "1e300", "+inf"][at % 8];
            add(&["ZADD", "zset", score], &[element]);
        }
    }
    for width in [1i64, 1 << 20, 1 << 40] {
        let mut command = redis::cmd("SADD");
        command.arg(format!("set:numbers {width}")).arg(&[-width, 0, width][..]);
        commands.push(command);
    }
    commands
}

fn streams() -> Vec<Cmd> {
    let mut commands: Vec<Cmd> = Vec::new();
    for at in 0..700u64 {
        let mut add = redis::cmd("XADD");
        add.arg("stream:many").arg(format!("{}-{}", 1_700_000_000_000 + at / 3 * 7, at % 3 + 1)).arg("n").arg(at);
        if at % 10 < 3 {
            add.arg(format!("extra {}", at % 10)).arg(noise(usize::try_from(at).unwrap()));
        }
        commands.push(add);
    }
    let lines = "XADD stream:odd 0-1 a 1\nXADD stream:odd 0-2 a 2 b 3\nXADD stream:odd 18446744073709551615-5 a 4\n\
        XADD stream:emptied 5-5 a 1\nXDEL stream:emptied 5-5\nXGROUP CREATE stream:empty group $ MKSTREAM\n\
        XDEL stream:many 1700000000000-1\nXDEL stream:many 1700000000007-2\n\
        XGROUP CREATE stream:many readers 0\nXGROUP CREATE stream:many idle $\nXGROUP CREATECONSUMER stream:many idle waiting\n\
        XREADGROUP GROUP readers first COUNT 40 STREAMS stream:many >\n\
        XREADGROUP GROUP readers second COUNT 3 STREAMS stream:many >\nXACK stream:many readers 1700000000000-2\n\
        XADD stream:cut 1-1 a 1\nXADD stream:cut 2-1 a 1\nXADD stream:cut 3-1 a 1\nXADD stream:cut 4-1 a 1\n\
        XGROUP CREATE stream:cut start 0\nXGROUP CREATE stream:cut first 1-1\nXGROUP CREATE stream:cut third 3-1\n\
        XGROUP CREATE stream:cut beyond 9-9\nXGROUP CREATE stream:cut end $\nXTRIM stream:cut MAXLEN 3\n\
        XGROUP CREATE stream:cut second 2-1\nXREADGROUP GROUP start c COUNT 1 STREAMS stream:cut >\n\
        XADD stream:holes 1-1 a 1\nXADD stream:holes 2-1 a 1\nXADD stream:holes 3-1 a 1\nXADD stream:holes 4-1 a 1\n\
        XGROUP CREATE stream:holes start 0\nXGROUP CREATE stream:holes second 2-1\nXGROUP CREATE stream:holes third 3-1\n\
        XDEL stream:holes 3-1\nXREADGROUP GROUP second c COUNT 9 STREAMS stream:holes >\n\
        XREADGROUP GROUP start c COUNT 2 STREAMS stream:holes >\n\
        XADD stream:ahead 1-1 a 1\nXADD stream:ahead 2-1 a 1\nXADD stream:ahead 3-1 a 1\nXADD stream:ahead 4-1 a 1\n\
        XGROUP CREATE stream:ahead one 0\nXGROUP CREATE stream:ahead three 0\n\
        XREADGROUP GROUP one c COUNT 1 STREAMS stream:ahead >\nXREADGROUP GROUP three c COUNT 3 STREAMS stream:ahead >\n\
        XDEL stream:ahead 3-1";
    commands.extend(lines.lines().map(command));
    commands
}

/// Names that are no text, times to live, other databases, keys of another type than declared, functions.
fn oddities(connection: &mut Connection) {
    let mut names = Vec::new();
    for (words, name) in [("SET", &b"string:\xff\x00\r\n"[..]), ("SADD", &b"set:\xc3("[..])] {
        let mut command = redis::cmd(words);
        command.arg(name).arg("value");
        names.push(command);
    }
    run_all(connection, names);
    run(
        connection,
        "SET string:brief x EX 10000\nHSET hash:brief a 1\nPEXPIRE hash:brief 20000500\nEXPIREAT list:small 4102444800\n\
         HSET string:not a 1\nSET list:not 1\nXADD set:not * a 1\nRPUSH any:list a b\nZADD any:zset 1 a\nSET other:1 x\n\
         SET ignored:1 x\nSELECT 3\nSET string:elsewhere 1\nHSET hash:elsewhere a 1\nSELECT 0",
    );
    let mut library = redis::cmd("FUNCTION");
    library.arg("LOAD").arg("#!lua name=tests\nredis.register_function('one', function() return 1 end)");
    // Servers before Redis 7 have none to save.
    let _ = library.query::<Value>(connection);
    // Redis before 7 saves scripts.
    let _: Value = redis::cmd("SCRIPT").arg("LOAD").arg("return 1").query(connection).unwrap();
}

/// Fields with times to live, where the server knows them; says whether it does.
fn expiring_fields(connection: &mut Connection) -> bool {
    run(connection, "HSET hash:fields a 1 b 2 c 3");
    run_all(connection, (0..600).map(|at| command(&format!("HSET hash:manyfields field{at} {at}"))));
    let expire = command("HPEXPIRE hash:fields 10000000 FIELDS 2 a b").query::<Value>(connection);
    if expire.is_err() {
        return false;
    }
    run(connection, "HEXPIRE hash:manyfields 10000 FIELDS 2 field7 field599");
    true
}

/// Element sizes from which lists hold an element by itself, where the server lets us set them.
fn plain_nodes(connection: &mut Connection) {
    let _ = command("DEBUG QUICKLIST-PACKED-THRESHOLD 1000b").query::<Value>(connection);
    let elements = [vec![b'x'; 999], noise(1000), b"small".to_vec(), vec![b'y'; 40_000], noise(50_000)];
    run_all(connection, elements.iter().map(|element| redis::cmd("LPUSH").arg("list:plain").arg(element).clone()));
}

/// Is there a key in each encoding that all servers have? Else the comparison would prove less than it says.
fn assert_all_encodings(connection: &mut Connection) {
    let names: Vec<Vec<u8>> = ask(connection, "KEYS *");
    let encoding = |name: &Vec<u8>| {
        let mut command = redis::cmd("OBJECT");
        command.arg("ENCODING").arg(name).query::<String>(connection).unwrap()
    };
    let met: BTreeSet<String> = names.iter().map(encoding).collect();
    for encoding in ["int", "embstr", "raw", "quicklist", "intset", "hashtable", "skiplist", "stream"] {
        assert!(met.contains(encoding), "no key is a {encoding}: {met:?}");
    }
    assert!(met.contains("listpack") || met.contains("ziplist"), "{met:?}");
}

const SETTINGS: &[&[&str]] = &[
    &[],
    &["--rdbcompression", "no", "--rdbchecksum", "no"],
    &["--list-max-listpack-size", "3", "--list-compress-depth", "1", "--stream-node-max-entries", "1"],
    &["--list-max-listpack-size", "-5", "--stream-node-max-entries", "0", "--stream-node-max-bytes", "1000000"],
    &["--hash-max-listpack-entries", "0", "--zset-max-listpack-entries", "0", "--set-max-intset-entries", "0"],
    &[
        "--hash-max-listpack-entries",
        "9999",
        "--hash-max-listpack-value",
        "999999",
        "--zset-max-listpack-entries",
        "9999",
    ],
];

#[test]
fn what_is_saved_is_what_the_server_says() {
    for settings in SETTINGS {
        let arguments: Vec<&str> = [&["--enable-debug-command", "yes"], *settings].concat();
        for_each_server_with(&arguments, |server| {
            let mut connection = open(&server.url());
            run_all(&mut connection, strings(settings.is_empty()).into_iter().chain(containers()).chain(streams()));
            plain_nodes(&mut connection);
            expiring_fields(&mut connection);
            oddities(&mut connection);
            if settings.is_empty() {
                assert_all_encodings(&mut connection);
            }
            let path = save(&mut connection);
            let keys: u64 = ask(&mut connection, "DBSIZE");
            for depth in [Depth::Full, Depth::Keys] {
                let (file, coverage) = from_file(&path, depth, 0);
                assert_eq!((coverage.in_database, coverage.scanned, coverage.elsewhere), (Some(keys), keys, 2));
                assert!(coverage.complete);
                assert_same(file, from_server(&server.url(), depth));
            }
            let (elsewhere, coverage) = from_file(&path, Depth::Full, 3);
            assert_eq!((coverage.scanned, coverage.elsewhere), (2, keys));
            assert_same(elsewhere, from_server(&format!("{}?db=3", server.url()), Depth::Full));
        });
    }
}

#[test]
fn what_had_expired_when_it_was_saved_is_gone() {
    for_each_server_with(&["--enable-debug-command", "yes"], |server| {
        let mut connection = open(&server.url());
        run(
            &mut connection,
            "DEBUG SET-ACTIVE-EXPIRE 0\nSET string:gone 1 PX 1\nSET string:stays 1\nHSET hash:part a 1 b 2\nHSET hash:all a 1",
        );
        let fields = command("HPEXPIRE hash:part 1 FIELDS 1 a").query::<Value>(&mut connection).is_ok();
        if fields {
            run(&mut connection, "HPEXPIRE hash:all 1 FIELDS 1 a");
        }
        // The server's own clock says when it is over.
        let is_there = |connection: &mut Connection, line| ask::<Option<String>>(connection, line).is_some();
        while is_there(&mut connection, "GET string:gone") || (fields && is_there(&mut connection, "HGET hash:all a")) {
        }
        let _: () = ask(&mut connection, "SET string:gone2 1 PX 1");
        let time = |connection: &mut Connection| {
            let (seconds, us) = ask::<(u64, u64)>(connection, "TIME");
            seconds * 1_000_000 + us
        };
        let start = time(&mut connection);
        while time(&mut connection) < start + 3000 {}
        let path = save(&mut connection);
        let (file, _) = from_file(&path, Depth::Full, 0);
        let names: Vec<_> = file.keys().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        let expected: &[&str] =
            if fields { &["hash:part", "string:stays"] } else { &["hash:all", "hash:part", "string:stays"] };
        assert_eq!(names, expected);
        let part = &file[&b"hash:part"[..]];
        let left = if fields { 1 } else { 2 };
        assert_eq!((part.parts.len() as u64, part.header.as_ref().unwrap().size), (left, Some(left)));
        assert!(part.parts.contains(&Part::Field(b"b".to_vec(), b"2".to_vec())));
    });
}
