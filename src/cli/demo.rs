//! `keywire demo`.
use super::Exit;
use anyhow::Result;
use clap::Args;
/// Arguments of `demo`.
#[derive(Debug, Args)]
pub(super) struct DemoArgs {}
pub(super) fn run(_args: &DemoArgs) -> Result<Exit> {
    Ok(Exit::Clean)
}
