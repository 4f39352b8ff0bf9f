//! A server of one's own: started on a Unix socket in a temporary folder, without persistence, and gone with keywire.
//!
//! In: a server program and extra arguments. Out: a URL to connect to. A shell watches over the server, because no code
//! of this process runs when it is killed; see `watchdog.sh`.

mod find;

use std::io::{ErrorKind, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

pub use find::{SERVER_ENV, ServerBinary, find, find_all};

const WATCHDOG: &str = include_str!("watchdog.sh");

/// How long a server may take to answer; an empty one needs some 40 ms.
const START_LIMIT: Duration = Duration::from_secs(10);

/// The longest socket path that all systems take: 104 bytes with the final zero on macOS, 108 on Linux.
const SOCKET_PATH_LIMIT: usize = 103;

/// A running server that belongs to this process. Dropping it kills it, waits for its end, and removes its folder.
#[derive(Debug)]
pub struct EmbeddedServer {
    binary: ServerBinary,
    watchdog: Child,
    socket: PathBuf,
    /// The shell removes it too; this one is for the shell that was itself killed.
    _folder: TempDir,
}

impl EmbeddedServer {
    /// The server program that keywire prefers on this machine: [`find`].
    ///
    /// # Errors
    /// When there is none; the message says how to get one.
    pub fn find() -> Result<ServerBinary> {
        find()
    }

    /// One server program of each flavour, the preferred first: [`find_all`].
    ///
    /// # Errors
    /// When KEYWIRE_SERVER names something that does not run.
    pub fn find_all() -> Result<Vec<ServerBinary>> {
        find_all()
    }

    /// Starts a server and waits until it answers, which blocks the thread for some 40 ms.
    ///
    /// `arguments` are the server's own, such as `["--maxmemory", "10mb"]`, and may overrule keywire's: by default the
    /// server listens on a Unix socket alone, and keeps nothing on disk.
    ///
    /// # Errors
    /// When the program cannot be started, ends early (the message has its last lines), or does not answer in 10 s.
    pub fn start<A: AsRef<str>>(binary: &ServerBinary, arguments: &[A]) -> Result<Self> {
        let folder = short_folder()?;
        let socket = folder.path().join("s");
        let watchdog = Command::new("/bin/sh")
            .args(["-c", WATCHDOG, "keywire-watchdog"])
            .arg(folder.path())
            .arg(&binary.program)
            .args(["--port", "0", "--save", "", "--appendonly", "no", "--daemonize", "no"])
            .arg("--dir")
            .arg(folder.path())
            .arg("--unixsocket")
            .arg(&socket)
            .args(["--unixsocketperm", "700"])
            .args(arguments.iter().map(AsRef::as_ref))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // In a group of its own, so that Ctrl-C at the terminal leaves the server to keywire, which may yet report.
            .process_group(0)
            .spawn()
            .context("cannot run /bin/sh, which watches over the embedded server")?;
        let mut server = Self { binary: binary.clone(), watchdog, socket, _folder: folder };
        server.wait_until_ready()?;
        Ok(server)
    }

    /// What to connect to, in the form that redis-rs reads.
    pub fn url(&self) -> String {
        let mut url = String::from("redis+unix://");
        for &byte in self.socket.as_os_str().as_bytes() {
            if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
                url.push(char::from(byte));
            } else {
                url.push_str(&format!("%{byte:02X}"));
            }
        }
        url
    }

    /// The path of the Unix socket.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// The program that runs.
    pub fn binary(&self) -> &ServerBinary {
        &self.binary
    }

    /// Whether the server still runs; `false` once it crashed or was shut down.
    pub fn is_running(&mut self) -> bool {
        matches!(self.watchdog.try_wait(), Ok(None))
    }

    /// Kills the server and waits for its end. Dropping does the same, in silence.
    ///
    /// # Errors
    /// When the server had ended before; the message has its last lines.
    pub fn stop(mut self) -> Result<()> {
        if self.is_running() {
            return Ok(());
        }
        let words = self.last_words();
        bail!("{} had ended before it was stopped{words}", self.binary)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let start = Instant::now();
        let mut pause = Duration::from_millis(1);
        while !answers(&self.socket) {
            if !self.is_running() {
                let words = self.last_words();
                bail!("{} ended before it answered{words}", self.binary);
            }
            if start.elapsed() > START_LIMIT {
                let log = std::fs::read_to_string(self._folder.path().join("log")).unwrap_or_default();
                bail!("{} did not answer in {} s{}", self.binary, START_LIMIT.as_secs(), indent(&log));
            }
            // Another process's readiness has no event to wait for.
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(50));
        }
        Ok(())
    }

    /// What the server wrote last; to be asked once it has ended, or this waits for its end.
    fn last_words(&mut self) -> String {
        let mut words = Vec::new();
        if let Some(mut stdout) = self.watchdog.stdout.take() {
            // Nothing read is nothing to show: the end itself is the news.
            let _ = stdout.read_to_end(&mut words);
        }
        indent(&String::from_utf8_lossy(&words))
    }
}

impl Drop for EmbeddedServer {
    fn drop(&mut self) {
        // Closing the pipe tells the shell to kill the server; the shell's end says that it is done.
        drop(self.watchdog.stdin.take());
        let _ = self.watchdog.wait();
    }
}

/// A private temporary folder whose path leaves room for the socket's name.
fn short_folder() -> Result<TempDir> {
    let usual = std::path::absolute(std::env::temp_dir()).unwrap_or_else(|_| PathBuf::from("/tmp"));
    let added = "/keywire-XXXXXX/s".len();
    let base = if usual.as_os_str().len() + added <= SOCKET_PATH_LIMIT { usual.as_path() } else { Path::new("/tmp") };
    tempfile::Builder::new().prefix("keywire-").tempdir_in(base).with_context(|| {
        format!("cannot make a folder for the server in {}; set TMPDIR to one that is writable", base.display())
    })
}

/// Whether a server answers at the socket: PONG, or the demand for a password of one that was given `--requirepass`.
fn answers(socket: &Path) -> bool {
    let ask = || -> std::io::Result<[u8; 5]> {
        let mut stream = UnixStream::connect(socket)?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        stream.write_all(b"PING\r\n")?;
        let mut answer = [0; 5];
        loop {
            match stream.read_exact(&mut answer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                other => return other.map(|()| answer),
            }
        }
    };
    ask().is_ok_and(|answer| &answer == b"+PONG" || &answer == b"-NOAU")
}

/// The log as the foot of a message.
fn indent(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    let last = &lines[lines.len().saturating_sub(20)..];
    if last.is_empty() { ", and wrote nothing".to_owned() } else { format!(":\n    {}", last.join("\n    ")) }
}
