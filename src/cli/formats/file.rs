//! Reports in files: written whole or not at all, beside and renamed.

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::cli::usage;

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
    // A link stays one: its target is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let known = fs::metadata(&target).ok();
    if known.as_ref().is_some_and(|known| !known.is_file()) {
        // Pipes and devices are written to; renamed over, they would be gone.
        return Ok(fs::write(&target, text)?);
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    // A new file gets the rights that the process gives, and not those of a private temporary file.
    let rights = known.map_or_else(|| Permissions::from_mode(0o666), |known| known.permissions());
    let mut beside = tempfile::Builder::new().prefix(".keywire-").permissions(rights.clone()).tempfile_in(folder)?;
    beside.write_all(text.as_bytes())?;
    if target.exists() {
        beside.as_file().set_permissions(rights)?;
    }
    beside.persist(&target)?;
    Ok(())
}

/// What tells one file from another, however it is written.
pub(super) fn identity(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut plain = PathBuf::new();
    for component in whole.components() {
        match component {
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    fs::canonicalize(&plain).unwrap_or(plain)
}

#[cfg(test)]
mod tests {
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
