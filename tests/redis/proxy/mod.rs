//! The proxy between real clients and real servers: what is overheard, and that nobody notices it.
//!
//! This file holds the rig: a proxy before a server, and a client that speaks raw RESP.

mod endings;
mod gate;
mod replies;
mod transparency;

use std::future::Future;

use keywire::observe::traffic::proxy::{Gate, Listen, Proxy, ProxyOptions, ProxySummary};
use keywire::observe::traffic::resp::ReplyReader;
use keywire::observe::traffic::{Call, Event, Outcome, Within};
use keywire::server::connect::parse_url;
use keywire::server::embedded::EmbeddedServer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::servers::{block_on, for_each_server};

/// A proxy at work.
pub struct Rig {
    pub address: Listen,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<ProxySummary>,
    events: JoinHandle<Vec<Event>>,
}

impl Rig {
    pub async fn start(upstream: &str, gate: Option<Gate>) -> Self {
        let (sender, mut portions) = mpsc::channel::<Vec<Event>>(1 << 10);
        let events = tokio::spawn(async move {
            let mut events = Vec::new();
            while let Some(portion) = portions.recv().await {
                events.extend(portion);
            }
            events
        });
        let (address, stop, serving) = Self::serve(upstream, gate, sender).await;
        Self { address, stop, serving, events }
    }

    pub async fn serve(
        upstream: &str,
        gate: Option<Gate>,
        sender: mpsc::Sender<Vec<Event>>,
    ) -> (Listen, oneshot::Sender<()>, JoinHandle<ProxySummary>) {
        let proxy = Proxy::bind(&["127.0.0.1:0".parse().unwrap()]).await.unwrap();
        let address = proxy.addresses()[0].clone();
        let options = ProxyOptions { upstream: parse_url(upstream).unwrap(), module: Some("worker".to_owned()), gate };
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(async move {
            let stop = async { drop(stopped.await) };
            proxy.serve(options, sender, stop).await.unwrap()
        });
        (address, stop, serving)
    }

    pub async fn client(&self) -> Raw {
        connect(&self.address).await
    }

    /// Ends the proxy: all events, and the summary.
    pub async fn end(self) -> (Vec<Event>, ProxySummary) {
        self.stop.send(()).unwrap();
        let summary = self.serving.await.unwrap();
        (self.events.await.unwrap(), summary)
    }

    /// Ends the proxy: the calls as lines.
    pub async fn lines(self) -> Vec<String> {
        self.end().await.0.iter().map(line).collect()
    }
}

pub async fn connect(address: &Listen) -> Raw {
    match address {
        Listen::Tcp(address) => Raw::new(TcpStream::connect(address).await.unwrap()),
        Listen::Unix(path) => Raw::new(UnixStream::connect(path).await.unwrap()),
    }
}

/// A connection to the server itself.
pub async fn direct(server: &EmbeddedServer) -> Raw {
    Raw::new(UnixStream::connect(server.socket()).await.unwrap())
}

/// Runs a test with a proxy before each server.
pub fn with_proxy<F: Future<Output = ()>>(test: impl Fn(Rig, Raw) -> F) {
    for_each_server(|server| {
        block_on(async {
            let rig = Rig::start(&server.url(), None).await;
            let direct = direct(server).await;
            test(rig, direct).await;
        });
    });
}

trait Duplex: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send {}
impl<T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send> Duplex for T {}

/// A client of bytes.
pub struct Raw {
    stream: Box<dyn Duplex>,
    reader: ReplyReader,
    unread: Vec<u8>,
}

impl Raw {
    fn new(stream: impl Duplex + 'static) -> Self {
        Self { stream: Box::new(stream), reader: ReplyReader::default(), unread: Vec::new() }
    }

    pub async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    /// The next reply or push, as it came; `None` at the end.
    pub async fn reply(&mut self) -> Option<String> {
        let mut read = Vec::new();
        loop {
            let mut at = 0;
            let complete = self.reader.next(&self.unread, &mut at).unwrap();
            read.extend(self.unread.drain(..at));
            if complete.is_some() {
                return Some(String::from_utf8_lossy(&read).into_owned());
            }
            let mut buffer = vec![0; 64 << 10];
            let count = self.stream.read(&mut buffer).await.unwrap_or(0);
            if count == 0 {
                return None;
            }
            self.unread.extend(&buffer[..count]);
        }
    }

    /// Sends commands at once, a line each, and reads so many replies, joined.
    pub async fn ask(&mut self, lines: &str, replies: usize) -> String {
        self.send(&lines.lines().map(command).collect::<Vec<_>>().concat()).await;
        let mut all = String::new();
        for _ in 0..replies {
            all += &self.reply().await.unwrap();
        }
        all.replace("\r\n", " ").trim_end().to_owned()
    }

    /// Says no more.
    pub async fn half_close(&mut self) {
        self.stream.shutdown().await.unwrap();
    }

    /// All that is still to come.
    pub async fn rest(mut self) -> Vec<u8> {
        self.stream.read_to_end(&mut self.unread).await.unwrap();
        self.unread
    }
}

/// A command of words with spaces between them.
pub fn command(line: &str) -> Vec<u8> {
    let words: Vec<&str> = line.split(' ').collect();
    let mut bytes = format!("*{}\r\n", words.len());
    for word in words {
        bytes += &format!("${}\r\n{word}\r\n", word.len());
    }
    bytes.into_bytes()
}

pub fn call(event: &Event) -> &Call {
    match event {
        Event::Call(call) => call,
        other => panic!("no call: {other:?}"),
    }
}

/// A call as a line: `SET k v`, and what became of it unless it was done.
pub fn line(event: &Event) -> String {
    let Event::Call(call) = event else { return format!("{event:?}") };
    let mut line = call.words.iter().map(|word| String::from_utf8_lossy(word)).collect::<Vec<_>>().join(" ");
    if call.within == Within::Transaction {
        line.insert_str(0, "  ");
    }
    match &call.outcome {
        Outcome::Done => {}
        Outcome::Unknown => line += " = ?",
        Outcome::Failed(kind) => line += &format!(" = {kind}"),
    }
    line
}
