//! Laws of the peek: pieces do not matter, to what is overheard and to what is written on; and what waits is bounded.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::observe::traffic::proxy::session::Session;
use crate::observe::traffic::{Client, Event};

fn peek(is_gated: bool) -> Peek {
    let keeper = is_gated
        .then(|| Keeper::new(Arc::new(|call: &Call| (call.words.get(1)? == b"no").then(|| "it is no key".to_owned()))));
    Peek::new(Ledger::new(Session::new(Client::default(), 0)), keeper, 1)
}

fn request(line: &str) -> Vec<u8> {
    let words: Vec<&str> = line.split(' ').collect();
    let mut bytes = format!("*{}\r\n", words.len());
    for word in words {
        bytes += &format!("${}\r\n{word}\r\n", word.len());
    }
    bytes.into_bytes()
}

/// A command, and what a server says to it.
fn exchange() -> impl Strategy<Value = (Vec<u8>, &'static str)> {
    let all = [
        ("SET a 1", "+OK\r\n"),
        ("LPUSH a 1", "-WRONGTYPE Operation against a key\r\n"),
        ("GET a", "$3\r\n\r\n+\r\n"),
        ("SELECT 3", "+OK\r\n"),
        ("HELLO 3 SETNAME me", "%1\r\n$5\r\nproto\r\n:3\r\n"),
        ("HELLO 2", "*2\r\n$5\r\nproto\r\n:2\r\n"),
        ("SUBSCRIBE a b", ">3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n>3\r\n$9\r\nsubscribe\r\n$1\r\nb\r\n:2\r\n"),
        ("GET b", ">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\na\r\n|1\r\n+k\r\n:1\r\n_\r\n"),
        ("CLIENT REPLY SKIP", ""),
        ("MONITOR", "+OK\r\n+1.5 [0 x] \"GET\"\r\n"),
    ];
    proptest::sample::select(all.to_vec()).prop_map(|(line, reply)| (request(line), reply))
}

/// Everything that came of it.
fn seen(peek: &mut Peek) -> Vec<Event> {
    peek.ledger.give_up();
    std::mem::take(&mut peek.ledger.events)
}

fn lines(events: &[Event]) -> Vec<String> {
    let line = |event: &Event| match event {
        Event::Call(call) => {
            let words: Vec<_> = call.words.iter().map(|word| String::from_utf8_lossy(word)).collect();
            format!("{} {:?} {:?}", words.join(" "), call.within, call.outcome)
        }
        other => format!("{other:?}"),
    };
    events.iter().map(line).collect()
}

proptest! {
    #[test]
    fn pieces_do_not_matter(exchanges in vec(exchange(), 1..12), first in 1..30usize, second in 1..30usize) {
        let requests: Vec<u8> = exchanges.iter().flat_map(|(request, _)| request.clone()).collect();
        let replies: Vec<u8> = exchanges.iter().flat_map(|(_, reply)| reply.bytes()).collect();
        let mut whole = peek(false);
        prop_assert_eq!(&*whole.requests(&requests, 1), &requests[..]);
        prop_assert_eq!(&*whole.replies(&replies).unwrap(), &replies[..]);
        let mut pieces = peek(false);
        for piece in requests.chunks(first) {
            prop_assert_eq!(&*pieces.requests(piece, 1), piece);
        }
        for piece in replies.chunks(second) {
            prop_assert_eq!(&*pieces.replies(piece).unwrap(), piece);
        }
        prop_assert_eq!(seen(&mut whole), seen(&mut pieces));
    }

    #[test]
    fn refusals_do_not_depend_on_pieces(first in 1..60usize, second in 1..12usize) {
        let requests: Vec<u8> = ["SET a 1", "GET no", "MULTI", "GET a", "SET no 1", "EXEC", "GET no", "GET a"].iter().flat_map(|line| request(line)).collect();
        let mut peek = peek(true);
        let forwarded: Vec<u8> = requests.chunks(first).flat_map(|piece| peek.requests(piece, 1).into_owned()).collect();
        let passed: Vec<u8> = ["SET a 1", "MULTI", "GET a", "DISCARD", "GET a"].iter().flat_map(|line| request(line)).collect();
        prop_assert_eq!(forwarded, passed);
        let said = b"+OK\r\n+OK\r\n+QUEUED\r\n+OK\r\n$1\r\n1\r\n";
        let read: Vec<u8> = said.chunks(second).flat_map(|piece| peek.replies(piece).unwrap().into_owned()).collect();
        let expected = "+OK\r\n-KEYWIRE it is no key\r\n+OK\r\n+QUEUED\r\n-KEYWIRE it is no key\r\n\
                        -EXECABORT Transaction discarded because of previous errors.\r\n-KEYWIRE it is no key\r\n$1\r\n1\r\n";
        prop_assert_eq!(String::from_utf8(read).unwrap(), expected);
        prop_assert!(peek.is_idle());
    }
}

#[test]
fn what_waits_is_bounded_and_counted() {
    let mut peek = peek(false);
    let batch = [request("SET a 1"), request("LPUSH a 1")].concat().repeat(1_000);
    for _ in 0..500 {
        peek.requests(&batch, 1);
    }
    assert!(!peek.ledger.is_full());
    let forgotten = peek.ledger.forgotten;
    assert!(forgotten > 500_000, "{forgotten}");
    let replies = b"+OK\r\n-WRONGTYPE x\r\n".repeat(500_000);
    peek.replies(&replies).unwrap();
    assert!(peek.is_idle());
    // What is asked next finds its own reply.
    peek.ledger.events.clear();
    peek.requests(&request("GET a"), 1);
    peek.replies(b"-ERR x\r\n").unwrap();
    assert_eq!(lines(&seen(&mut peek)), ["GET a Nothing Failed(\"ERR\")"]);
}

#[test]
fn what_makes_no_sense_passes_unseen() {
    let mut peek = peek(false);
    let bytes = [request("GET a"), b"*1\r\nx\r\n".to_vec(), request("GET b")].concat();
    assert_eq!(&*peek.requests(&bytes, 1), &bytes[..]);
    assert!(peek.lost.is_some());
    assert_eq!(&*peek.replies(b"?\r\n").unwrap(), b"?\r\n");
    assert_eq!(lines(&seen(&mut peek)), ["GET a Nothing Unknown"]);
}
