//! `keywire extract`: what source code does to Redis, as a draft of a registry or as JSON.

use std::collections::HashMap;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use super::draft::{self, DraftArgs};
use super::formats::Formats;
use super::{Exit, RegistryArgs, ReportArgs, output};
use crate::extract::code::{self, Extract, Known, KnownBus, Reach, Step};
use crate::extract::draft::{Plan, compose};
use crate::extract::{Draft, Kind, Sighting};
use crate::reconcile::on_declared_buses;
use crate::registry::{self, Registry};

const EXAMPLES: &str = "\
Examples:
  keywire extract src                               a draft of a registry
  keywire extract src --into schema --dry-run       what a registry lacks
  keywire extract src --format text                 each key with the places of its calls";

/// Reads source code without running it, and tells each key and channel with what is done to it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct ExtractArgs {
    /// Files and folders of source code
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Only this language
    #[arg(long, value_name = "NAME", value_parser = languages())]
    language: Option<String>,
    /// Name of the module that all of this is [default: of each file, its name]
    #[arg(long, value_name = "NAME")]
    module: Option<String>,
    /// With what only tests do
    #[arg(long)]
    tests: bool,
    /// How to write what was found: a draft of a registry, a list with places, or all of it as JSON
    #[arg(long, value_name = "FORMAT", default_value = "yaml", value_parser = ["yaml", "text", "json"], conflicts_with_all = ["out", "into"])]
    format: String,
    /// Exit code 1 where a key could not be told
    #[arg(long)]
    fail_on_unresolved: bool,
    #[command(flatten)]
    registry: RegistryArgs,
    #[command(flatten)]
    draft: DraftArgs,
}

fn languages() -> clap::builder::PossibleValuesParser {
    code::languages::LANGUAGES.iter().map(|language| language.name).collect::<Vec<_>>().into()
}

pub(super) fn run(args: &ExtractArgs) -> Result<Exit> {
    let registry = registry_of(args);
    let known = registry.as_ref().map(known_of).unwrap_or_default();
    let known = Known { module: args.module.clone(), tests: args.tests, ..known };
    let Some(mut extract) = read(&args.paths, args.language.as_deref(), &known)? else { return Ok(Exit::NoEvidence) };
    let exit = match args.format.as_str() {
        "json" => {
            output::write(&format!("{:#}\n", json_of(&extract)))?;
            Exit::Clean
        }
        "text" => {
            output::write(&text_of(&extract))?;
            Exit::Clean
        }
        _ => {
            let module = args.module.clone().unwrap_or_else(|| "main".to_owned());
            if let Some(registry) = &registry {
                // A draft that is put beside what is declared says nothing of buses that the code does not tell.
                extract.sightings = on_declared_buses(registry, std::mem::take(&mut extract.sightings));
            }
            let draft = draft_of(&extract, &Plan { name: args.draft.name.clone(), bus: "redis".to_owned(), module });
            let report = ReportArgs { format: Formats::default(), fail_on: "warning".to_owned() };
            draft::finish(&draft, &args.draft, "extract", &report)?
        }
    };
    let unresolved = args.fail_on_unresolved && !extract.unresolved.is_empty();
    Ok(if unresolved && exit == Exit::Clean { Exit::Findings } else { exit })
}

/// Reads source code and says what of it could not be read. `None` where there is none, which is said as well.
pub(super) fn read(paths: &[PathBuf], language: Option<&str>, known: &Known) -> Result<Option<Extract>> {
    let bars = [output::progress_of("reading", "files"), output::progress_of("following", "calls")];
    let extract = code::extract_telling(paths, language, known, &|step, done, of| {
        let [reading, following] = &bars;
        let bar = match step {
            Step::Reading => reading,
            Step::Following => {
                reading.finish_and_clear();
                following
            }
        };
        bar.set_length(u64::try_from(of).unwrap_or(u64::MAX));
        bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
    });
    bars.iter().for_each(indicatif::ProgressBar::finish_and_clear);
    let extract = extract?;
    for (path, reason) in &extract.skipped {
        output::error(&format!("{}: skipped: {reason}", path.display()));
    }
    if extract.reach.is_empty() {
        output::error("no source file in a known language under these paths");
        return Ok(None);
    }
    for (path, lines) in &extract.faults {
        let lines: Vec<String> = lines.iter().take(5).map(ToString::to_string).collect();
        output::error(&format!("{}: could not be read at line {}; the rest was", path.display(), lines.join(", ")));
    }
    Ok(Some(extract))
}

/// The draft of what was found, with the variables that it names and what could not be told.
pub(super) fn draft_of(extract: &Extract, plan: &Plan) -> Draft {
    let mut draft = compose(&extract.sightings, plan);
    draft.unresolved.clone_from(&extract.unresolved);
    code::declare(&mut draft, &extract.config);
    draft
}

/// The registry at hand: the one that is named, or is to be added to, or stands in its usual place.
fn registry_of(args: &ExtractArgs) -> Option<Registry> {
    let named = args.registry.registry.clone().or_else(|| args.draft.into.clone());
    registry::load(&named.unwrap_or_else(|| PathBuf::from("schema"))).ok()
}

/// What a registry knows of buses and modules.
pub(super) fn known_of(registry: &Registry) -> Known {
    let buses = registry.buses.iter().map(|bus| KnownBus {
        name: bus.name.clone(),
        env: bus.env.clone(),
        default: bus.default.clone(),
        config_path: bus.config_path.clone(),
    });
    let sources = registry.modules.iter().filter_map(|module| Some((module.name.clone(), module.source.clone()?)));
    // A folder or a file that is called like a module is that module's, if no source says otherwise.
    let names = registry.modules.iter().map(|module| (module.name.clone(), module.name.clone()));
    let modules = sources.chain(names);
    Known { buses: buses.collect(), modules: modules.collect(), ..Known::default() }
}

fn json_of(extract: &Extract) -> Value {
    let reaches: HashMap<&PathBuf, Reach> = extract.reach.iter().map(|(path, reach)| (path, *reach)).collect();
    let reach = |file: &PathBuf| reaches.get(file).copied();
    let of = |sighting: &Sighting| {
        let accesses = sighting.accesses.iter().map(|access| {
            let mut value = json!(access);
            if let (Some(place), Some(fields)) = (&access.place, value.as_object_mut()) {
                fields.insert("reach".to_owned(), json!(reach(&place.file)));
            }
            value
        });
        json!({
            "pattern": sighting.pattern,
            "bus": sighting.bus,
            "redis_type": sighting.redis_type,
            "kind": sighting.kind,
            "accesses": accesses.collect::<Vec<_>>(),
            "unresolved": [],
        })
    };
    let mut all: Vec<Value> = extract.sightings.iter().map(of).collect();
    if !extract.unresolved.is_empty() {
        all.push(json!({
            "pattern": null,
            "bus": null,
            "redis_type": null,
            "kind": Kind::Key,
            "accesses": [],
            "unresolved": extract.unresolved,
        }));
    }
    Value::Array(all)
}

fn text_of(extract: &Extract) -> String {
    let mut text = String::new();
    for sighting in &extract.sightings {
        let what = match sighting.kind {
            Kind::Key => sighting.redis_type.unwrap_or("key"),
            Kind::Channel => "channel",
        };
        let bus = sighting.bus.as_ref().map(|bus| format!(" on {bus}")).unwrap_or_default();
        text.push_str(&format!("{} ({what}{bus})\n", sighting.pattern));
        for access in &sighting.accesses {
            let place = access
                .place
                .as_ref()
                .map(|place| format!("{}:{}", place.file.display(), place.line))
                .unwrap_or_default();
            let mut extra = String::new();
            for (name, value) in [("ttl", &access.ttl), ("bound", &access.bound)] {
                if let Some(value) = value {
                    extra.push_str(&format!("  {name} {value}"));
                }
            }
            if access.certainty != crate::extract::Certainty::Certain {
                extra.push_str(&format!("  {}", json!(access.certainty).as_str().unwrap_or_default()));
            }
            text.push_str(&format!("  {:<12} {place}{extra}\n", access.command));
        }
    }
    if !extract.unresolved.is_empty() {
        text.push_str("\nnot resolved:\n");
        for one in &extract.unresolved {
            text.push_str(&format!(
                "  {}:{}  {}\n    {}\n",
                one.place.file.display(),
                one.place.line,
                one.text,
                one.why
            ));
        }
    }
    let keys = extract.sightings.iter().filter(|sighting| sighting.kind == Kind::Key).count();
    let channels = extract.sightings.len() - keys;
    text.push_str(&format!(
        "\n{keys} keys, {channels} channels, {} unresolved, {} files\n",
        extract.unresolved.len(),
        extract.reach.len()
    ));
    text
}
