//! The payloads that `rich` writes and reads.
#![allow(dead_code, reason = "the registry decides what is generated")]
use super::support::{
    Dfa, Invalid, Object, Payload, as_variant, byte_classes, characters, each, each_value, is_date, is_date_time,
    is_ipv4, is_ipv6, is_multiple, is_time, is_uuid, nullable, present, rule, unique, word,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
/// Shared part
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(remote = "Self")]
pub struct Shared {
    /// The property `id`.
    #[schemars(extend("format" = "uuid"))]
    pub id: String,
}
impl Serialize for Shared {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, to)
    }
}
impl<'de> Deserialize<'de> for Shared {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::deserialize(Object(from))
    }
}
impl Payload for Shared {
    fn validate(&self) -> Result<(), Invalid> {
        rule(is_uuid(&self.id), "/id", "must be a UUID with hyphens")
    }
}
/// Order.
///
/// One order of a customer.
/// Second line with `code` and \[brackets\].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(
    deny_unknown_fields,
    extend(
        "required" = ["id",
        "type",
        "quantity",
        "price",
        "limit",
        "lines",
        "address",
        "weights"]
    )
)]
#[serde(remote = "Self")]
pub struct Order {
    /// Number of the order.
    #[schemars(extend("pattern" = "^[A-Z]{2}-\\d+$", "maxLength" = 12))]
    pub id: String,
    /// Kind of order.
    pub r#type: OrderType,
    /// The property `quantity`.
    #[schemars(extend("minimum" = 1, "maximum" = 100000, "multipleOf" = 5))]
    pub quantity: i64,
    /// The property `price`.
    #[schemars(
        extend("exclusiveMinimum" = 0, "maximum" = 1000000000.0, "multipleOf" = 0.01)
    )]
    pub price: f64,
    /// The property `limit`.
    #[serde(deserialize_with = "nullable")]
    #[schemars(with = "Option<f64>", extend("minimum" = 0))]
    pub limit: Option<f64>,
    /// The property `note`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "Option<String>", extend("minLength" = 1))]
    pub note: Option<Option<String>>,
    /// The property `gift`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "bool")]
    pub gift: Option<bool>,
    /// The property `placed`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "String", extend("format" = "date-time", "pattern" = "Z$"))]
    pub placed: Option<String>,
    /// The property `day`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "String", extend("format" = "date"))]
    pub day: Option<String>,
    /// The property `clock`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "String", extend("format" = "time"))]
    pub clock: Option<String>,
    /// The property `host`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "Option<String>", extend("format" = "ipv4"))]
    pub host: Option<Option<String>>,
    /// The property `host6`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "String", extend("format" = "ipv6"))]
    pub host6: Option<String>,
    /// The property `contact`.
    ///
    /// Not checked by this code: `format`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "String", extend("format" = "email"))]
    pub contact: Option<String>,
    /// The property `version`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "i64", extend("const" = 2))]
    pub version: Option<i64>,
    /// The property `ratio`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "f64", extend("enum" = [0.5, 1, 2]))]
    pub ratio: Option<f64>,
    /// The property `level`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "Option<i64>", extend("enum" = [1, 2, null]))]
    pub level: Option<Option<i64>>,
    /// The property `grade`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "Option<OrderGrade>")]
    pub grade: Option<Option<OrderGrade>>,
    /// The property `flag`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "bool", extend("const" = true))]
    pub flag: Option<bool>,
    /// The property `lines`.
    #[schemars(extend("minItems" = 1, "maxItems" = 5))]
    pub lines: Vec<OrderLinesItem>,
    /// The property `address`.
    pub address: OrderAddress,
    /// The property `weights`.
    #[schemars(
        extend(
            "additionalProperties" = {"type":"number",
            "minimum":0},
            "maxProperties" = 3
        )
    )]
    pub weights: BTreeMap<String, f64>,
    /// The property `matrix`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(
        with = "Vec<Vec<i64>>",
        extend(
            "items" = {"type":"array",
            "minItems":2,
            "maxItems":2,
            "items":{"type":"integer"}}
        )
    )]
    pub matrix: Option<Vec<Vec<i64>>>,
    /// The property `pair`.
    ///
    /// Not checked by this code: `type`, `prefixItems`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(
        with = "serde_json::Value",
        extend("type" = "array", "prefixItems" = [{"type":"string"}, {"type":"integer"}])
    )]
    pub pair: Option<serde_json::Value>,
    /// The property `anything`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "serde_json::Value")]
    pub anything: Option<serde_json::Value>,
    /// The property `mixed`.
    ///
    /// Not checked by this code: `type`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "serde_json::Value", extend("type" = ["string", "integer"]))]
    pub mixed: Option<serde_json::Value>,
    /// The property `shared`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "Shared")]
    pub shared: Option<Shared>,
    /// The property `parent`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "Box<Order>")]
    pub parent: Option<Box<Order>>,
    /// The property `$odd name`.
    #[serde(rename = "$odd name", default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "i64")]
    pub odd_name: Option<i64>,
    /// The property `self`.
    #[serde(rename = "self", default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "i64", extend("exclusiveMaximum" = 10.5))]
    pub self_: Option<i64>,
}
impl Serialize for Order {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, to)
    }
}
impl<'de> Deserialize<'de> for Order {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::deserialize(Object(from))
    }
}
impl Order {
    fn check_id(&self) -> Result<(), Invalid> {
        rule(PATTERN_1.matches(self.id.as_bytes()), "/id", "must match `^[A-Z]{2}-\\d+$`")?;
        rule(characters(&self.id) <= 12, "/id", "must have at most 12 characters")
    }
    fn check_quantity(&self) -> Result<(), Invalid> {
        rule(self.quantity >= 1, "/quantity", "must be at least 1")?;
        rule(self.quantity <= 100_000, "/quantity", "must be at most 100000")?;
        rule(self.quantity % 5 == 0, "/quantity", "must be a multiple of 5")
    }
    fn check_price(&self) -> Result<(), Invalid> {
        rule(self.price.is_finite(), "/price", "must be a finite number")?;
        rule(self.price > 0.0, "/price", "must be above 0")?;
        rule(self.price <= 1_000_000_000.0, "/price", "must be at most 1000000000")?;
        rule(is_multiple(self.price, 0.01), "/price", "must be a multiple of 0.01")
    }
    fn check_limit(&self) -> Result<(), Invalid> {
        if let Some(value) = &self.limit {
            rule(value.is_finite(), "/limit", "must be a finite number")?;
            rule(*value >= 0.0, "/limit", "must be at least 0")?;
        }
        Ok(())
    }
    fn check_note(&self) -> Result<(), Invalid> {
        if let Some(Some(value)) = &self.note {
            rule(characters(value) >= 1, "/note", "must have at least 1 character")?;
        }
        Ok(())
    }
    fn check_placed(&self) -> Result<(), Invalid> {
        if let Some(value) = &self.placed {
            rule(is_date_time(value), "/placed", "must be a date and time with offset as in RFC 3339")?;
            rule(PATTERN_2.matches(value.as_bytes()), "/placed", "must match `Z$`")?;
        }
        Ok(())
    }
    fn check_day(&self) -> Result<(), Invalid> {
        if let Some(value) = &self.day {
            rule(is_date(value), "/day", "must be a date, YYYY-MM-DD")?;
        }
        Ok(())
    }
    fn check_clock(&self) -> Result<(), Invalid> {
        if let Some(value) = &self.clock {
            rule(is_time(value), "/clock", "must be a time of day with offset as in RFC 3339")?;
        }
        Ok(())
    }
    fn check_host(&self) -> Result<(), Invalid> {
        if let Some(Some(value)) = &self.host {
            rule(is_ipv4(value), "/host", "must be an IPv4 address")?;
        }
        Ok(())
    }
    fn check_host6(&self) -> Result<(), Invalid> {
        if let Some(value) = &self.host6 {
            rule(is_ipv6(value), "/host6", "must be an IPv6 address")?;
        }
        Ok(())
    }
    fn check_version(&self) -> Result<(), Invalid> {
        if let Some(value) = &self.version {
            rule([2].contains(value), "/version", "must be one of 2")?;
        }
        Ok(())
    }
    fn check_ratio(&self) -> Result<(), Invalid> {
        if let Some(value) = &self.ratio {
            rule(value.is_finite(), "/ratio", "must be a finite number")?;
            rule([0.5, 1.0, 2.0].contains(value), "/ratio", "must be one of 0.5, 1, 2")?;
        }
        Ok(())
    }
    fn check_level(&self) -> Result<(), Invalid> {
        if let Some(Some(value)) = &self.level {
            rule([1, 2].contains(value), "/level", "must be one of 1, 2")?;
        }
        Ok(())
    }
    fn check_flag(&self) -> Result<(), Invalid> {
        if let Some(value) = &self.flag {
            rule([true].contains(value), "/flag", "must be one of true")?;
        }
        Ok(())
    }
    fn check_lines(&self) -> Result<(), Invalid> {
        each(&self.lines, Payload::validate).map_err(|error| error.under("/lines"))?;
        rule(!self.lines.is_empty(), "/lines", "must have at least 1 element")?;
        rule(self.lines.len() <= 5, "/lines", "must have at most 5 elements")
    }
    fn check_address(&self) -> Result<(), Invalid> {
        self.address.validate().map_err(|error| error.under("/address"))
    }
    fn check_weights(&self) -> Result<(), Invalid> {
        each_value(&self.weights, |item| {
            rule(item.is_finite(), "", "must be a finite number")?;
            rule(*item >= 0.0, "", "must be at least 0")?;
            Ok(())
        })
        .map_err(|error| error.under("/weights"))?;
        rule(self.weights.len() <= 3, "/weights", "must have at most 3 properties")
    }
    fn check_matrix(&self) -> Result<(), Invalid> {
        if let Some(value) = &self.matrix {
            each(value, |inner| {
                rule(inner.len() >= 2, "", "must have at least 2 elements")?;
                rule(inner.len() <= 2, "", "must have at most 2 elements")?;
                Ok(())
            })
            .map_err(|error| error.under("/matrix"))?;
        }
        Ok(())
    }
    fn check_shared(&self) -> Result<(), Invalid> {
        if let Some(value) = &self.shared {
            value.validate().map_err(|error| error.under("/shared"))?;
        }
        Ok(())
    }
    fn check_parent(&self) -> Result<(), Invalid> {
        if let Some(value) = &self.parent {
            value.validate().map_err(|error| error.under("/parent"))?;
        }
        Ok(())
    }
    fn check_self_(&self) -> Result<(), Invalid> {
        if let Some(value) = &self.self_ {
            rule(*value <= 10, "/self", "must be below 10.5")?;
        }
        Ok(())
    }
}
impl Payload for Order {
    fn validate(&self) -> Result<(), Invalid> {
        self.check_id()?;
        self.check_quantity()?;
        self.check_price()?;
        self.check_limit()?;
        self.check_note()?;
        self.check_placed()?;
        self.check_day()?;
        self.check_clock()?;
        self.check_host()?;
        self.check_host6()?;
        self.check_version()?;
        self.check_ratio()?;
        self.check_level()?;
        self.check_flag()?;
        self.check_lines()?;
        self.check_address()?;
        self.check_weights()?;
        self.check_matrix()?;
        self.check_shared()?;
        self.check_parent()?;
        self.check_self_()
    }
}
/// Kind of order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, JsonSchema, Serialize)]
pub enum OrderType {
    /// The word `market`.
    #[serde(rename = "market")]
    Market,
    /// The word `stop-limit`.
    #[serde(rename = "stop-limit")]
    StopLimit,
    /// The word `42`.
    #[serde(rename = "42")]
    N42,
}
impl OrderType {
    /// All, in the order of the registry.
    pub const ALL: &'static [Self] = &[Self::Market, Self::StopLimit, Self::N42];
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Market => "market",
            Self::StopLimit => "stop-limit",
            Self::N42 => "42",
        }
    }
}
impl<'de> Deserialize<'de> for OrderType {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        word(from, Self::ALL, Self::as_str)
    }
}
impl Payload for OrderType {
    fn validate(&self) -> Result<(), Invalid> {
        Ok(())
    }
}
/// The words of `OrderGrade`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, JsonSchema, Serialize)]
pub enum OrderGrade {
    /// The word `a`.
    #[serde(rename = "a")]
    A,
    /// The word `b`.
    #[serde(rename = "b")]
    B,
}
impl OrderGrade {
    /// All, in the order of the registry.
    pub const ALL: &'static [Self] = &[Self::A, Self::B];
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::B => "b",
        }
    }
}
impl<'de> Deserialize<'de> for OrderGrade {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        word(from, Self::ALL, Self::as_str)
    }
}
impl Payload for OrderGrade {
    fn validate(&self) -> Result<(), Invalid> {
        Ok(())
    }
}
/// The object `OrderLinesItem`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(remote = "Self")]
pub struct OrderLinesItem {
    /// The property `sku`.
    #[schemars(extend("minLength" = 3))]
    pub sku: String,
    /// The property `unit-price`.
    #[serde(rename = "unit-price", default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "f64", extend("minimum" = 0))]
    pub unit_price: Option<f64>,
    /// The property `tags`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(
        with = "Vec<String>",
        extend("items" = {"type":"string", "minLength":2}, "uniqueItems" = true)
    )]
    pub tags: Option<Vec<String>>,
}
impl Serialize for OrderLinesItem {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, to)
    }
}
impl<'de> Deserialize<'de> for OrderLinesItem {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::deserialize(Object(from))
    }
}
impl Payload for OrderLinesItem {
    fn validate(&self) -> Result<(), Invalid> {
        rule(characters(&self.sku) >= 3, "/sku", "must have at least 3 characters")?;
        if let Some(value) = &self.unit_price {
            rule(value.is_finite(), "/unit-price", "must be a finite number")?;
            rule(*value >= 0.0, "/unit-price", "must be at least 0")?;
        }
        if let Some(value) = &self.tags {
            each(value, |inner| {
                rule(characters(inner) >= 2, "", "must have at least 2 characters")?;
                Ok(())
            })
            .map_err(|error| error.under("/tags"))?;
            rule(unique(value), "/tags", "must not hold an element twice")?;
        }
        Ok(())
    }
}
/// The object `OrderAddress`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(remote = "Self")]
pub struct OrderAddress {
    /// The property `city`.
    #[schemars(extend("minLength" = 1))]
    pub city: String,
    /// The property `zip`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "String", extend("pattern" = "^[0-9]{5}$"))]
    pub zip: Option<String>,
}
impl Serialize for OrderAddress {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, to)
    }
}
impl<'de> Deserialize<'de> for OrderAddress {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::deserialize(Object(from))
    }
}
impl Payload for OrderAddress {
    fn validate(&self) -> Result<(), Invalid> {
        rule(characters(&self.city) >= 1, "/city", "must have at least 1 character")?;
        if let Some(value) = &self.zip {
            rule(PATTERN_3.matches(value.as_bytes()), "/zip", "must match `^[0-9]{5}$`")?;
        }
        Ok(())
    }
}
/// One of several.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(transform = exactly_one)]
#[allow(clippy::large_enum_variant, reason = "the payloads are as large as the registry says")]
pub enum Event {
    /// Opened
    Opened(EventOpened),
    /// A `EventClosed`.
    Closed(EventClosed),
}
impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(from)?;
        if let Some(variant) = as_variant::<EventOpened>(&value) {
            return Ok(Self::Opened(variant));
        }
        if let Some(variant) = as_variant::<EventClosed>(&value) {
            return Ok(Self::Closed(variant));
        }
        Err(<D::Error as serde::de::Error>::custom("fits no variant of Event"))
    }
}
impl Payload for Event {
    fn validate(&self) -> Result<(), Invalid> {
        match self {
            Self::Opened(variant) => variant.validate(),
            Self::Closed(variant) => variant.validate(),
        }
    }
}
/// Opened
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(remote = "Self")]
pub struct EventOpened {
    /// The property `kind`.
    pub kind: EventOpenedKind,
    /// The property `price`.
    pub price: f64,
}
impl Serialize for EventOpened {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, to)
    }
}
impl<'de> Deserialize<'de> for EventOpened {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::deserialize(Object(from))
    }
}
impl Payload for EventOpened {
    fn validate(&self) -> Result<(), Invalid> {
        rule(self.price.is_finite(), "/price", "must be a finite number")
    }
}
/// The words of `EventOpenedKind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, JsonSchema, Serialize)]
pub enum EventOpenedKind {
    /// The word `opened`.
    #[serde(rename = "opened")]
    Opened,
}
impl EventOpenedKind {
    /// All, in the order of the registry.
    pub const ALL: &'static [Self] = &[Self::Opened];
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
        }
    }
}
impl<'de> Deserialize<'de> for EventOpenedKind {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        word(from, Self::ALL, Self::as_str)
    }
}
impl Payload for EventOpenedKind {
    fn validate(&self) -> Result<(), Invalid> {
        Ok(())
    }
}
/// The object `EventClosed`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(remote = "Self")]
pub struct EventClosed {
    /// The property `kind`.
    pub kind: EventClosedKind,
    /// The property `reason`.
    #[schemars(extend("minLength" = 1))]
    pub reason: String,
}
impl Serialize for EventClosed {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, to)
    }
}
impl<'de> Deserialize<'de> for EventClosed {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::deserialize(Object(from))
    }
}
impl Payload for EventClosed {
    fn validate(&self) -> Result<(), Invalid> {
        rule(characters(&self.reason) >= 1, "/reason", "must have at least 1 character")
    }
}
/// The words of `EventClosedKind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, JsonSchema, Serialize)]
pub enum EventClosedKind {
    /// The word `closed`.
    #[serde(rename = "closed")]
    Closed,
}
impl EventClosedKind {
    /// All, in the order of the registry.
    pub const ALL: &'static [Self] = &[Self::Closed];
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
        }
    }
}
impl<'de> Deserialize<'de> for EventClosedKind {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        word(from, Self::ALL, Self::as_str)
    }
}
impl Payload for EventClosedKind {
    fn validate(&self) -> Result<(), Invalid> {
        Ok(())
    }
}
/// One of several objects.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
#[allow(clippy::large_enum_variant, reason = "the payloads are as large as the registry says")]
pub enum Loose {
    /// Shared part
    Shared(Shared),
    /// A `LooseVariant`.
    Variant(LooseVariant),
}
impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(from)?;
        if let Some(variant) = as_variant::<LooseVariant>(&value) {
            return Ok(Self::Variant(variant));
        }
        if let Some(variant) = as_variant::<Shared>(&value) {
            return Ok(Self::Shared(variant));
        }
        Err(<D::Error as serde::de::Error>::custom("fits no variant of Loose"))
    }
}
impl Payload for Loose {
    fn validate(&self) -> Result<(), Invalid> {
        match self {
            Self::Shared(variant) => variant.validate(),
            Self::Variant(variant) => variant.validate(),
        }
    }
}
/// The object `LooseVariant`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(remote = "Self")]
pub struct LooseVariant {
    /// The property `id`.
    pub id: i64,
    /// The property `name`.
    pub name: String,
}
impl Serialize for LooseVariant {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, to)
    }
}
impl<'de> Deserialize<'de> for LooseVariant {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::deserialize(Object(from))
    }
}
impl Payload for LooseVariant {
    fn validate(&self) -> Result<(), Invalid> {
        Ok(())
    }
}
/// The object `Extended`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(remote = "Self")]
pub struct Extended {
    /// The property `extra`.
    pub extra: i64,
    /// The property `id`.
    #[schemars(extend("format" = "uuid"))]
    pub id: String,
}
impl Serialize for Extended {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, to)
    }
}
impl<'de> Deserialize<'de> for Extended {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::deserialize(Object(from))
    }
}
impl Payload for Extended {
    fn validate(&self) -> Result<(), Invalid> {
        rule(is_uuid(&self.id), "/id", "must be a UUID with hyphens")
    }
}
/// The object `Open`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(
    extend(
        "additionalProperties" = {"type":"string",
        "maxLength":3},
        "minProperties" = 2
    )
)]
#[serde(remote = "Self")]
pub struct Open {
    /// The property `a`.
    pub a: i64,
    /// All other properties.
    #[serde(flatten)]
    pub extra: BTreeMap<String, String>,
}
impl Serialize for Open {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, to)
    }
}
impl<'de> Deserialize<'de> for Open {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::deserialize(Object(from))
    }
}
impl Payload for Open {
    fn validate(&self) -> Result<(), Invalid> {
        each_value(&self.extra, |value| {
            rule(characters(value) <= 3, "", "must have at most 3 characters")?;
            Ok(())
        })?;
        let count = 1 + self.extra.len();
        rule(count >= 2, "", "must have at least 2 properties")
    }
}
/// The object `Conditional`.
///
/// Not checked by this code: `if`, `then`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("if" = {"properties":{"a":{"const":1}}}, "then" = {"required":["b"]}))]
#[serde(remote = "Self")]
pub struct Conditional {
    /// The property `a`.
    pub a: i64,
    /// The property `b`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "i64")]
    pub b: Option<i64>,
}
impl Serialize for Conditional {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, to)
    }
}
impl<'de> Deserialize<'de> for Conditional {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::deserialize(Object(from))
    }
}
impl Payload for Conditional {
    fn validate(&self) -> Result<(), Invalid> {
        Ok(())
    }
}
/// The payload `Tags`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Tags(
    #[schemars(
        extend(
            "items" = {"type":"string",
            "minLength":1},
            "uniqueItems" = true,
            "maxItems" = 4
        )
    )]
    pub Vec<String>,
);
impl Payload for Tags {
    fn validate(&self) -> Result<(), Invalid> {
        each(&self.0, |inner| {
            rule(characters(inner) >= 1, "", "must have at least 1 character")?;
            Ok(())
        })?;
        rule(unique(&self.0), "", "must not hold an element twice")?;
        rule(self.0.len() <= 4, "", "must have at most 4 elements")
    }
}
/// The words of `Level`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, JsonSchema, Serialize)]
pub enum Level {
    /// The word `low`.
    #[serde(rename = "low")]
    Low,
    /// The word `high`.
    #[serde(rename = "high")]
    High,
}
impl Level {
    /// All, in the order of the registry.
    pub const ALL: &'static [Self] = &[Self::Low, Self::High];
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::High => "high",
        }
    }
}
impl<'de> Deserialize<'de> for Level {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        word(from, Self::ALL, Self::as_str)
    }
}
impl Payload for Level {
    fn validate(&self) -> Result<(), Invalid> {
        Ok(())
    }
}
/// The payload `Count`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Count(#[schemars(extend("minimum" = 0))] pub i64);
impl Payload for Count {
    fn validate(&self) -> Result<(), Invalid> {
        rule(self.0 >= 0, "", "must be at least 0")
    }
}
/// The payload `Maybe`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Maybe(#[schemars(extend("minimum" = 0))] pub Option<f64>);
impl Payload for Maybe {
    fn validate(&self) -> Result<(), Invalid> {
        if let Some(value) = &self.0 {
            rule(value.is_finite(), "", "must be a finite number")?;
            rule(*value >= 0.0, "", "must be at least 0")?;
        }
        Ok(())
    }
}
/// The payload `Table`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Table(pub BTreeMap<String, Shared>);
impl Payload for Table {
    fn validate(&self) -> Result<(), Invalid> {
        each_value(&self.0, Payload::validate)
    }
}
/// The object `Tree`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(remote = "Self")]
pub struct Tree {
    /// The property `value`.
    pub value: i64,
    /// The property `children`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "Vec<Tree>")]
    pub children: Option<Vec<Tree>>,
    /// The property `left`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "Box<Tree>")]
    pub left: Option<Box<Tree>>,
}
impl Serialize for Tree {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, to)
    }
}
impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::deserialize(Object(from))
    }
}
impl Payload for Tree {
    fn validate(&self) -> Result<(), Invalid> {
        if let Some(value) = &self.children {
            each(value, Payload::validate).map_err(|error| error.under("/children"))?;
        }
        if let Some(value) = &self.left {
            value.validate().map_err(|error| error.under("/left"))?;
        }
        Ok(())
    }
}
/// The payload `Free`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Free(pub serde_json::Value);
impl Payload for Free {
    fn validate(&self) -> Result<(), Invalid> {
        Ok(())
    }
}
/// The object `Empty`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
#[serde(remote = "Self")]
pub struct Empty {}
impl Serialize for Empty {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, to)
    }
}
impl<'de> Deserialize<'de> for Empty {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::deserialize(Object(from))
    }
}
impl Payload for Empty {
    fn validate(&self) -> Result<(), Invalid> {
        Ok(())
    }
}
/// The object `Locals`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(remote = "Self")]
pub struct Locals {
    /// The property `point`.
    pub point: Point,
    /// The property `other`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    #[schemars(with = "Point")]
    pub other: Option<Point>,
}
impl Serialize for Locals {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, to)
    }
}
impl<'de> Deserialize<'de> for Locals {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::deserialize(Object(from))
    }
}
impl Payload for Locals {
    fn validate(&self) -> Result<(), Invalid> {
        self.point.validate().map_err(|error| error.under("/point"))?;
        if let Some(value) = &self.other {
            value.validate().map_err(|error| error.under("/other"))?;
        }
        Ok(())
    }
}
/// The object `Point`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(remote = "Self")]
pub struct Point {
    /// The property `x`.
    pub x: f64,
}
impl Serialize for Point {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, to)
    }
}
impl<'de> Deserialize<'de> for Point {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::deserialize(Object(from))
    }
}
impl Payload for Point {
    fn validate(&self) -> Result<(), Invalid> {
        rule(self.x.is_finite(), "/x", "must be a finite number")
    }
}
/// One variant, and no other: `oneOf` where the derived schema says `anyOf`.
fn exactly_one(schema: &mut schemars::Schema) {
    if let Some(variants) = schema.remove("anyOf") {
        schema.insert("oneOf".to_owned(), variants);
    }
}
/// The automaton of the pattern `^[A-Z]{2}-\d+$`.
static PATTERN_1: Dfa = Dfa {
    classes: &byte_classes(&[(b'-', b'-', 1), (b'0', b'9', 2), (b'A', b'Z', 3)]),
    class_count: 4,
    transitions: b"\0\x01\0\x01\0\x01\0\x02\0\x01\0\x01\0\x01\0\x01\0\x01\0\x01\0\x01\0\x03\0\x01\0\x04\0\x01\0\x01\0\x01\0\x01\0\x05\0\x01\0\x01\0\x01\0\x05\0\x01",
    accepting: b"\0\0\0\0\0\x01",
    start: 0,
};
/// The automaton of the pattern `Z$`.
static PATTERN_2: Dfa = Dfa {
    classes: &byte_classes(&[(b'Z', b'Z', 1)]),
    class_count: 2,
    transitions: b"\0\0\0\x01\0\0\0\x01",
    accepting: b"\0\x01",
    start: 0,
};
/// The automaton of the pattern `^[0-9]{5}$`.
static PATTERN_3: Dfa = Dfa {
    classes: &byte_classes(&[(b'0', b'9', 1)]),
    class_count: 2,
    transitions: b"\0\x01\0\x02\0\x01\0\x01\0\x01\0\x03\0\x01\0\x04\0\x01\0\x05\0\x01\0\x06\0\x01\0\x01",
    accepting: b"\0\0\0\0\0\0\x01",
    start: 0,
};
