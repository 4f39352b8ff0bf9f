//! What lines of MONITOR mean; and the server's escaping, written a second time, as the law that parsing undoes it.

use std::fmt::Write;
use std::ops::ControlFlow;

use proptest::prelude::*;

use super::super::lines::Lines;
use super::*;

/// Words as the server writes them: sdscatrepr for each.
pub(in super::super) fn escaped(words: &[Vec<u8>]) -> String {
    let mut text = String::new();
    for word in words {
        text.push_str(" \"");
        for &byte in word {
            match byte {
                b'\\' | b'"' => text.extend(['\\', char::from(byte)]),
                b'\n' => text.push_str("\\n"),
                b'\r' => text.push_str("\\r"),
                b'\t' => text.push_str("\\t"),
                7 => text.push_str("\\a"),
                8 => text.push_str("\\b"),
                b' '..=b'~' => text.push(char::from(byte)),
                _ => write!(text, "\\x{byte:02x}").unwrap(),
            }
        }
        text.push('"');
    }
    text
}

/// A line as text: `time database address | words`, or the fault.
fn shown(line: impl AsRef<[u8]>) -> String {
    let mut parser = Parser::new();
    parser.feed(line.as_ref());
    match parser.end() {
        Ok(Some(line)) => {
            let words: Vec<_> = line.words.iter().map(|word| String::from_utf8_lossy(word)).collect();
            format!("{} {} {} | {}", line.at_us, line.database, line.address, words.join(","))
        }
        Ok(None) => "nothing".to_owned(),
        Err(fault) => fault.to_owned(),
    }
}

#[test]
fn the_forms_of_lines() {
    for (line, expected) in [
        (r#"1700000000.123456 [0 127.0.0.1:50312] "SET" "k" "v""#, "1700000000123456 0 127.0.0.1:50312 | SET,k,v"),
        (r#"+1700000000.123456 [15 127.0.0.1:1] "PING""#, "1700000000123456 15 127.0.0.1:1 | PING"),
        ("1700000000.000001 [0 lua] \"get\" \"x\"\r", "1700000000000001 0 lua | get,x"),
        (
            r#"1700000000.5 [0 unix:/run/my sockets/s] "GET" "a b""#,
            "1700000000500000 0 unix:/run/my sockets/s | GET,a b",
        ),
        (r#"1700000000.123456 [0 [::1]:6379] "GET" """#, "1700000000123456 0 [::1]:6379 | GET,"),
        (
            r#"1700000000.123456 [0 [fe80::1]:2] "AUTH" "(redacted)""#,
            "1700000000123456 0 [fe80::1]:2 | AUTH,(redacted)",
        ),
        (r#"1700000000.123456 [0 unix:/a [1 b] c] "GET" "k""#, "1700000000123456 0 unix:/a [1 b] c | GET,k"),
        (r#"redis-1  | 1700000000.123456 [0 a:1] "GET" "k"  "#, "1700000000123456 0 a:1 | GET,k"),
        (r#"[x] [0 y] 1700000000.123456 [0 a:1] "GET" "k""#, "1700000000123456 0 a:1 | GET,k"),
        (r#"1700000000.123456 [0 a:1] "E" "\\\"\n\r\t\xc3\xA9é""#, "1700000000123456 0 a:1 | E,\\\"\n\r\téé"),
        ("", "nothing"),
        ("OK", "nothing"),
        ("+OK\r", "nothing"),
        (" \r", "nothing"),
    ] {
        assert_eq!(shown(line), expected, "{line}");
    }
    assert_eq!(shown(b"1700000000.123456 [0 unix:/\xff] \"A\"\x00"), NOT_SPACED);
    assert_eq!(shown(b"1700000000.123456 [0 unix:/\xff] \"A\""), "1700000000123456 0 unix:/\u{fffd} | A");
}

#[test]
fn lines_that_are_none_say_why() {
    for (line, expected) in [
        ("127.0.0.1:6379> monitor", NO_HEAD),
        ("Error: Server closed the connection", NO_HEAD),
        (r#"{"level":"info"}"#, NO_HEAD),
        (r#"a line "with an open quote"#, NO_HEAD),
        (r#"1700000000.123456 [0 127.0.0.1:1]"#, NO_HEAD),
        (r#"1700000000.123456 [0] "GET""#, NO_HEAD),
        (r#"1700000000.123456 [x a:1] "GET""#, NO_HEAD),
        (r#"7.0.0.1:50312] "SET" "k" "v""#, NO_HEAD),
        (r#"0000.123456 [0 127.0.0.1:1] "SET" "k" "v""#, NO_TIME),
        (r#"1700000000.123456 [0 127.0.0.1:1] "SET" "k" "v"#, NOT_CLOSED),
        (r#"1700000000.123456 [0 127.0.0.1:1] "SET" "k" "v\"#, NOT_CLOSED),
        (r#"1700000000.123456 [0 127.0.0.1:1] "SET" "k" "v\x4"#, NOT_CLOSED),
        (r#"1700000000.123456 [0 127.0.0.1:1] "SET""k""#, NOT_SPACED),
        (r#"1700000000.123456 [0 127.0.0.1:1] "SET" k"#, NOT_SPACED),
        (r#"1700000000.123456 [0 127.0.0.1:1] "S\ET""#, NOT_ESCAPED),
        (r#"1700000000.123456 [0 127.0.0.1:1] "S\xg0""#, NOT_ESCAPED),
    ] {
        assert_eq!(shown(line), expected, "{line}");
    }
    assert_eq!(shown("x".repeat(HEAD_LIMIT + 1)), NO_HEAD);
}

#[test]
fn what_is_too_long_is_cut_and_marked_and_the_rest_still_counts() {
    let mut parser = Parser::new();
    parser.feed(b"1700000000.123456 [0 a:1] \"MSET\" \"");
    let piece = vec![b'x'; 100_000];
    (0..20).for_each(|_| parser.feed(&piece));
    parser.feed(b"\" \"after\"");
    let line = parser.end().unwrap().unwrap();
    assert_eq!(line.words.iter().map(Vec::len).collect::<Vec<_>>(), [4, WORD_LIMIT, 5]);
    assert_eq!(line.cut, [1]);

    parser.feed(b"1700000000.123456 [0 a:1] \"RPUSH\" \"k\"");
    let word = [b" \"".as_slice(), &vec![b'x'; WORD_LIMIT], b"\""].concat();
    (0..20).for_each(|_| parser.feed(&word));
    parser.feed(b" \"\"");
    let line = parser.end().unwrap().unwrap();
    assert_eq!(line.words.iter().map(Vec::len).sum::<usize>(), CALL_LIMIT);
    assert_eq!((line.words.len(), line.cut), (23, vec![17, 18, 19, 20, 21]));

    parser.feed(b"1700000000.123456 [0 a:1] \"SADD\"");
    (0..=WORDS_LIMIT).for_each(|_| parser.feed(b" \"m\""));
    let line = parser.end().unwrap().unwrap();
    assert_eq!((line.words.len(), line.cut), (WORDS_LIMIT, vec![WORDS_LIMIT - 1]));
    parser.feed(b"1700000000.123456 [0 a:1] \"PING\"");
    assert_eq!(parser.end().unwrap().unwrap().words, [b"PING"]);
}

fn word() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![prop::collection::vec(any::<u8>(), 0..40), "[ -~]{0,20}".prop_map(String::into_bytes)]
}

proptest! {
    #[test]
    fn parsing_undoes_the_servers_escaping(
        calls in prop::collection::vec(prop::collection::vec(word(), 1..6), 1..6),
        size in 1usize..50, end in "\r?\n",
    ) {
        let mut text = String::new();
        for (number, words) in calls.iter().enumerate() {
            write!(text, "1700000000.{number:06} [3 127.0.0.1:9]{}{end}", escaped(words)).unwrap();
        }
        let mut back = Vec::new();
        let mut lines = Lines::new();
        let mut each = |number: u64, read: super::super::lines::Read<'_>| {
            let line = read.unwrap().unwrap();
            assert_eq!((line.at_us, line.database), (1_700_000_000_000_000 + number - 1, 3));
            assert!(line.cut.is_empty());
            back.push(line.words);
            ControlFlow::Continue(())
        };
        for piece in text.as_bytes().chunks(size) {
            assert!(lines.feed(piece, &mut each).is_continue());
        }
        assert!(lines.finish(&mut each).is_continue());
        prop_assert_eq!(back, calls);
    }

    #[test]
    fn no_bytes_are_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), tail in "[0-9. \\[\\]\"\\\\xa-f\n\r]{0,80}") {
        let text = [b"1700000000.123456 [0 a:1] ".as_slice(), &bytes, tail.as_bytes()].concat();
        for text in [&text, tail.as_bytes(), &bytes] {
            let mut lines = Lines::new();
            let mut each = |_: u64, _: super::super::lines::Read<'_>| ControlFlow::Continue(());
            assert!(lines.feed(text, &mut each).is_continue());
            assert!(lines.finish(&mut each).is_continue());
            let ends = text.iter().filter(|byte| **byte == b'\n').count();
            prop_assert!((ends..=ends + 1).contains(&usize::try_from(lines.count).unwrap()));
        }
    }
}
