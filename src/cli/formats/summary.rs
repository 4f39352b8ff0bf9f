//! The summary of a step on GitHub: markdown that is appended to the file which `GITHUB_STEP_SUMMARY` names.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use anyhow::Result;

use crate::cli::usage;

/// The variable that names the file.
const VARIABLE: &str = "GITHUB_STEP_SUMMARY";

/// GitHub takes one mebibyte a step, and shows none of a longer summary.
const LIMIT: usize = 1 << 20;

const CUT: &str =
    "\n_The rest is left out: GitHub takes at most 1 MiB a step. `--format html=FILE` holds all of it._\n";

/// Appends to the summary, if there is one.
pub(super) fn append(markdown: &str) -> Result<()> {
    match std::env::var_os(VARIABLE).filter(|path| !path.is_empty()) {
        Some(path) => append_to(Path::new(&path), markdown).map_err(|error| {
            usage(format!("the summary cannot be written to {}: {error}", Path::new(&path).display()))
        }),
        None => Ok(()),
    }
}

fn append_to(path: &Path, markdown: &str) -> std::io::Result<()> {
    let there = fs::metadata(path).map_or(0, |known| known.len());
    let room = LIMIT.saturating_sub(usize::try_from(there).unwrap_or(usize::MAX));
    let gap = if there == 0 { "" } else { "\n" };
    let text = fit(markdown, room.saturating_sub(gap.len()));
    if text.is_empty() {
        return Ok(());
    }
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    file.write_all(format!("{gap}{text}").as_bytes())
}

/// What of a text fits, cut between two lines; nothing, where not even the word about the cut does.
fn fit(text: &str, room: usize) -> String {
    if text.len() <= room {
        return text.to_owned();
    }
    let Some(room) = room.checked_sub(CUT.len()) else { return String::new() };
    let end = text.as_bytes()[..room].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    format!("{}{CUT}", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_appended_and_never_grows_over_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("summary.md");
        append_to(&path, "# One\n").unwrap();
        append_to(&path, "# Two\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "# One\n\n# Two\n");
        let line = format!("{}\n", "ü".repeat(1000));
        append_to(&path, &line.repeat(1000)).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.len() <= LIMIT && text.len() > LIMIT - line.len() - CUT.len(), "{}", text.len());
        assert!(text.ends_with(&format!("{line}{CUT}")), "cut between lines, with a word");
        append_to(&path, &line.repeat(1000)).unwrap();
        assert!(fs::read_to_string(&path).unwrap().len() <= LIMIT);
    }

    #[test]
    fn a_line_that_does_not_fit_leaves_the_word_alone() {
        assert_eq!(fit(&"x".repeat(500), 400), CUT);
        assert_eq!(fit("text", 3), "");
    }
}
