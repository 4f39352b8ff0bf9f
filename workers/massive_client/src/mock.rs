//! A provider on loopback: the documented answers about invented prices, with the vendor's oddities and with faults on
//! request. For tests and demonstrations; nothing in it is market data. The same seed and the same sequence of requests
//! give the same bodies, unless the clock is the system's. Knows nothing of the client it serves.

pub mod chain;
mod connections;
pub mod faults;
pub mod http;
pub mod live;
mod rows;
mod walk;

use std::collections::BTreeSet;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use chain::{ChainOptions, Chains};
use faults::{Fault, Faults};
use http::{Reply, Request, Server};
use walk::Market;

/// The tickers every mock knows; [`MockOptions::tickers`] adds more.
pub const KNOWN_TICKERS: [&str; 12] =
    ["AAPL", "AMD", "I:DJI", "I:NDX", "I:RUT", "I:SPX", "I:VIX", "IWM", "MSFT", "NVDA", "QQQ", "SPY"];

/// The page size if a request names none, as the vendor documents it.
const DEFAULT_LIMIT: usize = 10;

/// The largest page size, and the most tickers of one request.
const MAX_LIMIT: usize = 250;

/// What a mock is like.
#[derive(Debug, Clone)]
pub struct MockOptions {
    /// Decides all prices and oddities.
    pub seed: u64,
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The key that requests must carry; None serves everyone. The empty text asks for any key at all.
    pub api_key: Option<String>,
    /// Known tickers besides [`KNOWN_TICKERS`], as the provider names them.
    pub tickers: Vec<String>,
    /// How many of a hundred rows are odd: a price of zero, no trade, a field missing. 0 to 100.
    pub odd_percent: u8,
    /// What rows say of their age: `REAL-TIME` or `DELAYED`.
    pub timeframe: String,
    /// What the market status says: `open`, `closed` or `extended-hours`.
    pub market: String,
    /// Where the times in answers come from.
    pub clock: Clock,
    /// Faults to begin with: the next so many snapshots fail in this way.
    pub fail: Vec<(Fault, u32)>,
    /// What the option chains are like.
    pub chains: ChainOptions,
}

impl Default for MockOptions {
    fn default() -> Self {
        Self {
            seed: 0,
            port: 0,
            api_key: Some(String::new()),
            tickers: Vec::new(),
            odd_percent: 0,
            timeframe: "REAL-TIME".to_owned(),
            market: "open".to_owned(),
            clock: Clock::Derived { start_ms: 1_750_000_000_000, step_ms: 1000 },
            fail: Vec::new(),
            chains: ChainOptions::default(),
        }
    }
}

/// Where the times in answers come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// The time of this machine: fresh prices, but bodies differ from run to run.
    System,
    /// The n-th snapshot (from 0) is made at `start_ms` + n x `step_ms` since the epoch.
    Derived {
        /// Milliseconds since the epoch.
        start_ms: i64,
        /// Milliseconds between snapshots.
        step_ms: i64,
    },
}

/// A running mock. Dropping it closes its port and all connections.
#[derive(Debug)]
pub struct MockProvider {
    server: Server,
    state: Arc<State>,
}

impl MockProvider {
    /// Starts a mock on 127.0.0.1. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// If the port is taken.
    pub async fn start(options: MockOptions) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let state = Arc::new(State::new(options));
        let handler = Arc::clone(&state);
        let server = Server::start(listener, move |request| handler.answer(request))?;
        Ok(Self { server, state })
    }

    /// The base URL for a client: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Makes the next `times` snapshots fail; queues behind faults still to come.
    pub fn fail_next(&self, fault: Fault, times: u32) {
        self.state.lock().faults.push(fault, times);
    }

    /// How many requests for a snapshot have been answered or failed.
    #[must_use]
    pub fn snapshots(&self) -> u64 {
        self.state.lock().snapshots
    }
}

#[derive(Debug)]
struct State {
    options: MockOptions,
    known: BTreeSet<String>,
    changing: Mutex<Changing>,
}

#[derive(Debug)]
struct Changing {
    market: Market,
    faults: Faults,
    snapshots: u64,
    chains: Chains,
}

impl State {
    fn new(mut options: MockOptions) -> Self {
        let known = KNOWN_TICKERS.map(str::to_owned).into_iter().chain(std::mem::take(&mut options.tickers)).collect();
        let market = Market::new(options.seed);
        let faults = Faults::from(std::mem::take(&mut options.fail));
        let chains = Chains::new(std::mem::take(&mut options.chains));
        Self { options, known, changing: Mutex::new(Changing { market, faults, snapshots: 0, chains }) }
    }

    fn lock(&self) -> MutexGuard<'_, Changing> {
        // A panic elsewhere leaves prices and counters that are still good.
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, request: &Request) -> Reply {
        match request.path() {
            "/v3/snapshot" => self.snapshot(request),
            "/v1/marketstatus/now" => self.refusal(request).unwrap_or_else(|| Reply::json(200, &self.market_status())),
            "/mock/fail" => self.order_faults(request),
            path if chain::serves(path) => self.refusal(request).unwrap_or_else(|| self.chain(request)),
            _ => Reply::json(404, &json!({"status": "NOT_FOUND", "message": "404 page not found"})),
        }
    }

    fn snapshot(&self, request: &Request) -> Reply {
        if let Some(refusal) = self.refusal(request) {
            return refusal;
        }
        let mut changing = self.lock();
        let number = changing.snapshots;
        changing.snapshots += 1;
        let fault = changing.faults.take();
        let body = match self.page(request, &mut changing.market, number) {
            Ok(body) => body,
            Err(message) => {
                let body = json!({"status": "ERROR", "request_id": request_id(number), "error": message});
                return Reply::json(400, &body);
            }
        };
        drop(changing);
        match fault {
            Some(fault) => fault.reply(&body),
            None => Reply::json(200, &body).header("X-Request-Id", &request_id(number)),
        }
    }

    /// One page of rows, in the order of tickers. A request that a fault will spoil moves the market all the same.
    fn page(&self, request: &Request, market: &mut Market, number: u64) -> Result<Value, String> {
        let limit = match request.query("limit") {
            None => DEFAULT_LIMIT,
            Some(text) => match text.parse::<usize>() {
                Ok(limit) if (1..=MAX_LIMIT).contains(&limit) => limit,
                _ => return Err(format!("limit must be between 1 and {MAX_LIMIT}")),
            },
        };
        let asked: BTreeSet<&str> = match request.query("ticker.any_of") {
            Some(list) => list.split(',').filter(|ticker| !ticker.is_empty()).collect(),
            None => self.known.iter().map(String::as_str).collect(),
        };
        if asked.len() > MAX_LIMIT {
            return Err(format!("ticker.any_of takes at most {MAX_LIMIT} tickers"));
        }
        let now_ms = self.now_ms(number);
        let row = |ticker: &&str| match self.known.contains(*ticker) {
            true => rows::row(&market.step(ticker), now_ms, &self.options),
            false => rows::not_found(ticker),
        };
        let mut body = json!({"request_id": request_id(number), "status": "OK"});
        body["results"] = asked.iter().take(limit).map(row).collect();
        if asked.len() > limit {
            // Its cursor leads nowhere: this mock has first pages only.
            body["next_url"] = json!("http://127.0.0.1/v3/snapshot?cursor=bW9jaw");
        }
        Ok(body)
    }

    /// The answer to a request without the right key.
    fn refusal(&self, request: &Request) -> Option<Reply> {
        let expected = self.options.api_key.as_deref()?;
        let given = request.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
        let error = match given {
            None | Some("") => "API Key was not provided",
            Some(given) if !expected.is_empty() && given != expected => "Unknown API Key",
            Some(_) => return None,
        };
        Some(Reply::json(401, &json!({"status": "ERROR", "request_id": request_id(0), "error": error})))
    }

    fn market_status(&self) -> Value {
        let now_ms = self.now_ms(self.lock().snapshots);
        json!({
            "market": self.options.market, "earlyHours": false, "afterHours": false,
            "serverTime": crate::time::rfc3339_millis(now_ms),
            "exchanges": {"nyse": "open", "nasdaq": "open", "otc": "open"},
            "currencies": {"fx": "open", "crypto": "open"},
            "indicesGroups": {"s_and_p": "open", "nasdaq": "open", "dow_jones": "open", "cboe": "open"},
        })
    }

    /// `/mock/fail?kind=429&times=3`, the switch for those who run the mock as a program.
    fn order_faults(&self, request: &Request) -> Reply {
        let times = request.query("times").map_or(Some(1), |text| text.parse().ok());
        let fault = request.query("kind").and_then(|text| text.parse::<Fault>().ok());
        match (fault, times) {
            (Some(fault), Some(times)) => {
                self.lock().faults.push(fault, times);
                Reply::json(200, &json!({"kind": fault.name(), "times": times}))
            }
            _ => {
                let kinds: Vec<&str> = Fault::ALL.iter().map(|fault| fault.name()).collect();
                Reply::json(400, &json!({"error": "kind or times is wrong", "kinds": kinds}))
            }
        }
    }

    fn now_ms(&self, number: u64) -> i64 {
        match self.options.clock {
            Clock::System => Timestamp::now().as_millisecond(),
            Clock::Derived { start_ms, step_ms } => {
                let steps = i64::try_from(number).unwrap_or(i64::MAX);
                start_ms.saturating_add(step_ms.saturating_mul(steps))
            }
        }
    }
}

fn request_id(number: u64) -> String {
    format!("mock{number:028x}")
}
