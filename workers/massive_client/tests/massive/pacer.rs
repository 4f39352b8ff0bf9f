//! When the provider may be asked again.

use std::time::Duration;

use massive_client::pacer::Pacer;
use massive_client::provider::ProviderError;
use tokio::time::Instant;

fn server_error() -> ProviderError {
    ProviderError::Server { status: 503, message: "busy".to_owned() }
}

#[test]
fn it_waits_as_long_as_the_provider_says() {
    let (mut pacer, now) = (Pacer::default(), Instant::now());
    assert!(pacer.may_ask(now));
    let limited = ProviderError::RateLimited { retry_after: Some(Duration::from_secs(60)) };
    assert_eq!(pacer.failed(&limited, now), Duration::from_secs(60));
    assert!(!pacer.may_ask(now + Duration::from_millis(59_999)));
    assert!(pacer.may_ask(now + Duration::from_secs(60)));
}

#[test]
fn waits_grow_are_spread_and_end_with_success() {
    let (mut pacer, now) = (Pacer::default(), Instant::now());
    for n in 0..40 {
        let whole = (Duration::from_millis(250) * (1 << n.min(16))).min(Duration::from_secs(30));
        let wait = pacer.failed(&server_error(), now);
        assert!(wait >= whole / 2 && wait <= whole, "{n}: {wait:?} of {whole:?}");
    }
    pacer.succeeded();
    assert!(pacer.may_ask(now));
    assert!(pacer.failed(&server_error(), now) <= Duration::from_millis(250));
    let waits: std::collections::BTreeSet<_> = (0..20).map(|_| Pacer::default().failed(&server_error(), now)).collect();
    assert!(waits.len() > 1, "all workers would ask at the same moment");
}

#[test]
fn what_only_a_person_can_cure_is_asked_rarely_and_a_timeout_at_once() {
    let (mut pacer, now) = (Pacer::default(), Instant::now());
    let plan = ProviderError::NotEntitled { message: "upgrade".to_owned() };
    assert_eq!(pacer.failed(&plan, now), Duration::from_secs(60));
    pacer.failed(&ProviderError::Timeout { after: Duration::from_secs(1) }, now);
    assert!(pacer.may_ask(now));
}

/// A minute in which each request is answered with 429, asked for ten times a second; then it is over.
#[test]
fn a_minute_of_refusals_costs_few_requests_and_is_over_soon() {
    for (retry_after, most) in [(Some(Duration::from_secs(7)), 9), (Some(Duration::from_secs(60)), 1), (None, 14)] {
        let (mut pacer, start) = (Pacer::default(), Instant::now());
        let (mut asked, mut over) = (0, None);
        for tick in 0..1200 {
            let now = start + Duration::from_millis(100) * tick;
            match pacer.may_ask(now) {
                true if tick < 600 => {
                    asked += 1;
                    pacer.failed(&ProviderError::RateLimited { retry_after }, now);
                }
                true => {
                    over.get_or_insert(tick);
                    pacer.succeeded();
                }
                false => {}
            }
        }
        assert!(asked <= most, "{retry_after:?}: {asked} requests");
        assert!(over.is_some_and(|tick| tick <= 600 + 300), "{retry_after:?}: asked again at {over:?}");
    }
}
