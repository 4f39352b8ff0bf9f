//! A cell of operations -> commands of the table, what each writes, and the options that bound it.

use crate::server::commands::{self, Command};

/// A command with what stands in its parentheses.
#[derive(Debug, Clone)]
pub(super) struct Op {
    pub(super) command: &'static Command,
    pub(super) details: String,
}

/// The operations of a cell.
#[derive(Debug, Default)]
pub(super) struct Operations {
    pub(super) all: Vec<Op>,
    /// Options such as `maxlen approximate`, `EX 60`: words for the reader of lifecycles.
    pub(super) options: Vec<String>,
    /// What is no command.
    pub(super) unknown: Vec<String>,
}

/// Reads the words of a cell.
pub(super) fn read(text: &str) -> Operations {
    let mut found = Operations::default();
    for part in super::words::split(text, |rest| {
        [", ", ",", "; ", ";", " + ", " → ", " -> ", " and ", " then ", " & ", " | ", "/"]
            .iter()
            .find(|word| rest.starts_with(**word))
            .map(|word| word.len())
    }) {
        part_of(part.trim().trim_end_matches('.'), &mut found);
    }
    found
}

fn part_of(part: &str, found: &mut Operations) {
    let (head, details, tail) = super::words::parenthesis(part).unwrap_or((part, "", ""));
    let words: Vec<&str> = head.split_whitespace().collect();
    let Some((command, taken)) = command(&words) else {
        if is_option(part) && !found.all.is_empty() {
            found.options.push(part.to_owned());
        } else if !super::words::is_nothing(part) {
            found.unknown.push(part.to_owned());
        }
        return;
    };
    let rest = words[taken..].join(" ");
    for option in [rest.as_str(), tail] {
        if !option.trim().is_empty() {
            found.options.push(option.trim().to_owned());
        }
    }
    found.all.push(Op { command, details: details.to_owned() });
}

/// The command that words begin with. English words are commands only in capitals, or when they stand alone.
fn command(words: &[&str]) -> Option<(&'static Command, usize)> {
    for taken in [2, 1] {
        let Some(head) = words.get(..taken) else { continue };
        let name = head.join(" ");
        let name = name.trim_matches(|c: char| !c.is_alphanumeric());
        let written_as_command = name.chars().all(|c| !c.is_lowercase()) || words.len() == taken;
        // `hSet`, `json.set` and `xgroup create` are how clients write them.
        if let Some(command) =
            commands::get(name).filter(|command| written_as_command && !(command.is_container() && taken == 1))
        {
            return Some((command, taken));
        }
    }
    None
}

/// Words that go with a command: `maxlen approximate`, `EX 60`, `with TTL`.
fn is_option(part: &str) -> bool {
    let lower = part.to_lowercase();
    [
        "maxlen", "minid", "ex ", "px ", "nx", "xx", "ttl", "with ", "keepttl", "approx", "~", "pipeline", "atomic",
        "multi",
    ]
    .iter()
    .any(|word| lower.starts_with(word))
}

/// The names in a command's parentheses, when they are names and nothing else: `frames, bytes`.
pub(super) fn names(details: &str) -> Vec<String> {
    let names: Vec<&str> = details.split(',').map(|name| name.trim().trim_matches(['`', '"', '\''])).collect();
    let is_name = |name: &&str| {
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '{' | '}' | ':'))
    };
    let is_word = |name: &str| {
        matches!(
            name,
            "payload" | "json" | "all" | "fields" | "field" | "value" | "values" | "mapping" | "data" | "hash"
        )
    };
    if names.iter().all(is_name) && !(names.len() == 1 && is_word(names[0])) {
        names.into_iter().map(str::to_owned).collect()
    } else {
        Vec::new()
    }
}

/// What words say a value is: a scalar of the registry, `json` for payloads. `None` where they say nothing.
pub(super) fn value(words: &str) -> Option<&'static str> {
    let lower = words.to_lowercase();
    let has = |word: &str| lower.split(|c: char| !c.is_alphanumeric() && c != '_').any(|own| own == word);
    Some(match () {
        () if lower.contains("json") || has("payload") || has("object") || has("serialized") || has("serialised") => {
            "json"
        }
        () if lower.contains("msgpack")
            || has("pickle")
            || has("binary")
            || has("bytes")
            || has("protobuf")
            || has("blob") =>
        {
            "bytes"
        }
        () if has("counter") || has("integer") || has("int") || has("count") => "integer",
        () if has("boolean") || has("bool") || has("flag") => "boolean",
        () if has("epoch_ms") || has("ts_ms") || has("timestamp_ms") || has("milliseconds") || has("millis") => {
            "epoch_ms"
        }
        () if has("epoch_s") || has("epoch") || has("unix") => "epoch_s",
        () if has("number")
            || has("float")
            || has("double")
            || has("decimal")
            || has("price")
            || has("amount")
            || has("value") =>
        {
            "number"
        }
        () if has("string") || has("text") || has("token") || has("name") || has("id") || has("ids") || has("uuid") => {
            "text"
        }
        () => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names_of(text: &str) -> Vec<&'static str> {
        read(text).all.iter().map(|op| op.command.name.as_str()).collect()
    }

    #[test]
    fn commands_with_details_and_options() {
        let found = read("SET (json.dumps(payload)), PUBLISH");
        assert_eq!(found.all[0].details, "json.dumps(payload)");
        assert_eq!(names_of("SET (json.dumps(payload)), PUBLISH"), ["SET", "PUBLISH"]);
        assert_eq!(names_of("HINCRBY (frames, bytes), HSET (last_ts)"), ["HINCRBY", "HSET"]);
        assert_eq!(read("XADD (payload), maxlen approximate").options, ["maxlen approximate"]);
        assert_eq!(names_of("XGROUP CREATE / XREADGROUP"), ["XGROUP CREATE", "XREADGROUP"]);
        assert_eq!(names_of("hSet, json.set, SETEX 300"), ["HSET", "JSON.SET", "SETEX"]);
        assert_eq!(read("set on login").unknown, ["set on login"]);
        assert_eq!(read("written by cron").unknown, ["written by cron"]);
    }

    #[test]
    fn names_are_told_from_prose() {
        assert_eq!(names("frames, bytes"), ["frames", "bytes"]);
        assert!(names("json.dumps(payload)").is_empty());
        assert!(names("prune old").is_empty());
        assert!(names("payload").is_empty());
    }
}
