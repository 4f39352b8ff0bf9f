//! A registry prepared for judging one bus: patterns compiled, bounds resolved to numbers, schemas compiled. Done once.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};

use super::value::ValueCheck;
use crate::observe::Want;
use crate::registry::automaton::Language;
use crate::registry::{
    Amount, BusId, Claim, ConfigKind, FieldShape, Group, Key, Matcher, ModuleId, Registry, Shape, Ttl, Value,
    glob_matches,
};

/// How strict, and with which values of config variables.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Only keys of this module are judged.
    pub module: Option<ModuleId>,
    /// Names outside what the bus owns are undeclared too.
    pub all: bool,
    /// Values of config variables other than their defaults.
    pub config: BTreeMap<String, String>,
    /// Entries that the server may leave beyond an approximate bound of a stream.
    pub approximate_slack: u64,
}

/// What one pattern declares, in numbers.
pub struct KeyPlan<'r> {
    /// The entry.
    pub key: &'r Key,
    /// Its TTL.
    pub ttl: Option<TtlPlan>,
    /// What a write may set the TTL to: the shortest and the longest.
    pub ttl_set: Option<(Duration, Duration)>,
    /// At most so many elements.
    pub max_entries: Option<MaxEntriesPlan>,
    /// At most so many bytes.
    pub max_length: Option<u64>,
    /// Elements may span at most this time.
    pub max_age: Option<Duration>,
    /// At most so many keys.
    pub cardinality: Option<u64>,
    /// Older than this is stale.
    pub freshness: Option<Duration>,
    /// Milliseconds that one unit of an ordered container's position stands for, when positions are times.
    pub position_ms: Option<f64>,
    /// The consumer groups of a stream.
    pub groups: Vec<GroupPlan<'r>>,
    pub(super) contents: Contents,
}

/// What is declared of a consumer group.
#[derive(Debug)]
pub struct GroupPlan<'r> {
    /// Its name.
    pub name: &'r str,
    /// Must it be there while the stream is?
    pub required: bool,
    /// At most so many entries that were not delivered.
    pub max_lag: Option<u64>,
    /// At most so many that were delivered and not acknowledged.
    pub max_pending: Option<u64>,
    /// At most so many consumers.
    pub max_consumers: Option<u64>,
}

/// The TTL that is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TtlPlan {
    /// No TTL.
    None,
    /// Some TTL up to this.
    UpTo(Duration),
}

impl KeyPlan<'_> {
    /// Does it declare fields, so that what a call writes tells which of them a hash has?
    pub(super) fn has_fields(&self) -> bool {
        matches!(self.contents, Contents::Fields(_))
    }

    /// The declared field of a name, by index: `Some(None)` if none is, `None` if the key has no declared fields.
    pub(super) fn field(&self, name: &[u8]) -> Option<Option<usize>> {
        match &self.contents {
            Contents::Fields(plans) => Some(plans.matcher.find(name).map(|claim| claim.target)),
            Contents::Opaque | Contents::Single(_) | Contents::Each(_) | Contents::Scored(..) => None,
        }
    }
}

/// A bound on elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxEntriesPlan {
    /// As declared.
    pub declared: u64,
    /// What the server may leave with approximate trimming.
    pub allowed: u64,
}

/// How the parts of a key are judged.
pub(super) enum Contents {
    Opaque,
    Single(ValueCheck),
    /// Fields of a hash, or of each entry of a stream.
    Fields(FieldPlans),
    /// Elements of a list or members of a set.
    Each(ValueCheck),
    Scored(ValueCheck, ValueCheck),
}

/// Fields by name, and by pattern.
pub(super) struct FieldPlans {
    pub matcher: Matcher<usize>,
    pub fields: Vec<FieldPlan>,
}

pub(super) struct FieldPlan {
    pub name: String,
    pub required: bool,
    pub check: ValueCheck,
}

/// A registry prepared for one bus.
pub struct Checker<'r> {
    /// The registry.
    pub registry: &'r Registry,
    /// The bus.
    pub bus: BusId,
    /// How strict.
    pub options: Options,
    pub(super) plans: Vec<KeyPlan<'r>>,
    pub(super) matcher: Matcher<usize>,
    elsewhere: Vec<(BusId, Matcher<usize>)>,
    glob: Option<String>,
    /// The names of each pattern, made when somebody searches for the first time.
    pub(super) names: OnceLock<Vec<(usize, Language)>>,
}

impl<'r> Checker<'r> {
    /// Prepares a registry that is free of blocking lint findings.
    ///
    /// # Errors
    /// When a schema or pattern cannot be compiled, or a config value does not fit.
    pub fn new(registry: &'r Registry, bus: BusId, options: Options) -> Result<Self> {
        let numbers = Numbers { registry, options: &options };
        let mut plans = Vec::new();
        let mut claims = Vec::new();
        for key in registry.keys.iter().filter(|key| key.bus == Some(bus)) {
            let claim = Claim::new(plans.len(), &key.pattern, registry, key.module).map_err(|error| anyhow!(error))?;
            claims.push(claim);
            plans.push(plan(key, &numbers).with_context(|| format!("the key `{}` cannot be checked", key.name))?);
        }
        let elsewhere = (0..registry.buses.len()).map(BusId).filter(|other| *other != bus);
        let elsewhere = elsewhere.map(|other| (other, other_bus(registry, other))).collect();
        let glob = single_glob(registry, bus, &options);
        Ok(Self {
            registry,
            bus,
            options,
            plans,
            matcher: Matcher::new(claims),
            elsewhere,
            glob,
            names: OnceLock::new(),
        })
    }

    /// The pattern that claims a name, as an index of [`Checker::plans`].
    #[must_use]
    pub fn claim(&self, name: &[u8]) -> Option<usize> {
        self.matcher.find(name).map(|claim| claim.target)
    }

    /// Is it a fault that no pattern of this bus claims this name?
    #[must_use]
    pub fn is_ours(&self, name: &[u8]) -> bool {
        let owned = || self.registry.bus(self.bus).owns.iter().any(|glob| glob_matches(glob.as_bytes(), name));
        self.options.all || owned() || self.bus_elsewhere(name).is_some()
    }

    /// The other bus on which a pattern claims this name.
    #[must_use]
    pub fn bus_elsewhere(&self, name: &[u8]) -> Option<&'r str> {
        let (bus, _) = self.elsewhere.iter().find(|(_, matcher)| matcher.find(name).is_some())?;
        Some(self.registry.bus(*bus).name.as_str())
    }

    /// The pattern that begins most like a name: its literal start is the name's, and is the longest of its kind.
    #[must_use]
    pub fn nearest(&self, name: &[u8]) -> Option<&'r str> {
        let literal = |plan: &&KeyPlan<'r>| plan.key.pattern.literal_prefix().as_bytes();
        let common = |plan: &&KeyPlan<'r>| literal(plan).iter().zip(name).take_while(|(a, b)| a == b).count();
        // More than the first part of a name in common, else it is only any pattern.
        let first = name.iter().position(|byte| *byte == b':').map_or(usize::MAX, |at| at + 1);
        let nearest = self.plans.iter().filter(|plan| common(plan) > first).max_by_key(common)?;
        Some(nearest.key.pattern.as_str())
    }

    /// The glob that all names of interest fit, when there is one.
    #[must_use]
    pub fn glob(&self) -> Option<&str> {
        self.glob.as_deref()
    }

    /// Is this pattern judged, or only recognised?
    #[must_use]
    pub fn is_judged(&self, at: usize) -> bool {
        self.options.module.is_none_or(|module| self.plans[at].key.module == module)
    }

    /// What an origin must fetch, pattern by pattern.
    #[must_use]
    pub fn wants(&self) -> Vec<Want> {
        let want = |(at, plan): (usize, &KeyPlan<'_>)| Want {
            redis_type: plan.key.redis_type.map(|redis_type| redis_type.reply),
            contents: self.is_judged(at) && !matches!(plan.contents, Contents::Opaque),
            ends: plan.position_ms.is_some() && (plan.max_age.is_some() || plan.freshness.is_some()),
            groups: !plan.groups.is_empty(),
        };
        self.plans.iter().enumerate().map(want).collect()
    }

    /// The plans, by the index of [`Checker::claim`].
    #[must_use]
    pub fn plans(&self) -> &[KeyPlan<'r>] {
        &self.plans
    }
}

fn other_bus(registry: &Registry, bus: BusId) -> Matcher<usize> {
    let keys = registry.keys.iter().filter(|key| key.bus == Some(bus));
    Matcher::new(keys.filter_map(|key| Claim::new(key.id.0, &key.pattern, registry, key.module).ok()).collect())
}

/// One `prefix*` that holds all that is owned, when every pattern of any bus that could be met lies under it too.
fn single_glob(registry: &Registry, bus: BusId, options: &Options) -> Option<String> {
    let [glob] = registry.bus(bus).owns.as_slice() else { return None };
    let prefix = glob.strip_suffix('*')?;
    let plain = !prefix.contains(['*', '?', '[', '\\']);
    let inside = registry.keys.iter().all(|key| key.pattern.literal_prefix().starts_with(prefix));
    (plain && inside && !options.all).then(|| glob.clone())
}

/// Config values as they are to be taken.
struct Numbers<'a> {
    registry: &'a Registry,
    options: &'a Options,
}

impl Numbers<'_> {
    fn count(&self, module: ModuleId, amount: &Amount<u64>) -> Result<Option<u64>> {
        if let Some(text) = amount.config().and_then(|name| self.options.config.get(name)) {
            let number = text.parse().with_context(|| format!("`{text}` is not a whole number"))?;
            return Ok(Some(number));
        }
        Ok(self.registry.count(module, amount))
    }

    fn duration(&self, module: ModuleId, amount: &Amount<Duration>) -> Result<Option<Duration>> {
        let Some(text) = amount.config().and_then(|name| self.options.config.get(name)) else {
            return Ok(self.registry.duration(module, amount));
        };
        let variable = amount.config().and_then(|name| self.registry.config(module, name));
        let unit = if variable.is_some_and(|v| v.kind == ConfigKind::Milliseconds) { 0.001 } else { 1.0 };
        let number: f64 = text.parse().with_context(|| format!("`{text}` is not a number"))?;
        Ok(Some(Duration::try_from_secs_f64(number * unit).with_context(|| format!("`{text}` is not a time"))?))
    }
}

fn plan<'r>(key: &'r Key, numbers: &Numbers<'_>) -> Result<KeyPlan<'r>> {
    let retention = &key.retention;
    let module = key.module;
    let duration = |amount: &Option<Amount<Duration>>| match amount {
        Some(amount) => numbers.duration(module, amount),
        None => Ok(None),
    };
    let count = |amount: &Option<Amount<u64>>| match amount {
        Some(amount) => numbers.count(module, amount),
        None => Ok(None),
    };
    let ttl = match &retention.ttl {
        None => None,
        Some(Ttl::None) => Some(TtlPlan::None),
        Some(Ttl::Fixed(amount) | Ttl::Sliding(amount) | Ttl::Range { max: amount, .. }) => {
            numbers.duration(module, amount)?.map(TtlPlan::UpTo)
        }
    };
    let max_entries = match &retention.max_entries {
        Some(bound) => numbers.count(module, &bound.count)?.map(|declared| {
            let slack = if bound.approximate { numbers.options.approximate_slack } else { 0 };
            MaxEntriesPlan { declared, allowed: declared.saturating_add(slack) }
        }),
        None => None,
    };
    let ttl_set = match (&retention.ttl, ttl) {
        (Some(Ttl::Range { min, .. }), Some(TtlPlan::UpTo(max))) => {
            numbers.duration(module, min)?.map(|min| (min, max))
        }
        (_, Some(TtlPlan::UpTo(only))) => Some((only, only)),
        (_, Some(TtlPlan::None) | None) => None,
    };
    let group = |group: &'r Group| {
        let [max_lag, max_pending, max_consumers] = &group.limits;
        Ok(GroupPlan {
            name: &group.name,
            required: group.required,
            max_lag: count(max_lag)?,
            max_pending: count(max_pending)?,
            max_consumers: count(max_consumers)?,
        })
    };
    let groups = key.groups.iter().map(group).collect::<Result<_>>()?;
    Ok(KeyPlan {
        key,
        ttl,
        ttl_set,
        max_entries,
        max_length: count(&retention.max_length)?,
        max_age: duration(&retention.max_age)?,
        cardinality: count(&key.cardinality)?,
        freshness: duration(&key.freshness)?,
        position_ms: position_unit(key),
        groups,
        contents: contents(key, numbers.registry)?,
    })
}

fn position_unit(key: &Key) -> Option<f64> {
    match &key.shape {
        Shape::Scored { score: Value::Scalar(scalar), .. } => scalar.unit_ms(),
        _ if key.redis_type.is_some_and(|redis_type| redis_type.name == "stream") => Some(1.0),
        _ => None,
    }
}

fn contents(key: &Key, registry: &Registry) -> Result<Contents> {
    let check = |value: &Value| ValueCheck::new(value, registry);
    let name = key.redis_type.map(|redis_type| redis_type.name);
    if matches!(name, Some("bitmap" | "hyperloglog" | "json")) {
        return Ok(Contents::Opaque); // Their bytes are the server's own.
    }
    Ok(match &key.shape {
        Shape::Opaque => Contents::Opaque,
        Shape::Single(value) => Contents::Single(check(value)?),
        Shape::Elements(value) | Shape::Members(value) => Contents::Each(check(value)?),
        Shape::Scored { member, score } if name == Some("zset") => Contents::Scored(check(member)?, check(score)?),
        // The score of a geo member is a geohash.
        Shape::Scored { member, .. } => Contents::Scored(check(member)?, ValueCheck::Unknown),
        Shape::Fields(fields) | Shape::Entries(fields) => Contents::Fields(field_plans(key, fields, registry)?),
    })
}

fn field_plans(key: &Key, fields: &[FieldShape], registry: &Registry) -> Result<FieldPlans> {
    let mut claims = Vec::new();
    let mut plans = Vec::new();
    for field in fields {
        let claim = Claim::new(plans.len(), &field.name, registry, key.module).map_err(|error| anyhow!(error))?;
        claims.push(claim);
        let check = ValueCheck::new(&field.value, registry)?;
        plans.push(FieldPlan { name: field.name.as_str().to_owned(), required: field.required, check });
    }
    Ok(FieldPlans { matcher: Matcher::new(claims), fields: plans })
}
