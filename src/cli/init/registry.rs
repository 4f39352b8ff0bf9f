//! `keywire init`: a registry of one bus and one module, complete and sound.

use std::path::Path;

use anyhow::Result;

use super::super::{Exit, output};
use super::{told, write};

const REGISTRY: &str = include_str!("starter/registry.yaml");
const MODULE: &str = include_str!("starter/example_worker.yaml");

pub(super) fn run(folder: &Path) -> Result<Exit> {
    let files = [("registry.yaml", REGISTRY), ("modules/example_worker.yaml", MODULE)]
        .map(|(name, contents)| (folder.join(name), contents.to_owned()));
    write(Path::new(""), &files)?;
    let registry =
        if folder == Path::new("schema") { String::new() } else { format!(" --registry {}", folder.display()) };
    let next = format!(
        "Next: change the example to a key of yours, then `keywire lint{registry}` and `keywire verify{registry} --redis URL`.\n"
    );
    output::write(&(told("wrote", &files) + &next))?;
    Ok(Exit::Clean)
}
