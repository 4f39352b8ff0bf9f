//! What a command means to the connection it comes on: most mean nothing, some change how its replies are to be read.
//!
//! In: the words of a request. Out: its [`Role`], and the words without what is secret in them. It knows no replies.

/// What takes the place of a secret.
const REDACTED: &[u8] = b"(redacted)";

/// What a command changes, once it succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing.
    Plain,
    Multi,
    Exec,
    Discard,
    Reset,
    Monitor,
    /// Each of so many channels is confirmed by itself; of `None`, each that there is, and at least one.
    Subscribe {
        confirms: &'static [u8],
        channels: Option<u64>,
    },
    Hello(Box<Hello>),
    /// Become this user.
    Auth(String),
    /// Take this name, or none.
    Name(Option<String>),
    Select(u32),
    Replies(Replies),
    /// REPLCONF ACK is never answered.
    Unanswered,
    /// The connection becomes a replica's.
    Replication,
}

/// What HELLO changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Hello {
    pub protocol: Option<u8>,
    pub user: Option<String>,
    pub name: Option<Option<String>>,
}

/// What CLIENT REPLY says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Replies {
    On,
    Off,
    Skip,
}

impl Role {
    /// The role of a request.
    pub fn of(words: &[Vec<u8>]) -> Self {
        let name = upper(words.first());
        let arguments = words.len().saturating_sub(1);
        match name.as_slice() {
            b"MULTI" if arguments == 0 => Self::Multi,
            b"EXEC" if arguments == 0 => Self::Exec,
            b"DISCARD" if arguments == 0 => Self::Discard,
            b"RESET" if arguments == 0 => Self::Reset,
            b"MONITOR" => Self::Monitor,
            b"SELECT" => parsed(words.get(1)).map_or(Self::Plain, Self::Select),
            b"HELLO" => Self::Hello(Box::new(Hello::of(words))),
            b"AUTH" if arguments == 1 => Self::Auth("default".to_owned()),
            b"AUTH" => text(words.get(1)).map_or(Self::Plain, Self::Auth),
            b"CLIENT" => Self::of_client(words),
            b"PSYNC" | b"SYNC" => Self::Replication,
            b"REPLCONF" if matches!(upper(words.get(1)).as_slice(), b"ACK" | b"GETACK") => Self::Unanswered,
            _ => confirms(name.as_slice()).map_or(Self::Plain, |(confirms, may_be_all)| Self::Subscribe {
                confirms,
                channels: Some(arguments as u64).filter(|&count| count > 0 || !may_be_all),
            }),
        }
    }

    fn of_client(words: &[Vec<u8>]) -> Self {
        match (upper(words.get(1)).as_slice(), upper(words.get(2)).as_slice(), words.len()) {
            (b"SETNAME", _, 3) => Self::Name(text(words.get(2)).filter(|name| !name.is_empty())),
            (b"REPLY", b"ON", 3) => Self::Replies(Replies::On),
            (b"REPLY", b"OFF", 3) => Self::Replies(Replies::Off),
            (b"REPLY", b"SKIP", 3) => Self::Replies(Replies::Skip),
            _ => Self::Plain,
        }
    }
}

impl Hello {
    fn of(words: &[Vec<u8>]) -> Self {
        let mut hello = Self { protocol: parsed(words.get(1)), ..Self::default() };
        let mut at = 2;
        while at < words.len() {
            at += match upper(words.get(at)).as_slice() {
                b"AUTH" => {
                    hello.user = text(words.get(at + 1));
                    3
                }
                b"SETNAME" => {
                    hello.name = Some(text(words.get(at + 1)).filter(|name| !name.is_empty()));
                    2
                }
                _ => 1,
            };
        }
        hello
    }
}

/// The word by which a subscription, or its end, is confirmed, and whether without arguments it means all there are.
fn confirms(name: &[u8]) -> Option<(&'static [u8], bool)> {
    Some(match name {
        b"SUBSCRIBE" => (b"subscribe", false),
        b"PSUBSCRIBE" => (b"psubscribe", false),
        b"SSUBSCRIBE" => (b"ssubscribe", false),
        b"UNSUBSCRIBE" => (b"unsubscribe", true),
        b"PUNSUBSCRIBE" => (b"punsubscribe", true),
        b"SUNSUBSCRIBE" => (b"sunsubscribe", true),
        _ => return None,
    })
}

/// A short word in upper case, without memory of its own: every call is looked at.
struct Upper {
    bytes: [u8; 16],
    length: usize,
}

impl Upper {
    fn as_slice(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// A word in upper case; empty if it is longer than any that is looked for.
fn upper(word: Option<&Vec<u8>>) -> Upper {
    let mut upper = Upper { bytes: [0; 16], length: 0 };
    if let Some(word) = word.filter(|word| word.len() <= upper.bytes.len()) {
        upper.bytes[..word.len()].copy_from_slice(word);
        upper.bytes.make_ascii_uppercase();
        upper.length = word.len();
    }
    upper
}

/// A name; no honest one is longer than what is kept.
fn text(word: Option<&Vec<u8>>) -> Option<String> {
    word.map(|word| String::from_utf8_lossy(&word[..word.len().min(1024)]).into_owned())
}

fn parsed<T: std::str::FromStr>(word: Option<&Vec<u8>>) -> Option<T> {
    std::str::from_utf8(word?).ok()?.parse().ok()
}

/// Puts `(redacted)` in the place of passwords and other secrets.
pub(super) fn redact(words: &mut [Vec<u8>]) {
    let (name, second) = (upper(words.first()), upper(words.get(1)));
    match (name.as_slice(), second.as_slice()) {
        (b"AUTH", _) => hide(words, 1..),
        (b"ACL", b"SETUSER") => hide(words, 3..),
        (b"HELLO" | b"MIGRATE", _) => {
            for at in 1..words.len() {
                match upper(words.get(at)).as_slice() {
                    b"AUTH" if name.as_slice() == b"MIGRATE" => hide(words, at + 1..at + 2),
                    b"AUTH" | b"AUTH2" => hide(words, at + 1..at + 3),
                    _ => {}
                }
            }
        }
        (b"CONFIG", b"SET") | (b"SENTINEL", b"SET" | b"CONFIG") => {
            for at in 2..words.len() {
                let is_secret = words.get(at).is_some_and(|word| names_secret(word));
                if is_secret {
                    hide(words, at + 1..at + 2);
                }
            }
        }
        _ => {}
    }
}

fn names_secret(word: &[u8]) -> bool {
    let lower = word.to_ascii_lowercase();
    [b"pass".as_slice(), b"auth"].iter().any(|part| lower.windows(part.len()).any(|window| window == *part))
}

fn hide(words: &mut [Vec<u8>], range: impl std::ops::RangeBounds<usize>) {
    for (index, word) in words.iter_mut().enumerate() {
        if range.contains(&index) {
            *word = REDACTED.to_vec();
        }
    }
}

#[cfg(test)]
#[path = "role_tests.rs"]
mod tests;
