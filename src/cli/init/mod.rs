//! `keywire init`: a registry to start with, or a module with its worker.

mod module;
mod registry;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};

use super::{Exit, usage};

/// Arguments of `init`.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:
  keywire init                          a registry in ./schema
  keywire init services/orders/schema   elsewhere: name it with --registry, or as `registry` in keywire.toml
  keywire init module price_worker      one more module: its file in the registry, and a worker that keeps it"
)]
pub(super) struct InitArgs {
    /// Folder of the new registry
    #[arg(value_name = "DIR", default_value = "schema")]
    folder: PathBuf,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Add a module to the registry, and a worker in Rust that runs and keeps it
    Module(module::ModuleArgs),
}

pub(super) fn run(args: &InitArgs) -> Result<Exit> {
    match &args.what {
        None => registry::run(&args.folder),
        Some(What::Module(args)) => module::run(args),
    }
}

/// Writes files, unless one of them is there already: then none.
fn write(root: &Path, files: &[(PathBuf, String)]) -> Result<()> {
    if let Some((path, _)) = files.iter().find(|(path, _)| root.join(path).exists()) {
        return Err(usage(format!("{} is there already; nothing was written", path.display())));
    }
    for (path, contents) in files {
        let whole = root.join(path);
        if let Some(folder) = whole.parent() {
            fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        }
        fs::write(&whole, contents).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// A line for each file.
fn told(word: &str, files: &[(PathBuf, String)]) -> String {
    files.iter().map(|(path, _)| format!("{word}    {}\n", path.display())).collect()
}
