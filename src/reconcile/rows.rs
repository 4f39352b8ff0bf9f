//! Entries of the same names side by side.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};

use super::witness::{Names, Who, Witness};
use crate::extract::Kind;
use crate::registry::automaton::{Answer, Language, beyond, overlap};
use crate::registry::{
    Address, BusId, Channel, Claim, Consumer, Key, MaxEntries, ModuleId, Pattern, Registry, Token, Ttl, Value,
    more_specific,
};
use crate::server::commands::Command;
use crate::types::RedisType;

/// What is said of one pattern of one bus, by all.
#[derive(Debug)]
pub struct Row {
    /// Key or channel.
    pub kind: Kind,
    /// The bus, by name.
    pub bus: String,
    /// The pattern, as declared or else as first seen.
    pub pattern: String,
    /// What is declared.
    pub declared: Option<Side>,
    /// What witnesses saw, by their index.
    pub seen: Vec<(usize, Side)>,
    /// Witnesses whose wider pattern claims names of this row: they know it, and say nothing of it alone.
    pub touched: BTreeSet<usize>,
    /// Witnesses that know the names on another bus.
    pub elsewhere: Vec<(usize, String)>,
}

/// What one side says of an entry.
#[derive(Debug)]
pub struct Side {
    /// Key or channel.
    pub kind: Kind,
    /// Name of the entry.
    pub name: String,
    /// The module in whose file it stands.
    pub owner: String,
    /// Index of that module.
    pub module: ModuleId,
    /// The bus, by name.
    pub bus: String,
    /// The pattern.
    pub pattern: Pattern,
    /// Its type.
    pub redis_type: Option<&'static RedisType>,
    /// Its time to live.
    pub ttl: Option<Ttl>,
    /// Its bound.
    pub bound: Option<MaxEntries>,
    /// What its parts hold, by name of the part.
    pub parts: Vec<(String, Value)>,
    /// Who writes it.
    pub writers: BTreeSet<String>,
    /// Who reads it.
    pub readers: BTreeSet<String>,
    /// Is the reply of its writes all that is wanted of it, as of a counter or a lock?
    pub answers_writer: bool,
    /// Where it is declared.
    pub address: Address,
    /// The pattern without the names of its params.
    pub(super) shape: String,
    /// What it claims, and the same as an automaton, which is made when somebody asks: few ask.
    expression: Option<String>,
    language: OnceCell<Option<Language>>,
}

impl Side {
    fn language(&self) -> Option<&Language> {
        self.language.get_or_init(|| Language::new(self.expression.as_deref()?).ok()).as_ref()
    }
}

/// The entries of a registry, as one side.
fn sides(registry: &Registry, who: Option<&HashMap<Names, Who>>) -> Vec<Side> {
    let keys = registry.keys.iter().map(|key| of_key(registry, key));
    let channels = registry.channels.iter().map(|channel| of_channel(registry, channel));
    let mut sides: Vec<Side> = keys.chain(channels).collect();
    if let Some(who) = who {
        for side in &mut sides {
            let of = |bus: Option<String>| who.get(&(side.kind, side.shape.clone(), bus));
            let known = of(Some(side.bus.clone())).or_else(|| of(None)).cloned().unwrap_or_default();
            (side.writers, side.readers) = (known.writers, known.readers);
        }
    }
    sides
}

fn of_key(registry: &Registry, key: &Key) -> Side {
    let writes = key.operations.iter().filter_map(|operation| operation.command).any(Command::is_write);
    let part = |(name, value): (String, &Value)| match name.split_once('.') {
        Some((_, field)) => (format!("field {field}"), value.clone()),
        None => (name, value.clone()),
    };
    let parts = key.named_values().into_iter().map(part).collect();
    Side {
        redis_type: key.redis_type,
        ttl: key.retention.ttl.clone(),
        bound: key.retention.max_entries.clone(),
        parts,
        answers_writer: answers_writer(key),
        ..side(
            registry,
            Kind::Key,
            (&key.name, key.module, key.bus),
            (writes, &key.consumers),
            (&key.pattern, &key.address),
        )
    }
}

/// A rate limit, a counter or a lock: whoever writes it has its answer.
fn answers_writer(key: &Key) -> bool {
    let has = |names: &[&str]| names.iter().any(|name| key.has_operation(name));
    let counts = has(&["INCR", "INCRBY", "INCRBYFLOAT", "DECR", "DECRBY", "SETNX", "GETSET"]);
    let takes = has(&["LPOP", "RPOP", "BLPOP", "BRPOP", "SPOP", "ZPOPMIN", "ZPOPMAX", "BZPOPMIN", "XREADGROUP"]);
    counts || takes || has(&["SET"]) && has(&["DEL", "UNLINK", "GETDEL", "EVAL", "EVALSHA", "FCALL"])
}

fn of_channel(registry: &Registry, channel: &Channel) -> Side {
    let parts = channel.message.iter().map(|value| ("message".to_owned(), value.clone())).collect();
    let address = &channel.address;
    let of = (&*channel.name, channel.module, channel.bus);
    Side { parts, ..side(registry, Kind::Channel, of, (true, &channel.consumers), (&channel.pattern, address)) }
}

fn side(
    registry: &Registry,
    kind: Kind,
    (name, module, bus): (&str, ModuleId, Option<BusId>),
    (writes, consumers): (bool, &[Consumer]),
    (pattern, address): (&Pattern, &Address),
) -> Side {
    let owner = registry.module(module).name.clone();
    let claim = Claim::new((), pattern, registry, module).ok();
    Side {
        kind,
        name: name.to_owned(),
        module,
        bus: bus.map_or_else(|| registry.module(module).bus.clone(), |bus| registry.bus(bus).name.clone()),
        shape: pattern.shape(),
        pattern: pattern.clone(),
        redis_type: None,
        ttl: None,
        bound: None,
        parts: Vec::new(),
        writers: writes.then(|| owner.clone()).into_iter().collect(),
        readers: consumers
            .iter()
            .filter(|consumer| !consumer.potential)
            .map(|consumer| consumer.name.clone())
            .collect(),
        answers_writer: false,
        address: address.clone(),
        expression: claim.map(|claim| claim.expression().to_owned()),
        language: OnceCell::new(),
        owner,
    }
}

/// The rows: what is declared in its order, then what is not as the witnesses saw it.
pub(super) fn rows(registry: &Registry, witnesses: &[Witness]) -> Vec<Row> {
    let declared = |side: Side| {
        let row = Row::new(&side);
        Row { declared: Some(side), ..row }
    };
    let mut rows = Rows::default();
    sides(registry, None).into_iter().map(declared).for_each(|row| rows.push(row));
    for (at, witness) in witnesses.iter().enumerate() {
        for mut side in sides(&witness.registry, witness.who.as_ref()) {
            // A bus that no entry of the registry may name is called otherwise there; of one bus it is that.
            let is_named = registry.bus_named(&side.bus).is_some();
            if let ([only], false) = (&registry.buses[..], is_named) {
                side.bus.clone_from(&only.name);
            }
            place(&mut rows, at, side, &|bus| registry.bus_named(bus).is_some());
        }
    }
    rows.rows
}

/// Rows, and where those of one kind, bus and shape of names are: what stands for a row is there when it is made.
#[derive(Default)]
struct Rows {
    rows: Vec<Row>,
    same: HashMap<(Kind, String, String), Vec<usize>>,
}

impl Rows {
    fn push(&mut self, row: Row) {
        let of = (row.kind, row.bus.clone(), head(&row).shape.clone());
        self.same.entry(of).or_default().push(self.rows.len());
        self.rows.push(row);
    }
}

impl Row {
    /// What it is called in messages.
    pub(super) fn told(&self) -> String {
        let kind = if self.kind == Kind::Channel { "the channel " } else { "" };
        format!("{kind}`{}`", self.pattern)
    }

    fn new(side: &Side) -> Self {
        Self {
            kind: side.kind,
            bus: side.bus.clone(),
            pattern: side.pattern.as_str().to_owned(),
            declared: None,
            seen: Vec::new(),
            touched: BTreeSet::new(),
            elsewhere: Vec::new(),
        }
    }

    /// A row of what one witness alone saw.
    fn seen_by(at: usize, side: Side) -> Self {
        let row = Self::new(&side);
        Self { seen: vec![(at, side)], touched: BTreeSet::from([at]), ..row }
    }
}

/// Puts what a witness saw into the row that it belongs to. A bus that the registry does not name may be any of its buses.
fn place(all: &mut Rows, at: usize, side: Side, is_bus: &dyn Fn(&str) -> bool) {
    let known = |row: &Row| row.declared.is_some();
    let same_bus = |bus: &str| bus == side.bus || !is_bus(bus) || !is_bus(&side.bus);
    // As a rule a row of the same names is there: it is the best one, and no other needs to be looked at.
    let same = all.same.get(&(side.kind, side.bus.clone(), side.shape.clone())).into_iter().flatten();
    if let Some(index) = same.copied().find(|index| within(&side, head(&all.rows[*index]))) {
        all.rows[index].touched.insert(at);
        all.rows[index].seen.push((at, side));
        return;
    }
    let rows = &mut all.rows;
    let meets: Vec<usize> =
        (0..rows.len()).filter(|index| rows[*index].kind == side.kind && meets(head(&rows[*index]), &side)).collect();
    let here: Vec<usize> = meets.iter().copied().filter(|index| same_bus(&rows[*index].bus)).collect();
    let rank = |index: &usize| {
        let head = head(&rows[*index]);
        let same = head.shape == side.shape;
        let inside = within(&side, head);
        // Of several that hold it, the narrowest: fewer others are more specific than that.
        let narrower =
            here.iter().filter(|other| more_specific(&self::head(&rows[**other]).pattern, &head.pattern)).count();
        (!same, !inside, narrower, !known(&rows[*index]), *index)
    };
    let best = here.iter().copied().min_by_key(rank);
    if let Some(best) = best {
        for index in here {
            if index == best {
                rows[best].touched.insert(at);
            } else if !within(&side, head(&rows[best])) {
                rows[index].touched.insert(at);
            }
        }
        let wide = !within(&side, head(&rows[best]))
            && within(head(&rows[best]), &side)
            && side.shape != head(&rows[best]).shape;
        if !wide || !known(&rows[best]) {
            rows[best].seen.push((at, side));
            return;
        }
        // It claims more than that row: what it says is of a row of its own.
        all.push(Row::seen_by(at, side));
        return;
    }
    // Known on another bus, and not on this one: a bus that is misnamed as a rule.
    let other = meets.into_iter().find(|index| known(&rows[*index]));
    if let Some(index) = other {
        let bus = side.bus.clone();
        rows[index].elsewhere.push((at, bus));
        rows[index].touched.insert(at);
        return;
    }
    all.push(Row::seen_by(at, side));
}

/// The side that stands for a row: what is declared, else what was seen first. A row has one of them.
fn head(row: &Row) -> &Side {
    row.declared.as_ref().unwrap_or_else(|| &row.seen[0].1)
}

fn meets(a: &Side, b: &Side) -> bool {
    if a.shape == b.shape {
        return true;
    }
    // Most pairs end here.
    if !a.pattern.may_meet(&b.pattern) {
        return false;
    }
    match (a.language(), b.language()) {
        (Some(one), Some(other)) => overlap(one, other) != Answer::Empty,
        _ => false,
    }
}

/// Does `wide` claim all names of `narrow`?
pub(super) fn within(narrow: &Side, wide: &Side) -> bool {
    // What claims the same in the same words is as a rule what is asked about.
    if narrow.expression.is_some() && narrow.expression == wide.expression {
        return true;
    }
    match (narrow.language(), wide.language()) {
        (Some(narrow), Some(wide)) => beyond(narrow, &[wide]) == Answer::Empty,
        _ => narrow.shape == wide.shape,
    }
}

/// Are these some of the names of a pattern, whatever its params hold? Code does not tell of what kind its values are.
pub(super) fn is_case(narrow: &Side, wide: &Side) -> bool {
    let part = |token: &Token| match token {
        Token::Literal(text) => regex::escape(text),
        Token::Param(_) => ".+".to_owned(),
    };
    let expression: String = wide.pattern.tokens().iter().map(part).collect();
    let name: String = narrow
        .pattern
        .tokens()
        .iter()
        .map(|token| if let Token::Literal(text) = token { text } else { "\u{1}" })
        .collect();
    regex::Regex::new(&format!("(?s)^{expression}$")).is_ok_and(|expression| expression.is_match(&name))
}

/// Are two names of parties one, in any style of code?
pub(super) fn same_party(a: &str, b: &str) -> bool {
    plain_party(a) == plain_party(b)
}

/// The name of a party without the style of its code.
pub(super) fn plain_party(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
