//! One connection to the WebSocket, from the handshake to its end: greeting, key, subscription, events. It never comes back by
//! itself; that is the caller's choice.

use futures_util::{SinkExt as _, StreamExt as _};
use jiff::Timestamp;
use serde_json::json;
use tokio::net::TcpStream;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};
use tokio_tungstenite::tungstenite::error::Error;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Bytes, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use super::ended::Ended;
use super::event::{self, Event, Status};
use super::{FeedOptions, Shared};

/// The longest message that is taken, in bytes. A busy second of a few hundred tickers has some 50 kB.
pub const MAX_MESSAGE: usize = 1024 * 1024;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// How far the two sides have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The provider greets first.
    Greeting,
    /// It looks at the key.
    Authenticating,
    /// It looks at the subscription to the channel of this index.
    Subscribing(usize),
    /// Events come.
    Live,
}

/// Listens until the connection ends.
pub(super) async fn listen(options: &FeedOptions, shared: &Shared) -> Ended {
    let config = WebSocketConfig::default().max_message_size(Some(MAX_MESSAGE)).max_frame_size(Some(MAX_MESSAGE));
    let connecting = connect_async_with_config(&options.url, Some(config), true);
    let socket = match timeout(options.pace.answer, connecting).await {
        Ok(Ok((socket, _response))) => socket,
        Ok(Err(error)) => return refused(&error),
        Err(_elapsed) => return Ended::Connect { message: "no answer in time".to_owned() },
    };
    let phase_until = Instant::now() + options.pace.answer;
    let mut session = Session { options, shared, socket, phase: Phase::Greeting, phase_until };
    let ended = session.run().await;
    shared.live(false);
    // Who is gone, or silent, is not waited for.
    let _ = timeout(options.pace.answer.min(std::time::Duration::from_secs(1)), session.socket.close(None)).await;
    ended
}

struct Session<'a> {
    options: &'a FeedOptions,
    shared: &'a Shared,
    socket: Socket,
    phase: Phase,
    /// When the answer that this phase waits for is late.
    phase_until: Instant,
}

impl Session<'_> {
    async fn run(&mut self) -> Ended {
        let pace = self.options.pace;
        let mut ping = interval(pace.ping);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard = Instant::now();
        loop {
            let step = tokio::select! {
                message = self.socket.next() => {
                    heard = Instant::now();
                    match message {
                        Some(Ok(message)) => self.message(&message).await,
                        Some(Err(error)) => Err(broken(&error)),
                        None => Err(Ended::Closed),
                    }
                }
                () = sleep_until(self.phase_until), if self.phase != Phase::Live => self.late(),
                () = sleep_until(heard + pace.silence) => Err(Ended::Silent),
                _ = ping.tick() => self.send(Message::Ping(Bytes::new())).await,
            };
            if let Err(ended) = step {
                return ended;
            }
        }
    }

    async fn message(&mut self, message: &Message) -> Result<(), Ended> {
        let frame = match message {
            Message::Text(text) => text.as_bytes(),
            Message::Binary(bytes) => bytes,
            Message::Close(_) => return Err(Ended::Closed),
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => return Ok(()),
        };
        let frame = event::parse(frame, Timestamp::now().as_millisecond());
        self.shared.count("ignored", frame.ignored);
        self.shared.count("malformed", frame.malformed);
        for event in frame.events {
            match event {
                Event::Quote(quote) => self.shared.hear(quote),
                Event::Status(status) => {
                    self.shared.count("status", 1);
                    self.status(status).await?;
                }
            }
        }
        Ok(())
    }

    async fn status(&mut self, status: Status) -> Result<(), Ended> {
        match (self.phase, status.word.as_str()) {
            (_, "max_connections") => Err(Ended::Evicted),
            (_, "slow_consumer" | "force_disconnect" | "auth_timeout") => Err(Ended::Dismissed { word: status.word }),
            (_, "auth_failed") => Err(Ended::AuthFailed { said: status.said }),
            (Phase::Greeting, "connected") => {
                self.enter(Phase::Authenticating);
                self.say("auth", self.options.api_key.expose()).await
            }
            (Phase::Authenticating, "auth_success") => self.subscribe(0, status.said).await,
            (Phase::Subscribing(channel), "error" | "auth_required") => self.subscribe(channel + 1, status.said).await,
            (Phase::Subscribing(_), "success") => {
                self.go_live();
                Ok(())
            }
            (Phase::Live, "error") => {
                tracing::warn!(said = status.said, "the WebSocket refuses a part of the subscription");
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Asks for a channel of all tickers; `said` is what the provider said last. One channel at a time: a refusal does not
    /// say what it refuses.
    async fn subscribe(&mut self, channel: usize, said: String) -> Result<(), Ended> {
        let Some(name) = self.options.channels.get(channel) else { return Err(Ended::NotEntitled { said }) };
        self.enter(Phase::Subscribing(channel));
        let items: Vec<String> = self.options.tickers.iter().map(|ticker| format!("{name}.{ticker}")).collect();
        self.say("subscribe", &items.join(",")).await
    }

    /// The answer to the last step is late.
    fn late(&mut self) -> Result<(), Ended> {
        match self.phase {
            // To some subscriptions the provider says nothing at all.
            Phase::Subscribing(_) => {
                self.go_live();
                Ok(())
            }
            Phase::Greeting | Phase::Authenticating | Phase::Live => Err(Ended::Silent),
        }
    }

    fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.phase_until = Instant::now() + self.options.pace.answer;
    }

    fn go_live(&mut self) {
        self.phase = Phase::Live;
        self.shared.live(true);
    }

    async fn say(&mut self, action: &str, params: &str) -> Result<(), Ended> {
        self.send(Message::text(json!({"action": action, "params": params}).to_string())).await
    }

    /// Who does not take what is sent is as good as gone.
    async fn send(&mut self, message: Message) -> Result<(), Ended> {
        match timeout(self.options.pace.silence, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(broken(&error)),
            Err(_elapsed) => Err(Ended::Silent),
        }
    }
}

/// Why the handshake failed. No message holds the URL.
fn refused(error: &Error) -> Ended {
    match error {
        Error::Http(response) if matches!(response.status().as_u16(), 401 | 403) => {
            Ended::AuthFailed { said: response.status().to_string() }
        }
        Error::Http(response) => Ended::Connect { message: response.status().to_string() },
        other => Ended::Connect { message: other.to_string() },
    }
}

fn broken(error: &Error) -> Ended {
    match error {
        Error::ConnectionClosed | Error::AlreadyClosed => Ended::Closed,
        Error::Capacity(_) => Ended::TooLarge,
        other => Ended::Broken { message: other.to_string() },
    }
}
