//! What a command came to, before it is written: `ci` puts several together, the others report their own.

use anyhow::Result;
use serde_json::Value;

use super::{Exit, ReportArgs, output};
use crate::catalogue::Settled;
use crate::report::Report;
use crate::source::Sources;

/// What a command came to.
pub(super) struct Verdict {
    /// The command.
    pub command: &'static str,
    /// Its findings by the user's settings.
    pub settled: Settled,
    /// What it rests on.
    pub evidence: Value,
    /// What was covered.
    pub coverage: Value,
    /// The closing words for people.
    pub closing: String,
    /// How the command ends.
    pub exit: Exit,
}

impl Verdict {
    /// The same of a command that may have been cut off.
    pub(super) fn interrupted(self, is_so: bool) -> Self {
        if is_so { Self { exit: Exit::Interrupted, ..self } } else { self }
    }

    /// Writes the report, and says how the command ends.
    pub(super) fn write(self, sources: &Sources, how: &ReportArgs) -> Result<Exit> {
        self.write_after(sources, how, |_| String::new())
    }

    /// As [`Self::write`]; what `preface` says of a format by name comes before the report in it.
    pub(super) fn write_after(
        self,
        sources: &Sources,
        how: &ReportArgs,
        preface: impl Fn(&str) -> String,
    ) -> Result<Exit> {
        let Self { command, settled, evidence, coverage, closing, exit } = self;
        let known = settled.known.len();
        let report = Report { command, findings: settled.findings, known, evidence, coverage, sources, closing };
        output::report(&report, &how.format, exit, preface)?;
        Ok(exit)
    }
}
