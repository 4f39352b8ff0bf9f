//! Any program under contract: a server of its own (or a given one), a proxy before it that overhears all calls, the
//! program with the buses' addresses in its environment, and at the end a look at the keyspace that it left.

pub mod program;

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow};
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, watch};

use crate::finding::Finding;
use crate::observe::traffic::proxy::Listen;
use crate::registry::{ModuleId, Registry};
use crate::server::connect::{Endpoint, parse_url, redact};
use crate::server::embedded::EmbeddedServer;
use crate::verify::{self, verify};
use crate::watch::{self as traffic, Proxied, Running};
use program::{Ending, Program, Told};

/// A bus that the program is to find.
pub struct Bus {
    /// How its traffic is judged.
    pub request: traffic::Request,
    /// A server that is there; without it, one is started.
    pub server: Option<String>,
    /// Where the program connects; without it, at a free port of 127.0.0.1.
    pub listen: Option<Listen>,
    /// Number of the database, for a server that is started.
    pub database: u32,
}

/// What a run came to.
pub struct Outcome {
    /// Traffic, bus by bus.
    pub traffic: Vec<traffic::Outcome>,
    /// The keyspace at the end, bus by bus.
    pub keyspace: Vec<verify::Outcome>,
    /// How the program ended.
    pub ending: Ending,
}

/// Runs a program under contract. `told` passes signals on to it. Blocks its thread, which must not be one of a runtime.
///
/// # Errors
/// When a server or the program cannot be started, or the registry cannot be checked.
pub fn run(registry: &Registry, buses: Vec<Bus>, mut program: Program, told: mpsc::Receiver<Told>) -> Result<Outcome> {
    let runtime = Runtime::new().context("cannot start")?;
    let (stop, stopped) = watch::channel(false);
    let mut stands = Vec::new();
    for bus in buses {
        let stand = runtime.block_on(Stand::set_up(bus, stopped.clone()))?;
        program.environment.extend(stand.variables(registry, stands.is_empty()));
        stands.push(stand);
    }
    let handle = runtime.handle().clone();
    let (traffic, ending) = std::thread::scope(|scope| {
        let judging: Vec<_> = stands
            .iter_mut()
            .map(|stand| {
                let (running, handle) = (stand.running.take(), &handle);
                scope.spawn(move || {
                    let running = running.context("a bus is judged once")?;
                    running.judge(handle, registry, |_| {}).map(|(outcome, _)| outcome)
                })
            })
            .collect();
        let ending = runtime.block_on(program::run(&program, told));
        stop.send_replace(true);
        let broken = || anyhow!("the judge stopped; this is a fault of keywire, please report it");
        let judged = judging.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err(broken())));
        (judged.collect::<Result<Vec<_>>>(), ending)
    });
    let (ending, traffic) = (ending?, traffic?);
    let keyspace = stands.iter().map(|stand| stand.look(registry)).collect::<Result<Vec<_>>>()?;
    Ok(Outcome { traffic, keyspace, ending })
}

/// A bus that is ready for the program.
struct Stand {
    request: traffic::Request,
    url: String,
    /// Kept alive while the program runs.
    _server: Option<EmbeddedServer>,
    endpoint: Endpoint,
    addresses: Vec<Listen>,
    running: Option<Running>,
}

impl Stand {
    async fn set_up(bus: Bus, stopped: watch::Receiver<bool>) -> Result<Self> {
        let mut request = bus.request;
        let (url, server) = match bus.server {
            Some(url) => (url, None),
            None => {
                let server = EmbeddedServer::start::<&str>(&EmbeddedServer::find()?, &[])?;
                (format!("{}?db={}", server.url(), bus.database), Some(server))
            }
        };
        let endpoint = parse_url(&url)?;
        request.source = if server.is_some() { "a server of its own".to_owned() } else { redact(&url) };
        let free = || Listen::Tcp(([127, 0, 0, 1], 0).into());
        let proxied = Proxied {
            request: request.clone(),
            upstream: endpoint.clone(),
            listen: vec![(bus.listen.unwrap_or_else(free), None)],
            gate: None,
            monitor_scripts: true,
        };
        let running = traffic::start(proxied, stopped).await?;
        let addresses = running.addresses.clone();
        Ok(Self { request, url, _server: server, endpoint, addresses, running: Some(running) })
    }

    /// The variables in which programs look for a bus: its own, and for the first one those that are in common use.
    fn variables(&self, registry: &Registry, is_first: bool) -> BTreeMap<String, String> {
        let mut variables = BTreeMap::new();
        let Some(address) = self.addresses.first() else { return variables };
        let database = self.endpoint.database();
        let url = match address {
            Listen::Tcp(_) => format!("{address}/{database}"),
            Listen::Unix(_) => format!("{address}?db={database}"),
        };
        if let Some(name) = &registry.bus(self.request.bus).env {
            variables.insert(name.clone(), url.clone());
        }
        if is_first {
            variables.insert("REDIS_URL".to_owned(), url);
            if let Listen::Tcp(address) = address {
                variables.insert("REDIS_HOST".to_owned(), address.ip().to_string());
                variables.insert("REDIS_PORT".to_owned(), address.port().to_string());
            }
        }
        variables
    }

    /// The keyspace that the program left.
    fn look(&self, registry: &Registry) -> Result<verify::Outcome> {
        let request = verify::Request {
            module: self.module(),
            pace: crate::observe::live::Pace::Fast,
            all: self.request.all,
            config: self.request.config.clone(),
            show_values: self.request.options.show_values,
            ..verify::Request::new(self.request.bus, self.url.clone())
        };
        verify(registry, &request, std::future::pending(), |_, _| {})
    }

    fn module(&self) -> Option<ModuleId> {
        self.request.check_options().module
    }
}

/// Findings of traffic and keyspace together: what both say is said once, by the traffic, which knows who did it.
#[must_use]
pub fn together(traffic: Vec<Finding>, keyspace: Vec<Finding>) -> Vec<Finding> {
    let same = |one: &Finding, other: &Finding| {
        let of =
            |finding: &Finding| (finding.rule, finding.bus.clone(), finding.entry.clone(), finding.subject.clone());
        let differ = one.module.is_some() && other.module.is_some() && one.module != other.module;
        // Without an entry, it is the name that is the same.
        of(one) == of(other) && !differ && (one.entry.is_some() || one.key == other.key)
    };
    let mut all = traffic;
    for finding in keyspace {
        if !all.iter().any(|known| same(known, &finding)) {
            all.push(finding);
        }
    }
    all
}
