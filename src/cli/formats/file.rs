//! Reports in files: what can hold one, and what is written to as it is.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::cli::file::put as whole;
use crate::cli::usage;
use crate::report::plain;

/// Refuses a path that can hold no file.
pub(super) fn check(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Err(usage(format!("the report cannot be written to {}: it is a folder; name a file", path.display())));
    }
    let above = path.ancestors().skip(1).find(|folder| folder.exists());
    match above.filter(|above| !above.is_dir()) {
        Some(above) => {
            Err(usage(format!("the report cannot be written to {}: {} is no folder", path.display(), above.display())))
        }
        None => Ok(()),
    }
}

/// Writes a report. An interruption leaves the old file or the new one, never a part; folders are made.
pub(super) fn write(path: &Path, text: &str) -> Result<()> {
    put(path, text).map_err(|error| usage(format!("the report cannot be written to {}: {error:#}", path.display())))
}

fn put(path: &Path, text: &str) -> Result<()> {
    if fs::metadata(path).is_ok_and(|known| !known.is_file()) {
        // Pipes and devices are written to; renamed over, they would be gone.
        return Ok(fs::write(path, text)?);
    }
    whole(path, text)
}

/// What tells one file from another, however it is written.
pub(super) fn identity(path: &Path) -> PathBuf {
    let whole = plain(&std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
    fs::canonicalize(&whole).unwrap_or(whole)
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn files_are_made_with_their_folders_and_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out/deep/report.json");
        write(&path, "long text").unwrap();
        write(&path, "new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing is left beside");
        let private = tempfile::NamedTempFile::new().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_ne!(mode(&path), mode(private.path()), "others may read it, unless the umask says no");
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        write(&path, "again").unwrap();
        assert_eq!(mode(&path), 0o640, "rights stay");
    }

    #[test]
    fn links_stay_links_and_devices_stay_devices() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        fs::write(&target, "old").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        write(&link, "new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&target).unwrap(), "new");
        assert_eq!(identity(&link), identity(&target));
        write(Path::new("/dev/null"), "gone").unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }

    #[test]
    fn what_can_hold_no_file_is_told_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let below = file.join("report.json");
        for (path, why) in [(folder.path(), "it is a folder; name a file"), (&below, "file is no folder")] {
            let error = check(path).unwrap_err().to_string();
            assert!(error.contains(why) && error.contains(&path.display().to_string()), "{error}");
        }
        assert!(check(&folder.path().join("a/b/c.json")).is_ok());
        let error = write(&below, "").unwrap_err().to_string();
        assert!(error.contains(&below.display().to_string()), "{error}");
    }
}
