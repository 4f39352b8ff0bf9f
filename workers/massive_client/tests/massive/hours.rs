//! How often the provider is asked while the market is closed.

use std::time::Duration;

use massive_client::hours::Hours;
use tokio::time::Instant;

#[test]
fn a_closed_market_is_asked_less_often_until_it_opens() {
    let (mut hours, start) = (Hours::new(Duration::from_secs(30)), Instant::now());
    let at = |seconds| start + Duration::from_secs(seconds);
    assert!(hours.may_ask(at(0)) && hours.is_due(at(0)));
    hours.asked(at(0));
    assert!(hours.heard(false, at(0)), "it was taken for open");
    assert!(!hours.may_ask(at(1)) && !hours.may_ask(at(29)) && hours.may_ask(at(30)));
    hours.asked(at(30));
    // The status is looked at each minute, and prices with it.
    assert!(!hours.may_ask(at(59)) && hours.may_ask(at(60)) && hours.is_due(at(60)));
    hours.asked(at(60));
    assert!(!hours.heard(false, at(60)));
    assert!(hours.heard(true, at(120)));
    assert!(hours.may_ask(at(121)) && !hours.is_due(at(121)));
}
