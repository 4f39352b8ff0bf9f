//! What a word says of itself: whether programs are built of such, or serve such.

/// Words that programs call their own parts by, rather than what they serve: sorted.
#[rustfmt::skip]
const STRUCTURAL: &[&str] = &[
    "abort", "ack", "acked", "acks", "active", "all", "archive", "backup", "blocked", "bucket", "buffer", "cache",
    "claims", "clean", "completed", "config", "count", "counter", "counts", "cursor", "data", "dead", "dedup",
    "delayed", "done", "enqueued", "errors", "events", "expired", "failed", "failures", "finished", "flags",
    "groups", "head", "health", "heartbeat", "heartbeats", "history", "id", "ids", "index", "inflight", "info",
    "items", "job", "jobs", "keys", "last", "latest", "leader", "lease", "limit", "list", "lock", "locks", "log",
    "logs", "marker", "members", "messages", "meta", "metadata", "metrics", "msgs", "mutex", "next", "notify",
    "offset", "options", "paused", "pc", "pending", "prioritized", "priority", "processed", "processing",
    "progress", "queue", "queues", "rate", "ready", "repeat", "reserved", "result", "results", "retries", "retry",
    "running", "schedule", "scheduled", "scores", "seq", "session", "sessions", "set", "settings", "size", "stall",
    "stalled", "started", "state", "stats", "status", "stream", "succeeded", "tags", "tail", "task", "tasks",
    "token", "total", "ttl", "unacked", "updated", "values", "version", "wait", "waiting", "wip", "worker",
    "workers",
];

/// Is a word, or its first or last part, one of those that programs are built of: `failed`, `stalled-check`, `lastSeen`?
#[must_use]
pub fn is_structural(word: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(word) else { return false };
    let mut parts: Vec<String> = Vec::new();
    let mut small = false;
    for c in text.chars() {
        let apart = !c.is_ascii_alphanumeric();
        if apart || (small && c.is_ascii_uppercase()) || parts.is_empty() {
            parts.push(String::new());
        }
        small = c.is_ascii_lowercase();
        if let (Some(part), false) = (parts.last_mut(), apart) {
            part.push(c.to_ascii_lowercase());
        }
    }
    parts.retain(|part| !part.is_empty());
    let known = |part: Option<&String>| part.is_some_and(|part| STRUCTURAL.binary_search(&part.as_str()).is_ok());
    known(parts.first()) || known(parts.last())
}

/// Does a word look like the symbol of something traded: few capitals, perhaps with digits and a class of shares?
#[must_use]
pub fn is_symbol(word: &[u8]) -> bool {
    let fits =
        |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'^' | b'/');
    (2..=8).contains(&word.len())
        && word.iter().all(fits)
        && (2..=5).contains(&word.iter().take_while(|byte| byte.is_ascii_uppercase() || **byte == b'^').count())
}

/// How little a word looks like one that a programmer chose, in the unit of `resolve/cluster`.
#[must_use]
pub fn oddness(word: &[u8]) -> f64 {
    let has = |test: fn(&u8) -> bool| word.iter().any(test);
    if has(|byte| matches!(byte, b'*' | b'?' | b'[')) {
        // A glob in the name of a key is hardly ever what its programmer wrote there.
        5.0
    } else if has(|byte| byte.is_ascii_digit() || *byte >= 0x80) {
        2.5
    } else if has(|byte| matches!(byte, b',' | b';' | b'@' | b'+' | b'=' | b'~' | b'!' | b'\\')) {
        2.0
    } else if has(|byte| *byte == b'-' || *byte == b'.' || *byte == b' ') {
        1.5
    } else if has(u8::is_ascii_uppercase) {
        1.2
    } else {
        0.7
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_programs_are_told() {
        assert!(STRUCTURAL.is_sorted());
        for word in ["failed", "stalled-check", "lastSeen", "__heartbeats__", "clean_registries"] {
            assert!(is_structural(word.as_bytes()), "{word}");
        }
        for word in ["mail", "SPX", "", "in", "faileda"] {
            assert!(!is_structural(word.as_bytes()), "{word}");
        }
        for (word, is) in
            [("SPX", true), ("BRK.B", true), ("ES2", true), ("spx", false), ("ABCDEFG", false), ("X", false)]
        {
            assert_eq!(is_symbol(word.as_bytes()), is, "{word}");
        }
    }
}
