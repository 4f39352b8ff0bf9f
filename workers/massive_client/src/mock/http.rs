//! As much of an HTTP/1.1 server as a mock needs: GET without a body, keep-alive, heads in any number of pieces, limits on
//! size, time and connections. A request goes to a function, its reply goes out. Knows nothing of prices.
//! For loopback and tests only.

mod request;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

pub use request::Request;

use super::connections;

/// The longest head of a request, in bytes: 250 tickers of 12 characters fit twice.
const MAX_HEAD: usize = 16 * 1024;

/// How long a connection may stay silent.
const IDLE: Duration = Duration::from_secs(60);

/// What to answer.
#[derive(Debug, Clone)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    delivery: Delivery,
}

/// How a reply goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// All of it.
    Whole,
    /// Half of the body, then the connection closes.
    Half,
    /// Nothing, and the connection stays open until the client leaves.
    Never,
    /// Nothing, and the connection closes.
    HangUp,
}

impl Reply {
    /// A reply of these bytes.
    #[must_use]
    pub fn new(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        let headers = vec![("Content-Type".to_owned(), content_type.to_owned())];
        Self { status, headers, body, delivery: Delivery::Whole }
    }

    /// A reply of JSON.
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string().into_bytes())
    }

    /// A page for people.
    #[must_use]
    pub fn html(status: u16, page: &str) -> Self {
        Self::new(status, "text/html; charset=utf-8", page.as_bytes().to_vec())
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Going out in this way.
    #[must_use]
    pub fn deliver(mut self, delivery: Delivery) -> Self {
        self.delivery = delivery;
        self
    }

    fn bytes(&self, keep_alive: bool) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let connection = if keep_alive { "keep-alive" } else { "close" };
        head.push_str(&format!("Content-Length: {}\r\nConnection: {connection}\r\n\r\n", self.body.len()));
        let sent = if self.delivery == Delivery::Half { self.body.len() / 2 } else { self.body.len() };
        let mut bytes = head.into_bytes();
        bytes.extend(self.body.iter().take(sent));
        bytes
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        _ => "Mocked",
    }
}

/// A listening server. Dropping it closes the port and all connections.
pub struct Server {
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Server {
    /// Answers what comes in at `listener` with what `answer` says. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// If the listener's own address cannot be read.
    pub fn start<F>(listener: TcpListener, answer: F) -> io::Result<Self>
    where
        F: Fn(&Request) -> Reply + Send + Sync + 'static,
    {
        let address = listener.local_addr()?;
        let answer = Arc::new(answer);
        let serve = move |stream| {
            let answer = Arc::clone(&answer);
            async move { serve(stream, answer.as_ref()).await }
        };
        Ok(Self { address, accepting: tokio::spawn(connections::accept(listener, serve)) })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Takes the connections along: they are tasks of a JoinSet that lives in this one.
        self.accepting.abort();
    }
}

/// Serves one connection until either side has had enough.
async fn serve<F: Fn(&Request) -> Reply>(mut stream: TcpStream, answer: &F) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::new();
    loop {
        let Some(end) = read_head(&mut stream, &mut buffer).await? else {
            return Ok(());
        };
        let head: Vec<u8> = buffer.drain(..end).collect();
        let (reply, keep_alive) = match Request::parse(&head) {
            Ok(request) => (answer(&request), request.keep_alive()),
            Err(status) => (Reply::new(status, "text/plain", Vec::new()), false),
        };
        match reply.delivery {
            Delivery::Never => return wait_for_leave(&mut stream).await,
            Delivery::HangUp => return Ok(()),
            Delivery::Half => return stream.write_all(&reply.bytes(false)).await,
            Delivery::Whole => stream.write_all(&reply.bytes(keep_alive)).await?,
        }
        if !keep_alive {
            return stream.shutdown().await;
        }
    }
}

/// Reads until the buffer holds a whole head; where it ends, or None if the client left, was silent or sent too much.
async fn read_head(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<Option<usize>> {
    loop {
        if let Some(at) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            return Ok(Some(at + 4));
        }
        if buffer.len() > MAX_HEAD {
            stream.write_all(&Reply::new(431, "text/plain", Vec::new()).bytes(false)).await?;
            return Ok(None);
        }
        match tokio::time::timeout(IDLE, stream.read_buf(buffer)).await {
            Ok(Ok(0)) | Err(_) => return Ok(None),
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(error),
        }
    }
}

async fn wait_for_leave(stream: &mut TcpStream) -> io::Result<()> {
    let mut ignored = [0; 256];
    while stream.read(&mut ignored).await? > 0 {}
    Ok(())
}
