//! When a server is asked who its clients are: each second, at once when a stranger speaks, and never so often that it
//! would feel it.
//!
//! In: a session, and what is known. Out: lists of clients, and what waited for them.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};

use redis::RedisResult;

use super::connections::Connections;
use super::session::{self, Listing, Session};

/// From one list of clients to the next.
const REFRESH: Duration = Duration::from_secs(1);
/// The same when someone has spoken who is not on the list.
const REFRESH_FOR_STRANGERS: Duration = Duration::from_millis(50);
/// How long a list may take before what waits for it goes without it.
const HOLD: Duration = Duration::from_secs(2);

type Asked = Pin<Box<dyn Future<Output = RedisResult<Listing>> + Send>>;

/// When the list of clients is asked for, and what waits for it.
pub(super) struct Refresh {
    asked: Option<Asked>,
    /// When it was asked for, in time, in calls, and in events that waited then.
    at: Instant,
    pub moment: u64,
    pub waiting: usize,
    /// When it may be asked for again: by routine, and for strangers.
    routine: Instant,
    strangers: Instant,
    /// The user may ask at all.
    pub is_allowed: bool,
}

impl Refresh {
    pub fn new(is_allowed: bool) -> Self {
        let at = Instant::now();
        let (routine, strangers) = (at + REFRESH, at);
        Self { asked: None, at, moment: 0, waiting: 0, routine, strangers, is_allowed }
    }

    pub fn next(&self, connections: &Connections) -> Instant {
        if connections.has_strangers() { self.strangers } else { self.routine }
    }

    pub fn ask(&mut self, session: &Session, connections: &Connections, waiting: usize) {
        let mut control = session.control.clone();
        self.asked = Some(Box::pin(async move { session::client_list(&mut control).await }));
        (self.at, self.moment, self.waiting) = (Instant::now(), connections.moment(), waiting);
    }

    /// Whoever has many clients takes long to list them, and is not asked as often: lists are some hundredths of its time
    /// at most.
    pub fn answered(&mut self, is_allowed: bool) {
        let (now, took) = (Instant::now(), self.at.elapsed());
        self.asked = None;
        self.is_allowed = is_allowed;
        self.routine = now + REFRESH.max(took * 50);
        self.strangers = now + REFRESH_FOR_STRANGERS.max(took * 30);
    }

    pub fn is_slow(&self) -> bool {
        self.asked.is_some() && self.at.elapsed() > HOLD
    }

    /// Is a list asked for, and on its way?
    pub fn is_asked(&self) -> bool {
        self.asked.is_some()
    }

    /// May one be asked for?
    pub fn may_ask(&self) -> bool {
        self.is_allowed && self.asked.is_none()
    }

    /// Waits for the list that was asked for.
    pub async fn answer(&mut self) -> RedisResult<Listing> {
        match &mut self.asked {
            Some(asked) => asked.as_mut().await,
            None => std::future::pending().await,
        }
    }
}
