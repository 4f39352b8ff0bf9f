//! What a call says of the connection it comes by: who it is now, and where its transactions begin and end.
//!
//! In: the words of a call. Out: what they say, and the words without passwords, which servers before 6.2 and other
//! programs than servers may have left in.

use crate::observe::traffic::Client;

/// What the server writes instead of a secret.
const REDACTED: &[u8] = b"(redacted)";

/// What a call means for its connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    Nothing,
    Multi,
    /// EXEC or DISCARD: the end of a transaction.
    Exec,
    Identity(Change),
}

/// Who a connection says that it is from now on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Change {
    /// `Some(None)`: it has no name any more.
    pub name: Option<Option<String>>,
    pub user: Option<String>,
    /// It is another user from now on, and MONITOR does not show which.
    pub is_secret: bool,
    /// RESET: it is nobody again, and has no transaction open.
    pub is_reset: bool,
}

impl Change {
    pub fn says_anything(&self) -> bool {
        self.name.is_some() || self.user.is_some() || self.is_secret || self.is_reset
    }

    pub fn apply(self, client: &Client) -> Client {
        let mut client = client.clone();
        if self.is_reset {
            client.name = None;
        }
        if self.is_reset || self.is_secret {
            client.user = None;
        }
        client.name = self.name.unwrap_or(client.name);
        client.user = self.user.or(client.user);
        client
    }
}

/// Reads the words, and takes the passwords out.
pub(super) fn said(words: &mut [Vec<u8>]) -> Said {
    let Some(command) = words.first() else { return Said::Nothing };
    // Most calls are none of these, and these begin with few letters.
    if !matches!(command.first().map(u8::to_ascii_uppercase), Some(b'M' | b'E' | b'D' | b'A' | b'H' | b'C' | b'R')) {
        return Said::Nothing;
    }
    let is = |name: &str| command.eq_ignore_ascii_case(name.as_bytes());
    if is("MULTI") {
        Said::Multi
    } else if is("EXEC") || is("DISCARD") {
        Said::Exec
    } else if is("RESET") {
        Said::Identity(Change { is_reset: true, is_secret: true, ..Change::default() })
    } else if is("AUTH") {
        Said::Identity(auth(&mut words[1..]))
    } else if is("HELLO") {
        Said::Identity(hello(words))
    } else if is("CLIENT") && words.len() == 3 && words[1].eq_ignore_ascii_case(b"SETNAME") {
        Said::Identity(Change { name: name(&words[2]), ..Change::default() })
    } else {
        if is("MIGRATE") {
            migrate(words);
        }
        Said::Nothing
    }
}

/// `[user] password`, the first of which is a password if it is alone.
fn auth(words: &mut [Vec<u8>]) -> Change {
    let user = match words {
        [user, _, ..] => text(user),
        _ => None,
    };
    let keeps = usize::from(user.is_some());
    words.iter_mut().skip(keeps).for_each(redact);
    Change { is_secret: user.is_none(), user, ..Change::default() }
}

/// `HELLO 3 AUTH user password SETNAME name`.
fn hello(words: &mut [Vec<u8>]) -> Change {
    let mut change = Change::default();
    let mut at = 2;
    while let Some(option) = words.get(at) {
        if option.eq_ignore_ascii_case(b"AUTH") {
            let end = words.len().min(at + 3);
            let auth = auth(&mut words[at + 1..end]);
            (change.user, change.is_secret) = (auth.user, auth.is_secret);
            at += 3;
        } else if option.eq_ignore_ascii_case(b"SETNAME") {
            change.name = words.get(at + 1).and_then(|word| name(word));
            at += 2;
        } else {
            at += 1;
        }
    }
    change
}

/// `MIGRATE host port key db timeout [COPY] [REPLACE] [AUTH password | AUTH2 user password] [KEYS key ...]`.
fn migrate(words: &mut [Vec<u8>]) {
    let is = |word: &Vec<u8>, name: &str| word.eq_ignore_ascii_case(name.as_bytes());
    let end = words.iter().position(|word| is(word, "KEYS")).unwrap_or(words.len());
    let Some(at) = words[..end].iter().skip(6).position(|word| is(word, "AUTH") || is(word, "AUTH2")) else { return };
    let skip = 6 + at + if is(&words[6 + at], "AUTH2") { 2 } else { 1 };
    words[..end].iter_mut().skip(skip).take(1).for_each(redact);
}

fn redact(word: &mut Vec<u8>) {
    *word = REDACTED.to_vec();
}

/// A name as the server takes it: printable, without spaces. An empty one takes the name away.
fn name(word: &[u8]) -> Option<Option<String>> {
    if word.is_empty() {
        return Some(None);
    }
    text(word).map(Some)
}

fn text(word: &[u8]) -> Option<String> {
    let is_plain = word != REDACTED && word.iter().all(u8::is_ascii_graphic) && word.len() <= 1024;
    is_plain.then(|| String::from_utf8_lossy(word).into_owned()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a call says, and its words as they are kept.
    fn heard(call: &str) -> (Said, String) {
        let mut words: Vec<Vec<u8>> = call.split(' ').map(|word| word.as_bytes().to_vec()).collect();
        let said = said(&mut words);
        (said, String::from_utf8(words.join(&b' ')).unwrap())
    }

    fn is(name: Option<&str>, user: Option<&str>, is_secret: bool) -> Said {
        let name = name.map(|name| Some(name.to_owned()).filter(|name| !name.is_empty()));
        Said::Identity(Change { name, user: user.map(str::to_owned), is_secret, is_reset: false })
    }

    #[test]
    fn connections_say_who_they_are() {
        for (call, expected) in [
            ("GET AUTH", Said::Nothing),
            ("multi", Said::Multi),
            ("EXEC", Said::Exec),
            ("Discard", Said::Exec),
            ("DEL k", Said::Nothing),
            ("client setname spot", is(Some("spot"), None, false)),
            ("CLIENT SETNAME ", is(Some(""), None, false)),
            ("CLIENT SETNAME b\u{7}d", is(None, None, false)),
            ("CLIENT LIST", Said::Nothing),
            ("HELLO 3", is(None, None, false)),
            ("HELLO 3 SETNAME spot", is(Some("spot"), None, false)),
            ("HELLO 3 AUTH (redacted) (redacted) SETNAME spot", is(Some("spot"), None, true)),
            ("HELLO 3 SETNAME", is(None, None, false)),
            ("AUTH (redacted)", is(None, None, true)),
            ("AUTH (redacted) (redacted)", is(None, None, true)),
        ] {
            assert_eq!(heard(call), (expected, call.to_owned()), "{call}");
        }
        assert!(matches!(heard("RESET").0, Said::Identity(change) if change.is_reset));
        assert_eq!(said(&mut []), Said::Nothing);
    }

    #[test]
    fn passwords_go() {
        for (call, kept) in [
            ("AUTH s3cret", "AUTH (redacted)"),
            ("auth app s3cret", "auth app (redacted)"),
            ("AUTH app s3cret s3cret", "AUTH app (redacted) (redacted)"),
            ("HELLO 3 AUTH app s3cret SETNAME spot", "HELLO 3 AUTH app (redacted) SETNAME spot"),
            ("HELLO 3 SETNAME spot AUTH app s3cret", "HELLO 3 SETNAME spot AUTH app (redacted)"),
            ("HELLO 3 AUTH s3cret", "HELLO 3 AUTH (redacted)"),
            ("MIGRATE h 1 k 0 10 COPY AUTH s3cret", "MIGRATE h 1 k 0 10 COPY AUTH (redacted)"),
            ("MIGRATE h 1  0 10 AUTH2 app s3cret KEYS AUTH k", "MIGRATE h 1  0 10 AUTH2 app (redacted) KEYS AUTH k"),
            ("MIGRATE h 1 AUTH 0 10 KEYS a AUTH k", "MIGRATE h 1 AUTH 0 10 KEYS a AUTH k"),
        ] {
            assert_eq!(heard(call).1, kept);
        }
        assert_eq!(heard("AUTH app s3cret").0, is(None, Some("app"), false));
        assert_eq!(heard("HELLO 2 SETNAME spot AUTH app s3cret").0, is(Some("spot"), Some("app"), false));
    }
}
