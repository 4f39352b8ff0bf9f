//! Laws of framing: pieces do not matter, limits hold, and what is no RESP is said to be none.

use proptest::collection::vec;
use proptest::prelude::*;

use super::{Broken, Reply, ReplyReader, Request, RequestReader};
use crate::observe::traffic::{CALL_LIMIT, WORD_LIMIT};

/// Cuts bytes into pieces of the given lengths, over and over.
fn pieces<'a>(bytes: &'a [u8], lengths: &[usize]) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    let mut rest = bytes;
    for &length in lengths.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (piece, after) = rest.split_at(length.min(rest.len()));
        pieces.push(piece);
        rest = after;
    }
    pieces
}

fn requests(pieces: &[&[u8]]) -> Result<Vec<Request>, Broken> {
    let mut reader = RequestReader::default();
    let mut all = Vec::new();
    for piece in pieces {
        let mut at = 0;
        while let Some(request) = reader.next(piece, &mut at)? {
            all.push(request);
        }
        assert_eq!(at, piece.len());
    }
    Ok(all)
}

fn replies(pieces: &[&[u8]]) -> Result<Vec<Reply>, Broken> {
    let mut reader = ReplyReader::default();
    let mut all = Vec::new();
    for piece in pieces {
        let mut at = 0;
        while let Some(reply) = reader.next(piece, &mut at)? {
            all.push(reply);
            // Between replies exactly where one has ended.
            assert!(reader.is_between());
        }
    }
    Ok(all)
}

fn multibulk(words: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = format!("*{}\r\n", words.len()).into_bytes();
    for word in words {
        bytes.extend(format!("${}\r\n", word.len()).into_bytes());
        bytes.extend(word);
        bytes.extend(b"\r\n");
    }
    bytes
}

/// A reply, and what must be read of it.
fn reply() -> impl Strategy<Value = (Vec<u8>, Reply)> {
    let of = |kind: u8, word: &[u8]| Reply { kind, word: word.to_vec(), ..Reply::default() };
    let null = |kind: u8| Reply { kind, is_null: true, ..Reply::default() };
    prop_oneof![
        "[A-Z]{1,12}( [a-z ]{0,9})?".prop_map(move |text| (format!("+{text}\r\n").into(), of(b'+', text.as_bytes()))),
        "[A-Z]{1,12}( [a-z ]{0,9})?".prop_map(move |text| (format!("-{text}\r\n").into(), of(b'-', text.as_bytes()))),
        "[A-Z]{1,12}( [a-z]{0,9})?"
            .prop_map(move |text| { (format!("!{}\r\n{text}\r\n", text.len()).into(), of(b'!', text.as_bytes())) }),
        any::<i64>().prop_map(move |number| (format!(":{number}\r\n").into(), of(b':', b""))),
        Just((b"_\r\n".to_vec(), null(b'_'))),
        Just((b"$-1\r\n".to_vec(), null(b'$'))),
        Just((b"*-1\r\n".to_vec(), null(b'*'))),
        Just((b"#t\r\n".to_vec(), of(b'#', b""))),
        Just((b",-inf\r\n".to_vec(), of(b',', b""))),
        Just((b"(3492890328409238509324850943850943825024385\r\n".to_vec(), of(b'(', b""))),
        Just((b"=9\r\ntxt:\r\n+OK\r\n".to_vec(), of(b'=', b""))),
        Just((b"*0\r\n".to_vec(), of(b'*', b""))),
        Just((b"$?\r\n;4\r\nHell\r\n;3\r\n\r\n+\r\n;0\r\n".to_vec(), of(b'$', b""))),
        Just((b"|1\r\n+ttl\r\n*2\r\n:1\r\n-ERR no\r\n+OK\r\n".to_vec(), of(b'+', b"OK"))),
        Just((b"~?\r\n+a\r\n*?\r\n:1\r\n.\r\n.\r\n".to_vec(), of(b'~', b"a"))),
        Just((b"%1\r\n$1\r\na\r\n:3\r\n".to_vec(), Reply { last_integer: Some(3), ..of(b'%', b"a") })),
        vec(any::<u8>(), 0..40).prop_map(move |value| {
            let mut bytes = format!("${}\r\n", value.len()).into_bytes();
            bytes.extend(value);
            bytes.extend(b"\r\n");
            (bytes, of(b'$', b""))
        }),
    ]
}

/// An array of replies, as EXEC gives it: its errors, and nothing of what is inside of its elements.
fn transaction() -> impl Strategy<Value = (Vec<u8>, Vec<(usize, String)>)> {
    vec(reply(), 0..6).prop_map(|elements| {
        let mut bytes = format!("*{}\r\n", elements.len()).into_bytes();
        let mut failures = Vec::new();
        for (index, (element, read)) in elements.iter().enumerate() {
            bytes.extend(element);
            failures.extend(read.error().map(|kind| (index, kind)));
        }
        (bytes, failures)
    })
}

proptest! {
    #[test]
    fn requests_do_not_depend_on_pieces(
        commands in vec(vec(vec(any::<u8>(), 0..30), 1..5), 0..8), lengths in vec(1..40usize, 1..5),
    ) {
        let bytes = commands.iter().map(|words| multibulk(words)).collect::<Vec<_>>().concat();
        let read = requests(&pieces(&bytes, &lengths)).unwrap();
        prop_assert!(read.iter().all(|request| request.cut.is_empty()));
        prop_assert_eq!(read.into_iter().map(|request| request.words).collect::<Vec<_>>(), commands);
    }

    #[test]
    fn replies_do_not_depend_on_pieces(all in vec(reply(), 0..10), lengths in vec(1..40usize, 1..5)) {
        let bytes = all.iter().map(|(bytes, _)| bytes.clone()).collect::<Vec<_>>().concat();
        let expected: Vec<Reply> = all.into_iter().map(|(_, reply)| reply).collect();
        prop_assert_eq!(replies(&pieces(&bytes, &lengths)).unwrap(), expected);
    }

    #[test]
    fn errors_inside_of_an_array_are_told_by_their_place((bytes, failures) in transaction(), length in 1..20usize) {
        let read = replies(&pieces(&bytes, &[length])).unwrap();
        prop_assert_eq!(read.len(), 1);
        prop_assert_eq!(&read[0].failures, &failures);
    }

    #[test]
    fn nothing_panics(bytes in vec(prop_oneof![Just(b'\r'), Just(b'\n'), Just(b'*'), Just(b'$'), Just(b'1'), Just(b'-'), Just(b'?'), Just(b'|'), Just(b'.'), any::<u8>()], 0..200), length in 1..30usize) {
        let pieces = pieces(&bytes, &[length]);
        let whole = [bytes.as_slice()];
        prop_assert_eq!(requests(&pieces), requests(&whole));
        prop_assert_eq!(replies(&pieces), replies(&whole));
    }
}

#[test]
fn inline_commands_are_split_as_servers_split_them() {
    let words =
        |line: &[u8]| requests(&[line]).map(|all| all.into_iter().map(|request| request.words).collect::<Vec<_>>());
    let read = words(b"PING\r\n\r\n\n  set \"a b\\x41\\n\\q\" 'it\\'s' \"\"\n*0\r\n*-1\r\nget\ta\r\n").unwrap();
    let expected: Vec<Vec<&[u8]>> = vec![vec![b"PING"], vec![b"set", b"a bA\nq", b"it's", b""], vec![b"get", b"a"]];
    assert_eq!(read, expected);
    for broken in ["set \"a", "set 'a", "set \"a\"b", "set 'a'b", "set \"a\\"] {
        assert!(words(format!("{broken}\r\n").as_bytes()).is_err(), "{broken}");
    }
}

#[test]
fn what_is_no_request_is_said_to_be_none() {
    for bytes in ["*x\r\n", "*1\r\n+OK\r\n", "*1\r\n$-1\r\n", "*1\r\n$+1\r\n", "*1\n", "*2\r\n$1\r\na\r\nb\r\n"] {
        assert!(requests(&[bytes.as_bytes()]).is_err(), "{bytes:?}");
    }
    assert!(requests(&[&vec![b'a'; 70_000]]).is_err());
}

#[test]
fn what_is_no_reply_is_said_to_be_none() {
    for bytes in ["x\r\n", "+OK\n", "$x\r\n", "$-2\r\n", "*-2\r\n", ".\r\n", ";1\r\na\r\n", "$?\r\n$1\r\na\r\n"] {
        assert!(replies(&[bytes.as_bytes()]).is_err(), "{bytes:?}");
    }
    assert!(replies(&["*1\r\n".repeat(100_000).as_bytes()]).is_err());
}

#[test]
fn long_words_are_cut_and_keep_their_places() {
    let value = vec![b'v'; WORD_LIMIT + 1];
    let read = requests(&[&multibulk(&[b"SET".to_vec(), b"k".to_vec(), value, b"EX".to_vec()])]).unwrap();
    assert_eq!(read[0].cut, [2]);
    assert_eq!(read[0].words[2].len(), WORD_LIMIT);
    assert_eq!(read[0].words[3], b"EX");

    let mut many = vec![b"RPUSH".to_vec(), b"k".to_vec()];
    many.extend(std::iter::repeat_n(vec![b'v'; WORD_LIMIT], 17));
    let read = requests(&[&multibulk(&many)]).unwrap();
    assert_eq!(read[0].words.len(), 19);
    assert_eq!(read[0].cut, [17, 18]);
    assert!(read[0].weight <= CALL_LIMIT + (1 << 20));
}

#[test]
fn long_simple_strings_are_read_in_small_pieces() {
    let mut bytes = vec![b'-'];
    bytes.extend(std::iter::repeat_n(b'x', 10_000));
    bytes.extend(b"\r\n+OK\r\n");
    for length in [1, 7, 9_999, 10_001, 10_002, 10_003] {
        let read = replies(&pieces(&bytes, &[length])).unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].word, vec![b'x'; 32]);
    }
}

#[test]
fn a_request_under_way_is_known_in_part() {
    let mut reader = RequestReader::default();
    let mut at = 0;
    assert_eq!(reader.next(b"*4\r\n$3\r\nSET\r\n$1\r\nk\r\n$9\r\nval", &mut at), Ok(None));
    let partial = reader.partial().unwrap();
    assert_eq!(partial.words, [b"SET".as_slice(), b"k", b"val", b""]);
    assert_eq!(partial.cut, [2, 3]);
}
