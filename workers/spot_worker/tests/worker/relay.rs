//! A wire between worker and server that a test can cut: at once, in the middle of a batch, or to lead it to another server.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixStream};

/// The wire: a port on 127.0.0.1 that leads to a server's socket.
pub(crate) struct Relay {
    address: std::net::SocketAddr,
    wire: Arc<Mutex<Wire>>,
    accepting: tokio::task::JoinHandle<()>,
}

struct Wire {
    target: PathBuf,
    /// So many bytes of requests still go through; then the connection breaks.
    left: Option<usize>,
}

impl Relay {
    pub(crate) async fn to(target: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let wire = Arc::new(Mutex::new(Wire { target: target.to_owned(), left: None }));
        let shared = Arc::clone(&wire);
        let accepting = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                connections.spawn(carry(client, Arc::clone(&shared)));
            }
        });
        Self { address, wire, accepting }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// New connections lead to this server.
    pub(crate) fn lead_to(&self, target: &Path) {
        self.wire.lock().unwrap().target = target.to_owned();
    }

    /// The connection breaks when so many more bytes of requests have gone through; later ones are whole again.
    pub(crate) fn cut_after(&self, bytes: usize) {
        self.wire.lock().unwrap().left = Some(bytes);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// How many of so many bytes go through, and whether the connection breaks behind them.
fn allowed(wire: &Mutex<Wire>, bytes: usize) -> (usize, bool) {
    let mut wire = wire.lock().unwrap();
    match wire.left {
        Some(left) if left <= bytes => {
            wire.left = None;
            (left, true)
        }
        Some(left) => {
            wire.left = Some(left - bytes);
            (bytes, false)
        }
        None => (bytes, false),
    }
}

async fn carry(mut client: TcpStream, wire: Arc<Mutex<Wire>>) {
    let target = wire.lock().unwrap().target.clone();
    let Ok(mut server) = UnixStream::connect(target).await else { return };
    let (mut request, mut answer) = (vec![0; 4096], vec![0; 4096]);
    loop {
        tokio::select! {
            read = client.read(&mut request) => {
                let Ok(read @ 1..) = read else { return };
                let (through, broken) = allowed(&wire, read);
                if server.write_all(&request[..through]).await.is_err() || broken {
                    return;
                }
            }
            read = server.read(&mut answer) => {
                let Ok(read @ 1..) = read else { return };
                if client.write_all(&answer[..read]).await.is_err() {
                    return;
                }
            }
        }
    }
}
