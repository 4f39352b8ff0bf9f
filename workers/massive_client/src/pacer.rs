//! When the provider may be asked again after a failure: as it says (429), rarely where only a person can help, otherwise
//! after waits that grow and are spread. Knows no HTTP; the clock comes in.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use tokio::time::Instant;

use crate::provider::ProviderError;

/// The wait after a first failure; it doubles with each further one.
const FIRST: Duration = Duration::from_millis(250);

/// The longest wait after failures that pass by themselves.
const LONGEST: Duration = Duration::from_secs(30);

/// The wait where key, plan or URL must change first.
const FOR_A_PERSON: Duration = Duration::from_secs(60);

/// Says when to ask.
#[derive(Debug, Default)]
pub struct Pacer {
    failures: u32,
    not_before: Option<Instant>,
    /// Spreads the waits of many workers that failed at once.
    random: RandomState,
}

impl Pacer {
    /// May the provider be asked at this moment?
    #[must_use]
    pub fn may_ask(&self, now: Instant) -> bool {
        self.not_before.is_none_or(|moment| now >= moment)
    }

    /// It answered.
    pub fn succeeded(&mut self) {
        self.failures = 0;
        self.not_before = None;
    }

    /// It failed; gives the wait before it is asked again. A time limit that passed is no reason to wait: the next tick
    /// is as good as any.
    pub fn failed(&mut self, error: &ProviderError, now: Instant) -> Duration {
        let wait = match error {
            ProviderError::RateLimited { retry_after: Some(wait) } => *wait,
            ProviderError::Timeout { .. } => Duration::ZERO,
            error if error.needs_a_person() => FOR_A_PERSON,
            _ => self.wait(self.failures),
        };
        self.failures = self.failures.saturating_add(1);
        self.not_before = now.checked_add(wait);
        wait
    }

    /// The wait after so many failures before this one: between half of what it has grown to, and the whole.
    #[must_use]
    pub fn wait(&self, failures: u32) -> Duration {
        let whole = FIRST.saturating_mul(1 << failures.min(16)).min(LONGEST);
        let share = self.random.hash_one(failures) % 512;
        whole / 2 + whole * u32::try_from(share).unwrap_or(0) / 1024
    }
}
