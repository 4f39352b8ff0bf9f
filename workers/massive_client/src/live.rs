//! The provider's WebSocket as a source of prices: one connection a feed (indices, stocks), which comes back by itself, and of
//! which the newest price of each ticker is taken whenever the caller wants. It must not know symbols, the bus, or who else
//! listens: the provider allows one connection a key and feed, so the caller sees to it that there is but one.

mod ended;
pub mod event;
mod latest;
mod session;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use crate::pacer::Pacer;
use crate::provider::ApiKey;

pub use ended::Ended;
pub use event::Quote;
pub use latest::Latest;
pub use session::MAX_MESSAGE;

/// Ends that wait to be told; of more the oldest are forgotten.
const TOLD: usize = 16;

/// How long a connection must have lived for the next failure to count as the first.
const STEADY: Duration = Duration::from_secs(30);

/// What to listen to.
#[derive(Debug, Clone)]
pub struct FeedOptions {
    /// The whole URL of the feed: `wss://socket.massive.com/indices`.
    pub url: String,
    /// The key of the account.
    pub api_key: ApiKey,
    /// Channels, best first: `V`, `T`, `A`, `AM`. The first that the plan allows is taken.
    pub channels: Vec<String>,
    /// Tickers as the provider names them.
    pub tickers: Vec<String>,
    /// Its times.
    pub pace: Pace,
}

/// How long things may take.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// For the handshake, and for each answer to what is asked.
    pub answer: Duration,
    /// Between two pings.
    pub ping: Duration,
    /// Without a sign of life the connection is dead after this.
    pub silence: Duration,
    /// The wait where a person must do something first.
    pub for_a_person: Duration,
}

impl Default for Pace {
    /// A dead connection is noticed before prices count as stale, which is after 15 s.
    fn default() -> Self {
        Self {
            answer: Duration::from_secs(10),
            ping: Duration::from_secs(5),
            silence: Duration::from_secs(12),
            for_a_person: Duration::from_secs(60),
        }
    }
}

/// A feed that is listened to. Dropping it ends the connection.
#[derive(Debug)]
pub struct Feed {
    shared: Arc<Shared>,
    listening: JoinHandle<()>,
}

/// What has happened since the last look.
#[derive(Debug, Default)]
pub struct News {
    /// The newest price of each ticker that had one.
    pub quotes: Vec<Quote>,
    /// Connections that ended, each with the wait before the next; of many the last ones.
    pub ended: Vec<(Ended, Duration)>,
    /// Events by what became of them: `price`, `status`, `ignored`, `unknown`, `malformed`.
    pub events: BTreeMap<&'static str, u64>,
}

impl Feed {
    /// Listens from now on. Must be called within a tokio runtime.
    #[must_use]
    pub fn listen(options: FeedOptions) -> Self {
        // An error only says that another part of the process installed a provider first, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let shared = Arc::new(Shared::new(&options.tickers));
        let listening = tokio::spawn(listen(options, Arc::clone(&shared)));
        Self { shared, listening }
    }

    /// Do events come?
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.shared.lock().live
    }

    /// What has happened since the last look.
    #[must_use]
    pub fn news(&self) -> News {
        let mut state = self.shared.lock();
        News {
            quotes: state.latest.take(),
            ended: state.ended.drain(..).collect(),
            events: std::mem::take(&mut state.events),
        }
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// Between the task that listens and its owner.
#[derive(Debug)]
struct Shared(Mutex<State>);

#[derive(Debug)]
struct State {
    live: bool,
    latest: Latest,
    ended: VecDeque<(Ended, Duration)>,
    events: BTreeMap<&'static str, u64>,
}

impl Shared {
    fn new(tickers: &[String]) -> Self {
        let latest = Latest::of(tickers);
        Self(Mutex::new(State { live: false, latest, ended: VecDeque::new(), events: BTreeMap::new() }))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves prices and counts that are still good.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn live(&self, live: bool) {
        self.lock().live = live;
    }

    fn count(&self, what: &'static str, by: u64) {
        if by > 0 {
            *self.lock().events.entry(what).or_default() += by;
        }
    }

    fn hear(&self, quote: Quote) {
        let mut state = self.lock();
        let known = state.latest.hear(quote);
        *state.events.entry(if known { "price" } else { "unknown" }).or_default() += 1;
    }

    fn ended(&self, ended: Ended, wait: Duration) {
        let mut state = self.lock();
        if state.ended.len() == TOLD {
            state.ended.pop_front();
        }
        state.ended.push_back((ended, wait));
    }
}

/// Listens again and again, with waits that grow while connections end young.
async fn listen(options: FeedOptions, shared: Arc<Shared>) {
    let pacer = Pacer::default();
    let mut failures = 0_u32;
    loop {
        let start = Instant::now();
        let ended = session::listen(&options, &shared).await;
        if start.elapsed() >= STEADY {
            failures = 0;
        }
        let wait = if ended.needs_a_person() { options.pace.for_a_person } else { pacer.wait(failures) };
        failures = failures.saturating_add(1);
        shared.ended(ended, wait);
        sleep(wait).await;
    }
}
