//! URLs as they may be shown: whatever is or may be a password is hidden, in malformed URLs too.
//!
//! In: what the user gave as a server's address. Out: the same with `***`. When in doubt it hides more, because the URLs
//! that fail are those with a stray `@`, `#` or `/` in the password, and errors quote them.

const HIDDEN: &str = "***";

/// The address without its password, for messages and reports.
///
/// Values of the query's options are shown for those that are known to be harmless (`db`, `user`, `cacert`, ...) alone.
///
/// ```
/// use keywire::server::connect::redact;
/// assert_eq!(redact("redis://app:s3cret@db.example:6379/2"), "redis://app:***@db.example:6379/2");
/// assert_eq!(redact("redis+unix:///run/redis.sock?user=app&pass=s3cret"), "redis+unix:///run/redis.sock?user=app&***");
/// ```
pub fn redact(address: &str) -> String {
    let (scheme, rest) = match address.find("://") {
        Some(at) => address.split_at(at + 3),
        None => ("", address),
    };
    let lower = scheme.to_ascii_lowercase();
    // Sentinels are several hosts with commas between them.
    if let "redis+sentinel://" | "rediss+sentinel://" | "valkey+sentinel://" | "valkeys+sentinel://" = lower.as_str() {
        let are_hosts = |authority: &str| authority.split(',').all(has_plain_port);
        return format!("{scheme}{}", redact_rest(rest, false, are_hosts).as_deref().unwrap_or(HIDDEN));
    }
    let (is_known, is_path) = match lower.as_str() {
        "" => (true, rest.starts_with(['/', '.'])),
        "redis://" | "rediss://" | "valkey://" | "valkeys://" => (true, false),
        "unix://" | "redis+unix://" | "valkey+unix://" => (true, rest.starts_with('/')),
        _ => (false, false),
    };
    // What looks like an unknown scheme may be a user, whose password starts with slashes.
    if !is_known && rest.contains('@') {
        return HIDDEN.to_owned();
    }
    format!("{scheme}{}", redact_rest(rest, is_path, has_plain_port).as_deref().unwrap_or(HIDDEN))
}

/// What follows the scheme; `None` if it cannot be told which part of it is the password.
fn redact_rest(rest: &str, is_path: bool, is_authority: impl Fn(&str) -> bool) -> Option<String> {
    let tail_at = rest.find(['?', '#']).unwrap_or(rest.len());
    let (head, tail) = rest.split_at(tail_at);
    if is_path {
        // `unix:///user:password@/path` is a slip for two slashes.
        return if head.contains('@') { None } else { Some(format!("{head}{}", redact_tail(tail))) };
    }
    if tail.contains('@') || (head.starts_with('/') && head.contains('@')) {
        return None;
    }
    let (user, place) = match head.rsplit_once('@') {
        // With nothing after the colon, or no colon, what stands in the user's place may be the password.
        Some((credentials, place)) => match credentials.split_once(':') {
            Some((user, password)) if !password.is_empty() => (Some(user), place),
            _ => (Some(""), place),
        },
        None => (None, head),
    };
    if !is_authority(place.split('/').next().unwrap_or_default()) {
        return None;
    }
    let credentials = match user {
        Some("") => format!("{HIDDEN}@"),
        Some(user) => format!("{user}:{HIDDEN}@"),
        None => String::new(),
    };
    Some(format!("{credentials}{place}{}", redact_tail(tail)))
}

/// Whether what follows the host is a port; in `redis://user:password`, with the host forgotten, it is not.
fn has_plain_port(authority: &str) -> bool {
    let port = match authority.strip_prefix('[').and_then(|v6| v6.split_once(']')) {
        Some((_, "")) => return true,
        Some((_, port)) => port.strip_prefix(':'),
        None => match authority.split_once(':') {
            Some((_, port)) => Some(port),
            None => return true,
        },
    };
    port.is_some_and(|port| (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The query and the fragment, each with its mark.
fn redact_tail(tail: &str) -> String {
    let (query, fragment) = match tail.split_once('#') {
        Some((query, fragment)) => (query, Some(fragment)),
        None => (tail, None),
    };
    let mut shown = String::new();
    if let Some(query) = query.strip_prefix('?') {
        let options: Vec<&str> =
            query.split('&').map(|option| if is_harmless(option) { option } else { HIDDEN }).collect();
        shown = format!("?{}", options.join("&"));
    }
    match fragment {
        Some("insecure") => shown.push_str("#insecure"),
        Some(_) => shown.push_str("#***"),
        None => {}
    }
    shown
}

fn is_harmless(option: &str) -> bool {
    match option.split_once('=') {
        Some(("db", value)) => value.len() <= 5 && value.bytes().all(|byte| byte.is_ascii_digit()),
        Some(("protocol", value)) => matches!(value, "2" | "3" | "resp2" | "resp3"),
        Some((name, _)) => matches!(name, "user" | "username" | "sentinel_user" | "cacert" | "ssl_ca_certs"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_secret_stays() {
        for plain in [
            "redis://127.0.0.1:6379/0",
            "redis://[::1]:6379",
            "rediss://db.example/3?cacert=/etc/ca.pem#insecure",
            "redis+unix:///run/redis.sock?db=2&user=app&protocol=resp3",
            "/run/redis.sock",
            "./redis.sock",
            "localhost:6379",
            "valkey://host",
            "http://host:80/path",
            "redis+sentinel://a:26379,b:26379,[::1]/main/0?sentinel_user=watcher",
        ] {
            assert_eq!(redact(plain), plain);
        }
    }

    #[test]
    fn secrets_go() {
        for (address, shown) in [
            ("redis://app:pw@host:6379/0", "redis://app:***@host:6379/0"),
            ("redis://:pw@host", "redis://***@host"),
            ("redis://pw@host", "redis://***@host"),
            ("redis://pw:@host", "redis://***@host"),
            ("app:pw@host:6379", "app:***@host:6379"),
            ("unix:///s?user=app&pass=pw&db=1", "unix:///s?user=app&***&db=1"),
            ("unix:///s?password=pw", "unix:///s?***"),
            ("unix:///s?pass=p@w", "unix:///s?***"),
            ("unix://app:pw@/s", "unix://app:***@/s"),
            // Slips: a bare `/`, `@`, `?`, `#` in the password, no host, three slashes, no slashes.
            ("redis://app:p/w@host", "redis://app:***@host"),
            ("redis://app:p@w@host", "redis://app:***@host"),
            ("redis://app:p?w@host", "redis://***"),
            ("redis://app:p#w@host", "redis://***"),
            ("redis://app:pw", "redis://***"),
            ("redis://:pw", "redis://***"),
            ("redis:///app:pw@host", "redis://***"),
            ("redis:app:pw@host", "redis:***@host"),
            ("app://pw:x@host", "***"),
            ("redis+sentinel://app:pw@a:1,b:2/main?sentinel_password=pw", "redis+sentinel://app:***@a:1,b:2/main?***"),
            ("redis+sentinel://app:pw", "redis+sentinel://***"),
            ("redis://app:p://w@host", "redis://app:***@host"),
        ] {
            assert_eq!(redact(address), shown, "{address}");
        }
    }

    fn percent_encode(text: &str) -> String {
        text.bytes().map(|byte| format!("%{byte:02X}")).collect()
    }

    proptest! {
        #[test]
        fn no_password_survives(
            before in "[ -~]{0,12}", after in "[ -~]{0,12}", user in "[a-z]{0,6}", scheme in "(redis|rediss|valkey|valkeys|redis\\+sentinel)",
            place in "(host|10\\.0\\.0\\.1|\\[::1\\])(:[0-9]{2,5})?(/[0-9])?(\\?db=1|\\?protocol=resp3|#insecure)?",
        ) {
            let password = format!("{before}S3CR3T{after}");
            let marks = ["S3CR3T".to_owned(), percent_encode("S3CR3T")];
            for written in [password.clone(), percent_encode(&password)] {
                for address in [
                    format!("{scheme}://{user}:{written}@{place}"),
                    format!("{user}:{written}@{place}"),
                    format!("unix:///run/s.sock?user={user}&pass={written}"),
                    format!("redis+unix:///run/s.sock?pass={written}&db=1"),
                    format!("unix://{user}:{written}@/run/s.sock"),
                    format!("{scheme}://host?password={written}"),
                ] {
                    let shown = redact(&address);
                    prop_assert!(marks.iter().all(|mark| !shown.contains(mark)), "{address} -> {shown}");
                }
            }
        }
    }
}
