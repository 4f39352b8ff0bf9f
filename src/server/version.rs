//! Which server it is: the flavour and the version, as programs (`--version`) and servers (INFO, HELLO) give them.

use std::fmt;
use std::str::FromStr;

/// The dialect a server speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Flavour {
    /// Redis, by Redis Ltd.
    Redis,
    /// Valkey, the fork under the Linux Foundation.
    Valkey,
    /// A server that speaks the protocol and does not say that it is one of the above.
    Other,
}

impl Flavour {
    /// The flavour that a server or a program calls itself, in any case.
    pub fn of(name: &str) -> Self {
        match name.to_ascii_lowercase().as_str() {
            "redis" => Self::Redis,
            "valkey" => Self::Valkey,
            _ => Self::Other,
        }
    }
}

impl fmt::Display for Flavour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Redis => "Redis",
            Self::Valkey => "Valkey",
            Self::Other => "an unknown server",
        })
    }
}

/// A server's version; versions of different flavours do not compare in any useful way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version {
    /// 7 in 7.2.4.
    pub major: u32,
    /// 2 in 7.2.4.
    pub minor: u32,
    /// 4 in 7.2.4.
    pub patch: u32,
}

impl Version {
    /// A version from its three parts.
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl FromStr for Version {
    type Err = anyhow::Error;

    /// Reads `7`, `7.2`, `7.2.4` and `8.0.0-rc1`; what follows the third number is left out.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.trim().splitn(3, '.').map(|part| {
            let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
            part[..digits].parse::<u32>()
        });
        let mut next = || parts.next().transpose();
        match (next(), next(), next()) {
            (Ok(Some(major)), Ok(minor), Ok(patch)) => {
                Ok(Self::new(major, minor.unwrap_or_default(), patch.unwrap_or_default()))
            }
            _ => anyhow::bail!("`{text}` is not a version such as 7.2.4"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_ordered() {
        let version = |text: &str| text.parse::<Version>().ok();
        assert_eq!(version("7.0.15"), Some(Version::new(7, 0, 15)));
        assert_eq!(version("8.0.0-rc1"), Some(Version::new(8, 0, 0)));
        assert_eq!(version("9.1"), Some(Version::new(9, 1, 0)));
        assert_eq!(version("255.255.255"), Some(Version::new(255, 255, 255)));
        assert_eq!(version(""), None);
        assert_eq!(version("v7"), None);
        assert!(version("7.10.0") > version("7.9.9"));
        assert_eq!(Version::new(7, 0, 15).to_string(), "7.0.15");
    }
}
