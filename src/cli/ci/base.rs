//! The revision that changes are compared with: what is asked for, what the CI says, or the default branch.

use std::path::Path;

use anyhow::{Result, anyhow};
use serde_json::Value;

use super::super::revision;
use crate::settings::CiSettings;

/// What a variable of a CI holds.
#[derive(Clone, Copy)]
enum Holds {
    /// The name of a branch, which a clone knows as origin's.
    Branch,
    /// A commit; zeros for none.
    Commit,
}

/// Where CI systems say what a change is to be merged into, the surest first.
const VARIABLES: &[(&str, Holds)] = &[
    ("GITHUB_BASE_REF", Holds::Branch),
    ("CI_MERGE_REQUEST_DIFF_BASE_SHA", Holds::Commit),
    ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", Holds::Branch),
    ("BITBUCKET_PR_DESTINATION_BRANCH", Holds::Branch),
    ("SYSTEM_PULLREQUEST_TARGETBRANCH", Holds::Branch),
    ("BUILDKITE_PULL_REQUEST_BASE_BRANCH", Holds::Branch),
    ("CHANGE_TARGET", Holds::Branch),
    ("CI_COMMIT_BEFORE_SHA", Holds::Commit),
    ("CI_DEFAULT_BRANCH", Holds::Branch),
];

/// Default branches, where nothing says what is compared.
const BRANCHES: [&str; 5] = ["origin/HEAD", "origin/main", "origin/master", "main", "master"];

/// The revision or folder; `Err` says why there is none.
pub(super) fn find(
    asked: Option<&str>,
    settings: &CiSettings,
    folder: &Path,
) -> Result<std::result::Result<String, String>> {
    if let Some(word) = asked.or(settings.against.as_deref()) {
        return had_registry(word.to_owned(), folder);
    }
    if !revision::is_repository(folder) {
        return Ok(Err(format!("{} is in no git repository; name a folder by --against", folder.display())));
    }
    if let Some((word, source)) = told(&|name| std::env::var(name).ok()) {
        let candidates = [format!("origin/{word}"), word.clone()];
        let Some(known) = candidates.into_iter().find(|word| revision::exists(word, folder)) else {
            return Err(anyhow!(
                "this clone does not hold `{word}`, which {source} names; fetch it: `fetch-depth: 0` of actions/checkout, \
                 GIT_DEPTH: 0 on GitLab, or git fetch origin {word}"
            ));
        };
        return had_registry(since(known), folder);
    }
    match BRANCHES.iter().find(|branch| revision::exists(branch, folder)) {
        Some(branch) => had_registry(since((*branch).to_owned()), folder),
        None => Ok(Err("there is no branch to compare with; name one by --against".to_owned())),
    }
}

/// What the CI says, with the variable that says it.
fn told(variable: &dyn Fn(&str) -> Option<String>) -> Option<(String, &'static str)> {
    let value = |name: &str| variable(name).filter(|value| !value.is_empty());
    let named = VARIABLES.iter().find_map(|(name, holds)| {
        let value = value(name)?;
        let value = match holds {
            Holds::Branch => value.trim_start_matches("refs/heads/").to_owned(),
            Holds::Commit => Some(value).filter(|commit| is_commit(commit))?,
        };
        Some((value, *name))
    });
    // A push to GitHub says in the event what was there before it.
    let event = || value("GITHUB_EVENT_PATH").and_then(|path| pushed_onto(Path::new(&path)));
    named.or_else(|| Some((event()?, "the event of GitHub")))
}

fn pushed_onto(event: &Path) -> Option<String> {
    let event: Value = serde_json::from_slice(&std::fs::read(event).ok()?).ok()?;
    let before = event.get("before").and_then(Value::as_str).filter(|commit| is_commit(commit));
    let default = || event.get("repository")?.get("default_branch")?.as_str();
    before.or_else(default).map(str::to_owned)
}

/// Zeros stand for the parent of what is new.
fn is_commit(text: &str) -> bool {
    text.len() >= 7 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) && text.bytes().any(|byte| byte != b'0')
}

/// Only what changed here counts, not what changed there since.
fn since(word: String) -> String {
    format!("{word}...")
}

fn had_registry(word: String, folder: &Path) -> Result<std::result::Result<String, String>> {
    Ok(match revision::had_registry(&word, folder)? {
        true => Ok(word),
        false => Err(format!("there was no registry at {word}: all of it is new")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Option<(String, &'static str)> {
        told(&|name| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn each_system_says_what_it_is_merged_into() {
        let branch = |word: &str, name| Some((word.to_owned(), name));
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[("GITHUB_BASE_REF", "main")]), branch("main", "GITHUB_BASE_REF"));
        let merge = [("CI_COMMIT_BEFORE_SHA", "0000000000"), ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "develop")];
        assert_eq!(of(&merge), branch("develop", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"));
        let push = [("CI_COMMIT_BEFORE_SHA", "1a2b3c4d"), ("CI_DEFAULT_BRANCH", "main"), ("GITHUB_BASE_REF", "")];
        assert_eq!(of(&push), branch("1a2b3c4d", "CI_COMMIT_BEFORE_SHA"));
        let azure = [("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/release/2")];
        assert_eq!(of(&azure), branch("release/2", "SYSTEM_PULLREQUEST_TARGETBRANCH"));
    }

    #[test]
    fn a_push_to_github_is_compared_with_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let event = folder.path().join("event.json");
        let path = event.to_str().unwrap();
        for (text, word) in [
            (r#"{"before": "1a2b3c4d5e", "repository": {"default_branch": "trunk"}}"#, Some("1a2b3c4d5e")),
            (r#"{"before": "0000000000", "repository": {"default_branch": "trunk"}}"#, Some("trunk")),
            ("{", None),
        ] {
            std::fs::write(&event, text).unwrap();
            assert_eq!(of(&[("GITHUB_EVENT_PATH", path)]).map(|(word, _)| word).as_deref(), word);
        }
    }
}
