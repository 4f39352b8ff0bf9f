//! The end of what is known of a key: the rules about keys judge it as it stands then, those about histories how it came
//! to be so.

use std::time::Duration;

use super::desk::{Charge, Desk, of_fault};
use super::life::{Life, Presence, Ttl};
use crate::check::plan::Contents;
use crate::check::rules::problems;
use crate::check::tally::{Of, Seen, Slot, Tally};
use crate::check::{History, Judges, KeyPlan, Subject, TtlPlan, contents};
use crate::observe::{Header, TtlSeen};
use crate::registry::{Party, Ttl as Declared};

/// Calls of one batch lie this close together. A TTL that is renewed within it was renewed with the write.
const MOMENT_US: u64 = 1_000_000;

/// Counts what is wrong with a key, each at the expense of who did it.
pub(super) fn settle(desk: &Desk<'_, '_>, tally: &mut Tally, (name, life): (&[u8], &Life), now_us: u64) {
    if life.written_us == 0 || life.presence == Presence::Absent {
        return;
    }
    let plan = &desk.checker.plans()[life.plan];
    let mut charges: Vec<(Option<Party>, Charge)> = Vec::new();
    for (party, history) in histories(plan, life) {
        let found = problems(|of| if let Judges::History(judge) = of { judge(&history) } else { None });
        charges.extend(found.map(|charge| (party, charge)));
    }
    if life.is_there(now_us) {
        let found = as_it_stands(plan, (name, life), now_us);
        charges.extend(found.into_iter().map(|charge| (life.writer, charge)));
    }
    for (party, (rule, problem)) in charges {
        if desk.options.only.is_none() || desk.options.only == party {
            let slot = Slot { of: Of::Key(life.plan), party };
            tally.add(&rule.rule, slot, problem, Seen::at(name, life.written_us));
        }
    }
}

/// What came to pass with a key, part by part: who made it grow, who took its TTL off, who wrote it last.
fn histories<'a>(plan: &'a KeyPlan<'a>, life: &Life) -> [(Option<Party>, History<'a>); 3] {
    let nothing = || History {
        plan,
        grown: 0,
        trimmed_by_number: 0,
        trimmed_by_age: 0,
        shrunk: 0,
        dropped_by: None,
        not_renewed: false,
    };
    let growth = History {
        grown: life.grown,
        trimmed_by_number: life.trimmed_by_number,
        trimmed_by_age: life.trimmed_by_age,
        shrunk: life.shrunk,
        ..nothing()
    };
    let (dropped_by, dropper) = life.dropped.map_or((None, None), |(command, party)| (Some(command), party));
    [
        (life.grower, growth),
        (dropper, History { dropped_by, ..nothing() }),
        (life.writer, History { not_renewed: not_renewed(plan, life), ..nothing() }),
    ]
}

/// A sliding TTL goes with each write: not so if the key was written since, or if it was never seen to be set.
fn not_renewed(plan: &KeyPlan<'_>, life: &Life) -> bool {
    if !matches!(plan.key.retention.ttl, Some(Declared::Sliding(_))) || life.ttl == Ttl::None {
        return false; // Without any TTL, ttl-missing speaks of it.
    }
    match life.renewed_us {
        Some(renewed) => life.written_us > renewed.saturating_add(MOMENT_US),
        None => life.grown > 0,
    }
}

/// What a look at the keyspace would say of it now. What is not known of it is taken to be as declared.
fn as_it_stands(plan: &KeyPlan<'_>, (name, life): (&[u8], &Life), now_us: u64) -> Vec<Charge> {
    let declared = plan.key.redis_type.map_or("", |redis_type| redis_type.reply);
    let redis_type = life.redis_type.unwrap_or(declared);
    let ttl = match (life.ttl, plan.ttl) {
        (Ttl::None, _) | (Ttl::Unknown, Some(TtlPlan::None) | None) => TtlSeen::None,
        (Ttl::Until(end), _) => TtlSeen::Left(Duration::from_micros(end.saturating_sub(now_us))),
        (Ttl::Unknown, Some(TtlPlan::UpTo(limit))) => TtlSeen::Left(limit),
    };
    let (name, size) = (name.to_vec(), life.size());
    let seen = Header { name, redis_type: redis_type.into(), ttl, size, ends: None, groups: None };
    #[allow(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
    let subject = Subject { plan, seen: &seen, newest_ms: None, now_ms: (now_us / 1000) as f64 };
    let mut charges: Vec<_> = problems(|of| if let Judges::Key(judge) = of { judge(&subject) } else { None }).collect();
    if let (Contents::Fields(fields), "hash", true) = (&plan.contents, redis_type, life.whole) {
        let mut faults = Vec::new();
        contents::missing(fields, &life.fields, &mut faults);
        charges.extend(faults.into_iter().flat_map(of_fault));
    }
    charges
}
