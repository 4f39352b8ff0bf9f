//! Writes a draft as the files of a registry.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;

use super::super::{Exit, output};
use crate::extract::Draft;
use crate::extract::draft::write;

/// Where a draft goes.
#[derive(Debug, Args)]
pub(super) struct DraftArgs {
    /// Write the draft as a registry into this folder [default: print it]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(super) fn finish(draft: &Draft, args: &DraftArgs) -> Result<Exit> {
    for (path, text) in write(draft) {
        let Some(folder) = &args.out else {
            output::write(&format!("# {}\n{text}\n", path.display()))?;
            continue;
        };
        let path = folder.join(path);
        if path.exists() {
            bail!("{} is there already", path.display());
        }
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        }
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(Exit::Clean)
}
