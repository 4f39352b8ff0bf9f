//! Which server programs this machine has, in the order in which keywire prefers them.
//!
//! In: KEYWIRE_SERVER, what `make server` installed, PATH. Out: programs that answered `--version`. Starts no server.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fmt};

use anyhow::{Context, Result, anyhow, bail};

use crate::server::{Flavour, Version};

/// Names a server program that goes before all others.
pub const SERVER_ENV: &str = "KEYWIRE_SERVER";

const PROGRAMS: [&str; 2] = ["valkey-server", "redis-server"];

/// A server program that runs on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerBinary {
    /// The program to start.
    pub program: PathBuf,
    /// What it calls itself, which need not be what its file is called.
    pub flavour: Flavour,
    /// Its version.
    pub version: Version,
}

impl fmt::Display for ServerBinary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({})", self.flavour, self.version, self.program.display())
    }
}

impl ServerBinary {
    /// Asks a program who it is.
    ///
    /// # Errors
    /// When it cannot be run, or does not answer `--version` as a Redis or Valkey server does.
    pub fn probe(program: &Path) -> Result<Self> {
        let output = Command::new(program)
            .arg("--version")
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("cannot run {}", program.display()))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let (flavour, version) = parse_version(&text).ok_or_else(|| {
            anyhow!("{} is not a Redis or Valkey server: `--version` gave {text:?}", program.display())
        })?;
        Ok(Self { program: program.to_owned(), flavour, version })
    }
}

/// Reads `Redis server v=7.0.15 sha=...` and `Valkey server v=9.1.2 sha=...`.
fn parse_version(text: &str) -> Option<(Flavour, Version)> {
    let (name, rest) = text.split_once(" server v=")?;
    let flavour = Flavour::of(name.trim());
    let version = rest.split_whitespace().next()?.parse().ok()?;
    (flavour != Flavour::Other).then_some((flavour, version))
}

/// Where keywire looks, given apart from the environment so that the order can be tested.
struct Places {
    named: Option<PathBuf>,
    installed: Vec<PathBuf>,
    path: Vec<PathBuf>,
}

impl Places {
    fn of_this_process() -> Self {
        Self {
            named: env::var_os(SERVER_ENV).filter(|value| !value.is_empty()).map(PathBuf::from),
            installed: installed_folders(),
            path: env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default(),
        }
    }

    /// All that run, at most one per flavour: the first in the order of preference.
    fn find_all(&self) -> Result<Vec<ServerBinary>> {
        let mut found: Vec<ServerBinary> = Vec::new();
        if let Some(program) = &self.named {
            let named = ServerBinary::probe(program)
                .with_context(|| format!("{SERVER_ENV} names no server; correct the path, or unset it"))?;
            found.push(named);
        }
        for program in self.installed.iter().chain(&self.path).flat_map(|folder| PROGRAMS.map(|name| folder.join(name)))
        {
            // What does not run (another platform's file, say) is no reason to stop: the next may.
            if !program.is_file() {
                continue;
            }
            if let Ok(binary) = ServerBinary::probe(&program)
                && found.iter().all(|other| other.flavour != binary.flavour)
            {
                found.push(binary);
            }
        }
        Ok(found)
    }
}

/// `.keywire/bin` of the checkout that this program was built in, where `tools/install-server` puts servers. The search
/// is not by the current folder: that would run programs of whoever owns a folder one happens to be in.
fn installed_folders() -> Vec<PathBuf> {
    let starts = [env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from), env::current_exe().ok()];
    let mut folders: Vec<PathBuf> = starts
        .iter()
        .flatten()
        .filter_map(|start| start.ancestors().find(|folder| folder.join("Cargo.lock").is_file()))
        .map(|checkout| checkout.join(".keywire/bin"))
        .collect();
    folders.dedup();
    folders
}

/// The server that keywire prefers: KEYWIRE_SERVER, else what `make server` installed, else the one on PATH.
///
/// # Errors
/// When KEYWIRE_SERVER names something that does not run, or when there is no server at all.
pub fn find() -> Result<ServerBinary> {
    match Places::of_this_process().find_all()?.into_iter().next() {
        Some(binary) => Ok(binary),
        None => bail!(
            "no Redis or Valkey server on this machine. Install one with `make server` (in keywire's checkout), \
             `apt-get install redis-server`, or `brew install valkey`; or set {SERVER_ENV} to the path of one"
        ),
    }
}

/// One server of each flavour, the preferred one first; empty when there is none.
///
/// # Errors
/// When KEYWIRE_SERVER names something that does not run.
pub fn find_all() -> Result<Vec<ServerBinary>> {
    Places::of_this_process().find_all()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    fn fake(folder: &Path, name: &str, says: &str) {
        fs::create_dir_all(folder).unwrap();
        let program = folder.join(name);
        fs::write(&program, format!("#!/bin/sh\necho '{says}'\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    }

    #[test]
    fn version_lines_of_both_flavours_are_read() {
        let redis = "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1\n";
        assert_eq!(parse_version(redis), Some((Flavour::Redis, Version::new(7, 0, 15))));
        let valkey = "Valkey server v=9.1.2 sha=00000000:0 malloc=libc bits=64 build=2";
        assert_eq!(parse_version(valkey), Some((Flavour::Valkey, Version::new(9, 1, 2))));
        assert_eq!(parse_version("nginx version: nginx/1.22"), None);
        assert_eq!(parse_version("Other server v=1.0.0 "), None);
    }

    #[test]
    fn the_named_server_goes_before_the_installed_and_that_before_path() {
        let root = tempfile::tempdir().unwrap();
        let (own, installed, path) = (root.path().join("own"), root.path().join("bin"), root.path().join("path"));
        fake(&own, "mine", "Redis server v=8.4.0 sha=0");
        fake(&installed, "valkey-server", "Valkey server v=9.1.2 sha=0");
        fake(&installed, "redis-server", "Redis server v=7.0.15 sha=0");
        fake(&path, "redis-server", "Redis server v=6.2.0 sha=0");
        let mut places = Places { named: Some(own.join("mine")), installed: vec![installed], path: vec![path] };
        let names = |places: &Places| -> Vec<String> {
            places.find_all().unwrap().iter().map(|it| format!("{} {}", it.flavour, it.version)).collect()
        };
        assert_eq!(names(&places), ["Redis 8.4.0", "Valkey 9.1.2"]);
        places.named = None;
        assert_eq!(names(&places), ["Valkey 9.1.2", "Redis 7.0.15"]);
        places.installed.clear();
        assert_eq!(names(&places), ["Redis 6.2.0"]);
        places.path.clear();
        assert!(names(&places).is_empty());
    }

    #[test]
    fn a_named_server_that_does_not_run_is_an_error() {
        let places = Places { named: Some("/nowhere/valkey-server".into()), installed: vec![], path: vec![] };
        let error = format!("{:#}", places.find_all().unwrap_err());
        assert!(error.contains("KEYWIRE_SERVER") && error.contains("/nowhere/valkey-server"), "{error}");
    }
}
