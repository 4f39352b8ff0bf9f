//! `keywire explain`.

use anyhow::Result;
use clap::Args;

use super::formats::Formats;
use super::{Exit, RegistryArgs, load, output, usage};
use crate::catalogue;
use crate::finding::printable;
use crate::registry::{Claim, Key, Matcher, Registry};
use crate::rule::Rule;
use crate::source::closest;

/// Arguments of `explain`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  keywire explain                        list all rules
  keywire explain unbounded-growth       what a rule means, with a bad and a good example
  keywire explain massive:model:spot:SPX which pattern claims a name, who writes and reads it")]
pub(super) struct ExplainArgs {
    /// A rule, or the name of a key
    #[arg(value_name = "RULE-or-KEY")]
    what: Option<String>,
    #[command(flatten)]
    registry: RegistryArgs,
}

pub(super) fn run(args: &ExplainArgs) -> Result<Exit> {
    let Some(what) = &args.what else { return list().map(|()| Exit::Clean) };
    let rules: Vec<String> = catalogue::named(what).map(|(group, rule)| explain_rule(group, rule)).collect();
    if !rules.is_empty() {
        output::write(&rules.join("\n\n"))?;
        return Ok(Exit::Clean);
    }
    let near = closest(what, catalogue::rules().map(|(_, rule)| rule.name));
    if let (Some(near), false) = (near, what.contains(':')) {
        return Err(usage(format!("there is no rule `{what}`; did you mean `{near}`?")));
    }
    let loaded = match load::load(&args.registry, "explain", &Formats::default())? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    let claims = claims(&loaded.registry, what);
    if claims.is_empty() {
        output::write(&format!(
            "{what}: no pattern of {} claims this name, and no rule is called so\n",
            loaded.folder.display()
        ))?;
        return Ok(Exit::Findings);
    }
    output::write(&claims.join("\n"))?;
    Ok(Exit::Clean)
}

fn list() -> Result<()> {
    let mut text = String::new();
    let width = catalogue::rules().map(|(_, rule)| rule.name.len()).max().unwrap_or(0);
    let mut last = None;
    for (group, rule) in catalogue::rules() {
        if last != Some(group) {
            text.push_str(&format!("{}{}\n", if last.is_some() { "\n" } else { "" }, group.as_str()));
            last = Some(group);
        }
        text.push_str(&format!("  {:width$}  {:7}  {}\n", rule.name, rule.level.as_str(), rule.summary));
    }
    output::write(&text)
}

fn explain_rule(group: catalogue::Group, rule: &Rule) -> String {
    let indent = |text: &str| text.lines().map(|line| format!("    {line}\n")).collect::<String>();
    format!(
        "{} ({}, {} by default)\n\n{}.\n\n{}\n\nBad:\n\n{}\nGood:\n\n{}",
        rule.name,
        group.as_str(),
        rule.level.as_str(),
        rule.summary,
        rule.docs,
        indent(rule.bad),
        indent(rule.good)
    )
}

/// What each bus says of a name.
fn claims(registry: &Registry, name: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for bus in 0..registry.buses.len() {
        let keys = registry.keys.iter().filter(|key| key.bus.is_some_and(|id| id.0 == bus));
        let claims = keys.filter_map(|key| Claim::new(key.id, &key.pattern, registry, key.module).ok()).collect();
        let matcher = Matcher::new(claims);
        // The pattern itself may be asked for, too: `massive:model:spot:{symbol}`.
        let by_pattern =
            registry.keys.iter().find(|key| key.pattern.as_str() == name && key.bus.is_some_and(|id| id.0 == bus));
        if let Some(claim) = matcher.find(name.as_bytes()) {
            let values = claim.values(name.as_bytes());
            let values: Vec<String> =
                values.iter().map(|(param, value)| format!("{param} = {}", printable(value))).collect();
            texts.push(describe(registry, registry.key(claim.target), name, &values));
        } else if let Some(key) = by_pattern {
            texts.push(describe(registry, key, name, &[]));
        }
    }
    for channel in registry.channels.iter().filter(|channel| channel.from_key.is_none()) {
        let Ok(claim) = Claim::new((), &channel.pattern, registry, channel.module) else { continue };
        if claim.matches(name.as_bytes()) {
            let module = &registry.module(channel.module).name;
            let readers: Vec<&str> = channel.consumers.iter().map(|consumer| consumer.name.as_str()).collect();
            texts.push(format!(
                "channel {}\n  published by  {module}\n  subscribed by {}\n",
                channel.pattern,
                readers.join(", ")
            ));
        }
    }
    texts
}

fn describe(registry: &Registry, key: &Key, name: &str, values: &[String]) -> String {
    let module = registry.module(key.module);
    let place = registry.sources.place(registry.name_span(&key.address));
    let operations: Vec<&str> = key.operations.iter().map(|operation| operation.name.as_str()).collect();
    let mut text = format!("{name}\n  pattern       {}\n", key.pattern);
    if !values.is_empty() {
        text.push_str(&format!("  params        {}\n", values.join(", ")));
    }
    if let Some(redis_type) = key.redis_type {
        text.push_str(&format!("  type          {}\n", redis_type.name));
    }
    if let Some(purpose) = &key.docs.purpose {
        text.push_str(&format!("  purpose       {purpose}\n"));
    }
    text.push_str(&format!("  bus           {}\n", key.bus.map_or("?", |bus| &registry.bus(bus).name)));
    text.push_str(&format!("  written by    {} ({})\n", module.name, operations.join(", ")));
    for (at, consumer) in key.consumers.iter().enumerate() {
        let reads: Vec<&str> = consumer.reads.iter().map(|read| read.name.as_str()).collect();
        let reads = if reads.is_empty() { String::new() } else { format!(" ({})", reads.join(", ")) };
        let purpose = consumer.purpose.as_ref().map_or_else(String::new, |purpose| format!(" for {purpose}"));
        let label = if at == 0 { "read by" } else { "" };
        text.push_str(&format!("  {label:13} {}{reads}{purpose}\n", consumer.name));
    }
    text.push_str(&format!("  declared at   {}:{}:{}\n", place.path.display(), place.line, place.column));
    text
}
