//! Reading a config from the environment: every variable is read and checked before the first complaint, and no secret
//! is ever shown. Embedded as text in generated code; depends on std alone.

use std::fmt;
use std::time::Duration;

/// A variable that the program reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it holds: string, integer, seconds, ...
    pub kind: &'static str,
    /// Its value when it is not set.
    pub default: Option<&'static str>,
    /// What it decides.
    pub about: &'static str,
    /// Is its value never to be shown?
    pub secret: bool,
}

/// A value that is not shown by `{:?}`.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides a value.
    #[must_use]
    pub fn new(value: String) -> Self {
        Self(value)
    }

    /// The value itself, for who needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

/// What is wrong with one variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The variable's name.
    pub variable: &'static str,
    /// What is wrong with it.
    pub problem: String,
    /// What to write instead.
    pub instead: String,
}

/// All that is wrong with a config.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, error) in self.0.iter().enumerate() {
            let line = if at == 0 { "" } else { "\n" };
            write!(f, "{line}{} {}; {}", error.variable, error.problem, error.instead)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}

/// Why a text is not what a variable holds: what is wrong, and what to write instead.
pub type Wrong = (String, String);

/// Reads variables one by one and collects what is wrong with them.
pub struct ConfigReader<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    errors: Vec<ConfigError>,
}

impl fmt::Debug for ConfigReader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfigReader").field("errors", &self.errors).finish_non_exhaustive()
    }
}

impl<'a> ConfigReader<'a> {
    /// Reads from this source of values.
    pub fn new(lookup: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { lookup, errors: Vec::new() }
    }

    /// A variable that must have a value, by its default if not set. What is returned after an error is never seen:
    /// [`ConfigReader::finish`] fails.
    pub fn required<T: Default>(&mut self, variable: &Variable, parse: impl Fn(&str) -> Result<T, Wrong>) -> T {
        if let Some(value) = self.optional(variable, parse) {
            return value;
        }
        if !self.errors.iter().any(|error| error.variable == variable.name) {
            let instead = format!("set it ({}: {})", variable.kind, variable.about);
            self.errors.push(ConfigError { variable: variable.name, problem: "is not set".to_owned(), instead });
        }
        T::default()
    }

    /// A variable that may stay unset. Blank is unset, except for a list: that is the empty one.
    pub fn optional<T>(&mut self, variable: &Variable, parse: impl Fn(&str) -> Result<T, Wrong>) -> Option<T> {
        let written = (self.lookup)(variable.name);
        let written = written.filter(|text| variable.kind == "list" || !text.trim().is_empty());
        let text = written.as_deref().or(variable.default)?;
        match parse(text.trim()) {
            Ok(value) => Some(value),
            Err((problem, instead)) => {
                // A URL may hold a password.
                let hidden = variable.secret || variable.kind == "url";
                let problem = if hidden { "has a value that does not fit".to_owned() } else { problem };
                self.errors.push(ConfigError { variable: variable.name, problem, instead });
                None
            }
        }
    }

    /// The config, if nothing was wrong.
    ///
    /// # Errors
    /// All that was wrong.
    pub fn finish<T>(self, config: T) -> Result<T, ConfigErrors> {
        if self.errors.is_empty() { Ok(config) } else { Err(ConfigErrors(self.errors)) }
    }
}

/// Text as it stands.
///
/// # Errors
/// Never.
pub fn parse_text(text: &str) -> Result<String, Wrong> {
    Ok(text.to_owned())
}

/// Text that a param takes.
///
/// # Errors
/// When the param refuses it.
pub fn parse_checked<E: fmt::Display>(text: &str, check: impl Fn(&str) -> Result<(), E>) -> Result<String, Wrong> {
    check(text).map_err(|error| (format!("is `{text}`"), error.to_string()))?;
    Ok(text.to_owned())
}

/// Text that is not shown.
///
/// # Errors
/// Never.
pub fn parse_secret(text: &str) -> Result<Secret, Wrong> {
    Ok(Secret::new(text.to_owned()))
}

/// A whole or decimal number within bounds.
///
/// # Errors
/// When it is none, or out of bounds.
pub fn parse_number<T: std::str::FromStr + PartialOrd + fmt::Display>(
    text: &str,
    min: Option<T>,
    max: Option<T>,
) -> Result<T, Wrong> {
    let wrong = || (format!("is `{text}`"), format!("write a number{}", bounds(min.as_ref(), max.as_ref(), "")));
    let number: T = text.parse().map_err(|_| wrong())?;
    // Not a number compares with nothing, itself included.
    #[allow(clippy::eq_op, reason = "tells NaN from numbers")]
    let sound = number == number
        && min.as_ref().is_none_or(|min| number >= *min)
        && max.as_ref().is_none_or(|max| number <= *max);
    if sound { Ok(number) } else { Err(wrong()) }
}

/// A time in seconds, whole or fractional, within bounds.
///
/// # Errors
/// When it is none, or out of bounds.
pub fn parse_seconds(text: &str, min: Option<f64>, max: Option<f64>) -> Result<Duration, Wrong> {
    let wrong = || {
        let instead = format!("write a time in seconds{}, such as 1 or 0.5", bounds(min.as_ref(), max.as_ref(), " s"));
        (format!("is `{text}`"), instead)
    };
    let seconds = parse_number(text, min, max).map_err(|_| wrong())?;
    Duration::try_from_secs_f64(seconds).map_err(|_| wrong())
}

/// A time in whole milliseconds, within bounds.
///
/// # Errors
/// When it is none, or out of bounds.
pub fn parse_milliseconds(text: &str, min: Option<u64>, max: Option<u64>) -> Result<Duration, Wrong> {
    let wrong = |_| {
        let bounds = bounds(min.as_ref(), max.as_ref(), " ms");
        (format!("is `{text}`"), format!("write a time in whole milliseconds{bounds}"))
    };
    parse_number(text, min, max).map(Duration::from_millis).map_err(wrong)
}

fn bounds<T: fmt::Display>(min: Option<&T>, max: Option<&T>, unit: &str) -> String {
    match (min, max) {
        (Some(min), Some(max)) => format!(" from {min}{unit} to {max}{unit}"),
        (Some(min), None) => format!(" from {min}{unit} up"),
        (None, Some(max)) => format!(" up to {max}{unit}"),
        (None, None) => String::new(),
    }
}

/// true or false; also 1, 0, yes, no, on, off.
///
/// # Errors
/// When it is none of these.
pub fn parse_boolean(text: &str) -> Result<bool, Wrong> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err((format!("is `{text}`"), "write true or false".to_owned())),
    }
}

/// Words separated by commas, each of them checked.
///
/// # Errors
/// The first word that is refused.
pub fn parse_list<E: fmt::Display>(text: &str, check: impl Fn(&str) -> Result<(), E>) -> Result<Vec<String>, Wrong> {
    let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
    let checked = words.map(|word| match check(word) {
        Ok(()) => Ok(word.to_owned()),
        Err(error) => Err((format!("lists `{word}`"), error.to_string())),
    });
    checked.collect()
}

/// For lists whose words are free.
///
/// # Errors
/// Never.
pub fn any_word(_: &str) -> Result<(), String> {
    Ok(())
}

/// A URL: a scheme, `://`, and what follows.
///
/// # Errors
/// When it is none.
pub fn parse_url(text: &str) -> Result<String, Wrong> {
    let scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    match text.split_once("://") {
        Some((start, rest)) if !start.is_empty() && start.chars().all(scheme) && !rest.is_empty() => {
            Ok(text.to_owned())
        }
        _ => Err(("is no URL".to_owned(), "write a URL such as https://host/path".to_owned())),
    }
}

/// A path in the file system.
///
/// # Errors
/// Never.
pub fn parse_path(text: &str) -> Result<std::path::PathBuf, Wrong> {
    Ok(text.into())
}
