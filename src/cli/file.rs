//! Files that commands write.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};

/// Writes a file whole or not at all: a copy beside it takes its place.
pub(super) fn put(path: &Path, text: &str) -> Result<()> {
    // What a link names is written, and the link stays.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let cannot = || format!("cannot write {}", path.display());
    let mut file = tempfile::NamedTempFile::new_in(folder).with_context(cannot)?;
    file.write_all(text.as_bytes()).with_context(cannot)?;
    // A new file is readable as any other; one that was there keeps its rights.
    let rights = match fs::metadata(path) {
        Ok(known) => Some(known.permissions()),
        Err(_) => fresh_rights(),
    };
    if let Some(rights) = rights {
        fs::set_permissions(file.path(), rights).with_context(cannot)?;
    }
    file.persist(path).with_context(cannot)?;
    Ok(())
}

#[cfg(unix)]
fn fresh_rights() -> Option<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt as _;
    Some(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn fresh_rights() -> Option<fs::Permissions> {
    None
}
