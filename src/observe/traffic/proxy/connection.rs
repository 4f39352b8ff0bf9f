//! One client's connection and the one to the server that belongs to it: bytes copied both ways, each side at its pace.
//!
//! In: a client that has connected. Out: its calls, in the outbox. Whatever befalls it stays in it. It parses nothing.

use std::borrow::Cow;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy, sink};
use tokio::sync::{Notify, watch};
use tokio::time::timeout;

use super::Shared;
use super::gate::Keeper;
use super::ledger::Ledger;
use super::listen::Arrival;
use super::outbox::TOO_MANY;
use super::peek::Peek;
use super::session::Session;
use super::upstream::{self, Reader, Writer};
use crate::observe::traffic::Client;

/// Bytes that are read at once. This is all that a direction ever holds.
const BUFFER: usize = 64 << 10;
/// How long a connection may go on after the proxy was told to stop, to finish what is under way; and how long a client
/// may take to read why it is sent away.
const GRACE: Duration = Duration::from_secs(1);

/// The connection is over for both sides.
struct Cut;

/// What both directions share.
struct Link<'a> {
    peek: Mutex<Peek>,
    shared: &'a Shared,
    is_gated: bool,
    number: u64,
    /// keywire has something to answer.
    wake: Notify,
    /// A reply has come.
    moved: Notify,
}

/// Serves one client to the end.
pub(super) async fn run(shared: &Shared, arrival: Arrival, number: u64, mut stopping: watch::Receiver<bool>) {
    let Arrival { mut reader, mut writer, address } = arrival;
    let options = &shared.options;
    let (from_server, to_server) = match upstream::connect(&options.upstream).await {
        Ok(halves) => halves,
        Err(error) => {
            let text = format!("-ERR keywire proxy: cannot reach upstream {}: {error:#}", options.upstream);
            let line = text.replace(['\r', '\n'], " ") + "\r\n";
            // Unread requests would reset the connection, and the reason with it.
            let send_away = async {
                writer.write_all(line.as_bytes()).await?;
                writer.shutdown().await?;
                copy(&mut reader, &mut sink()).await
            };
            let _ = timeout(GRACE, send_away).await;
            shared.unreachable();
            return;
        }
    };
    let settings = options.upstream.info().redis_settings();
    let user = settings.password().map(|_| settings.username().unwrap_or("default").to_owned());
    // Clients of a Unix socket are told apart by their number alone.
    let address = if address.starts_with("unix:") { format!("{address}#{number}") } else { address };
    let client = Client { address, name: None, user, module: options.module.clone() };
    let session = Session::new(client, u32::try_from(settings.db()).unwrap_or(0));
    let keeper = options.gate.clone().map(Keeper::new);
    let link = Link {
        is_gated: keeper.is_some(),
        peek: Mutex::new(Peek::new(Ledger::new(session), keeper, number)),
        shared,
        number,
        wake: Notify::new(),
        moved: Notify::new(),
    };
    let both = async { tokio::try_join!(link.requests(reader, to_server), link.replies(from_server, writer)) };
    let told = async { drop(stopping.wait_for(|&stopping| stopping).await) };
    tokio::pin!(both);
    tokio::select! {
        _ = &mut both => {}
        () = told => {
            let idle = async { tokio::select! { _ = &mut both => {} () = link.idle() => {} } };
            let _ = timeout(GRACE, idle).await;
        }
    }
    link.end();
}

impl Link<'_> {
    async fn requests(&self, mut client: Reader, mut server: Writer) -> Result<(), Cut> {
        let mut buffer = vec![0; BUFFER];
        loop {
            while self.peek().ledger.is_full() {
                self.moved.notified().await;
            }
            let count = client.read(&mut buffer).await.map_err(|_| Cut)?;
            let bytes = buffer.get(..count).unwrap_or_default();
            let now = now_us();
            let forward = self.look(|peek| peek.requests(bytes, now), now);
            if self.is_gated {
                self.wake.notify_one();
            }
            // What the server has said before it closed is still to reach the client.
            if server.write_all(&forward).await.is_err() {
                return Ok(());
            }
            // A client that says no more may still read, and one whose requests make no sense is to read why.
            if count == 0 || self.peek().last_words.is_some() {
                let _ = server.shutdown().await;
                return Ok(());
            }
        }
    }

    async fn replies(&self, mut server: Reader, mut client: Writer) -> Result<(), Cut> {
        let mut buffer = vec![0; BUFFER];
        loop {
            if self.is_gated {
                let due = self.look(Peek::due, now_us());
                client.write_all(&due).await.map_err(|_| Cut)?;
            }
            let count = tokio::select! {
                count = server.read(&mut buffer) => count,
                () = self.wake.notified(), if self.is_gated => continue,
            };
            let count = count.unwrap_or(0);
            if count == 0 {
                let last_words = self.peek().last_words.take().unwrap_or_default();
                client.write_all(last_words.as_bytes()).await.map_err(|_| Cut)?;
                client.shutdown().await.map_err(|_| Cut)?;
                return Ok(());
            }
            let bytes = buffer.get(..count).unwrap_or_default();
            let forward: Cow<'_, [u8]> = self.look(|peek| peek.replies(bytes), now_us()).map_err(|_| Cut)?;
            self.moved.notify_waiters();
            client.write_all(&forward).await.map_err(|_| Cut)?;
        }
    }

    /// Looks at bytes, and hands on what came of it.
    fn look<T>(&self, look: impl FnOnce(&mut Peek) -> T, now: u64) -> T {
        let mut peek = self.peek();
        let was_lost = peek.lost.is_some();
        let result = look(&mut peek);
        self.hand_on(&mut peek, now);
        if let Some(lost) = peek.lost.filter(|_| !was_lost) {
            self.shared.lost();
            let why = format!("connection {} could not be followed any further: {}", self.number, lost.0);
            self.shared.outbox.lose(now, why);
        }
        result
    }

    fn hand_on(&self, peek: &mut Peek, now: u64) {
        let ledger = &mut peek.ledger;
        self.shared.outbox.put(&mut ledger.events);
        self.shared.count(&mut ledger.calls, &mut ledger.refused);
        if ledger.forgotten > 0 {
            self.shared.outbox.miss(now, std::mem::take(&mut ledger.forgotten), TOO_MANY);
        }
    }

    /// Waits until nothing is under way.
    async fn idle(&self) {
        loop {
            let moved = self.moved.notified();
            if self.peek().is_idle() {
                return;
            }
            moved.await;
        }
    }

    /// Hands on what never got a reply.
    fn end(&self) {
        let mut peek = self.peek();
        peek.ledger.give_up();
        self.hand_on(&mut peek, now_us());
        self.shared.outbox.flush();
    }

    /// A panic of the other direction leaves nothing half done.
    fn peek(&self) -> MutexGuard<'_, Peek> {
        self.peek.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn now_us() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}
