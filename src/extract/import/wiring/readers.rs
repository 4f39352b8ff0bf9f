//! A cell of connections -> who reads, what for, and by which part.

use super::words::{clauses, is_nothing, items, parenthesis, snake, split, unstopped, without_eg};
use crate::extract::import::record::Consumer;

/// Who is named in a cell.
#[derive(Debug, Default)]
pub(super) struct Readers {
    pub(super) consumers: Vec<Consumer>,
    /// Those who write it.
    pub(super) writers: Vec<String>,
    pub(super) unknown: Vec<String>,
}

/// How a clause begins, and what that says.
enum Verb {
    Reads,
    Subscribes,
    Writes,
    /// The owner reads it back.
    Own,
}

const VERBS: &[(&str, Verb)] = &[
    ("read back by", Verb::Own),
    ("internal to", Verb::Own),
    ("internal use by", Verb::Own),
    ("subscribed to by", Verb::Subscribes),
    ("subscribed by", Verb::Subscribes),
    ("subscribers:", Verb::Subscribes),
    ("listened to by", Verb::Subscribes),
    ("written by", Verb::Writes),
    ("produced by", Verb::Writes),
    ("published by", Verb::Writes),
    ("set by", Verb::Writes),
    ("producer:", Verb::Writes),
    ("writer:", Verb::Writes),
    ("consumed by", Verb::Reads),
    ("read by", Verb::Reads),
    ("used by", Verb::Reads),
    ("queried by", Verb::Reads),
    ("polled by", Verb::Reads),
    ("accessed by", Verb::Reads),
    ("monitored by", Verb::Reads),
    ("watched by", Verb::Reads),
    ("connected to", Verb::Reads),
    ("connects to", Verb::Reads),
    ("consumers:", Verb::Reads),
    ("readers:", Verb::Reads),
    ("feeds", Verb::Reads),
    ("feed", Verb::Reads),
    ("for", Verb::Reads),
    ("admins and developers:", Verb::Reads),
    ("external services:", Verb::Reads),
];

/// Reads a cell. `module`: who `itself` is.
pub(super) fn read(text: &str, module: &str, exact: bool) -> Readers {
    let mut found = Readers::default();
    if is_nothing(text) {
        return found;
    }
    let mut potential_ahead = false;
    for clause in clauses(text) {
        one(clause, module, exact, &mut potential_ahead, &mut found);
    }
    found
}

fn one(clause: &str, module: &str, exact: bool, ahead: &mut bool, found: &mut Readers) {
    let mut rest = clause.trim();
    let mut potential = *ahead;
    for word in [
        "potentially:",
        "potentially",
        "potential",
        "possibly",
        "may be",
        "might be",
        "optionally",
        "future:",
        "planned:",
        "maybe",
    ] {
        if let Some(tail) = strip(rest, word) {
            potential = true;
            // `potentially: a; b` says it of all that follow, in generated docs.
            *ahead |= exact && word == "potentially:";
            rest = tail;
        }
    }
    let verb = VERBS.iter().find_map(|(word, verb)| strip(rest, word).map(|tail| (*word, verb, tail)));
    let (word, verb, parties) = verb.unwrap_or(("", &Verb::Reads, rest));
    let scope = match word {
        "external services:" => Some("external"),
        "admins and developers:" | "monitored by" => Some("admin"),
        "consumed by" if exact => Some("internal"),
        _ => None,
    };
    match verb {
        Verb::Own => own(parties, module, potential, found),
        Verb::Writes => found
            .writers
            .extend(items(parties).into_iter().map(|name| snake(parenthesis(name).map_or(name, |(head, ..)| head)))),
        Verb::Reads | Verb::Subscribes => {
            let subscribes = matches!(verb, Verb::Subscribes);
            let before = found.consumers.len();
            for party in parties_of(parties, exact) {
                self::party(party, exact, found);
            }
            // `analytics or UI for charts`: the purpose is of both.
            if !exact {
                let purpose = found.consumers.last().and_then(|last| last.purpose.clone());
                for consumer in found.consumers.iter_mut().skip(before) {
                    consumer.purpose = consumer.purpose.take().or_else(|| purpose.clone());
                }
            }
            for consumer in found.consumers.iter_mut().skip(before) {
                consumer.potential |= potential;
                consumer.scope = scope.or(consumer.scope);
                if subscribes && !exact {
                    consumer.reads = vec!["SUBSCRIBE".to_owned()];
                }
            }
        }
    }
}

fn strip<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let head = text.get(..word.len())?;
    let rest = text.get(word.len()..)?;
    let ends = word.ends_with(':') || rest.starts_with([' ', ':', ',']);
    (head.eq_ignore_ascii_case(word) && ends).then(|| rest.trim_start_matches([' ', ':', ',']))
}

/// In generated docs a name may hold any words, and only a comma parts two.
fn parties_of(text: &str, exact: bool) -> Vec<&str> {
    if exact { split(text, |rest| rest.starts_with(", ").then_some(2)) } else { items(text) }
}

fn own(text: &str, module: &str, potential: bool, found: &mut Readers) {
    let (name, purpose) = match text.split_once(" for ") {
        Some((name, purpose)) => (name, Some(unstopped(purpose).to_owned())),
        None => (text, None),
    };
    let name = name.trim().trim_end_matches(" itself").trim();
    let name = if name.is_empty() || name == "itself" { module.to_owned() } else { snake(name) };
    found.consumers.push(Consumer { name, purpose, potential, ..Consumer::default() });
}

/// Words that name no party of their own; the parties stand in their parentheses.
fn is_generic(name: &str) -> bool {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let noun = |word: &&str| {
        matches!(
            *word,
            "services"
                | "service"
                | "consumers"
                | "systems"
                | "modules"
                | "workers"
                | "components"
                | "clients"
                | "apps"
                | "intel"
                | "tools"
                | "others"
                | "parties"
                | "processes"
        )
    };
    matches!(
        words.first(),
        Some(&"external" | &"other" | &"downstream" | &"various" | &"internal" | &"several" | &"all" | &"any")
    ) || (words.len() == 1 && words.first().is_some_and(noun))
}

fn is_admin(name: &str) -> bool {
    matches!(
        name,
        "admin"
            | "admins"
            | "dev"
            | "devs"
            | "developer"
            | "developers"
            | "operator"
            | "operators"
            | "ops"
            | "sre"
            | "sres"
            | "monitoring"
            | "debugging"
    )
}

fn party(text: &str, exact: bool, found: &mut Readers) {
    let (head, inside, tail) = parenthesis(text).unwrap_or((text, "", ""));
    if exact {
        let (purpose, examples) = purpose_and_examples(inside);
        found.consumers.push(Consumer { name: head.to_owned(), purpose, examples, ..Consumer::default() });
        return;
    }
    let (head, mut purpose) = match head.split_once(" for ") {
        Some((name, purpose)) => (name.trim(), Some(purpose.trim().to_owned())),
        None => (head, None),
    };
    if let Some(after) = tail.strip_prefix("for ") {
        purpose = Some(unstopped(after).to_owned());
    }
    let inner = without_eg(inside).unwrap_or(inside);
    let scope = head.to_lowercase().starts_with("external").then_some("external");
    if is_generic(head) {
        if inner.is_empty() {
            found.unknown.push(text.to_owned());
        }
        for part in items(inner) {
            let before = found.consumers.len();
            party(part, false, found);
            for consumer in found.consumers.iter_mut().skip(before) {
                consumer.scope = consumer.scope.or(scope);
            }
        }
        return;
    }
    let Some((name, more)) = name_of(head) else {
        found.unknown.push(text.to_owned());
        return;
    };
    let (inside_purpose, examples) = if without_eg(inside).is_some() {
        let (list, purpose) = match inner.rsplit_once(" for ") {
            Some((list, purpose)) => (list, Some(unstopped(purpose).to_owned())),
            None => (inner, None),
        };
        (purpose, items(list).into_iter().map(str::to_owned).collect())
    } else {
        purpose_and_examples(inside)
    };
    let scope = is_admin(&name).then_some("admin");
    let purpose = purpose.or(inside_purpose).or(more);
    let (via, examples): (Vec<String>, Vec<String>) =
        examples.into_iter().partition(|example: &String| example.starts_with("via "));
    let via = via.first().and_then(|via| via.strip_prefix("via ")).map(str::to_owned);
    found.consumers.push(Consumer { name, purpose, examples, via, scope, ..Consumer::default() });
}

/// `underlying prices; e.g. HeatmapModelBuilder, GexModelBuilder`.
fn purpose_and_examples(inside: &str) -> (Option<String>, Vec<String>) {
    let list =
        |text: &str| split(text, |rest| rest.starts_with(", ").then_some(2)).into_iter().map(str::to_owned).collect();
    if let Some(examples) = without_eg(inside) {
        return (None, list(examples));
    }
    match inside.rsplit_once("; e.g. ") {
        Some((purpose, examples)) => (Some(purpose.to_owned()), list(examples)),
        None => ((!inside.is_empty()).then(|| unstopped(inside).to_owned()), Vec::new()),
    }
}

/// A party's name, and words after it that say what it does: `Vexy intake`, `Heartbeat Aggregator`.
fn name_of(words: &str) -> Option<(String, Option<String>)> {
    let words = words.trim().trim_start_matches("the ").trim_matches(['`', '.', '"']);
    let parts: Vec<&str> = words.split_whitespace().collect();
    let first = parts.first()?;
    let capital = |word: &&str| word.starts_with(char::is_uppercase) || word.contains('_');
    let named = if capital(first) { parts.iter().take_while(|word| capital(word)).count() } else { 1 };
    let (name, rest) = parts.split_at(named);
    let suffix = matches!(rest, [only] if matches!(*only, "service" | "worker" | "module" | "team" | "app" | "process" | "services" | "workers" | "builders" | "client" | "clients" | "dashboard" | "api"));
    if rest.len() > 2 || (!capital(first) && !rest.is_empty() && !suffix) {
        return None;
    }
    if suffix {
        return Some((snake(words), None));
    }
    let name = snake(&name.join(" "));
    (!name.is_empty()).then(|| (name, (!rest.is_empty()).then(|| rest.join(" "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        let found = read(text, "spot_worker", false);
        let one = |consumer: &Consumer| {
            let potential = if consumer.potential { "?" } else { "" };
            let purpose = consumer.purpose.as_deref().map(|purpose| format!(" for {purpose}")).unwrap_or_default();
            let examples =
                if consumer.examples.is_empty() { String::new() } else { format!(" {:?}", consumer.examples) };
            format!("{}{potential}{purpose}{examples}", consumer.name)
        };
        let unknown =
            if found.unknown.is_empty() { String::new() } else { format!(" ! {}", found.unknown.join(" | ")) };
        found.consumers.iter().map(one).collect::<Vec<_>>().join("; ") + &unknown
    }

    #[test]
    fn connections_as_people_write_them() {
        let cases = [
            (
                "Consumed by model_builders (e.g., HeatmapModelBuilder, GexModelBuilder for underlying prices); external services (e.g., Vigil for events).",
                "model_builders for underlying prices [\"HeatmapModelBuilder\", \"GexModelBuilder\"]; vigil for events",
            ),
            (
                "Internal to spot_worker for history; potentially consumed by analytics or UI for charts.",
                "spot_worker for history; analytics? for charts; ui? for charts",
            ),
            (
                "Monitored by admins/devs; connected to Heartbeat Aggregator for uptime analysis.",
                "admins; devs; heartbeat_aggregator for uptime analysis",
            ),
            (
                "Connected to replay_worker for testing; potential external intel (e.g., Vexy intake).",
                "replay_worker for testing; vexy? for intake",
            ),
            ("orders-api, Billing Service", "orders_api; billing_service"),
            ("Everything that shows prices somewhere", " ! Everything that shows prices somewhere"),
            ("-", ""),
        ];
        for (text, wanted) in cases {
            assert_eq!(of(text), wanted, "{text}");
        }
    }
}
