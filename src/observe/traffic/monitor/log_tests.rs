//! Logs as people have them: cut off at both ends, with noise, compressed, huge.

use std::io::{self, Cursor};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use super::*;
use crate::observe::traffic::{Call, WORD_LIMIT, Within};

fn input(reader: impl Read + Send + 'static) -> Input {
    Input { reader: Box::new(reader), read: Arc::new(AtomicU64::new(0)), size: None }
}

fn calls(text: &str, clients: &str) -> (Vec<Call>, Result<LogSummary>) {
    let mut calls = Vec::new();
    let summary = read_log(
        input(Cursor::new(text.to_owned().into_bytes())),
        ClientTable::parse(clients.as_bytes()).unwrap(),
        &mut |event| {
            let Event::Call(call) = event else { panic!("{event:?}") };
            calls.push(call);
            ControlFlow::Continue(())
        },
    );
    (calls, summary)
}

const ROTATED: &str = "27.0.0.1:50312] \"SET\" \"half\" \"a line\"
OK
1700000000.000001 [0 127.0.0.1:50312] \"MULTI\"

1700000000.000002 [0 127.0.0.1:50312] \"SET\" \"k\" \"v\"
1700000000.000003 [0 127.0.0.1:50312] \"EXEC\"\r
1700000009.000003 [2 127.0.0.1:50313] \"GET\" \"k\"
1700000010.000003 [2 127.0.0.1:50313] \"GET\" \"k";

#[test]
fn a_rotated_log_loses_its_ends_alone() {
    let (calls, summary) = calls(ROTATED, "id=1 addr=127.0.0.1:50313 fd=3 name=spot user=app");
    let summary = summary.unwrap();
    assert_eq!((summary.lines, summary.calls, summary.skipped), (8, 4, 2));
    assert_eq!(summary.period_us, Some((1_700_000_000_000_001, 1_700_000_009_000_003)));
    let (line, why) = summary.first_skipped.unwrap();
    assert_eq!(line, 1);
    assert!(why.contains("does not begin with a time"), "{why}");
    assert_eq!(calls[1].within, Within::Transaction);
    assert_eq!(calls[3].client.name.as_deref(), Some("spot"));
    assert_eq!((calls[3].connection, calls[3].database), (2, 2));
}

#[test]
fn what_is_no_log_is_an_error_with_its_place() {
    let error = |text: &str| format!("{:#}", calls(text, "").1.unwrap_err());
    let wrong = error("\nid=3 addr=1.2.3.4:5\nSET k v\n");
    assert!(wrong.starts_with("line 2: ") && wrong.contains("this is no MONITOR log"), "{wrong}");
    assert!(error("").contains("redis-cli MONITOR"));
    assert!(error("OK\n").contains("no call"));
}

/// Gives text over and over, and counts nothing up in memory.
struct Endless {
    text: Vec<u8>,
    left: usize,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = buffer.len().min(self.left).min(self.text.len());
        buffer[..count].copy_from_slice(&self.text[..count]);
        self.left -= count;
        Ok(count)
    }
}

#[test]
fn a_value_of_any_size_is_cut_while_it_is_read() {
    let head = "1700000000.000001 [0 a:1] \"SET\" \"k\" \"";
    let value = Endless { text: vec![b'x'; 64 << 10], left: 64 << 20 };
    let tail = "\"\n1700000000.000002 [0 a:1] \"GET\" \"k\"\n";
    let mut lengths = Vec::new();
    let summary =
        read_log(input(head.as_bytes().chain(value).chain(tail.as_bytes())), ClientTable::default(), &mut |event| {
            let Event::Call(call) = event else { panic!("{event:?}") };
            lengths.push((call.words.iter().map(Vec::len).collect::<Vec<_>>(), call.cut));
            ControlFlow::Continue(())
        });
    assert_eq!(summary.unwrap().calls, 2);
    assert_eq!(lengths, [(vec![3, 1, WORD_LIMIT], vec![2]), (vec![3, 1], vec![])]);
}

#[test]
fn whoever_has_enough_breaks_off() {
    let line = b"1700000000.000001 [0 a:1] \"GET\" \"k\"\n".to_vec();
    let mut seen = 0;
    let endless = Endless { text: line.repeat(100), left: usize::MAX };
    let summary = read_log(input(endless), ClientTable::default(), &mut |_| {
        seen += 1;
        if seen == 7 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!((summary.unwrap().calls, seen), (7, 7));
    let (_, none) = calls("", "");
    assert!(none.is_err());
    let broken = read_log(input(Cursor::new(b"noise\n").chain(Failing)), ClientTable::default(), &mut |_| {
        ControlFlow::Continue(())
    });
    assert!(format!("{:#}", broken.unwrap_err()).starts_with("cannot read the log on after line 1: "));
}

/// A disk that fails.
struct Failing;

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("the disk is gone"))
    }
}
