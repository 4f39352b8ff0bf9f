//! `keywire acl`.

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use serde_json::json;

use super::verdict::Verdict;
use super::{Exit, RegistryArgs, ReportArgs, load, output, usage};
use crate::access::{self, Account, Subject, User};
use crate::catalogue;
use crate::registry::{BusId, Registry};
use crate::server::connect;

/// Arguments of `acl`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  keywire acl                                   the users of all buses, as ACL SETUSER lines
  keywire acl --bus market-redis --form file    those of one bus, as an ACL file
  keywire acl --check                           does the server have these users and rights?

A user needs a password before it can log in: ACL SETUSER NAME >PASSWORD. Rights follow from
operations and reads; a selector in round brackets stands for commands on the same names.

--check asks the server for ACL LIST and nothing else; its user needs  +acl|list +ping
Of a cluster it asks one node: users are made on each.")]
pub(super) struct AclArgs {
    #[command(flatten)]
    registry: RegistryArgs,
    /// Only this bus
    #[arg(long, value_name = "BUS")]
    bus: Option<String>,
    /// Only the users of this module or service
    #[arg(long, value_name = "NAME", conflicts_with = "check")]
    user: Option<String>,
    /// What to write
    #[arg(long, value_enum, default_value_t = Form::Setuser, conflicts_with = "check")]
    form: Form,
    /// Compare the users of the server with the registry
    #[arg(long)]
    check: bool,
    /// URL of the server, in place of the bus's own
    #[arg(long, value_name = "URL", requires = "check")]
    redis: Option<String>,
    #[command(flatten)]
    report: ReportArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    /// Lines for a server's client: ACL SETUSER ...
    Setuser,
    /// Lines of an ACL file (`aclfile` in the server's configuration)
    File,
}

pub(super) fn run(args: &AclArgs) -> Result<Exit> {
    let loaded = match load::load_sound(&args.registry, "acl", &args.report.format)? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let registry = &loaded.registry;
    let only = load::bus(registry, args.bus.as_deref())?;
    let buses: Vec<BusId> =
        (0..registry.buses.len()).map(BusId).filter(|bus| only.is_none_or(|only| only == *bus)).collect();
    if !args.check {
        return print(args, registry, &buses);
    }
    if args.redis.is_some() && buses.len() > 1 {
        let names = load::bus_names(registry, &buses);
        return Err(usage(format!("--redis is one server, and the registry has {names}; name one with --bus")));
    }
    let (mut findings, mut accounts, mut users) = (Vec::new(), 0, 0);
    for bus in buses {
        let wanted = access::users(registry, bus);
        let there = accounts_of(&load::url(registry, bus, args.redis.as_deref())?)?;
        let found = access::compare(&Subject { users: &wanted, accounts: &there });
        let name = &registry.bus(bus).name;
        findings.extend(found.into_iter().map(|mut finding| {
            finding.bus = Some(name.clone());
            finding
        }));
        accounts += there.len();
        users += wanted.len();
    }
    let settled = catalogue::settle(findings, &loaded.settings, "acl");
    let exit = Exit::of(&settled.findings, output::level(&args.report.fail_on));
    let word = if exit == Exit::Clean { "as the registry says" } else { "not as the registry says" };
    let verdict = Verdict {
        command: "acl",
        settled,
        evidence: json!({ "users": users, "accounts": accounts }),
        coverage: json!({}),
        closing: format!("access: {word} ({users} users declared, {accounts} on the servers)"),
        exit,
    };
    verdict.write(&registry.sources, &args.report)
}

fn print(args: &AclArgs, registry: &Registry, buses: &[BusId]) -> Result<Exit> {
    if let Some(name) = &args.user {
        load::party(registry, name)?;
    }
    let wanted = |user: &User| args.user.as_ref().is_none_or(|name| *name == user.party);
    let mut text = String::new();
    for bus in buses {
        let own = access::observers(registry, *bus);
        let users: Vec<User> = access::users(registry, *bus).into_iter().chain(own).filter(wanted).collect();
        if buses.len() > 1 {
            text.push_str(&format!("# {}\n", registry.bus(*bus).name));
        }
        match args.form {
            Form::File => text.push_str(&access::acl_file(&users)),
            Form::Setuser => users.iter().for_each(|user| text.push_str(&format!("{}\n", access::setuser_line(user)))),
        }
    }
    output::write(&text)?;
    Ok(Exit::Clean)
}

/// The users of a server.
fn accounts_of(url: &str) -> Result<Vec<Account>> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start a runtime")?;
    let endpoint = connect::parse_url(url).map_err(|error| usage(format!("{error:#}")))?;
    let lines: Vec<String> = runtime.block_on(async {
        let mut connection = connect::connect_with(&endpoint, connect::Timeouts::default()).await?;
        redis::cmd("ACL").arg("LIST").query_async(&mut connection).await.map_err(|error| endpoint.explain(&error))
    })?;
    let mut accounts = Vec::new();
    for line in lines {
        match access::account(&line) {
            Ok(account) => accounts.push(account),
            // The line itself holds hashes of passwords.
            Err(why) => bail!("the server's users cannot be read: {why}"),
        }
    }
    Ok(accounts)
}
