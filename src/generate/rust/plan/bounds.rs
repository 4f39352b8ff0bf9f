//! What a write does besides, so that its key stays within the retention: trim, and see to the time to live. A draft of
//! one command in, the commands that are sent out.

use std::time::Duration;

use super::writes::Draft;
use super::{Argument, ArgumentKind, Expiry, Followers, Time, WireCommand, Word};
use crate::registry::{Amount, Key, MaxEntries, Scalar, Shape, Ttl, Value};
use crate::server::commands::{Expiry as Effect, Size, effects};

/// The commands that a key is written with, as far as they matter here.
const SORTED_GROWERS: [&str; 3] = ["ZADD", "ZINCRBY", "GEOADD"];
const LIST_GROWERS: [&str; 5] = ["LPUSH", "RPUSH", "LPUSHX", "RPUSHX", "LINSERT"];
const COUNTERS: [&str; 5] = ["INCR", "INCRBY", "INCRBYFLOAT", "DECR", "DECRBY"];

/// May the command make the key, or add to it?
fn creates(command: &str) -> bool {
    COUNTERS.contains(&command)
        || effects::row(command).is_some_and(|row| match row.target.size {
            Size::Replaces | Size::Grows | Size::GrowsToLimit | Size::GrowsTrimmed(_) => true,
            Size::Optional(_) => row.target.can_grow(),
            Size::Neutral | Size::Shrinks | Size::Removes | Size::Trims(_) => false,
        })
}

/// Does the command carry the time to live itself?
fn carries_ttl(command: &str) -> bool {
    matches!(command, "SET" | "SETEX" | "PSETEX")
}

/// Is this operation done by the writes that make it necessary, so that it has no method of its own?
pub(super) fn is_follower(key: &Key, command: &str) -> bool {
    let any = |commands: &[&str]| commands.iter().any(|command| key.has_operation(command));
    let retention = &key.retention;
    match command {
        "ZREMRANGEBYSCORE" => age_unit(key).is_some() && any(&["ZADD"]),
        "ZREMRANGEBYRANK" => retention.max_entries.is_some() && any(&SORTED_GROWERS),
        "LTRIM" => retention.max_entries.is_some() && any(&LIST_GROWERS),
        "XTRIM" => (retention.max_entries.is_some() || retention.max_age.is_some()) && any(&["XADD"]),
        "EXPIRE" | "PEXPIRE" => {
            matches!(retention.ttl, Some(Ttl::Fixed(_) | Ttl::Sliding(_) | Ttl::Range { .. }))
                && key.operations.iter().any(|operation| creates(&operation.name) && !carries_ttl(&operation.name))
        }
        _ => false,
    }
}

/// The unit in which a sorted set's scores tell the age of its members, when the retention speaks of age.
fn age_unit(key: &Key) -> Option<Scalar> {
    key.retention.max_age.as_ref()?;
    match &key.shape {
        Shape::Scored {
            score: Value::Scalar(unit @ (Scalar::EpochS | Scalar::EpochMs | Scalar::EpochUs | Scalar::EpochNs)),
            ..
        } => Some(*unit),
        _ => None,
    }
}

/// The time to live that the retention says, as an argument when it leaves a choice.
pub(super) fn ttl(key: &Key, arguments: &mut Vec<Argument>) -> Option<Time> {
    let range = match key.retention.ttl.as_ref()? {
        Ttl::None => return None,
        Ttl::Fixed(time) | Ttl::Sliding(time) => return Some(Time::Retention(time.clone())),
        Ttl::Range { min, max } => Some((min.clone(), max.clone())),
    };
    Some(Time::Argument(super::writes::argument(arguments, "ttl", ArgumentKind::Ttl(range))))
}

/// The commands of a draft and of what follows from the retention.
pub(super) fn finish(key: &Key, draft: &mut Draft) -> (Vec<WireCommand>, Followers) {
    let mut followers = Followers::default();
    let command = draft.command.clone();
    let mut after = Vec::new();
    if command == "XADD" {
        trim_stream(key, draft, &mut after, &mut followers);
    } else if SORTED_GROWERS.contains(&command.as_str()) {
        trim_sorted(key, draft, &mut after, &mut followers);
    } else if LIST_GROWERS.contains(&command.as_str()) {
        trim_list(key, &command, &mut after, &mut followers);
    }
    if carries_ttl(&command) {
        if command == "SET"
            && let Some(time) = ttl(key, &mut draft.arguments)
        {
            draft.words.push(Word::Expiry(time.clone()));
            followers.expiry = Some(Expiry { time, once: false });
        }
    } else if creates(&command)
        && let Some(time) = ttl(key, &mut draft.arguments)
    {
        let drops = effects::row(&command).is_some_and(|row| matches!(row.target.expiry, Effect::Drops));
        let once = matches!(key.retention.ttl, Some(Ttl::Fixed(_))) && !drops;
        after.push(expire(key, time.clone(), once));
        followers.expiry = Some(Expiry { time, once });
    }
    let main = WireCommand { words: std::mem::take(&mut draft.words) };
    (std::iter::once(main).chain(after).collect(), followers)
}

/// EXPIRE, or PEXPIRE where only that is declared, or seconds are too coarse.
pub(super) fn expire(key: &Key, time: Time, once: bool) -> WireCommand {
    let fraction = |amount: &Amount<Duration>| matches!(amount, Amount::Fixed(time) if time.subsec_millis() != 0);
    let fine = matches!(&time, Time::Retention(amount) if fraction(amount));
    let in_millis = !key.has_operation("EXPIRE") && (fine || key.has_operation("PEXPIRE"));
    let (name, amount) =
        if in_millis { ("PEXPIRE", Word::Milliseconds(time)) } else { ("EXPIRE", Word::Seconds(time)) };
    let mut words = vec![literal(name), Word::Key, amount];
    if once {
        words.push(literal("NX"));
    }
    WireCommand { words }
}

fn trim_sorted(key: &Key, draft: &Draft, after: &mut Vec<WireCommand>, followers: &mut Followers) {
    let written = draft.score.zip(age_unit(key)).zip(key.retention.max_age.clone());
    if let Some(((score, unit), age)) = written {
        let cutoff = Word::Before { score, age: age.clone(), unit };
        after.push(WireCommand { words: vec![literal("ZREMRANGEBYSCORE"), Word::Key, literal("-inf"), cutoff] });
        followers.max_age = Some(age);
    }
    if let Some(bound) = &key.retention.max_entries {
        let last = Word::Rank(bound.count.clone());
        after.push(WireCommand { words: vec![literal("ZREMRANGEBYRANK"), Word::Key, literal("0"), last] });
        followers.max_entries = Some(bound.clone());
    }
}

fn trim_list(key: &Key, command: &str, after: &mut Vec<WireCommand>, followers: &mut Followers) {
    let Some(bound) = &key.retention.max_entries else { return };
    // What is inserted in the middle goes by the end at which the others push.
    let at_tail = match command {
        "LINSERT" => !key.has_operation("LPUSH") && !key.has_operation("LPUSHX"),
        _ => command.starts_with('R'),
    };
    let range = if at_tail {
        [Word::FirstIndex(bound.count.clone()), literal("-1")]
    } else {
        [literal("0"), Word::LastIndex(bound.count.clone())]
    };
    after.push(WireCommand { words: [literal("LTRIM"), Word::Key].into_iter().chain(range).collect() });
    followers.max_entries = Some(bound.clone());
}

fn trim_stream(key: &Key, draft: &mut Draft, after: &mut Vec<WireCommand>, followers: &mut Followers) {
    let mut options = Vec::new();
    if let Some(MaxEntries { count, approximate }) = &key.retention.max_entries {
        options = vec![literal("MAXLEN"), literal(if *approximate { "~" } else { "=" }), Word::Count(count.clone())];
        followers.max_entries.clone_from(&key.retention.max_entries);
    }
    if let Some(age) = &key.retention.max_age {
        let by_age = [literal("MINID"), literal("~"), Word::Since(age.clone())];
        if options.is_empty() {
            options.extend(by_age);
        } else {
            let words = [literal("XTRIM"), Word::Key].into_iter().chain(by_age).collect();
            after.push(WireCommand { words });
        }
        followers.max_age = Some(age.clone());
    }
    // Behind XADD and the key.
    draft.words.splice(2..2, options);
}

/// A fixed word.
pub(super) fn literal(text: &str) -> Word {
    Word::Literal(text.to_owned())
}
