//! The provider's WebSocket as the source of a worker: a connection a feed while the lease on it is held. Where no connection
//! lives, prices come by snapshots as they do without it, so that there is no gap; where one lives, a snapshot a minute brings
//! what it did not tell.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use chassis::bus::Bus;
use chassis::health::Board;
use massive_client::live::{self, Ended, Pace};
use massive_client::provider::ApiKey;
use tokio::time::{Instant, timeout};
use tracing::{debug, error, info, warn};

use crate::lease::Lease;
use crate::metrics;
use crate::outlet;
use crate::symbols::Watchlist;
use crate::unify::{InstrumentType, Price, Timeframe, epoch_ms, unify_quote};
use crate::wiring::Config;
use crate::wiring::params::Feed;

/// The time between two snapshots of what a living connection tells.
const SNAPSHOT_EACH: Duration = Duration::from_secs(60);

/// How long a worker that stops waits for the bus to take its leases back.
const GIVE_BACK: Duration = Duration::from_secs(2);

/// Channels of indices, best first: values, seconds, minutes.
const INDEX_CHANNELS: [&str; 3] = ["V", "A", "AM"];

/// Where the WebSocket is.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Its base URL, without the feed: `wss://socket.massive.com`.
    pub url: String,
    /// The key of the account.
    pub api_key: ApiKey,
    /// Its times.
    pub pace: Pace,
}

/// All feeds of a worker.
#[derive(Debug)]
pub struct Feeds {
    feeds: Vec<Followed>,
    timeframe: Timeframe,
    /// The moment of what a connection told last, by symbol: an older snapshot is not taken.
    told_ms: HashMap<String, i64>,
    /// Time for all leases to be seen to.
    deadline: Duration,
}

/// One feed.
#[derive(Debug)]
struct Followed {
    feed: Feed,
    options: live::FeedOptions,
    lease: Lease,
    socket: Option<live::Feed>,
    /// It has been said that another has the lease.
    waiting: bool,
    /// When a snapshot last came while the connection lived.
    snapshot: Option<Instant>,
}

impl Followed {
    fn is_live(&self) -> bool {
        self.socket.as_ref().is_some_and(live::Feed::is_live)
    }

    /// Begins to listen, or ends it, as the lease says.
    fn obey(&mut self, held: bool) {
        let feed = self.feed.as_str();
        match (&self.socket, held) {
            (None, true) => {
                info!(feed, "the lease is this worker's: it listens to the WebSocket");
                self.socket = Some(live::Feed::listen(self.options.clone()));
                self.waiting = false;
            }
            (Some(_), false) => {
                warn!(feed, "the lease is lost: prices come by snapshots");
                self.socket = None;
                self.waiting = true;
            }
            (None, false) if !self.waiting => {
                info!(feed, "the lease is not this worker's: prices come by snapshots");
                self.waiting = true;
            }
            _ => {}
        }
    }
}

/// Can the WebSocket be used with these settings?
///
/// # Errors
/// What is wrong, and what to write instead.
pub fn check(config: &Config, url: &str) -> Result<(), String> {
    let mut wrong = Vec::new();
    if config.massive_spot_lease_ttl_sec < config.massive_spot_interval_sec * 3 {
        wrong.push("MASSIVE_SPOT_LEASE_TTL_SEC is below three times MASSIVE_SPOT_INTERVAL_SEC: the lease would run out between two ticks");
    }
    let channels = &config.massive_spot_stock_channels;
    if channels.is_empty() || channels.iter().any(|channel| !["T", "A", "AM"].contains(&channel.as_str())) {
        wrong.push("MASSIVE_SPOT_STOCK_CHANNELS holds none, or another than T, A and AM");
    }
    // The URL itself stays out of the messages: a mistaken one may hold a key.
    let rest = url.strip_prefix("wss://").or_else(|| url.strip_prefix("ws://"));
    if rest.is_none_or(|rest| rest.is_empty() || rest.contains(['@', '?', '#'])) {
        wrong.push("--websocket must be a URL such as wss://socket.massive.com, without credentials and query");
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

impl Feeds {
    /// The feeds of these symbols; those without symbols are none.
    #[must_use]
    pub fn new(config: &Config, list: &Watchlist, endpoint: &Endpoint) -> Self {
        if endpoint.url.starts_with("ws://") && !endpoint.url.starts_with("ws://127.0.0.1") {
            warn!("the WebSocket's URL is not wss: the API key crosses the network in the clear");
        }
        let followed = |feed: &Feed| {
            let (kind, channels) = match feed {
                Feed::Indices => (InstrumentType::Index, INDEX_CHANNELS.map(str::to_owned).to_vec()),
                Feed::Stocks => (InstrumentType::Stock, config.massive_spot_stock_channels.clone()),
            };
            let of_kind = list.symbols().iter().filter(|symbol| symbol.kind == kind);
            let tickers: Vec<String> = of_kind.map(|symbol| symbol.ticker.clone()).collect();
            let options = live::FeedOptions {
                url: format!("{}/{feed}", endpoint.url.trim_end_matches('/')),
                api_key: endpoint.api_key.clone(),
                channels,
                tickers,
                pace: endpoint.pace,
            };
            let lease = Lease::new(config, *feed);
            (!options.tickers.is_empty()).then_some(Followed {
                feed: *feed,
                options,
                lease,
                socket: None,
                waiting: false,
                snapshot: None,
            })
        };
        let delayed = endpoint.url.contains("://delayed.");
        Self {
            feeds: Feed::ALL.iter().filter_map(followed).collect(),
            timeframe: if delayed { Timeframe::Delayed } else { Timeframe::RealTime },
            told_ms: HashMap::new(),
            deadline: outlet::deadline(config),
        }
    }

    /// Sees to the leases; listens where they are held, and nowhere else. With a bus in trouble (`None`) they run out.
    pub async fn hold(&mut self, bus: Option<&mut Bus>, board: &Board) {
        if let Some(bus) = bus {
            let renewing = async {
                for followed in &mut self.feeds {
                    if let Err(unknown) = followed.lease.renew(bus, Instant::now()).await {
                        debug!(feed = followed.feed.as_str(), %unknown, "the lease is not renewed");
                    }
                }
            };
            if timeout(self.deadline, renewing).await.is_err() {
                debug!("the bus did not answer in time whose the leases are");
            }
        }
        let now = Instant::now();
        for followed in &mut self.feeds {
            followed.obey(followed.lease.is_held(now));
        }
        let count = |is: fn(&Followed) -> bool| self.feeds.iter().filter(|followed| is(followed)).count();
        #[allow(clippy::cast_precision_loss, reason = "counts of feeds")]
        for (metric, count) in
            [(metrics::LEASES, count(|it| it.socket.is_some())), (metrics::LIVE, count(Followed::is_live))]
        {
            board.set(metric, count as f64);
        }
    }

    /// The tickers that a snapshot must bring in this tick.
    #[must_use]
    pub fn wanting(&self, now: Instant) -> Vec<String> {
        let fresh = |moment: Instant| now.duration_since(moment) < SNAPSHOT_EACH;
        let wants = |followed: &&Followed| !followed.is_live() || !followed.snapshot.is_some_and(fresh);
        self.feeds.iter().filter(wants).flat_map(|followed| followed.options.tickers.iter().cloned()).collect()
    }

    /// A snapshot of these tickers has come.
    pub fn snapshot_came(&mut self, tickers: &[String], now: Instant) {
        for followed in &mut self.feeds {
            if followed.options.tickers.iter().any(|ticker| tickers.contains(ticker)) {
                followed.snapshot = followed.is_live().then_some(now);
            }
        }
    }

    /// Leaves out what is no newer than what the connections have told.
    pub fn keep_newer(&self, prices: &mut Vec<Price>) {
        prices.retain(|price| {
            let told = self.told_ms.get(&price.symbol);
            told.is_none_or(|told| epoch_ms(price).is_some_and(|at_ms| at_ms > *told))
        });
    }

    /// The bus may have lost what it had: everything is asked for again, whether it has changed or not.
    pub fn start_over(&mut self) {
        self.told_ms.clear();
        self.feeds.iter_mut().for_each(|followed| followed.snapshot = None);
    }

    /// Adds what the connections told since the last tick, and takes note of those that ended. Of each symbol the newest
    /// price stays.
    pub fn hear(&mut self, list: &Watchlist, prices: Vec<Price>, board: &Board) -> Vec<Price> {
        let mut newest: BTreeMap<String, Price> =
            prices.into_iter().map(|price| (price.symbol.clone(), price)).collect();
        for followed in &self.feeds {
            let Some(socket) = &followed.socket else { continue };
            let news = socket.news();
            #[allow(clippy::cast_precision_loss, reason = "counts of events")]
            news.events.into_iter().for_each(|(what, count)| board.add(metrics::EVENTS, what, count as f64));
            for (ended, wait) in &news.ended {
                board.add(metrics::ENDS, ended.class(), 1.0);
                tell(followed, ended, *wait);
            }
            for quote in &news.quotes {
                let Some(symbol) = list.find(&quote.ticker) else { continue };
                self.told_ms.insert(symbol.name.clone(), quote.at_ms);
                let price = unify_quote(quote, symbol, self.timeframe);
                let newer = newest.get(&symbol.name).is_none_or(|other| epoch_ms(other) <= epoch_ms(&price));
                if newer {
                    newest.insert(symbol.name.clone(), price);
                }
            }
        }
        newest.into_values().collect()
    }

    /// Ends the connections, then gives the leases back.
    pub async fn give_back(&mut self, bus: &mut Bus) {
        self.feeds.iter_mut().for_each(|followed| followed.socket = None);
        let giving = async {
            for followed in &mut self.feeds {
                if let Err(unknown) = followed.lease.give_back(bus).await {
                    warn!(feed = followed.feed.as_str(), %unknown, "the lease is not given back; it runs out by itself");
                }
            }
        };
        if timeout(GIVE_BACK, giving).await.is_err() {
            warn!("the bus did not take the leases back in time; they run out by themselves");
        }
    }
}

fn tell(followed: &Followed, ended: &Ended, wait: Duration) {
    let feed = followed.feed.as_str();
    let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
    match ended {
        Ended::Evicted if followed.lease.is_held(Instant::now()) => error!(
            feed,
            lease = "held",
            wait_ms,
            "{ended}: it asks for no lease, so it is no worker of this bus. Prices come by snapshots"
        ),
        Ended::Evicted => warn!(feed, lease = "not held", wait_ms, "{ended}"),
        ended if ended.needs_a_person() => {
            error!(feed, wait_ms, "{ended}; this does not pass by itself. Prices come by snapshots");
        }
        ended => warn!(feed, wait_ms, "{ended}; prices come by snapshots until it is back"),
    }
}
