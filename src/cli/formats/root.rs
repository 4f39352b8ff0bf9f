//! The top folder of the repository, which the services that show findings count paths from.

use std::path::{Path, PathBuf};

/// The folder that holds `.git`; on a machine of a CI service without one, the folder that the service names; else `here`.
pub(super) fn of(here: &Path) -> PathBuf {
    find(here, |name| std::env::var_os(name).map(PathBuf::from))
}

fn find(here: &Path, variable: impl Fn(&str) -> Option<PathBuf>) -> PathBuf {
    if let Some(root) = here.ancestors().find(|folder| folder.join(".git").exists()) {
        return root.to_owned();
    }
    let named = ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"].into_iter().filter_map(variable);
    let mut above = named.filter(|folder| !folder.as_os_str().is_empty() && here.starts_with(folder));
    above.next().unwrap_or_else(|| here.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_repository_or_what_the_service_says_or_here() {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().join("services/shop");
        std::fs::create_dir_all(&here).unwrap();
        assert_eq!(find(&here, |_| None), here);
        assert_eq!(find(&here, |_| Some("/elsewhere".into())), here);
        let gitlab = |name: &str| (name == "CI_PROJECT_DIR").then(|| folder.path().join("services"));
        assert_eq!(find(&here, gitlab), folder.path().join("services"));
        std::fs::write(folder.path().join(".git"), "gitdir: elsewhere").unwrap();
        assert_eq!(find(&here, gitlab), folder.path());
    }
}
