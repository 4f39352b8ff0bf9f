//! Asking again: how often, how long, and what ends it.

use std::cell::Cell;
use std::time::Duration;

use massive_client::pacer::Pacer;
use massive_client::patience::{Patience, ask};
use massive_client::provider::ProviderError;
use tokio::time::Instant;

fn busy() -> ProviderError {
    ProviderError::Server { status: 503, message: "busy".to_owned() }
}

/// Asks what is answered so, by number; gives the outcome, how often it was asked, and of how many failures was told.
async fn asked(
    within: Duration,
    attempts: u32,
    answer: impl Fn(u32) -> Result<u32, ProviderError>,
) -> (Result<u32, ProviderError>, u32, u32) {
    let (number, told) = (Cell::new(0), Cell::new(0));
    let patience = Patience { deadline: Instant::now() + within, attempts, pacer: &Pacer::default() };
    let once = || {
        number.set(number.get() + 1);
        let answer = answer(number.get());
        async { answer }
    };
    let outcome = ask(patience, once, |_| told.set(told.get() + 1)).await;
    (outcome, number.get(), told.get())
}

const LONG: Duration = Duration::from_secs(600);

#[tokio::test(start_paused = true)]
async fn it_ends_with_an_answer_or_with_the_last_attempt() {
    let third = |number| if number < 3 { Err(busy()) } else { Ok(number) };
    assert_eq!(asked(LONG, 5, third).await, (Ok(3), 3, 2));
    assert_eq!(asked(LONG, 3, third).await, (Ok(3), 3, 2));
    assert_eq!(asked(LONG, 2, third).await, (Err(busy()), 2, 1));
}

#[tokio::test(start_paused = true)]
async fn what_does_not_pass_by_itself_is_asked_once() {
    let limited = ProviderError::RateLimited { retry_after: None };
    assert_eq!(asked(LONG, 5, |_| Err(limited.clone())).await, (Err(limited.clone()), 1, 0));
}

#[tokio::test(start_paused = true)]
async fn nothing_goes_on_beyond_the_deadline() {
    let start = Instant::now();
    let within = Duration::from_secs(2);
    let (outcome, number, _) = asked(within, u32::MAX, |_| Err(busy())).await;
    // Waits of at least 125, 250, 500 and 1000 ms: a fifth attempt would be the last that fits.
    assert!(outcome == Err(busy()) && (3..=5).contains(&number), "{outcome:?} after {number}");
    assert!(start.elapsed() < within);
    let patience = Patience { deadline: Instant::now() + within, attempts: 3, pacer: &Pacer::default() };
    let silent = ask(patience, std::future::pending::<Result<u32, ProviderError>>, |_| {}).await;
    assert_eq!(silent, Err(ProviderError::Timeout { after: within }));
}
