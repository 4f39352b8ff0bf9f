//! Asking again: until there is an answer, a failure that does not pass by itself, or no time for another attempt.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use crate::pacer::Pacer;
use crate::provider::ProviderError;

/// How long and how often to ask.
#[derive(Debug)]
pub struct Patience<'a> {
    /// Nothing is waited for beyond this moment.
    pub deadline: Instant,
    /// Attempts at most.
    pub attempts: u32,
    /// Decides how long to wait between two.
    pub pacer: &'a Pacer,
}

/// Asks; `failed` is told of each failure that is followed by another attempt.
///
/// # Errors
/// The last failure.
pub async fn ask<T, A: Future<Output = Result<T, ProviderError>>>(
    Patience { deadline, attempts, pacer }: Patience<'_>,
    ask: impl Fn() -> A,
    failed: impl Fn(&ProviderError),
) -> Result<T, ProviderError> {
    let start = Instant::now();
    // A deadline that is over already is a time limit as well.
    let within = deadline.saturating_duration_since(start).max(Duration::from_millis(1));
    let mut failures = 0;
    loop {
        let answer = timeout_at(deadline, ask()).await;
        let failure = match answer.unwrap_or(Err(ProviderError::Timeout { after: within })) {
            Ok(answer) => return Ok(answer),
            Err(failure) => failure,
        };
        let again = Instant::now() + pacer.wait(failures);
        failures += 1;
        if !failure.passes() || failures >= attempts || again >= deadline {
            return Err(failure);
        }
        failed(&failure);
        sleep_until(again).await;
    }
}
