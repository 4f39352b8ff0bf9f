//! The WebSocket of a provider on loopback: greeting, key, subscription, events about invented prices, one connection a feed.
//! What else the provider may do, tests tell it: silence, garbage, half a frame. Knows nothing of the client it serves.

mod frames;

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use jiff::Timestamp;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Interval, MissedTickBehavior, interval};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

use super::connections;
use super::walk::Market;

/// Orders that wait for a connection.
const ORDERS: usize = 64;

/// What a mock socket is like.
#[derive(Debug, Clone)]
pub struct SocketOptions {
    /// Decides all prices.
    pub seed: u64,
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The key that clients must give; the empty text asks for any key at all.
    pub api_key: String,
    /// Channels that the plan does not allow: `T`.
    pub denied: Vec<String>,
    /// The time between two prices of each ticker; None sends none but what it is told to say.
    pub every: Option<Duration>,
}

impl Default for SocketOptions {
    fn default() -> Self {
        Self { seed: 0, port: 0, api_key: String::new(), denied: Vec::new(), every: Some(Duration::from_millis(100)) }
    }
}

/// What a connection is told to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Say {
    /// Send this text as one frame.
    Text(String),
    /// Send the first half of a frame, then break the connection.
    Half,
    /// Say and hear nothing more, and stay connected.
    Hang,
    /// Close as one should.
    Close,
    /// Another connection takes the place of this one.
    Evict,
}

/// A running mock socket. Dropping it closes its port and all connections.
#[derive(Debug)]
pub struct MockSocket {
    address: SocketAddr,
    state: Arc<State>,
    accepting: JoinHandle<()>,
}

impl MockSocket {
    /// Starts on 127.0.0.1. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// If the port is taken.
    pub async fn start(options: SocketOptions) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(State { options, changing: Mutex::default() });
        let shared = Arc::clone(&state);
        let serve = move |stream| {
            let state = Arc::clone(&shared);
            async move { serve(stream, &state).await }
        };
        let accepting = tokio::spawn(connections::accept(listener, serve));
        Ok(Self { address, state, accepting })
    }

    /// The base URL for a client: `ws://127.0.0.1:PORT`. The feed is its path: `/indices`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("ws://{}", self.address)
    }

    /// Tells the connection that listens to a feed what to do. Is there one, and does it listen?
    pub fn say(&self, feed: &str, say: Say) -> bool {
        self.state.lock().feeds.get(feed).is_some_and(|(_, orders)| orders.try_send(say).is_ok())
    }

    /// How many connections have got in with their key, to any feed.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.state.lock().connections
    }

    /// Everything that clients have asked for but to get in, as `FEED PARAMS`, in order.
    #[must_use]
    pub fn subscriptions(&self) -> Vec<String> {
        self.state.lock().subscriptions.clone()
    }
}

impl Drop for MockSocket {
    fn drop(&mut self) {
        // Takes the connections along: they are tasks of a JoinSet that lives in this one.
        self.accepting.abort();
    }
}

#[derive(Debug)]
struct State {
    options: SocketOptions,
    changing: Mutex<Changing>,
}

#[derive(Debug, Default)]
struct Changing {
    /// Who listens to each feed: the number of the connection, and the way to it.
    feeds: BTreeMap<String, (u64, mpsc::Sender<Say>)>,
    connections: u64,
    subscriptions: Vec<String>,
}

impl State {
    fn lock(&self) -> MutexGuard<'_, Changing> {
        // A panic elsewhere leaves counters that are still good.
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a connection in; the one before it has to go.
    fn enter(&self, feed: &str) -> (u64, mpsc::Receiver<Say>) {
        let (orders, receiver) = mpsc::channel(ORDERS);
        let mut changing = self.lock();
        changing.connections += 1;
        let number = changing.connections;
        if let Some((_, before)) = changing.feeds.insert(feed.to_owned(), (number, orders)) {
            // It may be gone already.
            let _ = before.try_send(Say::Evict);
        }
        (number, receiver)
    }

    fn leave(&self, feed: &str, number: u64) {
        let mut changing = self.lock();
        if changing.feeds.get(feed).is_some_and(|(current, _)| *current == number) {
            changing.feeds.remove(feed);
        }
    }
}

type Result<T> = std::result::Result<T, tokio_tungstenite::tungstenite::Error>;

async fn serve(stream: TcpStream, state: &State) -> Result<()> {
    let mut feed = String::new();
    #[allow(clippy::result_large_err, reason = "the library's own form")]
    let look = |request: &Request, response: Response| -> std::result::Result<Response, ErrorResponse> {
        request.uri().path().trim_start_matches('/').clone_into(&mut feed);
        Ok(response)
    };
    let mut socket = accept_hdr_async(stream, look).await?;
    socket.send(Message::text(frames::status("connected", "Connected Successfully"))).await?;
    let key = loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => break frames::request(&text, "auth"),
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(error),
            None => return Ok(()),
        }
    };
    let expected = &state.options.api_key;
    if key.is_none_or(|key| key.is_empty() || !expected.is_empty() && key != *expected) {
        socket.send(Message::text(frames::status("auth_failed", "authentication failed"))).await?;
        return socket.close(None).await;
    }
    let (number, orders) = state.enter(&feed);
    let mut connection =
        Connection { state, feed: &feed, socket, items: Vec::new(), market: Market::new(state.options.seed) };
    let ended = connection.run(orders).await;
    state.leave(&feed, number);
    ended
}

struct Connection<'a> {
    state: &'a State,
    feed: &'a str,
    socket: WebSocketStream<TcpStream>,
    /// What is subscribed to: channel and ticker.
    items: Vec<(String, String)>,
    market: Market,
}

impl Connection<'_> {
    async fn run(&mut self, mut orders: mpsc::Receiver<Say>) -> Result<()> {
        self.socket.send(Message::text(frames::status("auth_success", "authenticated"))).await?;
        let mut ticks = self.state.options.every.map(|every| {
            let mut ticks = interval(every);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            ticks
        });
        loop {
            tokio::select! {
                message = self.socket.next() => match message {
                    Some(Ok(Message::Text(text))) => self.asked(&text).await?,
                    Some(Ok(Message::Close(_))) | None => return Ok(()),
                    Some(Ok(_)) => {}
                    Some(Err(error)) => return Err(error),
                },
                Some(order) = orders.recv() => match order {
                    Say::Text(text) => self.socket.send(Message::text(text)).await?,
                    Say::Half => {
                        // A text of 300 bytes is announced, and four come.
                        self.socket.get_mut().write_all(b"\x81\x7e\x01\x2c[{\"e").await?;
                        return Ok(());
                    }
                    Say::Hang => std::future::pending().await,
                    Say::Close => return self.socket.close(None).await,
                    Say::Evict => {
                        let words = "Maximum number of websocket connections exceeded.";
                        self.socket.send(Message::text(frames::status("max_connections", words))).await?;
                        return self.socket.close(None).await;
                    }
                },
                () = tick(&mut ticks) => self.prices().await?,
            }
        }
    }

    async fn asked(&mut self, text: &str) -> Result<()> {
        let Some(params) = frames::request(text, "subscribe") else { return Ok(()) };
        self.state.lock().subscriptions.push(format!("{} {params}", self.feed));
        for item in params.split(',') {
            let Some((channel, ticker)) = item.split_once('.') else { continue };
            if self.state.options.denied.iter().any(|denied| denied == channel) {
                return self.socket.send(Message::text(frames::status("error", "not authorized"))).await;
            }
            self.items.push((channel.to_owned(), ticker.to_owned()));
            let said = format!("subscribed to: {item}");
            self.socket.send(Message::text(frames::status("success", &said))).await?;
        }
        Ok(())
    }

    async fn prices(&mut self) -> Result<()> {
        if self.items.is_empty() {
            return Ok(());
        }
        let now_ms = Timestamp::now().as_millisecond();
        let events = self.items.iter().map(|(channel, ticker)| {
            let walk = self.market.step(ticker);
            frames::event(channel, &walk, now_ms)
        });
        let frame: serde_json::Value = events.collect();
        self.socket.send(Message::text(frame.to_string())).await
    }
}

async fn tick(ticks: &mut Option<Interval>) {
    match ticks {
        Some(ticks) => {
            ticks.tick().await;
        }
        None => std::future::pending().await,
    }
}
