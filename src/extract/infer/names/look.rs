//! What a part of a name looks like by itself: the looks that are hardly ever chosen by a programmer as a fixed word.

/// A kind of variable that is told by its look alone. Values are bytes that no UTF-8 text holds, so that a class can
/// stand for the values in a key of the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Class {
    /// A whole number without leading zeros that fits 64 bits.
    Integer = 0xF5,
    /// Other digits: leading zeros, or very long.
    Digits = 0xF6,
    /// UUID with hyphens.
    Uuid = 0xF7,
    /// YYYY-MM-DD.
    Date = 0xF8,
    /// Eight or more hexadecimal digits in one case, letters and digits among them.
    Hex = 0xF9,
    /// ULID.
    Ulid = 0xFA,
    /// An address of IPv4 or IPv6.
    Ip = 0xFB,
    /// An e-mail address.
    Email = 0xFC,
    /// Letters and digits as only chance mixes them.
    Opaque = 0xFD,
    /// Any word: what words become when there are too many of them.
    Word = 0xFE,
    /// All that follows, separators included.
    Rest = 0xFF,
    /// A date with a time of day.
    Time = 0xC0,
    /// A week or a quarter of a year: 2026-W47, 2026Q3.
    Period = 0xC1,
}

impl Class {
    /// The class that stands in a key of the tree as this byte.
    #[must_use]
    pub fn of_byte(byte: u8) -> Option<Self> {
        const ALL: [Class; 11] = [
            Class::Integer,
            Class::Digits,
            Class::Uuid,
            Class::Date,
            Class::Hex,
            Class::Ulid,
            Class::Ip,
            Class::Email,
            Class::Opaque,
            Class::Word,
            Class::Rest,
        ];
        if let Some(known) = [Class::Time, Class::Period].into_iter().find(|known| *known as u8 == byte) {
            return Some(known);
        }
        byte.checked_sub(Class::Integer as u8).and_then(|at| ALL.get(usize::from(at)).copied())
    }
}

/// The class of a whole part of a name, where its look says one.
#[must_use]
pub fn classify(part: &str) -> Option<Class> {
    let bytes = part.as_bytes();
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    if digits == 0 {
        return email(part).then_some(Class::Email).or_else(|| opaque(bytes, 0).then_some(Class::Opaque));
    }
    if digits == bytes.len() {
        let canonical = (bytes.len() == 1 || bytes[0] != b'0') && part.parse::<i64>().is_ok();
        return Some(if canonical { Class::Integer } else { Class::Digits });
    }
    if let Some(number) = part.strip_prefix('-')
        && digits == number.len()
        && !number.starts_with('0')
        && part.parse::<i64>().is_ok()
    {
        return Some(Class::Integer);
    }
    let found = [
        (uuid(bytes), Class::Uuid),
        (date(bytes), Class::Date),
        (period(bytes) == bytes.len(), Class::Period),
        (ip(part), Class::Ip),
        (email(part), Class::Email),
        (hex(bytes), Class::Hex),
        (ulid(bytes), Class::Ulid),
        (opaque(bytes, digits) || token(bytes), Class::Opaque),
    ];
    found.into_iter().find_map(|(fits, class)| fits.then_some(class))
}

/// Is this a UUID with hyphens?
#[must_use]
pub fn uuid(bytes: &[u8]) -> bool {
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Is this a date, as the registry's type of that name means it?
#[must_use]
pub fn date(bytes: &[u8]) -> bool {
    let shape = bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 4 | 7) { *byte == b'-' } else { byte.is_ascii_digit() });
    let two = |at: usize| u32::from(bytes[at] - b'0') * 10 + u32::from(bytes[at + 1] - b'0');
    shape && (1..=12).contains(&two(5)) && (1..=31).contains(&two(8))
}

/// How many bytes a week or a quarter of a year takes, 0 if there is none: `2026-W07`, `2026W7`, `2026-Q3`.
#[must_use]
pub fn period(bytes: &[u8]) -> usize {
    let digits = |at: usize| bytes.iter().skip(at).take_while(|byte| byte.is_ascii_digit()).count();
    if !matches!(bytes, [b'1', b'9', ..] | [b'2', b'0', ..]) || digits(0) != 4 {
        return 0;
    }
    let at = 4 + usize::from(bytes.get(4) == Some(&b'-'));
    match (bytes.get(at), digits(at + 1)) {
        (Some(b'W'), length @ 1..=2) | (Some(b'Q'), length @ 1) => at + 1 + length,
        _ => 0,
    }
}

/// How many bytes of base64 with a slash in it these begin with, 0 if it might be a path: whole groups of four, in which small
/// letters, capitals and digits stand as chance puts them.
#[must_use]
pub fn base64(bytes: &[u8]) -> usize {
    let of_it = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let run = bytes.iter().take_while(of_it).count();
    let length = run + bytes.iter().skip(run).take(2).take_while(|byte| **byte == b'=').count();
    let text = &bytes[..run];
    if length < 16 || !length.is_multiple_of(4) || !text.contains(&b'/') {
        return 0;
    }
    // Chance puts hardly four small letters, or four digits, between two slashes: that is a path.
    let piece = |piece: &[u8]| {
        piece.len() >= 4 && (piece.iter().all(u8::is_ascii_lowercase) || piece.iter().all(u8::is_ascii_digit))
    };
    if text.split(|byte| *byte == b'/').any(piece) {
        return 0;
    }
    let without: Vec<u8> = text.iter().copied().filter(|byte| *byte != b'/').collect();
    let digits = without.iter().filter(|byte| byte.is_ascii_digit()).count();
    let kinds: [fn(&u8) -> bool; 3] = [u8::is_ascii_digit, u8::is_ascii_lowercase, u8::is_ascii_uppercase];
    let mixed = kinds.iter().filter(|kind| without.iter().any(**kind)).count() >= 2;
    let marked = length > run || text.contains(&b'+');
    if mixed && (marked || opaque(&without, digits)) { length } else { 0 }
}

/// How many bytes a time of day takes that follows a date: `T10`, `T10:30`, ` 10:30:15.250Z`, `T10:30:15+01:00`.
#[must_use]
pub fn time_of_day(bytes: &[u8]) -> usize {
    let digits = |at: usize| bytes.iter().skip(at).take_while(|byte| byte.is_ascii_digit()).count();
    if !matches!(bytes.first(), Some(b'T' | b' ')) || digits(1) != 2 {
        return 0;
    }
    let mut at = 3;
    while bytes.get(at) == Some(&b':') && digits(at + 1) == 2 {
        at += 3;
    }
    if bytes.get(at) == Some(&b'.') && digits(at + 1) > 0 {
        at += 1 + digits(at + 1);
    }
    match bytes.get(at) {
        Some(b'Z') => at + 1,
        Some(b'+') if digits(at + 1) == 2 && bytes.get(at + 3) == Some(&b':') && digits(at + 4) == 2 => at + 6,
        _ => at,
    }
}

fn ip(part: &str) -> bool {
    (part.len() <= 15 && part.parse::<std::net::Ipv4Addr>().is_ok()) || ipv6(part.as_bytes()) == part.len()
}

/// How many of these bytes are an address of IPv6 that may stand for nothing else: one that the world, a site or a link
/// may have, the machine itself (`::1`), or one of IPv4 in the form of the other. Else 0.
#[must_use]
pub fn ipv6(bytes: &[u8]) -> usize {
    if !matches!(bytes.first(), Some(b':' | b'2' | b'3' | b'f' | b'F')) {
        return 0;
    }
    let run = bytes.iter().take(45).take_while(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.')).count();
    // Most runs are none: they are not looked at twice.
    let colons = bytes[..run].iter().filter(|byte| **byte == b':').count();
    if colons < 7 && !bytes[..run].windows(2).any(|pair| pair == b"::") {
        return 0;
    }
    let ends = |length: usize| bytes.get(length).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    let address = |length: usize| std::str::from_utf8(&bytes[..length]).ok()?.parse::<std::net::Ipv6Addr>().ok();
    let lengths = (3..=run).rev().filter(|length| ends(*length));
    for (length, address) in lengths.filter_map(|length| Some((length, address(length)?))) {
        let [first, ..] = address.segments();
        let letters = bytes[..length].iter().any(u8::is_ascii_alphabetic);
        let known = match first {
            0 => bytes.starts_with(b":") && (address.is_loopback() || address.to_ipv4_mapped().is_some()),
            0x2000..=0x3fff => letters,
            0xfc00..=0xfdff | 0xfe80..=0xfebf | 0xff00..=0xffff => bytes[..length].iter().any(u8::is_ascii_digit),
            _ => false,
        };
        if known {
            return length;
        }
    }
    0
}

fn email(part: &str) -> bool {
    part.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !host.starts_with('.') && !host.contains('@')
    })
}

fn hex(bytes: &[u8]) -> bool {
    let lower = bytes.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let upper = bytes.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
    bytes.len() >= 7 && (lower || upper)
}

fn ulid(bytes: &[u8]) -> bool {
    bytes.len() == 26
        && bytes[0] <= b'7'
        && bytes.iter().all(
            |byte| matches!(byte, b'0'..=b'9' | b'A'..=b'H' | b'J'..=b'K' | b'M'..=b'N' | b'P'..=b'T' | b'V'..=b'Z'),
        )
}

/// Would hardly anybody type this? At least ten letters and digits, changing between small letters, capitals and digits more
/// often than words with a number do.
fn opaque(bytes: &[u8], digits: usize) -> bool {
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'=' | b'/');
    if bytes.len() < 10 || !bytes.iter().all(fits) {
        return false;
    }
    let kind = |byte: u8| match byte {
        b'a'..=b'z' => 0u8,
        b'A'..=b'Z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    };
    let mut changes = 0;
    for pair in bytes.windows(2) {
        let (a, b) = (kind(pair[0]), kind(pair[1]));
        // A capital before small letters begins a word, and a hyphen parts words: both are no sign of chance.
        if a != b && a != 3 && b != 3 && !(a == 1 && b == 0) {
            changes += 1;
        }
    }
    let needed = if digits == 0 { bytes.len() / 3 } else { (bytes.len() / 6).max(3) };
    changes >= needed.max(3)
}

/// Is this a signed token: long pieces of chance, parted by dots, as in a JWT?
fn token(bytes: &[u8]) -> bool {
    const PIECE: usize = 16;
    let pieces = || bytes.split(|byte| *byte == b'.');
    let plain = |piece: &[u8]| piece.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let chance =
        |piece: &&[u8]| !hex(piece) && opaque(piece, piece.iter().filter(|byte| byte.is_ascii_digit()).count());
    let all = pieces().count();
    all >= 2 && pieces().all(|piece| piece.len() >= PIECE && plain(piece)) && pieces().filter(chance).count() * 2 >= all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_told_apart() {
        for (part, class) in [
            ("17", Some(Class::Integer)),
            ("-5", Some(Class::Integer)),
            ("007", Some(Class::Digits)),
            ("99999999999999999999", Some(Class::Digits)),
            ("6f1e9a52-3c0b-4f6e-9d55-0a4f0c5b7e21", Some(Class::Uuid)),
            ("2026-11-28", Some(Class::Date)),
            ("2026-13-28", None),
            ("d41d8cd98f00b204e9800998ecf8427e", Some(Class::Hex)),
            ("01ARZ3NDEKTSV4RRFFQ69G5FAV", Some(Class::Ulid)),
            ("10.0.0.1", Some(Class::Ip)),
            ("2001:db8::1", Some(Class::Ip)),
            ("fe80::1ff:fe23:4567:890a", Some(Class::Ip)),
            ("::ffff:10.0.0.1", Some(Class::Ip)),
            ("db8::1", None),
            ("2026:11:28:10:30:15:1:2", None),
            ("a.b@example.org", Some(Class::Email)),
            ("V1StGXR8_Z5jdHi6B-myT", Some(Class::Opaque)),
            ("CI+Qr/cpT0aYUSswJhu/T7qX", Some(Class::Opaque)),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P", Some(Class::Opaque)),
            ("views.decorators.cache", None),
            ("2026-W07", Some(Class::Period)),
            ("2026Q3", Some(Class::Period)),
            ("2026-W", None),
            ("0ujtsYcgvSTl8PAuAdqWYSMnLOv", Some(Class::Opaque)),
            ("meta", None),
            ("v1", None),
            ("worker17", None),
            ("oauth2_token", None),
            ("UserProfileSettings", None),
            ("sha256_checksums", None),
            ("", None),
        ] {
            assert_eq!(classify(part), class, "{part}");
        }
    }

    #[test]
    fn base64_is_told_from_paths() {
        for (text, length) in [
            ("CI+Qr/cpT0aYUSswJhu/T7qX", 24),
            ("CI+Qr/cpT0aYUSswJhu/T7q=:next", 24),
            ("SKcSHb+KhwidRK/TbJwomxcW", 24),
            ("CI+Qr/cpT0aYUSswJhu/T7", 0),
            ("products/shoes/summer/sale", 0),
            ("Users/John/Documents/Work", 0),
            ("recu/V1StGXR8Z5jdHi6BmyTab2", 0),
            ("V1StGXR8Z5jdHi6BmyTa", 0),
            ("", 0),
        ] {
            assert_eq!(base64(text.as_bytes()), length, "{text}");
        }
    }
}
