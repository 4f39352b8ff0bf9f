//! Numbers and times: what is computed of constants, and what a value is of the configuration variable that it comes from.
//!
//! A number is a text of digits; a time carries its unit (`300s`, `500ms`), so that nobody need know what it was counted in.
//! A value that is not known, but comes from a variable, is followed as well.

use super::value::{Item, Line, Part, Text, Value, Values, Variable, hole};
use crate::extract::Certainty;

/// Parts of one: numbers have nine decimals, times are counted in nanoseconds.
pub const ONE: i128 = 1_000_000_000;

/// Units of times as they are written, the longest first.
const UNITS: &[(&str, i128)] = &[("s", ONE), ("ms", 1_000_000), ("us", 1000), ("ns", 1)];

/// A number, or a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// How much, in billionths; of a variable without default unknown.
    pub nano: Option<i128>,
    /// Is it a time, in seconds?
    pub time: bool,
    /// The variable that it comes from.
    pub variable: Option<Box<Variable>>,
}

impl Quantity {
    /// A text as a quantity, if it is one.
    #[must_use]
    pub fn of(text: &Text) -> Option<Self> {
        let variable = text.config.clone();
        if text.is_hole() {
            let time = variable.as_ref()?.line.time;
            return Some(Self { nano: None, time, variable });
        }
        let plain = text.plain()?;
        if let Some(nano) = decimal(plain) {
            return Some(Self { nano: Some(nano), time: false, variable });
        }
        let digits = plain.trim_end_matches(|c: char| c.is_ascii_lowercase());
        let (_, unit) = UNITS.iter().find(|(name, _)| *name == &plain[digits.len()..])?;
        let nano = decimal(digits)?.checked_mul(*unit)? / ONE;
        Some(Self { nano: Some(nano), time: true, variable })
    }

    fn is_of_now(&self) -> bool {
        self.variable.as_deref().is_some_and(Variable::is_now)
    }

    fn text(self, name: &str) -> Text {
        let part = match self.nano {
            Some(nano) => Part::Literal(if self.time { written(nano) } else { plain(nano) }),
            None => Part::Hole(super::value::tidy(name).into()),
        };
        Text { parts: vec![part], config: self.variable }
    }

    /// So many times as much; `time` tells whether it becomes one.
    #[must_use]
    pub fn times(self, by: i128, of: i128, time: bool) -> Option<Self> {
        let nano = match self.nano {
            Some(nano) => Some(nano.checked_mul(by)?.checked_div(of)?),
            None => None,
        };
        let variable = self.variable.and_then(|variable| {
            let line = variable.line.times(by, of)?;
            Some(Box::new(Variable { line: Line { time, ..line }, ..*variable }))
        });
        (nano.is_some() || variable.is_some()).then_some(Self { nano, time, variable })
    }

    fn plus(self, more: i128) -> Option<Self> {
        let nano = match self.nano {
            Some(nano) => Some(nano.checked_add(more)?),
            None => None,
        };
        let variable = self.variable.and_then(|variable| {
            let line = Line { plus: variable.line.plus.checked_add(more)?, ..variable.line };
            Some(Box::new(Variable { line, ..*variable }))
        });
        Some(Self { nano, variable, ..self })
    }

    /// What its variable would be: its default, or the value that `stand_in` is of it.
    #[must_use]
    pub fn default(&self) -> Option<i128> {
        let Line { num, den, plus, .. } = self.variable.as_ref()?.line;
        self.nano?.checked_sub(plus)?.checked_mul(den)?.checked_div(num)
    }

    /// What it is where its variable is this number.
    #[must_use]
    pub fn where_it_is(&self, number: i128) -> Option<i128> {
        let Line { num, den, plus, .. } = self.variable.as_ref()?.line;
        number.checked_mul(ONE)?.checked_mul(num)?.checked_div(den)?.checked_add(plus)
    }
}

/// A time as it is written, in the largest unit of which it is a whole number.
#[must_use]
pub fn written(nano: i128) -> String {
    let (name, unit) = UNITS.iter().find(|(_, unit)| nano % unit == 0).copied().unwrap_or(("ns", 1));
    format!("{}{name}", nano / unit)
}

fn plain(nano: i128) -> String {
    let (whole, rest) = (nano / ONE, (nano % ONE).abs());
    if rest == 0 {
        return whole.to_string();
    }
    let sign = if nano < 0 && whole == 0 { "-" } else { "" };
    format!("{sign}{whole}.{rest:09}").trim_end_matches('0').to_owned()
}

fn decimal(text: &str) -> Option<i128> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let all = |text: &str| text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all(whole) || !all(rest) || (rest.is_empty() && digits.ends_with('.')) {
        return None;
    }
    let mut nano = whole.parse::<i128>().ok()?.checked_mul(ONE)?;
    let mut unit = ONE;
    for digit in rest.bytes().take(9) {
        unit /= 10;
        nano += i128::from(digit - b'0') * unit;
    }
    Some(sign * nano)
}

/// The one quantity that values are, and how sure it is. What is no text says nothing of it.
fn single(values: &Values) -> Option<(Quantity, Certainty)> {
    let says = |text: &&Text| values.len() == 1 || !text.is_hole() || text.config.is_some();
    let mut texts = values.iter().filter_map(|item| Some((item.value.text().filter(says)?, item.certainty)));
    let (text, certainty) = texts.next()?;
    let others = values.iter().any(|item| !matches!(item.value, Value::Text(_) | Value::External(_) | Value::Null));
    if texts.next().is_some() || others { None } else { Some((Quantity::of(text)?, certainty)) }
}

/// Each quantity changed; what is none stays.
fn each(values: &Values, name: &str, change: impl Fn(Quantity) -> Option<Quantity>) -> Values {
    let changed = values.iter().filter_map(|item| match item.value.text().and_then(Quantity::of) {
        Some(quantity) => {
            let text = change(quantity).map_or_else(|| unknown(name), |quantity| quantity.text(name));
            Some(Item { value: Value::Text(text), certainty: item.certainty })
        }
        None if matches!(item.value, Value::External(_)) => None,
        None => Some(item.clone()),
    });
    let changed: Vec<Item> = changed.collect();
    if changed.is_empty() { values.clone() } else { changed.into() }
}

fn unknown(name: &str) -> Text {
    Text { parts: vec![Part::Hole(super::value::tidy(name).into())], config: None }
}

/// Times from numbers of a unit, given in milliseconds.
pub(super) fn duration(values: &Values, unit: u64, name: &str) -> Values {
    let unit = i128::from(unit) * 1_000_000;
    each(values, name, |quantity| if quantity.time { Some(quantity) } else { quantity.times(unit, ONE, true) })
}

/// Numbers of a unit, given in nanoseconds, from times. What is no time is taken for seconds.
pub(super) fn units(values: &Values, unit: u64, name: &str) -> Values {
    each(values, name, |quantity| match quantity.time {
        true => quantity.times(ONE, i128::from(unit), false),
        false if i128::from(unit) == ONE => Some(quantity),
        false => None,
    })
}

/// Two numbers or times by an operator; `None` where they are something else.
pub(super) fn calculate(operator: &str, a: &Values, b: &Values, name: &str) -> Option<Values> {
    let (x, sure) = single(a)?;
    let (y, also) = single(b)?;
    let known = x.nano.is_some() && y.nano.is_some();
    let result = match operator {
        "*" => product(x, y)?,
        "/" | "//" | "div_ceil" => quotient(operator, x, y)?,
        // Texts are put together by the same operator.
        "+" if x.time == y.time && (known || [&x, &y].iter().any(|one| one.is_of_now())) => sum(x, y)?,
        "-" if x.time == y.time || (x.nano == Some(0) && x.variable.is_none()) => {
            let time = y.time;
            let minus = y.times(-1, 1, time)?;
            sum(Quantity { time, ..x }, minus)?
        }
        "**" if !x.time && !y.time => {
            let (base, power) = (x.nano? / ONE, y.nano? / ONE);
            let whole = base.checked_pow(u32::try_from(power).ok()?)?.checked_mul(ONE)?;
            Quantity { nano: Some(whole), time: false, variable: None }
        }
        _ => return None,
    };
    let item = Item { value: Value::Text(result.text(name)), certainty: sure.max(also) };
    Some(vec![item].into())
}

fn product(x: Quantity, y: Quantity) -> Option<Quantity> {
    let time = x.time || y.time;
    let (of, by) = if y.nano.is_some() && y.variable.is_none() { (x, y) } else { (y, x) };
    // Both may be configured: then what is known is the product of the defaults.
    let alone = by.variable.is_none();
    let mut result = of.times(by.nano?, ONE, time)?;
    if !alone {
        result.variable = None;
        result.nano?;
    }
    Some(result)
}

fn quotient(operator: &str, x: Quantity, y: Quantity) -> Option<Quantity> {
    let time = x.time && !y.time;
    let by = y.nano.filter(|by| *by != 0)?;
    if !x.time && y.time {
        return None;
    }
    let whole = |nano: i128, down: bool| {
        let floor = nano.div_euclid(ONE);
        (if down || nano.rem_euclid(ONE) == 0 { floor } else { floor + 1 }).checked_mul(ONE)
    };
    let exact = x.nano.is_none_or(|nano| nano.checked_mul(ONE).is_some_and(|nano| nano % by == 0));
    let mut result = x.times(ONE, by, time)?;
    if y.variable.is_some() {
        result.variable = None;
        result.nano?;
    }
    match (operator, result.nano) {
        ("/", _) if !exact => return None,
        ("//", Some(nano)) if !time => result.nano = Some(whole(nano, true)?),
        ("div_ceil", Some(nano)) if !time => result.nano = Some(whole(nano, false)?),
        _ => {}
    }
    Some(result)
}

fn sum(x: Quantity, y: Quantity) -> Option<Quantity> {
    match (&x.variable, &y.variable) {
        (_, None) => x.plus(y.nano?),
        (None, Some(_)) => y.plus(x.nano?),
        (Some(now), Some(_)) if now.is_now() => x.plus(y.nano?),
        (Some(_), Some(_)) => {
            let nano = Some(x.nano?.checked_add(y.nano?)?);
            Some(Quantity { nano, time: x.time, variable: None })
        }
    }
}

/// The larger or smaller of two. One that is configured keeps its variable: the other is a limit to it.
pub(super) fn limited(a: &Values, b: &Values, larger: bool) -> Values {
    match (single(a), single(b)) {
        (Some((x, _)), Some((y, _))) => match (&x.variable, &y.variable, x.nano, y.nano) {
            (None, Some(_), ..) => b.clone(),
            (None, None, Some(first), Some(second)) if (second > first) == larger => b.clone(),
            _ => a.clone(),
        },
        (None, Some(_)) if a.iter().all(|item| item.value.is_hole()) && !a.is_empty() => a.clone(),
        (None, Some(_)) if a.is_empty() => hole("value"),
        _ => a.clone(),
    }
}
