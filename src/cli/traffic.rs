//! What the commands that look at traffic have in common: whose it is, how it is judged, and the report on it.

mod report;

use anyhow::Result;
use clap::Args;

use super::{load, usage};
use crate::check::traffic::Options;
use crate::check::{Demand, unmet};
use crate::coverage::Coverage;
use crate::finding::Finding;
use crate::registry::{BusId, Party, Registry};
use crate::watch::Request;
pub(super) use report::{Seen, coverage_lines, judge, report};

const HOT_LOOP: u64 = 100;

/// Whose traffic it is, and how it is judged. The same for `watch`, `proxy` and `run`.
#[derive(Debug, Args)]
pub(super) struct TrafficArgs {
    /// All connections are this module's (or service's), whatever they call themselves
    #[arg(long = "as", value_name = "MODULE")]
    all_are: Option<String>,
    /// Only the calls of this module
    #[arg(long, value_name = "MODULE")]
    module: Option<String>,
    /// Only this bus
    #[arg(long, value_name = "BUS")]
    pub bus: Option<String>,
    /// Names outside what the bus owns are undeclared, whoever uses them
    #[arg(long)]
    all: bool,
    /// A config variable's value, where the deployment does not run with the default
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// The same read more often than this, in a second and by one connection, is a hot loop
    #[arg(long, value_name = "TIMES", default_value_t = HOT_LOOP)]
    hot_loop: u64,
    /// Show values in examples; they may be private
    #[arg(long)]
    pub show_values: bool,
    #[command(flatten)]
    pub demands: DemandArgs,
    /// Fewer calls than this prove nothing: exit code 3
    #[arg(long, value_name = "CALLS", default_value_t = 1)]
    min_commands: u64,
}

/// What must be seen.
#[derive(Debug, Args)]
pub(super) struct DemandArgs {
    /// Fail if less of what the module declares was seen
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    fail_on_coverage_below: Option<f64>,
    /// Fail if this entry (by its name or pattern) was not seen; may be given several times
    #[arg(long, value_name = "ENTRY")]
    expect: Vec<String>,
}

fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim_end_matches('%').parse::<f64>().ok().filter(|number| (0.0..=100.0).contains(number));
    number.ok_or_else(|| "give a number from 0 to 100".to_owned())
}

impl DemandArgs {
    /// What is not there of what is demanded.
    pub(super) fn unmet(&self, registry: &Registry, coverage: &Coverage) -> Vec<Finding> {
        let (at_least, expected) = (self.fail_on_coverage_below, self.expect.as_slice());
        unmet(&Demand { registry, coverage, at_least, expected })
    }

    /// Are the entries those of the registry? A typing error must not pass for an entry that was not seen.
    pub(super) fn check(&self, registry: &Registry) -> Result<()> {
        let keys = registry.keys.iter().flat_map(|key| [key.name.as_str(), key.pattern.as_str()]);
        let channels = registry.channels.iter().flat_map(|channel| [channel.name.as_str(), channel.pattern.as_str()]);
        let known: Vec<&str> = keys.chain(channels).collect();
        match self.expect.iter().find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(load::unknown("entry", name, known.iter().copied())),
            None => Ok(()),
        }
    }
}

impl TrafficArgs {
    /// The traffic of a module: all connections are its own, or those that are named like it.
    pub(super) fn of(module: &str, shared: bool, set: Vec<String>, coverage: f64) -> Self {
        let name = Some(module.to_owned());
        let (all_are, module) = if shared { (None, name) } else { (name, None) };
        let demands = DemandArgs { fail_on_coverage_below: Some(coverage), expect: Vec::new() };
        Self {
            all_are,
            module,
            bus: None,
            all: false,
            set,
            hot_loop: HOT_LOOP,
            show_values: false,
            demands,
            min_commands: 1,
        }
    }

    /// A finding about no entry is about whose traffic it is.
    pub(super) fn of_party(&self, finding: Finding) -> Finding {
        let party = || self.all_are.clone().or_else(|| self.module.clone());
        Finding { module: finding.module.clone().or_else(party), ..finding }
    }

    /// The party that all connections are said to be.
    pub(super) fn all_are(&self, registry: &Registry) -> Result<Option<Party>> {
        self.all_are.as_deref().map(|name| load::party(registry, name)).transpose()
    }

    /// A request for the traffic of a bus.
    pub(super) fn request(&self, registry: &Registry, bus: BusId, source: String) -> Result<Request> {
        let all_are = self.all_are(registry)?;
        let module = load::module(registry, self.module.as_deref())?.map(Party::Module);
        if let (Some(one), Some(other)) = (all_are, module)
            && one != other
        {
            return Err(usage("--as and --module name different modules; nothing would be judged"));
        }
        let options = Options {
            only: all_are.or(module),
            all_are,
            hot_loop: self.hot_loop,
            show_values: self.show_values,
            ..Options::default()
        };
        let config = load::config(registry, &self.set)?;
        Ok(Request { all: self.all, config, options, ..Request::new(bus, source) })
    }

    /// The buses that are looked at: the one that is named, else those on which the party has something to do.
    pub(super) fn buses(&self, registry: &Registry) -> Result<Vec<BusId>> {
        let only = load::bus(registry, self.bus.as_deref())?;
        let party = self.all_are(registry)?.or(load::module(registry, self.module.as_deref())?.map(Party::Module));
        let concerned = |bus: &BusId| match only {
            Some(only) => only == *bus,
            None => party.is_none_or(|party| has_business(registry, party, *bus)),
        };
        let buses: Vec<BusId> = (0..registry.buses.len()).map(BusId).filter(concerned).collect();
        if buses.is_empty() {
            return Err(usage("the registry declares nothing for it on any bus; nothing can be judged"));
        }
        Ok(buses)
    }
}

/// Does a party own or read anything on a bus?
fn has_business(registry: &Registry, party: Party, bus: BusId) -> bool {
    let is_it = |module, consumers: &[crate::registry::Consumer]| {
        Party::Module(module) == party || consumers.iter().any(|row| row.party == party)
    };
    let keys = registry.keys.iter().any(|key| key.bus == Some(bus) && is_it(key.module, &key.consumers));
    let here = |channel: &&crate::registry::Channel| channel.bus == Some(bus);
    keys || registry.channels.iter().filter(here).any(|channel| is_it(channel.module, &channel.consumers))
}
