//! Text of `impl Payload`: every rule of a type as one plain statement with its place and what must hold.

use std::fmt::Write as _;

use serde_json::{Number, Value as Json};

use super::shape::{Body, Check, Item, Kind, Slot, Struct};
use super::types::is_copied;
use crate::generate::rust::{names, text};

/// Above so many statements each field gets a function of its own.
const LONG: usize = 10;

/// A value as code speaks of it.
#[derive(Clone, Copy)]
struct Place<'a> {
    /// An expression: `self.price`, or a name.
    code: &'a str,
    /// Is it a reference already?
    borrowed: bool,
    /// JSON pointer from where the function begins.
    pointer: &'a str,
}

impl Place<'_> {
    fn value(self) -> String {
        if self.borrowed { format!("*{}", self.code) } else { self.code.to_owned() }
    }

    fn reference(self) -> String {
        if self.borrowed { self.code.to_owned() } else { format!("&{}", self.code) }
    }
}

/// `impl Payload` of a type.
pub(super) fn item(item: &Item) -> String {
    let rust = &item.rust;
    let (body, more) = match &item.body {
        Body::Struct(body) => structure(body),
        Body::Words(_) => (String::new(), String::new()),
        Body::Wrapper(slot) => {
            (slot_checks(slot, Place { code: "self.0", borrowed: false, pointer: "" }), String::new())
        }
        Body::Union { variants, .. } => {
            let arms: String = variants.iter().fold(String::new(), |mut arms, variant| {
                let _ = writeln!(arms, "Self::{}(variant) => variant.validate(),", variant.rust);
                arms
            });
            (format!("match self {{\n{arms}}}?;\n"), String::new())
        }
    };
    let body = closed(&body);
    let more = if more.is_empty() { more } else { format!("impl {rust} {{\n{more}}}\n\n") };
    format!("{more}impl Payload for {rust} {{\nfn validate(&self) -> Result<(), Invalid> {{\n{body}\n}}\n}}\n\n")
}

/// The body of `validate`, and functions of single fields where there are many.
fn structure(body: &Struct) -> (String, String) {
    let mut parts: Vec<(String, String)> = Vec::new();
    for field in &body.fields {
        let pointer = format!("/{}", field.property.replace('~', "~0").replace('/', "~1"));
        let code = format!("self.{}", field.rust);
        let checks = if field.required {
            slot_checks(&field.slot, Place { code: &code, borrowed: false, pointer: &pointer })
        } else {
            when_there(&field.slot, &code, &pointer)
        };
        parts.push((names::plain(&field.rust).to_owned(), checks));
    }
    if let Some((name, slot)) = &body.extra {
        let inner = slot_checks(slot, Place { code: "value", borrowed: true, pointer: "" });
        if !inner.is_empty() {
            parts.push((name.clone(), format!("each_value(&self.{name}, |value| {{ {inner}Ok(()) }})?;\n")));
        }
    }
    parts.retain(|(_, checks)| !checks.is_empty());
    let count = property_count(body);
    let statements: usize = parts.iter().map(|(_, checks)| checks.matches("?;").count()).sum();
    if statements <= LONG {
        return (parts.into_iter().map(|(_, checks)| checks).collect::<String>() + &count, String::new());
    }
    let mut calls = String::new();
    let mut functions = String::new();
    for (name, checks) in parts {
        let _ = writeln!(calls, "self.check_{name}()?;");
        let _ = writeln!(functions, "fn check_{name}(&self) -> Result<(), Invalid> {{\n{}\n}}\n", closed(&checks));
    }
    (calls + &count, functions)
}

/// Bounds on the number of properties.
fn property_count(body: &Struct) -> String {
    if body.checks.is_empty() {
        return String::new();
    }
    let always = body.fields.iter().filter(|field| field.required).count();
    let mut count = always.to_string();
    for field in body.fields.iter().filter(|field| !field.required) {
        let _ = write!(count, " + usize::from(self.{}.is_some())", field.rust);
    }
    if let Some((name, _)) = &body.extra {
        let _ = write!(count, " + self.{name}.len()");
    }
    let mut code = format!("let count = {count};\n");
    for check in &body.checks {
        code.push_str(&size_check(check, "count", "", "properties"));
    }
    code
}

/// Statements for the value in an optional field, which may be null as well.
fn when_there(slot: &Slot, code: &str, pointer: &str) -> String {
    let inner = Slot { nullable: false, ..slot.clone() };
    let checks = slot_checks(&inner, Place { code: "value", borrowed: true, pointer });
    let there = if slot.nullable { "Some(Some(value))" } else { "Some(value)" };
    if checks.is_empty() { checks } else { format!("if let {there} = &{code} {{\n{checks}}}\n") }
}

/// A function's body: its last statement is its value.
fn closed(statements: &str) -> String {
    match statements.strip_suffix("?;\n") {
        Some(last) => last.to_owned(),
        None => format!("{statements}Ok(())"),
    }
}

/// Statements that check a value.
fn slot_checks(slot: &Slot, place: Place<'_>) -> String {
    if slot.nullable {
        let inner = Slot { nullable: false, ..slot.clone() };
        let checks = slot_checks(&inner, Place { code: "value", borrowed: true, pointer: place.pointer });
        if checks.is_empty() {
            return checks;
        }
        return format!("if let Some(value) = {} {{\n{checks}}}\n", place.reference());
    }
    let mut code = String::new();
    let under = match place.pointer {
        "" => String::new(),
        pointer => format!(".map_err(|error| error.under({}))", text::string(pointer)),
    };
    match &slot.kind {
        Kind::Number => {
            let condition = format!("{}.is_finite()", place.code);
            code.push_str(&rule(&condition, place.pointer, "must be a finite number"));
        }
        Kind::Named(_) => {
            let _ = writeln!(code, "{}.validate(){under}?;", place.code);
        }
        Kind::List(inner) | Kind::Map(inner) => {
            let each = if matches!(slot.kind, Kind::List(_)) { "each" } else { "each_value" };
            let name = if is_copied(inner) || matches!(inner.kind, Kind::Named(_)) { "item" } else { "inner" };
            let checks = slot_checks(inner, Place { code: name, borrowed: true, pointer: "" });
            if checks == "item.validate()?;\n" && !inner.nullable {
                let _ = writeln!(code, "{each}({}, Payload::validate){under}?;", place.reference());
            } else if !checks.is_empty() {
                let values = place.reference();
                let _ = writeln!(code, "{each}({values}, |{name}| {{ {checks}Ok(()) }}){under}?;");
            }
        }
        Kind::Integer | Kind::Boolean | Kind::Text | Kind::Word(_) | Kind::Any => {}
    }
    for check in &slot.checks {
        code.push_str(&statement(check, &slot.kind, place));
    }
    code
}

fn rule(condition: &str, pointer: &str, reason: &str) -> String {
    format!("rule({condition}, {}, {})?;\n", text::string(pointer), text::string(reason))
}

fn statement(check: &Check, kind: &Kind, place: Place<'_>) -> String {
    let (code, pointer) = (place.code, place.pointer);
    match check {
        Check::Minimum { limit, exclusive } => {
            let (sign, word) = if *exclusive { (">", "above") } else { (">=", "at least") };
            bound(kind, place, (sign, limit, *exclusive), &format!("must be {word} {}", plain(limit)))
        }
        Check::Maximum { limit, exclusive } => {
            let (sign, word) = if *exclusive { ("<", "below") } else { ("<=", "at most") };
            bound(kind, place, (sign, limit, *exclusive), &format!("must be {word} {}", plain(limit)))
        }
        Check::MultipleOf(limit) => {
            let reason = format!("must be a multiple of {}", plain(limit));
            let condition = match (kind, limit.as_i64()) {
                (Kind::Integer, Some(limit)) => format!("{} % {} == 0", place.value(), text::integer(limit.into())),
                // Whole numbers beyond 2^53 are rounded, as in most JSON Schema validators.
                (Kind::Integer, None) => {
                    let limit = text::float(limit.as_f64().unwrap_or(1.0));
                    format!("is_multiple({code}.to_string().parse().unwrap_or(f64::NAN), {limit})")
                }
                _ => format!("is_multiple({}, {})", place.value(), text::float(limit.as_f64().unwrap_or(1.0))),
            };
            rule(&condition, pointer, &reason)
        }
        Check::MinSize(_) | Check::MaxSize(_) => {
            let (size, unit) = match kind {
                Kind::Text => (format!("characters({})", place.reference()), "characters"),
                Kind::List(_) => (format!("{code}.len()"), "elements"),
                _ => (format!("{code}.len()"), "properties"),
            };
            size_check(check, &size, pointer, unit)
        }
        Check::Pattern { table, pattern } => {
            rule(&format!("{table}.matches({code}.as_bytes())"), pointer, &format!("must match `{pattern}`"))
        }
        Check::Format { function, reason } => rule(&format!("{function}({})", place.reference()), pointer, reason),
        Check::Unique => rule(&format!("unique({})", place.reference()), pointer, "must not hold an element twice"),
        Check::OneOf(values) => {
            let literal = |value: &Json| match (kind, value) {
                (Kind::Integer, _) => text::integer(value.as_i64().unwrap_or_default().into()),
                (Kind::Number, _) => text::float(value.as_f64().unwrap_or_default()),
                _ => value.to_string(),
            };
            let literals: Vec<String> = values.iter().map(literal).collect();
            let words: Vec<String> = values.iter().map(Json::to_string).collect();
            let condition = format!("[{}].contains({})", literals.join(", "), place.reference());
            rule(&condition, pointer, &format!("must be one of {}", words.join(", ")))
        }
    }
}

fn bound(kind: &Kind, place: Place<'_>, (sign, limit, exclusive): (&str, &Number, bool), reason: &str) -> String {
    if !matches!(kind, Kind::Integer) {
        let condition = format!("{} {sign} {}", place.value(), text::float(limit.as_f64().unwrap_or_default()));
        return rule(&condition, place.pointer, reason);
    }
    let up = sign.starts_with('>');
    let whole = whole_limit(limit, up, exclusive);
    let sign = if up { ">=" } else { "<=" };
    match i64::try_from(whole) {
        // Every i64 keeps these.
        Ok(i64::MIN) if up => String::new(),
        Ok(i64::MAX) if !up => String::new(),
        Ok(limit) => rule(&format!("{} {sign} {}", place.value(), text::integer(limit.into())), place.pointer, reason),
        Err(_) if (whole < 0) == up => String::new(),
        Err(_) => rule("false", place.pointer, reason),
    }
}

/// The smallest (`up`) or largest whole number within a limit.
fn whole_limit(limit: &Number, up: bool, exclusive: bool) -> i128 {
    let step = i128::from(exclusive) * if up { 1 } else { -1 };
    if let Some(whole) = limit.as_i64().map(i128::from).or_else(|| limit.as_u64().map(i128::from)) {
        return whole + step;
    }
    let float = limit.as_f64().unwrap_or_default();
    let rounded = if up { float.ceil() } else { float.floor() };
    #[allow(clippy::cast_possible_truncation, reason = "saturates, which is far beyond any i64")]
    let whole = rounded as i128;
    #[allow(clippy::float_cmp, reason = "a whole float equals its rounding exactly")]
    if rounded == float { whole.saturating_add(step) } else { whole }
}

/// A number as people write it: `1000` for `1000.0`.
fn plain(number: &Number) -> String {
    let text = number.to_string();
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn size_check(check: &Check, size: &str, pointer: &str, unit: &str) -> String {
    let single = |count: u64| {
        if count == 1 {
            unit.strip_suffix("ies").map_or(unit.trim_end_matches('s').to_owned(), |stem| format!("{stem}y"))
        } else {
            unit.to_owned()
        }
    };
    let empty = size.strip_suffix(".len()");
    match (check, empty) {
        (Check::MinSize(0), _) => String::new(),
        (Check::MinSize(1), Some(whole)) => {
            rule(&format!("!{whole}.is_empty()"), pointer, &format!("must have at least 1 {}", single(1)))
        }
        (Check::MinSize(count), _) => {
            let reason = format!("must have at least {count} {}", single(*count));
            rule(&format!("{size} >= {}", text::integer((*count).into())), pointer, &reason)
        }
        (Check::MaxSize(count), _) => {
            let reason = format!("must have at most {count} {}", single(*count));
            rule(&format!("{size} <= {}", text::integer((*count).into())), pointer, &reason)
        }
        _ => String::new(),
    }
}
