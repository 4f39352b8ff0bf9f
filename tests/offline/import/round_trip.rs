//! What keywire generates it reads back: the same registry, and what a person changed in the visible text.

use keywire::generate::markdown::TARGET;
use keywire::registry::{
    self, Consumer, Documentation, FieldShape, Key, ModuleId, Operation, Param, Registry, Shape, Value,
};
use keywire::settings::GenerateSettings;
use serde_json::{Value as Json, json};

use super::*;

fn pages(registry: &Registry) -> Vec<(String, String)> {
    let modules: Vec<ModuleId> = (0..registry.modules.len()).map(ModuleId).collect();
    let pages = (TARGET.generate)(registry, &modules, &GenerateSettings::default()).unwrap();
    pages.into_iter().map(|page| (page.path.display().to_string(), page.text)).collect()
}

fn imported(pages: &[(String, String)]) -> Draft {
    draft_of(&pages.iter().map(|(path, text)| (path.as_str(), text.clone())).collect::<Vec<_>>())
}

/// Words without what docs add: a full stop at the end, and one space where there were several.
fn words(text: &str) -> Json {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.trim_end_matches('.').into()
}

fn maybe(text: Option<&str>) -> Json {
    text.map_or(Json::Null, words)
}

fn names(operations: &[Operation]) -> Vec<&str> {
    operations.iter().map(|operation| operation.name.as_str()).collect()
}

fn docs(docs: &Documentation) -> Json {
    let deprecated = docs.deprecated.as_ref().map(|it| json!([words(&it.since), it.replacement, it.remove_after]));
    json!({
        "purpose": maybe(docs.purpose.as_deref()), "notes": maybe(docs.notes.as_deref()), "examples": docs.examples,
        "owner": maybe(docs.owner.as_deref()), "since": maybe(docs.since.as_deref()), "deprecated": deprecated,
    })
}

/// Who reads, in the order of names: docs sort them.
fn consumers(registry: &Registry, consumers: &[Consumer]) -> Json {
    let mut all: Vec<Json> = consumers
        .iter()
        .map(|one| {
            json!({
                "name": words(&one.name), "reads": names(&one.reads), "for": maybe(one.purpose.as_deref()), "needs": one.needs,
                "examples": one.examples, "via": maybe(one.via.as_deref()), "bus": one.bus, "potential": one.potential,
                "party": registry.party_name(one.party),
            })
        })
        .collect();
    all.sort_by_key(Json::to_string);
    all.into()
}

/// A schema with its descriptions as docs show them; what is required is a set.
fn schema(json: &Json) -> Json {
    match json {
        Json::Object(map) => {
            let mut sorted: Vec<(&String, &Json)> = map.iter().collect();
            sorted.sort_by_key(|(name, _)| name.as_str());
            let field = |(name, value): (&String, &Json)| {
                let shown = match (name.as_str(), value) {
                    ("description", Json::String(text)) => words(text),
                    ("required", Json::Array(names)) => {
                        let mut names = names.clone();
                        names.sort_by_key(Json::to_string);
                        names.into()
                    }
                    // `0` and `0.0` are one number.
                    (_, Json::Number(number)) => json!(number.as_f64()),
                    _ => schema(value),
                };
                (name.clone(), shown)
            };
            sorted.into_iter().map(field).collect::<serde_json::Map<_, _>>().into()
        }
        Json::Array(items) => items.iter().map(schema).collect(),
        other => other.clone(),
    }
}

/// Which of the key's operations write a field: those that are said, else all that add.
fn field(registry: &Registry, key: &Key, field: &FieldShape) -> Json {
    let all: Vec<&str> = names(&key.operations);
    let said: Vec<&str> = field.operations.iter().map(String::as_str).filter(|name| all.contains(name)).collect();
    let adds: Vec<&str> = all
        .iter()
        .copied()
        .filter(|name| {
            !matches!(*name, "HDEL" | "EXPIRE" | "PEXPIRE" | "DEL" | "XDEL" | "XTRIM" | "XGROUP CREATE" | "UNLINK")
        })
        .collect();
    json!([
        field.name.as_str(),
        registry.value_name(&field.value),
        maybe(field.purpose.as_deref()),
        field.required,
        if said.is_empty() { adds } else { said },
    ])
}

fn shape(registry: &Registry, key: &Key) -> Json {
    let name = |value: &Value| registry.value_name(value).to_owned();
    match &key.shape {
        Shape::Opaque => json!(null),
        Shape::Single(value) | Shape::Elements(value) | Shape::Members(value) => json!(name(value)),
        Shape::Scored { member, score } => json!([name(member), name(score)]),
        Shape::Fields(fields) | Shape::Entries(fields) => fields.iter().map(|one| field(registry, key, one)).collect(),
    }
}

fn param(param: &Param) -> Json {
    json!([format!("{:?}", param.kind), param.from, param.examples, maybe(param.about.as_deref())])
}

/// All that a registry means, in words that can be compared. Places, and the order of what docs sort, are left out.
#[allow(clippy::too_many_lines, reason = "a list of all fields")]
fn meaning(registry: &Registry) -> Json {
    let bus = |id: Option<registry::BusId>| id.map(|id| registry.bus(id).name.clone());
    let key = |key: &Key| {
        let groups: Vec<Json> = key
            .groups
            .iter()
            .map(|group| {
                json!([group.name, format!("{:?}", group.limits), group.required, maybe(group.about.as_deref())])
            })
            .collect();
        json!({
            "name": key.name, "pattern": key.pattern.as_str(), "bus": bus(key.bus), "type": key.redis_type.map(|kind| kind.name),
            "shape": shape(registry, key), "operations": names(&key.operations), "retention": format!("{:?}", key.retention),
            "required": key.required, "cardinality": format!("{:?}", key.cardinality), "freshness": format!("{:?}", key.freshness),
            "groups": groups, "found_by": key.found_by, "consumers": consumers(registry, &key.consumers), "docs": docs(&key.docs),
        })
    };
    let module = |id: ModuleId| {
        let one = registry.module(id);
        let mut keys: Vec<Json> = registry.keys_of(id).map(key).collect();
        keys.sort_by_key(Json::to_string);
        let channels: Vec<Json> = registry
            .channels_of(id)
            .map(|channel| {
                json!({
                    "name": channel.name, "pattern": channel.pattern.as_str(), "bus": bus(channel.bus),
                    "message": channel.message.as_ref().map(|value| registry.value_name(value)), "operations": names(&channel.operations),
                    "consumers": consumers(registry, &channel.consumers), "docs": if channel.from_key.is_some() { json!(null) } else { docs(&channel.docs) },
                })
            })
            .collect();
        let used: Vec<&str> = registry
            .keys_of(id)
            .map(|key| &key.pattern)
            .chain(registry.channels_of(id).map(|channel| &channel.pattern))
            .flat_map(registry::Pattern::params)
            .collect();
        let mut config: Vec<Json> = one
            .config
            .iter()
            .map(|it| {
                json!([
                    it.name,
                    format!("{:?}", it.kind),
                    it.default,
                    maybe(it.about.as_deref()),
                    it.min,
                    it.max,
                    it.secret,
                    it.optional
                ])
            })
            .collect();
        config.sort_by_key(Json::to_string);
        json!({
            "name": one.name, "role": maybe(one.role.as_deref()), "source": one.source, "bus": one.bus, "owner": maybe(one.owner.as_deref()),
            "notes": maybe(one.notes.as_deref()), "since": maybe(one.since.as_deref()), "atomic": one.atomic,
            "clients": [one.client_names, one.client_users], "config": config,
            "params": one.params.values().filter(|it| used.contains(&it.name.as_str())).map(|it| (it.name.clone(), param(it))).collect::<serde_json::Map<_, _>>(),
            "scenarios": one.scenarios.iter().map(|it| json!([words(&it.condition), words(&it.impact), words(&it.handling), words(&it.action)])).collect::<Vec<_>>(),
            "flow": one.flow.iter().map(|it| json!([words(&it.name), maybe(it.example.as_deref())])).collect::<Vec<_>>(),
            "keys": keys, "channels": channels,
        })
    };
    let mut payloads: Vec<Json> = registry
        .payloads
        .iter()
        .map(|it| json!([it.name, it.module.map(|id| registry.module(id).name.clone()), schema(&it.schema)]))
        .collect();
    payloads.sort_by_key(Json::to_string);
    let mut modules: Vec<Json> = (0..registry.modules.len()).map(|at| module(ModuleId(at))).collect();
    modules.sort_by_key(Json::to_string);
    json!({
        "name": registry.name, "about": maybe(registry.about.as_deref()),
        "buses": registry.buses.iter().map(|it| json!([it.name, maybe(it.about.as_deref()), it.env, it.default, it.owns, format!("{:?}", it.topology), it.config_path])).collect::<Vec<_>>(),
        "services": registry.services.iter().map(|it| json!([it.name, maybe(it.role.as_deref()), it.bus, format!("{:?}", it.scope), maybe(it.owner.as_deref()), maybe(it.notes.as_deref())])).collect::<Vec<_>>(),
        "payloads": payloads, "modules": modules,
    })
}

fn lines(json: &Json) -> Vec<String> {
    serde_json::to_string_pretty(json).unwrap().lines().map(str::to_owned).collect()
}

/// The registries of this repository, whose docs say all of them.
fn registries() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = vec![root.join("schema")];
    let folder = std::fs::read_dir(root.join("tests/fixtures/registries")).unwrap();
    all.extend(folder.map(|item| item.unwrap().path()).filter(|path| path.join("registry.yaml").is_file()));
    all.sort();
    all
}

#[test]
fn generated_docs_give_back_the_registry() {
    let mut wrong = String::new();
    for folder in registries() {
        let registry = registry::load(&folder).unwrap_or_else(|error| panic!("{error}"));
        let draft = imported(&pages(&registry));
        for one in &draft.unresolved {
            wrong.push_str(&format!(
                "{}: ? {}:{}: {} -- {}\n",
                folder.display(),
                one.place.file.display(),
                one.place.line,
                one.text,
                one.why
            ));
        }
        let (before, after) = (lines(&meaning(&registry)), lines(&meaning(&registry_of(&draft))));
        let (before, after) = (before.join("\n"), after.join("\n"));
        let diff = similar::TextDiff::from_lines(&before, &after);
        let changes = diff.unified_diff().context_radius(2).header("registry", "imported").to_string();
        if before != after {
            wrong.push_str(&format!("{}:\n{changes}\n", folder.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_page_alone_gives_back_its_module() {
    let registry = crate::pipeline();
    let page: Vec<_> = pages(&registry).into_iter().filter(|(path, _)| path.ends_with("spot_worker.md")).collect();
    let draft = imported(&page);
    let back = registry_of(&draft);
    assert_eq!(back.modules.len(), 1);
    assert_eq!(back.keys.len(), registry.keys_of(registry.module_named("spot_worker").unwrap()).count());
    assert_eq!(back.buses[0].env.as_deref(), Some("MARKET_REDIS_URL"));
}

/// An edit of the visible text, and the key or word in which it shows.
#[test]
fn what_a_person_changes_in_the_visible_text_is_in_the_registry() {
    let registry = crate::pipeline();
    let edits = [
        ("| Latest spot price of one symbol. |", "| The price of one symbol, now. |", "The price of one symbol, now."),
        ("No TTL; cumulative.", "TTL 5m; cumulative.", "ttl: 5m"),
        ("| 250 (5 by default) |", "| 99 |", "cardinality: 99"),
        ("| `massive:spot` | 15s |", "| `massive:spot` | 20s |", "freshness: 20s"),
        ("| `frames` | integer | yes |", "| `frames` | number | yes |", "frames: { type: number"),
        (
            "| `open` | number | no |  | First",
            "| `open` | integer | no | at least 3 | First",
            "open: { type: integer, minimum: 3",
        ),
        ("`HGETALL`, `HGET`", "`HMGET`", "reads: [HMGET]"),
        ("(at most 100000 entries behind,", "(at most 7 entries behind,", "max_lag: 7"),
        (
            "**Spot** (this module publishes the underlyings)",
            "**Spots** (all of them)",
            "stage: Spots, example: all of them",
        ),
        ("| Market open |", "| Market about to open |", "condition: Market about to open"),
    ];
    for (old, new, wanted) in edits {
        let mut pages = pages(&registry);
        let mut changed = false;
        for (_, text) in pages.iter_mut().filter(|(path, _)| path.ends_with("/spot_worker.md")) {
            changed |= text.contains(old);
            *text = text.replace(old, new);
        }
        assert!(changed, "{old}");
        let picture = picture(&imported(&pages));
        assert!(picture.contains(wanted), "{old} -> {new}: no `{wanted}` in\n{picture}");
    }
}
