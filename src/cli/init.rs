//! `keywire init`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;

use super::{Exit, output, usage};

/// Arguments of `init`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  keywire init                          a registry in ./schema
  keywire init services/orders/schema   elsewhere: name it with --registry, or as `registry` in keywire.toml")]
pub(super) struct InitArgs {
    /// Folder of the new registry
    #[arg(value_name = "DIR", default_value = "schema")]
    folder: PathBuf,
}

const REGISTRY: &str = include_str!("starter/registry.yaml");
const MODULE: &str = include_str!("starter/example_worker.yaml");

pub(super) fn run(args: &InitArgs) -> Result<Exit> {
    let files = [("registry.yaml", REGISTRY), ("modules/example_worker.yaml", MODULE)];
    if let Some((name, _)) = files.iter().find(|(name, _)| args.folder.join(name).exists()) {
        return Err(usage(format!("{} is there already; nothing was written", args.folder.join(name).display())));
    }
    let mut text = String::new();
    for (name, contents) in files {
        let path = args.folder.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        }
        fs::write(&path, contents).with_context(|| format!("cannot write {}", path.display()))?;
        text.push_str(&format!("wrote    {}\n", path.display()));
    }
    let registry = if args.folder == Path::new("schema") {
        String::new()
    } else {
        format!(" --registry {}", args.folder.display())
    };
    text.push_str(&format!(
        "Next: change the example to a key of yours, then `keywire lint{registry}` and `keywire verify{registry} --redis URL`.\n",
    ));
    output::write(&text)?;
    Ok(Exit::Clean)
}
