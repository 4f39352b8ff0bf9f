//! The head of a module's page: what it is, its bus, and how configuration ties in.

use super::figures;
use super::readings;
use super::text::{Table, blocks, bullets, clause, code, codes, enumerate, section, sentence, text};
use crate::registry::{Bus, ConfigKind, ConfigVariable, Key, Module, ModuleId, Registry, Topology, Ttl};

/// `## Module Overview`.
pub(super) fn render(registry: &Registry, id: ModuleId) -> String {
    let module = registry.module(id);
    let bus = registry.bus_named(&module.bus).map(|bus| bus_words(registry.bus(bus)));
    let line = |label: &str, words: Option<String>| {
        words.filter(|words| !words.is_empty()).map_or_else(String::new, |words| format!("**{label}:** {words}"))
    };
    let source = module.source.as_deref().map(|source| format!(" ({})", code(source))).unwrap_or_default();
    let ties = config_ties(module);
    let overview = bullets([
        format!("**Module:** {}{source}", code(&module.name)),
        line("Role", module.role.as_deref().map(sentence)),
        line(
            "Bus",
            Some(format!(
                "{}{}",
                code(&module.bus),
                bus.unwrap_or_else(|| ", which the registry does not describe.".to_owned())
            )),
        ),
        line("Config Ties", (!ties.is_empty()).then(|| ties + ".")),
        line(
            "Batches",
            module.atomic.then(|| "The writes of one batch are one transaction (`MULTI`/`EXEC`).".to_owned()),
        ),
        line("Connections", Some(connections(module))),
        line("Owner", module.owner.as_deref().map(text)),
        line("Since", module.since.as_deref().map(text)),
        line("Notes", module.notes.as_deref().map(sentence)),
    ]);
    section(2, "Module Overview", &blocks([overview, section(3, "Configuration", &config_table(registry, id))]))
}

/// How its connections are told from others: ``client names `a*`; ACL users `b` ``.
fn connections(module: &Module) -> String {
    let list = |label: &str, names: &[String]| {
        (!names.is_empty()).then(|| format!("{label} {}", codes(names.iter().map(String::as_str))))
    };
    let parts = [list("client names", &module.client_names), list("ACL users", &module.client_users)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// Where a bus is: `, one server; market data. Its URL comes from ...`.
pub(super) fn bus_words(bus: &Bus) -> String {
    let topology = match bus.topology {
        Topology::Standalone => String::new(),
        Topology::Sentinel => ", servers watched by Sentinel".to_owned(),
        Topology::Cluster => ", a cluster".to_owned(),
    };
    let url = url_words(bus);
    let url = if url.is_empty() { String::new() } else { format!("; URL from {url}") };
    let about = bus.about.as_deref().map(clause).map(|about| format!(" ({about})")).unwrap_or_default();
    format!("{about}{topology}{url}.")
}

/// Where processes find the URL of a bus.
pub(super) fn url_words(bus: &Bus) -> String {
    let places: Vec<String> = bus
        .config_path
        .as_deref()
        .map(code)
        .into_iter()
        .chain(bus.env.as_deref().map(|env| format!("the environment variable {}", code(env))))
        .collect();
    let default = bus.default.as_deref().map(|url| code(&figures::without_password(url)));
    match (places.join(" or "), default) {
        (places, Some(default)) if places.is_empty() => default,
        (places, Some(default)) => format!("{places} (default {default})"),
        (places, None) => places,
    }
}

/// `symbol from A, B; interval from C (default 1s)`: what each variable decides, by its name.
fn config_ties(module: &Module) -> String {
    let mut ties = Vec::new();
    for param in module.params.values().filter(|param| !param.from.is_empty()) {
        ties.push(format!(
            "values of {} from {}",
            code(&format!("{{{}}}", param.name)),
            codes(param.from.iter().map(String::as_str))
        ));
    }
    let in_params = |name: &String| module.params.values().any(|param| param.from.contains(name));
    for variable in module.config.iter().filter(|variable| !in_params(&variable.name)) {
        let default =
            figures::default(variable).map(|default| format!(" (default {})", text(&default))).unwrap_or_default();
        ties.push(format!("{} from {}{default}", text(&short_name(module, &variable.name)), code(&variable.name)));
    }
    super::lifecycle::capital(&ties.join("; "))
}

/// `trail window` of `MASSIVE_SPOT_TRAIL_WINDOW_SEC` in `spot_worker`: without what all variables share, the module's
/// words and the unit.
fn short_name(module: &Module, variable: &str) -> String {
    let own: Vec<String> = module.name.split(['_', '-', ' ']).map(str::to_lowercase).collect();
    let words: Vec<String> = variable.split('_').filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let shared = |at: usize| {
        module.config.len() > 1
            && module.config.iter().all(|other| {
                other
                    .name
                    .split('_')
                    .filter(|word| !word.is_empty())
                    .nth(at)
                    .is_some_and(|word| word.to_lowercase() == words[at])
            })
    };
    let prefix = (0..words.len()).take_while(|at| shared(*at)).count();
    let units = ["sec", "secs", "seconds", "ms", "s"];
    let kept: Vec<&str> = words[prefix..]
        .iter()
        .map(String::as_str)
        .filter(|word| !own.iter().any(|own| own == word) && !units.contains(word))
        .collect();
    let kept = if kept.is_empty() { words.iter().map(String::as_str).collect() } else { kept };
    kept.into_iter().map(spelled).collect::<Vec<_>>().join(" ")
}

/// A word of a variable's name as people write it.
fn spelled(word: &str) -> &str {
    match word {
        "ttl" => "TTL",
        "url" => "URL",
        "id" => "ID",
        "maxlen" => "maximum length",
        "max" => "maximum",
        "min" => "minimum",
        other => other,
    }
}

fn config_table(registry: &Registry, id: ModuleId) -> String {
    let mut table = Table::new(&["Variable", "Type", "Default", "Allowed", "What it decides", "Used for"]);
    for variable in &registry.module(id).config {
        let default = match figures::default(variable) {
            Some(default) if default.is_empty() => "empty".to_owned(),
            Some(default) => code(&default),
            None if variable.secret && variable.optional => "secret; may stay unset".to_owned(),
            None if variable.secret => "secret".to_owned(),
            None if variable.optional => "may stay unset".to_owned(),
            None => "must be set".to_owned(),
        };
        let about = variable.about.as_deref().map(sentence).unwrap_or_default();
        table.row([
            code(&variable.name),
            kind(&variable.kind).to_owned(),
            default,
            allowed(variable),
            about,
            uses(registry, id, &variable.name),
        ]);
    }
    table.render()
}

fn kind(kind: &ConfigKind) -> &'static str {
    match kind {
        ConfigKind::String => "text",
        ConfigKind::Integer => "integer",
        ConfigKind::Number => "number",
        ConfigKind::Boolean => "true or false",
        ConfigKind::List => "list, with commas",
        ConfigKind::Seconds => "seconds",
        ConfigKind::Milliseconds => "milliseconds",
        ConfigKind::Url => "URL",
        ConfigKind::Path => "path",
        ConfigKind::Enum(_) => "word",
    }
}

fn allowed(variable: &ConfigVariable) -> String {
    let range = match (variable.min, variable.max) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => String::new(),
    };
    match &variable.kind {
        ConfigKind::Enum(words) => codes(words.iter().map(String::as_str)),
        _ => range,
    }
}

/// The keys whose bounds or names a variable decides.
fn uses(registry: &Registry, id: ModuleId, variable: &str) -> String {
    let bounded =
        registry.keys_of(id).filter(|key| key_variables(key).contains(&variable)).map(|key| code(key.pattern.as_str()));
    let params = registry.module(id).params.values().filter(|param| param.from.iter().any(|name| name == variable));
    let used = |name: &str| {
        readings::entries(registry, id).into_iter().any(|entry| entry.pattern().params().any(|param| param == name))
    };
    let named = params
        .filter(|param| used(&param.name))
        .map(|param| format!("values of {}", code(&format!("{{{}}}", param.name))));
    named.chain(bounded).collect::<Vec<_>>().join(", ")
}

fn key_variables(key: &Key) -> Vec<&str> {
    let retention = &key.retention;
    let ttl = match &retention.ttl {
        Some(Ttl::Fixed(ttl) | Ttl::Sliding(ttl)) => vec![ttl.config()],
        Some(Ttl::Range { min, max }) => vec![min.config(), max.config()],
        Some(Ttl::None) | None => Vec::new(),
    };
    let counts = [
        retention.max_entries.as_ref().map(|bound| &bound.count),
        retention.max_length.as_ref(),
        key.cardinality.as_ref(),
    ];
    let times = [retention.max_age.as_ref(), key.freshness.as_ref()];
    let counts = counts.into_iter().flatten().filter_map(crate::registry::Amount::config);
    let times = times.into_iter().flatten().filter_map(crate::registry::Amount::config);
    ttl.into_iter().flatten().chain(counts).chain(times).collect()
}

/// `Spot (what it does) → Models (...)`, from the module's flow.
pub(super) fn flow(module: &Module) -> String {
    let stage = |stage: &crate::registry::Stage| match stage
        .example
        .as_deref()
        .map(clause)
        .filter(|example| !example.is_empty())
    {
        Some(example) => format!("**{}** ({example})", text(&stage.name)),
        None => format!("**{}**", text(&stage.name)),
    };
    module.flow.iter().map(stage).collect::<Vec<_>>().join(" → ")
}

/// What is said of the names on a bus that are the registry's business.
pub(super) fn owned_names(bus: &Bus) -> String {
    enumerate(&bus.owns.iter().map(|glob| code(glob)).collect::<Vec<_>>())
}
