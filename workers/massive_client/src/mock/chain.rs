//! Option chains of the mock: every weekday is an expiration, strikes lie around where the underlying began, pages lead to
//! each other as the vendor's do, and may be told to fail, to lead in circles or away. Invented, like everything here.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use serde_json::{Map, Value, json};

use super::faults::Fault;
use super::http::{Reply, Request};
use super::walk::Walk;
use super::{MockProvider, State, request_id};

/// The most rows of a page.
const PAGE: usize = 250;

const CHAINS: &str = "/v3/snapshot/options/";
const CONTRACTS: &str = "/v3/reference/options/contracts";

/// What the option chains of a mock are like.
#[derive(Debug, Clone)]
pub struct ChainOptions {
    /// Strikes of each expiration; each has a call and a put.
    pub strikes: usize,
    /// Points between two strikes.
    pub step: u64,
    /// How many expirations are listed.
    pub expirations: usize,
    /// How many of a hundred rows are odd, beyond greeks that are missing deep in the money.
    pub odd_percent: u8,
    /// How many of the nearest expirations have no rows, as before the market opens.
    pub empty: usize,
    /// Where the last page of each chain leads.
    pub end: End,
}

/// Where the last page of a chain leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Nowhere: it is the last one.
    Last,
    /// To itself.
    Circle,
    /// To an empty page, which leads to another, without an end.
    Endless,
    /// To another origin.
    Away,
}

impl Default for ChainOptions {
    fn default() -> Self {
        Self { strikes: 200, step: 5, expirations: 20, odd_percent: 0, empty: 0, end: End::Last }
    }
}

/// Which requests fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Those for the list of expirations.
    Expirations,
    /// Those for the page of a chain with this number, counted from 0.
    Page(usize),
}

#[derive(Debug)]
pub(super) struct Chains {
    options: ChainOptions,
    faults: Vec<(Target, Fault, u32)>,
    pages: u64,
}

impl Chains {
    pub(super) fn new(options: ChainOptions) -> Self {
        Self { options, faults: Vec::new(), pages: 0 }
    }

    fn fault(&mut self, target: Target) -> Option<Fault> {
        let (_, fault, left) = self.faults.iter_mut().find(|(of, _, left)| *of == target && *left > 0)?;
        *left -= 1;
        Some(*fault)
    }
}

impl MockProvider {
    /// Makes the next `times` requests of this kind fail.
    pub fn fail_chains(&self, target: Target, fault: Fault, times: u32) {
        self.state.lock().chains.faults.push((target, fault, times));
    }

    /// Takes back what was told to fail.
    pub fn heal_chains(&self) {
        self.state.lock().chains.faults.clear();
    }

    /// Changes what the chains are like from now on.
    pub fn set_chains(&self, options: ChainOptions) {
        self.state.lock().chains.options = options;
    }

    /// How many pages of chains were asked for.
    #[must_use]
    pub fn chain_pages(&self) -> u64 {
        self.state.lock().chains.pages
    }
}

/// Is the path one of those that are answered here?
pub(super) fn serves(path: &str) -> bool {
    path.starts_with(CHAINS) || path == CONTRACTS
}

impl State {
    pub(super) fn chain(&self, request: &Request) -> Reply {
        let (target, body) = match request.path().strip_prefix(CHAINS) {
            Some(underlying) => match self.page_of(underlying, request) {
                Ok((number, body)) => (Target::Page(number), body),
                Err(error) => return Reply::json(400, &json!({"status": "ERROR", "error": error})),
            },
            None => (Target::Expirations, self.contracts(request)),
        };
        match self.lock().chains.fault(target) {
            Some(fault) => fault.reply(&body),
            None => Reply::json(200, &body),
        }
    }

    /// One row of the nearest expiration from the day asked for.
    fn contracts(&self, request: &Request) -> Value {
        let options = self.lock().chains.options.clone();
        let underlying = request.query("underlying_ticker").unwrap_or_default();
        let from = request.query("expiration_date.gte").and_then(|text| text.parse::<Date>().ok());
        let known = self.known.iter().any(|ticker| ticker.strip_prefix("I:").unwrap_or(ticker) == underlying);
        let day = from.and_then(|from| weekdays(from).next()).filter(|_| known && options.expirations > 0);
        let row = |day: Date| json!({"ticker": ticker(underlying, day, 'C', 100), "expiration_date": day.to_string(), "underlying_ticker": underlying});
        json!({"status": "OK", "request_id": request_id(0), "results": day.map(row).into_iter().collect::<Vec<_>>()})
    }

    /// The number of the page, and its body.
    fn page_of(&self, underlying: &str, request: &Request) -> Result<(usize, Value), String> {
        // The cursor of this mock: the day and the number of the page.
        let (day, number) = match request.query("cursor").and_then(|cursor| cursor.split_once('_')) {
            Some((day, number)) => (Some(day), number.parse().unwrap_or(0)),
            None => (request.query("expiration_date"), 0),
        };
        let day: Date = day.and_then(|day| day.parse().ok()).ok_or("expiration_date is no date")?;
        let limit = request.query("limit").map_or(Ok(PAGE), str::parse::<usize>).unwrap_or(0);
        if !(1..=PAGE).contains(&limit) {
            return Err(format!("limit must be between 1 and {PAGE}"));
        }
        let mut changing = self.lock();
        changing.chains.pages += 1;
        let options = changing.chains.options.clone();
        let walk = match number {
            0 => changing.market.step(underlying),
            _ => changing.market.stand(underlying),
        };
        drop(changing);
        let now_ns = self.now_ms(self.lock().chains.pages).saturating_mul(1_000_000);
        let empty = !self.known.contains(underlying) || weekday(day).is_none() || self.is_empty(day, &options);
        let total = if empty { 0 } else { options.strikes * 2 };
        let rows: Vec<Value> = (number * PAGE..total.min((number + 1) * PAGE))
            .map(|index| row(&walk, day, index, &options, now_ns))
            .collect();
        let mut body = json!({"status": "OK", "request_id": request_id(0), "results": rows});
        let host = request.header("host").unwrap_or("127.0.0.1");
        let lead =
            |host: &str, number: usize| json!(format!("http://{host}{CHAINS}{underlying}?cursor={day}_{number}"));
        let next = match (total > (number + 1) * PAGE, options.end) {
            (true, _) | (false, End::Endless) => Some(lead(host, number + 1)),
            (false, End::Circle) => Some(lead(host, number)),
            (false, End::Away) => Some(lead("127.0.0.1:1", number + 1)),
            (false, End::Last) => None,
        };
        if let Some(next) = next {
            body["next_url"] = next;
        }
        Ok((number, body))
    }

    fn is_empty(&self, day: Date, options: &ChainOptions) -> bool {
        let today = jiff::tz::TimeZone::UTC.to_datetime(jiff::Timestamp::now()).date();
        weekdays(today).take(options.empty).any(|empty| empty == day)
    }
}

fn weekday(day: Date) -> Option<Date> {
    (!matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)).then_some(day)
}

/// The weekdays from a day on.
fn weekdays(from: Date) -> impl Iterator<Item = Date> {
    from.series(1.day()).filter_map(weekday)
}

/// The name of a contract; `strike` in points.
fn ticker(underlying: &str, day: Date, side: char, strike: u64) -> String {
    let root = underlying.strip_prefix("I:").unwrap_or(underlying);
    format!("O:{root}{:02}{:02}{:02}{side}{:08}", day.year() % 100, day.month(), day.day(), strike * 1000)
}

/// One row: calls come before puts, as tickers are sorted.
fn row(walk: &Walk, day: Date, index: usize, options: &ChainOptions, now_ns: i64) -> Value {
    let (side, place) = if index < options.strikes { ('C', index) } else { ('P', index - options.strikes) };
    let as_points = |number: usize| u64::try_from(number).unwrap_or(u64::MAX).saturating_mul(options.step);
    let (middle, half) = (walk.previous_close / 100, as_points(options.strikes / 2));
    let lowest = (middle / options.step.max(1) * options.step).saturating_sub(half).max(options.step);
    let strike = lowest.saturating_add(as_points(place));
    #[allow(clippy::cast_precision_loss, reason = "invented prices stay far below 2^53")]
    let (last, at) = (walk.last as f64 / 100.0, strike as f64);
    let moneyness = if side == 'C' { last - at } else { at - last };
    let worth = (moneyness.max(0.0) + last * 0.01).round();
    let kind = if side == 'C' { "call" } else { "put" };
    let name = ticker(&walk.ticker, day, side, strike);
    let mut row = Map::new();
    row.insert(
        "details".to_owned(),
        json!({
            "ticker": name, "contract_type": kind, "exercise_style": "european", "shares_per_contract": 100,
            "expiration_date": day.to_string(), "strike_price": at,
        }),
    );
    row.insert("day".to_owned(), json!({"close": worth, "volume": index % 97, "last_updated": now_ns}));
    row.insert("break_even_price".to_owned(), json!(at + worth));
    row.insert("open_interest".to_owned(), json!(index * 3));
    // Deep in the money there are none.
    if moneyness < last * 0.05 {
        let delta = 0.5 + (moneyness / last * 10.0).clamp(-0.5, 0.5);
        row.insert("greeks".to_owned(), json!({"delta": delta, "gamma": 0.001, "theta": -0.5, "vega": 0.1}));
        row.insert("implied_volatility".to_owned(), json!(0.15));
    }
    row.insert("last_quote".to_owned(), json!({
        "bid": worth, "ask": worth + 0.5, "bid_size": 3, "ask_size": 5, "midpoint": worth + 0.25, "last_updated": now_ns, "timeframe": "REAL-TIME",
    }));
    row.insert("last_trade".to_owned(), json!({"price": worth, "size": 1, "sip_timestamp": now_ns}));
    let price = if walk.ticker.starts_with("I:") { "value" } else { "price" };
    row.insert("underlying_asset".to_owned(), json!({"ticker": walk.ticker, price: last, "last_updated": now_ns}));
    let mut random = walk.random.clone();
    let odd = (0..=index % 7).map(|_| random.below(100)).last().unwrap_or(0);
    if odd < u64::from(options.odd_percent) {
        return oddity(index, row, day);
    }
    Value::Object(row)
}

/// What the vendor is known to send in the place of a sound row.
fn oddity(index: usize, mut row: Map<String, Value>, day: Date) -> Value {
    let other = day.saturating_add(7.days()).to_string();
    let mut detail = |name: &str, value: Value| {
        if let Some(slot) = row.get_mut("details") {
            slot[name] = value;
        }
    };
    match index % 8 {
        0 => detail("strike_price", json!(0)),
        1 => detail("contract_type", json!("other")),
        // Rows of another expiration have been seen on later pages.
        2 => detail("expiration_date", json!(other)),
        3 => detail("ticker", Value::Null),
        4 => return Value::Null,
        5 => {
            row.insert("day".to_owned(), json!({}));
            row.remove("last_quote");
            row.remove("last_trade");
        }
        6 => {
            row.insert("last_quote".to_owned(), json!({"bid": -1, "ask": "none", "last_updated": 0}));
            row.insert("implied_volatility".to_owned(), Value::Null);
        }
        _ => {
            row.remove("details");
        }
    }
    Value::Object(row)
}
