mod environment {
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
            let instead =
                format!("write a time in seconds{}, such as 1 or 0.5", bounds(min.as_ref(), max.as_ref(), " s"));
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
    pub fn parse_list<E: fmt::Display>(
        text: &str,
        check: impl Fn(&str) -> Result<(), E>,
    ) -> Result<Vec<String>, Wrong> {
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
}
pub use environment::*;
mod formats {
    //! The formats of JSON Schema that texts are checked for, with the verdicts of the jsonschema crate. Text in, yes or no
    //! out. Embedded as text in generated code; depends on std alone.
    /// Two decimal digits at a place.
    fn two(bytes: &[u8], at: usize) -> Option<u32> {
        match bytes.get(at..at + 2)? {
            [a @ b'0'..=b'9', b @ b'0'..=b'9'] => Some(u32::from(a - b'0') * 10 + u32::from(b - b'0')),
            _ => None,
        }
    }
    /// A date as in RFC 3339, by the calendar.
    #[must_use]
    pub fn is_date(text: &str) -> bool {
        let bytes = text.as_bytes();
        let parts = (two(bytes, 0), two(bytes, 2), two(bytes, 5), two(bytes, 8));
        let (Some(century), Some(year), Some(month), Some(day)) = parts else { return false };
        let year = century * 100 + year;
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return false,
        };
        bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-' && (1..=days).contains(&day)
    }
    /// A time of day with offset as in RFC 3339; a leap second only where UTC may have one.
    #[must_use]
    pub fn is_time(text: &str) -> bool {
        let bytes = text.as_bytes();
        let parts = (two(bytes, 0), two(bytes, 3), two(bytes, 6));
        let (Some(hour), Some(minute), Some(second)) = parts else { return false };
        if bytes[2] != b':' || bytes[5] != b':' || hour > 23 || minute > 59 || second > 60 {
            return false;
        }
        let mut rest = &bytes[8..];
        if let [b'.', fraction @ ..] = rest {
            let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 {
                return false;
            }
            rest = &fraction[digits..];
        }
        let Some(offset) = offset_minutes(rest) else { return false };
        let utc = (hour * 60 + minute + 1440).wrapping_add_signed(-offset) % 1440;
        second < 60 || utc == 23 * 60 + 59
    }
    /// `Z`, `+hh:mm` or `-hh:mm` in minutes east.
    fn offset_minutes(bytes: &[u8]) -> Option<i32> {
        match bytes {
            [b'Z' | b'z'] => Some(0),
            [sign @ (b'+' | b'-'), _, _, b':', _, _] => {
                let (hours, minutes) = (two(bytes, 1)?, two(bytes, 4)?);
                let east = i32::try_from(hours * 60 + minutes).ok()?;
                let sound = hours <= 23 && minutes <= 59;
                sound.then_some(if *sign == b'-' { -east } else { east })
            }
            _ => None,
        }
    }
    /// Date and time with offset as in RFC 3339.
    #[must_use]
    pub fn is_date_time(text: &str) -> bool {
        text.split_once(['T', 't']).is_some_and(|(date, time)| is_date(date) && is_time(time))
    }
    /// A UUID with hyphens.
    #[must_use]
    pub fn is_uuid(text: &str) -> bool {
        let fits = |(at, byte): (usize, u8)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        };
        text.len() == 36 && text.bytes().enumerate().all(fits)
    }
    /// Hexadecimal digits, perhaps of a fixed number.
    #[must_use]
    pub fn is_hex(text: &str, length: Option<usize>) -> bool {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_hexdigit())
            && length.is_none_or(|length| text.len() == length)
    }
    /// An IPv4 address.
    #[must_use]
    pub fn is_ipv4(text: &str) -> bool {
        text.parse::<std::net::Ipv4Addr>().is_ok()
    }
    /// An IPv6 address.
    #[must_use]
    pub fn is_ipv6(text: &str) -> bool {
        text.parse::<std::net::Ipv6Addr>().is_ok()
    }
}
pub use formats::*;
mod values {
    //! Payloads on their way in and out: what is wrong with a value, the trait of all payloads, and encoded payloads that
    //! remember their type. Embedded as text in generated code; depends on std, serde and serde_json alone.
    use serde::Deserialize as _;
    use std::fmt;
    use std::marker::PhantomData;
    use std::sync::Arc;
    /// Why a value is refused. It never holds the value itself.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Invalid {
        /// Where: a JSON pointer into the payload (empty: the whole), or the name of a param.
        pub at: String,
        /// What it must be.
        pub reason: String,
    }
    impl Invalid {
        /// A refusal at a place.
        pub fn new(at: impl Into<String>, reason: impl Into<String>) -> Self {
            Self { at: at.into(), reason: reason.into() }
        }
        /// The same refusal, seen from further out.
        #[must_use]
        pub fn under(mut self, pointer: &str) -> Self {
            self.at.insert_str(0, pointer);
            self
        }
    }
    impl fmt::Display for Invalid {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let at = if self.at.is_empty() { "the value" } else { &self.at };
            write!(f, "{at} {}", self.reason)
        }
    }
    impl std::error::Error for Invalid {}
    /// A value that travels as JSON under a contract.
    pub trait Payload: serde::Serialize + serde::de::DeserializeOwned {
        /// Checks what the types alone do not say.
        ///
        /// # Errors
        /// The first rule that is broken, and where.
        fn validate(&self) -> Result<(), Invalid>;
        /// Checks the value and makes its JSON, once for all keys it is written to.
        ///
        /// # Errors
        /// When the value breaks its contract: such a value never reaches the bus.
        fn encode(&self) -> Result<Encoded<Self>, Invalid> {
            self.validate()?;
            let bytes = serde_json::to_vec(self).map_err(|_| Invalid::new("", "cannot be written as JSON"))?;
            Ok(Encoded { bytes: bytes.into(), payload: PhantomData })
        }
        /// Reads and checks JSON. Unknown fields are left aside, so that writers may add some.
        ///
        /// # Errors
        /// When the bytes are not JSON, not of this shape, or break the contract.
        fn decode(bytes: &[u8]) -> Result<Self, Invalid> {
            let value = match serde_json::from_slice::<Self>(bytes) {
                Ok(value) => value,
                Err(error) => {
                    let mut tree: serde_json::Value = serde_json::from_slice(bytes).map_err(|error| refusal(&error))?;
                    make_whole(&mut tree);
                    Self::deserialize(tree).map_err(|_| refusal(&error))?
                }
            };
            value.validate()?;
            Ok(value)
        }
    }
    /// What serde says, without the values it quotes.
    fn refusal(error: &serde_json::Error) -> Invalid {
        let text = error.to_string();
        let named = ["missing field `", "duplicate field `"].into_iter().find(|start| text.starts_with(start));
        let name = named.and_then(|start| text.get(start.len()..)?.split('`').next());
        let reason = match (named, name) {
            (Some("missing field `"), Some(name)) => format!("lacks the field `{name}`"),
            (Some(_), Some(name)) => format!("has the field `{name}` twice"),
            _ if error.is_data() && error.column() == 0 => "has not the shape that its contract says".to_owned(),
            _ if error.is_data() => {
                format!("has not the shape that its contract says (byte {})", error.column())
            }
            _ => format!("is not JSON (line {}, byte {})", error.line(), error.column()),
        };
        Invalid::new("", reason)
    }
    fn make_whole(tree: &mut serde_json::Value) {
        match tree {
            serde_json::Value::Number(number) => {
                let float = if number.is_f64() { number.as_f64() } else { None };
                if let Some(float) =
                    float.filter(|float| float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0)
                {
                    #[allow(clippy::cast_possible_truncation, reason = "whole, and within 2^53")]
                    let whole = float as i64;
                    *number = whole.into();
                }
            }
            serde_json::Value::Array(items) => items.iter_mut().for_each(make_whole),
            serde_json::Value::Object(fields) => fields.values_mut().for_each(make_whole),
            serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::String(_) => {}
        }
    }
    /// A checked payload as JSON; cheap to clone. Only [`Payload::encode`] makes one.
    pub struct Encoded<T> {
        bytes: Arc<[u8]>,
        payload: PhantomData<fn() -> T>,
    }
    impl<T> Encoded<T> {
        /// The JSON.
        #[must_use]
        pub fn as_bytes(&self) -> &[u8] {
            &self.bytes
        }
        /// Its length in bytes.
        #[must_use]
        pub fn len(&self) -> usize {
            self.bytes.len()
        }
        /// Never true: there is no JSON without bytes.
        #[must_use]
        pub fn is_empty(&self) -> bool {
            self.bytes.is_empty()
        }
    }
    impl<T> Clone for Encoded<T> {
        fn clone(&self) -> Self {
            Self { bytes: Arc::clone(&self.bytes), payload: PhantomData }
        }
    }
    impl<T> fmt::Debug for Encoded<T> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "Encoded({} bytes)", self.len())
        }
    }
    impl<T> AsRef<[u8]> for Encoded<T> {
        fn as_ref(&self) -> &[u8] {
            self.as_bytes()
        }
    }
    /// Refuses unless `holds`.
    ///
    /// # Errors
    /// When it does not hold.
    pub fn rule(holds: bool, at: &str, reason: &str) -> Result<(), Invalid> {
        if holds { Ok(()) } else { Err(Invalid::new(at, reason)) }
    }
    /// Checks each element.
    ///
    /// # Errors
    /// The first that is refused, with its index.
    pub fn each<T>(items: &[T], check: impl Fn(&T) -> Result<(), Invalid>) -> Result<(), Invalid> {
        for (at, item) in items.iter().enumerate() {
            check(item).map_err(|error| error.under(&format!("/{at}")))?;
        }
        Ok(())
    }
    /// Checks each value of a map.
    ///
    /// # Errors
    /// The first that is refused, with its name.
    pub fn each_value<T>(
        map: &std::collections::BTreeMap<String, T>,
        check: impl Fn(&T) -> Result<(), Invalid>,
    ) -> Result<(), Invalid> {
        for (name, value) in map {
            check(value).map_err(|error| error.under(&format!("/{}", name.replace('~', "~0").replace('/', "~1"))))?;
        }
        Ok(())
    }
    /// Are all elements different? Takes time in the square of their number.
    #[must_use]
    pub fn unique<T: PartialEq>(items: &[T]) -> bool {
        items.iter().enumerate().all(|(at, item)| !items[..at].contains(item))
    }
    /// Length in characters, as JSON Schema counts.
    #[must_use]
    pub fn characters(text: &str) -> usize {
        text.chars().count()
    }
    /// Is a number a multiple of another, both taken as the decimals they are written as?
    #[must_use]
    pub fn is_multiple(value: f64, of: f64) -> bool {
        if value == 0.0 {
            return true;
        }
        let (Some((value, value_exponent)), Some((of, of_exponent))) = (decimal(value), decimal(of)) else {
            return false;
        };
        let shift = value_exponent - of_exponent;
        if shift < 0 {
            let scale = u32::try_from(-shift).ok().and_then(|shift| 10_u128.checked_pow(shift));
            return scale.and_then(|scale| of.checked_mul(scale)).is_some_and(|divisor| value % divisor == 0);
        }
        (0..shift).fold(value % of, |rest, _| rest * 10 % of) == 0
    }
    /// Digits and power of ten of the shortest decimal of a float, without its sign.
    fn decimal(value: f64) -> Option<(u128, i32)> {
        let text = format!("{:e}", value.abs());
        let (digits, exponent) = text.split_once('e')?;
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let exponent = exponent.parse::<i32>().ok()? - i32::try_from(fraction.len()).ok()?;
        Some((format!("{whole}{fraction}").parse().ok()?, exponent))
    }
    /// For an optional field: when it is there it is a `T`, and `null` is none unless `T` says so.
    ///
    /// # Errors
    /// When it is there and no `T`.
    pub fn present<'de, D: serde::Deserializer<'de>, T: serde::Deserialize<'de>>(
        from: D,
    ) -> Result<Option<T>, D::Error> {
        T::deserialize(from).map(Some)
    }
    /// For a required field that may be `null`: it must be there.
    ///
    /// # Errors
    /// When it is neither null nor a `T`.
    pub fn nullable<'de, D: serde::Deserializer<'de>, T: serde::Deserialize<'de>>(
        from: D,
    ) -> Result<Option<T>, D::Error> {
        Option::deserialize(from)
    }
    /// One of some words.
    ///
    /// # Errors
    /// When it is no text, or none of the words.
    pub fn word<'de, D: serde::Deserializer<'de>, T: Copy>(
        from: D,
        all: &[T],
        as_str: impl Fn(T) -> &'static str,
    ) -> Result<T, D::Error> {
        let text = String::deserialize(from)?;
        let found = all.iter().copied().find(|word| as_str(*word) == text);
        found.ok_or_else(|| serde::de::Error::custom("is none of the allowed words"))
    }
    /// Reads objects and nothing else: left alone, serde takes an array for a struct as well.
    #[derive(Debug)]
    pub struct Object<D>(pub D);
    impl<'de, D: serde::Deserializer<'de>> serde::Deserializer<'de> for Object<D> {
        type Error = D::Error;
        fn deserialize_any<V: serde::de::Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.0.deserialize_map(OnlyMap(visitor))
        }
        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes
            byte_buf option unit unit_struct newtype_struct seq tuple tuple_struct map
            struct enum identifier ignored_any
        }
    }
    struct OnlyMap<V>(V);
    impl<'de, V: serde::de::Visitor<'de>> serde::de::Visitor<'de> for OnlyMap<V> {
        type Value = V::Value;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.expecting(f)
        }
        fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
            self.0.visit_map(map)
        }
    }
    /// The value as this variant, if it is one and keeps its rules.
    #[must_use]
    pub fn as_variant<T: Payload>(value: &serde_json::Value) -> Option<T> {
        T::deserialize(value).ok().filter(|variant| variant.validate().is_ok())
    }
    /// A regular expression as the table of its automaton: no engine is needed to match.
    #[derive(Debug)]
    pub struct Dfa {
        /// The class of each byte.
        pub classes: &'static [u8; 256],
        /// How many classes there are.
        pub class_count: usize,
        /// For each state and class the next state, two bytes, the high one first.
        pub transitions: &'static [u8],
        /// For each state 1 if a text may end there.
        pub accepting: &'static [u8],
        /// The state to begin in.
        pub start: usize,
    }
    /// The class of each byte, from ranges of bytes (both ends included); bytes in no range are of class 0.
    #[must_use]
    pub const fn byte_classes(ranges: &[(u8, u8, u8)]) -> [u8; 256] {
        let mut classes = [0; 256];
        let mut at = 0;
        while at < ranges.len() {
            let (first, last, class) = ranges[at];
            let mut byte = first as usize;
            while byte <= last as usize {
                classes[byte] = class;
                byte += 1;
            }
            at += 1;
        }
        classes
    }
    impl Dfa {
        /// Does the text match?
        #[must_use]
        pub fn matches(&self, bytes: &[u8]) -> bool {
            let mut state = self.start;
            for byte in bytes {
                let class = usize::from(self.classes[usize::from(*byte)]);
                let at = 2 * (state * self.class_count + class);
                let Some(&[high, low]) = self.transitions.get(at..at + 2) else { return false };
                state = usize::from(u16::from_be_bytes([high, low]));
            }
            self.accepting.get(state) == Some(&1)
        }
    }
}
pub use values::*;
