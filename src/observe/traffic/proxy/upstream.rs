//! The proxy's own way to the server: a connection of bytes, logged in if the address holds credentials.
//!
//! In: an address. Out: both halves of a connection, on which the client may begin. Errors hold no credentials.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use redis::ConnectionAddr;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

use crate::server::connect::Endpoint;

/// How long reaching the server and logging in may take.
const LIMIT: Duration = Duration::from_secs(5);
/// The longest reply to AUTH or SELECT that is read.
const REPLY_LIMIT: usize = 4096;

/// What comes from one side.
pub(super) type Reader = Box<dyn AsyncRead + Send + Unpin>;
/// What goes to one side.
pub(super) type Writer = Box<dyn AsyncWrite + Send + Unpin>;

/// Whether the proxy can connect to such an address at all.
///
/// # Errors
/// When it is one of TLS.
pub(super) fn check(upstream: &Endpoint) -> Result<()> {
    if upstream.is_tls() {
        bail!("TLS upstream is not supported by the proxy: {upstream}; give a redis:// or redis+unix:// address");
    }
    Ok(())
}

/// Connects, and logs in if the address says how.
///
/// # Errors
/// When the server cannot be reached in time, or refuses.
pub(super) async fn connect(upstream: &Endpoint) -> Result<(Reader, Writer)> {
    let attempt = async {
        let (mut reader, mut writer) = open(upstream).await?;
        log_in(upstream, &mut reader, &mut writer).await?;
        Ok((reader, writer))
    };
    timeout(LIMIT, attempt).await.context("no answer in 5 s")?
}

async fn open(upstream: &Endpoint) -> Result<(Reader, Writer)> {
    match upstream.info().addr() {
        ConnectionAddr::Tcp(host, port) => {
            let stream = TcpStream::connect((host.as_str(), *port)).await?;
            Ok(halves(stream)?)
        }
        ConnectionAddr::Unix(path) => {
            let (reader, writer) = UnixStream::connect(path).await?.into_split();
            Ok((Box::new(reader), Box::new(writer)))
        }
        _ => bail!("the proxy cannot connect to such an address"),
    }
}

/// Both halves of a TCP connection that sends what it has at once.
pub(super) fn halves(stream: TcpStream) -> std::io::Result<(Reader, Writer)> {
    stream.set_nodelay(true)?;
    let (reader, writer) = stream.into_split();
    Ok((Box::new(reader), Box::new(writer)))
}

async fn log_in(upstream: &Endpoint, reader: &mut Reader, writer: &mut Writer) -> Result<()> {
    let settings = upstream.info().redis_settings();
    if let Some(password) = settings.password() {
        let words: Vec<&[u8]> = match settings.username() {
            Some(user) => vec![b"AUTH", user.as_bytes(), password.as_bytes()],
            None => vec![b"AUTH", password.as_bytes()],
        };
        ask(reader, writer, &words).await.context("the proxy could not log in")?;
    }
    if settings.db() != 0 {
        let database = settings.db().to_string();
        ask(reader, writer, &[b"SELECT", database.as_bytes()])
            .await
            .context("the proxy could not select its database")?;
    }
    Ok(())
}

async fn ask(reader: &mut Reader, writer: &mut Writer, words: &[&[u8]]) -> Result<()> {
    let mut request = format!("*{}\r\n", words.len()).into_bytes();
    for word in words {
        request.extend_from_slice(format!("${}\r\n", word.len()).as_bytes());
        request.extend_from_slice(word);
        request.extend_from_slice(b"\r\n");
    }
    writer.write_all(&request).await?;
    // Byte by byte: what follows the line is the client's.
    let mut line = Vec::new();
    while line.last() != Some(&b'\n') && line.len() < REPLY_LIMIT {
        line.push(reader.read_u8().await?);
    }
    match line.strip_prefix(b"-") {
        None => Ok(()),
        Some(error) => {
            let kind = error.split(|byte| byte.is_ascii_whitespace()).next().unwrap_or_default();
            bail!("the server said {}", String::from_utf8_lossy(kind))
        }
    }
}
