//! How a server is looked at: how deep, and how hard it is worked. The same words for all commands.

use clap::ValueEnum;

use crate::observe::Depth;
use crate::observe::live::Pace;

/// How much of the values is looked at.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum DepthArg {
    /// Names, types, TTLs and sizes
    Keys,
    /// Values too, but of each pattern and container only some
    Sample,
    /// Everything
    Full,
}

/// How hard the server is worked.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum PaceArg {
    /// Small pages with rests: other clients hardly notice
    Polite,
    /// Large pages, one after the other: for servers that are yours alone
    Fast,
}

impl From<DepthArg> for Depth {
    fn from(depth: DepthArg) -> Self {
        match depth {
            DepthArg::Keys => Self::Keys,
            DepthArg::Sample => Self::Sample,
            DepthArg::Full => Self::Full,
        }
    }
}

impl From<PaceArg> for Pace {
    fn from(pace: PaceArg) -> Self {
        match pace {
            PaceArg::Polite => Self::Polite,
            PaceArg::Fast => Self::Fast,
        }
    }
}
