//! A watch over a server, for tests: runs MONITOR on a thread of its own, and gives what it overhears.
//!
//! In: a URL. Out: events, awaited one by one or all at the end.

use std::sync::mpsc as std_mpsc;
use std::thread::{self, JoinHandle};

use keywire::observe::traffic::monitor::{Started, WatchOptions, WatchSummary, watch};
use keywire::observe::traffic::{Call, Event, Failures, Gap, Within};
use keywire::server::connect::parse_url;
use tokio::sync::{mpsc, oneshot};

use crate::servers::block_on;

/// A watch that runs.
pub struct Overheard {
    pub started: Started,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<anyhow::Result<WatchSummary>>,
    events: mpsc::Receiver<Vec<Event>>,
    /// What was received.
    pub seen: Vec<Event>,
}

impl Overheard {
    /// Begins, and returns when MONITOR runs.
    pub fn begin(url: &str) -> Self {
        Self::begin_with(url, WatchOptions::default(), 1000).unwrap_or_else(|error| panic!("{error:#}"))
    }

    /// The same, with options and room for so many portions.
    pub fn begin_with(url: &str, options: WatchOptions, room: usize) -> anyhow::Result<Self> {
        let (sender, events) = mpsc::channel(room);
        let (stop, stopped) = oneshot::channel();
        let (ready, started) = std_mpsc::channel();
        let endpoint = parse_url(url)?;
        let thread = thread::spawn(move || {
            let stopped = async {
                let _ = stopped.await;
            };
            block_on(watch(&endpoint, options, move |started| ready.send(started).unwrap(), sender, stopped))
        });
        match started.recv() {
            Ok(started) => Ok(Self { started, stop, thread, events, seen: Vec::new() }),
            Err(_) => Err(thread.join().unwrap().expect_err("it ended before it began")),
        }
    }

    /// Waits for an event.
    pub fn until(&mut self, is_it: impl Fn(&Event) -> bool) {
        loop {
            let portion = self.events.blocking_recv().expect("it ended before the event came");
            let found = portion.iter().any(&is_it);
            self.seen.extend(portion);
            if found {
                return;
            }
        }
    }

    /// Waits for the end.
    pub fn end(mut self) -> (Vec<Event>, WatchSummary) {
        while let Some(portion) = self.events.blocking_recv() {
            self.seen.extend(portion);
        }
        let summary = self.thread.join().unwrap().unwrap_or_else(|error| panic!("{error:#}"));
        (self.seen, summary)
    }

    /// Ends it.
    pub fn stop(mut self) -> (Vec<Event>, WatchSummary) {
        self.stop.send(()).unwrap();
        self.stop = oneshot::channel().0;
        self.end()
    }
}

/// Is it a call of this command?
pub fn is_call(event: &Event, name: &str) -> bool {
    matches!(event, Event::Call(call) if call.words[0].eq_ignore_ascii_case(name.as_bytes()))
}

/// The calls among events.
pub fn calls(events: &[Event]) -> Vec<&Call> {
    events.iter().filter_map(|event| if let Event::Call(call) = event { Some(call) } else { None }).collect()
}

/// The gaps among events.
pub fn gaps(events: &[Event]) -> Vec<&Gap> {
    events.iter().filter_map(|event| if let Event::Gap(gap) = event { Some(gap) } else { None }).collect()
}

/// What has failed, as `NAME count`.
pub fn failures(events: &[Event]) -> Vec<String> {
    let all = events.iter().filter_map(|event| if let Event::Failures(all) = event { Some(all) } else { None });
    let name = |it: &Failures| format!("{} {}", it.command.as_ref().or(it.kind.as_ref()).unwrap(), it.count);
    all.flatten().map(name).collect()
}

/// Calls as `words`, with a mark before those of transactions (`*`) and scripts (`+`).
pub fn shown(events: &[Event]) -> Vec<String> {
    let one = |call: &Call| {
        let words: Vec<_> = call.words.iter().map(|word| String::from_utf8_lossy(word)).collect();
        let mark = match call.within {
            Within::Nothing => "",
            Within::Transaction => "*",
            Within::Script => "+",
        };
        format!("{mark}{}", words.join(" "))
    };
    calls(events).into_iter().map(one).collect()
}

/// Who made calls, as `name/user`, `-` where it is not known.
pub fn who(events: &[Event]) -> Vec<String> {
    let word = |word: &Option<String>| word.clone().unwrap_or_else(|| "-".to_owned());
    calls(events).iter().map(|call| format!("{}/{}", word(&call.client.name), word(&call.client.user))).collect()
}
