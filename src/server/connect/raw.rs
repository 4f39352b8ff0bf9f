//! A connection as bytes: for what a server tells without end, such as MONITOR, whose lines may each be larger than memory.
//!
//! In: an address. Out: bytes, as they come; over TCP, TLS or a Unix socket. It knows of the protocol what it takes to log in.

use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use redis::io::tcp::socket2::{SockRef, TcpKeepalive};
use redis::{ConnectionAddr, RedisError};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use tokio::net::{TcpStream, UnixStream};

use super::address::Endpoint;
use super::failure::ConnectError;
use super::{Problem, Timeouts};

/// Bytes that a reply to a question may have.
const REPLY_LIMIT: usize = 64 << 10;

/// Where systems keep their certificates, in one file; `SSL_CERT_FILE` names another.
const SYSTEM_CERTIFICATES: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
];

/// An open connection.
pub struct RawConnection {
    stream: Stream,
    /// What came after a reply.
    rest: Vec<u8>,
}

enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
    Tls(TcpStream, Box<ClientConnection>),
}

impl RawConnection {
    /// Connects, and logs in if the address has a password. It selects no database.
    ///
    /// # Errors
    /// A [`ConnectError`], as from [`super::connect_with`], or certificates that cannot be read.
    pub async fn open(endpoint: &Endpoint, timeouts: Timeouts) -> Result<Self> {
        let attempt = async {
            let stream = Stream::open(endpoint).await?;
            let mut connection = Self { stream, rest: Vec::new() };
            let settings = endpoint.info().redis_settings();
            if let Some(password) = settings.password() {
                let words: Vec<&str> = ["AUTH"].into_iter().chain(settings.username()).chain([password]).collect();
                let reply = connection.ask(&words).await.map_err(|error| endpoint.explain(&error.into()))?;
                reply.map_err(|refusal| endpoint.explain(&refused(&refusal)))?;
            }
            Ok(connection)
        };
        match tokio::time::timeout(timeouts.connect, attempt).await {
            Ok(result) => result,
            Err(_) => Err(ConnectError::timeout(endpoint, timeouts.connect).into()),
        }
    }

    /// Sends a command whose reply is one line, and gives it without its mark: as `Err` if the server refused.
    ///
    /// # Errors
    /// When the connection fails.
    pub async fn ask(&mut self, words: &[&str]) -> io::Result<Result<String, String>> {
        let mut command = redis::Cmd::new();
        command.arg(words);
        self.stream.write(&command.get_packed_command()).await?;
        let mut reply = std::mem::take(&mut self.rest);
        let mut buffer = [0; 512];
        loop {
            if let Some(end) = memchr::memchr(b'\n', &reply) {
                self.rest = reply.split_off(end + 1);
                let line = String::from_utf8_lossy(reply.trim_ascii_end()).into_owned();
                return Ok(match line.strip_prefix('-') {
                    Some(refusal) => Err(refusal.to_owned()),
                    None => Ok(line.trim_start_matches(['+', ':']).to_owned()),
                });
            }
            if reply.len() > REPLY_LIMIT {
                return Err(io::Error::new(ErrorKind::InvalidData, "the answer is none of a Redis server"));
            }
            match self.stream.read(&mut buffer).await? {
                0 => return Err(ErrorKind::UnexpectedEof.into()),
                count => reply.extend_from_slice(&buffer[..count]),
            }
        }
    }

    /// Waits for bytes; none are the end. Nothing is lost when the wait is given up.
    ///
    /// # Errors
    /// When the connection fails.
    pub async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.rest.is_empty() {
            let count = self.rest.len().min(buffer.len());
            buffer[..count].copy_from_slice(&self.rest[..count]);
            self.rest.drain(..count);
            return Ok(count);
        }
        self.stream.read(buffer).await
    }
}

/// A server's refusal as redis-rs has it, so that it is put into words in one place.
fn refused(text: &str) -> RedisError {
    let (code, detail) = text.split_once(' ').unwrap_or((text, ""));
    redis::make_extension_error(code.to_owned(), Some(detail.to_owned()))
}

impl Stream {
    async fn open(endpoint: &Endpoint) -> Result<Self> {
        let explain = |error: io::Error| endpoint.explain(&RedisError::from(error));
        match endpoint.info().addr() {
            ConnectionAddr::Tcp(host, port) => Ok(Self::Tcp(connect_tcp(host, *port).await.map_err(explain)?)),
            ConnectionAddr::Unix(path) => Ok(Self::Unix(UnixStream::connect(path).await.map_err(explain)?)),
            ConnectionAddr::TcpTls { host, port, insecure: false, .. } => {
                let session = tls_session(endpoint, host)?;
                let stream = connect_tcp(host, *port).await.map_err(explain)?;
                Ok(Self::Tls(stream, Box::new(session)))
            }
            _ => Err(anyhow!("{endpoint} cannot be read as a stream: {}", Problem::Config.hint())),
        }
    }

    async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self {
                Self::Tcp(stream) => stream.readable().await?,
                Self::Unix(stream) => stream.readable().await?,
                Self::Tls(stream, session) => return read_tls(stream, session, buffer).await,
            }
            let read = match self {
                Self::Tcp(stream) | Self::Tls(stream, _) => stream.try_read(buffer),
                Self::Unix(stream) => stream.try_read(buffer),
            };
            match read {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                other => return other,
            }
        }
    }

    async fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let written = match self {
                Self::Tcp(stream) => {
                    stream.writable().await?;
                    stream.try_write(bytes)
                }
                Self::Unix(stream) => {
                    stream.writable().await?;
                    stream.try_write(bytes)
                }
                Self::Tls(stream, session) => {
                    let count = session.writer().write(bytes)?;
                    flush_tls(stream, session).await.map(|()| count)
                }
            };
            match written {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(count) => bytes = &bytes[count..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// A server that tells nothing may be idle, or gone with its machine: only probes show which.
async fn connect_tcp(host: &str, port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect((host, port)).await?;
    let probes = TcpKeepalive::new().with_time(Duration::from_secs(15)).with_interval(Duration::from_secs(5));
    SockRef::from(&stream).set_tcp_keepalive(&probes)?;
    Ok(stream)
}

fn tls_session(endpoint: &Endpoint, host: &str) -> Result<ClientConnection> {
    // Making a client installs the cryptography.
    endpoint.client()?;
    let pem = match endpoint.root_certificates()? {
        Some(pem) => pem,
        None => system_certificates()?,
    };
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok));
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).with_context(|| format!("`{host}` is no name for TLS"))?;
    ClientConnection::new(Arc::new(config), name).with_context(|| format!("TLS to {endpoint} cannot begin"))
}

fn system_certificates() -> Result<Vec<u8>> {
    let from_env = std::env::var_os("SSL_CERT_FILE").filter(|file| !file.is_empty());
    let named = from_env.as_deref().map(Path::new);
    let file = named.or_else(|| SYSTEM_CERTIFICATES.iter().map(Path::new).find(|file| file.is_file()));
    let file = file.context("this system's certificates are not found; name a file of them with ?cacert=FILE")?;
    std::fs::read(file).with_context(|| format!("cannot read the system's certificates in {}", file.display()))
}

async fn read_tls(stream: &TcpStream, session: &mut ClientConnection, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match session.reader().read(buffer) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            other => return other,
        }
        // The handshake, and what the protocol itself has to answer.
        flush_tls(stream, session).await?;
        stream.readable().await?;
        match session.read_tls(&mut NoWait(stream)) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(_) => {
                session.process_new_packets().map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
}

async fn flush_tls(stream: &TcpStream, session: &mut ClientConnection) -> io::Result<()> {
    while session.wants_write() {
        stream.writable().await?;
        match session.write_tls(&mut NoWait(stream)) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            other => other.map(|_| ())?,
        }
    }
    Ok(())
}

/// A socket as rustls wants it: it says `WouldBlock` instead of waiting.
struct NoWait<'a>(&'a TcpStream);

impl Read for NoWait<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.try_read(buffer)
    }
}

impl Write for NoWait<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.try_write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
