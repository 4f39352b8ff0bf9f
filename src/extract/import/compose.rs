//! What documents say -> a draft: fields in the order of the format, names for entries, buses and services for all that
//! are named.

use super::record::{Collected, Consumer, Entry, Fields, Module, Named, named};
use super::wiring::snake;
use crate::extract::draft::{Draft, Node, Value};
use crate::extract::{Kind, Unresolved};
use crate::registry::format::{self, Object};

/// What the command line says where documents say nothing.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The bus of modules that name none.
    pub bus: Option<String>,
    /// The module of documents that name none.
    pub module: Option<String>,
}

/// Makes the draft.
pub(super) fn compose(mut collected: Collected, plan: &Plan) -> Draft {
    collected.modules.retain(|module| !module.is_empty());
    name_modules(&mut collected, plan);
    own_reads(&mut collected);
    let only = if collected.buses.len() == 1 { collected.buses.first().map(|(name, _)| name.clone()) } else { None };
    let bus = plan.bus.clone().or(only).unwrap_or_else(|| "main".to_owned());
    for module in &mut collected.modules {
        if module.fields.get("bus").is_none() {
            // Where each key says its bus, the first one's is the module's.
            let named = module.entries.iter().all(|entry| entry.fields.get("bus").is_some());
            let first = module.entries.first().filter(|_| named).and_then(|entry| entry.fields.word("bus"));
            let own = plan.bus.clone().or_else(|| first.map(str::to_owned)).unwrap_or_else(|| bus.clone());
            module.fields.text("bus", own);
        }
        let own = module.fields.word("bus").unwrap_or_default().to_owned();
        for entry in &mut module.entries {
            entry.fields.0.retain(|(name, node)| name != "bus" || node.value != Value::Text(own.clone()));
        }
    }
    buses(&mut collected);
    services(&mut collected);
    let mut unresolved = mentions(&mut collected);
    let names: Vec<String> = collected.modules.iter().filter_map(|module| module.name.clone()).collect();
    let upstream = std::mem::take(&mut collected.upstream);
    unresolved.extend(upstream.into_iter().filter(|(owner, _)| !names.contains(owner)).map(|(_, listed)| listed));
    unresolved.append(&mut collected.unresolved);
    unresolved.sort();
    unresolved.dedup();
    let mut registry = Fields::default();
    registry.set("keywire", Node::new(Value::Number("1".to_owned())));
    let first = collected.modules.first().and_then(|module| module.name.clone());
    registry.text("name", collected.name.or(first).unwrap_or_else(|| "imported".to_owned()));
    if let Some(about) = collected.about {
        registry.text("about", about);
    }
    registry.set("buses", objects(collected.buses));
    if !collected.services.is_empty() {
        registry.set("services", objects(collected.services));
    }
    if !collected.payloads.is_empty() {
        registry.set("payloads", schemas(&collected.payloads));
    }
    let modules = collected
        .modules
        .into_iter()
        .map(|module| (module.name.clone().unwrap_or_default(), self::module(module)))
        .collect();
    Draft { registry: in_order(&format::REGISTRY, registry), modules, unresolved }
}

fn name_modules(collected: &mut Collected, plan: &Plan) {
    let fallback = plan.module.clone().unwrap_or_else(|| "imported".to_owned());
    for module in &mut collected.modules {
        module.name.get_or_insert_with(|| fallback.clone());
    }
}

/// Reading commands among a module's operations are its own reads.
fn own_reads(collected: &mut Collected) {
    for module in &mut collected.modules {
        let name = module.name.clone().unwrap_or_default();
        for entry in module.entries.iter_mut().filter(|entry| !entry.reads.is_empty()) {
            let reads = std::mem::take(&mut entry.reads);
            entry.consume(Consumer { name: name.clone(), reads, ..Consumer::default() });
        }
    }
}

/// All buses that are named, each answering for the names under the first words of its keys.
fn buses(collected: &mut Collected) {
    for module in &collected.modules {
        let own = module.fields.word("bus").unwrap_or_default().to_owned();
        named(&mut collected.buses, &own);
        for entry in &module.entries {
            let bus = entry.fields.word("bus").unwrap_or(&own).to_owned();
            let fields = named(&mut collected.buses, &bus);
            let Some(glob) = glob(&entry.pattern).filter(|_| !entry.place.is_empty()) else { continue };
            match fields.0.iter_mut().find(|(name, _)| name == "owns") {
                // Written in a document: it stands.
                Some((_, node)) if node.evidence.is_empty() => {}
                Some((_, node)) => {
                    if let Value::List(globs) = &mut node.value
                        && !globs.iter().any(|known| known.value == Value::Text(glob.clone()))
                    {
                        globs.push(Node::text(glob));
                    }
                }
                None => fields.set("owns", Node::texts([glob]).because("from the names of the keys below")),
            }
        }
        for consumer in module.entries.iter().flat_map(|entry| &entry.consumers) {
            if let Some(bus) = &consumer.bus {
                named(&mut collected.buses, bus);
            }
        }
    }
    if collected.buses.is_empty() {
        named(&mut collected.buses, "main");
    }
}

/// `massive:*` of `massive:spot:{symbol}`; none where the name begins with a variable part.
fn glob(pattern: &str) -> Option<String> {
    let head = pattern.split(':').next()?;
    (!head.is_empty() && !head.contains(['{', '*', '?', '[', '\\']) && head.len() < pattern.len())
        .then(|| format!("{head}:*"))
}

/// A service for each consumer that is no module.
fn services(collected: &mut Collected) {
    let modules: Vec<String> = collected.modules.iter().filter_map(|module| module.name.clone()).collect();
    let consumers = collected.modules.iter().flat_map(|module| &module.entries).flat_map(|entry| &entry.consumers);
    let consumers: Vec<(String, Option<&str>)> =
        consumers.map(|consumer| (consumer.name.clone(), consumer.scope)).collect();
    for (name, scope) in consumers.into_iter().filter(|(name, _)| !modules.contains(name)) {
        let fields = named(&mut collected.services, &name);
        if let Some(scope) = scope.filter(|scope| *scope != "external") {
            fields.fill("scope", Node::text(scope));
        }
    }
    collected.services.retain(|(name, _)| !modules.contains(name));
}

/// Names in prose that no entry claims.
fn mentions(collected: &mut Collected) -> Vec<Unresolved> {
    let patterns: Vec<&str> =
        collected.modules.iter().flat_map(|module| &module.entries).map(|entry| entry.pattern.as_str()).collect();
    let claims: Vec<regex::Regex> = patterns.iter().filter_map(|pattern| claim(pattern)).collect();
    let known = |name: &str| {
        let name = name.trim_end_matches('*').trim_end_matches(':');
        claims.iter().any(|claim| claim.is_match(name)) || patterns.iter().any(|pattern| pattern.starts_with(name))
    };
    let mut mentions = std::mem::take(&mut collected.mentions);
    mentions.retain(|mention| !known(&mention.text));
    mentions
}

/// What a pattern matches, placeholders in any notation included.
fn claim(pattern: &str) -> Option<regex::Regex> {
    let parsed = crate::registry::Pattern::parse(pattern).ok()?;
    let part = |token: &crate::registry::Token| match token {
        crate::registry::Token::Literal(text) => regex::escape(text),
        crate::registry::Token::Param(_) => ".+".to_owned(),
    };
    regex::Regex::new(&format!("^{}$", parsed.tokens().iter().map(part).collect::<String>())).ok()
}

fn objects(all: Named) -> Node {
    Node::map(all.into_iter().map(|(name, fields)| (name, Node::map(fields.0))))
}

fn schemas(all: &[(String, serde_json::Value)]) -> Node {
    Node::map(all.iter().map(|(name, schema)| (name.clone(), Node::from(schema))))
}

/// The fields of an object in the order of the format.
fn in_order(object: &Object, mut fields: Fields) -> Vec<(String, Node)> {
    let at = |name: &str| object.fields.iter().position(|field| field.name == name);
    fields.0.sort_by_key(|(name, _)| at(name));
    fields.0
}

/// The object that the fields of a mapping of an object are.
fn below(object: &'static Object, name: &str) -> Option<&'static Object> {
    let field = object.fields.iter().find(|field| field.name == name)?;
    match field.kind {
        format::Kind::Map(format::Kind::Object(object)) => Some(object),
        _ => None,
    }
}

fn module(mut module: Module) -> Vec<(String, Node)> {
    let mut fields = module.fields;
    fields.text("module", module.name.clone().unwrap_or_default());
    for (name, all) in [("config", module.config), ("params", module.params)] {
        if !all.is_empty() {
            fields.set(name, objects(all));
        }
    }
    if !module.payloads.is_empty() {
        fields.set("payloads", schemas(&module.payloads));
    }
    name_entries(&mut module.entries);
    for (name, kind) in [("keys", Kind::Key), ("channels", Kind::Channel)] {
        let Some(object) = below(&format::MODULE, name) else { continue };
        let entries: Vec<(String, Node)> = module
            .entries
            .iter()
            .filter(|entry| entry.kind == kind)
            .map(|one| (one.name.clone().unwrap_or_default(), entry(one, object)))
            .collect();
        if !entries.is_empty() {
            fields.set(name, Node::map(entries));
        }
    }
    in_order(&format::MODULE, fields)
}

/// A name for each entry that has none: the words of its pattern without what all share.
fn name_entries(entries: &mut [Entry]) {
    let words = |entry: &Entry| -> Vec<String> {
        let literal: String = entry
            .pattern
            .split('{')
            .enumerate()
            .map(|(at, part)| {
                if at == 0 {
                    part.to_owned()
                } else {
                    format!(":{}", part.split_once('}').map_or("", |(_, rest)| rest))
                }
            })
            .collect();
        literal.split(|c: char| !c.is_alphanumeric() && c != '_').map(snake).filter(|word| !word.is_empty()).collect()
    };
    let all: Vec<Vec<String>> = entries.iter().map(words).collect();
    let first = all.first().and_then(|words| words.first()).cloned();
    let shared = all.len() > 1 && all.iter().all(|words| words.len() > 1 && words.first() == first.as_ref());
    let mut taken: Vec<(Kind, String)> =
        entries.iter().filter_map(|entry| Some((entry.kind, entry.name.clone()?))).collect();
    for (entry, words) in entries.iter_mut().zip(all).filter(|(entry, _)| entry.name.is_none()) {
        let words = if shared { words.get(1..).unwrap_or_default() } else { &words[..] };
        let base = if words.is_empty() { "entry".to_owned() } else { words.join("_") };
        let base = if base.starts_with(|c: char| c.is_ascii_digit()) { format!("n{base}") } else { base };
        let params: Vec<String> = crate::registry::Pattern::parse(&entry.pattern)
            .map(|pattern| pattern.params().map(snake).collect())
            .unwrap_or_default();
        let by = if params.is_empty() { base.clone() } else { format!("{base}_by_{}", params.join("_")) };
        let free = |name: &String| !taken.iter().any(|(kind, known)| *kind == entry.kind && known == name);
        let name =
            [base.clone(), by.clone()].into_iter().chain((2_u32..).map(|number| format!("{by}_{number}"))).find(free);
        let name = name.unwrap_or(base);
        taken.push((entry.kind, name.clone()));
        entry.name = Some(name);
    }
}

fn entry(entry: &Entry, object: &Object) -> Node {
    let mut fields = entry.fields.clone();
    fields.text(if entry.kind == Kind::Key { "key" } else { "channel" }, entry.pattern.as_str());
    if !entry.operations.is_empty() {
        let usual = entry.kind == Kind::Channel && entry.operations == ["PUBLISH"];
        if !usual {
            fields.set("operations", Node::texts(entry.operations.iter().map(String::as_str)));
        }
    }
    if !entry.parts.is_empty() {
        let name = if entry.fields.word("type") == Some("stream") { "entry" } else { "fields" };
        let part = |(name, fields): &(String, Fields)| (name.clone(), part(fields));
        fields.set(name, Node::map(entry.parts.iter().map(part)));
    }
    if entry.kind == Kind::Channel {
        // What a channel cannot have: it keeps nothing.
        fields.0.retain(|(name, _)| object.fields.iter().any(|field| field.name == name));
    }
    let consumers: Vec<Node> = entry.consumers.iter().map(consumer).collect();
    if !consumers.is_empty() {
        fields.set("consumers", Node::new(Value::List(consumers)));
    }
    let node = Node::map(in_order(object, fields));
    if entry.place.is_empty() { node } else { node.because(entry.place.clone()) }
}

/// A field of a hash or stream: its type alone where nothing else is said.
fn part(fields: &Fields) -> Node {
    let order = ["type", "purpose", "required", "operations"];
    let mut fields = fields.clone();
    fields.fill("type", Node::text("text"));
    fields.0.sort_by_key(|(name, _)| order.iter().position(|known| known == name));
    match fields.0.as_slice() {
        [(_, only)] => only.clone(),
        _ => Node::map(fields.0),
    }
}

fn consumer(consumer: &Consumer) -> Node {
    let mut fields = Fields::default();
    fields.text("name", consumer.name.as_str());
    let list = |list: &[String]| Node::texts(list.iter().map(String::as_str));
    if !consumer.reads.is_empty() {
        fields.set("reads", list(&consumer.reads));
    }
    fields.text("for", consumer.purpose.clone().unwrap_or_default());
    if !consumer.needs.is_empty() {
        fields.set("needs", list(&consumer.needs));
    }
    if !consumer.examples.is_empty() {
        fields.set("examples", list(&consumer.examples));
    }
    fields.text("via", consumer.via.clone().unwrap_or_default());
    fields.text("bus", consumer.bus.clone().unwrap_or_default());
    if consumer.potential {
        fields.set("potential", Node::new(Value::Flag(true)));
    }
    Node::map(fields.0)
}
