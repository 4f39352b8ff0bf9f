//! `keywire init module NAME`: a module file with the kinds of keys that most modules have, and a worker that writes them by
//! the generated code, from values of its own making until a real source takes their place.
//!
//! What is written is the user's from then on: only the `wiring` folder is generated again.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;

use super::super::generate::{self, GenerateArgs};
use super::super::{Exit, RegistryArgs, load, output, usage};
use super::{told, write};
use crate::cli::formats::Formats;
use crate::generate::module_path;
use crate::registry::{Bus, Registry};
use crate::settings::Settings;

/// Arguments of `init module`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  keywire init module price_worker             on the first bus of the registry
  keywire init module price_worker --bus jobs  on another
  keywire init module price_worker --dry-run   what would be written, and where

The worker stands where `rust` in keywire.toml says, workers/NAME by default; its wiring is generated there. See
docs/guide/new-module.md for the way from there to a module of your own.")]
pub(super) struct ModuleArgs {
    /// Name of the module: small letters, digits and `_`, such as price_worker
    #[arg(value_name = "NAME")]
    name: String,
    /// The bus that it writes to [default: the first of the registry]
    #[arg(long, value_name = "BUS")]
    bus: Option<String>,
    /// Write nothing; print what would be written
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    registry: RegistryArgs,
}

/// The files of a worker: where they go in its folder, and their text. The templates end in `.txt`, because with words such as
/// `@NAME@` in them they are neither Rust nor TOML yet.
const SKELETON: [(&str, &str); 5] = [
    ("Cargo.toml", include_str!("skeleton/Cargo.toml.txt")),
    ("src/main.rs", include_str!("skeleton/main.rs.txt")),
    ("src/bus.rs", include_str!("skeleton/bus.rs.txt")),
    ("src/publish.rs", include_str!("skeleton/publish.rs.txt")),
    ("src/source.rs", include_str!("skeleton/source.rs.txt")),
];

const MODULE: &str = include_str!("skeleton/module.yaml.txt");

pub(super) fn run(args: &ModuleArgs) -> Result<Exit> {
    let loaded = match load::load_sound(&args.registry, "init module", &Formats::default())? {
        Ok(loaded) => loaded,
        Err(exit) => return Ok(exit),
    };
    check_name(&args.name, &loaded.registry)?;
    let bus = load::bus(&loaded.registry, args.bus.as_deref())?.map(|bus| loaded.registry.bus(bus));
    let bus = bus.or(loaded.registry.buses.first()).ok_or_else(|| usage("the registry has no bus".to_owned()))?;
    let place = Place::new(&loaded.settings, &args.name);
    let words = words(&args.name, bus, &loaded.registry, &place);
    let fill = |text: &str| words.iter().fold(text.to_owned(), |text, (word, value)| text.replace(word, value));
    // Paths are those of keywire.toml's folder, except for a registry that was named by hand.
    let module = std::env::current_dir().context("the working folder is gone")?.join(&loaded.folder);
    let module = module.join("modules").join(format!("{}.yaml", args.name));
    let module = module.strip_prefix(&loaded.settings.root).map(Path::to_owned).unwrap_or(module);
    let mut files = vec![(module, fill(MODULE))];
    files.extend(SKELETON.iter().map(|(path, text)| (place.krate.join(path), fill(text))));
    if args.dry_run {
        output::write(&told("would write", &files))?;
        return Ok(Exit::Clean);
    }
    write(&loaded.settings.root, &files)?;
    output::write(&told("wrote", &files))?;
    let exit = generate::run(&GenerateArgs::all(args.registry.clone()))?;
    output::write(&next(args, &loaded.settings, &place, loaded.registry.services.is_empty()))?;
    Ok(exit)
}

/// Is it a name that a module, a crate and a Rust module can have, and free?
fn check_name(name: &str, registry: &Registry) -> Result<()> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let is_plain = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(plain) && name.len() <= 60;
    if !is_plain || syn::parse_str::<syn::Ident>(name).is_err() || ["test", "core", "std"].contains(&name) {
        return Err(usage(format!(
            "`{name}` cannot be the name of a module and of its crate; write small letters, digits and `_`, such as price_worker"
        )));
    }
    if registry.module_named(name).is_some() {
        return Err(usage(format!("there is a module `{name}` already; take another name")));
    }
    if registry.services.iter().any(|service| service.name == name) {
        return Err(usage(format!(
            "`{name}` is a service of registry.yaml, which only reads; take it out there first, for as a module it keeps its name as \
             a consumer"
        )));
    }
    Ok(())
}

/// Where the worker and its wiring stand, from the folder of keywire.toml.
struct Place {
    krate: PathBuf,
    /// The wiring, from the worker's `src` folder; `None` where Rust looks by itself.
    wiring: Option<String>,
}

impl Place {
    /// The worker is the crate around the folder that `rust` names; where that is in no crate, it is in `workers`.
    fn new(settings: &Settings, name: &str) -> Self {
        let wiring = module_path(&settings.generate.rust, name);
        let parts: Vec<_> = wiring.components().collect();
        if let Some(at) = parts.iter().position(|part| part.as_os_str() == "src")
            && at > 0
            && settings.generate.rust.contains("{module}")
        {
            let rest: PathBuf = parts.get(at + 1..).unwrap_or_default().iter().collect();
            let plain = rest == Path::new("wiring");
            let wiring = (!plain).then(|| rest.join("mod.rs").display().to_string());
            return Self { krate: parts.get(..at).unwrap_or_default().iter().collect(), wiring };
        }
        let up = Path::new("../../..").join(wiring).join("mod.rs");
        Self { krate: Path::new("workers").join(name), wiring: Some(up.display().to_string()) }
    }
}

/// What stands for the words of the templates.
fn words(name: &str, bus: &Bus, registry: &Registry, place: &Place) -> Vec<(&'static str, String)> {
    let stem = name.strip_suffix("_worker").unwrap_or(name).replace('_', "-");
    // Names that the bus owns are looked after: the first such beginning is taken.
    let mut owned = bus.owns.iter().filter_map(|glob| glob.strip_suffix('*'));
    let owned = owned.find(|prefix| !prefix.contains(['*', '?', '[', '\\'])).unwrap_or_default();
    let consumers = |reads: &str, needs: &str| match registry.services.first() {
        None => String::new(),
        Some(service) => format!(
            "\n    consumers:\n      - {{ name: {}, reads: [{reads}], for: \"what it needs it for; put your readers here\"{needs} }}",
            service.name
        ),
    };
    let needs = ", needs: [value, ts]";
    vec![
        ("@NAME@", name.to_owned()),
        ("@VARIABLE@", name.to_uppercase()),
        ("@BUS@", bus.name.clone()),
        ("@BUS_ENV@", bus.env.clone().unwrap_or_else(|| "REDIS_URL".to_owned())),
        ("@BUS_DEFAULT@", bus.default.clone().unwrap_or_else(|| "redis://127.0.0.1:6379/0".to_owned())),
        ("@PREFIX@", format!("{owned}{stem}:")),
        ("@READERS_OF_NEWEST@", consumers("GET, SUBSCRIBE", needs)),
        ("@READERS_OF_LATEST@", consumers("GET", needs)),
        ("@READERS_OF_HISTORY@", consumers("XREVRANGE", ", needs: [reading.value, reading.ts]")),
        ("@READERS_OF_ANALYTICS@", consumers("HGETALL", ", needs: [ticks, last_ts]")),
        ("@WIRING@", place.wiring.as_ref().map_or_else(String::new, |path| format!("#[path = {path:?}]\n"))),
    ]
}

/// What to do next.
fn next(args: &ModuleArgs, settings: &Settings, place: &Place, lonely: bool) -> String {
    let name = &args.name;
    let krate = place.krate.display();
    let mut text = String::from("Next:\n");
    let workspace = settings.root.join(&place.krate);
    let workspace = workspace.ancestors().skip(1).map(|folder| folder.join("Cargo.toml")).find(|path| {
        std::fs::read_to_string(path).is_ok_and(|text| text.lines().any(|line| line.trim() == "[workspace]"))
    });
    if let Some(path) = workspace {
        let shown = path.strip_prefix(&settings.root).unwrap_or(&path).display();
        text.push_str(&format!(
            "  add \"{krate}\" to the members of the workspace in {shown}, unless a glob there covers it\n"
        ));
    }
    if lonely {
        text.push_str("  name your readers: `services` in registry.yaml, then `consumers` of each key\n");
    }
    text.push_str(&format!(
        "  keywire lint\n  cargo build --manifest-path {krate}/Cargo.toml\n  keywire run --as {name} --fail-on-coverage-below 100 -- \
         cargo run --quiet --manifest-path {krate}/Cargo.toml -- --run-for 3\n\
         Then put your keys in the place of those of the module file, and your source in that of src/source.rs.\n"
    ));
    text
}
