//! The API key as a value that cannot be printed by accident. Comes in from MASSIVE_API_KEY; goes out only as the
//! Bearer header of a request.

use std::fmt;
use std::str::FromStr;

use anyhow::bail;

/// The provider's API key. `Debug` shows no part of it, and there is no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// The key that MASSIVE_API_KEY holds, by the text of that setting.
    ///
    /// # Errors
    /// When it is not set, or holds no key; what to do about it, without the text.
    pub fn of_setting(text: Option<&str>) -> Result<Self, String> {
        let text = text.ok_or("MASSIVE_API_KEY is not set; set it to the key of the provider")?;
        text.parse().map_err(|error| format!("MASSIVE_API_KEY is not a key: {error:#}"))
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for ApiKey {
    type Err = anyhow::Error;

    /// Takes the key as the provider's dashboard shows it; surrounding white space (a newline of a mounted secret) is
    /// dropped.
    ///
    /// # Errors
    /// If nothing is left, or if a character is left that no HTTP header can carry.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let key = text.trim();
        if key.is_empty() {
            bail!("the API key is empty: set MASSIVE_API_KEY to the key from the provider's dashboard");
        }
        if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            bail!("the API key holds white space or non-ASCII characters: check MASSIVE_API_KEY for a copying mistake");
        }
        Ok(Self(key.to_owned()))
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(redacted)")
    }
}
