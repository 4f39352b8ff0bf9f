//! Where clients reach the proxy: addresses as users write them, and the sockets behind them.
//!
//! In: text. Out: listeners, and of each client both halves of its connection and its address. It knows no server.

use std::fmt;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context, Error, Result, bail};
use tokio::net::{TcpListener, UnixListener};

use super::upstream::{Reader, Writer, halves};

/// An address to listen at: `127.0.0.1:7000`, `redis://127.0.0.1:7000`, `unix:///run/proxy.sock`, `/run/proxy.sock`. Port 0
/// stands for any that is free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listen {
    /// A TCP address.
    Tcp(SocketAddr),
    /// The path of a Unix socket.
    Unix(PathBuf),
}

impl FromStr for Listen {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (scheme, rest) = text.trim().split_once("://").unwrap_or(("", text.trim()));
        let is_path =
            rest.starts_with('/') || (scheme.is_empty() && (rest.starts_with('.') || rest.ends_with(".sock")));
        match scheme.to_ascii_lowercase().as_str() {
            "" | "unix" | "redis+unix" | "valkey+unix" if is_path => Ok(Self::Unix(PathBuf::from(rest))),
            "" | "redis" | "valkey" => {
                let address = rest.strip_suffix('/').unwrap_or(rest).replace("localhost:", "127.0.0.1:");
                let parsed = address.parse().map(Self::Tcp);
                parsed.with_context(|| {
                    format!("cannot listen at `{text}`: write IP:PORT, such as 127.0.0.1:7000, or /PATH")
                })
            }
            _ => bail!("cannot listen at `{text}`: write redis://IP:PORT or unix:///PATH"),
        }
    }
}

impl fmt::Display for Listen {
    /// As a URL that clients understand.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "redis://{address}"),
            Self::Unix(path) => write!(f, "redis+unix://{}", path.display()),
        }
    }
}

/// A client that has connected.
pub(super) struct Arrival {
    pub reader: Reader,
    pub writer: Writer,
    /// `127.0.0.1:50312`, or `unix:` and the listener's path: clients of Unix sockets have no address of their own.
    pub address: String,
}

/// An open listener. Its socket's file goes with it.
pub(super) enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener, SocketFile),
}

/// The file of a Unix socket, removed when dropped.
pub(super) struct SocketFile(PathBuf);

impl Drop for SocketFile {
    fn drop(&mut self) {
        // There is nobody left to tell.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Listener {
    /// Begins to listen.
    ///
    /// # Errors
    /// When the address is taken, or not to be had.
    pub async fn bind(listen: &Listen) -> Result<Self> {
        let explain = || format!("cannot listen at {listen}");
        match listen {
            Listen::Tcp(address) => Ok(Self::Tcp(TcpListener::bind(address).await.with_context(explain)?)),
            Listen::Unix(path) => {
                remove_stale(path).await.with_context(explain)?;
                let listener = UnixListener::bind(path).with_context(explain)?;
                let file = SocketFile(path.clone());
                // Whoever may connect speaks with the proxy's credentials.
                std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).with_context(explain)?;
                Ok(Self::Unix(listener, file))
            }
        }
    }

    /// Where it listens, with the port that was found.
    pub fn address(&self) -> Result<Listen> {
        match self {
            Self::Tcp(listener) => Ok(Listen::Tcp(listener.local_addr()?)),
            Self::Unix(_, file) => Ok(Listen::Unix(file.0.clone())),
        }
    }

    /// Waits for a client.
    ///
    /// # Errors
    /// When this one could not be accepted; others may be.
    pub async fn accept(&self) -> std::io::Result<Arrival> {
        match self {
            Self::Tcp(listener) => {
                let (stream, address) = listener.accept().await?;
                let (reader, writer) = halves(stream)?;
                Ok(Arrival { reader, writer, address: address.to_string() })
            }
            Self::Unix(listener, file) => {
                let (reader, writer) = listener.accept().await?.0.into_split();
                let address = format!("unix:{}", file.0.display());
                Ok(Arrival { reader: Box::new(reader), writer: Box::new(writer), address })
            }
        }
    }
}

/// Removes the socket of a proxy that was killed; one that answers, or a file that is no socket, stays.
async fn remove_stale(path: &Path) -> Result<()> {
    let Ok(about) = std::fs::symlink_metadata(path) else { return Ok(()) };
    if !about.file_type().is_socket() {
        bail!("there is a file of that name");
    }
    match tokio::net::UnixStream::connect(path).await {
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => Ok(std::fs::remove_file(path)?),
        _ => bail!("another program listens there"),
    }
}
