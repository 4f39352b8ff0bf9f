//! The channels of one bus, ready to be found by name, with what their messages must be.

use anyhow::{Context, Result, anyhow};

use crate::check::Checker;
use crate::check::tally::Of;
use crate::check::value::ValueCheck;
use crate::registry::{BusId, Claim, Matcher, Registry, glob_matches};

/// The channels of a registry, bus by bus.
pub(super) struct Channels<'r> {
    registry: &'r Registry,
    here: Matcher<usize>,
    elsewhere: Vec<(BusId, Matcher<usize>)>,
    messages: Vec<Option<ValueCheck>>,
    /// By channel: the pattern of the key that declares it, as an index of the checker's plans.
    keys: Vec<Option<usize>>,
}

impl<'r> Channels<'r> {
    pub(super) fn new(checker: &Checker<'r>) -> Result<Self> {
        let registry = checker.registry;
        let other = |bus: &BusId| *bus != checker.bus;
        let message = |channel: &crate::registry::Channel| -> Result<Option<ValueCheck>> {
            let value = channel.message.as_ref().filter(|_| channel.bus == Some(checker.bus));
            let check = value.map(|value| ValueCheck::new(value, registry)).transpose();
            check.with_context(|| format!("the channel `{}` cannot be checked", channel.name))
        };
        let plan = |channel: &crate::registry::Channel| {
            checker.plans().iter().position(|plan| Some(plan.key.id) == channel.from_key)
        };
        Ok(Self {
            registry,
            here: matcher(registry, checker.bus)?,
            elsewhere: (0..registry.buses.len())
                .map(BusId)
                .filter(other)
                .map(|bus| Ok((bus, matcher(registry, bus)?)))
                .collect::<Result<_>>()?,
            messages: registry.channels.iter().map(message).collect::<Result<_>>()?,
            keys: registry.channels.iter().map(plan).collect(),
        })
    }

    /// The channel of this bus that a name is of.
    pub(super) fn find(&self, name: &[u8]) -> Option<usize> {
        self.here.find(name).map(|claim| claim.target)
    }

    /// The channels of this bus that a subscriber's pattern takes in: those whose name or an example of it fits.
    pub(super) fn matching(&self, glob: &[u8]) -> impl Iterator<Item = usize> {
        let fits = move |at: &usize| {
            let channel = &self.registry.channels[*at];
            let names = self.registry.example_names(channel.module, &channel.pattern, 3);
            channel.pattern.as_str().as_bytes() == glob || names.iter().any(|name| glob_matches(glob, name.as_bytes()))
        };
        self.here.claims().iter().map(|claim| claim.target).filter(fits)
    }

    /// The other bus on which a channel of this name is declared.
    pub(super) fn bus_elsewhere(&self, name: &[u8]) -> Option<&'r str> {
        let (bus, _) = self.elsewhere.iter().find(|(_, matcher)| matcher.find(name).is_some())?;
        Some(self.registry.bus(*bus).name.as_str())
    }

    /// What messages of a channel must be.
    pub(super) fn message(&self, channel: usize) -> Option<&ValueCheck> {
        self.messages.get(channel)?.as_ref()
    }

    /// What findings and coverage of a channel stand under: the key that declares it, or the channel itself.
    pub(super) fn entry(&self, channel: usize) -> Of {
        self.keys.get(channel).copied().flatten().map_or(Of::Channel(channel), Of::Key)
    }
}

fn matcher(registry: &Registry, bus: BusId) -> Result<Matcher<usize>> {
    let channels = registry.channels.iter().enumerate().filter(|(_, channel)| channel.bus == Some(bus));
    let claim = |(at, channel): (usize, &crate::registry::Channel)| {
        Claim::new(at, &channel.pattern, registry, channel.module).map_err(|error| anyhow!(error))
    };
    Ok(Matcher::new(channels.map(claim).collect::<Result<_>>()?))
}

/// Is it a channel of the server's own: keyspace notifications, Sentinel's hello, cache invalidation?
pub(super) fn is_servers_own(name: &[u8]) -> bool {
    [&b"__keyspace@"[..], b"__keyevent@", b"__sentinel__:", b"__redis__:"].iter().any(|own| name.starts_with(own))
}
