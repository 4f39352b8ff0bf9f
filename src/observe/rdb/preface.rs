//! How a file begins and how it ends: whose it is, of which version and moment, and whether its checksum is right.
//!
//! In: the bytes of a file. Out: a [`Dump`] at its first key.

use std::io::Read;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Result, bail};

use super::marks::FIELD;
use super::source::Source;
use super::string::Held;

/// Bytes of a name or value in the preface that are of interest.
const LONGEST: u64 = 64;

/// The mark that ends a file on its way to a replica, where the server could not say how long it would be.
const TRANSFER_MARK: usize = 40;

/// A file, read up to its first key.
pub struct Dump<'r> {
    pub(super) source: Source<'r>,
    /// The mark or type that comes next.
    pub(super) next: u8,
    pub(super) valkey: bool,
    pub(super) server: String,
    version: u32,
    saved_s: Option<i64>,
    opened_ms: i64,
}

impl<'r> Dump<'r> {
    /// Reads how a file begins.
    ///
    /// # Errors
    /// When it is no RDB file, cannot be read, or ends too soon.
    pub fn open(reader: impl Read + 'r) -> Result<Self> {
        let mut source = Source::new(Box::new(reader));
        let (is_valkey_magic, version) = magic(&source.up_to(9)?)?;
        let (mut name, mut valkey, mut saved_s) = (None, is_valkey_magic, None);
        let next = loop {
            let code = source.byte()?;
            if code != FIELD {
                break code;
            }
            let (field, value) = (source.string(LONGEST)?, source.string(LONGEST)?);
            let (Held::Bytes(field), Held::Bytes(value)) = (field, value) else { continue };
            match field.as_slice() {
                b"redis-ver" if name.is_none() => name = version_text(&value),
                b"valkey-ver" => (name, valkey) = (version_text(&value), true),
                b"ctime" => saved_s = seconds(&value),
                _ => {}
            }
        };
        let flavour = if valkey { "Valkey" } else { "Redis" };
        let server = match name {
            Some(name) => format!("{flavour} {name} (RDB {version})"),
            None => format!("{flavour} (RDB {version})"),
        };
        Ok(Self { source, next, valkey: is_valkey_magic, server, version, saved_s, opened_ms: now_ms() })
    }

    /// Which server wrote it, as far as it says: `Valkey 9.1.2 (RDB 80)`.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.server
    }

    /// When it was saved, in milliseconds since 1970, if it says. It says seconds: this is the first moment of that
    /// one.
    #[must_use]
    pub fn saved_ms(&self) -> Option<i64> {
        self.saved_s.map(|seconds| seconds * 1000)
    }

    /// The moment by which times to live are counted: the last one of the second in which it was saved, so that none
    /// seems longer than it was. Now, where the file does not say.
    pub(super) fn moment_ms(&self) -> i64 {
        self.saved_ms().map_or(self.opened_ms, |saved| saved + 999)
    }

    /// Checks the checksum behind the end mark, and that nothing follows.
    pub(super) fn ending(&mut self) -> Result<()> {
        let source = &mut self.source;
        if self.version >= 5 {
            let (at, sum) = (source.offset(), source.checksum());
            let told = u64::from_le_bytes(source.array()?);
            // A server that is configured to write none writes 0.
            if told != 0 && told != sum {
                bail!(
                    "the checksum at byte {at} is {told:016x}, and that of the bytes before it is {sum:016x}: the file \
                     is damaged"
                );
            }
        }
        let at = source.offset();
        let rest = source.up_to(TRANSFER_MARK + 1)?;
        let is_mark = rest.len() == TRANSFER_MARK && rest.iter().all(u8::is_ascii_hexdigit);
        if !rest.is_empty() && !is_mark {
            bail!(
                "the file goes on behind its end, at byte {at}: it may be an append-only file that begins as an RDB \
                 file, and has later writes that cannot be read; have the server SAVE"
            );
        }
        Ok(())
    }
}

/// Whether the first bytes are Valkey's own, and the version of the format.
fn magic(bytes: &[u8]) -> Result<(bool, u32)> {
    let digits = |digits: &[u8]| std::str::from_utf8(digits).ok()?.parse().ok();
    let magic = match bytes {
        [b'R', b'E', b'D', b'I', b'S', version @ ..] if version.len() == 4 => digits(version).map(|v| (false, v)),
        [b'V', b'A', b'L', b'K', b'E', b'Y', version @ ..] if version.len() == 3 => digits(version).map(|v| (true, v)),
        _ => None,
    };
    match magic {
        Some(magic) => Ok(magic),
        None if bytes.is_empty() => bail!("the file is empty"),
        None => bail!("it is not an RDB file: it does not begin with REDIS or VALKEY and a version"),
    }
}

/// A version, if it looks like one.
fn version_text(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || ".-_+".contains(c);
    (!text.is_empty() && text.chars().all(plain)).then(|| text.to_owned())
}

/// Seconds since 1970, if they can be: up to the year 36812.
fn seconds(bytes: &[u8]) -> Option<i64> {
    let seconds: i64 = std::str::from_utf8(bytes).ok()?.parse().ok()?;
    (1..1 << 40).contains(&seconds).then_some(seconds)
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
