//! stub
use super::effects::Effect;
use super::model::{Argument, Command};
use std::time::Duration;
pub struct Invocation<'w> {
    pub command: &'static Command,
    pub keys: Vec<KeyUse>,
    pub channels: Vec<ChannelUse>,
    pub complete: bool,
    arguments: Vec<Given<'w>>,
}
pub struct KeyUse {
    pub position: usize,
    pub key_spec: usize,
    pub access: Access,
    pub effect: Option<Effect>,
}
pub enum Access {
    Read,
    Write,
    ReadWrite,
}
pub struct ChannelUse {
    pub position: usize,
    pub pattern: bool,
}
pub struct Given<'w> {
    pub argument: &'static Argument,
    pub position: usize,
    pub word: &'w [u8],
}
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpiryGiven {
    After(Duration),
    At(Duration),
    Gone,
}
#[derive(Debug, Clone, PartialEq)]
pub enum Trim {
    Entries { at_most: u64, approximate: bool },
    Below { threshold: f64 },
    Other,
    Nothing,
}
pub fn invocation<W: AsRef<[u8]>>(_words: &[W]) -> Option<Invocation<'_>> {
    None
}
impl<'w> Invocation<'w> {
    pub fn arguments(&self) -> &[Given<'w>] {
        &self.arguments
    }
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Given<'w>> {
        self.arguments.iter().filter(move |g| g.argument.name == name)
    }
    pub fn has_token(&self, _token: &str) -> bool {
        false
    }
    pub fn expiry(&self) -> Option<ExpiryGiven> {
        None
    }
    pub fn trim(&self) -> Option<Trim> {
        None
    }
    pub fn grown_by(&self) -> u64 {
        0
    }
}
