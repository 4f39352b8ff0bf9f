//! `## For Admins`: what is removed, by whom and when; what never is; how large it may get; what to do when.

use super::figures;
use super::growth;
use super::operations::{self, Role};
use super::text::{Table, blocks, clause, code, codes, section, sentence};
use crate::registry::{Key, Lifecycle, ModuleId, Registry, Ttl};
use crate::server::commands::Bound;

/// `## For Admins`.
pub(super) fn render(registry: &Registry, id: ModuleId) -> String {
    section(
        2,
        "For Admins",
        &blocks([
            section(3, "What is removed, by whom and when", &removed(registry, id)),
            section(3, "What never expires", &lasting(registry, id)),
            section(3, "Cardinality and growth", &growth::table(registry, id)),
            section(3, "Operational scenarios", &scenarios(registry, id)),
        ]),
    )
}

fn removed(registry: &Registry, id: ModuleId) -> String {
    let mut table = Table::new(&["Key", "What goes", "Removed by", "When"]);
    let module = code(&registry.module(id).name);
    for key in registry.keys_of(id) {
        let name = code(key.pattern.as_str());
        let retention = &key.retention;
        if let Some(bound) = &retention.max_entries {
            let (by, when) = pruner(key, &[Bound::Rank, Bound::Count], &module);
            table.row([name.clone(), format!("all but {}", figures::last_entries(registry, id, bound)), by, when]);
        }
        if let Some(age) = &retention.max_age {
            let (by, when) = pruner(key, &[Bound::Score, Bound::Age], &module);
            table.row([name.clone(), format!("entries older than {}", figures::duration(registry, id, age)), by, when]);
        }
        let server = "the server".to_owned();
        match &retention.ttl {
            Some(Ttl::Fixed(ttl)) => table.row([
                name,
                "the whole key".to_owned(),
                server,
                format!("{} after it was written", figures::duration(registry, id, ttl)),
            ]),
            Some(Ttl::Range { min, max }) => {
                let when = format!(
                    "{} to {} after it was written",
                    figures::duration(registry, id, min),
                    figures::duration(registry, id, max)
                );
                table.row([name, "the whole key".to_owned(), server, when]);
            }
            Some(Ttl::Sliding(ttl)) => table.row([
                name,
                "the whole key".to_owned(),
                server,
                format!("{} after its last write", figures::duration(registry, id, ttl)),
            ]),
            Some(Ttl::None) | None => {}
        }
    }
    table.render()
}

/// Who keeps a bound, and when.
fn pruner(key: &Key, by: &[Bound], module: &str) -> (String, String) {
    let keeps =
        |operation: &&crate::registry::Operation| operations::bounds(operation).iter().any(|bound| by.contains(bound));
    let pruners: Vec<&crate::registry::Operation> = key.operations.iter().filter(keeps).collect();
    // Where a command of its own prunes, those that could do it on the way are not used so.
    let of_their_own: Vec<&crate::registry::Operation> =
        pruners.iter().copied().filter(|operation| operations::role(operation) == Role::Prune).collect();
    let pruners = if of_their_own.is_empty() { pruners } else { of_their_own };
    let names = codes(pruners.iter().map(|operation| operation.name.as_str()));
    match pruners.first() {
        None => ("no declared operation".to_owned(), "never, as far as declared".to_owned()),
        Some(operation) if operations::role(operation) == Role::Prune => {
            (format!("{module} with {names}"), "after each write".to_owned())
        }
        Some(_) => (format!("{module} with {names}"), "as part of each write".to_owned()),
    }
}

fn lasting(registry: &Registry, id: ModuleId) -> String {
    let mut table = Table::new(&["Key", "Why it stays", "What that means"]);
    for key in registry.keys_of(id).filter(|key| matches!(key.retention.ttl, Some(Ttl::None) | None)) {
        let declared = key.retention.ttl.is_some() || key.retention.lifecycle.is_some();
        let why = match key.retention.lifecycle {
            Some(Lifecycle::Overwritten) => "each write replaces the last",
            Some(Lifecycle::Cumulative) => "it counts or grows on purpose",
            Some(Lifecycle::Pruned) => "its entries go, the key stays",
            Some(Lifecycle::Expiring) => continue,
            None if declared => "it has no TTL",
            None => "nothing is declared of its retention",
        };
        table.row([code(key.pattern.as_str()), why.to_owned(), consequence(key)]);
    }
    table.render()
}

fn consequence(key: &Key) -> String {
    if !key.pattern.is_static() {
        let params = codes(key.pattern.params());
        return format!("The key of a {params} that is no longer written stays until it is deleted by hand.");
    }
    match key.retention.lifecycle {
        Some(Lifecycle::Overwritten) => {
            "When its writer stops, the last value stays and looks current: go by its time.".to_owned()
        }
        Some(Lifecycle::Cumulative) => "Only `DEL` resets it.".to_owned(),
        Some(Lifecycle::Pruned) => "When its writer stops, nothing is pruned any more.".to_owned(),
        Some(Lifecycle::Expiring) | None => String::new(),
    }
}

fn scenarios(registry: &Registry, id: ModuleId) -> String {
    let mut table = Table::new(&["Condition", "Impact on keys", "Handling", "Action"]);
    for scenario in &registry.module(id).scenarios {
        let [impact, handling, action] =
            [&scenario.impact, &scenario.handling, &scenario.action].map(|words| sentence(words));
        table.row([clause(&scenario.condition), impact, handling, action]);
    }
    table.render()
}
